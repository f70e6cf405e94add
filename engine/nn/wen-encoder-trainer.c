/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training step: gradients by all workers, their sum, clipping, update.
 *
 * DESIGN.  A step is three rounds of the pool.
 *
 * 1. The texts of the batch are dealt out so that every worker has equal work.
 *    Each runs forward and backward over its own, in groups that bound the memory
 *    of activations, into its own gradient block.  The gradients of embedded
 *    tokens are not summed yet: each token of the batch has a row for its own.
 * 2. Each worker sums a range of parameters over the blocks of all workers, in the
 *    order of the workers, into the block of the first; and for a part of the
 *    different tokens of the batch, it sums the rows of each.  Both give their
 *    share of the squared norm.
 * 3. Each worker updates a range of parameters with Adam, scaled for clipping.  Where
 *    there is an average of the weights, it follows in a fourth.
 *
 * With R-Drop each text goes through twice, as two copies side by side in the same
 * group, whose gradients of embedded tokens are added at once.  Mixup takes the
 * partners of a text from its group, so it also hangs on the number of workers.
 *
 * No sum depends on which worker was faster, so equal seeds, batches and numbers
 * of workers give equal bits.
 *
 * An embedding that does not occur in a batch has gradient 0, but its momentum
 * and weight decay go on, exactly as if its gradient had been computed.  Only its
 * arithmetic is less: an embedding that never occurred has no momentum either.
 *
 * Embeddings of n-grams are too many for that.  They are learnt with AdaGrad, whose
 * step shrinks with what a row has seen and not with time: a row without a gradient
 * stays as it is, and nothing has to be caught up on when it occurs again.  They do
 * not decay, since one that is rare would decay more often than it learns.
 *
 * Where masked tokens are guessed instead of labels, every token embedding has a
 * gradient, in the blocks of the workers; what the rows of d_embedded give is added
 * to it.
 */

#include "config.h"

#include "wen-encoder-trainer-parts-private.h"

#include <string.h>

static void
add_state (WenEncoderTrainer *self,
           const char        *name,
           float             *values,
           gsize              n_values)
{
  wen_tensor_set (&self->state[self->n_state++], name, values, n_values, 0);
}

/* Different n-grams of a batch, at most. */
static guint64
count_batch_ngrams (const WenEncoderConfig *config,
                    guint64                 max_tokens)
{
  return config->n_ngrams > 0 ? MIN (max_tokens * (config->longest_ngram - 1), config->n_ngrams) : 0;
}

static void
make_room_for_ngrams (WenEncoderTrainer *self)
{
  const WenEncoderConfig *shape = &self->encoder->config;
  gsize                   max_fetched = self->max_tokens * (shape->longest_ngram - 1);

  self->ngram_rows = g_new (guint32, max_fetched);
  wen_occurrences_init (&self->ngrams, shape->n_ngrams);
  wen_occurrences_reserve (&self->ngrams, max_fetched);
  self->d_ngrams = g_aligned_alloc (count_batch_ngrams (shape, self->max_tokens) * shape->hidden_size,
                                    sizeof (float), 64);
  self->ngram_squares = g_new0 (float, shape->n_ngrams);
  add_state (self, "optimizer.ngram_square", self->ngram_squares, shape->n_ngrams);
}

static void
make_room_for_averages (WenEncoderTrainer *self)
{
  const WenEncoderConfig *shape = &self->encoder->config;

  self->averages = g_aligned_alloc0 (self->encoder->n_parameters, sizeof (float), 64);
  add_state (self, "average.weight", self->averages, self->encoder->n_parameters);
  add_state (self, "average.shown", &self->shows_average, 1);
  if (shape->n_ngrams > 0)
    {
      self->ngram_steps = g_new0 (float, shape->n_ngrams);
      add_state (self, "average.ngram_step", self->ngram_steps, shape->n_ngrams);
    }
}

/*< private >
 * wen_encoder_trainer_new:
 * @encoder: an encoder, must live longer
 * @pool: a pool, must live longer
 * @config: how to train
 * @max_tokens: tokens of a batch, at most
 * @max_texts: texts of a batch, at most
 *
 * Makes a trainer, with room for gradients, optimizer state and activations.
 *
 * Returns: (transfer full): a trainer whose optimizer has seen nothing
 */
