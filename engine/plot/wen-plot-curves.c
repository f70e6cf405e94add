/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Curves over one horizontal axis, some with a band around them: learning curves. */

#include "config.h"

#include "wen-plot-private.h"

#include <math.h>

#define MARGIN 12
#define DOT_RADIUS 3.5
#define LINE_WIDTH 2
/* Of a noisy curve: how much of the smoothed value each point takes over. */
#define SMOOTHING 0.8
/* Of an axis that fits shares: what is left free above and below. */
#define LEAST_SHARE_MARGIN 0.01
#define BAND_ALPHA 0.2

/* What the vertical axis spans. */
typedef struct
{
  double minimum;
  double maximum;
} Range;

static void
include (Range        *range,
         const double *values,
         gsize         n_values)
{
  for (gsize i = 0; values != NULL && i < n_values; i++)
    if (isfinite (values[i]))
      {
        range->minimum = MIN (range->minimum, values[i]);
        range->maximum = MAX (range->maximum, values[i]);
      }
}

static Range
find_range (const WenPlotCurves *plot)
{
  Range range = { INFINITY, -INFINITY };
  double margin;

  if (plot->is_share && !plot->fits_shares)
    return (Range) { 0, 1 };
  for (gsize s = 0; s < plot->n_series; s++)
    {
      include (&range, plot->series[s].y, plot->series[s].n_points);
      include (&range, plot->series[s].low, plot->series[s].n_points);
      include (&range, plot->series[s].high, plot->series[s].n_points);
    }
  if (!plot->is_share)
    return (Range) { 0, range.maximum > 0 ? range.maximum * 1.05 : 1 };
  if (range.minimum > range.maximum)
    return (Range) { 0, 1 };
  margin = MAX (LEAST_SHARE_MARGIN, 0.05 * (range.maximum - range.minimum));
  return (Range) { MAX (0, range.minimum - margin), CLAMP (range.maximum + margin, LEAST_SHARE_MARGIN, 1) };
}

static double
get_x_maximum (const WenPlotCurves *plot)
{
  return isfinite (plot->x_maximum) && plot->x_maximum > 0 ? plot->x_maximum : 1;
}

static WenPlotArea
lay_out (double               width,
         double               height,
         const WenPlotStyle  *style)
{
  double line = style->font_size * 1.5;
  double left = wen_plot_measure_text (style, "100 %") + 2 * MARGIN;
  /* Title, legend, and the upper half of the highest number on the axis. */
  double top = MARGIN + 2.75 * line;

  return (WenPlotArea) {
    .x = left,
    .y = top,
    .width = MAX (1, width - left - MARGIN * 1.5),
    .height = MAX (1, height - top - 2.5 * line - MARGIN / 2.0),
  };
}

static double
to_x (const WenPlotArea   *area,
      const WenPlotCurves *plot,
      double               x)
{
  return area->x + area->width * CLAMP (x / get_x_maximum (plot), 0, 1);
}

static double
to_y (const WenPlotArea *area,
      double             y,
      const Range       *range)
{
  return area->y + area->height * (1 - CLAMP ((y - range->minimum) / (range->maximum - range->minimum), 0, 1));
}

static void
draw_legend (cairo_t             *cr,
             const WenPlotStyle  *style,
             const WenPlotCurves *plot,
             double               width)
{
  double line = style->font_size * 1.5;
  double x = MARGIN;

  wen_plot_draw_text (cr, style, &style->text, plot->title, x, MARGIN + line / 2, width - 2 * MARGIN,
                      WEN_PLOT_ALIGN_START);
  for (gsize s = 0; s < plot->n_series; s++)
    {
      const WenPlotSeries *series = &plot->series[s];

      wen_plot_set_color (cr, &style->series[series->color], 1);
      cairo_set_line_width (cr, LINE_WIDTH + 1);
      cairo_move_to (cr, x, MARGIN + line * 1.5);
      cairo_line_to (cr, x + 16, MARGIN + line * 1.5);
      cairo_stroke (cr);
      wen_plot_draw_text (cr, style, &style->dim, series->name, x + 22, MARGIN + line * 1.5, 0,
                          WEN_PLOT_ALIGN_START);
      x += 22 + wen_plot_measure_text (style, series->name) + 18;
    }
}

