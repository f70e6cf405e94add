/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "transformer": an encoder trained from scratch on the user's own
 * texts.  This file cuts an epoch into batches and says what each step's learning
 * rate is; the arithmetic is engine/nn/'s.
 *
 * DESIGN: pre-training is training with another goal, on other texts and with a
 * recipe of its own, in which everything that is about labels is off.  Both begin
 * with an optimizer that has seen nothing. */

#include "config.h"

#include "wen-transformer-private.h"

#include "wen-batch-packer-private.h"
#include "wen-recipe-private.h"
#include "wen-schedule-private.h"

#define NORM_EPSILON 1e-5f
#define ADAM_BETA_1 0.9f
#define ADAM_BETA_2 0.999f
#define ADAM_EPSILON 1e-8f

/* At most: what is hidden is something else each time, so there is little to learn by
 * heart.  Source: Devlin et al. 2019, appendix A.2. */
#define PRETRAINING_DROPOUT 0.1

struct _WenTransformer
{
  WenModel           parent_instance;

  WenEncoder        *encoder;       /* owned */

  /* while training or pre-training */
  WenRecipe         *pretraining;   /* owned; NULL while training */
  WenEncoderTrainer *trainer;       /* owned */
  WenBatchPacker    *packer;        /* owned */
  gsize              n_texts;
  guint64            n_epoch_steps;
  guint64            n_steps;       /* that were run, over all epochs */
  guint32           *order;         /* [n_texts], owned */
};

G_DEFINE_FINAL_TYPE (WenTransformer, wen_transformer, WEN_TYPE_MODEL)

/* Single tokens have embeddings anyway. */
static guint
count_ngrams (const WenRecipe *recipe)
{
  return recipe->longest_ngram > 1 ? recipe->ngram_embeddings : 0;
}

/* Matrices only: biases and norms are less than one in a hundred. */
guint64
wen_transformer_forecast_values (const WenRecipe *recipe,
                                 guint            n_vocabulary,
                                 guint            n_labels)
{
  guint64 hidden = recipe->hidden_size;
  guint64 layer = 4 * hidden * hidden + 2 * hidden * recipe->feed_forward_size;

  return ((guint64) n_vocabulary + recipe->maximum_length + n_labels + count_ngrams (recipe)) * hidden
         + recipe->n_layers * layer;
}

static WenEncoderConfig
get_shape (const WenRecipe *recipe,
           guint            n_vocabulary,
           guint            n_labels)
{
  return (WenEncoderConfig) {
    .n_vocabulary = n_vocabulary,
    .n_positions = recipe->maximum_length,
    .hidden_size = recipe->hidden_size,
    .n_layers = recipe->n_layers,
    .n_heads = recipe->n_heads,
    .feed_forward_size = recipe->feed_forward_size,
    .n_labels = n_labels,
    .norm_first = recipe->norm_first,
    .pool_first = recipe->pooling == WEN_POOLING_FIRST,
    .norm_epsilon = NORM_EPSILON,
    .n_ngrams = count_ngrams (recipe),
    .longest_ngram = recipe->longest_ngram,
  };
}

static WenEncoderTrainingConfig
get_training (const WenRecipe *recipe)
{
  return (WenEncoderTrainingConfig) {
    .adam_l2 = recipe->optimizer == WEN_OPTIMIZER_ADAM,
    .beta1 = ADAM_BETA_1,
    .beta2 = ADAM_BETA_2,
    .epsilon = ADAM_EPSILON,
    .weight_decay = (float) recipe->weight_decay,
    .clip_norm = (float) recipe->clip_norm,
    .dropout = (float) recipe->dropout,
    .label_smoothing = (float) recipe->label_smoothing,
    .seed = recipe->seed,
    .mixup = (float) recipe->mixup,
    .consistency = (float) recipe->consistency,
    .weight_averaging = recipe->weight_averaging,
    .layer_rate = recipe->layer_rate,
    .n_frozen = recipe->frozen_layers,
  };
}

