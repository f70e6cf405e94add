/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a combiner learns whom to trust.  What it does with that, and the design: see
 * wen-combiner.c. */

#include "config.h"

#include "wen-combiner-parts-private.h"

#include <math.h>
#include <string.h>

#include "wen-blas-private.h"
#include "wen-calibration-private.h"
#include "wen-probabilities-private.h"

#define MAX_ITERATIONS 60
#define TOLERANCE 1e-5
#define N_MEAN_ITERATIONS 100
/* Pulls the one weight a member towards zero, so that there always is one solution. */
#define MEMBER_PENALTY 1e-4

static const double penalties[] = { 1e-3, 1e-2, 1e-1, 1 };

/* Every member counts the same, as it is. */
static void
set_equal (WenCombiner *self)
{
  memset (self->weights, 0, self->tensors[WEN_COMBINER_WEIGHTS].n_values * sizeof *self->weights);
  for (guint member = 0; member < self->n_members; member++)
    for (guint label = 0; label < (self->is_full ? self->n_labels : 1); label++)
      self->weights[self->is_full ? ((gsize) member * self->n_labels + label) * self->n_labels + label : member] =
        1.0f / (float) self->n_members;
  for (gsize i = 0; i < self->tensors[WEN_COMBINER_BIASES].n_values; i++)
    self->biases[i] = self->kind == WEN_COMBINATION_STACK ? 0 : 1;
}

/* Fitting the average. */

static gboolean
is_chosen (const WenCombinerTexts *texts,
           gsize                   text,
           int                     left_out)
{
  return left_out < 0 || texts->halves[text] != left_out;
}

/* One member's factor of log-probabilities; changes the probabilities accordingly.
 *
 *   chosen   [n_chosen][n_labels] */
static float
calibrate_member (WenCombiner   *self,
                  float         *chosen,
                  const guint32 *labels,
                  gsize          n_chosen)
{
  const WenBatch batch = { .n_texts = n_chosen, .labels = labels };

  for (gsize i = 0; i < n_chosen * self->n_labels; i++)
    chosen[i] = MAX (chosen[i], WEN_COMBINER_LEAST_PROBABILITY);
  return (float) wen_calibrate (&batch, chosen, self->n_labels);
}

/* The weights of a mean under which the labels are likeliest: each becomes the mean share
 * that its member has in the probability of the label, again and again.
 *
 *   of_labels   [n_members][n_texts]: what each member finds the label to be */
static void
fit_mean (float       *weights,
          const float *of_labels,
          guint        n_members,
          gsize        n_texts)
{
  g_autofree double *shares = g_new (double, n_members);

  for (guint member = 0; member < n_members; member++)
    weights[member] = 1.0f / (float) n_members;
  for (guint iteration = 0; iteration < N_MEAN_ITERATIONS; iteration++)
    {
      memset (shares, 0, n_members * sizeof *shares);
      for (gsize text = 0; text < n_texts; text++)
        {
          double sum = 0;

          for (guint member = 0; member < n_members; member++)
            sum += (double) weights[member] * (double) of_labels[member * n_texts + text];
          for (guint member = 0; member < n_members; member++)
            shares[member] += (double) weights[member] * (double) of_labels[member * n_texts + text] / sum;
        }
      for (guint member = 0; member < n_members; member++)
        weights[member] = (float) (shares[member] / (double) n_texts);
    }
}

static void
fit_average (WenCombiner            *self,
             const WenCombinerTexts *texts,
             int                     left_out)
{
  g_autofree guint32 *labels = g_new (guint32, texts->n_texts);
  g_autofree float *chosen = g_new (float, texts->n_texts * self->n_labels);
  g_autofree float *of_labels = g_new (float, texts->n_texts * self->n_members);
  gsize n_chosen = 0;

  for (gsize text = 0; text < texts->n_texts; text++)
    if (is_chosen (texts, text, left_out))
      labels[n_chosen++] = texts->labels[text];

  set_equal (self);
  if (n_chosen == 0)
    return;
  for (guint member = 0; member < self->n_members; member++)
    {
      gsize next = 0;

      for (gsize text = 0; text < texts->n_texts; text++)
        if (is_chosen (texts, text, left_out))
          memcpy (chosen + next++ * self->n_labels, texts->probabilities[member] + text * self->n_labels,
                  self->n_labels * sizeof *chosen);
      self->biases[member] = calibrate_member (self, chosen, labels, n_chosen);
      for (gsize i = 0; i < n_chosen; i++)
        of_labels[member * n_chosen + i] = chosen[i * self->n_labels + labels[i]];
    }
  fit_mean (self->weights, of_labels, self->n_members, n_chosen);
}

/* Fitting the stack. */

