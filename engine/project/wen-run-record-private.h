/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs in the project file: written while they train, and read back. */

#pragma once

#include "wen-run.h"
#include "wen-store-private.h"

/* Writes the curve of a run as it grows.  One thread at a time. */
typedef struct _WenCurveWriter WenCurveWriter;

WenCurveWriter *wen_curve_writer_new           (const char               *path,
                                                gint64                    run_id);
void            wen_curve_writer_free          (WenCurveWriter           *self);
void            wen_curve_writer_add           (WenCurveWriter           *self,
                                                const WenCurvePoint      *point);
/* Writes what is waiting if it has waited long enough. */
void            wen_curve_writer_tick          (WenCurveWriter           *self);
/* From any thread: nothing is written any more; the file is no longer ours. */
void            wen_curve_writer_abandon       (WenCurveWriter           *self);
/* Everything that is not in the file yet, into a store whose transaction is on. */
gboolean        wen_curve_writer_flush         (WenCurveWriter           *self,
                                                WenStore                 *store,
                                                GError                  **error);

/* How a run ended, for the file.  Fields may be NULL. */
typedef struct
{
  WenRunState               state;
  const char               *error_message;
  const WenTrainingSummary *summary;
  WenEvaluation            *evaluation;
  GHashTable               *files;        /* of the classifier: name to GBytes */
} WenRunOutcome;

gboolean        wen_run_record_begin           (WenStore                 *store,
                                                const WenRecipe          *recipe,
                                                gint64                    started_us,
                                                gint64                   *run_id,
                                                GError                  **error);
/* One transaction: the rest of the curve, the outcome, and the end of the run. */
gboolean        wen_run_record_finish          (WenStore                 *store,
                                                gint64                    run_id,
                                                WenCurveWriter           *writer,
                                                const WenRunOutcome      *outcome,
                                                GError                  **error);
gboolean        wen_run_record_set_state       (WenStore                 *store,
                                                gint64                    run_id,
                                                WenRunState               state,
                                                GError                  **error);
/* Runs that nobody is working on any more. */
gboolean        wen_run_record_mark_interrupted (WenStore                *store,
                                                GError                  **error);
/* A run without its evaluation, which may be long; 0 is the newest.  NULL without error where there is none. */
WenRun         *wen_run_record_read            (WenStore                 *store,
                                                gint64                    run_id,
                                                GError                  **error);
/* NULL without error where the run has none. */
WenEvaluation  *wen_run_record_read_evaluation (WenStore                 *store,
                                                gint64                    run_id,
                                                GError                  **error);
/* Of that run or, where it has none, of the newest one that has; NULL without error where none has. */
WenClassifier  *wen_run_record_read_classifier (WenStore                 *store,
                                                gint64                    run_id,
                                                GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCurveWriter, wen_curve_writer_free)
