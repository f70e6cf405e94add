/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Some thousand rows on their way from a table into a project file.  One thread at a
 * time. */

#pragma once

#include "wen-store-private.h"

typedef struct
{
  gint64 number;        /* in the table */
  gsize  text_offset;
  gsize  text_bytes;
  gsize  label_offset;
  gint64 label_id;      /* 0: without label */
  gint64 flags;         /* WEN_ROW_… */
} WenBatchRow;

typedef struct
{
  gint64   first_id;    /* of the rows in the file */
  double   progress;    /* of the table, once these rows are read; -1: not known */
  GArray  *rows;        /* of WenBatchRow */
  GString *strings;     /* texts and labels, each with a NUL after it */
} WenRowBatch;

WenRowBatch *wen_row_batch_new        (void);
void         wen_row_batch_free       (WenRowBatch  *self);
void         wen_row_batch_clear      (WenRowBatch  *self);
/* text: any; label: "" for none. */
void         wen_row_batch_add        (WenRowBatch  *self,
                                       gint64        number,
                                       const char   *text,
                                       const char   *label);
gboolean     wen_row_batch_is_full    (WenRowBatch  *self);
const char  *wen_row_batch_get_label  (WenRowBatch  *self,
                                       guint         row);
/* Makes the two statements that put the rows of *current into "rows" and "texts".
 * origin: of the rows, a WenOrigin */
gboolean     wen_row_batch_prepare    (WenStore     *store,
                                       WenRowBatch **current,
                                       int           origin,
                                       sqlite3_stmt *statements[2],
                                       GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenRowBatch, wen_row_batch_free)
