/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows that an ensemble learns from: which of them a classifier sees, and what it says
 * of the others.
 *
 * DESIGN: training and validation rows are one pool here, since each row is in turn one
 * that a classifier has not seen; test rows are not even copied.  The pool is cut into
 * many small parts in which copies and near copies of a text stay together; folds, bags
 * and the halves of a combiner are made of whole parts. */

#include "config.h"

#include "wen-ensemble-rows-private.h"

#include <math.h>
#include <string.h>

#include "wen-probabilities-private.h"

/* As many as wen_dataset_make_folds() makes. */
#define N_PARTS 100

void
wen_ensemble_rows_free (WenEnsembleRows *self)
{
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_free (self->origins);
  g_free (self->parts);
  g_free (self->halves);
  g_free (self->is_validation);
  g_free (self->fingerprint);
  g_free (self);
}

static void
append_row (WenDataset *to,
            WenDataset *from,
            gsize       row)
{
  wen_dataset_append (to, wen_dataset_get_row_id (from, row), wen_dataset_get_text (from, row),
                      wen_dataset_get_label_name (from, wen_dataset_get_label (from, row)), WEN_SPLIT_TRAIN);
}

/* In the order of the dataset, so that labels keep theirs. */
static void
collect_rows (WenEnsembleRows *self,
              WenDataset      *dataset)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n_all = wen_dataset_get_n_rows (dataset);

  self->dataset = wen_dataset_new ();
  self->origins = g_new (gsize, MAX (1, n_all));
  self->is_validation = g_new (gboolean, MAX (1, n_all));
  for (gsize row = 0; row < n_all; row++)
    {
      WenSplit split = wen_dataset_get_split (dataset, row);
      const char *text = wen_dataset_get_text (dataset, row);
      const char *label;

      if (split != WEN_SPLIT_TRAIN && split != WEN_SPLIT_VALIDATION)
        continue;
      label = wen_dataset_get_label_name (dataset, wen_dataset_get_label (dataset, row));
      self->origins[self->n_rows] = row;
      self->is_validation[self->n_rows] = split == WEN_SPLIT_VALIDATION;
      self->n_rows++;
      append_row (self->dataset, dataset, row);
      g_checksum_update (checksum, (const guchar *) &split, sizeof split);
      g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
      g_checksum_update (checksum, (const guchar *) label, (gssize) strlen (label) + 1);
    }
  self->n_labels = wen_dataset_get_n_labels (self->dataset);
  self->labels = g_ptr_array_new_with_free_func (g_free);
  for (guint label = 0; label < self->n_labels; label++)
    g_ptr_array_add (self->labels, g_strdup (wen_dataset_get_label_name (self->dataset, label)));
  self->fingerprint = g_strdup (g_checksum_get_string (checksum));
}

/* NULL with error set where it was cancelled. */
WenEnsembleRows *
wen_ensemble_rows_new (WenDataset    *dataset,
                       guint64        seed,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr (WenEnsembleRows) self = g_new0 (WenEnsembleRows, 1);

  collect_rows (self, dataset);
  self->n_parts = N_PARTS;
  self->parts = wen_dataset_make_folds (self->dataset, seed, N_PARTS, cancellable, error);
  if (self->parts == NULL)
    return NULL;
  self->halves = wen_dataset_make_folds (self->dataset, seed + 1, 2, cancellable, error);
  if (self->halves == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
wen_ensemble_selection_clear (WenEnsembleSelection *self)
{
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->rows, g_array_unref);
}

void
wen_ensemble_rows_select (const WenEnsembleRows *self,
                          const guint8          *counts,
                          WenEnsembleSelection  *selection)
{
  selection->dataset = wen_dataset_new ();
  selection->rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (gsize row = 0; row < self->n_rows; row++)
    for (guint8 i = 0; i < counts[row]; i++)
      {
        append_row (selection->dataset, self->dataset, row);
        g_array_append_val (selection->rows, row);
      }
}

gboolean
wen_ensemble_rows_can_teach (const WenEnsembleRows *self,
                             const guint8          *counts)
{
  guint first = WEN_NO_LABEL;

  for (gsize row = 0; row < self->n_rows; row++)
    if (counts[row] > 0)
      {
        guint label = wen_dataset_get_label (self->dataset, row);

        if (first == WEN_NO_LABEL)
          first = label;
        if (label != first)
          return TRUE;
      }
  return FALSE;
}

gboolean
wen_ensemble_rows_predict (const WenEnsembleRows *self,
                           const gboolean        *is_asked,
                           WenClassifier         *classifier,
                           WenOpinion             opinion,
                           double                 weight,
                           float                 *probabilities,
                           GCancellable          *cancellable,
                           GError               **error)
{
  guint n_said = wen_classifier_get_n_labels (classifier);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autofree guint *labels = g_new0 (guint, n_said);
  g_autofree float *said = NULL;

  for (guint i = 0; i < n_said; i++)
    g_ptr_array_find_with_equal_func (self->labels, wen_classifier_get_label (classifier, i), g_str_equal, &labels[i]);
  for (gsize row = 0; row < self->n_rows; row++)
    if (is_asked[row])
      {
        g_ptr_array_add (texts, (gpointer) wen_dataset_get_text (self->dataset, row));
        g_array_append_val (rows, row);
      }
  said = g_new (float, MAX (1, (gsize) texts->len * n_said));
  if (!wen_classifier_predict_texts (classifier, (const char *const *) texts->pdata, texts->len, said, NULL,
                                     cancellable, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    wen_opinion_add (probabilities + g_array_index (rows, gsize, i) * self->n_labels, opinion,
                     said + (gsize) i * n_said, labels, n_said, weight);
  return TRUE;
}

double
wen_ensemble_rows_measure (const WenEnsembleRows *self,
                           const gboolean        *is_asked,
                           const float           *probabilities,
                           double                *loss)
{
  gsize n_asked = 0;
  gsize n_correct = 0;
  double sum = 0;

  for (gsize row = 0; row < self->n_rows; row++)
    if (is_asked[row])
      {
        const float *of_row = probabilities + row * self->n_labels;
        guint label = wen_dataset_get_label (self->dataset, row);
        double all = 0;

        for (guint i = 0; i < self->n_labels; i++)
          all += (double) of_row[i];
        n_asked++;
        n_correct += wen_find_largest (of_row, self->n_labels) == label;
        /* A label that its training rows lacked has no probability. */
        sum -= log (MAX ((double) of_row[label] / all, 1e-6));
      }
  *loss = sum / (double) MAX (1, n_asked);
  return (double) n_correct / (double) MAX (1, n_asked);
}
