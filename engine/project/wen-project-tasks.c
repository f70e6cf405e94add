/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The work of a project that takes long.
 *
 * DESIGN: each task is a thread with a connection of its own, and owns copies of
 * what it needs.  Its end arrives in the main context, where the project takes
 * over what changed and says so.  A task that ends after the project was closed
 * changes nothing. */

#include "config.h"

#include "wen-project-private.h"

#include "wen-run-private.h"
#include "wen-run-record-private.h"

static gboolean
is_closed (WenProject *self)
{
  return self->store == NULL;
}

/* Import. */

static void
row_import_free (gpointer data)
{
  WenRowImport *import = data;

  g_clear_object (&import->tables);
  g_free ((char *) import->options.encoding);
  g_free (import->text_column);
  g_free (import->label_column);
  g_free (import);
}

typedef struct
{
  GCancellable *caller_cancellable;
  gulong        cancelled_id;
} ImportLink;

static void
import_link_free (gpointer data)
{
  ImportLink *link = data;

  g_cancellable_disconnect (link->caller_cancellable, link->cancelled_id);
  g_clear_object (&link->caller_cancellable);
  g_free (link);
}

static void
caller_cancelled_cb (GCancellable *caller_cancellable,
                     GCancellable *import_cancellable)
{
  g_cancellable_cancel (import_cancellable);
}

static void
import_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  WenProject *self = source_object;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenStore) store = wen_store_open (self->path, WEN_STORE_WORKER, cancellable, &error);
  WenImportReport *report = NULL;

  if (store != NULL)
    report = wen_project_rows_import (store, task_data, cancellable, &error);
  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify) wen_import_report_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  WenProject *self = WEN_PROJECT (object);
  g_autoptr(GTask) caller_task = user_data;
  g_autoptr(WenImportReport) report = NULL;
  g_autoptr(GError) error = NULL;

  report = g_task_propagate_pointer (G_TASK (result), &error);
  g_clear_object (&self->import_cancellable);

  if (!is_closed (self))
    {
      wen_project_save_unsaved (self);
      if (report != NULL)
        {
          /* First, so that whoever loads the rows now waits for their splits. */
          if (self->split_cancellable == NULL)
            wen_project_start_split (self);
          wen_project_rows_changed (self);
        }
    }

  if (report != NULL)
    g_task_return_pointer (caller_task, g_steal_pointer (&report), (GDestroyNotify) wen_import_report_free);
  else
    g_task_return_error (caller_task, g_steal_pointer (&error));
}

/**
 * wen_project_import_tables_async:
 * @self: a project
 * @tables: (type Gio.ListModel): one or more [iface@Gio.File]s, in their order; it must
 *   not change
 * @options: what is known about the tables
 * @text_column: (nullable): name of the column of the texts; `NULL` is guessed
 * @label_column: (nullable): name of the column of the labels; `NULL` is guessed
 * @split: `WEN_SPLIT_TEST` for a test file of one's own, `WEN_SPLIT_NONE` for texts
 *   without labels, anything else for the table of the project
 * @progress: (nullable) (scope forever) (closure progress_data): called in the thread that reads
 * @progress_data: for @progress; both must live until @callback is called
 * @cancellable: (nullable): to give up; the rows are then as they were
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Replaces the rows of the project by those of the tables, one after the other.  The
 * columns are found in the first one; the others must have columns of the same names.
 * A thread then splits them by
 * the recipe; [signal@Project::rows-changed] comes once for the rows and once more for
 * their splits.  Whoever loads the rows before gets them split all the same.
 *
 * A test file replaces only the rows of the test file before it.  Its rows then
 * are the test split; all others train and validate.  Texts without labels replace only
 * those before them, and are used for nothing until they are given labels; a column of
 * labels in their table is not looked at.
 *
 * Either all rows come in or none.  The table is streamed: its size does not
 * matter for memory.
 *
 * The errors of [class@CsvReader], `WEN_PROJECT_ERROR_BUSY` while a run or another
 * import is on, and `WEN_PROJECT_ERROR_IO` are what can go wrong.
 */
