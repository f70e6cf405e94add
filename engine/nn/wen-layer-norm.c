/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Layer norm, alone and together with the bias, dropout and residual before it.
 *
 * Source: Ba et al. 2016, "Layer normalization"; the order of the parts is that
 * of Vaswani et al. 2017, section 5.4.
 *
 * DESIGN.  A row is a few kilobytes and stays in the nearest cache, so the two
 * or three sweeps over it cost one pass over memory.  Sums run in as many float
 * lanes as a vector has, which for rows up to a few thousand elements is as exact
 * as one needs; across rows nothing is summed but gradients of parameters.
 */

#include "config.h"

#include "wen-layer-norm-private.h"

#include <math.h>

typedef struct
{
  float mean;
  float reciprocal;
} Moments;

WEN_INLINE Moments
row_moments (const float *restrict row,
             gsize                 n_columns,
             float                 epsilon)
{
  float   sum = 0.0f;
  float   squares = 0.0f;
  Moments moments;

#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < n_columns; j++)
    sum += row[j];
  moments.mean = sum / (float) n_columns;

  /* Deviations from the mean, not squares less the mean's square: a large mean
   * would eat the digits of a small deviation. */
#pragma omp simd reduction(+ : squares)
  for (gsize j = 0; j < n_columns; j++)
    squares += (row[j] - moments.mean) * (row[j] - moments.mean);
  moments.reciprocal = 1.0f / sqrtf (squares / (float) n_columns + epsilon);

  return moments;
}

WEN_INLINE void
norm_row (float       *restrict normed,
          const float *restrict row,
          Moments               moments,
          const float *restrict weight,
          const float *restrict bias,
          gsize                 n_columns)
{
  WEN_SIDE_BY_SIDE
  for (gsize j = 0; j < n_columns; j++)
    normed[j] = (row[j] - moments.mean) * moments.reciprocal * weight[j] + bias[j];
}

/* normed = (sums - mean) / deviation * weight + bias, for each row.
 *
 *   normed, sums         [n_rows][n_columns], no overlap
 *   means, reciprocals   [n_rows]; the reciprocal of the standard deviation
 *   weight, bias         [n_columns] */
WEN_VARIANTS void
wen_layer_norm_forward (float       *restrict normed,
                        float       *restrict means,
                        float       *restrict reciprocals,
                        const float *restrict sums,
                        const float *restrict weight,
                        const float *restrict bias,
                        gsize                 n_rows,
                        gsize                 n_columns,
                        float                 epsilon)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      const float *row = sums + i * n_columns;
      Moments      moments = row_moments (row, n_columns, epsilon);

      means[i] = moments.mean;
      reciprocals[i] = moments.reciprocal;
      norm_row (normed + i * n_columns, row, moments, weight, bias, n_columns);
    }
}

/* sums = residual + dropout (sums + branch_bias); normed = layer norm of sums.
 *
 * Comes with sums the output of a branch's last product; everything between that
 * and the next product happens here.
 *
 *   normed, sums, residual      [n_rows][n_columns], no overlap
 *   means, reciprocals          [n_rows]
 *   branch_bias, weight, bias   [n_columns]
 *   row_ids                     [n_rows], for the dropout */
WEN_VARIANTS void
wen_residual_norm_forward (float         *restrict normed,
                           float         *restrict sums,
                           float         *restrict means,
                           float         *restrict reciprocals,
                           const float   *restrict residual,
                           const float   *restrict branch_bias,
                           const float   *restrict weight,
                           const float   *restrict bias,
                           const guint32 *restrict row_ids,
                           gsize                   n_rows,
                           gsize                   n_columns,
                           float                   epsilon,
                           WenDropout              dropout)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      float       *restrict row = sums + i * n_columns;
      const float *restrict residual_row = residual + i * n_columns;
      Moments               moments;

      if (dropout.threshold > 0)
        {
          guint32 key = wen_dropout_row_key (dropout, row_ids[i]);

          WEN_SIDE_BY_SIDE
          for (guint32 j = 0; j < (guint32) n_columns; j++)
            row[j] = residual_row[j] + (row[j] + branch_bias[j]) * wen_dropout_factor (dropout, key, j);
        }
      else
        {
          WEN_SIDE_BY_SIDE
          for (gsize j = 0; j < n_columns; j++)
            row[j] += residual_row[j] + branch_bias[j];
        }

      moments = row_moments (row, n_columns, epsilon);
      means[i] = moments.mean;
      reciprocals[i] = moments.reciprocal;
      norm_row (normed + i * n_columns, row, moments, weight, bias, n_columns);
    }
}

