/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much of itself a text keeps in a mixture, and with whom it is mixed.  What the
 * mixture does to loss and gradient is in test-golden.c and test-encoder.c. */

#include "config.h"

#include "nn-testing.h"

#include "wen-mixup-private.h"

/* The larger part x of a Beta (a, a) has E [(x - 1/2)^2] = 1 / (4 (2 a + 1)), and the
 * fourth moment of x - 1/2 is 3 / (16 (2 a + 1) (2 a + 3)). */
static void
test_share (void)
{
  static const double shapes[] = { 0.1, 0.4, 1.0, 2.5, 10.0 };
  const guint         n = 40000;

  for (gsize s = 0; s < G_N_ELEMENTS (shapes); s++)
    {
      double a = shapes[s];
      double second = 0.0;
      double fourth = 0.0;

      for (guint i = 0; i < n; i++)
        {
          double share = wen_mixup_get_share (a, 3, i / 100, i % 100);
          double square = (share - 0.5) * (share - 0.5);

          g_assert_cmpfloat (share, >=, 0.5);
          g_assert_cmpfloat (share, <=, 1.0);
          second += square / n;
          fourth += square * square / n;
        }
      g_assert_cmpfloat_with_epsilon (second, 1 / (4 * (2 * a + 1)), 2e-3);
      g_assert_cmpfloat_with_epsilon (fourth, 3 / (16 * (2 * a + 1) * (2 * a + 3)), 1e-3);
    }
}

static void
test_distance (void)
{
  guint counts[8] = { 0 };

  g_assert_cmpuint (wen_mixup_get_distance (1, 1, 1), ==, 0);
  g_assert_cmpuint (wen_mixup_get_distance (2, 1, 1), ==, 1);
  for (guint step = 1; step <= 7000; step++)
    counts[wen_mixup_get_distance (8, 1, step)]++;
  g_assert_cmpuint (counts[0], ==, 0);
  for (guint i = 1; i < 8; i++)
    g_assert_cmpfloat_with_epsilon ((double) counts[i], 1000.0, 6 * sqrt (1000));
}

/* The same key gives the same, any other key something else. */
static void
test_keys (void)
{
  double share = wen_mixup_get_share (0.4, 1, 2, 3);

  g_assert_cmpfloat (share, ==, wen_mixup_get_share (0.4, 1, 2, 3));
  g_assert_cmpfloat (share, !=, wen_mixup_get_share (0.4, 2, 2, 3));
  g_assert_cmpfloat (share, !=, wen_mixup_get_share (0.4, 1, 3, 3));
  g_assert_cmpfloat (share, !=, wen_mixup_get_share (0.4, 1, 2, 4));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/mixup/share", test_share);
  g_test_add_func ("/wen/nn/mixup/distance", test_distance);
  g_test_add_func ("/wen/nn/mixup/keys", test_keys);

  return g_test_run ();
}
