/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier may take for its loss. */

#pragma once

#include "wen-recipe.h"

typedef struct
{
  double loss;          /* as trained */
  double cross_entropy; /* in nats */
} WenTargetLoss;

double        wen_cross_entropy_forward      (float         *d_logits,
                                              gsize         *n_correct,
                                              const float   *logits,
                                              const guint32 *labels,
                                              gsize          n_rows,
                                              gsize          n_labels,
                                              float          smoothing,
                                              float          gradient_scale);
double        wen_soft_cross_entropy_forward (float         *d_logits,
                                              const float   *logits,
                                              const float   *targets,
                                              gsize          n_rows,
                                              gsize          n_labels,
                                              float          gradient_scale);
WenTargetLoss wen_target_loss_forward        (float         *d_logits,
                                              const float   *logits,
                                              const float   *target,
                                              gsize          n_labels,
                                              WenLoss        loss,
                                              float          gradient_scale);
double        wen_consistency_forward        (float         *d_logits,
                                              const float   *logits,
                                              gsize          n_pairs,
                                              gsize          n_labels,
                                              float          factor,
                                              float          gradient_scale);
