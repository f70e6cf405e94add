/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Changing rows, and taking changes back: each is a thread of its own. */

#include "config.h"

#include "wen-project-private.h"

#include "wen-run-journal-private.h"

typedef gboolean (*StoreFunc) (WenStore *store,
                               GError  **error);

/* Either an edit, or something that needs none. */
typedef struct
{
  WenEdit  *edit;
  StoreFunc func;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_clear_pointer (&change->edit, wen_edit_free);
  g_free (change);
}

static void
change_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  WenProject *self = source_object;
  Change *change = task_data;
  GError *error = NULL;
  g_autoptr(WenStore) store = wen_store_open (self->path, WEN_STORE_WORKER, NULL, &error);
  gboolean is_done = FALSE;

  if (store != NULL && change->edit != NULL)
    is_done = wen_project_edits_apply (store, change->edit, &error);
  else if (store != NULL)
    is_done = change->func (store, &error);

  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  WenProject *self = WEN_PROJECT (object);
  g_autoptr(GTask) caller_task = user_data;
  g_autoptr(GError) error = NULL;
  Change *change = g_task_get_task_data (G_TASK (result));
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  self->n_edits--;
  if (self->store != NULL)
    {
      if (is_done && change->func != wen_project_edits_compact)
        {
          /* A run that was interrupted learned from other rows. */
          wen_run_journal_remove (self->path);
          wen_project_rows_changed (self);
        }
      wen_project_save_unsaved (self);
    }

  if (is_done)
    g_task_return_boolean (caller_task, TRUE);
  else
    g_task_return_error (caller_task, g_steal_pointer (&error));
}

/* Takes the edit. */
static void
start_change (WenProject          *self,
              WenEdit             *edit,
              StoreFunc            func,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  g_autoptr(GTask) caller_task = g_task_new (self, NULL, callback, user_data);
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  Change *change;

  if (!wen_project_check_idle (self, &error))
    {
      g_clear_pointer (&edit, wen_edit_free);
      g_task_return_error (caller_task, error);
      return;
    }

  change = g_new (Change, 1);
  change->edit = edit;
  change->func = func;
  self->n_edits++;
  task = g_task_new (self, NULL, changed_cb, g_steal_pointer (&caller_task));
  g_task_set_name (task, "edit rows");
  g_task_set_task_data (task, change, change_free);
  g_task_run_in_thread (task, change_thread);
}

/**
 * wen_project_edit_rows_async:
 * @self: a project
 * @kind: `WEN_EDIT_LABEL_ROWS`, `WEN_EDIT_TEXT`, `WEN_EDIT_DELETE_ROWS` or
 *   `WEN_EDIT_RESTORE_ROWS`
 * @row_ids: (array length=n_row_ids): rows; of `WEN_EDIT_TEXT`, one
 * @n_row_ids: how many
 * @value: (nullable): the new label, `NULL` for none; or the new text
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Changes rows, in a thread.
 *
 * When the callback is called, the change is on the disk, and can be taken back, also
 * after the project was closed.  Rows that are not there are left out.  Other rows stay
 * in the split where they were.
 *
 * `WEN_PROJECT_ERROR_BUSY` while a run or an import is on, and `WEN_PROJECT_ERROR_IO` are
 * what can go wrong.
 */
void
wen_project_edit_rows_async (WenProject          *self,
                             WenEditKind          kind,
                             const gint64        *row_ids,
                             gsize                n_row_ids,
                             const char          *value,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  WenEdit *edit;

  g_return_if_fail (WEN_IS_PROJECT (self));
  g_return_if_fail (row_ids != NULL || n_row_ids == 0);
  g_return_if_fail (kind == WEN_EDIT_LABEL_ROWS || kind == WEN_EDIT_DELETE_ROWS || kind == WEN_EDIT_RESTORE_ROWS
                    || (kind == WEN_EDIT_TEXT && value != NULL && n_row_ids == 1));

  edit = g_new0 (WenEdit, 1);
  edit->kind = kind;
  edit->row_ids = g_memdup2 (row_ids, n_row_ids * sizeof *row_ids);
  edit->n_row_ids = n_row_ids;
  edit->value = g_strdup (value);
  start_change (self, edit, NULL, callback, user_data);
}

/**
 * wen_project_edit_label_async:
 * @self: a project
 * @label: a label
 * @new_name: (nullable): another name; that of another label to merge both; `NULL` to
 *   take the label away from its rows
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Changes a label wherever it is, in a thread, as wen_project_edit_rows_async() does.
 */
void
wen_project_edit_label_async (WenProject          *self,
                              const char          *label,
                              const char          *new_name,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  WenEdit *edit;

  g_return_if_fail (WEN_IS_PROJECT (self));
  g_return_if_fail (label != NULL);

  edit = g_new0 (WenEdit, 1);
  edit->kind = new_name != NULL ? WEN_EDIT_RENAME_LABEL : WEN_EDIT_REMOVE_LABEL;
  edit->label = g_strdup (label);
  edit->value = g_strdup (new_name);
  start_change (self, edit, NULL, callback, user_data);
}

/**
 * wen_project_undo_async:
 * @self: a project
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes back the edit that [property@Project:undo-title] names, in a thread.
 */
void
wen_project_undo_async (WenProject          *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (WEN_IS_PROJECT (self));

  start_change (self, NULL, wen_project_edits_undo, callback, user_data);
}

/**
 * wen_project_redo_async:
 * @self: a project
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Does again what was taken back last, in a thread.
 */
void
wen_project_redo_async (WenProject          *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (WEN_IS_PROJECT (self));

  start_change (self, NULL, wen_project_edits_redo, callback, user_data);
}

/**
 * wen_project_empty_bin_async:
 * @self: a project
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Deletes the rows in the bin for ever, in a thread: their bytes are gone from the file,
 * and with them everything that could be undone.
 */
void
wen_project_empty_bin_async (WenProject          *self,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (WEN_IS_PROJECT (self));

  start_change (self, NULL, wen_project_edits_empty_bin, callback, user_data);
}

/**
 * wen_project_compact_async:
 * @self: a project
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes the file as small as what is in it, in a thread.
 */
void
wen_project_compact_async (WenProject          *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (WEN_IS_PROJECT (self));

  start_change (self, NULL, wen_project_edits_compact, callback, user_data);
}

/**
 * wen_project_edit_finish:
 * @self: a project
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends wen_project_edit_rows_async(), wen_project_edit_label_async(),
 * wen_project_undo_async(), wen_project_redo_async(), wen_project_empty_bin_async() and
 * wen_project_compact_async().
 *
 * Returns: whether it was done; `FALSE` with @error set, and nothing has changed
 */
gboolean
wen_project_edit_finish (WenProject   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * wen_project_get_undo_title:
 * @self: a project
 *
 * Gets what wen_project_undo_async() would take back.
 *
 * Returns: (transfer none) (nullable): a translated title, or `NULL`
 */
const char *
wen_project_get_undo_title (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->edit_state.undo_title;
}

/**
 * wen_project_get_redo_title:
 * @self: a project
 *
 * Gets what wen_project_redo_async() would do again.
 *
 * Returns: (transfer none) (nullable): a translated title, or `NULL`
 */
const char *
wen_project_get_redo_title (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->edit_state.redo_title;
}

/**
 * wen_project_get_n_rows_in_bin:
 * @self: a project
 *
 * Gets how many rows were deleted, and can be restored.
 *
 * Returns: how many
 */
guint64
wen_project_get_n_rows_in_bin (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), 0);

  return (guint64) self->edit_state.n_in_bin;
}
