/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Training of a classifier of bags of embeddings. */

#pragma once

#include "wen-bag-private.h"
#include "wen-worker-pool-private.h"

typedef struct
{
  WenLoss loss;
  float   beta1;             /* 0.9 */
  float   beta2;             /* 0.999 */
  float   epsilon;           /* 1e-8 */
  float   weight_decay;      /* decoupled; of an embedding only in steps that change it */
  float   dropout;           /* [0, 1): of the vectors of texts and the hidden layer */
  float   label_smoothing;   /* [0, 1) */
  float   token_dropout;     /* [0, 1) */
  float   mixup;             /* 0: off */
  double  averaging;         /* [0, 1): what a step keeps of the average; 0: off */
  gsize   batch_size;        /* most texts of a step */
  guint64 n_epoch_steps;
  guint64 seed;
} WenBagTrainingConfig;

typedef struct _WenBagTrainer WenBagTrainer;

typedef struct
{
  double loss;          /* mean of the batch, as trained */
  double cross_entropy; /* mean of the batch, in nats */
  gsize  n_correct;
} WenBagStepResult;

WenBagTrainer   *wen_bag_trainer_new            (WenBag                     *bag,
                                                 WenWorkerPool              *pool,
                                                 const WenBagTrainingConfig *config);
void             wen_bag_trainer_free           (WenBagTrainer              *self);
void             wen_bag_trainer_reserve        (WenBagTrainer              *self,
                                                 gsize                       n_tokens);
void             wen_bag_trainer_step           (WenBagTrainer              *self,
                                                 const WenBatch             *texts,
                                                 const guint32              *text_ids,
                                                 gsize                       n_texts,
                                                 guint64                     step,
                                                 float                       learning_rate,
                                                 WenBagStepResult           *result);
void             wen_bag_trainer_publish        (WenBagTrainer              *self,
                                                 guint64                     step);
const WenTensor *wen_bag_trainer_list_state     (const WenBagTrainer        *self,
                                                 gsize                      *n_tensors);
void             wen_bag_trainer_restore        (WenBagTrainer              *self);
guint64          wen_bag_trainer_forecast_bytes (const WenBagConfig         *shape,
                                                 const WenBagTrainingConfig *config,
                                                 guint                       n_workers,
                                                 gsize                       n_tokens);

/* What tests ask for: gradients without an update. */
void             wen_bag_trainer_compute_gradient (WenBagTrainer            *self,
                                                   const WenBatch           *texts,
                                                   const guint32            *text_ids,
                                                   gsize                     n_texts,
                                                   guint64                   step,
                                                   float                    *gradient,
                                                   WenBagStepResult         *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenBagTrainer, wen_bag_trainer_free)
