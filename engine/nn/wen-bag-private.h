/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A classifier of bags of embeddings: a text is the mean of the embeddings of its tokens
 * and n-grams, and goes through a hidden layer, if there is one, to the logits. */

#pragma once

#include "wen-batch-private.h"
#include "wen-dropout-private.h"
#include "wen-encoder-private.h"
#include "wen-recipe.h"

typedef struct
{
  guint         n_vocabulary;
  guint         n_ngram_rows;  /* 0: tokens only */
  guint         longest_ngram; /* tokens */
  guint         hidden_size;   /* of an embedding */
  guint         head_size;     /* of the hidden layer; 0: there is none */
  WenActivation activation;
  guint         n_labels;
} WenBagConfig;

/* Where each tensor begins in a block of parameters, or in one that is shaped like it. */
typedef struct
{
  float *embeddings;         /* [n_vocabulary + n_ngram_rows][hidden_size] */
  float *hidden_weights;     /* [head_size][hidden_size] */
  float *hidden_biases;      /* [head_size] */
  float *classifier_weights; /* [n_labels][head_size, or hidden_size without a hidden layer] */
  float *classifier_biases;  /* [n_labels] */
} WenBagView;

typedef struct _WenBag WenBag;

/* What passes between the vectors of some texts and their logits. */
typedef struct
{
  float *vectors;   /* [n_texts][hidden_size] */
  float *activated; /* [n_texts][head_size] */
  float *slopes;    /* [n_texts][head_size]: of the activation */
  float *logits;    /* [n_texts][n_labels] */
} WenBagActivations;

WenBag             *wen_bag_new             (const WenBagConfig  *config);
void                wen_bag_free            (WenBag              *self);
void                wen_bag_initialize      (WenBag              *self,
                                             guint64              seed);
void                wen_bag_choose_ngrams   (WenBag              *self,
                                             const WenBatch      *texts,
                                             guint                minimum_texts);
float               wen_bag_get_scale       (const WenBag        *self);
void                wen_bag_set_scale       (WenBag              *self,
                                             float                scale);
const WenBagConfig *wen_bag_get_config      (const WenBag        *self);
float              *wen_bag_get_parameters  (WenBag              *self,
                                             gsize               *n_parameters);
const WenTensor    *wen_bag_list_tensors    (const WenBag        *self,
                                             gsize               *n_tensors);
void                wen_bag_view_init       (WenBagView          *view,
                                             const WenBagConfig  *config,
                                             float               *block);
void                wen_bag_view_init_head  (WenBagView          *view,
                                             const WenBagConfig  *config,
                                             float               *block);
gsize               wen_bag_count_rows      (const WenBagConfig  *config);
gsize               wen_bag_count_parameters (const WenBagConfig *config);

/* How many numbers the last layer sees of a text. */
static inline guint
wen_bag_get_n_features (const WenBagConfig *config)
{
  return config->head_size > 0 ? config->head_size : config->hidden_size;
}

/* Most rows of the table that so many tokens can have. */
static inline gsize
wen_bag_get_max_rows (const WenBagConfig *config,
                      gsize               n_tokens)
{
  return config->n_ngram_rows > 0 ? n_tokens * config->longest_ngram : n_tokens;
}

gsize               wen_bag_list_rows       (guint32             *rows,
                                             const WenBag        *self,
                                             const guint32       *token_ids,
                                             gsize                n_tokens,
                                             WenDropout           dropout,
                                             guint32              text);
void                wen_bag_average_rows    (float               *vector,
                                             const float         *embeddings,
                                             const guint32       *rows,
                                             gsize                n_rows,
                                             gsize                n_columns);
void                wen_bag_head_forward    (const WenBagConfig  *config,
                                             const WenBagView    *view,
                                             const WenBagActivations *activations,
                                             gsize                first,
                                             gsize                n_texts,
                                             WenDropout           dropout,
                                             const guint32       *row_ids);
void                wen_bag_head_backward   (const WenBagConfig  *config,
                                             const WenBagView    *view,
                                             const WenBagActivations *activations,
                                             const WenBagActivations *gradients,
                                             gsize                first,
                                             gsize                n_texts,
                                             WenDropout           dropout,
                                             const guint32       *row_ids);

typedef struct _WenBagPredictor WenBagPredictor;

WenBagPredictor    *wen_bag_predictor_new   (WenBag              *bag,
                                             gsize                max_tokens,
                                             gsize                max_texts);
void                wen_bag_predictor_free  (WenBagPredictor     *self);
void                wen_bag_predictor_run   (WenBagPredictor     *self,
                                             const WenBatch      *texts,
                                             float               *logits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenBag, wen_bag_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenBagPredictor, wen_bag_predictor_free)
