/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The runs of a project that came to a classifier, the best first.
 *
 * DESIGN: what runs predicted of every test row is long to read, so a thread works out
 * their figures; a run that is over never changes, so that happens once for each.  The
 * order is by the validation rows: whoever chose by the test rows would no longer
 * measure anything with them. */

#include "config.h"

#include "wen-run-list.h"

#include <math.h>

#include "wen-project-private.h"
#include "wen-run-record-private.h"

/**
 * WenPastRun:
 *
 * A run that is over, without its curve and its predictions.  Immutable, but for
 * wen_past_run_has_classifier().
 */
struct _WenPastRun
{
  GObject            parent_instance;

  gint64             id;
  GDateTime         *started;
  WenRecipe         *recipe;
  WenPastRunFigures  figures;
  gboolean           has_classifier;
};

G_DEFINE_FINAL_TYPE (WenPastRun, wen_past_run, G_TYPE_OBJECT)

struct _WenRunList
{
  GObject        parent_instance;

  WenProject    *project;     /* weak */
  WenRun        *run;         /* whose end is waited for; NULL: none */
  GPtrArray     *runs;        /* of WenPastRun, the best first */
  WenComparison  lead;        /* of the first one over the second */
  gboolean       has_lead;
  gboolean       is_busy;
  gboolean       reads_again; /* something changed while a thread read */
};

enum
{
  PROP_0,
  PROP_IS_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void wen_run_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WenRunList, wen_run_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wen_run_list_list_model_init))

/* What the thread works on. */
typedef struct
{
  char          *path;
  GHashTable    *known;       /* id to WenPastRun */
  GPtrArray     *runs;        /* of WenPastRun: the result */
  GHashTable    *stored;      /* set of the ids of runs whose classifier is there */
  WenComparison  lead;
  gboolean       has_lead;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_hash_table_unref (reading->known);
  g_ptr_array_unref (reading->runs);
  g_hash_table_unref (reading->stored);
  g_free (reading);
}

static void
wen_past_run_finalize (GObject *object)
{
  WenPastRun *self = WEN_PAST_RUN (object);

  g_clear_pointer (&self->started, g_date_time_unref);
  g_clear_pointer (&self->recipe, wen_recipe_free);

  G_OBJECT_CLASS (wen_past_run_parent_class)->finalize (object);
}

static void
wen_past_run_class_init (WenPastRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_past_run_finalize;
}

static void
wen_past_run_init (WenPastRun *self)
{
}

static int
compare_shares (double a,
                double b)
{
  if (isnan (a) || isnan (b))
    return isnan (a) - isnan (b);
  return (a < b) - (a > b);
}

static int
compare_runs (gconstpointer a,
              gconstpointer b)
{
  const WenPastRun *first = *(WenPastRun * const *) a;
  const WenPastRun *second = *(WenPastRun * const *) b;
  int order = compare_shares (first->figures.validation_accuracy, second->figures.validation_accuracy);

  if (order == 0 && isnan (first->figures.validation_accuracy))
    order = compare_shares (first->figures.accuracy, second->figures.accuracy);
  return order != 0 ? order : (first->id < second->id) - (first->id > second->id);
}

static WenPastRun *
read_run (WenStore      *store,
          sqlite3_stmt  *statement,
          GError       **error)
{
  g_autoptr(WenPastRun) self = g_object_new (WEN_TYPE_PAST_RUN, NULL);
  g_autoptr(WenEvaluation) evaluation = NULL;
  g_autoptr(GDateTime) seconds = NULL;
  g_autofree char *json = wen_store_dup_text (statement, 2);
  g_autoptr(GError) local_error = NULL;
  gint64 started_us = sqlite3_column_int64 (statement, 1);

  self->id = sqlite3_column_int64 (statement, 0);
  seconds = g_date_time_new_from_unix_local (started_us / G_USEC_PER_SEC);
  self->started = g_steal_pointer (&seconds);
  self->recipe = wen_recipe_new_from_json (json != NULL ? json : "", NULL);
  if (self->recipe == NULL || self->started == NULL)
    {
      wen_store_set_damaged (store, "runs.recipe", error);
      return NULL;
    }
  self->figures = (WenPastRunFigures) {
    .validation_accuracy = wen_store_get_double (statement, 3),
    .accuracy = NAN,
    .macro_f1 = NAN,
    .majority_accuracy = NAN,
    .seconds = wen_store_get_double (statement, 5),
    .n_parameters = (guint64) sqlite3_column_int64 (statement, 4),
  };

  evaluation = wen_run_record_read_evaluation (store, self->id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (evaluation != NULL)
    {
      self->figures.n_test_rows = wen_evaluation_get_n_rows (evaluation);
      self->figures.accuracy = wen_evaluation_get_accuracy (evaluation);
      self->figures.macro_f1 = wen_evaluation_get_macro_f1 (evaluation);
      self->figures.majority_accuracy = wen_evaluation_get_majority_accuracy (evaluation);
    }
  return g_steal_pointer (&self);
}

static gboolean
read_runs (WenStore  *store,
           Reading   *reading,
           GError   **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store,
                                 "SELECT id, started_us, recipe, best_validation_accuracy, n_parameters, seconds"
                                 " FROM runs WHERE state IN (?, ?) AND ending IS NOT NULL ORDER BY id",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, WEN_RUN_STATE_COMPLETED);
  sqlite3_bind_int (statement, 2, WEN_RUN_STATE_STOPPED);
  while (wen_store_step (store, statement, &has_row, error))
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      WenPastRun *run;

      if (!has_row)
        return TRUE;
      run = g_hash_table_lookup (reading->known, &id);
      run = run != NULL ? g_object_ref (run) : read_run (store, statement, error);
      if (run == NULL)
        return FALSE;
      g_ptr_array_add (reading->runs, run);
    }
  return FALSE;
}

