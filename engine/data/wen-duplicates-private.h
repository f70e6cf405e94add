/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows that say the same, or nearly. */

#pragma once

#include "wen-dataset.h"

/* The group of a row that has none. */
#define WEN_NO_GROUP G_MAXUINT32

/* From which Jaccard index on two texts are nearly the same. */
#define WEN_NEAR_DUPLICATE 0.8

guint32 *wen_duplicates_find_equal (WenDataset    *dataset,
                                    const gboolean splits[WEN_N_SPLITS]);
guint32 *wen_duplicates_find_near  (WenDataset    *dataset,
                                    const guint32 *equal,
                                    gsize          most_postings,
                                    GCancellable  *cancellable);
