/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The exponential function and GELU with bias, against the C library in double. */

#include "config.h"

#include "nn-testing.h"

#include "wen-activation-private.h"
#include "wen-vectorize-private.h"

static void
test_exp (void)
{
  double worst = 0.0;

  for (double x = -87.0; x <= 88.0; x += 1.0 / 4096)
    {
      double expected = exp (x);

      worst = MAX (worst, fabs ((double) wen_exp ((float) x) - expected) / expected);
    }
  g_assert_cmpfloat (worst, <, 2e-7);

  g_assert_cmpfloat (wen_exp (0.0f), ==, 1.0f);
  g_assert_cmpfloat (wen_exp (-88.0f), ==, 0.0f);
  g_assert_cmpfloat (wen_exp (-INFINITY), ==, 0.0f);
  g_assert_cmpfloat_with_epsilon (wen_exp (1000.0f) / expf (88.0f), 1.0f, 1e-6f);
  g_assert_true (isnan (wen_exp (NAN)));
}

/* The plain references. */
static double
reference_gelu (double x)
{
  return 0.5 * x * erfc (-x * M_SQRT1_2);
}

static double
reference_slope (double x)
{
  return 0.5 * erfc (-x * M_SQRT1_2) + x * exp (-0.5 * x * x) / sqrt (2 * M_PI);
}

static void
test_gelu (void)
{
  /* An odd width, so that there are leftovers of every vector. */
  const gsize       n_rows = 401;
  const gsize       n_columns = 37;
  g_autofree float *rows = random_floats (n_rows * n_columns, 1, 3.0);
  g_autofree float *bias = random_floats (n_columns, 2, 1.0);
  g_autofree float *in_place = g_memdup2 (rows, n_rows * n_columns * sizeof (float));
  g_autofree float *activated = g_new (float, n_rows * n_columns);
  g_autofree float *slopes = g_memdup2 (rows, n_rows * n_columns * sizeof (float));
  g_autofree float *d_rows = random_floats (n_rows * n_columns, 3, 1.0);
  g_autofree float *d_activated = g_memdup2 (d_rows, n_rows * n_columns * sizeof (float));
  g_autofree float *d_bias = random_floats (n_columns, 4, 1.0);
  g_autofree float *d_bias_before = g_memdup2 (d_bias, n_columns * sizeof (float));

  /* Far out on both sides the function is 0 and x. */
  rows[0] = in_place[0] = slopes[0] = -50.0f;
  rows[1] = in_place[1] = slopes[1] = 50.0f;

  wen_bias_gelu (in_place, bias, n_rows, n_columns);
  wen_bias_gelu_forward (activated, slopes, bias, n_rows, n_columns);
  wen_bias_gelu_backward (d_bias, d_rows, slopes, n_rows, n_columns);

  for (gsize j = 0; j < n_columns; j++)
    {
      double sum = (double) d_bias_before[j];

      for (gsize i = 0; i < n_rows; i++)
        {
          gsize  k = i * n_columns + j;
          double x = (double) (rows[k] + bias[j]);
          double tolerance = 3e-7 * MAX (1.0, fabs (x));

          g_assert_cmpfloat_with_epsilon ((double) activated[k], reference_gelu (x), tolerance);
          g_assert_cmpfloat_with_epsilon ((double) in_place[k], reference_gelu (x), tolerance);
          g_assert_cmpfloat_with_epsilon ((double) slopes[k], reference_slope (x), 1e-6);
          g_assert_cmpfloat_with_epsilon ((double) d_rows[k], (double) d_activated[k] * reference_slope (x), 5e-6);
          sum += (double) d_rows[k];
        }
      g_assert_cmpfloat_with_epsilon ((double) d_bias[j], sum, 1e-4);
    }
}

/* The slope is that of the values, by central differences. */
static void
test_gelu_gradient (void)
{
  const float step = 1e-2f;

  for (float x = -4.0f; x <= 4.0f; x += 0.125f)
    {
      float zero = 0.0f;
      float values[3] = { x - step, x, x + step };
      float activated[3];
      float width = values[2] - values[0];

      wen_bias_gelu_forward (activated, values, &zero, 3, 1);
      g_assert_cmpfloat_with_epsilon ((activated[2] - activated[0]) / width, values[1], 1e-4f);
    }
}

/* Values and slopes of the other activations, as the C library has them. */
static void
test_others (void)
{
  for (float x = -30.0f; x <= 30.0f; x += 0.3125f)
    {
      double y = (double) x;
      const double sigmoid = 1 / (1 + exp (-y));
      const struct
      {
        WenActivation activation;
        double        value;
        double        slope;
      } expected[] = {
        { WEN_ACTIVATION_RELU, MAX (0, y), y > 0 },
        { WEN_ACTIVATION_TANH, tanh (y), 1 - tanh (y) * tanh (y) },
        { WEN_ACTIVATION_SIGMOID, sigmoid, sigmoid * (1 - sigmoid) },
      };

      for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
        {
          float value = x - 1;
          float bias = 1;
          float activated;

          wen_bias_activation_forward (&activated, &value, &bias, 1, 1, expected[i].activation);
          g_assert_cmpfloat_with_epsilon ((double) activated, expected[i].value, 3e-7);
          g_assert_cmpfloat_with_epsilon ((double) value, expected[i].slope, 5e-7);
        }
    }
}

static void
test_bias (void)
{
  const gsize       n_rows = 9;
  const gsize       n_columns = 21;
  g_autofree float *rows = random_floats (n_rows * n_columns, 1, 1.0);
  g_autofree float *before = g_memdup2 (rows, n_rows * n_columns * sizeof (float));
  g_autofree float *bias = random_floats (n_columns, 2, 1.0);
  g_autofree float *d_bias = g_new0 (float, n_columns);

  wen_bias_forward (rows, bias, n_rows, n_columns);
  wen_bias_backward (d_bias, before, n_rows, n_columns);

  for (gsize j = 0; j < n_columns; j++)
    {
      double sum = 0.0;

      for (gsize i = 0; i < n_rows; i++)
        {
          g_assert_cmpfloat (rows[i * n_columns + j], ==, before[i * n_columns + j] + bias[j]);
          sum += (double) before[i * n_columns + j];
        }
      g_assert_cmpfloat_with_epsilon ((double) d_bias[j], sum, 1e-5);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/activation/exp", test_exp);
  g_test_add_func ("/wen/nn/activation/gelu", test_gelu);
  g_test_add_func ("/wen/nn/activation/gelu-gradient", test_gelu_gradient);
  g_test_add_func ("/wen/nn/activation/others", test_others);
  g_test_add_func ("/wen/nn/activation/bias", test_bias);

  return g_test_run ();
}
