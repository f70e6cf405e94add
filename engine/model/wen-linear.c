/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The family "linear": a weight for each n-gram and label.
 *
 * For each label, a support vector machine with squared hinge loss learns to tell
 * its texts from all others; dual coordinate descent goes from text to text and
 * sets what that text adds to the weights to its best value.  With two labels one
 * machine does for both.
 *
 * DESIGN: labels are independent of one another, so workers take labels, and no
 * sum depends on how many workers there are.  A step is a part of an epoch, small
 * enough that one can stop soon.
 *
 * A machine gives margins, not probabilities.  These are the softmax of the margins
 * times one number, which after each epoch is chosen so that it makes the labels of
 * the validation texts most likely.
 *
 * Sources: Hsieh et al. 2008, "A dual coordinate descent method for large-scale
 * linear SVM", algorithm 1; Guo et al. 2017, "On calibration of modern neural
 * networks", section 4.2, for the one number. */

#include "config.h"

#include "wen-linear-private.h"

#include <math.h>
#include <string.h>

#include "wen-ngrams-private.h"
#include "wen-safetensors-private.h"

/* An n-gram that one text alone has tells nothing about others. */
#define MINIMUM_TEXTS 2
#define MAX_FEATURES (1 << 20)
/* Products of a value and a weight in one step: some ten milliseconds. */
#define STEP_PRODUCTS 10e6
/* From margins to logits, before validation texts have their say. */
#define FIRST_SCALE 3.0f
#define N_FACTOR_TEXTS 2000
#define N_FACTOR_TRIALS 24
#define MAX_FACTOR 10.0
#define LEAST_PROBABILITY 1e-30

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

enum
{
  STATE_DUALS,
  STATE_MACHINES,
  STATE_SCALE,
  N_STATE,
};

struct _WenLinear
{
  WenModel        parent_instance;

  gsize           n_features;
  float          *keys;          /* [n_features][2] */
  float          *idf;           /* [n_features] */
  float          *weights;       /* [n_features][n_labels] */
  float          *biases;        /* [n_labels] */
  WenTensor       tensors[N_TENSORS];

  GMutex          mutex;
  WenNgrams      *ngrams;        /* lock `mutex` until it is there; then never changed */

  /* while training */
  WenBatch        texts;         /* borrowed arrays */
  WenWorkerPool  *pool;          /* borrowed */
  gsize          *value_offsets; /* [n_texts + 1] */
  WenNgramValue  *values;        /* of all texts */
  float          *squares;       /* [n_texts]: squared length, with the 1 for the bias */
  guint32        *order;         /* [n_texts] */
  guint           n_machines;    /* as many as labels, but 1 of two labels */
  gsize           step_texts;
  gsize           n_steps;       /* of an epoch */
  float          *duals;         /* [n_machines][n_texts] */
  float          *machines;      /* [n_machines][n_features + 1]: weights, and the bias */
  float          *margins;       /* [n_machines][n_texts]: when last visited */
  float           scale;         /* from margins to logits */
  WenTensor       state[N_STATE];

  /* of one step */
  gsize           first;
  gsize           last;
  gint            next_machine;  /* atomic */
};

G_DEFINE_FINAL_TYPE (WenLinear, wen_linear, WEN_TYPE_MODEL)

/* One text at a time. */
typedef struct
{
  guint32       *counts; /* [n_features] */
  WenNgramValue *values;
} Workspace;

/* The n-grams are not known before the texts are, so it is the least there can be. */
guint64
wen_linear_forecast_values (const WenRecipe *recipe,
                            guint            n_vocabulary,
                            guint            n_labels)
{
  return n_labels;
}

guint64
wen_linear_forecast_bytes (const WenRecipe *recipe,
                           guint            n_vocabulary,
                           guint            n_labels,
                           guint            n_workers,
                           guint            longest)
{
  return 0;
}

static guint
get_n_labels (WenLinear *self)
{
  return wen_model_get_n_labels (WEN_MODEL (self));
}

