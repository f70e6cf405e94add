/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* libarchive is met here alone.  Each part is a pass over the archive's directory of
 * its own: parts come in any order, and none has to be kept. */

#include "config.h"

#include "wen-workbook-archive-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>

#define BLOCK_BYTES (64 * 1024)

struct _WenArchivePart
{
  struct archive *archive;
};

static void
set_error (WenArchivePart *self,
           GError        **error)
{
  const char *message = archive_error_string (self->archive);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, message != NULL ? message : "");
}

WenArchivePart *
wen_archive_part_open (const char *path,
                       const char *name,
                       GError    **error)
{
  g_autoptr (WenArchivePart) self = g_new0 (WenArchivePart, 1);
  struct archive_entry *entry;
  int code;

  self->archive = archive_read_new ();
  archive_read_support_format_zip_seekable (self->archive);
  code = archive_read_open_filename (self->archive, path, BLOCK_BYTES);
  while (code == ARCHIVE_OK || code == ARCHIVE_WARN)
    {
      const char *entry_name;

      code = archive_read_next_header (self->archive, &entry);
      if (code == ARCHIVE_EOF)
        return NULL;
      if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
        break;
      entry_name = archive_entry_pathname_utf8 (entry);
      if (entry_name != NULL && g_ascii_strcasecmp (entry_name, name) == 0)
        return g_steal_pointer (&self);
    }
  set_error (self, error);
  return NULL;
}

gssize
wen_archive_part_read (WenArchivePart *self,
                       char           *bytes,
                       gsize           n_bytes,
                       GError        **error)
{
  gssize n_read = archive_read_data (self->archive, bytes, n_bytes);

  if (n_read < 0)
    {
      set_error (self, error);
      return -1;
    }
  return n_read;
}

guint64
wen_archive_part_tell (WenArchivePart *self)
{
  return (guint64) MAX (0, archive_filter_bytes (self->archive, -1));
}

void
wen_archive_part_close (WenArchivePart *self)
{
  archive_read_free (self->archive);
  g_free (self);
}
