/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The linear family: n-grams counted by hand, margins of scikit-learn, and the same
 * bits whatever the number of workers. */

#include "config.h"

#include "wen-classifier-private.h"
#include "wen-dataset.h"
#include "wen-model-private.h"
#include "wen-ngrams-private.h"
#include "wen-trainer.h"

#include "linear-golden.h"

#include <math.h>
#include <string.h>

static const WenBatch golden_texts = {
  .n_texts = GOLDEN_N_TEXTS,
  .n_tokens = G_N_ELEMENTS (golden_token_ids),
  .token_ids = golden_token_ids,
  .offsets = golden_offsets,
  .labels = golden_labels,
};

static WenRecipe *
new_golden_recipe (void)
{
  WenRecipe *recipe = wen_recipe_new_preset ("linear", NULL);

  recipe->longest_ngram = GOLDEN_LONGEST;
  recipe->cost = GOLDEN_COST;
  return recipe;
}

static gboolean
go_on (const WenModelStep *step,
       gpointer            user_data)
{
  return TRUE;
}

static WenModel *
train (const WenRecipe *recipe,
       const WenBatch  *texts,
       guint            n_epochs,
       guint            n_workers)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (n_workers);
  WenModel *model = wen_model_new (recipe, 15, GOLDEN_N_LABELS);

  wen_model_initialize (model, 1);
  wen_model_begin (model, texts, pool);
  for (guint epoch = 1; epoch <= n_epochs; epoch++)
    g_assert_true (wen_model_run_epoch (model, epoch, 0, go_on, NULL));
  wen_model_end (model);
  return model;
}

