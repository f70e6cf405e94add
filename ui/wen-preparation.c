/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tries a recipe's cleaning and tokens on the rows, in threads, for the Prepare page.
 *
 * The rows are an immutable dataset and the recipe is a copy, so a page cancels the old
 * job and starts a new one whenever the recipe changes. */

#include "config.h"

#include "wen-preparation.h"

typedef struct
{
  WenDataset       *dataset;
  WenRecipe        *recipe;         /* NULL: only cleaning is tried */
  char            **entries;
  gboolean         *is_on;
  gsize             maximum_rows;
  WenProgressRelay *relay;          /* may be NULL */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->dataset);
  g_clear_pointer (&request->recipe, wen_recipe_free);
  g_strfreev (request->entries);
  g_free (request->is_on);
  g_clear_object (&request->relay);
  g_free (request);
}

static void
clean_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Request *request = task_data;
  g_autoptr(GError) error = NULL;
  WenCleaningReport *report;

  report = wen_cleaning_report_new (request->dataset, (const char * const *) request->entries, request->is_on,
                                    request->maximum_rows, 0, request->relay ? wen_progress_relay_report : NULL,
                                    request->relay, cancellable, &error);
  if (report)
    g_task_return_pointer (task, report, (GDestroyNotify) wen_cleaning_report_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * wen_preparation_clean_async:
 * @dataset: rows that no longer change
 * @entries: (array zero-terminated=1): the steps, in their order
 * @is_on: (array): for each of them, whether it takes part
 * @maximum_rows: how many rows to look at, or 0 for all
 * @relay: (nullable): where to report progress
 * @cancellable: (nullable): to stop it
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Finds out what each cleaning step does to the rows.
 */
void
wen_preparation_clean_async (WenDataset          *dataset,
                             const char * const  *entries,
                             const gboolean      *is_on,
                             gsize                maximum_rows,
                             WenProgressRelay    *relay,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->dataset = g_object_ref (dataset);
  request->entries = g_strdupv ((char **) entries);
  request->is_on = g_memdup2 (is_on, MAX (1, g_strv_length (request->entries)) * sizeof *is_on);
  request->maximum_rows = maximum_rows;
  request->relay = relay ? g_object_ref (relay) : NULL;
  g_task_set_name (task, "try cleaning");
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, clean_in_thread);
}

WenCleaningReport *
wen_preparation_clean_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
cut_in_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Request *request = task_data;
  g_autoptr(GError) error = NULL;
  WenTokenReport *report;

  report = wen_token_report_new (request->dataset, request->recipe, request->maximum_rows,
                                 request->relay ? wen_progress_relay_report : NULL, request->relay, cancellable,
                                 &error);
  if (report)
    g_task_return_pointer (task, report, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * wen_preparation_cut_async:
 * @dataset: rows that no longer change
 * @recipe: how to clean and cut them; copied
 * @maximum_rows: how many rows to look at, or 0 for all
 * @relay: (nullable): where to report progress
 * @cancellable: (nullable): to stop it
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Prepares the rows as training would, and counts.
 */
void
wen_preparation_cut_async (WenDataset          *dataset,
                           const WenRecipe     *recipe,
                           gsize                maximum_rows,
                           WenProgressRelay    *relay,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->dataset = g_object_ref (dataset);
  request->recipe = wen_recipe_copy (recipe);
  request->maximum_rows = maximum_rows;
  request->relay = relay ? g_object_ref (relay) : NULL;
  g_task_set_name (task, "count tokens");
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, cut_in_thread);
}

WenTokenReport *
wen_preparation_cut_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
