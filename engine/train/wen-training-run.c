/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run, from rows to a classifier.
 *
 * DESIGN: plain sequential code, in whatever thread calls it.  After every step it
 * looks whether it is to end, so it ends within one step.
 *
 * All that the rest of the run depends on is in the weights, the optimizer and one
 * structure, WenCheckpoint.  Now and then, between two steps, these are handed to
 * whoever keeps the journal; a run that begins with such a checkpoint prepares the
 * same rows again, compares them by a fingerprint, and goes on with the very bits.
 *
 * Pre-training, where the recipe asks for it, is a phase before training: other texts,
 * another goal, its own epochs, steps and optimizer; only the weights go over.  A stop
 * ends it at once.  The run then ends as one that is stopped at the very beginning of
 * its training does, after one step: a stop is a promise to end, and who wants more
 * training after less pre-training sets fewer epochs.
 *
 * The best epoch is the one with the lowest validation loss, of probabilities that one
 * factor of their logarithms has made honest.  Loss alone would stop too early: on small
 * data it already rises, because wrong answers become surer, while more answers still
 * become right.  Accuracy alone is too coarse: of a thousand rows, epochs that differ by
 * ten are not to be told apart. */

#include "config.h"

#include "wen-training-run-parts-private.h"

#include <inttypes.h>
#include <math.h>

#include "wen-calibration-private.h"
#include "wen-classifier-private.h"
#include "wen-ensemble-run-private.h"
#include "wen-i18n-private.h"
#include "wen-probabilities-private.h"
#include "wen-recipe-private.h"
#include "wen-training-memory-private.h"
#include "wen-training-record-private.h"
#include "wen-training-set-private.h"

/* Training points of the curve in one epoch, at most. */
#define POINTS_PER_EPOCH 40
#define PROGRESS_INTERVAL_US (50 * 1000)
/* Share of the whole run, for the progress bar. */
#define PREPARING_SHARE 0.02
/* More than any recipe asks for. */
#define MAXIMUM_WORKERS 1024