void
wen_project_import_tables_async (WenProject          *self,
                                 GListModel          *tables,
                                 const WenCsvOptions *options,
                                 const char          *text_column,
                                 const char          *label_column,
                                 WenSplit             split,
                                 WenProgressFunc      progress,
                                 gpointer             progress_data,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) caller_task = NULL;
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  WenRowImport *import;

  g_return_if_fail (WEN_IS_PROJECT (self));
  g_return_if_fail (G_IS_LIST_MODEL (tables) && g_list_model_get_n_items (tables) > 0);
  g_return_if_fail (options != NULL);

  caller_task = g_task_new (self, cancellable, callback, user_data);
  /* Rows that are in the file are in the file, cancelled afterwards or not. */
  g_task_set_check_cancellable (caller_task, FALSE);
  if (!wen_project_check_idle (self, &error))
    {
      g_task_return_error (caller_task, g_steal_pointer (&error));
      return;
    }

  import = g_new0 (WenRowImport, 1);
  import->tables = g_object_ref (tables);
  import->options = *options;
  import->options.encoding = g_strdup (options->encoding);
  import->text_column = g_strdup (text_column);
  import->label_column = g_strdup (label_column);
  import->origin = split == WEN_SPLIT_TEST   ? WEN_ORIGIN_TEST_FILE
                   : split == WEN_SPLIT_NONE ? WEN_ORIGIN_UNLABELLED
                                             : WEN_ORIGIN_TABLE;
  import->progress = progress;
  import->progress_data = progress_data;

  /* The new rows are split anyway. */
  g_cancellable_cancel (self->split_cancellable);

  self->import_cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      ImportLink *link = g_new (ImportLink, 1);

      link->caller_cancellable = g_object_ref (cancellable);
      link->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                                  g_object_ref (self->import_cancellable), g_object_unref);
      g_task_set_task_data (caller_task, link, import_link_free);
    }
  task = g_task_new (self, self->import_cancellable, imported_cb, g_object_ref (caller_task));
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, import, row_import_free);
  g_task_run_in_thread (task, import_thread);
}

/**
 * wen_project_import_async:
 * @self: a project
 * @csv_file: a table
 * @options: what is known about the table
 * @text_column: (nullable): name of the column of the texts; `NULL` is guessed
 * @label_column: (nullable): name of the column of the labels; `NULL` is guessed
 * @split: as in wen_project_import_tables_async()
 * @progress: (nullable) (scope forever) (closure progress_data): called in the thread that reads
 * @progress_data: for @progress; both must live until @callback is called
 * @cancellable: (nullable): to give up; the rows are then as they were
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Replaces the rows of the project by those of one table, as
 * wen_project_import_tables_async() does by those of several.
 */
void
wen_project_import_async (WenProject          *self,
                          GFile               *csv_file,
                          const WenCsvOptions *options,
                          const char          *text_column,
                          const char          *label_column,
                          WenSplit             split,
                          WenProgressFunc      progress,
                          gpointer             progress_data,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GListStore) tables = g_list_store_new (G_TYPE_FILE);

  g_return_if_fail (G_IS_FILE (csv_file));

  g_list_store_append (tables, csv_file);
  wen_project_import_tables_async (self, G_LIST_MODEL (tables), options, text_column, label_column, split, progress,
                                   progress_data, cancellable, callback, user_data);
}

/**
 * wen_project_import_finish:
 * @self: a project
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends wen_project_import_async() and wen_project_import_tables_async().
 *
 * Returns: (transfer full) (nullable): what was read, or `NULL` with @error set
 */
