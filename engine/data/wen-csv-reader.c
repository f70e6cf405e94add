/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table in a file, as a stream of rows.
 *
 * DESIGN: bytes come from a GInputStream in blocks, go through a decoder to UTF-8
 * and through the parser to rows, so memory does not grow with the file.  All
 * guesses are made from the first block, once, before the first row is given.
 * What had to be repaired is counted, with the row where it was first. */

#include "config.h"

#include "wen-csv-reader-private.h"

#include <inttypes.h>
#include <string.h>

#include "wen-i18n-private.h"
#include "wen-workbook-stream-private.h"

#define BLOCK_BYTES (64 * 1024)
#define REPLACEMENT "\xef\xbf\xbd"
/* No text is longer: a quote that is never closed must not fill the memory. */
#define LONGEST_ROW_BYTES (64 * 1024 * 1024)

G_DEFINE_QUARK (wen-csv-error-quark, wen_csv_error)
G_DEFINE_FINAL_TYPE (WenCsvReader, wen_csv_reader, G_TYPE_OBJECT)

static void
wen_csv_reader_finalize (GObject *object)
{
  WenCsvReader *self = WEN_CSV_READER (object);

  g_clear_pointer (&self->file_name, g_free);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->columns, g_strfreev);
  g_clear_pointer (&self->sample, g_ptr_array_unref);
  g_clear_pointer (&self->decoder, wen_decoder_free);
  g_clear_pointer (&self->parser, wen_csv_parser_free);
  g_clear_pointer (&self->padded, g_ptr_array_unref);
  g_clear_pointer (&self->json_lines, wen_json_lines_free);
  if (self->json_text != NULL)
    g_string_free (self->json_text, TRUE);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (wen_csv_reader_parent_class)->finalize (object);
}

static void
wen_csv_reader_class_init (WenCsvReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_csv_reader_finalize;
}

static void
wen_csv_reader_init (WenCsvReader *self)
{
  self->text = g_string_new (NULL);
  self->padded = g_ptr_array_new ();
  self->size_bytes = -1;
  self->nul_offset = -1;
}

static void
note_repair (WenCsvReader *self,
             WenCsvRepair *repair)
{
  if (repair->n_rows++ == 0)
    repair->first_row = self->row;
}

/* Turns the text that was decoded last from lines of JSON to CSV. */
static void
convert_json (WenCsvReader *self)
{
  gsize n_before = self->nul_offset >= 0 ? (gsize) self->nul_offset : 0;

  if (self->nul_offset >= 0)
    {
      wen_json_lines_convert (self->json_lines, self->json_text->str, n_before, FALSE, self->text);
      self->nul_row = wen_json_lines_get_n_rows (self->json_lines) + 1;
      self->nul_offset = -1;
    }
  wen_json_lines_convert (self->json_lines, self->json_text->str + n_before, self->json_text->len - n_before,
                          self->at_end, self->text);
  g_string_truncate (self->json_text, 0);
}

/* Adds what bytes mean to the text. */
void
wen_csv_reader_decode (WenCsvReader *self,
                       const guint8 *bytes,
                       gsize         n_bytes)
{
  gboolean is_first = wen_decoder_get_n_nul (self->decoder) == 0;
  GString *text = self->json_lines != NULL ? self->json_text : self->text;
  gsize length_bytes = text->len;

  wen_decoder_decode (self->decoder, bytes, n_bytes, self->at_end, text);
  if (is_first && wen_decoder_get_n_nul (self->decoder) > 0)
    self->nul_offset = (gssize) length_bytes + wen_decoder_get_nul_offset (self->decoder);
  if (self->json_lines != NULL)
    convert_json (self);
}

/* From here on, lines of JSON are read as CSV. */
void
wen_csv_reader_start_json (WenCsvReader *self)
{
  self->json_lines = wen_json_lines_new ();
  self->json_text = self->text;
  self->text = g_string_new (NULL);
  convert_json (self);
}

/* Reads the next block and gives it to the parser. */
static gboolean
read_block (WenCsvReader *self,
            GCancellable *cancellable,
            GError      **error)
{
  guint8 block[BLOCK_BYTES];
  gsize n_bytes;

  if (!g_input_stream_read_all (self->stream, block, sizeof block, &n_bytes, cancellable, error))
    {
      g_prefix_error (error, _ ("“%s” cannot be read any further than row %" PRIu64 ": "), self->file_name,
                      self->row);
      return FALSE;
    }
  self->n_read_bytes += n_bytes;
  self->at_end = n_bytes < sizeof block;
  /* Rows must not go missing without a word. */
  if (self->at_end && self->size_bytes >= 0 && self->n_read_bytes < (guint64) self->size_bytes)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ROW,
                   _ ("“%s” became shorter while it was read, after row %" PRIu64 ": wait until it is complete, and read "
                      "it again."), self->file_name, self->row);
      return FALSE;
    }
  g_string_truncate (self->text, 0);
  wen_csv_reader_decode (self, block, n_bytes);
  return TRUE;
}

