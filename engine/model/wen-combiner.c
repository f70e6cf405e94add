/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How several classifiers decide together.
 *
 * Average: each member's probabilities are calibrated by one factor of their logarithms;
 * the answer is a mean of them, with the weights that make the labels likeliest.
 *
 * Stack: the logits are sums of the members' log-probabilities, each label's of each
 * member with a weight for each label.  So many weights would learn the texts by heart;
 * a penalty pulls them towards the best solution that has one weight a member.  How hard
 * it pulls is chosen by fitting on one half of the texts and looking at the other.
 *
 * DESIGN: fitting sees only what members said of texts that they had not seen.  The
 * probabilities that fitting gives back are those of combiners that had not seen the text
 * either, so a figure made of them is honest.  The largest of several figures is a little
 * too good; four penalties make no difference that could be seen.
 *
 * Sources: Wolpert 1992, "Stacked generalization"; Ting and Witten 1999, "Issues in
 * stacked generalization"; Dempster et al. 1977 for the weights of the mean. */

#include "config.h"

#include "wen-combiner-parts-private.h"

#include <math.h>
#include <string.h>

#include "wen-blas-private.h"
#include "wen-probabilities-private.h"

/* Weights for pairs of labels are not learned of more labels than that. */
#define MAX_STACKED_LABELS 128

static gboolean
has_pairs (WenCombination kind,
           guint          n_labels)
{
  return kind == WEN_COMBINATION_STACK && n_labels <= MAX_STACKED_LABELS;
}

guint64
wen_combiner_count_values (WenCombination kind,
                           guint          n_members,
                           guint          n_labels)
{
  guint64 n_weights = has_pairs (kind, n_labels) ? (guint64) n_members * n_labels * n_labels : n_members;

  return n_weights + (kind == WEN_COMBINATION_STACK ? n_labels : n_members);
}

WenCombiner *
wen_combiner_new (WenCombination kind,
                  guint          n_members,
                  guint          n_labels)
{
  WenCombiner *self = g_new0 (WenCombiner, 1);
  gsize n_biases = kind == WEN_COMBINATION_STACK ? n_labels : n_members;

  self->kind = kind;
  self->n_members = n_members;
  self->n_labels = n_labels;
  self->n_inputs = (gsize) n_members * n_labels;
  self->is_full = has_pairs (kind, n_labels);
  self->weights = g_new0 (float, self->is_full ? self->n_inputs * n_labels : n_members);
  self->biases = g_new0 (float, n_biases);
  if (self->is_full)
    wen_tensor_set (&self->tensors[WEN_COMBINER_WEIGHTS], "ensemble.weight", self->weights, self->n_inputs, n_labels);
  else
    wen_tensor_set (&self->tensors[WEN_COMBINER_WEIGHTS], "ensemble.weight", self->weights, n_members, 0);
  wen_tensor_set (&self->tensors[WEN_COMBINER_BIASES],
                  kind == WEN_COMBINATION_STACK ? "ensemble.bias" : "ensemble.factor", self->biases, n_biases, 0);
  wen_blas_set_up ();
  return self;
}

void
wen_combiner_free (WenCombiner *self)
{
  g_free (self->weights);
  g_free (self->biases);
  g_free (self);
}

WenCombination
wen_combiner_get_kind (WenCombiner *self)
{
  return self->kind;
}

guint
wen_combiner_get_n_members (WenCombiner *self)
{
  return self->n_members;
}

const WenTensor *
wen_combiner_list_parameters (WenCombiner *self,
                              gsize       *n_parameters)
{
  *n_parameters = WEN_COMBINER_N_TENSORS;
  return self->tensors;
}

/* How much of the decision is a member's, from 0 to 1: its weight, or the mean of its
 * weights for a label and itself, as a share of all. */
double
wen_combiner_get_share (WenCombiner *self,
                        guint        member)
{
  double own = 0;
  double all = 0;

  for (guint i = 0; i < self->n_members; i++)
    {
      double weight = 0;

      if (!self->is_full)
        weight = (double) self->weights[i];
      else
        for (guint label = 0; label < self->n_labels; label++)
          weight += (double) self->weights[((gsize) i * self->n_labels + label) * self->n_labels + label];
      all += MAX (0, weight);
      if (i == member)
        own = MAX (0, weight);
    }
  return all > 0 ? own / all : 1.0 / self->n_members;
}

/* Writes the log-probabilities of the text, less their mean for each member: [n_inputs]. */
void
wen_combiner_write_inputs (WenCombiner         *self,
                           const float * const *probabilities,
                           gsize                text,
                           float               *inputs)
{
  for (guint member = 0; member < self->n_members; member++)
    {
      const float *row = probabilities[member] + text * self->n_labels;
      float *own = inputs + (gsize) member * self->n_labels;
      double mean = 0;

      for (guint label = 0; label < self->n_labels; label++)
        {
          own[label] = logf (MAX (row[label], WEN_COMBINER_LEAST_PROBABILITY));
          mean += (double) own[label] / self->n_labels;
        }
      for (guint label = 0; label < self->n_labels; label++)
        own[label] -= (float) mean;
    }
}

static void
apply_average (WenCombiner         *self,
               const float * const *probabilities,
               gsize                text,
               float               *combined)
{
  memset (combined, 0, self->n_labels * sizeof *combined);
  for (guint member = 0; member < self->n_members; member++)
    {
      const float *row = probabilities[member] + text * self->n_labels;
      double sum = 0;

      for (guint label = 0; label < self->n_labels; label++)
        sum += pow ((double) MAX (row[label], WEN_COMBINER_LEAST_PROBABILITY), (double) self->biases[member]);
      for (guint label = 0; label < self->n_labels; label++)
        combined[label] += (float) ((double) self->weights[member] / sum
                                    * pow ((double) MAX (row[label], WEN_COMBINER_LEAST_PROBABILITY),
                                           (double) self->biases[member]));
    }
}

/* inputs: [n_inputs] */
static void
apply_stack (WenCombiner *self,
             const float *inputs,
             float       *combined)
{
  memcpy (combined, self->biases, self->n_labels * sizeof *combined);
  if (self->is_full)
    wen_multiply (combined, self->n_labels, inputs, self->n_inputs, self->weights, self->n_labels, 1, self->n_labels,
                  self->n_inputs, TRUE);
  else
    for (guint member = 0; member < self->n_members; member++)
      for (guint label = 0; label < self->n_labels; label++)
        combined[label] += self->weights[member] * inputs[(gsize) member * self->n_labels + label];
  wen_logits_to_probabilities (combined, self->n_labels);
}

/* Writes what the members say together, [n_texts][n_labels].  Any thread may call it. */
void
wen_combiner_apply (WenCombiner         *self,
                    const float * const *probabilities,
                    gsize                n_texts,
                    float               *combined)
{
  g_autofree float *inputs = g_new (float, self->n_inputs);

  for (gsize text = 0; text < n_texts; text++)
    if (self->kind == WEN_COMBINATION_STACK)
      {
        wen_combiner_write_inputs (self, probabilities, text, inputs);
        apply_stack (self, inputs, combined + text * self->n_labels);
      }
    else
      {
        apply_average (self, probabilities, text, combined + text * self->n_labels);
      }
}
