/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Windows that belong to another one, and close at a press of Escape. */

#include "config.h"

#include "wen-dialog.h"

/**
 * wen_dialog_new:
 * @parent: the window it belongs to
 * @title: its title
 * @width: in pixels, at first
 * @height: in pixels, at first
 * @content: (transfer floating): what is in it, with its header bar
 *
 * Makes a modal window.
 *
 * Returns: (transfer none): the window, not shown yet; it frees itself when closed
 */
GtkWindow *
wen_dialog_new (GtkWindow  *parent,
                const char *title,
                int         width,
                int         height,
                GtkWidget  *content)
{
  GtkWidget *window = adw_window_new ();
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (shortcuts),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, shortcuts);
  adw_window_set_content (ADW_WINDOW (window), content);
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);

  return GTK_WINDOW (window);
}
