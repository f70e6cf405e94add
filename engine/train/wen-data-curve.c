/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether more data would help: how good classifiers become that learn from a tenth, a
 * quarter, a half and all of the rows.
 *
 * DESIGN: the rows of a smaller part are among those of a larger one, each label has its
 * share of every part, and copies of a text stay together.  Everything is done several
 * times, with other parts and another seed.  What is measured on is always the same
 * (wen-holdout.c).  Figures and intervals: wen-data-curve-estimate.c. */

#include "config.h"

#include "wen-data-curve.h"

#include "wen-data-curve-private.h"
#include "wen-holdout-private.h"
#include "wen-i18n-private.h"

/* A twentieth of the rows is the smallest step. */
#define N_PARTS 20
#define MOST_POINTS 4
/* Fewer rows of the second label, in a part, teach nothing. */
#define LEAST_LABEL_ROWS 10

static const guint parts_of_points[MOST_POINTS] = { 2, 5, 10, N_PARTS };

struct _WenDataCurve
{
  GObject      parent_instance;

  GPtrArray   *labels;        /* of strings */
  guint        n_repeats;
  guint        n_folds;
  gsize        n_measured;
  guint        n_points;
  guint        n_parts[MOST_POINTS];
  double       n_rows[MOST_POINTS];
  double      *n_label_rows;  /* [n_points][n_labels] */
  WenEstimate *estimates;     /* as wen-data-curve-private.h says */
};

G_DEFINE_FINAL_TYPE (WenDataCurve, wen_data_curve, G_TYPE_OBJECT)

static void
wen_data_curve_finalize (GObject *object)
{
  WenDataCurve *self = WEN_DATA_CURVE (object);

  g_ptr_array_unref (self->labels);
  g_free (self->n_label_rows);
  g_free (self->estimates);

  G_OBJECT_CLASS (wen_data_curve_parent_class)->finalize (object);
}

static void
wen_data_curve_class_init (WenDataCurveClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_data_curve_finalize;
}

static void
wen_data_curve_init (WenDataCurve *self)
{
  self->labels = g_ptr_array_new_with_free_func (g_free);
}

/* A curve on its way. */
typedef struct
{
  WenDataCurve    *curve;
  WenHoldout      *holdout;
  const WenRecipe *recipe;
  GArray          *measured;   /* of gsize: rows of the pool */
  guint           *all;        /* [rows of the pool]: label that each was given */
  guint           *predicted;  /* [n_points][n_repeats][n_measured] */
  WenProgressFunc  progress;
  gpointer         user_data;
  GCancellable    *cancellable;
  double           done;       /* parts of all rows that were learned from */
  double           doing;
  double           to_do;
} Job;

