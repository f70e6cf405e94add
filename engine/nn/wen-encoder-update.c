/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The third round of a training step: the update, by all workers.  The design stands
 * in wen-encoder-trainer.c. */

#include "config.h"

#include "wen-encoder-trainer-parts-private.h"

#include <math.h>

static void
update_range (WenEncoderTrainer *self,
              gsize              offset,
              const float       *gradient,
              gsize              n_values,
              guint              part,
              gboolean           decays)
{
  WenAdam adam = self->adams[part];

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
      guint32 slot = self->tokens.slot_of_row[token];

      if (slot != WEN_NO_ROW)
        update_range (self, token * hidden_size, self->d_tokens + slot * hidden_size, hidden_size, 0, TRUE);
      else if (self->occurred[token] || self->adams[0].l2 > 0.0f)
        update_range (self, token * hidden_size, NULL, hidden_size, 0, TRUE);
      else if (self->adams[0].shrink < 1.0f)
        wen_shrink (self->encoder->parameters + token * hidden_size, hidden_size, self->adams[0].shrink);
    }
}

/* Where tokens are guessed: all embeddings have a gradient, and there is a bias. */
static void
update_all_tokens (WenEncoderTrainer *self,
                   guint              worker)
{
  gsize hidden_size = self->encoder->config.hidden_size;
  gsize begin = wen_part_begin (self, worker, self->encoder->config.n_vocabulary, 16);
  gsize end = wen_part_begin (self, worker + 1, self->encoder->config.n_vocabulary, 16);

  update_range (self, begin * hidden_size, self->workers[0].gradient.token_embeddings + begin * hidden_size,
                (end - begin) * hidden_size, 0, TRUE);
  wen_encoder_masked_update (self->masked, &self->adams[0], begin, end);
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
                (n_used - begin) * hidden_size, 0, TRUE);
  update_range (self, offset + n_used * hidden_size, NULL, (end - n_used) * hidden_size, 0, TRUE);
}

/* By slots: only what occurs is touched. */
static void
update_ngrams (WenEncoderTrainer *self,
               gsize              begin,
               gsize              end)
{
  gsize hidden_size = self->encoder->config.hidden_size;

  for (gsize slot = begin; slot < end; slot++)
    {
      gsize        row = self->ngrams.rows[slot];
      const float *gradient = self->d_ngrams + slot * hidden_size;
      float        rate;

      if (self->averages != NULL)
        wen_encoder_trainer_average_ngram (self, row, self->step - 1);
      rate = wen_adagrad_get_rate (&self->ngram_squares[row], gradient, hidden_size, self->adams[0].gradient_scale,
                                   self->ngram_rate, self->adams[0].epsilon);
      wen_add_scaled (self->encoder->view.ngram_embeddings + row * hidden_size, gradient, hidden_size, -rate);
      if (self->averages != NULL)
        wen_encoder_trainer_average_ngram (self, row, self->step);
    }
}

/* Frozen parts do not, and guessing tokens teaches nothing about labels. */
static gboolean
learns (const WenEncoderTrainer *self,
        const WenTensor         *tensor)
{
  const WenEncoderView *view = &self->encoder->view;

  if (self->masked != NULL)
    return tensor->values != view->output_weight && tensor->values != view->output_bias;
  return tensor->part >= self->config.n_frozen;
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

      if (first < last && learns (self, tensor))
        update_range (self, first, self->workers[0].gradient_block + first, last - first, tensor->part,
                      tensor->decays);
    }
}

static void
update_part (guint    index,
             gpointer data)
{
  WenEncoderTrainer *self = data;
  gsize              n_tokens = self->encoder->config.n_vocabulary;
  gsize              n_positions = self->encoder->config.n_positions;
  gsize              n_first = self->encoder->n_embedding_parameters;
  gsize              n_rest = self->encoder->n_dense_parameters - n_first;

  if (self->masked != NULL)
    update_all_tokens (self, index);
  else if (self->config.n_frozen == 0)
    update_tokens (self, wen_part_begin (self, index, n_tokens, 1), wen_part_begin (self, index + 1, n_tokens, 1));
  if (self->config.n_frozen == 0)
    {
      update_positions (self, wen_part_begin (self, index, n_positions, 1),
                        wen_part_begin (self, index + 1, n_positions, 1));
      update_ngrams (self, wen_part_begin (self, index, self->ngrams.n_slots, 1),
                     wen_part_begin (self, index + 1, self->ngrams.n_slots, 1));
    }
  update_others (self,
                 n_first + wen_part_begin (self, index, n_rest, 16),
                 n_first + wen_part_begin (self, index + 1, n_rest, 16));
}

/* A round of its own, because it cuts the block in other places. */
static void
average_dense_part (guint    index,
                    gpointer data)
{
  WenEncoderTrainer *self = data;
  gsize              n_values = self->encoder->n_dense_parameters;

  wen_encoder_trainer_average_range (self, wen_part_begin (self, index, n_values, 16),
                                     wen_part_begin (self, index + 1, n_values, 16));
}

/* The numbers of one part of the encoder. */
static void
prepare_adam (WenEncoderTrainer *self,
              WenAdam           *adam,
              guint64            step,
              double             learning_rate,
              double             gradient_norm)
{
  const WenEncoderTrainingConfig *config = &self->config;
  double                          decay = learning_rate * config->weight_decay;

  adam->gradient_scale = 1.0f;
  /* A norm that is not finite leaves the scale alone: the loss tells the caller. */
  if (config->clip_norm > 0.0f && gradient_norm > (double) config->clip_norm && isfinite (gradient_norm))
    adam->gradient_scale = (float) ((double) config->clip_norm / gradient_norm);
  adam->beta1 = config->beta1;
  adam->beta2 = config->beta2;
  adam->rate = (float) (learning_rate / (1.0 - pow ((double) config->beta1, (double) step)));
  adam->root_scale = (float) (1.0 / sqrt (1.0 - pow ((double) config->beta2, (double) step)));
  adam->epsilon = config->epsilon;
  adam->shrink = config->adam_l2 ? 1.0f : (float) (1.0 - decay);
  adam->l2 = config->adam_l2 ? config->weight_decay : 0.0f;
}

void
wen_encoder_trainer_run_update (WenEncoderTrainer *self,
                                guint64            step,
                                float              learning_rate,
                                double             gradient_norm)
{
  guint  n_parts = self->encoder->config.n_layers + 2;
  double rate = (double) learning_rate;

  for (guint part = n_parts; part-- > 0;)
    {
      prepare_adam (self, &self->adams[part], step, rate, gradient_norm);
      self->ngram_rate = (float) rate;
      if (self->config.layer_rate > 0.0)
        rate *= self->config.layer_rate;
    }
  wen_worker_pool_run (self->pool, update_part, self);
  if (self->averages != NULL)
    wen_worker_pool_run (self->pool, average_dense_part, self);
}
