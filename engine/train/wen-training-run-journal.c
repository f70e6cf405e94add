/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where a training run can be interrupted: pauses, the checkpoints that it hands to its
 * journal, and the way back from one.  The design stands in wen-training-run.c. */

#include "config.h"

#include "wen-training-run-parts-private.h"

#define PAUSE_INTERVAL_US (20 * 1000)
/* A checkpoint that took so long is followed by a hundred times as long without. */
#define JOURNAL_SHARE 0.01

/* Hands the state of the run to the journal. */
static void
write_checkpoint (WenTrainingRun *run)
{
  gint64 begin_us = g_get_monotonic_time ();
  g_autoptr (GBytes) checkpoint = NULL;
  gint64 end_us;

  run->state.elapsed_us = begin_us - run->start_us;
  checkpoint = wen_checkpoint_write (&run->state, (const WenTensor *) (gpointer) run->tensors->data,
                                     run->tensors->len);
  run->job->journal_func (checkpoint, run->job->user_data);

  end_us = g_get_monotonic_time ();
  run->next_checkpoint_us = end_us;
  if (run->job->journal_interval_us > 0)
    run->next_checkpoint_us += MAX (run->job->journal_interval_us,
                                    (gint64) ((double) (end_us - begin_us) / JOURNAL_SHARE));
}

/* Between two steps, or two epochs: where a run can go on later. */
void
wen_training_run_pass_boundary (WenTrainingRun *run)
{
  gboolean pauses = g_atomic_int_get (run->job->pauses);

  if (wen_training_run_has_to_end (run))
    return;
  if (run->tensors != NULL && (pauses || g_get_monotonic_time () >= run->next_checkpoint_us))
    write_checkpoint (run);
  if (pauses)
    {
      gint64 begin_us = g_get_monotonic_time ();

      wen_training_run_report (run, WEN_TRAINING_PHASE_PAUSED, NULL);
      while (g_atomic_int_get (run->job->pauses) && !wen_training_run_has_to_end (run))
        g_usleep (PAUSE_INTERVAL_US);
      run->start_us += g_get_monotonic_time () - begin_us;
      wen_training_run_report (run, wen_training_run_get_phase (run), NULL);
    }
}

/* What a checkpoint holds, in this order: the parameters, the best ones so far, which
 * pre-training has none of, and the state of the optimizer. */
static void
list_tensors (WenTrainingRun *run)
{
  gsize n_parameters;
  const WenTensor *parameters = wen_model_list_parameters (run->model, &n_parameters);
  gsize n_state;
  const WenTensor *state = wen_model_list_state (run->model, &n_state);
  WenTensor best = {
    .name = "best",
    .shape = { wen_model_count_values (run->model) },
    .n_dimensions = 1,
    .values = run->best_values,
    .n_values = wen_model_count_values (run->model),
  };

  g_clear_pointer (&run->tensors, g_array_unref);
  run->tensors = g_array_new (FALSE, FALSE, sizeof (WenTensor));
  g_array_append_vals (run->tensors, parameters, (guint) n_parameters);
  if (run->best_values != NULL)
    g_array_append_val (run->tensors, best);
  g_array_append_vals (run->tensors, state, (guint) n_state);
}

/* Takes up the run where its checkpoint was written. */
static gboolean
resume (WenTrainingRun       *run,
        const WenCheckpoint  *checkpoint,
        GError              **error)
{
  guint64 n_steps = run->n_epoch_steps * run->n_epochs;
  guint64 n_done = run->is_pretraining ? checkpoint->pretraining_step : checkpoint->step;

  if (g_strcmp0 (checkpoint->recipe, run->state.recipe) != 0
      || g_strcmp0 (checkpoint->fingerprint, run->state.fingerprint) != 0 || n_done >= n_steps
      || checkpoint->n_point_texts < checkpoint->n_point_steps)
    return wen_checkpoint_refuse_other_run (error);
  if (!wen_checkpoint_read_tensors (run->job->checkpoint, (const WenTensor *) (gpointer) run->tensors->data,
                                    run->tensors->len, error))
    return FALSE;
  wen_model_restore (run->model);

  wen_checkpoint_clear (&run->state);
  run->state = *checkpoint;
  run->state.recipe = g_strdup (checkpoint->recipe);
  run->state.fingerprint = g_strdup (checkpoint->fingerprint);
  g_array_ref (run->state.curve);
  run->start_us = g_get_monotonic_time () - run->state.elapsed_us;
  for (guint i = 0; i < run->state.curve->len; i++)
    {
      WenTrainingProgress progress = wen_training_run_describe (run, wen_training_run_get_phase (run));

      run->job->report_func (&progress, &g_array_index (run->state.curve, WenCurvePoint, i), run->job->user_data);
    }
  return TRUE;
}

/* Where there is a journal, or one to go on from. */
gboolean
wen_training_run_ready_journal (WenTrainingRun       *run,
                                const WenCheckpoint  *checkpoint,
                                GError              **error)
{
  if (run->job->journal_func == NULL && checkpoint == NULL)
    return TRUE;

  if (run->state.recipe == NULL)
    {
      run->state.recipe = wen_recipe_to_json (run->job->recipe);
      run->state.fingerprint = wen_training_set_get_fingerprint (run->set);
    }
  list_tensors (run);
  if (checkpoint != NULL && !resume (run, checkpoint, error))
    return FALSE;
  if (run->job->journal_func == NULL)
    g_clear_pointer (&run->tensors, g_array_unref);
  run->next_checkpoint_us = g_get_monotonic_time () + run->job->journal_interval_us;
  return TRUE;
}
