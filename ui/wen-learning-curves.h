/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-plot.h"
#include "wen-run.h"

G_BEGIN_DECLS

/* What of a run's curve is plotted. */
typedef enum
{
  WEN_CURVE_LOSS,
  WEN_CURVE_ACCURACY,
  WEN_CURVE_PRETRAINING, /* its loss */
} WenCurveKind;

typedef struct _WenLearningCurves WenLearningCurves;

WenLearningCurves *wen_learning_curves_new       (WenCurveKind             kind);
void               wen_learning_curves_free      (WenLearningCurves       *self);
void               wen_learning_curves_set_run   (WenLearningCurves       *self,
                                                  WenRun                  *run);
void               wen_learning_curves_set_hover (WenLearningCurves       *self,
                                                  double                   x);
void               wen_learning_curves_get_plot  (const WenLearningCurves *self,
                                                  WenPlotCurves           *plot);
gboolean           wen_learning_curves_is_empty  (const WenLearningCurves *self);
/* Whether one classifier after the other was trained. */
gboolean           wen_learning_curves_is_of_ensemble (const WenLearningCurves *self);
char              *wen_learning_curves_describe  (const WenLearningCurves *self);

G_END_DECLS
