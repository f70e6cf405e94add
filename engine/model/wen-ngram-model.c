/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What families share that give each n-gram a weight for each label: the n-grams of the
 * training texts, the file, and prediction, where a text's logits are the sum of its
 * n-grams' weights. */

#include "config.h"

#include "wen-ngram-model-private.h"

#include <string.h>

#include "wen-safetensors-private.h"

/* Without hashing. */
#define MAX_FEATURES (1 << 20)
/* That a worker takes at a time. */
#define CHUNK_TEXTS 256

/* Halves of a key: whole numbers that a float holds exactly. */
#define HALF_BITS 24
#define HALF_LIMIT (1 << HALF_BITS)

enum
{
  TENSOR_KEYS,
  TENSOR_IDF,
  TENSOR_WEIGHTS,
  TENSOR_BIASES,
  N_TENSORS,
};

typedef struct
{
  WenNgramParameters parameters;
  float             *keys;       /* [n_features][2] */
  float             *idf;        /* [n_features] */
  WenTensor          tensors[N_TENSORS];

  GMutex             mutex;
  WenNgrams         *ngrams;     /* lock `mutex` until it is there; then never changed */
} WenNgramModelPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WenNgramModel, wen_ngram_model, WEN_TYPE_MODEL)

/* One text at a time. */
typedef struct
{
  guint32       *counts; /* [n_features] */
  WenNgramValue *values;
} Workspace;

static WenNgramModelPrivate *
get_private (WenNgramModel *self)
{
  return wen_ngram_model_get_instance_private (self);
}

/* The n-grams are not known before the texts are, so it is the least there can be. */
guint64
wen_ngram_model_forecast_values (const WenRecipe *recipe,
                                 guint            n_vocabulary,
                                 guint            n_labels)
{
  return n_labels;
}

guint64
wen_ngram_model_forecast_bytes (const WenRecipe *recipe,
                                guint            n_vocabulary,
                                guint            n_labels,
                                guint            n_workers,
                                guint            longest)
{
  return 0;
}

static void
free_parameters (WenNgramModelPrivate *private)
{
  g_clear_pointer (&private->keys, g_free);
  g_clear_pointer (&private->idf, g_free);
  g_clear_pointer (&private->parameters.weights, g_free);
  g_clear_pointer (&private->parameters.biases, g_free);
  g_clear_pointer (&private->ngrams, wen_ngrams_free);
}

static void
make_parameters (WenNgramModel *self,
                 gsize          n_features)
{
  WenNgramModelPrivate *private = get_private (self);
  guint n_labels = wen_model_get_n_labels (WEN_MODEL (self));

  free_parameters (private);
  private->parameters.n_features = n_features;
  private->keys = g_new0 (float, MAX (1, 2 * n_features));
  private->idf = g_new0 (float, MAX (1, n_features));
  private->parameters.weights = g_new0 (float, MAX (1, n_features * n_labels));
  private->parameters.biases = g_new0 (float, n_labels);
  wen_tensor_set (&private->tensors[TENSOR_KEYS], "ngrams.key", private->keys, n_features, 2);
  wen_tensor_set (&private->tensors[TENSOR_IDF], "ngrams.idf", private->idf, n_features, 0);
  wen_tensor_set (&private->tensors[TENSOR_WEIGHTS], "linear.weight", private->parameters.weights, n_features, n_labels);
  wen_tensor_set (&private->tensors[TENSOR_BIASES], "linear.bias", private->parameters.biases, n_labels, 0);
}

static void
wen_ngram_model_build (WenModel *model)
{
  make_parameters (WEN_NGRAM_MODEL (model), 0);
}

/* As many n-grams as the file has; what they are is read with the other numbers. */
static void
wen_ngram_model_fit_file (WenModel *model,
                          GBytes   *weights)
{
  make_parameters (WEN_NGRAM_MODEL (model), wen_safetensors_get_length (weights, "ngrams.idf"));
}

/* Training begins without weights, whatever the seed. */
static void
wen_ngram_model_initialize (WenModel *model,
                            guint64   seed)
{
}

static void
take_ngrams (WenNgramModel *self,
             WenNgrams     *ngrams)
{
  WenNgramModelPrivate *private = get_private (self);

  make_parameters (self, wen_ngrams_get_n_features (ngrams));
  private->ngrams = ngrams;
  for (gsize i = 0; i < private->parameters.n_features; i++)
    {
      guint64 key = wen_ngrams_get_key (ngrams, i);

      private->keys[2 * i] = (float) (key >> HALF_BITS);
      private->keys[2 * i + 1] = (float) (key & (HALF_LIMIT - 1));
      private->idf[i] = wen_ngrams_get_weight (ngrams, i);
    }
}

