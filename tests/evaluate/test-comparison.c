/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Comparisons of classifiers: worked out on paper, and how often they are right about
 * classifiers whose true difference is known. */

#include "config.h"

#include "wen-comparison.h"

#include <math.h>

static const char * const labels[] = { "a", "b", NULL };
static const char * const other_labels[] = { "a", "c", NULL };

/* An evaluation of rows first_id … whose label is "b", and that are right where is_correct says so. */
static WenEvaluation *
create (const char * const *names,
        gint64              first_id,
        const gboolean     *is_correct,
        gsize               n_rows)
{
  g_autofree WenEvaluatedRow *rows = g_new0 (WenEvaluatedRow, n_rows);

  for (gsize i = 0; i < n_rows; i++)
    rows[i] = (WenEvaluatedRow) { first_id + (gint64) i, 1, is_correct[i], 0.9f, is_correct[i] ? 0.9f : 0.1f };
  return wen_evaluation_new_from_rows (names, 1, rows, n_rows);
}

/* Of 100 rows both get 70 right and 13 wrong, 12 only the first one, 5 only the second. */
static void
fill_hundred (gboolean *first,
              gboolean *second)
{
  for (guint i = 0; i < 100; i++)
    {
      first[i] = i < 82;
      second[i] = i < 70 || (i >= 82 && i < 87);
    }
}

static void
test_paired (void)
{
  gboolean first[100], second[100];
  g_autoptr(WenEvaluation) a = NULL;
  g_autoptr(WenEvaluation) b = NULL;
  WenComparison comparison, turned;

  fill_hundred (first, second);
  a = create (labels, 7, first, 100);
  b = create (labels, 7, second, 100);
  wen_evaluation_compare (a, b, &comparison);
  g_assert_true (comparison.is_paired);
  g_assert_cmpuint (comparison.n_rows, ==, 100);
  g_assert_cmpfloat_with_epsilon (comparison.difference, 0.07, 1e-12);
  /* 7/102 and 1.96 times the root of (19/102 - (7/102)^2) / 102. */
  g_assert_cmpfloat_with_epsilon (comparison.low, 0.068627 - 0.082692, 1e-5);
  g_assert_cmpfloat_with_epsilon (comparison.high, 0.068627 + 0.082692, 1e-5);

  wen_evaluation_compare (b, a, &turned);
  g_assert_cmpfloat_with_epsilon (turned.low, -comparison.high, 1e-12);
  g_assert_cmpfloat_with_epsilon (turned.high, -comparison.low, 1e-12);
}

/* Other rows, or rows whose label has become another one: nothing can be paired. */
static void
test_unpaired (void)
{
  gboolean first[100], second[100];
  g_autoptr(WenEvaluation) a = NULL;
  WenEvaluation *others[3];
  WenComparison comparison;

  fill_hundred (first, second);
  a = create (labels, 7, first, 100);
  others[0] = create (labels, 8, second, 100);
  others[1] = create (other_labels, 7, second, 100);
  others[2] = create (labels, 7, second, 87);
  for (guint i = 0; i < 3; i++)
    {
      wen_evaluation_compare (a, others[i], &comparison);
      g_assert_false (comparison.is_paired);
      g_assert_cmpfloat (comparison.low, <, comparison.difference);
      g_assert_cmpfloat (comparison.high, >, comparison.difference);
    }
  /* 83/102 and 76/102. */
  wen_evaluation_compare (a, others[0], &comparison);
  g_assert_cmpfloat_with_epsilon (comparison.low, 0.068627 - 0.113408, 1e-5);
  g_assert_cmpfloat_with_epsilon (comparison.high, 0.068627 + 0.113408, 1e-5);
  for (guint i = 0; i < 3; i++)
    g_object_unref (others[i]);
}

static void
test_same (void)
{
  gboolean one[] = { TRUE };
  g_autoptr(WenEvaluation) a = create (labels, 1, one, 1);
  WenComparison comparison;

  wen_evaluation_compare (a, a, &comparison);
  g_assert_cmpfloat (comparison.difference, ==, 0);
  g_assert_cmpfloat (comparison.low, <, 0);
  g_assert_cmpfloat (comparison.low, >=, -1);
  g_assert_cmpfloat (comparison.high, <=, 1);
}

/* Classifiers that are right with known probability, together more often than by chance:
 * the true difference lies in about 95 of 100 intervals. */
static void
test_coverage (void)
{
  const guint n_trials = 3000;
  const gsize n_rows = 60;
  g_autoptr(GRand) rand = g_rand_new_with_seed (5);
  guint n_covered[2] = { 0 };

  for (guint trial = 0; trial < n_trials; trial++)
    for (guint is_paired = 0; is_paired < 2; is_paired++)
      {
        gboolean first[60], second[60];
        g_autoptr(WenEvaluation) a = NULL;
        g_autoptr(WenEvaluation) b = NULL;
        WenComparison comparison;

        for (gsize i = 0; i < n_rows; i++)
          {
            double ease = g_rand_double (rand);

            first[i] = ease < 0.85;
            second[i] = g_rand_double (rand) < 0.1 ? g_rand_boolean (rand) : ease < 0.75;
            if (!is_paired)
              first[i] = g_rand_double (rand) < 0.85;
          }
        a = create (labels, 1, first, n_rows);
        b = create (labels, is_paired ? 1 : 1000, second, n_rows);
        wen_evaluation_compare (a, b, &comparison);
        /* The second: 0.1 * 0.5 + 0.9 * 0.75. */
        n_covered[is_paired] += comparison.low <= 0.125 && comparison.high >= 0.125;
      }
  for (guint i = 0; i < 2; i++)
    {
      g_test_message ("%s: %u of %u", i ? "paired" : "not paired", n_covered[i], n_trials);
      g_assert_cmpuint (n_covered[i], >, n_trials * 93 / 100);
      g_assert_cmpuint (n_covered[i], <, n_trials * 98 / 100);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Comparisons of classifiers are right, and about as sure as they say");

  g_test_add_func ("/wen/evaluate/comparison/paired", test_paired);
  g_test_add_func ("/wen/evaluate/comparison/unpaired", test_unpaired);
  g_test_add_func ("/wen/evaluate/comparison/same", test_same);
  g_test_add_func ("/wen/evaluate/comparison/coverage", test_coverage);

  return g_test_run ();
}
