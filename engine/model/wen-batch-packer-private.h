/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Packs some texts of a training split into the batch of a step. */

#pragma once

#include "wen-batch-private.h"

typedef struct _WenBatchPacker WenBatchPacker;

WenBatchPacker *wen_batch_packer_new  (const WenBatch *texts,
                                       guint           n_labels,
                                       gsize           max_tokens,
                                       gsize           max_texts);
void            wen_batch_packer_free (WenBatchPacker *self);
void            wen_batch_packer_set_token_dropout (WenBatchPacker *self,
                                                    double          share,
                                                    guint64         seed);
void            wen_batch_packer_set_tokens (WenBatchPacker *self,
                                             const WenBatch *texts);
WenBatch        wen_batch_packer_pack (WenBatchPacker *self,
                                       const guint32  *order,
                                       gsize           n_texts,
                                       guint64         step);
