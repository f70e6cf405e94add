/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Opens tables, and writes them: UTF-8, commas, quotes where RFC 4180 wants them. */

#include "config.h"

#include "wen-cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

struct _WenCliCsvWriter
{
  GFile         *new_file; /* NULL: an older one was there, which stays until the end */
  GOutputStream *stream;   /* NULL: standard output */
  GString       *line;
};

WenCliCsvWriter *
wen_cli_csv_writer_new (GFile   *file,
                        GError **error)
{
  g_autoptr(WenCliCsvWriter) self = g_new0 (WenCliCsvWriter, 1);

  self->line = g_string_new (NULL);
  if (file != NULL)
    {
      gboolean exists = g_file_query_exists (file, NULL);
      g_autoptr(GFileOutputStream) stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error);

      if (stream == NULL)
        return NULL;
      if (!exists)
        self->new_file = g_object_ref (file);
      self->stream = g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (stream), 1 << 16);
    }
  return g_steal_pointer (&self);
}

/* A writer that was not closed leaves what was there before. */
void
wen_cli_csv_writer_free (WenCliCsvWriter *self)
{
  if (self->stream != NULL)
    {
      g_autoptr(GCancellable) cancelled = g_cancellable_new ();

      g_cancellable_cancel (cancelled);
      if (!g_output_stream_is_closed (self->stream))
        {
          g_output_stream_close (self->stream, cancelled, NULL);
          if (self->new_file != NULL)
            g_file_delete (self->new_file, NULL, NULL);
        }
      g_object_unref (self->stream);
    }
  g_clear_object (&self->new_file);
  g_string_free (self->line, TRUE);
  g_free (self);
}

static void
append_field (GString    *line,
              const char *field)
{
  if (strpbrk (field, ",\"\r\n") == NULL)
    {
      g_string_append (line, field);
      return;
    }
  g_string_append_c (line, '"');
  for (const char *c = field; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *c);
    }
  g_string_append_c (line, '"');
}

gboolean
wen_cli_csv_writer_write (WenCliCsvWriter    *self,
                          const char * const *fields,
                          gsize               n_fields,
                          GError            **error)
{
  g_string_truncate (self->line, 0);
  for (gsize i = 0; i < n_fields; i++)
    {
      if (i > 0)
        g_string_append_c (self->line, ',');
      append_field (self->line, fields[i]);
    }
  g_string_append_c (self->line, '\n');

  if (self->stream != NULL)
    return g_output_stream_write_all (self->stream, self->line->str, self->line->len, NULL, NULL, error);
  if (fwrite (self->line->str, 1, self->line->len, stdout) == self->line->len)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("The output cannot be written: %s."),
               g_strerror (errno));
  return FALSE;
}

gboolean
wen_cli_csv_writer_close (WenCliCsvWriter *self,
                          GError         **error)
{
  return self->stream == NULL || g_output_stream_close (self->stream, NULL, error);
}

WenCsvReader *
wen_cli_open_table (GFile       *file,
                    const char  *text_option,
                    gsize       *text_column,
                    GError     **error)
{
  static const WenCsvOptions guess_all = { 0 };
  g_autoptr(WenCsvReader) reader = wen_csv_reader_new (file, &guess_all, NULL, error);
  g_autofree char *name = wen_cli_dup_utf8 (text_option);
  gssize column, label_column;

  if (reader == NULL)
    return NULL;
  if (name != NULL)
    {
      column = wen_csv_reader_find_column (reader, name, error);
    }
  else
    {
      wen_csv_reader_guess_columns (reader, &column, &label_column, NULL, NULL);
      if (column < 0)
        g_set_error_literal (error, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN,
                             _ ("No column looks like texts. Say which one has them, with --text COLUMN."));
    }
  if (column < 0)
    return NULL;

  *text_column = (gsize) column;
  return g_steal_pointer (&reader);
}