static void
run_clear (WenTrainingRun *run)
{
  g_clear_pointer (&run->runner, wen_runner_free);
  g_clear_object (&run->model);
  g_clear_pointer (&run->augmentation, wen_augmentation_free);
  g_clear_pointer (&run->set, wen_training_set_free);
  g_clear_pointer (&run->probabilities, g_free);
  g_clear_pointer (&run->best_values, g_free);
  g_clear_pointer (&run->tensors, g_array_unref);
  wen_checkpoint_clear (&run->state);
  g_clear_error (&run->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenTrainingRun, run_clear)

static double
get_tokens_per_second (WenTrainingRun *run)
{
  const WenCheckpoint *state = &run->state;
  guint64 n_tokens = run->is_pretraining ? state->n_pretraining_tokens : state->n_tokens;
  gint64 steps_us = run->is_pretraining ? state->pretraining_us : state->training_us;

  return (double) n_tokens / (double) MAX (steps_us, 1) * 1e6;
}

static double
get_fraction (const WenTrainingRun *run,
              guint64               step)
{
  double done = (double) step / (double) (run->n_epoch_steps * run->n_epochs);
  double share = run->pretraining_share;

  return PREPARING_SHARE + (1 - PREPARING_SHARE) * (run->is_pretraining ? share * done : share + (1 - share) * done);
}

static WenTrainingProgress
describe_progress (WenTrainingRun   *run,
                   WenTrainingPhase  phase,
                   guint64           step,
                   double            fraction)
{
  gint64 elapsed_us = g_get_monotonic_time () - run->start_us;
  WenTrainingProgress progress = {
    .phase = phase,
    .epoch = run->n_epoch_steps > 0 && step > 0 ? (guint) ((step - 1) / run->n_epoch_steps) + 1 : 1,
    .n_epochs = run->n_epochs,
    .step = step,
    .n_steps = run->n_epoch_steps * run->n_epochs,
    .fraction = fraction,
    .tokens_per_second = get_tokens_per_second (run),
    .elapsed_us = elapsed_us,
    .remaining_us = -1,
  };

  if (step > 0 && fraction > PREPARING_SHARE)
    progress.remaining_us = (gint64) ((double) elapsed_us * (1 - fraction) / fraction);
  return progress;
}

/* Where the run is, in the step that was done last. */
WenTrainingProgress
wen_training_run_describe (WenTrainingRun   *run,
                           WenTrainingPhase  phase)
{
  guint64 step = wen_training_run_get_step (run);

  return describe_progress (run, phase, step, get_fraction (run, step));
}

/* point: (nullable): one that was just measured. */
void
wen_training_run_report (WenTrainingRun      *run,
                         WenTrainingPhase     phase,
                         const WenCurvePoint *point)
{
  WenTrainingProgress progress = wen_training_run_describe (run, phase);

  if (point != NULL)
    g_array_append_val (run->state.curve, *point);
  run->last_report_us = g_get_monotonic_time ();
  run->job->report_func (&progress, point, run->job->user_data);
}

static void
report_preparing (double   fraction,
                  gpointer user_data)
{
  WenTrainingRun *run = user_data;
  WenTrainingProgress progress = describe_progress (run, WEN_TRAINING_PHASE_PREPARING, 0, fraction * PREPARING_SHARE);

  run->last_report_us = g_get_monotonic_time ();
  run->job->report_func (&progress, NULL, run->job->user_data);
}

static gboolean
is_point_due (WenTrainingRun *run,
              guint64         step)
{
  guint64 interval = MAX (1, run->n_epoch_steps / POINTS_PER_EPOCH);

  return run->state.n_point_steps >= interval || step % run->n_epoch_steps == 0;
}

static WenCurvePoint
take_training_point (WenTrainingRun     *run,
                     const WenModelStep *step)
{
  WenCheckpoint *state = &run->state;
  WenCurvePoint point = {
    .split = WEN_SPLIT_TRAIN,
    .step = step->step,
    .epoch = (double) step->step / (double) run->n_epoch_steps,
    .loss = state->point_loss / (double) state->n_point_texts,
    .accuracy = (double) state->n_point_correct / (double) state->n_point_texts,
    .learning_rate = step->learning_rate,
    .elapsed_us = g_get_monotonic_time () - run->start_us,
    .is_pretraining = run->is_pretraining,
  };

  state->n_point_steps = state->n_point_texts = state->n_point_correct = 0;
  state->point_loss = 0;
  return point;
}

static void
set_diverged (WenTrainingRun *run,
              guint           epoch)
{
  if (run->is_pretraining)
    g_set_error (&run->error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED,
                 _ ("Pre-training went astray in epoch %u at step %" PRIu64 ", with a learning "
                    "rate of %g: try a smaller learning rate of pre-training."),
                 epoch, run->state.pretraining_step, run->learning_rate);
  else
    g_set_error (&run->error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED,
                 _ ("Training went astray in epoch %u at step %" PRIu64 ", with a learning "
                    "rate of %g: try a smaller learning rate."),
                 epoch, run->state.step, run->learning_rate);
}

static void
count_step (WenTrainingRun     *run,
            const WenModelStep *step)
{
  WenCheckpoint *state = &run->state;
  gint64 step_us = g_get_monotonic_time () - run->step_start_us;
  guint64 n_targets = run->is_pretraining ? MAX (step->n_masked, 1) : step->n_texts;

  if (run->is_pretraining)
    {
      state->pretraining_step = step->step;
      state->pretraining_us += step_us;
      state->n_pretraining_tokens += step->n_tokens;
    }
  else
    {
      state->step = step->step;
      state->training_us += step_us;
      state->n_tokens += step->n_tokens;
    }
  state->n_point_steps++;
  state->n_point_texts += n_targets;
  state->n_point_correct += step->n_correct;
  state->point_loss += step->loss * (double) n_targets;
  run->learning_rate = step->learning_rate;
}

/* WenModelStepFunc: after each step of a phase. */
gboolean
wen_training_run_step_done (const WenModelStep *step,
                            gpointer            user_data)
{
  WenTrainingRun *run = user_data;

  count_step (run, step);
  if (!isfinite (step->loss))
    {
      set_diverged (run, step->epoch);
      return FALSE;
    }

  if (is_point_due (run, step->step))
    {
      WenCurvePoint point = take_training_point (run, step);

      wen_training_run_report (run, wen_training_run_get_phase (run), &point);
    }
  else if (g_get_monotonic_time () - run->last_report_us >= PROGRESS_INTERVAL_US)
    {
      wen_training_run_report (run, wen_training_run_get_phase (run), NULL);
    }

  /* After the last step of an epoch comes validation first. */
  if (step->step % run->n_epoch_steps != 0)
    wen_training_run_pass_boundary (run);
  run->step_start_us = g_get_monotonic_time ();
  return !wen_training_run_has_to_end (run);
}

static WenCurvePoint
measure_validation (WenTrainingRun *run,
                    guint64         step)
{
  const WenBatch *texts = &run->set->validation;
  guint n_labels = run->set->labels->len;
  gsize n_correct = 0;
  double loss = 0;

  for (gsize i = 0; i < texts->n_texts; i++)
    {
      const float *probabilities = run->probabilities + i * n_labels;
      guint best = wen_find_largest (probabilities, n_labels);

      n_correct += best == texts->labels[i];
      /* A probability may round to zero in single precision. */
      loss -= log (MAX ((double) probabilities[texts->labels[i]], (double) G_MINFLOAT));
    }
  return (WenCurvePoint) {
    .split = WEN_SPLIT_VALIDATION,
    .step = step,
    .epoch = (double) step / (double) run->n_epoch_steps,
    .loss = loss / (double) texts->n_texts,
    .accuracy = (double) n_correct / (double) texts->n_texts,
    .elapsed_us = g_get_monotonic_time () - run->start_us,
  };
}

/* Copies the weights as the best so far, if they are numbers.  A step's loss is
 * measured before the step changes the weights, so the last step of an epoch can
 * spoil them unseen. */
static gboolean
keep_weights (WenTrainingRun *run,
              guint           epoch)
{
  guint64 n_values = wen_model_count_values (run->model);

  wen_model_copy_values (run->model, run->best_values);
  for (guint64 i = 0; i < n_values; i++)
    if (!isfinite (run->best_values[i]))
      {
        set_diverged (run, epoch);
        return FALSE;
      }
  run->state.best_epoch = epoch;
  run->state.n_epochs_without_progress = 0;
  return TRUE;
}

/* The loss of validation rows, were the probabilities made honest. */
static double
measure_calibrated_loss (WenTrainingRun *run)
{
  const WenBatch *texts = &run->set->validation;
  guint n_labels = run->set->labels->len;
  g_autofree float *probabilities = g_memdup2 (run->probabilities, texts->n_texts * n_labels * sizeof (float));
  double loss = 0;

  wen_calibrate (texts, probabilities, n_labels);
  for (gsize i = 0; i < texts->n_texts; i++)
    loss -= log (MAX ((double) probabilities[i * n_labels + texts->labels[i]], (double) G_MINFLOAT));
  return loss / (double) texts->n_texts;
}

/* Measures the validation split and keeps the weights if they are the best so
 * far.  Without validation rows the newest weights are the best.  FALSE with
 * run->error set where there is nothing to go on with. */
static gboolean
validate (WenTrainingRun *run,
          guint           epoch)
{
  WenCheckpoint *state = &run->state;
  WenCurvePoint point;
  double calibrated_loss;

  if (run->set->validation.n_texts == 0)
    return keep_weights (run, epoch);

  wen_training_run_report (run, WEN_TRAINING_PHASE_VALIDATING, NULL);
  if (!wen_runner_run (run->runner, &run->set->validation, run->probabilities, run->job->cancellable))
    return !g_cancellable_set_error_if_cancelled (run->job->cancellable, &run->error);

  wen_model_calibrate (run->model, &run->set->validation, run->probabilities);
  point = measure_validation (run, state->step);
  calibrated_loss = measure_calibrated_loss (run);
  if (state->best_epoch == 0 || calibrated_loss < state->best_calibrated_loss)
    {
      if (!keep_weights (run, epoch))
        return FALSE;
      state->best_accuracy = point.accuracy;
      state->best_loss = point.loss;
      state->best_calibrated_loss = calibrated_loss;
    }
  else
    {
      state->n_epochs_without_progress++;
    }
  wen_training_run_report (run, WEN_TRAINING_PHASE_VALIDATING, &point);
  return TRUE;
}

/* Whether the weights in the middle of an epoch may become the ones that are kept:
 * where there are no others, or none that were found to be better. */
static gboolean
counts_unfinished_epoch (WenTrainingRun *run)
{
  return run->state.best_epoch == 0 || run->set->validation.n_texts == 0;
}

/* All epochs, or fewer.  FALSE with run->error set where nothing is to be kept. */
static gboolean
run_epochs (WenTrainingRun *run)
{
  const WenRecipe *recipe = run->job->recipe;
  WenTrainingSummary *summary = run->summary;
  guint first_epoch = (guint) (run->state.step / run->n_epoch_steps) + 1;

  summary->end = WEN_TRAINING_END_COMPLETED;
  for (guint epoch = first_epoch; epoch <= recipe->n_epochs; epoch++)
    {
      gboolean whole;

      summary->n_epochs = epoch;
      run->step_start_us = g_get_monotonic_time ();
      /* A stop that comes with the last step still finds the epoch whole. */
      whole = wen_model_run_epoch (run->model, epoch, run->state.step % run->n_epoch_steps,
                                   wen_training_run_step_done, run)
              || run->state.step == epoch * run->n_epoch_steps;

      if (run->error != NULL || g_cancellable_set_error_if_cancelled (run->job->cancellable, &run->error))
        return FALSE;
      if ((whole || counts_unfinished_epoch (run)) && !validate (run, epoch))
        return FALSE;
      if (whole && epoch == recipe->n_epochs)
        break;

      if (g_atomic_int_get (run->job->stops))
        {
          summary->end = WEN_TRAINING_END_STOPPED;
          break;
        }
      if (recipe->patience > 0 && run->state.n_epochs_without_progress >= recipe->patience)
        {
          summary->end = WEN_TRAINING_END_EARLY;
          break;
        }
      wen_training_run_pass_boundary (run);
    }
  return TRUE;
}

static WenClassifier *
finish_run (WenTrainingRun *run)
{
  WenTrainingSummary *summary = run->summary;
  const WenCheckpoint *state = &run->state;
  g_autofree char *record = NULL;

  wen_model_set_values (run->model, run->best_values);
  wen_model_end (run->model);

  summary->best_epoch = (guint) state->best_epoch;
  summary->best_validation_loss = state->best_loss;
  summary->best_validation_accuracy = state->best_accuracy;
  summary->n_tokens = state->n_tokens;
  summary->n_parameters = wen_model_count_values (run->model);
  summary->n_vocabulary = wen_model_get_n_vocabulary (run->model);
  summary->n_train_rows = run->set->train.n_texts;
  summary->n_left_out = run->set->n_left_out;
  summary->n_cut = run->set->n_cut;
  summary->seconds = (double) (g_get_monotonic_time () - run->start_us) / 1e6;
  summary->tokens_per_second = get_tokens_per_second (run);
  wen_training_run_summarize_pretraining (run);

  record = wen_training_record_write (summary, run->set);
  return wen_classifier_new (run->set->cleaner, run->set->tokenizer, run->set->labels, run->model, record);
}

static gboolean
check_size (WenTrainingRun  *run,
            GError         **error)
{
  guint64 n_parameters = wen_model_count_values (run->model);

  if (run->job->largest == 0 || n_parameters <= run->job->largest)
    return TRUE;
  g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE,
               _ ("The model would have %" PRIu64 " parameters, more than the %" PRIu64 " that are allowed."),
               n_parameters, run->job->largest);
  return FALSE;
}

