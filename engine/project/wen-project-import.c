/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading a table into a project: streamed from the file into one transaction, so
 * that all rows come in or none, and a file of any size takes little memory.
 *
 * DESIGN: two threads.  One reads the table into batches, the other puts them into
 * the file; two batches go to and fro between them.  Only the second one knows the
 * file, only the first one the table, until it is joined. */

#include "config.h"

#include "wen-project-rows-private.h"

#include "wen-csv-columns-private.h"
#include "wen-project-edits-private.h"
#include "wen-row-batch-private.h"

#define N_BATCHES 2
/* Labels whose ids are at hand.  A column of texts chosen as label by mistake
 * has more of them; the rest is looked up in the file. */
#define MAXIMUM_KNOWN_LABELS 10000
/* Part of the work that is done when the last row is read; then all goes to the disk. */
#define READING_SHARE 0.9

/* What the thread that reads the table has. */
typedef struct
{
  const WenRowImport *import;
  WenCsvReader    *reader;      /* of the table that is read */
  guint            table;       /* which one that is */
  WenCsvColumns    columns;
  GPtrArray       *warnings;    /* of the tables that were read */
  GCancellable    *cancellable;
  GAsyncQueue     *empty;       /* of WenRowBatch */
  GAsyncQueue     *full;        /* of WenRowBatch; the last one has no rows */
  WenImportReport  report;
  GError          *error;
  gboolean         is_at_end;
  int              is_given_up; /* atomic: nobody wants more rows */
} Reading;

typedef struct
{
  WenStore           *store;
  const WenRowImport *import;

  WenRowBatch        *current;       /* what the two statements insert */
  sqlite3_stmt       *insert_batch[2];
  sqlite3_stmt       *insert_label;
  sqlite3_stmt       *select_label;
  GHashTable         *label_ids;     /* name to id */

  gint64              next_id;
  Reading             reading;
} Import;

static void
import_init (Import             *self,
             WenStore           *store,
             const WenRowImport *import,
             GCancellable       *cancellable)
{
  self->store = store;
  self->import = import;
  self->label_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->reading.import = import;
  self->reading.warnings = g_ptr_array_new_with_free_func (g_free);
  self->reading.cancellable = cancellable;
  self->reading.empty = g_async_queue_new_full ((GDestroyNotify) wen_row_batch_free);
  self->reading.full = g_async_queue_new_full ((GDestroyNotify) wen_row_batch_free);
  for (guint i = 0; i < N_BATCHES; i++)
    g_async_queue_push (self->reading.empty, wen_row_batch_new ());
}

