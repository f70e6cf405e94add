/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first sheet of a spreadsheet as a stream of CSV, in UTF-8. */

#pragma once

#include "wen-workbook-private.h"

#define WEN_TYPE_WORKBOOK_STREAM (wen_workbook_stream_get_type ())

G_DECLARE_FINAL_TYPE (WenWorkbookStream, wen_workbook_stream, WEN, WORKBOOK_STREAM, GInputStream)

/* Opens the archive, and reads what the cells refer to.  Errors are those of WEN_CSV_ERROR, or G_IO_ERROR. */
GInputStream *wen_workbook_stream_new (const char   *path,
                                       const char   *file_name,
                                       GCancellable *cancellable,
                                       GError      **error);
/* About how much of the sheet was read, from 0 to 1: compressed bytes of the archive. */
double        wen_workbook_stream_get_progress (WenWorkbookStream *self);
