/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Moving averages of weights most of which stay the same in most steps.
 *
 * The average after step t is that of the weights after each step from 1 to t, the
 * weights of step i counting decay^(t - i).  So it is, with the sum of these numbers,
 *
 *   average += (1 - decay) / (1 - decay^t) (weights - average)
 *
 * and does not lean on where training began.  Over steps s + 1 to t in which weights stay
 * the same, the product of what each step keeps has a closed form:
 *
 *   average = weights + decay^(t - s) (1 - decay^s) / (1 - decay^t) (average - weights)
 *
 * The encoder's average, in wen-encoder-average.c, is another one: its first steps count
 * for less.
 *
 * Source: Kingma and Ba 2015, section 7.2. */

#include "config.h"

#include "wen-lazy-average-private.h"

#include "wen-adam-private.h"

#include <math.h>

void
wen_lazy_average_init (WenLazyAverage *self,
                       double          decay,
                       gsize           n_steps)
{
  *self = (WenLazyAverage) { .decay = decay, .n_steps = n_steps, .before = 1 };
  self->powers = g_new (double, n_steps + 1);
  for (gsize i = 0; i <= n_steps; i++)
    self->powers[i] = pow (decay, (double) i);
}

void
wen_lazy_average_clear (WenLazyAverage *self)
{
  g_clear_pointer (&self->powers, g_free);
}

/* step: from 1, over all epochs.  Returns the step's place in its epoch, from 1. */
gsize
wen_lazy_average_begin_step (WenLazyAverage *self,
                             guint64         step)
{
  guint64 n_before = (step - 1) / self->n_steps * self->n_steps;

  if (n_before != self->n_before)
    {
      self->n_before = n_before;
      self->before = pow (self->decay, (double) n_before);
    }
  return (gsize) (step - n_before);
}

/* Brings an average to where it is after step `to` of the epoch, when it was brought to
 * that after step `from` before, and weights are the same since.
 *
 *   average, weights   [n_weights] */
void
wen_lazy_average_catch_up (const WenLazyAverage *self,
                           float                *average,
                           const float          *weights,
                           gsize                 n_weights,
                           gsize                 from,
                           gsize                 to)
{
  double keep;

  if (from >= to)
    return;
  keep = self->powers[to - from] * (1 - self->before * self->powers[from]) / (1 - self->before * self->powers[to]);
  wen_approach (average, weights, n_weights, (float) (1 - keep));
}
