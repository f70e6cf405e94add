/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search, from rows to a list of trials.
 *
 * DESIGN: plain sequential code, in whatever thread calls it.  What comes next says
 * wen-search-halving.c, from the trials so far; here it is trained, measured and written
 * down.  Each trial is a run like any other, on rows that WenHoldout takes from the
 * training and the validation split; those of the test split are never touched.
 *
 * Stop, cancel and the end of the budget all cancel the training that is on; which of
 * them it was is looked at afterwards. */

#include "config.h"

#include "wen-search-run-private.h"

#include <math.h>
#include <string.h>

#include "wen-i18n-private.h"
#include "wen-search-journal-private.h"
#include "wen-search-setup-private.h"
#include "wen-search-space-private.h"
#include "wen-tally-private.h"

/* Times that settings are drawn again because they were tried already. */
#define MOST_DRAWS 20
/* Trials without a figure after which there is no hope. */
#define MOST_FAILURES 50
/* When a trial has gone on for so long and so far, it can be told how long it will take. */
#define LEAST_PROJECTED_US G_USEC_PER_SEC
#define LEAST_PROJECTED_FRACTION 0.1
/* It may stop early; beyond so many times the rest of the budget it is given up. */
#define TOLERATED_EXCESS 1.5

typedef struct
{
  const WenSearchJob *job;                /* borrowed */
  WenSearchSetup      setup;
  guint              *predicted;
  GPtrArray          *records;            /* of WenSearchRecord */
  GString            *journal;
  WenSearchRecord    *running;            /* borrowed */
  GCancellable       *trial_cancellable;  /* of the running one */
  gint64              trial_start_us;
  double              projected_seconds;  /* of the running one, which was given up for that; else 0 */
  gint64              start_us;           /* when it would have begun, had it never been interrupted */
  char               *last_message;       /* of the last trial that failed */
} Search;

