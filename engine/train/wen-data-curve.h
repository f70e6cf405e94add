/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-trainer.h"

G_BEGIN_DECLS

typedef struct _WenEstimate WenEstimate;

/**
 * WenEstimate:
 * @value: the figure
 * @low: where its interval of 95 % begins
 * @high: where it ends
 *
 * A figure, and how sure it is.
 */
struct _WenEstimate
{
  double value;
  double low;
  double high;
};

typedef struct _WenDataCurvePoint WenDataCurvePoint;

/**
 * WenDataCurvePoint:
 * @share: of the training rows, from 0 to 1
 * @n_rows: training rows, on average
 * @accuracy: with so many of them
 * @macro_f1: with so many of them
 *
 * How good classifiers are that learned from a part of the rows.
 */
struct _WenDataCurvePoint
{
  double      share;
  guint64     n_rows;
  WenEstimate accuracy;
  WenEstimate macro_f1;
};

typedef struct _WenDataCurveLabelPoint WenDataCurveLabelPoint;

/**
 * WenDataCurveLabelPoint:
 * @n_rows: training rows of the label, on average
 * @recall: share of its rows that were found
 * @f1: of the label
 *
 * How good classifiers that learned from a part of the rows are at one label.
 */
struct _WenDataCurveLabelPoint
{
  guint64     n_rows;
  WenEstimate recall;
  WenEstimate f1;
};

/**
 * WenDataVerdict:
 * @WEN_DATA_VERDICT_HELPS: twice as many rows would bring at least half a hundredth, and the interval is above 0
 * @WEN_DATA_VERDICT_LITTLE: twice as many rows would bring less than one hundredth, and the interval says so
 * @WEN_DATA_VERDICT_UNCLEAR: too few rows to tell
 *
 * Whether more data would help.
 */
typedef enum
{
  WEN_DATA_VERDICT_HELPS,
  WEN_DATA_VERDICT_LITTLE,
  WEN_DATA_VERDICT_UNCLEAR,
} WenDataVerdict;

typedef struct _WenDataForecast WenDataForecast;

/**
 * WenDataForecast:
 * @verdict: whether it would help
 * @n_rows: twice the training rows that there are
 * @gain: what so many would add to the accuracy, or to the F1 of a label
 *
 * What twice as many rows would bring.
 */
struct _WenDataForecast
{
  WenDataVerdict verdict;
  guint64        n_rows;
  WenEstimate    gain;
};

#define WEN_TYPE_DATA_CURVE (wen_data_curve_get_type ())

/* How good classifiers become with more rows.  Immutable. */
WEN_API
G_DECLARE_FINAL_TYPE (WenDataCurve, wen_data_curve, WEN, DATA_CURVE, GObject)

/* Training and validation rows take part; test rows are never looked at. */
WEN_API
WenDataCurve *wen_data_curve_run                (WenDataset              *dataset,
                                                 const WenRecipe         *recipe,
                                                 guint                    n_repeats,
                                                 WenProgressFunc          progress,
                                                 gpointer                 user_data,
                                                 GCancellable            *cancellable,
                                                 GError                 **error);
/* Fewest rows first. */
WEN_API
guint         wen_data_curve_get_n_points       (WenDataCurve            *self);
WEN_API
void          wen_data_curve_get_point          (WenDataCurve            *self,
                                                 guint                    index,
                                                 WenDataCurvePoint       *point);
WEN_API
guint         wen_data_curve_get_n_labels       (WenDataCurve            *self);
WEN_API
const char   *wen_data_curve_get_label          (WenDataCurve            *self,
                                                 guint                    label);
WEN_API
void          wen_data_curve_get_label_point    (WenDataCurve            *self,
                                                 guint                    label,
                                                 guint                    index,
                                                 WenDataCurveLabelPoint  *point);
WEN_API
void          wen_data_curve_get_forecast       (WenDataCurve            *self,
                                                 WenDataForecast         *forecast);
WEN_API
void          wen_data_curve_get_label_forecast (WenDataCurve            *self,
                                                 guint                    label,
                                                 WenDataForecast         *forecast);
/* Rows that were measured on, and folds they were in; 0 folds: the validation split. */
WEN_API
guint64       wen_data_curve_get_n_measured     (WenDataCurve            *self);
WEN_API
guint         wen_data_curve_get_n_folds        (WenDataCurve            *self);
WEN_API
guint         wen_data_curve_get_n_repeats      (WenDataCurve            *self);

G_END_DECLS
