/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "average": a text is the mean of the embeddings of its tokens and n-grams,
 * and a layer or two tell from that what it is.
 *
 * This file cuts an epoch into batches and says what each step's learning rate is; the
 * arithmetic is engine/nn/'s. */

#include "config.h"

#include "wen-average-private.h"

#include "wen-bag-trainer-private.h"
#include "wen-calibration-private.h"
#include "wen-schedule-private.h"

#define ADAM_BETA_1 0.9f
#define ADAM_BETA_2 0.999f
#define ADAM_EPSILON 1e-8f

struct _WenAverage
{
  WenModel       parent_instance;

  WenBag        *bag;           /* owned */

  /* while training */
  WenBagTrainer *trainer;       /* owned */
  WenBatch       texts;         /* borrowed arrays; tokens and offsets are those of the epoch */
  gsize          batch_size;
  guint64        n_epoch_steps;
  guint32       *order;         /* [texts.n_texts], owned */
};

G_DEFINE_FINAL_TYPE (WenAverage, wen_average, WEN_TYPE_MODEL)

static WenBagConfig
get_shape (const WenRecipe *recipe,
           guint            n_vocabulary,
           guint            n_labels)
{
  return (WenBagConfig) {
    .n_vocabulary = n_vocabulary,
    .n_ngram_rows = recipe->longest_ngram > 1 ? recipe->ngram_embeddings : 0,
    .longest_ngram = recipe->longest_ngram,
    .hidden_size = recipe->hidden_size,
    .head_size = recipe->head_size,
    .activation = recipe->activation,
    .n_labels = n_labels,
  };
}

static WenBagTrainingConfig
get_training (const WenRecipe *recipe,
              gsize            n_texts)
{
  gsize batch_size = MIN (recipe->batch_size, n_texts);

  return (WenBagTrainingConfig) {
    .loss = recipe->loss,
    .beta1 = ADAM_BETA_1,
    .beta2 = ADAM_BETA_2,
    .epsilon = ADAM_EPSILON,
    .weight_decay = (float) recipe->weight_decay,
    .dropout = (float) recipe->dropout,
    .label_smoothing = (float) recipe->label_smoothing,
    .token_dropout = (float) recipe->token_dropout,
    .mixup = (float) recipe->mixup,
    .averaging = recipe->weight_averaging,
    .batch_size = batch_size,
    .n_epoch_steps = (n_texts + batch_size - 1) / batch_size,
    .seed = recipe->seed,
  };
}

guint64
wen_average_forecast_values (const WenRecipe *recipe,
                             guint            n_vocabulary,
                             guint            n_labels)
{
  WenBagConfig shape = get_shape (recipe, n_vocabulary, n_labels);

  return wen_bag_count_parameters (&shape) + shape.n_ngram_rows + 1;
}

guint64
wen_average_forecast_bytes (const WenRecipe *recipe,
                            guint            n_vocabulary,
                            guint            n_labels,
                            guint            n_workers,
                            guint            longest)
{
  WenBagConfig shape = get_shape (recipe, n_vocabulary, n_labels);
  WenBagTrainingConfig training = get_training (recipe, recipe->batch_size);

  return wen_bag_trainer_forecast_bytes (&shape, &training, n_workers, (gsize) recipe->batch_size * longest);
}

static void
wen_average_build (WenModel *model)
{
  WenBagConfig shape = get_shape (wen_model_get_recipe (model), wen_model_get_n_vocabulary (model),
                                  wen_model_get_n_labels (model));

  WEN_AVERAGE (model)->bag = wen_bag_new (&shape);
}

static void
wen_average_initialize (WenModel *model,
                        guint64   seed)
{
  wen_bag_initialize (WEN_AVERAGE (model)->bag, seed);
}

static void
wen_average_begin (WenModel       *model,
                   const WenBatch *texts,
                   WenWorkerPool  *pool)
{
  WenAverage *self = WEN_AVERAGE (model);
  WenBagTrainingConfig training = get_training (wen_model_get_recipe (model), texts->n_texts);

  self->texts = *texts;
  self->batch_size = training.batch_size;
  self->n_epoch_steps = training.n_epoch_steps;
  self->order = g_new (guint32, texts->n_texts);
  wen_bag_choose_ngrams (self->bag, texts, wen_model_get_recipe (model)->rarest_ngram);
  self->trainer = wen_bag_trainer_new (self->bag, pool, &training);
}

static guint64
wen_average_count_steps (WenModel *model)
{
  return WEN_AVERAGE (model)->n_epoch_steps;
}

/* Of some texts of the epoch's order. */
static gsize
count_tokens (WenAverage *self,
              gsize       first,
              gsize       n_texts)
{
  gsize n_tokens = 0;

  for (gsize i = first; i < first + n_texts; i++)
    n_tokens += self->texts.offsets[self->order[i] + 1] - self->texts.offsets[self->order[i]];
  return n_tokens;
}

