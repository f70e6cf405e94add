/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Parallel coordinates: an axis for each quantity, a line for each thing that has them.
 *
 * Source: Inselberg 1985, "The plane with parallel coordinates". */

#include "config.h"

#include "wen-plot-private.h"

#include <math.h>

#define MARGIN 12
#define LINE_WIDTH 1.5
#define DOT_RADIUS 3.5
#define TEXT_GAP 5
/* The worst line is still to be seen, the best is plain; of many lines the others are fainter. */
#define FAINTEST 0.15
#define FAINTEST_OF_MANY 0.03
#define FEW_LINES 20
/* How near the pointer must be to a line. */
#define NEAR_PIXELS 10

typedef struct
{
  double low;
  double high;
  gboolean has_gaps;   /* some line has no value here */
} Range;

static double
scale (const WenPlotAxis *axis,
       double             value)
{
  return axis->is_logarithmic ? log (value) : value;
}

static gboolean
has_value (const WenPlotAxis *axis,
           gsize              line)
{
  return isfinite (axis->values[line]) && (!axis->is_logarithmic || axis->values[line] > 0);
}

static Range
find_range (const WenPlotParallel *plot,
            const WenPlotAxis     *axis)
{
  Range range = { INFINITY, -INFINITY, FALSE };

  for (gsize i = 0; i < plot->n_lines; i++)
    if (has_value (axis, i))
      {
        range.low = MIN (range.low, axis->values[i]);
        range.high = MAX (range.high, axis->values[i]);
      }
    else
      {
        range.has_gaps = TRUE;
      }
  if (axis->n_names > 0)
    {
      range.low = 0;
      range.high = axis->n_names - 1;
    }
  return range;
}

/* Where a value lies between the ends of its axis, from 0 to 1; in the middle where all
 * are the same. */
static double
find_place (const WenPlotAxis *axis,
            const Range       *range,
            double             value)
{
  double low = scale (axis, range->low);
  double length = scale (axis, range->high) - low;

  return length > 0 ? CLAMP ((scale (axis, value) - low) / length, 0, 1) : 0.5;
}

static WenPlotArea
lay_out (double              width,
         double              height,
         const WenPlotStyle *style)
{
  double line = style->font_size * 1.5;
  /* Titles in two rows, so that long ones do not meet; below, lines without a value. */
  double top = MARGIN + 2.5 * line;

  return (WenPlotArea) {
    .x = 3 * MARGIN,
    .y = top,
    .width = MAX (1, width - 9 * MARGIN),
    .height = MAX (1, height - top - 2.5 * line),
  };
}

static double
get_axis_x (const WenPlotArea     *area,
            const WenPlotParallel *plot,
            gsize                  index)
{
  return area->x + (plot->n_axes > 1 ? area->width * (double) index / (double) (plot->n_axes - 1) : 0);
}

static double
get_axis_width (const WenPlotArea     *area,
                const WenPlotParallel *plot)
{
  return plot->n_axes > 1 ? area->width / (double) (plot->n_axes - 1) : area->width;
}

static double
get_gap_y (const WenPlotArea  *area,
           const WenPlotStyle *style)
{
  return area->y + area->height + style->font_size * 1.75;
}

static double
find_y (const WenPlotArea  *area,
        const WenPlotStyle *style,
        const WenPlotAxis  *axis,
        const Range        *range,
        gsize               line)
{
  if (!has_value (axis, line))
    return get_gap_y (area, style);
  return area->y + area->height * (1 - find_place (axis, range, axis->values[line]));
}

static char *
format_value (const WenPlotAxis *axis,
              double             value)
{
  if (axis->n_names > 0)
    return g_strdup (axis->names[(guint) CLAMP (value, 0, axis->n_names - 1)]);
  if (axis->is_share)
    return g_strdup_printf ("%.1f %%", 100 * value);
  if (fabs (value) >= 1e6)
    return g_strdup_printf ("%.1fM", value / 1e6);
  if (fabs (value) >= 1e4)
    return g_strdup_printf ("%.1fk", value / 1e3);
  return g_strdup_printf (fabs (value) < 100 ? "%.3g" : "%.0f", value);
}

