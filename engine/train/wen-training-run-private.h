/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run as plain sequential code, without threads or signals of its own. */

#pragma once

#include "wen-trainer.h"

/* Called in the thread of the run.  point: (nullable): one that was just measured. */
typedef void (*WenTrainingReportFunc) (const WenTrainingProgress *progress,
                                       const WenCurvePoint       *point,
                                       gpointer                   user_data);

typedef struct
{
  WenDataset            *dataset;
  const WenRecipe       *recipe;
  GCancellable          *cancellable;
  gint                  *stops;       /* atomic: TRUE to end after the step it is in */
  WenTrainingReportFunc  report_func;
  gpointer               user_data;
} WenTrainingJob;

WenClassifier *wen_training_job_run (const WenTrainingJob  *self,
                                     WenTrainingSummary    *summary,
                                     GError               **error);
