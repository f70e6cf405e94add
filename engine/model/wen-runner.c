/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prediction for many texts on all cores.
 *
 * DESIGN: texts are cut into chunks of a fixed number, and each chunk is run by
 * one worker alone.  So the numbers do not depend on how many workers there are
 * or which of them was first: the same texts give the same bits, always. */

#include "config.h"

#include "wen-runner-private.h"

/* Large enough that matrix products are efficient, small enough to share well. */
#define CHUNK_TEXTS 32

struct _WenRunner
{
  WenModel           *model;        /* owned */
  WenWorkerPool      *pool;         /* borrowed */
  WenModelWorkspace **workspaces;   /* [n_workers], owned */
  guint32           **offsets;      /* [n_workers][CHUNK_TEXTS + 1], owned */

  /* of one run, shared by the workers */
  const WenBatch     *texts;
  float              *probabilities;
  GCancellable       *cancellable;
  gint                next_chunk;   /* atomic */
};

/* The pool must outlive the runner. */
WenRunner *
wen_runner_new (WenModel      *model,
                WenWorkerPool *pool)
{
  WenRunner *self = g_new0 (WenRunner, 1);
  guint n_workers = wen_worker_pool_get_n_workers (pool);
  gsize chunk_tokens = (gsize) CHUNK_TEXTS * wen_model_get_recipe (model)->maximum_length;

  self->model = g_object_ref (model);
  self->pool = pool;
  self->workspaces = g_new (WenModelWorkspace *, n_workers);
  self->offsets = g_new (guint32 *, n_workers);
  for (guint i = 0; i < n_workers; i++)
    {
      self->workspaces[i] = wen_model_workspace_new (model, chunk_tokens, CHUNK_TEXTS);
      self->offsets[i] = g_new (guint32, CHUNK_TEXTS + 1);
    }
  return self;
}

void
wen_runner_free (WenRunner *self)
{
  for (guint i = 0; i < wen_worker_pool_get_n_workers (self->pool); i++)
    {
      wen_model_workspace_free (self->model, self->workspaces[i]);
      g_free (self->offsets[i]);
    }
  g_free (self->workspaces);
  g_free (self->offsets);
  g_object_unref (self->model);
  g_free (self);
}

static void
run_chunk (WenRunner *self,
           guint      worker,
           gsize      first)
{
  const WenBatch *texts = self->texts;
  gsize n_texts = MIN (CHUNK_TEXTS, texts->n_texts - first);
  guint32 begin = texts->offsets[first];
  guint32 *offsets = self->offsets[worker];
  WenBatch chunk = {
    .n_texts = n_texts,
    .n_tokens = texts->offsets[first + n_texts] - begin,
    .token_ids = texts->token_ids + begin,
    .offsets = offsets,
  };

  for (gsize i = 0; i <= n_texts; i++)
    offsets[i] = texts->offsets[first + i] - begin;
  wen_model_predict (self->model, self->workspaces[worker], &chunk,
                     self->probabilities + first * wen_model_get_n_labels (self->model));
}

/* Worker.  Takes chunks until there are none left. */
static void
run_chunks (guint    worker,
            gpointer data)
{
  WenRunner *self = data;

  while (!g_cancellable_is_cancelled (self->cancellable))
    {
      gsize first = (gsize) g_atomic_int_add (&self->next_chunk, 1) * CHUNK_TEXTS;

      if (first >= self->texts->n_texts)
        break;
      run_chunk (self, worker, first);
    }
}

/* Writes probabilities [n_texts][n_labels].  Every text has at least one token
 * and at most the recipe's maximum length.  FALSE where it was cancelled. */
gboolean
wen_runner_run (WenRunner      *self,
                const WenBatch *texts,
                float          *probabilities,
                GCancellable   *cancellable)
{
  self->texts = texts;
  self->probabilities = probabilities;
  self->cancellable = cancellable;
  g_atomic_int_set (&self->next_chunk, 0);
  wen_worker_pool_run (self->pool, run_chunks, self);
  return !g_cancellable_is_cancelled (cancellable);
}
