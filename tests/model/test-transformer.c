/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the family "transformer" asks of whom in an epoch: other texts where there is
 * an augmentation, and the average of the weights at its end. */

#include "config.h"

#include "wen-model-private.h"

#include <string.h>

#define N_TEXTS 6

static const guint32 token_ids[] = { 1, 2, 3, 1, 3, 2, 1, 4, 4, 1, 5, 6, 1, 6, 5, 1, 7, 8 };
static const guint32 offsets[] = { 0, 3, 6, 9, 12, 15, 18 };
static const guint32 labels[] = { 0, 1, 0, 1, 0, 1 };

static const WenBatch texts = { N_TEXTS, 18, token_ids, offsets, labels };

static WenRecipe *
new_recipe (void)
{
  WenRecipe *recipe = wen_recipe_new_preset ("classic", NULL);

  recipe->hidden_size = 16;
  recipe->n_heads = 2;
  recipe->feed_forward_size = 16;
  recipe->maximum_length = 8;
  recipe->batch_size = 4;
  recipe->n_epochs = 3;
  return recipe;
}

typedef struct
{
  guint   n_asked;
  guint   last_epoch;
  guint32 ids[N_TEXTS * 4];
  guint32 offsets[N_TEXTS + 1];
  gsize   n_tokens;  /* that steps have seen */
} Changes;

/* In each epoch all texts are one token longer: the number of the epoch. */
static WenBatch
get_texts (guint    epoch,
           gpointer user_data)
{
  Changes *changes = user_data;

  changes->n_asked++;
  changes->last_epoch = epoch;
  for (guint i = 0; i < N_TEXTS; i++)
    {
      memcpy (changes->ids + i * 4, token_ids + i * 3, 3 * sizeof (guint32));
      changes->ids[i * 4 + 3] = epoch;
      changes->offsets[i + 1] = 4 * (i + 1);
    }
  return (WenBatch) { N_TEXTS, N_TEXTS * 4, changes->ids, changes->offsets, labels };
}

static guint
max_tokens (guint    n_tokens,
            gpointer user_data)
{
  return n_tokens + 1;
}

static gboolean
count_tokens (const WenModelStep *step,
              gpointer            user_data)
{
  ((Changes *) user_data)->n_tokens += step->n_tokens;
  return TRUE;
}

static void
test_augmentation (void)
{
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenModel) model = wen_model_new (recipe, 10, 2);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  Changes changes = { 0 };
  WenModelAugmentation augmentation = { get_texts, max_tokens, &changes };

  wen_model_initialize (model, 1);
  wen_model_set_augmentation (model, &augmentation);
  wen_model_begin (model, &texts, pool);
  for (guint epoch = 1; epoch <= 3; epoch++)
    {
      changes.n_tokens = 0;
      g_assert_true (wen_model_run_epoch (model, epoch, 0, count_tokens, &changes));
      g_assert_cmpuint (changes.n_asked, ==, epoch);
      g_assert_cmpuint (changes.last_epoch, ==, epoch);
      g_assert_cmpuint (changes.n_tokens, ==, N_TEXTS * 4);
    }
  wen_model_end (model);
}

typedef struct
{
  WenModel *model;
  GArray   *weights;  /* of float: the first weight after each step */
} Watch;

static float
get_first_weight (WenModel *model)
{
  gsize n_parameters;

  return wen_model_list_parameters (model, &n_parameters)[0].values[0];
}

static gboolean
watch_weight (const WenModelStep *step,
              gpointer            user_data)
{
  Watch *watch = user_data;
  float weight = get_first_weight (watch->model);

  g_array_append_val (watch->weights, weight);
  return TRUE;
}

/* After each epoch, and not in it, the model has the average. */
static void
test_average (void)
{
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenModel) model = NULL;
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (float));
  Watch watch = { .weights = weights };

  recipe->weight_averaging = 0.5;
  recipe->warmup_share = 0;
  model = watch.model = wen_model_new (recipe, 10, 2);
  wen_model_initialize (model, 1);
  wen_model_begin (model, &texts, pool);
  for (guint epoch = 1; epoch <= 3; epoch++)
    {
      double average = 0;

      g_assert_true (wen_model_run_epoch (model, epoch, 0, watch_weight, &watch));
      for (guint i = 0; i < weights->len; i++)
        {
          double share = MAX (0.5, 5.0 / (i + 5.0));

          average += share * ((double) g_array_index (weights, float, i) - average);
        }
      g_assert_cmpfloat_with_epsilon ((double) get_first_weight (model), average, 1e-8);
    }
  wen_model_end (model);
}

/* The forecast counts the table of n-grams, the average, the second copy, and what
 * pre-training needs, which is more where the vocabulary is large. */
static void
test_forecast (void)
{
  g_autoptr (WenRecipe) recipe = new_recipe ();
  guint64 n_values = wen_model_forecast_values (recipe, 1000, 2);
  guint64 n_bytes = wen_model_forecast_bytes (recipe, 1000, 2, 1, 8);
  g_autoptr (WenModel) model = NULL;

  recipe->ngram_embeddings = 5000;
  g_assert_cmpuint (wen_model_forecast_values (recipe, 1000, 2), ==, n_values + 5000 * 16);
  model = wen_model_new (recipe, 1000, 2);
  g_assert_cmpuint (wen_model_count_values (model), >=, n_values + 5000 * 16);
  /* The weights and the best of them, but no momentum. */
  g_assert_cmpuint (wen_model_forecast_bytes (recipe, 1000, 2, 1, 8), >, n_bytes + 2 * 4 * 5000 * 16);
  g_assert_cmpuint (wen_model_forecast_bytes (recipe, 1000, 2, 1, 8), <, n_bytes + 3 * 4 * 5000 * 16);

  recipe->longest_ngram = 1;
  g_assert_cmpuint (wen_model_forecast_values (recipe, 1000, 2), ==, n_values);
  recipe->weight_averaging = 0.9;
  g_assert_cmpuint (wen_model_forecast_bytes (recipe, 1000, 2, 1, 8), ==, n_bytes + 4 * n_values);
  recipe->weight_averaging = 0;
  recipe->consistency = 1;
  g_assert_cmpuint (wen_model_forecast_bytes (recipe, 1000, 2, 1, 8), >, n_bytes);
  recipe->consistency = 0;
  recipe->pretraining_epochs = 1;
  g_assert_cmpuint (wen_model_forecast_bytes (recipe, 1000, 2, 1, 8), >, n_bytes + 4 * 1000 * 16);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/transformer/augmentation", test_augmentation);
  g_test_add_func ("/wen/model/transformer/average", test_average);
  g_test_add_func ("/wen/model/transformer/forecast", test_forecast);

  return g_test_run ();
}
