/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Shares of mixtures: moments of the Beta distribution, which are known in closed form. */

#include "config.h"

#include "wen-mixup-private.h"

#include <math.h>

#define N_SHARES 40000

/* The variance of Beta (a, a) is 1 / (4 (2 a + 1)), and its mean 1/2; the larger of a
 * share and its rest has the same squared distance from there. */
static void
test_variance (gconstpointer data)
{
  double strength = GPOINTER_TO_UINT (data) / 100.0;
  double variance = 0;

  for (guint i = 0; i < N_SHARES; i++)
    {
      double share = wen_mixup_get_share (strength, 5, 1 + i / 64, i % 64);

      g_assert_cmpfloat (share, >=, 0.5);
      g_assert_cmpfloat (share, <=, 1);
      variance += (share - 0.5) * (share - 0.5) / N_SHARES;
    }
  g_assert_cmpfloat_with_epsilon (variance, 1 / (4 * (2 * strength + 1)), 0.003);
}

/* Of an even distribution, the larger part is 3/4 on average. */
static void
test_even (void)
{
  double sum = 0;

  for (guint i = 0; i < N_SHARES; i++)
    sum += wen_mixup_get_share (1, 6, 1 + i / 64, i % 64);
  g_assert_cmpfloat_with_epsilon (sum / N_SHARES, 0.75, 0.004);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/wen/nn/mixup/variance/sharp", GUINT_TO_POINTER (1), test_variance);
  g_test_add_data_func ("/wen/nn/mixup/variance/common", GUINT_TO_POINTER (40), test_variance);
  g_test_add_data_func ("/wen/nn/mixup/variance/even", GUINT_TO_POINTER (100), test_variance);
  g_test_add_data_func ("/wen/nn/mixup/variance/flat", GUINT_TO_POINTER (800), test_variance);
  g_test_add_func ("/wen/nn/mixup/even", test_even);

  return g_test_run ();
}
