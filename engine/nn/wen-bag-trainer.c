/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training step of a classifier of bags of embeddings.
 *
 * DESIGN.  A step is four rounds of the pool.
 *
 * 1. Each worker lists the rows of its texts and takes the mean of their embeddings.
 * 2. It mixes them with other texts' means, if they are to be mixed, and goes forward and
 *    backward through the head.
 * 3. It undoes the mixture; and it computes the gradients of its part of the outputs of
 *    each layer, over the whole batch.
 * 4. It updates its part of the head, and of the rows of the table that the batch has.
 *
 * Between the third and the fourth, one thread sorts out which texts have which row.  All
 * texts of a row are summed by one worker in their order, so equal seeds, batches and
 * numbers of workers give equal bits. */

#include "config.h"

#include "wen-bag-trainer-private.h"

#include "wen-activation-private.h"
#include "wen-bag-optimizer-private.h"
#include "wen-blas-private.h"
#include "wen-embedding-private.h"
#include "wen-loss-private.h"
#include "wen-mixup-private.h"
#include "wen-occurrences-private.h"
#include "wen-probabilities-private.h"

#include <string.h>

enum
{
  DROPOUT_TOKENS,
  DROPOUT_FEATURES,
};

typedef struct
{
  float           *target;   /* [n_labels] */
  float           *gradient; /* [hidden_size]: of a row */
  WenBagStepResult result;   /* sums over its texts */
} BagWorker;

struct _WenBagTrainer
{
  const WenBag        *bag;           /* borrowed */
  WenWorkerPool       *pool;          /* borrowed */
  const WenBagConfig  *shape;         /* the bag's */
  WenBagTrainingConfig config;
  guint                n_workers;
  BagWorker           *workers;       /* [n_workers] */

  WenBagOptimizer      optimizer;
  WenBagView           view;          /* of what learns */

  /* the batch */
  const WenBatch      *texts;
  const guint32       *text_ids;
  gsize                n_texts;
  guint64              step;
  WenDropout           token_dropout;
  WenDropout           dropout;
  guint32             *indices;       /* [batch_size]: 0, 1, 2, … */
  guint32             *begins;        /* [batch_size + 1]: places of each text's rows, some of them empty */
  guint32             *n_rows;        /* [batch_size] */
  float               *shares;        /* [batch_size]: of a text in its mixture with the next one */
  float               *pooled;        /* [batch_size][hidden_size] */
  float               *d_embedded;    /* [batch_size][hidden_size]: gradient of each embedding of a text */
  WenBagActivations    activations;
  WenBagActivations    gradients;
  float               *head_gradient; /* [n_parameters - n_embeddings] */
  WenBagView           d_view;        /* of head_gradient */

  gsize                max_places;
  guint32             *rows;          /* [max_places] */
  WenOccurrences       occurrences;   /* places are texts of the batch */
};

static void
activations_init (WenBagActivations  *self,
                  const WenBagConfig *shape,
                  gsize               n_texts)
{
  self->vectors = g_new (float, n_texts * shape->hidden_size);
  self->activated = g_new (float, n_texts * shape->head_size);
  self->slopes = g_new (float, n_texts * shape->head_size);
  self->logits = g_new (float, n_texts * shape->n_labels);
}

static void
activations_clear (WenBagActivations *self)
{
  g_free (self->vectors);
  g_free (self->activated);
  g_free (self->slopes);
  g_free (self->logits);
}

/*< private >
 * wen_bag_trainer_new:
 * @bag: an initialized classifier, which must outlive the trainer
 * @pool: workers, which must outlive the trainer
 * @config: how to train
 *
 * Makes what training needs beside the parameters; n-grams were chosen before, and the places of rows are made by
 * wen_bag_trainer_reserve().
 *
 * Returns: (transfer full): a trainer
 */
