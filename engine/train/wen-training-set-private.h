/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows made ready for training: cleaned, cut into tokens, packed. */

#pragma once

#include "wen-batch-private.h"
#include "wen-cleaner.h"
#include "wen-dataset.h"
#include "wen-recipe.h"
#include "wen-tokenizer.h"
#include "wen-worker-pool-private.h"

typedef struct
{
  WenCleaner   *cleaner;
  WenTokenizer *tokenizer;     /* fitted on the training rows, and on no others */
  GPtrArray    *labels;        /* names of the labels that have training rows */
  WenBatch      train;         /* points into the arrays below */
  WenBatch      validation;
  GPtrArray    *cleaned;       /* the text of each training row, where the recipe changes characters; else NULL */
  guint64       n_left_out;    /* training and validation rows: empty, or too long and left out */
  guint64       n_cut;         /* rows of which the end was cut off */

  /*< private >*/
  GArray       *arrays[2][3];  /* token ids, offsets and labels of each batch */
} WenTrainingSet;

WenTrainingSet *wen_training_set_new  (WenDataset          *dataset,
                                       const WenRecipe     *recipe,
                                       WenWorkerPool       *pool,
                                       WenProgressFunc      progress,
                                       gpointer             user_data,
                                       GCancellable        *cancellable,
                                       GError             **error);
void            wen_training_set_free (WenTrainingSet      *self);
char           *wen_training_set_get_fingerprint (WenTrainingSet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenTrainingSet, wen_training_set_free)
