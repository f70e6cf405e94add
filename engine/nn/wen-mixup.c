/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much of each of two texts goes into a mixture: a Beta distribution, of counter-based
 * random numbers.
 *
 * Source: Zhang et al. 2018, "mixup: Beyond empirical risk minimization"; Marsaglia and
 * Tsang 2000, "A simple method for generating gamma variables". */

#include "config.h"

#include "wen-mixup-private.h"
#include "wen-random-private.h"

#include <math.h>

#define MIXUP_STREAM G_GUINT64_CONSTANT (0x6d69787570000000)
/* Trials of which each fails with less than one in twenty; two numbers each. */
#define N_TRIALS 16

/* The logarithm of a number of the Gamma distribution, because a number of a small shape
 * may be too small to be one.
 *
 *   counter   the first of 2 N_TRIALS + 1 numbers of the stream */
static double
draw_log_gamma (double  shape,
                guint64 seed,
                guint64 stream,
                guint64 counter)
{
  /* The method is for shapes above 1: the next one, times a power of a uniform number. */
  double d = shape + 1 - 1.0 / 3;
  double c = 1 / sqrt (9 * d);
  double result = log (d);

  for (guint i = 0; i < N_TRIALS; i++)
    {
      double x = wen_random_normal (seed, stream, counter + 2 * i);
      double u = 1 - wen_random_uniform (seed, stream, counter + 2 * i + 1);
      double v = 1 + c * x;

      if (v > 0 && log (u) < 0.5 * x * x + d - d * v * v * v + 3 * d * log (v))
        {
          result = log (d) + 3 * log (v);
          break;
        }
    }
  return result + log (1 - wen_random_uniform (seed, stream, counter + 2 * N_TRIALS)) / shape;
}

/*< private >
 * wen_mixup_get_share:
 * @strength: the one number of a Beta distribution of two equal ones; above 0
 * @seed: the seed of the run
 * @step: the step of the run
 * @text: which text of the batch
 *
 * Draws the share of the first of two texts in their mixture.  It is the larger one, so
 * that the mixture goes by the first text.
 *
 * Returns: a number from 0.5 to 1
 */
double
wen_mixup_get_share (double  strength,
                     guint64 seed,
                     guint64 step,
                     guint   text)
{
  guint64 counter = (guint64) text * 128;
  double difference = draw_log_gamma (strength, seed, MIXUP_STREAM + step, counter)
                      - draw_log_gamma (strength, seed, MIXUP_STREAM + step, counter + 64);

  return 1 / (1 + exp (-fabs (difference)));
}
