/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Losses between softmax (logits) and probabilities that are to be learnt. */

#pragma once

#include "wen-recipe.h"

typedef struct
{
  double loss;          /* as trained */
  double cross_entropy; /* in nats */
} WenTargetLoss;

WenTargetLoss wen_target_loss_forward (float       *d_logits,
                                       const float *logits,
                                       const float *target,
                                       gsize        n_labels,
                                       WenLoss      loss,
                                       float        gradient_scale);