WenBagTrainer *
wen_bag_trainer_new (WenBag                     *bag,
                     WenWorkerPool              *pool,
                     const WenBagTrainingConfig *config)
{
  WenBagTrainer *self = g_new0 (WenBagTrainer, 1);

  self->bag = bag;
  self->pool = pool;
  self->shape = wen_bag_get_config (bag);
  self->config = *config;
  self->n_workers = wen_worker_pool_get_n_workers (pool);
  self->workers = g_new0 (BagWorker, self->n_workers);
  for (guint i = 0; i < self->n_workers; i++)
    {
      self->workers[i].target = g_new (float, self->shape->n_labels);
      self->workers[i].gradient = g_new (float, self->shape->hidden_size);
    }
  wen_bag_optimizer_init (&self->optimizer, bag, &self->config);
  wen_bag_view_init (&self->view, self->shape, self->optimizer.weights);

  self->indices = g_new (guint32, config->batch_size);
  for (gsize i = 0; i < config->batch_size; i++)
    self->indices[i] = (guint32) i;
  self->begins = g_new (guint32, config->batch_size + 1);
  self->n_rows = g_new (guint32, config->batch_size);
  self->shares = g_new (float, config->batch_size);
  self->pooled = g_new (float, config->batch_size * self->shape->hidden_size);
  self->d_embedded = g_new (float, config->batch_size * self->shape->hidden_size);
  activations_init (&self->activations, self->shape, config->batch_size);
  activations_init (&self->gradients, self->shape, config->batch_size);
  self->head_gradient = g_new (float, self->optimizer.n_parameters - self->optimizer.n_embeddings);
  wen_bag_view_init_head (&self->d_view, self->shape, self->head_gradient);
  wen_occurrences_init (&self->occurrences, wen_bag_count_rows (self->shape));
  return self;
}

void
wen_bag_trainer_free (WenBagTrainer *self)
{
  for (guint i = 0; i < self->n_workers; i++)
    {
      g_free (self->workers[i].target);
      g_free (self->workers[i].gradient);
    }
  g_free (self->workers);
  wen_bag_optimizer_clear (&self->optimizer);
  g_free (self->indices);
  g_free (self->begins);
  g_free (self->n_rows);
  g_free (self->shares);
  g_free (self->pooled);
  g_free (self->d_embedded);
  activations_clear (&self->activations);
  activations_clear (&self->gradients);
  g_free (self->head_gradient);
  g_free (self->rows);
  wen_occurrences_clear (&self->occurrences);
  g_free (self);
}

/* Before steps with batches of up to n_tokens. */
void
wen_bag_trainer_reserve (WenBagTrainer *self,
                         gsize          n_tokens)
{
  gsize n_places = wen_bag_get_max_rows (self->shape, n_tokens);

  if (n_places <= self->max_places)
    return;
  self->max_places = n_places;
  self->rows = g_renew (guint32, self->rows, n_places);
  wen_occurrences_reserve (&self->occurrences, n_places);
}

/* What training takes beside twice the parameters.  n_tokens: of the largest batch. */
guint64
wen_bag_trainer_forecast_bytes (const WenBagConfig         *shape,
                                const WenBagTrainingConfig *config,
                                guint                       n_workers,
                                gsize                       n_tokens)
{
  guint64 n_parameters = wen_bag_count_parameters (shape);
  guint64 n_weights = config->averaging > 0 ? n_parameters : 0;
  guint64 n_head = n_parameters - wen_bag_count_rows (shape) * shape->hidden_size;
  guint64 n_of_text = 4 * (guint64) shape->hidden_size + 4 * (guint64) shape->head_size + 2 * (guint64) shape->n_labels;

  return sizeof (float) * (n_weights + 3 * n_head + 3 * wen_bag_count_rows (shape) + n_of_text * config->batch_size
                           + 5 * wen_bag_get_max_rows (shape, n_tokens)
                           + n_workers * ((guint64) shape->n_labels + shape->hidden_size));
}

/* Round 1. */
static void
pool_texts (guint    index,
            gpointer data)
{
  WenBagTrainer *self = data;
  gsize hidden_size = self->shape->hidden_size;
  gsize end = wen_worker_first_thing (index + 1, self->n_workers, self->begins, self->n_texts);

  for (gsize i = wen_worker_first_thing (index, self->n_workers, self->begins, self->n_texts); i < end; i++)
    {
      guint32 begin = self->texts->offsets[self->text_ids[i]];
      guint32 *rows = self->rows + self->begins[i];

      self->n_rows[i] = (guint32) wen_bag_list_rows (rows, self->bag, self->texts->token_ids + begin,
                                                     self->texts->offsets[self->text_ids[i] + 1] - begin,
                                                     self->token_dropout, (guint32) i);
      wen_bag_average_rows (self->pooled + i * hidden_size, self->view.embeddings, rows, self->n_rows[i], hidden_size);
    }
}

