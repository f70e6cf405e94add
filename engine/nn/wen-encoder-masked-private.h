/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guessing hidden tokens: which tokens of a batch are hidden, and the layer that
 * guesses them. */

#pragma once

#include "wen-adam-private.h"
#include "wen-encoder-pass-private.h"

typedef struct _WenEncoderMasked WenEncoderMasked;

#define WEN_ENCODER_MASKED_N_STATE 3

gsize             wen_encoder_masked_count_floats (const WenEncoderConfig         *config,
                                                   guint                           n_workers);
WenEncoderMasked *wen_encoder_masked_new          (WenEncoder                     *encoder,
                                                   const WenEncoderTrainingConfig *config,
                                                   guint                           n_workers,
                                                   gsize                           max_tokens);
void              wen_encoder_masked_free         (WenEncoderMasked               *self);
void              wen_encoder_masked_list_state   (WenEncoderMasked               *self,
                                                   WenTensor                      *state);
const WenBatch   *wen_encoder_masked_hide         (WenEncoderMasked               *self,
                                                   const WenBatch                 *batch,
                                                   guint64                         step);
gsize             wen_encoder_masked_get_n_targets (WenEncoderMasked              *self);
const float      *wen_encoder_masked_get_d_bias   (WenEncoderMasked               *self);
void              wen_encoder_masked_guess        (WenEncoderMasked               *self,
                                                   guint                           worker,
                                                   const WenEncoderPassTokens     *tokens,
                                                   float                          *d_table,
                                                   double                         *loss,
                                                   gsize                          *n_correct);
double            wen_encoder_masked_reduce       (WenEncoderMasked               *self,
                                                   gsize                           begin,
                                                   gsize                           end);
void              wen_encoder_masked_update       (WenEncoderMasked               *self,
                                                   const WenAdam                  *adam,
                                                   gsize                           begin,
                                                   gsize                           end);
