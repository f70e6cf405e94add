/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of some texts through an encoder and back, in one thread. */

#pragma once

#include "wen-dropout-private.h"
#include "wen-encoder-layout-private.h"

typedef struct _WenEncoderPass WenEncoderPass;

/* What a step is to drop, and how its loss is made. */
typedef struct
{
  float   dropout;
  guint64 seed;
  guint64 step;
  float   label_smoothing;
  gsize   n_batch_texts; /* the loss is a mean over so many */
  float   mixup;         /* shape of the Beta distribution; 0: texts are not mixed */
  float   consistency;   /* R-Drop's factor, where every text is there twice */
  guint   n_frozen;      /* parts from the bottom that get no gradient: the embeddings, layer 0, layer 1 … */
} WenEncoderPassStep;

/* The vectors of the tokens, as they come out of the last layer. */
typedef struct
{
  const float   *vectors;   /* [n_tokens][hidden] */
  float         *d_vectors; /* [n_tokens][hidden]: gets their gradient */
  const guint32 *row_ids;   /* [n_tokens]: place of each token in its batch */
  gsize          n_tokens;
} WenEncoderPassTokens;

gsize           wen_encoder_pass_count_floats    (const WenEncoderConfig   *config,
                                                  gsize                     max_tokens,
                                                  gsize                     max_texts,
                                                  gboolean                  training);
WenEncoderPass *wen_encoder_pass_new             (WenEncoder               *encoder,
                                                  gsize                     max_tokens,
                                                  gsize                     max_texts,
                                                  gboolean                  training);
void            wen_encoder_pass_free            (WenEncoderPass           *self);
void            wen_encoder_pass_clear           (WenEncoderPass           *self);
void            wen_encoder_pass_set_copies      (WenEncoderPass           *self,
                                                  guint                     n_copies);
gboolean        wen_encoder_pass_add_text        (WenEncoderPass           *self,
                                                  const WenBatch           *batch,
                                                  gsize                     text);
gsize           wen_encoder_pass_get_n_tokens    (WenEncoderPass           *self);
void            wen_encoder_pass_predict         (WenEncoderPass           *self,
                                                  float                    *logits);
void            wen_encoder_pass_forward         (WenEncoderPass           *self,
                                                  const WenEncoderPassStep *step,
                                                  double                   *loss,
                                                  gsize                    *n_correct);
void            wen_encoder_pass_backward        (WenEncoderPass           *self,
                                                  const WenEncoderView     *gradient,
                                                  float                    *d_embedded,
                                                  gboolean                  add);
void            wen_encoder_pass_forward_tokens  (WenEncoderPass           *self,
                                                  const WenEncoderPassStep *step,
                                                  WenEncoderPassTokens     *tokens);
void            wen_encoder_pass_backward_tokens (WenEncoderPass           *self,
                                                  const WenEncoderView     *gradient,
                                                  float                    *d_embedded,
                                                  gboolean                  add);
