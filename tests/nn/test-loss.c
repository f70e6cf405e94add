/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier may take for its loss, against plain loops in double and central
 * differences of those. */

#include "config.h"

#include "nn-testing.h"

#include "wen-loss-private.h"

static double
reference_loss (const float   *logits,
                const guint32 *labels,
                gsize          n_rows,
                gsize          n_labels,
                double         smoothing)
{
  g_autofree double *probabilities = g_new (double, n_labels);
  double             loss = 0.0;

  for (gsize i = 0; i < n_rows; i++)
    {
      reference_softmax (probabilities, logits + i * n_labels, n_labels, 1.0);
      for (gsize j = 0; j < n_labels; j++)
        loss -= (smoothing / (double) n_labels + (j == labels[i] ? 1.0 - smoothing : 0.0)) * log (probabilities[j]);
    }

  return loss;
}

static void
test_cross_entropy (void)
{
  static const gsize  n_labels_list[] = { 2, 5, 77 };
  static const double smoothings[] = { 0.0, 0.1 };

  for (gsize n = 0; n < G_N_ELEMENTS (n_labels_list) * G_N_ELEMENTS (smoothings); n++)
    {
      const gsize       n_rows = 6;
      gsize             n_labels = n_labels_list[n / 2];
      double            smoothing = smoothings[n % 2];
      g_autofree float *logits = random_floats (n_rows * n_labels, n, 2.0);
      g_autofree float *d_logits = g_new (float, n_rows * n_labels);
      guint32           labels[6];
      gsize             n_correct;
      gsize             n_expected = 0;
      double            loss;

      for (gsize i = 0; i < n_rows; i++)
        labels[i] = (guint32) (wen_random_u64 (1, n, i) % n_labels);
      /* One row is right for certain. */
      logits[labels[0]] = 9.0f;
      for (gsize i = 0; i < n_rows; i++)
        {
          gboolean best = TRUE;

          for (gsize j = 0; j < n_labels; j++)
            best = best && logits[i * n_labels + j] <= logits[i * n_labels + labels[i]];
          n_expected += best;
        }

      loss = wen_cross_entropy_forward (d_logits, &n_correct, logits, labels, n_rows, n_labels,
                                        (float) smoothing, 0.25f);
      g_assert_cmpfloat_with_epsilon (loss, reference_loss (logits, labels, n_rows, n_labels, smoothing), 1e-5);
      g_assert_cmpuint (n_correct, ==, n_expected);

      for (gsize k = 0; k < n_rows * n_labels; k++)
        {
          float  logit = logits[k];
          double step;
          double rise;

          logits[k] = logit + 1e-2f;
          step = (double) logits[k];
          rise = reference_loss (logits, labels, n_rows, n_labels, smoothing);
          logits[k] = logit - 1e-2f;
          step -= (double) logits[k];
          rise -= reference_loss (logits, labels, n_rows, n_labels, smoothing);
          logits[k] = logit;
          g_assert_cmpfloat_with_epsilon ((double) d_logits[k], 0.25 * rise / step, 1e-5);
        }
    }
}

static double
reference_soft_loss (const float *logits,
                     const float *targets,
                     gsize        n_rows,
                     gsize        n_labels)
{
  g_autofree double *probabilities = g_new (double, n_labels);
  double             loss = 0.0;

  for (gsize i = 0; i < n_rows; i++)
    {
      reference_softmax (probabilities, logits + i * n_labels, n_labels, 1.0);
      for (gsize j = 0; j < n_labels; j++)
        loss -= (double) targets[i * n_labels + j] * log (probabilities[j]);
    }
  return loss;
}

