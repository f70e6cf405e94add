/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One part of a spreadsheet's archive, unpacked piece by piece. */

#pragma once

#include <glib.h>

typedef struct _WenArchivePart WenArchivePart;

/* NULL without error where there is no such part. */
WenArchivePart *wen_archive_part_open (const char      *path,
                                       const char      *name,
                                       GError         **error);
/* The next bytes, at most n_bytes; 0 at the end, -1 with error set. */
gssize          wen_archive_part_read (WenArchivePart  *self,
                                       char            *bytes,
                                       gsize            n_bytes,
                                       GError         **error);
/* Bytes of the archive that were read so far. */
guint64         wen_archive_part_tell (WenArchivePart  *self);
void            wen_archive_part_close (WenArchivePart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenArchivePart, wen_archive_part_close)
