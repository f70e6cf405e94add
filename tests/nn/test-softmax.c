/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Softmax, against plain loops in double and central differences of those. */

#include "config.h"

#include "nn-testing.h"

#include "wen-softmax-private.h"

static void
test_softmax (void)
{
  static const gsize widths[] = { 1, 2, 15, 16, 17, 25, 64, 100 };

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      const gsize        n_rows = 5;
      gsize              n_columns = widths[w];
      gsize              stride = (n_columns + 15) / 16 * 16;
      g_autofree float  *scores = random_floats (n_rows * stride, w, 3.0);
      g_autofree float  *probabilities = g_memdup2 (scores, n_rows * stride * sizeof (float));
      g_autofree float  *d_probabilities = random_floats (n_rows * stride, 50 + w, 1.0);
      g_autofree float  *d_scores = NULL;
      g_autofree double *expected = g_new (double, n_columns);
      g_autofree double *shifted = g_new (double, n_columns);

      /* What lies between the rows must not matter. */
      for (gsize i = 0; i < n_rows; i++)
        for (gsize j = n_columns; j < stride; j++)
          probabilities[i * stride + j] = d_probabilities[i * stride + j] = NAN;
      d_scores = g_memdup2 (d_probabilities, n_rows * stride * sizeof (float));

      wen_softmax_forward (probabilities, n_rows, n_columns, stride, 0.7f);
      wen_softmax_backward (d_scores, probabilities, n_rows, n_columns, stride, 0.7f);

      for (gsize i = 0; i < n_rows; i++)
        {
          float *row = scores + i * stride;

          reference_softmax (expected, row, n_columns, 0.7f);
          assert_close (probabilities + i * stride, expected, n_columns, 1e-7, 1e-6);
          for (gsize j = n_columns; j < stride; j++)
            g_assert_cmpfloat (probabilities[i * stride + j], ==, 0.0f);

          for (gsize j = 0; j < n_columns; j++)
            {
              float  score = row[j];
              double rise = 0.0;
              double step;

              row[j] = score + 1e-2f;
              step = (double) row[j];
              reference_softmax (shifted, row, n_columns, 0.7f);
              for (gsize k = 0; k < n_columns; k++)
                rise += shifted[k] * (double) d_probabilities[i * stride + k];
              row[j] = score - 1e-2f;
              step -= (double) row[j];
              reference_softmax (shifted, row, n_columns, 0.7f);
              for (gsize k = 0; k < n_columns; k++)
                rise -= shifted[k] * (double) d_probabilities[i * stride + k];
              row[j] = score;
              g_assert_cmpfloat_with_epsilon ((double) d_scores[i * stride + j], rise / step, 1e-4);
            }
        }
    }
}

static void
test_softmax_extremes (void)
{
  float scores[16] = { 3e38f, -3e38f, 3e38f };

  wen_softmax_forward (scores, 1, 3, 16, 1.0f);
  g_assert_cmpfloat_with_epsilon (scores[0], 0.5f, 1e-6f);
  g_assert_cmpfloat (scores[1], ==, 0.0f);
  g_assert_cmpfloat_with_epsilon (scores[2], 0.5f, 1e-6f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/softmax/rows", test_softmax);
  g_test_add_func ("/wen/nn/softmax/extremes", test_softmax_extremes);

  return g_test_run ();
}
