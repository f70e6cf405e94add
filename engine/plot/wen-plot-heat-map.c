/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A square table of counts, coloured by their share of the row: which label is
 * taken for which. */

#include "config.h"

#include "wen-plot-private.h"

#include <inttypes.h>
#include <math.h>

#define MARGIN 12
/* Share of the width that the names of rows may take. */
#define NAMES_SHARE 0.3
/* Smaller cells show no numbers. */
#define SMALLEST_CELL_WITH_NUMBER 30
/* Names that are turned stand on end; narrower than this they are left out. */
#define SMALLEST_CELL_WITH_NAME 11

typedef struct
{
  WenPlotArea cells;
  double      cell_width;
  double      cell_height;
  double      names_width;
  double      names_height;
  gboolean    turns_names;
} Layout;

static Layout
lay_out (double                width,
         double                height,
         const WenPlotStyle   *style,
         const WenPlotHeatMap *plot)
{
  double line = style->font_size * 1.5;
  double widest = 0;
  Layout layout;

  for (guint i = 0; i < plot->n_labels; i++)
    widest = MAX (widest, wen_plot_measure_text (style, plot->labels[i]));

  layout.names_width = MIN (widest, width * NAMES_SHARE);
  layout.cells.x = MARGIN + line + layout.names_width + 6;
  layout.cells.width = MAX (1, width - layout.cells.x - MARGIN);
  layout.cell_width = layout.cells.width / MAX (1, plot->n_labels);
  layout.turns_names = widest > layout.cell_width - 6;
  layout.names_height = layout.turns_names ? MIN (widest, height * NAMES_SHARE) : line;
  layout.cells.y = MARGIN + line + layout.names_height + 6;
  layout.cells.height = MAX (1, height - layout.cells.y - MARGIN);
  layout.cell_height = layout.cells.height / MAX (1, plot->n_labels);
  return layout;
}

static double
mix (double a,
     double b,
     double share)
{
  return a + (b - a) * share;
}

static void
draw_cell (cairo_t              *cr,
           const WenPlotStyle   *style,
           const WenPlotHeatMap *plot,
           const Layout         *layout,
           guint                 row,
           guint                 column,
           guint64               row_sum)
{
  guint64 count = plot->counts[(gsize) row * plot->n_labels + column];
  double share = row_sum > 0 ? (double) count / (double) row_sum : 0;
  /* Right answers and mistakes have different colours. */
  const WenPlotColor *color = &style->series[row == column ? 0 : 1];
  double x = layout->cells.x + column * layout->cell_width;
  double y = layout->cells.y + row * layout->cell_height;
  double gap = MIN (layout->cell_width, layout->cell_height) > 12 ? 1 : 0;
  /* A single mistake among many rows can be seen. */
  double strength = count > 0 ? mix (0.12, 1, sqrt (share)) : 0.03;

  wen_plot_set_color (cr, &(WenPlotColor) {
                            mix (style->background.red, color->red, strength),
                            mix (style->background.green, color->green, strength),
                            mix (style->background.blue, color->blue, strength),
                          },
                      1);
  cairo_rectangle (cr, x + gap, y + gap, layout->cell_width - 2 * gap, layout->cell_height - 2 * gap);
  cairo_fill (cr);

  if ((int) row == plot->selected_row && (int) column == plot->selected_column)
    {
      wen_plot_set_color (cr, &style->text, 1);
      cairo_set_line_width (cr, 2);
      cairo_rectangle (cr, x + 1.5, y + 1.5, layout->cell_width - 3, layout->cell_height - 3);
      cairo_stroke (cr);
    }
  if (MIN (layout->cell_width, layout->cell_height * 1.5) >= SMALLEST_CELL_WITH_NUMBER)
    {
      g_autofree char *number = g_strdup_printf ("%" PRIu64, count);

      wen_plot_draw_text (cr, style, strength > 0.55 ? &style->background : &style->text, number,
                          x + layout->cell_width / 2, y + layout->cell_height / 2, layout->cell_width,
                          WEN_PLOT_ALIGN_CENTER);
    }
}

