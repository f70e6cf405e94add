/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run, from rows to a classifier.
 *
 * DESIGN: plain sequential code, in whatever thread calls it.  After every step it
 * looks whether it is to end, so it ends within one step.
 *
 * The best epoch is the one with the highest validation accuracy; the lower loss
 * decides between equals.  Loss alone would stop too early: on small data it
 * already rises, because wrong answers become surer, while more answers still
 * become right. */

#include "config.h"

#include "wen-training-run-private.h"

#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <unistd.h>

#include "wen-classifier-private.h"
#include "wen-i18n-private.h"
#include "wen-runner-private.h"
#include "wen-training-set-private.h"

/* Training points of the curve in one epoch, at most. */
#define POINTS_PER_EPOCH 40
#define PROGRESS_INTERVAL_US (50 * 1000)
/* Share of the whole run, for the progress bar. */
#define PREPARING_SHARE 0.02
/* Copies of the parameters beside the gradients of each worker: the parameters,
 * the best ones, and the two moments of Adam. */
#define N_COPIES_OF_PARAMETERS 4

typedef struct
{
  const WenTrainingJob *job;           /* borrowed */
  WenTrainingSummary   *summary;       /* borrowed */
  WenTrainingSet       *set;
  WenModel             *model;
  WenRunner            *runner;        /* for validation */
  float                *probabilities; /* [validation.n_texts][n_labels] */
  float                *best_values;
  gboolean              has_best;
  guint                 n_epochs_without_progress;
  GError               *error;

  gint64                start_us;
  gint64                training_us;   /* in steps alone */
  gint64                step_start_us;
  gint64                last_report_us;
  guint64               n_epoch_steps;
  guint64               step;          /* the last one done */
  double                learning_rate; /* its */

  /* since the last training point */
  guint64               n_point_steps;
  guint64               n_point_texts;
  guint64               n_point_correct;
  double                point_loss;    /* sum over texts */
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->runner, wen_runner_free);
  g_clear_object (&run->model);
  g_clear_pointer (&run->set, wen_training_set_free);
  g_clear_pointer (&run->probabilities, g_free);
  g_clear_pointer (&run->best_values, g_free);
  g_clear_error (&run->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
has_to_end (Run *run)
{
  return g_atomic_int_get (run->job->stops) || g_cancellable_is_cancelled (run->job->cancellable);
}

static WenTrainingProgress
describe_progress (Run              *run,
                   WenTrainingPhase  phase,
                   guint64           step,
                   double            fraction)
{
  const WenRecipe *recipe = run->job->recipe;
  guint64 n_steps = run->n_epoch_steps * recipe->n_epochs;
  gint64 elapsed_us = g_get_monotonic_time () - run->start_us;
  WenTrainingProgress progress = {
    .phase = phase,
    .epoch = run->n_epoch_steps > 0 && step > 0 ? (guint) ((step - 1) / run->n_epoch_steps) + 1 : 1,
    .n_epochs = recipe->n_epochs,
    .step = step,
    .n_steps = n_steps,
    .fraction = fraction,
    .elapsed_us = elapsed_us,
    .remaining_us = -1,
  };

  if (run->training_us > 0)
    progress.tokens_per_second = (double) run->summary->n_tokens / (double) run->training_us * 1e6;
  if (step > 0 && fraction > PREPARING_SHARE)
    progress.remaining_us = (gint64) ((double) elapsed_us * (1 - fraction) / fraction);
  return progress;
}

static void
report (Run                 *run,
        WenTrainingPhase     phase,
        guint64              step,
        double               fraction,
        const WenCurvePoint *point)
{
  WenTrainingProgress progress = describe_progress (run, phase, step, fraction);

  run->last_report_us = g_get_monotonic_time ();
  run->job->report_func (&progress, point, run->job->user_data);
}

static void
report_preparing (double   fraction,
                  gpointer user_data)
{
  report (user_data, WEN_TRAINING_PHASE_PREPARING, 0, fraction * PREPARING_SHARE, NULL);
}

static double
get_fraction (Run     *run,
              guint64  step)
{
  guint64 n_steps = run->n_epoch_steps * run->job->recipe->n_epochs;

  return PREPARING_SHARE + (1 - PREPARING_SHARE) * (double) step / (double) n_steps;
}

static gboolean
is_point_due (Run     *run,
              guint64  step)
{
  guint64 interval = MAX (1, run->n_epoch_steps / POINTS_PER_EPOCH);

  return run->n_point_steps >= interval || step % run->n_epoch_steps == 0;
}

static WenCurvePoint
take_training_point (Run                *run,
                     const WenModelStep *step)
{
  WenCurvePoint point = {
    .split = WEN_SPLIT_TRAIN,
    .step = step->step,
    .epoch = (double) step->step / (double) run->n_epoch_steps,
    .loss = run->point_loss / (double) run->n_point_texts,
    .accuracy = (double) run->n_point_correct / (double) run->n_point_texts,
    .learning_rate = step->learning_rate,
    .elapsed_us = g_get_monotonic_time () - run->start_us,
  };

  run->n_point_steps = run->n_point_texts = run->n_point_correct = 0;
  run->point_loss = 0;
  return point;
}

static void
set_diverged (Run   *run,
              guint  epoch)
{
  g_set_error (&run->error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED,
               _ ("Training went astray in epoch %u at step %" PRIu64 ", with a learning "
                  "rate of %g: try a smaller learning rate."),
               epoch, run->step, run->learning_rate);
}

/* WenModelStepFunc: after each step. */
static gboolean
step_done (const WenModelStep *step,
           gpointer            user_data)
{
  Run *run = user_data;
  gint64 now_us = g_get_monotonic_time ();

  run->step = step->step;
  run->learning_rate = step->learning_rate;
  run->training_us += now_us - run->step_start_us;
  run->summary->n_tokens += step->n_tokens;
  if (!isfinite (step->loss))
    {
      set_diverged (run, step->epoch);
      return FALSE;
    }

  run->n_point_steps++;
  run->n_point_texts += step->n_texts;
  run->n_point_correct += step->n_correct;
  run->point_loss += step->loss * (double) step->n_texts;
  if (is_point_due (run, step->step))
    {
      WenCurvePoint point = take_training_point (run, step);

      report (run, WEN_TRAINING_PHASE_TRAINING, step->step, get_fraction (run, step->step), &point);
    }
  else if (now_us - run->last_report_us >= PROGRESS_INTERVAL_US)
    {
      report (run, WEN_TRAINING_PHASE_TRAINING, step->step, get_fraction (run, step->step), NULL);
    }

  run->step_start_us = g_get_monotonic_time ();
  return !has_to_end (run);
}

static WenCurvePoint
measure_validation (Run     *run,
                    guint64  step)
{
  const WenBatch *texts = &run->set->validation;
  guint n_labels = run->set->labels->len;
  gsize n_correct = 0;
  double loss = 0;

  for (gsize i = 0; i < texts->n_texts; i++)
    {
      const float *probabilities = run->probabilities + i * n_labels;
      guint best = 0;

      for (guint label = 1; label < n_labels; label++)
        if (probabilities[label] > probabilities[best])
          best = label;
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
keep_weights (Run   *run,
              guint  epoch)
{
  guint64 n_values = wen_model_count_values (run->model);

  wen_model_copy_values (run->model, run->best_values);
  for (guint64 i = 0; i < n_values; i++)
    if (!isfinite (run->best_values[i]))
      {
        set_diverged (run, epoch);
        return FALSE;
      }
  run->has_best = TRUE;
  run->n_epochs_without_progress = 0;
  run->summary->best_epoch = epoch;
  return TRUE;
}

static gboolean
is_better (Run                 *run,
           const WenCurvePoint *point)
{
  const WenTrainingSummary *summary = run->summary;

  return !run->has_best || point->accuracy > summary->best_validation_accuracy
         || (point->accuracy == summary->best_validation_accuracy && point->loss < summary->best_validation_loss);
}

/* Measures the validation split and keeps the weights if they are the best so
 * far.  Without validation rows the newest weights are the best.  FALSE with
 * run->error set where there is nothing to go on with. */
static gboolean
validate (Run   *run,
          guint  epoch)
{
  WenTrainingSummary *summary = run->summary;
  WenCurvePoint point;

  if (run->set->validation.n_texts == 0)
    return keep_weights (run, epoch);

  report (run, WEN_TRAINING_PHASE_VALIDATING, run->step, get_fraction (run, run->step), NULL);
  if (!wen_runner_run (run->runner, &run->set->validation, run->probabilities, run->job->cancellable))
    return !g_cancellable_set_error_if_cancelled (run->job->cancellable, &run->error);

  point = measure_validation (run, run->step);
  if (is_better (run, &point))
    {
      if (!keep_weights (run, epoch))
        return FALSE;
      summary->best_validation_accuracy = point.accuracy;
      summary->best_validation_loss = point.loss;
    }
  else
    {
      run->n_epochs_without_progress++;
    }
  report (run, WEN_TRAINING_PHASE_VALIDATING, run->step, get_fraction (run, run->step), &point);
  return TRUE;
}

/* Whether the weights in the middle of an epoch may become the ones that are kept:
 * where there are no others, or none that were found to be better. */
static gboolean
counts_unfinished_epoch (Run *run)
{
  return !run->has_best || run->set->validation.n_texts == 0;
}

/* All epochs, or fewer.  FALSE with run->error set where nothing is to be kept. */
static gboolean
run_epochs (Run *run)
{
  const WenRecipe *recipe = run->job->recipe;
  WenTrainingSummary *summary = run->summary;

  summary->end = WEN_TRAINING_END_COMPLETED;
  for (guint epoch = 1; epoch <= recipe->n_epochs; epoch++)
    {
      gboolean whole;

      summary->n_epochs = epoch;
      run->step_start_us = g_get_monotonic_time ();
      /* A stop that comes with the last step still finds the epoch whole. */
      whole = wen_model_run_epoch (run->model, epoch, 0, step_done, run) || run->step == epoch * run->n_epoch_steps;

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
      if (recipe->patience > 0 && run->n_epochs_without_progress >= recipe->patience)
        {
          summary->end = WEN_TRAINING_END_EARLY;
          break;
        }
    }
  return TRUE;
}

/* The label that most training rows have; the first of equals. */
static const char *
find_majority_label (const WenTrainingSet *set)
{
  g_autofree gsize *counts = g_new0 (gsize, set->labels->len);
  guint majority = 0;

  for (gsize i = 0; i < set->train.n_texts; i++)
    counts[set->train.labels[i]]++;
  for (guint label = 1; label < set->labels->len; label++)
    if (counts[label] > counts[majority])
      majority = label;
  return g_ptr_array_index (set->labels, majority);
}

static char *
write_training_record (Run *run)
{
  const WenTrainingSummary *summary = run->summary;
  static const char *const ends[] = { "completed", "early", "stopped" };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ended_at");
  json_builder_add_string_value (builder, time);
  json_builder_set_member_name (builder, "wenlei_version");
  json_builder_add_string_value (builder, WENLEI_VERSION);
  json_builder_set_member_name (builder, "end");
  json_builder_add_string_value (builder, ends[summary->end]);
  json_builder_set_member_name (builder, "train_rows");
  json_builder_add_int_value (builder, (gint64) summary->n_train_rows);
  json_builder_set_member_name (builder, "epochs");
  json_builder_add_int_value (builder, summary->n_epochs);
  json_builder_set_member_name (builder, "best_epoch");
  json_builder_add_int_value (builder, summary->best_epoch);
  if (isfinite (summary->best_validation_loss))
    {
      json_builder_set_member_name (builder, "validation_loss");
      json_builder_add_double_value (builder, summary->best_validation_loss);
      json_builder_set_member_name (builder, "validation_accuracy");
      json_builder_add_double_value (builder, summary->best_validation_accuracy);
    }
  json_builder_set_member_name (builder, "majority_label");
  json_builder_add_string_value (builder, find_majority_label (run->set));
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, summary->seconds);
  json_builder_set_member_name (builder, "tokens_per_second");
  json_builder_add_double_value (builder, summary->tokens_per_second);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static WenClassifier *
finish_run (Run *run)
{
  WenTrainingSummary *summary = run->summary;
  g_autofree char *record = NULL;

  wen_model_set_values (run->model, run->best_values);
  wen_model_end (run->model);

  summary->n_parameters = wen_model_count_values (run->model);
  summary->n_vocabulary = wen_model_get_n_vocabulary (run->model);
  summary->n_train_rows = run->set->train.n_texts;
  summary->n_left_out = run->set->n_left_out;
  summary->n_cut = run->set->n_cut;
  summary->seconds = (double) (g_get_monotonic_time () - run->start_us) / 1e6;
  summary->tokens_per_second = (double) summary->n_tokens / (double) MAX (run->training_us, 1) * 1e6;

  record = write_training_record (run);
  return wen_classifier_new (run->set->cleaner, run->set->tokenizer, run->set->labels, run->model, record);
}

/* Physical memory, or 0 where the system does not tell. */
static guint64
get_memory_bytes (void)
{
  glong n_pages = sysconf (_SC_PHYS_PAGES);
  glong page_bytes = sysconf (_SC_PAGESIZE);

  return n_pages > 0 && page_bytes > 0 ? (guint64) n_pages * (guint64) page_bytes : 0;
}

/* Every setting of a recipe may be fine and the model too large all the same; it
 * is better said in a sentence than by the kernel. */
static gboolean
fits_memory (const WenRecipe *recipe,
             guint            n_vocabulary,
             guint            n_labels,
             guint            n_workers,
             GError         **error)
{
  guint64 n_values = wen_model_forecast_values (recipe, n_vocabulary, n_labels);
  guint64 needed_bytes = n_values * (N_COPIES_OF_PARAMETERS + n_workers) * sizeof (float);
  guint64 memory_bytes = get_memory_bytes ();
  g_autofree char *needed = NULL;
  g_autofree char *memory = NULL;

  if (memory_bytes == 0 || needed_bytes < memory_bytes)
    return TRUE;

  needed = g_format_size (needed_bytes);
  memory = g_format_size (memory_bytes);
  g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE,
               _ ("Training this model needs %s of memory, and this computer has %s: choose fewer layers, "
                  "a smaller hidden size or a smaller vocabulary."),
               needed, memory);
  return FALSE;
}

/* Runs in the calling thread until the end.  summary is filled where a classifier
 * is returned.  (transfer full) (nullable) */
WenClassifier *
wen_training_job_run (const WenTrainingJob *self,
                      WenTrainingSummary   *summary,
                      GError              **error)
{
  g_autoptr (WenWorkerPool) pool = NULL;
  g_auto (Run) run = {
    .job = self,
    .summary = summary,
    .start_us = g_get_monotonic_time (),
  };
  guint n_vocabulary;

  *summary = (WenTrainingSummary) { .best_validation_loss = NAN, .best_validation_accuracy = NAN };
  if (!wen_recipe_validate (self->recipe, error))
    return NULL;

  pool = wen_worker_pool_new (self->recipe->n_threads);
  run.set = wen_training_set_new (self->dataset, self->recipe, pool, report_preparing, &run,
                                  self->cancellable, error);
  if (run.set == NULL)
    return NULL;
  n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (run.set->tokenizer));
  if (!fits_memory (self->recipe, n_vocabulary, run.set->labels->len, wen_worker_pool_get_n_workers (pool),
                    error))
    return NULL;

  run.model = wen_model_new (self->recipe, n_vocabulary, run.set->labels->len);
  run.best_values = g_new (float, wen_model_count_values (run.model));
  run.probabilities = g_new (float, MAX (1, run.set->validation.n_texts * run.set->labels->len));
  wen_model_initialize (run.model, self->recipe->seed);
  wen_model_begin (run.model, &run.set->train, pool);
  run.n_epoch_steps = wen_model_count_steps (run.model);
  run.runner = wen_runner_new (run.model, pool);

  if (!run_epochs (&run))
    {
      wen_model_end (run.model);
      g_propagate_error (error, g_steal_pointer (&run.error));
      return NULL;
    }
  return finish_run (&run);
}
