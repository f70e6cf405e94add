/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cross-validation: folds that hold every row once, keep copies together and labels in
 * their shares; figures that agree with the probabilities; and no leak. */

#include "config.h"

#include "train-fixture.h"

#include "wen-cross-validation.h"

#include <math.h>
#include <string.h>

#define N_FOLDS 5

static WenRecipe *
new_recipe (void)
{
  WenRecipe *recipe = wen_recipe_new_preset ("bayes", NULL);

  recipe->n_threads = 1;
  return recipe;
}

static WenDataset *
new_dataset (void)
{
  WenDataset *dataset = wen_dataset_new ();

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 200, 1);
  /* Copies, rows that take no part, and a label that is rare. */
  for (guint i = 0; i < 12; i++)
    wen_dataset_append (dataset, 300 + i, "the very same text, word for word, again and again", "positive", WEN_SPLIT_TRAIN);
  append_learnable_rows (dataset, WEN_SPLIT_TEST, 10, 2);
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *text = g_strdup_printf ("%c%c rare kind number %u of %u", 'a' + i, 'z' - i, i * 37, i * i * 101);

      wen_dataset_append (dataset, 400 + i, text, "rare", WEN_SPLIT_TRAIN);
    }
  return dataset;
}

static void
test_folds (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autofree guint8 *folds = wen_dataset_make_folds (dataset, 42, N_FOLDS, NULL, NULL);
  g_autofree guint8 *same = wen_dataset_make_folds (dataset, 42, N_FOLDS, NULL, NULL);
  g_autofree guint8 *other = wen_dataset_make_folds (dataset, 43, N_FOLDS, NULL, NULL);
  guint n_rows = (guint) wen_dataset_get_n_rows (dataset);
  guint n_of_label[N_FOLDS][3] = { { 0 } };
  guint first_copy = WEN_NO_FOLD;

  g_assert_cmpmem (folds, n_rows, same, n_rows);
  g_assert_cmpint (memcmp (folds, other, n_rows), !=, 0);
  for (gsize row = 0; row < n_rows; row++)
    {
      if (wen_dataset_get_split (dataset, row) != WEN_SPLIT_TRAIN)
        {
          g_assert_cmpuint (folds[row], ==, WEN_NO_FOLD);
          continue;
        }
      g_assert_cmpuint (folds[row], <, N_FOLDS);
      n_of_label[folds[row]][wen_dataset_get_label (dataset, row)]++;
      if (g_str_has_prefix (wen_dataset_get_text (dataset, row), "the very same"))
        {
          if (first_copy == WEN_NO_FOLD)
            first_copy = folds[row];
          g_assert_cmpuint (folds[row], ==, first_copy);
        }
    }
  for (guint fold = 0; fold < N_FOLDS; fold++)
    {
      g_assert_cmpuint (n_of_label[fold][0], >=, 18);
      g_assert_cmpuint (n_of_label[fold][0], <=, 28);
      g_assert_cmpuint (n_of_label[fold][1], >=, 18);
      g_assert_cmpuint (n_of_label[fold][1], <=, 22);
      g_assert_cmpuint (n_of_label[fold][2], >=, 1);
      g_assert_cmpuint (n_of_label[fold][2], <=, 2);
    }
}

/* Mean F1 of the labels of a fold, from precision and recall. */
static double
compute_macro_f1 (guint n_predicted_as[3][3])
{
  double sum = 0;
  guint n_occurring = 0;

  for (guint label = 0; label < 3; label++)
    {
      double correct = n_predicted_as[label][label];
      double n_rows = n_predicted_as[label][0] + n_predicted_as[label][1] + n_predicted_as[label][2];
      double n_predicted = n_predicted_as[0][label] + n_predicted_as[1][label] + n_predicted_as[2][label];

      n_occurring += n_rows + n_predicted > 0;
      if (correct > 0)
        sum += 2 / (n_rows / correct + n_predicted / correct);
    }
  return sum / n_occurring;
}

