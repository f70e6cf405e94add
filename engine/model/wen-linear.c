/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "linear": a weight for each n-gram and label, of logistic regression (see
 * wen-logistic.c) or of support vector machines, which are here.
 *
 * For each label, a support vector machine with squared hinge loss learns to tell
 * its texts from all others; dual coordinate descent goes from text to text and
 * sets what that text adds to the weights to its best value.  With two labels one
 * machine does for both.
 *
 * DESIGN: labels are independent of one another, so a text's n-grams are read once for
 * eight of them, side by side in vector registers; workers take such groups, and no sum
 * depends on how many workers there are.  A step is a part of an epoch, small enough
 * that one can stop soon.
 *
 * A machine gives margins, not probabilities.  These are the softmax of the margins
 * times one number, which is chosen after each epoch: see wen-calibration.c.  Those of
 * logistic regression are better for it, too: the penalty makes them too timid, up to
 * half as sure as they might be.
 *
 * Source: Hsieh et al. 2008, "A dual coordinate descent method for large-scale
 * linear SVM", algorithm 1. */

#include "config.h"

#include "wen-linear-private.h"

#include <math.h>

#include "wen-calibration-private.h"
#include "wen-logistic-private.h"
#include "wen-probabilities-private.h"

/* Machines that are worked on side by side. */
#define N_LANES WEN_DESCENT_N_LANES
/* Products of a value and a lane in one step: some ten milliseconds. */
#define STEP_PRODUCTS 40e6
/* Texts that count less cost as much as this. */
#define LEAST_WEIGHT 1e-6f
/* From margins to logits, before validation texts have their say. */
#define FIRST_SCALE 3.0f

enum
{
  STATE_DUALS,
  STATE_MACHINES,
  STATE_SCALE,
  N_STATE,
};

G_STATIC_ASSERT (STATE_SCALE == WEN_LOGISTIC_N_STATE);

struct _WenLinear
{
  WenNgramModel   parent_instance;

  /* while training */
  WenBatch        texts;         /* borrowed arrays */
  WenWorkerPool  *pool;          /* borrowed */
  WenNgramTexts   vectors;
  gsize           n_features;
  guint32        *order;         /* [n_texts] */
  gsize           n_steps;       /* of an epoch */
  float           scale;         /* from margins to logits */
  WenTensor       state[N_STATE];

  /* logistic regression; all below is NULL then */
  WenLogistic    *logistic;

  /* support vector machines */
  guint32        *labels;        /* [n_texts] */
  float          *squares;       /* [n_texts]: squared length, with the 1 for the bias */
  guint           n_machines;    /* as many as labels, but 1 of two labels */
  guint           n_groups;      /* of machines */
  gsize           step_texts;
  float          *duals;         /* [n_groups][n_texts][N_LANES] */
  float          *machines;      /* [n_groups][n_features + 1][N_LANES]: weights, and the bias */
  float          *margins;       /* [n_groups][n_texts][N_LANES]: when last visited */

  /* of one step */
  gsize           first;
  gsize           last;
  gint            next_group;    /* atomic */
};

G_DEFINE_FINAL_TYPE (WenLinear, wen_linear, WEN_TYPE_NGRAM_MODEL)

static guint
get_n_labels (WenLinear *self)
{
  return wen_model_get_n_labels (WEN_MODEL (self));
}

/* A machine knows yes and no: where a text has a probability for each label, it is of
 * the likeliest. */
static guint32
choose_label (const WenBatch *texts,
              gsize           text,
              guint           n_labels)
{
  if (texts->targets == NULL)
    return texts->labels[text];
  return wen_find_largest (texts->targets + text * n_labels, n_labels);
}

static void
begin_machines (WenLinear *self)
{
  gsize n_texts = self->texts.n_texts;
  guint n_labels = get_n_labels (self);
  double n_products;

  self->labels = g_new (guint32, n_texts);
  self->squares = g_new (float, n_texts);
  for (gsize text = 0; text < n_texts; text++)
    {
      self->labels[text] = choose_label (&self->texts, text, n_labels);
      self->squares[text] = self->vectors.offsets[text + 1] > self->vectors.offsets[text] ? 2.0f : 1.0f;
    }

  self->n_machines = n_labels == 2 ? 1 : n_labels;
  self->n_groups = (self->n_machines + N_LANES - 1) / N_LANES;
  n_products = 2.0 * N_LANES * (double) self->vectors.offsets[n_texts] * self->n_groups;
  self->n_steps = (gsize) CLAMP (ceil (n_products / STEP_PRODUCTS), 1, (double) n_texts);
  self->step_texts = (n_texts + self->n_steps - 1) / self->n_steps;
  self->n_steps = (n_texts + self->step_texts - 1) / self->step_texts;
  self->duals = g_new0 (float, self->n_groups * n_texts * N_LANES);
  self->machines = g_new0 (float, self->n_groups * (self->n_features + 1) * N_LANES);
  self->margins = g_new0 (float, self->n_groups * n_texts * N_LANES);
  self->scale = FIRST_SCALE;
  wen_tensor_set (&self->state[STATE_DUALS], "optimizer.dual", self->duals, self->n_groups * n_texts, N_LANES);
  wen_tensor_set (&self->state[STATE_MACHINES], "optimizer.machine", self->machines,
                  self->n_groups * (self->n_features + 1), N_LANES);
}

