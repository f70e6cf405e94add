/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of tables share: files made of bytes, and the data beside the
 * source. */

#pragma once

#include <gio/gio.h>
#include <string.h>

#include "wen-csv-reader.h"

#include "../shared-data.h"

/* A file with these bytes, which ends with the fixture. */
static inline GFile *
new_file_with_bytes (const char *bytes,
                     gsize       n_bytes)
{
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  GFile *file = g_file_new_tmp ("wenlei-table-XXXXXX.csv", &stream, &error);

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)), bytes, n_bytes, NULL, NULL, &error);
  g_assert_no_error (error);
  return file;
}

static inline void
delete_file (GFile *file)
{
  g_file_delete (file, NULL, NULL);
  g_object_unref (file);
}

static inline WenCsvReader *
open_bytes_with (const char          *bytes,
                 gsize                n_bytes,
                 const WenCsvOptions *options,
                 GError             **error)
{
  GFile *file = new_file_with_bytes (bytes, n_bytes);
  WenCsvReader *reader = wen_csv_reader_new (file, options, NULL, error);

  delete_file (file); /* the reader holds it open */
  return reader;
}

static inline WenCsvReader *
open_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  WenCsvReader *reader = open_bytes_with (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return reader;
}

/* All rows that are left, as (element-type GStrv). */
static inline GPtrArray *
read_rows (WenCsvReader *reader)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GError) error = NULL;
  const char *const *fields;
  gsize n_fields;

  while (wen_csv_reader_next (reader, &fields, &n_fields, NULL, &error) && fields != NULL)
    {
      g_assert_cmpuint (g_strv_length ((char **) fields), ==, n_fields);
      g_ptr_array_add (rows, g_strdupv ((char **) fields));
      g_assert_cmpuint (wen_csv_reader_get_row (reader), ==, rows->len);
    }
  g_assert_no_error (error);
  return rows;
}

/* Whether a list of sentences has one with this part in it. */
static inline gboolean
has_sentence (char       **sentences,
              const char  *part)
{
  for (gsize i = 0; sentences[i] != NULL; i++)
    if (strstr (sentences[i], part) != NULL)
      return TRUE;
  return FALSE;
}
