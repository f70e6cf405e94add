/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Multinomial logistic regression on sparse texts, with L1, L2 or both.
 *
 * What is made small is cost times the sum over texts of weight times cross-entropy,
 * and of each weight w that is not a bias, l1 · |w| + (1 - l1) · w² / 2, where l1 is the
 * share of L1.  With two labels there is one set of weights, for the second label: the
 * logit of the first is zero.
 *
 * DESIGN: a step takes a block of n-grams.  Around the probabilities as they are, the
 * loss is nearly a quadratic function of the block's weights; coordinate descent goes
 * through them once, and sets each to where that function is least.  How far to go along
 * the whole change of the block is then tried on the true loss.  All labels change at
 * once, each as if the others stood still, so one pass over an n-gram's texts does for
 * eight labels, side by side in vector registers, and workers take such groups of labels.
 * What runs over texts is done in chunks, whose sums are added in their order.  So no
 * number depends on how many workers there are.
 *
 * The loss of a step is that of a part of the texts, before the step changes anything.
 *
 * Sources: Yuan, Ho and Lin 2012, "An improved GLMNET for L1-regularized logistic
 * regression", algorithm 3; Friedman, Hastie and Tibshirani 2010, "Regularization paths
 * for generalized linear models via coordinate descent", section 4. */

#include "config.h"

#include "wen-logistic-private.h"

#include <math.h>
#include <string.h>

#include "wen-descent-private.h"
#include "wen-loss-private.h"
#include "wen-probabilities-private.h"

/* Labels that are worked on side by side. */
#define N_LANES WEN_DESCENT_N_LANES
/* Products of a value and a lane in one step: some ten milliseconds. */
#define STEP_PRODUCTS 40e6
/* The quadratic function is of this step's probabilities; an epoch with one step would
 * use those of its beginning to its end. */
#define LEAST_STEPS 6
#define N_CHUNKS 32
/* Where a text is surely right, the loss is all but flat. */
#define LEAST_CURVATURE 1e-6f
/* A share of the decrease that the slope promises has to be there. */
#define LEAST_SHARE 0.01
#define MAX_TRIALS 12
/* Of the loss: less than this is rounding. */
#define ROUNDING 1e-8

struct _WenLogistic
{
  WenBatch       texts;      /* borrowed arrays */
  WenWorkerPool *pool;       /* borrowed */
  double         cost;
  double         l1;         /* l1 + l2 = 1 */
  double         l2;
  gsize          n_features;
  guint          n_labels;
  guint          n_machines; /* sets of weights: as many as labels, but 1 of two labels */
  guint          n_groups;   /* of machines */
  WenDescentValue         *entries;    /* by n-gram; the bias is the last, in all texts */
  gsize         *columns;    /* [n_features + 2] */
  gsize          n_steps;    /* of an epoch */
  gsize          step_texts;
  gsize         *blocks;     /* [n_steps + 1]: the n-grams of each step */
  float         *weights;    /* [n_groups][n_features + 1][N_LANES] */
  float         *margins;    /* [n_texts][n_machines] */
  float         *before;     /* [n_groups][longest block + 1][N_LANES]: weights when the step began */
  gsize          n_before;   /* longest block + 1 */
  WenDescentTerm          *terms;      /* [n_groups][n_texts] */
  float         *rows;       /* [N_CHUNKS][2][n_labels] */

  /* of one step */
  gsize          first;      /* n-gram */
  gsize          last;
  float          share;      /* of the change that is tried */
  double         losses[N_CHUNKS];
  double         slopes[N_CHUNKS];
  gint           next;       /* atomic: group or chunk */
};

