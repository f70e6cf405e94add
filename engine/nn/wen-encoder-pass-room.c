/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The room of a pass: one block for all activations and their gradients, and the texts
 * that go through.  What is done with them: see wen-encoder-pass.c. */

#include "config.h"

#include "wen-encoder-pass-parts-private.h"

#include "wen-attention-private.h"

#include <string.h>

static guint
get_n_places (const WenEncoderConfig *config)
{
  return 2 * config->n_layers + 1;
}

/* Takes a piece of the block, or, while there is no block, only counts. */
static float *
take (float *block,
      gsize *used,
      gsize  n_values)
{
  float *piece = block != NULL ? block + *used : NULL;

  *used += (n_values + 15) & ~(gsize) 15;
  return piece;
}

static void
take_place (Place *place,
            float *block,
            gsize *used,
            gsize  n_tokens,
            gsize  hidden_size)
{
  place->sums = take (block, used, n_tokens * hidden_size);
  place->normed = take (block, used, n_tokens * hidden_size);
  place->means = take (block, used, n_tokens);
  place->reciprocals = take (block, used, n_tokens);
}

static void
take_layer (LayerActivations       *layer,
            float                  *block,
            gsize                  *used,
            gsize                   n_tokens,
            const WenEncoderConfig *config,
            gboolean                training)
{
  layer->query_key_value = take (block, used, 3 * n_tokens * config->hidden_size);
  layer->attended = take (block, used, n_tokens * config->hidden_size);
  layer->inner = take (block, used, n_tokens * config->feed_forward_size);
  if (training)
    layer->activated = take (block, used, n_tokens * config->feed_forward_size);
  else
    layer->activated = layer->inner;
}

/* Cuts the block into pieces; returns how many floats they take. */
static gsize
lay_out (WenEncoderPass *self,
         float          *block,
         gboolean        training)
{
  const WenEncoderConfig *config = &self->encoder->config;
  gsize                   hidden_size = config->hidden_size;
  gsize                   n_tokens = self->max_tokens;
  gsize                   used = 0;

  for (guint i = 0; i < get_n_places (config); i++)
    {
      if (training || i < 2)
        take_place (&self->places[i], block, &used, n_tokens, hidden_size);
      else
        self->places[i] = self->places[i - 2];
    }

  for (guint i = 0; i < config->n_layers; i++)
    {
      if (training || i == 0)
        take_layer (&self->layers[i], block, &used, n_tokens, config, training);
      else
        self->layers[i] = self->layers[0];
    }

  self->pooled = take (block, &used, self->max_texts * hidden_size);
  self->logits = take (block, &used, self->max_texts * config->n_labels);
  self->scratch = take (block, &used, wen_attention_scratch_size (MIN (n_tokens, config->n_positions)));

  if (training)
    {
      self->unmixed = take (block, &used, self->max_texts * hidden_size);
      self->pure_targets = take (block, &used, self->max_texts * config->n_labels);
      self->targets = take (block, &used, self->max_texts * config->n_labels);
      self->d_logits = take (block, &used, self->max_texts * config->n_labels);
      self->d_pooled = take (block, &used, self->max_texts * hidden_size);
      self->d_sums = take (block, &used, n_tokens * hidden_size);
      self->d_normed = take (block, &used, n_tokens * hidden_size);
      self->d_branch = take (block, &used, n_tokens * hidden_size);
      self->d_wide = take (block, &used, n_tokens * MAX (config->feed_forward_size, 3 * hidden_size));
    }

  return used;
}

/*< private >
 * wen_encoder_pass_count_floats:
 * @config: the shape of an encoder
 * @max_tokens: how many tokens the texts have together, at most
 * @max_texts: how many texts, at most
 * @training: whether there will be a way back
 *
 * Counts what wen_encoder_pass_new() would make room for.
 *
 * Returns: a number of floats
 */
gsize
wen_encoder_pass_count_floats (const WenEncoderConfig *config,
                               gsize                   max_tokens,
                               gsize                   max_texts,
                               gboolean                training)
{
  WenEncoder                  encoder = { .config = *config };
  g_autofree Place            *places = g_new0 (Place, get_n_places (config));
  g_autofree LayerActivations *layers = g_new0 (LayerActivations, config->n_layers);
  WenEncoderPass              pass = {
    .encoder = &encoder,
    .max_tokens = max_tokens,
    .max_texts = max_texts,
    .places = places,
    .layers = layers,
  };

  return lay_out (&pass, NULL, training);
}

