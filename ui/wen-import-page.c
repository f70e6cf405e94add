/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is shown while a table is read. */

#include "config.h"

#include "wen-import-page.h"

#include <glib/gi18n.h>
#include <inttypes.h>

struct _WenImportPage
{
  AdwBin parent_instance;

  /* template widgets */
  AdwStatusPage  *status_page;
  GtkProgressBar *progress_bar;
  GtkLabel       *time_label;

  /* owned */
  WenProgressRelay *relay;

  gint64            started_us;
};

G_DEFINE_FINAL_TYPE (WenImportPage, wen_import_page, ADW_TYPE_BIN)

static char *
describe_time (gint64 elapsed_us,
               double fraction)
{
  gint64 elapsed_s = elapsed_us / G_USEC_PER_SEC;

  /* The first moments say little about the rest. */
  if (fraction > 0.02 && elapsed_us > G_USEC_PER_SEC)
    {
      gint64 remaining_s = (gint64) ((double) elapsed_us * (1.0 - fraction) / fraction / G_USEC_PER_SEC) + 1;

      return g_strdup_printf (g_dngettext (NULL,
                                           "About %" PRId64 " second left",
                                           "About %" PRId64 " seconds left",
                                           remaining_s),
                              remaining_s);
    }

  return g_strdup_printf (g_dngettext (NULL,
                                       "%" PRId64 " second so far",
                                       "%" PRId64 " seconds so far",
                                       elapsed_s),
                          elapsed_s);
}

static void
update_progress (WenImportPage *self)
{
  double fraction = wen_progress_relay_get_fraction (self->relay);
  g_autofree char *time = describe_time (g_get_monotonic_time () - self->started_us, fraction);

  if (fraction < 0.0)
    gtk_progress_bar_pulse (self->progress_bar);
  else
    gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (fraction, 0.0, 1.0));
  gtk_label_set_label (self->time_label, time);
}

static void
wen_import_page_dispose (GObject *object)
{
  WenImportPage *self = WEN_IMPORT_PAGE (object);

  if (self->relay)
    g_signal_handlers_disconnect_by_data (self->relay, self);
  g_clear_object (&self->relay);
  /* Or the template would free the child that the bin still points to. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_IMPORT_PAGE);

  G_OBJECT_CLASS (wen_import_page_parent_class)->dispose (object);
}

static void
wen_import_page_class_init (WenImportPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_import_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-import-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenImportPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, WenImportPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, WenImportPage, time_label);
}

static void
wen_import_page_init (WenImportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * wen_import_page_new:
 *
 * Makes an import page.  Its button is the action "win.cancel-import".
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_import_page_new (void)
{
  return g_object_new (WEN_TYPE_IMPORT_PAGE, NULL);
}

/**
 * wen_import_page_watch:
 * @self: the page
 * @name: name of the file that is read
 * @relay: (nullable): its progress; `NULL` when it is over
 *
 * Shows the progress of an import, and the time from now.
 */
void
wen_import_page_watch (WenImportPage    *self,
                       const char       *name,
                       WenProgressRelay *relay)
{
  g_autofree char *title = NULL;
  g_autofree char *escaped = NULL;

  g_return_if_fail (WEN_IS_IMPORT_PAGE (self));
  g_return_if_fail (relay == NULL || (name && WEN_IS_PROGRESS_RELAY (relay)));

  if (self->relay)
    g_signal_handlers_disconnect_by_data (self->relay, self);
  g_set_object (&self->relay, relay);
  if (relay == NULL)
    return;

  escaped = g_markup_escape_text (name, -1);
  /* Translators: %s is the name of a file */
  title = g_strdup_printf (_("Reading “%s”"), escaped);
  adw_status_page_set_title (self->status_page, title);
  self->started_us = g_get_monotonic_time ();
  gtk_progress_bar_set_fraction (self->progress_bar, 0.0);
  g_signal_connect_swapped (relay, "progress", G_CALLBACK (update_progress), self);
  update_progress (self);
}
