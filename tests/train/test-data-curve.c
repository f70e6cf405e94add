/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The curve over rows: gains of a power law that is known, intervals next to those of the
 * textbook, and a whole curve on rows of which more do help. */

#include "config.h"

#include "train-fixture.h"

#include "wen-data-curve-private.h"
#include "wen-data-curve.h"

#include <math.h>
#include <string.h>

/* Points that lie on error = a n^-b give what the formula says for 2n. */
static void
test_gain (void)
{
  static const double exponents[] = { 0.1, 0.35, 1 };
  const double n_rows[] = { 100, 250, 500, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (exponents); i++)
    {
      double shares[4];
      double expected;

      for (guint point = 0; point < 4; point++)
        shares[point] = 1 - 2 * pow (n_rows[point], -exponents[i]) / 4;
      expected = (1 - 2 * pow (2000, -exponents[i]) / 4) - shares[3];
      g_assert_cmpfloat_with_epsilon (wen_data_curve_compute_gain (n_rows, shares, 4, 1e-9), expected, 1e-12);
    }
  /* What does not get better gains nothing, what gets worse loses, and all right stays so. */
  g_assert_cmpfloat_with_epsilon (wen_data_curve_compute_gain (n_rows, (double[]) { 0.9, 0.9, 0.9, 0.9 }, 4, 1e-3), 0,
                                  1e-12);
  g_assert_cmpfloat (wen_data_curve_compute_gain (n_rows, (double[]) { 0.9, 0.9, 0.8, 0.7 }, 4, 1e-3), <, 0);
  g_assert_cmpfloat (wen_data_curve_compute_gain (n_rows, (double[]) { 0.9, 0.99, 1, 1 }, 4, 1e-3), ==, 0);
}

static void
test_verdict (void)
{
  g_assert_cmpint (wen_data_curve_judge (&(WenEstimate) { 0.02, 0.01, 0.03 }), ==, WEN_DATA_VERDICT_HELPS);
  g_assert_cmpint (wen_data_curve_judge (&(WenEstimate) { 0.001, -0.002, 0.004 }), ==, WEN_DATA_VERDICT_LITTLE);
  g_assert_cmpint (wen_data_curve_judge (&(WenEstimate) { 0.02, -0.01, 0.05 }), ==, WEN_DATA_VERDICT_UNCLEAR);
  g_assert_cmpint (wen_data_curve_judge (&(WenEstimate) { 0.001, -0.02, 0.03 }), ==, WEN_DATA_VERDICT_UNCLEAR);
}

/* Two labels of 600 and 400 rows; of the first 10 % are wrong, of the second 30 %, in every
 * repeat the same ones, and at half the rows twice as many. */
static void
test_estimates (void)
{
  const gsize n_measured = 1000;
  g_autofree guint *labels = g_new (guint, n_measured);
  g_autofree guint *predicted = g_new (guint, 2 * 3 * n_measured);
  const WenDataCurvePredictions predictions = {
    .n_points = 2,
    .n_repeats = 3,
    .n_labels = 2,
    .n_measured = n_measured,
    .n_rows = (const double[]) { 500, 1000 },
    .labels = labels,
    .predicted = predicted,
    .seed = 1,
  };
  g_autofree WenEstimate *estimates = NULL;
  const WenEstimate *figure;
  double half_width = 1.96 * sqrt (0.82 * 0.18 / 1000);

  for (gsize row = 0; row < n_measured; row++)
    {
      labels[row] = row >= 600;
      for (guint run = 0; run < 6; run++)
        {
          guint n_wrong = (labels[row] ? 30 : 10) * (run < 3 ? 2 : 1);

          predicted[run * n_measured + row] = row * 37 % 100 < n_wrong ? 1 - labels[row] : labels[row];
        }
    }
  estimates = wen_data_curve_estimate (&predictions);

  figure = estimates + wen_data_curve_index_point (2, 1);
  g_assert_cmpfloat_with_epsilon (figure->value, 0.82, 1e-6);
  g_assert_cmpfloat_with_epsilon (figure->value - figure->low, half_width, 0.2 * half_width);
  g_assert_cmpfloat_with_epsilon (figure->high - figure->value, half_width, 0.2 * half_width);

  /* 540 + 120 are given the first label, 280 + 60 the second. */
  figure = estimates + wen_data_curve_index_label (2, 0, 1);
  g_assert_cmpfloat_with_epsilon (figure[0].value, 0.9, 1e-6);
  g_assert_cmpfloat_with_epsilon (figure[1].value, 2 * 540 / (600 + 660.0), 1e-6);
  figure = estimates + wen_data_curve_index_label (2, 1, 1);
  g_assert_cmpfloat_with_epsilon (figure[0].value, 0.7, 1e-6);
  g_assert_cmpfloat_with_epsilon (figure[1].value, 2 * 280 / (400 + 340.0), 1e-6);
  figure = estimates + wen_data_curve_index_point (2, 1) + 1;
  g_assert_cmpfloat_with_epsilon (figure->value, (2 * 540 / 1260.0 + 2 * 280 / 740.0) / 2, 1e-6);

  /* Half the error with twice the rows: the next doubling takes half of 0.18. */
  figure = estimates + wen_data_curve_index_gain (2);
  g_assert_cmpfloat_with_epsilon (figure->value, 0.09, 1e-6);
  g_assert_cmpfloat (figure->low, >, 0.06);
  g_assert_cmpfloat (figure->high, <, 0.12);
}

