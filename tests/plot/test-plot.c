/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plots put ink where it belongs, and draw nothing wrong of nothing. */

#include "config.h"

#include "wen-plot-private.h"

#include <math.h>

#define WIDTH 400
#define HEIGHT 300

static void
test_tick_steps (void)
{
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (1, 5), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (1, 10), 0.1, 1e-12);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (1, 3), 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (6, 6), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (7, 6), 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (1234, 4), 500, 1e-9);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (0.037, 4), 0.01, 1e-12);
  g_assert_cmpfloat_with_epsilon (wen_plot_choose_tick_step (1e9, 1), 1e9, 1);
}

static void
test_numbers (void)
{
  g_autofree char *share = wen_plot_format_number (0.25, 0.05, TRUE);
  g_autofree char *whole = wen_plot_format_number (300, 100, FALSE);
  g_autofree char *decimal = wen_plot_format_number (0.4, 0.2, FALSE);

  g_assert_cmpstr (share, ==, "25 %");
  g_assert_cmpstr (whole, ==, "300");
  g_assert_cmpstr (decimal, ==, "0.4");
}

/* Of many points few are drawn, but the extremes among them. */
static void
test_thinning_keeps_extremes (void)
{
  const gsize n_points = 100000;
  const gsize n_columns = 100;
  g_autofree double *x = g_new (double, n_points);
  g_autofree double *y = g_new (double, n_points);
  g_autofree gsize *kept = g_new (gsize, 4 * n_columns + 8);
  gboolean has_peak = FALSE;
  gboolean has_hole = FALSE;
  gsize n_kept;

  for (gsize i = 0; i < n_points; i++)
    {
      x[i] = (double) i / (double) n_points;
      y[i] = sin ((double) i);
    }
  y[12345] = 7;
  y[54321] = -7;
  y[777] = NAN;

  n_kept = wen_plot_thin (x, y, n_points, 1, n_columns, kept);
  g_assert_cmpuint (n_kept, <=, 4 * n_columns + 4);
  for (gsize i = 0; i < n_kept; i++)
    {
      g_assert_true (isfinite (y[kept[i]]));
      if (i > 0)
        g_assert_cmpuint (kept[i], >, kept[i - 1]);
      has_peak |= kept[i] == 12345;
      has_hole |= kept[i] == 54321;
    }
  g_assert_true (has_peak);
  g_assert_true (has_hole);
  g_assert_cmpuint (kept[0], ==, 0);
  g_assert_cmpuint (kept[n_kept - 1], ==, n_points - 1);
}

static cairo_surface_t *
new_surface (cairo_t **cr)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);

  *cr = cairo_create (surface);
  return surface;
}

static guint32
get_pixel (cairo_surface_t *surface,
           int              x,
           int              y)
{
  const guint8 *data;

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface) + 4 * x;
  return *(const guint32 *) (const void *) data & 0xFFFFFF;
}

static guint32
to_pixel (const WenPlotColor *color)
{
  return (guint32) lround (color->red * 255) << 16 | (guint32) lround (color->green * 255) << 8
         | (guint32) lround (color->blue * 255);
}

/* Cairo rounds in steps of its own. */
static gboolean
is_near (guint32 a,
         guint32 b)
{
  for (guint shift = 0; shift < 24; shift += 8)
    if (ABS ((int) (a >> shift & 255) - (int) (b >> shift & 255)) > 2)
      return FALSE;
  return TRUE;
}

static guint
count_pixels (cairo_surface_t *surface,
              guint32          pixel)
{
  guint n = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      n += is_near (get_pixel (surface, x, y), pixel);
  return n;
}

