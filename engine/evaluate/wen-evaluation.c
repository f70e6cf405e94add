/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All figures of a classifier on labelled rows, from what it said of each row.
 *
 * DESIGN: of the confusion matrix only the fields that are not zero are kept, in
 * order.  With the wrong column for a label there may be as many labels as rows,
 * and a whole matrix would fill the memory.
 *
 * Definitions follow the usual ones: precision is the share of the rows given a
 * label that have it, recall the share of the rows with a label that were given
 * it, F1 their harmonic mean; a share of nothing is 0.  Macro is the plain mean
 * over the labels that occur, as true or as predicted ones; weighted is the mean
 * by rows that have the label. */

#include "config.h"

#include "wen-evaluation.h"

#include <math.h>
#include <string.h>

#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-probabilities-private.h"

/* Texts that are predicted at a time, so that cancelling comes through. */
#define BLOCK_ROWS 8192

/* A field of the confusion matrix. */
typedef struct
{
  guint   label;
  guint   predicted;
  guint64 n_rows;
} Confusion;

struct _WenEvaluation
{
  GObject          parent_instance;

  GPtrArray       *labels;         /* of strings */
  guint            majority_label;
  WenEvaluatedRow *rows;           /* [n_rows], owned */
  gsize            n_rows;

  /* derived from the rows */
  GArray          *confusions;     /* of Confusion, by label, then by predicted */
  WenLabelFigures *figures;        /* [n_labels] */
  guint64          n_correct;
  double           loss;
};

G_DEFINE_QUARK (wen-evaluation-error-quark, wen_evaluation_error)
G_DEFINE_FINAL_TYPE (WenEvaluation, wen_evaluation, G_TYPE_OBJECT)

static void
wen_evaluation_finalize (GObject *object)
{
  WenEvaluation *self = WEN_EVALUATION (object);

  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->confusions, g_array_unref);
  g_clear_pointer (&self->figures, g_free);

  G_OBJECT_CLASS (wen_evaluation_parent_class)->finalize (object);
}

static void
wen_evaluation_class_init (WenEvaluationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_evaluation_finalize;
}

static void
wen_evaluation_init (WenEvaluation *self)
{
}

static double
get_share (guint64 part,
           guint64 whole)
{
  return whole > 0 ? (double) part / (double) whole : 0;
}

static int
compare_confusions (gconstpointer a,
                    gconstpointer b)
{
  const Confusion *left = a;
  const Confusion *right = b;

  if (left->label != right->label)
    return left->label < right->label ? -1 : 1;
  return (left->predicted > right->predicted) - (left->predicted < right->predicted);
}

/* One field for each row, sorted, and then equal ones made one. */
static void
derive_confusions (WenEvaluation *self)
{
  GArray *fields = g_array_sized_new (FALSE, FALSE, sizeof (Confusion), (guint) self->n_rows);
  guint n_kept = 0;

  for (gsize i = 0; i < self->n_rows; i++)
    {
      Confusion field = { self->rows[i].label, self->rows[i].predicted, 1 };

      g_array_append_val (fields, field);
    }
  g_array_sort (fields, compare_confusions);
  for (guint i = 0; i < fields->len; i++)
    {
      Confusion *field = &g_array_index (fields, Confusion, i);
      Confusion *last = n_kept > 0 ? &g_array_index (fields, Confusion, n_kept - 1) : NULL;

      if (last != NULL && compare_confusions (last, field) == 0)
        last->n_rows += field->n_rows;
      else
        g_array_index (fields, Confusion, n_kept++) = *field;
    }
  g_array_set_size (fields, n_kept);
  self->confusions = fields;
}

static void
derive_label_figures (WenEvaluation *self)
{
  self->figures = g_new0 (WenLabelFigures, self->labels->len);
  for (guint i = 0; i < self->confusions->len; i++)
    {
      const Confusion *field = &g_array_index (self->confusions, Confusion, i);

      self->figures[field->label].n_rows += field->n_rows;
      self->figures[field->predicted].n_predicted += field->n_rows;
      if (field->label == field->predicted)
        self->figures[field->label].n_correct = field->n_rows;
    }
  for (guint label = 0; label < self->labels->len; label++)
    {
      WenLabelFigures *figures = &self->figures[label];

      figures->precision = get_share (figures->n_correct, figures->n_predicted);
      figures->recall = get_share (figures->n_correct, figures->n_rows);
      figures->f1 = get_share (2 * figures->n_correct, figures->n_rows + figures->n_predicted);
      self->n_correct += figures->n_correct;
    }
}

/* The mean over rows whose label has a probability at all: a label that training
 * never saw has none, and its loss would be infinite. */
