/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Naive Bayes: probabilities of scikit-learn, texts judged before they are counted, and
 * going on from the middle. */

#include "config.h"

#include "wen-calibration-private.h"
#include "wen-classifier.h"
#include "wen-dataset.h"
#include "wen-model-private.h"
#include "wen-trainer.h"

#include "bayes-golden.h"

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
new_golden_recipe (WenBayesKind kind)
{
  WenRecipe *recipe = wen_recipe_new_preset ("bayes", NULL);

  recipe->longest_ngram = GOLDEN_LONGEST;
  recipe->smoothing = GOLDEN_SMOOTHING;
  recipe->bayes = kind;
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

/* [n_texts][n_labels], (transfer full) */
static double *
get_probabilities (WenModel *model)
{
  g_autofree float *logits = g_new (float, GOLDEN_N_TEXTS * GOLDEN_N_LABELS);
  double *probabilities = g_new (double, GOLDEN_N_TEXTS * GOLDEN_N_LABELS);
  WenModelWorkspace *workspace = WEN_MODEL_GET_CLASS (model)->workspace_new (model, golden_texts.n_tokens, GOLDEN_N_TEXTS);

  WEN_MODEL_GET_CLASS (model)->compute_logits (model, workspace, &golden_texts, logits);
  WEN_MODEL_GET_CLASS (model)->workspace_free (model, workspace);
  for (gsize text = 0; text < GOLDEN_N_TEXTS; text++)
    {
      const float *row = logits + text * GOLDEN_N_LABELS;
      double sum = 0;

      for (guint label = 0; label < GOLDEN_N_LABELS; label++)
        sum += exp ((double) row[label]);
      for (guint label = 0; label < GOLDEN_N_LABELS; label++)
        probabilities[text * GOLDEN_N_LABELS + label] = exp ((double) row[label]) / sum;
    }
  return probabilities;
}

static WenModel *
train (const WenRecipe *recipe,
       const WenBatch  *texts,
       guint            n_epochs)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  WenModel *model = wen_model_new (recipe, 15, GOLDEN_N_LABELS);

  wen_model_initialize (model, 1);
  wen_model_begin (model, texts, pool);
  for (guint epoch = 1; epoch <= n_epochs; epoch++)
    g_assert_true (wen_model_run_epoch (model, epoch, 0, go_on, NULL));
  wen_model_end (model);
  return model;
}

static void
assert_probabilities (WenModel     *model,
                      const double *expected)
{
  g_autofree double *probabilities = get_probabilities (model);

  for (gsize i = 0; i < GOLDEN_N_TEXTS * GOLDEN_N_LABELS; i++)
    g_assert_cmpfloat_with_epsilon (probabilities[i], expected[i], 1e-6);
}

static void
test_golden (void)
{
  static const double *const golden[] = {
    [WEN_BAYES_COMPLEMENT] = golden_complement,
    [WEN_BAYES_MULTINOMIAL] = golden_multinomial,
  };

  for (int kind = WEN_BAYES_COMPLEMENT; kind <= WEN_BAYES_MULTINOMIAL; kind++)
    for (guint n_epochs = 1; n_epochs <= 2; n_epochs++)
      {
        g_autoptr (WenRecipe) recipe = new_golden_recipe ((WenBayesKind) kind);
        g_autoptr (WenModel) model = train (recipe, &golden_texts, n_epochs);

        assert_probabilities (model, golden[kind]);
      }
}

static void
test_weights (void)
{
  static const double *const golden[] = {
    [WEN_BAYES_COMPLEMENT] = golden_weighted_complement,
    [WEN_BAYES_MULTINOMIAL] = golden_weighted_multinomial,
  };
  WenBatch texts = golden_texts;

  texts.weights = golden_weights;
  for (int kind = WEN_BAYES_COMPLEMENT; kind <= WEN_BAYES_MULTINOMIAL; kind++)
    {
      g_autoptr (WenRecipe) recipe = new_golden_recipe ((WenBayesKind) kind);
      g_autoptr (WenModel) model = train (recipe, &texts, 1);

      assert_probabilities (model, golden[kind]);
    }
}

