/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The sample tables are part of the library, byte for byte as they lie in the source. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

static void
test_sample (gconstpointer data)
{
  const char *name = data;
  g_autofree char *uri = g_strdup_printf ("resource:///org/wenlei/Wenlei/samples/%s", name);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "resources", "samples", name, NULL);
  g_autoptr(GFile) file = g_file_new_for_uri (uri);
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *built_in = NULL;
  g_autofree char *source = NULL;
  gsize built_in_size, source_size;

  g_file_load_contents (file, NULL, &built_in, &built_in_size, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &source, &source_size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (built_in, built_in_size, source, source_size);

  g_assert_true (g_str_has_prefix (source, "text,label\n"));
  g_assert_true (g_utf8_validate (source, source_size, NULL));
  g_assert_null (memchr (source, '\r', source_size));

  /* Readers of tables may go back to the start. */
  stream = g_file_read (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_seekable_can_seek (G_SEEKABLE (stream)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/wen/resources/samples/hotel-reviews", "hotel-reviews.csv", test_sample);
  g_test_add_data_func ("/wen/resources/samples/support-requests", "support-requests.csv", test_sample);

  return g_test_run ();
}