static void
finish (cairo_t         *cr,
        cairo_surface_t *surface)
{
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* A level line at the middle: the column of pixels at its centre has the series'
 * colour in the middle of the plot and nowhere far from it. */
static void
test_curve_is_where_it_belongs (void)
{
  const WenPlotStyle *style = wen_plot_get_style (FALSE);
  const double x[] = { 0, 10 };
  const double y[] = { 0.5, 0.5 };
  WenPlotSeries series = { "a", x, y, 2, 0, FALSE, FALSE };
  WenPlotCurves plot = { "Accuracy", "Epoch", &series, 1, 10, TRUE, NAN, NULL, NAN };
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);
  int first = -1;
  int last = -1;

  wen_plot_draw_curves (cr, WIDTH, HEIGHT, style, &plot);
  for (int row = 60; row < HEIGHT; row++)
    if (get_pixel (surface, WIDTH / 2, row) == to_pixel (&style->series[0]))
      {
        first = first < 0 ? row : first;
        last = row;
      }
  g_assert_cmpint (first, >, 100);
  g_assert_cmpint (last, <, 200);
  g_assert_cmpint (last - first, <=, 3);

  g_assert_cmpfloat_with_epsilon (wen_plot_find_curves_x (WIDTH, HEIGHT, style, &plot, WIDTH - 18), 10, 1e-9);
  g_assert_true (isnan (wen_plot_find_curves_x (WIDTH, HEIGHT, style, &plot, 2)));
  finish (cr, surface);
}

static void
test_curves_of_nothing (void)
{
  const double x[] = { 0, 0, 1 };
  const double y[] = { NAN, INFINITY, NAN };
  const double extreme[] = { 0, 1e300, -1e300 };
  const WenPlotSeries series[] = {
    { "none", NULL, NULL, 0, 0, TRUE, TRUE },
    { "no numbers", x, y, 3, 1, TRUE, TRUE },
    { "one", x, x, 1, 2, TRUE, TRUE },
    { "extreme", x, extreme, 3, 3, TRUE, TRUE },
  };
  const double sizes[] = { 0, 1, 20, WIDTH };

  for (gsize n = 0; n <= G_N_ELEMENTS (series); n++)
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        WenPlotCurves plot = { "Loss", "Epoch", series, n, i % 2 ? NAN : 0, FALSE, 0.5, "best", 0.5 };
        cairo_t *cr;
        cairo_surface_t *surface = new_surface (&cr);

        wen_plot_draw_curves (cr, sizes[i], sizes[i], wen_plot_get_style (TRUE), &plot);
        finish (cr, surface);
      }
}

/* Where the band is, and nothing else, there is something between the background and the
 * colour of the curve; an axis that fits spans little more than the band. */
static void
test_band (void)
{
  const WenPlotStyle *style = wen_plot_get_style (FALSE);
  const double x[] = { 0, 10 };
  const double y[] = { 0.7, 0.7 };
  const double low[] = { 0.6, 0.6 };
  const double high[] = { 0.8, 0.8 };
  const WenPlotColor *color = &style->series[0];
  WenPlotColor mixed = {
    0.8 * style->background.red + 0.2 * color->red,
    0.8 * style->background.green + 0.2 * color->green,
    0.8 * style->background.blue + 0.2 * color->blue,
  };
  guint n_rows[2] = { 0 };

  for (guint fits = 0; fits < 2; fits++)
    {
      WenPlotSeries series = { "a", x, y, 2, 0, FALSE, FALSE, low, high };
      WenPlotCurves plot = { "Accuracy", "Rows", &series, 1, 10, TRUE, NAN, NULL, NAN, fits };
      cairo_t *cr;
      cairo_surface_t *surface = new_surface (&cr);

      wen_plot_draw_curves (cr, WIDTH, HEIGHT, style, &plot);
      for (int row = 0; row < HEIGHT; row++)
        n_rows[fits] += is_near (get_pixel (surface, WIDTH / 2, row), to_pixel (&mixed));
      finish (cr, surface);
    }
  /* Some 180 rows of pixels are the axis: a fifth of them, or nearly all. */
  g_assert_cmpuint (n_rows[0], >, 20);
  g_assert_cmpuint (n_rows[0], <, 60);
  g_assert_cmpuint (n_rows[1], >, 120);
}

