/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Figures of a curve over rows, with intervals, from what was predicted. */

#pragma once

#include "wen-data-curve.h"

typedef struct
{
  guint         n_points;
  guint         n_repeats;
  guint         n_labels;
  gsize         n_measured;
  const double *n_rows;     /* [n_points]: learned from */
  const guint  *labels;     /* [n_measured]: true ones */
  const guint  *predicted;  /* [n_points][n_repeats][n_measured] */
  guint64       seed;
} WenDataCurvePredictions;

/* Where the figures stand: accuracy and macro F1 of each point, the gain of twice the
 * rows, and for each label recall and F1 of each point, and its gain. */
gsize        wen_data_curve_index_point      (guint  n_points,
                                              guint  point);
gsize        wen_data_curve_index_gain       (guint  n_points);
gsize        wen_data_curve_index_label      (guint  n_points,
                                              guint  label,
                                              guint  point);
gsize        wen_data_curve_index_label_gain (guint  n_points,
                                              guint  label);

WenEstimate *wen_data_curve_estimate         (const WenDataCurvePredictions *predictions);
double       wen_data_curve_compute_gain     (const double                  *n_rows,
                                              const double                  *shares,
                                              guint                          n_points,
                                              double                         least_error);
WenDataVerdict wen_data_curve_judge          (const WenEstimate             *gain);
