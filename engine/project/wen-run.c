/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run of a project.
 *
 * DESIGN: a live run is a chain of three threads, one after the other, joined in
 * the main context: load the rows; train (the trainer's own thread); evaluate and
 * store.  Every link holds a reference to the run, so the run outlives them
 * whatever becomes of the project.  The curve goes into the file from the thread
 * that trains; everything else goes in at the end, in one transaction.  Between,
 * the journal keeps what the run could go on from. */

#include "config.h"

#include "wen-run-private.h"

#include "wen-project-rows-private.h"
#include "wen-run-journal-private.h"
#include "wen-run-record-private.h"

/* Seconds of training that an interruption may cost. */
#define JOURNAL_INTERVAL_US (2 * G_TIME_SPAN_SECOND)

/**
 * WenRun:
 *
 * One training run of a project: live while it trains, and read back from the
 * file later.
 *
 * All functions belong on the main thread.
 */
struct _WenRun
{
  GObject             parent_instance;

  gint64              id;
  WenRunState         state;
  WenRecipe          *recipe;
  GDateTime          *started;
  char               *error_message;
  GArray             *curve;            /* WenCurvePoint */
  WenTrainingSummary  summary;
  gboolean            has_summary;
  WenEvaluation      *evaluation;

  /* Of a live run. */
  char               *path;
  GCancellable       *cancellable;
  WenDataset         *dataset;
  WenTrainer         *trainer;
  WenCurveWriter     *writer;
  WenClassifier      *classifier;
  gboolean            resumes;          /* from the journal */
  gint                is_abandoned;     /* atomic */
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_EVALUATION,
  PROP_ERROR_MESSAGE,
  N_PROPS
};

enum
{
  PROGRESS,
  CURVE_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenRun, wen_run, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What the last thread of a run works on, and what it found. */
typedef struct
{
  char                     *path;
  gint64                    run_id;
  WenDataset               *dataset;
  WenClassifier            *classifier;     /* NULL: cancelled or failed */
  const WenTrainingSummary *summary;
  WenCurveWriter           *writer;         /* borrowed from the run */

  WenRunState               state;
  char                     *error_message;
  WenEvaluation            *evaluation;
} Conclusion;

/* What the first thread finds. */
typedef struct
{
  WenDataset *dataset;
  GBytes     *checkpoint;     /* NULL: from the start */
} Loaded;

static void
loaded_free (Loaded *self)
{
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->checkpoint, g_bytes_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loaded, loaded_free)

static void
conclusion_free (Conclusion *self)
{
  g_free (self->path);
  g_clear_object (&self->dataset);
  g_clear_object (&self->classifier);
  g_free (self->error_message);
  g_clear_object (&self->evaluation);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Conclusion, conclusion_free)

static void
set_state (WenRun     *self,
           WenRunState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* Says in the conclusion how the run ended without a result. */
static void
conclude_without_result (Conclusion   *conclusion,
                         const GError *error)
{
  g_clear_object (&conclusion->classifier);
  g_clear_object (&conclusion->evaluation);
  conclusion->summary = NULL;
  conclusion->state = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? WEN_RUN_STATE_CANCELLED
                                                                                : WEN_RUN_STATE_FAILED;
  g_free (conclusion->error_message);
  conclusion->error_message = conclusion->state == WEN_RUN_STATE_FAILED ? g_strdup (error->message) : NULL;
}

static gboolean
store_conclusion (Conclusion *conclusion,
                  GError    **error)
{
  g_autoptr(WenStore) store = wen_store_open (conclusion->path, WEN_STORE_WORKER, NULL, error);
  g_autoptr(GHashTable) files = NULL;
  WenRunOutcome outcome;

  if (store == NULL)
    return FALSE;
  if (conclusion->classifier != NULL)
    files = wen_classifier_to_files (conclusion->classifier);
  outcome = (WenRunOutcome) {
    .state = conclusion->state,
    .error_message = conclusion->error_message,
    .summary = conclusion->summary,
    .evaluation = conclusion->evaluation,
    .files = files,
  };
  return wen_run_record_finish (store, conclusion->run_id, conclusion->writer, &outcome, error);
}

static void
conclude_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Conclusion *conclusion = task_data;
  g_autoptr(GError) error = NULL;

  if (conclusion->classifier != NULL)
    {
      conclusion->evaluation = wen_evaluation_new (conclusion->classifier, conclusion->dataset, WEN_SPLIT_TEST,
                                                   cancellable, &error);
      /* Without test rows a run is good, only not measured. */
      if (g_error_matches (error, WEN_EVALUATION_ERROR, WEN_EVALUATION_ERROR_NO_ROWS))
        g_clear_error (&error);
      if (error != NULL)
        conclude_without_result (conclusion, error);
      g_clear_error (&error);
    }

  if (!store_conclusion (conclusion, &error))
    {
      /* The result may be what does not fit; that it failed mostly does. */
      conclude_without_result (conclusion, error);
      store_conclusion (conclusion, NULL);
    }
  wen_run_journal_remove (conclusion->path);
  g_task_return_boolean (task, TRUE);
}

static void
concluded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  WenRun *self = WEN_RUN (object);
  Conclusion *conclusion = g_task_get_task_data (G_TASK (result));

  g_clear_object (&self->dataset);
  g_clear_pointer (&self->writer, wen_curve_writer_free);
  if (self->is_abandoned)
    return;

  if (conclusion->summary != NULL)
    {
      self->summary = *conclusion->summary;
      self->has_summary = TRUE;
    }
  g_set_object (&self->classifier, conclusion->classifier);
  g_set_object (&self->evaluation, conclusion->evaluation);
  self->error_message = g_strdup (conclusion->error_message);
  g_clear_object (&self->trainer);

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EVALUATION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR_MESSAGE]);
  set_state (self, conclusion->state);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The last link of the chain; error: why there is no classifier. */
