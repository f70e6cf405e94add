/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of some texts through an encoder and back, in one thread.
 *
 * DESIGN.  Both layouts of the Transformer are the same chain:
 *
 *   place 0         sums = embeddings                              normed = norm (sums)
 *   place 2l + 1    sums = residual + dropout (attention (normed)) normed = norm (sums)
 *   place 2l + 2    sums = residual + dropout (feed-forward (normed)) normed = norm (sums)
 *
 * With pre-norm the residual is the sums of the place before, with post-norm it
 * is what was normed there.  The embeddings are dropped before (pre) or after
 * (post) their norm.  Pooling takes what was normed at the last place.
 *
 * All matrix products run over the tokens of all texts at once; only attention
 * works text by text.
 */

#include "config.h"

#include "wen-encoder-pass-parts-private.h"

#include "wen-activation-private.h"
#include "wen-adam-private.h"
#include "wen-attention-private.h"
#include "wen-blas-private.h"
#include "wen-embedding-private.h"
#include "wen-layer-norm-private.h"
#include "wen-loss-private.h"
#include "wen-mixup-private.h"

#include <string.h>

/* Which dropout of the network; the keys of a run hang on these numbers. */
typedef enum
{
  DROP_EMBEDDINGS = 0,
  DROP_POOLED = 1,
  DROP_PLACES = 1, /* + place, which is at least 1 */
} DropPlace;

static WenDropout
dropout_at (WenEncoderPass *self,
            guint           place)
{
  return wen_dropout_new (self->step.dropout, self->step.seed, self->step.step, place);
}

static void
embed_ngrams (WenEncoderPass *self,
              gsize           text)
{
  const WenEncoderConfig *config = &self->encoder->config;
  gsize                   begin = self->offsets[text];
  gsize                   n_tokens = self->offsets[text + 1] - begin;

  wen_ngram_rows (self->ngram_rows, self->token_ids + begin, n_tokens, config->longest_ngram, config->n_ngrams);
  wen_add_ngrams (self->places[0].sums + begin * config->hidden_size, self->encoder->view.ngram_embeddings,
                  self->ngram_rows, n_tokens, config->longest_ngram - 1, config->hidden_size);
}

static void
embed (WenEncoderPass *self)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenEncoderView   *view = &self->encoder->view;
  WenEncoderNorm          norm = wen_encoder_view_norm (view, config, 0);
  Place                  *place = &self->places[0];
  gsize                   hidden_size = config->hidden_size;

  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize begin = self->offsets[i];

      wen_embedding_forward (place->sums + begin * hidden_size,
                             view->token_embeddings, view->position_embeddings,
                             self->token_ids + begin, self->offsets[i + 1] - begin, hidden_size);
      if (config->n_ngrams > 0)
        embed_ngrams (self, i);
    }

  if (config->norm_first)
    wen_dropout_apply (place->sums, self->row_ids, self->n_tokens, hidden_size,
                       dropout_at (self, DROP_EMBEDDINGS));
  wen_layer_norm_forward (place->normed, place->means, place->reciprocals, place->sums,
                          norm.weight, norm.bias, self->n_tokens, hidden_size, config->norm_epsilon);
  if (!config->norm_first)
    wen_dropout_apply (place->normed, self->row_ids, self->n_tokens, hidden_size,
                       dropout_at (self, DROP_EMBEDDINGS));
}

/* Comes with the branch's last product in the sums of the place. */
static void
finish_place (WenEncoderPass *self,
              guint           index,
              const float    *branch_bias)
{
  const WenEncoderConfig *config = &self->encoder->config;
  WenEncoderNorm          norm = wen_encoder_view_norm (&self->encoder->view, config, index);
  Place                  *before = &self->places[index - 1];
  Place                  *place = &self->places[index];

  wen_residual_norm_forward (place->normed, place->sums, place->means, place->reciprocals,
                             config->norm_first ? before->sums : before->normed,
                             branch_bias, norm.weight, norm.bias, self->row_ids,
                             self->n_tokens, config->hidden_size, config->norm_epsilon,
                             dropout_at (self, DROP_PLACES + index));
}

