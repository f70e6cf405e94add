/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests ask of a trainer: gradients without an update. */

#pragma once

#include "wen-encoder-private.h"

void wen_encoder_trainer_compute_gradient (WenEncoderTrainer *self,
                                           const WenBatch    *batch,
                                           guint64            step,
                                           float             *gradient,
                                           WenStepResult     *result);
