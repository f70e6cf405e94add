/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A fixed set of threads that all run one function and wait for one another. */

#pragma once

#include <glib.h>

typedef struct _WenWorkerPool WenWorkerPool;

typedef void (*WenWorkerFunc) (guint    worker,
                               gpointer data);

/* n_workers 0: one a core that this process may use.  The caller of run() is worker 0, so n_workers - 1 threads are made. */
WenWorkerPool *wen_worker_pool_new           (guint          n_workers);
void           wen_worker_pool_free          (WenWorkerPool *self);
guint          wen_worker_pool_get_n_workers (WenWorkerPool *self);
/* Calls func once for each worker, in parallel, and returns when all are done.  Allocates nothing. */
void           wen_worker_pool_run           (WenWorkerPool *self,
                                              WenWorkerFunc  func,
                                              gpointer       data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenWorkerPool, wen_worker_pool_free)
