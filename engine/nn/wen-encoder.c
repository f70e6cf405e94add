/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parameters of an encoder: one block, described by one table. */

#include "config.h"

#include "wen-encoder-layout-private.h"

#include "wen-blas-private.h"
#include "wen-random-private.h"

#include <string.h>

/* Each tensor begins at a multiple of this many floats, a cache line.  What lies
 * between two tensors is 0 and stays 0. */
#define ALIGNMENT 16

typedef enum
{
  SIZE_NONE, /* a vector has no second size */
  SIZE_VOCABULARY,
  SIZE_POSITIONS,
  SIZE_HIDDEN,
  SIZE_THREE_HIDDEN,
  SIZE_FEED_FORWARD,
  SIZE_LABELS,
  SIZE_NGRAMS,
} Size;

typedef enum
{
  FILL_NORMAL,
  FILL_ZERO,
  FILL_ONE,
} Fill;

typedef enum
{
  WHEN_ALWAYS,
  WHEN_NORM_FIRST,
  WHEN_NORM_LAST,
  WHEN_NGRAMS,
} When;

typedef struct
{
  const char *name;
  Size        shape[2];
  Fill        fill;
  When        when;
  gsize       field; /* offset of the pointer in its struct */
} TensorRow;

#define IN_VIEW(field)  G_STRUCT_OFFSET (WenEncoderView, field)
#define IN_LAYER(field) G_STRUCT_OFFSET (WenEncoderLayer, field)

/* The table.  Tokens and positions stand first and n-grams last, because most of
 * their rows have no gradient in a step and the trainer treats them apart.  N-grams
 * begin at 0, so that one which was never seen adds nothing. */
static const TensorRow before_layers[] = {
  { "embeddings.token.weight",    { SIZE_VOCABULARY, SIZE_HIDDEN }, FILL_NORMAL, WHEN_ALWAYS,     IN_VIEW (token_embeddings) },
  { "embeddings.position.weight", { SIZE_POSITIONS, SIZE_HIDDEN },  FILL_NORMAL, WHEN_ALWAYS,     IN_VIEW (position_embeddings) },
  { "embeddings.norm.weight",     { SIZE_HIDDEN, SIZE_NONE },       FILL_ONE,    WHEN_NORM_LAST,  IN_VIEW (outside_norm_weight) },
  { "embeddings.norm.bias",       { SIZE_HIDDEN, SIZE_NONE },       FILL_ZERO,   WHEN_NORM_LAST,  IN_VIEW (outside_norm_bias) },
};

static const TensorRow in_layers[] = {
  { "attention.norm.weight",            { SIZE_HIDDEN, SIZE_NONE },         FILL_ONE,    WHEN_ALWAYS, IN_LAYER (attention_norm_weight) },
  { "attention.norm.bias",              { SIZE_HIDDEN, SIZE_NONE },         FILL_ZERO,   WHEN_ALWAYS, IN_LAYER (attention_norm_bias) },
  { "attention.query_key_value.weight", { SIZE_THREE_HIDDEN, SIZE_HIDDEN }, FILL_NORMAL, WHEN_ALWAYS, IN_LAYER (query_key_value_weight) },
  { "attention.query_key_value.bias",   { SIZE_THREE_HIDDEN, SIZE_NONE },   FILL_ZERO,   WHEN_ALWAYS, IN_LAYER (query_key_value_bias) },
  { "attention.output.weight",          { SIZE_HIDDEN, SIZE_HIDDEN },       FILL_NORMAL, WHEN_ALWAYS, IN_LAYER (attention_output_weight) },
  { "attention.output.bias",            { SIZE_HIDDEN, SIZE_NONE },         FILL_ZERO,   WHEN_ALWAYS, IN_LAYER (attention_output_bias) },
  { "feed_forward.norm.weight",         { SIZE_HIDDEN, SIZE_NONE },         FILL_ONE,    WHEN_ALWAYS, IN_LAYER (feed_forward_norm_weight) },
  { "feed_forward.norm.bias",           { SIZE_HIDDEN, SIZE_NONE },         FILL_ZERO,   WHEN_ALWAYS, IN_LAYER (feed_forward_norm_bias) },
  { "feed_forward.inner.weight",        { SIZE_FEED_FORWARD, SIZE_HIDDEN }, FILL_NORMAL, WHEN_ALWAYS, IN_LAYER (inner_weight) },
  { "feed_forward.inner.bias",          { SIZE_FEED_FORWARD, SIZE_NONE },   FILL_ZERO,   WHEN_ALWAYS, IN_LAYER (inner_bias) },
  { "feed_forward.outer.weight",        { SIZE_HIDDEN, SIZE_FEED_FORWARD }, FILL_NORMAL, WHEN_ALWAYS, IN_LAYER (outer_weight) },
  { "feed_forward.outer.bias",          { SIZE_HIDDEN, SIZE_NONE },         FILL_ZERO,   WHEN_ALWAYS, IN_LAYER (outer_bias) },
};

