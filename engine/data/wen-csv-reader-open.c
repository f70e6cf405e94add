/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Opening a table: all guesses are made from its beginning, before the first row is
 * given. */

#include "config.h"

#include "wen-csv-reader-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-workbook-stream-private.h"

#define SAMPLE_BYTES (256 * 1024)
/* A beginning of fewer rows than this tells little: more is read, up to a limit that
 * still takes no time to notice. */
#define LEAST_SAMPLE_ROWS 3
#define MOST_SAMPLE_BYTES (4 * 1024 * 1024)

static gboolean
open_stream (WenCsvReader *self,
             GFile        *file,
             GCancellable *cancellable,
             GError      **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) open_error = NULL;

  self->file_name = g_file_get_parse_name (file);
  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, cancellable, &open_error);
  if (info != NULL && g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                   _ ("“%s” is a folder: choose a file with a table in it."), self->file_name);
      return FALSE;
    }
  if (info != NULL)
    self->stream = G_INPUT_STREAM (g_file_read (file, cancellable, &open_error));
  if (self->stream == NULL)
    {
      if (g_error_matches (open_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no file “%s”."), self->file_name);
      else
        g_propagate_prefixed_error (error, g_steal_pointer (&open_error), _ ("“%s” cannot be read: "),
                                    self->file_name);
      return FALSE;
    }
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    self->size_bytes = g_file_info_get_size (info);
  return TRUE;
}

/* The beginning of a spreadsheet is that of an archive: its first sheet is read instead. */
static gboolean
open_workbook (WenCsvReader *self,
               GFile        *file,
               GCancellable *cancellable,
               GError      **error)
{
  g_autoptr (GInputStream) stream = NULL;

  if (g_file_peek_path (file) == NULL)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY,
                   _ ("The spreadsheet “%s” is not on this computer: copy it to a folder here first."), self->file_name);
      return FALSE;
    }
  stream = wen_workbook_stream_new (g_file_peek_path (file), self->file_name, cancellable, error);
  if (stream == NULL)
    return FALSE;
  g_set_object (&self->stream, stream);
  self->is_workbook = TRUE;
  self->size_bytes = -1;
  self->n_read_bytes = 0;
  return TRUE;
}

static gboolean
check_sample (WenCsvReader *self,
              const guint8 *bytes,
              gsize         n_bytes,
              GError      **error)
{
  const char *binary;

  if (n_bytes == self->encoding.mark_bytes)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY, _ ("“%s” is empty."), self->file_name);
      return FALSE;
    }
  binary = wen_encoding_find_binary (bytes, n_bytes, self->encoding.name);
  if (binary != NULL)
    {
      if (*binary != '\0')
        /* Translators: a file name and the name of a file format, such as PNG. */
        g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY,
                     _ ("“%s” is a %s file, not a table of texts: save the table as CSV first."), self->file_name,
                     binary);
      else
        g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY,
                     _ ("“%s” is not a text file: save the table as CSV first."), self->file_name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
choose_encoding (WenCsvReader        *self,
                 const WenCsvOptions *options,
                 const guint8        *bytes,
                 gsize                n_bytes,
                 GError             **error)
{
  if (self->is_workbook)
    {
      self->encoding = (WenEncoding) {
        .name = "UTF-8", .reason = WEN_ENCODING_BY_VALIDITY, .is_certain = TRUE, .candidates = { "UTF-8" },
      };
      return TRUE;
    }
  if (options == NULL || options->encoding == NULL)
    {
      self->encoding = wen_encoding_guess (bytes, n_bytes, self->at_end);
      return TRUE;
    }
  self->encoding.name = wen_encoding_find_name (options->encoding);
  if (self->encoding.name == NULL)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ENCODING, _ ("The encoding “%s” is not known."),
                   options->encoding);
      return FALSE;
    }
  self->encoding.reason = WEN_ENCODING_BY_OPTION;
  self->encoding.is_certain = TRUE;
  self->encoding.candidates[0] = self->encoding.name;
  self->encoding.mark_bytes = wen_encoding_measure_mark (self->encoding.name, bytes, n_bytes);
  return TRUE;
}

static void
choose_layout (WenCsvReader        *self,
               const WenCsvOptions *options)
{
  gboolean whole_file = self->at_end;

  if (self->json_lines != NULL)
    {
      self->layout = (WenCsvLayout) { ',', TRUE, _ ("Each line is a JSON object.") };
      self->has_header = TRUE;
      self->header_reason = _ ("The objects name their members, which are the columns.");
      g_clear_pointer (&self->sample, g_ptr_array_unref);
      self->sample = wen_csv_sample_new (self->text->str, self->text->len, whole_file, &self->layout);
      return;
    }
  if (self->is_workbook)
    self->layout = (WenCsvLayout) { ',', TRUE, _ ("The cells of a spreadsheet are apart by themselves.") };
  else
    self->layout = wen_csv_guess_layout (self->text->str, self->text->len, whole_file,
                                         options != NULL ? options->delimiter : 0);
  g_clear_pointer (&self->sample, g_ptr_array_unref);
  self->sample = wen_csv_sample_new (self->text->str, self->text->len, whole_file, &self->layout);
  self->header_given = options != NULL && options->header != WEN_CSV_HEADER_GUESS;
  self->has_header = self->header_given ? options->header == WEN_CSV_HEADER_YES
                                        : wen_csv_guess_header (self->sample, &self->header_reason);
}

