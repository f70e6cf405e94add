/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What all families of models share: the recipe, the copy of the best weights,
 * and the way from logits to probabilities.  The table of families is here and
 * nowhere else. */

#include "config.h"

#include "wen-model-private.h"

#include <string.h>

#include "wen-average-private.h"
#include "wen-bayes-private.h"
#include "wen-linear-private.h"
#include "wen-probabilities-private.h"
#include "wen-random-private.h"
#include "wen-transformer-private.h"

/* Stream of the random numbers that order the texts of an epoch; the encoder's
 * own streams are below 2^32. */
#define ORDER_STREAM (G_GUINT64_CONSTANT (1) << 40)

typedef struct
{
  WenRecipe                  *recipe;       /* owned */
  guint                       n_vocabulary;
  guint                       n_labels;
  const WenModelAugmentation *augmentation; /* borrowed; NULL: none */
} WenModelPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WenModel, wen_model, G_TYPE_OBJECT)

typedef struct
{
  const char *name;
  GType     (*get_type) (void);
  guint64   (*forecast_values) (const WenRecipe *recipe,
                                guint            n_vocabulary,
                                guint            n_labels);
  guint64   (*forecast_bytes)  (const WenRecipe *recipe,
                                guint            n_vocabulary,
                                guint            n_labels,
                                guint            n_workers,
                                guint            longest);
} Family;

static const Family families[] = {
  { "transformer", wen_transformer_get_type, wen_transformer_forecast_values,
    wen_transformer_forecast_bytes },
  { "linear", wen_linear_get_type, wen_ngram_model_forecast_values, wen_ngram_model_forecast_bytes },
  { "average", wen_average_get_type, wen_average_forecast_values, wen_average_forecast_bytes },
  { "bayes", wen_bayes_get_type, wen_ngram_model_forecast_values, wen_ngram_model_forecast_bytes },
};

static WenModelPrivate *
get_private (WenModel *self)
{
  return wen_model_get_instance_private (self);
}

static void
wen_model_finalize (GObject *object)
{
  g_clear_pointer (&get_private (WEN_MODEL (object))->recipe, wen_recipe_free);

  G_OBJECT_CLASS (wen_model_parent_class)->finalize (object);
}

static void
wen_model_class_init (WenModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_model_finalize;
}

static void
wen_model_init (WenModel *self)
{
}

static const Family *
find_family (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_str_equal (families[i].name, name))
      return &families[i];
  g_assert_not_reached ();
}

/* A model of the recipe's family, its parameters not set yet.  The recipe is
 * valid and is copied. */
WenModel *
wen_model_new (const WenRecipe *recipe,
               guint            n_vocabulary,
               guint            n_labels)
{
  WenModel *self = g_object_new (find_family (recipe->family)->get_type (), NULL);
  WenModelPrivate *priv = get_private (self);

  priv->recipe = wen_recipe_copy (recipe);
  priv->n_vocabulary = n_vocabulary;
  priv->n_labels = n_labels;
  WEN_MODEL_GET_CLASS (self)->build (self);
  return self;
}

/* How many numbers the parameters of such a model have, without making it: never
 * more than wen_model_count_values() says of it. */
guint64
wen_model_forecast_values (const WenRecipe *recipe,
                           guint            n_vocabulary,
                           guint            n_labels)
{
  return find_family (recipe->family)->forecast_values (recipe, n_vocabulary, n_labels);
}

/* How much memory training such a model takes beside the texts, without making it:
 * parameters, the best of them, optimizer, gradients and activations.  longest: the
 * longest text in tokens. */
guint64
wen_model_forecast_bytes (const WenRecipe *recipe,
                          guint            n_vocabulary,
                          guint            n_labels,
                          guint            n_workers,
                          guint            longest)
{
  return 2 * sizeof (float) * wen_model_forecast_values (recipe, n_vocabulary, n_labels)
         + find_family (recipe->family)->forecast_bytes (recipe, n_vocabulary, n_labels, n_workers, longest);
}

const WenRecipe *
wen_model_get_recipe (WenModel *self)
{
  return get_private (self)->recipe;
}

guint
wen_model_get_n_vocabulary (WenModel *self)
{
  return get_private (self)->n_vocabulary;
}

guint
wen_model_get_n_labels (WenModel *self)
{
  return get_private (self)->n_labels;
}

/* Before parameters are read from a safetensors file, whatever that holds. */
void
wen_model_fit_file (WenModel *self,
                    GBytes   *weights)
{
  if (WEN_MODEL_GET_CLASS (self)->fit_file != NULL)
    WEN_MODEL_GET_CLASS (self)->fit_file (self, weights);
}

void
wen_model_initialize (WenModel *self,
                      guint64   seed)
{
  WEN_MODEL_GET_CLASS (self)->initialize (self, seed);
}

void
wen_model_begin (WenModel       *self,
                 const WenBatch *texts,
                 WenWorkerPool  *pool)
{
  WEN_MODEL_GET_CLASS (self)->begin (self, texts, pool);
}

