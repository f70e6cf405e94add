/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search for good settings as an object: started, followed, stopped.
 *
 * DESIGN: what the search does stands in wen-search-run.c.  run_async() gives it a thread
 * of its own, which hands over copies of the trials that changed and the newest progress
 * (wen-background.c); of a trial that changed twice only the newest state arrives. */

#include "config.h"

#include "wen-search.h"

#include "wen-background-private.h"
#include "wen-search-run-private.h"

struct _WenSearch
{
  GObject               parent_instance;

  /* owned, not changed after the start */
  WenDataset           *dataset;
  WenRecipe            *base;
  WenSearchOptions     *options;
  GBytes               *checkpoint;     /* to go on from, or NULL */
  WenSearchJournalFunc  journal_func;
  gpointer              journal_data;
  GDestroyNotify        journal_destroy;

  gboolean              started;
  GCancellable         *interrupt;      /* any thread */
  gint                  stops;          /* atomic */

  /* shared (lock of `delivery`) */
  WenDelivery           delivery;
  GPtrArray            *changed;        /* of WenSearchTrial by number; NULL where nothing is new */
  WenSearchReport       latest;         /* without its trial */

  /* main thread */
  GPtrArray            *trials;         /* of WenSearchTrial by number */
  WenSearchReport       delivered;      /* without its trial */
};

enum
{
  SIGNAL_TRIAL_CHANGED,
  SIGNAL_PROGRESS,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_QUARK (wen-search-error-quark, wen_search_error)
G_DEFINE_FINAL_TYPE (WenSearch, wen_search, G_TYPE_OBJECT)

static void
clear_trial (gpointer trial)
{
  if (trial != NULL)
    wen_search_trial_free (trial);
}

/* Puts a trial into its place, in the stead of an older state of it.  Takes it. */
static void
set_trial (GPtrArray      *trials,
           WenSearchTrial *trial)
{
  if (trials->len < trial->number)
    g_ptr_array_set_size (trials, (int) trial->number);
  clear_trial (trials->pdata[trial->number - 1]);
  trials->pdata[trial->number - 1] = trial;
}

/* Main thread, or the thread of a search that was not started asynchronously. */
static void
deliver (gpointer owner)
{
  WenSearch *self = owner;
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  wen_delivery_take (&self->delivery);
  self->delivered = self->latest;
  changed = g_steal_pointer (&self->changed);
  self->changed = g_ptr_array_new_with_free_func (clear_trial);
  wen_delivery_unlock (&self->delivery);

  for (guint i = 0; i < changed->len; i++)
    if (changed->pdata[i] != NULL)
      {
        guint number = i + 1;

        set_trial (self->trials, g_steal_pointer (&changed->pdata[i]));
        g_array_append_val (numbers, number);
      }
  for (guint i = 0; i < numbers->len; i++)
    g_signal_emit (self, signals[SIGNAL_TRIAL_CHANGED], 0, g_array_index (numbers, guint, i));
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

/* Thread of the search. */
static void
take_report (const WenSearchReport *report,
             gpointer               user_data)
{
  WenSearch *self = user_data;

  wen_delivery_lock (&self->delivery);
  if (report->trial != NULL)
    set_trial (self->changed, wen_search_trial_copy (report->trial));
  self->latest = *report;
  self->latest.trial = NULL;
  wen_delivery_publish (&self->delivery, G_OBJECT (self));
}

/* Thread of the search. */
static void
keep_journal (GBytes   *checkpoint,
              gpointer  user_data)
{
  WenSearch *self = user_data;

  self->journal_func (checkpoint, self->journal_data);
}

static gboolean
run_job (WenSearch     *self,
         GCancellable  *cancellable,
         GError       **error)
{
  const WenSearchJob job = {
    .dataset = self->dataset,
    .base = self->base,
    .options = self->options,
    .cancellable = cancellable,
    .interrupt = self->interrupt,
    .stops = &self->stops,
    .checkpoint = self->checkpoint,
    .report_func = take_report,
    .journal_func = self->journal_func != NULL ? keep_journal : NULL,
    .user_data = self,
  };

  return wen_search_job_run (&job, error);
}

static void
wen_search_finalize (GObject *object)
{
  WenSearch *self = WEN_SEARCH (object);

  if (self->journal_destroy != NULL)
    self->journal_destroy (self->journal_data);
  g_clear_pointer (&self->checkpoint, g_bytes_unref);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->base, wen_recipe_free);
  g_clear_pointer (&self->options, wen_search_options_free);
  g_clear_object (&self->interrupt);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->trials, g_ptr_array_unref);
  wen_delivery_clear (&self->delivery);

  G_OBJECT_CLASS (wen_search_parent_class)->finalize (object);
}