/* One row per n-gram of what has one row per text. */
static void
transpose (WenLogistic         *self,
           const WenNgramTexts *vectors)
{
  gsize n_texts = self->texts.n_texts;
  gsize n_values = vectors->offsets[n_texts];
  g_autofree gsize *places = NULL;

  self->entries = g_new (WenDescentValue, n_values + n_texts);
  self->columns = g_new0 (gsize, self->n_features + 2);
  for (gsize i = 0; i < n_values; i++)
    self->columns[vectors->values[i].index + 1]++;
  for (gsize i = 0; i < self->n_features; i++)
    self->columns[i + 1] += self->columns[i];
  self->columns[self->n_features + 1] = n_values + n_texts;

  places = g_memdup2 (self->columns, (self->n_features + 1) * sizeof *places);
  for (gsize text = 0; text < n_texts; text++)
    {
      for (gsize i = vectors->offsets[text]; i < vectors->offsets[text + 1]; i++)
        {
          const WenNgramValue *value = &vectors->values[i];

          self->entries[places[value->index]++] = (WenDescentValue) { (guint32) text, value->value };
        }
      self->entries[n_values + text] = (WenDescentValue) { (guint32) text, 1.0f };
    }
}

/* Blocks of about as many values each. */
static void
choose_blocks (WenLogistic *self)
{
  gsize n_texts = self->texts.n_texts;
  gsize n_values = self->columns[self->n_features];
  double n_products = 2.0 * N_LANES * (double) n_values * self->n_groups;
  gsize feature = 0;

  self->n_steps = (gsize) CLAMP (ceil (n_products / STEP_PRODUCTS), MIN (LEAST_STEPS, n_texts), (double) n_texts);
  self->step_texts = (n_texts + self->n_steps - 1) / self->n_steps;
  self->n_steps = (n_texts + self->step_texts - 1) / self->step_texts;
  self->blocks = g_new (gsize, self->n_steps + 1);
  for (gsize step = 0; step < self->n_steps; step++)
    {
      self->blocks[step] = feature;
      while (feature < self->n_features
             && (double) self->columns[feature] * (double) self->n_steps < (double) n_values * (double) (step + 1))
        feature++;
    }
  self->blocks[self->n_steps] = self->n_features;
  for (gsize step = 0; step < self->n_steps; step++)
    self->n_before = MAX (self->n_before, self->blocks[step + 1] - self->blocks[step] + 1);
}

/* Weights are zero.  The recipe is used only here. */
WenLogistic *
wen_logistic_new (const WenRecipe     *recipe,
                  const WenBatch      *texts,
                  const WenNgramTexts *vectors,
                  gsize                n_features,
                  guint                n_labels,
                  WenWorkerPool       *pool)
{
  WenLogistic *self = g_new0 (WenLogistic, 1);

  self->texts = *texts;
  self->pool = pool;
  self->cost = recipe->cost;
  self->l1 = recipe->l1_share;
  self->l2 = 1 - recipe->l1_share;
  self->n_features = n_features;
  self->n_labels = n_labels;
  self->n_machines = n_labels == 2 ? 1 : n_labels;
  self->n_groups = (self->n_machines + N_LANES - 1) / N_LANES;
  transpose (self, vectors);
  choose_blocks (self);
  self->weights = g_new0 (float, self->n_groups * (n_features + 1) * N_LANES);
  self->margins = g_new0 (float, texts->n_texts * self->n_machines);
  self->before = g_new (float, self->n_groups * self->n_before * N_LANES);
  self->terms = g_new0 (WenDescentTerm, self->n_groups * texts->n_texts);
  self->rows = g_new (float, (gsize) N_CHUNKS * 2 * n_labels);
  return self;
}

void
wen_logistic_free (WenLogistic *self)
{
  g_free (self->entries);
  g_free (self->columns);
  g_free (self->blocks);
  g_free (self->weights);
  g_free (self->margins);
  g_free (self->before);
  g_free (self->terms);
  g_free (self->rows);
  g_free (self);
}

gsize
wen_logistic_count_steps (WenLogistic *self)
{
  return self->n_steps;
}

/* state: [WEN_LOGISTIC_N_STATE] */
void
wen_logistic_list_state (WenLogistic *self,
                         WenTensor   *state)
{
  wen_tensor_set (&state[0], "optimizer.weight", self->weights, self->n_groups * (self->n_features + 1), N_LANES);
  wen_tensor_set (&state[1], "optimizer.margin", self->margins, self->texts.n_texts, self->n_machines);
}