static void
conclude (WenRun        *self,
          WenClassifier *classifier,
          const GError  *error)
{
  g_autoptr(Conclusion) conclusion = g_new0 (Conclusion, 1);
  g_autoptr(GTask) task = NULL;

  if (self->is_abandoned)
    {
      g_clear_object (&self->dataset);
      g_clear_object (&self->trainer);
      g_clear_pointer (&self->writer, wen_curve_writer_free);
      return;
    }

  conclusion->path = g_strdup (self->path);
  conclusion->run_id = self->id;
  conclusion->writer = self->writer;
  g_set_object (&conclusion->dataset, self->dataset);
  if (classifier != NULL)
    {
      conclusion->classifier = g_object_ref (classifier);
      conclusion->summary = wen_trainer_get_summary (self->trainer);
      conclusion->state = conclusion->summary->end == WEN_TRAINING_END_STOPPED ? WEN_RUN_STATE_STOPPED
                                                                               : WEN_RUN_STATE_COMPLETED;
      set_state (self, WEN_RUN_STATE_EVALUATING);
    }
  else
    {
      conclude_without_result (conclusion, error);
    }

  task = g_task_new (self, self->cancellable, concluded_cb, NULL);
  /* What is stored is stored: the state says how the run ended. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_steal_pointer (&conclusion), (GDestroyNotify) conclusion_free);
  g_task_run_in_thread (task, conclude_thread);
}

static void
copy_curve (WenRun *self)
{
  gsize n_points;
  const WenCurvePoint *points = wen_trainer_get_curve (self->trainer, &n_points);

  if (n_points <= self->curve->len)
    return;
  g_array_append_vals (self->curve, points + self->curve->len, n_points - self->curve->len);
  if (!self->is_abandoned)
    g_signal_emit (self, signals[CURVE_CHANGED], 0);
}

static void
progress_cb (WenRun *self)
{
  if (!self->is_abandoned)
    g_signal_emit (self, signals[PROGRESS], 0);
}

static void
trained_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(WenRun) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenClassifier) classifier = wen_trainer_run_finish (WEN_TRAINER (object), result, &error);

  /* The end can overtake the last points. */
  copy_curve (self);
  conclude (self, classifier, error);
}

/* Training thread. */
static void
write_point_cb (const WenCurvePoint *point,
                gpointer             user_data)
{
  wen_curve_writer_add (user_data, point);
}

/* Training thread. */
static void
write_waiting_points_cb (const WenTrainingProgress *progress,
                         gpointer                   user_data)
{
  wen_curve_writer_tick (user_data);
}