static void
begin_logistic (WenLinear *self)
{
  self->logistic = wen_logistic_new (wen_model_get_recipe (WEN_MODEL (self)), &self->texts, &self->vectors,
                                     self->n_features, get_n_labels (self), self->pool);
  /* It has them in another order. */
  wen_ngram_texts_clear (&self->vectors);
  self->n_steps = wen_logistic_count_steps (self->logistic);
  self->scale = 1;
  wen_logistic_list_state (self->logistic, self->state);
}

static void
wen_linear_begin (WenModel       *model,
                  const WenBatch *texts,
                  WenWorkerPool  *pool)
{
  WenLinear *self = WEN_LINEAR (model);

  wen_ngram_model_fit_texts (WEN_NGRAM_MODEL (model), texts, pool, &self->vectors);
  self->n_features = wen_ngram_model_get_parameters (WEN_NGRAM_MODEL (model))->n_features;
  self->texts = *texts;
  self->pool = pool;
  self->order = g_new (guint32, texts->n_texts);
  if (wen_model_get_recipe (model)->linear_loss == WEN_LINEAR_LOSS_LOGISTIC)
    begin_logistic (self);
  else
    begin_machines (self);
  wen_tensor_set (&self->state[STATE_SCALE], "optimizer.scale", &self->scale, 1, 0);
}

static guint64
wen_linear_count_steps (WenModel *model)
{
  return WEN_LINEAR (model)->n_steps;
}

/* Whether each machine of a group is to say yes or no to a text.  One machine for two
 * labels says yes to the second. */
static void
choose_signs (WenLinear *self,
              guint      group,
              gsize      text,
              float     *signs)
{
  guint first = get_n_labels (self) - self->n_machines;

  for (guint lane = 0; lane < N_LANES; lane++)
    {
      guint machine = group * N_LANES + lane;

      if (machine >= self->n_machines)
        signs[lane] = 0.0f;
      else
        signs[lane] = self->labels[text] == first + machine ? 1.0f : -1.0f;
    }
}

/* Visits the texts of the step for a group of machines. */
static void
train_group (WenLinear *self,
             guint      group)
{
  double cost = wen_model_get_recipe (WEN_MODEL (self))->cost;
  float *weights = self->machines + group * (self->n_features + 1) * N_LANES;

  for (gsize i = self->first; i < self->last; i++)
    {
      guint32 text = self->order[i];
      gsize begin = self->vectors.offsets[text];
      gsize place = (group * self->texts.n_texts + text) * N_LANES;
      float text_weight = self->texts.weights != NULL ? MAX (self->texts.weights[text], LEAST_WEIGHT) : 1.0f;
      float signs[N_LANES];

      choose_signs (self, group, text, signs);
      wen_dual_descent_step (weights, weights + self->n_features * N_LANES, self->duals + place, self->margins + place,
                             self->vectors.values + begin, self->vectors.offsets[text + 1] - begin, signs,
                             self->squares[text], (float) (0.5 / (cost * (double) text_weight)));
    }
}

/* Worker.  Takes groups of machines until there are none left. */
static void
train_groups (guint    worker,
              gpointer data)
{
  WenLinear *self = data;
  guint group;

  while ((group = (guint) g_atomic_int_add (&self->next_group, 1)) < self->n_groups)
    train_group (self, group);
}

static float
get_margin (WenLinear *self,
            gsize      text,
            guint      label)
{
  if (self->n_machines == 1)
    return label == 1 ? self->margins[text * N_LANES] : -self->margins[text * N_LANES];
  return self->margins[(label / N_LANES * self->texts.n_texts + text) * N_LANES + label % N_LANES];
}

/* Cross-entropy of a text whose logits are its margins times a number. */
static double
get_loss (WenLinear *self,
          gsize      text,
          double     scale,
          gboolean  *is_correct)
{
  guint n_labels = get_n_labels (self);
  guint best = 0;
  double largest;
  double sum = 0;

  for (guint label = 1; label < n_labels; label++)
    if (get_margin (self, text, label) > get_margin (self, text, best))
      best = label;
  largest = get_margin (self, text, best);
  for (guint label = 0; label < n_labels; label++)
    sum += exp (scale * ((double) get_margin (self, text, label) - largest));
  *is_correct = best == self->labels[text];
  return log (sum) - scale * ((double) get_margin (self, text, self->labels[text]) - largest);
}