static void
job_clear (Job *self)
{
  g_clear_pointer (&self->holdout, wen_holdout_free);
  g_clear_pointer (&self->measured, g_array_unref);
  g_clear_pointer (&self->all, g_free);
  g_clear_pointer (&self->predicted, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static void
follow_training (double   fraction,
                 gpointer user_data)
{
  Job *self = user_data;

  if (self->progress != NULL)
    self->progress ((self->done + self->doing * fraction) / self->to_do, self->user_data);
}

/* Adds the training rows of each label in some parts. */
static void
count_labels (WenHoldout   *holdout,
              const guint8 *parts,
              guint         n_parts,
              double       *n_rows)
{
  for (gsize row = 0; row < wen_dataset_get_n_rows (holdout->pool); row++)
    if (parts[row] < n_parts)
      n_rows[wen_dataset_get_label (holdout->pool, row)]++;
}

static gboolean
has_enough_labels (Job          *self,
                   const guint8 *parts,
                   guint         n_parts)
{
  guint n_labels = wen_dataset_get_n_labels (self->holdout->pool);
  g_autofree double *n_rows = g_new0 (double, MAX (1, n_labels));
  guint n_enough = 0;

  count_labels (self->holdout, parts, n_parts, n_rows);
  for (guint label = 0; label < n_labels; label++)
    n_enough += n_rows[label] >= LEAST_LABEL_ROWS;
  return n_enough >= 2;
}

/* Which parts there are to learn from.  FALSE where there are too few for a curve. */
static gboolean
choose_points (Job     *self,
               GError **error)
{
  g_autofree guint8 *parts = wen_holdout_make_parts (self->holdout, self->recipe->seed, N_PARTS, self->cancellable,
                                                     error);

  if (parts == NULL)
    return FALSE;
  for (guint i = 0; i < MOST_POINTS; i++)
    if (has_enough_labels (self, parts, parts_of_points[i]))
      {
        self->curve->n_parts[self->curve->n_points++] = parts_of_points[i];
        self->to_do += self->curve->n_repeats * parts_of_points[i];
      }
  if (self->curve->n_points >= 2)
    return TRUE;
  g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS,
               _ ("There are too few rows to see what more would bring: half of them should have %d rows of two "
                  "labels at least."),
               LEAST_LABEL_ROWS);
  return FALSE;
}

static void
list_measured (Job *self)
{
  WenDataset *pool = self->holdout->pool;

  self->measured = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (gsize row = 0; row < wen_dataset_get_n_rows (pool); row++)
    if (self->holdout->n_folds > 0 || wen_dataset_get_split (pool, row) == WEN_SPLIT_VALIDATION)
      g_array_append_val (self->measured, row);
}

/* Learns from some parts, and keeps what is predicted then. */
static gboolean
measure_point (Job           *self,
               const guint8  *parts,
               guint          point,
               guint          repeat,
               GError       **error)
{
  WenDataCurve *curve = self->curve;
  guint n_labels = curve->labels->len;
  g_autoptr (WenRecipe) recipe = wen_recipe_copy (self->recipe);
  g_autofree double *n_label_rows = g_new0 (double, n_labels);
  guint *predicted = self->predicted + ((gsize) point * curve->n_repeats + repeat) * self->measured->len;
  WenHoldoutSummary summary;
  WenHoldoutRun run = {
    .recipe = recipe,
    .parts = curve->n_parts[point] < N_PARTS ? parts : NULL,
    .n_parts = curve->n_parts[point],
    .progress = follow_training,
    .user_data = self,
    .cancellable = self->cancellable,
  };
  double n_rows = 0;

  recipe->seed += repeat;
  self->doing = curve->n_parts[point];
  if (!wen_holdout_measure (self->holdout, &run, self->all, &summary, error))
    return FALSE;
  self->done += self->doing;
  for (guint i = 0; i < self->measured->len; i++)
    predicted[i] = self->all[g_array_index (self->measured, gsize, i)];

  curve->n_rows[point] += (double) summary.n_rows / curve->n_repeats;
  count_labels (self->holdout, parts, curve->n_parts[point], n_label_rows);
  for (guint label = 0; label < n_labels; label++)
    n_rows += n_label_rows[label];
  /* Of the rows of the parts, folds and stopping take some away. */
  for (guint label = 0; label < n_labels; label++)
    curve->n_label_rows[point * n_labels + label] +=
      n_label_rows[label] * (double) summary.n_rows / n_rows / curve->n_repeats;
  return TRUE;
}

static void
estimate (Job *self)
{
  WenDataCurve *curve = self->curve;
  g_autofree guint *labels = g_new (guint, self->measured->len);

  for (guint i = 0; i < self->measured->len; i++)
    labels[i] = wen_dataset_get_label (self->holdout->pool, g_array_index (self->measured, gsize, i));
  curve->estimates = wen_data_curve_estimate (&(WenDataCurvePredictions) {
    .n_points = curve->n_points,
    .n_repeats = curve->n_repeats,
    .n_labels = curve->labels->len,
    .n_measured = self->measured->len,
    .n_rows = curve->n_rows,
    .labels = labels,
    .predicted = self->predicted,
    .seed = self->recipe->seed,
  });
}

/* Everything that is known before the first training. */
static gboolean
prepare (Job         *self,
         WenDataset  *dataset,
         GError     **error)
{
  WenDataCurve *curve = self->curve;

  if (!wen_recipe_validate (self->recipe, error))
    return FALSE;
  self->holdout = wen_holdout_new (dataset, self->recipe->seed, self->cancellable, error);
  if (self->holdout == NULL || !choose_points (self, error))
    return FALSE;
  list_measured (self);
  curve->n_folds = self->holdout->n_folds;
  curve->n_measured = self->measured->len;
  for (guint label = 0; label < wen_dataset_get_n_labels (self->holdout->pool); label++)
    g_ptr_array_add (curve->labels, g_strdup (wen_dataset_get_label_name (self->holdout->pool, label)));
  curve->n_label_rows = g_new0 (double, curve->n_points * curve->labels->len);
  self->all = g_new (guint, wen_dataset_get_n_rows (self->holdout->pool));
  self->predicted = g_new (guint, (gsize) curve->n_points * curve->n_repeats * self->measured->len);
  return TRUE;
}

/**
 * wen_data_curve_run:
 * @dataset: rows with their splits; must not change meanwhile
 * @recipe: how to train
 * @n_repeats: how many times each part is learned from, from 1 to 20; 3 is usual
 * @progress: (scope call) (nullable): called some twenty times a second
 * @user_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Trains with 10, 25, 50 and 100 % of the training rows, and measures what that brings.
 *
 * Parts that have less than ten rows of two labels are left out.  The measure is the
 * validation split; where that has less than 400 rows, training and validation rows are cut
 * into five folds, and each is predicted by a classifier that learned without its fold.
 * The test split is never touched.  Intervals are of 95 %, by the bootstrap over measured
 * rows and repeats.
 *
 * The same seed and rows give the same result.  Blocks; any thread may call it.  Sets
 * `WEN_TRAINER_ERROR_TOO_FEW_ROWS` where fewer than two parts are left, the errors of
 * wen_trainer_run(), or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the curve, or `NULL` with @error set
 */
WenDataCurve *
wen_data_curve_run (WenDataset       *dataset,
                    const WenRecipe  *recipe,
                    guint             n_repeats,
                    WenProgressFunc   progress,
                    gpointer          user_data,
                    GCancellable     *cancellable,
                    GError          **error)
{
  g_autoptr (WenDataCurve) self = NULL;
  g_auto (Job) job = { 0 };

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (recipe != NULL, NULL);
  g_return_val_if_fail (n_repeats >= 1 && n_repeats <= 20, NULL);

  self = g_object_new (WEN_TYPE_DATA_CURVE, NULL);
  self->n_repeats = n_repeats;
  job.curve = self;
  job.recipe = recipe;
  job.progress = progress;
  job.user_data = user_data;
  job.cancellable = cancellable;
  if (!prepare (&job, dataset, error))
    return NULL;
  for (guint repeat = 0; repeat < n_repeats; repeat++)
    {
      g_autofree guint8 *parts = wen_holdout_make_parts (job.holdout, recipe->seed + repeat, N_PARTS, cancellable,
                                                         error);

      if (parts == NULL)
        return NULL;
      for (guint point = 0; point < self->n_points; point++)
        if (!measure_point (&job, parts, point, repeat, error))
          return NULL;
    }
  estimate (&job);
  return g_steal_pointer (&self);
}

/**
 * wen_data_curve_get_n_points:
 * @self: a curve
 *
 * Gets how many parts of the rows were learned from.
 *
 * Returns: from 2 to 4
 */
guint
wen_data_curve_get_n_points (WenDataCurve *self)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE (self), 0);

  return self->n_points;
}

