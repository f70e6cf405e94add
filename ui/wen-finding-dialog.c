/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows behind one finding. */

#include "config.h"

#include "wen-finding-dialog.h"

#include "wen-data-columns.h"
#include "wen-format.h"

#include <glib/gi18n.h>

/* Nobody reads more, and reading them takes no longer than a frame. */
#define MAXIMUM_ROWS 500

struct _WenFindingDialog
{
  AdwWindow parent_instance;

  /* template widgets */
  GtkLabel      *sentence_label;
  GtkLabel      *mend_label;
  GtkLabel      *part_label;
  GtkColumnView *column_view;
};

G_DEFINE_FINAL_TYPE (WenFindingDialog, wen_finding_dialog, ADW_TYPE_WINDOW)

static void
show_rows (WenFindingDialog *self,
           WenProject       *project,
           WenFinding       *finding,
           GArray           *row_ids)
{
  g_autoptr(GListStore) store = g_list_store_new (WEN_TYPE_PROJECT_ROW);
  gsize n_rows;
  const guint *rows = wen_finding_get_rows (finding, &n_rows);

  for (gsize i = 0; i < MIN (n_rows, MAXIMUM_ROWS); i++)
    {
      g_autoptr(WenProjectRow) row = wen_project_get_row (project, g_array_index (row_ids, gint64, rows[i]));

      if (row)
        g_list_store_append (store, row);
    }
  if (n_rows > MAXIMUM_ROWS)
    {
      g_autofree char *shown = wen_format_count (MAXIMUM_ROWS);
      g_autofree char *all = wen_format_count (n_rows);
      /* Translators: two numbers of rows */
      g_autofree char *part = g_strdup_printf (_("The first %s of %s rows are shown."), shown, all);

      gtk_label_set_label (self->part_label, part);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->part_label), n_rows > MAXIMUM_ROWS);
  {
    g_autoptr(GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_steal_pointer (&store)));

    gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (selection));
  }
}

static void
wen_finding_dialog_dispose (GObject *object)
{
  /* Or the template would free the child that the window still points to. */
  adw_window_set_content (ADW_WINDOW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WEN_TYPE_FINDING_DIALOG);

  G_OBJECT_CLASS (wen_finding_dialog_parent_class)->dispose (object);
}

static void
wen_finding_dialog_class_init (WenFindingDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wen_finding_dialog_dispose;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-finding-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WenFindingDialog, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, WenFindingDialog, mend_label);
  gtk_widget_class_bind_template_child (widget_class, WenFindingDialog, part_label);
  gtk_widget_class_bind_template_child (widget_class, WenFindingDialog, column_view);
}

static void
wen_finding_dialog_init (WenFindingDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  wen_data_columns_add (self->column_view);
}

/**
 * wen_finding_dialog_new:
 * @parent: the window that it stands over
 * @project: where the rows are from
 * @finding: a finding with rows
 * @row_ids: (element-type gint64): ids in @project of the rows that the finding counts
 *
 * Makes a dialog that shows the rows behind a finding.
 *
 * Returns: (transfer none): the dialog, which is not yet shown
 */
GtkWidget *
wen_finding_dialog_new (GtkWindow  *parent,
                        WenProject *project,
                        WenFinding *finding,
                        GArray     *row_ids)
{
  WenFindingDialog *self;
  const char *mend;

  g_return_val_if_fail (WEN_IS_PROJECT (project), NULL);
  g_return_val_if_fail (WEN_IS_FINDING (finding), NULL);
  g_return_val_if_fail (row_ids != NULL, NULL);

  self = g_object_new (WEN_TYPE_FINDING_DIALOG, "transient-for", parent, NULL);
  mend = wen_finding_get_mend_sentence (finding);
  gtk_label_set_label (self->sentence_label, wen_finding_get_sentence (finding));
  gtk_label_set_label (self->mend_label, mend ? mend : "");
  gtk_widget_set_visible (GTK_WIDGET (self->mend_label), mend != NULL);
  show_rows (self, project, finding, row_ids);
  return GTK_WIDGET (self);
}