static void
draw_line (cairo_t             *cr,
           const WenPlotArea   *area,
           const WenPlotCurves *plot,
           const double        *x,
           const double        *y,
           const gsize         *kept,
           gsize                n_kept,
           const Range         *range)
{
  for (gsize i = 0; i < n_kept; i++)
    cairo_line_to (cr, to_x (area, plot, x[kept[i]]), to_y (area, y[kept[i]], range));
  cairo_stroke (cr);
}

/* An exponential mean, so weighted that its beginning is no drag on it. */
static double *
smooth (const double *y,
        gsize         n_points)
{
  double *smoothed = g_new (double, n_points);
  double mean = 0;
  double weight = 0;

  for (gsize i = 0; i < n_points; i++)
    {
      if (isfinite (y[i]))
        {
          mean = SMOOTHING * mean + (1 - SMOOTHING) * y[i];
          weight = SMOOTHING * weight + (1 - SMOOTHING);
        }
      smoothed[i] = weight > 0 ? mean / weight : NAN;
    }
  return smoothed;
}

static void
draw_series (cairo_t             *cr,
             const WenPlotStyle  *style,
             const WenPlotArea   *area,
             const WenPlotCurves *plot,
             const WenPlotSeries *series,
             const Range         *range)
{
  gsize n_columns = (gsize) area->width;
  g_autofree gsize *kept = g_new (gsize, 4 * n_columns + 8);
  const WenPlotColor *color = &style->series[series->color];
  gsize n_kept = wen_plot_thin (series->x, series->y, series->n_points, get_x_maximum (plot), n_columns, kept);

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, series->is_noisy ? 1 : LINE_WIDTH);
  wen_plot_set_color (cr, color, series->is_noisy ? 0.3 : 1);
  draw_line (cr, area, plot, series->x, series->y, kept, n_kept, range);

  if (series->is_noisy && series->n_points > 0)
    {
      g_autofree double *smoothed = smooth (series->y, series->n_points);

      n_kept = wen_plot_thin (series->x, smoothed, series->n_points, get_x_maximum (plot), n_columns, kept);
      cairo_set_line_width (cr, LINE_WIDTH);
      wen_plot_set_color (cr, color, 1);
      draw_line (cr, area, plot, series->x, smoothed, kept, n_kept, range);
    }
  if (series->has_dots)
    for (gsize i = 0; i < n_kept; i++)
      {
        cairo_arc (cr, to_x (area, plot, series->x[kept[i]]), to_y (area, series->y[kept[i]], range), DOT_RADIUS,
                   0, 2 * G_PI);
        cairo_fill (cr);
      }
}

/* Ends where an edge is no number. */
static void
draw_band (cairo_t             *cr,
           const WenPlotStyle  *style,
           const WenPlotArea   *area,
           const WenPlotCurves *plot,
           const WenPlotSeries *series,
           const Range         *range)
{
  if (series->low == NULL || series->high == NULL)
    return;

  wen_plot_set_color (cr, &style->series[series->color], BAND_ALPHA);
  for (gsize i = 0; i + 1 < series->n_points; i++)
    {
      double left = to_x (area, plot, series->x[i]);
      double right = to_x (area, plot, series->x[i + 1]);

      if (!isfinite (series->low[i]) || !isfinite (series->high[i]) || !isfinite (series->low[i + 1])
          || !isfinite (series->high[i + 1]))
        continue;
      cairo_move_to (cr, left, to_y (area, series->low[i], range));
      cairo_line_to (cr, right, to_y (area, series->low[i + 1], range));
      cairo_line_to (cr, right, to_y (area, series->high[i + 1], range));
      cairo_line_to (cr, left, to_y (area, series->high[i], range));
      cairo_close_path (cr);
    }
  cairo_fill (cr);
}

