/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One project file, open.
 *
 * DESIGN: the object holds what the main thread asks for again and again: the
 * recipe, the notes, how many rows there are, the newest run.  Changes go into
 * the file as they happen.  Such a write takes a fraction of a millisecond, unless
 * a thread is writing at that moment; then it waits in memory until that thread is
 * done, so that the main thread does not. */

#include "config.h"

#include "wen-project-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "wen-i18n-private.h"
#include "wen-run-journal-private.h"
#include "wen-run-private.h"
#include "wen-run-record-private.h"

#define SUFFIX ".wenlei"
/* The id of an older run that a person went back to; none: the newest one. */
#define USED_RUN_NOTE "used-run"

G_DEFINE_QUARK (wen-project-error-quark, wen_project_error)

/**
 * WenProject:
 *
 * One project file, open: rows, recipe, runs and all that was made of them.
 *
 * There is no "save": every change is in the file when it has happened.  All
 * functions belong on the main thread, but for wen_project_load_dataset().  Work
 * that takes long runs in threads, which arrive in the thread-default main
 * context.
 */

enum
{
  PROP_0,
  PROP_FILE,
  PROP_TITLE,
  PROP_N_ROWS,
  PROP_RUN,
  PROP_CLASSIFIER,
  PROP_UNDO_TITLE,
  PROP_REDO_TITLE,
  N_PROPS
};

