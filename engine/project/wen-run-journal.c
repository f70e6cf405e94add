/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of the run that is on, in a file beside the project's.
 *
 * DESIGN: a checkpoint is tens of megabytes every few seconds.  Inside the project
 * each would be a transaction that everything else has to wait for, also the
 * window; so it is a file of its own, "-run" behind the project's name, like
 * SQLite's "-wal".  It is written under another name first, and goes with the end
 * of the run.  Losing it costs no more than the run. */

#include "config.h"

#include "wen-run-journal-private.h"

#include <glib/gstdio.h>

static char *
get_path (const char *project_path)
{
  return g_strconcat (project_path, "-run", NULL);
}

static char *
get_part_path (const char *project_path)
{
  return g_strconcat (project_path, "-run.part", NULL);
}

gboolean
wen_run_journal_exists (const char *project_path)
{
  g_autofree char *path = get_path (project_path);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* (transfer full) (nullable): NULL where there is none, or it cannot be read. */
GBytes *
wen_run_journal_read (const char *project_path)
{
  g_autofree char *path = get_path (project_path);
  char *contents;
  gsize size_bytes;

  return g_file_get_contents (path, &contents, &size_bytes, NULL) ? g_bytes_new_take (contents, size_bytes) : NULL;
}

/* Where it fails, the journal before it stays: the run goes on all the same. */
void
wen_run_journal_write (const char *project_path,
                       GBytes     *checkpoint)
{
  g_autofree char *path = get_path (project_path);
  g_autofree char *part_path = get_part_path (project_path);
  g_autoptr(GError) error = NULL;

  /* Of one that an interruption left, the end would stay where it is longer. */
  g_unlink (part_path);
  if (!g_file_set_contents_full (part_path, g_bytes_get_data (checkpoint, NULL),
                                 (gssize) g_bytes_get_size (checkpoint), G_FILE_SET_CONTENTS_DURABLE, 0600, &error))
    g_message ("The state of the run could not be saved: %s", error->message);
  else if (g_rename (part_path, path) != 0)
    g_message ("The state of the run could not be saved under its name, %s", path);
}

void
wen_run_journal_remove (const char *project_path)
{
  g_autofree char *path = get_path (project_path);
  g_autofree char *part_path = get_part_path (project_path);

  g_unlink (part_path);
  g_unlink (path);
}
