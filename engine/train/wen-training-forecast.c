/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a training run would take, told before it.
 *
 * DESIGN: nothing is as good a forecast as the thing itself.  The rows are prepared
 * and the model is made exactly as for a run; a few steps and a part of the
 * validation are timed, and the memory is looked at while all of it is there. */

#include "config.h"

#include "wen-training-forecast.h"

#include "wen-ensemble-member-private.h"
#include "wen-recipe-private.h"
#include "wen-runner-private.h"
#include "wen-training-memory-private.h"
#include "wen-training-set-private.h"

/* The first steps find cold caches and untouched memory. */
#define N_WARM_UP_STEPS 2
#define N_LEAST_STEPS 3
#define LEAST_PROBE_US (G_USEC_PER_SEC * 3 / 4)
/* Validation texts that are timed. */
#define N_PROBE_TEXTS 1024

typedef struct
{
  GCancellable *cancellable;
  gint64        begin_us;   /* of the steps that count */
  gint64        end_us;
  guint64       n_steps;
  guint64       n_tokens;   /* of the steps that count */
} Probe;

static gboolean
step_done (const WenModelStep *step,
           gpointer            user_data)
{
  Probe *probe = user_data;

  probe->end_us = g_get_monotonic_time ();
  if (++probe->n_steps == N_WARM_UP_STEPS)
    probe->begin_us = probe->end_us;
  else if (probe->n_steps > N_WARM_UP_STEPS)
    probe->n_tokens += step->n_tokens;
  return !g_cancellable_is_cancelled (probe->cancellable)
         && (probe->n_steps < N_WARM_UP_STEPS + N_LEAST_STEPS || probe->end_us - probe->begin_us < LEAST_PROBE_US);
}

static double
time_epoch (WenModel       *model,
            const WenBatch *texts,
            GCancellable   *cancellable)
{
  Probe probe = { .cancellable = cancellable, .begin_us = g_get_monotonic_time () };

  wen_model_run_epoch (model, 1, 0, step_done, &probe);
  /* A table of one or two batches has no other steps than the first. */
  if (probe.n_tokens == 0)
    return (double) (probe.end_us - probe.begin_us) / 1e6;
  return (double) (probe.end_us - probe.begin_us) / 1e6 * (double) texts->n_tokens / (double) probe.n_tokens;
}

/* Leaves the model ready for training again. */
static double
time_pretraining (WenModel             *model,
                  const WenTrainingSet *set,
                  WenWorkerPool        *pool,
                  GCancellable         *cancellable)
{
  double seconds;

  wen_model_begin_pretraining (model, &set->pretraining, WEN_TOKEN_UNK, pool);
  seconds = time_epoch (model, &set->pretraining, cancellable);
  wen_model_end (model);
  return seconds;
}

static double
time_validation (WenRunner            *runner,
                 const WenTrainingSet *set,
                 GCancellable         *cancellable)
{
  WenBatch texts = set->validation;
  g_autofree float *probabilities = NULL;
  gint64 begin_us;

  if (texts.n_texts == 0)
    return 0;
  texts.n_texts = MIN (texts.n_texts, N_PROBE_TEXTS);
  texts.n_tokens = texts.offsets[texts.n_texts];
  probabilities = g_new (float, texts.n_texts * set->labels->len);
  begin_us = g_get_monotonic_time ();
  wen_runner_run (runner, &texts, probabilities, cancellable);
  return (double) (g_get_monotonic_time () - begin_us) / 1e6 * (double) set->validation.n_tokens
         / (double) texts.n_tokens;
}

static void
ignore_progress (double   fraction,
                 gpointer user_data)
{
}

