/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fixed set of threads that all run one function and wait for one another. */

#pragma once

#include <glib.h>

typedef struct _WenWorkerPool WenWorkerPool;

typedef void (*WenWorkerFunc) (guint    worker,
                               gpointer data);

WenWorkerPool *wen_worker_pool_new           (guint          n_workers);
void           wen_worker_pool_free          (WenWorkerPool *self);
guint          wen_worker_pool_get_n_workers (WenWorkerPool *self);
void           wen_worker_pool_run           (WenWorkerPool *self,
                                              WenWorkerFunc  func,
                                              gpointer       data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenWorkerPool, wen_worker_pool_free)
