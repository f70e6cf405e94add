/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows held out from training, to measure classifiers on that learned from others.
 *
 * DESIGN: where the validation split has enough rows, classifiers are measured there.
 * A few hundred rows would tell settings apart by chance: then training and validation
 * rows together are cut into folds, and each row is predicted by a classifier that
 * learned without its fold.  Rows of the test split are not even copied. */

#include "config.h"

#include "wen-holdout-private.h"

#include <string.h>

#include "wen-probabilities-private.h"
#include "wen-random-private.h"

/* Stream of the random numbers that order parts. */
#define PART_STREAM (G_GUINT64_CONSTANT (7) << 44)

/* With so many rows an accuracy of 0.9 is known to about 0.015. */
#define LEAST_VALIDATION_ROWS 400
#define N_FOLDS 5

void
wen_holdout_free (WenHoldout *self)
{
  g_clear_object (&self->pool);
  g_free (self->folds);
  g_free (self);
}

static void
append_row (WenDataset *to,
            WenDataset *from,
            gsize       row,
            WenSplit    split)
{
  wen_dataset_append (to, wen_dataset_get_row_id (from, row), wen_dataset_get_text (from, row),
                      wen_dataset_get_label_name (from, wen_dataset_get_label (from, row)), split);
}

/* Training and validation rows of a dataset that is split; seed decides the folds where
 * there are any.  NULL when cancelled. */
WenHoldout *
wen_holdout_new (WenDataset    *dataset,
                 guint64        seed,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr (WenHoldout) self = g_new0 (WenHoldout, 1);
  gsize n_validation = wen_dataset_count_split (dataset, WEN_SPLIT_VALIDATION);
  gboolean uses_folds = n_validation < LEAST_VALIDATION_ROWS;

  self->pool = wen_dataset_new ();
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      WenSplit split = wen_dataset_get_split (dataset, row);

      if (split == WEN_SPLIT_TRAIN || split == WEN_SPLIT_VALIDATION)
        append_row (self->pool, dataset, row, uses_folds ? WEN_SPLIT_TRAIN : split);
    }
  self->n_measured = uses_folds ? wen_dataset_get_n_rows (self->pool) : n_validation;
  if (uses_folds)
    {
      self->n_folds = N_FOLDS;
      self->folds = wen_dataset_make_folds (self->pool, seed, N_FOLDS, cancellable, error);
      if (self->folds == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

/* Parts of the training rows, each with all labels and with copies together.  The rows of
 * fewer parts are among those of more. (transfer full) (nullable) */
guint8 *
wen_holdout_make_parts (WenHoldout    *self,
                        guint64        seed,
                        guint          n_parts,
                        GCancellable  *cancellable,
                        GError       **error)
{
  guint8 *parts = wen_dataset_make_folds (self->pool, seed, n_parts, cancellable, error);
  g_autofree guint32 *order = g_new (guint32, n_parts);

  if (parts == NULL)
    return NULL;
  /* Labels with fewer rows than there are parts fill the folds one after the other, the
   * same labels always the first folds. */
  for (guint i = 0; i < n_parts; i++)
    order[i] = i;
  wen_random_shuffle (order, n_parts, seed, PART_STREAM);
  for (gsize row = 0; row < wen_dataset_get_n_rows (self->pool); row++)
    if (parts[row] != WEN_NO_FOLD)
      parts[row] = (guint8) order[parts[row]];
  return parts;
}

static gboolean
is_in_parts (const guint8 *parts,
             guint         n_parts,
             gsize         row)
{
  return parts == NULL || parts[row] < n_parts;
}

WenDataset *
wen_holdout_leave_fold_out (WenDataset       *dataset,
                            const guint8     *folds,
                            guint             fold,
                            const guint8     *parts,
                            guint             n_parts,
                            const WenRecipe  *recipe,
                            GCancellable     *cancellable,
                            GError          **error)
{
  g_autoptr (WenDataset) others = wen_dataset_new ();

  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    if (folds[row] != fold && folds[row] != WEN_NO_FOLD && is_in_parts (parts, n_parts, row))
      append_row (others, dataset, row, WEN_SPLIT_TRAIN);
  if (!wen_dataset_split (others, recipe->seed, 0, recipe->validation_share, cancellable, error))
    return NULL;
  return g_steal_pointer (&others);
}

/* The training rows of some parts, and all validation rows. */
static WenDataset *
take_parts (WenDataset   *dataset,
            const guint8 *parts,
            guint         n_parts)
{
  g_autoptr (WenDataset) taken = wen_dataset_new ();

  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      WenSplit split = wen_dataset_get_split (dataset, row);

      if (split == WEN_SPLIT_VALIDATION || is_in_parts (parts, n_parts, row))
        append_row (taken, dataset, row, split);
    }
  return g_steal_pointer (&taken);
}

/* By label of the classifier: the label of the dataset. (transfer full) */
static guint *
map_labels (WenDataset    *dataset,
            WenClassifier *classifier)
{
  guint n_labels = wen_classifier_get_n_labels (classifier);
  guint *labels = g_new (guint, n_labels);

  for (guint i = 0; i < n_labels; i++)
    for (guint label = 0; label < wen_dataset_get_n_labels (dataset); label++)
      if (strcmp (wen_classifier_get_label (classifier, i), wen_dataset_get_label_name (dataset, label)) == 0)
        labels[i] = label;
  return labels;
}

/* Probabilities [n_rows][labels of the dataset] of some rows; 0 for labels that the
 * classifier does not know. (transfer full) (nullable) */
float *
wen_holdout_predict (WenClassifier  *classifier,
                     WenDataset     *dataset,
                     const gsize    *rows,
                     gsize           n_rows,
                     GCancellable   *cancellable,
                     GError        **error)
{
  guint n_labels = wen_classifier_get_n_labels (classifier);
  guint n_dataset_labels = wen_dataset_get_n_labels (dataset);
  g_autofree guint *labels = map_labels (dataset, classifier);
  g_autofree const char **texts = g_new (const char *, MAX (1, n_rows));
  g_autofree float *probabilities = g_new (float, MAX (1, n_rows * n_labels));
  float *mapped;

  for (gsize i = 0; i < n_rows; i++)
    texts[i] = wen_dataset_get_text (dataset, rows[i]);
  if (!wen_classifier_predict_texts (classifier, texts, n_rows, probabilities, NULL, cancellable, error))
    return NULL;

  mapped = g_new0 (float, MAX (1, n_rows * n_dataset_labels));
  for (gsize i = 0; i < n_rows; i++)
    for (guint label = 0; label < n_labels; label++)
      mapped[i * n_dataset_labels + labels[label]] = probabilities[i * n_labels + label];
  return mapped;
}

/* One training of a measurement, on its way. */
typedef struct
{
  const WenHoldoutRun *run;
  guint                index;
  guint                n_trainings;
} Training;

static void
follow_training (const WenTrainingProgress *progress,
                 gpointer                   user_data)
{
  Training *training = user_data;

  if (training->run->progress != NULL)
    training->run->progress ((training->index + progress->fraction) / training->n_trainings,
                             training->run->user_data);
}

/* Rows to measure one training on. (element-type gsize) (transfer full) */
static GArray *
list_held_out (WenHoldout *self,
               guint       fold)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize row = 0; row < wen_dataset_get_n_rows (self->pool); row++)
    if (self->folds != NULL ? self->folds[row] == fold
                            : wen_dataset_get_split (self->pool, row) == WEN_SPLIT_VALIDATION)
      g_array_append_val (rows, row);
  return rows;
}

