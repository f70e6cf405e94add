/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is done with the numbers that a model has for the labels of one text. */

#pragma once

#include <glib.h>
#include <math.h>

/* The index of the largest number; of equal ones, the first.
 *
 *   values   [n_values], at least one */
static inline guint
wen_find_largest (const float *values,
                  gsize        n_values)
{
  guint best = 0;

  for (guint i = 1; i < n_values; i++)
    if (values[i] > values[best])
      best = i;
  return best;
}

/* Softmax in place.  The largest logit is subtracted first, so that nothing overflows.
 *
 *   values   [n_values], at least one */
static inline void
wen_logits_to_probabilities (float *values,
                             gsize  n_values)
{
  float  largest = values[0];
  double sum = 0;

  for (gsize i = 1; i < n_values; i++)
    largest = MAX (largest, values[i]);
  for (gsize i = 0; i < n_values; i++)
    {
      values[i] = expf (values[i] - largest);
      sum += (double) values[i];
    }
  for (gsize i = 0; i < n_values; i++)
    values[i] = (float) ((double) values[i] / sum);
}