/* The names that the header has, and a number for a column without one. */
static char **
name_columns (const char *const *names,
              gsize              n_columns)
{
  char **columns = g_new0 (char *, n_columns + 1);

  for (gsize i = 0; i < n_columns; i++)
    {
      columns[i] = g_strstrip (g_strdup (names != NULL ? names[i] : ""));
      if (*columns[i] == '\0')
        {
          g_free (columns[i]);
          columns[i] = g_strdup_printf (_ ("Column %zu"), i + 1);
        }
    }
  return columns;
}

static gboolean
read_columns (WenCsvReader  *self,
              GCancellable  *cancellable,
              GError       **error)
{
  WenCsvRow row = { 0 };

  if (self->has_header && !wen_csv_reader_take_row (self, &row, cancellable, error))
    return FALSE;
  self->columns = name_columns (row.fields, row.fields != NULL ? row.n_fields
                                                               : wen_csv_sample_count_columns (self->sample, FALSE));
  return TRUE;
}

static gboolean
check_rows (WenCsvReader *self,
            GError      **error)
{
  if (self->at_end && self->sample->len == 0)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY, _ ("“%s” has no row."), self->file_name);
      return FALSE;
    }
  if (self->at_end && self->has_header && self->sample->len == 1)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY,
                   _ ("“%s” has the names of columns in its first row, but no row after it."), self->file_name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_beginning (WenCsvReader *self,
                guint8       *bytes,
                gsize         n_wanted,
                gsize        *n_bytes,
                GCancellable *cancellable,
                GError      **error)
{
  if (!g_input_stream_read_all (self->stream, bytes, n_wanted, n_bytes, cancellable, error))
    {
      if (!self->is_workbook)
        g_prefix_error (error, _ ("“%s” cannot be read: "), self->file_name);
      return FALSE;
    }
  self->n_read_bytes += *n_bytes;
  self->at_end = *n_bytes < n_wanted;
  return TRUE;
}

/**
 * wen_csv_reader_new:
 * @file: a table: text with a row on each line
 * @options: (nullable): what is known about it, or `NULL` to guess everything
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Opens a table and reads its beginning, from which all guesses are made.  Blocks.
 *
 * Rows may have quoted fields with line ends in them (RFC 4180), or each line is a
 * JSON object (JSON Lines), or it is a spreadsheet (.xlsx), of which the first sheet
 * that can be seen is read.  Sets an error of
 * `WEN_CSV_ERROR` or of `G_IO_ERROR`, with the name of the file.
 *
 * Returns: (transfer full) (nullable): a reader for one thread at a time, or
 *   `NULL` with @error set
 */
WenCsvReader *
wen_csv_reader_new (GFile                *file,
                    const WenCsvOptions  *options,
                    GCancellable         *cancellable,
                    GError              **error)
{
  g_autoptr (WenCsvReader) self = g_object_new (WEN_TYPE_CSV_READER, NULL);
  g_autofree guint8 *bytes = g_malloc (SAMPLE_BYTES);
  gsize n_bytes;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (!open_stream (self, file, cancellable, error))
    return NULL;
  if (!read_beginning (self, bytes, SAMPLE_BYTES, &n_bytes, cancellable, error))
    return NULL;
  if (wen_workbook_is_archive (bytes, n_bytes)
      && (!open_workbook (self, file, cancellable, error)
          || !read_beginning (self, bytes, SAMPLE_BYTES, &n_bytes, cancellable, error)))
    return NULL;
  if (!choose_encoding (self, options, bytes, n_bytes, error) || !check_sample (self, bytes, n_bytes, error))
    return NULL;
  self->decoder = wen_decoder_new (self->encoding.name);
  wen_csv_reader_decode (self, bytes + self->encoding.mark_bytes, n_bytes - self->encoding.mark_bytes);
  if ((options == NULL || options->delimiter == 0) && !self->is_workbook
      && wen_json_lines_detect (self->text->str, self->text->len, self->at_end))
    wen_csv_reader_start_json (self);
  choose_layout (self, options);
  while (!self->at_end && self->sample->len < LEAST_SAMPLE_ROWS && self->n_read_bytes < MOST_SAMPLE_BYTES)
    {
      gsize n_wanted = self->n_read_bytes;

      bytes = g_realloc (bytes, n_wanted);
      if (!read_beginning (self, bytes, n_wanted, &n_bytes, cancellable, error))
        return NULL;
      wen_csv_reader_decode (self, bytes, n_bytes);
      choose_layout (self, options);
    }
  if (!check_rows (self, error))
    return NULL;

  self->parser = wen_csv_parser_new (self->layout.delimiter, self->layout.has_quoting);
  if (!wen_csv_reader_parse_text (self, error) || !read_columns (self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}