typedef struct
{
  WenCombiner *combiner;
  gsize        n_texts;
  float       *inputs;         /* [n_texts][n_inputs] */
  guint32     *labels;         /* [n_texts] */
  float       *logits;         /* [n_texts][n_labels], then their gradient */
  double      *member_weights; /* [n_members]: where the penalty pulls */
  double       penalty;
  float       *weights;        /* [n_inputs][n_labels]: scratch */
  float       *d_weights;
  WenStopFunc  stops;
  gpointer     stop_data;
} Fit;

static void
fit_clear (Fit *fit)
{
  g_free (fit->inputs);
  g_free (fit->labels);
  g_free (fit->logits);
  g_free (fit->member_weights);
  g_free (fit->weights);
  g_free (fit->d_weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fit, fit_clear)

static gboolean
fit_stops (gpointer data)
{
  Fit *fit = data;

  return fit->stops != NULL && fit->stops (fit->stop_data);
}

/* Mean cross-entropy; the logits become its gradient. */
static double
measure (Fit *fit)
{
  guint n_labels = fit->combiner->n_labels;
  double loss = 0;

  for (gsize text = 0; text < fit->n_texts; text++)
    {
      float *row = fit->logits + text * n_labels;

      wen_logits_to_probabilities (row, n_labels);
      loss -= log (MAX ((double) row[fit->labels[text]], (double) G_MINFLOAT));
      row[fit->labels[text]] -= 1;
      for (guint label = 0; label < n_labels; label++)
        row[label] /= (float) fit->n_texts;
    }
  return loss / (double) fit->n_texts;
}

/* WenObjectiveFunc of one weight a member. */
static double
measure_member_weights (const double *x,
                        double       *gradient,
                        gpointer      data)
{
  Fit *fit = data;
  guint n_labels = fit->combiner->n_labels;
  guint n_members = fit->combiner->n_members;
  double loss;

  for (gsize text = 0; text < fit->n_texts; text++)
    for (guint label = 0; label < n_labels; label++)
      {
        const float *inputs = fit->inputs + text * fit->combiner->n_inputs + label;
        double logit = 0;

        for (guint member = 0; member < n_members; member++)
          logit += x[member] * (double) inputs[(gsize) member * n_labels];
        fit->logits[text * n_labels + label] = (float) logit;
      }
  loss = measure (fit);

  for (guint member = 0; member < n_members; member++)
    {
      loss += MEMBER_PENALTY * x[member] * x[member];
      gradient[member] = 2 * MEMBER_PENALTY * x[member];
      for (gsize text = 0; text < fit->n_texts; text++)
        for (guint label = 0; label < n_labels; label++)
          gradient[member] += (double) fit->logits[text * n_labels + label]
                              * (double) fit->inputs[text * fit->combiner->n_inputs + (gsize) member * n_labels + label];
    }
  return loss;
}

/* Where the penalty pulls a weight: to that of its member where it is for a label and
 * itself, else to zero. */
static double
get_centre (const Fit *fit,
            gsize      index)
{
  guint n_labels = fit->combiner->n_labels;
  gsize input = index / n_labels;

  return input % n_labels == index % n_labels ? fit->member_weights[input / n_labels] : 0;
}

/* WenObjectiveFunc of all weights, then biases. */
static double
measure_weights (const double *x,
                 double       *gradient,
                 gpointer      data)
{
  Fit *fit = data;
  gsize n_labels = fit->combiner->n_labels;
  gsize n_inputs = fit->combiner->n_inputs;
  gsize n_weights = n_inputs * n_labels;
  double loss;

  for (gsize i = 0; i < n_weights; i++)
    fit->weights[i] = (float) x[i];
  for (gsize text = 0; text < fit->n_texts; text++)
    for (gsize label = 0; label < n_labels; label++)
      fit->logits[text * n_labels + label] = (float) x[n_weights + label];
  wen_multiply (fit->logits, n_labels, fit->inputs, n_inputs, fit->weights, n_labels, fit->n_texts, n_labels, n_inputs,
                TRUE);
  loss = measure (fit);

  wen_transposed_multiply (fit->d_weights, n_labels, fit->inputs, n_inputs, fit->logits, n_labels, n_inputs, n_labels,
                           fit->n_texts, FALSE);
  for (gsize i = 0; i < n_weights; i++)
    {
      double difference = x[i] - get_centre (fit, i);

      loss += fit->penalty / 2 * difference * difference;
      gradient[i] = (double) fit->d_weights[i] + fit->penalty * difference;
    }
  for (gsize label = 0; label < n_labels; label++)
    {
      gradient[n_weights + label] = 0;
      for (gsize text = 0; text < fit->n_texts; text++)
        gradient[n_weights + label] += (double) fit->logits[text * n_labels + label];
    }
  return loss;
}

static void
choose_texts (Fit                    *fit,
              const WenCombinerTexts *texts,
              int                     left_out)
{
  WenCombiner *self = fit->combiner;

  fit->inputs = g_new (float, MAX (1, texts->n_texts * self->n_inputs));
  fit->labels = g_new (guint32, MAX (1, texts->n_texts));
  for (gsize text = 0; text < texts->n_texts; text++)
    if (is_chosen (texts, text, left_out))
      {
        wen_combiner_write_inputs (self, texts->probabilities, text, fit->inputs + fit->n_texts * self->n_inputs);
        fit->labels[fit->n_texts++] = texts->labels[text];
      }
  fit->logits = g_new (float, MAX (1, fit->n_texts * self->n_labels));
}

/* Fits on all texts but those of one half; -1: on all. */
static void
fit_stack (WenCombiner            *self,
           const WenCombinerTexts *texts,
           int                     left_out,
           double                  penalty,
           WenStopFunc             stops,
           gpointer                stop_data)
{
  g_auto (Fit) fit = { .combiner = self, .penalty = penalty, .stops = stops, .stop_data = stop_data };
  gsize n_weights = self->n_inputs * self->n_labels;
  g_autofree double *x = NULL;

  set_equal (self);
  choose_texts (&fit, texts, left_out);
  if (fit.n_texts == 0)
    return;
  fit.member_weights = g_new (double, self->n_members);
  for (guint member = 0; member < self->n_members; member++)
    fit.member_weights[member] = 1.0 / self->n_members;
  wen_lbfgs_minimize (fit.member_weights, self->n_members, MAX_ITERATIONS, TOLERANCE, measure_member_weights, fit_stops,
                      &fit);
  if (!self->is_full)
    {
      for (guint member = 0; member < self->n_members; member++)
        self->weights[member] = (float) fit.member_weights[member];
      return;
    }

  fit.weights = g_new (float, n_weights);
  fit.d_weights = g_new (float, n_weights);
  x = g_new0 (double, n_weights + self->n_labels);
  for (gsize i = 0; i < n_weights; i++)
    x[i] = get_centre (&fit, i);
  wen_lbfgs_minimize (x, n_weights + self->n_labels, MAX_ITERATIONS, TOLERANCE, measure_weights, fit_stops, &fit);
  for (gsize i = 0; i < n_weights; i++)
    self->weights[i] = (float) x[i];
  for (guint label = 0; label < self->n_labels; label++)
    self->biases[label] = (float) x[n_weights + label];
}

/* Writes what the combiner says of the texts of one half. */
static void
predict_half (WenCombiner            *self,
              const WenCombinerTexts *texts,
              int                     half,
              float                  *probabilities)
{
  for (gsize text = 0; text < texts->n_texts; text++)
    if (texts->halves[text] == half)
      {
        const float *rows[self->n_members];

        for (guint member = 0; member < self->n_members; member++)
          rows[member] = texts->probabilities[member] + text * self->n_labels;
        wen_combiner_apply (self, rows, 1, probabilities + text * self->n_labels);
      }
}

/* Fits on each half, predicts the other, and returns the loss of that. */
static double
fit_crosswise (WenCombiner            *self,
               const WenCombinerTexts *texts,
               double                  penalty,
               float                  *probabilities,
               WenStopFunc             stops,
               gpointer                stop_data)
{
  double loss = 0;

  for (int half = 0; half < 2; half++)
    {
      if (self->kind == WEN_COMBINATION_STACK)
        fit_stack (self, texts, half, penalty, stops, stop_data);
      else
        fit_average (self, texts, half);
      predict_half (self, texts, half, probabilities);
    }
  for (gsize text = 0; text < texts->n_texts; text++)
    loss -= log (MAX ((double) probabilities[text * self->n_labels + texts->labels[text]], (double) G_MINFLOAT));
  return loss;
}

/* Learns whom to trust.
 *
 *   probabilities   [n_texts][n_labels]: gets what a combiner that had not seen the text
 *                   says of it
 *
 * stops may be NULL; where it says TRUE what is fitted so far is used. */
void
wen_combiner_fit (WenCombiner            *self,
                  const WenCombinerTexts *texts,
                  float                  *probabilities,
                  WenStopFunc             stops,
                  gpointer                stop_data)
{
  g_autofree float *candidate = NULL;
  gsize n_values = texts->n_texts * self->n_labels;
  double best_loss;
  double best_penalty = penalties[G_N_ELEMENTS (penalties) - 1];

  best_loss = fit_crosswise (self, texts, best_penalty, probabilities, stops, stop_data);
  if (self->kind == WEN_COMBINATION_AVERAGE)
    {
      fit_average (self, texts, -1);
      return;
    }

  candidate = g_new (float, MAX (1, n_values));
  for (gsize i = G_N_ELEMENTS (penalties) - 1; self->is_full && i-- > 0;)
    {
      double loss;

      if (stops != NULL && stops (stop_data))
        break;
      loss = fit_crosswise (self, texts, penalties[i], candidate, stops, stop_data);
      /* A smaller penalty after one that was too small is too small as well. */
      if (loss >= best_loss)
        break;
      best_loss = loss;
      best_penalty = penalties[i];
      memcpy (probabilities, candidate, n_values * sizeof *candidate);
    }
  fit_stack (self, texts, -1, best_penalty, stops, stop_data);
}
