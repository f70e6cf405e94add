/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A training run put to paper between two steps, so that it can go on from there. */

#pragma once

#include "wen-model-private.h"
#include "wen-trainer.h"

/* How far a run is: all that its later steps and figures depend on, beside the
 * numbers of the model and of its optimizer. */
typedef struct
{
  char    *recipe;                   /* as JSON */
  char    *fingerprint;              /* of the rows, as they go into the model */
  guint64  n_workers;
  guint64  pretraining_step;         /* done, over all epochs of pre-training */
  guint64  n_pretraining_tokens;
  gint64   pretraining_us;           /* in steps alone */
  guint64  step;                     /* done, over all epochs */
  guint64  n_tokens;                 /* trained */
  gint64   elapsed_us;
  gint64   training_us;              /* in steps alone */

  /* of the epochs that were validated */
  guint64  best_epoch;               /* 0: none yet */
  double   best_loss;
  double   best_accuracy;
  double   best_calibrated_loss;     /* by which epochs are compared */
  guint64  n_epochs_without_progress;

  /* since the last training point of the curve */
  guint64  n_point_steps;
  guint64  n_point_texts;            /* or hidden tokens */
  guint64  n_point_correct;
  double   point_loss;               /* sum over the same */

  GArray  *curve;                    /* of WenCurvePoint, oldest first */
} WenCheckpoint;

void     wen_checkpoint_clear            (WenCheckpoint        *self);
GBytes  *wen_checkpoint_write            (const WenCheckpoint  *self,
                                          const WenTensor      *tensors,
                                          gsize                 n_tensors);
gboolean wen_checkpoint_read             (WenCheckpoint        *self,
                                          GBytes               *bytes,
                                          GError              **error);
gboolean wen_checkpoint_read_tensors     (GBytes               *bytes,
                                          const WenTensor      *tensors,
                                          gsize                 n_tensors,
                                          GError              **error);
gboolean wen_checkpoint_refuse           (GError              **error,
                                          const char           *why);
gboolean wen_checkpoint_refuse_other_run (GError              **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenCheckpoint, wen_checkpoint_clear)