/* Cross-entropy of one text, in nats: the sum of targets · (log sum of e^logits - logits).
 * Writes its gradient, softmax (logits) - targets.
 *
 *   d_logits, logits   [n_labels]   no overlap
 *   targets            [n_labels], which add up to 1; or NULL for the label alone */
double
wen_logistic_get_loss (float       *d_logits,
                       const float *logits,
                       guint32      label,
                       const float *targets,
                       gsize        n_labels)
{
  gsize n_correct;
  double loss = wen_cross_entropy_forward (d_logits, &n_correct, logits, &label, 1, n_labels, 0.0f, 1.0f);

  if (targets == NULL)
    return loss;

  loss += (double) logits[label];
  d_logits[label] += 1.0f;
  for (gsize i = 0; i < n_labels; i++)
    {
      loss -= (double) targets[i] * (double) logits[i];
      d_logits[i] -= targets[i];
    }
  return loss;
}

/* Of one set of weights, the logit of the first label is zero. */
static guint
get_first_label (WenLogistic *self)
{
  return self->n_labels - self->n_machines;
}

static float
get_weight (WenLogistic *self,
            gsize        text)
{
  return self->texts.weights != NULL ? self->texts.weights[text] : 1.0f;
}

static const float *
get_targets (WenLogistic *self,
             gsize        text)
{
  return self->texts.targets != NULL ? self->texts.targets + text * self->n_labels : NULL;
}

/* Loss of a text, where its logits have changed by the share that is tried.
 *
 *   logits     [n_labels], written
 *   d_logits   [n_labels], written */
static double
get_text_loss (WenLogistic *self,
               gsize        text,
               float        share,
               float       *logits,
               float       *d_logits)
{
  const float *margins = self->margins + text * self->n_machines;
  guint first = get_first_label (self);

  logits[0] = 0.0f;
  for (guint group = 0, machine = 0; group < self->n_groups; group++)
    {
      const WenDescentTerm *term = &self->terms[group * self->texts.n_texts + text];

      for (guint lane = 0; lane < N_LANES && machine < self->n_machines; lane++, machine++)
        logits[first + machine] = margins[machine] + share * term->changes[lane];
    }
  return wen_logistic_get_loss (d_logits, logits, self->texts.labels[text], get_targets (self, text), self->n_labels);
}

typedef void (*ChunkFunc) (WenLogistic *self,
                           guint        chunk,
                           gsize        begin,
                           gsize        end);

typedef struct
{
  WenLogistic *logistic;
  ChunkFunc    func;
} ChunkJob;

/* Worker.  Takes chunks of texts until there are none left. */
static void
run_chunks (guint    worker,
            gpointer data)
{
  const ChunkJob *job = data;
  WenLogistic *self = job->logistic;
  gsize n_texts = self->texts.n_texts;
  guint chunk;

  while ((chunk = (guint) g_atomic_int_add (&self->next, 1)) < N_CHUNKS)
    job->func (self, chunk, n_texts * chunk / N_CHUNKS, n_texts * (chunk + 1) / N_CHUNKS);
}

static void
for_each_chunk (WenLogistic *self,
                ChunkFunc    func)
{
  ChunkJob job = { self, func };

  g_atomic_int_set (&self->next, 0);
  wen_worker_pool_run (self->pool, run_chunks, &job);
}

static double
sum_chunks (const double *values)
{
  double sum = 0;

  for (guint i = 0; i < N_CHUNKS; i++)
    sum += values[i];
  return sum;
}

