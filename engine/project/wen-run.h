/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-evaluation.h"
#include "wen-trainer.h"

G_BEGIN_DECLS

/**
 * WenRunState:
 * @WEN_RUN_STATE_LOADING: rows are read from the project
 * @WEN_RUN_STATE_TRAINING: weights are fitted
 * @WEN_RUN_STATE_EVALUATING: measured on the test split, and stored
 * @WEN_RUN_STATE_COMPLETED: over, with a result; so are all that follow
 * @WEN_RUN_STATE_STOPPED: ended by the user, best weights kept and measured
 * @WEN_RUN_STATE_CANCELLED: dropped by the user
 * @WEN_RUN_STATE_FAILED: see wen_run_get_error_message()
 * @WEN_RUN_STATE_INTERRUPTED: the project was closed, or the program ended, before the run did; see
 *   wen_project_resume_run()
 *
 * Where a run is, in the order in which the states come.
 */
typedef enum
{
  WEN_RUN_STATE_LOADING,
  WEN_RUN_STATE_TRAINING,
  WEN_RUN_STATE_EVALUATING,
  WEN_RUN_STATE_COMPLETED,
  WEN_RUN_STATE_STOPPED,
  WEN_RUN_STATE_CANCELLED,
  WEN_RUN_STATE_FAILED,
  WEN_RUN_STATE_INTERRUPTED,
} WenRunState;

#define WEN_TYPE_RUN (wen_run_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenRun, wen_run, WEN, RUN, GObject)

WEN_API
gint64               wen_run_get_id            (WenRun              *self);
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
WEN_API
const WenTrainingSummary *wen_run_get_summary  (WenRun              *self);
WEN_API
WenEvaluation       *wen_run_get_evaluation    (WenRun              *self);
WEN_API
const char          *wen_run_get_error_message (WenRun              *self);
WEN_API
void                 wen_run_pause             (WenRun              *self);
WEN_API
void                 wen_run_resume            (WenRun              *self);
WEN_API
gboolean             wen_run_is_paused         (WenRun              *self);
WEN_API
void                 wen_run_stop              (WenRun              *self);
WEN_API
void                 wen_run_cancel            (WenRun              *self);

G_END_DECLS