/* Training thread. */
static void
write_journal_cb (GBytes   *checkpoint,
                  gpointer  user_data)
{
  WenRun *self = user_data;

  /* The project may have been opened again since. */
  if (!g_atomic_int_get (&self->is_abandoned))
    wen_run_journal_write (self->path, checkpoint);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  WenRun *self = source_object;
  g_autoptr(WenStore) store = wen_store_open (task_data, WEN_STORE_WORKER, cancellable, &error);
  g_autoptr(Loaded) loaded = g_new0 (Loaded, 1);

  loaded->dataset = store != NULL ? wen_project_rows_load (store, cancellable, &error) : NULL;
  if (self->resumes)
    loaded->checkpoint = wen_run_journal_read (task_data);
  if (loaded->dataset != NULL)
    g_task_return_pointer (task, g_steal_pointer (&loaded), (GDestroyNotify) loaded_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  WenRun *self = WEN_RUN (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(Loaded) loaded = g_task_propagate_pointer (G_TASK (result), &error);

  if (loaded == NULL || self->is_abandoned)
    {
      conclude (self, NULL, error);
      return;
    }

  self->dataset = g_object_ref (loaded->dataset);
  self->trainer = wen_trainer_new (self->dataset, self->recipe);
  if (loaded->checkpoint != NULL)
    wen_trainer_set_checkpoint (self->trainer, loaded->checkpoint);
  /* trained_cb() holds a reference as long as the training thread runs. */
  wen_trainer_set_journal (self->trainer, write_journal_cb, JOURNAL_INTERVAL_US, self, NULL);
  wen_trainer_set_functions (self->trainer, write_point_cb, write_waiting_points_cb, self->writer, NULL);
  g_signal_connect_object (self->trainer, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trainer, "curve-changed", G_CALLBACK (copy_curve), self, G_CONNECT_SWAPPED);
  set_state (self, WEN_RUN_STATE_TRAINING);
  wen_trainer_run_async (self->trainer, self->cancellable, trained_cb, g_object_ref (self));
}

static void
wen_run_dispose (GObject *object)
{
  WenRun *self = WEN_RUN (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->trainer);
  g_clear_object (&self->dataset);
  g_clear_object (&self->classifier);
  g_clear_object (&self->evaluation);

  G_OBJECT_CLASS (wen_run_parent_class)->dispose (object);
}

static void
wen_run_finalize (GObject *object)
{
  WenRun *self = WEN_RUN (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->writer, wen_curve_writer_free);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_pointer (&self->started, g_date_time_unref);
  g_clear_pointer (&self->curve, g_array_unref);
  g_free (self->error_message);
  g_free (self->path);

  G_OBJECT_CLASS (wen_run_parent_class)->finalize (object);
}

static void
wen_run_get_property (GObject    *object,
                      guint       prop_id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  WenRun *self = WEN_RUN (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_EVALUATION:
      g_value_set_object (value, self->evaluation);
      break;
    case PROP_ERROR_MESSAGE:
      g_value_set_string (value, self->error_message);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_run_class_init (WenRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wen_run_dispose;
  object_class->finalize = wen_run_finalize;
  object_class->get_property = wen_run_get_property;

  /**
   * WenRun:state:
   *
   * Where the run is, as [enum@RunState].
   */
  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, WEN_RUN_STATE_LOADING, WEN_RUN_STATE_INTERRUPTED, WEN_RUN_STATE_LOADING,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenRun:evaluation:
   *
   * The figures on the test split, or `NULL` before the end and for a run without
   * test rows.
   */
  properties[PROP_EVALUATION] =
    g_param_spec_object ("evaluation", NULL, NULL, WEN_TYPE_EVALUATION, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenRun:error-message:
   *
   * Why the run failed, in a sentence for people, or `NULL`.
   */
  properties[PROP_ERROR_MESSAGE] =
    g_param_spec_string ("error-message", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WenRun::progress:
   * @self: the run
   *
   * There is newer progress.
   */
  signals[PROGRESS] = g_signal_new ("progress", WEN_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * WenRun::curve-changed:
   * @self: the run
   *
   * The curve has more points.
   */
  signals[CURVE_CHANGED] =
    g_signal_new ("curve-changed", WEN_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_run_init (WenRun *self)
{
}

static GDateTime *
new_date_time (gint64 unix_us)
{
  g_autoptr(GDateTime) whole = g_date_time_new_from_unix_local (unix_us / G_USEC_PER_SEC);

  /* A time that no calendar has can only stand in a file that was tampered with. */
  return whole != NULL ? g_date_time_add (whole, unix_us % G_USEC_PER_SEC) : g_date_time_new_from_unix_local (0);
}

WenRun *
wen_run_new_stored (gint64                    id,
                    WenRunState               state,
                    gint64                    started_us,
                    const WenRecipe          *recipe,
                    char                     *error_message,
                    GArray                   *curve,
                    const WenTrainingSummary *summary)
{
  WenRun *self = g_object_new (WEN_TYPE_RUN, NULL);

  self->id = id;
  self->state = state;
  self->started = new_date_time (started_us);
  self->recipe = wen_recipe_copy (recipe);
  self->error_message = error_message;
  self->curve = curve;
  if (summary != NULL)
    {
      self->summary = *summary;
      self->has_summary = TRUE;
    }
  return self;
}

WenRun *
wen_run_new_live (const char      *path,
                  gint64           id,
                  gint64           started_us,
                  const WenRecipe *recipe,
                  gboolean         resumes)
{
  WenRun *self = wen_run_new_stored (id, WEN_RUN_STATE_LOADING, started_us, recipe, NULL,
                                     g_array_new (FALSE, FALSE, sizeof (WenCurvePoint)), NULL);

  self->path = g_strdup (path);
  self->resumes = resumes;
  self->cancellable = g_cancellable_new ();
  self->writer = wen_curve_writer_new (path, id);
  return self;
}

void
wen_run_start (WenRun *self)
{
  g_autoptr(GTask) task = g_task_new (self, self->cancellable, loaded_cb, NULL);

  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, load_thread);
}

void
wen_run_take_evaluation (WenRun        *self,
                         WenEvaluation *evaluation)
{
  g_clear_object (&self->evaluation);
  self->evaluation = evaluation;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EVALUATION]);
}

WenClassifier *
wen_run_get_classifier (WenRun *self)
{
  return self->classifier;
}

void
wen_run_abandon (WenRun *self)
{
  if (wen_run_is_over (self))
    return;
  g_atomic_int_set (&self->is_abandoned, TRUE);
  if (self->writer != NULL)
    wen_curve_writer_abandon (self->writer);
  g_cancellable_cancel (self->cancellable);
  set_state (self, WEN_RUN_STATE_INTERRUPTED);
}

/**
 * wen_run_get_id:
 * @self: a run
 *
 * Gets by what the project knows the run.
 *
 * Returns: the id
 */
gint64
wen_run_get_id (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), 0);

  return self->id;
}

/**
 * wen_run_get_state:
 * @self: a run
 *
 * Gets where the run is.
 *
 * Returns: a state
 */
WenRunState
wen_run_get_state (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), WEN_RUN_STATE_FAILED);

  return self->state;
}

/**
 * wen_run_is_over:
 * @self: a run
 *
 * Says whether nothing more will happen.
 *
 * Returns: whether the run has ended, in any way
 */
gboolean
wen_run_is_over (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), TRUE);

  return self->state >= WEN_RUN_STATE_COMPLETED;
}

