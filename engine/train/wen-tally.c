/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Predictions of labelled rows, counted.  The figures are those of WenEvaluation, which
 * this folder does not see: a share of nothing is 0, and macro F1 is the mean over the
 * labels that occur, as true or as predicted ones. */

#include "config.h"

#include "wen-tally-private.h"

#include <string.h>

void
wen_tally_init (WenTally *self,
                guint     n_labels)
{
  *self = (WenTally) {
    .n_labels = n_labels,
    .n_label_rows = g_new0 (guint64, n_labels),
    .n_label_predicted = g_new0 (guint64, n_labels),
    .n_label_correct = g_new0 (guint64, n_labels),
  };
}

void
wen_tally_clear (WenTally *self)
{
  g_clear_pointer (&self->n_label_rows, g_free);
  g_clear_pointer (&self->n_label_predicted, g_free);
  g_clear_pointer (&self->n_label_correct, g_free);
}

/* Back to where nothing was counted. */
void
wen_tally_reset (WenTally *self)
{
  self->n_rows = self->n_correct = 0;
  memset (self->n_label_rows, 0, self->n_labels * sizeof *self->n_label_rows);
  memset (self->n_label_predicted, 0, self->n_labels * sizeof *self->n_label_predicted);
  memset (self->n_label_correct, 0, self->n_labels * sizeof *self->n_label_correct);
}

/* Counts n_rows rows that have a label and were given another one, or the same. */
void
wen_tally_add (WenTally *self,
               guint     label,
               guint     predicted,
               guint64   n_rows)
{
  self->n_rows += n_rows;
  self->n_label_rows[label] += n_rows;
  self->n_label_predicted[predicted] += n_rows;
  if (label == predicted)
    {
      self->n_correct += n_rows;
      self->n_label_correct[label] += n_rows;
    }
}

static double
get_share (guint64 part,
           guint64 whole)
{
  return whole > 0 ? (double) part / (double) whole : 0;
}

double
wen_tally_get_accuracy (const WenTally *self)
{
  return get_share (self->n_correct, self->n_rows);
}

double
wen_tally_get_recall (const WenTally *self,
                      guint           label)
{
  return get_share (self->n_label_correct[label], self->n_label_rows[label]);
}

double
wen_tally_get_f1 (const WenTally *self,
                  guint           label)
{
  return get_share (2 * self->n_label_correct[label], self->n_label_rows[label] + self->n_label_predicted[label]);
}

double
wen_tally_get_macro_f1 (const WenTally *self)
{
  double sum = 0;
  guint n_occurring = 0;

  for (guint label = 0; label < self->n_labels; label++)
    if (self->n_label_rows[label] + self->n_label_predicted[label] > 0)
      {
        sum += wen_tally_get_f1 (self, label);
        n_occurring++;
      }
  return n_occurring > 0 ? sum / n_occurring : 0;
}