/* Figures, counted again from the probabilities. */
static void
test_figures (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCrossValidation) result = wen_cross_validation_run (dataset, recipe, N_FOLDS, 1, NULL, NULL, NULL, &error);
  guint n_rows[N_FOLDS] = { 0 };
  guint n_correct[N_FOLDS] = { 0 };
  guint n_predicted_as[N_FOLDS][3][3] = { { { 0 } } };
  double mean = 0;
  double mean_f1 = 0;
  double deviation;

  g_assert_no_error (error);
  g_assert_cmpuint (wen_cross_validation_get_n_runs (result), ==, N_FOLDS);
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      guint fold = wen_cross_validation_get_fold (result, row);
      double sum = 0;
      guint best = 0;

      for (guint label = 0; label < 3; label++)
        {
          sum += wen_cross_validation_get_probability (result, row, label);
          if (wen_cross_validation_get_probability (result, row, label)
              > wen_cross_validation_get_probability (result, row, best))
            best = label;
        }
      g_assert_cmpfloat_with_epsilon (sum, fold == WEN_NO_FOLD ? 0 : 1, 1e-5);
      if (fold != WEN_NO_FOLD)
        {
          n_rows[fold]++;
          n_correct[fold] += best == wen_dataset_get_label (dataset, row);
          n_predicted_as[fold][wen_dataset_get_label (dataset, row)][best]++;
        }
    }
  for (guint fold = 0; fold < N_FOLDS; fold++)
    {
      g_assert_cmpfloat_with_epsilon (wen_cross_validation_get_accuracy (result, fold),
                                      (double) n_correct[fold] / n_rows[fold], 1e-12);
      g_assert_cmpfloat_with_epsilon (wen_cross_validation_get_macro_f1 (result, fold),
                                      compute_macro_f1 (n_predicted_as[fold]), 1e-12);
      mean += wen_cross_validation_get_accuracy (result, fold) / N_FOLDS;
      mean_f1 += wen_cross_validation_get_macro_f1 (result, fold) / N_FOLDS;
    }
  g_assert_cmpfloat_with_epsilon (wen_cross_validation_get_mean (result, &deviation), mean, 1e-12);
  g_assert_cmpfloat (deviation, >=, 0);
  g_assert_cmpfloat_with_epsilon (wen_cross_validation_get_mean_macro_f1 (result, &deviation), mean_f1, 1e-12);
  g_assert_cmpfloat (deviation, >=, 0);
  g_assert_cmpfloat (mean, >, 0.8);
}

/* Labels that nothing in the texts tells cannot be known, however often a text is there:
 * learning a row by heart would. */
static void
test_no_leak (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenCrossValidation) result = NULL;
  double mean;

  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *text = g_strdup_printf ("%c%c%c%c%c%c", (char) ('a' + wen_random_u64 (1, i / 2, 0) % 26),
                                               (char) ('a' + wen_random_u64 (1, i / 2, 1) % 26),
                                               (char) ('a' + wen_random_u64 (1, i / 2, 2) % 26),
                                               (char) ('a' + wen_random_u64 (1, i / 2, 3) % 26),
                                               (char) ('a' + wen_random_u64 (1, i / 2, 4) % 26),
                                               (char) ('a' + wen_random_u64 (1, i / 2, 5) % 26));

      /* Each text twice, with one label. */
      wen_dataset_append (dataset, i, text, wen_random_u64 (2, i / 2, 0) % 2 ? "a" : "b", WEN_SPLIT_TRAIN);
    }
  result = wen_cross_validation_run (dataset, recipe, N_FOLDS, 2, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (wen_cross_validation_get_n_runs (result), ==, 2 * N_FOLDS);
  mean = wen_cross_validation_get_mean (result, NULL);
  g_assert_cmpfloat (mean, >, 0.35);
  g_assert_cmpfloat (mean, <, 0.65);
}

static void
test_refused (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_cross_validation_run (dataset, recipe, 10, 1, NULL, NULL, NULL, &error));
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS);
  g_assert_nonnull (strstr (error->message, "rare"));
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (wen_cross_validation_run (dataset, recipe, N_FOLDS, 1, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/cross-validation/folds", test_folds);
  g_test_add_func ("/wen/train/cross-validation/figures", test_figures);
  g_test_add_func ("/wen/train/cross-validation/no-leak", test_no_leak);
  g_test_add_func ("/wen/train/cross-validation/refused", test_refused);

  return g_test_run ();
}
