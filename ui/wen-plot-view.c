/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Shows a plot in the style of its surroundings, and saves it as a picture. */

#include "config.h"

#include "wen-plot-view.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n.h>
#include <math.h>

/* Pictures made of pixels have this many for one on the screen. */
#define PNG_SCALE 2

/**
 * WenPlotView:
 *
 * Emits "hover" with a place while the pointer moves, with negative numbers when
 * it leaves, "pressed" with a place when it is pressed, "dragged" with one while it
 * moves then, and "released" at the end of that.
 */
struct _WenPlotView
{
  AdwBin parent_instance;

  /* template widgets */
  GtkWidget *drawing_area;

  /* borrowed */
  WenPlotDrawFunc draw_func;
  gpointer        draw_data;
};

enum
{
  SIGNAL_HOVER,
  SIGNAL_PRESSED,
  SIGNAL_DRAGGED,
  SIGNAL_RELEASED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenPlotView, wen_plot_view, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

static void
draw_cb (GtkDrawingArea *area,
         cairo_t        *cr,
         int             width,
         int             height,
         gpointer        user_data)
{
  WenPlotView *self = user_data;

  if (self->draw_func)
    self->draw_func (cr, width, height, wen_plot_view_get_style (self), self->draw_data);
}

static void
motion_cb (WenPlotView *self,
           double       x,
           double       y)
{
  g_signal_emit (self, signals[SIGNAL_HOVER], 0, x, y);
}

static void
leave_cb (WenPlotView *self)
{
  g_signal_emit (self, signals[SIGNAL_HOVER], 0, -1.0, -1.0);
}

static void
pressed_cb (WenPlotView *self,
            int          n_press,
            double       x,
            double       y)
{
  g_signal_emit (self, signals[SIGNAL_PRESSED], 0, x, y);
}

static void
drag_update_cb (WenPlotView    *self,
                double          offset_x,
                double          offset_y,
                GtkGestureDrag *gesture)
{
  double x;
  double y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    g_signal_emit (self, signals[SIGNAL_DRAGGED], 0, x + offset_x, y + offset_y);
}

static void
drag_end_cb (WenPlotView *self)
{
  g_signal_emit (self, signals[SIGNAL_RELEASED], 0);
}

/* On paper the light style is right, whatever the screen looks like. */
static cairo_status_t
draw_to_surface (WenPlotView     *self,
                 cairo_surface_t *surface,
                 double           scale)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;
  double width;
  double height;

  wen_plot_view_get_size (self, &width, &height);
  cairo_scale (cr, scale, scale);
  self->draw_func (cr, width, height, wen_plot_get_style (FALSE), self->draw_data);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

static cairo_status_t
save_picture (WenPlotView *self,
              const char  *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  gboolean is_png = !g_str_has_suffix (lower, ".svg") && !g_str_has_suffix (lower, ".pdf");
  cairo_surface_t *surface;
  cairo_status_t status;
  double width;
  double height;

  wen_plot_view_get_size (self, &width, &height);
  if (is_png)
    surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width * PNG_SCALE, (int) height * PNG_SCALE);
  else if (g_str_has_suffix (lower, ".svg"))
    surface = cairo_svg_surface_create (path, width, height);
  else
    surface = cairo_pdf_surface_create (path, width, height);

  status = draw_to_surface (self, surface, is_png ? PNG_SCALE : 1);
  if (status == CAIRO_STATUS_SUCCESS && is_png)
    status = cairo_surface_write_to_png (surface, path);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

static void
show_save_error (WenPlotView    *self,
                 cairo_status_t  status)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), _("The Picture Was Not Saved"),
                                              cairo_status_to_string (status));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_response_cb (WenPlotView          *self,
                  int                   response,
                  GtkFileChooserNative *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = g_file_get_path (file);
      cairo_status_t status = path ? save_picture (self, path) : CAIRO_STATUS_WRITE_ERROR;

      if (status != CAIRO_STATUS_SUCCESS)
        show_save_error (self, status);
    }
  g_object_unref (chooser);
}