static WenRecipe *
new_recipe (void)
{
  WenRecipe *recipe = wen_recipe_new_preset ("bayes", NULL);

  g_free (recipe->tokenizer);
  recipe->tokenizer = g_strdup ("word");
  recipe->minimum_count = 1;
  recipe->longest_ngram = 1;
  recipe->n_threads = 1;
  return recipe;
}

static WenDataset *
new_dataset (guint    n_validation,
             gboolean has_test_rows)
{
  WenDataset *dataset = wen_dataset_new ();

  append_noisy_rows (dataset, WEN_SPLIT_TRAIN, 1000, 1);
  append_noisy_rows (dataset, WEN_SPLIT_VALIDATION, n_validation, 2);
  if (has_test_rows)
    append_noisy_rows (dataset, WEN_SPLIT_TEST, 600, 3);
  return dataset;
}

static void
follow (double   fraction,
        gpointer user_data)
{
  double *last = user_data;

  g_assert_cmpfloat (fraction, >=, *last);
  g_assert_cmpfloat (fraction, <=, 1);
  *last = fraction;
}

/* On the validation split (1) or in folds (0): more rows are better, labels add up, and rows
 * of the test split make no difference. */
static void
test_curve (gconstpointer data)
{
  gboolean has_validation = GPOINTER_TO_INT (data);
  g_autoptr (WenDataset) dataset = new_dataset (has_validation ? 500 : 50, TRUE);
  g_autoptr (WenDataset) without_test = new_dataset (has_validation ? 500 : 50, FALSE);
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (GError) error = NULL;
  double last = 0;
  g_autoptr (WenDataCurve) curve = wen_data_curve_run (dataset, recipe, 2, follow, &last, NULL, &error);
  g_autoptr (WenDataCurve) same = wen_data_curve_run (without_test, recipe, 2, NULL, NULL, NULL, NULL);
  WenDataCurvePoint first_point;
  WenDataForecast forecast;

  g_assert_no_error (error);
  g_assert_cmpfloat (last, >, 0.9);
  g_assert_cmpuint (wen_data_curve_get_n_folds (curve), ==, has_validation ? 0 : 5);
  g_assert_cmpuint (wen_data_curve_get_n_measured (curve), ==, has_validation ? 500 : 1050);
  g_assert_cmpuint (wen_data_curve_get_n_points (curve), ==, 4);
  g_assert_cmpuint (wen_data_curve_get_n_labels (curve), ==, 3);
  wen_data_curve_get_point (curve, 0, &first_point);
  for (guint i = 0; i < 4; i++)
    {
      static const double shares[] = { 0.1, 0.25, 0.5, 1 };
      WenDataCurvePoint point;
      WenDataCurvePoint same_point;
      guint64 n_label_rows = 0;

      wen_data_curve_get_point (curve, i, &point);
      wen_data_curve_get_point (same, i, &same_point);
      g_assert_cmpfloat (point.share, ==, shares[i]);
      g_assert_cmpfloat (point.accuracy.value, ==, same_point.accuracy.value);
      g_assert_cmpfloat (point.accuracy.low, ==, same_point.accuracy.low);
      g_assert_cmpfloat (point.accuracy.low, <=, point.accuracy.value);
      g_assert_cmpfloat (point.accuracy.high, >=, point.accuracy.value);
      g_assert_cmpfloat ((double) point.n_rows, <=, shares[i] * 1010);
      g_assert_cmpfloat ((double) point.n_rows, >=, shares[i] * (has_validation ? 990 : 700));
      for (guint label = 0; label < 3; label++)
        {
          WenDataCurveLabelPoint label_point;

          wen_data_curve_get_label_point (curve, label, i, &label_point);
          n_label_rows += label_point.n_rows;
        }
      g_assert_cmpuint (n_label_rows, >=, point.n_rows - 2);
      g_assert_cmpuint (n_label_rows, <=, point.n_rows + 2);
      if (i == 3)
        g_assert_cmpfloat (point.accuracy.value, >, first_point.accuracy.value + 0.03);
    }
  wen_data_curve_get_forecast (curve, &forecast);
  g_assert_cmpfloat (forecast.gain.value, >, 0);
  g_assert_cmpuint (forecast.n_rows, >=, has_validation ? 1990 : 1400);
}

static void
test_refused (void)
{
  g_autoptr (WenDataset) dataset = new_dataset (500, FALSE);
  g_autoptr (WenDataset) few = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  append_noisy_rows (few, WEN_SPLIT_TRAIN, 24, 1);
  g_assert_null (wen_data_curve_run (few, recipe, 1, NULL, NULL, NULL, &error));
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (wen_data_curve_run (dataset, recipe, 1, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  recipe->n_epochs = 0;
  g_assert_null (wen_data_curve_run (dataset, recipe, 1, NULL, NULL, NULL, &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/data-curve/gain", test_gain);
  g_test_add_func ("/wen/train/data-curve/verdict", test_verdict);
  g_test_add_func ("/wen/train/data-curve/estimates", test_estimates);
  g_test_add_data_func ("/wen/train/data-curve/validation", GINT_TO_POINTER (TRUE), test_curve);
  g_test_add_data_func ("/wen/train/data-curve/folds", GINT_TO_POINTER (FALSE), test_curve);
  g_test_add_func ("/wen/train/data-curve/refused", test_refused);

  return g_test_run ();
}
