/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Figures of a curve over rows, with intervals, from what was predicted.
 *
 * DESIGN: all figures are one vector, computed from the counts of right and wrong
 * predictions.  Its intervals come from the bootstrap: the measured rows are drawn again
 * with replacement, and so are the repeats, the same for all points; from each drawing the
 * vector is computed anew, the gain too, and of its values the middle 95 % are the
 * interval.  So an interval covers both what the measured rows happen to be and what the
 * classifiers happened to learn from, and in a gain what two points share falls out.
 *
 * What twice the rows would bring follows from a power law, error = a n^-b, put through
 * the last three points; to go on as it is, is the only assumption that it makes.
 *
 * Sources: Efron & Tibshirani 1993, "An introduction to the bootstrap", on percentile
 * intervals; Cortes et al. 1994, "Learning curves: asymptotic values and rate of
 * convergence", and Hestness et al. 2017, "Deep learning scaling is predictable,
 * empirically", on the power law. */

#include "config.h"

#include "wen-data-curve-private.h"

#include <math.h>
#include <string.h>

#include "wen-random-private.h"
#include "wen-tally-private.h"

#define N_DRAWINGS 500
#define OUTSIDE_SHARE 0.05
#define N_FITTED_POINTS 3

/* Streams of the random numbers; one for each drawing follows on each. */
#define ROW_STREAM (G_GUINT64_CONSTANT (5) << 44)
#define REPEAT_STREAM (G_GUINT64_CONSTANT (6) << 44)

#define HELPING_GAIN 0.005
#define LITTLE_GAIN 0.01

gsize
wen_data_curve_index_point (guint n_points,
                            guint point)
{
  return 2 * (gsize) point;
}

gsize
wen_data_curve_index_gain (guint n_points)
{
  return 2 * (gsize) n_points;
}

gsize
wen_data_curve_index_label (guint n_points,
                            guint label,
                            guint point)
{
  return (label + 1) * (2 * (gsize) n_points + 1) + 2 * (gsize) point;
}

gsize
wen_data_curve_index_label_gain (guint n_points,
                                 guint label)
{
  return wen_data_curve_index_label (n_points, label, n_points);
}

/* What twice the rows of the last point would add to a share that is good, such as the
 * accuracy, by the line of least squares through the logarithms of rows and error.
 * least_error: what stands for no error at all. */
double
wen_data_curve_compute_gain (const double *n_rows,
                             const double *shares,
                             guint         n_points,
                             double        least_error)
{
  guint first = n_points > N_FITTED_POINTS ? n_points - N_FITTED_POINTS : 0;
  guint n_fitted = n_points - first;
  double mean_x = 0;
  double mean_y = 0;
  double xy = 0;
  double xx = 0;

  for (guint i = first; i < n_points; i++)
    {
      mean_x += log (n_rows[i]) / n_fitted;
      mean_y += log (MAX (1 - shares[i], least_error)) / n_fitted;
    }
  for (guint i = first; i < n_points; i++)
    {
      double x = log (n_rows[i]) - mean_x;

      xx += x * x;
      xy += x * (log (MAX (1 - shares[i], least_error)) - mean_y);
    }
  return xx > 0 ? (1 - shares[n_points - 1]) * (1 - pow (2, xy / xx)) : 0;
}

WenDataVerdict
wen_data_curve_judge (const WenEstimate *gain)
{
  if (gain->value >= HELPING_GAIN && gain->low > 0)
    return WEN_DATA_VERDICT_HELPS;
  if (gain->high < LITTLE_GAIN)
    return WEN_DATA_VERDICT_LITTLE;
  return WEN_DATA_VERDICT_UNCLEAR;
}

static gsize
count_figures (const WenDataCurvePredictions *predictions)
{
  return wen_data_curve_index_label (predictions->n_points, predictions->n_labels, 0);
}

static void
compute_gains (const WenDataCurvePredictions *predictions,
               float                         *figures)
{
  guint n_points = predictions->n_points;
  g_autofree double *shares = g_new (double, n_points);
  double least_error = 0.5 / (double) predictions->n_measured;

  for (guint point = 0; point < n_points; point++)
    shares[point] = (double) figures[wen_data_curve_index_point (n_points, point)];
  figures[wen_data_curve_index_gain (n_points)] =
    (float) wen_data_curve_compute_gain (predictions->n_rows, shares, n_points, least_error);
  for (guint label = 0; label < predictions->n_labels; label++)
    {
      for (guint point = 0; point < n_points; point++)
        shares[point] = (double) figures[wen_data_curve_index_label (n_points, label, point) + 1];
      figures[wen_data_curve_index_label_gain (n_points, label)] =
        (float) wen_data_curve_compute_gain (predictions->n_rows, shares, n_points, least_error);
    }
}

