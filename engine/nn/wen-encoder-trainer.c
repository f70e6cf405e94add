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
 * 3. Each worker updates a range of parameters with Adam, scaled for clipping.
 *
 * No sum depends on which worker was faster, so equal seeds, batches and numbers
 * of workers give equal bits.
 *
 * An embedding that does not occur in a batch has gradient 0, but its momentum
 * and weight decay go on, exactly as if its gradient had been computed.  Only its
 * arithmetic is less: an embedding that never occurred has no momentum either.
 *
 * Where masked tokens are guessed instead of labels, every embedding has a gradient,
 * in the blocks of the workers; what the rows of d_embedded give is added to it.
 */

#include "config.h"

#include "wen-encoder-trainer-private.h"

#include "wen-adam-private.h"
#include "wen-embedding-private.h"
#include "wen-encoder-masked-private.h"
#include "wen-encoder-pass-private.h"

#include <math.h>
#include <string.h>

/* Tokens of a group, at most, unless a single text has more. */
#define GROUP_TOKENS 1024

#define NO_SLOT G_MAXUINT32

typedef struct
{
  WenEncoderPass *pass;
  float          *gradient_block;
  WenEncoderView  gradient;
  guint32        *texts;   /* [max_texts]: its part of the batch */
  gsize           n_texts;
  gsize           n_tokens;
  double          work;

  double          loss;
  gsize           n_correct;
  double          squares; /* its share of the squared norm of the gradient */
} TrainingWorker;

struct _WenEncoderTrainer
{
  WenEncoder              *encoder; /* borrowed */
  WenWorkerPool           *pool;    /* borrowed */
  WenEncoderTrainingConfig config;
  gsize                    max_tokens;
  gsize                    max_texts;

  guint                    n_workers;
  TrainingWorker          *workers;       /* [n_workers] */
  float                  **other_blocks;  /* [n_workers]: to add to the first worker's */
  gsize                    n_other_blocks;

  /* optimizer state, like the parameters */
  float                   *means;
  float                   *squares;
  WenTensor                state[2 + WEN_ENCODER_MASKED_N_STATE]; /* both, and the layer's, for checkpoints */
  gsize                    n_state;
  gboolean                *occurred;      /* [n_vocabulary]: whether it ever had a gradient */

  /* the batch */
  const WenBatch          *batch;
  guint64                  step;
  gsize                    n_batch_positions;
  float                   *d_embedded;    /* [max_tokens][hidden]: by place in the batch */
  float                   *d_tokens;      /* [n_slots][hidden]: summed over the occurrences */
  guint32                 *texts_by_length;
  guint32                 *length_counts; /* [n_positions + 1] */

  /* where each different token of the batch occurs; slots are numbered in order of
   * first occurrence, and occurrences[slot_begins[slot]] is its first */
  gsize                    n_slots;
  guint32                 *slot_of_token; /* [n_vocabulary]; NO_SLOT between steps */
  guint32                 *slot_tokens;   /* [max_tokens] */
  guint32                 *slot_begins;   /* [max_tokens + 1] */
  guint32                 *slot_fill;     /* [max_tokens] */
  guint32                 *occurrences;   /* [max_tokens] */

  WenEncoderMasked        *masked;        /* owned; NULL: labels are learned */

  WenAdam                  adam;
};

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
  const WenBatch *batch = self->batch;
  guint32         n_before = 0;

  self->n_slots = 0;
  for (gsize i = 0; i < batch->n_tokens; i++)
    {
      guint32 token = batch->token_ids[i];
      guint32 slot = self->slot_of_token[token];

      if (slot == NO_SLOT)
        {
          slot = (guint32) self->n_slots++;
          self->slot_of_token[token] = slot;
          self->slot_tokens[slot] = token;
          self->slot_fill[slot] = 0;
          self->occurred[token] = TRUE;
        }
      self->slot_fill[slot]++;
    }

  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      guint32 count = self->slot_fill[slot];

      self->slot_begins[slot] = n_before;
      self->slot_fill[slot] = n_before;
      n_before += count;
    }
  self->slot_begins[self->n_slots] = n_before;

  for (gsize i = 0; i < batch->n_tokens; i++)
    self->occurrences[self->slot_fill[self->slot_of_token[batch->token_ids[i]]]++] = (guint32) i;
}

