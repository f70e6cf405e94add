/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coordinate descent on sparse rows and columns.
 *
 * DESIGN: as many functions as a vector register has lanes share the rows or columns and
 * differ in all else, so that each number of them is read once for all. */

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
 *   column    [n_values], its indexes are rows, none twice
 * Source: Friedman, Hastie and Tibshirani 2010, "Regularization paths for generalized
 * linear models via coordinate descent", section 2. */
WEN_VARIANTS void
wen_descent_step (float                 *restrict weights,
                  WenDescentTerm        *restrict terms,
                  const WenDescentValue *restrict column,
                  gsize                           n_values,
                  double                          cost,
                  double                          l1,
                  double                          l2)
{
  double gradients[WEN_DESCENT_N_LANES] = { 0 };
  double curvatures[WEN_DESCENT_N_LANES] = { 0 };
  float changes[WEN_DESCENT_N_LANES];
  gboolean has_changed = FALSE;

  for (gsize begin = 0; begin < n_values; begin += N_SINGLE_TERMS)
    {
      gsize end = MIN (n_values, begin + N_SINGLE_TERMS);
      float gradient_sums[WEN_DESCENT_N_LANES] = { 0 };
      float curvature_sums[WEN_DESCENT_N_LANES] = { 0 };

      for (gsize i = begin; i < end; i++)
        {
          const WenDescentTerm *term = &terms[column[i].index];
          float value = column[i].value;

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

  for (gsize i = 0; i < n_values; i++)
    {
      WenDescentTerm *term = &terms[column[i].index];
      float value = column[i].value;

      WEN_SIDE_BY_SIDE
      for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
        term->changes[lane] += value * changes[lane];
    }
}

/* Sets what a row adds to the weights of support vector machines with squared hinge
 * loss, one for each lane, to its best value while all others stay.
 *
 *   weights   [n_columns][WEN_DESCENT_N_LANES]: the sum over rows of sign · dual · row
 *   biases    [WEN_DESCENT_N_LANES]: the same, where each row has one more 1
 *   duals     [WEN_DESCENT_N_LANES]: of this row, not negative
 *   margins   [WEN_DESCENT_N_LANES], written: of this row, before anything changes
 *   row       [n_values], its indexes are columns, none twice
 *   signs     [WEN_DESCENT_N_LANES]: 1 or -1 as the machine is to say; 0: there is none
 *   square    sum of the squares of the row, its 1 included
 *   diagonal  1 / (2 · cost of a mistake with this row)
 * Source: Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear
 * SVM", algorithm 1. */
WEN_VARIANTS void
wen_dual_descent_step (float                 *restrict weights,
                       float                 *restrict biases,
                       float                 *restrict duals,
                       float                 *restrict margins,
                       const WenDescentValue *restrict row,
                       gsize                           n_values,
                       const float           *restrict signs,
                       float                           square,
                       float                           diagonal)
{
  float sums[WEN_DESCENT_N_LANES];
  float changes[WEN_DESCENT_N_LANES];
  gboolean has_changed = FALSE;

  for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
    sums[lane] = biases[lane];
  for (gsize i = 0; i < n_values; i++)
    {
      const float *column = weights + (gsize) row[i].index * WEN_DESCENT_N_LANES;

      WEN_SIDE_BY_SIDE
      for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
        sums[lane] += column[lane] * row[i].value;
    }

  for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
    {
      float gradient = signs[lane] * sums[lane] - 1.0f + diagonal * duals[lane];
      float changed = MAX (0.0f, duals[lane] - gradient / (square + diagonal));

      changes[lane] = (changed - duals[lane]) * signs[lane];
      margins[lane] = sums[lane];
      duals[lane] = changed;
      has_changed |= changes[lane] != 0.0f;
    }
  if (!has_changed)
    return;

  for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
    biases[lane] += changes[lane];
  for (gsize i = 0; i < n_values; i++)
    {
      float *column = weights + (gsize) row[i].index * WEN_DESCENT_N_LANES;

      WEN_SIDE_BY_SIDE
      for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
        column[lane] += changes[lane] * row[i].value;
    }
}
