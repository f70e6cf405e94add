/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the drawing functions share: text, axes, and which points to draw. */

#pragma once

#include "wen-plot.h"

typedef enum
{
  WEN_PLOT_ALIGN_START,
  WEN_PLOT_ALIGN_CENTER,
  WEN_PLOT_ALIGN_END,
} WenPlotAlign;

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} WenPlotArea;

void   wen_plot_set_color      (cairo_t            *cr,
                                const WenPlotColor *color,
                                double              alpha);
void   wen_plot_fill           (cairo_t            *cr,
                                double              width,
                                double              height,
                                const WenPlotStyle *style);
/* y is the middle of the line.  max_width 0: as wide as it gets. */
void   wen_plot_draw_text      (cairo_t            *cr,
                                const WenPlotStyle *style,
                                const WenPlotColor *color,
                                const char         *text,
                                double              x,
                                double              y,
                                double              max_width,
                                WenPlotAlign        align);
double wen_plot_measure_text   (const WenPlotStyle *style,
                                const char         *text);
char  *wen_plot_format_number  (double              value,
                                double              step,
                                gboolean            is_share);
void   wen_plot_draw_axes      (cairo_t            *cr,
                                const WenPlotStyle *style,
                                const WenPlotArea  *area,
                                double              x_maximum,
                                double              y_minimum,
                                double              y_maximum,
                                gboolean            is_share,
                                const char         *x_title);
void   wen_plot_draw_mark      (cairo_t            *cr,
                                const WenPlotStyle *style,
                                const WenPlotArea  *area,
                                double              x,
                                const char         *name);
gsize  wen_plot_thin           (const double       *x,
                                const double       *y,
                                gsize               n_points,
                                double              x_maximum,
                                gsize               n_columns,
                                gsize              *kept);