/* A file may hold anything. */
static guint64
read_half (float half)
{
  return half >= 0.0f && half < (float) HALF_LIMIT ? (guint64) half : 0;
}

/* What finds n-grams, made when it is first needed after a file was read. */
static WenNgrams *
get_ngrams (WenNgramModel *self)
{
  WenNgramModelPrivate *private = get_private (self);

  g_mutex_lock (&private->mutex);
  if (private->ngrams == NULL)
    {
      const WenRecipe *recipe = wen_model_get_recipe (WEN_MODEL (self));
      gsize n_features = private->parameters.n_features;
      g_autofree guint64 *keys = g_new (guint64, MAX (1, n_features));

      for (gsize i = 0; i < n_features; i++)
        keys[i] = read_half (private->keys[2 * i]) << HALF_BITS | read_half (private->keys[2 * i + 1]);
      private->ngrams = wen_ngrams_new_from_keys (keys, private->idf, n_features,
                                                  recipe->longest_ngram, recipe->hashed_ngrams);
    }
  g_mutex_unlock (&private->mutex);
  return private->ngrams;
}

/* What an n-gram counts in a text of this family, with this recipe. */
static WenNgramValues
get_kind (WenNgramModel *self)
{
  WenNgramValues kind = WEN_NGRAM_MODEL_GET_CLASS (self)->values;

  if (kind == WEN_NGRAM_VALUES_TF_IDF && !wen_model_get_recipe (WEN_MODEL (self))->sublinear)
    return WEN_NGRAM_VALUES_LINEAR_TF_IDF;
  return kind;
}

const WenNgramParameters *
wen_ngram_model_get_parameters (WenNgramModel *self)
{
  return &get_private (self)->parameters;
}

/* Writes texts as vectors, each where it is sure to have room. */
typedef struct
{
  WenNgramModel  *model;
  const WenBatch *texts;
  WenNgramTexts  *vectors;   /* offsets[text + 1] becomes how many the text has */
  guint           longest;
  gint            next;      /* atomic: chunk of texts */
} Extraction;

/* Worker.  Takes chunks of texts until there are none left. */
static void
extract_chunks (guint    worker,
                gpointer data)
{
  Extraction *extraction = data;
  WenNgramModelPrivate *private = get_private (extraction->model);
  WenNgramValues kind = get_kind (extraction->model);
  const WenBatch *texts = extraction->texts;
  g_autofree guint32 *counts = g_new0 (guint32, MAX (1, private->parameters.n_features));
  gsize begin;

  while ((begin = (gsize) g_atomic_int_add (&extraction->next, 1) * CHUNK_TEXTS) < texts->n_texts)
    for (gsize text = begin; text < MIN (begin + CHUNK_TEXTS, texts->n_texts); text++)
      {
        guint32 first = texts->offsets[text];
        gsize n_tokens = texts->offsets[text + 1] - first;

        extraction->vectors->offsets[text + 1]
          = wen_ngrams_extract (private->ngrams, kind, texts->token_ids + first, n_tokens, counts,
                                extraction->vectors->values + (gsize) first * extraction->longest);
      }
}

/* Moves the vectors together, and makes numbers of values offsets. */
static void
close_gaps (WenNgramTexts  *vectors,
            const WenBatch *texts,
            guint           longest)
{
  vectors->offsets[0] = 0;
  for (gsize text = 0; text < texts->n_texts; text++)
    {
      gsize n_values = vectors->offsets[text + 1];

      memmove (vectors->values + vectors->offsets[text], vectors->values + (gsize) texts->offsets[text] * longest,
               n_values * sizeof *vectors->values);
      vectors->offsets[text + 1] = vectors->offsets[text] + n_values;
    }
  vectors->values = g_renew (WenNgramValue, vectors->values, MAX (1, vectors->offsets[texts->n_texts]));
}

