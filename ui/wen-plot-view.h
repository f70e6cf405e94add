/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-plot.h"

G_BEGIN_DECLS

/* Draws a plot.  Used on screen and for files, so it must not look at the widget. */
typedef void (*WenPlotDrawFunc) (cairo_t            *cr,
                                 double              width,
                                 double              height,
                                 const WenPlotStyle *style,
                                 gpointer            user_data);

#define WEN_TYPE_PLOT_VIEW (wen_plot_view_get_type ())

G_DECLARE_FINAL_TYPE (WenPlotView, wen_plot_view, WEN, PLOT_VIEW, AdwBin)

GtkWidget          *wen_plot_view_new             (void);
void                wen_plot_view_set_draw_func   (WenPlotView     *self,
                                                   WenPlotDrawFunc  func,
                                                   gpointer         user_data);
void                wen_plot_view_set_description (WenPlotView     *self,
                                                   const char      *description);
void                wen_plot_view_redraw          (WenPlotView     *self);
const WenPlotStyle *wen_plot_view_get_style       (WenPlotView     *self);
void                wen_plot_view_get_size        (WenPlotView     *self,
                                                   double          *width,
                                                   double          *height);

G_END_DECLS