/* The text that a text of the batch is mixed with. */
static gsize
get_partner (const WenBagTrainer *self,
             gsize                i)
{
  return i + 1 < self->n_texts ? i + 1 : 0;
}

/* sum = share first + (1 - share) second */
static void
mix (float       *sum,
     const float *first,
     const float *second,
     gsize        n_values,
     float        share)
{
  for (gsize j = 0; j < n_values; j++)
    sum[j] = share * first[j] + (1.0f - share) * second[j];
}

static void
mix_vector (WenBagTrainer *self,
            gsize          i)
{
  gsize hidden_size = self->shape->hidden_size;

  self->shares[i] = 1.0f;
  if (self->config.mixup > 0.0f)
    self->shares[i] =
      (float) wen_mixup_get_share ((double) self->config.mixup, self->config.seed, self->step, (guint) i);
  mix (self->activations.vectors + i * hidden_size, self->pooled + i * hidden_size,
       self->pooled + get_partner (self, i) * hidden_size, hidden_size, self->shares[i]);
}

static float
get_weight (const WenBagTrainer *self,
            gsize                i)
{
  return self->texts->weights != NULL ? self->texts->weights[self->text_ids[i]] : 1.0f;
}

/* Adds to a target what a text of the batch is to be taken for. */
static void
add_target (const WenBagTrainer *self,
            float               *target,
            gsize                i,
            float                share)
{
  gsize n_labels = self->shape->n_labels;
  const float *targets = self->texts->targets;

  if (targets == NULL)
    target[self->texts->labels[self->text_ids[i]]] += share;
  else
    for (gsize j = 0; j < n_labels; j++)
      target[j] += share * targets[self->text_ids[i] * n_labels + j];
}

/* Writes what a mixture is to be taken for, and returns how much it counts. */
static float
make_target (const WenBagTrainer *self,
             float               *target,
             gsize                i)
{
  gsize n_labels = self->shape->n_labels;
  float share = self->shares[i];
  float smoothing = self->config.label_smoothing;
  float weight = share * get_weight (self, i);
  float other_weight = (1.0f - share) * get_weight (self, get_partner (self, i));
  float whole = weight + other_weight;

  memset (target, 0, n_labels * sizeof *target);
  add_target (self, target, i, whole > 0.0f ? weight / whole : 1.0f);
  if (other_weight > 0.0f)
    add_target (self, target, get_partner (self, i), other_weight / whole);
  for (gsize j = 0; j < n_labels; j++)
    target[j] = (1.0f - smoothing) * target[j] + smoothing / (float) n_labels;
  return whole;
}

/* Round 2. */
static void
run_head (guint    index,
          gpointer data)
{
  WenBagTrainer *self = data;
  BagWorker *worker = &self->workers[index];
  gsize n_labels = self->shape->n_labels;
  gsize begin = wen_worker_part_begin (index, self->n_workers, self->n_texts);
  gsize end = wen_worker_part_begin (index + 1, self->n_workers, self->n_texts);

  worker->result = (WenBagStepResult) { 0 };
  if (begin == end)
    return;
  for (gsize i = begin; i < end; i++)
    mix_vector (self, i);
  wen_bag_head_forward (self->shape, &self->view, &self->activations, begin, end - begin, self->dropout,
                        self->indices + begin);
  for (gsize i = begin; i < end; i++)
    {
      const float *logits = self->activations.logits + i * n_labels;
      float weight = make_target (self, worker->target, i);
      WenTargetLoss loss = wen_target_loss_forward (self->gradients.logits + i * n_labels, logits, worker->target,
                                                    n_labels, self->config.loss, weight / (float) self->n_texts);

      worker->result.loss += (double) weight * loss.loss;
      worker->result.cross_entropy += (double) weight * loss.cross_entropy;
      worker->result.n_correct += wen_find_largest (logits, n_labels) == self->texts->labels[self->text_ids[i]];
    }
  wen_bag_head_backward (self->shape, &self->view, &self->activations, &self->gradients, begin, end - begin,
                         self->dropout, self->indices + begin);
}

/* Undoes: mixed = share pooled + (1 - share) pooled of the next one
 *         pooled = the mean of embeddings */
