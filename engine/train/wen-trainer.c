/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run, from rows to a classifier.
 *
 * DESIGN: the run itself is plain sequential code, in whatever thread calls it.
 * run_async() gives it a thread of its own.  That thread tells the main thread
 * how it goes by two ways under one lock: the newest progress overwrites the one
 * before it, and points of the curve are collected in an array, so none is lost.
 * At most one delivery waits in the main loop, at idle priority, so drawing goes
 * first.  Nothing the training thread does waits for the main loop.
 *
 * The best epoch is the one with the highest validation accuracy; the lower loss
 * decides between equals.  Loss alone would stop too early: on small data it
 * already rises, because wrong answers become surer, while more answers still
 * become right. */

#include "config.h"

#include "wen-trainer.h"

#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

#include "wen-classifier-private.h"
#include "wen-i18n-private.h"
#include "wen-runner-private.h"
#include "wen-training-set-private.h"

/* Training points of the curve in one epoch, at most. */
#define POINTS_PER_EPOCH 40
#define PROGRESS_INTERVAL_US (50 * 1000)
/* Shares of the whole run, for the progress bar. */
#define PREPARING_SHARE 0.02
/* The training thread is a little less urgent than the window. */
#define TRAINING_NICENESS 5

struct _WenTrainer
{
  GObject                 parent_instance;

  /* owned, not changed after the start */
  WenDataset             *dataset;
  WenRecipe              *recipe;
  WenTrainerPointFunc     point_func;
  WenTrainerProgressFunc  progress_func;
  gpointer                func_data;
  GDestroyNotify          func_destroy;

  /* written by the run, read after its end */
  WenTrainingSummary      summary;

  gint                    stops;           /* atomic */

  /* shared (lock `mutex`) */
  GMutex                  mutex;
  WenTrainingProgress     latest;
  GArray                 *new_points;      /* of WenCurvePoint, not delivered yet */
  gboolean                delivery_queued;
  GMainContext           *context;         /* where to deliver; NULL: in the thread of the run */

  /* main thread */
  GArray                 *curve;           /* of WenCurvePoint */
  WenTrainingProgress     progress;
};

/* What a run knows while it lasts. */
typedef struct
{
  WenTrainer     *trainer;       /* borrowed */
  GCancellable   *cancellable;   /* borrowed */
  WenTrainingSet *set;
  WenModel       *model;
  WenRunner      *runner;        /* for validation */
  float          *probabilities; /* [validation.n_texts][n_labels] */
  float          *best_values;
  gboolean        has_best;
  guint           n_epochs_without_progress;
  GError         *error;

  gint64          start_us;
  gint64          training_us;   /* in steps alone */
  gint64          step_start_us;
  gint64          last_report_us;
  guint64         n_epoch_steps;
  guint64         step;          /* the last one done */

  /* since the last training point */
  guint64         n_point_steps;
  guint64         n_point_texts;
  guint64         n_point_correct;
  double          point_loss;    /* sum over texts */
} Run;

enum
{
  SIGNAL_PROGRESS,
  SIGNAL_CURVE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_QUARK (wen-trainer-error-quark, wen_trainer_error)
G_DEFINE_FINAL_TYPE (WenTrainer, wen_trainer, G_TYPE_OBJECT)

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

/* Main thread, or the thread of a run that was not started asynchronously. */
static void
deliver (WenTrainer *self)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  guint n_points;

  g_mutex_lock (&self->mutex);
  self->delivery_queued = FALSE;
  self->progress = self->latest;
  n_points = self->new_points->len;
  g_array_append_vals (points, self->new_points->data, n_points);
  g_array_set_size (self->new_points, 0);
  g_mutex_unlock (&self->mutex);

  if (n_points > 0)
    {
      g_array_append_vals (self->curve, points->data, n_points);
      g_signal_emit (self, signals[SIGNAL_CURVE_CHANGED], 0);
    }
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static gboolean
deliver_cb (gpointer data)
{
  deliver (WEN_TRAINER (data));
  return G_SOURCE_REMOVE;
}

/* Thread of the run.  point may be NULL.  Never waits for the main loop. */
static void
publish (WenTrainer                *self,
         const WenTrainingProgress *progress,
         const WenCurvePoint       *point)
{
  gboolean queue_delivery;

  g_mutex_lock (&self->mutex);
  self->latest = *progress;
  if (point != NULL)
    g_array_append_val (self->new_points, *point);
  queue_delivery = self->context != NULL && !self->delivery_queued;
  self->delivery_queued |= queue_delivery;
  g_mutex_unlock (&self->mutex);

  if (queue_delivery)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, deliver_cb, g_object_ref (self), g_object_unref);
      g_source_attach (source, self->context);
    }
}