/**
 * wen_data_curve_get_point:
 * @self: a curve
 * @index: which point, from 0, fewest rows first
 * @point: (out caller-allocates): how good it is
 *
 * Says how good classifiers are that learned from a part of the rows.
 */
void
wen_data_curve_get_point (WenDataCurve      *self,
                          guint              index,
                          WenDataCurvePoint *point)
{
  const WenEstimate *estimates;

  g_return_if_fail (WEN_IS_DATA_CURVE (self));
  g_return_if_fail (index < self->n_points);
  g_return_if_fail (point != NULL);

  estimates = self->estimates + wen_data_curve_index_point (self->n_points, index);
  *point = (WenDataCurvePoint) {
    .share = (double) self->n_parts[index] / N_PARTS,
    .n_rows = (guint64) (self->n_rows[index] + 0.5),
    .accuracy = estimates[0],
    .macro_f1 = estimates[1],
  };
}

/**
 * wen_data_curve_get_n_labels:
 * @self: a curve
 *
 * Gets how many labels the rows have.
 *
 * Returns: how many
 */
guint
wen_data_curve_get_n_labels (WenDataCurve *self)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE (self), 0);

  return self->labels->len;
}

/**
 * wen_data_curve_get_label:
 * @self: a curve
 * @label: which, from 0
 *
 * Gets the name of a label.
 *
 * Returns: (transfer none): the name
 */
