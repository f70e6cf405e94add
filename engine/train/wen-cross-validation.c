/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cross-validation: every row is predicted once by a classifier that did not learn from
 * it.
 *
 * DESIGN: for each fold a classifier is trained with the others, in the same way as any:
 * its vocabulary, its weights and its stopping know nothing of the fold.  Copies and near
 * copies of a text are in one fold.  The probabilities are kept; what a row gets is the
 * mean over the repeats.
 *
 * Source: Kohavi 1995, "A study of cross-validation and bootstrap for accuracy estimation
 * and model selection". */

#include "config.h"

#include "wen-cross-validation.h"

#include <math.h>

#include "wen-holdout-private.h"
#include "wen-i18n-private.h"
#include "wen-probabilities-private.h"
#include "wen-tally-private.h"

/* Of one classifier on its fold. */
typedef struct
{
  double accuracy;
  double macro_f1;
} Figures;

struct _WenCrossValidation
{
  GObject  parent_instance;

  guint    n_labels;
  gsize    n_rows;
  GArray  *figures;       /* of Figures: of each fold of each repeat */
  guint8  *folds;         /* [n_rows]: of the first repeat */
  float   *probabilities; /* [n_rows][n_labels] */
};

G_DEFINE_FINAL_TYPE (WenCrossValidation, wen_cross_validation, G_TYPE_OBJECT)

static void
wen_cross_validation_finalize (GObject *object)
{
  WenCrossValidation *self = WEN_CROSS_VALIDATION (object);

  g_array_unref (self->figures);
  g_free (self->folds);
  g_free (self->probabilities);

  G_OBJECT_CLASS (wen_cross_validation_parent_class)->finalize (object);
}

static void
wen_cross_validation_class_init (WenCrossValidationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_cross_validation_finalize;
}

static void
wen_cross_validation_init (WenCrossValidation *self)
{
  self->figures = g_array_new (FALSE, FALSE, sizeof (Figures));
}

/* Predicts the rows of the fold; adds a part of the probabilities to theirs. */
static gboolean
predict_fold (WenCrossValidation *self,
              WenDataset         *dataset,
              const guint8       *folds,
              guint               fold,
              guint               n_repeats,
              WenClassifier      *classifier,
              GCancellable       *cancellable,
              GError            **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autofree float *probabilities = NULL;
  g_auto (WenTally) tally = { 0 };
  Figures figures;

  for (gsize row = 0; row < self->n_rows; row++)
    if (folds[row] == fold)
      g_array_append_val (rows, row);
  probabilities = wen_holdout_predict (classifier, dataset, (const gsize *) (gpointer) rows->data, rows->len,
                                       cancellable, error);
  if (probabilities == NULL)
    return FALSE;

  wen_tally_init (&tally, self->n_labels);
  for (guint i = 0; i < rows->len; i++)
    {
      gsize row = g_array_index (rows, gsize, i);
      const float *of_row = probabilities + (gsize) i * self->n_labels;

      for (guint label = 0; label < self->n_labels; label++)
        self->probabilities[row * self->n_labels + label] += of_row[label] / (float) n_repeats;
      wen_tally_add (&tally, wen_dataset_get_label (dataset, row), wen_find_largest (of_row, self->n_labels), 1);
    }
  figures = (Figures) { wen_tally_get_accuracy (&tally), wen_tally_get_macro_f1 (&tally) };
  g_array_append_val (self->figures, figures);
  return TRUE;
}

static gboolean
check_folds (WenDataset *dataset,
             guint       n_folds,
             GError    **error)
{
  for (guint label = 0; label < wen_dataset_get_n_labels (dataset); label++)
    {
      gsize n_rows = wen_dataset_count_label (dataset, label, WEN_SPLIT_TRAIN);

      if (n_rows > 0 && n_rows < n_folds)
        {
          g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS,
                       _ ("The label “%s” has only %zu rows, fewer than the %u folds: use fewer folds, or merge it "
                          "with another label."),
                       wen_dataset_get_label_name (dataset, label), n_rows, n_folds);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * wen_cross_validation_run:
 * @dataset: rows, of which those of the training split take part
 * @recipe: how to train
 * @n_folds: how many parts, from 2 to 100
 * @n_repeats: how many times, each with other parts, from 1 to 100
 * @progress: (scope call) (nullable): called before each fold
 * @user_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Trains as many classifiers as there are folds and repeats, each without one fold, and
 * measures it there.
 *
 * The same seed, rows and number of folds give the same result.  Blocks; any thread may
 * call it.  Sets `WEN_TRAINER_ERROR_TOO_FEW_ROWS` for a label with fewer rows than folds,
 * the errors of wen_trainer_run(), or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the result, or `NULL` with @error set
 */
WenCrossValidation *
wen_cross_validation_run (WenDataset      *dataset,
                          const WenRecipe *recipe,
                          guint            n_folds,
                          guint            n_repeats,
                          WenProgressFunc  progress,
                          gpointer         user_data,
                          GCancellable    *cancellable,
                          GError         **error)
{
  g_autoptr (WenCrossValidation) self = NULL;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (recipe != NULL, NULL);
  g_return_val_if_fail (n_folds >= 2 && n_folds <= 100, NULL);
  g_return_val_if_fail (n_repeats >= 1 && n_repeats <= 100, NULL);

  if (!check_folds (dataset, n_folds, error))
    return NULL;
  self = g_object_new (WEN_TYPE_CROSS_VALIDATION, NULL);
  self->n_rows = wen_dataset_get_n_rows (dataset);
  self->n_labels = wen_dataset_get_n_labels (dataset);
  self->probabilities = g_new0 (float, MAX (1, self->n_rows * self->n_labels));

  for (guint repeat = 0; repeat < n_repeats; repeat++)
    {
      g_autofree guint8 *folds = wen_dataset_make_folds (dataset, recipe->seed + repeat, n_folds, cancellable, error);

      if (folds == NULL)
        return NULL;
      for (guint fold = 0; fold < n_folds; fold++)
        {
          g_autoptr (WenDataset) others = NULL;
          g_autoptr (WenTrainer) trainer = NULL;
          g_autoptr (WenClassifier) classifier = NULL;

          if (progress != NULL)
            progress ((double) (repeat * n_folds + fold) / (n_repeats * n_folds), user_data);
          others = wen_holdout_leave_fold_out (dataset, folds, fold, NULL, 0, recipe, cancellable, error);
          if (others == NULL)
            return NULL;
          trainer = wen_trainer_new (others, recipe);
          classifier = wen_trainer_run (trainer, cancellable, error);
          if (classifier == NULL
              || !predict_fold (self, dataset, folds, fold, n_repeats, classifier, cancellable, error))
            return NULL;
        }
      if (repeat == 0)
        self->folds = g_steal_pointer (&folds);
    }
  return g_steal_pointer (&self);
}

/**
 * wen_cross_validation_get_n_runs:
 * @self: a result
 *
 * Gets how many classifiers were trained and measured.
 *
 * Returns: folds times repeats
 */
guint
wen_cross_validation_get_n_runs (WenCrossValidation *self)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), 0);

  return self->figures->len;
}