/* Instead of begin(); the labels of the texts are not looked at. */
void
wen_model_begin_pretraining (WenModel       *self,
                             const WenBatch *texts,
                             guint           mask_id,
                             WenWorkerPool  *pool)
{
  g_return_if_fail (WEN_MODEL_GET_CLASS (self)->begin_pretraining != NULL);

  WEN_MODEL_GET_CLASS (self)->begin_pretraining (self, texts, mask_id, pool);
}

/* augmentation must live until end(); NULL: every epoch has the same texts. */
void
wen_model_set_augmentation (WenModel                   *self,
                            const WenModelAugmentation *augmentation)
{
  get_private (self)->augmentation = augmentation;
}

const WenModelAugmentation *
wen_model_get_augmentation (WenModel *self)
{
  return get_private (self)->augmentation;
}

guint64
wen_model_count_steps (WenModel *self)
{
  return WEN_MODEL_GET_CLASS (self)->count_steps (self);
}

/* From step n_done of the epoch to its end.  FALSE where func ended it early. */
gboolean
wen_model_run_epoch (WenModel         *self,
                     guint             epoch,
                     guint64           n_done,
                     WenModelStepFunc  func,
                     gpointer          user_data)
{
  return WEN_MODEL_GET_CLASS (self)->run_epoch (self, epoch, n_done, func, user_data);
}

void
wen_model_order_texts (const WenRecipe *recipe,
                       guint            epoch,
                       guint32         *order,
                       gsize            n_texts)
{
  for (gsize i = 0; i < n_texts; i++)
    order[i] = (guint32) i;
  wen_random_shuffle (order, n_texts, recipe->seed, ORDER_STREAM + epoch);
}

/* After an epoch.  Comes with the probabilities of validation texts, [n_texts]
 * [n_labels], and changes them as it changes the model. */
void
wen_model_calibrate (WenModel       *self,
                     const WenBatch *texts,
                     float          *probabilities)
{
  if (WEN_MODEL_GET_CLASS (self)->calibrate != NULL)
    WEN_MODEL_GET_CLASS (self)->calibrate (self, texts, probabilities);
}

/* What a checkpoint holds beside the parameters, while training.  A family may
 * have none. */
const WenTensor *
wen_model_list_state (WenModel *self,
                      gsize    *n_tensors)
{
  *n_tensors = 0;
  if (WEN_MODEL_GET_CLASS (self)->list_state == NULL)
    return NULL;
  return WEN_MODEL_GET_CLASS (self)->list_state (self, n_tensors);
}

/* After begin(), and after parameters and state were set to those of a checkpoint. */
void
wen_model_restore (WenModel *self)
{
  if (WEN_MODEL_GET_CLASS (self)->restore != NULL)
    WEN_MODEL_GET_CLASS (self)->restore (self);
}

void
wen_model_end (WenModel *self)
{
  WEN_MODEL_GET_CLASS (self)->end (self);
}

const WenTensor *
wen_model_list_parameters (WenModel *self,
                           gsize    *n_parameters)
{
  return WEN_MODEL_GET_CLASS (self)->list_parameters (self, n_parameters);
}

/* How many numbers all parameters have together. */
guint64
wen_model_count_values (WenModel *self)
{
  gsize n_parameters;
  const WenTensor *parameters = wen_model_list_parameters (self, &n_parameters);
  guint64 n_values = 0;

  for (gsize i = 0; i < n_parameters; i++)
    n_values += parameters[i].n_values;
  return n_values;
}

/* Copies all parameters, one after the other, to values [count_values()]. */
void
wen_model_copy_values (WenModel *self,
                       float    *values)
{
  gsize n_parameters;
  const WenTensor *parameters = wen_model_list_parameters (self, &n_parameters);

  for (gsize i = 0; i < n_parameters; i++)
    {
      memcpy (values, parameters[i].values, parameters[i].n_values * sizeof (float));
      values += parameters[i].n_values;
    }
}

/* Undoes wen_model_copy_values(). */
void
wen_model_set_values (WenModel    *self,
                      const float *values)
{
  gsize n_parameters;
  const WenTensor *parameters = wen_model_list_parameters (self, &n_parameters);

  for (gsize i = 0; i < n_parameters; i++)
    {
      memcpy (parameters[i].values, values, parameters[i].n_values * sizeof (float));
      values += parameters[i].n_values;
    }
}

WenModelWorkspace *
wen_model_workspace_new (WenModel *self,
                         gsize     n_tokens,
                         gsize     n_texts)
{
  return WEN_MODEL_GET_CLASS (self)->workspace_new (self, n_tokens, n_texts);
}

void
wen_model_workspace_free (WenModel          *self,
                          WenModelWorkspace *workspace)
{
  WEN_MODEL_GET_CLASS (self)->workspace_free (self, workspace);
}

/* Writes probabilities [n_texts][n_labels]. */
void
wen_model_predict (WenModel          *self,
                   WenModelWorkspace *workspace,
                   const WenBatch    *texts,
                   float             *probabilities)
{
  guint n_labels = wen_model_get_n_labels (self);

  WEN_MODEL_GET_CLASS (self)->compute_logits (self, workspace, texts, probabilities);
  for (gsize i = 0; i < texts->n_texts; i++)
    wen_logits_to_probabilities (probabilities + i * n_labels, n_labels);
}
