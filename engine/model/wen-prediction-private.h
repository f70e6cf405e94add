/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-prediction.h"

WenPrediction *wen_prediction_new (GPtrArray   *labels,
                                   const float *probabilities,
                                   guint        n_tokens,
                                   guint        n_unknown,
                                   guint        n_cut);