/* The gradient of a layer norm with regard to its input, for one row:
 *
 *   d_sum = (g - mean (g) - x mean (g x)) / deviation
 *
 * where x is the row with mean 0 and deviation 1 and g = d_normed * weight. */
WEN_INLINE void
norm_row_backward (float       *d_sum,
                   float       *restrict d_weight,
                   float       *restrict d_bias,
                   const float *d_normed,
                   gboolean              add,
                   const float *restrict row,
                   Moments               moments,
                   const float *restrict weight,
                   gsize                 n_columns)
{
  float mean_g = 0.0f;
  float mean_gx = 0.0f;

#pragma omp simd reduction(+ : mean_g, mean_gx)
  for (gsize j = 0; j < n_columns; j++)
    {
      float x = (row[j] - moments.mean) * moments.reciprocal;
      float g = d_normed[j] * weight[j];

      mean_g += g;
      mean_gx += g * x;
      d_weight[j] += d_normed[j] * x;
      d_bias[j] += d_normed[j];
    }
  mean_g /= (float) n_columns;
  mean_gx /= (float) n_columns;

  if (add)
    {
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        {
          float x = (row[j] - moments.mean) * moments.reciprocal;

          d_sum[j] += (d_normed[j] * weight[j] - mean_g - x * mean_gx) * moments.reciprocal;
        }
    }
  else
    {
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        {
          float x = (row[j] - moments.mean) * moments.reciprocal;

          d_sum[j] = (d_normed[j] * weight[j] - mean_g - x * mean_gx) * moments.reciprocal;
        }
    }
}

/* Undoes: sums = residual + dropout (branch + branch_bias); normed = layer norm
 * of sums.
 *
 * Writes d_sums, which is the gradient of the residual too; with @add it adds to
 * it, for a sums that was used otherwise.  Writes d_branch.  Adds to
 * d_branch_bias, d_weight and d_bias.
 *
 *   d_sums, d_branch            [n_rows][n_columns]
 *   d_normed                    [n_rows][n_columns], without @add it may be d_sums
 *   d_branch, d_branch_bias     may both be NULL when there is no branch */
WEN_VARIANTS void
wen_residual_norm_backward (float         *d_sums,
                            float         *restrict d_branch,
                            float         *restrict d_branch_bias,
                            float         *restrict d_weight,
                            float         *restrict d_bias,
                            const float   *d_normed,
                            gboolean                add,
                            const float   *restrict sums,
                            const float   *restrict means,
                            const float   *restrict reciprocals,
                            const float   *restrict weight,
                            const guint32 *restrict row_ids,
                            gsize                   n_rows,
                            gsize                   n_columns,
                            WenDropout              dropout)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      float   *d_sum = d_sums + i * n_columns;
      Moments  moments = { means[i], reciprocals[i] };

      norm_row_backward (d_sum, d_weight, d_bias, d_normed + i * n_columns, add,
                         sums + i * n_columns, moments, weight, n_columns);

      if (d_branch == NULL)
        continue;

      if (dropout.threshold > 0)
        {
          float   *restrict d_row = d_branch + i * n_columns;
          guint32           key = wen_dropout_row_key (dropout, row_ids[i]);

          WEN_SIDE_BY_SIDE
          for (guint32 j = 0; j < (guint32) n_columns; j++)
            {
              d_row[j] = d_sum[j] * wen_dropout_factor (dropout, key, j);
              d_branch_bias[j] += d_row[j];
            }
        }
      else
        {
          float *restrict d_row = d_branch + i * n_columns;

          WEN_SIDE_BY_SIDE
          for (gsize j = 0; j < n_columns; j++)
            {
              d_row[j] = d_sum[j];
              d_branch_bias[j] += d_row[j];
            }
        }
    }
}
