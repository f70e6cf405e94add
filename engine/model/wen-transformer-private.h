/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "transformer": an encoder trained from scratch. */

#pragma once

#include "wen-model-private.h"

#define WEN_TYPE_TRANSFORMER (wen_transformer_get_type ())
G_DECLARE_FINAL_TYPE (WenTransformer, wen_transformer, WEN, TRANSFORMER, WenModel)

guint64 wen_transformer_forecast_values (const WenRecipe *recipe,
                                         guint            n_vocabulary,
                                         guint            n_labels);
guint64 wen_transformer_forecast_bytes  (const WenRecipe *recipe,
                                         guint            n_vocabulary,
                                         guint            n_labels,
                                         guint            n_workers,
                                         guint            longest);