WenEncoderTrainer *
wen_encoder_trainer_new (WenEncoder                     *encoder,
                         WenWorkerPool                  *pool,
                         const WenEncoderTrainingConfig *config,
                         gsize                           max_tokens,
                         gsize                           max_texts)
{
  const WenEncoderConfig *shape = wen_encoder_get_config (encoder);
  WenEncoderTrainer      *self;
  gsize                   longest;
  gsize                   n_group_tokens;
  guint                   n_copies;

  g_return_val_if_fail (encoder != NULL, NULL);
  g_return_val_if_fail (pool != NULL, NULL);
  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (max_tokens > 0 && max_texts > 0, NULL);
  g_return_val_if_fail (config->masked_share == 0.0f
                        || (config->mixup == 0.0f && config->consistency == 0.0f && config->n_frozen == 0), NULL);

  self = g_new0 (WenEncoderTrainer, 1);
  self->encoder = encoder;
  self->pool = pool;
  self->config = *config;
  self->max_tokens = max_tokens;
  self->max_texts = max_texts;
  self->config.n_frozen = MIN (config->n_frozen, shape->n_layers + 1);
  self->adams = g_new (WenAdam, shape->n_layers + 2);

  longest = MIN (max_tokens, shape->n_positions);
  n_copies = wen_encoder_trainer_count_copies (config);
  n_group_tokens = MIN (n_copies * max_tokens, MAX (WEN_GROUP_TOKENS, n_copies * longest));

  self->n_workers = wen_worker_pool_get_n_workers (pool);
  self->workers = g_new0 (TrainingWorker, self->n_workers);
  self->other_blocks = g_new0 (float *, self->n_workers);
  for (guint i = 0; i < self->n_workers; i++)
    {
      TrainingWorker *worker = &self->workers[i];

      worker->pass = wen_encoder_pass_new (encoder, n_group_tokens, n_copies * max_texts, TRUE);
      wen_encoder_pass_set_copies (worker->pass, n_copies);
      /* The pages of tokens and n-grams are never touched, so never there, unless tokens
       * are guessed. */
      worker->gradient_block = g_aligned_alloc (encoder->n_parameters, sizeof (float), 64);
      memset (worker->gradient_block + encoder->n_embedding_parameters, 0,
              (encoder->n_dense_parameters - encoder->n_embedding_parameters) * sizeof (float));
      wen_encoder_view_init (&worker->gradient, encoder, worker->gradient_block);
      worker->texts = g_new (guint32, max_texts);
    }

  self->means = g_aligned_alloc0 (encoder->n_dense_parameters, sizeof (float), 64);
  self->squares = g_aligned_alloc0 (encoder->n_dense_parameters, sizeof (float), 64);
  add_state (self, "optimizer.mean", self->means, encoder->n_dense_parameters);
  add_state (self, "optimizer.square", self->squares, encoder->n_dense_parameters);
  self->occurred = g_new0 (gboolean, shape->n_vocabulary);

  self->d_embedded = g_aligned_alloc (max_tokens * shape->hidden_size, sizeof (float), 64);
  self->d_tokens = g_aligned_alloc (MIN (max_tokens, shape->n_vocabulary) * shape->hidden_size, sizeof (float), 64);
  wen_occurrences_init (&self->tokens, shape->n_vocabulary);
  wen_occurrences_reserve (&self->tokens, max_tokens);
  if (shape->n_ngrams > 0)
    make_room_for_ngrams (self);
  if (config->weight_averaging > 0.0)
    make_room_for_averages (self);
  if (config->masked_share > 0.0f)
    {
      self->masked = wen_encoder_masked_new (encoder, config, self->n_workers, max_tokens);
      wen_encoder_masked_list_state (self->masked, self->state + self->n_state);
      self->n_state += WEN_ENCODER_MASKED_N_STATE;
    }
  self->texts_by_length = g_new (guint32, max_texts);
  self->length_counts = g_new (guint32, shape->n_positions + 1);

  return self;
}

/*< private >
 * wen_encoder_trainer_forecast_bytes:
 * @config: the shape of an encoder
 * @training: how it is to be trained
 * @n_parameters: how many it has
 * @n_workers: how many are to train it
 * @max_tokens: tokens of a batch, at most
 * @max_texts: texts of a batch, at most
 *
 * Counts the memory that the large blocks of a trainer take, without making them.
 *
 * Returns: bytes, the encoder's own parameters not included
 */
