/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-macros.h"

G_BEGIN_DECLS

#define WEN_TYPE_PREDICTION (wen_prediction_get_type ())

/* What a classifier says of one text.  Immutable. */
WEN_API
G_DECLARE_FINAL_TYPE (WenPrediction, wen_prediction, WEN, PREDICTION, GObject)

/* The most probable label. */
WEN_API
const char *wen_prediction_get_label         (WenPrediction *self);
/* Its probability, 0 … 1. */
WEN_API
double      wen_prediction_get_probability   (WenPrediction *self);
WEN_API
guint       wen_prediction_get_n_labels      (WenPrediction *self);
/* By rank: 0 is the most probable. */
WEN_API
const char *wen_prediction_get_ranked_label  (WenPrediction *self,
                                              guint          rank);
WEN_API
double      wen_prediction_get_ranked_probability (WenPrediction *self,
                                                   guint          rank);
/* Tokens of the text after cleaning, [CLS] not counted, and how many of them were unknown or cut off. */
WEN_API
guint       wen_prediction_get_n_tokens      (WenPrediction *self);
WEN_API
guint       wen_prediction_get_n_unknown     (WenPrediction *self);
WEN_API
guint       wen_prediction_get_n_cut         (WenPrediction *self);

G_END_DECLS
