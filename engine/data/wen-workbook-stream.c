/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* DESIGN: what reads CSV reads spreadsheets too, so that guesses, warnings and
 * everything after them stay the same.  The sheet is unpacked, parsed and written as
 * CSV piece by piece: however large it is, memory holds one piece and the texts that
 * its cells share.
 *
 * Cells that are left out become empty fields.  Rows without any text are left out:
 * spreadsheets have hundreds of them below the last row that a person sees.
 *
 * Source: ECMA-376, Office Open XML, part 1, section 18.3. */

#include "config.h"

#include "wen-workbook-stream-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "wen-csv-parser-private.h"
#include "wen-csv-reader.h"
#include "wen-i18n-private.h"
#include "wen-workbook-archive-private.h"
#include "wen-workbook-xml-private.h"

#define PIECE_BYTES (64 * 1024)
/* More columns than this no spreadsheet program has. */
#define MOST_COLUMNS 16384
/* No cell has more; programs stop at 32,767 characters. */
#define MOST_CELL_BYTES (16 * 1024 * 1024)

typedef enum
{
  CELL_NUMBER,
  CELL_SHARED,   /* the index of a text that cells share */
  CELL_TEXT,
  CELL_YES_NO,
} CellKind;

struct _WenWorkbookStream
{
  GInputStream         parent_instance;

  WenWorkbook         *workbook;
  WenArchivePart      *part;
  GMarkupParseContext *context;
  guint64              first_byte;    /* of the part in the archive */
  guint64              archive_bytes;
  gboolean             at_end;

  GString             *csv;           /* written, and not yet read from csv_offset on */
  gsize                csv_offset;

  /* The row and the cell that are parsed. */
  GString             *row;
  gboolean             row_has_text;
  guint                n_fields;      /* of the row, so far */
  guint                column;        /* of the cell */
  CellKind             kind;
  guint                style;
  GString             *value;
  gboolean             in_value;
  guint                phonetic_depth;
};

G_DEFINE_FINAL_TYPE (WenWorkbookStream, wen_workbook_stream, G_TYPE_INPUT_STREAM)

/* The column of a cell such as "BC12", from 0; the next one where the cell does not say. */
static guint
read_column (const char *reference,
             guint       next)
{
  guint column = 0;

  if (reference == NULL || !g_ascii_isalpha (*reference))
    return next;
  for (; g_ascii_isalpha (*reference) && column <= MOST_COLUMNS; reference++)
    column = column * 26 + (guint) (g_ascii_toupper (*reference) - 'A') + 1;
  return column - 1;
}

static CellKind
read_kind (const char *type)
{
  if (type == NULL || g_str_equal (type, "n"))
    return CELL_NUMBER;
  if (g_str_equal (type, "s"))
    return CELL_SHARED;
  return g_str_equal (type, "b") ? CELL_YES_NO : CELL_TEXT;
}

static void
start_cb (GMarkupParseContext *context,
          const char          *element,
          const char         **names,
          const char         **values,
          gpointer             user_data,
          GError             **error)
{
  WenWorkbookStream *self = user_data;

  element = wen_xml_strip_prefix (element);
  if (g_str_equal (element, "row"))
    {
      g_string_truncate (self->row, 0);
      self->row_has_text = FALSE;
      self->n_fields = 0;
    }
  else if (g_str_equal (element, "c"))
    {
      const char *style = wen_xml_find (names, values, "s");

      self->column = read_column (wen_xml_find (names, values, "r"), self->n_fields);
      self->kind = read_kind (wen_xml_find (names, values, "t"));
      self->style = style != NULL ? (guint) g_ascii_strtoull (style, NULL, 10) : 0;
      g_string_truncate (self->value, 0);
      if (self->column >= MOST_COLUMNS)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("A row has more than %u columns."),
                     (guint) MOST_COLUMNS);
    }
  else if (g_str_equal (element, "rPh"))
    {
      self->phonetic_depth++;
    }
  else if (g_str_equal (element, "v") || g_str_equal (element, "t"))
    {
      self->in_value = self->phonetic_depth == 0;
    }
}

static void
text_cb (GMarkupParseContext *context,
         const char          *text,
         gsize                length_bytes,
         gpointer             user_data,
         GError             **error)
{
  WenWorkbookStream *self = user_data;

  if (!self->in_value)
    return;
  if (self->value->len + length_bytes > MOST_CELL_BYTES)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _ ("A cell has more than 16 megabytes of text."));
  else
    wen_xml_append_text (self->value, text, length_bytes);
}

static void
append_cell (WenWorkbookStream *self,
             const char        *text)
{
  /* Two cells in one place: the first one stays. */
  if (self->column < self->n_fields)
    return;
  for (; self->n_fields < self->column; self->n_fields++)
    g_string_append (self->row, self->n_fields > 0 ? ",\"\"" : "\"\"");
  if (self->n_fields++ > 0)
    g_string_append_c (self->row, ',');
  wen_csv_append_field (self->row, text);
  self->row_has_text = self->row_has_text || *text != '\0';
}