static gboolean
read_stored (WenStore  *store,
             Reading   *reading,
             GError   **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store, "SELECT DISTINCT run_id FROM classifier_files", error);
  if (statement == NULL)
    return FALSE;
  while (wen_store_step (store, statement, &has_row, error))
    {
      gint64 id = sqlite3_column_int64 (statement, 0);

      if (!has_row)
        return TRUE;
      g_hash_table_add (reading->stored, g_memdup2 (&id, sizeof id));
    }
  return FALSE;
}

/* How far the first one is ahead of the second, where both were measured. */
static gboolean
compare_first_two (WenStore  *store,
                   Reading   *reading,
                   GError   **error)
{
  g_autoptr(WenEvaluation) first = NULL;
  g_autoptr(WenEvaluation) second = NULL;
  g_autoptr(GError) local_error = NULL;

  if (reading->runs->len < 2)
    return TRUE;

  first = wen_run_record_read_evaluation (store, ((WenPastRun *) reading->runs->pdata[0])->id, &local_error);
  if (local_error == NULL)
    second = wen_run_record_read_evaluation (store, ((WenPastRun *) reading->runs->pdata[1])->id, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  reading->has_lead = first != NULL && second != NULL;
  if (reading->has_lead)
    wen_evaluation_compare (first, second, &reading->lead);
  return TRUE;
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Reading *reading = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenStore) store = wen_store_open (reading->path, WEN_STORE_WORKER, cancellable, &error);

  if (store == NULL || !read_runs (store, reading, &error) || !read_stored (store, reading, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_ptr_array_sort (reading->runs, compare_runs);
  if (compare_first_two (store, reading, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void read_list (WenRunList *self);

static void
take_over (WenRunList *self,
           Reading    *reading)
{
  guint n_before = self->runs->len;

  g_ptr_array_unref (self->runs);
  self->runs = g_ptr_array_ref (reading->runs);
  self->lead = reading->lead;
  self->has_lead = reading->has_lead;
  for (guint i = 0; i < self->runs->len; i++)
    {
      WenPastRun *run = g_ptr_array_index (self->runs, i);

      run->has_classifier = g_hash_table_contains (reading->stored, &run->id);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->runs->len);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  WenRunList *self = WEN_RUN_LIST (object);
  g_autoptr(GError) error = NULL;

  self->is_busy = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    take_over (self, g_task_get_task_data (G_TASK (result)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("The runs could not be read: %s", error->message);
  if (self->reads_again)
    read_list (self);
  g_object_notify_by_pspec (object, properties[PROP_IS_BUSY]);
}

static void
read_list (WenRunList *self)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  self->reads_again = self->is_busy;
  if (self->is_busy || self->project == NULL || self->project->store == NULL)
    return;

  reading = g_new0 (Reading, 1);
  reading->path = g_strdup (self->project->path);
  reading->known = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_object_unref);
  for (guint i = 0; i < self->runs->len; i++)
    {
      WenPastRun *run = g_ptr_array_index (self->runs, i);

      g_hash_table_insert (reading->known, &run->id, g_object_ref (run));
    }
  reading->runs = g_ptr_array_new_with_free_func (g_object_unref);
  reading->stored = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  task = g_task_new (self, self->project->closing, read_cb, NULL);
  g_task_set_task_data (task, reading, reading_free);
  self->is_busy = TRUE;
  g_task_run_in_thread (task, read_thread);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_BUSY]);
}

static void
run_state_cb (WenRunList *self)
{
  if (wen_run_is_over (self->run))
    read_list (self);
}

static void
follow_run (WenRunList *self)
{
  WenRun *run = self->project != NULL ? wen_project_get_run (self->project) : NULL;

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  if (run != NULL)
    g_signal_connect_object (run, "notify::state", G_CALLBACK (run_state_cb), self, G_CONNECT_SWAPPED);
}

static void
run_changed_cb (WenRunList *self)
{
  follow_run (self);
  read_list (self);
}

static GType
wen_run_list_get_item_type (GListModel *model)
{
  return WEN_TYPE_PAST_RUN;
}

static guint
wen_run_list_get_n_items (GListModel *model)
{
  return WEN_RUN_LIST (model)->runs->len;
}

static gpointer
wen_run_list_get_item (GListModel *model,
                       guint       position)
{
  WenRunList *self = WEN_RUN_LIST (model);

  return position < self->runs->len ? g_object_ref (g_ptr_array_index (self->runs, position)) : NULL;
}

static void
wen_run_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = wen_run_list_get_item_type;
  iface->get_n_items = wen_run_list_get_n_items;
  iface->get_item = wen_run_list_get_item;
}

static void
wen_run_list_dispose (GObject *object)
{
  WenRunList *self = WEN_RUN_LIST (object);

  g_clear_weak_pointer (&self->project);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (wen_run_list_parent_class)->dispose (object);
}

static void
wen_run_list_finalize (GObject *object)
{
  g_ptr_array_unref (WEN_RUN_LIST (object)->runs);

  G_OBJECT_CLASS (wen_run_list_parent_class)->finalize (object);
}

static void
wen_run_list_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_IS_BUSY:
      g_value_set_boolean (value, WEN_RUN_LIST (object)->is_busy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_run_list_class_init (WenRunListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wen_run_list_dispose;
  object_class->finalize = wen_run_list_finalize;
  object_class->get_property = wen_run_list_get_property;

  /**
   * WenRunList:is-busy:
   *
   * Whether a thread reads the runs.
   */
  properties[PROP_IS_BUSY] =
    g_param_spec_boolean ("is-busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
wen_run_list_init (WenRunList *self)
{
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * wen_run_list_new:
 * @project: a project
 *
 * Lists the runs of a project that came to a classifier, also those that were stopped.
 *
 * The best one on its validation rows comes first.  The list is empty at first: a thread
 * reads it, and again when [property@Project:run] is another one or ends.
 *
 * Returns: (transfer full): a list of [class@PastRun]
 */
WenRunList *
wen_run_list_new (WenProject *project)
{
  WenRunList *self;

  g_return_val_if_fail (WEN_IS_PROJECT (project), NULL);

  self = g_object_new (WEN_TYPE_RUN_LIST, NULL);
  g_set_weak_pointer (&self->project, project);
  g_signal_connect_object (project, "notify::run", G_CALLBACK (run_changed_cb), self, G_CONNECT_SWAPPED);
  follow_run (self);
  read_list (self);
  return self;
}

/**
 * wen_run_list_is_busy:
 * @self: a list
 *
 * Says whether a thread reads the runs.
 *
 * Returns: whether it does
 */
gboolean
wen_run_list_is_busy (WenRunList *self)
{
  g_return_val_if_fail (WEN_IS_RUN_LIST (self), FALSE);

  return self->is_busy;
}

/**
 * wen_run_list_get_lead:
 * @self: a list
 * @lead: (out caller-allocates): how far the first run is ahead of the second, on the test rows
 *
 * Says whether the best run is better than the next by more than chance would make.
 *
 * Returns: whether @lead was set; not where there are fewer than two runs, or one of the
 *   first two was not measured on test rows
 */
gboolean
wen_run_list_get_lead (WenRunList    *self,
                       WenComparison *lead)
{
  g_return_val_if_fail (WEN_IS_RUN_LIST (self), FALSE);
  g_return_val_if_fail (lead != NULL, FALSE);

  if (self->has_lead)
    *lead = self->lead;
  return self->has_lead;
}

/**
 * wen_past_run_get_id:
 * @self: a run
 *
 * Gets by what the project knows the run.
 *
 * Returns: the id
 */
gint64
wen_past_run_get_id (WenPastRun *self)
{
  g_return_val_if_fail (WEN_IS_PAST_RUN (self), 0);

  return self->id;
}

/**
 * wen_past_run_get_started:
 * @self: a run
 *
 * Gets when it was started.
 *
 * Returns: (transfer none): local time
 */
GDateTime *
wen_past_run_get_started (WenPastRun *self)
{
  g_return_val_if_fail (WEN_IS_PAST_RUN (self), NULL);

  return self->started;
}

/**
 * wen_past_run_get_recipe:
 * @self: a run
 *
 * Gets the choices that it was made by.
 *
 * Returns: (transfer none): the recipe
 */
const WenRecipe *
wen_past_run_get_recipe (WenPastRun *self)
{
  g_return_val_if_fail (WEN_IS_PAST_RUN (self), NULL);

  return self->recipe;
}

/**
 * wen_past_run_get_figures:
 * @self: a run
 *
 * Gets how good it became, and what it took.
 *
 * Returns: (transfer none): the figures
 */
const WenPastRunFigures *
wen_past_run_get_figures (WenPastRun *self)
{
  g_return_val_if_fail (WEN_IS_PAST_RUN (self), NULL);

  return &self->figures;
}

/**
 * wen_past_run_has_classifier:
 * @self: a run
 *
 * Says whether the classifier that it made is still in the project.
 *
 * The newest one is, and the best one before it.
 *
 * Returns: whether it is
 */
gboolean
wen_past_run_has_classifier (WenPastRun *self)
{
  g_return_val_if_fail (WEN_IS_PAST_RUN (self), FALSE);

  return self->has_classifier;
}