static void
set_tensor (WenTensor  *tensor,
            const char *name,
            float      *values,
            gsize       n_rows,
            gsize       n_columns)
{
  *tensor = (WenTensor) {
    .shape = { n_rows, n_columns },
    .n_dimensions = n_columns > 0 ? 2 : 1,
    .values = values,
    .n_values = n_rows * MAX (1, n_columns),
  };
  g_strlcpy (tensor->name, name, sizeof tensor->name);
}

static void
free_parameters (WenLinear *self)
{
  g_clear_pointer (&self->keys, g_free);
  g_clear_pointer (&self->idf, g_free);
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->biases, g_free);
  g_clear_pointer (&self->ngrams, wen_ngrams_free);
}

static void
make_parameters (WenLinear *self,
                 gsize      n_features)
{
  guint n_labels = get_n_labels (self);

  free_parameters (self);
  self->n_features = n_features;
  self->keys = g_new0 (float, MAX (1, 2 * n_features));
  self->idf = g_new0 (float, MAX (1, n_features));
  self->weights = g_new0 (float, MAX (1, n_features * n_labels));
  self->biases = g_new0 (float, n_labels);
  set_tensor (&self->tensors[TENSOR_KEYS], "ngrams.key", self->keys, n_features, 2);
  set_tensor (&self->tensors[TENSOR_IDF], "ngrams.idf", self->idf, n_features, 0);
  set_tensor (&self->tensors[TENSOR_WEIGHTS], "linear.weight", self->weights, n_features, n_labels);
  set_tensor (&self->tensors[TENSOR_BIASES], "linear.bias", self->biases, n_labels, 0);
}

static void
wen_linear_build (WenModel *model)
{
  make_parameters (WEN_LINEAR (model), 0);
}

/* As many n-grams as the file has; what they are is read with the other numbers. */
static void
wen_linear_fit_file (WenModel *model,
                     GBytes   *weights)
{
  make_parameters (WEN_LINEAR (model), wen_safetensors_get_length (weights, "ngrams.idf"));
}

/* Training begins without weights, whatever the seed. */
static void
wen_linear_initialize (WenModel *model,
                       guint64   seed)
{
}

