/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The training texts changed a little, in another way each epoch. */

#pragma once

#include "wen-model-private.h"
#include "wen-training-set-private.h"

typedef struct _WenAugmentation WenAugmentation;

WenAugmentation            *wen_augmentation_new           (const WenRecipe      *recipe,
                                                            const WenTrainingSet *set,
                                                            WenWorkerPool        *pool,
                                                            const gint           *stops,
                                                            GCancellable         *cancellable);
void                        wen_augmentation_free          (WenAugmentation      *self);
/* For wen_model_set_augmentation(). (transfer none) */
const WenModelAugmentation *wen_augmentation_get_hook      (WenAugmentation      *self);
WenBatch                    wen_augmentation_get_texts     (WenAugmentation      *self,
                                                            guint                 epoch);
guint                       wen_augmentation_get_max_tokens (WenAugmentation     *self,
                                                            guint                 n_tokens);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenAugmentation, wen_augmentation_free)
