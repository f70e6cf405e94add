/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parameters of a classifier of bags of embeddings, and which rows a text has.
 *
 * DESIGN.  Tokens and n-grams are one table, so that a text is one list of rows.  Which
 * n-grams have a row is chosen before training, see wen-ngram-keys.c; the others take no
 * part in a text, neither in training nor later.  [CLS], with which every text
 * begins, is a token like others: it says where a text begins, and how long it is, because
 * its share of the mean is the smaller the longer the text.
 *
 * Source: Joulin et al. 2017, "Bag of tricks for efficient text classification". */

#include "config.h"

#include "wen-bag-private.h"

#include "wen-adam-private.h"
#include "wen-blas-private.h"
#include "wen-embedding-private.h"
#include "wen-ngram-keys-private.h"
#include "wen-random-private.h"

#include <math.h>
#include <string.h>

#define MAX_TENSORS 8
/* Standard deviations at the start.  Embeddings begin near zero, because the noise of a
 * rare token's would stay; the last layer's weights are what then moves them. */
#define EMBEDDING_DEVIATION 0.01
#define CLASSIFIER_DEVIATION 0.5

struct _WenBag
{
  WenBagConfig config;
  float       *parameters;           /* one block, the tensors that learn end to end */
  float       *ngram_keys;           /* [n_ngram_rows] */
  float        scale;                /* of the logits, when predicting */
  WenTensor    tensors[MAX_TENSORS];
  gsize        n_tensors;
};

gsize
wen_bag_count_rows (const WenBagConfig *config)
{
  return (gsize) config->n_vocabulary + config->n_ngram_rows;
}

gsize
wen_bag_count_parameters (const WenBagConfig *config)
{
  gsize n_embeddings = wen_bag_count_rows (config) * config->hidden_size;
  gsize n_hidden = (gsize) config->head_size * (config->hidden_size + 1);

  return n_embeddings + n_hidden + (gsize) config->n_labels * (wen_bag_get_n_features (config) + 1);
}

/* block: of the parameters that are not embeddings. */
void
wen_bag_view_init_head (WenBagView         *view,
                        const WenBagConfig *config,
                        float              *block)
{
  view->embeddings = NULL;
  view->hidden_weights = block;
  view->hidden_biases = view->hidden_weights + (gsize) config->head_size * config->hidden_size;
  view->classifier_weights = view->hidden_biases + config->head_size;
  view->classifier_biases = view->classifier_weights + (gsize) config->n_labels * wen_bag_get_n_features (config);
}

void
wen_bag_view_init (WenBagView         *view,
                   const WenBagConfig *config,
                   float              *block)
{
  wen_bag_view_init_head (view, config, block + wen_bag_count_rows (config) * config->hidden_size);
  view->embeddings = block;
}

/* Leaves out what has no rows.  n_columns: 0 makes a vector. */
static void
add_tensor (WenBag     *self,
            const char *name,
            float      *values,
            gsize       n_rows,
            gsize       n_columns)
{
  if (n_rows > 0)
    wen_tensor_set (&self->tensors[self->n_tensors++], name, values, n_rows, n_columns);
}

/*< private >
 * wen_bag_new:
 * @config: its shape
 *
 * Makes a classifier whose parameters are all 0: initialize or load them next.
 *
 * Returns: (transfer full): a classifier
 */
WenBag *
wen_bag_new (const WenBagConfig *config)
{
  WenBag *self = g_new0 (WenBag, 1);
  gsize hidden_size = config->hidden_size;
  WenBagView view;

  wen_blas_set_up ();
  self->config = *config;
  self->parameters = g_aligned_alloc0 (wen_bag_count_parameters (config), sizeof (float), 64);
  self->ngram_keys = g_new0 (float, config->n_ngram_rows);
  wen_bag_view_init (&view, config, self->parameters);
  add_tensor (self, "embeddings.token.weight", view.embeddings, config->n_vocabulary, hidden_size);
  add_tensor (self, "embeddings.ngram.weight", view.embeddings + config->n_vocabulary * hidden_size,
              config->n_ngram_rows, hidden_size);
  add_tensor (self, "embeddings.ngram.key", self->ngram_keys, config->n_ngram_rows, 0);
  add_tensor (self, "hidden.weight", view.hidden_weights, config->head_size, hidden_size);
  add_tensor (self, "hidden.bias", view.hidden_biases, config->head_size, 0);
  add_tensor (self, "classifier.weight", view.classifier_weights, config->n_labels, wen_bag_get_n_features (config));
  add_tensor (self, "classifier.bias", view.classifier_biases, config->n_labels, 0);
  add_tensor (self, "classifier.scale", &self->scale, 1, 0);
  self->scale = 1.0f;
  return self;
}