/* Rows of any weight, one of them of none. */
static void
test_soft_cross_entropy (void)
{
  static const gsize n_labels_list[] = { 2, 5, 77 };

  for (gsize n = 0; n < G_N_ELEMENTS (n_labels_list); n++)
    {
      const gsize       n_rows = 6;
      gsize             n_labels = n_labels_list[n];
      g_autofree float *logits = random_floats (n_rows * n_labels, n, 2.0);
      g_autofree float *targets = random_floats (n_rows * n_labels, 20 + n, 1.0);
      g_autofree float *d_logits = g_new (float, n_rows * n_labels);
      double            loss;

      for (gsize i = 0; i < n_rows * n_labels; i++)
        targets[i] = i < n_labels ? 0.0f : fabsf (targets[i]) / (float) n_labels;

      loss = wen_soft_cross_entropy_forward (d_logits, logits, targets, n_rows, n_labels, 0.25f);
      g_assert_cmpfloat_with_epsilon (loss, reference_soft_loss (logits, targets, n_rows, n_labels), 2e-5);

      for (gsize k = 0; k < n_rows * n_labels; k++)
        {
          float  logit = logits[k];
          double step;
          double rise;

          logits[k] = logit + 1e-2f;
          step = (double) logits[k];
          rise = reference_soft_loss (logits, targets, n_rows, n_labels);
          logits[k] = logit - 1e-2f;
          step -= (double) logits[k];
          rise -= reference_soft_loss (logits, targets, n_rows, n_labels);
          logits[k] = logit;
          g_assert_cmpfloat_with_epsilon ((double) d_logits[k], 0.25 * rise / step, 1e-5);
        }
    }
}

static double
reference_divergence (const float *logits,
                      gsize        n_pairs,
                      gsize        n_labels)
{
  g_autofree double *p = g_new (double, n_labels);
  g_autofree double *q = g_new (double, n_labels);
  double             sum = 0.0;

  for (gsize i = 0; i < n_pairs; i++)
    {
      reference_softmax (p, logits + 2 * i * n_labels, n_labels, 1.0);
      reference_softmax (q, logits + (2 * i + 1) * n_labels, n_labels, 1.0);
      for (gsize j = 0; j < n_labels; j++)
        sum += p[j] * log (p[j] / q[j]) + q[j] * log (q[j] / p[j]);
    }
  return sum;
}

static void
test_consistency (void)
{
  static const gsize n_labels_list[] = { 2, 5, 33 };

  for (gsize n = 0; n < G_N_ELEMENTS (n_labels_list); n++)
    {
      const gsize       n_pairs = 3;
      gsize             n_labels = n_labels_list[n];
      g_autofree float *logits = random_floats (2 * n_pairs * n_labels, n, 1.5);
      g_autofree float *d_logits = g_new (float, 2 * n_pairs * n_labels);
      double            loss;

      /* It is added to what is there. */
      for (gsize k = 0; k < 2 * n_pairs * n_labels; k++)
        d_logits[k] = 1.0f;
      loss = wen_consistency_forward (d_logits, logits, n_pairs, n_labels, 2.0f, 0.25f);
      g_assert_cmpfloat_with_epsilon (loss, 2.0 * reference_divergence (logits, n_pairs, n_labels), 1e-4);

      for (gsize k = 0; k < 2 * n_pairs * n_labels; k++)
        {
          float  logit = logits[k];
          double step;
          double rise;

          logits[k] = logit + 1e-2f;
          step = (double) logits[k];
          rise = reference_divergence (logits, n_pairs, n_labels);
          logits[k] = logit - 1e-2f;
          step -= (double) logits[k];
          rise -= reference_divergence (logits, n_pairs, n_labels);
          logits[k] = logit;
          g_assert_cmpfloat_with_epsilon ((double) d_logits[k] - 1.0, 0.5 * rise / step, 1e-4);
        }
    }
}

/* Equal rows agree, however sure they are. */
static void
test_consistency_extremes (void)
{
  const float logits[4] = { 300.0f, -300.0f, 300.0f, -300.0f };
  float       d_logits[4] = { 0 };

  g_assert_cmpfloat (wen_consistency_forward (d_logits, logits, 1, 2, 1.0f, 1.0f), ==, 0.0);
  for (gsize i = 0; i < 4; i++)
    g_assert_cmpfloat (d_logits[i], ==, 0.0f);
}

/* A logit that is no number must not make a good loss. */
static void
test_cross_entropy_nan (void)
{
  const float   logits[3] = { 1.0f, NAN, 0.0f };
  const guint32 label = 0;
  float         d_logits[3];
  gsize         n_correct;

  g_assert_true (isnan (wen_cross_entropy_forward (d_logits, &n_correct, logits, &label, 1, 3, 0.0f, 1.0f)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/cross-entropy/loss-and-gradient", test_cross_entropy);
  g_test_add_func ("/wen/nn/cross-entropy/soft", test_soft_cross_entropy);
  g_test_add_func ("/wen/nn/cross-entropy/not-a-number", test_cross_entropy_nan);
  g_test_add_func ("/wen/nn/consistency/loss-and-gradient", test_consistency);
  g_test_add_func ("/wen/nn/consistency/extremes", test_consistency_extremes);

  return g_test_run ();
}
