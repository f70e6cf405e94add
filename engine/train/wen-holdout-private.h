/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows held out from training, to measure classifiers on that learned from others. */

#pragma once

#include "wen-trainer.h"

typedef struct
{
  WenDataset *pool;       /* the training and validation rows, and no others */
  guint       n_folds;    /* 0: measured on the validation split */
  guint8     *folds;      /* [rows of the pool]: NULL without folds */
  gsize       n_measured; /* rows */
} WenHoldout;

/* One measurement: as many trainings as there are folds, or one. */
typedef struct
{
  const WenRecipe *recipe;
  const guint8    *parts;       /* [rows of the pool]; NULL: all rows may be learned from */
  guint            n_parts;     /* learn from rows of the first ones */
  guint64          largest;     /* most parameters; 0: any number */
  WenProgressFunc  progress;    /* (nullable): called twenty times a second */
  gpointer         user_data;
  GCancellable    *cancellable;
} WenHoldoutRun;

typedef struct
{
  guint64 n_rows;       /* learned from, on average over the folds */
  guint64 n_parameters; /* of the largest model */
} WenHoldoutSummary;

WenHoldout *wen_holdout_new            (WenDataset           *dataset,
                                        guint64               seed,
                                        GCancellable         *cancellable,
                                        GError              **error);
void        wen_holdout_free           (WenHoldout           *self);
guint8     *wen_holdout_make_parts     (WenHoldout           *self,
                                        guint64               seed,
                                        guint                 n_parts,
                                        GCancellable         *cancellable,
                                        GError              **error);
gboolean    wen_holdout_measure        (WenHoldout           *self,
                                        const WenHoldoutRun  *run,
                                        guint                *predicted,
                                        WenHoldoutSummary    *summary,
                                        GError              **error);

/* Rows of the training split that are in other folds, and of them some to watch. */
WenDataset *wen_holdout_leave_fold_out (WenDataset           *dataset,
                                        const guint8         *folds,
                                        guint                 fold,
                                        const guint8         *parts,
                                        guint                 n_parts,
                                        const WenRecipe      *recipe,
                                        GCancellable         *cancellable,
                                        GError              **error);
float      *wen_holdout_predict        (WenClassifier        *classifier,
                                        WenDataset           *dataset,
                                        const gsize          *rows,
                                        gsize                 n_rows,
                                        GCancellable         *cancellable,
                                        GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenHoldout, wen_holdout_free)