static void
end_cell (WenWorkbookStream *self)
{
  g_autofree char *number = NULL;

  switch (self->kind)
    {
    case CELL_SHARED:
      append_cell (self, *self->value->str != '\0'
                           ? wen_workbook_get_string (self->workbook, g_ascii_strtoull (self->value->str, NULL, 10))
                           : "");
      break;
    case CELL_YES_NO:
      append_cell (self, g_str_equal (self->value->str, "1") ? "TRUE" : "FALSE");
      break;
    case CELL_NUMBER:
      number = wen_workbook_format (self->workbook, self->value->str, self->style);
      append_cell (self, number);
      break;
    case CELL_TEXT:
    default:
      append_cell (self, self->value->str);
    }
}

static void
end_cb (GMarkupParseContext *context,
        const char          *element,
        gpointer             user_data,
        GError             **error)
{
  WenWorkbookStream *self = user_data;

  element = wen_xml_strip_prefix (element);
  if (g_str_equal (element, "v") || g_str_equal (element, "t"))
    {
      self->in_value = FALSE;
    }
  else if (g_str_equal (element, "rPh"))
    {
      self->phonetic_depth--;
    }
  else if (g_str_equal (element, "c"))
    {
      end_cell (self);
    }
  else if (g_str_equal (element, "row") && self->row_has_text)
    {
      g_string_append_len (self->csv, self->row->str, (gssize) self->row->len);
      g_string_append_c (self->csv, '\n');
    }
}

static const GMarkupParser parser = { .start_element = start_cb, .end_element = end_cb, .text = text_cb };

/* Parses the next piece of the sheet. */
static gboolean
parse_piece (WenWorkbookStream *self,
             GError           **error)
{
  char piece[PIECE_BYTES];
  g_autoptr (GError) reason = NULL;
  gssize n_bytes = wen_archive_part_read (self->part, piece, sizeof piece, &reason);

  if (n_bytes > 0 && g_markup_parse_context_parse (self->context, piece, n_bytes, &reason))
    return TRUE;
  self->at_end = TRUE;
  if (n_bytes == 0 && g_markup_parse_context_end_parse (self->context, &reason))
    return TRUE;
  return wen_workbook_set_damaged (self->workbook, g_steal_pointer (&reason), error);
}

static gssize
wen_workbook_stream_read (GInputStream *stream,
                          void         *buffer,
                          gsize         n_wanted,
                          GCancellable *cancellable,
                          GError      **error)
{
  WenWorkbookStream *self = WEN_WORKBOOK_STREAM (stream);
  gsize n_bytes;

  if (self->csv_offset == self->csv->len)
    {
      g_string_truncate (self->csv, 0);
      self->csv_offset = 0;
    }
  while (self->csv->len == 0 && !self->at_end)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) || !parse_piece (self, error))
      return -1;

  n_bytes = MIN (n_wanted, self->csv->len - self->csv_offset);
  memcpy (buffer, self->csv->str + self->csv_offset, n_bytes);
  self->csv_offset += n_bytes;
  return (gssize) n_bytes;
}

static void
wen_workbook_stream_finalize (GObject *object)
{
  WenWorkbookStream *self = WEN_WORKBOOK_STREAM (object);

  g_clear_pointer (&self->context, g_markup_parse_context_free);
  g_clear_pointer (&self->part, wen_archive_part_close);
  g_clear_pointer (&self->workbook, wen_workbook_free);
  g_string_free (self->csv, TRUE);
  g_string_free (self->row, TRUE);
  g_string_free (self->value, TRUE);

  G_OBJECT_CLASS (wen_workbook_stream_parent_class)->finalize (object);
}

static void
wen_workbook_stream_class_init (WenWorkbookStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_workbook_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = wen_workbook_stream_read;
}

static void
wen_workbook_stream_init (WenWorkbookStream *self)
{
  self->csv = g_string_new (NULL);
  self->row = g_string_new (NULL);
  self->value = g_string_new (NULL);
  self->context = g_markup_parse_context_new (&parser, 0, self, NULL);
}

GInputStream *
wen_workbook_stream_new (const char   *path,
                         const char   *file_name,
                         GCancellable *cancellable,
                         GError      **error)
{
  g_autoptr (WenWorkbookStream) self = g_object_new (WEN_TYPE_WORKBOOK_STREAM, NULL);
  g_autoptr (GError) reason = NULL;
  GStatBuf status;

  self->workbook = wen_workbook_open (path, file_name, cancellable, error);
  if (self->workbook == NULL)
    return NULL;
  self->part = wen_archive_part_open (path, self->workbook->sheet_part, &reason);
  if (reason != NULL)
    {
      wen_workbook_set_damaged (self->workbook, g_steal_pointer (&reason), error);
      return NULL;
    }
  if (self->part == NULL)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY, _ ("The spreadsheet “%s” has no sheet that can be seen."),
                   file_name);
      return NULL;
    }
  self->first_byte = wen_archive_part_tell (self->part);
  self->archive_bytes = g_stat (path, &status) == 0 ? (guint64) status.st_size : 0;
  return G_INPUT_STREAM (g_steal_pointer (&self));
}

double
wen_workbook_stream_get_progress (WenWorkbookStream *self)
{
  guint64 n_read = wen_archive_part_tell (self->part);

  if (self->at_end || self->archive_bytes <= self->first_byte)
    return 1;
  return CLAMP (((double) n_read - (double) self->first_byte) / (double) (self->archive_bytes - self->first_byte), 0, 1);
}