static void
test_histogram (void)
{
  const WenPlotStyle *style = wen_plot_get_style (FALSE);
  const guint64 few[] = { 1, 0, 0, 0 };
  const guint64 many[] = { 1, 1, 1, 1 };
  guint n_pixels[2];

  for (guint i = 0; i < 2; i++)
    {
      WenPlotHistogram plot = { "Characters", i == 0 ? few : many, 4, 10, 25, "longest" };
      cairo_t *cr;
      cairo_surface_t *surface = new_surface (&cr);

      wen_plot_draw_histogram (cr, WIDTH, HEIGHT, style, &plot);
      n_pixels[i] = count_pixels (surface, to_pixel (&style->series[0]));
      finish (cr, surface);
    }
  g_assert_cmpuint (n_pixels[0], >, 1000);
  /* Four bars of the same height have four times the ink. */
  g_assert_cmpuint (n_pixels[1], >, 3.7 * n_pixels[0]);
  g_assert_cmpuint (n_pixels[1], <, 4.3 * n_pixels[0]);
}

static void
test_heat_map_cells (void)
{
  const WenPlotStyle *style = wen_plot_get_style (FALSE);
  const char *const labels[] = { "好评", "差评", "a label with a long name that does not fit" };
  const guint64 counts[] = { 5, 0, 0, 0, 5, 0, 0, 5, 0 };
  WenPlotHeatMap plot = { labels, counts, 3, "True", "Predicted", 2, 1 };
  guint seen[3][3] = { { 0 } };
  guint row;
  guint column;
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);

  wen_plot_draw_heat_map (cr, WIDTH, HEIGHT, style, &plot);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      if (wen_plot_find_heat_map_cell (WIDTH, HEIGHT, style, &plot, x, y, &row, &column))
        {
          g_assert_cmpuint (row, <, 3);
          g_assert_cmpuint (column, <, 3);
          seen[row][column]++;
          /* A full cell has the full colour, of right answers or of mistakes. */
          if (get_pixel (surface, x, y) == to_pixel (&style->series[0]))
            g_assert_true (row == column && row < 2);
          if (get_pixel (surface, x, y) == to_pixel (&style->series[1]))
            g_assert_true (row == 2 && column == 1);
        }
  for (row = 0; row < 3; row++)
    for (column = 0; column < 3; column++)
      g_assert_cmpuint (seen[row][column], >, 500);
  g_assert_false (wen_plot_find_heat_map_cell (WIDTH, HEIGHT, style, &plot, 1, 1, &row, &column));
  finish (cr, surface);
}

static void
test_heat_map_of_many_labels (void)
{
  const guint n_labels = 150;
  g_autofree const char **labels = g_new (const char *, n_labels);
  g_autofree guint64 *counts = g_new0 (guint64, n_labels * n_labels);
  WenPlotHeatMap plot = { labels, counts, n_labels, "True", "Predicted", -1, -1 };
  cairo_t *cr;
  cairo_surface_t *surface = new_surface (&cr);

  for (guint i = 0; i < n_labels; i++)
    labels[i] = "label";
  wen_plot_draw_heat_map (cr, WIDTH, HEIGHT, wen_plot_get_style (TRUE), &plot);
  wen_plot_draw_heat_map (cr, 3, 3, wen_plot_get_style (TRUE), &plot);
  plot.n_labels = 0;
  wen_plot_draw_heat_map (cr, WIDTH, HEIGHT, wen_plot_get_style (TRUE), &plot);
  finish (cr, surface);
}