static const TensorRow after_layers[] = {
  { "norm.weight",   { SIZE_HIDDEN, SIZE_NONE },   FILL_ONE,    WHEN_NORM_FIRST, IN_VIEW (outside_norm_weight) },
  { "norm.bias",     { SIZE_HIDDEN, SIZE_NONE },   FILL_ZERO,   WHEN_NORM_FIRST, IN_VIEW (outside_norm_bias) },
  { "output.weight", { SIZE_LABELS, SIZE_HIDDEN }, FILL_NORMAL, WHEN_ALWAYS,     IN_VIEW (output_weight) },
  { "output.bias",   { SIZE_LABELS, SIZE_NONE },   FILL_ZERO,   WHEN_ALWAYS,     IN_VIEW (output_bias) },
  { "embeddings.ngram.weight", { SIZE_NGRAMS, SIZE_HIDDEN }, FILL_ZERO, WHEN_NGRAMS, IN_VIEW (ngram_embeddings) },
};

static gsize
get_size (const WenEncoderConfig *config,
          Size                    size)
{
  switch (size)
    {
    case SIZE_VOCABULARY:
      return config->n_vocabulary;
    case SIZE_POSITIONS:
      return config->n_positions;
    case SIZE_HIDDEN:
      return config->hidden_size;
    case SIZE_THREE_HIDDEN:
      return 3 * (gsize) config->hidden_size;
    case SIZE_FEED_FORWARD:
      return config->feed_forward_size;
    case SIZE_LABELS:
      return config->n_labels;
    case SIZE_NGRAMS:
      return config->n_ngrams;
    case SIZE_NONE:
    default:
      return 1;
    }
}

static gboolean
is_used (const TensorRow        *row,
         const WenEncoderConfig *config)
{
  switch (row->when)
    {
    case WHEN_NORM_FIRST:
      return config->norm_first;
    case WHEN_NORM_LAST:
      return !config->norm_first;
    case WHEN_NGRAMS:
      return config->n_ngrams > 0;
    case WHEN_ALWAYS:
    default:
      return TRUE;
    }
}

typedef void (*RowFunc) (const TensorRow *row,
                         gint             layer, /* -1: in none */
                         gpointer         data);

/* The one order of the tensors, for all that walk over them. */
static void
walk_table (const WenEncoderConfig *config,
            RowFunc                 func,
            gpointer                data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (before_layers); i++)
    if (is_used (&before_layers[i], config))
      func (&before_layers[i], -1, data);
  for (gint layer = 0; layer < (gint) config->n_layers; layer++)
    for (gsize i = 0; i < G_N_ELEMENTS (in_layers); i++)
      func (&in_layers[i], layer, data);
  for (gsize i = 0; i < G_N_ELEMENTS (after_layers); i++)
    if (is_used (&after_layers[i], config))
      func (&after_layers[i], -1, data);
}

static void
count_tensor (const TensorRow *row,
              gint             layer,
              gpointer         data)
{
  WenEncoder *self = data;

  self->n_tensors++;
}

static guint
get_part_outside (const TensorRow        *row,
                  const WenEncoderConfig *config)
{
  return g_str_has_prefix (row->name, "embeddings.") ? 0 : config->n_layers + 1;
}