static void
forget_occurrences (WenEncoderTrainer *self)
{
  for (gsize slot = 0; slot < self->n_slots; slot++)
    self->slot_of_token[self->slot_tokens[slot]] = NO_SLOT;
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
  };
  gsize n_groups = (worker->n_tokens + GROUP_TOKENS - 1) / GROUP_TOKENS;
  gsize group_size = n_groups > 0 ? (worker->n_tokens + n_groups - 1) / n_groups : 0;
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

/* The part of n things that a worker takes, cut at multiples of a step. */
static gsize
part_begin (WenEncoderTrainer *self,
            guint              worker,
            gsize              n_things,
            gsize              multiple)
{
  gsize cut = (gsize) ((double) n_things * worker / self->n_workers);

  return worker == self->n_workers ? n_things : cut / multiple * multiple;
}

/* The rows of the tokens from begin up to end: what all workers have for them, and
 * where they occur.  Returns the sum of the squares. */
static double
reduce_all_tokens (WenEncoderTrainer *self,
                   gsize              begin,
                   gsize              end)
{
  gsize  hidden_size = self->encoder->config.hidden_size;
  float *d_table = self->workers[0].gradient.token_embeddings;

  wen_sum_gradients (self->workers[0].gradient_block, self->other_blocks, self->n_other_blocks,
                     begin * hidden_size, end * hidden_size);
  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      guint32 token = self->slot_tokens[slot];
      guint32 first = self->slot_begins[slot];
      float  *gradient = self->d_tokens + slot * hidden_size;

      if (token < begin || token >= end)
        continue;
      wen_sum_rows (gradient, self->d_embedded, self->occurrences + first, self->slot_begins[slot + 1] - first,
                    hidden_size);
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
  gsize              n_rest = self->encoder->n_parameters - n_first;
  gsize              begin = part_begin (self, index, self->n_batch_positions, 1);
  gsize              end = part_begin (self, index + 1, self->n_batch_positions, 1);
  float             *d_positions = self->workers[0].gradient.position_embeddings;

  worker->squares = wen_sum_gradients (self->workers[0].gradient_block,
                                       self->other_blocks, self->n_other_blocks,
                                       n_first + part_begin (self, index, n_rest, 16),
                                       n_first + part_begin (self, index + 1, n_rest, 16));

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

  if (self->masked != NULL)
    {
      gsize n_tokens = self->encoder->config.n_vocabulary;

      worker->squares += reduce_all_tokens (self, part_begin (self, index, n_tokens, 16),
                                            part_begin (self, index + 1, n_tokens, 16));
      return;
    }

  /* Tokens that occur often cost more: cut by occurrences. */
  begin = part_begin (self, index, self->batch->n_tokens, 1);
  end = part_begin (self, index + 1, self->batch->n_tokens, 1);
  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      guint32 first = self->slot_begins[slot];
      float  *gradient = self->d_tokens + slot * hidden_size;

      if (first < begin || first >= end)
        continue;
      wen_sum_rows (gradient, self->d_embedded, self->occurrences + first,
                    self->slot_begins[slot + 1] - first, hidden_size);
      worker->squares += wen_sum_squares (gradient, hidden_size);
    }
}

static void
update_range (WenEncoderTrainer *self,
              gsize              offset,
              const float       *gradient,
              gsize              n_values,
              gboolean           decays)
{
  WenAdam adam = self->adam;

  if (!decays)
    {
      adam.shrink = 1.0f;
      adam.l2 = 0.0f;
    }
  wen_adam_update (self->encoder->parameters + offset, self->means + offset, self->squares + offset,
                   gradient, n_values, &adam);
}