static gboolean
has_to_end (Run *run)
{
  return g_atomic_int_get (&run->trainer->stops) || g_cancellable_is_cancelled (run->cancellable);
}

static WenTrainingProgress
describe_progress (Run              *run,
                   WenTrainingPhase  phase,
                   guint64           step,
                   double            fraction)
{
  const WenRecipe *recipe = run->trainer->recipe;
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
    progress.tokens_per_second = (double) run->trainer->summary.n_tokens / (double) run->training_us * 1e6;
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
  WenTrainer *self = run->trainer;
  WenTrainingProgress progress = describe_progress (run, phase, step, fraction);

  run->last_report_us = g_get_monotonic_time ();
  if (point != NULL && self->point_func != NULL)
    self->point_func (point, self->func_data);
  if (self->progress_func != NULL)
    self->progress_func (&progress, self->func_data);
  publish (self, &progress, point);
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
  guint64 n_steps = run->n_epoch_steps * run->trainer->recipe->n_epochs;

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
set_diverged (Run                *run,
              const WenModelStep *step)
{
  g_set_error (&run->error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED,
               _ ("Training went astray in epoch %u at step %" PRIu64 ", with a learning "
                  "rate of %g: try a smaller learning rate."),
               step->epoch, step->step, step->learning_rate);
}

/* WenModelStepFunc: after each step. */
static gboolean
step_done (const WenModelStep *step,
           gpointer            user_data)
{
  Run *run = user_data;
  gint64 now_us = g_get_monotonic_time ();

  run->step = step->step;
  run->training_us += now_us - run->step_start_us;
  run->trainer->summary.n_tokens += step->n_tokens;
  if (!isfinite (step->loss))
    {
      set_diverged (run, step);
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

static void
keep_weights (Run   *run,
              guint  epoch)
{
  wen_model_copy_values (run->model, run->best_values);
  run->has_best = TRUE;
  run->n_epochs_without_progress = 0;
  run->trainer->summary.best_epoch = epoch;
}

/* Measures the validation split and keeps the weights if they are the best so
 * far.  Without validation rows the newest weights are the best. */
static void
validate (Run   *run,
          guint  epoch)
{
  guint64 step = run->step;
  WenTrainingSummary *summary = &run->trainer->summary;
  WenCurvePoint point;

  if (run->set->validation.n_texts == 0)
    {
      keep_weights (run, epoch);
      return;
    }
  report (run, WEN_TRAINING_PHASE_VALIDATING, step, get_fraction (run, step), NULL);
  if (!wen_runner_run (run->runner, &run->set->validation, run->probabilities, run->cancellable))
    return;

  point = measure_validation (run, step);
  if (!run->has_best || point.accuracy > summary->best_validation_accuracy
      || (point.accuracy == summary->best_validation_accuracy && point.loss < summary->best_validation_loss))
    {
      keep_weights (run, epoch);
      summary->best_validation_accuracy = point.accuracy;
      summary->best_validation_loss = point.loss;
    }
  else
    {
      run->n_epochs_without_progress++;
    }
  report (run, WEN_TRAINING_PHASE_VALIDATING, step, get_fraction (run, step), &point);
}

/* All epochs, or fewer.  FALSE with run->error set where nothing is to be kept. */
static gboolean
run_epochs (Run *run)
{
  WenTrainer *self = run->trainer;
  const WenRecipe *recipe = self->recipe;
  WenTrainingSummary *summary = &self->summary;

  summary->end = WEN_TRAINING_END_COMPLETED;
  for (guint epoch = 1; epoch <= recipe->n_epochs; epoch++)
    {
      gboolean whole;

      summary->n_epochs = epoch;
      run->step_start_us = g_get_monotonic_time ();
      whole = wen_model_run_epoch (run->model, epoch, step_done, run);

      if (run->error != NULL)
        return FALSE;
      if (g_cancellable_set_error_if_cancelled (run->cancellable, &run->error))
        return FALSE;
      /* Weights in the middle of an epoch count when there are no others. */
      if (whole || !run->has_best)
        validate (run, epoch);
      if (g_cancellable_set_error_if_cancelled (run->cancellable, &run->error))
        return FALSE;

      if (g_atomic_int_get (&self->stops) && epoch < recipe->n_epochs)
        {
          summary->end = WEN_TRAINING_END_STOPPED;
          break;
        }
      if (recipe->patience > 0 && run->n_epochs_without_progress >= recipe->patience
          && epoch < recipe->n_epochs)
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
  const WenTrainingSummary *summary = &run->trainer->summary;
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
  WenTrainer *self = run->trainer;
  WenTrainingSummary *summary = &self->summary;
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

/* The whole run, in the calling thread. */
static WenClassifier *
run_to_end (WenTrainer    *self,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr (WenWorkerPool) pool = NULL;
  g_auto (Run) run = {
    .trainer = self,
    .cancellable = cancellable,
    .start_us = g_get_monotonic_time (),
  };

  self->summary = (WenTrainingSummary) { .best_validation_loss = NAN, .best_validation_accuracy = NAN };
  if (!wen_recipe_validate (self->recipe, error))
    return NULL;

  pool = wen_worker_pool_new (self->recipe->n_threads);
  run.set = wen_training_set_new (self->dataset, self->recipe, pool, report_preparing, &run, cancellable,
                                  error);
  if (run.set == NULL)
    return NULL;

  run.model = wen_model_new (self->recipe,
                             wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (run.set->tokenizer)),
                             run.set->labels->len);
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

static void
wen_trainer_finalize (GObject *object)
{
  WenTrainer *self = WEN_TRAINER (object);

  if (self->func_destroy != NULL)
    self->func_destroy (self->func_data);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->new_points, g_array_unref);
  g_clear_pointer (&self->curve, g_array_unref);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (wen_trainer_parent_class)->finalize (object);
}

static void
wen_trainer_class_init (WenTrainerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_trainer_finalize;

  /**
   * WenTrainer::progress:
   * @self: a trainer
   *
   * Says that wen_trainer_get_progress() has news.  Comes in the main context of
   * wen_trainer_run_async().
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", WEN_TYPE_TRAINER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 0);

  /**
   * WenTrainer::curve-changed:
   * @self: a trainer
   *
   * Says that wen_trainer_get_curve() has more points.  Comes in the main context
   * of wen_trainer_run_async().
   */
  signals[SIGNAL_CURVE_CHANGED] = g_signal_new ("curve-changed", WEN_TYPE_TRAINER, G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_trainer_init (WenTrainer *self)
{
  g_mutex_init (&self->mutex);
  self->new_points = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  self->curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  self->latest.remaining_us = -1;
  self->progress.remaining_us = -1;
}

/**
 * wen_trainer_new:
 * @dataset: rows with their splits; must not change any more
 * @recipe: the choices; copied
 *
 * Makes a trainer for one run.
 *
 * Returns: (transfer full): a trainer
 */
WenTrainer *
wen_trainer_new (WenDataset      *dataset,
                 const WenRecipe *recipe)
{
  WenTrainer *self;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (recipe != NULL, NULL);

  self = g_object_new (WEN_TYPE_TRAINER, NULL);
  self->dataset = g_object_ref (dataset);
  self->recipe = wen_recipe_copy (recipe);
  return self;
}

/**
 * wen_trainer_set_functions:
 * @self: a trainer that was not started yet
 * @point_func: (nullable) (scope notified) (closure user_data): called with each
 *   point of the curve, in the training thread
 * @progress_func: (nullable) (scope notified) (closure user_data): called with
 *   the progress some twenty times a second, in the training thread
 * @user_data: what both functions get
 * @destroy: (nullable): frees @user_data with the trainer
 *
 * Sets functions that follow the run from inside its thread.  They must return
 * soon, because training waits for them.
 */
void
wen_trainer_set_functions (WenTrainer             *self,
                           WenTrainerPointFunc     point_func,
                           WenTrainerProgressFunc  progress_func,
                           gpointer                user_data,
                           GDestroyNotify          destroy)
{
  g_return_if_fail (WEN_IS_TRAINER (self));
  g_return_if_fail (self->point_func == NULL && self->progress_func == NULL);

  self->point_func = point_func;
  self->progress_func = progress_func;
  self->func_data = user_data;
  self->func_destroy = destroy;
}

/**
 * wen_trainer_run:
 * @self: a trainer
 * @cancellable: (nullable): drops the run
 * @error: return location for an error
 *
 * Trains in the calling thread.  Blocks.
 *
 * Sets an error of `WEN_TRAINER_ERROR`, `WEN_RECIPE_ERROR` or `WEN_CLEANER_ERROR`,
 * or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): a classifier with the best weights, or
 *   `NULL` with @error set
 */
WenClassifier *
wen_trainer_run (WenTrainer    *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  WenClassifier *classifier;

  g_return_val_if_fail (WEN_IS_TRAINER (self), NULL);

  classifier = run_to_end (self, cancellable, error);
  deliver (self);
  return classifier;
}

/* Gives way to the window where both want the same core.  Threads that this one
 * starts inherit it. */
static void
lower_priority (void)
{
#ifdef __linux__
  if (setpriority (PRIO_PROCESS, (id_t) gettid (), TRAINING_NICENESS) != 0)
    g_debug ("The training thread keeps its priority");
#endif
}

static gpointer
run_in_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  WenTrainer *self = g_task_get_source_object (task);
  GError *error = NULL;
  WenClassifier *classifier;

  lower_priority ();
  classifier = run_to_end (self, g_task_get_cancellable (task), &error);
  if (classifier != NULL)
    g_task_return_pointer (task, classifier, g_object_unref);
  else
    g_task_return_error (task, error);
  return NULL;
}

/**
 * wen_trainer_run_async:
 * @self: a trainer
 * @cancellable: (nullable): drops the run
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: what @callback gets
 *
 * Trains in a thread of its own.
 *
 * Signals and the end come in the main context that is the thread's default now.
 */
void
wen_trainer_run_async (WenTrainer          *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WEN_IS_TRAINER (self));
  g_return_if_fail (self->context == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  self->context = g_main_context_ref (g_task_get_context (task));
  g_thread_unref (g_thread_new ("wenlei-training", run_in_thread, g_steal_pointer (&task)));
}

/**
 * wen_trainer_run_finish:
 * @self: a trainer
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends what wen_trainer_run_async() began.
 *
 * Returns: (transfer full) (nullable): as wen_trainer_run()
 */
WenClassifier *
wen_trainer_run_finish (WenTrainer    *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* The end may overtake the last report. */
  deliver (self);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * wen_trainer_stop:
 * @self: a trainer
 *
 * Ends the run after the step that it is in, and keeps the best weights so far.
 * Any thread may call it.
 */
void
wen_trainer_stop (WenTrainer *self)
{
  g_return_if_fail (WEN_IS_TRAINER (self));

  g_atomic_int_set (&self->stops, TRUE);
}

/**
 * wen_trainer_get_progress:
 * @self: a trainer
 * @progress: (out caller-allocates): the newest progress that was delivered
 *
 * Says how far the run is.  For the thread that started it.
 */
void
wen_trainer_get_progress (WenTrainer          *self,
                          WenTrainingProgress *progress)
{
  g_return_if_fail (WEN_IS_TRAINER (self));

  *progress = self->progress;
}

/**
 * wen_trainer_get_curve:
 * @self: a trainer
 * @n_points: (out): length of the returned array
 *
 * Gets the points of the learning curve that were delivered so far.  For the
 * thread that started the run.
 *
 * Returns: (array length=n_points) (transfer none): points, oldest first, valid
 *   until the next are delivered
 */
const WenCurvePoint *
wen_trainer_get_curve (WenTrainer *self,
                       gsize      *n_points)
{
  g_return_val_if_fail (WEN_IS_TRAINER (self), NULL);

  *n_points = self->curve->len;
  return (const WenCurvePoint *) (const void *) self->curve->data;
}

/**
 * wen_trainer_get_summary:
 * @self: a trainer whose run ended well
 *
 * Gets the figures of the whole run.
 *
 * Returns: (transfer none): the summary
 */
const WenTrainingSummary *
wen_trainer_get_summary (WenTrainer *self)
{
  g_return_val_if_fail (WEN_IS_TRAINER (self), NULL);

  return &self->summary;
}