static gboolean
forecast_model (WenDataset          *dataset,
                const WenRecipe     *recipe,
                GCancellable        *cancellable,
                WenTrainingForecast *forecast,
                GError             **error)
{
  g_autoptr (WenWorkerPool) pool = NULL;
  g_autoptr (WenTrainingSet) set = NULL;
  g_autoptr (WenModel) model = NULL;
  g_autoptr (WenRunner) runner = NULL;
  g_autofree float *best_values = NULL;
  guint64 free_bytes = wen_training_get_free_memory ();
  double seconds;
  double pretraining_seconds = 0;

  pool = wen_worker_pool_new (recipe->n_threads);
  set = wen_training_set_new (dataset, NULL, recipe, pool, ignore_progress, NULL, cancellable, error);
  if (set == NULL || !wen_training_fits_memory (recipe, set, wen_worker_pool_get_n_workers (pool), free_bytes, error))
    return FALSE;

  model = wen_model_new (recipe, wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (set->tokenizer)),
                         set->labels->len);
  wen_model_initialize (model, recipe->seed);
  if (wen_recipe_pretrains (recipe))
    pretraining_seconds = time_pretraining (model, set, pool, cancellable);
  wen_model_begin (model, &set->train, pool);
  runner = wen_runner_new (model, pool);
  best_values = g_new (float, wen_model_count_values (model));
  wen_model_copy_values (model, best_values);

  seconds = time_epoch (model, &set->train, cancellable) + time_validation (runner, set, cancellable);
  *forecast = (WenTrainingForecast) {
    .n_parameters = wen_model_count_values (model),
    .n_tokens = set->train.n_tokens,
    .memory_bytes = wen_training_get_resident_memory (),
    .free_bytes = free_bytes,
    .seconds_per_epoch = seconds,
    .n_epochs = recipe->n_epochs,
    .seconds_per_pretraining_epoch = pretraining_seconds,
    .n_pretraining_epochs = wen_recipe_pretrains (recipe) ? recipe->pretraining_epochs : 0,
  };
  wen_model_end (model);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* The members one after the other; where the rows are to choose them, the time that there
 * is for it. */
static gboolean
forecast_ensemble (WenDataset          *dataset,
                   const WenRecipe     *recipe,
                   GCancellable        *cancellable,
                   WenTrainingForecast *forecast,
                   GError             **error)
{
  gsize n_rows = wen_dataset_count_split (dataset, WEN_SPLIT_TRAIN) + wen_dataset_count_split (dataset, WEN_SPLIT_VALIDATION);

  *forecast = (WenTrainingForecast) { .free_bytes = wen_training_get_free_memory (), .n_epochs = 1 };
  for (char **entry = recipe->members; *entry != NULL; entry++)
    {
      g_autoptr (WenRecipe) member = wen_recipe_new_member (recipe, *entry, error);
      WenTrainingForecast of_member;
      guint n_trainings;

      if (member == NULL || !forecast_model (dataset, member, cancellable, &of_member, error))
        return FALSE;
      n_trainings = wen_ensemble_count_trainings (recipe, member, n_rows);
      forecast->n_parameters += n_trainings * of_member.n_parameters;
      forecast->n_tokens += n_trainings * of_member.n_tokens;
      forecast->memory_bytes = MAX (forecast->memory_bytes, of_member.memory_bytes);
      forecast->seconds_per_epoch += n_trainings * of_member.seconds_per_epoch * of_member.n_epochs;
    }
  if (recipe->budget_seconds > 0
      && (recipe->members[0] == NULL || forecast->seconds_per_epoch > recipe->budget_seconds))
    forecast->seconds_per_epoch = recipe->budget_seconds;
  return TRUE;
}

/**
 * wen_training_forecast:
 * @dataset: rows with their splits; must not change meanwhile
 * @recipe: the choices
 * @cancellable: (nullable): to end it early
 * @forecast: (out caller-allocates): what a run would take
 * @error: return location for an error
 *
 * Says what a training run would take on this computer, without doing more of it
 * than a second's worth.
 *
 * Blocks.  It uses as many threads as the recipe says, so figures are true while
 * nothing else is on.  For an ensemble the time stands for all its trainings, as one
 * epoch.  Sets the errors of wen_trainer_run(); where the memory that
 * is free would not do, the error says with which settings it would.
 *
 * Returns: whether there is a forecast
 */
gboolean
wen_training_forecast (WenDataset          *dataset,
                       const WenRecipe     *recipe,
                       GCancellable        *cancellable,
                       WenTrainingForecast *forecast,
                       GError             **error)
{
  g_return_val_if_fail (WEN_IS_DATASET (dataset), FALSE);
  g_return_val_if_fail (recipe != NULL, FALSE);
  g_return_val_if_fail (forecast != NULL, FALSE);

  if (!wen_recipe_validate (recipe, error))
    return FALSE;
  if (g_str_equal (recipe->family, "ensemble"))
    return forecast_ensemble (dataset, recipe, cancellable, forecast, error);
  return forecast_model (dataset, recipe, cancellable, forecast, error);
}