static double
derive_loss (WenEvaluation *self)
{
  double sum = 0;
  gsize n_rows = 0;

  for (gsize i = 0; i < self->n_rows; i++)
    if (self->rows[i].label_probability >= 0)
      {
        sum -= log (MAX ((double) self->rows[i].label_probability, (double) G_MINFLOAT));
        n_rows++;
      }
  return n_rows > 0 ? sum / (double) n_rows : NAN;
}

/* Takes labels and rows. */
static WenEvaluation *
evaluation_new_take (GPtrArray       *labels,
                     guint            majority_label,
                     WenEvaluatedRow *rows,
                     gsize            n_rows)
{
  WenEvaluation *self = g_object_new (WEN_TYPE_EVALUATION, NULL);

  self->labels = labels;
  self->majority_label = majority_label;
  self->rows = rows;
  self->n_rows = n_rows;
  derive_confusions (self);
  derive_label_figures (self);
  self->loss = derive_loss (self);
  return self;
}

/**
 * wen_evaluation_new_from_rows:
 * @labels: (array zero-terminated=1): names of the labels
 * @majority_label: the commonest label of the training rows
 * @rows: (array length=n_rows): what a classifier said of each row, in indices
 *   of @labels
 * @n_rows: how many
 *
 * Computes all figures from predictions that were stored.
 *
 * Returns: (transfer full): an evaluation
 */
WenEvaluation *
wen_evaluation_new_from_rows (const char *const     *labels,
                              guint                  majority_label,
                              const WenEvaluatedRow *rows,
                              gsize                  n_rows)
{
  GPtrArray *names;
  guint n_labels;

  g_return_val_if_fail (labels != NULL, NULL);
  n_labels = g_strv_length ((char **) labels);
  g_return_val_if_fail (majority_label < n_labels, NULL);
  for (gsize i = 0; i < n_rows; i++)
    g_return_val_if_fail (rows[i].label < n_labels && rows[i].predicted < n_labels, NULL);

  names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_labels; i++)
    g_ptr_array_add (names, g_strdup (labels[i]));
  return evaluation_new_take (names, majority_label, g_memdup2 (rows, n_rows * sizeof *rows), n_rows);
}

/* The dataset's labels as indices of names, to which unseen ones are added. */
static guint *
map_labels (GPtrArray  *names,
            WenDataset *dataset,
            WenSplit    split)
{
  guint n_labels = wen_dataset_get_n_labels (dataset);
  guint *map = g_new (guint, MAX (1, n_labels));

  for (guint label = 0; label < n_labels; label++)
    {
      const char *name = wen_dataset_get_label_name (dataset, label);
      guint index;

      if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, &index))
        {
          map[label] = index;
        }
      else
        {
          map[label] = names->len;
          if (wen_dataset_count_label (dataset, label, split) > 0)
            g_ptr_array_add (names, g_strdup (name));
        }
    }
  return map;
}

/* What the training record says; else the commonest label of these rows. */
static guint
find_majority_label (WenClassifier         *classifier,
                     GPtrArray             *names,
                     const WenEvaluatedRow *rows,
                     gsize                  n_rows)
{
  const char *record = wen_classifier_get_training_record (classifier);
  g_autoptr (JsonNode) node = wen_json_parse (record, strlen (record), NULL);
  JsonObject *object = wen_json_get_object (node);
  const char *name = object != NULL ? wen_json_get_string_member (object, "majority_label") : NULL;
  g_autofree guint64 *counts = g_new0 (guint64, names->len);
  guint majority = 0;

  if (name != NULL && g_ptr_array_find_with_equal_func (names, name, g_str_equal, &majority))
    return majority;

  majority = 0;
  for (gsize i = 0; i < n_rows; i++)
    counts[rows[i].label]++;
  for (guint label = 1; label < names->len; label++)
    if (counts[label] > counts[majority])
      majority = label;
  return majority;
}

/* Predicts rows[0 … n_rows - 1], whose label is set already. */
static gboolean
predict_rows (WenClassifier   *classifier,
              WenDataset      *dataset,
              const gsize     *dataset_rows,
              WenEvaluatedRow *rows,
              gsize            n_rows,
              GCancellable    *cancellable,
              GError         **error)
{
  guint n_labels = wen_classifier_get_n_labels (classifier);
  g_autofree const char **texts = g_new (const char *, MAX (1, n_rows));
  g_autofree float *probabilities = g_new (float, MAX (1, n_rows * n_labels));

  for (gsize i = 0; i < n_rows; i++)
    texts[i] = wen_dataset_get_text (dataset, dataset_rows[i]);
  if (!wen_classifier_predict_texts (classifier, texts, n_rows, probabilities, NULL, cancellable, error))
    return FALSE;

  for (gsize i = 0; i < n_rows; i++)
    {
      const float *row = probabilities + i * n_labels;

      rows[i].predicted = wen_find_largest (row, n_labels);
      rows[i].probability = row[rows[i].predicted];
      rows[i].label_probability = rows[i].label < n_labels ? row[rows[i].label] : -1;
    }
  return TRUE;
}

