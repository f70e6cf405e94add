/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run as an object: started, followed, stopped.
 *
 * DESIGN: what the run does stands in wen-training-run.c.  run_async() gives it a
 * thread of its own.  That thread tells the main thread how it goes by two ways
 * under the lock of one delivery (wen-background.c): the newest progress overwrites
 * the one before it, and points of the curve are collected in an array, so none is
 * lost. */

#include "config.h"

#include "wen-trainer.h"

#include "wen-background-private.h"
#include "wen-training-run-private.h"

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
  GBytes                 *checkpoint;      /* to go on from, or NULL */
  WenTrainerJournalFunc   journal_func;
  gint64                  journal_interval_us;
  guint64                 largest;         /* parameters; 0: any number */
  gpointer                journal_data;
  GDestroyNotify          journal_destroy;

  /* written by the run, read after its end */
  WenTrainingSummary      summary;

  gboolean                started;
  gint                    stops;           /* atomic */
  gint                    pauses;          /* atomic */

  /* shared (lock of `delivery`) */
  WenDelivery             delivery;
  WenTrainingProgress     latest;
  GArray                 *new_points;      /* of WenCurvePoint, not delivered yet */

  /* main thread */
  GArray                 *curve;           /* of WenCurvePoint */
  WenTrainingProgress     progress;
};