static void
draw_turned_text (cairo_t            *cr,
                  const WenPlotStyle *style,
                  const WenPlotColor *color,
                  const char         *text,
                  double              x,
                  double              y,
                  double              max_width,
                  WenPlotAlign        align)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, -G_PI / 2);
  wen_plot_draw_text (cr, style, color, text, 0, 0, max_width, align);
  cairo_restore (cr);
}

static void
draw_names (cairo_t              *cr,
            const WenPlotStyle   *style,
            const WenPlotHeatMap *plot,
            const Layout         *layout)
{
  for (guint i = 0; i < plot->n_labels; i++)
    {
      double x = layout->cells.x + (i + 0.5) * layout->cell_width;
      double y = layout->cells.y + (i + 0.5) * layout->cell_height;

      if (layout->cell_height >= SMALLEST_CELL_WITH_NAME)
        wen_plot_draw_text (cr, style, &style->text, plot->labels[i], layout->cells.x - 6, y, layout->names_width,
                            WEN_PLOT_ALIGN_END);
      if (!layout->turns_names)
        wen_plot_draw_text (cr, style, &style->text, plot->labels[i], x,
                            layout->cells.y - 6 - layout->names_height / 2, layout->cell_width,
                            WEN_PLOT_ALIGN_CENTER);
      else if (layout->cell_width >= SMALLEST_CELL_WITH_NAME)
        draw_turned_text (cr, style, &style->text, plot->labels[i], x, layout->cells.y - 6, layout->names_height,
                          WEN_PLOT_ALIGN_START);
    }
}

/**
 * wen_plot_draw_heat_map: (skip)
 * @cr: where to draw
 * @width: in the units of @cr
 * @height: in the units of @cr
 * @style: how it looks
 * @plot: what to draw
 *
 * Draws a table of counts.  Cells on the diagonal and others have different
 * colours, the stronger the larger their share of the row; numbers stand in cells
 * that have room for them.
 */
void
wen_plot_draw_heat_map (cairo_t              *cr,
                        double                width,
                        double                height,
                        const WenPlotStyle   *style,
                        const WenPlotHeatMap *plot)
{
  Layout layout = lay_out (width, height, style, plot);
  double line = style->font_size * 1.5;

  wen_plot_fill (cr, width, height, style);
  wen_plot_draw_text (cr, style, &style->dim, plot->column_title, layout.cells.x + layout.cells.width / 2,
                      MARGIN + line / 2, layout.cells.width, WEN_PLOT_ALIGN_CENTER);
  draw_turned_text (cr, style, &style->dim, plot->row_title, MARGIN + line / 2,
                    layout.cells.y + layout.cells.height / 2, layout.cells.height, WEN_PLOT_ALIGN_CENTER);
  draw_names (cr, style, plot, &layout);

  for (guint row = 0; row < plot->n_labels; row++)
    {
      guint64 row_sum = 0;

      for (guint column = 0; column < plot->n_labels; column++)
        row_sum += plot->counts[(gsize) row * plot->n_labels + column];
      for (guint column = 0; column < plot->n_labels; column++)
        draw_cell (cr, style, plot, &layout, row, column, row_sum);
    }
}

/**
 * wen_plot_find_heat_map_cell: (skip)
 * @width: as it was drawn
 * @height: as it was drawn
 * @style: as it was drawn
 * @plot: as it was drawn
 * @pointer_x: where the pointer is
 * @pointer_y: where the pointer is
 * @row: (out): row of the cell under it
 * @column: (out): column of the cell under it
 *
 * Finds the cell under the pointer.
 *
 * Returns: whether there is one
 */
gboolean
wen_plot_find_heat_map_cell (double                width,
                             double                height,
                             const WenPlotStyle   *style,
                             const WenPlotHeatMap *plot,
                             double                pointer_x,
                             double                pointer_y,
                             guint                *row,
                             guint                *column)
{
  Layout layout = lay_out (width, height, style, plot);
  double x = (pointer_x - layout.cells.x) / layout.cell_width;
  double y = (pointer_y - layout.cells.y) / layout.cell_height;

  if (x < 0 || y < 0 || x >= plot->n_labels || y >= plot->n_labels)
    return FALSE;
  *row = (guint) y;
  *column = (guint) x;
  return TRUE;
}