/**
 * wen_evaluation_new:
 * @classifier: a classifier
 * @dataset: labelled rows
 * @split: which of them
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Runs a classifier over the rows of one split.  Blocks; uses all cores.
 *
 * Labels that training never saw are added after the classifier's, and their
 * rows count as wrong.  Sets `WEN_EVALUATION_ERROR_NO_ROWS` or
 * `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): an evaluation, or `NULL` with @error set
 */
WenEvaluation *
wen_evaluation_new (WenClassifier  *classifier,
                    WenDataset     *dataset,
                    WenSplit        split,
                    GCancellable   *cancellable,
                    GError        **error)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autofree guint *map = NULL;
  g_autofree gsize *dataset_rows = NULL;
  g_autofree WenEvaluatedRow *rows = NULL;
  gsize n_split_rows;
  gsize n_rows = 0;
  guint majority_label;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (classifier), NULL);
  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);

  n_split_rows = wen_dataset_count_split (dataset, split);
  if (n_split_rows == 0)
    {
      g_set_error_literal (error, WEN_EVALUATION_ERROR, WEN_EVALUATION_ERROR_NO_ROWS,
                           _ ("There are no rows with a text and a label to measure on."));
      return NULL;
    }

  names = g_ptr_array_new_with_free_func (g_free);
  for (guint label = 0; label < wen_classifier_get_n_labels (classifier); label++)
    g_ptr_array_add (names, g_strdup (wen_classifier_get_label (classifier, label)));
  map = map_labels (names, dataset, split);

  dataset_rows = g_new (gsize, n_split_rows);
  rows = g_new0 (WenEvaluatedRow, n_split_rows);
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    if (wen_dataset_get_split (dataset, row) == split)
      {
        dataset_rows[n_rows] = row;
        rows[n_rows].row_id = wen_dataset_get_row_id (dataset, row);
        rows[n_rows].label = map[wen_dataset_get_label (dataset, row)];
        n_rows++;
      }

  for (gsize first = 0; first < n_rows; first += BLOCK_ROWS)
    if (!predict_rows (classifier, dataset, dataset_rows + first, rows + first,
                       MIN (BLOCK_ROWS, n_rows - first), cancellable, error))
      return NULL;

  majority_label = find_majority_label (classifier, names, rows, n_rows);
  return evaluation_new_take (g_steal_pointer (&names), majority_label, g_steal_pointer (&rows), n_rows);
}

/**
 * wen_evaluation_get_n_rows:
 * @self: an evaluation
 *
 * Counts the rows that were measured.
 *
 * Returns: how many
 */
gsize
wen_evaluation_get_n_rows (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return self->n_rows;
}

/**
 * wen_evaluation_get_rows:
 * @self: an evaluation
 * @n_rows: (out): length of the returned array
 *
 * Gets what the classifier said of each row.
 *
 * Returns: (array length=n_rows) (transfer none): the rows, in the dataset's order
 */
const WenEvaluatedRow *
wen_evaluation_get_rows (WenEvaluation *self,
                         gsize         *n_rows)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), NULL);

  *n_rows = self->n_rows;
  return self->rows;
}

/**
 * wen_evaluation_get_n_labels:
 * @self: an evaluation
 *
 * Counts the labels, those that training never saw among them.
 *
 * Returns: how many
 */
guint
wen_evaluation_get_n_labels (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return self->labels->len;
}

/**
 * wen_evaluation_get_label:
 * @self: an evaluation
 * @label: index of a label
 *
 * Gets the name of a label.
 *
 * Returns: (transfer none): the name
 */
const char *
wen_evaluation_get_label (WenEvaluation *self,
                          guint          label)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), NULL);
  g_return_val_if_fail (label < self->labels->len, NULL);

  return g_ptr_array_index (self->labels, label);
}

/**
 * wen_evaluation_get_loss:
 * @self: an evaluation
 *
 * Gets the mean cross-entropy.
 *
 * Rows whose label training never saw have no probability for it and are left
 * out here; everywhere else they count as wrong.
 *
 * Returns: in nats, from 0; not a number where no row has a known label
 */
double
wen_evaluation_get_loss (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return self->loss;
}