/* What stands at a place of an axis; the newest text covers what is below it. */
static void
draw_value (cairo_t            *cr,
            const WenPlotStyle *style,
            const WenPlotColor *color,
            const char         *text,
            double              x,
            double              y,
            double              max_width)
{
  double width = MIN (wen_plot_measure_text (style, text), max_width);

  wen_plot_set_color (cr, &style->background, 0.8);
  cairo_rectangle (cr, x + TEXT_GAP, y - style->font_size * 0.7, width, style->font_size * 1.4);
  cairo_fill (cr);
  wen_plot_draw_text (cr, style, color, text, x + TEXT_GAP, y, max_width, WEN_PLOT_ALIGN_START);
}

static void
draw_title (cairo_t               *cr,
            const WenPlotStyle    *style,
            const WenPlotArea     *area,
            const WenPlotParallel *plot,
            gsize                  index,
            double                 width)
{
  double x = get_axis_x (area, plot, index);
  double text_width = MIN (wen_plot_measure_text (style, plot->axes[index].title),
                           MAX (1, 2 * get_axis_width (area, plot) - TEXT_GAP));
  double line = style->font_size * 1.5;

  x = CLAMP (x, text_width / 2 + 2, MAX (text_width / 2 + 2, width - text_width / 2 - 2));
  wen_plot_draw_text (cr, style, &style->text, plot->axes[index].title, x,
                      MARGIN / 2.0 + line * (index % 2 == 0 ? 0.5 : 1.5), text_width, WEN_PLOT_ALIGN_CENTER);
}

static void
draw_axis (cairo_t               *cr,
           const WenPlotStyle    *style,
           const WenPlotArea     *area,
           const WenPlotParallel *plot,
           gsize                  index,
           const Range           *range)
{
  const WenPlotAxis *axis = &plot->axes[index];
  double x = get_axis_x (area, plot, index);
  double max_width = MAX (1, get_axis_width (area, plot) - 2 * TEXT_GAP);
  guint n_texts = axis->n_names > 0 ? axis->n_names : range->low == range->high ? 1 : 2;

  wen_plot_set_color (cr, &style->dim, 1);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, floor (x) + 0.5, area->y);
  cairo_line_to (cr, floor (x) + 0.5, area->y + area->height);
  cairo_stroke (cr);

  for (guint i = 0; i < n_texts && range->low <= range->high; i++)
    {
      double value = axis->n_names > 0 ? i : i == 0 ? range->low : range->high;
      g_autofree char *text = format_value (axis, value);

      draw_value (cr, style, &style->dim, text, x, area->y + area->height * (1 - find_place (axis, range, value)),
                  max_width);
    }
  if (range->has_gaps)
    draw_value (cr, style, &style->dim, "–", x, get_gap_y (area, style), max_width);
}

static void
draw_line (cairo_t               *cr,
           const WenPlotStyle    *style,
           const WenPlotArea     *area,
           const WenPlotParallel *plot,
           const Range           *ranges,
           gsize                  line)
{
  const WenPlotAxis *last = &plot->axes[plot->n_axes - 1];
  double goodness = has_value (last, line) ? find_place (last, &ranges[plot->n_axes - 1], last->values[line]) : 0;

  double faintest = MAX (FAINTEST_OF_MANY, FAINTEST * MIN (1, FEW_LINES / (double) plot->n_lines));
  double power = plot->n_lines > FEW_LINES ? 6 : 2;

  wen_plot_set_color (cr, &style->series[0], faintest + (1 - faintest) * pow (goodness, power));
  cairo_set_line_width (cr, LINE_WIDTH);
  for (gsize i = 0; i < plot->n_axes; i++)
    cairo_line_to (cr, get_axis_x (area, plot, i), find_y (area, style, &plot->axes[i], &ranges[i], line));
  cairo_stroke (cr);
}