/**
 * wen_run_get_recipe:
 * @self: a run
 *
 * Gets the choices that the run was started with.
 *
 * Returns: (transfer none): a recipe
 */
const WenRecipe *
wen_run_get_recipe (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), NULL);

  return self->recipe;
}

/**
 * wen_run_get_started:
 * @self: a run
 *
 * Gets when the run was started.
 *
 * Returns: (transfer none): a local time
 */
GDateTime *
wen_run_get_started (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), NULL);

  return self->started;
}

/**
 * wen_run_get_progress:
 * @self: a run
 * @progress: (out caller-allocates): the newest state of the run
 *
 * Gets how far the run is.
 *
 * All is 0 before training begins; of a run that is over, what its summary tells
 * is there.
 */
void
wen_run_get_progress (WenRun              *self,
                      WenTrainingProgress *progress)
{
  g_return_if_fail (WEN_IS_RUN (self));
  g_return_if_fail (progress != NULL);

  if (self->trainer != NULL)
    {
      wen_trainer_get_progress (self->trainer, progress);
      return;
    }

  *progress = (WenTrainingProgress) {
    .phase = WEN_TRAINING_PHASE_PREPARING,
    .n_epochs = self->recipe->n_epochs,
    .remaining_us = -1,
  };
  if (self->has_summary)
    {
      progress->phase = WEN_TRAINING_PHASE_TRAINING;
      progress->epoch = self->summary.n_epochs;
      progress->fraction = 1;
      progress->tokens_per_second = self->summary.tokens_per_second;
      progress->elapsed_us = (gint64) (self->summary.seconds * G_USEC_PER_SEC);
      progress->remaining_us = 0;
    }
}