/**
 * wen_evaluation_get_accuracy:
 * @self: an evaluation
 *
 * Gets the share of rows that were given their label.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_accuracy (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_share (self->n_correct, self->n_rows);
}

/**
 * wen_evaluation_get_n_correct:
 * @self: an evaluation
 *
 * Counts the rows that were given their label.
 *
 * Returns: how many
 */
guint64
wen_evaluation_get_n_correct (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return self->n_correct;
}

/**
 * wen_evaluation_get_majority_label:
 * @self: an evaluation
 *
 * Gets the commonest label of the training rows, which is what someone would
 * guess who never reads the text.
 *
 * Returns: index of the label
 */
guint
wen_evaluation_get_majority_label (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return self->majority_label;
}

/**
 * wen_evaluation_get_majority_accuracy:
 * @self: an evaluation
 *
 * Gets the accuracy of always guessing the commonest label.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_majority_accuracy (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_share (self->figures[self->majority_label].n_rows, self->n_rows);
}

/**
 * wen_evaluation_get_label_figures:
 * @self: an evaluation
 * @label: index of a label
 * @figures: (out caller-allocates): its figures
 *
 * Gets precision, recall, F1 and counts of one label.
 */
void
wen_evaluation_get_label_figures (WenEvaluation   *self,
                                  guint            label,
                                  WenLabelFigures *figures)
{
  g_return_if_fail (WEN_IS_EVALUATION (self));
  g_return_if_fail (label < self->labels->len);

  *figures = self->figures[label];
}

typedef enum
{
  MEAN_PRECISION,
  MEAN_RECALL,
  MEAN_F1,
} MeanKind;

static double
get_mean (WenEvaluation *self,
          MeanKind       kind,
          gboolean       weighted)
{
  double sum = 0;
  double sum_of_weights = 0;

  for (guint label = 0; label < self->labels->len; label++)
    {
      const WenLabelFigures *figures = &self->figures[label];
      const double values[] = { figures->precision, figures->recall, figures->f1 };
      double weight = weighted ? (double) figures->n_rows
                               : (double) (figures->n_rows + figures->n_predicted > 0);

      sum += weight * values[kind];
      sum_of_weights += weight;
    }
  return sum_of_weights > 0 ? sum / sum_of_weights : 0;
}

/**
 * wen_evaluation_get_macro_precision:
 * @self: an evaluation
 *
 * Gets the mean precision of the labels, each counting the same.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_macro_precision (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_mean (self, MEAN_PRECISION, FALSE);
}

/**
 * wen_evaluation_get_macro_recall:
 * @self: an evaluation
 *
 * Gets the mean recall of the labels, each counting the same.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_macro_recall (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_mean (self, MEAN_RECALL, FALSE);
}

/**
 * wen_evaluation_get_macro_f1:
 * @self: an evaluation
 *
 * Gets the mean F1 of the labels, each counting the same.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_macro_f1 (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_mean (self, MEAN_F1, FALSE);
}

/**
 * wen_evaluation_get_weighted_precision:
 * @self: an evaluation
 *
 * Gets the mean precision of the labels, each counting by its rows.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_weighted_precision (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_mean (self, MEAN_PRECISION, TRUE);
}

/**
 * wen_evaluation_get_weighted_recall:
 * @self: an evaluation
 *
 * Gets the mean recall of the labels, each counting by its rows, which is the
 * accuracy.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_weighted_recall (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_mean (self, MEAN_RECALL, TRUE);
}

/**
 * wen_evaluation_get_weighted_f1:
 * @self: an evaluation
 *
 * Gets the mean F1 of the labels, each counting by its rows.
 *
 * Returns: from 0 to 1
 */
double
wen_evaluation_get_weighted_f1 (WenEvaluation *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);

  return get_mean (self, MEAN_F1, TRUE);
}

/**
 * wen_evaluation_get_confusion:
 * @self: an evaluation
 * @label: index of the true label
 * @predicted: index of the predicted label
 *
 * Counts the rows with one label for which another, or the same, was predicted.
 *
 * Returns: how many
 */
guint64
wen_evaluation_get_confusion (WenEvaluation *self,
                              guint          label,
                              guint          predicted)
{
  const Confusion wanted = { .label = label, .predicted = predicted };
  guint index;

  g_return_val_if_fail (WEN_IS_EVALUATION (self), 0);
  g_return_val_if_fail (label < self->labels->len && predicted < self->labels->len, 0);

  if (!g_array_binary_search (self->confusions, &wanted, compare_confusions, &index))
    return 0;
  return g_array_index (self->confusions, Confusion, index).n_rows;
}
