/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-classifier.h"
#include "wen-dataset.h"
#include "wen-recipe.h"

G_BEGIN_DECLS

#define WEN_TRAINER_ERROR (wen_trainer_error_quark ())
WEN_API
GQuark wen_trainer_error_quark (void);

/**
 * WenTrainerError:
 * @WEN_TRAINER_ERROR_ONE_LABEL: fewer than two labels have training rows with a token left
 * @WEN_TRAINER_ERROR_NO_TEXT: no training row has a token left after cleaning
 * @WEN_TRAINER_ERROR_DIVERGED: loss or weights are no longer numbers; the message names epoch, step and learning rate
 * @WEN_TRAINER_ERROR_TOO_LARGE: the model needs more memory than there is, or has more parameters than it may
 * @WEN_TRAINER_ERROR_CHECKPOINT: the checkpoint to go on from is damaged, or of another run
 * @WEN_TRAINER_ERROR_TOO_FEW_ROWS: a label has fewer rows than cross-validation has folds
 */
typedef enum
{
  WEN_TRAINER_ERROR_ONE_LABEL,
  WEN_TRAINER_ERROR_NO_TEXT,
  WEN_TRAINER_ERROR_DIVERGED,
  WEN_TRAINER_ERROR_TOO_LARGE,
  WEN_TRAINER_ERROR_CHECKPOINT,
  WEN_TRAINER_ERROR_TOO_FEW_ROWS,
} WenTrainerError;

typedef enum
{
  WEN_TRAINING_PHASE_PREPARING,  /* cleaning, tokenizing */
  WEN_TRAINING_PHASE_TRAINING,
  WEN_TRAINING_PHASE_VALIDATING,
  WEN_TRAINING_PHASE_PAUSED,
} WenTrainingPhase;

typedef struct _WenTrainingProgress WenTrainingProgress;

/* The newest state of a run. */
struct _WenTrainingProgress
{
  WenTrainingPhase phase;
  guint            epoch;              /* from 1 */
  guint            n_epochs;
  guint64          step;               /* from 1, over all epochs */
  guint64          n_steps;
  double           fraction;           /* 0 … 1 of the whole run */
  double           tokens_per_second;  /* trained so far */
  gint64           elapsed_us;
  gint64           remaining_us;       /* -1: not known yet */
};

typedef struct _WenCurvePoint WenCurvePoint;

/* One point of the learning curve. */
struct _WenCurvePoint
{
  WenSplit split;                      /* WEN_SPLIT_TRAIN: mean since the last point; WEN_SPLIT_VALIDATION: the whole split */
  guint64  step;
  double   epoch;                      /* with fraction: 1.5 is the middle of the second epoch */
  double   loss;                       /* nats */
  double   accuracy;                   /* 0 … 1 */
  double   learning_rate;
  gint64   elapsed_us;
};

/* How a run ended well. */
typedef enum
{
  WEN_TRAINING_END_COMPLETED,          /* all epochs */
  WEN_TRAINING_END_EARLY,              /* validation stopped getting better */
  WEN_TRAINING_END_STOPPED,            /* by wen_trainer_stop() */
} WenTrainingEnd;

typedef struct _WenTrainingSummary WenTrainingSummary;

struct _WenTrainingSummary
{
  WenTrainingEnd end;
  guint          n_epochs;             /* run, whole or begun */
  guint          best_epoch;           /* whose weights were kept */
  double         best_validation_loss; /* NaN without validation rows */
  double         best_validation_accuracy;
  guint64        n_parameters;
  guint          n_vocabulary;
  guint64        n_train_rows;
  guint64        n_left_out;           /* empty after cleaning, or too long with "leave-out" */
  guint64        n_cut;                /* texts longer than the maximum length */
  guint64        n_tokens;             /* trained, over all epochs */
  double         tokens_per_second;    /* in training steps */
  double         seconds;              /* whole run */
};

/* Called in the training thread; must return soon. */
typedef void (*WenTrainerPointFunc)    (const WenCurvePoint       *point,
                                        gpointer                   user_data);
typedef void (*WenTrainerProgressFunc) (const WenTrainingProgress *progress,
                                        gpointer                   user_data);
typedef void (*WenTrainerJournalFunc)  (GBytes                    *checkpoint,
                                        gpointer                   user_data);

#define WEN_TYPE_TRAINER (wen_trainer_get_type ())

/* Owns one run.
 *
 * Signals, in the main context that was thread-default when run_async() was called (with plain run(): in the calling thread, at its end):
 *   "progress" ()           newest wins: read wen_trainer_get_progress()
 *   "curve-changed" ()      points were added: read wen_trainer_get_curve()
 */
WEN_API
G_DECLARE_FINAL_TYPE (WenTrainer, wen_trainer, WEN, TRAINER, GObject)

/* Dataset must be split already, and must not change any more.  Recipe is copied. */
WEN_API
WenTrainer               *wen_trainer_new           (WenDataset              *dataset,
                                                     const WenRecipe         *recipe);
/* Before the run; may be called once.  Either function may be NULL. */
WEN_API
void                      wen_trainer_set_functions (WenTrainer              *self,
                                                     WenTrainerPointFunc      point_func,
                                                     WenTrainerProgressFunc   progress_func,
                                                     gpointer                 user_data,
                                                     GDestroyNotify           destroy);
WEN_API
void                      wen_trainer_set_journal   (WenTrainer              *self,
                                                     WenTrainerJournalFunc    journal_func,
                                                     gint64                   interval_us,
                                                     gpointer                 user_data,
                                                     GDestroyNotify           destroy);
WEN_API
void                      wen_trainer_set_checkpoint (WenTrainer             *self,
                                                     GBytes                  *checkpoint);
WEN_API
void                      wen_trainer_set_largest   (WenTrainer              *self,
                                                     guint64                  largest);
/* In the calling thread. */
WEN_API
WenClassifier            *wen_trainer_run           (WenTrainer              *self,
                                                     GCancellable            *cancellable,
                                                     GError                 **error);
/* In a thread of its own. */
WEN_API
void                      wen_trainer_run_async     (WenTrainer              *self,
                                                     GCancellable            *cancellable,
                                                     GAsyncReadyCallback      callback,
                                                     gpointer                 user_data);
WEN_API
WenClassifier            *wen_trainer_run_finish    (WenTrainer              *self,
                                                     GAsyncResult            *result,
                                                     GError                 **error);
/* Any thread: ends the run after the step it is in and keeps the best weights so far. */
WEN_API
void                      wen_trainer_stop          (WenTrainer              *self);
WEN_API
void                      wen_trainer_pause         (WenTrainer              *self);
WEN_API
void                      wen_trainer_resume        (WenTrainer              *self);
WEN_API
gboolean                  wen_trainer_is_paused     (WenTrainer              *self);
WEN_API
void                      wen_trainer_get_progress  (WenTrainer              *self,
                                                     WenTrainingProgress     *progress);
/* Points delivered so far, oldest first; valid until the next delivery.  Main thread. */
WEN_API
const WenCurvePoint      *wen_trainer_get_curve     (WenTrainer              *self,
                                                     gsize                   *n_points);
/* After the end. */
WEN_API
const WenTrainingSummary *wen_trainer_get_summary   (WenTrainer              *self);

G_END_DECLS