/* Writes the terms of a chunk's texts around their logits, and the loss. */
static void
expand_loss (WenLogistic *self,
             guint        chunk,
             gsize        begin,
             gsize        end)
{
  float *logits = self->rows + (gsize) chunk * 2 * self->n_labels;
  float *d_logits = logits + self->n_labels;
  guint first = get_first_label (self);

  self->losses[chunk] = 0;
  for (gsize text = begin; text < end; text++)
    {
      float weight = get_weight (self, text);
      const float *targets = get_targets (self, text);

      self->losses[chunk] += (double) weight * get_text_loss (self, text, 0.0f, logits, d_logits);
      for (guint group = 0, machine = 0; group < self->n_groups; group++)
        {
          WenDescentTerm *term = &self->terms[group * self->texts.n_texts + text];

          for (guint lane = 0; lane < N_LANES && machine < self->n_machines; lane++, machine++)
            {
              guint label = first + machine;
              float target = targets != NULL ? targets[label] : (float) (self->texts.labels[text] == label);
              float probability = d_logits[label] + target;

              term->gradients[lane] = weight * d_logits[label];
              term->curvatures[lane] = weight * MAX (probability * (1.0f - probability), LEAST_CURVATURE);
              term->changes[lane] = 0.0f;
            }
        }
    }
}

/* Where the weights of a group of labels begin. */
static float *
get_group_weights (WenLogistic *self,
                   guint        group)
{
  return self->weights + group * (self->n_features + 1) * N_LANES;
}

static float *
get_group_before (WenLogistic *self,
                  guint        group)
{
  return self->before + group * self->n_before * N_LANES;
}

/* Worker.  Takes groups of labels until there are none left. */
static void
descend_groups (guint    worker,
                gpointer data)
{
  WenLogistic *self = data;
  gsize n_block = self->last - self->first;
  guint group;

  while ((group = (guint) g_atomic_int_add (&self->next, 1)) < self->n_groups)
    {
      float *weights = get_group_weights (self, group);
      float *before = get_group_before (self, group);
      WenDescentTerm *terms = self->terms + group * self->texts.n_texts;
      gsize bias = self->n_features;

      memcpy (before, weights + self->first * N_LANES, n_block * N_LANES * sizeof *before);
      memcpy (before + n_block * N_LANES, weights + bias * N_LANES, N_LANES * sizeof *before);
      wen_descent_step (weights + bias * N_LANES, terms, self->entries + self->columns[bias], self->texts.n_texts,
               self->cost, 0, 0);
      for (gsize i = self->first; i < self->last; i++)
        wen_descent_step (weights + i * N_LANES, terms, self->entries + self->columns[i],
                 self->columns[i + 1] - self->columns[i], self->cost, self->l1, self->l2);
    }
}

/* Loss of a chunk with the share that is tried, and the slope at none of it. */
static void
try_share (WenLogistic *self,
           guint        chunk,
           gsize        begin,
           gsize        end)
{
  float *logits = self->rows + (gsize) chunk * 2 * self->n_labels;
  float *d_logits = logits + self->n_labels;

  self->losses[chunk] = self->slopes[chunk] = 0;
  for (gsize text = begin; text < end; text++)
    {
      self->losses[chunk] += (double) get_weight (self, text)
                             * get_text_loss (self, text, self->share, logits, d_logits);
      for (guint group = 0; group < self->n_groups; group++)
        {
          const WenDescentTerm *term = &self->terms[group * self->texts.n_texts + text];

          for (guint lane = 0; lane < N_LANES; lane++)
            self->slopes[chunk] += (double) (term->gradients[lane] * term->changes[lane]);
        }
    }
}

/* The penalty of the block's weights with a share of the change, less that without; and
 * what the slope of L2 and all the change in L1 promise. */
static double
get_penalty (WenLogistic *self,
             double       share,
             double      *promised)
{
  double l1_change = 0;
  double l2_change = 0;
  double l2_slope = 0;

  for (guint group = 0; group < self->n_groups; group++)
    {
      const float *weights = get_group_weights (self, group) + self->first * N_LANES;
      const float *before = get_group_before (self, group);

      for (gsize i = 0; i < (self->last - self->first) * N_LANES; i++)
        {
          double old = (double) before[i];
          double change = (double) weights[i] - old;

          l1_change += fabs (old + share * change) - fabs (old);
          l2_change += share * change * (old + share * change / 2);
          l2_slope += old * change;
        }
    }
  *promised = self->l2 * l2_slope + self->l1 * l1_change / share;
  return self->l1 * l1_change + self->l2 * l2_change;
}

