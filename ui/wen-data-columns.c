/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The columns of the table of rows. */

#include "config.h"

#include "wen-data-columns.h"

#include "wen-project.h"

#include <glib/gi18n.h>
#include <string.h>

/* A cell shows so much of a text; laying out a whole book would take too long. */
#define MAXIMUM_CELL_CHARS 300
#define MAXIMUM_TOOLTIP_CHARS 2000

/* One line of at most some hundred characters. */
static char *
make_cell_text (const char *text,
                gsize       n_maximum_chars,
                gboolean    one_line)
{
  gsize n_chars = 0;
  const char *end = text;
  char *cell;

  while (*end && n_chars < n_maximum_chars)
    {
      end = g_utf8_next_char (end);
      n_chars++;
    }
  cell = *end ? g_strdup_printf ("%.*s…", (int) (end - text), text) : g_strdup (text);
  if (one_line)
    g_strdelimit (cell, "\n\r\t", ' ');

  return cell;
}

static const char *
get_split_name (WenSplit split)
{
  switch (split)
    {
    case WEN_SPLIT_TRAIN:
      return _("Training");
    case WEN_SPLIT_VALIDATION:
      return _("Validation");
    case WEN_SPLIT_TEST:
      return _("Test");
    case WEN_SPLIT_NONE:
    default:
      return _("Not used");
    }
}

static void
setup_cell_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_list_item_set_child (item, label);
}

static void
setup_number_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item,
                 gpointer                  user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_width_chars (GTK_LABEL (label), 5);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_list_item_set_child (item, label);
}

static void
bind_number_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item,
                gpointer                  user_data)
{
  WenProjectRow *row = gtk_list_item_get_item (item);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, wen_project_row_get_number (row));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), number);
}

static void
bind_text_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item,
              gpointer                  user_data)
{
  WenProjectRow *row = gtk_list_item_get_item (item);
  const char *text = wen_project_row_get_text (row);
  g_autofree char *cell = make_cell_text (text ? text : "", MAXIMUM_CELL_CHARS, TRUE);
  g_autofree char *tooltip = make_cell_text (text ? text : "", MAXIMUM_TOOLTIP_CHARS, FALSE);
  GtkWidget *label = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (label), cell);
  gtk_widget_set_tooltip_text (label, tooltip);
}

static void
bind_label_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  WenProjectRow *row = gtk_list_item_get_item (item);
  const char *name = wen_project_row_get_label (row);
  g_autofree char *cell = make_cell_text (name ? name : "", MAXIMUM_CELL_CHARS, TRUE);
  GtkWidget *label = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (label), cell);
  gtk_widget_set_tooltip_text (label, cell);
}

static void
bind_split_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item,
               gpointer                  user_data)
{
  WenProjectRow *row = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       get_split_name (wen_project_row_get_split (row)));
}

static void
add_column (GtkColumnView *column_view,
            const char    *title,
            int            width,
            GCallback      setup_cb,
            GCallback      bind_cb)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);

  g_signal_connect (factory, "setup", setup_cb, NULL);
  g_signal_connect (factory, "bind", bind_cb, NULL);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (column, width);
  else
    gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_append_column (column_view, column);
}

/**
 * wen_data_columns_add:
 * @column_view: a table whose model has #WenProjectRow
 *
 * Adds columns for number, text, label and use of a row.
 */
void
wen_data_columns_add (GtkColumnView *column_view)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (column_view));

  add_column (column_view, _("Row"), 72, G_CALLBACK (setup_number_cb), G_CALLBACK (bind_number_cb));
  add_column (column_view, _("Text"), 0, G_CALLBACK (setup_cell_cb), G_CALLBACK (bind_text_cb));
  add_column (column_view, _("Label"), 120, G_CALLBACK (setup_cell_cb), G_CALLBACK (bind_label_cb));
  add_column (column_view, _("Used For"), 96, G_CALLBACK (setup_cell_cb), G_CALLBACK (bind_split_cb));
}
