/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The phase of a training run before training, in which the model guesses hidden tokens.
 * The design stands in wen-training-run.c. */

#include "config.h"

#include "wen-training-run-parts-private.h"

#include <math.h>

/* Share of pre-training in the whole work: a token costs about the same in both, but in
 * training it goes through twice where texts have to agree with themselves. */
double
wen_training_run_forecast_pretraining (const WenTrainingSet *set,
                                       const WenRecipe      *recipe)
{
  double pretraining = (double) set->pretraining.n_tokens * recipe->pretraining_epochs;
  double training = (double) set->train.n_tokens * recipe->n_epochs * (recipe->consistency > 0 ? 2 : 1);

  return pretraining / (pretraining + training);
}

/* All epochs of pre-training, or fewer.  FALSE with run->error set where nothing is to
 * be kept. */
static gboolean
run_pretraining_epochs (WenTrainingRun *run)
{
  guint first_epoch = (guint) (run->state.pretraining_step / run->n_epoch_steps) + 1;

  for (guint epoch = first_epoch; epoch <= run->n_epochs && !wen_training_run_has_to_end (run); epoch++)
    {
      run->step_start_us = g_get_monotonic_time ();
      wen_model_run_epoch (run->model, epoch, run->state.pretraining_step % run->n_epoch_steps,
                           wen_training_run_step_done, run);
      if (run->error == NULL && epoch < run->n_epochs)
        wen_training_run_pass_boundary (run);
      if (run->error != NULL)
        return FALSE;
    }
  return !g_cancellable_set_error_if_cancelled (run->job->cancellable, &run->error);
}

/* checkpoint: (nullable): where to go on in the phase. */
gboolean
wen_training_run_pretrain (WenTrainingRun       *run,
                           const WenCheckpoint  *checkpoint,
                           WenWorkerPool        *pool,
                           GError              **error)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (run->set->tokenizer);

  run->is_pretraining = TRUE;
  run->n_epochs = run->job->recipe->pretraining_epochs;
  /* [UNK] where there is no [MASK]: it stands for a token that is not known. */
  wen_model_begin_pretraining (run->model, &run->set->pretraining, wen_vocabulary_lookup (vocabulary, "[MASK]", -1),
                               pool);
  run->n_epoch_steps = wen_model_count_steps (run->model);
  if (!wen_training_run_ready_journal (run, checkpoint, error) || !run_pretraining_epochs (run))
    return FALSE;

  wen_model_end (run->model);
  run->is_pretraining = FALSE;
  run->state.n_point_steps = run->state.n_point_texts = run->state.n_point_correct = 0;
  run->state.point_loss = 0;
  return TRUE;
}

/* Figures of pre-training, from its part of the curve. */
void
wen_training_run_summarize_pretraining (WenTrainingRun *run)
{
  WenTrainingSummary *summary = run->summary;
  guint n_points = 0;

  for (guint i = run->state.curve->len; i-- > 0;)
    {
      const WenCurvePoint *point = &g_array_index (run->state.curve, WenCurvePoint, i);

      if (!point->is_pretraining)
        continue;
      if (n_points == 0)
        {
          summary->n_pretraining_epochs = (guint) ceil (point->epoch);
          summary->pretraining_loss = summary->pretraining_accuracy = 0;
        }
      if (point->epoch <= summary->n_pretraining_epochs - 1)
        break;
      n_points++;
      summary->pretraining_loss += (point->loss - summary->pretraining_loss) / n_points;
      summary->pretraining_accuracy += (point->accuracy - summary->pretraining_accuracy) / n_points;
    }
  summary->n_pretraining_rows = run->set->pretraining.n_texts;
  summary->pretraining_seconds = (double) run->state.pretraining_us / 1e6;
}