static void
attention_forward (WenEncoderPass *self,
                   guint           index)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenEncoderLayer  *parameters = &self->encoder->view.layers[index];
  LayerActivations       *layer = &self->layers[index];
  Place                  *before = &self->places[2 * index];
  Place                  *after = &self->places[2 * index + 1];
  gsize                   hidden_size = config->hidden_size;

  wen_multiply_transposed (layer->query_key_value, 3 * hidden_size,
                           before->normed, hidden_size,
                           parameters->query_key_value_weight, hidden_size,
                           self->n_tokens, 3 * hidden_size, hidden_size, FALSE);
  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize  begin = self->offsets[i];
      gsize  n_tokens = self->offsets[i + 1] - begin;
      float *query_key_value = layer->query_key_value + begin * 3 * hidden_size;

      wen_bias_forward (query_key_value, parameters->query_key_value_bias, n_tokens, 3 * hidden_size);
      wen_attention_forward (layer->attended + begin * hidden_size, query_key_value, self->scratch,
                             n_tokens, config->n_heads, hidden_size / config->n_heads);
    }
  wen_multiply_transposed (after->sums, hidden_size,
                           layer->attended, hidden_size,
                           parameters->attention_output_weight, hidden_size,
                           self->n_tokens, hidden_size, hidden_size, FALSE);
  finish_place (self, 2 * index + 1, parameters->attention_output_bias);
}

static void
feed_forward_forward (WenEncoderPass *self,
                      guint           index)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenEncoderLayer  *parameters = &self->encoder->view.layers[index];
  LayerActivations       *layer = &self->layers[index];
  Place                  *before = &self->places[2 * index + 1];
  Place                  *after = &self->places[2 * index + 2];
  gsize                   hidden_size = config->hidden_size;
  gsize                   inner_size = config->feed_forward_size;

  wen_multiply_transposed (layer->inner, inner_size,
                           before->normed, hidden_size,
                           parameters->inner_weight, hidden_size,
                           self->n_tokens, inner_size, hidden_size, FALSE);
  if (layer->activated == layer->inner)
    wen_bias_gelu (layer->inner, parameters->inner_bias, self->n_tokens, inner_size);
  else
    wen_bias_gelu_forward (layer->activated, layer->inner, parameters->inner_bias,
                           self->n_tokens, inner_size);
  wen_multiply_transposed (after->sums, hidden_size,
                           layer->activated, inner_size,
                           parameters->outer_weight, inner_size,
                           self->n_tokens, hidden_size, inner_size, FALSE);
  finish_place (self, 2 * index + 2, parameters->outer_bias);
}

static void
pool_and_classify (WenEncoderPass *self,
                   float          *logits)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenEncoderView   *view = &self->encoder->view;
  const float            *normed = self->places[2 * config->n_layers].normed;
  gboolean                mixes = self->step.mixup > 0.0f;
  float                  *pooled = mixes ? self->unmixed : self->pooled;
  gsize                   hidden_size = config->hidden_size;

  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize begin = self->offsets[i];
      gsize n_rows = config->pool_first ? 1 : self->offsets[i + 1] - begin;

      wen_mean_rows_forward (pooled + i * hidden_size, normed + begin * hidden_size,
                             n_rows, hidden_size);
    }
  if (mixes)
    {
      wen_encoder_pass_choose_partners (self);
      wen_mix_rows_forward (self->pooled, self->unmixed, self->partners, self->shares, self->n_texts, hidden_size);
    }
  wen_dropout_apply (self->pooled, self->text_ids, self->n_texts, hidden_size,
                     dropout_at (self, DROP_POOLED));
  wen_multiply_transposed (logits, config->n_labels, self->pooled, hidden_size,
                           view->output_weight, hidden_size,
                           self->n_texts, config->n_labels, hidden_size, FALSE);
  wen_bias_forward (logits, view->output_bias, self->n_texts, config->n_labels);
}

static void
run_layers (WenEncoderPass *self)
{
  embed (self);
  for (guint i = 0; i < self->encoder->config.n_layers; i++)
    {
      attention_forward (self, i);
      feed_forward_forward (self, i);
    }
}

static void
run_forward (WenEncoderPass *self,
             float          *logits)
{
  run_layers (self);
  pool_and_classify (self, logits);
}

/*< private >
 * wen_encoder_pass_predict:
 * @self: a pass with texts
 * @logits: (out caller-allocates): [texts][labels]
 *
 * Computes the logits of the texts, without dropout.
 */
void
wen_encoder_pass_predict (WenEncoderPass *self,
                          float          *logits)
{
  self->step = (WenEncoderPassStep) { 0 };
  run_forward (self, logits);
}

