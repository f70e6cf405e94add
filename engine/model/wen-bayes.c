/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "bayes": how often each n-gram stands in the texts of each label.
 *
 * Multinomial: a text is as likely under a label as its n-grams are, drawn one by one
 * from all that the label's texts have.  Complement: an n-gram speaks for a label as it
 * is rare in the texts of all others, which suits labels of very different size.  Both
 * are sums of weights, so a text's logits are, too.
 *
 * DESIGN: learning is counting, so one epoch is all there is.  It goes in steps, and the
 * loss of a step is that of its texts before they are counted: the curve shows how much
 * the texts so far say about the next.  N-grams of one text are not independent, which
 * makes naive Bayes far too sure; see wen-calibration.c for what is done about it.
 *
 * Sources: McCallum and Nigam 1998, "A comparison of event models for naive Bayes text
 * classification"; Rennie et al. 2003, "Tackling the poor assumptions of naive Bayes text
 * classifiers", section 3.1. */

#include "config.h"

#include "wen-bayes-private.h"

#include <math.h>
#include <string.h>

#include "wen-calibration-private.h"

/* Weights are made anew after each. */
#define MAX_STEPS 16

enum
{
  STATE_COUNTS,
  STATE_TOTALS,
  STATE_ROWS,
  STATE_SCALE,
  N_STATE,
};

struct _WenBayes
{
  WenNgramModel  parent_instance;

  /* while training */
  WenBatch       texts;      /* borrowed arrays */
  WenNgramTexts  vectors;
  gsize          n_features;
  guint32       *order;      /* [n_texts] */
  gsize          step_texts;
  gsize          n_steps;    /* of an epoch */
  float         *counts;     /* [n_features][n_labels] */
  float         *totals;     /* [n_labels]: n-grams of the label's texts */
  float         *rows;       /* [n_labels]: weights of texts */
  float          scale;      /* what logits are multiplied by */
  WenTensor      state[N_STATE];
};

G_DEFINE_FINAL_TYPE (WenBayes, wen_bayes, WEN_TYPE_NGRAM_MODEL)

static guint
get_n_labels (WenBayes *self)
{
  return wen_model_get_n_labels (WEN_MODEL (self));
}

static void
wen_bayes_begin (WenModel       *model,
                 const WenBatch *texts,
                 WenWorkerPool  *pool)
{
  WenBayes *self = WEN_BAYES (model);
  guint n_labels = get_n_labels (self);

  wen_ngram_model_fit_texts (WEN_NGRAM_MODEL (model), texts, pool, &self->vectors);
  self->n_features = wen_ngram_model_get_parameters (WEN_NGRAM_MODEL (model))->n_features;
  self->texts = *texts;
  self->order = g_new (guint32, texts->n_texts);
  self->step_texts = (texts->n_texts + MAX_STEPS - 1) / MAX_STEPS;
  self->n_steps = (texts->n_texts + self->step_texts - 1) / self->step_texts;
  self->counts = g_new0 (float, MAX (1, self->n_features * n_labels));
  self->totals = g_new0 (float, n_labels);
  self->rows = g_new0 (float, n_labels);
  self->scale = 1;
  wen_tensor_set (&self->state[STATE_COUNTS], "bayes.count", self->counts, self->n_features, n_labels);
  wen_tensor_set (&self->state[STATE_TOTALS], "bayes.total", self->totals, n_labels, 0);
  wen_tensor_set (&self->state[STATE_ROWS], "bayes.rows", self->rows, n_labels, 0);
  wen_tensor_set (&self->state[STATE_SCALE], "bayes.scale", &self->scale, 1, 0);
}

static guint64
wen_bayes_count_steps (WenModel *model)
{
  return WEN_BAYES (model)->n_steps;
}

/* Counts a text, or a part of one. */
static void
count_part (WenBayes *self,
            gsize     text,
            guint     label,
            float     part)
{
  guint n_labels = get_n_labels (self);

  self->rows[label] += part;
  for (gsize i = self->vectors.offsets[text]; i < self->vectors.offsets[text + 1]; i++)
    {
      const WenNgramValue *value = &self->vectors.values[i];

      self->counts[(gsize) value->index * n_labels + label] += part * value->value;
      self->totals[label] += part * value->value;
    }
}

