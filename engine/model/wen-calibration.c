/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes probabilities honest: all logits are multiplied by the one number that makes the
 * labels of validation texts most likely.  Which label is the likeliest stays.
 *
 * Source: Guo et al. 2017, "On calibration of modern neural networks", section 4.2. */

#include "config.h"

#include "wen-calibration-private.h"

#include <math.h>

/* The first of many texts: a thousand say as much about one number as all. */
#define N_FACTOR_TEXTS 2000
#define N_FACTOR_TRIALS 24
#define MAX_FACTOR 100.0
#define LEAST_PROBABILITY 1e-30

/* Mean cross-entropy where all logits are multiplied by a number.
 *
 *   logits   [n_texts][n_labels] */
static double
get_rescaled_loss (const WenBatch *texts,
                   const double   *logits,
                   guint           n_labels,
                   double          log_factor)
{
  double factor = exp (log_factor);
  double loss = 0;

  for (gsize text = 0; text < texts->n_texts; text++)
    {
      const double *row = logits + text * n_labels;
      double sum = 0;

      for (guint label = 0; label < n_labels; label++)
        sum += exp (factor * row[label]);
      loss += log (sum) - factor * row[texts->labels[text]];
    }
  return loss / (double) texts->n_texts;
}

/* By golden section; the loss has one minimum. */
static double
find_factor (const WenBatch *texts,
             const float    *probabilities,
             guint           n_labels)
{
  g_autofree double *logits = g_new (double, MAX (1, texts->n_texts * n_labels));
  const double ratio = 0.6180339887498949;
  double low = -log (MAX_FACTOR);
  double high = log (MAX_FACTOR);
  double a = high - ratio * (high - low);
  double b = low + ratio * (high - low);
  double loss_a;
  double loss_b;

  for (gsize i = 0; i < texts->n_texts * n_labels; i++)
    logits[i] = log (MAX ((double) probabilities[i], LEAST_PROBABILITY));
  loss_a = get_rescaled_loss (texts, logits, n_labels, a);
  loss_b = get_rescaled_loss (texts, logits, n_labels, b);
  for (guint i = 0; i < N_FACTOR_TRIALS; i++)
    if (loss_a < loss_b)
      {
        high = b;
        b = a;
        loss_b = loss_a;
        a = high - ratio * (high - low);
        loss_a = get_rescaled_loss (texts, logits, n_labels, a);
      }
    else
      {
        low = a;
        a = b;
        loss_a = loss_b;
        b = low + ratio * (high - low);
        loss_b = get_rescaled_loss (texts, logits, n_labels, b);
      }
  return exp ((low + high) / 2);
}

/* Changes the probabilities of texts, and returns what logits are to be multiplied by.
 *
 *   probabilities   [n_texts][n_labels] */
double
wen_calibrate (const WenBatch *texts,
               float          *probabilities,
               guint           n_labels)
{
  WenBatch some = *texts;
  double factor;

  some.n_texts = MIN (some.n_texts, N_FACTOR_TEXTS);
  factor = find_factor (&some, probabilities, n_labels);
  for (gsize text = 0; text < texts->n_texts; text++)
    {
      float *row = probabilities + text * n_labels;
      double sum = 0;

      for (guint label = 0; label < n_labels; label++)
        sum += pow (MAX ((double) row[label], LEAST_PROBABILITY), factor);
      for (guint label = 0; label < n_labels; label++)
        row[label] = (float) (pow (MAX ((double) row[label], LEAST_PROBABILITY), factor) / sum);
    }
  return factor;
}
