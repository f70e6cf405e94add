/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Adagrad with one rate for each row of a table.
 *
 * Source: Duchi et al. 2011, "Adaptive subgradient methods"; one rate for each row as in
 * Naumov et al. 2019, "Deep learning recommendation model". */

#include "config.h"

#include "wen-adagrad-private.h"
#include "wen-adam-private.h"
#include "wen-vectorize-private.h"

#include <math.h>

static WEN_VARIANTS void
descend (float       *restrict values,
         const float *restrict gradient,
         gsize                 n_values,
         float                 rate,
         float                 shrink)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    values[i] = values[i] * shrink - rate * gradient[i];
}

/* One update of a row: squares += the mean square of its gradient; then
 *
 *   values = shrink values - rate gradient / (√squares + epsilon)
 *
 *   values, gradient   [n_values]
 *   squares            one number */
void
wen_adagrad_update_row (float       *values,
                        float       *squares,
                        const float *gradient,
                        gsize        n_values,
                        float        rate,
                        float        epsilon,
                        float        shrink)
{
  *squares += (float) (wen_sum_squares (gradient, n_values) / (double) n_values);
  descend (values, gradient, n_values, rate / (sqrtf (*squares) + epsilon), shrink);
}