/* Probabilities that are sure of the labels are the labels. */
static void
test_targets (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (WEN_BAYES_MULTINOMIAL);
  g_autofree float *targets = g_new0 (float, GOLDEN_N_TEXTS * GOLDEN_N_LABELS);
  g_autoptr (WenModel) sure = NULL;
  g_autoptr (WenModel) unsure = NULL;
  g_autofree double *probabilities = NULL;
  WenBatch texts = golden_texts;

  texts.targets = targets;
  for (gsize i = 0; i < GOLDEN_N_TEXTS; i++)
    targets[i * GOLDEN_N_LABELS + golden_labels[i]] = 1.0f;
  sure = train (recipe, &texts, 1);
  assert_probabilities (sure, golden_multinomial);

  /* Where all labels are as likely, there is nothing to learn. */
  for (gsize i = 0; i < GOLDEN_N_TEXTS * GOLDEN_N_LABELS; i++)
    targets[i] = 1.0f / GOLDEN_N_LABELS;
  unsure = train (recipe, &texts, 1);
  probabilities = get_probabilities (unsure);
  for (gsize i = 0; i < GOLDEN_N_TEXTS * GOLDEN_N_LABELS; i++)
    g_assert_cmpfloat_with_epsilon (probabilities[i], 1.0 / GOLDEN_N_LABELS, 1e-6);
}

/* The first step knows nothing, so its loss is that of guessing; later ones know more. */
static void
test_curve (void)
{
  g_autoptr (WenRecipe) recipe = new_golden_recipe (WEN_BAYES_MULTINOMIAL);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (WenModel) model = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  g_autoptr (GArray) losses = g_array_new (FALSE, FALSE, sizeof (double));

  wen_model_begin (model, &golden_texts, pool);
  g_assert_true (wen_model_run_epoch (model, 1, 0, go_on, losses));
  g_assert_cmpuint (losses->len, ==, wen_model_count_steps (model));
  g_assert_cmpfloat_with_epsilon (g_array_index (losses, double, 0), log (GOLDEN_N_LABELS), 1e-6);
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
  g_autoptr (WenRecipe) recipe = new_golden_recipe (WEN_BAYES_MULTINOMIAL);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (WenModel) whole = train (recipe, &golden_texts, 1);
  g_autoptr (WenModel) first = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  g_autoptr (WenModel) second = wen_model_new (recipe, 15, GOLDEN_N_LABELS);
  g_autofree double *expected = get_probabilities (whole);
  g_autofree double *resumed = NULL;
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
  resumed = get_probabilities (second);
  for (gsize i = 0; i < GOLDEN_N_TEXTS * GOLDEN_N_LABELS; i++)
    g_assert_cmpfloat (resumed[i], ==, expected[i]);
  wen_model_end (first);
  wen_model_end (second);
}

/* The whole way: a table, a classifier that is saved and read again. */
static void
test_classifier (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("bayes", NULL);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) again = NULL;
  g_autoptr (GHashTable) files = NULL;
  g_autoptr (WenPrediction) prediction = NULL;
  g_autoptr (WenPrediction) same = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 200; i++)
    wen_dataset_append (dataset, i + 1, i % 2 == 0 ? "房间干净，早餐好吃" : "又脏又吵，再也不来", i % 2 == 0 ? "good" : "bad",
                        i % 10 < 8 ? WEN_SPLIT_TRAIN : WEN_SPLIT_VALIDATION);
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);
  prediction = wen_classifier_predict (classifier, "早餐好吃");
  g_assert_cmpstr (wen_prediction_get_label (prediction), ==, "good");

  files = wen_classifier_to_files (classifier);
  again = wen_classifier_new_from_files (files, &error);
  g_assert_no_error (error);
  same = wen_classifier_predict (again, "早餐好吃");
  g_assert_cmpfloat (wen_prediction_get_probability (same), ==, wen_prediction_get_probability (prediction));
}

/* Probabilities that are far too sure become those that the labels bear out. */
static void
test_calibration (void)
{
  static const guint32 labels[] = { 0, 0, 0, 1 };
  const WenBatch texts = { .n_texts = 4, .labels = labels };
  float probabilities[] = { 0.999f, 0.001f, 0.999f, 0.001f, 0.999f, 0.001f, 0.999f, 0.001f };
  double factor = wen_calibrate (&texts, probabilities, 2);

  /* Three of four are right, so three quarters is what there is to say. */
  for (gsize i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (probabilities[2 * i], 0.75f, 1e-3f);
  g_assert_cmpfloat_with_epsilon (factor, log (3) / log (999), 1e-3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/bayes/golden", test_golden);
  g_test_add_func ("/wen/model/bayes/weights", test_weights);
  g_test_add_func ("/wen/model/bayes/targets", test_targets);
  g_test_add_func ("/wen/model/bayes/curve", test_curve);
  g_test_add_func ("/wen/model/bayes/resume", test_resume);
  g_test_add_func ("/wen/model/bayes/classifier", test_classifier);
  g_test_add_func ("/wen/model/bayes/calibration", test_calibration);

  return g_test_run ();
}