static void
search_clear (Search *self)
{
  wen_search_setup_clear (&self->setup);
  g_clear_pointer (&self->predicted, g_free);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  if (self->journal != NULL)
    g_string_free (self->journal, TRUE);
  g_clear_object (&self->trial_cancellable);
  g_clear_pointer (&self->last_message, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

static gint64
get_elapsed_us (Search *self)
{
  return g_get_monotonic_time () - self->start_us;
}

/* Of the budget; -1 without one. */
static gint64
get_remaining_us (Search *self)
{
  guint budget_seconds = self->job->options->budget_seconds;

  if (budget_seconds == 0)
    return -1;
  return MAX (0, budget_seconds * G_USEC_PER_SEC - get_elapsed_us (self));
}

static double
get_fraction (Search *self,
              double  trial_fraction)
{
  const WenSearchOptions *options = self->job->options;
  double fraction = -1;

  if (options->n_trials > 0 && self->records->len > 0)
    fraction = MIN (1, (self->records->len - (self->running != NULL) + trial_fraction) / options->n_trials);
  if (options->budget_seconds > 0)
    fraction = MAX (fraction, MIN (1, (double) get_elapsed_us (self) / 1e6 / options->budget_seconds));
  return fraction;
}

static void
report (Search                *self,
        const WenSearchTrial  *trial,
        double                 trial_fraction)
{
  const WenSearchRecord *best = wen_search_halving_find_best (self->records);

  self->job->report_func (&(WenSearchReport) {
                            .trial = trial,
                            .progress = {
                              .n_trials = self->records->len,
                              .running = self->running != NULL ? self->running->trial->number : 0,
                              .best = best != NULL ? best->trial->number : 0,
                              .trial_fraction = trial_fraction,
                              .fraction = get_fraction (self, trial_fraction),
                              .elapsed_us = get_elapsed_us (self),
                              .remaining_us = get_remaining_us (self),
                            },
                            .n_rungs = self->setup.plan.n_rungs,
                            .n_folds = self->setup.holdout->n_folds,
                          },
                          self->job->user_data);
}

/* Gives up a trial that would go on long after the end of the budget. */
static void
project_end (Search *self,
             double  fraction)
{
  gint64 remaining_us = get_remaining_us (self);
  gint64 trial_us = g_get_monotonic_time () - self->trial_start_us;
  double rest_us;

  if (remaining_us == 0)
    g_cancellable_cancel (self->trial_cancellable);
  if (remaining_us <= 0 || trial_us < LEAST_PROJECTED_US || fraction < LEAST_PROJECTED_FRACTION)
    return;
  rest_us = (double) trial_us * (1 - fraction) / fraction;
  if (rest_us > TOLERATED_EXCESS * (double) remaining_us)
    {
      self->projected_seconds = ((double) trial_us + rest_us) / 1e6;
      g_cancellable_cancel (self->trial_cancellable);
    }
}

/* WenProgressFunc: in the middle of a trial. */
static void
follow_trial (double   fraction,
              gpointer user_data)
{
  Search *self = user_data;

  project_end (self, fraction);
  report (self, NULL, fraction);
}

/* Waiting and dropped trials may change places with every figure. */
static void
update_states (Search *self)
{
  for (guint i = 0; i < self->records->len; i++)
    {
      WenSearchRecord *record = g_ptr_array_index (self->records, i);
      WenSearchState state = record->trial->state;

      if (state != WEN_SEARCH_STATE_WAITING && state != WEN_SEARCH_STATE_DROPPED)
        continue;
      record->trial->state = wen_search_halving_goes_on (&self->setup.plan, self->records, record)
                               ? WEN_SEARCH_STATE_WAITING
                               : WEN_SEARCH_STATE_DROPPED;
      if (record->trial->state != state)
        report (self, record->trial, 0);
    }
}

/* All that is checked and laid out before the first trial. */
static gboolean
prepare (Search  *self,
         GError **error)
{
  const WenSearchJob *job = self->job;
  g_autofree char *header = NULL;
  gint64 elapsed_us = 0;

  if (!wen_search_setup_init (&self->setup, job->dataset, job->base, job->options, job->interrupt, error))
    return FALSE;
  self->predicted = g_new (guint, wen_dataset_get_n_rows (self->setup.holdout->pool));

  header = wen_search_journal_make_header (self->setup.holdout->pool, job->base, job->options,
                                           self->setup.plan.families);
  if (job->checkpoint != NULL)
    {
      self->records = wen_search_journal_read (job->checkpoint, header, self->setup.plan.n_rungs, &elapsed_us, error);
      if (self->records == NULL)
        return FALSE;
      self->journal = g_string_new_len (g_bytes_get_data (job->checkpoint, NULL),
                                        (gssize) g_bytes_get_size (job->checkpoint));
    }
  else
    {
      self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_search_record_free);
      self->journal = g_string_new (header);
    }
  self->start_us = g_get_monotonic_time () - elapsed_us;
  return TRUE;
}

static gboolean
was_drawn (Search          *self,
           const WenRecipe *recipe)
{
  for (guint i = 0; i < self->records->len; i++)
    if (wen_recipe_equal (((WenSearchRecord *) g_ptr_array_index (self->records, i))->trial->recipe, recipe))
      return TRUE;
  return FALSE;
}

static WenSearchRecord *
begin_trial (Search              *self,
             const WenSearchStep *step)
{
  const WenRecipe *base = self->job->base;
  guint number = self->records->len + 1;
  WenRecipe *recipe;
  WenSearchRecord *record;

  if (step->preset != NULL)
    {
      recipe = wen_search_space_new_preset (step->preset, base);
    }
  else
    {
      recipe = wen_search_space_draw (step->family, base, self->setup.plan.seed, number, 0);
      for (guint attempt = 1; attempt < MOST_DRAWS && was_drawn (self, recipe); attempt++)
        {
          wen_recipe_free (recipe);
          recipe = wen_search_space_draw (step->family, base, self->setup.plan.seed, number, attempt);
        }
    }
  record = wen_search_record_new (recipe, number, step->preset != NULL);
  g_ptr_array_add (self->records, record);
  return record;
}

/* The figures of what was predicted. */
static void
tally_predicted (Search               *self,
                 WenSearchMeasurement *measurement)
{
  WenDataset *pool = self->setup.holdout->pool;
  g_auto (WenTally) tally = { 0 };

  wen_tally_init (&tally, wen_dataset_get_n_labels (pool));
  for (gsize row = 0; row < wen_dataset_get_n_rows (pool); row++)
    if (self->predicted[row] != WEN_NO_LABEL)
      wen_tally_add (&tally, wen_dataset_get_label (pool, row), self->predicted[row], 1);
  measurement->accuracy = wen_tally_get_accuracy (&tally);
  measurement->macro_f1 = wen_tally_get_macro_f1 (&tally);
  switch (self->job->options->goal)
    {
    case WEN_SEARCH_GOAL_MACRO_F1:
      measurement->score = measurement->macro_f1;
      break;
    case WEN_SEARCH_GOAL_LABEL_F1:
      measurement->score = wen_tally_get_f1 (&tally, self->setup.goal_label);
      break;
    case WEN_SEARCH_GOAL_ACCURACY:
    default:
      measurement->score = measurement->accuracy;
      break;
    }
}

/* Trains and measures with the rows of the next rung. */
static gboolean
measure (Search                *self,
         WenSearchRecord       *record,
         WenSearchMeasurement  *measurement,
         GError               **error)
{
  guint rung = record->trial->rung + 1;
  guint n_parts = self->setup.n_rung_parts[rung - 1];
  gint64 begin_us = g_get_monotonic_time ();
  WenHoldoutSummary summary;
  const WenHoldoutRun run = {
    .recipe = record->trial->recipe,
    .parts = n_parts < WEN_SEARCH_N_PARTS ? self->setup.parts : NULL,
    .n_parts = n_parts,
    .largest = self->job->options->largest,
    .progress = follow_trial,
    .user_data = self,
    .cancellable = self->trial_cancellable,
  };

  if (!wen_holdout_measure (self->setup.holdout, &run, self->predicted, &summary, error))
    return FALSE;
  *measurement = (WenSearchMeasurement) {
    .rung = rung,
    .n_rows = summary.n_rows,
    .n_parameters = summary.n_parameters,
    .seconds = (double) (g_get_monotonic_time () - begin_us) / 1e6,
  };
  tally_predicted (self, measurement);
  return TRUE;
}

static void
write_journal (Search *self)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->job->journal_func == NULL)
    return;
  bytes = g_bytes_new (self->journal->str, self->journal->len);
  self->job->journal_func (bytes, self->job->user_data);
}

