/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <cairo.h>

#include "wen-macros.h"

G_BEGIN_DECLS

typedef struct _WenPlotColor WenPlotColor;

/**
 * WenPlotColor:
 * @red: from 0 to 1
 * @green: from 0 to 1
 * @blue: from 0 to 1
 *
 * An opaque colour.
 */
struct _WenPlotColor
{
  double red;
  double green;
  double blue;
};

#define WEN_PLOT_N_SERIES_COLORS 4

typedef struct _WenPlotStyle WenPlotStyle;

/**
 * WenPlotStyle:
 * @background: behind everything
 * @text: titles and names
 * @dim: numbers on axes
 * @grid: lines to read values by
 * @series: of curves and bars, told apart by people who see colours differently too
 * @font_size: in pixels
 *
 * How plots look.
 */
struct _WenPlotStyle
{
  WenPlotColor background;
  WenPlotColor text;
  WenPlotColor dim;
  WenPlotColor grid;
  WenPlotColor series[WEN_PLOT_N_SERIES_COLORS];
  double       font_size;
};

typedef struct _WenPlotSeries WenPlotSeries;

/**
 * WenPlotSeries:
 * @name: for the legend
 * @x: (array length=n_points): ascending
 * @y: (array length=n_points): points that are no numbers are left out
 * @n_points: how many
 * @color: index in the style's colours
 * @is_noisy: draws a smoothed line over a faint one
 * @has_dots: marks every point
 * @low: (array length=n_points) (nullable): lower edge of a band around the curve
 * @high: (array length=n_points) (nullable): upper edge of it
 *
 * One curve.
 */
struct _WenPlotSeries
{
  const char   *name;
  const double *x;
  const double *y;
  gsize         n_points;
  guint         color;
  gboolean      is_noisy;
  gboolean      has_dots;
  const double *low;
  const double *high;
};

typedef struct _WenPlotCurves WenPlotCurves;

/**
 * WenPlotCurves:
 * @title: what is shown
 * @x_title: what the horizontal axis counts
 * @series: (array length=n_series): the curves
 * @n_series: how many
 * @x_maximum: right end of the horizontal axis, which begins at 0
 * @is_share: the values are shares, shown in per cent, up to 1
 * @mark_x: where a vertical line marks something, or not a number
 * @mark_name: (nullable): what it marks
 * @hover_x: where the pointer asks for values, or not a number
 * @fits_shares: with @is_share, the vertical axis spans what the curves and bands need
 *   instead of 0 to 1
 *
 * Curves over one horizontal axis.
 */
struct _WenPlotCurves
{
  const char          *title;
  const char          *x_title;
  const WenPlotSeries *series;
  gsize                n_series;
  double               x_maximum;
  gboolean             is_share;
  double               mark_x;
  const char          *mark_name;
  double               hover_x;
  gboolean             fits_shares;
};

typedef struct _WenPlotHistogram WenPlotHistogram;

/**
 * WenPlotHistogram:
 * @x_title: what the horizontal axis counts
 * @counts: (array length=n_bars): heights
 * @n_bars: how many
 * @bar_width: what one bar spans on the horizontal axis, which begins at 0
 * @mark_x: where a vertical line marks something, or not a number
 * @mark_name: (nullable): what it marks
 *
 * How often values lie in ranges of equal width.
 */
struct _WenPlotHistogram
{
  const char    *x_title;
  const guint64 *counts;
  gsize          n_bars;
  double         bar_width;
  double         mark_x;
  const char    *mark_name;
};

typedef struct _WenPlotHeatMap WenPlotHeatMap;

/**
 * WenPlotHeatMap:
 * @labels: (array length=n_labels): names of rows and columns
 * @counts: numbers, [n_labels][n_labels], a row after the other
 * @n_labels: how many
 * @row_title: what the rows are
 * @column_title: what the columns are
 * @selected_row: row of the cell that is marked, or -1
 * @selected_column: column of the cell that is marked, or -1
 *
 * A square table of counts, coloured by their share of the row.
 */
struct _WenPlotHeatMap
{
  const char * const *labels;
  const guint64      *counts;
  guint               n_labels;
  const char         *row_title;
  const char         *column_title;
  int                 selected_row;
  int                 selected_column;
};

typedef struct _WenPlotAxis WenPlotAxis;

/**
 * WenPlotAxis:
 * @title: what it is
 * @values: of each line; not a number where a line has none, or the index of a name
 * @names: (array length=n_names) (nullable): of values that are no numbers, from below
 * @n_names: how many
 * @is_logarithmic: whether each power of ten is as long; values that are not above 0 count as none
 * @is_share: the values are shares, shown in per cent
 *
 * One axis of parallel coordinates.
 */
struct _WenPlotAxis
{
  const char         *title;
  const double       *values;
  const char * const *names;
  guint               n_names;
  gboolean            is_logarithmic;
  gboolean            is_share;
};

typedef struct _WenPlotParallel WenPlotParallel;

/**
 * WenPlotParallel:
 * @axes: (array length=n_axes): from left to right; the last one says how good a line is
 * @n_axes: how many
 * @n_lines: how many values each axis has
 * @highlighted_line: the line that is marked, with its values, or -1
 *
 * Things of which many quantities are known, each a line across an axis for each quantity.
 */
struct _WenPlotParallel
{
  const WenPlotAxis *axes;
  gsize              n_axes;
  gsize              n_lines;
  int                highlighted_line;
};

WEN_API
const WenPlotStyle *wen_plot_get_style         (gboolean                dark);
WEN_API
double              wen_plot_choose_tick_step  (double                  range,
                                                guint                   max_ticks);
WEN_API
void                wen_plot_draw_curves       (cairo_t                *cr,
                                                double                  width,
                                                double                  height,
                                                const WenPlotStyle     *style,
                                                const WenPlotCurves    *plot);
WEN_API
double              wen_plot_find_curves_x     (double                  width,
                                                double                  height,
                                                const WenPlotStyle     *style,
                                                const WenPlotCurves    *plot,
                                                double                  pointer_x);
WEN_API
void                wen_plot_draw_histogram    (cairo_t                *cr,
                                                double                  width,
                                                double                  height,
                                                const WenPlotStyle     *style,
                                                const WenPlotHistogram *plot);
WEN_API
double              wen_plot_find_histogram_x  (double                  width,
                                                double                  height,
                                                const WenPlotStyle     *style,
                                                const WenPlotHistogram *plot,
                                                double                  pointer_x);
WEN_API
void                wen_plot_draw_heat_map     (cairo_t                *cr,
                                                double                  width,
                                                double                  height,
                                                const WenPlotStyle     *style,
                                                const WenPlotHeatMap   *plot);
WEN_API
gboolean            wen_plot_find_heat_map_cell (double                 width,
                                                 double                 height,
                                                 const WenPlotStyle    *style,
                                                 const WenPlotHeatMap  *plot,
                                                 double                 pointer_x,
                                                 double                 pointer_y,
                                                 guint                 *row,
                                                 guint                 *column);
WEN_API
void                wen_plot_draw_parallel     (cairo_t                *cr,
                                                double                  width,
                                                double                  height,
                                                const WenPlotStyle     *style,
                                                const WenPlotParallel  *plot);
WEN_API
int                 wen_plot_find_parallel_line (double                 width,
                                                 double                 height,
                                                 const WenPlotStyle    *style,
                                                 const WenPlotParallel *plot,
                                                 double                 pointer_x,
                                                 double                 pointer_y);

G_END_DECLS
