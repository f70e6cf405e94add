/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coordinate descent on a quadratic function of sparse columns. */

#pragma once

#include <glib.h>

/* Functions that are worked on side by side. */
#define WEN_DESCENT_N_LANES 8

/* A number of a sparse column. */
typedef struct
{
  guint32 row;
  float   value;
} WenDescentEntry;

/* A row's share of the function, gradient · change + curvature · change² / 2. */
typedef struct
{
  float gradients[WEN_DESCENT_N_LANES];
  float curvatures[WEN_DESCENT_N_LANES];
  float changes[WEN_DESCENT_N_LANES];
} WenDescentTerm;

void wen_descent_step (float                 *weights,
                       WenDescentTerm        *terms,
                       const WenDescentEntry *entries,
                       gsize                  n_entries,
                       double                 cost,
                       double                 l1,
                       double                 l2);
