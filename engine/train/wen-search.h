/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-search-space.h"
#include "wen-trainer.h"

G_BEGIN_DECLS

#define WEN_SEARCH_ERROR (wen_search_error_quark ())
WEN_API
GQuark wen_search_error_quark (void);

/**
 * WenSearchError:
 * @WEN_SEARCH_ERROR_BUDGET: the budget is too small for one trial
 * @WEN_SEARCH_ERROR_NO_TRAINING_ROWS: a label has validation rows, and no training rows
 * @WEN_SEARCH_ERROR_UNKNOWN_LABEL: the goal names a label that the rows do not have
 * @WEN_SEARCH_ERROR_UNKNOWN_FAMILY: there is no such family to search
 * @WEN_SEARCH_ERROR_TOO_FEW_ROWS: there are too few rows to tell good settings from bad ones
 * @WEN_SEARCH_ERROR_CHECKPOINT: the checkpoint to go on from is damaged, or of another search
 * @WEN_SEARCH_ERROR_NO_RESULT: not one trial came to a figure; the message says why the last did not
 */
typedef enum
{
  WEN_SEARCH_ERROR_BUDGET,
  WEN_SEARCH_ERROR_NO_TRAINING_ROWS,
  WEN_SEARCH_ERROR_UNKNOWN_LABEL,
  WEN_SEARCH_ERROR_UNKNOWN_FAMILY,
  WEN_SEARCH_ERROR_TOO_FEW_ROWS,
  WEN_SEARCH_ERROR_CHECKPOINT,
  WEN_SEARCH_ERROR_NO_RESULT,
} WenSearchError;

/**
 * WenSearchGoal:
 * @WEN_SEARCH_GOAL_ACCURACY: share of rows that are right
 * @WEN_SEARCH_GOAL_MACRO_F1: mean F1 of all labels
 * @WEN_SEARCH_GOAL_LABEL_F1: F1 of one label
 *
 * What a search makes as large as it can.
 */
typedef enum
{
  WEN_SEARCH_GOAL_ACCURACY,
  WEN_SEARCH_GOAL_MACRO_F1,
  WEN_SEARCH_GOAL_LABEL_F1,
} WenSearchGoal;

#define WEN_TYPE_SEARCH_OPTIONS (wen_search_options_get_type ())

typedef struct _WenSearchOptions WenSearchOptions;

/**
 * WenSearchOptions:
 * @goal: what is to be large
 * @label: (nullable): of %WEN_SEARCH_GOAL_LABEL_F1
 * @budget_seconds: how long to search; 0: no limit
 * @n_trials: how many settings to try; 0: no limit
 * @largest: most parameters that a model may have, of four bytes each; 0: no limit
 * @families: (array zero-terminated=1) (nullable): which to search; `NULL` or none: all of wen_search_list_families()
 * @seed: where chance begins
 *
 * How to search.  With neither @budget_seconds nor @n_trials it goes on until it is stopped.
 */
struct _WenSearchOptions
{
  WenSearchGoal   goal;
  char           *label;
  guint           budget_seconds;
  guint           n_trials;
  guint64         largest;
  char          **families;
  guint64         seed;
};

WEN_API
GType             wen_search_options_get_type (void) G_GNUC_CONST;
WEN_API
WenSearchOptions *wen_search_options_new      (void);
WEN_API
WenSearchOptions *wen_search_options_copy     (const WenSearchOptions *self);
WEN_API
void              wen_search_options_free     (WenSearchOptions       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenSearchOptions, wen_search_options_free)

/**
 * WenSearchState:
 * @WEN_SEARCH_STATE_WAITING: measured with some of the rows; may go on with more
 * @WEN_SEARCH_STATE_RUNNING: trains now
 * @WEN_SEARCH_STATE_FINISHED: measured with all rows
 * @WEN_SEARCH_STATE_DROPPED: measured with some of the rows, and others were better
 * @WEN_SEARCH_STATE_SKIPPED: not trained: too large for the memory or for the options
 * @WEN_SEARCH_STATE_FAILED: training failed, or was cut off by the end of the search
 *
 * How a trial stands.
 */
typedef enum
{
  WEN_SEARCH_STATE_WAITING,
  WEN_SEARCH_STATE_RUNNING,
  WEN_SEARCH_STATE_FINISHED,
  WEN_SEARCH_STATE_DROPPED,
  WEN_SEARCH_STATE_SKIPPED,
  WEN_SEARCH_STATE_FAILED,
} WenSearchState;

#define WEN_TYPE_SEARCH_TRIAL (wen_search_trial_get_type ())

typedef struct _WenSearchTrial WenSearchTrial;

