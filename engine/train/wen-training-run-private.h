/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run as plain sequential code, without threads or signals of its own. */

#pragma once

#include "wen-trainer.h"

/* Called in the thread of the run.  point: (nullable): one that was just measured. */
typedef void (*WenTrainingReportFunc) (const WenTrainingProgress *progress,
                                       const WenCurvePoint       *point,
                                       gpointer                   user_data);

/* Called in the thread of the run with what a later run can go on from. */
typedef void (*WenTrainingJournalFunc) (GBytes   *checkpoint,
                                        gpointer  user_data);

typedef struct
{
  WenDataset            *dataset;
  const WenRecipe       *recipe;
  GCancellable          *cancellable;
  GBytes                *checkpoint;  /* (nullable): to go on from */
  gint                  *stops;       /* atomic: TRUE to end after the step it is in */
  gint                  *pauses;      /* atomic: TRUE to wait after the step it is in */
  guint64                largest;     /* most parameters; 0: any number */
  WenTrainingReportFunc  report_func;
  WenTrainingJournalFunc journal_func;        /* (nullable) */
  gint64                 journal_interval_us; /* between two checkpoints at least; 0: after every step */
  gpointer               user_data;
} WenTrainingJob;

WenClassifier *wen_training_job_run (const WenTrainingJob  *self,
                                     WenTrainingSummary    *summary,
                                     GError               **error);