static void
unmix_vector (WenBagTrainer *self,
              gsize          i)
{
  gsize hidden_size = self->shape->hidden_size;
  gsize before = i > 0 ? i - 1 : self->n_texts - 1;
  const float *own = self->gradients.vectors + i * hidden_size;
  const float *other = self->gradients.vectors + before * hidden_size;
  float *d_embedded = self->d_embedded + i * hidden_size;
  float scale = 1.0f / (float) MAX (1, self->n_rows[i]);

  for (gsize j = 0; j < hidden_size; j++)
    d_embedded[j] = scale * (self->shares[i] * own[j] + (1.0f - self->shares[before]) * other[j]);
}

/* The gradient of a layer: of the weights of a worker's part of the outputs, and of the
 * biases, which are few, by the first worker. */
static void
compute_layer_gradient (WenBagTrainer *self,
                        guint          index,
                        float         *d_weights,
                        float         *d_biases,
                        const float   *d_outputs,
                        gsize          n_outputs,
                        const float   *inputs,
                        gsize          n_inputs)
{
  gsize begin = wen_worker_part_begin (index, self->n_workers, n_outputs);
  gsize end = wen_worker_part_begin (index + 1, self->n_workers, n_outputs);

  if (begin < end)
    wen_transposed_multiply (d_weights + begin * n_inputs, n_inputs, d_outputs + begin, n_outputs, inputs, n_inputs,
                             end - begin, n_inputs, self->n_texts, FALSE);
  if (index == 0)
    {
      memset (d_biases, 0, n_outputs * sizeof *d_biases);
      wen_bias_backward (d_biases, d_outputs, self->n_texts, n_outputs);
    }
}

/* Round 3. */
static void
compute_gradients (guint    index,
                   gpointer data)
{
  WenBagTrainer *self = data;
  const WenBagConfig *shape = self->shape;
  const float *features = shape->head_size > 0 ? self->activations.activated : self->activations.vectors;
  gsize end = wen_worker_part_begin (index + 1, self->n_workers, self->n_texts);

  for (gsize i = wen_worker_part_begin (index, self->n_workers, self->n_texts); i < end; i++)
    unmix_vector (self, i);
  compute_layer_gradient (self, index, self->d_view.classifier_weights, self->d_view.classifier_biases,
                          self->gradients.logits, shape->n_labels, features, wen_bag_get_n_features (shape));
  if (shape->head_size > 0)
    compute_layer_gradient (self, index, self->d_view.hidden_weights, self->d_view.hidden_biases,
                            self->gradients.activated, shape->head_size, self->activations.vectors,
                            shape->hidden_size);
}

/* Round 4. */
static void
update_weights (guint    index,
                gpointer data)
{
  WenBagTrainer *self = data;
  const WenOccurrences *occurrences = &self->occurrences;
  gsize n_head = self->optimizer.n_parameters - self->optimizer.n_embeddings;
  gsize begin = wen_worker_first_thing (index, self->n_workers, occurrences->begins, occurrences->n_slots);
  gsize end = wen_worker_first_thing (index + 1, self->n_workers, occurrences->begins, occurrences->n_slots);

  for (gsize slot = begin; slot < end; slot++)
    {
      wen_occurrences_sum (self->workers[index].gradient, occurrences, slot, self->d_embedded,
                           self->shape->hidden_size);
      wen_bag_optimizer_update_row (&self->optimizer, occurrences->rows[slot], self->workers[index].gradient);
    }
  wen_bag_optimizer_update_head (&self->optimizer, self->head_gradient,
                                 wen_worker_part_begin (index, self->n_workers, n_head),
                                 wen_worker_part_begin (index + 1, self->n_workers, n_head));
}

