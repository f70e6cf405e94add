/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Adam, AdamW and AdaGrad, and the sums over workers that come before them.
 *
 * Source: Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019,
 * "Decoupled weight decay regularization", algorithm 2; Duchi et al. 2011, "Adaptive
 * subgradient methods", with one number for a whole row as in Naumov et al. 2019, "Deep
 * learning recommendation model". */

#include "config.h"

#include "wen-adam-private.h"
#include "wen-vectorize-private.h"

#include <math.h>

WEN_INLINE void
update_one (float         *restrict value,
            float         *restrict mean,
            float         *restrict square,
            float                   gradient,
            const WenAdam           adam)
{
  gradient = gradient * adam.gradient_scale + *value * adam.l2;
  *mean = *mean * adam.beta1 + gradient * (1.0f - adam.beta1);
  *square = *square * adam.beta2 + gradient * gradient * (1.0f - adam.beta2);
  *value = *value * adam.shrink
           - adam.rate * *mean / (sqrtf (*square) * adam.root_scale + adam.epsilon);
}

/* One update of some weights.
 *
 *   values, means, squares   [n_values]
 *   gradient                 [n_values], or NULL when all of it is 0 */
WEN_VARIANTS void
wen_adam_update (float         *restrict values,
                 float         *restrict means,
                 float         *restrict squares,
                 const float   *restrict gradient,
                 gsize                   n_values,
                 const WenAdam *restrict adam)
{
  const WenAdam numbers = *adam;

  if (gradient != NULL)
    {
      WEN_SIDE_BY_SIDE
      for (gsize i = 0; i < n_values; i++)
        update_one (&values[i], &means[i], &squares[i], gradient[i], numbers);
    }
  else
    {
      WEN_SIDE_BY_SIDE
      for (gsize i = 0; i < n_values; i++)
        update_one (&values[i], &means[i], &squares[i], 0.0f, numbers);
    }
}

/* AdaGrad with one rate for a row: adds the gradient to what there was, and returns by
 * how much of the gradient the row is to go down.
 *
 *   square     one number: the squares of all gradients so far, on average
 *   gradient   [n_values] */
float
wen_adagrad_get_rate (float       *square,
                      const float *gradient,
                      gsize        n_values,
                      float        gradient_scale,
                      float        rate,
                      float        epsilon)
{
  double mean = wen_sum_squares (gradient, n_values) / (double) n_values;

  *square += (float) (mean * (double) gradient_scale * (double) gradient_scale);
  return rate * gradient_scale / (sqrtf (*square) + epsilon);
}

/* values = shrink * values - rate * gradient
 * Without decay use wen_add_scaled(): it rounds once instead of twice. */
WEN_VARIANTS void
wen_descend (float       *restrict values,
             const float *restrict gradient,
             gsize                 n_values,
             float                 rate,
             float                 shrink)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    values[i] = values[i] * shrink - rate * gradient[i];
}

/* sum += factor * values */
WEN_VARIANTS void
wen_add_scaled (float       *restrict sum,
                const float *restrict values,
                gsize                 n_values,
                float                 factor)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    sum[i] += factor * values[i];
}

/* values *= factor */
WEN_VARIANTS void
wen_shrink (float *restrict values,
            gsize           n_values,
            float           factor)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    values[i] *= factor;
}

/* values += share * (goals - values) */
WEN_VARIANTS void
wen_approach (float       *restrict values,
              const float *restrict goals,
              gsize                 n_values,
              float                 share)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    values[i] += share * (goals[i] - values[i]);
}

/* sum += values */
WEN_VARIANTS void
wen_add (float       *restrict sum,
         const float *restrict values,
         gsize                 n_values)
{
  WEN_SIDE_BY_SIDE
  for (gsize i = 0; i < n_values; i++)
    sum[i] += values[i];
}

/* gradient += the others, in their order, from begin up to end.  Returns the sum
 * of the squares of the result. */
double
wen_sum_gradients (float         *gradient,
                   float * const *others,
                   gsize          n_others,
                   gsize          begin,
                   gsize          end)
{
  const gsize piece = 4096; /* stays in the nearest cache until it is squared */
  double      squares = 0.0;

  for (gsize i = begin; i < end; i += piece)
    {
      gsize n_values = MIN (piece, end - i);

      for (gsize j = 0; j < n_others; j++)
        wen_add (gradient + i, others[j] + i, n_values);
      squares += wen_sum_squares (gradient + i, n_values);
    }

  return squares;
}

/* Sums in float over short pieces, in double over the pieces. */
WEN_VARIANTS double
wen_sum_squares (const float *restrict values,
                 gsize                 n_values)
{
  double total = 0.0;

  for (gsize begin = 0; begin < n_values; begin += 1024)
    {
      gsize end = MIN (n_values, begin + 1024);
      float sum = 0.0f;

#pragma omp simd reduction(+ : sum)
      for (gsize i = begin; i < end; i++)
        sum += values[i] * values[i];
      total += (double) sum;
    }

  return total;
}
