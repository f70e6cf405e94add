/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "linear": a weight for each n-gram and label. */

#pragma once

#include "wen-model-private.h"

#define WEN_TYPE_LINEAR (wen_linear_get_type ())
G_DECLARE_FINAL_TYPE (WenLinear, wen_linear, WEN, LINEAR, WenModel)

guint64 wen_linear_forecast_values (const WenRecipe *recipe,
                                    guint            n_vocabulary,
                                    guint            n_labels);
guint64 wen_linear_forecast_bytes  (const WenRecipe *recipe,
                                    guint            n_vocabulary,
                                    guint            n_labels,
                                    guint            n_workers,
                                    guint            longest);