static void
interrupt_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

/* As measure(), with a cancellable of its own, which the interrupt of the search cancels. */
static gboolean
measure_interruptibly (Search                *self,
                       WenSearchRecord       *record,
                       WenSearchMeasurement  *measurement,
                       GError               **error)
{
  gulong handler;
  gboolean measured;

  g_clear_object (&self->trial_cancellable);
  self->trial_cancellable = g_cancellable_new ();
  self->trial_start_us = g_get_monotonic_time ();
  self->projected_seconds = 0;
  handler = g_cancellable_connect (self->job->interrupt, G_CALLBACK (interrupt_cb), self->trial_cancellable, NULL);
  measured = measure (self, record, measurement, error);
  g_cancellable_disconnect (self->job->interrupt, handler);
  return measured;
}

/* What failed, but only for the settings of this trial: later ones may do. */
static void
note_failure (Search          *self,
              WenSearchRecord *record,
              WenSearchState   state,
              const char      *message)
{
  wen_search_record_failed (record, state, message);
  wen_search_journal_add_failed (self->journal, record, get_elapsed_us (self));
  write_journal (self);
}

/* A trial that was not measured.  FALSE where the search cannot go on. */
static gboolean
take_failure (Search          *self,
              WenSearchRecord *record,
              const GError    *error)
{
  gboolean is_too_large = g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE);

  if (is_too_large || g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED))
    {
      note_failure (self, record, is_too_large ? WEN_SEARCH_STATE_SKIPPED : WEN_SEARCH_STATE_FAILED, error->message);
      g_free (self->last_message);
      self->last_message = g_strdup (error->message);
      return TRUE;
    }
  if (self->projected_seconds > 0 && !g_cancellable_is_cancelled (self->job->interrupt))
    {
      g_autofree char *message = g_strdup_printf (_ ("It would have taken about %.0f s, longer than the budget."),
                                                  self->projected_seconds);

      record->seconds[record->trial->rung] = self->projected_seconds;
      note_failure (self, record, WEN_SEARCH_STATE_SKIPPED, message);
      return TRUE;
    }
  if (record->trial->rung > 0)
    record->trial->state = WEN_SEARCH_STATE_DROPPED;
  else
    wen_search_record_failed (record, WEN_SEARCH_STATE_FAILED, _ ("The search ended before it was measured."));
  return FALSE;
}

