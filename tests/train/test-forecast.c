/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a run would take: compared with the run itself, and refused where it would
 * not fit. */

#include "config.h"

#include "train-fixture.h"

#include "wen-training-forecast.h"
#include "wen-training-memory-private.h"

#include <string.h>

#define MEGABYTE (1000 * 1000)

static void
test_as_the_run (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (3);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;
  const WenTrainingSummary *summary = wen_trainer_get_summary (trainer);
  WenTrainingForecast forecast;

  g_assert_true (wen_training_forecast (dataset, recipe, NULL, &forecast, &error));
  g_assert_no_error (error);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (forecast.n_parameters, ==, summary->n_parameters);
  g_assert_cmpuint (forecast.n_tokens * 3, ==, summary->n_tokens);
  g_assert_cmpuint (forecast.n_epochs, ==, 3);
  g_assert_cmpfloat (forecast.seconds_per_epoch, >, 0);
  g_assert_cmpfloat (forecast.seconds_per_epoch, <, 60);
#ifdef __linux__
  /* The program alone has some megabytes. */
  g_assert_cmpuint (forecast.memory_bytes, >, 4 * MEGABYTE);
  g_assert_cmpuint (forecast.free_bytes, >, 4 * MEGABYTE);
#endif
}

/* A table of a single batch, and one without validation rows. */
static void
test_small_tables (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (GError) error = NULL;
  WenTrainingForecast forecast;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 6, 1);
  g_assert_true (wen_training_forecast (dataset, recipe, NULL, &forecast, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (forecast.seconds_per_epoch, >, 0);
}

static void
test_errors (void)
{
  g_autoptr (WenDataset) empty = wen_dataset_new ();
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  WenTrainingForecast forecast;

  append_learnable_rows (empty, WEN_SPLIT_TEST, 6, 1);
  g_assert_false (wen_training_forecast (empty, recipe, NULL, &forecast, &error));
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_ONE_LABEL);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_false (wen_training_forecast (dataset, recipe, cancellable, &forecast, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  recipe->n_heads = 3;
  g_assert_false (wen_training_forecast (dataset, recipe, NULL, &forecast, &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
}

static void
ignore_progress (double   fraction,
                 gpointer user_data)
{
}

/* Applies what the sentence proposes, as a person would. */
static void
apply_proposal (WenRecipe  *recipe,
                const char *message)
{
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);
  guint n_applied = 0;

  for (gsize i = 0; i < n_settings; i++)
    {
      g_autofree char *named = g_strdup_printf ("“%s” ", settings[i].title);
      const char *value = strstr (message, named);
      g_autofree char *digits = NULL;

      if (value == NULL)
        continue;
      value += strlen (named);
      digits = g_strndup (value, strspn (value, "0123456789"));
      g_assert_true (wen_recipe_set (recipe, settings[i].key, digits, NULL));
      n_applied++;
    }
  g_assert_cmpuint (n_applied, >, 0);
}

static void
test_proposal (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("classic", NULL);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (2);
  g_autoptr (WenTrainingSet) set =
    wen_training_set_new (dataset, NULL, recipe, pool, ignore_progress, NULL, NULL, NULL);
  static const guint64 free_megabytes[] = { 600, 100, 60, 30, 10 };

  recipe->batch_size = 512;
  g_assert_true (wen_training_fits_memory (recipe, set, 2, 0, NULL));
  g_assert_true (wen_training_fits_memory (recipe, set, 2, G_GUINT64_CONSTANT (100000) * MEGABYTE, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (free_megabytes); i++)
    {
      g_autoptr (WenRecipe) smaller = wen_recipe_copy (recipe);
      g_autoptr (GError) error = NULL;
      guint64 free_bytes = free_megabytes[i] * MEGABYTE;

      if (wen_training_fits_memory (recipe, set, 2, free_bytes, &error))
        {
          g_assert_cmpuint (i, ==, 0);
          continue;
        }
      g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, "would fit"));
      apply_proposal (smaller, error->message);
      g_assert_true (wen_training_fits_memory (smaller, set, 2, free_bytes, NULL));
    }
  g_assert_false (wen_training_fits_memory (recipe, set, 2, 1000, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/forecast/as-the-run", test_as_the_run);
  g_test_add_func ("/wen/train/forecast/small-tables", test_small_tables);
  g_test_add_func ("/wen/train/forecast/errors", test_errors);
  g_test_add_func ("/wen/train/forecast/proposal", test_proposal);

  return g_test_run ();
}