/*< private >
 * wen_encoder_pass_forward:
 * @self: a pass made for training, with texts
 * @step: dropout and loss
 * @loss: (out): the sum of the losses of the texts, in nats
 * @n_correct: (out): how many texts have their label on top
 *
 * Computes the loss, and keeps what the way back needs.
 *
 * A text that is mixed with another one counts with the label of which it has more.
 */
void
wen_encoder_pass_forward (WenEncoderPass           *self,
                          const WenEncoderPassStep *step,
                          double                   *loss,
                          gsize                    *n_correct)
{
  self->step = *step;
  run_forward (self, self->logits);
  if (step->mixup > 0.0f || self->n_copies > 1 || self->batch->weights != NULL || self->batch->targets != NULL)
    *loss = wen_encoder_pass_compute_soft_loss (self, n_correct);
  else
    *loss = wen_cross_entropy_forward (self->d_logits, n_correct, self->logits, self->labels,
                                       self->n_texts, self->encoder->config.n_labels,
                                       step->label_smoothing, 1.0f / (float) step->n_batch_texts);
}

/* Undoes pool_and_classify(): writes d_normed of the last place. */
static void
pool_and_classify_backward (WenEncoderPass       *self,
                            const WenEncoderView *gradient,
                            float                *d_normed,
                            gboolean              add)
{
  const WenEncoderConfig *config = &self->encoder->config;
  gsize                   hidden_size = config->hidden_size;
  float                  *d_pooled = self->d_pooled;

  wen_bias_backward (gradient->output_bias, self->d_logits, self->n_texts, config->n_labels);
  wen_transposed_multiply (gradient->output_weight, hidden_size,
                           self->d_logits, config->n_labels, self->pooled, hidden_size,
                           config->n_labels, hidden_size, self->n_texts, add);
  wen_multiply (self->d_pooled, hidden_size, self->d_logits, config->n_labels,
                self->encoder->view.output_weight, hidden_size,
                self->n_texts, hidden_size, config->n_labels, FALSE);
  wen_dropout_apply (self->d_pooled, self->text_ids, self->n_texts, hidden_size,
                     dropout_at (self, DROP_POOLED));
  if (self->step.mixup > 0.0f)
    {
      /* What was unmixed is not needed any more. */
      wen_mix_rows_backward (self->unmixed, self->d_pooled, self->partners, self->shares, self->n_texts, hidden_size);
      d_pooled = self->unmixed;
    }

  if (config->pool_first)
    memset (d_normed, 0, self->n_tokens * hidden_size * sizeof *d_normed);
  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize begin = self->offsets[i];
      gsize n_rows = config->pool_first ? 1 : self->offsets[i + 1] - begin;

      wen_mean_rows_backward (d_normed + begin * hidden_size, d_pooled + i * hidden_size,
                              n_rows, hidden_size);
    }
}

/* Undoes finish_place(): writes d_sums, and d_branch unless d_branch_bias is NULL.
 * With pre-norm the gradient of the norm is in d_normed, that of the residual way
 * in d_sums unless this is the last place; with post-norm d_sums holds both. */
static void
finish_place_backward (WenEncoderPass       *self,
                       guint                 index,
                       const WenEncoderView *gradient,
                       float                *d_branch_bias)
{
  const WenEncoderConfig *config = &self->encoder->config;
  WenEncoderNorm          norm = wen_encoder_view_norm (&self->encoder->view, config, index);
  WenEncoderNorm          d_norm = wen_encoder_view_norm (gradient, config, index);
  Place                  *place = &self->places[index];

  wen_residual_norm_backward (self->d_sums, d_branch_bias != NULL ? self->d_branch : NULL, d_branch_bias,
                              d_norm.weight, d_norm.bias,
                              config->norm_first ? self->d_normed : self->d_sums,
                              config->norm_first && index < 2 * config->n_layers,
                              place->sums, place->means, place->reciprocals, norm.weight,
                              self->row_ids, self->n_tokens, config->hidden_size,
                              dropout_at (self, DROP_PLACES + index));
}

/* Undoes y = x weight^T, where d_wide is the gradient of y and x what was normed at
 * a place.  Writes d_normed (pre-norm) or adds to d_sums (post-norm). */
