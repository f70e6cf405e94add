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

/* Where the part of n things that a worker takes begins, and that of the one before ends. */
static inline gsize
wen_worker_part_begin (guint worker,
                       guint n_workers,
                       gsize n_things)
{
  return (gsize) ((guint64) n_things * worker / n_workers);
}

/* The same for things of unequal size, which cannot be cut: the first one that begins in
 * the worker's part of the whole.
 *
 *   begins   [n_things + 1], never falling */
static inline gsize
wen_worker_first_thing (guint          worker,
                        guint          n_workers,
                        const guint32 *begins,
                        gsize          n_things)
{
  gsize whole_begin = wen_worker_part_begin (worker, n_workers, begins[n_things]);
  gsize low = 0;
  gsize high = n_things;

  if (worker == n_workers)
    return n_things;
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (begins[middle] < whole_begin)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenWorkerPool, wen_worker_pool_free)
