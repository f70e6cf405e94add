/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coordinate descent on sparse rows and columns. */

#pragma once

#include <glib.h>

/* Functions that are worked on side by side. */
#define WEN_DESCENT_N_LANES 8

/* A number of a sparse row or column, and where in it. */
typedef struct
{
  guint32 index;
  float   value;
} WenDescentValue;

/* A row's share of the function, gradient · change + curvature · change² / 2. */
typedef struct
{
  float gradients[WEN_DESCENT_N_LANES];
  float curvatures[WEN_DESCENT_N_LANES];
  float changes[WEN_DESCENT_N_LANES];
} WenDescentTerm;

void wen_descent_step      (float                 *weights,
                            WenDescentTerm        *terms,
                            const WenDescentValue *column,
                            gsize                  n_values,
                            double                 cost,
                            double                 l1,
                            double                 l2);
void wen_dual_descent_step (float                 *weights,
                            float                 *biases,
                            float                 *duals,
                            float                 *margins,
                            const WenDescentValue *row,
                            gsize                  n_values,
                            const float           *signs,
                            float                  square,
                            float                  diagonal);
