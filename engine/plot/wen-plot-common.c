/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the drawing functions share: styles, text, axes, and which points to draw. */

#include "config.h"

#include "wen-plot-private.h"

#include <math.h>
#include <pango/pangocairo.h>

/* Blue, orange, green and purple of about equal weight, after the safe palette of
 * Okabe and Ito 2008. */
static const WenPlotStyle light_style = {
  .background = { 1, 1, 1 },
  .text = { 0.13, 0.13, 0.15 },
  .dim = { 0.38, 0.38, 0.42 },
  .grid = { 0.88, 0.88, 0.90 },
  .series = { { 0.00, 0.40, 0.70 }, { 0.84, 0.37, 0.00 }, { 0.00, 0.55, 0.40 }, { 0.60, 0.30, 0.60 } },
  .font_size = 12,
};

static const WenPlotStyle dark_style = {
  .background = { 0.18, 0.18, 0.20 },
  .text = { 0.95, 0.95, 0.96 },
  .dim = { 0.70, 0.70, 0.73 },
  .grid = { 0.30, 0.30, 0.33 },
  .series = { { 0.42, 0.72, 0.96 }, { 1.00, 0.66, 0.30 }, { 0.36, 0.83, 0.66 }, { 0.86, 0.62, 0.86 } },
  .font_size = 12,
};

#define TICK_GAP 6
/* Ticks closer than this are hard to read. */
#define TICK_PIXELS_X 60
#define TICK_PIXELS_Y 34

/**
 * wen_plot_get_style:
 * @dark: whether the surroundings are dark
 *
 * Gets a style that fits its surroundings.
 *
 * Returns: (transfer none): the style
 */
const WenPlotStyle *
wen_plot_get_style (gboolean dark)
{
  return dark ? &dark_style : &light_style;
}

void
wen_plot_set_color (cairo_t            *cr,
                    const WenPlotColor *color,
                    double              alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, alpha);
}

