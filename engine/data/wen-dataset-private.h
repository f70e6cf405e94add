/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-dataset.h"

/* One row without its text. */
typedef struct
{
  gint64   row_id;
  guint64  text_offset; /* in the block of texts */
  guint32  label;       /* WEN_NO_LABEL: none */
  WenSplit split;
} WenDatasetRow;

struct _WenDataset
{
  GObject     parent_instance;

  char       *texts;       /* end to end, each with a NUL after it */
  gsize       texts_bytes;
  gsize       texts_room;
  GArray     *rows;        /* of WenDatasetRow */
  GPtrArray  *labels;      /* of strings */
  GHashTable *label_ids;   /* name, borrowed from labels, to index */
  GArray     *label_counts; /* of LabelCounts by label */
  gsize       split_counts[WEN_N_SPLITS];
};

/* The part of a text by which rows count as the same: without the spaces around it.  Not NUL-terminated. */
const char    *wen_dataset_trim_text    (const char *text,
                                         gsize      *length_bytes);
gboolean       wen_dataset_is_blank     (const char *text);
WenDatasetRow *wen_dataset_get_row_data (WenDataset *self,
                                         gsize       row);
void           wen_dataset_move_row     (WenDataset *self,
                                         gsize       row,
                                         WenSplit    split);
/* Whether near copies among the rows of a label were divided. */
void           wen_dataset_set_divided  (WenDataset *self,
                                         guint       label,
                                         gboolean    is_divided);
