/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows to show figures of. */

#include "config.h"

#include "wen-row-sample-private.h"

GArray *
wen_row_sample_new (WenDataset *dataset,
                    gsize       maximum_rows)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  gsize stride = maximum_rows > 0 ? MAX (1, n_rows / maximum_rows) : 1;
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize row = 0; row < n_rows && (maximum_rows == 0 || rows->len < maximum_rows); row += stride)
    if (wen_dataset_get_split (dataset, row) != WEN_SPLIT_NONE)
      g_array_append_val (rows, row);
  return rows;
}
