/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "average": a text is the mean of the embeddings of its tokens and n-grams. */

#pragma once

#include "wen-model-private.h"

#define WEN_TYPE_AVERAGE (wen_average_get_type ())
G_DECLARE_FINAL_TYPE (WenAverage, wen_average, WEN, AVERAGE, WenModel)

guint64 wen_average_forecast_values (const WenRecipe *recipe,
                                     guint            n_vocabulary,
                                     guint            n_labels);
guint64 wen_average_forecast_bytes  (const WenRecipe *recipe,
                                     guint            n_vocabulary,
                                     guint            n_labels,
                                     guint            n_workers,
                                     guint            longest);
