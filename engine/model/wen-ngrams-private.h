/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts as sparse vectors of n-grams of their tokens, weighted by TF-IDF. */

#pragma once

#include "wen-batch-private.h"
#include "wen-descent-private.h"
#include "wen-worker-pool-private.h"

/* One n-gram of a text; its index is the feature. */
typedef WenDescentValue WenNgramValue;

/* What an n-gram counts in a text. */
typedef enum
{
  WEN_NGRAM_VALUES_TF_IDF,  /* of length 1 over the text, repetitions dampened */
  WEN_NGRAM_VALUES_LINEAR_TF_IDF, /* the same, but ten times is ten times as much */
  WEN_NGRAM_VALUES_COUNTS,  /* how often it is there */
} WenNgramValues;

typedef struct _WenNgrams WenNgrams;

WenNgrams *wen_ngrams_new_from_texts (const WenBatch *texts,
                                      guint           longest,
                                      guint32         n_buckets,
                                      guint           minimum_texts,
                                      gsize           max_features,
                                      WenWorkerPool  *pool);
WenNgrams *wen_ngrams_new_from_keys  (const guint64  *keys,
                                      const float    *weights,
                                      gsize           n_features,
                                      guint           longest,
                                      guint32         n_buckets);
void       wen_ngrams_free           (WenNgrams      *self);
gsize      wen_ngrams_get_n_features (WenNgrams      *self);
guint64    wen_ngrams_get_key        (WenNgrams      *self,
                                      gsize           feature);
float      wen_ngrams_get_weight     (WenNgrams      *self,
                                      gsize           feature);
gsize      wen_ngrams_extract        (WenNgrams      *self,
                                      WenNgramValues  kind,
                                      const guint32  *token_ids,
                                      gsize           n_tokens,
                                      guint32        *counts,
                                      WenNgramValue  *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenNgrams, wen_ngrams_free)