void
wen_plot_fill (cairo_t            *cr,
               double              width,
               double              height,
               const WenPlotStyle *style)
{
  wen_plot_set_color (cr, &style->background, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
}

static PangoLayout *
create_layout (PangoContext       *context,
               const WenPlotStyle *style,
               const char         *text)
{
  PangoLayout *layout = pango_layout_new (context);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");

  pango_font_description_set_absolute_size (font, style->font_size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_text (layout, text, -1);
  pango_font_description_free (font);
  return layout;
}

void
wen_plot_draw_text (cairo_t            *cr,
                    const WenPlotStyle *style,
                    const WenPlotColor *color,
                    const char         *text,
                    double              x,
                    double              y,
                    double              max_width,
                    WenPlotAlign        align)
{
  PangoContext *context = pango_cairo_create_context (cr);
  PangoLayout *layout = create_layout (context, style, text);
  int width;
  int height;

  if (max_width > 0)
    {
      pango_layout_get_pixel_size (layout, &width, NULL);
      if (width > max_width)
        {
          pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
          pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
        }
    }
  pango_layout_get_pixel_size (layout, &width, &height);
  if (align == WEN_PLOT_ALIGN_CENTER)
    x -= width / 2.0;
  else if (align == WEN_PLOT_ALIGN_END)
    x -= width;

  wen_plot_set_color (cr, color, 1);
  cairo_move_to (cr, x, y - height / 2.0);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
  g_object_unref (layout);
  g_object_unref (context);
}

/* In pixels. */
double
wen_plot_measure_text (const WenPlotStyle *style,
                       const char         *text)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoLayout *layout = create_layout (context, style, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  g_object_unref (layout);
  g_object_unref (context);
  return width;
}

/**
 * wen_plot_choose_tick_step:
 * @range: length of the axis, above 0
 * @max_ticks: how many steps there may be
 *
 * Chooses the distance between the ticks of an axis: 1, 2 or 5 times a power of
 * ten.
 *
 * Returns: the smallest such distance that makes no more than @max_ticks steps
 */
double
wen_plot_choose_tick_step (double range,
                           guint  max_ticks)
{
  static const double multiples[] = { 1, 2, 5, 10 };
  double power;

  g_return_val_if_fail (range > 0 && isfinite (range), 1);

  power = pow (10, floor (log10 (range / MAX (1, max_ticks))));
  for (gsize i = 0; i < G_N_ELEMENTS (multiples); i++)
    if (range / (multiples[i] * power) <= MAX (1, max_ticks) * (1 + 1e-9))
      return multiples[i] * power;
  return 10 * power;
}

/* With as many decimals as the step between ticks needs. */
char *
wen_plot_format_number (double   value,
                        double   step,
                        gboolean is_share)
{
  double scale = is_share ? 100 : 1;
  int n_decimals = (int) CLAMP (ceil (-log10 (step * scale) - 1e-9), 0, 6);

  return g_strdup_printf (is_share ? "%.*f %%" : "%.*f", n_decimals, value * scale);
}

/* Grid and numbers of both axes.  The horizontal one begins at 0. */
void
wen_plot_draw_axes (cairo_t            *cr,
                    const WenPlotStyle *style,
                    const WenPlotArea  *area,
                    double              x_maximum,
                    double              y_minimum,
                    double              y_maximum,
                    gboolean            is_share,
                    const char         *x_title)
{
  double x_step = wen_plot_choose_tick_step (x_maximum, (guint) MAX (1, area->width / TICK_PIXELS_X));
  double y_range = y_maximum - y_minimum;
  double y_step = wen_plot_choose_tick_step (y_range, (guint) MAX (1, area->height / TICK_PIXELS_Y));
  double below = area->y + area->height + TICK_GAP + style->font_size / 2;

  cairo_set_line_width (cr, 1);
  /* Adding 0 makes 0 of -0. */
  for (double tick = ceil (y_minimum / y_step - 1e-9) + 0.0; tick * y_step <= y_maximum + y_range * 1e-9; tick++)
    {
      double y = area->y + area->height * (1 - (tick * y_step - y_minimum) / y_range);
      g_autofree char *number = wen_plot_format_number (tick * y_step, y_step, is_share);

      wen_plot_set_color (cr, tick * y_step <= y_minimum ? &style->dim : &style->grid, 1);
      cairo_move_to (cr, area->x, floor (y) + 0.5);
      cairo_line_to (cr, area->x + area->width, floor (y) + 0.5);
      cairo_stroke (cr);
      wen_plot_draw_text (cr, style, &style->dim, number, area->x - TICK_GAP, y, 0, WEN_PLOT_ALIGN_END);
    }
  for (guint i = 0; i * x_step <= x_maximum * (1 + 1e-9); i++)
    {
      double x = area->x + area->width * i * x_step / x_maximum;
      g_autofree char *number = wen_plot_format_number (i * x_step, x_step, FALSE);

      wen_plot_draw_text (cr, style, &style->dim, number, x, below, 0, WEN_PLOT_ALIGN_CENTER);
    }
  wen_plot_draw_text (cr, style, &style->dim, x_title, area->x + area->width / 2,
                      below + style->font_size * 1.5, area->width, WEN_PLOT_ALIGN_CENTER);
}

/* A dashed vertical line with a name at its top. */
void
wen_plot_draw_mark (cairo_t            *cr,
                    const WenPlotStyle *style,
                    const WenPlotArea  *area,
                    double              x,
                    const char         *name)
{
  const double dashes[] = { 4, 3 };

  cairo_save (cr);
  wen_plot_set_color (cr, &style->dim, 1);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, floor (x) + 0.5, area->y);
  cairo_line_to (cr, floor (x) + 0.5, area->y + area->height);
  cairo_stroke (cr);
  cairo_restore (cr);

  if (name != NULL)
    {
      gboolean left = x > area->x + area->width / 2;
      double width = MIN (wen_plot_measure_text (style, name), area->width / 2);

      /* Or nobody could read it on what is drawn there. */
      wen_plot_set_color (cr, &style->background, 0.8);
      cairo_rectangle (cr, left ? x - TICK_GAP - width : x + TICK_GAP, area->y, width, 2 * style->font_size);
      cairo_fill (cr);
      wen_plot_draw_text (cr, style, &style->dim, name, x + (left ? -TICK_GAP : TICK_GAP),
                          area->y + style->font_size, area->width / 2,
                          left ? WEN_PLOT_ALIGN_END : WEN_PLOT_ALIGN_START);
    }
}

/* Chooses the points that a width can show: of those in one column of pixels the
 * first, the lowest, the highest and the last, in their order.  kept has room for
 * 4 * n_columns + 4 indices.  Points that are no numbers are left out. */
gsize
wen_plot_thin (const double *x,
               const double *y,
               gsize         n_points,
               double        x_maximum,
               gsize         n_columns,
               gsize        *kept)
{
  gsize n_kept = 0;
  gsize i = 0;

  while (i < n_points)
    {
      gsize column = (gsize) CLAMP (x[i] / x_maximum * (double) n_columns, 0, (double) n_columns);
      gsize chosen[4];
      gsize n_chosen = 0;
      gsize lowest = 0;
      gsize highest = 0;
      gsize last = 0;

      for (; i < n_points && (gsize) CLAMP (x[i] / x_maximum * (double) n_columns, 0, (double) n_columns) == column;
           i++)
        {
          if (!isfinite (y[i]))
            continue;
          if (n_chosen == 0)
            {
              chosen[n_chosen++] = i;
              lowest = highest = i;
            }
          lowest = y[i] < y[lowest] ? i : lowest;
          highest = y[i] > y[highest] ? i : highest;
          last = i;
        }
      if (n_chosen == 0)
        continue;
      chosen[n_chosen++] = MIN (lowest, highest);
      chosen[n_chosen++] = MAX (lowest, highest);
      chosen[n_chosen++] = last;
      for (gsize j = 0; j < n_chosen; j++)
        if (n_kept == 0 || chosen[j] > kept[n_kept - 1])
          kept[n_kept++] = chosen[j];
    }
  return n_kept;
}