static void
draw_highlighted (cairo_t               *cr,
                  const WenPlotStyle    *style,
                  const WenPlotArea     *area,
                  const WenPlotParallel *plot,
                  const Range           *ranges)
{
  gsize line = (gsize) plot->highlighted_line;

  wen_plot_set_color (cr, &style->series[1], 1);
  cairo_set_line_width (cr, 2 * LINE_WIDTH);
  for (gsize i = 0; i < plot->n_axes; i++)
    cairo_line_to (cr, get_axis_x (area, plot, i), find_y (area, style, &plot->axes[i], &ranges[i], line));
  cairo_stroke (cr);
  for (gsize i = 0; i < plot->n_axes; i++)
    {
      double x = get_axis_x (area, plot, i);
      double y = find_y (area, style, &plot->axes[i], &ranges[i], line);
      g_autofree char *text = NULL;

      wen_plot_set_color (cr, &style->series[1], 1);
      cairo_arc (cr, x, y, DOT_RADIUS, 0, 2 * G_PI);
      cairo_fill (cr);
      if (!has_value (&plot->axes[i], line))
        continue;
      text = format_value (&plot->axes[i], plot->axes[i].values[line]);
      draw_value (cr, style, &style->series[1], text, x, y, MAX (1, get_axis_width (area, plot) - 2 * TEXT_GAP));
    }
}

static Range *
find_ranges (const WenPlotParallel *plot)
{
  Range *ranges = g_new (Range, MAX (1, plot->n_axes));

  for (gsize i = 0; i < plot->n_axes; i++)
    ranges[i] = find_range (plot, &plot->axes[i]);
  return ranges;
}

/**
 * wen_plot_draw_parallel: (skip)
 * @cr: where to draw
 * @width: in the units of @cr
 * @height: in the units of @cr
 * @style: how it looks
 * @plot: what to draw
 *
 * Draws parallel coordinates.  The higher a line ends on the last axis, the stronger it is
 * drawn; the first line lies on top; where a line has no value, it goes below the axis.
 */
void
wen_plot_draw_parallel (cairo_t               *cr,
                        double                 width,
                        double                 height,
                        const WenPlotStyle    *style,
                        const WenPlotParallel *plot)
{
  WenPlotArea area = lay_out (width, height, style);
  g_autofree Range *ranges = find_ranges (plot);

  wen_plot_fill (cr, width, height, style);
  if (plot->n_axes == 0)
    return;
  for (gsize i = plot->n_lines; i > 0; i--)
    draw_line (cr, style, &area, plot, ranges, i - 1);
  for (gsize i = 0; i < plot->n_axes; i++)
    {
      draw_title (cr, style, &area, plot, i, width);
      draw_axis (cr, style, &area, plot, i, &ranges[i]);
    }
  if (plot->highlighted_line >= 0 && (gsize) plot->highlighted_line < plot->n_lines)
    draw_highlighted (cr, style, &area, plot, ranges);
}

/**
 * wen_plot_find_parallel_line: (skip)
 * @width: as it was drawn
 * @height: as it was drawn
 * @style: as it was drawn
 * @plot: as it was drawn
 * @pointer_x: where the pointer is
 * @pointer_y: where the pointer is
 *
 * Finds the line under the pointer.
 *
 * Returns: the index of the line, or -1 where none is near
 */
int
wen_plot_find_parallel_line (double                 width,
                             double                 height,
                             const WenPlotStyle    *style,
                             const WenPlotParallel *plot,
                             double                 pointer_x,
                             double                 pointer_y)
{
  WenPlotArea area = lay_out (width, height, style);
  g_autofree Range *ranges = find_ranges (plot);
  double place = (pointer_x - area.x) / get_axis_width (&area, plot);
  double nearest = NEAR_PIXELS;
  gsize left;
  int found = -1;

  if (plot->n_axes < 2 || place < 0 || place > (double) (plot->n_axes - 1))
    return -1;

  left = MIN ((gsize) place, plot->n_axes - 2);
  place -= (double) left;
  for (gsize i = 0; i < plot->n_lines; i++)
    {
      double y = (1 - place) * find_y (&area, style, &plot->axes[left], &ranges[left], i)
                 + place * find_y (&area, style, &plot->axes[left + 1], &ranges[left + 1], i);

      if (fabs (y - pointer_y) <= nearest)
        {
          nearest = fabs (y - pointer_y);
          found = (int) i;
        }
    }
  return found;
}