/* A family that does not learn in batches would take no notice of it. */
static void
add_augmentation (WenTrainingRun *run,
                  WenWorkerPool  *pool)
{
  const WenTrainingJob *job = run->job;

  if (!wen_recipe_uses_setting (job->recipe, "augmentation.texts"))
    return;
  run->augmentation = wen_augmentation_new (job->recipe, run->set, pool, job->stops, job->cancellable);
  if (run->augmentation != NULL)
    wen_model_set_augmentation (run->model, wen_augmentation_get_hook (run->augmentation));
}

static gboolean
train (WenTrainingRun       *run,
       const WenCheckpoint  *checkpoint,
       WenWorkerPool        *pool,
       GError              **error)
{
  run->n_epochs = run->job->recipe->n_epochs;
  wen_model_begin (run->model, &run->set->train, pool);
  run->n_epoch_steps = wen_model_count_steps (run->model);
  run->best_values = g_new0 (float, wen_model_count_values (run->model));
  run->runner = wen_runner_new (run->model, pool);
  return check_size (run, error) && wen_training_run_ready_journal (run, checkpoint, error) && run_epochs (run);
}

/* Runs in the calling thread until the end.  summary is filled where a classifier
 * is returned.  (transfer full) (nullable) */
WenClassifier *
wen_training_job_run (const WenTrainingJob *self,
                      WenTrainingSummary   *summary,
                      GError              **error)
{
  g_autoptr (WenWorkerPool) pool = NULL;
  g_auto (WenTrainingRun) run = {
    .job = self,
    .summary = summary,
    .start_us = g_get_monotonic_time (),
    .n_epochs = self->recipe->n_epochs,
  };
  g_auto (WenCheckpoint) checkpoint = { 0 };
  const WenCheckpoint *to_go_on = NULL;
  gboolean goes_on = TRUE;
  guint n_vocabulary;

  *summary = (WenTrainingSummary) {
    .best_validation_loss = NAN,
    .best_validation_accuracy = NAN,
    .pretraining_loss = NAN,
    .pretraining_accuracy = NAN,
  };
  if (!wen_recipe_validate (self->recipe, error))
    return NULL;
  if (g_str_equal (self->recipe->family, "ensemble"))
    return wen_ensemble_job_run (self, summary, error);
  if (self->checkpoint != NULL && !wen_checkpoint_read (&checkpoint, self->checkpoint, error))
    return NULL;

  /* The order of sums depends on how many workers there are. */
  pool = wen_worker_pool_new (self->checkpoint != NULL ? (guint) MIN (checkpoint.n_workers, MAXIMUM_WORKERS)
                                                       : self->recipe->n_threads);
  run.set = wen_training_set_new (self->dataset, &self->aims, self->recipe, pool, report_preparing, &run,
                                  self->cancellable, error);
  if (run.set == NULL)
    return NULL;
  n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (run.set->tokenizer));
  if (!wen_training_fits_memory (self->recipe, run.set, wen_worker_pool_get_n_workers (pool),
                                 wen_training_get_free_memory (), error))
    return NULL;

  run.model = wen_model_new (self->recipe, n_vocabulary, run.set->labels->len);
  run.probabilities = g_new (float, MAX (1, run.set->validation.n_texts * run.set->labels->len));
  run.state = (WenCheckpoint) {
    .n_workers = wen_worker_pool_get_n_workers (pool),
    .best_loss = NAN,
    .best_accuracy = NAN,
    .best_calibrated_loss = NAN,
    .curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint)),
  };
  add_augmentation (&run, pool);
  run.pretraining_share = wen_training_run_forecast_pretraining (run.set, self->recipe);
  wen_model_initialize (run.model, self->recipe->seed);
  if (self->checkpoint != NULL)
    to_go_on = &checkpoint;

  /* A checkpoint of a step of training is behind pre-training. */
  if (wen_recipe_pretrains (self->recipe) && checkpoint.step == 0)
    {
      goes_on = wen_training_run_pretrain (&run, to_go_on, pool, error);
      to_go_on = NULL;
    }
  if (!goes_on || !train (&run, to_go_on, pool, error))
    {
      wen_model_end (run.model);
      if (run.error != NULL)
        g_propagate_error (error, g_steal_pointer (&run.error));
      return NULL;
    }
  return finish_run (&run);
}
