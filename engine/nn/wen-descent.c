/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coordinate descent on a quadratic function of sparse columns.
 *
 * DESIGN: as many functions as a vector register has lanes share the columns and differ
 * in all else, so that each number of a column is read once for all of them. */

#include "config.h"

#include "wen-descent-private.h"
#include "wen-vectorize-private.h"

/* Sums in single precision are no longer than this; they add up in double. */
#define N_SINGLE_TERMS 256
#define LEAST_CURVATURE 1e-12

/* Sets a column's weights, one for each lane, to where cost times the sum of the rows'
 * functions plus l1 · |weight| + l2 · weight² / 2 is least while all others stay.
 *
 *   weights   [WEN_DESCENT_N_LANES]
 *   terms     of all rows; `changes` is the sum of value times change of weight over
 *             all columns, and is kept so
 *   entries   [n_entries], no row twice
 * Source: Friedman, Hastie and Tibshirani 2010, "Regularization paths for generalized
 * linear models via coordinate descent", section 2. */
WEN_VARIANTS void
wen_descent_step (float                 *restrict weights,
                  WenDescentTerm        *restrict terms,
                  const WenDescentEntry *restrict entries,
                  gsize                           n_entries,
                  double                          cost,
                  double                          l1,
                  double                          l2)
{
  double gradients[WEN_DESCENT_N_LANES] = { 0 };
  double curvatures[WEN_DESCENT_N_LANES] = { 0 };
  float changes[WEN_DESCENT_N_LANES];
  gboolean has_changed = FALSE;

  for (gsize begin = 0; begin < n_entries; begin += N_SINGLE_TERMS)
    {
      gsize end = MIN (n_entries, begin + N_SINGLE_TERMS);
      float gradient_sums[WEN_DESCENT_N_LANES] = { 0 };
      float curvature_sums[WEN_DESCENT_N_LANES] = { 0 };

      for (gsize i = begin; i < end; i++)
        {
          const WenDescentTerm *term = &terms[entries[i].row];
          float value = entries[i].value;

          WEN_SIDE_BY_SIDE
          for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
            {
              float curvature = term->curvatures[lane];

              gradient_sums[lane] += value * (term->gradients[lane] + curvature * term->changes[lane]);
              curvature_sums[lane] += value * value * curvature;
            }
        }
      for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
        {
          gradients[lane] += (double) gradient_sums[lane];
          curvatures[lane] += (double) curvature_sums[lane];
        }
    }

  for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
    {
      double weight = (double) weights[lane];
      /* Lanes without a use, and columns without a row that counts, stay zero. */
      double curvature = MAX (cost * curvatures[lane] + l2, LEAST_CURVATURE);
      double wanted = weight - (cost * gradients[lane] + l2 * weight) / curvature;
      double pull = l1 / curvature;
      float changed = (float) (wanted > pull ? wanted - pull : wanted < -pull ? wanted + pull : 0);

      changes[lane] = changed - weights[lane];
      weights[lane] = changed;
      has_changed |= changes[lane] != 0.0f;
    }
  if (!has_changed)
    return;

  for (gsize i = 0; i < n_entries; i++)
    {
      WenDescentTerm *term = &terms[entries[i].row];
      float value = entries[i].value;

      WEN_SIDE_BY_SIDE
      for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
        term->changes[lane] += value * changes[lane];
    }
}
