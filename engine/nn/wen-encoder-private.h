/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A Transformer encoder with a linear classifier on top: parameters, one
 * training step, and prediction. */

#pragma once

#include "wen-batch-private.h"
#include "wen-tensor-private.h"
#include "wen-worker-pool-private.h"

typedef struct
{
  guint    n_vocabulary;
  guint    n_positions;       /* longest text in tokens */
  guint    hidden_size;
  guint    n_layers;
  guint    n_heads;           /* divides hidden_size */
  guint    feed_forward_size;
  guint    n_labels;
  gboolean norm_first;        /* pre-norm with a last layer norm, else post-norm with an embedding norm */
  gboolean pool_first;        /* pool the first token, else the mean over all tokens */
  float    norm_epsilon;      /* 1e-5 */
  guint    n_ngrams;          /* rows of the table of n-gram embeddings; 0: there is none */
  guint    longest_ngram;     /* tokens, from 2 on, where there is one */
} WenEncoderConfig;

typedef struct _WenEncoder WenEncoder;

WenEncoder       *wen_encoder_new              (const WenEncoderConfig *config);
void              wen_encoder_free             (WenEncoder             *self);
void              wen_encoder_initialize       (WenEncoder             *self,
                                                guint64                 seed);
const WenEncoderConfig *wen_encoder_get_config (const WenEncoder       *self);
const WenTensor  *wen_encoder_list_tensors     (const WenEncoder       *self,
                                                gsize                  *n_tensors);
float            *wen_encoder_get_parameters   (WenEncoder             *self,
                                                gsize                  *n_parameters);

typedef struct
{
  gboolean adam_l2;           /* Adam: weight decay is added to the gradient; else AdamW: decoupled */
  float    beta1;             /* 0.9 */
  float    beta2;             /* 0.999 */
  float    epsilon;           /* 1e-8 */
  float    weight_decay;
  float    clip_norm;         /* 0: no clipping */
  float    dropout;           /* [0, 1) */
  float    label_smoothing;   /* [0, 1) */
  guint64  seed;              /* of dropout, mixup and what is masked */
  float    mixup;             /* shape of the Beta distribution; 0: texts are not mixed */
  float    consistency;       /* R-Drop's factor; 0: every text is looked at once */
  double   weight_averaging;  /* how much of the average a step keeps, [0, 1); 0: there is no average */
  double   layer_rate;        /* learning rate of a part by that of the one above; 0: all the same */
  guint    n_frozen;          /* parts from the bottom that do not learn; the output always does */
  float    masked_share;      /* of the tokens, which are then guessed instead of labels, so without mixup, consistency
                               * and frozen parts; 0: labels are learned */
  guint32  mask_id;           /* the token that stands for a masked one */
} WenEncoderTrainingConfig;

typedef struct
{
  double loss;                /* mean cross-entropy of the targets, in nats, as trained (with dropout, smoothing, weights and consistency) */
  gsize  n_targets;           /* what the loss is a mean over: texts, or masked tokens */
  gsize  n_correct;           /* of them */
  double gradient_norm;       /* before clipping */
} WenStepResult;

typedef struct _WenEncoderTrainer WenEncoderTrainer;

WenEncoderTrainer *wen_encoder_trainer_new     (WenEncoder                     *encoder,
                                                WenWorkerPool                  *pool,
                                                const WenEncoderTrainingConfig *config,
                                                gsize                           max_tokens,
                                                gsize                           max_texts);
guint64            wen_encoder_trainer_forecast_bytes (const WenEncoderConfig  *config,
                                                       const WenEncoderTrainingConfig *training,
                                                       guint64                  n_parameters,
                                                       guint                    n_workers,
                                                       gsize                    max_tokens,
                                                       gsize                    max_texts);
void               wen_encoder_trainer_free    (WenEncoderTrainer              *self);
void               wen_encoder_trainer_step    (WenEncoderTrainer              *self,
                                                const WenBatch                 *batch,
                                                guint64                         step,
                                                float                           learning_rate,
                                                WenStepResult                  *result);

const WenTensor   *wen_encoder_trainer_list_state (const WenEncoderTrainer *self,
                                                   gsize                   *n_tensors);
void               wen_encoder_trainer_restore (WenEncoderTrainer             *self);
void               wen_encoder_trainer_show_average (WenEncoderTrainer        *self,
                                                     gboolean                  show,
                                                     guint64                   step);

typedef struct _WenEncoderPredictor WenEncoderPredictor;

WenEncoderPredictor *wen_encoder_predictor_new  (WenEncoder          *encoder,
                                                 WenWorkerPool       *pool,
                                                 gsize                max_tokens,
                                                 gsize                max_texts);
void                 wen_encoder_predictor_free (WenEncoderPredictor *self);
void                 wen_encoder_predictor_run  (WenEncoderPredictor *self,
                                                 const WenBatch      *batch,
                                                 float               *logits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenEncoder, wen_encoder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenEncoderTrainer, wen_encoder_trainer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenEncoderPredictor, wen_encoder_predictor_free)