/* Halves the change until it does what its slope promises.  Returns what is left of it. */
static float
search_share (WenLogistic *self,
              double       loss)
{
  float share = 1.0f;

  for (guint trial = 0; trial < MAX_TRIALS; trial++, share /= 2)
    {
      double promised;
      double penalty;
      double change;

      self->share = share;
      for_each_chunk (self, try_share);
      penalty = get_penalty (self, (double) share, &promised);
      promised += self->cost * sum_chunks (self->slopes);
      change = self->cost * (sum_chunks (self->losses) - loss) + penalty;
      if (change <= LEAST_SHARE * (double) share * promised + ROUNDING * self->cost * loss)
        return share;
    }
  return 0.0f;
}

static void
change_margins (WenLogistic *self,
                guint        chunk,
                gsize        begin,
                gsize        end)
{
  for (guint machine = 0; machine < self->n_machines; machine++)
    {
      const WenDescentTerm *terms = self->terms + machine / N_LANES * self->texts.n_texts;

      for (gsize text = begin; text < end; text++)
        self->margins[text * self->n_machines + machine] += self->share * terms[text].changes[machine % N_LANES];
    }
}

static void
change_weights (WenLogistic *self)
{
  gsize n_block = self->last - self->first;

  for (guint group = 0; group < self->n_groups; group++)
    {
      float *weights = get_group_weights (self, group);
      float *block = weights + self->first * N_LANES;
      float *biases = weights + self->n_features * N_LANES;
      const float *before = get_group_before (self, group);

      for (gsize i = 0; i < n_block * N_LANES; i++)
        block[i] = before[i] + self->share * (block[i] - before[i]);
      for (gsize i = 0; i < N_LANES; i++)
        biases[i] = before[n_block * N_LANES + i] + self->share * (biases[i] - before[n_block * N_LANES + i]);
    }
}

/* Loss of the texts that the step stands for, each as it is now. */
static void
measure_texts (WenLogistic   *self,
               gsize          step,
               const guint32 *order,
               WenModelStep  *result)
{
  gsize first = step * self->step_texts;
  gsize last = MIN (self->texts.n_texts, first + self->step_texts);
  float *logits = self->rows;
  float *d_logits = logits + self->n_labels;

  for (gsize i = first; i < last; i++)
    {
      guint32 text = order[i];

      result->loss += get_text_loss (self, text, 0.0f, logits, d_logits);
      result->n_correct += wen_find_largest (logits, self->n_labels) == self->texts.labels[text];
      result->n_tokens += self->texts.offsets[text + 1] - self->texts.offsets[text];
    }
  result->n_texts = last - first;
  result->loss /= (double) result->n_texts;
}

/* Step of an epoch, from 0.  order: of the texts, for the loss alone. */
void
wen_logistic_run_step (WenLogistic   *self,
                       gsize          step,
                       const guint32 *order,
                       WenModelStep  *result)
{
  double loss;

  self->first = self->blocks[step];
  self->last = self->blocks[step + 1];
  for_each_chunk (self, expand_loss);
  loss = sum_chunks (self->losses);
  measure_texts (self, step, order, result);

  g_atomic_int_set (&self->next, 0);
  wen_worker_pool_run (self->pool, descend_groups, self);
  self->share = search_share (self, loss);
  for_each_chunk (self, change_margins);
  change_weights (self);
}

/* Writes the weights of logits that are multiplied by a number.
 *
 *   weights   [n_features][n_labels]
 *   biases    [n_labels] */
void
wen_logistic_write (WenLogistic *self,
                    float        scale,
                    float       *weights,
                    float       *biases)
{
  for (gsize i = 0; i <= self->n_features; i++)
    {
      float *row = i < self->n_features ? weights + i * self->n_labels : biases;

      for (guint machine = 0; machine < self->n_machines; machine++)
        {
          float weight = scale * get_group_weights (self, machine / N_LANES)[i * N_LANES + machine % N_LANES];

          /* Half of it for one label and half against the other: probabilities are the same. */
          if (self->n_machines == 1)
            {
              row[0] = -0.5f * weight;
              row[1] = 0.5f * weight;
            }
          else
            {
              row[machine] = weight;
            }
        }
    }
}
