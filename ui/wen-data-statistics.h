/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-dataset.h"

G_BEGIN_DECLS

typedef struct
{
  char    *name;
  guint64  n_rows;
} WenLabelCount;

/* What the Data page tells about the rows. */
typedef struct
{
  guint64   n_rows;
  guint64   n_split_rows[WEN_N_SPLITS];
  guint64   n_without_text;
  guint64   n_without_label;
  GArray   *labels;               /* element-type WenLabelCount, commonest first */

  /* Lengths of the texts, in characters: bar i counts those from i * bar_width up
   * to the next bar; the last one those that are longer, too. */
  guint64   median_length;
  guint64   longest_length;
  guint64   bar_width;
  gsize     n_bars;
  guint64  *bars;

  char    **warnings;
} WenDataStatistics;

void               wen_data_statistics_free           (WenDataStatistics    *self);
WenDataStatistics *wen_data_statistics_compute        (WenDataset           *dataset,
                                                       GCancellable         *cancellable,
                                                       GError              **error);
void               wen_data_statistics_compute_async  (WenDataset           *dataset,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
WenDataStatistics *wen_data_statistics_compute_finish (GAsyncResult         *result,
                                                       GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenDataStatistics, wen_data_statistics_free)

G_END_DECLS