/* Rounds 1 to 3. */
static void
run_batch (WenBagTrainer    *self,
           const WenBatch   *texts,
           const guint32    *text_ids,
           gsize             n_texts,
           guint64           step,
           WenBagStepResult *result)
{
  self->texts = texts;
  self->text_ids = text_ids;
  self->n_texts = n_texts;
  self->step = step;
  self->token_dropout = wen_dropout_new (self->config.token_dropout, self->config.seed, step, DROPOUT_TOKENS);
  self->dropout = wen_dropout_new (self->config.dropout, self->config.seed, step, DROPOUT_FEATURES);
  self->begins[0] = 0;
  for (gsize i = 0; i < n_texts; i++)
    {
      gsize n_tokens = texts->offsets[text_ids[i] + 1] - texts->offsets[text_ids[i]];

      self->begins[i + 1] = self->begins[i] + (guint32) wen_bag_get_max_rows (self->shape, n_tokens);
    }
  g_assert (self->begins[n_texts] <= self->max_places);

  wen_worker_pool_run (self->pool, pool_texts, self);
  wen_worker_pool_run (self->pool, run_head, self);
  wen_worker_pool_run (self->pool, compute_gradients, self);
  wen_occurrences_find_in_texts (&self->occurrences, self->rows, self->begins, self->n_rows, n_texts);

  *result = (WenBagStepResult) { 0 };
  for (guint i = 0; i < self->n_workers; i++)
    {
      result->loss += self->workers[i].result.loss / (double) n_texts;
      result->cross_entropy += self->workers[i].result.cross_entropy / (double) n_texts;
      result->n_correct += self->workers[i].result.n_correct;
    }
}

/*< private >
 * wen_bag_trainer_step:
 * @self: a trainer
 * @texts: all texts
 * @text_ids: (array length=n_texts): which of them make the batch
 * @n_texts: how many, at most the batch size
 * @step: from 1, over all epochs
 * @learning_rate: of this step
 * @result: (out): what the batch gave before the update
 *
 * Changes the parameters once.
 *
 * Allocates nothing; wen_bag_trainer_reserve() was called for the tokens of the batch.
 */
void
wen_bag_trainer_step (WenBagTrainer    *self,
                      const WenBatch   *texts,
                      const guint32    *text_ids,
                      gsize             n_texts,
                      guint64           step,
                      float             learning_rate,
                      WenBagStepResult *result)
{
  run_batch (self, texts, text_ids, n_texts, step, result);
  wen_bag_optimizer_begin_step (&self->optimizer, step, learning_rate);
  wen_worker_pool_run (self->pool, update_weights, self);
  wen_occurrences_forget (&self->occurrences);
}

/* Worker. */
static void
catch_up_rows (guint    index,
               gpointer data)
{
  WenBagTrainer *self = data;
  gsize n_rows = wen_bag_count_rows (self->shape);

  wen_bag_optimizer_catch_up (&self->optimizer, wen_worker_part_begin (index, self->n_workers, n_rows),
                              wen_worker_part_begin (index + 1, self->n_workers, n_rows));
}

/*< private >
 * wen_bag_trainer_publish:
 * @self: a trainer
 * @step: the last step that was done
 *
 * Makes the parameters of the classifier the moving average of the weights, where there
 * is one.
 *
 * At the end of an epoch, and where training ends before.
 */
void
wen_bag_trainer_publish (WenBagTrainer *self,
                         guint64        step)
{
  if (self->config.averaging <= 0)
    return;
  wen_bag_optimizer_begin_step (&self->optimizer, step, 0.0f);
  wen_worker_pool_run (self->pool, catch_up_rows, self);
}

const WenTensor *
wen_bag_trainer_list_state (const WenBagTrainer *self,
                            gsize               *n_tensors)
{
  *n_tensors = self->optimizer.n_state;
  return self->optimizer.state;
}

/* After the state was set to that of a checkpoint, which may hold anything. */
void
wen_bag_trainer_restore (WenBagTrainer *self)
{
  wen_bag_optimizer_restore (&self->optimizer);
}

void
wen_bag_trainer_compute_gradient (WenBagTrainer    *self,
                                  const WenBatch   *texts,
                                  const guint32    *text_ids,
                                  gsize             n_texts,
                                  guint64           step,
                                  float            *gradient,
                                  WenBagStepResult *result)
{
  run_batch (self, texts, text_ids, n_texts, step, result);
  memset (gradient, 0, self->optimizer.n_embeddings * sizeof *gradient);
  for (gsize slot = 0; slot < self->occurrences.n_slots; slot++)
    wen_occurrences_sum (gradient + (gsize) self->occurrences.rows[slot] * self->shape->hidden_size, &self->occurrences,
                         slot, self->d_embedded, self->shape->hidden_size);
  memcpy (gradient + self->optimizer.n_embeddings, self->head_gradient,
          (self->optimizer.n_parameters - self->optimizer.n_embeddings) * sizeof *gradient);
  wen_occurrences_forget (&self->occurrences);
}
