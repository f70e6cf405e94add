/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Mixtures of two texts.  What is mixed is their pooled vectors: texts of different
 * lengths have no other numbers that lie side by side.
 *
 * Source: Zhang et al. 2018, "mixup: beyond empirical risk minimization"; Guo et al.
 * 2019, "Augmenting data with mixup for sentence classification", for hidden vectors. */

#include "config.h"

#include "wen-mixup-private.h"
#include "wen-random-private.h"
#include "wen-vectorize-private.h"

#include <math.h>
#include <string.h>

/* Numbers the uses of one seed, as in wen-dropout.c; two streams for each text. */
#define MIXUP_STREAM G_GUINT64_CONSTANT (0x6d69787570000000)
#define DISTANCE_STREAM G_GUINT64_CONSTANT (0x6d69787571000000)

/* How much of itself a text keeps: the larger part of what a symmetric Beta
 * distribution of that shape cuts in two, so from 1/2 to 1.
 *
 * Source: Devroye 1996, "Random variate generation in one line of code". */
double
wen_mixup_get_share (double  shape,
                     guint64 seed,
                     guint64 step,
                     guint32 text)
{
  double u = 1.0 - wen_random_uniform (seed, MIXUP_STREAM + 2 * (guint64) text, step);
  double v = wen_random_uniform (seed, MIXUP_STREAM + 2 * (guint64) text + 1, step);
  double cosine = cos (2.0 * G_PI * v);
  /* With a small shape this may be infinite, and the share is 1. */
  double radius = (pow (u, -1.0 / shape) - 1.0) * cosine * cosine;

  return 0.5 + 0.5 / sqrt (1.0 + 1.0 / radius);
}

/* How far from a text, counted in a circle of n_texts, its partner stands: never 0,
 * unless there is no other. */
gsize
wen_mixup_get_distance (gsize   n_texts,
                        guint64 seed,
                        guint64 step)
{
  return n_texts < 2 ? 0 : 1 + wen_random_u64 (seed, DISTANCE_STREAM, step) % (n_texts - 1);
}

/* mixed[i] = shares[i] * rows[i] + (1 - shares[i]) * rows[partners[i]]
 *
 *   mixed, rows          [n_rows][n_columns]
 *   partners, shares     [n_rows] */
WEN_VARIANTS void
wen_mix_rows_forward (float         *restrict mixed,
                      const float   *restrict rows,
                      const guint32 *restrict partners,
                      const float   *restrict shares,
                      gsize                   n_rows,
                      gsize                   n_columns)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      const float *restrict row = rows + i * n_columns;
      const float *restrict partner = rows + partners[i] * n_columns;
      float       *restrict mix = mixed + i * n_columns;
      float                 share = shares[i];

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        mix[j] = share * row[j] + (1.0f - share) * partner[j];
    }
}

/* Undoes: mixed[i] = shares[i] * rows[i] + (1 - shares[i]) * rows[partners[i]]
 * Writes d_rows. */
WEN_VARIANTS void
wen_mix_rows_backward (float         *restrict d_rows,
                       const float   *restrict d_mixed,
                       const guint32 *restrict partners,
                       const float   *restrict shares,
                       gsize                   n_rows,
                       gsize                   n_columns)
{
  memset (d_rows, 0, n_rows * n_columns * sizeof *d_rows);

  for (gsize i = 0; i < n_rows; i++)
    {
      const float *restrict d_mix = d_mixed + i * n_columns;
      float                *d_row = d_rows + i * n_columns;
      float                *d_partner = d_rows + partners[i] * n_columns;
      float                 share = shares[i];

      /* One after the other: a text may be its own partner. */
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        d_row[j] += share * d_mix[j];
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        d_partner[j] += (1.0f - share) * d_mix[j];
    }
}