static void
take_ngrams (WenLinear *self,
             WenNgrams *ngrams)
{
  make_parameters (self, wen_ngrams_get_n_features (ngrams));
  self->ngrams = ngrams;
  for (gsize i = 0; i < self->n_features; i++)
    {
      guint64 key = wen_ngrams_get_key (ngrams, i);

      self->keys[2 * i] = (float) (key >> HALF_BITS);
      self->keys[2 * i + 1] = (float) (key & (HALF_LIMIT - 1));
      self->idf[i] = wen_ngrams_get_weight (ngrams, i);
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
get_ngrams (WenLinear *self)
{
  g_mutex_lock (&self->mutex);
  if (self->ngrams == NULL)
    {
      g_autofree guint64 *keys = g_new (guint64, MAX (1, self->n_features));

      for (gsize i = 0; i < self->n_features; i++)
        keys[i] = read_half (self->keys[2 * i]) << HALF_BITS | read_half (self->keys[2 * i + 1]);
      self->ngrams = wen_ngrams_new_from_keys (keys, self->idf, self->n_features,
                                               wen_model_get_recipe (WEN_MODEL (self))->longest_ngram);
    }
  g_mutex_unlock (&self->mutex);
  return self->ngrams;
}

/* All texts as sparse vectors. */
static void
extract_texts (WenLinear *self)
{
  const WenBatch *texts = &self->texts;
  guint longest = wen_model_get_recipe (WEN_MODEL (self))->longest_ngram;
  g_autofree guint32 *counts = g_new0 (guint32, MAX (1, self->n_features));
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (WenNgramValue));

  self->value_offsets = g_new (gsize, texts->n_texts + 1);
  self->squares = g_new (float, texts->n_texts);
  self->value_offsets[0] = 0;
  for (gsize text = 0; text < texts->n_texts; text++)
    {
      guint32 begin = texts->offsets[text];
      gsize n_tokens = texts->offsets[text + 1] - begin;
      guint n_before = values->len;
      gsize n_values;

      g_array_set_size (values, n_before + (guint) (longest * n_tokens));
      n_values = wen_ngrams_extract (self->ngrams, texts->token_ids + begin, n_tokens, counts,
                                     &g_array_index (values, WenNgramValue, n_before));
      g_array_set_size (values, n_before + (guint) n_values);
      self->value_offsets[text + 1] = values->len;
      self->squares[text] = n_values > 0 ? 2.0f : 1.0f;
    }
  self->values = (WenNgramValue *) (gpointer) g_array_free (g_steal_pointer (&values), FALSE);
}

static void
wen_linear_begin (WenModel       *model,
                  const WenBatch *texts,
                  WenWorkerPool  *pool)
{
  WenLinear *self = WEN_LINEAR (model);
  guint n_labels = get_n_labels (self);
  double n_products;

  take_ngrams (self, wen_ngrams_new_from_texts (texts, wen_model_get_recipe (model)->longest_ngram, MINIMUM_TEXTS,
                                                MAX_FEATURES));
  self->texts = *texts;
  self->pool = pool;
  extract_texts (self);

  self->n_machines = n_labels == 2 ? 1 : n_labels;
  n_products = 2.0 * (double) self->value_offsets[texts->n_texts] * self->n_machines;
  self->n_steps = (gsize) CLAMP (ceil (n_products / STEP_PRODUCTS), 1, (double) texts->n_texts);
  self->step_texts = (texts->n_texts + self->n_steps - 1) / self->n_steps;
  self->n_steps = (texts->n_texts + self->step_texts - 1) / self->step_texts;
  self->order = g_new (guint32, texts->n_texts);
  self->duals = g_new0 (float, self->n_machines * texts->n_texts);
  self->machines = g_new0 (float, self->n_machines * (self->n_features + 1));
  self->margins = g_new0 (float, self->n_machines * texts->n_texts);
  self->scale = FIRST_SCALE;
  set_tensor (&self->state[STATE_DUALS], "optimizer.dual", self->duals, self->n_machines, texts->n_texts);
  set_tensor (&self->state[STATE_MACHINES], "optimizer.machine", self->machines, self->n_machines,
              self->n_features + 1);
  set_tensor (&self->state[STATE_SCALE], "optimizer.scale", &self->scale, 1, 0);
}

static guint64
wen_linear_count_steps (WenModel *model)
{
  return WEN_LINEAR (model)->n_steps;
}

/* Visits the texts of the step for one machine. */
static void
train_machine (WenLinear *self,
               guint      machine)
{
  double cost = wen_model_get_recipe (WEN_MODEL (self))->cost;
  guint positive = self->n_machines == 1 ? 1 : machine;
  float diagonal = (float) (0.5 / cost);
  float *weights = self->machines + machine * (self->n_features + 1);
  float *bias = weights + self->n_features;
  float *duals = self->duals + machine * self->texts.n_texts;
  float *margins = self->margins + machine * self->texts.n_texts;

  for (gsize i = self->first; i < self->last; i++)
    {
      guint32 text = self->order[i];
      const WenNgramValue *begin = self->values + self->value_offsets[text];
      const WenNgramValue *end = self->values + self->value_offsets[text + 1];
      float sign = self->texts.labels[text] == positive ? 1.0f : -1.0f;
      float margin = *bias;
      float dual = duals[text];
      float gradient;
      float changed;

      for (const WenNgramValue *value = begin; value < end; value++)
        margin += weights[value->feature] * value->value;
      margins[text] = margin;

      gradient = sign * margin - 1.0f + diagonal * dual;
      changed = MAX (0.0f, dual - gradient / (self->squares[text] + diagonal));
      if (changed != dual)
        {
          float change = (changed - dual) * sign;

          duals[text] = changed;
          *bias += change;
          for (const WenNgramValue *value = begin; value < end; value++)
            weights[value->feature] += change * value->value;
        }
    }
}

/* Worker.  Takes machines until there are none left. */
static void
train_machines (guint    worker,
                gpointer data)
{
  WenLinear *self = data;
  guint machine;

  while ((machine = (guint) g_atomic_int_add (&self->next_machine, 1)) < self->n_machines)
    train_machine (self, machine);
}

static float
get_margin (WenLinear *self,
            gsize      text,
            guint      label)
{
  if (self->n_machines == 1)
    return label == 1 ? self->margins[text] : -self->margins[text];
  return self->margins[label * self->texts.n_texts + text];
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
  *is_correct = best == self->texts.labels[text];
  return log (sum) - scale * ((double) get_margin (self, text, self->texts.labels[text]) - largest);
}

/* Makes the parameters what the machines have learnt. */
static void
publish (WenLinear *self)
{
  guint n_labels = get_n_labels (self);

  for (guint label = 0; label < n_labels; label++)
    {
      guint machine = self->n_machines == 1 ? 0 : label;
      float factor = self->n_machines == 1 && label == 0 ? -self->scale : self->scale;
      const float *weights = self->machines + machine * (self->n_features + 1);

      for (gsize i = 0; i < self->n_features; i++)
        self->weights[i * n_labels + label] = factor * weights[i];
      self->biases[label] = factor * weights[self->n_features];
    }
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

      self->first = step * self->step_texts;
      self->last = MIN (self->texts.n_texts, self->first + self->step_texts);
      g_atomic_int_set (&self->next_machine, 0);
      wen_worker_pool_run (self->pool, train_machines, self);

      for (gsize i = self->first; i < self->last; i++)
        {
          guint32 text = self->order[i];
          gboolean is_correct;

          result.loss += get_loss (self, text, (double) self->scale, &is_correct);
          result.n_correct += is_correct;
          result.n_tokens += self->texts.offsets[text + 1] - self->texts.offsets[text];
        }
      result.n_texts = self->last - self->first;
      result.loss /= (double) result.n_texts;
      goes_on = func (&result, user_data);
    }
  publish (self);
  return goes_on;
}

