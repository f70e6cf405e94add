/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

#include "wen-plot.h"

G_BEGIN_DECLS

typedef struct _WenTrialPlot WenTrialPlot;

WenTrialPlot *wen_trial_plot_new            (void);
void          wen_trial_plot_free           (WenTrialPlot       *self);
void          wen_trial_plot_set_trials     (WenTrialPlot       *self,
                                             GPtrArray          *trials);
void          wen_trial_plot_set_highlight  (WenTrialPlot       *self,
                                             guint               number);
guint         wen_trial_plot_find_trial     (WenTrialPlot       *self,
                                             double              width,
                                             double              height,
                                             const WenPlotStyle *style,
                                             double              x,
                                             double              y);
void          wen_trial_plot_draw           (cairo_t            *cr,
                                             double              width,
                                             double              height,
                                             const WenPlotStyle *style,
                                             gpointer            self);

G_END_DECLS
