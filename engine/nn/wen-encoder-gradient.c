/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first two rounds of a training step: the gradient of a batch, by all workers.
 * The design stands in wen-encoder-trainer.c. */

#include "config.h"

#include "wen-encoder-trainer-parts-private.h"

#include "wen-embedding-private.h"
#include "wen-encoder-trainer-private.h"

#include <math.h>
#include <string.h>

static guint32
text_length (const WenBatch *batch,
             gsize           text)
{
  return batch->offsets[text + 1] - batch->offsets[text];
}

/* In products of a hidden row, which all texts have in common; attention's are
 * smaller and slower, which the factor stands for. */
static double
text_work (const WenEncoderConfig *config,
           guint32                 length)
{
  double each = 4.0 * config->hidden_size + 2.0 * config->feed_forward_size;

  return length * (each + 4.0 * length);
}

static void
sort_texts (WenEncoderTrainer *self)
{
  const WenBatch *batch = self->batch;
  guint32         n_longer = 0;

  memset (self->length_counts, 0, (self->encoder->config.n_positions + 1) * sizeof *self->length_counts);
  for (gsize i = 0; i < batch->n_texts; i++)
    self->length_counts[text_length (batch, i)]++;
  for (guint length = self->encoder->config.n_positions + 1; length-- > 0;)
    {
      guint32 count = self->length_counts[length];

      if (count > 0)
        self->n_batch_positions = MAX (self->n_batch_positions, length);
      self->length_counts[length] = n_longer;
      n_longer += count;
    }
  for (gsize i = 0; i < batch->n_texts; i++)
    self->texts_by_length[self->length_counts[text_length (batch, i)]++] = (guint32) i;
}

/* The longest text that is left goes to the worker with the least work. */
static void
deal_out_texts (WenEncoderTrainer *self)
{
  for (guint i = 0; i < self->n_workers; i++)
    {
      self->workers[i].n_texts = 0;
      self->workers[i].n_tokens = 0;
      self->workers[i].work = 0.0;
    }

  self->n_batch_positions = 0;
  sort_texts (self);

  for (gsize i = 0; i < self->batch->n_texts; i++)
    {
      guint32         text = self->texts_by_length[i];
      guint32         length = text_length (self->batch, text);
      TrainingWorker *worker = &self->workers[0];

      for (guint j = 1; j < self->n_workers; j++)
        if (self->workers[j].work < worker->work)
          worker = &self->workers[j];
      worker->texts[worker->n_texts++] = text;
      worker->n_tokens += length;
      worker->work += text_work (&self->encoder->config, length);
    }

  self->n_other_blocks = 0;
  for (guint i = 1; i < self->n_workers; i++)
    if (self->workers[i].n_texts > 0)
      self->other_blocks[self->n_other_blocks++] = self->workers[i].gradient_block;
}

static void
find_occurrences (WenEncoderTrainer *self)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenBatch         *batch = self->batch;
  guint                   n_at_token = config->longest_ngram - 1;

  if (self->config.n_frozen > 0)
    {
      self->n_batch_positions = 0;
      return;
    }

  wen_occurrences_find (&self->tokens, batch->token_ids, batch->n_tokens, 1);
  for (gsize slot = 0; slot < self->tokens.n_slots; slot++)
    self->occurred[self->tokens.rows[slot]] = TRUE;

  if (config->n_ngrams == 0)
    return;
  for (gsize i = 0; i < batch->n_texts; i++)
    wen_ngram_rows (self->ngram_rows + batch->offsets[i] * n_at_token, batch->token_ids + batch->offsets[i],
                    text_length (batch, i), config->longest_ngram, config->n_ngrams);
  wen_occurrences_find (&self->ngrams, self->ngram_rows, batch->n_tokens * n_at_token, n_at_token);
}

void
wen_encoder_trainer_forget_occurrences (WenEncoderTrainer *self)
{
  wen_occurrences_forget (&self->tokens);
  if (self->encoder->config.n_ngrams > 0)
    wen_occurrences_forget (&self->ngrams);
}

/* The texts in the pass: loss and gradients. */
static void
run_group (WenEncoderTrainer        *self,
           guint                     index,
           const WenEncoderPassStep *step,
           gboolean                  add,
           double                   *loss,
           gsize                    *n_correct)
{
  TrainingWorker      *worker = &self->workers[index];
  WenEncoderPassTokens tokens;

  if (self->masked != NULL)
    {
      wen_encoder_pass_forward_tokens (worker->pass, step, &tokens);
      wen_encoder_masked_guess (self->masked, index, &tokens, worker->gradient.token_embeddings, loss, n_correct);
      wen_encoder_pass_backward_tokens (worker->pass, &worker->gradient, self->d_embedded, add);
    }
  else
    {
      wen_encoder_pass_forward (worker->pass, step, loss, n_correct);
      wen_encoder_pass_backward (worker->pass, &worker->gradient, self->d_embedded, add);
    }
}

