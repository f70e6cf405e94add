/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How often values lie in ranges of equal width: lengths of texts. */

#include "config.h"

#include "wen-plot-private.h"

#include <math.h>

#define MARGIN 12

static guint64
find_highest (const WenPlotHistogram *plot)
{
  guint64 highest = 1;

  for (gsize i = 0; i < plot->n_bars; i++)
    highest = MAX (highest, plot->counts[i]);
  return highest;
}

static double
get_x_maximum (const WenPlotHistogram *plot)
{
  return MAX (1, (double) plot->n_bars) * (plot->bar_width > 0 ? plot->bar_width : 1);
}

/* Where the bars are. */
static WenPlotArea
measure_area (double                  width,
              double                  height,
              const WenPlotStyle     *style,
              const WenPlotHistogram *plot)
{
  g_autofree char *highest = wen_plot_format_number ((double) find_highest (plot), 1, FALSE);
  WenPlotArea area;

  area.x = wen_plot_measure_text (style, highest) + 2 * MARGIN;
  area.y = MARGIN;
  area.width = MAX (1, width - area.x - 1.5 * MARGIN);
  area.height = MAX (1, height - area.y - 3.75 * style->font_size - MARGIN / 2.0);
  return area;
}

/**
 * wen_plot_find_histogram_x: (skip)
 * @width: as when drawing
 * @height: as when drawing
 * @style: as when drawing
 * @plot: as when drawing
 * @pointer_x: a place on the horizontal axis, in the units of @width
 *
 * Finds the value at a place, to drag a mark there.
 *
 * Returns: a value within the axis
 */
double
wen_plot_find_histogram_x (double                  width,
                           double                  height,
                           const WenPlotStyle     *style,
                           const WenPlotHistogram *plot,
                           double                  pointer_x)
{
  WenPlotArea area = measure_area (width, height, style, plot);

  return CLAMP ((pointer_x - area.x) / area.width, 0, 1) * get_x_maximum (plot);
}

/**
 * wen_plot_draw_histogram: (skip)
 * @cr: where to draw
 * @width: in the units of @cr
 * @height: in the units of @cr
 * @style: how it looks
 * @plot: what to draw
 *
 * Draws a histogram with axes.
 */
void
wen_plot_draw_histogram (cairo_t                *cr,
                         double                  width,
                         double                  height,
                         const WenPlotStyle     *style,
                         const WenPlotHistogram *plot)
{
  double x_maximum = get_x_maximum (plot);
  guint64 y_maximum = find_highest (plot);
  WenPlotArea area = measure_area (width, height, style, plot);
  double bar = area.width / MAX (1, (double) plot->n_bars);

  wen_plot_fill (cr, width, height, style);
  wen_plot_draw_axes (cr, style, &area, x_maximum, 0, (double) y_maximum, FALSE, plot->x_title);
  wen_plot_set_color (cr, &style->series[0], 1);
  for (gsize i = 0; i < plot->n_bars; i++)
    {
      double bar_height = area.height * (double) plot->counts[i] / (double) y_maximum;

      /* A range that occurs at all can be seen. */
      if (plot->counts[i] > 0)
        bar_height = MAX (bar_height, 1);
      cairo_rectangle (cr, area.x + bar * (double) i, area.y + area.height - bar_height, MAX (bar - 1, bar * 0.8),
                       bar_height);
    }
  cairo_fill (cr);
  if (isfinite (plot->mark_x) && plot->mark_x <= x_maximum)
    wen_plot_draw_mark (cr, style, &area, area.x + area.width * plot->mark_x / x_maximum, plot->mark_name);
}