/* Mean cross-entropy where all logits are multiplied by a number. */
static double
get_rescaled_loss (const WenBatch *texts,
                   const float    *probabilities,
                   guint           n_labels,
                   double          log_factor)
{
  double factor = exp (log_factor);
  double loss = 0;

  for (gsize text = 0; text < texts->n_texts; text++)
    {
      const float *row = probabilities + text * n_labels;
      double sum = 0;

      for (guint label = 0; label < n_labels; label++)
        sum += pow (MAX ((double) row[label], LEAST_PROBABILITY), factor);
      loss += log (sum) - factor * log (MAX ((double) row[texts->labels[text]], LEAST_PROBABILITY));
    }
  return loss / (double) texts->n_texts;
}

/* By golden section; the loss has one minimum. */
static double
find_factor (const WenBatch *texts,
             const float    *probabilities,
             guint           n_labels)
{
  const double ratio = 0.6180339887498949;
  double low = -log (MAX_FACTOR);
  double high = log (MAX_FACTOR);
  double a = high - ratio * (high - low);
  double b = low + ratio * (high - low);
  double loss_a = get_rescaled_loss (texts, probabilities, n_labels, a);
  double loss_b = get_rescaled_loss (texts, probabilities, n_labels, b);

  for (guint i = 0; i < N_FACTOR_TRIALS; i++)
    if (loss_a < loss_b)
      {
        high = b;
        b = a;
        loss_b = loss_a;
        a = high - ratio * (high - low);
        loss_a = get_rescaled_loss (texts, probabilities, n_labels, a);
      }
    else
      {
        low = a;
        a = b;
        loss_a = loss_b;
        b = low + ratio * (high - low);
        loss_b = get_rescaled_loss (texts, probabilities, n_labels, b);
      }
  return exp ((low + high) / 2);
}