guint64
wen_encoder_trainer_forecast_bytes (const WenEncoderConfig         *config,
                                    const WenEncoderTrainingConfig *training,
                                    guint64                         n_parameters,
                                    guint                           n_workers,
                                    gsize                           max_tokens,
                                    gsize                           max_texts)
{
  guint   n_copies = wen_encoder_trainer_count_copies (training);
  guint64 n_sparse = ((guint64) config->n_vocabulary + config->n_positions) * config->hidden_size;
  guint64 n_ngrams = (guint64) config->n_ngrams * config->hidden_size;
  guint64 n_dense = n_parameters > n_ngrams ? n_parameters - n_ngrams : 0;
  guint64 n_group_tokens = MIN (n_copies * max_tokens,
                                MAX (WEN_GROUP_TOKENS, n_copies * MIN (max_tokens, config->n_positions)));
  guint64 n_pass = wen_encoder_pass_count_floats (config, n_group_tokens, n_copies * max_texts, TRUE);
  guint64 n_gradients = n_dense > n_sparse ? n_dense - n_sparse : 0;
  guint64 n_rows = max_tokens + MIN (max_tokens, config->n_vocabulary) + count_batch_ngrams (config, max_tokens);
  guint64 n_averages = training->weight_averaging > 0.0 ? n_parameters + config->n_ngrams : 0;
  guint64 n_masked = 0;

  if (training->masked_share > 0.0f)
    n_masked = wen_encoder_masked_count_floats (config, n_workers) + n_workers * n_sparse;
  return sizeof (float) * (2 * n_dense + n_averages + n_workers * (n_gradients + n_pass) + n_rows * config->hidden_size
                           + 2 * (guint64) config->n_ngrams + n_masked);
}

/*< private >
 * wen_encoder_trainer_free:
 * @self: (transfer full): a trainer
 *
 * Frees a trainer; the encoder keeps what it has learnt.
 */
void
wen_encoder_trainer_free (WenEncoderTrainer *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->n_workers; i++)
    {
      TrainingWorker *worker = &self->workers[i];

      wen_encoder_pass_free (worker->pass);
      wen_encoder_view_clear (&worker->gradient);
      g_aligned_free (worker->gradient_block);
      g_free (worker->texts);
    }
  g_clear_pointer (&self->masked, wen_encoder_masked_free);
  g_free (self->workers);
  g_free (self->other_blocks);
  g_aligned_free (self->means);
  g_aligned_free (self->squares);
  g_free (self->occurred);
  g_aligned_free (self->d_embedded);
  g_aligned_free (self->d_tokens);
  g_free (self->texts_by_length);
  g_free (self->length_counts);
  wen_occurrences_clear (&self->tokens);
  wen_occurrences_clear (&self->ngrams);
  g_free (self->ngram_rows);
  g_free (self->ngram_squares);
  g_free (self->ngram_steps);
  g_aligned_free (self->averages);
  g_free (self->adams);
  g_aligned_free (self->d_ngrams);
  g_free (self);
}

/*< private >
 * wen_encoder_trainer_step:
 * @self: a trainer
 * @batch: texts with labels; without where masked tokens are guessed
 * @step: counts from 1; keys the dropout and what is masked, and Adam's correction of its beginning
 * @learning_rate: of this step
 * @result: (out caller-allocates): what came out
 *
 * Runs forward, backward, clipping and update.
 *
 * Blocks until the parameters are updated.  Allocates nothing.  Every token id
 * must be in the vocabulary, every label below the number of labels, and every
 * text have at least one token and at most as many as there are positions.  When
 * the loss in @result is not finite, neither are the parameters any more.
 */
void
wen_encoder_trainer_step (WenEncoderTrainer *self,
                          const WenBatch    *batch,
                          guint64            step,
                          float              learning_rate,
                          WenStepResult     *result)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (step > 0);
  g_return_if_fail (result != NULL);
  g_return_if_fail (wen_encoder_accepts (self->encoder, batch, self->max_tokens, self->max_texts));
  g_return_if_fail (batch->labels != NULL || self->masked != NULL);

  wen_encoder_trainer_run_gradient (self, batch, step, result);
  wen_encoder_trainer_run_update (self, step, learning_rate, result->gradient_norm);
  wen_encoder_trainer_forget_occurrences (self);
}

/*< private >
 * wen_encoder_trainer_list_state:
 * @self: a trainer
 * @n_tensors: (out): how many
 *
 * Lists what the optimizer remembers between steps.  With the parameters, it is
 * all that a later step depends on.
 *
 * Returns: (array length=n_tensors) (transfer none): the tensors
 */
const WenTensor *
wen_encoder_trainer_list_state (const WenEncoderTrainer *self,
                                gsize                   *n_tensors)
{
  *n_tensors = self->n_state;
  return self->state;
}

/*< private >
 * wen_encoder_trainer_restore:
 * @self: a trainer whose state was set to that of a checkpoint
 *
 * Finds out which embeddings have been trained: those with a momentum.  One whose
 * gradients were all 0 has none, and its update is the same either way.
 */
void
wen_encoder_trainer_restore (WenEncoderTrainer *self)
{
  gsize hidden_size = self->encoder->config.hidden_size;

  for (gsize token = 0; token < self->encoder->config.n_vocabulary; token++)
    {
      const float *squares = self->squares + token * hidden_size;

      self->occurred[token] = FALSE;
      for (gsize i = 0; i < hidden_size && !self->occurred[token]; i++)
        self->occurred[token] = squares[i] != 0.0f || self->means[token * hidden_size + i] != 0.0f;
    }
}
