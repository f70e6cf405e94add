/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first page: open a table, try a sample, go on with a project. */

#include "config.h"

#include "wen-start-page.h"

#include <glib/gi18n.h>

#define PROJECT_MIME_TYPE "application/x-wenlei"
#define MAXIMUM_RECENT_PROJECTS 8

struct _WenStartPage
{
  AdwBin parent_instance;

  /* template widgets */
  GtkWidget  *open_button;
  GtkWidget  *recent_group;
  GtkListBox *recent_list;
};

G_DEFINE_FINAL_TYPE (WenStartPage, wen_start_page, ADW_TYPE_BIN)

static void
remove_recent_cb (GtkButton *button,
                  gpointer   user_data)
{
  const char *uri = g_object_get_data (G_OBJECT (button), "uri");
  g_autoptr(GError) error = NULL;

  if (!gtk_recent_manager_remove_item (gtk_recent_manager_get_default (), uri, &error))
    g_debug ("Cannot remove %s from the recent projects: %s", uri, error->message);
}

static GtkWidget *
create_recent_row (GtkRecentInfo *info)
{
  const char *uri = gtk_recent_info_get_uri (info);
  g_autofree char *name = g_strdup (gtk_recent_info_get_display_name (info));
  g_autofree char *when = g_date_time_format (gtk_recent_info_get_modified (info), "%x");
  g_autofree char *label = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");

  if (g_str_has_suffix (name, ".wenlei"))
    name[strlen (name) - strlen (".wenlei")] = '\0';

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), when);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_text (row, gtk_recent_info_get_uri_display (info));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-uri");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", uri);

  /* Translators: %s is the name of a project; takes it off the list, the file stays */
  label = g_strdup_printf (_("Remove “%s” From the List"), name);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "uri", g_strdup (uri), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (remove_recent_cb), NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  return g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) b),
                              gtk_recent_info_get_modified ((GtkRecentInfo *) a));
}

static void
update_recent_projects (WenStartPage *self)
{
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n_rows = 0;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->recent_list))))
    gtk_list_box_remove (self->recent_list, row);

  items = g_list_sort (items, compare_newest_first);
  for (GList *item = items; item && n_rows < MAXIMUM_RECENT_PROJECTS; item = item->next)
    {
      GtkRecentInfo *info = item->data;

      if (g_strcmp0 (gtk_recent_info_get_mime_type (info), PROJECT_MIME_TYPE) != 0
          || !gtk_recent_info_exists (info))
        continue;

      gtk_list_box_append (self->recent_list, create_recent_row (info));
      n_rows++;
    }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);

  gtk_widget_set_visible (self->recent_group, n_rows > 0);
}

static gboolean
wen_start_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (WEN_START_PAGE (widget)->open_button);
}

static void
wen_start_page_dispose (GObject *object)
{
  /* Or the template would free the child that the bin still points to. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WEN_TYPE_START_PAGE);

  G_OBJECT_CLASS (wen_start_page_parent_class)->dispose (object);
}

static void
wen_start_page_class_init (WenStartPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_start_page_dispose;

  widget_class->grab_focus = wen_start_page_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenStartPage, open_button);
  gtk_widget_class_bind_template_child (widget_class, WenStartPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, WenStartPage, recent_list);
}

static void
wen_start_page_init (WenStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (gtk_recent_manager_get_default (), "changed",
                           G_CALLBACK (update_recent_projects), self, G_CONNECT_SWAPPED);
  update_recent_projects (self);
}

/**
 * wen_start_page_new:
 *
 * Makes a start page.  It acts through the actions "win.open", "win.open-sample"
 * and "win.open-uri".
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_start_page_new (void)
{
  return g_object_new (WEN_TYPE_START_PAGE, NULL);
}