/**
 * wen_cross_validation_get_accuracy:
 * @self: a result
 * @run: which classifier, from 0
 *
 * Gets how good one classifier was on its fold.
 *
 * Returns: the share of rows that it got right
 */
double
wen_cross_validation_get_accuracy (WenCrossValidation *self,
                                   guint               run)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), 0);
  g_return_val_if_fail (run < self->figures->len, 0);

  return g_array_index (self->figures, Figures, run).accuracy;
}

/**
 * wen_cross_validation_get_macro_f1:
 * @self: a result
 * @run: which classifier, from 0
 *
 * Gets how good one classifier was on its fold, all labels counting the same.
 *
 * Returns: the mean F1 of the labels that occur there
 */
double
wen_cross_validation_get_macro_f1 (WenCrossValidation *self,
                                   guint               run)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), 0);
  g_return_val_if_fail (run < self->figures->len, 0);

  return g_array_index (self->figures, Figures, run).macro_f1;
}

/* The mean over runs of a double in Figures, and its standard deviation. */
static double
get_mean (WenCrossValidation *self,
          gsize               offset,
          double             *deviation)
{
  double mean = 0;
  double squares = 0;

  for (guint i = 0; i < self->figures->len; i++)
    mean += G_STRUCT_MEMBER (double, &g_array_index (self->figures, Figures, i), offset) / self->figures->len;
  for (guint i = 0; i < self->figures->len; i++)
    {
      double difference = G_STRUCT_MEMBER (double, &g_array_index (self->figures, Figures, i), offset) - mean;

      squares += difference * difference;
    }
  if (deviation != NULL)
    *deviation = sqrt (squares / MAX (1, self->figures->len - 1));
  return mean;
}

/**
 * wen_cross_validation_get_mean:
 * @self: a result
 * @deviation: (out) (optional): the standard deviation between folds
 *
 * Gets how good the classifiers were on average, and how far they were apart.
 *
 * Returns: the mean accuracy
 */
double
wen_cross_validation_get_mean (WenCrossValidation *self,
                               double             *deviation)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), 0);

  return get_mean (self, G_STRUCT_OFFSET (Figures, accuracy), deviation);
}

/**
 * wen_cross_validation_get_mean_macro_f1:
 * @self: a result
 * @deviation: (out) (optional): the standard deviation between folds
 *
 * Gets the mean of wen_cross_validation_get_macro_f1(), and how far the classifiers were
 * apart.
 *
 * Returns: the mean macro F1
 */
double
wen_cross_validation_get_mean_macro_f1 (WenCrossValidation *self,
                                        double             *deviation)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), 0);

  return get_mean (self, G_STRUCT_OFFSET (Figures, macro_f1), deviation);
}

/**
 * wen_cross_validation_get_fold:
 * @self: a result
 * @row: a row of the dataset
 *
 * Gets the fold in which a row was, in the first repeat.
 *
 * Returns: the fold, from 0, or %WEN_NO_FOLD
 */
guint
wen_cross_validation_get_fold (WenCrossValidation *self,
                               gsize               row)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), WEN_NO_FOLD);
  g_return_val_if_fail (row < self->n_rows, WEN_NO_FOLD);

  return self->folds[row];
}

/**
 * wen_cross_validation_get_probability:
 * @self: a result
 * @row: a row of the dataset
 * @label: a label of the dataset
 *
 * Gets how likely classifiers that had not seen the row found a label for it.
 *
 * Returns: the mean over the repeats; 0 for a row that did not take part
 */
double
wen_cross_validation_get_probability (WenCrossValidation *self,
                                      gsize               row,
                                      guint               label)
{
  g_return_val_if_fail (WEN_IS_CROSS_VALIDATION (self), 0);
  g_return_val_if_fail (row < self->n_rows && label < self->n_labels, 0);

  return (double) self->probabilities[row * self->n_labels + label];
}
