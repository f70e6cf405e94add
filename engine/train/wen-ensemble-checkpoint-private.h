/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The training of an ensemble put to paper, so that it can go on from there. */

#pragma once

#include "wen-trainer.h"

typedef struct
{
  char      *recipe;       /* as JSON */
  char      *fingerprint;  /* of the rows */
  GPtrArray *classifiers;  /* of GHashTable of files: those that are trained, in order */
  GArray    *elapsed;      /* of gint64: microseconds from the start to the end of each */
  GArray    *decisions;    /* of guint32: what was decided by the clock, in order */
  GArray    *curve;        /* of WenCurvePoint, oldest first */
  GBytes    *running;      /* the checkpoint of the training that was on, or NULL */
} WenEnsembleCheckpoint;

void     wen_ensemble_checkpoint_init  (WenEnsembleCheckpoint       *self);
void     wen_ensemble_checkpoint_clear (WenEnsembleCheckpoint       *self);
GBytes  *wen_ensemble_checkpoint_write (const WenEnsembleCheckpoint *self);
gboolean wen_ensemble_checkpoint_read  (WenEnsembleCheckpoint       *self,
                                        GBytes                      *bytes,
                                        GError                     **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenEnsembleCheckpoint, wen_ensemble_checkpoint_clear)