/* One trial on its next rung.  FALSE with error set where the search cannot go on. */
static gboolean
run_trial (Search           *self,
           WenSearchRecord  *record,
           GError          **error)
{
  WenSearchMeasurement measurement;
  g_autoptr (GError) trial_error = NULL;
  gboolean goes_on = TRUE;

  self->running = record;
  record->trial->state = WEN_SEARCH_STATE_RUNNING;
  report (self, record->trial, 0);
  if (measure_interruptibly (self, record, &measurement, &trial_error))
    {
      wen_search_record_measured (record, &measurement, self->setup.plan.n_rungs);
      wen_search_journal_add_measured (self->journal, record, &measurement, get_elapsed_us (self));
      write_journal (self);
    }
  else
    {
      goes_on = take_failure (self, record, trial_error);
      record->trial->seconds += (double) (g_get_monotonic_time () - self->trial_start_us) / 1e6;
    }
  self->running = NULL;
  report (self, record->trial, 0);
  update_states (self);
  if (!goes_on)
    g_propagate_error (error, g_steal_pointer (&trial_error));
  return goes_on;
}

/* All trials.  FALSE with error set, G_IO_ERROR_CANCELLED where it was interrupted. */
static gboolean
run_trials (Search  *self,
            GError **error)
{
  for (;;)
    {
      gint64 remaining_us = get_remaining_us (self);
      WenSearchStep step;

      if (g_cancellable_set_error_if_cancelled (self->job->interrupt, error))
        return FALSE;
      if (remaining_us == 0 || (self->records->len >= MOST_FAILURES && wen_search_halving_find_best (self->records) == NULL))
        return TRUE;
      step = wen_search_halving_next (&self->setup.plan, self->records,
                                      remaining_us < 0 ? INFINITY : (double) remaining_us / 1e6);
      if (step.record == NULL && step.preset == NULL && step.family == NULL)
        return TRUE;
      if (!run_trial (self, step.record != NULL ? step.record : begin_trial (self, &step), error))
        return FALSE;
    }
}

/* What waits at the end does not go on. */
static void
drop_waiting (Search *self)
{
  for (guint i = 0; i < self->records->len; i++)
    {
      WenSearchTrial *trial = ((WenSearchRecord *) g_ptr_array_index (self->records, i))->trial;

      if (trial->state == WEN_SEARCH_STATE_WAITING)
        {
          trial->state = WEN_SEARCH_STATE_DROPPED;
          report (self, trial, 0);
        }
    }
}

/* Why there is no best trial. */
static void
set_no_result (Search  *self,
               GError **error)
{
  if (g_atomic_int_get (self->job->stops))
    g_set_error_literal (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_NO_RESULT,
                         _ ("The search was stopped before its first trial was measured."));
  else if (self->last_message == NULL)
    g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_BUDGET,
                 _ ("The budget of %u s is too small for one trial: give more time, or search quicker families."),
                 self->job->options->budget_seconds);
  else
    g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_NO_RESULT,
                 _ ("No trial came to a figure. The last one: %s"), self->last_message);
}

static gboolean
run (Search  *self,
     GError **error)
{
  g_autoptr (GError) run_error = NULL;

  if (prepare (self, &run_error))
    {
      for (guint i = 0; i < self->records->len; i++)
        report (self, ((WenSearchRecord *) g_ptr_array_index (self->records, i))->trial, 0);
      update_states (self);
      if (!run_trials (self, &run_error) && g_error_matches (run_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_clear_error (&run_error);
      drop_waiting (self);
    }
  if (g_cancellable_set_error_if_cancelled (self->job->cancellable, error))
    return FALSE;
  if (run_error != NULL && !g_error_matches (run_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&run_error));
      return FALSE;
    }
  if (self->records != NULL && wen_search_halving_find_best (self->records) != NULL)
    return TRUE;
  set_no_result (self, error);
  return FALSE;
}

/* Runs in the calling thread until the end. */
gboolean
wen_search_job_run (const WenSearchJob  *self,
                    GError             **error)
{
  g_auto (Search) search = { .job = self, .start_us = g_get_monotonic_time () };
  gulong handler = 0;
  gboolean done;

  if (self->cancellable != NULL)
    handler = g_cancellable_connect (self->cancellable, G_CALLBACK (interrupt_cb), self->interrupt, NULL);
  done = run (&search, error);
  g_cancellable_disconnect (self->cancellable, handler);
  return done;
}
