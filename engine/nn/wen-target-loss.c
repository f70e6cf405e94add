/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Losses between softmax (logits) and probabilities that are to be learnt. */

#include "config.h"

#include "wen-target-loss-private.h"
#include "wen-vectorize-private.h"

#include <math.h>

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
  float largest = logits[0];
  float sum = 0.0f;
  float expected = 0.0f;
  float scale;
  WenTargetLoss result;

  for (gsize j = 1; j < n_labels; j++)
    largest = logits[j] > largest ? logits[j] : largest;

#pragma omp simd reduction(+ : sum, expected)
  for (gsize j = 0; j < n_labels; j++)
    {
      float difference = logits[j] - largest;

      d_logits[j] = wen_exp (difference);
      sum += d_logits[j];
      expected += target[j] * difference;
    }
  result.cross_entropy = log ((double) sum) - (double) expected;

  scale = 1.0f / sum;
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