static void
import_clear (Import *self)
{
  g_clear_object (&self->reading.reader);
  g_clear_pointer (&self->reading.warnings, g_ptr_array_unref);
  g_clear_pointer (&self->reading.empty, g_async_queue_unref);
  g_clear_pointer (&self->reading.full, g_async_queue_unref);
  g_clear_error (&self->reading.error);
  g_free (self->reading.report.encoding);
  g_free (self->reading.report.text_column);
  g_free (self->reading.report.label_column);
  g_strfreev (self->reading.report.warnings);
  g_clear_pointer (&self->insert_batch[0], sqlite3_finalize);
  g_clear_pointer (&self->insert_batch[1], sqlite3_finalize);
  g_clear_pointer (&self->insert_label, sqlite3_finalize);
  g_clear_pointer (&self->select_label, sqlite3_finalize);
  g_clear_pointer (&self->label_ids, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static void
report_progress (Import *self,
                 double  fraction)
{
  if (self->import->progress != NULL)
    self->import->progress (fraction, self->import->progress_data);
}

static gboolean
prepare_statements (Import  *self,
                    GError **error)
{
  if (!wen_row_batch_prepare (self->store, &self->current, self->import->origin, self->insert_batch, error))
    return FALSE;
  self->insert_label = wen_store_prepare (self->store, "INSERT INTO labels (name) VALUES (?) RETURNING id", error);
  if (self->insert_label == NULL)
    return FALSE;
  self->select_label = wen_store_prepare (self->store, "SELECT id FROM labels WHERE name = ?", error);
  return self->select_label != NULL;
}

static gboolean
delete_old_rows (Import  *self,
                 GError **error)
{
  g_autofree char *sql = NULL;

  if (self->import->origin == WEN_ORIGIN_TABLE)
    return wen_store_execute (self->store,
                              "DELETE FROM rows; DELETE FROM texts; DELETE FROM labels; DELETE FROM imports",
                              error);
  /* A number of ours, so it may be printed. */
  sql = g_strdup_printf ("DELETE FROM texts WHERE id IN (SELECT id FROM rows WHERE origin = %d);"
                         "DELETE FROM rows WHERE origin = %d;"
                         "DELETE FROM imports WHERE origin = %d",
                         self->import->origin, self->import->origin, self->import->origin);
  return wen_store_execute (self->store, sql, error);
}

static gboolean
query_label_id (Import       *self,
                sqlite3_stmt *statement,
                const char   *name,
                gint64       *id,
                GError      **error)
{
  gboolean has_row;

  wen_store_bind_text (statement, 1, name);
  if (!wen_store_step (self->store, statement, &has_row, error))
    return FALSE;
  if (has_row)
    *id = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
get_label_id (Import     *self,
              const char *name,
              gint64     *id,
              GError    **error)
{
  gint64 *known = g_hash_table_lookup (self->label_ids, name);

  if (known != NULL)
    {
      *id = *known;
      return TRUE;
    }

  *id = 0;
  if (!query_label_id (self, self->select_label, name, id, error))
    return FALSE;
  if (*id == 0 && !query_label_id (self, self->insert_label, name, id, error))
    return FALSE;

  if (g_hash_table_size (self->label_ids) >= MAXIMUM_KNOWN_LABELS)
    g_hash_table_remove_all (self->label_ids);
  g_hash_table_insert (self->label_ids, g_strdup (name), g_memdup2 (id, sizeof *id));
  return TRUE;
}

static char *
dup_table_name (GFile *table)
{
  g_autofree char *name = g_file_get_basename (table);

  return g_filename_display_name (name != NULL ? name : "");
}

/* Opens a table.  All but the first must have the columns that were found in the first. */
static gboolean
open_table (Reading *self,
            guint    number,
            GError **error)
{
  const WenRowImport *import = self->import;
  g_autoptr(GFile) table = g_list_model_get_item (import->tables, number);
  const char *text_column = import->text_column;
  const char *label_column = import->label_column;

  if (number > 0)
    {
      text_column = self->report.text_column;
      label_column = self->report.label_column;
    }
  g_clear_object (&self->reader);
  self->reader = wen_csv_reader_new (table, &import->options, self->cancellable, error);
  if (self->reader == NULL)
    return FALSE;
  if (!wen_csv_columns_find (&self->columns, self->reader, text_column, label_column,
                             import->origin == WEN_ORIGIN_UNLABELLED, error))
    {
      g_autofree char *name = dup_table_name (table);

      if (number > 0)
        g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  self->table = number;
  return TRUE;
}

/* What there is to tell of the table that was read to its end. */
static void
close_table (Reading *self)
{
  WenImportReport described = { 0 };

  wen_csv_columns_describe (&self->columns, self->reader, &described);
  for (char **warning = described.warnings; *warning != NULL; warning++)
    {
      g_autoptr(GFile) table = g_list_model_get_item (self->import->tables, self->table);
      g_autofree char *name = dup_table_name (table);

      g_ptr_array_add (self->warnings, g_list_model_get_n_items (self->import->tables) > 1
                                         ? g_strdup_printf ("%s: %s", name, *warning)
                                         : g_strdup (*warning));
    }
  g_strfreev (described.warnings);
  if (self->table > 0)
    {
      g_free (described.encoding);
      g_free (described.text_column);
      g_free (described.label_column);
      return;
    }
  self->report.encoding = described.encoding;
  self->report.text_column = described.text_column;
  self->report.label_column = described.label_column;
  self->report.delimiter = described.delimiter;
  self->report.has_header = described.has_header;
}

/* The next row of all tables; *fields is NULL after the last one. */
static gboolean
read_row (Reading              *self,
          const char * const  **fields)
{
  gsize n_fields;

  for (;;)
    {
      if (!wen_csv_reader_next (self->reader, fields, &n_fields, self->cancellable, &self->error))
        return FALSE;
      if (*fields != NULL)
        return TRUE;
      close_table (self);
      if (self->table + 1 == g_list_model_get_n_items (self->import->tables))
        return TRUE;
      if (!open_table (self, self->table + 1, &self->error))
        return FALSE;
    }
}

/* Reads rows until the batch is full, or the last table is at its end. */
static gboolean
fill_batch (Reading     *self,
            WenRowBatch *batch)
{
  double progress;

  while (!self->is_at_end && !wen_row_batch_is_full (batch))
    {
      const char * const *fields;
      const char *text, *label;

      if (!read_row (self, &fields))
        return FALSE;
      if (fields == NULL)
        {
          self->is_at_end = TRUE;
          break;
        }

      text = fields[self->columns.text];
      label = self->import->origin == WEN_ORIGIN_UNLABELLED ? "" : fields[self->columns.label];
      wen_csv_columns_count_row (&self->report, text, label);
      wen_row_batch_add (batch, (gint64) wen_csv_reader_get_row (self->reader), text, label);
    }
  progress = wen_csv_reader_get_progress (self->reader);
  batch->progress = progress < 0 ? -1 : (self->table + progress) / g_list_model_get_n_items (self->import->tables);
  return TRUE;
}

static gpointer
read_tables (gpointer user_data)
{
  Reading *self = user_data;
  gboolean has_more;

  do
    {
      WenRowBatch *batch = g_async_queue_pop (self->empty);

      wen_row_batch_clear (batch);
      if (g_atomic_int_get (&self->is_given_up) || !fill_batch (self, batch))
        wen_row_batch_clear (batch);
      has_more = batch->rows->len > 0;
      g_async_queue_push (self->full, batch);
    }
  while (has_more);
  return NULL;
}

static gboolean
insert_batch (Import  *self,
              GError **error)
{
  WenRowBatch *batch = self->current;

  batch->first_id = self->next_id;
  self->next_id += batch->rows->len;
  for (guint row = 0; row < batch->rows->len; row++)
    {
      const char *label = wen_row_batch_get_label (batch, row);

      if (*label != '\0'
          && !get_label_id (self, label, &g_array_index (batch->rows, WenBatchRow, row).label_id, error))
        return FALSE;
    }
  return wen_store_run (self->store, self->insert_batch[0], error)
         && wen_store_run (self->store, self->insert_batch[1], error);
}

static gboolean
insert_rows (Import *self,
             GError **error)
{
  Reading *reading = &self->reading;
  GThread *thread = g_thread_new ("read-tables", read_tables, reading);
  gboolean is_good = TRUE;
  guint n_rows;

  do
    {
      self->current = g_async_queue_pop (reading->full);
      n_rows = self->current->rows->len;
      if (is_good && n_rows > 0)
        {
          is_good = insert_batch (self, error);
          if (!is_good)
            g_atomic_int_set (&reading->is_given_up, TRUE);
          report_progress (self, self->current->progress < 0 ? -1 : self->current->progress * READING_SHARE);
        }
      g_async_queue_push (reading->empty, g_steal_pointer (&self->current));
    }
  while (n_rows > 0);

  g_thread_join (thread);
  if (is_good && reading->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reading->error));
      return FALSE;
    }
  return is_good;
}

static gboolean
insert_report (Import *self,
               gint64  first_id,
               GError **error)
{
  const WenImportReport *report = &self->reading.report;
  g_autoptr(sqlite3_stmt) insert = NULL;
  g_autoptr(sqlite3_stmt) insert_warning = NULL;

  insert = wen_store_prepare (self->store,
                              "INSERT INTO imports (origin, serial, first_row_id, n_rows, n_without_text,"
                              "  n_without_label, encoding, delimiter, has_header, text_column, label_column)"
                              " VALUES (?, (SELECT ifnull (max (serial), 0) + 1 FROM imports),"
                              "  ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                              error);
  if (insert == NULL)
    return FALSE;
  sqlite3_bind_int (insert, 1, self->import->origin);
  sqlite3_bind_int64 (insert, 2, first_id);
  sqlite3_bind_int64 (insert, 3, (gint64) report->n_rows);
  sqlite3_bind_int64 (insert, 4, (gint64) report->n_without_text);
  sqlite3_bind_int64 (insert, 5, (gint64) report->n_without_label);
  wen_store_bind_text (insert, 6, report->encoding);
  sqlite3_bind_int (insert, 7, report->delimiter);
  sqlite3_bind_int (insert, 8, report->has_header);
  wen_store_bind_text (insert, 9, report->text_column);
  wen_store_bind_text (insert, 10, report->label_column != NULL ? report->label_column : "");
  if (!wen_store_run (self->store, insert, error))
    return FALSE;

  insert_warning = wen_store_prepare (self->store,
                                      "INSERT INTO import_warnings (origin, number, sentence) VALUES (?, ?, ?)",
                                      error);
  if (insert_warning == NULL)
    return FALSE;
  for (int i = 0; report->warnings[i] != NULL; i++)
    {
      sqlite3_bind_int (insert_warning, 1, self->import->origin);
      sqlite3_bind_int (insert_warning, 2, i);
      wen_store_bind_text (insert_warning, 3, report->warnings[i]);
      if (!wen_store_run (self->store, insert_warning, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
finish_rows (Import *self,
             gint64  first_id,
             GError **error)
{
  g_autoptr(sqlite3_stmt) update = wen_store_prepare (self->store, "UPDATE project SET next_row_id = ?", error);

  if (update == NULL)
    return FALSE;
  sqlite3_bind_int64 (update, 1, self->next_id);
  if (!wen_store_run (self->store, update, error) || !insert_report (self, first_id, error))
    return FALSE;
  /* Labels that only the old rows had. */
  if (self->import->origin != WEN_ORIGIN_TABLE
      && !wen_store_execute (self->store, "DELETE FROM labels WHERE id NOT IN"
                                          "  (SELECT label_id FROM rows WHERE label_id IS NOT NULL)", error))
    return FALSE;
  /* Not split by anything: that takes long, and is done by whoever needs it. */
  return wen_project_edits_forget (self->store, error)
         && wen_store_execute (self->store, "UPDATE project SET split_seed = NULL", error);
}

static gboolean
replace_rows (Import *self,
              GError **error)
{
  gint64 first_id;

  if (!delete_old_rows (self, error)
      || !wen_store_query_int64 (self->store, "SELECT next_row_id FROM project", &first_id, error)
      || !prepare_statements (self, error))
    return FALSE;
  self->next_id = first_id;
  if (!insert_rows (self, error))
    return FALSE;

  g_ptr_array_add (self->reading.warnings, NULL);
  self->reading.report.warnings = (char **) g_ptr_array_steal (self->reading.warnings, NULL);
  report_progress (self, READING_SHARE);
  return finish_rows (self, first_id, error);
}

WenImportReport *
wen_project_rows_import (WenStore           *store,
                         const WenRowImport *import,
                         GCancellable       *cancellable,
                         GError            **error)
{
  g_auto(Import) self = { 0 };
  Reading *reading = &self.reading;

  import_init (&self, store, import, cancellable);
  if (!open_table (reading, 0, error))
    return NULL;
  if (!wen_store_begin (store, error))
    return NULL;
  if (!replace_rows (&self, error) || !wen_store_commit (store, error))
    {
      wen_store_roll_back (store);
      return NULL;
    }
  /* The log holds all rows once more: give the space back. */
  wen_store_checkpoint (store, TRUE);
  report_progress (&self, 1);
  return wen_import_report_copy (&reading->report);
}
