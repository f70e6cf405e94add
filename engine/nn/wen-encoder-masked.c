/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guessing hidden tokens, which needs texts only and no labels.
 *
 * DESIGN.  Before a step some tokens of the batch become targets.  Most of these are
 * replaced in a copy of the batch, which then goes through the encoder like any
 * other, so nothing that is computed from token ids, whatever that may be, can see
 * what was hidden.  The vector that comes out at the place of a target is compared
 * with the embedding of every token:
 *
 *   logits = vector embeddings^T + bias
 *
 * The embeddings are the encoder's own table, which thus has a gradient in every
 * row; the bias belongs to no encoder and ends with the training.  Only targets
 * go through this layer, some at a time, because a row of it is as long as the
 * vocabulary.
 *
 * Source: Devlin et al. 2019, section 3.1; Press and Wolf 2017, "Using the output
 * embedding to improve language models". */

#include "config.h"

#include "wen-encoder-masked-private.h"

#include "wen-activation-private.h"
#include "wen-blas-private.h"
#include "wen-loss-private.h"
#include "wen-random-private.h"

#include <string.h>

/* Targets that go through the layer at a time. */
#define GROUP_TARGETS 128

/* Stream of the random numbers that choose targets; the step is added. */
#define MASKING_STREAM G_GUINT64_CONSTANT (0x6d61736b00000000)

/* Of ten targets so many are hidden, and so many replaced by any token. */
#define N_HIDDEN_OF_TEN 8
#define N_REPLACED_OF_TEN 1

#define NO_TARGET G_MAXUINT32

/* What one worker needs, and its gradient of the bias. */
typedef struct
{
  float   *vectors;   /* [GROUP_TARGETS][hidden] */
  float   *d_vectors; /* [GROUP_TARGETS][hidden] */
  float   *logits;    /* [GROUP_TARGETS][vocabulary] */
  float   *d_logits;  /* [GROUP_TARGETS][vocabulary] */
  guint32  places[GROUP_TARGETS];
  guint32  targets[GROUP_TARGETS];
  gsize    n_targets;
  gboolean has_guessed; /* whether its gradients are those of this step */
} MaskedWorker;

struct _WenEncoderMasked
{
  WenEncoder   *encoder;       /* borrowed */
  float         masked_share;
  guint32       mask_id;
  guint64       seed;

  guint         n_workers;
  MaskedWorker *workers;       /* [n_workers] */
  float        *block;         /* of all workers */
  float       **d_biases;      /* [n_workers]: [vocabulary] each */

  /* a parameter as long as there is somebody to guess */
  float        *bias;          /* [vocabulary] */
  float        *means;
  float        *squares;

  /* the batch */
  WenBatch      batch;
  guint32      *token_ids;     /* [max_tokens] */
  guint32      *targets;       /* [max_tokens]: the token that was there, or NO_TARGET */
  gsize         n_targets;
};

static gsize
round_up (gsize n_values)
{
  return (n_values + 15) & ~(gsize) 15;
}

static gsize
count_worker_floats (const WenEncoderConfig *config)
{
  return 2 * round_up ((gsize) GROUP_TARGETS * config->hidden_size)
         + 2 * round_up ((gsize) GROUP_TARGETS * config->n_vocabulary) + round_up (config->n_vocabulary);
}

/*< private >
 * wen_encoder_masked_count_floats:
 * @config: the shape of an encoder
 * @n_workers: how many are to train it
 *
 * Counts what wen_encoder_masked_new() would make room for, without what hangs on
 * the batch.
 *
 * Returns: a number of floats
 */
gsize
wen_encoder_masked_count_floats (const WenEncoderConfig *config,
                                 guint                   n_workers)
{
  return n_workers * count_worker_floats (config) + 3 * round_up (config->n_vocabulary);
}

/*< private >
 * wen_encoder_masked_new:
 * @encoder: an encoder, must live longer
 * @config: how to train, with a share of masked tokens
 * @n_workers: how many train it
 * @max_tokens: tokens of a batch, at most
 *
 * Makes room for the layer that guesses tokens; its bias is 0.
 *
 * Returns: (transfer full): the layer
 */
WenEncoderMasked *
wen_encoder_masked_new (WenEncoder                     *encoder,
                        const WenEncoderTrainingConfig *config,
                        guint                           n_workers,
                        gsize                           max_tokens)
{
  WenEncoderMasked *self = g_new0 (WenEncoderMasked, 1);
  gsize             n_vocabulary = encoder->config.n_vocabulary;
  gsize             n_group_values = round_up (GROUP_TARGETS * (gsize) encoder->config.hidden_size);
  gsize             n_group_logits = round_up (GROUP_TARGETS * n_vocabulary);
  float            *next;

  self->encoder = encoder;
  self->masked_share = config->masked_share;
  self->mask_id = config->mask_id;
  self->seed = config->seed;
  self->n_workers = n_workers;
  self->workers = g_new0 (MaskedWorker, n_workers);
  self->d_biases = g_new (float *, n_workers);
  self->block = next = g_aligned_alloc0 (wen_encoder_masked_count_floats (&encoder->config, n_workers),
                                         sizeof (float), 64);
  for (guint i = 0; i < n_workers; i++)
    {
      MaskedWorker *worker = &self->workers[i];

      worker->vectors = next;
      worker->d_vectors = next += n_group_values;
      worker->logits = next += n_group_values;
      worker->d_logits = next += n_group_logits;
      self->d_biases[i] = next += n_group_logits;
      next += round_up (n_vocabulary);
    }
  self->bias = next;
  self->means = next += round_up (n_vocabulary);
  self->squares = next += round_up (n_vocabulary);

  self->token_ids = g_new (guint32, max_tokens);
  self->targets = g_new (guint32, max_tokens);

  return self;
}