/* What pre-training goes by: without labels there is nothing to be smoothed, mixed or
 * made consistent, all has to learn, and an average would only lag behind. */
static WenRecipe *
new_pretraining_recipe (const WenRecipe *recipe)
{
  WenRecipe *pretraining = wen_recipe_copy (recipe);

  pretraining->n_epochs = recipe->pretraining_epochs;
  pretraining->learning_rate = recipe->pretraining_rate;
  pretraining->dropout = MIN (recipe->dropout, PRETRAINING_DROPOUT);
  pretraining->label_smoothing = 0;
  pretraining->token_dropout = 0;
  pretraining->mixup = 0;
  pretraining->consistency = 0;
  pretraining->weight_averaging = 0;
  pretraining->layer_rate = 1;
  pretraining->frozen_layers = 0;
  return pretraining;
}

static WenEncoderTrainingConfig
get_pretraining (const WenRecipe *pretraining,
                 guint            mask_id)
{
  WenEncoderTrainingConfig training = get_training (pretraining);

  training.masked_share = (float) pretraining->masked_share;
  training.mask_id = mask_id;
  return training;
}

guint64
wen_transformer_forecast_bytes (const WenRecipe *recipe,
                                guint            n_vocabulary,
                                guint            n_labels,
                                guint            n_workers,
                                guint            longest)
{
  WenEncoderConfig shape = get_shape (recipe, n_vocabulary, n_labels);
  WenEncoderTrainingConfig training = get_training (recipe);
  guint64 n_values = wen_transformer_forecast_values (recipe, n_vocabulary, n_labels);
  gsize max_tokens = (gsize) recipe->batch_size * longest;
  guint64 n_bytes = wen_encoder_trainer_forecast_bytes (&shape, &training, n_values, n_workers, max_tokens,
                                                        recipe->batch_size);

  /* One after the other. */
  if (wen_recipe_pretrains (recipe))
    {
      g_autoptr (WenRecipe) pretraining = new_pretraining_recipe (recipe);
      WenEncoderTrainingConfig guessing = get_pretraining (pretraining, 0);

      n_bytes = MAX (n_bytes, wen_encoder_trainer_forecast_bytes (&shape, &guessing, n_values, n_workers, max_tokens,
                                                                  recipe->batch_size));
    }
  return n_bytes;
}

static void
wen_transformer_build (WenModel *model)
{
  WenEncoderConfig shape = get_shape (wen_model_get_recipe (model), wen_model_get_n_vocabulary (model),
                                      wen_model_get_n_labels (model));

  WEN_TRANSFORMER (model)->encoder = wen_encoder_new (&shape);
}

static void
wen_transformer_initialize (WenModel *model,
                            guint64   seed)
{
  wen_encoder_initialize (WEN_TRANSFORMER (model)->encoder, seed);
}

static int
compare_lengths_descending (gconstpointer a,
                            gconstpointer b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return (left < right) - (left > right);
}

/* Tokens of the largest batch that any order can bring. */
static gsize
count_largest_batch (const WenBatch             *texts,
                     const WenModelAugmentation *augmentation,
                     gsize                       batch_size)
{
  g_autofree guint32 *lengths = g_new (guint32, texts->n_texts);
  gsize n_tokens = 0;

  for (gsize i = 0; i < texts->n_texts; i++)
    {
      lengths[i] = texts->offsets[i + 1] - texts->offsets[i];
      if (augmentation != NULL)
        lengths[i] = augmentation->max_tokens (lengths[i], augmentation->user_data);
    }
  qsort (lengths, texts->n_texts, sizeof *lengths, compare_lengths_descending);
  for (gsize i = 0; i < batch_size; i++)
    n_tokens += lengths[i];
  return n_tokens;
}

/* The choices for what it does now. */
static const WenRecipe *
get_current_recipe (WenTransformer *self)
{
  return self->pretraining != NULL ? self->pretraining : wen_model_get_recipe (WEN_MODEL (self));
}

