/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What families share that give each n-gram a weight for each label. */

#pragma once

#include "wen-model-private.h"
#include "wen-ngrams-private.h"

#define WEN_TYPE_NGRAM_MODEL (wen_ngram_model_get_type ())
G_DECLARE_DERIVABLE_TYPE (WenNgramModel, wen_ngram_model, WEN, NGRAM_MODEL, WenModel)

/* A family says what an n-gram counts in a text, and sets the weights. */
struct _WenNgramModelClass
{
  WenModelClass   parent_class;

  WenNgramValues  values;
};

/* The parameters; a family may write weights and biases. */
typedef struct
{
  gsize  n_features;
  float *weights;    /* [n_features][n_labels] */
  float *biases;     /* [n_labels] */
} WenNgramParameters;

/* Texts as sparse vectors, end to end. */
typedef struct
{
  gsize         *offsets; /* [n_texts + 1] */
  WenNgramValue *values;
} WenNgramTexts;

const WenNgramParameters *wen_ngram_model_get_parameters (WenNgramModel  *self);
void                      wen_ngram_model_fit_texts      (WenNgramModel  *self,
                                                          const WenBatch *texts,
                                                          WenWorkerPool  *pool,
                                                          WenNgramTexts  *vectors);
void                      wen_ngram_texts_clear          (WenNgramTexts  *self);

guint64 wen_ngram_model_forecast_values (const WenRecipe *recipe,
                                         guint            n_vocabulary,
                                         guint            n_labels);
guint64 wen_ngram_model_forecast_bytes  (const WenRecipe *recipe,
                                         guint            n_vocabulary,
                                         guint            n_labels,
                                         guint            n_workers,
                                         guint            longest);
