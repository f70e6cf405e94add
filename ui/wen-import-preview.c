/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first rows of a table under some options, read in a thread.  Only the beginning
 * of the file is read, however large it is. */

#include "config.h"

#include "wen-import-preview.h"

#include <string.h>

#define N_ROWS 8
#define MAXIMUM_CELL_CHARS 200
#define N_SAMPLE_ROWS 40
#define MAXIMUM_SAMPLE_CHARS 60

typedef struct
{
  GFile         *file;
  WenCsvOptions  options;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->file);
  g_free ((char *) request->options.encoding);
  g_free (request);
}

void
wen_import_preview_free (WenImportPreview *self)
{
  g_strfreev (self->columns);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self->text_reason);
  g_free (self->label_reason);
  g_strfreev (self->reasons);
  g_strfreev (self->warnings);
  g_free (self->encoding);
  for (guint i = 0; i < self->n_candidates; i++)
    {
      g_free (self->candidates[i]);
      g_free (self->samples[i]);
    }
  g_free (self);
}

static gboolean
read_rows (WenImportPreview *self,
           WenCsvReader     *reader,
           GCancellable     *cancellable,
           GError          **error)
{
  const char * const *fields;
  gsize n_fields;

  while (self->rows->len < N_ROWS)
    {
      char **row;

      if (!wen_csv_reader_next (reader, &fields, &n_fields, cancellable, error))
        return FALSE;
      if (fields == NULL)
        return TRUE;

      row = g_new0 (char *, n_fields + 1);
      for (gsize i = 0; i < n_fields; i++)
        row[i] = g_utf8_substring (fields[i], 0, MIN (g_utf8_strlen (fields[i], -1), MAXIMUM_CELL_CHARS));
      g_ptr_array_add (self->rows, row);
    }
  return TRUE;
}

static guint
count_not_ascii (const char *text)
{
  guint n = 0;

  for (; *text; text++)
    n += (guchar) *text >= 0x80;
  return n;
}

/* The part of a text around the first letter by which encodings differ.  (transfer full) */
static char *
cut_sample (const char *text)
{
  glong n_chars = g_utf8_strlen (text, -1);
  glong first = 0;

  for (const char *p = text; *p && (guchar) *p < 0x80; p++)
    first++;
  first = CLAMP (first - MAXIMUM_SAMPLE_CHARS / 3, 0, n_chars);
  return g_utf8_substring (text, first, MIN (n_chars, first + MAXIMUM_SAMPLE_CHARS));
}

/* The field of the first rows with most letters by which encodings differ.
 * (transfer full) (nullable) */
static char *
find_sample (GFile        *file,
             const char   *encoding,
             GCancellable *cancellable)
{
  const WenCsvOptions options = { .encoding = encoding };
  g_autoptr(WenCsvReader) reader = wen_csv_reader_new (file, &options, cancellable, NULL);
  g_autofree char *sample = NULL;
  const char * const *fields;
  gsize n_fields;
  guint most = 0;

  for (guint row = 0; reader && row < N_SAMPLE_ROWS; row++)
    {
      if (!wen_csv_reader_next (reader, &fields, &n_fields, cancellable, NULL) || fields == NULL)
        break;
      for (gsize i = 0; i < n_fields; i++)
        if (count_not_ascii (fields[i]) > most)
          {
            most = count_not_ascii (fields[i]);
            g_free (sample);
            sample = cut_sample (fields[i]);
          }
    }
  return g_steal_pointer (&sample);
}

static void
find_candidates (WenImportPreview *self,
                 WenCsvReader     *reader,
                 GFile            *file,
                 GCancellable     *cancellable)
{
  const char * const *candidates = wen_csv_reader_get_encoding_candidates (reader);

  for (guint i = 0; candidates[i] && self->n_candidates < WEN_IMPORT_PREVIEW_MOST_CANDIDATES; i++)
    {
      char *sample = find_sample (file, candidates[i], cancellable);

      if (sample == NULL)
        continue;
      self->candidates[self->n_candidates] = g_strdup (candidates[i]);
      self->samples[self->n_candidates++] = sample;
    }
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Request *request = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenCsvReader) reader = wen_csv_reader_new (request->file, &request->options, cancellable, &error);
  g_autoptr(WenImportPreview) self = NULL;

  if (reader == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self = g_new0 (WenImportPreview, 1);
  self->columns = g_strdupv ((char **) wen_csv_reader_get_columns (reader));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->encoding = g_strdup (wen_csv_reader_get_encoding (reader));
  self->is_certain = wen_csv_reader_get_encoding_is_certain (reader);
  self->reasons = wen_csv_reader_dup_reasons (reader);
  wen_csv_reader_guess_columns (reader, &self->text_column, &self->label_column, &self->text_reason,
                                &self->label_reason);
  if (!read_rows (self, reader, cancellable, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->warnings = wen_csv_reader_dup_warnings (reader);
  if (!self->is_certain)
    find_candidates (self, reader, request->file, cancellable);
  g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify) wen_import_preview_free);
}

/**
 * wen_import_preview_read_async:
 * @file: a table
 * @options: how it is to be read
 * @cancellable: to give up
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the beginning of a table, in a thread.
 */
void
wen_import_preview_read_async (GFile               *file,
                               const WenCsvOptions *options,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_return_if_fail (G_IS_FILE (file));

  request->file = g_object_ref (file);
  request->options = *options;
  request->options.encoding = g_strdup (options->encoding);
  g_task_set_name (task, "read preview");
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, read_thread);
}

/**
 * wen_import_preview_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends wen_import_preview_read_async().
 *
 * Returns: (transfer full) (nullable): what the table begins with, or `NULL` with @error set
 */
WenImportPreview *
wen_import_preview_read_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