enum
{
  ROWS_CHANGED,
  RECIPE_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenProject, wen_project, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
read_notes (WenProject *self,
            GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (self->store, "SELECT key, value FROM notes", error);
  if (statement == NULL)
    return FALSE;
  while (wen_store_step (self->store, statement, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      g_hash_table_insert (self->notes, wen_store_dup_text (statement, 0), wen_store_dup_text (statement, 1));
    }
  return FALSE;
}

static gboolean
read_rows_overview (WenProject *self,
                    GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  WenImportReport *report;

  if (!wen_project_rows_read_blocks (self->store, self->blocks, error)
      || !wen_project_edits_read_state (self->store, &self->edit_state, error))
    return FALSE;
  report = wen_project_rows_read_report (self->store, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_clear_pointer (&self->report, wen_import_report_free);
  self->report = report;
  return TRUE;
}

static gboolean
read_project (WenProject *self,
              GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  const char *used_run;

  if (!wen_project_schema_prepare (self->store, error)
      || (!wen_store_is_read_only (self->store) && !wen_run_record_mark_interrupted (self->store, error)))
    return FALSE;

  self->recipe = wen_project_rows_read_recipe (self->store, error);
  if (self->recipe == NULL || !read_notes (self, error) || !read_rows_overview (self, error))
    return FALSE;

  used_run = g_hash_table_lookup (self->notes, USED_RUN_NOTE);
  if (used_run != NULL)
    self->run = wen_run_record_read (self->store, g_ascii_strtoll (used_run, NULL, 10), &local_error);
  if (self->run == NULL && local_error == NULL)
    self->run = wen_run_record_read (self->store, 0, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_recipe (WenProject      *self,
              const WenRecipe *recipe,
              GError         **error)
{
  g_autofree char *json = wen_recipe_to_json (recipe);
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (self->store, "UPDATE project SET recipe = ?", error);
  if (statement == NULL)
    return FALSE;
  wen_store_bind_text (statement, 1, json);
  return wen_store_run (self->store, statement, error);
}

static gboolean
write_note (WenProject *self,
            const char *key,
            GError    **error)
{
  const char *value = g_hash_table_lookup (self->notes, key);
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (self->store,
                                 value != NULL ? "INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)"
                                               : "DELETE FROM notes WHERE key = ?",
                                 error);
  if (statement == NULL)
    return FALSE;
  wen_store_bind_text (statement, 1, key);
  if (value != NULL)
    wen_store_bind_text (statement, 2, value);
  return wen_store_run (self->store, statement, error);
}

static gboolean
has_live_run (WenProject *self)
{
  return self->run != NULL && !wen_run_is_over (self->run);
}

/* A run stores its result in the last state before it is over. */
static gboolean
is_run_writing (WenProject *self)
{
  return self->run != NULL && wen_run_get_state (self->run) == WEN_RUN_STATE_EVALUATING;
}

static gboolean
is_thread_writing (WenProject *self)
{
  return is_run_writing (self) || self->import_cancellable != NULL || self->split_cancellable != NULL
         || self->n_edits > 0;
}

static gboolean
is_split_otherwise (const WenRecipe *a,
                    const WenRecipe *b)
{
  return a->seed != b->seed || a->test_share != b->test_share || a->validation_share != b->validation_share;
}

static void
write_unsaved (WenProject *self)
{
  GHashTableIter iter;
  gpointer key;

  if (self->recipe_is_unsaved)
    {
      g_autoptr(GError) error = NULL;

      if (!write_recipe (self, self->recipe, &error))
        g_message ("The recipe could not be saved: %s", error->message);
      self->recipe_is_unsaved = FALSE;
      if (wen_project_get_n_rows (self) > 0 && !g_cancellable_is_cancelled (self->closing))
        wen_project_start_split (self);
    }

  g_hash_table_iter_init (&iter, self->unsaved_notes);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autoptr(GError) error = NULL;

      if (!write_note (self, key, &error))
        g_message ("A note could not be saved: %s", error->message);
      g_hash_table_iter_remove (&iter);
    }
}

void
wen_project_save_unsaved (WenProject *self)
{
  if (is_thread_writing (self) || (!self->recipe_is_unsaved && g_hash_table_size (self->unsaved_notes) == 0))
    return;
  write_unsaved (self);
  wen_project_start_fold (self);
}

void
wen_project_rows_changed (WenProject *self)
{
  g_autoptr(GError) error = NULL;

  if (!read_rows_overview (self, &error))
    g_message ("The rows could not be read: %s", error->message);
  g_signal_emit (self, signals[ROWS_CHANGED], 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ROWS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNDO_TITLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REDO_TITLE]);
}

void
wen_project_set_classifier (WenProject    *self,
                            WenClassifier *classifier)
{
  if (g_set_object (&self->classifier, classifier))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLASSIFIER]);
}

static gboolean
check_open_for_changes (WenProject *self,
                        GError    **error)
{
  g_autofree char *name = g_filename_display_basename (self->path);

  if (self->store == NULL)
    {
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO, _ ("“%s” is closed."), name);
      return FALSE;
    }
  if (wen_store_is_read_only (self->store))
    {
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” cannot be changed: the file or its folder is read-only. Copy it to a folder of your own."),
                   name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_no_import (WenProject *self,
                 GError    **error)
{
  if (self->import_cancellable == NULL)
    return TRUE;
  g_set_error_literal (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY,
                       _ ("A table is being read into this project. Wait until that is done, or cancel it."));
  return FALSE;
}

gboolean
wen_project_check_idle (WenProject *self,
                        GError    **error)
{
  if (!check_open_for_changes (self, error) || !check_no_import (self, error))
    return FALSE;
  if (!has_live_run (self))
    return TRUE;
  g_set_error_literal (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY,
                       _ ("This project is being trained. Wait until that is done, or stop it."));
  return FALSE;
}

static void
run_state_cb (WenProject *self)
{
  WenClassifier *classifier;

  if (!wen_run_is_over (self->run) || self->store == NULL)
    return;
  classifier = wen_run_get_classifier (self->run);
  if (classifier != NULL)
    wen_project_set_classifier (self, classifier);
  wen_project_save_unsaved (self);
}

static void
set_run (WenProject *self,
         WenRun     *run)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  g_signal_connect_object (run, "notify::state", G_CALLBACK (run_state_cb), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}

static char *
dup_title (const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  if (g_str_has_suffix (name, SUFFIX) && strlen (name) > strlen (SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  return g_steal_pointer (&name);
}

static void
wen_project_dispose (GObject *object)
{
  WenProject *self = WEN_PROJECT (object);

  wen_project_close (self);
  g_clear_object (&self->run);
  g_clear_object (&self->classifier);

  G_OBJECT_CLASS (wen_project_parent_class)->dispose (object);
}

static void
wen_project_finalize (GObject *object)
{
  WenProject *self = WEN_PROJECT (object);

  g_clear_object (&self->file);
  g_clear_object (&self->closing);
  g_clear_object (&self->import_cancellable);
  g_clear_object (&self->split_cancellable);
  g_clear_pointer (&self->waiting_loads, g_ptr_array_unref);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_pointer (&self->report, wen_import_report_free);
  wen_edit_state_clear (&self->edit_state);
  g_clear_pointer (&self->notes, g_hash_table_unref);
  g_clear_pointer (&self->unsaved_notes, g_hash_table_unref);
  g_free (self->path);

  G_OBJECT_CLASS (wen_project_parent_class)->finalize (object);
}

static void
wen_project_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  WenProject *self = WEN_PROJECT (object);

  switch (prop_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_TITLE:
      g_value_take_string (value, dup_title (self->path));
      break;
    case PROP_N_ROWS:
      g_value_set_uint64 (value, wen_project_get_n_rows (self));
      break;
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_CLASSIFIER:
      g_value_set_object (value, self->classifier);
      break;
    case PROP_UNDO_TITLE:
      g_value_set_string (value, self->edit_state.undo_title);
      break;
    case PROP_REDO_TITLE:
      g_value_set_string (value, self->edit_state.redo_title);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_project_class_init (WenProjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wen_project_dispose;
  object_class->finalize = wen_project_finalize;
  object_class->get_property = wen_project_get_property;

  /**
   * WenProject:file:
   *
   * The file.
   */
  properties[PROP_FILE] =
    g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProject:title:
   *
   * What to call the project: the name of its file.
   */
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProject:n-rows:
   *
   * How many rows there are, those without text or label included.
   */
  properties[PROP_N_ROWS] =
    g_param_spec_uint64 ("n-rows", NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProject:run:
   *
   * The run that is on, or the newest one, or the one of wen_project_use_run(); `NULL`
   * before the first.
   */
  properties[PROP_RUN] =
    g_param_spec_object ("run", NULL, NULL, WEN_TYPE_RUN, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProject:classifier:
   *
   * The classifier of [property@Project:run], or of the newest run that has one; `NULL`
   * before.
   */
  properties[PROP_CLASSIFIER] =
    g_param_spec_object ("classifier", NULL, NULL, WEN_TYPE_CLASSIFIER, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProject:undo-title:
   *
   * What wen_project_undo_async() would take back; `NULL` where there is nothing.
   */
  properties[PROP_UNDO_TITLE] =
    g_param_spec_string ("undo-title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProject:redo-title:
   *
   * What wen_project_redo_async() would do again; `NULL` where there is nothing.
   */
  properties[PROP_REDO_TITLE] =
    g_param_spec_string ("redo-title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WenProject::rows-changed:
   * @self: the project
   *
   * Rows were replaced by an import, split anew, or edited.
   */
  signals[ROWS_CHANGED] =
    g_signal_new ("rows-changed", WEN_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * WenProject::recipe-changed:
   * @self: the project
   *
   * There is another recipe.
   */
  signals[RECIPE_CHANGED] =
    g_signal_new ("recipe-changed", WEN_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_project_init (WenProject *self)
{
  self->closing = g_cancellable_new ();
  self->waiting_loads = g_ptr_array_new_with_free_func (g_object_unref);
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->unsaved_notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static WenProject *
new_for_file (GFile   *file,
              GError **error)
{
  WenProject *self;

  if (g_file_peek_path (file) == NULL)
    {
      g_autofree char *address = g_file_get_parse_name (file);

      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” is not on this computer. Copy the project to a folder here."), address);
      return NULL;
    }
  self = g_object_new (WEN_TYPE_PROJECT, NULL);
  self->file = g_object_ref (file);
  self->path = g_file_get_path (file);
  return self;
}

/**
 * wen_project_create:
 * @file: where; nothing may be there yet
 * @error: return location for an error
 *
 * Makes a new project without rows, readable for its owner only.
 *
 * Returns: (transfer full) (nullable): the project, or `NULL` with @error set
 */
WenProject *
wen_project_create (GFile   *file,
                    GError **error)
{
  g_autoptr(WenProject) self = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = new_for_file (file, error);
  if (self == NULL || !wen_store_create_file (self->path, error))
    return NULL;

  self->store = wen_store_open (self->path, WEN_STORE_MAIN, NULL, error);
  if (self->store == NULL || !wen_project_schema_create (self->store, error) || !read_project (self, error))
    {
      g_clear_pointer (&self->store, wen_store_close);
      g_unlink (self->path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * wen_project_open:
 * @file: a project
 * @error: return location for an error
 *
 * Opens a project.
 *
 * A file, or a folder, that cannot be written is opened for reading.  The
 * evaluation of the newest run and [property@Project:classifier] can be long:
 * they are read in a thread and arrive with a notification.
 *
 * Sets `WEN_PROJECT_ERROR_NOT_OURS`, `WEN_PROJECT_ERROR_TOO_NEW`,
 * `WEN_PROJECT_ERROR_DAMAGED` or `WEN_PROJECT_ERROR_IO`.
 *
 * Returns: (transfer full) (nullable): the project, or `NULL` with @error set
 */
WenProject *
wen_project_open (GFile   *file,
                  GError **error)
{
  g_autoptr(WenProject) self = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = new_for_file (file, error);
  if (self == NULL)
    return NULL;
  self->store = wen_store_open (self->path, WEN_STORE_MAIN, NULL, error);
  if (self->store == NULL || !read_project (self, error))
    return NULL;
  if (self->run != NULL)
    wen_project_start_reading (self);
  return g_steal_pointer (&self);
}

/**
 * wen_project_close:
 * @self: a project
 *
 * Cancels what is on, and closes the file.  A run that is on is interrupted; when
 * the project is opened again, wen_project_resume_run() goes on with it.
 *
 * Threads that were at work end on their own soon afterwards and change nothing
 * any more.  Called again, it does nothing; the last unref closes too.
 */
void
wen_project_close (WenProject *self)
{
  gboolean was_training;

  g_return_if_fail (WEN_IS_PROJECT (self));

  if (self->store == NULL)
    return;

  was_training = has_live_run (self);
  g_cancellable_cancel (self->closing);
  g_cancellable_cancel (self->import_cancellable);
  g_cancellable_cancel (self->split_cancellable);

  if (was_training)
    {
      g_autoptr(GError) error = NULL;

      g_signal_handlers_disconnect_by_data (self->run, self);
      if (!wen_run_record_set_state (self->store, wen_run_get_id (self->run), WEN_RUN_STATE_INTERRUPTED, &error))
        g_message ("The end of the run could not be saved: %s", error->message);
      wen_run_abandon (self->run);
    }
  if (self->recipe_is_unsaved || g_hash_table_size (self->unsaved_notes) > 0)
    write_unsaved (self);
  g_clear_pointer (&self->store, wen_store_close);
}

/**
 * wen_project_get_file:
 * @self: a project
 *
 * Gets the file.
 *
 * Returns: (transfer none): the file
 */
GFile *
wen_project_get_file (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->file;
}

/**
 * wen_project_dup_title:
 * @self: a project
 *
 * Gets what to call the project: the name of its file without its end.
 *
 * Returns: (transfer full): a title
 */
char *
wen_project_dup_title (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return dup_title (self->path);
}

/**
 * wen_project_get_recipe:
 * @self: a project
 *
 * Gets the choices for the next run.
 *
 * Returns: (transfer none): the recipe, valid until [signal@Project::recipe-changed]
 */
const WenRecipe *
wen_project_get_recipe (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->recipe;
}

/**
 * wen_project_set_recipe:
 * @self: a project
 * @recipe: the choices for the next run
 * @error: return location for an error
 *
 * Sets the choices for the next run, and saves them.
 *
 * With another seed or other shares a thread splits the rows anew;
 * [signal@Project::rows-changed] tells when that is done.  Whoever loads the rows
 * before gets them split by the new recipe all the same.
 *
 * Sets the errors of wen_recipe_validate(), `WEN_PROJECT_ERROR_BUSY` during an
 * import, or `WEN_PROJECT_ERROR_IO`; the recipe is as before then.
 *
 * Returns: whether the recipe was taken
 */
gboolean
wen_project_set_recipe (WenProject      *self,
                        const WenRecipe *recipe,
                        GError         **error)
{
  g_autoptr(WenRecipe) old_recipe = NULL;

  g_return_val_if_fail (WEN_IS_PROJECT (self), FALSE);
  g_return_val_if_fail (recipe != NULL, FALSE);

  if (wen_recipe_equal (recipe, self->recipe))
    return TRUE;
  if (!wen_recipe_validate (recipe, error)
      || !check_open_for_changes (self, error)
      || !check_no_import (self, error))
    return FALSE;

  if (is_run_writing (self))
    {
      self->recipe_is_unsaved = TRUE;
    }
  else
    {
      /* A thread that splits gives way at once. */
      g_cancellable_cancel (self->split_cancellable);
      if (!write_recipe (self, recipe, error))
        return FALSE;
    }

  old_recipe = g_steal_pointer (&self->recipe);
  self->recipe = wen_recipe_copy (recipe);
  if (!self->recipe_is_unsaved)
    {
      if (wen_project_get_n_rows (self) > 0
          && (self->split_cancellable != NULL || is_split_otherwise (old_recipe, recipe)))
        wen_project_start_split (self);
      wen_project_start_fold (self);
    }
  g_signal_emit (self, signals[RECIPE_CHANGED], 0);
  return TRUE;
}

/**
 * wen_project_start_run:
 * @self: a project
 * @error: return location for an error
 *
 * Loads the rows, trains by the recipe, measures on the test split, and stores all
 * of it, in threads.
 *
 * The run is [property@Project:run] from now on.  When it has ended well,
 * [property@Project:classifier] is the one it has made.
 *
 * Sets `WEN_PROJECT_ERROR_BUSY` while another run or an import is on.
 *
 * Returns: (transfer none) (nullable): the run, or `NULL` with @error set
 */
WenRun *
wen_project_start_run (WenProject *self,
                       GError    **error)
{
  g_autoptr(WenRun) run = NULL;
  gint64 started_us = g_get_real_time ();
  gint64 run_id;

  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  if (!wen_project_check_idle (self, error) || !wen_recipe_validate (self->recipe, error))
    return NULL;

  if (!wen_run_record_begin (self->store, self->recipe, started_us, &run_id, error))
    return NULL;
  /* Of an interrupted run that nobody wanted any more. */
  wen_run_journal_remove (self->path);
  run = wen_run_new_live (self->path, run_id, started_us, self->recipe, FALSE);
  wen_project_set_note (self, USED_RUN_NOTE, NULL);
  set_run (self, run);
  wen_run_start (run);
  return self->run;
}

/**
 * wen_project_can_resume_run:
 * @self: a project
 *
 * Says whether the newest run was interrupted and can go on where it was.
 *
 * Returns: whether wen_project_resume_run() is of use
 */
gboolean
wen_project_can_resume_run (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), FALSE);

  return self->store != NULL && self->run != NULL && wen_run_get_state (self->run) == WEN_RUN_STATE_INTERRUPTED
         && !wen_store_is_read_only (self->store) && wen_run_journal_exists (self->path);
}

/**
 * wen_project_resume_run:
 * @self: a project with a run that was interrupted
 * @error: return location for an error
 *
 * Goes on with the newest run where it was interrupted, with the recipe that it was
 * started with.
 *
 * Its result has the very same bits as if nothing had happened.  It fails, with
 * `WEN_TRAINER_ERROR_CHECKPOINT`, where the rows are no longer the same.
 *
 * Sets `WEN_PROJECT_ERROR_BUSY` while another run or an import is on.
 *
 * Returns: (transfer none) (nullable): the run, or `NULL` with @error set
 */
WenRun *
wen_project_resume_run (WenProject *self,
                        GError    **error)
{
  g_autoptr(WenRun) run = NULL;

  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);
  g_return_val_if_fail (wen_project_can_resume_run (self), NULL);

  if (!wen_project_check_idle (self, error)
      || !wen_run_record_set_state (self->store, wen_run_get_id (self->run), WEN_RUN_STATE_LOADING, error))
    return NULL;
  run = wen_run_new_live (self->path, wen_run_get_id (self->run),
                          g_date_time_to_unix (wen_run_get_started (self->run)) * G_USEC_PER_SEC
                            + g_date_time_get_microsecond (wen_run_get_started (self->run)),
                          wen_run_get_recipe (self->run), TRUE);
  set_run (self, run);
  wen_run_start (run);
  return self->run;
}

/**
 * wen_project_use_run:
 * @self: a project
 * @run_id: of a run that is over
 * @error: return location for an error
 *
 * Goes back to the result of an older run.
 *
 * It becomes [property@Project:run] until another one is started; its evaluation and its
 * classifier are read in a thread and arrive with a notification.
 *
 * Sets `WEN_PROJECT_ERROR_BUSY` while a run or an import is on.
 *
 * Returns: whether it did; not where there is no such run
 */
gboolean
wen_project_use_run (WenProject *self,
                     gint64      run_id,
                     GError    **error)
{
  g_autofree char *note = g_strdup_printf ("%" G_GINT64_FORMAT, run_id);
  g_autoptr(WenRun) run = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (WEN_IS_PROJECT (self), FALSE);
  g_return_val_if_fail (run_id > 0, FALSE);

  if (!wen_project_check_idle (self, error))
    return FALSE;
  run = wen_run_record_read (self->store, run_id, &local_error);
  if (run == NULL)
    {
      if (local_error == NULL)
        g_set_error_literal (&local_error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                             _ ("That training is no longer in the project."));
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  wen_project_set_note (self, USED_RUN_NOTE, note);
  set_run (self, run);
  wen_project_start_reading (self);
  return TRUE;
}

/**
 * wen_project_get_run:
 * @self: a project
 *
 * Gets the run that is on, or the newest one, or the one of wen_project_use_run().
 *
 * Returns: (transfer none) (nullable): the run, or `NULL` before the first
 */
WenRun *
wen_project_get_run (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->run;
}

/**
 * wen_project_get_classifier:
 * @self: a project
 *
 * Gets the classifier of the newest run that has one.
 *
 * After wen_project_open() it arrives with a notification.
 *
 * Returns: (transfer none) (nullable): the classifier, or `NULL`
 */
WenClassifier *
wen_project_get_classifier (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->classifier;
}

/**
 * wen_project_dup_note:
 * @self: a project
 * @key: which
 *
 * Gets a small thing that was remembered.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` where there is none
 */
char *
wen_project_dup_note (WenProject *self,
                      const char *key)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return g_strdup (g_hash_table_lookup (self->notes, key));
}

/**
 * wen_project_set_note:
 * @self: a project
 * @key: which
 * @value: (nullable): what to remember; `NULL` forgets
 *
 * Remembers a small thing, such as the page that is shown.
 *
 * In a project that cannot be written it is remembered until it is closed.
 */
void
wen_project_set_note (WenProject *self,
                      const char *key,
                      const char *value)
{
  g_return_if_fail (WEN_IS_PROJECT (self));
  g_return_if_fail (key != NULL);

  if (g_strcmp0 (g_hash_table_lookup (self->notes, key), value) == 0)
    return;
  if (value != NULL)
    g_hash_table_insert (self->notes, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (self->notes, key);

  if (self->store != NULL && !wen_store_is_read_only (self->store))
    {
      g_hash_table_add (self->unsaved_notes, g_strdup (key));
      wen_project_save_unsaved (self);
    }
}