/* Augmentation is for training; pre-training changes the texts enough. */
static const WenModelAugmentation *
get_augmentation (WenTransformer *self)
{
  return self->pretraining == NULL ? wen_model_get_augmentation (WEN_MODEL (self)) : NULL;
}

static void
begin (WenTransformer                 *self,
       const WenBatch                 *texts,
       const WenEncoderTrainingConfig *training,
       WenWorkerPool                  *pool)
{
  const WenRecipe *recipe = get_current_recipe (self);
  gsize batch_size = MIN (recipe->batch_size, texts->n_texts);
  gsize max_tokens = count_largest_batch (texts, get_augmentation (self), batch_size);

  self->n_texts = texts->n_texts;
  self->n_epoch_steps = (texts->n_texts + batch_size - 1) / batch_size;
  self->order = g_new (guint32, texts->n_texts);
  self->packer = wen_batch_packer_new (texts, wen_model_get_n_labels (WEN_MODEL (self)), max_tokens, batch_size);
  wen_batch_packer_set_token_dropout (self->packer, recipe->token_dropout, recipe->seed);
  self->trainer = wen_encoder_trainer_new (self->encoder, pool, training, max_tokens, batch_size);
}

static void
wen_transformer_begin (WenModel       *model,
                       const WenBatch *texts,
                       WenWorkerPool  *pool)
{
  WenEncoderTrainingConfig training = get_training (wen_model_get_recipe (model));

  begin (WEN_TRANSFORMER (model), texts, &training, pool);
}

static void
wen_transformer_begin_pretraining (WenModel       *model,
                                   const WenBatch *texts,
                                   guint           mask_id,
                                   WenWorkerPool  *pool)
{
  WenTransformer *self = WEN_TRANSFORMER (model);
  WenEncoderTrainingConfig training;

  self->pretraining = new_pretraining_recipe (wen_model_get_recipe (model));
  training = get_pretraining (self->pretraining, mask_id);
  begin (self, texts, &training, pool);
}

static guint64
wen_transformer_count_steps (WenModel *model)
{
  return WEN_TRANSFORMER (model)->n_epoch_steps;
}

/* The texts of an epoch, where they are other ones each time. */
static void
take_epoch_texts (WenTransformer *self,
                  guint           epoch)
{
  const WenModelAugmentation *augmentation = get_augmentation (self);
  WenBatch texts;

  if (augmentation == NULL)
    return;
  texts = augmentation->get_texts (epoch, augmentation->user_data);
  wen_batch_packer_set_tokens (self->packer, &texts);
}

/* From step n_done of the epoch to its end.  FALSE where func ended it early. */
static gboolean
run_steps (WenTransformer   *self,
           guint             epoch,
           guint64           n_done,
           WenModelStepFunc  func,
           gpointer          user_data)
{
  const WenRecipe *recipe = get_current_recipe (self);
  gsize batch_size = MIN (recipe->batch_size, self->n_texts);
  guint64 step = (epoch - 1) * self->n_epoch_steps + n_done;

  for (gsize first = n_done * batch_size; first < self->n_texts; first += batch_size)
    {
      gsize n_texts = MIN (batch_size, self->n_texts - first);
      WenBatch batch = wen_batch_packer_pack (self->packer, self->order + first, n_texts, ++step);
      double learning_rate = wen_schedule_get_learning_rate (recipe, step, self->n_epoch_steps * recipe->n_epochs);
      WenStepResult result;

      wen_encoder_trainer_step (self->trainer, &batch, step, (float) learning_rate, &result);
      self->n_steps = step;

      if (!func (&(WenModelStep) {
                   .step = step,
                   .epoch = epoch,
                   .n_texts = batch.n_texts,
                   .n_tokens = batch.n_tokens,
                   .n_masked = self->pretraining != NULL ? result.n_targets : 0,
                   .n_correct = result.n_correct,
                   .loss = result.loss,
                   .learning_rate = learning_rate,
                 },
                 user_data))
        return FALSE;
    }
  return TRUE;
}

