/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long texts are, in tokens, with the maximum length as a line to drag. */

#include "config.h"

#include "wen-length-plot.h"

#include "wen-format.h"
#include "wen-plot-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define PLOT_HEIGHT 190
#define N_BARS 50
/* So many of a thousand texts are shown, and the line: a few very long ones would make
 * the others a single bar. */
#define SHOWN_OF_THOUSAND 995
#define LEAST_LENGTH 2
#define GREATEST_LENGTH 4096

/**
 * WenLengthPlot:
 *
 * Emits "changed" when the line was let go at another length.
 */
struct _WenLengthPlot
{
  AdwBin parent_instance;

  /* borrowed */
  WenPlotView    *view;
  GtkLabel       *sentence_label;

  /* owned */
  WenTokenReport *report;           /* may be NULL */

  guint           maximum;
  guint           dragged;          /* 0: not dragged */
  gboolean        leaves_out;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenLengthPlot, wen_length_plot, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

static guint
get_shown_maximum (WenLengthPlot *self)
{
  return self->dragged > 0 ? self->dragged : self->maximum;
}

/* The length up to which nearly all texts are. */
static guint
find_usual_length (WenTokenReport *report)
{
  guint64 n_texts = wen_token_report_get_figures (report)->n_texts;
  guint64 n_shorter = 0;

  for (guint length = 0; length <= wen_token_report_get_longest (report); length++)
    {
      n_shorter += wen_token_report_count_length (report, length);
      if (n_shorter * 1000 >= n_texts * SHOWN_OF_THOUSAND)
        return length;
    }

  return 1;
}

/* Fills bars, [N_BARS]. */
static WenPlotHistogram
make_plot (WenLengthPlot *self,
           guint64       *bars)
{
  guint range = MAX (find_usual_length (self->report), MIN (self->maximum, 2 * wen_token_report_get_longest (self->report)));
  guint bar_width = MAX (1, (range + N_BARS) / N_BARS);

  for (guint length = 0; length <= wen_token_report_get_longest (self->report); length++)
    if (length / bar_width < N_BARS)
      bars[length / bar_width] += wen_token_report_count_length (self->report, length);

  return (WenPlotHistogram) {
    .x_title = _("tokens in a text"),
    .counts = bars,
    .n_bars = N_BARS,
    .bar_width = bar_width,
    .mark_x = get_shown_maximum (self),
    .mark_name = _("maximum length"),
  };
}

static void
draw (cairo_t            *cr,
      double              width,
      double              height,
      const WenPlotStyle *style,
      gpointer            user_data)
{
  WenLengthPlot *self = user_data;
  guint64 bars[N_BARS] = { 0 };
  WenPlotHistogram plot;

  if (self->report == NULL)
    return;

  plot = make_plot (self, bars);
  wen_plot_draw_histogram (cr, width, height, style, &plot);
}

static void
update (WenLengthPlot *self)
{
  g_autofree char *count = NULL;
  g_autofree char *sentence = NULL;
  guint64 n_texts;
  guint64 n_longer;
  double percent;

  gtk_widget_set_visible (GTK_WIDGET (self), self->report != NULL);
  if (self->report == NULL)
    return;

  n_texts = wen_token_report_get_figures (self->report)->n_texts;
  n_longer = wen_token_report_count_longer (self->report, get_shown_maximum (self));
  percent = n_texts > 0 ? 100.0 * (double) n_longer / (double) n_texts : 0.0;
  count = wen_format_count (n_longer);
  /* Translators: a number of tokens, a share in percent, and how many texts that are */
  sentence = g_strdup_printf (self->leaves_out ? _("%u tokens at most leave %.1f %% of texts out (%s).")
                                               : _("%u tokens at most cut %.1f %% of texts (%s)."),
                              get_shown_maximum (self), percent, count);
  gtk_label_set_label (self->sentence_label, sentence);
  wen_plot_view_set_description (self->view, sentence);
  wen_plot_view_redraw (self->view);
}

static void
dragged_cb (WenLengthPlot *self,
            double         x,
            double         y)
{
  guint64 bars[N_BARS] = { 0 };
  WenPlotHistogram plot;
  double width;
  double height;

  if (self->report == NULL)
    return;

  plot = make_plot (self, bars);
  wen_plot_view_get_size (self->view, &width, &height);
  self->dragged = (guint) CLAMP (round (wen_plot_find_histogram_x (width, height, wen_plot_view_get_style (self->view),
                                                                   &plot, x)),
                                 LEAST_LENGTH, GREATEST_LENGTH);
  update (self);
}

static void
released_cb (WenLengthPlot *self)
{
  guint dragged = self->dragged;

  self->dragged = 0;
  if (dragged == 0 || dragged == self->maximum)
    return;

  self->maximum = dragged;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
wen_length_plot_dispose (GObject *object)
{
  WenLengthPlot *self = WEN_LENGTH_PLOT (object);

  g_clear_object (&self->report);

  G_OBJECT_CLASS (wen_length_plot_parent_class)->dispose (object);
}

static void
wen_length_plot_class_init (WenLengthPlotClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wen_length_plot_dispose;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_length_plot_init (WenLengthPlot *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->view = WEN_PLOT_VIEW (wen_plot_view_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->view), -1, PLOT_HEIGHT);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->view), _("Drag the line to change the maximum length"));
  wen_plot_view_set_draw_func (self->view, draw, self);
  g_signal_connect_swapped (self->view, "dragged", G_CALLBACK (dragged_cb), self);
  g_signal_connect_swapped (self->view, "released", G_CALLBACK (released_cb), self);
  self->sentence_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->sentence_label, 0);
  gtk_label_set_wrap (self->sentence_label, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->sentence_label));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * wen_length_plot_set_report:
 * @self: the plot
 * @report: (nullable): whose lengths to show
 *
 * Shows the lengths of other texts, or hides the plot.
 */
void
wen_length_plot_set_report (WenLengthPlot  *self,
                            WenTokenReport *report)
{
  g_return_if_fail (WEN_IS_LENGTH_PLOT (self));

  g_set_object (&self->report, report);
  update (self);
}

/**
 * wen_length_plot_get_maximum:
 * @self: the plot
 *
 * Gets where the line is.
 *
 * Returns: the maximum length in tokens
 */
guint
wen_length_plot_get_maximum (WenLengthPlot *self)
{
  g_return_val_if_fail (WEN_IS_LENGTH_PLOT (self), 0);

  return self->maximum;
}

/**
 * wen_length_plot_set_maximum:
 * @self: the plot
 * @maximum_length: in tokens
 * @leaves_out: whether longer texts are left out rather than cut
 *
 * Puts the line to a length.
 */
void
wen_length_plot_set_maximum (WenLengthPlot *self,
                             guint          maximum_length,
                             gboolean       leaves_out)
{
  g_return_if_fail (WEN_IS_LENGTH_PLOT (self));

  self->maximum = maximum_length;
  self->leaves_out = leaves_out;
  update (self);
}