/* Until the block exists, values is an offset counted from NULL. */
static void
add_tensor (const TensorRow *row,
            gint             layer,
            gpointer         data)
{
  WenEncoder *self = data;
  WenTensor  *tensor = &self->tensors[self->n_tensors++];

  if (layer < 0)
    g_snprintf (tensor->name, sizeof tensor->name, "%s", row->name);
  else
    g_snprintf (tensor->name, sizeof tensor->name, "layers.%d.%s", layer, row->name);

  tensor->n_dimensions = row->shape[1] == SIZE_NONE ? 1 : 2;
  tensor->shape[0] = get_size (&self->config, row->shape[0]);
  tensor->shape[1] = get_size (&self->config, row->shape[1]);
  tensor->n_values = tensor->shape[0] * tensor->shape[1];
  tensor->decays = tensor->n_dimensions == 2 && row->when != WHEN_NGRAMS;
  tensor->part = layer >= 0 ? 1 + (guint) layer : get_part_outside (row, &self->config);
  tensor->values = NULL;
  self->n_parameters += (tensor->n_values + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

typedef struct
{
  WenEncoderView   *view;
  const WenTensor  *tensor;
  const float      *parameters;
  float            *block;
} ViewWalk;

static void
point_to_tensor (const TensorRow *row,
                 gint             layer,
                 gpointer         data)
{
  ViewWalk *walk = data;
  gpointer  owner = layer < 0 ? (gpointer) walk->view : (gpointer) &walk->view->layers[layer];

  G_STRUCT_MEMBER (float *, owner, row->field) = walk->block + (walk->tensor->values - walk->parameters);
  walk->tensor++;
}

/*< private >
 * wen_encoder_view_init:
 * @view: (out caller-allocates): pointers to every tensor
 * @encoder: an encoder
 * @block: a block that lies like the parameters of @encoder
 *
 * Finds the tensors in a block of parameters or gradients.
 */
void
wen_encoder_view_init (WenEncoderView   *view,
                       const WenEncoder *encoder,
                       float            *block)
{
  ViewWalk walk = { view, encoder->tensors, encoder->parameters, block };

  memset (view, 0, sizeof *view);
  view->layers = g_new0 (WenEncoderLayer, encoder->config.n_layers);
  walk_table (&encoder->config, point_to_tensor, &walk);
}

void
wen_encoder_view_clear (WenEncoderView *view)
{
  g_clear_pointer (&view->layers, g_free);
}

/*< private >
 * wen_encoder_view_norm:
 * @view: a view
 * @config: its shape
 * @place: from 0, before the first layer, to 2 * layers, after the last
 *
 * Gets the layer norm at a place on the way of the data.
 *
 * The data pass the same places in both layouts: one after the embeddings, one
 * after each attention, one after each feed-forward.  Only which tensor of the
 * table works there differs.
 *
 * Returns: its weight and bias
 */
WenEncoderNorm
wen_encoder_view_norm (const WenEncoderView   *view,
                       const WenEncoderConfig *config,
                       guint                   place)
{
  WenEncoderNorm         norm = { view->outside_norm_weight, view->outside_norm_bias };
  const WenEncoderLayer *layer;

  if (place == (config->norm_first ? 2 * config->n_layers : 0))
    return norm;

  if (!config->norm_first)
    place--;
  layer = &view->layers[place / 2];
  if (place % 2 == 0)
    return (WenEncoderNorm) { layer->attention_norm_weight, layer->attention_norm_bias };
  else
    return (WenEncoderNorm) { layer->feed_forward_norm_weight, layer->feed_forward_norm_bias };
}

gboolean
wen_encoder_accepts (const WenEncoder *encoder,
                     const WenBatch   *batch,
                     gsize             max_tokens,
                     gsize             max_texts)
{
  const WenEncoderConfig *config = &encoder->config;

  if (batch->n_texts == 0 || batch->n_texts > max_texts || batch->n_tokens > max_tokens)
    return FALSE;
  if (batch->offsets[0] != 0 || batch->offsets[batch->n_texts] != batch->n_tokens)
    return FALSE;

  for (gsize i = 0; i < batch->n_texts; i++)
    {
      if (batch->offsets[i + 1] <= batch->offsets[i]
          || batch->offsets[i + 1] - batch->offsets[i] > config->n_positions)
        return FALSE;
      if (batch->labels != NULL && batch->labels[i] >= config->n_labels)
        return FALSE;
    }
  for (gsize i = 0; i < batch->n_tokens; i++)
    if (batch->token_ids[i] >= config->n_vocabulary)
      return FALSE;

  return TRUE;
}

/*< private >
 * wen_encoder_new:
 * @config: its shape
 *
 * Makes an encoder whose parameters are all 0: initialize or load them next.
 *
 * Returns: (transfer full) (nullable): an encoder, or `NULL` when the shape makes
 *   no sense
 */
WenEncoder *
wen_encoder_new (const WenEncoderConfig *config)
{
  WenEncoder *self;
  gsize       offset = 0;

  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (config->n_vocabulary > 0 && config->n_positions > 0, NULL);
  g_return_val_if_fail (config->hidden_size > 0 && config->feed_forward_size > 0, NULL);
  g_return_val_if_fail (config->n_heads > 0 && config->hidden_size % config->n_heads == 0, NULL);
  g_return_val_if_fail (config->n_labels > 0, NULL);
  g_return_val_if_fail (config->n_ngrams == 0 || config->longest_ngram >= 2, NULL);

  wen_blas_set_up ();

  self = g_new0 (WenEncoder, 1);
  self->config = *config;

  walk_table (config, count_tensor, self);
  self->tensors = g_new0 (WenTensor, self->n_tensors);
  self->n_tensors = 0;
  walk_table (config, add_tensor, self);

  self->parameters = g_aligned_alloc0 (self->n_parameters, sizeof (float), 64);
  for (gsize i = 0; i < self->n_tensors; i++)
    {
      WenTensor *tensor = &self->tensors[i];

      tensor->values = self->parameters + offset;
      offset += (tensor->n_values + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      if (i < 2)
        self->n_embedding_parameters = offset;
    }
  wen_encoder_view_init (&self->view, self, self->parameters);
  self->n_dense_parameters = self->n_parameters;
  if (self->view.ngram_embeddings != NULL)
    self->n_dense_parameters = (gsize) (self->view.ngram_embeddings - self->parameters);

  return self;
}

/*< private >
 * wen_encoder_free:
 * @self: (transfer full): an encoder
 *
 * Frees an encoder; its trainers and predictors go first.
 */
void
wen_encoder_free (WenEncoder *self)
{
  g_return_if_fail (self != NULL);

  wen_encoder_view_clear (&self->view);
  g_aligned_free (self->parameters);
  g_free (self->tensors);
  g_free (self);
}

typedef struct
{
  WenEncoder *encoder;
  gsize       index;
  guint64     seed;
} InitializeWalk;

static void
initialize_tensor (const TensorRow *row,
                   gint             layer,
                   gpointer         data)
{
  InitializeWalk *walk = data;
  WenTensor      *tensor = &walk->encoder->tensors[walk->index];

  for (gsize i = 0; i < tensor->n_values; i++)
    {
      if (row->fill == FILL_NORMAL)
        tensor->values[i] = (float) (0.02 * wen_random_normal (walk->seed, walk->index, i));
      else
        tensor->values[i] = row->fill == FILL_ONE ? 1.0f : 0.0f;
    }
  walk->index++;
}

/*< private >
 * wen_encoder_initialize:
 * @self: an encoder
 * @seed: any number
 *
 * Fills matrices with normally distributed numbers of standard deviation 0.02,
 * norms with 1, and biases and n-gram embeddings with 0.
 *
 * The same seed gives the same weights.
 *
 * Source: Devlin et al. 2019, the published code of BERT.
 */
void
wen_encoder_initialize (WenEncoder *self,
                        guint64     seed)
{
  InitializeWalk walk = { self, 0, seed };

  g_return_if_fail (self != NULL);

  walk_table (&self->config, initialize_tensor, &walk);
}

/*< private >
 * wen_encoder_get_config:
 * @self: an encoder
 *
 * Gets the shape of an encoder.
 *
 * Returns: (transfer none): its shape
 */
const WenEncoderConfig *
wen_encoder_get_config (const WenEncoder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->config;
}

/*< private >
 * wen_encoder_list_tensors:
 * @self: an encoder
 * @n_tensors: (out): how many
 *
 * Lists the parameters by name.
 *
 * The values may be written, for instance by a loader; the names, shapes and
 * order of an encoder never change.
 *
 * Returns: (array length=n_tensors) (transfer none): the tensors in the order of
 *   the block
 */
const WenTensor *
wen_encoder_list_tensors (const WenEncoder *self,
                          gsize            *n_tensors)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (n_tensors != NULL, NULL);

  *n_tensors = self->n_tensors;
  return self->tensors;
}

/*< private >
 * wen_encoder_get_parameters:
 * @self: an encoder
 * @n_parameters: (out): length of the block
 *
 * Gets the whole block of parameters, for copies of the best weights.
 *
 * A few floats between tensors belong to none and are 0, so the length is not the
 * number of weights; sum wen_encoder_list_tensors() for that.
 *
 * Returns: (array length=n_parameters) (transfer none): the block
 */
float *
wen_encoder_get_parameters (WenEncoder *self,
                            gsize      *n_parameters)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (n_parameters != NULL, NULL);

  *n_parameters = self->n_parameters;
  return self->parameters;
}