/* Two lines that cross: each is found where it is, and drawn in the colour of the series. */
static void
test_parallel_lines (void)
{
  const WenPlotStyle *style = wen_plot_get_style (FALSE);
  const double rates[] = { 0.0001, 0.01 };
  const double kinds[] = { 1, 0 };
  const double shares[] = { 0.5, 0.9 };
  const char *const names[] = { "linear", "small" };
  const WenPlotAxis axes[] = {
    { "Learning Rate", rates, NULL, 0, TRUE, FALSE },
    { "Model", kinds, names, 2, FALSE, FALSE },
    { "Accuracy", shares, NULL, 0, FALSE, TRUE },
  };
  WenPlotParallel plot = { axes, 3, 2, -1 };
  guint n_found[2] = { 0 };
  guint n_pixels[2];
  double lowest[2] = { 0 };

  for (guint i = 0; i < 2; i++)
    {
      cairo_t *cr;
      cairo_surface_t *surface = new_surface (&cr);

      plot.highlighted_line = i == 0 ? -1 : 1;
      wen_plot_draw_parallel (cr, WIDTH, HEIGHT, style, &plot);
      n_pixels[i] = count_pixels (surface, to_pixel (&style->series[1]));
      finish (cr, surface);
    }
  g_assert_cmpuint (n_pixels[0], ==, 0);
  g_assert_cmpuint (n_pixels[1], >, 200);

  for (int x = 0; x < WIDTH; x += 2)
    for (int y = 0; y < HEIGHT; y++)
      {
        int line = wen_plot_find_parallel_line (WIDTH, HEIGHT, style, &plot, x, y);

        g_assert_cmpint (line, <, 2);
        if (line < 0)
          continue;
        n_found[line]++;
        if (x < 60)
          lowest[line] = MAX (lowest[line], y);
      }
  g_assert_cmpuint (n_found[0], >, 500);
  g_assert_cmpuint (n_found[1], >, 500);
  /* The smaller rate begins further down. */
  g_assert_cmpfloat (lowest[0], >, lowest[1] + 100);
  g_assert_cmpint (wen_plot_find_parallel_line (WIDTH, HEIGHT, style, &plot, 1, HEIGHT / 2), ==, -1);
}

/* Lines without values, of the same values, of none at all, and no room. */
static void
test_parallel_nothing (void)
{
  const double none[] = { NAN, 0, -1 };
  const double same[] = { 5, 5, 5 };
  const double some[] = { NAN, 1e300, -1e300 };
  const WenPlotAxis axes[] = {
    { "Nothing", none, NULL, 0, TRUE, FALSE },
    { "Same", same, NULL, 0, FALSE, FALSE },
    { "Some", some, NULL, 0, FALSE, TRUE },
  };
  const double sizes[] = { 0, 1, 20, WIDTH };

  for (gsize n_axes = 0; n_axes <= G_N_ELEMENTS (axes); n_axes++)
    for (gsize n_lines = 0; n_lines <= 3; n_lines += 3)
      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          WenPlotParallel plot = { axes, n_axes, n_lines, 2 };
          cairo_t *cr;
          cairo_surface_t *surface = new_surface (&cr);

          wen_plot_draw_parallel (cr, sizes[i], sizes[i], wen_plot_get_style (TRUE), &plot);
          wen_plot_find_parallel_line (sizes[i], sizes[i], wen_plot_get_style (TRUE), &plot, 5, 5);
          finish (cr, surface);
        }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/plot/tick-steps", test_tick_steps);
  g_test_add_func ("/wen/plot/numbers", test_numbers);
  g_test_add_func ("/wen/plot/thinning", test_thinning_keeps_extremes);
  g_test_add_func ("/wen/plot/curves/place", test_curve_is_where_it_belongs);
  g_test_add_func ("/wen/plot/curves/nothing", test_curves_of_nothing);
  g_test_add_func ("/wen/plot/curves/band", test_band);
  g_test_add_func ("/wen/plot/histogram", test_histogram);
  g_test_add_func ("/wen/plot/heat-map/cells", test_heat_map_cells);
  g_test_add_func ("/wen/plot/heat-map/many-labels", test_heat_map_of_many_labels);
  g_test_add_func ("/wen/plot/parallel/lines", test_parallel_lines);
  g_test_add_func ("/wen/plot/parallel/nothing", test_parallel_nothing);

  return g_test_run ();
}