/**
 * WenSearchTrial:
 * @number: from 1, in the order in which they began
 * @recipe: its settings; its preset is the one that they were drawn around
 * @is_preset: whether the settings are the preset's own
 * @state: how it stands
 * @message: (nullable): why it was skipped or failed: a translated sentence
 * @rung: of the last measurement, from 1; 0 before the first
 * @n_rows: training rows of the last measurement
 * @score: what the goal asks for, from 0 to 1; NaN before the first measurement, as the next two
 * @accuracy: share of the measured rows that were right
 * @macro_f1: mean F1 of all labels
 * @seconds: of all measurements
 * @n_parameters: of the last measurement; 0 before it
 *
 * One set of settings, and what is known of it.
 */
struct _WenSearchTrial
{
  guint           number;
  WenRecipe      *recipe;
  gboolean        is_preset;
  WenSearchState  state;
  char           *message;
  guint           rung;
  guint64         n_rows;
  double          score;
  double          accuracy;
  double          macro_f1;
  double          seconds;
  guint64         n_parameters;
};

WEN_API
GType           wen_search_trial_get_type (void) G_GNUC_CONST;
WEN_API
WenSearchTrial *wen_search_trial_copy     (const WenSearchTrial *self);
WEN_API
void            wen_search_trial_free     (WenSearchTrial       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenSearchTrial, wen_search_trial_free)

typedef struct _WenSearchProgress WenSearchProgress;

/**
 * WenSearchProgress:
 * @n_trials: trials that were begun
 * @running: number of the trial that trains now; 0: none
 * @best: number of the best trial so far; 0: none yet
 * @trial_fraction: how far the running one is, from 0 to 1
 * @fraction: how far the search is, from 0 to 1; -1 without a budget
 * @elapsed_us: with the time before it was interrupted, where it goes on
 * @remaining_us: of the budget of time; -1 without one
 *
 * The newest state of a search.
 */
struct _WenSearchProgress
{
  guint  n_trials;
  guint  running;
  guint  best;
  double trial_fraction;
  double fraction;
  gint64 elapsed_us;
  gint64 remaining_us;
};

/* Called in the thread of the search; must return soon. */
typedef void (*WenSearchJournalFunc) (GBytes   *checkpoint,
                                      gpointer  user_data);

#define WEN_TYPE_SEARCH (wen_search_get_type ())

/* Looks for the settings that do best on given rows.
 *
 * Signals, in the main context that was thread-default when run_async() was called (with plain run(): in the calling thread, at its end):
 *   "trial-changed" (guint number)   read wen_search_get_trial(); newest wins, once a trial at each delivery
 *   "progress" ()                    newest wins: read wen_search_get_progress()
 */
WEN_API
G_DECLARE_FINAL_TYPE (WenSearch, wen_search, WEN, SEARCH, GObject)

/* Dataset must be split already, and must not change any more.  Recipe: cleaning, tokens, split, seed and threads of every trial. */
WEN_API
WenSearch            *wen_search_new            (WenDataset              *dataset,
                                                 const WenRecipe         *base,
                                                 const WenSearchOptions  *options);
/* Before the run; may be called once. */
WEN_API
void                  wen_search_set_journal    (WenSearch               *self,
                                                 WenSearchJournalFunc     journal_func,
                                                 gpointer                 user_data,
                                                 GDestroyNotify           destroy);
WEN_API
void                  wen_search_set_checkpoint (WenSearch               *self,
                                                 GBytes                  *checkpoint);
/* In the calling thread. */
WEN_API
gboolean              wen_search_run            (WenSearch               *self,
                                                 GCancellable            *cancellable,
                                                 GError                 **error);
/* In a thread of its own. */
WEN_API
void                  wen_search_run_async      (WenSearch               *self,
                                                 GCancellable            *cancellable,
                                                 GAsyncReadyCallback      callback,
                                                 gpointer                 user_data);
WEN_API
gboolean              wen_search_run_finish     (WenSearch               *self,
                                                 GAsyncResult            *result,
                                                 GError                 **error);
/* Any thread: ends the search at once and keeps what was measured. */
WEN_API
void                  wen_search_stop           (WenSearch               *self);
/* What was delivered so far; valid until the next delivery.  Main thread. */
WEN_API
guint                 wen_search_get_n_trials   (WenSearch               *self);
WEN_API
const WenSearchTrial *wen_search_get_trial      (WenSearch               *self,
                                                 guint                    number);
WEN_API
const WenSearchTrial *wen_search_get_best       (WenSearch               *self);
WEN_API
void                  wen_search_get_progress   (WenSearch               *self,
                                                 WenSearchProgress       *progress);
WEN_API
guint                 wen_search_get_n_rungs    (WenSearch               *self);
WEN_API
guint                 wen_search_get_n_folds    (WenSearch               *self);

G_END_DECLS
