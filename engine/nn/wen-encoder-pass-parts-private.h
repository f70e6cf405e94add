/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of the pass share: see wen-encoder-pass.c. */

#pragma once

#include "wen-encoder-pass-private.h"

/* What a place keeps for the way back. */
typedef struct
{
  float *sums;            /* [max_tokens][hidden] */
  float *normed;          /* [max_tokens][hidden] */
  float *means;           /* [max_tokens] */
  float *reciprocals;     /* [max_tokens] */
} Place;

/* What a layer keeps for the way back. */
typedef struct
{
  float *query_key_value; /* [max_tokens][3 hidden] */
  float *attended;        /* [max_tokens][hidden] */
  float *inner;           /* [max_tokens][feed-forward]; becomes the slopes of GELU */
  float *activated;       /* [max_tokens][feed-forward] */
} LayerActivations;

struct _WenEncoderPass
{
  WenEncoder       *encoder;   /* borrowed */
  gsize             max_tokens;
  gsize             max_texts;

  /* the texts */
  gsize             n_tokens;
  gsize             n_texts;
  guint             n_copies;  /* of each text, side by side; what is dropped differs */
  const WenBatch   *batch;     /* where they are from, borrowed */
  guint32          *token_ids; /* [max_tokens] */
  guint32          *row_ids;   /* [max_tokens]: place of each token in its batch */
  guint32          *ngram_rows; /* [max_tokens][longest_ngram - 1], or NULL */
  guint32          *offsets;   /* [max_texts + 1] */
  guint32          *labels;    /* [max_texts] */
  guint32          *text_ids;  /* [max_texts]: place of each text in its batch; copies count on */
  guint32          *partners;  /* [max_texts]: with whom each is mixed */
  float            *shares;    /* [max_texts]: how much it keeps of itself */

  /* activations; when only predicting all layers share one, and places take turns */
  float            *block;
  Place            *places;    /* [2 n_layers + 1] */
  LayerActivations *layers;    /* [n_layers] */
  float            *unmixed;   /* [max_texts][hidden]: pooled, before texts are mixed */
  float            *pooled;    /* [max_texts][hidden] */
  float            *logits;    /* [max_texts][n_labels] */
  float            *pure_targets; /* [max_texts][n_labels]: before texts are mixed */
  float            *targets;   /* [max_texts][n_labels]: what the loss compares with, if not labels */
  float            *scratch;   /* of attention */

  /* gradients of activations */
  float            *d_logits;  /* [max_texts][n_labels] */
  float            *d_pooled;  /* [max_texts][hidden] */
  float            *d_sums;    /* [max_tokens][hidden] */
  float            *d_normed;  /* [max_tokens][hidden] */
  float            *d_branch;  /* [max_tokens][hidden] */
  float            *d_wide;    /* [max_tokens][max (feed-forward, 3 hidden)] */

  WenEncoderPassStep step;
};

/* Who is mixed with whom, and how much of itself each text keeps. */
void   wen_encoder_pass_choose_partners   (WenEncoderPass *self);
/* The sum of the losses of the texts, where it is not simply that of one label for each;
 * writes the gradient of the logits. */
double wen_encoder_pass_compute_soft_loss (WenEncoderPass *self,
                                           gsize          *n_correct);