static void
update_tokens (WenEncoderTrainer *self,
               gsize              begin,
               gsize              end)
{
  gsize hidden_size = self->encoder->config.hidden_size;

  for (gsize token = begin; token < end; token++)
    {
      guint32 slot = self->slot_of_token[token];

      if (slot != NO_SLOT)
        update_range (self, token * hidden_size, self->d_tokens + slot * hidden_size, hidden_size, TRUE);
      else if (self->occurred[token] || self->adam.l2 > 0.0f)
        update_range (self, token * hidden_size, NULL, hidden_size, TRUE);
      else if (self->adam.shrink < 1.0f)
        wen_shrink (self->encoder->parameters + token * hidden_size, hidden_size, self->adam.shrink);
    }
}

/* Those of a layer that guesses tokens: all have a gradient, and a bias. */
static void
update_all_tokens (WenEncoderTrainer *self,
                   gsize              begin,
                   gsize              end)
{
  gsize hidden_size = self->encoder->config.hidden_size;

  update_range (self, begin * hidden_size, self->workers[0].gradient.token_embeddings + begin * hidden_size,
                (end - begin) * hidden_size, TRUE);
  wen_encoder_masked_update (self->masked, &self->adam, begin, end);
}

static void
update_positions (WenEncoderTrainer *self,
                  gsize              begin,
                  gsize              end)
{
  gsize  hidden_size = self->encoder->config.hidden_size;
  gsize  offset = (gsize) (self->encoder->view.position_embeddings - self->encoder->parameters);
  float *gradient = self->workers[0].gradient.position_embeddings;
  gsize  n_used = CLAMP (self->n_batch_positions, begin, end);

  update_range (self, offset + begin * hidden_size, gradient + begin * hidden_size,
                (n_used - begin) * hidden_size, TRUE);
  update_range (self, offset + n_used * hidden_size, NULL, (end - n_used) * hidden_size, TRUE);
}

/* What nothing is learned about when tokens are guessed. */
static gboolean
is_classifier (const WenEncoder *encoder,
               const WenTensor  *tensor)
{
  return tensor->values == encoder->view.output_weight || tensor->values == encoder->view.output_bias;
}

/* The part of a range of the block that is not embeddings, tensor by tensor,
 * because biases and norms do not decay. */
static void
update_others (WenEncoderTrainer *self,
               gsize              begin,
               gsize              end)
{
  for (gsize i = 2; i < self->encoder->n_tensors; i++)
    {
      const WenTensor *tensor = &self->encoder->tensors[i];
      gsize            offset = (gsize) (tensor->values - self->encoder->parameters);
      gsize            first = MAX (begin, offset);
      gsize            last = MIN (end, offset + tensor->n_values);

      if (first < last && !(self->masked != NULL && is_classifier (self->encoder, tensor)))
        update_range (self, first, self->workers[0].gradient_block + first, last - first, tensor->decays);
    }
}

/* Round 3. */
static void
update_part (guint    index,
             gpointer data)
{
  WenEncoderTrainer *self = data;
  gsize              n_tokens = self->encoder->config.n_vocabulary;
  gsize              n_positions = self->encoder->config.n_positions;
  gsize              n_first = self->encoder->n_embedding_parameters;
  gsize              n_rest = self->encoder->n_parameters - n_first;

  if (self->masked != NULL)
    update_all_tokens (self, part_begin (self, index, n_tokens, 16), part_begin (self, index + 1, n_tokens, 16));
  else
    update_tokens (self, part_begin (self, index, n_tokens, 1), part_begin (self, index + 1, n_tokens, 1));
  update_positions (self, part_begin (self, index, n_positions, 1), part_begin (self, index + 1, n_positions, 1));
  update_others (self,
                 n_first + part_begin (self, index, n_rest, 16),
                 n_first + part_begin (self, index + 1, n_rest, 16));
}