/* "a b a" and "a b c" with pairs, where a is 3, b is 4 and c is 5. */
static void
test_ngrams (void)
{
  static const guint32 token_ids[] = { 3, 4, 3, 3, 4, 5 };
  static const guint32 offsets[] = { 0, 3, 6 };
  const WenBatch texts = { .n_texts = 2, .n_tokens = 6, .token_ids = token_ids, .offsets = offsets };
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (3);
  g_autoptr (WenNgrams) all = wen_ngrams_new_from_texts (&texts, 2, 0, 1, 100, pool);
  g_autoptr (WenNgrams) common = wen_ngrams_new_from_texts (&texts, 2, 0, 2, 100, pool);
  g_autoptr (WenNgrams) few = wen_ngrams_new_from_texts (&texts, 2, 0, 1, 2, pool);
  guint32 counts[6] = { 0 };
  WenNgramValue values[6];
  gsize n_values;
  double a, ab, b, length;

  /* a, b, c, ab, ba, bc; of these a, b and ab are in both texts. */
  g_assert_cmpuint (wen_ngrams_get_n_features (all), ==, 6);
  g_assert_cmpuint (wen_ngrams_get_n_features (common), ==, 3);
  g_assert_cmpuint (wen_ngrams_get_n_features (few), ==, 2);
  for (gsize i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (wen_ngrams_get_weight (all, i), 1, 1e-6);
  for (gsize i = 3; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (wen_ngrams_get_weight (all, i), 1 + log (3.0 / 2.0), 1e-6);

  /* Of the first text, "a" is there twice. */
  n_values = wen_ngrams_extract (common, WEN_NGRAM_VALUES_TF_IDF, token_ids, 3, counts, values);
  g_assert_cmpuint (n_values, ==, 3);
  a = 1 + log (2);
  ab = b = 1;
  length = sqrt (a * a + ab * ab + b * b);
  g_assert_cmpfloat_with_epsilon (values[0].value, a / length, 1e-6);
  g_assert_cmpfloat_with_epsilon (values[1].value, ab / length, 1e-6);
  g_assert_cmpfloat_with_epsilon (values[2].value, b / length, 1e-6);
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    g_assert_cmpuint (counts[i], ==, 0);

  g_assert_cmpuint (wen_ngrams_extract (common, WEN_NGRAM_VALUES_TF_IDF, token_ids, 0, counts, values), ==, 0);
}

/* Runs that share a bucket share a feature; with one bucket, it is how long the text is. */
static void
test_buckets (void)
{
  static const guint32 token_ids[] = { 3, 4, 3, 3, 4, 5, 9, 9 };
  static const guint32 offsets[] = { 0, 3, 6, 8 };
  const WenBatch texts = { .n_texts = 3, .n_tokens = 8, .token_ids = token_ids, .offsets = offsets };
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (3);
  g_autoptr (WenNgrams) one = wen_ngrams_new_from_texts (&texts, 2, 1, 1, 1, pool);
  g_autoptr (WenNgrams) many = wen_ngrams_new_from_texts (&texts, 2, 1 << 24, 1, 1 << 24, pool);
  g_autoptr (WenNgrams) four = wen_ngrams_new_from_texts (&texts, 2, 4, 1, 4, pool);
  guint32 counts[8] = { 0 };
  WenNgramValue values[6];
  gsize n_values;
  float sum = 0.0f;

  g_assert_cmpuint (wen_ngrams_get_n_features (one), ==, 1);
  g_assert_cmpuint (wen_ngrams_extract (one, WEN_NGRAM_VALUES_COUNTS, token_ids, 3, counts, values), ==, 1);
  g_assert_cmpfloat (values[0].value, ==, 5.0f);

  /* a, b, c, d, ab, ba, bc, dd: among sixteen million, none meet. */
  g_assert_cmpuint (wen_ngrams_get_n_features (many), ==, 8);

  g_assert_cmpuint (wen_ngrams_get_n_features (four), <=, 4);
  for (gsize i = 0; i < wen_ngrams_get_n_features (four); i++)
    g_assert_cmpuint (wen_ngrams_get_key (four, i), <, 4);
  n_values = wen_ngrams_extract (four, WEN_NGRAM_VALUES_COUNTS, token_ids, 3, counts, values);
  for (gsize i = 0; i < n_values; i++)
    sum += values[i].value;
  g_assert_cmpfloat (sum, ==, 5.0f);
}

/* Differences of logits are three times those of margins, before calibration. */
static void
assert_margins (const WenRecipe *recipe,
                const WenBatch  *texts,
                const float     *expected)
{
  g_autoptr (WenModel) model = train (recipe, texts, 400, 2);
  WenModelWorkspace *workspace = wen_model_workspace_new (model, golden_texts.n_tokens, GOLDEN_N_TEXTS);
  float probabilities[GOLDEN_N_TEXTS * GOLDEN_N_LABELS];
  gsize n_tensors;
  const WenTensor *tensors = wen_model_list_parameters (model, &n_tensors);

  g_assert_cmpuint (tensors[1].n_values, ==, GOLDEN_N_FEATURES);
  wen_model_predict (model, workspace, &golden_texts, probabilities);
  for (gsize i = 0; i < GOLDEN_N_TEXTS; i++)
    for (gsize label = 1; label < GOLDEN_N_LABELS; label++)
      {
        const float *row = probabilities + i * GOLDEN_N_LABELS;
        const float *margins = expected + i * GOLDEN_N_LABELS;
        double difference = log ((double) row[label]) - log ((double) row[0]);

        g_assert_cmpfloat_with_epsilon (difference, 3.0 * ((double) margins[label] - (double) margins[0]), 1e-3);
      }
  wen_model_workspace_free (model, workspace);
}

/* Until nothing changes any more, it is the machine that scikit-learn finds. */
static void
test_margins (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe ();
  WenBatch weighted = golden_texts;

  assert_margins (recipe, &golden_texts, golden_margins);

  weighted.weights = golden_weights;
  assert_margins (recipe, &weighted, golden_weighted_margins);

  recipe->sublinear = FALSE;
  assert_margins (recipe, &golden_texts, golden_linear_margins);
}

/* A machine learns the likeliest label of what has probabilities. */
static void
test_targets (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe ();
  g_autofree float *targets = g_new0 (float, GOLDEN_N_TEXTS * GOLDEN_N_LABELS);
  guint32 other_labels[GOLDEN_N_TEXTS] = { 0 };
  WenBatch texts = golden_texts;

  for (gsize i = 0; i < GOLDEN_N_TEXTS; i++)
    for (gsize label = 0; label < GOLDEN_N_LABELS; label++)
      targets[i * GOLDEN_N_LABELS + label] = golden_labels[i] == label ? 0.4f : 0.3f;
  texts.labels = other_labels;
  texts.targets = targets;
  assert_margins (recipe, &texts, golden_margins);
}

static void
test_workers (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe ();
  g_autoptr (WenModel) one = train (recipe, &golden_texts, 3, 1);
  g_autoptr (WenModel) three = train (recipe, &golden_texts, 3, 3);
  gsize n_values = wen_model_count_values (one);
  g_autofree float *values = g_new (float, n_values);
  g_autofree float *values_of_three = g_new (float, n_values);

  g_assert_cmpuint (wen_model_count_values (three), ==, n_values);
  wen_model_copy_values (one, values);
  wen_model_copy_values (three, values_of_three);
  g_assert_cmpmem (values, n_values * sizeof (float), values_of_three, n_values * sizeof (float));
}

/* Calibration finds the number that a search over many finds, and changes no answer. */
static void
test_calibration (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe ();
  g_autoptr (WenModel) model = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  WenModelWorkspace *workspace;
  float before[GOLDEN_N_TEXTS * GOLDEN_N_LABELS];
  float after[GOLDEN_N_TEXTS * GOLDEN_N_LABELS];
  float predicted[GOLDEN_N_TEXTS * GOLDEN_N_LABELS];
  double least = INFINITY;
  double loss = 0;

  wen_model_begin (model, &golden_texts, pool);
  wen_model_run_epoch (model, 1, 0, go_on, NULL);
  workspace = wen_model_workspace_new (model, golden_texts.n_tokens, GOLDEN_N_TEXTS);
  wen_model_predict (model, workspace, &golden_texts, before);
  memcpy (after, before, sizeof after);
  wen_model_calibrate (model, &golden_texts, after);
  wen_model_predict (model, workspace, &golden_texts, predicted);

  for (double factor = 0.1; factor < 10; factor *= 1.01)
    {
      double sum = 0;

      for (gsize i = 0; i < GOLDEN_N_TEXTS; i++)
        {
          double total = 0;

          for (gsize label = 0; label < GOLDEN_N_LABELS; label++)
            total += pow ((double) before[i * GOLDEN_N_LABELS + label], factor);
          sum -= log (pow ((double) before[i * GOLDEN_N_LABELS + golden_labels[i]], factor) / total);
        }
      least = MIN (least, sum / GOLDEN_N_TEXTS);
    }
  for (gsize i = 0; i < GOLDEN_N_TEXTS; i++)
    loss -= log ((double) after[i * GOLDEN_N_LABELS + golden_labels[i]]) / GOLDEN_N_TEXTS;
  g_assert_cmpfloat (loss, <=, least + 1e-3);
  for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
    g_assert_cmpfloat_with_epsilon (predicted[i], after[i], 1e-5);
  wen_model_workspace_free (model, workspace);
  wen_model_end (model);
}

static WenDataset *
new_dataset (guint n_labels)
{
  static const char *const words[] = { "slow delivery", "broken screen", "wrong invoice" };
  WenDataset *dataset = wen_dataset_new ();

  for (guint i = 0; i < 240; i++)
    {
      g_autofree char *text = g_strdup_printf ("order %u: %s again", i * 7, words[i % n_labels]);
      g_autofree char *label = g_strdup_printf ("label %u", i % n_labels);

      wen_dataset_append (dataset, i, text, label, i < 180 ? WEN_SPLIT_TRAIN : WEN_SPLIT_VALIDATION);
    }
  return dataset;
}

/* Through files and back, with two labels and with three. */
static void
test_files (gconstpointer data)
{
  g_autoptr (WenDataset) dataset = new_dataset (GPOINTER_TO_UINT (data));
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("linear", NULL);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = wen_trainer_run (trainer, NULL, &error);
  g_autoptr (GHashTable) files = NULL;
  g_autoptr (WenClassifier) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpfloat (wen_trainer_get_summary (trainer)->best_validation_accuracy, ==, 1.0);
  files = wen_classifier_to_files (classifier);
  again = wen_classifier_new_from_files (files, &error);
  g_assert_no_error (error);
  for (gsize row = 0; row < 10; row++)
    {
      const char *text = wen_dataset_get_text (dataset, row);
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, text);
      g_autoptr (WenPrediction) same = wen_classifier_predict (again, text);

      g_assert_cmpstr (wen_prediction_get_label (prediction), ==, wen_prediction_get_label (same));
      g_assert_cmpfloat (wen_prediction_get_probability (prediction), ==, wen_prediction_get_probability (same));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/linear/ngrams", test_ngrams);
  g_test_add_func ("/wen/model/linear/buckets", test_buckets);
  g_test_add_func ("/wen/model/linear/margins", test_margins);
  g_test_add_func ("/wen/model/linear/targets", test_targets);
  g_test_add_func ("/wen/model/linear/workers", test_workers);
  g_test_add_func ("/wen/model/linear/calibration", test_calibration);
  g_test_add_data_func ("/wen/model/linear/files/two-labels", GUINT_TO_POINTER (2), test_files);
  g_test_add_data_func ("/wen/model/linear/files/three-labels", GUINT_TO_POINTER (3), test_files);

  return g_test_run ();
}