/* Chooses the n-grams, with weights of zero, and writes all texts as sparse vectors. */
void
wen_ngram_model_fit_texts (WenNgramModel  *self,
                           const WenBatch *texts,
                           WenWorkerPool  *pool,
                           WenNgramTexts  *vectors)
{
  const WenRecipe *recipe = wen_model_get_recipe (WEN_MODEL (self));
  guint longest = recipe->longest_ngram;
  gsize max_features = recipe->hashed_ngrams > 0 ? recipe->hashed_ngrams : MAX_FEATURES;
  Extraction extraction = { .model = self, .texts = texts, .vectors = vectors, .longest = longest };

  take_ngrams (self, wen_ngrams_new_from_texts (texts, longest, recipe->hashed_ngrams, recipe->rarest_ngram,
                                                max_features, pool));
  vectors->offsets = g_new (gsize, texts->n_texts + 1);
  vectors->values = g_new (WenNgramValue, MAX (1, (gsize) texts->offsets[texts->n_texts] * longest));
  wen_worker_pool_run (pool, extract_chunks, &extraction);
  close_gaps (vectors, texts, longest);
}

void
wen_ngram_texts_clear (WenNgramTexts *self)
{
  g_clear_pointer (&self->offsets, g_free);
  g_clear_pointer (&self->values, g_free);
}

static const WenTensor *
wen_ngram_model_list_parameters (WenModel *model,
                                 gsize    *n_parameters)
{
  *n_parameters = N_TENSORS;
  return get_private (WEN_NGRAM_MODEL (model))->tensors;
}

static WenModelWorkspace *
wen_ngram_model_workspace_new (WenModel *model,
                               gsize     n_tokens,
                               gsize     n_texts)
{
  WenNgramModel *self = WEN_NGRAM_MODEL (model);
  Workspace *workspace = g_new (Workspace, 1);

  get_ngrams (self);
  workspace->counts = g_new0 (guint32, MAX (1, get_private (self)->parameters.n_features));
  workspace->values = g_new (WenNgramValue, n_tokens * wen_model_get_recipe (model)->longest_ngram);
  return (WenModelWorkspace *) workspace;
}

static void
wen_ngram_model_workspace_free (WenModel          *model,
                                WenModelWorkspace *workspace)
{
  Workspace *of_text = (Workspace *) workspace;

  g_free (of_text->counts);
  g_free (of_text->values);
  g_free (of_text);
}

static void
wen_ngram_model_compute_logits (WenModel          *model,
                                WenModelWorkspace *workspace,
                                const WenBatch    *texts,
                                float             *logits)
{
  WenNgramModelPrivate *private = get_private (WEN_NGRAM_MODEL (model));
  Workspace *of_text = (Workspace *) workspace;
  guint n_labels = wen_model_get_n_labels (model);

  for (gsize text = 0; text < texts->n_texts; text++)
    {
      float *row = logits + text * n_labels;
      guint32 begin = texts->offsets[text];
      gsize n_values = wen_ngrams_extract (private->ngrams, get_kind (WEN_NGRAM_MODEL (model)),
                                           texts->token_ids + begin, texts->offsets[text + 1] - begin, of_text->counts,
                                           of_text->values);

      memcpy (row, private->parameters.biases, n_labels * sizeof *row);
      for (gsize i = 0; i < n_values; i++)
        {
          const float *weights = private->parameters.weights + (gsize) of_text->values[i].index * n_labels;
          float value = of_text->values[i].value;

          for (guint label = 0; label < n_labels; label++)
            row[label] += value * weights[label];
        }
    }
}

static void
wen_ngram_model_finalize (GObject *object)
{
  WenNgramModelPrivate *private = get_private (WEN_NGRAM_MODEL (object));

  free_parameters (private);
  g_mutex_clear (&private->mutex);

  G_OBJECT_CLASS (wen_ngram_model_parent_class)->finalize (object);
}

static void
wen_ngram_model_class_init (WenNgramModelClass *klass)
{
  WenModelClass *model_class = WEN_MODEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_ngram_model_finalize;
  model_class->build = wen_ngram_model_build;
  model_class->fit_file = wen_ngram_model_fit_file;
  model_class->initialize = wen_ngram_model_initialize;
  model_class->list_parameters = wen_ngram_model_list_parameters;
  model_class->workspace_new = wen_ngram_model_workspace_new;
  model_class->workspace_free = wen_ngram_model_workspace_free;
  model_class->compute_logits = wen_ngram_model_compute_logits;
}

static void
wen_ngram_model_init (WenNgramModel *self)
{
  g_mutex_init (&get_private (self)->mutex);
}
