/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bias and activation in one pass. */

#pragma once

#include "wen-recipe.h"

void wen_bias_forward       (float       *rows,
                             const float *bias,
                             gsize        n_rows,
                             gsize        n_columns);
void wen_bias_backward      (float       *d_bias,
                             const float *d_rows,
                             gsize        n_rows,
                             gsize        n_columns);
void wen_bias_gelu          (float       *rows,
                             const float *bias,
                             gsize        n_rows,
                             gsize        n_columns);
void wen_bias_gelu_forward  (float       *activated,
                             float       *rows,
                             const float *bias,
                             gsize        n_rows,
                             gsize        n_columns);
void wen_bias_gelu_backward (float       *d_bias,
                             float       *d_rows,
                             const float *slopes,
                             gsize        n_rows,
                             gsize        n_columns);
void wen_bias_activation_forward (float         *activated,
                                  float         *rows,
                                  const float   *bias,
                                  gsize          n_rows,
                                  gsize          n_columns,
                                  WenActivation  activation);
void wen_activation_backward     (float         *d_values,
                                  const float   *slopes,
                                  gsize          n_values);