const char *
wen_data_curve_get_label (WenDataCurve *self,
                          guint         label)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE (self), NULL);
  g_return_val_if_fail (label < self->labels->len, NULL);

  return g_ptr_array_index (self->labels, label);
}

/**
 * wen_data_curve_get_label_point:
 * @self: a curve
 * @label: which label, from 0
 * @index: which point, from 0, fewest rows first
 * @point: (out caller-allocates): how good it is
 *
 * Says how good classifiers that learned from a part of the rows are at one label.
 */
void
wen_data_curve_get_label_point (WenDataCurve           *self,
                                guint                   label,
                                guint                   index,
                                WenDataCurveLabelPoint *point)
{
  const WenEstimate *estimates;

  g_return_if_fail (WEN_IS_DATA_CURVE (self));
  g_return_if_fail (label < self->labels->len && index < self->n_points);
  g_return_if_fail (point != NULL);

  estimates = self->estimates + wen_data_curve_index_label (self->n_points, label, index);
  *point = (WenDataCurveLabelPoint) {
    .n_rows = (guint64) (self->n_label_rows[index * self->labels->len + label] + 0.5),
    .recall = estimates[0],
    .f1 = estimates[1],
  };
}

static void
describe_gain (WenDataCurve    *self,
               gsize            index,
               double           n_rows,
               WenDataForecast *forecast)
{
  *forecast = (WenDataForecast) {
    .verdict = wen_data_curve_judge (&self->estimates[index]),
    .n_rows = (guint64) (2 * n_rows + 0.5),
    .gain = self->estimates[index],
  };
}

/**
 * wen_data_curve_get_forecast:
 * @self: a curve
 * @forecast: (out caller-allocates): what to expect
 *
 * Says what twice as many training rows would add to the accuracy, if it went on as it did.
 *
 * The error is taken to fall as a power of the rows, by the last three points.
 *
 * Source: Hestness et al. 2017, "Deep learning scaling is predictable, empirically".
 */
void
wen_data_curve_get_forecast (WenDataCurve    *self,
                             WenDataForecast *forecast)
{
  g_return_if_fail (WEN_IS_DATA_CURVE (self));
  g_return_if_fail (forecast != NULL);

  describe_gain (self, wen_data_curve_index_gain (self->n_points), self->n_rows[self->n_points - 1], forecast);
}

/**
 * wen_data_curve_get_label_forecast:
 * @self: a curve
 * @label: which label, from 0
 * @forecast: (out caller-allocates): what to expect
 *
 * Says what twice as many training rows, of all labels, would add to the F1 of one label.
 * Its number of rows is that of the label.
 */
void
wen_data_curve_get_label_forecast (WenDataCurve    *self,
                                   guint            label,
                                   WenDataForecast *forecast)
{
  g_return_if_fail (WEN_IS_DATA_CURVE (self));
  g_return_if_fail (label < self->labels->len);
  g_return_if_fail (forecast != NULL);

  describe_gain (self, wen_data_curve_index_label_gain (self->n_points, label),
                 self->n_label_rows[(self->n_points - 1) * self->labels->len + label], forecast);
}

/**
 * wen_data_curve_get_n_measured:
 * @self: a curve
 *
 * Gets on how many rows classifiers were measured.
 *
 * Returns: how many
 */
guint64
wen_data_curve_get_n_measured (WenDataCurve *self)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE (self), 0);

  return self->n_measured;
}

/**
 * wen_data_curve_get_n_folds:
 * @self: a curve
 *
 * Gets into how many folds the rows were cut to measure on.
 *
 * Returns: how many; 0: it was measured on the validation split
 */
guint
wen_data_curve_get_n_folds (WenDataCurve *self)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE (self), 0);

  return self->n_folds;
}

/**
 * wen_data_curve_get_n_repeats:
 * @self: a curve
 *
 * Gets how many times each part of the rows was learned from.
 *
 * Returns: how many
 */
guint
wen_data_curve_get_n_repeats (WenDataCurve *self)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE (self), 0);

  return self->n_repeats;
}
