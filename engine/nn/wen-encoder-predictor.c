/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logits of texts: forward only, without dropout, over any number of texts.
 *
 * DESIGN.  The texts of a batch go through in groups small enough for their
 * activations to stay in the cache of a core; how many texts a batch has changes
 * neither the memory nor the speed.  With a pool each worker takes a run of texts
 * of equal work.
 */

#include "config.h"

#include "wen-encoder-pass-private.h"

/* Tokens of a group, at most, unless a single text has more. */
#define GROUP_TOKENS 512

/* A batch with less is not worth waking other threads for. */
#define WORTH_SHARING_TOKENS 64

struct _WenEncoderPredictor
{
  WenEncoder      *encoder; /* borrowed */
  WenWorkerPool   *pool;    /* borrowed, or NULL */
  gsize            max_tokens;
  gsize            max_texts;
  guint            n_workers;
  WenEncoderPass **passes;  /* [n_workers] */

  /* the batch */
  const WenBatch  *batch;
  float           *logits;
};

static void
predict_texts (WenEncoderPredictor *self,
               WenEncoderPass      *pass,
               gsize                begin,
               gsize                end)
{
  gsize n_labels = self->encoder->config.n_labels;

  while (begin < end)
    {
      gsize first = begin;

      wen_encoder_pass_clear (pass);
      while (begin < end && wen_encoder_pass_add_text (pass, self->batch, begin))
        begin++;
      wen_encoder_pass_predict (pass, self->logits + first * n_labels);
    }
}

static void
predict_share (guint    worker,
               gpointer data)
{
  WenEncoderPredictor *self = data;
  const WenBatch      *batch = self->batch;

  predict_texts (self, self->passes[worker],
                 wen_worker_first_thing (worker, self->n_workers, batch->offsets, batch->n_texts),
                 wen_worker_first_thing (worker + 1, self->n_workers, batch->offsets, batch->n_texts));
}

/*< private >
 * wen_encoder_predictor_new:
 * @encoder: an encoder, must live longer
 * @pool: (nullable): a pool, must live longer; `NULL` to work in the calling thread
 * @max_tokens: tokens of a batch, at most
 * @max_texts: texts of a batch, at most
 *
 * Makes a predictor, with room for activations.
 *
 * Returns: (transfer full): a predictor
 */
WenEncoderPredictor *
wen_encoder_predictor_new (WenEncoder    *encoder,
                           WenWorkerPool *pool,
                           gsize          max_tokens,
                           gsize          max_texts)
{
  WenEncoderPredictor *self;
  gsize                n_group_tokens;

  g_return_val_if_fail (encoder != NULL, NULL);
  g_return_val_if_fail (max_tokens > 0 && max_texts > 0, NULL);

  self = g_new0 (WenEncoderPredictor, 1);
  self->encoder = encoder;
  self->pool = pool;
  self->max_tokens = max_tokens;
  self->max_texts = max_texts;
  self->n_workers = pool != NULL ? wen_worker_pool_get_n_workers (pool) : 1;
  self->passes = g_new0 (WenEncoderPass *, self->n_workers);

  n_group_tokens = MIN (max_tokens, MAX (GROUP_TOKENS, encoder->config.n_positions));
  for (guint i = 0; i < self->n_workers; i++)
    self->passes[i] = wen_encoder_pass_new (encoder, n_group_tokens, MIN (max_texts, n_group_tokens), FALSE);

  return self;
}

/*< private >
 * wen_encoder_predictor_free:
 * @self: (transfer full): a predictor
 *
 * Frees a predictor.
 */
void
wen_encoder_predictor_free (WenEncoderPredictor *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->n_workers; i++)
    wen_encoder_pass_free (self->passes[i]);
  g_free (self->passes);
  g_free (self);
}

/*< private >
 * wen_encoder_predictor_run:
 * @self: a predictor
 * @batch: texts; labels are not looked at
 * @logits: (out caller-allocates): [n_texts][n_labels]
 *
 * Computes the logits of texts.
 *
 * Blocks until all are written.  Allocates nothing.  One thread at a time may use
 * a predictor; the same batch and number of workers give the same bits.
 */
void
wen_encoder_predictor_run (WenEncoderPredictor *self,
                           const WenBatch      *batch,
                           float               *logits)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (logits != NULL);
  g_return_if_fail (wen_encoder_accepts (self->encoder, batch, self->max_tokens, self->max_texts));

  self->batch = batch;
  self->logits = logits;

  if (self->pool == NULL || batch->n_texts == 1 || batch->n_tokens < WORTH_SHARING_TOKENS)
    predict_texts (self, self->passes[0], 0, batch->n_texts);
  else
    wen_worker_pool_run (self->pool, predict_share, self);
}
