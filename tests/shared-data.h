/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where tests find the folder of real data, which is not part of the project. */

#pragma once

#include <glib.h>

/* A path in the folder of real data, or NULL, with the test skipped. */
static inline char *
find_shared_data (const char *name)
{
  const char *folder = g_getenv ("WENLEI_SHARED_DATA");
  g_autofree char *path = folder != NULL
                            ? g_build_filename (folder, name, NULL)
                            : g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "..", "shared", "data", name, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *message = g_strdup_printf ("%s is not there", path);

      g_test_skip (message);
      return NULL;
    }
  return g_steal_pointer (&path);
}
