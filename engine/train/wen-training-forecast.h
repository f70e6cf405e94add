/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-dataset.h"
#include "wen-recipe.h"

G_BEGIN_DECLS

typedef struct _WenTrainingForecast WenTrainingForecast;

/**
 * WenTrainingForecast:
 * @n_parameters: numbers that training would fit
 * @n_tokens: tokens of the training rows
 * @memory_bytes: what the program would have in memory, at most; 0: not known
 * @free_bytes: memory that is free for programs now; 0: not known
 * @seconds_per_epoch: of training and validation
 * @n_epochs: how many there are to be, at most
 * @seconds_per_pretraining_epoch: of pre-training, which comes first
 * @n_pretraining_epochs: how many of these; 0: none
 *
 * What a training run would take, told before it.
 */
struct _WenTrainingForecast
{
  guint64 n_parameters;
  guint64 n_tokens;
  guint64 memory_bytes;
  guint64 free_bytes;
  double  seconds_per_epoch;
  guint   n_epochs;
  double  seconds_per_pretraining_epoch;
  guint   n_pretraining_epochs;
};

WEN_API
gboolean wen_training_forecast (WenDataset          *dataset,
                                const WenRecipe     *recipe,
                                GCancellable        *cancellable,
                                WenTrainingForecast *forecast,
                                GError             **error);

G_END_DECLS
