/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How gradients change a classifier of bags of embeddings, and the moving average of it. */

#pragma once

#include "wen-adam-private.h"
#include "wen-bag-trainer-private.h"
#include "wen-lazy-average-private.h"

typedef struct
{
  const WenBagConfig         *shape;        /* borrowed, as all that is above */
  const WenBagTrainingConfig *config;
  float                      *parameters;   /* the bag's */
  gsize                       n_parameters;
  gsize                       n_embeddings; /* of these */

  float                      *weights;      /* what learns: the parameters, or beside them when these are averages */
  float                      *means;        /* [n_parameters - n_embeddings] */
  float                      *squares;      /* [n_parameters - n_embeddings] */
  float                      *row_squares;  /* [rows] */
  float                      *averaged;     /* [rows]: the step of the epoch up to which the average is there */
  WenTensor                   state[5];
  gsize                       n_state;

  /* of the step */
  WenAdam                     adam;
  float                       row_rate;
  WenLazyAverage              average;
  gsize                       epoch_step;
} WenBagOptimizer;

void wen_bag_optimizer_init        (WenBagOptimizer            *self,
                                    WenBag                     *bag,
                                    const WenBagTrainingConfig *config);
void wen_bag_optimizer_clear       (WenBagOptimizer            *self);
void wen_bag_optimizer_begin_step  (WenBagOptimizer            *self,
                                    guint64                     step,
                                    float                       learning_rate);
void wen_bag_optimizer_update_row  (WenBagOptimizer            *self,
                                    gsize                       row,
                                    const float                *gradient);
void wen_bag_optimizer_update_head (WenBagOptimizer            *self,
                                    const float                *head_gradient,
                                    gsize                       begin,
                                    gsize                       end);
void wen_bag_optimizer_catch_up    (WenBagOptimizer            *self,
                                    gsize                       begin,
                                    gsize                       end);
void wen_bag_optimizer_restore     (WenBagOptimizer            *self);
