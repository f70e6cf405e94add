/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Least values that are known beforehand are found. */

#include "config.h"

#include "wen-lbfgs-private.h"

#include <math.h>

/* Rosenbrock's valley, in many dimensions: 0 where all numbers are 1. */
static double
measure_valley (const double *x,
                double       *gradient,
                gpointer      user_data)
{
  gsize n_values = *(gsize *) user_data;
  double value = 0;

  for (gsize i = 0; i < n_values; i++)
    gradient[i] = 0;
  for (gsize i = 0; i + 1 < n_values; i++)
    {
      double a = x[i + 1] - x[i] * x[i];
      double b = 1 - x[i];

      value += 100 * a * a + b * b;
      gradient[i] += -400 * a * x[i] - 2 * b;
      gradient[i + 1] += 200 * a;
    }
  return value;
}

static void
test_valley (void)
{
  gsize n_values = 10;
  double x[10] = { -1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1, -1.2, 1 };
  double value = wen_lbfgs_minimize (x, n_values, 1000, 1e-8, measure_valley, NULL, &n_values);

  g_assert_cmpfloat_with_epsilon (value, 0, 1e-12);
  for (gsize i = 0; i < n_values; i++)
    g_assert_cmpfloat_with_epsilon (x[i], 1, 1e-6);
}

/* Σ i (x_i - i)²: steep in one direction, flat in another. */
static double
measure_bowl (const double *x,
              double       *gradient,
              gpointer      user_data)
{
  double value = 0;

  for (guint i = 0; i < 50; i++)
    {
      value += (i + 1) * (x[i] - i) * (x[i] - i);
      gradient[i] = 2 * (i + 1) * (x[i] - i);
    }
  return value;
}

static void
test_bowl (void)
{
  double x[50] = { 0 };

  wen_lbfgs_minimize (x, 50, 200, 1e-9, measure_bowl, NULL, NULL);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpfloat_with_epsilon (x[i], i, 1e-8);
}

static gboolean
stop_at_once (gpointer user_data)
{
  return TRUE;
}

static void
test_stop (void)
{
  double x[50] = { 0 };

  wen_lbfgs_minimize (x, 50, 200, 1e-9, measure_bowl, stop_at_once, NULL);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpfloat (x[i], ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/lbfgs/valley", test_valley);
  g_test_add_func ("/wen/nn/lbfgs/bowl", test_bowl);
  g_test_add_func ("/wen/nn/lbfgs/stop", test_stop);

  return g_test_run ();
}