/* As much as its weight says, and where it has a probability for each label, with each
 * label as much as that. */
static void
count_text (WenBayes *self,
            gsize     text)
{
  guint n_labels = get_n_labels (self);
  float weight = self->texts.weights != NULL ? self->texts.weights[text] : 1.0f;

  if (self->texts.targets == NULL)
    {
      count_part (self, text, self->texts.labels[text], weight);
      return;
    }
  for (guint label = 0; label < n_labels; label++)
    if (self->texts.targets[text * n_labels + label] > 0.0f)
      count_part (self, text, label, weight * self->texts.targets[text * n_labels + label]);
}

/* Writes logits less their mean: probabilities stay, and floats hold small numbers
 * better. */
static void
write_centred (const double *values,
               guint         n_values,
               double        scale,
               float        *centred)
{
  double mean = 0;

  for (guint i = 0; i < n_values; i++)
    mean += values[i] / n_values;
  for (guint i = 0; i < n_values; i++)
    centred[i] = (float) (scale * (values[i] - mean));
}

/* What the n-grams of each label are divided by: those of its own texts, or of all
 * others. */
static void
sum_ngrams (WenBayes  *self,
            gboolean   is_complement,
            double     smoothing,
            double    *log_sums)
{
  guint n_labels = get_n_labels (self);
  double total = 0;

  for (guint label = 0; label < n_labels; label++)
    total += (double) self->totals[label];
  for (guint label = 0; label < n_labels; label++)
    {
      double own = (double) self->totals[label];

      log_sums[label] = log ((is_complement ? total - own : own) + smoothing * (double) self->n_features);
    }
}

/* Makes weights of the counts: log P(n-gram | label), or -log P(n-gram | another one). */
static void
publish (WenBayes *self)
{
  const WenRecipe *recipe = wen_model_get_recipe (WEN_MODEL (self));
  const WenNgramParameters *parameters = wen_ngram_model_get_parameters (WEN_NGRAM_MODEL (self));
  gboolean is_complement = recipe->bayes == WEN_BAYES_COMPLEMENT;
  guint n_labels = get_n_labels (self);
  g_autofree double *log_sums = g_new (double, n_labels);
  g_autofree double *logits = g_new (double, n_labels);

  sum_ngrams (self, is_complement, recipe->smoothing, log_sums);
  for (gsize feature = 0; feature < self->n_features; feature++)
    {
      const float *counts = self->counts + feature * n_labels;
      double count = 0;

      for (guint label = 0; label < n_labels; label++)
        count += (double) counts[label];
      for (guint label = 0; label < n_labels; label++)
        if (is_complement)
          logits[label] = log_sums[label] - log (count - (double) counts[label] + recipe->smoothing);
        else
          logits[label] = log ((double) counts[label] + recipe->smoothing) - log_sums[label];
      write_centred (logits, n_labels, (double) self->scale, parameters->weights + feature * n_labels);
    }

  /* Labels without texts so far count as one. */
  for (guint label = 0; label < n_labels; label++)
    logits[label] = is_complement ? 0 : log (self->rows[label] > 0 ? (double) self->rows[label] : 1);
  write_centred (logits, n_labels, (double) self->scale, parameters->biases);
}