/* Rounds 1 and 2. */
static void
compute_gradient (WenEncoderTrainer *self,
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

static void
prepare_adam (WenEncoderTrainer *self,
              guint64            step,
              float              learning_rate,
              double             gradient_norm)
{
  const WenEncoderTrainingConfig *config = &self->config;
  double                          decay = (double) learning_rate * config->weight_decay;

  self->adam.gradient_scale = 1.0f;
  /* A norm that is not finite leaves the scale alone: the loss tells the caller. */
  if (config->clip_norm > 0.0f && gradient_norm > (double) config->clip_norm && isfinite (gradient_norm))
    self->adam.gradient_scale = (float) ((double) config->clip_norm / gradient_norm);
  self->adam.beta1 = config->beta1;
  self->adam.beta2 = config->beta2;
  self->adam.rate = (float) ((double) learning_rate / (1.0 - pow ((double) config->beta1, (double) step)));
  self->adam.root_scale = (float) (1.0 / sqrt (1.0 - pow ((double) config->beta2, (double) step)));
  self->adam.epsilon = config->epsilon;
  self->adam.shrink = config->adam_l2 ? 1.0f : (float) (1.0 - decay);
  self->adam.l2 = config->adam_l2 ? config->weight_decay : 0.0f;
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

  g_return_val_if_fail (encoder != NULL, NULL);
  g_return_val_if_fail (pool != NULL, NULL);
  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (max_tokens > 0 && max_texts > 0, NULL);

  self = g_new0 (WenEncoderTrainer, 1);
  self->encoder = encoder;
  self->pool = pool;
  self->config = *config;
  self->max_tokens = max_tokens;
  self->max_texts = max_texts;

  longest = MIN (max_tokens, shape->n_positions);
  n_group_tokens = MIN (max_tokens, MAX (GROUP_TOKENS, longest));

  self->n_workers = wen_worker_pool_get_n_workers (pool);
  self->workers = g_new0 (TrainingWorker, self->n_workers);
  self->other_blocks = g_new0 (float *, self->n_workers);
  for (guint i = 0; i < self->n_workers; i++)
    {
      TrainingWorker *worker = &self->workers[i];

      worker->pass = wen_encoder_pass_new (encoder, n_group_tokens, max_texts, TRUE);
      /* The pages of the token embeddings are never touched, so never there, unless tokens are guessed. */
      worker->gradient_block = g_aligned_alloc (encoder->n_parameters, sizeof (float), 64);
      memset (worker->gradient_block + encoder->n_embedding_parameters, 0,
              (encoder->n_parameters - encoder->n_embedding_parameters) * sizeof (float));
      wen_encoder_view_init (&worker->gradient, encoder, worker->gradient_block);
      worker->texts = g_new (guint32, max_texts);
    }

  self->means = g_aligned_alloc0 (encoder->n_parameters, sizeof (float), 64);
  self->squares = g_aligned_alloc0 (encoder->n_parameters, sizeof (float), 64);
  self->state[0] = (WenTensor) { .name = "optimizer.mean", .values = self->means };
  self->state[1] = (WenTensor) { .name = "optimizer.square", .values = self->squares };
  self->n_state = 2;
  for (gsize i = 0; i < self->n_state; i++)
    {
      self->state[i].shape[0] = self->state[i].n_values = encoder->n_parameters;
      self->state[i].n_dimensions = 1;
    }
  if (config->masked_share > 0.0f)
    {
      self->masked = wen_encoder_masked_new (encoder, config, self->n_workers, max_tokens);
      wen_encoder_masked_list_state (self->masked, self->state + self->n_state);
      self->n_state += WEN_ENCODER_MASKED_N_STATE;
    }
  self->occurred = g_new0 (gboolean, shape->n_vocabulary);

  self->d_embedded = g_aligned_alloc (max_tokens * shape->hidden_size, sizeof (float), 64);
  self->d_tokens = g_aligned_alloc (MIN (max_tokens, shape->n_vocabulary) * shape->hidden_size, sizeof (float), 64);
  self->texts_by_length = g_new (guint32, max_texts);
  self->length_counts = g_new (guint32, shape->n_positions + 1);

  self->slot_of_token = g_new (guint32, shape->n_vocabulary);
  memset (self->slot_of_token, 0xFF, shape->n_vocabulary * sizeof *self->slot_of_token);
  self->slot_tokens = g_new (guint32, max_tokens);
  self->slot_begins = g_new (guint32, max_tokens + 1);
  self->slot_fill = g_new (guint32, max_tokens);
  self->occurrences = g_new (guint32, max_tokens);

  return self;
}

/*< private >
 * wen_encoder_trainer_forecast_bytes:
 * @config: the shape of an encoder
 * @n_parameters: how many it has
 * @n_workers: how many are to train it
 * @max_tokens: tokens of a batch, at most
 * @max_texts: texts of a batch, at most
 * @masks_tokens: whether masked tokens are guessed instead of labels
 *
 * Counts the memory that the large blocks of a trainer take, without making them.
 *
 * Returns: bytes, the encoder's own parameters not included
 */
guint64
wen_encoder_trainer_forecast_bytes (const WenEncoderConfig *config,
                                    guint64                 n_parameters,
                                    guint                   n_workers,
                                    gsize                   max_tokens,
                                    gsize                   max_texts,
                                    gboolean                masks_tokens)
{
  guint64 n_embedding = ((guint64) config->n_vocabulary + config->n_positions) * config->hidden_size;
  guint64 n_group_tokens = MIN (max_tokens, MAX (GROUP_TOKENS, MIN (max_tokens, config->n_positions)));
  guint64 n_pass = wen_encoder_pass_count_floats (config, n_group_tokens, max_texts, TRUE);
  guint64 n_gradients = n_parameters > n_embedding ? n_parameters - n_embedding : 0;
  guint64 n_embedded = (guint64) (max_tokens + MIN (max_tokens, config->n_vocabulary)) * config->hidden_size;

  guint64 n_masked = 0;

  if (masks_tokens)
    n_masked = wen_encoder_masked_count_floats (config, n_workers) + n_workers * n_embedding;
  return sizeof (float) * (2 * n_parameters + n_workers * (n_gradients + n_pass) + n_embedded + n_masked);
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
  g_free (self->slot_of_token);
  g_free (self->slot_tokens);
  g_free (self->slot_begins);
  g_free (self->slot_fill);
  g_free (self->occurrences);
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

  compute_gradient (self, batch, step, result);
  prepare_adam (self, step, learning_rate, result->gradient_norm);
  wen_worker_pool_run (self->pool, update_part, self);
  forget_occurrences (self);
}

/*< private >
 * wen_encoder_trainer_list_state:
 * @self: a trainer
 * @n_tensors: (out): how many
 *
 * Lists what the optimizer remembers between steps.  With the parameters, it is
 * all that a later step depends on.
 *
 * Returns: (array length=n_tensors) (transfer none): two tensors, and those of what
 *   guesses masked tokens
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

  compute_gradient (self, batch, step, result);

  memset (gradient, 0, encoder->n_embedding_parameters * sizeof *gradient);
  if (self->masked != NULL)
    memcpy (gradient, self->workers[0].gradient.token_embeddings,
            encoder->config.n_vocabulary * hidden_size * sizeof *gradient);
  for (gsize slot = 0; slot < self->n_slots && self->masked == NULL; slot++)
    memcpy (gradient + self->slot_tokens[slot] * hidden_size, self->d_tokens + slot * hidden_size,
            hidden_size * sizeof *gradient);
  memcpy (d_positions, self->workers[0].gradient.position_embeddings,
          self->n_batch_positions * hidden_size * sizeof *gradient);
  memcpy (gradient + encoder->n_embedding_parameters,
          self->workers[0].gradient_block + encoder->n_embedding_parameters,
          (encoder->n_parameters - encoder->n_embedding_parameters) * sizeof *gradient);
  forget_occurrences (self);
}
