/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Moving averages of weights most of which stay the same in most steps. */

#pragma once

#include <glib.h>

typedef struct
{
  double   decay;   /* what a step keeps of the average, before the correction */
  gsize    n_steps; /* of an epoch */
  double  *powers;  /* [n_steps + 1] of decay */
  double   before;  /* decay to the power of the steps before the epoch */
  guint64  n_before;
} WenLazyAverage;

void   wen_lazy_average_init        (WenLazyAverage *self,
                                     double          decay,
                                     gsize           n_steps);
void   wen_lazy_average_clear       (WenLazyAverage *self);
gsize  wen_lazy_average_begin_step  (WenLazyAverage *self,
                                     guint64         step);
void   wen_lazy_average_catch_up    (const WenLazyAverage *self,
                                     float                *average,
                                     const float          *weights,
                                     gsize                 n_weights,
                                     gsize                 from,
                                     gsize                 to);
