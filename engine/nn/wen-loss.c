/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier may take for its loss: between softmax (logits) and the label, or
 * probabilities that are to be learnt, or what another look at the same text gave. */

#include "config.h"

#include "wen-loss-private.h"
#include "wen-vectorize-private.h"

#include <math.h>

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

/* d_logits = exp (logits - the largest), of one text.  Returns the sum of it; expected is
 * that of target (logits - the largest). */
WEN_INLINE float
exponentiate (float       *restrict d_logits,
              float       *restrict expected,
              const float *restrict logits,
              const float *restrict target,
              gsize                 n_labels)
{
  float largest = logits[0];
  float sum = 0.0f;
  float product = 0.0f;

  for (gsize j = 1; j < n_labels; j++)
    largest = MAX (largest, logits[j]);

#pragma omp simd reduction(+ : sum, product)
  for (gsize j = 0; j < n_labels; j++)
    {
      float difference = logits[j] - largest;

      d_logits[j] = wen_exp (difference);
      sum += d_logits[j];
      product += target[j] * difference;
    }

  *expected = product;
  return sum;
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
      const float *restrict target = targets + i * n_labels;
      float       *restrict d_row = d_logits + i * n_labels;
      float                 expected;
      float                 sum = exponentiate (d_row, &expected, logits + i * n_labels, target, n_labels);
      float                 weight = 0.0f;

#pragma omp simd reduction(+ : weight)
      for (gsize j = 0; j < n_labels; j++)
        weight += target[j];

      loss += (double) weight * log ((double) sum) - (double) expected;

      sum = weight / sum;
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_labels; j++)
        d_row[j] = (d_row[j] * sum - target[j]) * gradient_scale;
    }

  return loss;
}

/* Undoes: loss = sum (probabilities - target)²
 * Comes with d_logits the probabilities; writes the gradient of the logits in their
 * place, and returns the loss.
 *
 *   d probability = 2 (probability - target)
 *   d logit = probability (d probability - sum (probabilities · d probabilities)) */
WEN_INLINE float
squared_error_backward (float       *restrict d_logits,
                        const float *restrict target,
                        gsize                 n_labels,
                        float                 gradient_scale)
{
  float squares = 0.0f;
  float mean = 0.0f;

#pragma omp simd reduction(+ : squares, mean)
  for (gsize j = 0; j < n_labels; j++)
    {
      float error = d_logits[j] - target[j];

      squares += error * error;
      mean += 2.0f * error * d_logits[j];
    }
  WEN_SIDE_BY_SIDE
  for (gsize j = 0; j < n_labels; j++)
    d_logits[j] *= (2.0f * (d_logits[j] - target[j]) - mean) * gradient_scale;
  return squares;
}

/* The losses of one text.  The cross-entropy is between softmax (logits) and the target,
 * the squared error is summed over the labels.  Writes d_logits, the gradient of the
 * chosen loss times gradient_scale.
 *
 *   d_logits, logits, target   [n_labels]; the target adds up to 1 */
WEN_VARIANTS WenTargetLoss
wen_target_loss_forward (float       *restrict d_logits,
                         const float *restrict logits,
                         const float *restrict target,
                         gsize                 n_labels,
                         WenLoss               loss,
                         float                 gradient_scale)
{
  float         expected;
  float         sum = exponentiate (d_logits, &expected, logits, target, n_labels);
  float         scale = 1.0f / sum;
  WenTargetLoss result;

  result.cross_entropy = log ((double) sum) - (double) expected;

  WEN_SIDE_BY_SIDE
  for (gsize j = 0; j < n_labels; j++)
    d_logits[j] *= scale;

  if (loss == WEN_LOSS_SQUARED_ERROR)
    {
      result.loss = (double) squared_error_backward (d_logits, target, n_labels, gradient_scale);
      return result;
    }
  WEN_SIDE_BY_SIDE
  for (gsize j = 0; j < n_labels; j++)
    d_logits[j] = (d_logits[j] - target[j]) * gradient_scale;
  result.loss = result.cross_entropy;
  return result;
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