/*< private >
 * wen_encoder_pass_new:
 * @encoder: an encoder, must live longer
 * @max_tokens: how many tokens the texts have together, at most
 * @max_texts: how many texts, at most
 * @training: whether there will be a way back
 *
 * Makes room for a pass.
 *
 * Returns: (transfer full): a pass without texts
 */
WenEncoderPass *
wen_encoder_pass_new (WenEncoder *encoder,
                      gsize       max_tokens,
                      gsize       max_texts,
                      gboolean    training)
{
  WenEncoderPass *self = g_new0 (WenEncoderPass, 1);

  self->encoder = encoder;
  self->max_tokens = max_tokens;
  self->max_texts = max_texts;
  self->n_copies = 1;
  self->token_ids = g_new (guint32, max_tokens);
  self->row_ids = g_new (guint32, max_tokens);
  if (encoder->config.n_ngrams > 0)
    self->ngram_rows = g_new (guint32, max_tokens * (encoder->config.longest_ngram - 1));
  self->offsets = g_new0 (guint32, max_texts + 1);
  self->labels = g_new (guint32, max_texts);
  self->text_ids = g_new (guint32, max_texts);
  self->partners = g_new (guint32, max_texts);
  self->shares = g_new (float, max_texts);
  self->places = g_new0 (Place, get_n_places (&encoder->config));
  self->layers = g_new0 (LayerActivations, encoder->config.n_layers);
  self->block = g_aligned_alloc (lay_out (self, NULL, training), sizeof (float), 64);
  lay_out (self, self->block, training);

  return self;
}

void
wen_encoder_pass_free (WenEncoderPass *self)
{
  g_aligned_free (self->block);
  g_free (self->layers);
  g_free (self->places);
  g_free (self->shares);
  g_free (self->partners);
  g_free (self->text_ids);
  g_free (self->labels);
  g_free (self->offsets);
  g_free (self->ngram_rows);
  g_free (self->row_ids);
  g_free (self->token_ids);
  g_free (self);
}

/* Forgets the texts. */
void
wen_encoder_pass_clear (WenEncoderPass *self)
{
  self->n_tokens = 0;
  self->n_texts = 0;
}

gsize
wen_encoder_pass_get_n_tokens (WenEncoderPass *self)
{
  return self->n_tokens;
}

/* From now on, each text that is added is there so many times. */
void
wen_encoder_pass_set_copies (WenEncoderPass *self,
                             guint           n_copies)
{
  self->n_copies = n_copies;
}

static void
add_copy (WenEncoderPass *self,
          gsize           text,
          guint           copy)
{
  const WenBatch *batch = self->batch;
  guint32         begin = batch->offsets[text];
  guint32         n_tokens = batch->offsets[text + 1] - begin;

  memcpy (self->token_ids + self->n_tokens, batch->token_ids + begin, n_tokens * sizeof (guint32));
  for (guint32 i = 0; i < n_tokens; i++)
    self->row_ids[self->n_tokens + i] = begin + i + (guint32) (copy * batch->n_tokens);
  self->n_tokens += n_tokens;
  self->text_ids[self->n_texts] = (guint32) (text + copy * batch->n_texts);
  self->labels[self->n_texts] = batch->labels != NULL ? batch->labels[text] : 0;
  self->n_texts++;
  self->offsets[self->n_texts] = (guint32) self->n_tokens;
}

/* Adds a text of a batch, the same one as before; FALSE when it does not fit any more. */
gboolean
wen_encoder_pass_add_text (WenEncoderPass *self,
                           const WenBatch *batch,
                           gsize           text)
{
  guint32 n_tokens = batch->offsets[text + 1] - batch->offsets[text];

  if (self->n_texts + self->n_copies > self->max_texts
      || self->n_tokens + self->n_copies * n_tokens > self->max_tokens)
    return FALSE;

  self->batch = batch;
  for (guint copy = 0; copy < self->n_copies; copy++)
    add_copy (self, text, copy);
  return TRUE;
}
