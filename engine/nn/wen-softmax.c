/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Softmax of attention scores.
 *
 * DESIGN.  Score rows of short texts are shorter than two vectors, and leftover
 * elements would be most of the work.  Their stride is therefore a multiple of
 * 16, and the rows are worked on up to the stride: what lies beyond the last
 * column becomes a score of minus infinity, and so a probability of 0.
 */

#include "config.h"

#include "wen-softmax-private.h"
#include "wen-vectorize-private.h"

#include <math.h>

/* The largest of some numbers, a multiple of 16; 16 candidates side by side. */
WEN_INLINE float
find_largest (const float *restrict values,
              gsize                 n_values)
{
  float lanes[16];

  for (gsize lane = 0; lane < 16; lane++)
    lanes[lane] = values[lane];
  for (gsize j = 16; j < n_values; j += 16)
    for (gsize lane = 0; lane < 16; lane++)
      lanes[lane] = values[j + lane] > lanes[lane] ? values[j + lane] : lanes[lane];
  for (gsize half = 8; half > 0; half /= 2)
    for (gsize lane = 0; lane < half; lane++)
      lanes[lane] = lanes[lane + half] > lanes[lane] ? lanes[lane + half] : lanes[lane];

  return lanes[0];
}

/* scores = softmax (scale * scores), for each row.  The largest score is taken
 * away first, so that no finite input overflows.
 *
 *   scores   [n_rows][n_columns], rows a multiple of 16 apart; what lies between
 *            n_columns and stride becomes 0
 * Source: Goodfellow et al. 2016, section 4.1. */
WEN_VARIANTS void
wen_softmax_forward (float *restrict scores,
                     gsize           n_rows,
                     gsize           n_columns,
                     gsize           stride,
                     float           scale)
{
  gsize width = stride & ~(gsize) 15;

  for (gsize i = 0; i < n_rows; i++)
    {
      float *restrict row = scores + i * stride;
      float           largest;
      float           sum = 0.0f;

      for (gsize j = n_columns; j < width; j++)
        row[j] = -INFINITY;

      largest = find_largest (row, width);

#pragma omp simd reduction(+ : sum)
      for (gsize j = 0; j < width; j++)
        {
          row[j] = wen_exp ((row[j] - largest) * scale);
          sum += row[j];
        }

      sum = 1.0f / sum;
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < width; j++)
        row[j] *= sum;
    }
}

/* Undoes: probabilities = softmax (scale * scores)
 * Comes with d_scores the gradient of the probabilities; writes that of the scores
 * in its place.  Shapes and stride as in wen_softmax_forward(). */
WEN_VARIANTS void
wen_softmax_backward (float       *restrict d_scores,
                      const float *restrict probabilities,
                      gsize                 n_rows,
                      gsize                 n_columns,
                      gsize                 stride,
                      float                 scale)
{
  gsize width = stride & ~(gsize) 15;

  for (gsize i = 0; i < n_rows; i++)
    {
      float       *restrict d_row = d_scores + i * stride;
      const float *restrict row = probabilities + i * stride;
      float                 sum = 0.0f;

      for (gsize j = n_columns; j < width; j++)
        d_row[j] = 0.0f;

#pragma omp simd reduction(+ : sum)
      for (gsize j = 0; j < width; j++)
        sum += d_row[j] * row[j];

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < width; j++)
        d_row[j] = (d_row[j] - sum) * row[j] * scale;
    }
}