/**
 * wen_run_get_curve:
 * @self: a run
 * @n_points: (out): length of the returned array
 *
 * Gets the learning curve so far.
 *
 * Returns: (array length=n_points) (transfer none) (nullable): the points, oldest
 *   first, valid until [signal@Run::curve-changed]; `NULL` where there is none
 */
const WenCurvePoint *
wen_run_get_curve (WenRun *self,
                   gsize  *n_points)
{
  g_return_val_if_fail (WEN_IS_RUN (self), NULL);
  g_return_val_if_fail (n_points != NULL, NULL);

  *n_points = self->curve->len;
  return self->curve->len > 0 ? (const WenCurvePoint *) self->curve->data : NULL;
}

/**
 * wen_run_get_summary:
 * @self: a run
 *
 * Gets how the training ended.
 *
 * Returns: (transfer none) (nullable): the summary; `NULL` before the end, and for
 *   a run that was cancelled, failed or interrupted
 */
const WenTrainingSummary *
wen_run_get_summary (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), NULL);

  return self->has_summary ? &self->summary : NULL;
}

/**
 * wen_run_get_evaluation:
 * @self: a run
 *
 * Gets the figures on the test split.
 *
 * Of a run read from a file they arrive some moments after the project was
 * opened, with a notification of [property@Run:evaluation].
 *
 * Returns: (transfer none) (nullable): the figures, or `NULL`
 */
WenEvaluation *
wen_run_get_evaluation (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), NULL);

  return self->evaluation;
}

/**
 * wen_run_get_error_message:
 * @self: a run
 *
 * Gets why the run failed.
 *
 * Returns: (transfer none) (nullable): a sentence for people, or `NULL` for a run
 *   that did not fail
 */
const char *
wen_run_get_error_message (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), NULL);

  return self->error_message;
}

/**
 * wen_run_pause:
 * @self: a run
 *
 * Lets training wait after the step it is in.
 *
 * The processors are free then, the memory is not.  The run also survives the end
 * of the program: see wen_project_resume_run().  Does nothing unless the state is
 * `WEN_RUN_STATE_TRAINING`.
 */
void
wen_run_pause (WenRun *self)
{
  g_return_if_fail (WEN_IS_RUN (self));

  if (self->state == WEN_RUN_STATE_TRAINING)
    wen_trainer_pause (self->trainer);
}

/**
 * wen_run_resume:
 * @self: a run
 *
 * Lets training go on that waits since wen_run_pause().
 */
void
wen_run_resume (WenRun *self)
{
  g_return_if_fail (WEN_IS_RUN (self));

  if (self->state == WEN_RUN_STATE_TRAINING)
    wen_trainer_resume (self->trainer);
}

/**
 * wen_run_is_paused:
 * @self: a run
 *
 * Says whether training waits, or is about to.
 *
 * Returns: whether wen_run_pause() was the last word
 */
gboolean
wen_run_is_paused (WenRun *self)
{
  g_return_val_if_fail (WEN_IS_RUN (self), FALSE);

  return self->state == WEN_RUN_STATE_TRAINING && wen_trainer_is_paused (self->trainer);
}

/**
 * wen_run_stop:
 * @self: a run
 *
 * Ends training after the step it is in, and keeps the best weights so far.
 *
 * They are evaluated and stored like those of a run that was completed.  Before
 * the first step there is nothing to keep, and the run is cancelled.
 */
void
wen_run_stop (WenRun *self)
{
  g_return_if_fail (WEN_IS_RUN (self));

  if (self->state == WEN_RUN_STATE_TRAINING)
    wen_trainer_stop (self->trainer);
  else if (self->state == WEN_RUN_STATE_LOADING)
    g_cancellable_cancel (self->cancellable);
}

/**
 * wen_run_cancel:
 * @self: a run
 *
 * Ends the run and drops what it has made, but for its curve.
 *
 * Does nothing for a run that is over.
 */
void
wen_run_cancel (WenRun *self)
{
  g_return_if_fail (WEN_IS_RUN (self));

  if (!wen_run_is_over (self))
    g_cancellable_cancel (self->cancellable);
}