static void
wen_search_class_init (WenSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_search_finalize;

  /**
   * WenSearch::trial-changed:
   * @self: a search
   * @number: which trial, from 1
   *
   * Says that wen_search_get_trial() has news of a trial, or a new one.  Comes in the main
   * context of wen_search_run_async().
   */
  signals[SIGNAL_TRIAL_CHANGED] = g_signal_new ("trial-changed", WEN_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                                NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  /**
   * WenSearch::progress:
   * @self: a search
   *
   * Says that wen_search_get_progress() has news.  Comes in the main context of
   * wen_search_run_async().
   */
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", WEN_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 0);
}

static void
wen_search_init (WenSearch *self)
{
  wen_delivery_init (&self->delivery, deliver);
  self->interrupt = g_cancellable_new ();
  self->changed = g_ptr_array_new_with_free_func (clear_trial);
  self->trials = g_ptr_array_new_with_free_func (clear_trial);
  self->latest.progress.fraction = self->delivered.progress.fraction = -1;
  self->latest.progress.remaining_us = self->delivered.progress.remaining_us = -1;
}

/**
 * wen_search_new:
 * @dataset: rows with their splits; must not change any more
 * @base: cleaning, tokens, split, seed, threads and weights of labels of every trial; copied
 * @options: how to search; copied
 *
 * Makes a search for the recipe that does best on rows that it did not learn from.
 *
 * The first trials are the presets.  Others get settings that are drawn by chance
 * (wen_search_list_dimensions()).  Each is measured with a ninth of the training rows
 * first, the better ones with a third, and the best of those with all; parts with less
 * than 300 rows are left out.  The measure is the validation split; where that has less
 * than 400 rows, training and validation rows are cut into five folds and each is
 * predicted by a classifier that learned without its fold.  The test split is never
 * touched: it says in the end what the best is worth, which the figures of the search
 * overstate a little, being the best of many.
 *
 * Sources: Jamieson & Talwalkar 2016; Li et al. 2018 (Hyperband); Bergstra & Bengio 2012.
 *
 * Returns: (transfer full): a search
 */
WenSearch *
wen_search_new (WenDataset             *dataset,
                const WenRecipe        *base,
                const WenSearchOptions *options)
{
  WenSearch *self;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (base != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (WEN_TYPE_SEARCH, NULL);
  self->dataset = g_object_ref (dataset);
  self->base = wen_recipe_copy (base);
  self->options = wen_search_options_copy (options);
  return self;
}

/**
 * wen_search_set_journal:
 * @self: a search that was not started yet
 * @journal_func: (scope notified) (closure user_data): called with each checkpoint, in the
 *   thread of the search, which waits for it
 * @user_data: what @journal_func gets
 * @destroy: (nullable): frees @user_data with the search
 *
 * Asks for checkpoints: after each measurement, everything that a later search needs to
 * go on.
 */
void
wen_search_set_journal (WenSearch            *self,
                        WenSearchJournalFunc  journal_func,
                        gpointer              user_data,
                        GDestroyNotify        destroy)
{
  g_return_if_fail (WEN_IS_SEARCH (self));
  g_return_if_fail (self->journal_func == NULL);
  g_return_if_fail (!self->started);

  self->journal_func = journal_func;
  self->journal_data = user_data;
  self->journal_destroy = destroy;
}

/**
 * wen_search_set_checkpoint:
 * @self: a search that was not started yet
 * @checkpoint: what a function of wen_search_set_journal() was given
 *
 * Lets the search go on where another one ended or was interrupted.
 *
 * Dataset, base recipe and options must be the same as that one's, but for the budget,
 * which may be another; time that was used before counts.  The trial that was running then
 * begins anew.  Where the number of trials is the budget, the result is the same as
 * without the interruption.  Where the checkpoint is damaged or of another search, running
 * sets `WEN_SEARCH_ERROR_CHECKPOINT`.
 */
void
wen_search_set_checkpoint (WenSearch *self,
                           GBytes    *checkpoint)
{
  g_return_if_fail (WEN_IS_SEARCH (self));
  g_return_if_fail (!self->started);
  g_return_if_fail (checkpoint != NULL);

  g_clear_pointer (&self->checkpoint, g_bytes_unref);
  self->checkpoint = g_bytes_ref (checkpoint);
}

/**
 * wen_search_run:
 * @self: a search
 * @cancellable: (nullable): drops the search
 * @error: return location for an error
 *
 * Searches in the calling thread.  Blocks.
 *
 * Sets an error of `WEN_SEARCH_ERROR`, `WEN_TRAINER_ERROR`, `WEN_RECIPE_ERROR` or
 * `WEN_CLEANER_ERROR`, or `G_IO_ERROR_CANCELLED`.  Trials that fail for themselves, by
 * diverging or by needing more memory than is free, only say so.
 *
 * Returns: whether there is a best trial
 */
gboolean
wen_search_run (WenSearch     *self,
                GCancellable  *cancellable,
                GError       **error)
{
  gboolean done;

  g_return_val_if_fail (WEN_IS_SEARCH (self), FALSE);
  g_return_val_if_fail (!self->started, FALSE);

  self->started = TRUE;
  done = run_job (self, cancellable, error);
  deliver (self);
  return done;
}

static gpointer
run_in_thread (gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (run_job (g_task_get_source_object (task), g_task_get_cancellable (task), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  return NULL;
}

/**
 * wen_search_run_async:
 * @self: a search
 * @cancellable: (nullable): drops the search
 * @callback: (scope async) (closure user_data): called at the end
 * @user_data: what @callback gets
 *
 * Searches in a thread of its own.
 *
 * Signals and the end come in the main context that is the thread's default now.
 */
void
wen_search_run_async (WenSearch           *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WEN_IS_SEARCH (self));
  g_return_if_fail (!self->started);

  self->started = TRUE;
  task = g_task_new (self, cancellable, callback, user_data);
  self->delivery.context = g_main_context_ref (g_task_get_context (task));
  wen_background_start ("wenlei-search", run_in_thread, g_steal_pointer (&task));
}

/**
 * wen_search_run_finish:
 * @self: a search
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends what wen_search_run_async() began.
 *
 * Returns: as wen_search_run()
 */
gboolean
wen_search_run_finish (WenSearch     *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  /* The end may overtake the last report. */
  deliver (self);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * wen_search_stop:
 * @self: a search
 *
 * Ends the search after the step of training that it is in, and keeps what was measured.
 * Any thread may call it.
 */
void
wen_search_stop (WenSearch *self)
{
  g_return_if_fail (WEN_IS_SEARCH (self));

  g_atomic_int_set (&self->stops, TRUE);
  g_cancellable_cancel (self->interrupt);
}

/**
 * wen_search_get_n_trials:
 * @self: a search
 *
 * Gets how many trials were delivered so far.  For the thread that started the search.
 *
 * Returns: how many were begun
 */
guint
wen_search_get_n_trials (WenSearch *self)
{
  g_return_val_if_fail (WEN_IS_SEARCH (self), 0);

  return self->trials->len;
}

/**
 * wen_search_get_trial:
 * @self: a search
 * @number: which, from 1 to wen_search_get_n_trials()
 *
 * Gets the newest state of a trial that was delivered.  For the thread that started the
 * search.
 *
 * Returns: (transfer none): the trial, valid until the next delivery
 */
const WenSearchTrial *
wen_search_get_trial (WenSearch *self,
                      guint      number)
{
  g_return_val_if_fail (WEN_IS_SEARCH (self), NULL);
  g_return_val_if_fail (number >= 1 && number <= self->trials->len, NULL);

  return g_ptr_array_index (self->trials, number - 1);
}

/**
 * wen_search_get_best:
 * @self: a search
 *
 * Gets the trial that does best so far: of those that were measured with most rows, the
 * one with the highest score.  For the thread that started the search.
 *
 * Returns: (transfer none) (nullable): the trial, valid until the next delivery, or `NULL`
 *   before the first figure
 */
const WenSearchTrial *
wen_search_get_best (WenSearch *self)
{
  guint best = 0;

  g_return_val_if_fail (WEN_IS_SEARCH (self), NULL);

  best = self->delivered.progress.best;
  /* At the beginning of a search that goes on, the best may come with the next delivery. */
  return best > 0 && best <= self->trials->len ? g_ptr_array_index (self->trials, best - 1) : NULL;
}

/**
 * wen_search_get_progress:
 * @self: a search
 * @progress: (out caller-allocates): the newest progress that was delivered
 *
 * Says how far the search is.  For the thread that started it.
 */
void
wen_search_get_progress (WenSearch         *self,
                         WenSearchProgress *progress)
{
  g_return_if_fail (WEN_IS_SEARCH (self));
  g_return_if_fail (progress != NULL);

  *progress = self->delivered.progress;
}

/**
 * wen_search_get_n_rungs:
 * @self: a search
 *
 * Gets how many times a trial that does well is measured, each time with more rows.  For
 * the thread that started the search.
 *
 * Returns: from 1 to 3; 0 before it is known
 */
guint
wen_search_get_n_rungs (WenSearch *self)
{
  g_return_val_if_fail (WEN_IS_SEARCH (self), 0);

  return self->delivered.n_rungs;
}

/**
 * wen_search_get_n_folds:
 * @self: a search
 *
 * Gets into how many folds the rows are cut to measure a trial.  For the thread that
 * started the search.
 *
 * Returns: how many; 0: trials are measured on the validation split
 */
guint
wen_search_get_n_folds (WenSearch *self)
{
  g_return_val_if_fail (WEN_IS_SEARCH (self), 0);

  return self->delivered.n_folds;
}