enum
{
  SIGNAL_PROGRESS,
  SIGNAL_CURVE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_QUARK (wen-trainer-error-quark, wen_trainer_error)
G_DEFINE_FINAL_TYPE (WenTrainer, wen_trainer, G_TYPE_OBJECT)

/* Main thread, or the thread of a run that was not started asynchronously. */
static void
deliver (gpointer owner)
{
  WenTrainer *self = owner;
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  guint n_points;

  wen_delivery_take (&self->delivery);
  self->progress = self->latest;
  n_points = self->new_points->len;
  g_array_append_vals (points, self->new_points->data, n_points);
  g_array_set_size (self->new_points, 0);
  wen_delivery_unlock (&self->delivery);

  if (n_points > 0)
    {
      g_array_append_vals (self->curve, points->data, n_points);
      g_signal_emit (self, signals[SIGNAL_CURVE_CHANGED], 0);
    }
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

/* Thread of the run.  point may be NULL.  Never waits for the main loop. */
static void
publish (WenTrainer                *self,
         const WenTrainingProgress *progress,
         const WenCurvePoint       *point)
{
  wen_delivery_lock (&self->delivery);
  self->latest = *progress;
  if (point != NULL)
    g_array_append_val (self->new_points, *point);
  wen_delivery_publish (&self->delivery, G_OBJECT (self));
}

/* Thread of the run. */
static void
report (const WenTrainingProgress *progress,
        const WenCurvePoint       *point,
        gpointer                   user_data)
{
  WenTrainer *self = user_data;

  if (point != NULL && self->point_func != NULL)
    self->point_func (point, self->func_data);
  if (self->progress_func != NULL)
    self->progress_func (progress, self->func_data);
  publish (self, progress, point);
}

/* Thread of the run. */
static void
keep_journal (GBytes   *checkpoint,
              gpointer  user_data)
{
  WenTrainer *self = user_data;

  self->journal_func (checkpoint, self->journal_data);
}

static WenClassifier *
run_job (WenTrainer    *self,
         GCancellable  *cancellable,
         GError       **error)
{
  const WenTrainingJob job = {
    .dataset = self->dataset,
    .recipe = self->recipe,
    .cancellable = cancellable,
    .checkpoint = self->checkpoint,
    .stops = &self->stops,
    .pauses = &self->pauses,
    .largest = self->largest,
    .report_func = report,
    .journal_func = self->journal_func != NULL ? keep_journal : NULL,
    .journal_interval_us = self->journal_interval_us,
    .user_data = self,
  };

  return wen_training_job_run (&job, &self->summary, error);
}

static void
wen_trainer_finalize (GObject *object)
{
  WenTrainer *self = WEN_TRAINER (object);

  if (self->func_destroy != NULL)
    self->func_destroy (self->func_data);
  if (self->journal_destroy != NULL)
    self->journal_destroy (self->journal_data);
  g_clear_pointer (&self->checkpoint, g_bytes_unref);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_pointer (&self->new_points, g_array_unref);
  g_clear_pointer (&self->curve, g_array_unref);
  wen_delivery_clear (&self->delivery);

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
  wen_delivery_init (&self->delivery, deliver);
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
 * wen_trainer_set_journal:
 * @self: a trainer that was not started yet
 * @journal_func: (scope notified) (closure user_data): called with each checkpoint,
 *   in the training thread, which waits for it
 * @interval_us: microseconds between two checkpoints, at least, and more where
 *   making them would take more than a hundredth of the time; 0: one after each step
 * @user_data: what @journal_func gets
 * @destroy: (nullable): frees @user_data with the trainer
 *
 * Asks for checkpoints: everything that a later run needs to go on where this one
 * was, with the same bits.  There is one at once when the run pauses.
 */
void
wen_trainer_set_journal (WenTrainer            *self,
                         WenTrainerJournalFunc  journal_func,
                         gint64                 interval_us,
                         gpointer               user_data,
                         GDestroyNotify         destroy)
{
  g_return_if_fail (WEN_IS_TRAINER (self));
  g_return_if_fail (self->journal_func == NULL);
  g_return_if_fail (interval_us >= 0);

  self->journal_func = journal_func;
  self->journal_interval_us = interval_us;
  self->journal_data = user_data;
  self->journal_destroy = destroy;
}

/**
 * wen_trainer_set_checkpoint:
 * @self: a trainer that was not started yet
 * @checkpoint: what a function of wen_trainer_set_journal() was given
 *
 * Lets the run go on where another one was interrupted.
 *
 * Dataset and recipe must be the same as that one's.  The run uses as many workers
 * as that one did, and gives the same weights and the same curve, to the last bit,
 * as if it had never been interrupted; its curve begins with the points of the
 * interrupted run.  Where the checkpoint is damaged or of another run, running
 * sets `WEN_TRAINER_ERROR_CHECKPOINT`.
 */
void
wen_trainer_set_checkpoint (WenTrainer *self,
                            GBytes     *checkpoint)
{
  g_return_if_fail (WEN_IS_TRAINER (self));
  g_return_if_fail (!self->started);
  g_return_if_fail (checkpoint != NULL);

  g_clear_pointer (&self->checkpoint, g_bytes_unref);
  self->checkpoint = g_bytes_ref (checkpoint);
}

/**
 * wen_trainer_set_largest:
 * @self: a trainer that was not started yet
 * @largest: most parameters that the model may have; 0: any number
 *
 * Lets running fail with `WEN_TRAINER_ERROR_TOO_LARGE`, before the first step, where the
 * model would be larger.
 */
void
wen_trainer_set_largest (WenTrainer *self,
                         guint64     largest)
{
  g_return_if_fail (WEN_IS_TRAINER (self));
  g_return_if_fail (!self->started);

  self->largest = largest;
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
  g_return_val_if_fail (!self->started, NULL);

  self->started = TRUE;
  classifier = run_job (self, cancellable, error);
  deliver (self);
  return classifier;
}

static gpointer
run_in_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  WenTrainer *self = g_task_get_source_object (task);
  GError *error = NULL;
  WenClassifier *classifier;

  classifier = run_job (self, g_task_get_cancellable (task), &error);
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
  g_return_if_fail (!self->started);

  self->started = TRUE;
  task = g_task_new (self, cancellable, callback, user_data);
  self->delivery.context = g_main_context_ref (g_task_get_context (task));
  wen_background_start ("wenlei-training", run_in_thread, g_steal_pointer (&task));
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
 *
 * A run that is still pre-training takes one step of training and validates it: there
 * is a classifier and an honest figure of it, if not a good one.
 */
void
wen_trainer_stop (WenTrainer *self)
{
  g_return_if_fail (WEN_IS_TRAINER (self));

  g_atomic_int_set (&self->stops, TRUE);
}

/**
 * wen_trainer_pause:
 * @self: a trainer
 *
 * Lets the run wait after the step that it is in, until wen_trainer_resume() or
 * wen_trainer_stop().  Any thread may call it.
 *
 * Its progress says `WEN_TRAINING_PHASE_PAUSED` as soon as it waits.  The memory
 * stays in use, the processors do not.
 */
void
wen_trainer_pause (WenTrainer *self)
{
  g_return_if_fail (WEN_IS_TRAINER (self));

  g_atomic_int_set (&self->pauses, TRUE);
}

/**
 * wen_trainer_resume:
 * @self: a trainer
 *
 * Lets a run that was paused go on.  Any thread may call it.
 */
void
wen_trainer_resume (WenTrainer *self)
{
  g_return_if_fail (WEN_IS_TRAINER (self));

  g_atomic_int_set (&self->pauses, FALSE);
}

/**
 * wen_trainer_is_paused:
 * @self: a trainer
 *
 * Says whether the run is to wait.  Any thread may call it.
 *
 * Returns: whether wen_trainer_pause() was the last word
 */
gboolean
wen_trainer_is_paused (WenTrainer *self)
{
  g_return_val_if_fail (WEN_IS_TRAINER (self), FALSE);

  return g_atomic_int_get (&self->pauses);
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
