/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Coordinate descent against the plain function that it makes small. */

#include "config.h"

#include "nn-testing.h"

#include "wen-descent-private.h"

#define N_ROWS 700
#define COST 3.0

/* What a lane's weight adds to the function, in double. */
static double
get_value (const WenDescentTerm  *terms,
           const WenDescentValue *entries,
           gsize                  n_entries,
           guint                  lane,
           double                 old,
           double                 weight,
           double                 l1,
           double                 l2)
{
  double sum = 0.0;

  for (gsize i = 0; i < n_entries; i++)
    {
      const WenDescentTerm *term = &terms[entries[i].index];
      double change = (double) term->changes[lane] + (double) entries[i].value * (weight - old);

      sum += (double) term->gradients[lane] * change + (double) term->curvatures[lane] * change * change / 2;
    }
  return COST * sum + l1 * fabs (weight) + l2 * weight * weight / 2;
}

/* The weight is better than its neighbours, and rows know how it changed. */
static void
test_least (void)
{
  static const double shares[] = { 0.0, 0.5, 1.0 };
  g_autofree float *numbers = random_floats (N_ROWS * 4 * WEN_DESCENT_N_LANES, 1, 1.0);
  g_autofree WenDescentTerm *terms = g_new (WenDescentTerm, N_ROWS);
  g_autofree WenDescentTerm *before = NULL;
  g_autofree WenDescentValue *entries = g_new (WenDescentValue, N_ROWS);
  gsize n_entries = N_ROWS / 2;

  for (gsize row = 0; row < N_ROWS; row++)
    for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
      {
        const float *row_numbers = numbers + row * 4 * WEN_DESCENT_N_LANES;

        terms[row].gradients[lane] = row_numbers[lane];
        terms[row].curvatures[lane] = 0.1f + fabsf (row_numbers[WEN_DESCENT_N_LANES + lane]);
        terms[row].changes[lane] = 0.1f * row_numbers[2 * WEN_DESCENT_N_LANES + lane];
        entries[row / 2] = (WenDescentValue) { (guint32) row, row_numbers[3 * WEN_DESCENT_N_LANES] };
      }
  before = g_memdup2 (terms, N_ROWS * sizeof *terms);

  for (gsize i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      double l1 = 20 * shares[i];
      double l2 = 20 * (1 - shares[i]);
      float old[WEN_DESCENT_N_LANES] = { 0.0f, 0.01f, -0.01f, 0.2f, -0.2f, 1.0f, -1.0f, 3.0f };
      float weights[WEN_DESCENT_N_LANES];

      memcpy (weights, old, sizeof old);
      memcpy (terms, before, N_ROWS * sizeof *terms);
      wen_descent_step (weights, terms, entries, n_entries, COST, l1, l2);
      for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
        {
          double value = get_value (before, entries, n_entries, lane, (double) old[lane], (double) weights[lane], l1, l2);

          for (double distance = -0.01; distance < 0.02; distance += 0.02)
            g_assert_cmpfloat (value, <,
                               get_value (before, entries, n_entries, lane, (double) old[lane],
                                          (double) weights[lane] + distance, l1, l2));
          for (gsize j = 0; j < n_entries; j++)
            g_assert_cmpfloat_with_epsilon (terms[entries[j].index].changes[lane],
                                            before[entries[j].index].changes[lane]
                                              + entries[j].value * (weights[lane] - old[lane]),
                                            1e-5f);
        }
    }
}

/* Without a row there is only the penalty, and a lane of zeros stays one. */
static void
test_empty (void)
{
  WenDescentTerm terms[1] = { 0 };
  const WenDescentValue entries[] = { { 0, 1.0f } };
  float weights[WEN_DESCENT_N_LANES] = { 1.0f, -2.0f };

  wen_descent_step (weights, terms, entries, 1, COST, 0.5, 0.5);
  for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
    g_assert_cmpfloat (weights[lane], ==, 0.0f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/descent/least", test_least);
  g_test_add_func ("/wen/nn/descent/empty", test_empty);

  return g_test_run ();
}