void
wen_bag_free (WenBag *self)
{
  g_aligned_free (self->parameters);
  g_free (self->ngram_keys);
  g_free (self);
}

static void
fill_normal (float   *values,
             gsize    n_values,
             double   deviation,
             guint64  seed,
             guint64  stream)
{
  for (gsize i = 0; i < n_values; i++)
    values[i] = (float) (deviation * wen_random_normal (seed, stream, i));
}

/*< private >
 * wen_bag_initialize:
 * @self: a classifier
 * @seed: any number
 *
 * Fills the embeddings of tokens and the weights of layers with normally distributed
 * numbers, and all else with 0.
 *
 * The same seed gives the same parameters.
 */
void
wen_bag_initialize (WenBag  *self,
                    guint64  seed)
{
  const WenBagConfig *config = &self->config;
  WenBagView view;

  wen_bag_view_init (&view, config, self->parameters);
  memset (self->parameters, 0, wen_bag_count_parameters (config) * sizeof (float));
  fill_normal (view.embeddings, (gsize) config->n_vocabulary * config->hidden_size, EMBEDDING_DEVIATION, seed, 0);
  fill_normal (view.hidden_weights, (gsize) config->head_size * config->hidden_size,
               1 / sqrt (config->hidden_size), seed, 1);
  fill_normal (view.classifier_weights, (gsize) config->n_labels * wen_bag_get_n_features (config),
               CLASSIFIER_DEVIATION, seed, 2);
}

/* Gives rows to the n-grams of texts, before training.  minimum_texts: those of fewer
 * texts have none. */
void
wen_bag_choose_ngrams (WenBag         *self,
                       const WenBatch *texts,
                       guint           minimum_texts)
{
  if (self->config.n_ngram_rows > 0)
    wen_ngram_keys_choose (self->ngram_keys, self->config.n_ngram_rows, texts, self->config.longest_ngram,
                           minimum_texts);
}

/* How much logits are multiplied by when predicting: 1 until calibration has its say,
 * and never in training. */
float
wen_bag_get_scale (const WenBag *self)
{
  return self->scale;
}

void
wen_bag_set_scale (WenBag *self,
                   float   scale)
{
  self->scale = scale;
}

const WenBagConfig *
wen_bag_get_config (const WenBag *self)
{
  return &self->config;
}

float *
wen_bag_get_parameters (WenBag *self,
                        gsize  *n_parameters)
{
  *n_parameters = wen_bag_count_parameters (&self->config);
  return self->parameters;
}

const WenTensor *
wen_bag_list_tensors (const WenBag *self,
                      gsize        *n_tensors)
{
  *n_tensors = self->n_tensors;
  return self->tensors;
}

/* Writes the rows of a text in the table, [wen_bag_get_max_rows()], and returns how many
 * they are.  A token that is dropped takes the n-grams that it is in along; the first one,
 * [CLS], stays.
 *
 *   text   what the choices of dropout hang on */
gsize
wen_bag_list_rows (guint32       *rows,
                   const WenBag  *self,
                   const guint32 *token_ids,
                   gsize          n_tokens,
                   WenDropout     dropout,
                   guint32        text)
{
  const WenBagConfig *config = &self->config;
  guint32 key = wen_dropout_row_key (dropout, text);
  gsize longest = config->n_ngram_rows > 0 ? config->longest_ngram : 1;
  gsize n_rows = 0;

  for (gsize begin = 0; begin < n_tokens; begin++)
    {
      gsize end = MIN (begin + longest, n_tokens);
      guint64 hash = WEN_NGRAM_HASH_START;

      for (gsize i = begin; i < end; i++)
        {
          guint32 row = token_ids[i];

          if (i > 0 && dropout.threshold > 0 && wen_dropout_factor (dropout, key, (guint32) i) == 0.0f)
            break;
          hash = wen_ngram_hash_add (hash, token_ids[i]);
          if (i > begin)
            {
              row = wen_ngram_keys_find (self->ngram_keys, config->n_ngram_rows, hash);
              if (row == WEN_NO_ROW)
                continue;
              row += config->n_vocabulary;
            }
          rows[n_rows++] = row;
        }
    }
  return n_rows;
}

/* vector = the mean of some rows of a table, and 0 of none. */
void
wen_bag_average_rows (float         *vector,
                      const float   *embeddings,
                      const guint32 *rows,
                      gsize          n_rows,
                      gsize          n_columns)
{
  if (n_rows == 0)
    {
      memset (vector, 0, n_columns * sizeof *vector);
      return;
    }
  wen_sum_rows (vector, embeddings, rows, n_rows, n_columns);
  wen_shrink (vector, n_columns, 1.0f / (float) n_rows);
}
