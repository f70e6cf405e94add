/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files from which work goes on that was interrupted. */

#include "config.h"

#include "wen-cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

gboolean
wen_cli_journal_read (GFile   *file,
                      GBytes **checkpoint,
                      GError **error)
{
  g_autoptr(GError) load_error = NULL;

  if (g_file_peek_path (file) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("The state of the training can only be kept in a file on this computer."));
      return FALSE;
    }
  *checkpoint = g_file_load_bytes (file, NULL, NULL, &load_error);
  if (*checkpoint != NULL || g_error_matches (load_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&load_error));
  return FALSE;
}

/* Another file first, then its name: whatever happens, one of both is whole.  That
 * other file always has the same name, so interruptions leave no heap of them.  One that
 * was left is removed, because its end would stay where it is longer. */
gboolean
wen_cli_journal_write (GFile   *file,
                       GBytes  *checkpoint,
                       GError **error)
{
  const char *path = g_file_peek_path (file);
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  g_unlink (part);
  if (!g_file_set_contents_full (part, g_bytes_get_data (checkpoint, NULL), (gssize) g_bytes_get_size (checkpoint),
                                 G_FILE_SET_CONTENTS_DURABLE, 0600, error))
    return FALSE;
  if (g_rename (part, path) == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  return FALSE;
}
