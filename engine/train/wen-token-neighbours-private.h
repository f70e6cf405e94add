/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which tokens stand in similar places of the training texts, and for similar labels. */

#pragma once

#include "wen-batch-private.h"
#include "wen-vocabulary.h"
#include "wen-worker-pool-private.h"

#include <gio/gio.h>

typedef struct _WenTokenNeighbours WenTokenNeighbours;

WenTokenNeighbours *wen_token_neighbours_new  (const WenBatch      *texts,
                                               WenVocabulary       *vocabulary,
                                               WenWorkerPool       *pool,
                                               GCancellable        *cancellable);
void                wen_token_neighbours_free (WenTokenNeighbours  *self);
/* The most similar first. (array length=n_neighbours) (transfer none) (nullable) */
const guint32      *wen_token_neighbours_get  (WenTokenNeighbours  *self,
                                               guint32              token_id,
                                               guint               *n_neighbours);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenTokenNeighbours, wen_token_neighbours_free)
