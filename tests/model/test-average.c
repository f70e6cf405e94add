/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "average": one batch is learnt by heart, the same run gives the same bits,
 * other texts come in each epoch, and files bring back the same answers. */

#include "config.h"

#include "wen-average-private.h"
#include "wen-classifier-private.h"
#include "wen-dataset.h"
#include "wen-trainer.h"

#include <math.h>
#include <string.h>

#define N_TEXTS 6
#define N_LABELS 3
#define N_VOCABULARY 12

static const guint32 token_ids[] = {
  2, 3, 4, 5, 2, 4, 3, 2, 6, 2, 5, 5, 7, 8, 2, 9, 10, 2, 11, 3, 4,
};
static const guint32 offsets[N_TEXTS + 1] = { 0, 4, 7, 9, 14, 17, 21 };
static const guint32 labels[N_TEXTS] = { 0, 1, 2, 0, 1, 2 };

static const WenBatch texts = {
  .n_texts = N_TEXTS,
  .n_tokens = G_N_ELEMENTS (token_ids),
  .token_ids = token_ids,
  .offsets = offsets,
  .labels = labels,
};

static WenRecipe *
new_small_recipe (void)
{
  WenRecipe *recipe = wen_recipe_new_preset ("average", NULL);

  recipe->hidden_size = 8;
  recipe->ngram_embeddings = 50;
  recipe->batch_size = N_TEXTS;
  recipe->n_epochs = 200;
  recipe->rarest_ngram = 1;
  recipe->learning_rate = 0.1;
  recipe->dropout = 0;
  recipe->token_dropout = 0;
  recipe->label_smoothing = 0;
  recipe->mixup = 0;
  recipe->weight_averaging = 0;
  return recipe;
}

static gboolean
keep_loss (const WenModelStep *step,
           gpointer            user_data)
{
  double *loss = user_data;

  *loss = step->loss;
  return TRUE;
}

static WenModel *
train (const WenRecipe            *recipe,
       const WenModelAugmentation *augmentation,
       guint                       n_workers,
       double                     *loss)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (n_workers);
  WenModel *model = wen_model_new (recipe, N_VOCABULARY, N_LABELS);

  wen_model_initialize (model, recipe->seed);
  wen_model_set_augmentation (model, augmentation);
  wen_model_begin (model, &texts, pool);
  for (guint epoch = 1; epoch <= recipe->n_epochs; epoch++)
    g_assert_true (wen_model_run_epoch (model, epoch, 0, keep_loss, loss));
  wen_model_end (model);
  return model;
}

static void
predict (WenModel *model,
         float    *probabilities)
{
  WenModelWorkspace *workspace = wen_model_workspace_new (model, texts.n_tokens, N_TEXTS);

  wen_model_predict (model, workspace, &texts, probabilities);
  wen_model_workspace_free (model, workspace);
}

static void
test_overfits (gconstpointer settings)
{
  g_autoptr (WenRecipe) recipe = new_small_recipe ();
  g_auto (GStrv) changes = g_strsplit (settings, " ", -1);
  g_autoptr (WenModel) model = NULL;
  float probabilities[N_TEXTS * N_LABELS];
  double loss = INFINITY;

  for (gsize i = 0; changes[i] != NULL; i++)
    {
      g_auto (GStrv) change = g_strsplit (changes[i], "=", 2);

      if (change[0] != NULL)
        g_assert_true (wen_recipe_set (recipe, change[0], change[1], NULL));
    }
  model = train (recipe, NULL, 2, &loss);
  g_assert_cmpfloat (loss, <, 0.02);
  predict (model, probabilities);
  for (gsize i = 0; i < N_TEXTS; i++)
    g_assert_cmpfloat (probabilities[i * N_LABELS + labels[i]], >, 0.97f);
}

static void
assert_same_values (WenModel *left,
                    WenModel *right,
                    gboolean  is_same)
{
  gsize n_values = wen_model_count_values (left);
  g_autofree float *values = g_new (float, n_values);
  g_autofree float *others = g_new (float, n_values);

  wen_model_copy_values (left, values);
  wen_model_copy_values (right, others);
  g_assert_cmpint (memcmp (values, others, n_values * sizeof (float)) == 0, ==, is_same);
}

static WenRecipe *
new_random_recipe (void)
{
  WenRecipe *recipe = new_small_recipe ();

  recipe->n_epochs = 5;
  recipe->batch_size = 4;
  recipe->head_size = 7;
  recipe->dropout = 0.2;
  recipe->token_dropout = 0.2;
  recipe->mixup = 0.5;
  recipe->weight_averaging = 0.9;
  return recipe;
}

static void
test_reproducible (void)
{
  g_autoptr (WenRecipe) recipe = new_random_recipe ();
  g_autoptr (WenRecipe) other_seed = new_random_recipe ();
  double loss, same_loss, other_loss;
  g_autoptr (WenModel) model = train (recipe, NULL, 2, &loss);
  g_autoptr (WenModel) same = train (recipe, NULL, 2, &same_loss);
  g_autoptr (WenModel) other = NULL;

  assert_same_values (model, same, TRUE);
  g_assert_cmpfloat (loss, ==, same_loss);
  other_seed->seed++;
  other = train (other_seed, NULL, 2, &other_loss);
  assert_same_values (model, other, FALSE);
  g_assert_cmpuint (wen_model_count_values (model), ==, wen_model_forecast_values (recipe, N_VOCABULARY, N_LABELS));
}

