/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logistic regression: probabilities of scikit-learn whatever the penalty, the same bits
 * whatever the number of workers, and going on from the middle. */

#include "config.h"

#include "wen-classifier-private.h"
#include "wen-dataset.h"
#include "wen-logistic-private.h"
#include "wen-model-private.h"
#include "wen-trainer.h"

#include "linear-golden.h"
#include "logistic-golden.h"

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
new_golden_recipe (double l1_share)
{
  WenRecipe *recipe = wen_recipe_new_preset ("linear", NULL);

  recipe->linear_loss = WEN_LINEAR_LOSS_LOGISTIC;
  recipe->longest_ngram = GOLDEN_LONGEST;
  recipe->cost = GOLDEN_LOGISTIC_COST;
  recipe->l1_share = l1_share;
  return recipe;
}

static gboolean
go_on (const WenModelStep *step,
       gpointer            user_data)
{
  GArray *losses = user_data;

  if (losses != NULL)
    g_array_append_val (losses, step->loss);
  return TRUE;
}

static WenModel *
train (const WenRecipe *recipe,
       const WenBatch  *texts,
       guint            n_labels,
       guint            n_epochs,
       guint            n_workers)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (n_workers);
  WenModel *model = wen_model_new (recipe, 15, n_labels);

  wen_model_initialize (model, 1);
  wen_model_begin (model, texts, pool);
  for (guint epoch = 1; epoch <= n_epochs; epoch++)
    g_assert_true (wen_model_run_epoch (model, epoch, 0, go_on, NULL));
  wen_model_end (model);
  return model;
}

static void
assert_probabilities (WenModel    *model,
                      const float *expected)
{
  guint n_labels = wen_model_get_n_labels (model);
  WenModelWorkspace *workspace = wen_model_workspace_new (model, golden_texts.n_tokens, GOLDEN_N_TEXTS);
  g_autofree float *probabilities = g_new (float, GOLDEN_N_TEXTS * n_labels);

  wen_model_predict (model, workspace, &golden_texts, probabilities);
  for (gsize i = 0; i < GOLDEN_N_TEXTS * n_labels; i++)
    g_assert_cmpfloat_with_epsilon (probabilities[i], expected[i], 1e-4f);
  wen_model_workspace_free (model, workspace);
}

static void
test_penalties (void)
{
  g_autoptr (WenRecipe) l2 = new_golden_recipe (0);
  g_autoptr (WenRecipe) l1 = new_golden_recipe (1);
  g_autoptr (WenRecipe) mixed = new_golden_recipe (GOLDEN_MIXED_SHARE);
  g_autoptr (WenModel) model_of_l2 = train (l2, &golden_texts, GOLDEN_N_LABELS, 100, 1);
  g_autoptr (WenModel) model_of_l1 = train (l1, &golden_texts, GOLDEN_N_LABELS, 100, 1);
  g_autoptr (WenModel) model_of_both = train (mixed, &golden_texts, GOLDEN_N_LABELS, 100, 1);
  gsize n_tensors;
  const WenTensor *weights;
  gsize n_zeros = 0;

  assert_probabilities (model_of_l2, golden_l2);
  assert_probabilities (model_of_l1, golden_l1);
  assert_probabilities (model_of_both, golden_mixed);

  /* L1 makes weights exactly zero; of features that are copies of one another, either may be. */
  weights = &wen_model_list_parameters (model_of_l1, &n_tensors)[2];
  g_assert_cmpstr (weights->name, ==, "linear.weight");
  for (gsize i = 0; i < weights->n_values; i++)
    n_zeros += weights->values[i] == 0.0f;
  g_assert_cmpuint (n_zeros, >=, golden_l1_zeros - 5);
}

static void
test_two_labels (void)
{
  g_autoptr (WenRecipe) l2 = new_golden_recipe (0);
  g_autoptr (WenRecipe) l1 = new_golden_recipe (1);
  g_autoptr (WenModel) model_of_l2 = NULL;
  g_autoptr (WenModel) model_of_l1 = NULL;
  guint32 labels[GOLDEN_N_TEXTS];
  WenBatch texts = golden_texts;

  for (gsize i = 0; i < GOLDEN_N_TEXTS; i++)
    labels[i] = golden_labels[i] > 0;
  texts.labels = labels;
  model_of_l2 = train (l2, &texts, 2, 100, 1);
  assert_probabilities (model_of_l2, golden_two_labels);
  model_of_l1 = train (l1, &texts, 2, 100, 1);
  assert_probabilities (model_of_l1, golden_two_labels_l1);
}

static void
test_weights (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (0);
  g_autoptr (WenModel) model = NULL;
  WenBatch texts = golden_texts;

  texts.weights = golden_weights;
  model = train (recipe, &texts, GOLDEN_N_LABELS, 100, 1);
  assert_probabilities (model, golden_weighted);
}

static void
test_targets (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (0);
  g_autoptr (WenModel) model = NULL;
  WenBatch texts = golden_texts;

  texts.targets = golden_targets;
  model = train (recipe, &texts, GOLDEN_N_LABELS, 100, 1);
  assert_probabilities (model, golden_of_targets);
}