static void
save_action_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  WenPlotView *self = WEN_PLOT_VIEW (widget);
  GtkFileChooserNative *chooser;

  if (self->draw_func == NULL)
    return;

  chooser = gtk_file_chooser_native_new (_("Save Picture"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  /* Translators: the proposed name of a picture file; keep the ending */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), _("plot.png"));
  g_signal_connect_object (chooser, "response", G_CALLBACK (save_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
wen_plot_view_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WEN_TYPE_PLOT_VIEW);

  G_OBJECT_CLASS (wen_plot_view_parent_class)->dispose (object);
}

static void
wen_plot_view_class_init (WenPlotViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wen_plot_view_dispose;

  signals[SIGNAL_HOVER] =
    g_signal_new ("hover", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_DRAGGED] =
    g_signal_new ("dragged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_RELEASED] =
    g_signal_new ("released", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_PRESSED] =
    g_signal_new ("pressed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);

  gtk_widget_class_install_action (widget_class, "plot.save", NULL, save_action_cb);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-plot-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WenPlotView, drawing_area);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);
  gtk_widget_class_bind_template_callback (widget_class, leave_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_update_cb);
  gtk_widget_class_bind_template_callback (widget_class, drag_end_cb);
}

static void
wen_plot_view_init (WenPlotView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->drawing_area), draw_cb, self, NULL);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (wen_plot_view_redraw), self,
                           G_CONNECT_SWAPPED);
}

/**
 * wen_plot_view_new:
 *
 * Makes a view that shows nothing yet.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_plot_view_new (void)
{
  return g_object_new (WEN_TYPE_PLOT_VIEW, NULL);
}

/**
 * wen_plot_view_set_draw_func:
 * @self: a view
 * @func: draws the plot
 * @user_data: what @func gets; must live as long as @self
 *
 * Sets what is shown.
 */
void
wen_plot_view_set_draw_func (WenPlotView     *self,
                             WenPlotDrawFunc  func,
                             gpointer         user_data)
{
  g_return_if_fail (WEN_IS_PLOT_VIEW (self));

  self->draw_func = func;
  self->draw_data = user_data;
  wen_plot_view_redraw (self);
}

/**
 * wen_plot_view_set_description:
 * @self: a view
 * @description: what the plot shows, in words
 *
 * Says what is shown, for those who do not see it.
 */
void
wen_plot_view_set_description (WenPlotView *self,
                               const char  *description)
{
  g_return_if_fail (WEN_IS_PLOT_VIEW (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drawing_area), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);
}

/**
 * wen_plot_view_redraw:
 * @self: a view
 *
 * Draws the plot anew, because its data changed.
 */
void
wen_plot_view_redraw (WenPlotView *self)
{
  g_return_if_fail (WEN_IS_PLOT_VIEW (self));

  gtk_widget_queue_draw (self->drawing_area);
}

/**
 * wen_plot_view_get_style:
 * @self: a view
 *
 * Gets the style that fits the surroundings now.
 *
 * Returns: (transfer none): the style
 */
const WenPlotStyle *
wen_plot_view_get_style (WenPlotView *self)
{
  return wen_plot_get_style (adw_style_manager_get_dark (adw_style_manager_get_default ()));
}

/**
 * wen_plot_view_get_size:
 * @self: a view
 * @width: (out): of the plot
 * @height: (out): of the plot
 *
 * Gets the size at which the plot is drawn.
 */
void
wen_plot_view_get_size (WenPlotView *self,
                        double      *width,
                        double      *height)
{
  g_return_if_fail (WEN_IS_PLOT_VIEW (self));

  *width = gtk_widget_get_width (self->drawing_area);
  *height = gtk_widget_get_height (self->drawing_area);
}