/* Between epochs the model has the average of its weights, where there is one. */
static gboolean
wen_transformer_run_epoch (WenModel         *model,
                           guint             epoch,
                           guint64           n_done,
                           WenModelStepFunc  func,
                           gpointer          user_data)
{
  WenTransformer *self = WEN_TRANSFORMER (model);
  gboolean whole;

  self->n_steps = (epoch - 1) * self->n_epoch_steps + n_done;
  take_epoch_texts (self, epoch);
  wen_model_order_texts (wen_model_get_recipe (model), epoch, self->order, self->n_texts);

  wen_encoder_trainer_show_average (self->trainer, FALSE, self->n_steps);
  whole = run_steps (self, epoch, n_done, func, user_data);
  wen_encoder_trainer_show_average (self->trainer, TRUE, self->n_steps);
  return whole;
}

static const WenTensor *
wen_transformer_list_state (WenModel *model,
                            gsize    *n_tensors)
{
  return wen_encoder_trainer_list_state (WEN_TRANSFORMER (model)->trainer, n_tensors);
}

static void
wen_transformer_restore (WenModel *model)
{
  wen_encoder_trainer_restore (WEN_TRANSFORMER (model)->trainer);
}

static void
wen_transformer_end (WenModel *model)
{
  WenTransformer *self = WEN_TRANSFORMER (model);

  g_clear_pointer (&self->trainer, wen_encoder_trainer_free);
  g_clear_pointer (&self->pretraining, wen_recipe_free);
  g_clear_pointer (&self->packer, wen_batch_packer_free);
  g_clear_pointer (&self->order, g_free);
}

static const WenTensor *
wen_transformer_list_parameters (WenModel *model,
                                 gsize    *n_parameters)
{
  return wen_encoder_list_tensors (WEN_TRANSFORMER (model)->encoder, n_parameters);
}

static WenModelWorkspace *
wen_transformer_workspace_new (WenModel *model,
                               gsize     n_tokens,
                               gsize     n_texts)
{
  return (WenModelWorkspace *) wen_encoder_predictor_new (WEN_TRANSFORMER (model)->encoder, NULL,
                                                          n_tokens, n_texts);
}

static void
wen_transformer_workspace_free (WenModel          *model,
                                WenModelWorkspace *workspace)
{
  wen_encoder_predictor_free ((WenEncoderPredictor *) workspace);
}

static void
wen_transformer_compute_logits (WenModel          *model,
                                WenModelWorkspace *workspace,
                                const WenBatch    *texts,
                                float             *logits)
{
  wen_encoder_predictor_run ((WenEncoderPredictor *) workspace, texts, logits);
}

static void
wen_transformer_finalize (GObject *object)
{
  WenTransformer *self = WEN_TRANSFORMER (object);

  wen_transformer_end (WEN_MODEL (self));
  g_clear_pointer (&self->encoder, wen_encoder_free);

  G_OBJECT_CLASS (wen_transformer_parent_class)->finalize (object);
}

static void
wen_transformer_class_init (WenTransformerClass *klass)
{
  WenModelClass *model_class = WEN_MODEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_transformer_finalize;
  model_class->build = wen_transformer_build;
  model_class->initialize = wen_transformer_initialize;
  model_class->begin = wen_transformer_begin;
  model_class->begin_pretraining = wen_transformer_begin_pretraining;
  model_class->count_steps = wen_transformer_count_steps;
  model_class->run_epoch = wen_transformer_run_epoch;
  model_class->list_state = wen_transformer_list_state;
  model_class->restore = wen_transformer_restore;
  model_class->end = wen_transformer_end;
  model_class->list_parameters = wen_transformer_list_parameters;
  model_class->workspace_new = wen_transformer_workspace_new;
  model_class->workspace_free = wen_transformer_workspace_free;
  model_class->compute_logits = wen_transformer_compute_logits;
}

static void
wen_transformer_init (WenTransformer *self)
{
}