static gboolean
train_and_predict (WenHoldout         *self,
                   Training           *training,
                   guint              *predicted,
                   WenHoldoutSummary  *summary,
                   GError            **error)
{
  const WenHoldoutRun *run = training->run;
  guint n_labels = wen_dataset_get_n_labels (self->pool);
  g_autoptr (GArray) rows = list_held_out (self, training->index);
  g_autoptr (WenDataset) others = NULL;
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autofree float *probabilities = NULL;

  if (self->folds != NULL)
    others = wen_holdout_leave_fold_out (self->pool, self->folds, training->index, run->parts, run->n_parts,
                                         run->recipe, run->cancellable, error);
  else
    others = take_parts (self->pool, run->parts, run->n_parts);
  if (others == NULL)
    return FALSE;
  trainer = wen_trainer_new (others, run->recipe);
  wen_trainer_set_largest (trainer, run->largest);
  wen_trainer_set_functions (trainer, NULL, follow_training, training, NULL);
  classifier = wen_trainer_run (trainer, run->cancellable, error);
  if (classifier == NULL)
    return FALSE;
  probabilities = wen_holdout_predict (classifier, self->pool, (const gsize *) (gpointer) rows->data, rows->len,
                                       run->cancellable, error);
  if (probabilities == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    predicted[g_array_index (rows, gsize, i)] =
      wen_find_largest (probabilities + (gsize) i * n_labels, n_labels);
  summary->n_rows += wen_trainer_get_summary (trainer)->n_train_rows;
  summary->n_parameters = MAX (summary->n_parameters, wen_trainer_get_summary (trainer)->n_parameters);
  return TRUE;
}

/* Trains, and says which label each measured row gets: predicted [rows of the pool],
 * WEN_NO_LABEL for the other rows.  Sets the errors of wen_trainer_run(). */
gboolean
wen_holdout_measure (WenHoldout           *self,
                     const WenHoldoutRun  *run,
                     guint                *predicted,
                     WenHoldoutSummary    *summary,
                     GError              **error)
{
  Training training = { .run = run, .n_trainings = MAX (1, self->n_folds) };

  *summary = (WenHoldoutSummary) { 0 };
  for (gsize row = 0; row < wen_dataset_get_n_rows (self->pool); row++)
    predicted[row] = WEN_NO_LABEL;
  for (; training.index < training.n_trainings; training.index++)
    if (!train_and_predict (self, &training, predicted, summary, error))
      return FALSE;
  summary->n_rows /= training.n_trainings;
  return TRUE;
}
