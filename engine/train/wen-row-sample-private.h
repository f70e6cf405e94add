/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows to show figures of. */

#pragma once

#include "wen-dataset.h"

/* Up to maximum_rows rows with text and label (0: all), evenly over the table, in its
 * order.  (element-type gsize) (transfer full) */
GArray *wen_row_sample_new (WenDataset *dataset,
                            gsize       maximum_rows);
