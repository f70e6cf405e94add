/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-cleaner.h"
#include "wen-project.h"
#include "wen-tokenizer.h"

G_BEGIN_DECLS

/* What one cleaning step does to the sampled rows. */
typedef struct
{
  guint64  n_changed;
  gsize    example_row;        /* of the dataset; means something where n_changed > 0 */
  char    *example_before;
  char    *example_after;
} WenStepEffect;

/* What the cleaning of a recipe does to a sample of the rows. */
typedef struct
{
  WenCleaner *cleaner;
  GArray     *rows;            /* element-type gsize: the sampled rows of the dataset */
  GArray     *effects;         /* element-type WenStepEffect, as in wen_cleaner_list_steps() */
} WenCleaningSample;

/* What a recipe makes of all rows. */
typedef struct
{
  WenTokenizer *tokenizer;     /* fitted on the training rows */
  guint         n_vocabulary;
  guint64       n_texts;       /* rows with text and label */
  guint64       n_empty;       /* without a token after cleaning */
  guint64       n_too_long;
  guint64       n_tokens;      /* without [CLS] */
  guint64       n_unknown;
} WenTokenFigures;

void               wen_cleaning_sample_free   (WenCleaningSample    *self);
void               wen_cleaning_sample_async  (WenDataset           *dataset,
                                               const WenRecipe      *recipe,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
WenCleaningSample *wen_cleaning_sample_finish (GAsyncResult         *result,
                                               GError              **error);
void               wen_token_figures_free     (WenTokenFigures      *self);
void               wen_token_figures_async    (WenDataset           *dataset,
                                               const WenRecipe      *recipe,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
WenTokenFigures   *wen_token_figures_finish   (GAsyncResult         *result,
                                               GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCleaningSample, wen_cleaning_sample_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenTokenFigures, wen_token_figures_free)

G_END_DECLS