/* By central differences, with a label and with probabilities. */
static void
test_gradient (void)
{
  static const float targets[] = { 0.1f, 0.2f, 0.3f, 0.4f };

  for (guint is_soft = 0; is_soft < 2; is_soft++)
    {
      float logits[] = { 0.5f, -1.25f, 2.0f, 0.0f };
      float gradient[4];
      float ignored[4];
      const float *given = is_soft ? targets : NULL;

      wen_logistic_get_loss (gradient, logits, 1, given, 4);
      for (gsize i = 0; i < 4; i++)
        {
          float logit = logits[i];
          double above, below;

          logits[i] = logit + 0.015625f;
          above = wen_logistic_get_loss (ignored, logits, 1, given, 4);
          logits[i] = logit - 0.015625f;
          below = wen_logistic_get_loss (ignored, logits, 1, given, 4);
          logits[i] = logit;
          g_assert_cmpfloat_with_epsilon ((double) gradient[i], (above - below) / 0.03125, 1e-4);
        }
    }
}

static void
test_workers (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (GOLDEN_MIXED_SHARE);
  g_autoptr (WenModel) one = train (recipe, &golden_texts, GOLDEN_N_LABELS, 3, 1);
  g_autoptr (WenModel) three = train (recipe, &golden_texts, GOLDEN_N_LABELS, 3, 3);
  gsize n_values = wen_model_count_values (one);
  g_autofree float *values = g_new (float, n_values);
  g_autofree float *values_of_three = g_new (float, n_values);

  g_assert_cmpuint (wen_model_count_values (three), ==, n_values);
  wen_model_copy_values (one, values);
  wen_model_copy_values (three, values_of_three);
  g_assert_cmpmem (values, n_values * sizeof (float), values_of_three, n_values * sizeof (float));
}

/* The first step knows nothing, so its loss is that of guessing; later ones know more. */
static void
test_curve (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (0);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (WenModel) model = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  g_autoptr (GArray) losses = g_array_new (FALSE, FALSE, sizeof (double));

  wen_model_begin (model, &golden_texts, pool);
  g_assert_true (wen_model_run_epoch (model, 1, 0, go_on, losses));
  g_assert_cmpuint (losses->len, ==, wen_model_count_steps (model));
  g_assert_cmpfloat_with_epsilon (g_array_index (losses, double, 0), log (GOLDEN_N_LABELS), 1e-6);
  g_assert_cmpfloat (g_array_index (losses, double, losses->len - 1), <, 0.8);
  wen_model_end (model);
}

static gboolean
stop_after_three (const WenModelStep *step,
                  gpointer            user_data)
{
  return step->step < 3;
}

/* Stopped in the middle and continued with what a checkpoint keeps, it is the same. */
static void
test_resume (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (GOLDEN_MIXED_SHARE);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (WenModel) whole = train (recipe, &golden_texts, GOLDEN_N_LABELS, 1, 1);
  g_autoptr (WenModel) first = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  g_autoptr (WenModel) second = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  gsize n_values = wen_model_count_values (whole);
  g_autofree float *expected = g_new (float, n_values);
  g_autofree float *resumed = g_new (float, n_values);
  const WenTensor *from, *to;
  gsize n_tensors;

  wen_model_begin (first, &golden_texts, pool);
  g_assert_false (wen_model_run_epoch (first, 1, 0, stop_after_three, NULL));
  wen_model_begin (second, &golden_texts, pool);
  from = wen_model_list_state (first, &n_tensors);
  to = wen_model_list_state (second, &n_tensors);
  for (gsize i = 0; i < n_tensors; i++)
    memcpy (to[i].values, from[i].values, from[i].n_values * sizeof (float));
  g_assert_true (wen_model_run_epoch (second, 1, 3, go_on, NULL));
  wen_model_copy_values (whole, expected);
  wen_model_copy_values (second, resumed);
  g_assert_cmpmem (expected, n_values * sizeof (float), resumed, n_values * sizeof (float));
  wen_model_end (first);
  wen_model_end (second);
}

/* Through files and back, with n-grams in buckets. */
static void
test_files (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("linear", NULL);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) again = NULL;
  g_autoptr (GHashTable) files = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 200; i++)
    wen_dataset_append (dataset, i + 1, i % 2 == 0 ? "房间干净，早餐好吃" : "又脏又吵，再也不来", i % 2 == 0 ? "good" : "bad",
                        i % 10 < 8 ? WEN_SPLIT_TRAIN : WEN_SPLIT_VALIDATION);
  recipe->linear_loss = WEN_LINEAR_LOSS_LOGISTIC;
  recipe->hashed_ngrams = 20;
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);
  files = wen_classifier_to_files (classifier);
  again = wen_classifier_new_from_files (files, &error);
  g_assert_no_error (error);
  for (gsize row = 0; row < 2; row++)
    {
      const char *text = wen_dataset_get_text (dataset, row);
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, text);
      g_autoptr (WenPrediction) same = wen_classifier_predict (again, text);

      g_assert_cmpstr (wen_prediction_get_label (prediction), ==, row == 0 ? "good" : "bad");
      g_assert_cmpstr (wen_prediction_get_label (prediction), ==, wen_prediction_get_label (same));
      g_assert_cmpfloat (wen_prediction_get_probability (prediction), ==, wen_prediction_get_probability (same));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/logistic/penalties", test_penalties);
  g_test_add_func ("/wen/model/logistic/two-labels", test_two_labels);
  g_test_add_func ("/wen/model/logistic/weights", test_weights);
  g_test_add_func ("/wen/model/logistic/targets", test_targets);
  g_test_add_func ("/wen/model/logistic/gradient", test_gradient);
  g_test_add_func ("/wen/model/logistic/workers", test_workers);
  g_test_add_func ("/wen/model/logistic/curve", test_curve);
  g_test_add_func ("/wen/model/logistic/resume", test_resume);
  g_test_add_func ("/wen/model/logistic/files", test_files);

  return g_test_run ();
}