void
wen_encoder_masked_free (WenEncoderMasked *self)
{
  g_free (self->workers);
  g_free (self->d_biases);
  g_aligned_free (self->block);
  g_free (self->token_ids);
  g_free (self->targets);
  g_free (self);
}

/* Writes WEN_ENCODER_MASKED_N_STATE tensors: what a later step depends on, beside
 * the encoder and its optimizer. */
void
wen_encoder_masked_list_state (WenEncoderMasked *self,
                               WenTensor        *state)
{
  static const char *const names[] = { "masked.bias", "masked.bias.mean", "masked.bias.square" };
  float *const             values[] = { self->bias, self->means, self->squares };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == WEN_ENCODER_MASKED_N_STATE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    wen_tensor_set (&state[i], names[i], values[i], self->encoder->config.n_vocabulary, 0);
}

/* What stands in the place of a target. */
static guint32
choose_replacement (WenEncoderMasked *self,
                    guint32           token_id,
                    guint64           bits)
{
  guint of_ten = (guint) ((bits >> 32) * 10 >> 32);

  if (of_ten < N_HIDDEN_OF_TEN)
    return self->mask_id;
  if (of_ten < N_HIDDEN_OF_TEN + N_REPLACED_OF_TEN)
    return (guint32) ((bits & G_MAXUINT32) * self->encoder->config.n_vocabulary >> 32);
  return token_id;
}

/*< private >
 * wen_encoder_masked_hide:
 * @self: the layer
 * @batch: texts; must stay until the step is done
 * @step: keys the choice
 *
 * Chooses the targets of a step, and hides them.
 *
 * Every token but the first of a text, `[CLS]`, is a target with the same
 * probability; of ten targets eight become the mask, one any token, one stays.
 * What is the mask already is none, as there is nothing to guess.  The choice is a
 * function of seed, step and place in the batch.
 *
 * Source: Devlin et al. 2019, section 3.1.
 *
 * Returns: (transfer none): the batch with hidden tokens
 */
const WenBatch *
wen_encoder_masked_hide (WenEncoderMasked *self,
                         const WenBatch   *batch,
                         guint64           step)
{
  self->n_targets = 0;
  for (guint i = 0; i < self->n_workers; i++)
    self->workers[i].has_guessed = FALSE;
  for (gsize text = 0; text < batch->n_texts; text++)
    for (guint32 place = batch->offsets[text]; place < batch->offsets[text + 1]; place++)
      {
        guint32 token_id = batch->token_ids[place];

        self->token_ids[place] = token_id;
        self->targets[place] = NO_TARGET;
        if (place == batch->offsets[text] || token_id == self->mask_id
            || wen_random_uniform (self->seed, MASKING_STREAM + step, 2 * (guint64) place)
                   >= (double) self->masked_share)
          continue;
        self->targets[place] = token_id;
        self->token_ids[place] = choose_replacement (self, token_id,
                                                     wen_random_u64 (self->seed, MASKING_STREAM + step,
                                                                     2 * (guint64) place + 1));
        self->n_targets++;
      }

  self->batch = (WenBatch) {
    .n_texts = batch->n_texts,
    .n_tokens = batch->n_tokens,
    .token_ids = self->token_ids,
    .offsets = batch->offsets,
  };
  return &self->batch;
}

gsize
wen_encoder_masked_get_n_targets (WenEncoderMasked *self)
{
  return self->n_targets;
}

/* The gradient of the bias, after wen_encoder_masked_reduce() of all of it. */
const float *
wen_encoder_masked_get_d_bias (WenEncoderMasked *self)
{
  return self->d_biases[0];
}