/* Round 1. */
static void
run_shard (guint    index,
           gpointer data)
{
  WenEncoderTrainer *self = data;
  TrainingWorker    *worker = &self->workers[index];
  WenEncoderPassStep step = {
    .dropout = self->config.dropout,
    .seed = self->config.seed,
    .step = self->step,
    .label_smoothing = self->config.label_smoothing,
    .n_batch_texts = self->batch->n_texts,
    .mixup = self->config.mixup,
    .consistency = self->config.consistency,
    .n_frozen = self->config.n_frozen,
  };
  gsize n_tokens = worker->n_tokens * wen_encoder_trainer_count_copies (&self->config);
  gsize n_groups = (n_tokens + WEN_GROUP_TOKENS - 1) / WEN_GROUP_TOKENS;
  gsize group_size = n_groups > 0 ? (n_tokens + n_groups - 1) / n_groups : 0;
  gsize next = 0;

  worker->loss = 0.0;
  worker->n_correct = 0;

  while (next < worker->n_texts)
    {
      gboolean add = next > 0;
      double   loss;
      gsize    n_correct;

      wen_encoder_pass_clear (worker->pass);
      while (next < worker->n_texts
             && wen_encoder_pass_get_n_tokens (worker->pass) < group_size
             && wen_encoder_pass_add_text (worker->pass, self->batch, worker->texts[next]))
        next++;

      run_group (self, index, &step, add, &loss, &n_correct);
      worker->loss += loss;
      worker->n_correct += n_correct;
    }
}

/* Sums the gradients of a worker's part of the rows that occur.  Rows that occur often
 * cost more: cut by occurrences.  Returns the sum of the squares. */
static double
sum_rows (WenEncoderTrainer    *self,
          const WenOccurrences *occurrences,
          float                *d_rows,
          guint                 worker)
{
  gsize  hidden_size = self->encoder->config.hidden_size;
  gsize  begin = wen_worker_first_thing (worker, self->n_workers, occurrences->begins, occurrences->n_slots);
  gsize  end = wen_worker_first_thing (worker + 1, self->n_workers, occurrences->begins, occurrences->n_slots);
  double squares = 0.0;

  for (gsize slot = begin; slot < end; slot++)
    {
      float *gradient = d_rows + slot * hidden_size;

      wen_occurrences_sum (gradient, occurrences, slot, self->d_embedded, hidden_size);
      squares += wen_sum_squares (gradient, hidden_size);
    }
  return squares;
}

/* A worker's part of all token embeddings: what the blocks have for them, and where
 * they occur.  Returns the sum of the squares, with those of the layer that guesses. */
static double
sum_all_tokens (WenEncoderTrainer *self,
                guint              worker)
{
  const WenOccurrences *occurrences = &self->tokens;
  gsize                 hidden_size = self->encoder->config.hidden_size;
  gsize                 begin = wen_part_begin (self, worker, self->encoder->config.n_vocabulary, 16);
  gsize                 end = wen_part_begin (self, worker + 1, self->encoder->config.n_vocabulary, 16);
  float                *d_table = self->workers[0].gradient.token_embeddings;

  wen_sum_gradients (self->workers[0].gradient_block, self->other_blocks, self->n_other_blocks,
                     begin * hidden_size, end * hidden_size);
  for (gsize slot = 0; slot < occurrences->n_slots; slot++)
    {
      guint32 token = occurrences->rows[slot];
      float  *gradient = self->d_tokens + slot * hidden_size;

      if (token < begin || token >= end)
        continue;
      wen_occurrences_sum (gradient, occurrences, slot, self->d_embedded, hidden_size);
      wen_add (d_table + token * hidden_size, gradient, hidden_size);
    }
  return wen_sum_squares (d_table + begin * hidden_size, (end - begin) * hidden_size)
         + wen_encoder_masked_reduce (self->masked, begin, end);
}

