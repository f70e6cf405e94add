/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts on their way to a model: cleaned, and cut into tokens, over all cores. */

#pragma once

#include "wen-cleaner.h"
#include "wen-dataset.h"
#include "wen-recipe.h"
#include "wen-tokenizer.h"
#include "wen-worker-pool-private.h"

typedef struct
{
  guint32            n_tokens;  /* [CLS] included, before it is cut */
  guint32            n_unknown;
  guint32            n_kept;    /* not more than the maximum length */
  guint32            place;     /* of the first one in the ids of its block */
  WenCleaningOutcome outcome;
} WenPreparedRow;

typedef struct
{
  WenCleaner     *cleaner;
  WenTokenizer   *tokenizer;      /* fitted on the first n_fit rows, and on no others */
  gsize           n_rows;
  WenPreparedRow *rows;           /* [n_rows] */
  char          **cleaned;        /* [n_rows]: of the first n_fit rows, where the recipe changes characters; else NULL */
  double          cleaning_seconds;
  double          fitting_seconds;
  double          cutting_seconds;

  /*< private >*/
  GPtrArray      *blocks;         /* of GArray of guint32: the token ids of some rows in a row */
} WenTextPreparation;

WenTextPreparation *wen_text_preparation_new     (WenDataset         *dataset,
                                                  const gsize        *dataset_rows,
                                                  gsize               n_rows,
                                                  gsize               n_fit,
                                                  const WenRecipe    *recipe,
                                                  WenWorkerPool      *pool,
                                                  WenProgressFunc     progress,
                                                  gpointer            user_data,
                                                  GCancellable       *cancellable,
                                                  GError            **error);
void                wen_text_preparation_free    (WenTextPreparation *self);
/* (array) [rows[row].n_kept] (transfer none) */
const guint32      *wen_text_preparation_get_ids (WenTextPreparation *self,
                                                  gsize               row);
gboolean            wen_text_preparation_is_used (WenTextPreparation *self,
                                                  gsize               row,
                                                  const WenRecipe    *recipe);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenTextPreparation, wen_text_preparation_free)