static void
product_of_normed_backward (WenEncoderPass *self,
                            guint           place,
                            float          *d_weight,
                            const float    *weight,
                            gsize           width,
                            gboolean        add)
{
  const WenEncoderConfig *config = &self->encoder->config;
  gsize                   hidden_size = config->hidden_size;

  wen_transposed_multiply (d_weight, hidden_size, self->d_wide, width,
                           self->places[place].normed, hidden_size,
                           width, hidden_size, self->n_tokens, add);
  wen_multiply (config->norm_first ? self->d_normed : self->d_sums, hidden_size,
                self->d_wide, width, weight, hidden_size,
                self->n_tokens, hidden_size, width, !config->norm_first);
}

static void
feed_forward_backward (WenEncoderPass       *self,
                       guint                 index,
                       const WenEncoderView *gradient,
                       gboolean              add)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenEncoderLayer  *parameters = &self->encoder->view.layers[index];
  const WenEncoderLayer  *d_parameters = &gradient->layers[index];
  LayerActivations       *layer = &self->layers[index];
  gsize                   hidden_size = config->hidden_size;
  gsize                   inner_size = config->feed_forward_size;

  finish_place_backward (self, 2 * index + 2, gradient, d_parameters->outer_bias);
  wen_transposed_multiply (d_parameters->outer_weight, inner_size,
                           self->d_branch, hidden_size, layer->activated, inner_size,
                           hidden_size, inner_size, self->n_tokens, add);
  wen_multiply (self->d_wide, inner_size, self->d_branch, hidden_size,
                parameters->outer_weight, inner_size,
                self->n_tokens, inner_size, hidden_size, FALSE);
  wen_bias_gelu_backward (d_parameters->inner_bias, self->d_wide, layer->inner,
                          self->n_tokens, inner_size);
  product_of_normed_backward (self, 2 * index + 1, d_parameters->inner_weight,
                              parameters->inner_weight, inner_size, add);
}

static void
attention_backward (WenEncoderPass       *self,
                    guint                 index,
                    const WenEncoderView *gradient,
                    gboolean              add)
{
  const WenEncoderConfig *config = &self->encoder->config;
  const WenEncoderLayer  *parameters = &self->encoder->view.layers[index];
  const WenEncoderLayer  *d_parameters = &gradient->layers[index];
  LayerActivations       *layer = &self->layers[index];
  gsize                   hidden_size = config->hidden_size;
  /* With pre-norm d_normed is free here; post-norm does not use it. */
  float                  *d_attended = self->d_normed;

  finish_place_backward (self, 2 * index + 1, gradient, d_parameters->attention_output_bias);
  wen_transposed_multiply (d_parameters->attention_output_weight, hidden_size,
                           self->d_branch, hidden_size, layer->attended, hidden_size,
                           hidden_size, hidden_size, self->n_tokens, add);
  wen_multiply (d_attended, hidden_size, self->d_branch, hidden_size,
                parameters->attention_output_weight, hidden_size,
                self->n_tokens, hidden_size, hidden_size, FALSE);
  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize  begin = self->offsets[i];
      gsize  n_tokens = self->offsets[i + 1] - begin;
      float *d_query_key_value = self->d_wide + begin * 3 * hidden_size;

      wen_attention_backward (d_query_key_value, d_attended + begin * hidden_size,
                              layer->query_key_value + begin * 3 * hidden_size, self->scratch,
                              n_tokens, config->n_heads, hidden_size / config->n_heads);
      wen_bias_backward (d_parameters->query_key_value_bias, d_query_key_value, n_tokens, 3 * hidden_size);
    }
  product_of_normed_backward (self, 2 * index, d_parameters->query_key_value_weight,
                              parameters->query_key_value_weight, 3 * hidden_size, add);
}

/* Undoes embed(): writes the rows of d_embedded, in the places of the batch; a second
 * copy is added to the first. */
static void
embed_backward (WenEncoderPass       *self,
                const WenEncoderView *gradient,
                float                *d_embedded)
{
  const WenEncoderConfig *config = &self->encoder->config;
  gsize                   hidden_size = config->hidden_size;

  if (!config->norm_first)
    wen_dropout_apply (self->d_sums, self->row_ids, self->n_tokens, hidden_size,
                       dropout_at (self, DROP_EMBEDDINGS));
  finish_place_backward (self, 0, gradient, NULL);
  if (config->norm_first)
    wen_dropout_apply (self->d_sums, self->row_ids, self->n_tokens, hidden_size,
                       dropout_at (self, DROP_EMBEDDINGS));

  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize        begin = self->offsets[i];
      gsize        n_values = (self->offsets[i + 1] - begin) * hidden_size;
      const float *d_text = self->d_sums + begin * hidden_size;

      if (i % self->n_copies == 0)
        memcpy (d_embedded + self->row_ids[begin] * hidden_size, d_text, n_values * sizeof *d_embedded);
      else
        wen_add (d_embedded + (self->row_ids[begin] - self->batch->n_tokens) * hidden_size, d_text, n_values);
    }
}