static void
wen_linear_calibrate (WenModel       *model,
                      const WenBatch *texts,
                      float          *probabilities)
{
  WenLinear *self = WEN_LINEAR (model);
  guint n_labels = get_n_labels (self);
  /* The first of many: a thousand say as much about one number as all. */
  WenBatch some = *texts;
  double factor;

  some.n_texts = MIN (some.n_texts, N_FACTOR_TEXTS);
  factor = find_factor (&some, probabilities, n_labels);
  self->scale *= (float) factor;
  publish (self);
  for (gsize text = 0; text < texts->n_texts; text++)
    {
      float *row = probabilities + text * n_labels;
      double sum = 0;

      for (guint label = 0; label < n_labels; label++)
        sum += pow (MAX ((double) row[label], LEAST_PROBABILITY), factor);
      for (guint label = 0; label < n_labels; label++)
        row[label] = (float) (pow (MAX ((double) row[label], LEAST_PROBABILITY), factor) / sum);
    }
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

  g_clear_pointer (&self->value_offsets, g_free);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->squares, g_free);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->duals, g_free);
  g_clear_pointer (&self->machines, g_free);
  g_clear_pointer (&self->margins, g_free);
}

static const WenTensor *
wen_linear_list_parameters (WenModel *model,
                            gsize    *n_parameters)
{
  *n_parameters = N_TENSORS;
  return WEN_LINEAR (model)->tensors;
}

static WenModelWorkspace *
wen_linear_workspace_new (WenModel *model,
                          gsize     n_tokens,
                          gsize     n_texts)
{
  WenLinear *self = WEN_LINEAR (model);
  Workspace *workspace = g_new (Workspace, 1);

  get_ngrams (self);
  workspace->counts = g_new0 (guint32, MAX (1, self->n_features));
  workspace->values = g_new (WenNgramValue, n_tokens * wen_model_get_recipe (model)->longest_ngram);
  return (WenModelWorkspace *) workspace;
}

static void
wen_linear_workspace_free (WenModel          *model,
                           WenModelWorkspace *workspace)
{
  Workspace *of_text = (Workspace *) workspace;

  g_free (of_text->counts);
  g_free (of_text->values);
  g_free (of_text);
}

static void
wen_linear_compute_logits (WenModel          *model,
                           WenModelWorkspace *workspace,
                           const WenBatch    *texts,
                           float             *logits)
{
  WenLinear *self = WEN_LINEAR (model);
  Workspace *of_text = (Workspace *) workspace;
  guint n_labels = get_n_labels (self);

  for (gsize text = 0; text < texts->n_texts; text++)
    {
      float *row = logits + text * n_labels;
      guint32 begin = texts->offsets[text];
      gsize n_values = wen_ngrams_extract (self->ngrams, texts->token_ids + begin,
                                           texts->offsets[text + 1] - begin, of_text->counts, of_text->values);

      memcpy (row, self->biases, n_labels * sizeof *row);
      for (gsize i = 0; i < n_values; i++)
        {
          const float *weights = self->weights + (gsize) of_text->values[i].feature * n_labels;
          float value = of_text->values[i].value;

          for (guint label = 0; label < n_labels; label++)
            row[label] += value * weights[label];
        }
    }
}

static void
wen_linear_finalize (GObject *object)
{
  WenLinear *self = WEN_LINEAR (object);

  wen_linear_end (WEN_MODEL (self));
  free_parameters (self);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (wen_linear_parent_class)->finalize (object);
}

static void
wen_linear_class_init (WenLinearClass *klass)
{
  WenModelClass *model_class = WEN_MODEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_linear_finalize;
  model_class->build = wen_linear_build;
  model_class->fit_file = wen_linear_fit_file;
  model_class->initialize = wen_linear_initialize;
  model_class->begin = wen_linear_begin;
  model_class->count_steps = wen_linear_count_steps;
  model_class->run_epoch = wen_linear_run_epoch;
  model_class->calibrate = wen_linear_calibrate;
  model_class->list_state = wen_linear_list_state;
  model_class->end = wen_linear_end;
  model_class->list_parameters = wen_linear_list_parameters;
  model_class->workspace_new = wen_linear_workspace_new;
  model_class->workspace_free = wen_linear_workspace_free;
  model_class->compute_logits = wen_linear_compute_logits;
}

static void
wen_linear_init (WenLinear *self)
{
  g_mutex_init (&self->mutex);
}