/* Cross-entropy of a text with the weights as they are. */
static double
get_loss (WenBayes *self,
          gsize     text,
          double   *logits,
          gboolean *is_correct)
{
  const WenNgramParameters *parameters = wen_ngram_model_get_parameters (WEN_NGRAM_MODEL (self));
  guint n_labels = get_n_labels (self);
  guint best = 0;
  double sum = 0;

  for (guint label = 0; label < n_labels; label++)
    logits[label] = (double) parameters->biases[label];
  for (gsize i = self->vectors.offsets[text]; i < self->vectors.offsets[text + 1]; i++)
    {
      const WenNgramValue *value = &self->vectors.values[i];
      const float *weights = parameters->weights + (gsize) value->index * n_labels;

      for (guint label = 0; label < n_labels; label++)
        logits[label] += (double) (value->value * weights[label]);
    }
  for (guint label = 1; label < n_labels; label++)
    if (logits[label] > logits[best])
      best = label;
  for (guint label = 0; label < n_labels; label++)
    sum += exp (logits[label] - logits[best]);
  *is_correct = best == self->texts.labels[text];
  return log (sum) - (logits[self->texts.labels[text]] - logits[best]);
}

static void
forget (WenBayes *self)
{
  guint n_labels = get_n_labels (self);

  memset (self->counts, 0, self->n_features * n_labels * sizeof *self->counts);
  memset (self->totals, 0, n_labels * sizeof *self->totals);
  memset (self->rows, 0, n_labels * sizeof *self->rows);
}

static gboolean
wen_bayes_run_epoch (WenModel         *model,
                     guint             epoch,
                     guint64           n_done,
                     WenModelStepFunc  func,
                     gpointer          user_data)
{
  WenBayes *self = WEN_BAYES (model);
  g_autofree double *logits = g_new (double, get_n_labels (self));
  gboolean goes_on = TRUE;

  /* Each epoch counts every text once. */
  if (n_done == 0)
    forget (self);
  wen_model_order_texts (wen_model_get_recipe (model), epoch, self->order, self->texts.n_texts);

  for (gsize step = n_done; step < self->n_steps && goes_on; step++)
    {
      WenModelStep result = { .step = (epoch - 1) * self->n_steps + step + 1, .epoch = epoch };
      gsize first = step * self->step_texts;
      gsize last = MIN (self->texts.n_texts, first + self->step_texts);

      for (gsize i = first; i < last; i++)
        {
          guint32 text = self->order[i];
          gboolean is_correct;

          result.loss += get_loss (self, text, logits, &is_correct);
          result.n_correct += is_correct;
          result.n_tokens += self->texts.offsets[text + 1] - self->texts.offsets[text];
        }
      for (gsize i = first; i < last; i++)
        count_text (self, self->order[i]);
      publish (self);
      result.n_texts = last - first;
      result.loss /= (double) result.n_texts;
      goes_on = func (&result, user_data);
    }
  return goes_on;
}

static void
wen_bayes_calibrate (WenModel       *model,
                     const WenBatch *texts,
                     float          *probabilities)
{
  WenBayes *self = WEN_BAYES (model);

  self->scale *= (float) wen_calibrate (texts, probabilities, get_n_labels (self));
  publish (self);
}

static const WenTensor *
wen_bayes_list_state (WenModel *model,
                      gsize    *n_tensors)
{
  *n_tensors = N_STATE;
  return WEN_BAYES (model)->state;
}

static void
wen_bayes_end (WenModel *model)
{
  WenBayes *self = WEN_BAYES (model);

  wen_ngram_texts_clear (&self->vectors);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->totals, g_free);
  g_clear_pointer (&self->rows, g_free);
}

static void
wen_bayes_finalize (GObject *object)
{
  wen_bayes_end (WEN_MODEL (object));

  G_OBJECT_CLASS (wen_bayes_parent_class)->finalize (object);
}

static void
wen_bayes_class_init (WenBayesClass *klass)
{
  WenModelClass *model_class = WEN_MODEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_bayes_finalize;
  WEN_NGRAM_MODEL_CLASS (klass)->values = WEN_NGRAM_VALUES_COUNTS;
  model_class->begin = wen_bayes_begin;
  model_class->count_steps = wen_bayes_count_steps;
  model_class->run_epoch = wen_bayes_run_epoch;
  model_class->calibrate = wen_bayes_calibrate;
  model_class->list_state = wen_bayes_list_state;
  model_class->end = wen_bayes_end;
}

static void
wen_bayes_init (WenBayes *self)
{
}
