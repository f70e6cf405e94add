/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Adam, AdamW and AdaGrad, and what comes before them. */

#pragma once

#include <glib.h>

/* The numbers of one update, worked out once. */
typedef struct
{
  float gradient_scale;   /* of clipping */
  float beta1;
  float beta2;
  float rate;             /* learning rate / (1 - beta1^step) */
  float root_scale;       /* 1 / √(1 - beta2^step) */
  float epsilon;
  float shrink;           /* AdamW: weights are multiplied by it first; 1 without decay */
  float l2;               /* Adam: this share of the weights is added to the gradient */
} WenAdam;

void   wen_adam_update       (float         *values,
                              float         *means,
                              float         *squares,
                              const float   *gradient,
                              gsize          n_values,
                              const WenAdam *adam);
float  wen_adagrad_get_rate  (float         *square,
                              const float   *gradient,
                              gsize          n_values,
                              float          gradient_scale,
                              float          rate,
                              float          epsilon);
void   wen_descend           (float         *values,
                              const float   *gradient,
                              gsize          n_values,
                              float          rate,
                              float          shrink);
void   wen_add_scaled        (float         *sum,
                              const float   *values,
                              gsize          n_values,
                              float          factor);
void   wen_shrink            (float         *values,
                              gsize          n_values,
                              float          factor);
void   wen_approach          (float         *values,
                              const float   *goals,
                              gsize          n_values,
                              float          share);
void   wen_add               (float         *sum,
                              const float   *values,
                              gsize          n_values);
double wen_sum_gradients     (float         *gradient,
                              float * const *others,
                              gsize          n_others,
                              gsize          begin,
                              gsize          end);
double wen_sum_squares       (const float   *values,
                              gsize          n_values);