/* Round 2. */
static void
reduce_part (guint    index,
             gpointer data)
{
  WenEncoderTrainer *self = data;
  TrainingWorker    *worker = &self->workers[index];
  gsize              hidden_size = self->encoder->config.hidden_size;
  gsize              n_first = self->encoder->n_embedding_parameters;
  gsize              n_rest = self->encoder->n_dense_parameters - n_first;
  gsize              begin = wen_part_begin (self, index, self->n_batch_positions, 1);
  gsize              end = wen_part_begin (self, index + 1, self->n_batch_positions, 1);
  float             *d_positions = self->workers[0].gradient.position_embeddings;

  worker->squares = wen_sum_gradients (self->workers[0].gradient_block,
                                       self->other_blocks, self->n_other_blocks,
                                       n_first + wen_part_begin (self, index, n_rest, 16),
                                       n_first + wen_part_begin (self, index + 1, n_rest, 16));

  memset (d_positions + begin * hidden_size, 0, (end - begin) * hidden_size * sizeof *d_positions);
  for (gsize i = 0; i < self->batch->n_texts; i++)
    {
      gsize text_end = MIN (end, text_length (self->batch, i));

      if (begin < text_end)
        wen_add (d_positions + begin * hidden_size,
                 self->d_embedded + (self->batch->offsets[i] + begin) * hidden_size,
                 (text_end - begin) * hidden_size);
    }
  worker->squares += wen_sum_squares (d_positions + begin * hidden_size, (end - begin) * hidden_size);

  /* Added up alone first, as it is without n-grams. */
  worker->squares += self->masked != NULL ? sum_all_tokens (self, index)
                                          : sum_rows (self, &self->tokens, self->d_tokens, index);
  if (self->encoder->config.n_ngrams > 0)
    worker->squares += sum_rows (self, &self->ngrams, self->d_ngrams, index);
}

void
wen_encoder_trainer_run_gradient (WenEncoderTrainer *self,
                                  const WenBatch    *batch,
                                  guint64            step,
                                  WenStepResult     *result)
{
  double squares = 0.0;

  self->batch = self->masked != NULL ? wen_encoder_masked_hide (self->masked, batch, step) : batch;
  self->step = step;
  deal_out_texts (self);
  find_occurrences (self);

  wen_worker_pool_run (self->pool, run_shard, self);
  wen_worker_pool_run (self->pool, reduce_part, self);

  result->loss = 0.0;
  result->n_correct = 0;
  for (guint i = 0; i < self->n_workers; i++)
    {
      result->loss += self->workers[i].loss;
      result->n_correct += self->workers[i].n_correct;
      squares += self->workers[i].squares;
    }
  result->n_targets = self->masked != NULL ? wen_encoder_masked_get_n_targets (self->masked) : batch->n_texts;
  /* A batch of very short texts may have nothing that can be masked. */
  result->loss /= (double) MAX (result->n_targets, 1);
  result->gradient_norm = sqrt (squares);
}

/*< private >
 * wen_encoder_trainer_compute_gradient:
 * @self: a trainer
 * @batch: texts with labels
 * @step: keys the dropout
 * @gradient: (out caller-allocates): a block like that of the parameters
 * @result: (out caller-allocates): what came out
 *
 * Computes the gradient of a step, not yet clipped, and updates nothing.
 */
void
wen_encoder_trainer_compute_gradient (WenEncoderTrainer *self,
                                      const WenBatch    *batch,
                                      guint64            step,
                                      float             *gradient,
                                      WenStepResult     *result)
{
  const WenEncoder *encoder = self->encoder;
  gsize             hidden_size = encoder->config.hidden_size;
  float            *d_positions = gradient + (encoder->view.position_embeddings - encoder->parameters);

  g_return_if_fail (wen_encoder_accepts (encoder, batch, self->max_tokens, self->max_texts));

  wen_encoder_trainer_run_gradient (self, batch, step, result);

  memset (gradient, 0, encoder->n_embedding_parameters * sizeof *gradient);
  if (self->masked != NULL)
    memcpy (gradient, self->workers[0].gradient.token_embeddings,
            encoder->config.n_vocabulary * hidden_size * sizeof *gradient);
  for (gsize slot = 0; slot < self->tokens.n_slots && self->masked == NULL; slot++)
    memcpy (gradient + self->tokens.rows[slot] * hidden_size, self->d_tokens + slot * hidden_size,
            hidden_size * sizeof *gradient);
  memcpy (d_positions, self->workers[0].gradient.position_embeddings,
          self->n_batch_positions * hidden_size * sizeof *gradient);
  memcpy (gradient + encoder->n_embedding_parameters,
          self->workers[0].gradient_block + encoder->n_embedding_parameters,
          (encoder->n_dense_parameters - encoder->n_embedding_parameters) * sizeof *gradient);
  memset (gradient + encoder->n_dense_parameters, 0,
          (encoder->n_parameters - encoder->n_dense_parameters) * sizeof *gradient);
  for (gsize slot = 0; slot < self->ngrams.n_slots; slot++)
    memcpy (gradient + encoder->n_dense_parameters + self->ngrams.rows[slot] * hidden_size,
            self->d_ngrams + slot * hidden_size, hidden_size * sizeof *gradient);
  wen_encoder_trainer_forget_occurrences (self);
}