/* Biases and norms are added to; matrices are written by their first product. */
static void
clear_vectors (const WenEncoder     *encoder,
               const WenEncoderView *gradient)
{
  const float *block = gradient->token_embeddings;

  for (gsize i = 0; i < encoder->n_tensors; i++)
    {
      const WenTensor *tensor = &encoder->tensors[i];

      if (tensor->n_dimensions == 1)
        memset ((float *) block + (tensor->values - encoder->parameters), 0,
                tensor->n_values * sizeof (float));
    }
}

/* Where the gradient of what came out of the last layer has to be. */
static float *
get_d_vectors (WenEncoderPass *self)
{
  return self->encoder->config.norm_first ? self->d_normed : self->d_sums;
}

/* Undoes the layers and embed(), as far down as something learns. */
static void
run_layers_backward (WenEncoderPass       *self,
                     const WenEncoderView *gradient,
                     float                *d_embedded,
                     gboolean              add)
{
  const WenEncoderConfig *config = &self->encoder->config;
  guint                   n_frozen = self->step.n_frozen;
  guint                   n_frozen_layers = n_frozen > 0 ? n_frozen - 1 : 0;

  for (guint i = config->n_layers; i-- > n_frozen_layers;)
    {
      feed_forward_backward (self, i, gradient, add);
      attention_backward (self, i, gradient, add);
    }
  /* The norm before the lowest part that learns is its own. */
  if (n_frozen == 0)
    embed_backward (self, gradient, d_embedded);
  else if (config->norm_first)
    finish_place_backward (self, 2 * n_frozen_layers, gradient, NULL);
}

/*< private >
 * wen_encoder_pass_backward:
 * @self: a pass after wen_encoder_pass_forward()
 * @gradient: where the gradients of all tensors but the embeddings go
 * @d_embedded: [batch tokens][hidden]: gets a row for each token of the texts
 * @add: whether to add to @gradient instead of writing it
 *
 * Computes the gradient of the loss.  That of frozen parts is not written.
 */
void
wen_encoder_pass_backward (WenEncoderPass       *self,
                           const WenEncoderView *gradient,
                           float                *d_embedded,
                           gboolean              add)
{
  if (!add)
    clear_vectors (self->encoder, gradient);

  pool_and_classify_backward (self, gradient, get_d_vectors (self), add);
  run_layers_backward (self, gradient, d_embedded, add);
}

/*< private >
 * wen_encoder_pass_forward_tokens:
 * @self: a pass made for training, with texts
 * @step: dropout
 * @tokens: (out): the vectors of their tokens, valid until the way back
 *
 * Computes vectors of tokens instead of logits of texts, and keeps what the way back
 * needs.
 */
void
wen_encoder_pass_forward_tokens (WenEncoderPass           *self,
                                 const WenEncoderPassStep *step,
                                 WenEncoderPassTokens     *tokens)
{
  self->step = *step;
  run_layers (self);
  *tokens = (WenEncoderPassTokens) {
    .vectors = self->places[2 * self->encoder->config.n_layers].normed,
    .d_vectors = get_d_vectors (self),
    .row_ids = self->row_ids,
    .n_tokens = self->n_tokens,
  };
}

/*< private >
 * wen_encoder_pass_backward_tokens:
 * @self: a pass after wen_encoder_pass_forward_tokens(), the gradient of whose
 *   vectors is where they said
 * @gradient: as for wen_encoder_pass_backward(); that of the classifier stays what
 *   it is
 * @d_embedded: [batch tokens][hidden]: gets a row for each token of the texts
 * @add: whether to add to @gradient instead of writing it
 *
 * Computes the gradient of the loss.
 */
void
wen_encoder_pass_backward_tokens (WenEncoderPass       *self,
                                  const WenEncoderView *gradient,
                                  float                *d_embedded,
                                  gboolean              add)
{
  if (!add)
    clear_vectors (self->encoder, gradient);

  run_layers_backward (self, gradient, d_embedded, add);
}