/* Parses the text up to where the first of all NUL bytes was, to see in which row
 * that is; returns how far. */
static gsize
find_nul_row (WenCsvReader *self)
{
  gsize n_bytes = (gsize) self->nul_offset;
  gboolean header_comes = self->has_header && self->columns == NULL;

  if (!wen_csv_parser_feed (self->parser, self->text->str, n_bytes, FALSE))
    return 0;
  self->nul_row = self->row + wen_csv_parser_count_rows (self->parser) + (header_comes ? 0 : 1);
  return n_bytes;
}

gboolean
wen_csv_reader_parse_text (WenCsvReader *self,
                           GError      **error)
{
  gsize begin = self->nul_offset >= 0 ? find_nul_row (self) : 0;

  self->nul_offset = -1;
  if (!wen_csv_parser_feed (self->parser, self->text->str + begin, self->text->len - begin, FALSE))
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ROW,
                   _ ("“%s”, after row %" PRIu64 ": a row is too long to be read."), self->file_name,
                   self->row);
      return FALSE;
    }
  /* This shows before the parser is told of the end. */
  self->ends_in_quotes = self->at_end && wen_csv_parser_is_in_quotes (self->parser);
  /* One look at a block saves a look at each field. */
  if (memmem (self->text->str, self->text->len, REPLACEMENT, strlen (REPLACEMENT)) != NULL)
    self->has_unreadable = TRUE;
  return TRUE;
}

/* A whole row, reading on as needed.  TRUE with row->fields NULL at the end. */
gboolean
wen_csv_reader_take_row (WenCsvReader *self,
                         WenCsvRow    *row,
                         GCancellable *cancellable,
                         GError      **error)
{
  gint64 n_bytes_without_row = 0;

  while (!wen_csv_parser_take_row (self->parser, row))
    {
      if (self->at_end)
        {
          if (!self->parser_ended)
            {
              self->parser_ended = TRUE;
              if (wen_csv_parser_feed (self->parser, "", 0, TRUE))
                continue;
            }
          *row = (WenCsvRow) { 0 };
          return TRUE;
        }
      n_bytes_without_row += BLOCK_BYTES;
      if (n_bytes_without_row > LONGEST_ROW_BYTES)
        {
          g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ROW,
                       _ ("“%s”, row %" PRIu64 ", after line %" PRIu64
                          ": the row does not end within 64 megabytes: look for a quote that is never closed."),
                       self->file_name, self->row + 1, self->line);
          return FALSE;
        }
      /* All rows of the last block were taken; one that began there may be unreadable. */
      self->has_unreadable = self->has_unreadable && wen_csv_parser_has_open_row (self->parser);
      if (g_cancellable_set_error_if_cancelled (cancellable, error) || !read_block (self, cancellable, error)
          || !wen_csv_reader_parse_text (self, error))
        return FALSE;
    }
  self->line = row->line;
  return TRUE;
}

static gboolean
has_unreadable (const char *const *fields,
                gsize              n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strstr (fields[i], REPLACEMENT) != NULL)
      return TRUE;
  return FALSE;
}

/* Whether the fields from the last column on have anything in them. */
static gboolean
has_more_fields (const char *const *fields,
                 gsize              n_fields,
                 gsize              n_columns)
{
  for (gsize i = n_columns; i < n_fields; i++)
    if (fields[i][0] != '\0')
      return TRUE;
  return FALSE;
}

/**
 * wen_csv_reader_next:
 * @self: a reader
 * @fields: (out) (array length=n_fields) (transfer none) (nullable): the fields of
 *   the next row as UTF-8, valid until the next call; `NULL` at the end
 * @n_fields: (out): how many, at least the number of columns
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Reads the next row.
 *
 * A row with too few fields gets empty ones; fields beyond the last column are
 * given too.  Both are counted: see wen_csv_reader_dup_warnings().
 *
 * Returns: whether it could be read, or the end was reached
 */
gboolean
wen_csv_reader_next (WenCsvReader        *self,
                     const char *const  **fields,
                     gsize               *n_fields,
                     GCancellable        *cancellable,
                     GError             **error)
{
  gsize n_columns;
  WenCsvRow row;

  g_return_val_if_fail (WEN_IS_CSV_READER (self), FALSE);

  if (!wen_csv_reader_take_row (self, &row, cancellable, error))
    return FALSE;
  *fields = row.fields;
  *n_fields = row.n_fields;
  if (row.fields == NULL)
    return TRUE;

  self->row++;
  n_columns = g_strv_length (self->columns);
  if (self->has_unreadable && has_unreadable (row.fields, row.n_fields))
    note_repair (self, &self->unreadable);
  if (row.has_odd_quote)
    note_repair (self, &self->odd_quotes);
  if (row.n_fields > n_columns && has_more_fields (row.fields, row.n_fields, n_columns))
    note_repair (self, &self->too_long);
  if (row.n_fields < n_columns)
    {
      note_repair (self, &self->too_short);
      g_ptr_array_set_size (self->padded, 0);
      for (gsize i = 0; i < n_columns; i++)
        g_ptr_array_add (self->padded, (gpointer) (i < row.n_fields ? row.fields[i] : ""));
      g_ptr_array_add (self->padded, NULL);
      *fields = (const char *const *) self->padded->pdata;
      *n_fields = n_columns;
    }
  return TRUE;
}