/* The targets that a worker has collected: forward, loss, and back. */
static void
guess_group (WenEncoderMasked           *self,
             guint                       index,
             const WenEncoderPassTokens *tokens,
             float                      *d_table,
             gboolean                    add,
             double                     *loss,
             gsize                      *n_correct)
{
  MaskedWorker *worker = &self->workers[index];
  const float  *table = self->encoder->view.token_embeddings;
  gsize         hidden_size = self->encoder->config.hidden_size;
  gsize         n_vocabulary = self->encoder->config.n_vocabulary;
  gsize         n_right;

  for (gsize i = 0; i < worker->n_targets; i++)
    memcpy (worker->vectors + i * hidden_size, tokens->vectors + worker->places[i] * hidden_size,
            hidden_size * sizeof (float));
  wen_multiply_transposed (worker->logits, n_vocabulary, worker->vectors, hidden_size, table, hidden_size,
                           worker->n_targets, n_vocabulary, hidden_size, FALSE);
  wen_bias_forward (worker->logits, self->bias, worker->n_targets, n_vocabulary);
  *loss += wen_cross_entropy_forward (worker->d_logits, &n_right, worker->logits, worker->targets, worker->n_targets,
                                      n_vocabulary, 0.0f, 1.0f / (float) self->n_targets);
  *n_correct += n_right;

  wen_bias_backward (self->d_biases[index], worker->d_logits, worker->n_targets, n_vocabulary);
  wen_transposed_multiply (d_table, hidden_size, worker->d_logits, n_vocabulary, worker->vectors, hidden_size,
                           n_vocabulary, hidden_size, worker->n_targets, add);
  wen_multiply (worker->d_vectors, hidden_size, worker->d_logits, n_vocabulary, table, hidden_size,
                worker->n_targets, hidden_size, n_vocabulary, FALSE);
  for (gsize i = 0; i < worker->n_targets; i++)
    memcpy (tokens->d_vectors + worker->places[i] * hidden_size, worker->d_vectors + i * hidden_size,
            hidden_size * sizeof (float));
}

/*< private >
 * wen_encoder_masked_guess:
 * @self: the layer, after wen_encoder_masked_hide()
 * @worker: which worker
 * @tokens: the vectors of some texts of the batch; gets their gradient
 * @d_table: [vocabulary][hidden]: the worker's gradient of the embeddings, as far as
 *   it comes from the comparison; written by its first call in a step, then added to
 * @loss: (out): the sum of the losses of the targets, in nats
 * @n_correct: (out): how many targets were guessed right
 *
 * Guesses the targets among some texts, and computes the gradients of that.  Several
 * workers may do so at a time.
 */
void
wen_encoder_masked_guess (WenEncoderMasked           *self,
                          guint                       worker,
                          const WenEncoderPassTokens *tokens,
                          float                      *d_table,
                          double                     *loss,
                          gsize                      *n_correct)
{
  MaskedWorker *masked = &self->workers[worker];
  gsize         hidden_size = self->encoder->config.hidden_size;
  gsize         n_vocabulary = self->encoder->config.n_vocabulary;
  gboolean      add = masked->has_guessed;

  *loss = 0.0;
  *n_correct = 0;
  masked->n_targets = 0;
  masked->has_guessed = TRUE;
  memset (tokens->d_vectors, 0, tokens->n_tokens * hidden_size * sizeof (float));
  if (!add)
    memset (self->d_biases[worker], 0, n_vocabulary * sizeof (float));

  for (gsize i = 0; i < tokens->n_tokens; i++)
    {
      guint32 target = self->targets[tokens->row_ids[i]];

      if (target == NO_TARGET)
        continue;
      masked->places[masked->n_targets] = (guint32) i;
      masked->targets[masked->n_targets++] = target;
      if (masked->n_targets == GROUP_TARGETS)
        {
          guess_group (self, worker, tokens, d_table, add, loss, n_correct);
          masked->n_targets = 0;
          add = TRUE;
        }
    }
  if (masked->n_targets > 0)
    guess_group (self, worker, tokens, d_table, add, loss, n_correct);
  else if (!add)
    memset (d_table, 0, n_vocabulary * hidden_size * sizeof (float));
}

/*< private >
 * wen_encoder_masked_reduce:
 * @self: the layer
 * @begin: first token
 * @end: behind the last token
 *
 * Sums the gradients of the bias, in the order of the workers, of which the first
 * always has texts.
 *
 * Returns: the sum of their squares
 */
double
wen_encoder_masked_reduce (WenEncoderMasked *self,
                           gsize             begin,
                           gsize             end)
{
  for (guint i = 1; i < self->n_workers; i++)
    if (self->workers[i].has_guessed)
      wen_add (self->d_biases[0] + begin, self->d_biases[i] + begin, end - begin);
  return wen_sum_squares (self->d_biases[0] + begin, end - begin);
}

/*< private >
 * wen_encoder_masked_update:
 * @self: the layer
 * @adam: numbers of the step
 * @begin: first token
 * @end: behind the last token
 *
 * Updates the bias; like others it does not decay.
 */
void
wen_encoder_masked_update (WenEncoderMasked *self,
                           const WenAdam    *adam,
                           gsize             begin,
                           gsize             end)
{
  WenAdam undecayed = *adam;

  undecayed.shrink = 1.0f;
  undecayed.l2 = 0.0f;
  wen_adam_update (self->bias + begin, self->means + begin, self->squares + begin, self->d_biases[0] + begin,
                   end - begin, &undecayed);
}
