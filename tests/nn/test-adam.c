/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Updates against the textbook in double, and the sums before them. */

#include "config.h"

#include "nn-testing.h"

#include "wen-adam-private.h"

#define N_VALUES 37

static void
check_update (gboolean l2)
{
  const double      rate = 1e-2;
  const double      decay = 0.1;
  g_autofree float *values = random_floats (N_VALUES, 1, 1.0);
  float             means[N_VALUES] = { 0 };
  float             squares[N_VALUES] = { 0 };
  double            expected[N_VALUES];
  double            m[N_VALUES] = { 0 };
  double            v[N_VALUES] = { 0 };

  for (gsize i = 0; i < N_VALUES; i++)
    expected[i] = (double) values[i];

  for (guint step = 1; step <= 10; step++)
    {
      /* In some steps there is no gradient. */
      gboolean          absent = step % 3 == 0;
      g_autofree float *gradient = random_floats (N_VALUES, 10 + step, 1.0);
      WenAdam           adam = {
        .gradient_scale = 0.5f,
        .beta1 = 0.9f,
        .beta2 = 0.999f,
        .rate = (float) (rate / (1 - pow (0.9, step))),
        .root_scale = (float) (1 / sqrt (1 - pow (0.999, step))),
        .epsilon = 1e-8f,
        .shrink = l2 ? 1.0f : (float) (1 - rate * decay),
        .l2 = l2 ? (float) decay : 0.0f,
      };

      wen_adam_update (values, means, squares, absent ? NULL : gradient, N_VALUES, &adam);

      for (gsize i = 0; i < N_VALUES; i++)
        {
          double g = absent ? 0.0 : 0.5 * (double) gradient[i];

          if (l2)
            g += decay * expected[i];
          else
            expected[i] -= rate * decay * expected[i];
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          expected[i] -= rate * (m[i] / (1 - pow (0.9, step))) / (sqrt (v[i] / (1 - pow (0.999, step))) + 1e-8);
        }
    }

  assert_close (values, expected, N_VALUES, 2e-6, 1e-5);
}

static void
test_adamw (void)
{
  check_update (FALSE);
}

static void
test_adam (void)
{
  check_update (TRUE);
}

static void
test_sums (void)
{
  const gsize       n_values = 10000;
  g_autofree float *first = random_floats (n_values, 1, 1.0);
  g_autofree float *second = random_floats (n_values, 2, 1.0);
  g_autofree float *third = random_floats (n_values, 3, 1.0);
  g_autofree float *sum = g_memdup2 (first, n_values * sizeof (float));
  float            *others[2] = { second, third };
  double            squares;
  double            expected = 0.0;

  squares = wen_sum_gradients (sum, others, 2, 100, 9900);
  for (gsize i = 0; i < n_values; i++)
    {
      if (i < 100 || i >= 9900)
        {
          g_assert_cmpfloat (sum[i], ==, first[i]);
          continue;
        }
      g_assert_cmpfloat (sum[i], ==, (first[i] + second[i]) + third[i]);
      expected += (double) sum[i] * (double) sum[i];
    }
  g_assert_cmpfloat_with_epsilon (squares / expected, 1.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (wen_sum_squares (sum + 100, 9800) / expected, 1.0, 1e-6);

  wen_shrink (second, n_values, 0.5f);
  wen_shrink (second, n_values, 2.0f);
  g_assert_cmpfloat (second[17], ==, (float) (wen_random_normal (7, 2, 17)));
}

/* One number for the whole row, and no memory of when. */
static void
test_adagrad (void)
{
  g_autofree float *values = random_floats (N_VALUES, 40, 1.0);
  g_autofree float *last_gradient = random_floats (N_VALUES, 50, 1.0);
  double            expected[N_VALUES];
  double            sum = 0.0;
  float             square = 0.0f;

  for (gsize i = 0; i < N_VALUES; i++)
    expected[i] = (double) values[i];
  for (guint step = 1; step <= 5; step++)
    {
      g_autofree float *gradient = random_floats (N_VALUES, 40 + step, 1.0);
      float             rate;

      rate = wen_adagrad_get_rate (&square, gradient, N_VALUES, 0.5f, 1e-2f, 1e-8f);
      wen_add_scaled (values, gradient, N_VALUES, -rate);

      for (gsize i = 0; i < N_VALUES; i++)
        sum += 0.25 * (double) gradient[i] * (double) gradient[i] / N_VALUES;
      for (gsize i = 0; i < N_VALUES; i++)
        expected[i] -= 1e-2 * 0.5 * (double) gradient[i] / (sqrt (sum) + 1e-8);
    }
  assert_close (values, expected, N_VALUES, 2e-6, 1e-5);
  g_assert_cmpfloat_with_epsilon ((double) square, sum, 1e-5);

  /* A step with weight decay. */
  for (gsize i = 0; i < N_VALUES; i++)
    expected[i] = 0.75 * (double) values[i] - 0.01 * (double) last_gradient[i];
  wen_descend (values, last_gradient, N_VALUES, 0.01f, 0.75f);
  assert_close (values, expected, N_VALUES, 2e-6, 1e-5);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/adam/decoupled", test_adamw);
  g_test_add_func ("/wen/nn/adam/l2", test_adam);
  g_test_add_func ("/wen/nn/adam/sums", test_sums);
  g_test_add_func ("/wen/nn/adam/adagrad", test_adagrad);

  return g_test_run ();
}
