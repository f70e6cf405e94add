/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of a training run share: see wen-training-run.c. */

#pragma once

#include "wen-training-run-private.h"

#include "wen-augmentation-private.h"
#include "wen-checkpoint-private.h"
#include "wen-runner-private.h"

typedef struct
{
  const WenTrainingJob *job;           /* borrowed */
  WenTrainingSummary   *summary;       /* borrowed */
  WenTrainingSet       *set;
  WenAugmentation      *augmentation;  /* NULL: the texts are the same in every epoch */
  WenModel             *model;
  WenRunner            *runner;        /* for validation */
  float                *probabilities; /* [validation.n_texts][n_labels] */
  float                *best_values;
  WenCheckpoint         state;
  GArray               *tensors;       /* of WenTensor: what a checkpoint holds; NULL without a journal */
  GError               *error;

  gint64                start_us;      /* when it would have begun, had it never been interrupted */
  gint64                step_start_us;
  gint64                last_report_us;
  gint64                next_checkpoint_us;

  /* the phase: pre-training, or training */
  gboolean              is_pretraining;
  guint                 n_epochs;
  guint64               n_epoch_steps;
  double                pretraining_share; /* of the work of both */
  double                learning_rate; /* of the last step */
} WenTrainingRun;

static inline gboolean
wen_training_run_has_to_end (const WenTrainingRun *run)
{
  return g_atomic_int_get (run->job->stops) || g_cancellable_is_cancelled (run->job->cancellable);
}

/* Done in the phase. */
static inline guint64
wen_training_run_get_step (const WenTrainingRun *run)
{
  return run->is_pretraining ? run->state.pretraining_step : run->state.step;
}

static inline WenTrainingPhase
wen_training_run_get_phase (const WenTrainingRun *run)
{
  return run->is_pretraining ? WEN_TRAINING_PHASE_PRETRAINING : WEN_TRAINING_PHASE_TRAINING;
}

/* Of steps and reports. */
WenTrainingProgress wen_training_run_describe  (WenTrainingRun      *run,
                                                WenTrainingPhase     phase);
void                wen_training_run_report    (WenTrainingRun      *run,
                                                WenTrainingPhase     phase,
                                                const WenCurvePoint *point);
gboolean            wen_training_run_step_done (const WenModelStep  *step,
                                                gpointer             user_data);

/* Of pauses and checkpoints: see wen-training-run-journal.c. */
gboolean wen_training_run_ready_journal (WenTrainingRun       *run,
                                         const WenCheckpoint  *checkpoint,
                                         GError              **error);
void     wen_training_run_pass_boundary (WenTrainingRun       *run);

/* Of pre-training: see wen-training-run-pretraining.c. */
gboolean wen_training_run_pretrain              (WenTrainingRun        *run,
                                                 const WenCheckpoint   *checkpoint,
                                                 WenWorkerPool         *pool,
                                                 GError               **error);
void     wen_training_run_summarize_pretraining (WenTrainingRun        *run);
double   wen_training_run_forecast_pretraining  (const WenTrainingSet  *set,
                                                 const WenRecipe       *recipe);
