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

#include <string.h>

#include "wen-recipe-private.h"
#include "wen-schedule-private.h"

#define NORM_EPSILON 1e-5f
#define ADAM_BETA_1 0.9f
#define ADAM_BETA_2 0.999f
#define ADAM_EPSILON 1e-8f

struct _WenTransformer
{
  WenModel           parent_instance;

  WenEncoder        *encoder;       /* owned */

  /* while training or pre-training */
  WenRecipe         *pretraining;   /* owned; NULL while training */
  WenEncoderTrainer *trainer;       /* owned */
  WenBatch           texts;         /* borrowed arrays */
  guint64            n_epoch_steps;
  guint32           *order;         /* [texts.n_texts], owned */
  guint32           *token_ids;     /* the batch of the step, owned */
  guint32           *offsets;
  guint32           *labels;
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

guint64
wen_transformer_forecast_bytes (const WenRecipe *recipe,
                                guint            n_vocabulary,
                                guint            n_labels,
                                guint            n_workers,
                                guint            longest)
{
  WenEncoderConfig shape = get_shape (recipe, n_vocabulary, n_labels);

  return wen_encoder_trainer_forecast_bytes (&shape,
                                             wen_transformer_forecast_values (recipe, n_vocabulary, n_labels),
                                             n_workers, (gsize) recipe->batch_size * longest, recipe->batch_size,
                                             wen_recipe_pretrains (recipe));
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
count_largest_batch (const WenBatch *texts,
                     gsize           batch_size)
{
  g_autofree guint32 *lengths = g_new (guint32, texts->n_texts);
  gsize n_tokens = 0;

  for (gsize i = 0; i < texts->n_texts; i++)
    lengths[i] = texts->offsets[i + 1] - texts->offsets[i];
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

static void
begin (WenTransformer *self,
       const WenBatch *texts,
       guint           mask_id,
       WenWorkerPool  *pool)
{
  const WenRecipe *recipe = get_current_recipe (self);
  gsize batch_size = MIN (recipe->batch_size, texts->n_texts);
  gsize max_tokens = count_largest_batch (texts, batch_size);

  self->texts = *texts;
  self->n_epoch_steps = (texts->n_texts + batch_size - 1) / batch_size;
  self->order = g_new (guint32, texts->n_texts);
  self->token_ids = g_new (guint32, max_tokens);
  self->offsets = g_new (guint32, batch_size + 1);
  self->labels = g_new (guint32, batch_size);
  self->trainer = wen_encoder_trainer_new (self->encoder, pool,
                                           &(WenEncoderTrainingConfig) {
                                             .adam_l2 = recipe->optimizer == WEN_OPTIMIZER_ADAM,
                                             .beta1 = ADAM_BETA_1,
                                             .beta2 = ADAM_BETA_2,
                                             .epsilon = ADAM_EPSILON,
                                             .weight_decay = (float) recipe->weight_decay,
                                             .clip_norm = (float) recipe->clip_norm,
                                             .dropout = (float) recipe->dropout,
                                             .label_smoothing = (float) recipe->label_smoothing,
                                             .seed = recipe->seed,
                                             .masked_share = self->pretraining ? (float) recipe->masked_share : 0,
                                             .mask_id = mask_id,
                                           },
                                           max_tokens, batch_size);
}

static void
wen_transformer_begin (WenModel       *model,
                       const WenBatch *texts,
                       WenWorkerPool  *pool)
{
  begin (WEN_TRANSFORMER (model), texts, 0, pool);
}

static void
wen_transformer_begin_pretraining (WenModel       *model,
                                   const WenBatch *texts,
                                   guint           mask_id,
                                   WenWorkerPool  *pool)
{
  WenTransformer *self = WEN_TRANSFORMER (model);

  self->pretraining = wen_recipe_copy (wen_model_get_recipe (model));
  self->pretraining->n_epochs = self->pretraining->pretraining_epochs;
  self->pretraining->learning_rate = self->pretraining->pretraining_rate;
  self->pretraining->label_smoothing = 0;
  begin (self, texts, mask_id, pool);
}

static guint64
wen_transformer_count_steps (WenModel *model)
{
  return WEN_TRANSFORMER (model)->n_epoch_steps;
}

/* Packs the texts that order names into the batch of the step. */
static WenBatch
pack_batch (WenTransformer *self,
            const guint32  *order,
            gsize           n_texts)
{
  gsize n_tokens = 0;

  for (gsize i = 0; i < n_texts; i++)
    {
      guint32 begin = self->texts.offsets[order[i]];
      guint32 length = self->texts.offsets[order[i] + 1] - begin;

      self->offsets[i] = (guint32) n_tokens;
      if (self->texts.labels != NULL)
        self->labels[i] = self->texts.labels[order[i]];
      memcpy (self->token_ids + n_tokens, self->texts.token_ids + begin, length * sizeof (guint32));
      n_tokens += length;
    }
  self->offsets[n_texts] = (guint32) n_tokens;

  return (WenBatch) {
    .n_texts = n_texts,
    .n_tokens = n_tokens,
    .token_ids = self->token_ids,
    .offsets = self->offsets,
    .labels = self->texts.labels != NULL ? self->labels : NULL,
  };
}

static gboolean
wen_transformer_run_epoch (WenModel         *model,
                           guint             epoch,
                           guint64           n_done,
                           WenModelStepFunc  func,
                           gpointer          user_data)
{
  WenTransformer *self = WEN_TRANSFORMER (model);
  const WenRecipe *recipe = get_current_recipe (self);
  gsize batch_size = MIN (recipe->batch_size, self->texts.n_texts);
  guint64 step = (epoch - 1) * self->n_epoch_steps + n_done;

  wen_model_order_texts (recipe, epoch, self->order, self->texts.n_texts);

  for (gsize first = n_done * batch_size; first < self->texts.n_texts; first += batch_size)
    {
      WenBatch batch = pack_batch (self, self->order + first,
                                   MIN (batch_size, self->texts.n_texts - first));
      double learning_rate;
      WenStepResult result;

      step++;
      learning_rate = wen_schedule_get_learning_rate (recipe, step, self->n_epoch_steps * recipe->n_epochs);
      wen_encoder_trainer_step (self->trainer, &batch, step, (float) learning_rate, &result);

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
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->token_ids, g_free);
  g_clear_pointer (&self->offsets, g_free);
  g_clear_pointer (&self->labels, g_free);
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