/* Makes the parameters what the machines have learnt. */
static void
publish (WenLinear *self)
{
  const WenNgramParameters *parameters = wen_ngram_model_get_parameters (WEN_NGRAM_MODEL (self));
  guint n_labels = get_n_labels (self);

  if (self->logistic != NULL)
    {
      wen_logistic_write (self->logistic, self->scale, parameters->weights, parameters->biases);
      return;
    }
  for (guint label = 0; label < n_labels; label++)
    {
      guint machine = self->n_machines == 1 ? 0 : label;
      float factor = self->n_machines == 1 && label == 0 ? -self->scale : self->scale;
      const float *weights = self->machines + machine / N_LANES * (self->n_features + 1) * N_LANES + machine % N_LANES;

      for (gsize i = 0; i < self->n_features; i++)
        parameters->weights[i * n_labels + label] = factor * weights[i * N_LANES];
      parameters->biases[label] = factor * weights[self->n_features * N_LANES];
    }
}

/* Step of an epoch, from 0, for all machines. */
static void
train_step (WenLinear    *self,
            gsize         step,
            WenModelStep *result)
{
  self->first = step * self->step_texts;
  self->last = MIN (self->texts.n_texts, self->first + self->step_texts);
  g_atomic_int_set (&self->next_group, 0);
  wen_worker_pool_run (self->pool, train_groups, self);

  for (gsize i = self->first; i < self->last; i++)
    {
      guint32 text = self->order[i];
      gboolean is_correct;

      result->loss += get_loss (self, text, (double) self->scale, &is_correct);
      result->n_correct += is_correct;
      result->n_tokens += self->texts.offsets[text + 1] - self->texts.offsets[text];
    }
  result->n_texts = self->last - self->first;
  result->loss /= (double) result->n_texts;
}

static gboolean
wen_linear_run_epoch (WenModel         *model,
                      guint             epoch,
                      guint64           n_done,
                      WenModelStepFunc  func,
                      gpointer          user_data)
{
  WenLinear *self = WEN_LINEAR (model);
  gboolean goes_on = TRUE;

  wen_model_order_texts (wen_model_get_recipe (model), epoch, self->order, self->texts.n_texts);

  for (gsize step = n_done; step < self->n_steps && goes_on; step++)
    {
      WenModelStep result = { .step = (epoch - 1) * self->n_steps + step + 1, .epoch = epoch };

      if (self->logistic != NULL)
        wen_logistic_run_step (self->logistic, step, self->order, &result);
      else
        train_step (self, step, &result);
      goes_on = func (&result, user_data);
    }
  publish (self);
  return goes_on;
}

static void
wen_linear_calibrate (WenModel       *model,
                      const WenBatch *texts,
                      float          *probabilities)
{
  WenLinear *self = WEN_LINEAR (model);

  self->scale *= (float) wen_calibrate (texts, probabilities, get_n_labels (self));
  publish (self);
}

static const WenTensor *
wen_linear_list_state (WenModel *model,
                       gsize    *n_tensors)
{
  *n_tensors = N_STATE;
  return WEN_LINEAR (model)->state;
}

static void
wen_linear_end (WenModel *model)
{
  WenLinear *self = WEN_LINEAR (model);

  wen_ngram_texts_clear (&self->vectors);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->logistic, wen_logistic_free);
  g_clear_pointer (&self->labels, g_free);
  g_clear_pointer (&self->squares, g_free);
  g_clear_pointer (&self->duals, g_free);
  g_clear_pointer (&self->machines, g_free);
  g_clear_pointer (&self->margins, g_free);
}

static void
wen_linear_finalize (GObject *object)
{
  wen_linear_end (WEN_MODEL (object));

  G_OBJECT_CLASS (wen_linear_parent_class)->finalize (object);
}

static void
wen_linear_class_init (WenLinearClass *klass)
{
  WenModelClass *model_class = WEN_MODEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_linear_finalize;
  WEN_NGRAM_MODEL_CLASS (klass)->values = WEN_NGRAM_VALUES_TF_IDF;
  model_class->begin = wen_linear_begin;
  model_class->count_steps = wen_linear_count_steps;
  model_class->run_epoch = wen_linear_run_epoch;
  model_class->calibrate = wen_linear_calibrate;
  model_class->list_state = wen_linear_list_state;
  model_class->end = wen_linear_end;
}

static void
wen_linear_init (WenLinear *self)
{
}
