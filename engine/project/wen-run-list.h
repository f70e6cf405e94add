/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-comparison.h"
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_PAST_RUN (wen_past_run_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenPastRun, wen_past_run, WEN, PAST_RUN, GObject)

typedef struct _WenPastRunFigures WenPastRunFigures;

/**
 * WenPastRunFigures:
 * @validation_accuracy: share of the validation rows that were right; NaN without such rows
 * @n_test_rows: how many it was measured on; 0: on none, and the next three are NaN
 * @accuracy: share of the test rows that were right
 * @macro_f1: mean F1 of all labels on the test rows
 * @majority_accuracy: what always guessing the commonest label gets
 * @seconds: of the training
 * @n_parameters: numbers that were fitted
 *
 * How good a classifier became, and what it took.
 */
struct _WenPastRunFigures
{
  double  validation_accuracy;
  guint64 n_test_rows;
  double  accuracy;
  double  macro_f1;
  double  majority_accuracy;
  double  seconds;
  guint64 n_parameters;
};

WEN_API
gint64                   wen_past_run_get_id         (WenPastRun    *self);
WEN_API
GDateTime               *wen_past_run_get_started    (WenPastRun    *self);
WEN_API
const WenRecipe         *wen_past_run_get_recipe     (WenPastRun    *self);
WEN_API
const WenPastRunFigures *wen_past_run_get_figures    (WenPastRun    *self);
WEN_API
gboolean                 wen_past_run_has_classifier (WenPastRun    *self);

#define WEN_TYPE_RUN_LIST (wen_run_list_get_type ())

/* The runs of a project that came to a classifier, the best first: a list model of WenPastRun. */
WEN_API
G_DECLARE_FINAL_TYPE (WenRunList, wen_run_list, WEN, RUN_LIST, GObject)

WEN_API
WenRunList              *wen_run_list_new            (WenProject    *project);
WEN_API
gboolean                 wen_run_list_is_busy        (WenRunList    *self);
WEN_API
gboolean                 wen_run_list_get_lead       (WenRunList    *self,
                                                      WenComparison *lead);

G_END_DECLS