/* In the first epoch one token too many in each text, later none. */
typedef struct
{
  guint32 token_ids[G_N_ELEMENTS (token_ids) + N_TEXTS];
  guint32 offsets[N_TEXTS + 1];
  guint   n_epochs;
} Longer;

static WenBatch
get_longer_texts (guint    epoch,
                  gpointer user_data)
{
  Longer *longer = user_data;
  WenBatch batch = texts;

  g_assert_cmpuint (epoch, ==, ++longer->n_epochs);
  if (epoch > 1)
    return texts;
  for (gsize i = 0; i < N_TEXTS; i++)
    {
      guint32 begin = offsets[i] + (guint32) i;
      guint32 length = offsets[i + 1] - offsets[i];

      longer->offsets[i] = begin;
      memcpy (longer->token_ids + begin, token_ids + offsets[i], length * sizeof *token_ids);
      longer->token_ids[begin + length] = 1;
    }
  longer->offsets[N_TEXTS] = G_N_ELEMENTS (longer->token_ids);
  batch.token_ids = longer->token_ids;
  batch.offsets = longer->offsets;
  batch.n_tokens = G_N_ELEMENTS (longer->token_ids);
  return batch;
}

static guint
get_max_tokens (guint    n_tokens,
                gpointer user_data)
{
  return n_tokens + 1;
}

static void
test_augmentation (void)
{
  g_autoptr (WenRecipe) recipe = new_small_recipe ();
  Longer longer = { .n_epochs = 0 };
  const WenModelAugmentation augmentation = { get_longer_texts, get_max_tokens, &longer };
  double loss;
  g_autoptr (WenModel) plain = NULL;
  g_autoptr (WenModel) augmented = NULL;

  recipe->n_epochs = 3;
  plain = train (recipe, NULL, 2, &loss);
  augmented = train (recipe, &augmentation, 2, &loss);
  g_assert_cmpuint (longer.n_epochs, ==, 3);
  assert_same_values (plain, augmented, FALSE);
}

/* What calibration makes of probabilities is what the model says afterwards. */
static void
test_calibration (void)
{
  g_autoptr (WenRecipe) recipe = new_small_recipe ();
  g_autoptr (WenModel) model = NULL;
  float before[N_TEXTS * N_LABELS];
  float changed[N_TEXTS * N_LABELS];
  float after[N_TEXTS * N_LABELS];
  double loss;

  recipe->n_epochs = 5;
  model = train (recipe, NULL, 1, &loss);
  predict (model, before);
  memcpy (changed, before, sizeof changed);
  wen_model_calibrate (model, &texts, changed);
  predict (model, after);
  g_assert_cmpfloat (fabsf (after[0] - before[0]), >, 1e-3f);
  for (gsize i = 0; i < G_N_ELEMENTS (after); i++)
    g_assert_cmpfloat_with_epsilon (after[i], changed[i], 1e-4f);
}

static WenDataset *
new_dataset (void)
{
  static const char *const words[] = { "slow delivery", "broken screen", "wrong invoice" };
  WenDataset *dataset = wen_dataset_new ();

  for (guint i = 0; i < 240; i++)
    {
      g_autofree char *text = g_strdup_printf ("order %u: %s again", i * 7, words[i % 3]);
      g_autofree char *label = g_strdup_printf ("label %u", i % 3);

      wen_dataset_append (dataset, i, text, label, i < 180 ? WEN_SPLIT_TRAIN : WEN_SPLIT_VALIDATION);
    }
  return dataset;
}

/* Through files and back. */
static void
test_files (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("average", NULL);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GHashTable) files = NULL;
  g_autoptr (WenClassifier) again = NULL;

  recipe->ngram_embeddings = 5000;
  recipe->head_size = 16;
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, &error);
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

  g_test_add_data_func ("/wen/model/average/overfits/plain", "", test_overfits);
  g_test_add_data_func ("/wen/model/average/overfits/tokens-only", "model.ngram_embeddings=0", test_overfits);
  g_test_add_data_func ("/wen/model/average/overfits/hidden-layer", "model.head_size=10", test_overfits);
  g_test_add_data_func ("/wen/model/average/overfits/relu", "model.head_size=10 model.activation=relu", test_overfits);
  g_test_add_data_func ("/wen/model/average/overfits/squared-error", "model.loss=squared-error", test_overfits);
  g_test_add_data_func ("/wen/model/average/overfits/averaged", "training.weight_averaging=0.5", test_overfits);
  g_test_add_func ("/wen/model/average/reproducible", test_reproducible);
  g_test_add_func ("/wen/model/average/augmentation", test_augmentation);
  g_test_add_func ("/wen/model/average/calibration", test_calibration);
  g_test_add_func ("/wen/model/average/files", test_files);

  return g_test_run ();
}
