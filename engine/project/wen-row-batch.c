/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* DESIGN: to SQLite a batch is a table, from which one statement copies all rows of
 * it.  Binding and running a statement for each row took more than twice as long as
 * reading the row from its file.
 *
 * Source: The Virtual Table Mechanism Of SQLite, https://sqlite.org/vtab.html. */

#include "config.h"

#include "wen-row-batch-private.h"

#include <string.h>

#include "wen-dataset-private.h"
#include "wen-project-schema-private.h"

/* Enough to make what a statement costs by itself not count. */
#define MAXIMUM_ROWS 4000
#define MAXIMUM_BYTES (1024 * 1024)

WenRowBatch *
wen_row_batch_new (void)
{
  WenRowBatch *self = g_new0 (WenRowBatch, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (WenBatchRow));
  self->strings = g_string_new (NULL);
  return self;
}

void
wen_row_batch_free (WenRowBatch *self)
{
  g_array_unref (self->rows);
  g_string_free (self->strings, TRUE);
  g_free (self);
}

void
wen_row_batch_clear (WenRowBatch *self)
{
  g_array_set_size (self->rows, 0);
  g_string_truncate (self->strings, 0);
}

static gsize
add_string (WenRowBatch *self,
            const char  *string,
            gsize        n_bytes)
{
  gsize offset = self->strings->len;

  g_string_append_len (self->strings, string, (gssize) n_bytes);
  g_string_append_c (self->strings, '\0');
  return offset;
}

void
wen_row_batch_add (WenRowBatch *self,
                   gint64       number,
                   const char  *text,
                   const char  *label)
{
  WenBatchRow row = { .number = number, .text_bytes = strlen (text) };
  gsize label_bytes;

  label = wen_dataset_trim_text (label, &label_bytes);
  row.flags = wen_dataset_is_blank (text) ? WEN_ROW_WITHOUT_TEXT : 0;
  row.text_offset = add_string (self, text, row.text_bytes);
  row.label_offset = add_string (self, label, label_bytes);
  g_array_append_val (self->rows, row);
}

gboolean
wen_row_batch_is_full (WenRowBatch *self)
{
  return self->rows->len >= MAXIMUM_ROWS || self->strings->len >= MAXIMUM_BYTES;
}

const char *
wen_row_batch_get_label (WenRowBatch *self,
                         guint        row)
{
  return self->strings->str + g_array_index (self->rows, WenBatchRow, row).label_offset;
}

/* The table. */

typedef struct
{
  sqlite3_vtab  base;
  WenRowBatch **current;
} BatchTable;

typedef struct
{
  sqlite3_vtab_cursor base;
  guint               row;
} BatchCursor;

enum
{
  COLUMN_ID,
  COLUMN_NUMBER,
  COLUMN_TEXT,
  COLUMN_LABEL_ID,
  COLUMN_FLAGS,
};

static WenRowBatch *
get_batch (sqlite3_vtab_cursor *cursor)
{
  return *((BatchTable *) cursor->pVtab)->current;
}

static int
connect_table (sqlite3            *connection,
               void               *current,
               int                 n_arguments,
               const char * const *arguments,
               sqlite3_vtab      **table,
               char              **message)
{
  BatchTable *self = g_new0 (BatchTable, 1);

  self->current = current;
  *table = &self->base;
  return sqlite3_declare_vtab (connection, "CREATE TABLE x (id, number, text, label_id, flags)");
}

static int
disconnect_table (sqlite3_vtab *table)
{
  g_free (table);
  return SQLITE_OK;
}

/* There is one way to read it: from the first row to the last. */
static int
plan (sqlite3_vtab       *table,
      sqlite3_index_info *info)
{
  info->estimatedCost = MAXIMUM_ROWS;
  return SQLITE_OK;
}

static int
open_cursor (sqlite3_vtab         *table,
             sqlite3_vtab_cursor **cursor)
{
  BatchCursor *self = g_new0 (BatchCursor, 1);

  *cursor = &self->base;
  return SQLITE_OK;
}

static int
close_cursor (sqlite3_vtab_cursor *cursor)
{
  g_free (cursor);
  return SQLITE_OK;
}

static int
rewind_cursor (sqlite3_vtab_cursor *cursor,
               int                  plan_number,
               const char          *plan_name,
               int                  n_arguments,
               sqlite3_value      **arguments)
{
  ((BatchCursor *) cursor)->row = 0;
  return SQLITE_OK;
}

static int
move_cursor (sqlite3_vtab_cursor *cursor)
{
  ((BatchCursor *) cursor)->row++;
  return SQLITE_OK;
}

static int
is_at_end (sqlite3_vtab_cursor *cursor)
{
  return ((BatchCursor *) cursor)->row >= get_batch (cursor)->rows->len;
}

static int
get_row_id (sqlite3_vtab_cursor *cursor,
            sqlite3_int64       *row_id)
{
  *row_id = ((BatchCursor *) cursor)->row;
  return SQLITE_OK;
}

static int
get_column (sqlite3_vtab_cursor *cursor,
            sqlite3_context     *context,
            int                  column)
{
  WenRowBatch *batch = get_batch (cursor);
  guint index = ((BatchCursor *) cursor)->row;
  const WenBatchRow *row = &g_array_index (batch->rows, WenBatchRow, index);

  switch (column)
    {
    case COLUMN_ID:
      sqlite3_result_int64 (context, batch->first_id + index);
      break;
    case COLUMN_NUMBER:
      sqlite3_result_int64 (context, row->number);
      break;
    case COLUMN_TEXT:
      /* It stays where it is until the statement is done. */
      sqlite3_result_text64 (context, batch->strings->str + row->text_offset, row->text_bytes, SQLITE_STATIC,
                             SQLITE_UTF8);
      break;
    case COLUMN_LABEL_ID:
      if (row->label_id != 0)
        sqlite3_result_int64 (context, row->label_id);
      break;
    case COLUMN_FLAGS:
    default:
      sqlite3_result_int64 (context, row->flags);
    }
  return SQLITE_OK;
}

/* Without xCreate: the table is there by its name, and nowhere in the file. */
static const sqlite3_module module = {
  .xConnect = connect_table,
  .xBestIndex = plan,
  .xDisconnect = disconnect_table,
  .xOpen = open_cursor,
  .xClose = close_cursor,
  .xFilter = rewind_cursor,
  .xNext = move_cursor,
  .xEof = is_at_end,
  .xColumn = get_column,
  .xRowid = get_row_id,
};

gboolean
wen_row_batch_prepare (WenStore     *store,
                       WenRowBatch **current,
                       int           origin,
                       sqlite3_stmt *statements[2],
                       GError      **error)
{
  if (!wen_store_add_table (store, "row_batch", &module, current, error))
    return FALSE;
  /* What the rows are used for is decided when all are there. */
  statements[0] = wen_store_prepare (store,
                                     "INSERT INTO rows (id, number, label_id, split, flags, origin)"
                                     " SELECT id, number, label_id, 0, flags, ? FROM row_batch",
                                     error);
  if (statements[0] == NULL)
    return FALSE;
  sqlite3_bind_int (statements[0], 1, origin);
  statements[1] = wen_store_prepare (store, "INSERT INTO texts (id, text) SELECT id, text FROM row_batch", error);
  return statements[1] != NULL;
}
