/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-run.h"

/* A run that is over, read back from the file.  Takes all but the recipe, which it copies. */
WenRun        *wen_run_new_stored         (gint64                    id,
                                           WenRunState               state,
                                           gint64                    started_us,
                                           const WenRecipe          *recipe,
                                           char                     *error_message,
                                           GArray                   *curve,
                                           const WenTrainingSummary *summary);
/* A run that is about to start, on the rows of the project at path, or to go on from
 * its journal. */
WenRun        *wen_run_new_live           (const char               *path,
                                           gint64                    id,
                                           gint64                    started_us,
                                           const WenRecipe          *recipe,
                                           gboolean                  resumes);
void           wen_run_start              (WenRun                   *self);
void           wen_run_take_evaluation    (WenRun                   *self,
                                           WenEvaluation            *evaluation);
/* What a live run has made, once it is over. */
WenClassifier *wen_run_get_classifier     (WenRun                   *self);
/* Is over at once for everyone who looks; what its threads still do is dropped. */
void           wen_run_abandon            (WenRun                   *self);