/* The texts of an epoch, their order, and room for its largest batch. */
static void
begin_epoch (WenAverage *self,
             guint       epoch)
{
  const WenModelAugmentation *augmentation = wen_model_get_augmentation (WEN_MODEL (self));
  gsize n_texts = self->texts.n_texts;
  gsize n_largest = 0;

  if (augmentation != NULL)
    {
      WenBatch augmented = augmentation->get_texts (epoch, augmentation->user_data);

      self->texts.n_tokens = augmented.n_tokens;
      self->texts.token_ids = augmented.token_ids;
      self->texts.offsets = augmented.offsets;
    }
  wen_model_order_texts (wen_model_get_recipe (WEN_MODEL (self)), epoch, self->order, n_texts);
  for (gsize first = 0; first < n_texts; first += self->batch_size)
    n_largest = MAX (n_largest, count_tokens (self, first, MIN (self->batch_size, n_texts - first)));
  wen_bag_trainer_reserve (self->trainer, n_largest);
}

static gboolean
wen_average_run_epoch (WenModel         *model,
                       guint             epoch,
                       guint64           n_done,
                       WenModelStepFunc  func,
                       gpointer          user_data)
{
  WenAverage *self = WEN_AVERAGE (model);
  const WenRecipe *recipe = wen_model_get_recipe (model);
  gsize n_texts = self->texts.n_texts;
  guint64 step = (epoch - 1) * self->n_epoch_steps + n_done;
  gboolean goes_on = TRUE;

  begin_epoch (self, epoch);
  for (gsize first = n_done * self->batch_size; first < n_texts && goes_on; first += self->batch_size)
    {
      gsize n_step_texts = MIN (self->batch_size, n_texts - first);
      double learning_rate;
      WenBagStepResult result;

      step++;
      learning_rate = wen_schedule_get_learning_rate (recipe, step, self->n_epoch_steps * recipe->n_epochs);
      wen_bag_trainer_step (self->trainer, &self->texts, self->order + first, n_step_texts, step,
                            (float) learning_rate, &result);
      goes_on = func (&(WenModelStep) {
                        .step = step,
                        .epoch = epoch,
                        .n_texts = n_step_texts,
                        .n_tokens = count_tokens (self, first, n_step_texts),
                        .n_correct = result.n_correct,
                        .loss = result.cross_entropy,
                        .learning_rate = learning_rate,
                      },
                      user_data);
    }
  wen_bag_trainer_publish (self->trainer, step);
  return goes_on;
}

static void
wen_average_calibrate (WenModel       *model,
                       const WenBatch *texts,
                       float          *probabilities)
{
  WenBag *bag = WEN_AVERAGE (model)->bag;
  double factor = wen_calibrate (texts, probabilities, wen_model_get_n_labels (model));

  wen_bag_set_scale (bag, wen_bag_get_scale (bag) * (float) factor);
}

static const WenTensor *
wen_average_list_state (WenModel *model,
                        gsize    *n_tensors)
{
  return wen_bag_trainer_list_state (WEN_AVERAGE (model)->trainer, n_tensors);
}

static void
wen_average_restore (WenModel *model)
{
  wen_bag_trainer_restore (WEN_AVERAGE (model)->trainer);
}

static void
wen_average_end (WenModel *model)
{
  WenAverage *self = WEN_AVERAGE (model);

  g_clear_pointer (&self->trainer, wen_bag_trainer_free);
  g_clear_pointer (&self->order, g_free);
}

static const WenTensor *
wen_average_list_parameters (WenModel *model,
                             gsize    *n_parameters)
{
  return wen_bag_list_tensors (WEN_AVERAGE (model)->bag, n_parameters);
}

static WenModelWorkspace *
wen_average_workspace_new (WenModel *model,
                           gsize     n_tokens,
                           gsize     n_texts)
{
  return (WenModelWorkspace *) wen_bag_predictor_new (WEN_AVERAGE (model)->bag, n_tokens, n_texts);
}

static void
wen_average_workspace_free (WenModel          *model,
                            WenModelWorkspace *workspace)
{
  wen_bag_predictor_free ((WenBagPredictor *) workspace);
}

static void
wen_average_compute_logits (WenModel          *model,
                            WenModelWorkspace *workspace,
                            const WenBatch    *texts,
                            float             *logits)
{
  wen_bag_predictor_run ((WenBagPredictor *) workspace, texts, logits);
}

static void
wen_average_finalize (GObject *object)
{
  WenAverage *self = WEN_AVERAGE (object);

  wen_average_end (WEN_MODEL (self));
  g_clear_pointer (&self->bag, wen_bag_free);

  G_OBJECT_CLASS (wen_average_parent_class)->finalize (object);
}

static void
wen_average_class_init (WenAverageClass *klass)
{
  WenModelClass *model_class = WEN_MODEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_average_finalize;
  model_class->build = wen_average_build;
  model_class->initialize = wen_average_initialize;
  model_class->begin = wen_average_begin;
  model_class->count_steps = wen_average_count_steps;
  model_class->run_epoch = wen_average_run_epoch;
  model_class->calibrate = wen_average_calibrate;
  model_class->list_state = wen_average_list_state;
  model_class->restore = wen_average_restore;
  model_class->end = wen_average_end;
  model_class->list_parameters = wen_average_list_parameters;
  model_class->workspace_new = wen_average_workspace_new;
  model_class->workspace_free = wen_average_workspace_free;
  model_class->compute_logits = wen_average_compute_logits;
}

static void
wen_average_init (WenAverage *self)
{
}
