/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prediction for many texts on all cores. */

#pragma once

#include <gio/gio.h>

#include "wen-model-private.h"

typedef struct _WenRunner WenRunner;

WenRunner *wen_runner_new  (WenModel       *model,
                            WenWorkerPool  *pool);
void       wen_runner_free (WenRunner      *self);
gboolean   wen_runner_run  (WenRunner      *self,
                            const WenBatch *texts,
                            float          *probabilities,
                            GCancellable   *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenRunner, wen_runner_free)
