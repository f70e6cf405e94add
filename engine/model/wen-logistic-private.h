/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Multinomial logistic regression on sparse texts. */

#pragma once

#include "wen-model-private.h"
#include "wen-ngram-model-private.h"

/* Tensors that a checkpoint holds. */
#define WEN_LOGISTIC_N_STATE 2

typedef struct _WenLogistic WenLogistic;

WenLogistic *wen_logistic_new         (const WenRecipe     *recipe,
                                       const WenBatch      *texts,
                                       const WenNgramTexts *vectors,
                                       gsize                n_features,
                                       guint                n_labels,
                                       WenWorkerPool       *pool);
void         wen_logistic_free        (WenLogistic         *self);
gsize        wen_logistic_count_steps (WenLogistic         *self);
void         wen_logistic_list_state  (WenLogistic         *self,
                                       WenTensor           *state);
void         wen_logistic_run_step    (WenLogistic         *self,
                                       gsize                step,
                                       const guint32       *order,
                                       WenModelStep        *result);
void         wen_logistic_write       (WenLogistic         *self,
                                       float                scale,
                                       float               *weights,
                                       float               *biases);

double       wen_logistic_get_loss    (float               *d_logits,
                                       const float         *logits,
                                       guint32              label,
                                       const float         *targets,
                                       gsize                n_labels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenLogistic, wen_logistic_free)
