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
          double value = get_value (before, entries, n_entries, lane, (double) old[lane], (double) weights[lane],
                                    l1, l2);

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

/* A support vector machine's step: the dual is where the dual function of it alone is
 * greatest, or zero, and weights and bias know how it changed. */
static void
test_dual (void)
{
  static const WenDescentValue row[] = { { 0, 0.6f }, { 2, -0.8f } };
  const float diagonal = 0.25f;
  float signs[WEN_DESCENT_N_LANES] = { 1.0f, -1.0f, 1.0f, -1.0f, 1.0f, -1.0f, 0.0f, 0.0f };
  float duals[WEN_DESCENT_N_LANES] = { 0.0f, 0.0f, 0.5f, 0.5f, 2.0f, 0.1f };
  g_autofree float *weights = random_floats (3 * WEN_DESCENT_N_LANES, 2, 2.0);
  g_autofree float *old = g_memdup2 (weights, 3 * WEN_DESCENT_N_LANES * sizeof *weights);
  float biases[WEN_DESCENT_N_LANES] = { 3.0f, 2.0f, -1.0f, 0.5f };
  float old_biases[WEN_DESCENT_N_LANES];
  float old_duals[WEN_DESCENT_N_LANES];
  float margins[WEN_DESCENT_N_LANES];

  memcpy (old_biases, biases, sizeof biases);
  memcpy (old_duals, duals, sizeof duals);
  wen_dual_descent_step (weights, biases, duals, margins, row, G_N_ELEMENTS (row), signs, 2.0f, diagonal);
  for (guint lane = 0; lane < WEN_DESCENT_N_LANES; lane++)
    {
      double sign = (double) signs[lane];
      double change = (double) duals[lane] - (double) old_duals[lane];
      double margin = (double) old_biases[lane] + 0.6 * (double) old[lane]
                      - 0.8 * (double) old[2 * WEN_DESCENT_N_LANES + lane];
      double best = MAX (0, (double) old_duals[lane]
                              + (1 - sign * margin - (double) diagonal * (double) old_duals[lane]) / 2.25);

      g_assert_cmpfloat_with_epsilon (margins[lane], margin, 1e-5);
      g_assert_cmpfloat_with_epsilon (duals[lane], best, 1e-5);
      g_assert_cmpfloat_with_epsilon (biases[lane], (double) old_biases[lane] + sign * change, 1e-5);
      g_assert_cmpfloat_with_epsilon (weights[lane], (double) old[lane] + sign * change * 0.6, 1e-5);
      g_assert_cmpfloat (weights[WEN_DESCENT_N_LANES + lane], ==, old[WEN_DESCENT_N_LANES + lane]);
      g_assert_cmpfloat_with_epsilon (weights[2 * WEN_DESCENT_N_LANES + lane],
                                      (double) old[2 * WEN_DESCENT_N_LANES + lane] - sign * change * 0.8, 1e-5);
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
  g_test_add_func ("/wen/nn/descent/dual", test_dual);
  g_test_add_func ("/wen/nn/descent/empty", test_empty);

  return g_test_run ();
}
