/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the parameters of an encoder lie in one block: for the files of the encoder
 * only, others see names and shapes. */

#pragma once

#include "wen-encoder-private.h"

/* Matrices are [outputs][inputs]. */
typedef struct
{
  float *attention_norm_weight;
  float *attention_norm_bias;
  float *query_key_value_weight;
  float *query_key_value_bias;
  float *attention_output_weight;
  float *attention_output_bias;
  float *feed_forward_norm_weight;
  float *feed_forward_norm_bias;
  float *inner_weight;
  float *inner_bias;
  float *outer_weight;
  float *outer_bias;
} WenEncoderLayer;

/* Pointers into a block of parameters, or of gradients: both lie alike. */
typedef struct
{
  float           *token_embeddings;
  float           *position_embeddings;
  float           *ngram_embeddings;    /* NULL where there are none */
  float           *outside_norm_weight; /* pre-norm: after the last layer; post-norm: of the embeddings */
  float           *outside_norm_bias;
  float           *output_weight;
  float           *output_bias;
  WenEncoderLayer *layers;              /* [n_layers] */
} WenEncoderView;

/* A layer norm by its place on the way of the data. */
typedef struct
{
  float *weight;
  float *bias;
} WenEncoderNorm;

struct _WenEncoder
{
  WenEncoderConfig  config;
  WenTensor        *tensors;
  gsize             n_tensors;
  float            *parameters;
  gsize             n_parameters;
  gsize             n_embedding_parameters; /* tokens, then positions, stand first */
  gsize             n_dense_parameters;     /* n-grams stand last, behind these */
  WenEncoderView    view;
};

void           wen_encoder_view_init  (WenEncoderView         *view,
                                       const WenEncoder       *encoder,
                                       float                  *block);
void           wen_encoder_view_clear (WenEncoderView         *view);
WenEncoderNorm wen_encoder_view_norm  (const WenEncoderView   *view,
                                       const WenEncoderConfig *config,
                                       guint                   place);
/* Whether a batch may go in: a mistake of the caller where it may not. */
gboolean       wen_encoder_accepts    (const WenEncoder       *encoder,
                                       const WenBatch         *batch,
                                       gsize                   max_tokens,
                                       gsize                   max_texts);