/**
 * wen_csv_reader_get_row:
 * @self: a reader
 *
 * Gets the number of the row that was read last.
 *
 * Returns: from 1, not counting a row with names of columns; 0 before the first
 */
guint64
wen_csv_reader_get_row (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), 0);

  return self->row;
}

/**
 * wen_csv_reader_get_line:
 * @self: a reader
 *
 * Gets the line of the file on which the row that was read last begins.  Of JSON
 * Lines, it is the line that the row would have as CSV.
 *
 * Returns: from 1
 */
guint64
wen_csv_reader_get_line (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), 0);

  return self->line;
}

/**
 * wen_csv_reader_get_encoding:
 * @self: a reader
 *
 * Gets the encoding by which the file is read.
 *
 * Returns: (transfer none): its name
 */
const char *
wen_csv_reader_get_encoding (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), NULL);

  return self->encoding.name;
}

/**
 * wen_csv_reader_get_delimiter:
 * @self: a reader
 *
 * Gets the sign between fields.
 *
 * Returns: ',', ';' or TAB
 */
char
wen_csv_reader_get_delimiter (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), 0);

  return self->layout.delimiter;
}

/**
 * wen_csv_reader_get_has_header:
 * @self: a reader
 *
 * Says whether the first row names the columns.
 *
 * Returns: whether it does
 */
gboolean
wen_csv_reader_get_has_header (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), FALSE);

  return self->has_header;
}

/**
 * wen_csv_reader_get_columns:
 * @self: a reader
 *
 * Gets the names of the columns.
 *
 * Returns: (array zero-terminated=1) (transfer none): names; "Column 1" and so on,
 *   translated, where the file has none
 */
const char *const *
wen_csv_reader_get_columns (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), NULL);

  return (const char *const *) self->columns;
}

/**
 * wen_csv_reader_find_column:
 * @self: a reader
 * @name: the name of a column, or its number from 1
 * @error: return location for an error
 *
 * Finds a column: by its name, by its name without regard to case, or by number.
 *
 * Sets `WEN_CSV_ERROR_NO_SUCH_COLUMN`, naming the columns that there are.
 *
 * Returns: its index from 0, or -1 with @error set
 */
gssize
wen_csv_reader_find_column (WenCsvReader *self,
                            const char   *name,
                            GError      **error)
{
  g_autofree char *folded = NULL;
  g_autofree char *names = NULL;
  guint64 number;

  g_return_val_if_fail (WEN_IS_CSV_READER (self), -1);
  g_return_val_if_fail (name != NULL, -1);

  for (gsize i = 0; self->columns[i] != NULL; i++)
    if (g_str_equal (self->columns[i], name))
      return (gssize) i;

  folded = g_utf8_casefold (name, -1);
  for (gsize i = 0; self->columns[i] != NULL; i++)
    {
      g_autofree char *column = g_utf8_casefold (self->columns[i], -1);

      if (g_str_equal (column, folded))
        return (gssize) i;
    }
  if (g_ascii_string_to_unsigned (name, 10, 1, g_strv_length (self->columns), &number, NULL))
    return (gssize) number - 1;

  names = g_strjoinv (", ", self->columns);
  g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN,
               _ ("“%s” has no column “%s”: its columns are %s."), self->file_name, name, names);
  return -1;
}

/**
 * wen_csv_reader_guess_columns:
 * @self: a reader
 * @text_column: (out): index of the column that seems to hold the texts, or -1
 * @label_column: (out): index of the column that seems to hold the labels, or -1
 * @text_reason: (out) (transfer full) (optional): why, as a translated sentence
 * @label_reason: (out) (transfer full) (optional): why, as a translated sentence
 *
 * Guesses from names and first rows which columns hold texts and labels.
 */
void
wen_csv_reader_guess_columns (WenCsvReader *self,
                              gssize       *text_column,
                              gssize       *label_column,
                              char        **text_reason,
                              char        **label_reason)
{
  const char *why_text;
  const char *why_label;

  g_return_if_fail (WEN_IS_CSV_READER (self));

  wen_csv_guess_columns (self->sample, self->has_header, text_column, label_column, &why_text, &why_label);
  if (text_reason != NULL)
    *text_reason = g_strdup (why_text);
  if (label_reason != NULL)
    *label_reason = g_strdup (why_label);
}

/**
 * wen_csv_reader_get_progress:
 * @self: a reader
 *
 * Says how much of the file was read.
 *
 * Returns: from 0 to 1, or -1 where the size of the file is not known
 */
double
wen_csv_reader_get_progress (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), -1);

  if (self->is_workbook)
    return wen_workbook_stream_get_progress (WEN_WORKBOOK_STREAM (self->stream));
  if (self->size_bytes <= 0)
    return -1;
  return MIN (1, (double) self->n_read_bytes / (double) self->size_bytes);
}
