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
  WenTokenizer *tokenizer;     /* fitted on the training rows, and those for pre-training alone */
  GPtrArray    *labels;        /* names of the labels that have training rows */
  WenBatch      train;         /* points into the arrays below */
  WenBatch      validation;
  GPtrArray    *cleaned;       /* the text of each training row, where the recipe changes characters; else NULL */
  WenBatch      pretraining;   /* all rows but those of the test split, without labels; empty where the recipe does not
                                * pre-train */
  guint64       n_left_out;    /* training and validation rows: empty, or too long and left out */
  guint64       n_cut;         /* rows of which the end was cut off */

  /*< private >*/
  GArray       *arrays[3][3];  /* token ids, offsets and labels of each batch */
  GArray       *train_rows;    /* of gsize: the row of the dataset of each training text */
  float        *weights;       /* of training texts, or NULL */
  float        *targets;       /* of training texts, or NULL */
} WenTrainingSet;

/* How much the rows of a dataset count, and what is to be learned from them. */
typedef struct
{
  const float *weights;  /* [n_rows], or NULL */
  const float *targets;  /* [n_rows][n_labels] of the dataset: instead of the labels; or NULL */
} WenTrainingAims;

WenTrainingSet *wen_training_set_new  (WenDataset          *dataset,
                                       const WenTrainingAims *aims,
                                       const WenRecipe     *recipe,
                                       WenWorkerPool       *pool,
                                       WenProgressFunc      progress,
                                       gpointer             user_data,
                                       GCancellable        *cancellable,
                                       GError             **error);
void            wen_training_set_free (WenTrainingSet      *self);
char           *wen_training_set_get_fingerprint (WenTrainingSet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenTrainingSet, wen_training_set_free)
