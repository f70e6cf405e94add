/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Softmax of attention scores, and the loss of a classifier. */

#pragma once

#include <glib.h>

void   wen_softmax_forward       (float         *scores,
                                  gsize          n_rows,
                                  gsize          n_columns,
                                  gsize          stride,
                                  float          scale);
void   wen_softmax_backward      (float         *d_scores,
                                  const float   *probabilities,
                                  gsize          n_rows,
                                  gsize          n_columns,
                                  gsize          stride,
                                  float          scale);
double wen_cross_entropy_forward (float         *d_logits,
                                  gsize         *n_correct,
                                  const float   *logits,
                                  const guint32 *labels,
                                  gsize          n_rows,
                                  gsize          n_labels,
                                  float          smoothing,
                                  float          gradient_scale);
double wen_soft_cross_entropy_forward (float       *d_logits,
                                       const float *logits,
                                       const float *targets,
                                       gsize        n_rows,
                                       gsize        n_labels,
                                       float        gradient_scale);
double wen_consistency_forward   (float         *d_logits,
                                  const float   *logits,
                                  gsize          n_pairs,
                                  gsize          n_labels,
                                  float          factor,
                                  float          gradient_scale);
