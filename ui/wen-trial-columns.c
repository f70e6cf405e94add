/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The columns of the table of what a search has tried. */

#include "config.h"

#include "wen-trial-columns.h"

#include "wen-format.h"
#include "wen-preset-titles.h"
#include "wen-trial-item.h"

#include <glib/gi18n.h>

typedef enum
{
  COLUMN_MODEL,
  COLUMN_GOAL,
  COLUMN_ACCURACY,
  COLUMN_MACRO_F1,
  COLUMN_ROWS,
  COLUMN_STATE,
  COLUMN_SECONDS,
  COLUMN_PARAMETERS,
  COLUMN_SETTINGS,
  N_COLUMNS,
} Column;

static const char * const column_titles[N_COLUMNS] = {
  [COLUMN_MODEL] = N_("Model"),
  [COLUMN_GOAL] = N_("Goal"),
  [COLUMN_ACCURACY] = N_("Accuracy"),
  [COLUMN_MACRO_F1] = N_("Macro F1"),
  [COLUMN_ROWS] = N_("Training Rows"),
  [COLUMN_STATE] = N_("State"),
  [COLUMN_SECONDS] = N_("Time"),
  [COLUMN_PARAMETERS] = N_("Parameters"),
  [COLUMN_SETTINGS] = N_("Settings"),
};

static char *
describe_cell (WenTrialItem *item,
               Column        column)
{
  const WenSearchTrial *trial = wen_trial_item_get_trial (item);

  switch (column)
    {
    case COLUMN_MODEL:
      return g_strdup (wen_preset_get_title (trial->recipe->preset));
    case COLUMN_GOAL:
      return wen_format_share (trial->score);
    case COLUMN_ACCURACY:
      return wen_format_share (trial->accuracy);
    case COLUMN_MACRO_F1:
      return wen_format_share (trial->macro_f1);
    case COLUMN_ROWS:
      return wen_format_count (trial->n_rows);
    case COLUMN_STATE:
      return g_strdup (wen_trial_item_describe_state (item));
    case COLUMN_SECONDS:
      return wen_format_duration ((gint64) (trial->seconds * G_USEC_PER_SEC));
    case COLUMN_PARAMETERS:
      return wen_format_count (trial->n_parameters);
    case COLUMN_SETTINGS:
    case N_COLUMNS:
    default:
      return wen_trial_item_describe_settings (item);
    }
}

static gboolean
is_text (Column column)
{
  return column == COLUMN_MODEL || column == COLUMN_STATE || column == COLUMN_SETTINGS;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), is_text (GPOINTER_TO_UINT (column)) ? 0 : 1);
  if (!is_text (GPOINTER_TO_UINT (column)))
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  column)
{
  WenTrialItem *trial = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = describe_cell (trial, GPOINTER_TO_UINT (column));

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, GPOINTER_TO_UINT (column) == COLUMN_STATE
                                        ? wen_trial_item_get_trial (trial)->message : NULL);
}

/**
 * wen_trial_columns_add:
 * @view: a table of [class@TrialItem]s
 *
 * Adds the columns that say what a trial was and how good it became.
 */
void
wen_trial_columns_add (GtkColumnView *view)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      column = gtk_column_view_column_new (_(column_titles[i]), factory);
      gtk_column_view_append_column (view, column);
    }
}
