/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-evaluation.h"
#include "wen-trainer.h"

G_BEGIN_DECLS

/* States of a run, in the order in which they come. */
typedef enum
{
  WEN_RUN_STATE_LOADING,      /* reading rows from the project */
  WEN_RUN_STATE_TRAINING,
  WEN_RUN_STATE_EVALUATING,
  WEN_RUN_STATE_COMPLETED,    /* from here on it is over */
  WEN_RUN_STATE_STOPPED,      /* by the user, best weights kept; evaluated too */
  WEN_RUN_STATE_CANCELLED,
  WEN_RUN_STATE_FAILED,
  WEN_RUN_STATE_INTERRUPTED,  /* found unfinished when the project was opened */
} WenRunState;

#define WEN_TYPE_RUN (wen_run_get_type ())

/* One training run of a project: live while it trains, and read back from the file later.  Main thread.
 *
 * Properties: "state" (int, WenRunState), "evaluation" (WenEvaluation of the test split, NULL before), "error-message" (translated, or NULL)
 * Signals: "progress" (), "curve-changed" () */
WEN_API
G_DECLARE_FINAL_TYPE (WenRun, wen_run, WEN, RUN, GObject)

WEN_API
WenRunState          wen_run_get_state         (WenRun              *self);
WEN_API
gboolean             wen_run_is_over           (WenRun              *self);
WEN_API
const WenRecipe     *wen_run_get_recipe        (WenRun              *self);
WEN_API
GDateTime           *wen_run_get_started       (WenRun              *self);
WEN_API
void                 wen_run_get_progress      (WenRun              *self,
                                                WenTrainingProgress *progress);
WEN_API
const WenCurvePoint *wen_run_get_curve         (WenRun              *self,
                                                gsize               *n_points);
/* After the end: NULL when cancelled or failed. */
WEN_API
const WenTrainingSummary *wen_run_get_summary  (WenRun              *self);
WEN_API
WenEvaluation       *wen_run_get_evaluation    (WenRun              *self);
WEN_API
const char          *wen_run_get_error_message (WenRun              *self);
WEN_API
void                 wen_run_stop              (WenRun              *self);
WEN_API
void                 wen_run_cancel            (WenRun              *self);

G_END_DECLS
