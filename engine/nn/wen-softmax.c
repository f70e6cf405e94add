/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Softmax of attention scores, and what a classifier may take for its loss.
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

/* The sum over the rows of the cross-entropy, in nats, between softmax (logits)
 * and the label, of which label smoothing has spread a share evenly over all.
 *
 * Writes d_logits, the gradient of the loss times gradient_scale, and in how many
 * rows the label has the largest logit.
 *
 *   d_logits, logits   [n_rows][n_labels]
 *   labels             [n_rows]
 * Source: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7. */
WEN_VARIANTS double
wen_cross_entropy_forward (float         *restrict d_logits,
                           gsize         *restrict n_correct,
                           const float   *restrict logits,
                           const guint32 *restrict labels,
                           gsize                   n_rows,
                           gsize                   n_labels,
                           float                   smoothing,
                           float                   gradient_scale)
{
  double loss = 0.0;
  float  share = smoothing / (float) n_labels;

  *n_correct = 0;

  for (gsize i = 0; i < n_rows; i++)
    {
      const float *restrict row = logits + i * n_labels;
      float       *restrict d_row = d_logits + i * n_labels;
      guint32               label = labels[i];
      gsize                 best = 0;
      float                 sum = 0.0f;
      float                 sum_logits = 0.0f;

      for (gsize j = 1; j < n_labels; j++)
        if (row[j] > row[best])
          best = j;
      *n_correct += best == label;

#pragma omp simd reduction(+ : sum, sum_logits)
      for (gsize j = 0; j < n_labels; j++)
        {
          d_row[j] = wen_exp (row[j] - row[best]);
          sum += d_row[j];
          sum_logits += row[j] - row[best];
        }

      loss += log ((double) sum)
              - (1.0 - smoothing) * ((double) row[label] - row[best])
              - (double) share * sum_logits;

      sum = gradient_scale / sum;
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_labels; j++)
        d_row[j] = d_row[j] * sum - share * gradient_scale;
      d_row[label] -= (1.0f - smoothing) * gradient_scale;
    }

  return loss;
}

/* The sum over the rows of the cross-entropy, in nats, between softmax (logits) and
 * targets, which are probabilities times the weight of the row.
 *
 * Writes d_logits, the gradient of the loss times gradient_scale.
 *
 *   d_logits, logits, targets   [n_rows][n_labels] */
WEN_VARIANTS double
wen_soft_cross_entropy_forward (float       *restrict d_logits,
                                const float *restrict logits,
                                const float *restrict targets,
                                gsize                 n_rows,
                                gsize                 n_labels,
                                float                 gradient_scale)
{
  double loss = 0.0;

  for (gsize i = 0; i < n_rows; i++)
    {
      const float *restrict row = logits + i * n_labels;
      const float *restrict target = targets + i * n_labels;
      float       *restrict d_row = d_logits + i * n_labels;
      float                 largest = row[0];
      float                 sum = 0.0f;
      float                 weight = 0.0f;
      float                 product = 0.0f;

      for (gsize j = 1; j < n_labels; j++)
        largest = MAX (largest, row[j]);

#pragma omp simd reduction(+ : sum, weight, product)
      for (gsize j = 0; j < n_labels; j++)
        {
          d_row[j] = wen_exp (row[j] - largest);
          sum += d_row[j];
          weight += target[j];
          product += target[j] * (row[j] - largest);
        }

      loss += (double) weight * log ((double) sum) - (double) product;

      sum = weight / sum;
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_labels; j++)
        d_row[j] = (d_row[j] * sum - target[j]) * gradient_scale;
    }

  return loss;
}

/* The logarithm of the sum of the exponentials of some numbers. */
WEN_INLINE float
log_sum_exp (const float *restrict values,
             gsize                 n_values)
{
  float largest = values[0];
  float sum = 0.0f;

  for (gsize j = 1; j < n_values; j++)
    largest = MAX (largest, values[j]);
#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < n_values; j++)
    sum += wen_exp (values[j] - largest);

  return largest + logf (sum);
}

/* factor times the sum over pairs of rows of how far apart their probabilities p and
 * q are: KL (p || q) + KL (q || p), in nats.
 *
 * Adds to d_logits the gradient of it times gradient_scale.
 *
 *   d_logits, logits   [n_pairs][2][n_labels]
 * Source: Wu et al. 2021, "R-Drop: regularized dropout for neural networks". */
WEN_VARIANTS double
wen_consistency_forward (float       *restrict d_logits,
                         const float *restrict logits,
                         gsize                 n_pairs,
                         gsize                 n_labels,
                         float                 factor,
                         float                 gradient_scale)
{
  double total = 0.0;
  float  scale = factor * gradient_scale;

  for (gsize i = 0; i < n_pairs; i++)
    {
      const float *restrict first = logits + 2 * i * n_labels;
      const float *restrict second = first + n_labels;
      float       *restrict d_first = d_logits + 2 * i * n_labels;
      float       *restrict d_second = d_first + n_labels;
      float                 log_sum = log_sum_exp (first, n_labels);
      float                 other_log_sum = log_sum_exp (second, n_labels);
      float                 mean_p = 0.0f; /* of ln p - ln q, under p */
      float                 mean_q = 0.0f; /* and under q */

#pragma omp simd reduction(+ : mean_p, mean_q)
      for (gsize j = 0; j < n_labels; j++)
        {
          float log_p = first[j] - log_sum;
          float log_q = second[j] - other_log_sum;

          mean_p += wen_exp (log_p) * (log_p - log_q);
          mean_q += wen_exp (log_q) * (log_p - log_q);
        }
      total += (double) (mean_p - mean_q);

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_labels; j++)
        {
          float log_p = first[j] - log_sum;
          float log_q = second[j] - other_log_sum;
          float p = wen_exp (log_p);
          float q = wen_exp (log_q);

          d_first[j] += scale * (p * (log_p - log_q - mean_p) + p - q);
          d_second[j] += scale * (q * (mean_q - log_p + log_q) + q - p);
        }
    }

  return (double) factor * total;
}
