/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The points of a run as two curves, training and validation, or as the one of
 * pre-training, ready to be drawn. */

#include "config.h"

#include "wen-learning-curves.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  CURVE_TRAINING,
  CURVE_VALIDATION,
  N_CURVES,
} Curve;

struct _WenLearningCurves
{
  WenCurveKind  kind;

  GArray       *x[N_CURVES];       /* of double: epochs */
  GArray       *y[N_CURVES];       /* of double */
  WenPlotSeries series[N_CURVES];  /* points into the arrays */
  double        n_epochs;       /* of an ensemble: classifiers */
  gboolean      is_ensemble;
  double        best_epoch;        /* not a number before the end */
  double        hover_x;
};

WenLearningCurves *
wen_learning_curves_new (WenCurveKind kind)
{
  WenLearningCurves *self = g_new0 (WenLearningCurves, 1);

  self->kind = kind;
  self->best_epoch = self->hover_x = NAN;
  for (gsize i = 0; i < N_CURVES; i++)
    {
      self->x[i] = g_array_new (FALSE, FALSE, sizeof (double));
      self->y[i] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  wen_learning_curves_set_run (self, NULL);
  return self;
}

void
wen_learning_curves_free (WenLearningCurves *self)
{
  for (gsize i = 0; i < N_CURVES; i++)
    {
      g_array_unref (self->x[i]);
      g_array_unref (self->y[i]);
    }
  g_free (self);
}

static void
add_point (WenLearningCurves   *self,
           const WenCurvePoint *point)
{
  Curve curve = point->split == WEN_SPLIT_VALIDATION ? CURVE_VALIDATION : CURVE_TRAINING;
  double value = self->kind == WEN_CURVE_ACCURACY ? point->accuracy : point->loss;

  if (point->is_pretraining != (self->kind == WEN_CURVE_PRETRAINING))
    return;
  g_array_append_val (self->x[curve], point->epoch);
  g_array_append_val (self->y[curve], value);
}

static const char *
get_name (WenLearningCurves *self,
          Curve              curve)
{
  if (self->kind == WEN_CURVE_PRETRAINING)
    return _("Pre-training");
  return curve == CURVE_TRAINING ? _("Training") : _("Validation");
}

static const char *
get_title (const WenLearningCurves *self)
{
  switch (self->kind)
    {
    case WEN_CURVE_LOSS:
      return _("Loss: how wrong, less is better");
    case WEN_CURVE_ACCURACY:
      return _("Accuracy: share of right answers, more is better");
    case WEN_CURVE_PRETRAINING:
    default:
      return _("Pre-training: how wrong hidden tokens are guessed, less is better");
    }
}

/* Of an ensemble: how many are to be trained, or were. */
static guint
count_classifiers (WenRun *run)
{
  const WenTrainingSummary *summary = wen_run_get_summary (run);
  WenTrainingProgress progress;

  if (summary)
    return MAX (1, summary->n_epochs);
  wen_run_get_progress (run, &progress);
  return MAX (1, progress.n_epochs);
}

/* Takes over the points that the run has now; run may be NULL. */
void
wen_learning_curves_set_run (WenLearningCurves *self,
                             WenRun            *run)
{
  const WenTrainingSummary *summary = run ? wen_run_get_summary (run) : NULL;
  const WenCurvePoint *points = NULL;
  gsize n_points = 0;

  if (run)
    points = wen_run_get_curve (run, &n_points);
  for (gsize i = 0; i < N_CURVES; i++)
    {
      g_array_set_size (self->x[i], 0);
      g_array_set_size (self->y[i], 0);
    }
  for (gsize i = 0; i < n_points; i++)
    add_point (self, &points[i]);
  for (gsize i = 0; i < N_CURVES; i++)
    self->series[i] = (WenPlotSeries) {
      .name = get_name (self, i),
      .x = (const double *) (const void *) self->x[i]->data,
      .y = (const double *) (const void *) self->y[i]->data,
      .n_points = self->x[i]->len,
      .color = (guint) i,
      .is_noisy = i == CURVE_TRAINING,
      .has_dots = i == CURVE_VALIDATION,
    };

  self->n_epochs = 1;
  self->best_epoch = NAN;
  self->is_ensemble = run && g_str_equal (wen_run_get_recipe (run)->family, "ensemble");
  if (self->is_ensemble)
    {
      self->n_epochs = count_classifiers (run);
      return;
    }
  if (run && self->kind == WEN_CURVE_PRETRAINING)
    self->n_epochs = wen_run_get_recipe (run)->pretraining_epochs;
  else if (run)
    self->n_epochs = wen_run_get_recipe (run)->n_epochs;
  if (summary && summary->best_epoch > 0 && self->kind != WEN_CURVE_PRETRAINING)
    self->best_epoch = summary->best_epoch;
}

/* x: an epoch, or not a number for none. */
void
wen_learning_curves_set_hover (WenLearningCurves *self,
                               double             x)
{
  self->hover_x = x;
}

void
wen_learning_curves_get_plot (const WenLearningCurves *self,
                              WenPlotCurves           *plot)
{
  *plot = (WenPlotCurves) {
    .title = get_title (self),
    .x_title = self->is_ensemble ? _("Classifier") : _("Epoch"),
    .series = self->series,
    .n_series = self->kind == WEN_CURVE_PRETRAINING ? 1 : N_CURVES,
    .x_maximum = self->n_epochs,
    .is_share = self->kind == WEN_CURVE_ACCURACY,
    .mark_x = self->best_epoch,
    .mark_name = _("best"),
    .hover_x = self->hover_x,
  };
}

gboolean
wen_learning_curves_is_of_ensemble (const WenLearningCurves *self)
{
  return self->is_ensemble;
}

gboolean
wen_learning_curves_is_empty (const WenLearningCurves *self)
{
  return self->y[CURVE_TRAINING]->len == 0;
}

/* The newest values in words. */
char *
wen_learning_curves_describe (const WenLearningCurves *self)
{
  double scale = self->kind == WEN_CURVE_LOSS ? 1 : 100;
  double newest[N_CURVES];

  if (self->kind == WEN_CURVE_PRETRAINING)
    {
      const GArray *losses = self->y[CURVE_TRAINING];

      /* Translators: a number, such as 4.321 */
      return g_strdup_printf (_("Curve of pre-training. Loss %.3f."),
                              losses->len > 0 ? g_array_index (losses, double, losses->len - 1) : NAN);
    }
  for (gsize i = 0; i < N_CURVES; i++)
    {
      if (self->y[i]->len == 0)
        return g_strdup (self->kind == WEN_CURVE_LOSS ? _("Loss curves, still empty.")
                                                      : _("Accuracy curves, still empty."));
      newest[i] = scale * g_array_index (self->y[i], double, self->y[i]->len - 1);
    }
  if (self->kind == WEN_CURVE_LOSS)
    /* Translators: two numbers, such as 0.345 */
    return g_strdup_printf (_("Loss curves. Training %.3f, validation %.3f."), newest[CURVE_TRAINING],
                            newest[CURVE_VALIDATION]);
  /* Translators: two numbers in per cent */
  return g_strdup_printf (_("Accuracy curves. Training %.1f %%, validation %.1f %%."), newest[CURVE_TRAINING],
                          newest[CURVE_VALIDATION]);
}