/* n_times [n_measured]: how often a row counts; repeats [n_repeats]: which count. */
static void
compute_figures (const WenDataCurvePredictions *predictions,
                 const guint                   *n_times,
                 const guint                   *repeats,
                 WenTally                      *tally,
                 float                         *figures)
{
  guint n_points = predictions->n_points;

  for (guint point = 0; point < n_points; point++)
    {
      float *of_point = figures + wen_data_curve_index_point (n_points, point);

      wen_tally_reset (tally);
      for (guint i = 0; i < predictions->n_repeats; i++)
        {
          const guint *predicted =
            predictions->predicted + ((gsize) point * predictions->n_repeats + repeats[i]) * predictions->n_measured;

          for (gsize row = 0; row < predictions->n_measured; row++)
            if (n_times[row] > 0)
              wen_tally_add (tally, predictions->labels[row], predicted[row], n_times[row]);
        }
      of_point[0] = (float) wen_tally_get_accuracy (tally);
      of_point[1] = (float) wen_tally_get_macro_f1 (tally);
      for (guint label = 0; label < predictions->n_labels; label++)
        {
          float *of_label = figures + wen_data_curve_index_label (n_points, label, point);

          of_label[0] = (float) wen_tally_get_recall (tally, label);
          of_label[1] = (float) wen_tally_get_f1 (tally, label);
        }
    }
  compute_gains (predictions, figures);
}

static void
draw (const WenDataCurvePredictions *predictions,
      guint                          drawing,
      guint                         *n_times,
      guint                         *repeats)
{
  memset (n_times, 0, predictions->n_measured * sizeof *n_times);
  for (gsize i = 0; i < predictions->n_measured; i++)
    n_times[wen_random_u64 (predictions->seed, ROW_STREAM + drawing, i) % predictions->n_measured]++;
  for (guint i = 0; i < predictions->n_repeats; i++)
    repeats[i] = (guint) (wen_random_u64 (predictions->seed, REPEAT_STREAM + drawing, i) % predictions->n_repeats);
}

static int
compare_floats (gconstpointer a,
                gconstpointer b)
{
  float left = *(const float *) a;
  float right = *(const float *) b;

  return (left > right) - (left < right);
}

/* All figures, as the index functions say. (transfer full) (array) */
WenEstimate *
wen_data_curve_estimate (const WenDataCurvePredictions *predictions)
{
  gsize n_figures = count_figures (predictions);
  WenEstimate *estimates = g_new (WenEstimate, n_figures);
  g_autofree float *drawn = g_new (float, n_figures * N_DRAWINGS);
  g_autofree float *values = g_new (float, MAX (n_figures, N_DRAWINGS));
  g_autofree guint *n_times = g_new (guint, predictions->n_measured);
  g_autofree guint *repeats = g_new (guint, predictions->n_repeats);
  g_auto (WenTally) tally = { 0 };
  guint first = (guint) (N_DRAWINGS * OUTSIDE_SHARE / 2);

  wen_tally_init (&tally, predictions->n_labels);
  for (gsize row = 0; row < predictions->n_measured; row++)
    n_times[row] = 1;
  for (guint i = 0; i < predictions->n_repeats; i++)
    repeats[i] = i;
  compute_figures (predictions, n_times, repeats, &tally, values);
  for (gsize i = 0; i < n_figures; i++)
    estimates[i].value = (double) values[i];

  for (guint drawing = 0; drawing < N_DRAWINGS; drawing++)
    {
      draw (predictions, drawing, n_times, repeats);
      compute_figures (predictions, n_times, repeats, &tally, drawn + drawing * n_figures);
    }
  for (gsize i = 0; i < n_figures; i++)
    {
      for (guint drawing = 0; drawing < N_DRAWINGS; drawing++)
        values[drawing] = drawn[drawing * n_figures + i];
      qsort (values, N_DRAWINGS, sizeof *values, compare_floats);
      /* The figure itself belongs to its interval, also where drawing again shifts it. */
      estimates[i].low = MIN ((double) values[first], estimates[i].value);
      estimates[i].high = MAX ((double) values[N_DRAWINGS - 1 - first], estimates[i].value);
    }
  return estimates;
}