/* The value of the point that is nearest to x. */
static double
find_value (const WenPlotSeries *series,
            double               x,
            double              *point_x)
{
  gsize nearest = 0;

  for (gsize i = 1; i < series->n_points; i++)
    if (fabs (series->x[i] - x) < fabs (series->x[nearest] - x))
      nearest = i;
  *point_x = series->n_points > 0 ? series->x[nearest] : NAN;
  return series->n_points > 0 ? series->y[nearest] : NAN;
}

static void
draw_hover (cairo_t             *cr,
            const WenPlotStyle  *style,
            const WenPlotArea   *area,
            const WenPlotCurves *plot,
            const Range         *range)
{
  double x = to_x (area, plot, plot->hover_x);
  gboolean left = x > area->x + area->width / 2;
  double line = style->font_size * 1.5;

  wen_plot_set_color (cr, &style->dim, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, floor (x) + 0.5, area->y);
  cairo_line_to (cr, floor (x) + 0.5, area->y + area->height);
  cairo_stroke (cr);

  for (gsize s = 0; s < plot->n_series; s++)
    {
      const WenPlotSeries *series = &plot->series[s];
      double point_x;
      double value = find_value (series, plot->hover_x, &point_x);
      g_autofree char *number = NULL;
      g_autofree char *text = NULL;

      if (!isfinite (value))
        continue;
      wen_plot_set_color (cr, &style->series[series->color], 1);
      cairo_arc (cr, to_x (area, plot, point_x), to_y (area, value, range), DOT_RADIUS + 1, 0, 2 * G_PI);
      cairo_fill (cr);

      number = wen_plot_format_number (value, 0.001, plot->is_share);
      text = g_strdup_printf ("%s %s", series->name, number);
      wen_plot_draw_text (cr, style, &style->series[series->color], text, x + (left ? -8 : 8),
                          area->y + area->height - line * (0.7 + (double) (plot->n_series - 1 - s)), 0,
                          left ? WEN_PLOT_ALIGN_END : WEN_PLOT_ALIGN_START);
    }
}

/**
 * wen_plot_draw_curves: (skip)
 * @cr: where to draw
 * @width: in the units of @cr
 * @height: in the units of @cr
 * @style: how it looks
 * @plot: what to draw
 *
 * Draws curves with axes, grid and legend.  Points are thinned to what the width
 * can show; extremes stay.
 */
void
wen_plot_draw_curves (cairo_t             *cr,
                      double               width,
                      double               height,
                      const WenPlotStyle  *style,
                      const WenPlotCurves *plot)
{
  WenPlotArea area = lay_out (width, height, style);
  Range range = find_range (plot);

  wen_plot_fill (cr, width, height, style);
  draw_legend (cr, style, plot, width);
  wen_plot_draw_axes (cr, style, &area, get_x_maximum (plot), range.minimum, range.maximum, plot->is_share, plot->x_title);
  for (gsize s = 0; s < plot->n_series; s++)
    draw_band (cr, style, &area, plot, &plot->series[s], &range);
  for (gsize s = 0; s < plot->n_series; s++)
    draw_series (cr, style, &area, plot, &plot->series[s], &range);
  if (isfinite (plot->mark_x))
    wen_plot_draw_mark (cr, style, &area, to_x (&area, plot, plot->mark_x), plot->mark_name);
  if (isfinite (plot->hover_x))
    draw_hover (cr, style, &area, plot, &range);
}

/**
 * wen_plot_find_curves_x: (skip)
 * @width: as it was drawn
 * @height: as it was drawn
 * @style: as it was drawn
 * @plot: as it was drawn
 * @pointer_x: where the pointer is
 *
 * Finds the value on the horizontal axis under the pointer.
 *
 * Returns: the value, or not a number where the pointer is beside the curves
 */
double
wen_plot_find_curves_x (double               width,
                        double               height,
                        const WenPlotStyle  *style,
                        const WenPlotCurves *plot,
                        double               pointer_x)
{
  WenPlotArea area = lay_out (width, height, style);

  if (pointer_x < area.x || pointer_x > area.x + area.width)
    return NAN;
  return (pointer_x - area.x) / area.width * get_x_maximum (plot);
}
