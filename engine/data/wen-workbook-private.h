/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Spreadsheets (.xlsx): the parts of the archive, and what cells refer to. */

#pragma once

#include <gio/gio.h>

/* Texts of cells, which many cells share. */
typedef struct
{
  GString *texts;     /* end to end, each with a NUL after it */
  GArray  *offsets;   /* of gsize */
} WenSharedStrings;

typedef struct
{
  char            *path;          /* of the archive */
  char            *file_name;     /* for messages */
  char            *sheet_part;    /* name of the part with the first sheet that is not hidden */
  gboolean         counts_from_1904;
  WenSharedStrings strings;
  GByteArray      *is_date;       /* by style: 1 where numbers are dates */
} WenWorkbook;

/* Whether bytes are the beginning of a ZIP archive. */
gboolean     wen_workbook_is_archive (const guint8 *bytes,
                                      gsize         n_bytes);
/* Reads everything but the rows.  Errors are those of WEN_CSV_ERROR, or G_IO_ERROR. */
WenWorkbook *wen_workbook_open       (const char   *path,
                                      const char   *file_name,
                                      GCancellable *cancellable,
                                      GError      **error);
void         wen_workbook_free       (WenWorkbook  *self);
const char  *wen_workbook_get_string (WenWorkbook  *self,
                                      gsize         index);
/* What a number means in a cell of a style.  (transfer full) */
char        *wen_workbook_format     (WenWorkbook  *self,
                                      const char   *number,
                                      guint         style);

/* Says that the file is damaged, unless it was given up.  Takes the reason; returns FALSE. */
gboolean     wen_workbook_set_damaged (WenWorkbook *self,
                                       GError      *reason,
                                       GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenWorkbook, wen_workbook_free)