WenImportReport *
wen_project_import_finish (WenProject   *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Loading. */

/**
 * wen_project_load_dataset:
 * @self: a project
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Copies all rows with their splits into memory.
 *
 * Takes about a second for a million rows, and up to a minute where they are not split
 * yet.  Any thread may call it: it uses a connection of its own.
 *
 * Returns: (transfer full) (nullable): the rows, or `NULL` with @error set
 */
WenDataset *
wen_project_load_dataset (WenProject   *self,
                          GCancellable *cancellable,
                          GError      **error)
{
  g_autoptr(WenStore) store = NULL;

  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  store = wen_store_open (self->path, WEN_STORE_WORKER, cancellable, error);
  return store != NULL ? wen_project_rows_load (store, cancellable, error) : NULL;
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  WenDataset *dataset = wen_project_load_dataset (source_object, cancellable, &error);

  if (dataset != NULL)
    g_task_return_pointer (task, dataset, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
wen_project_start_loads (WenProject *self)
{
  g_autoptr(GPtrArray) loads = g_steal_pointer (&self->waiting_loads);

  self->waiting_loads = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < loads->len; i++)
    g_task_run_in_thread (g_ptr_array_index (loads, i), load_thread);
}

/**
 * wen_project_load_dataset_async:
 * @self: a project
 * @cancellable: (nullable): to give up
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Copies all rows with their splits into memory, in a thread.
 *
 * While a thread splits them, it waits: both at once would do the same work, and the
 * one that is second to write would keep everybody else from writing.
 */
void
wen_project_load_dataset_async (WenProject         *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (WEN_IS_PROJECT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  if (self->split_cancellable != NULL)
    g_ptr_array_add (self->waiting_loads, g_steal_pointer (&task));
  else
    g_task_run_in_thread (task, load_thread);
}

/**
 * wen_project_load_dataset_finish:
 * @self: a project
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends wen_project_load_dataset_async().
 *
 * Returns: (transfer full) (nullable): the rows, or `NULL` with @error set
 */
WenDataset *
wen_project_load_dataset_finish (WenProject   *self,
                                 GAsyncResult *result,
                                 GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Splitting anew. */

static void
split_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  WenProject *self = source_object;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenStore) store = wen_store_open (self->path, WEN_STORE_WORKER, cancellable, &error);

  if (store != NULL && wen_project_rows_ensure_split (store, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
split_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  WenProject *self = WEN_PROJECT (object);
  g_autoptr(GError) error = NULL;
  gboolean is_newest = g_task_get_cancellable (G_TASK (result)) == self->split_cancellable;
  gboolean is_split = g_task_propagate_boolean (G_TASK (result), &error);

  /* Overtaken by a newer split or an import. */
  if (!is_newest)
    return;
  g_clear_object (&self->split_cancellable);
  if (is_closed (self))
    {
      wen_project_start_loads (self);
      return;
    }

  /* Whoever loads the rows next splits them, so nothing is lost here. */
  if (!is_split && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("The rows could not be split: %s", error->message);
  if (is_split)
    wen_project_rows_changed (self);
  /* Those who still want rows after that. */
  wen_project_start_loads (self);
  wen_project_save_unsaved (self);
}

/* Splits the rows by the recipe of the file, in a thread: with a million rows it
 * takes half a minute. */
void
wen_project_start_split (WenProject *self)
{
  g_autoptr(GTask) task = NULL;

  g_cancellable_cancel (self->split_cancellable);
  g_clear_object (&self->split_cancellable);
  self->split_cancellable = g_cancellable_new ();

  task = g_task_new (self, self->split_cancellable, split_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, split_thread);
}

/* Folding the log into the file. */

static void
fold_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  WenProject *self = source_object;
  g_autoptr(WenStore) store = wen_store_open (self->path, WEN_STORE_WORKER, NULL, NULL);

  if (store != NULL)
    wen_store_checkpoint (store, FALSE);
  g_task_return_boolean (task, TRUE);
}

static void
folded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  WenProject *self = WEN_PROJECT (object);

  self->is_folding = FALSE;
  if (self->fold_again && !is_closed (self))
    wen_project_start_fold (self);
}

/* What the main thread has written goes to the disk, without the main thread
 * waiting for it. */
void
wen_project_start_fold (WenProject *self)
{
  g_autoptr(GTask) task = NULL;

  self->fold_again = self->is_folding;
  if (self->is_folding)
    return;
  self->is_folding = TRUE;

  task = g_task_new (self, NULL, folded_cb, NULL);
  g_task_run_in_thread (task, fold_thread);
}

/* What is long to read of a run that is over: its evaluation, and the classifier. */

typedef struct
{
  gint64         run_id;
  WenEvaluation *evaluation;
  WenClassifier *classifier;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_object (&reading->evaluation);
  g_clear_object (&reading->classifier);
  g_free (reading);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  WenProject *self = source_object;
  Reading *reading = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenStore) store = wen_store_open (self->path, WEN_STORE_WORKER, cancellable, &error);

  if (store != NULL)
    reading->evaluation = wen_run_record_read_evaluation (store, reading->run_id, &error);
  if (error == NULL)
    reading->classifier = wen_run_record_read_classifier (store, reading->run_id, &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  WenProject *self = WEN_PROJECT (object);
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("The result of the last run could not be read: %s", error->message);
  if (is_closed (self))
    return;

  if (wen_run_get_id (self->run) != reading->run_id)
    {
      /* A run that was started meanwhile may end without one. */
      if (reading->classifier != NULL && self->classifier == NULL)
        wen_project_set_classifier (self, reading->classifier);
      return;
    }
  if (reading->evaluation != NULL)
    wen_run_take_evaluation (self->run, g_steal_pointer (&reading->evaluation));
  if (reading->classifier != NULL)
    wen_project_set_classifier (self, reading->classifier);
}

void
wen_project_start_reading (WenProject *self)
{
  Reading *reading = g_new0 (Reading, 1);
  g_autoptr(GTask) task = g_task_new (self, self->closing, read_cb, NULL);

  reading->run_id = wen_run_get_id (self->run);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
}
