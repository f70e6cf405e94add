/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page that shows what was read: the rows, their labels and lengths, and what
 * is worth knowing about them. */

#include "config.h"

#include "wen-data-page.h"

#include "wen-adaptive-bin.h"
#include "wen-data-statistics.h"
#include "wen-format.h"
#include "wen-health-group.h"
#include "wen-plot-view.h"
#include "wen-row-table.h"

#include <glib/gi18n.h>
#include <math.h>

/* More labels than this are shown on request. */
#define N_FIRST_LABELS 10

struct _WenDataPage
{
  AdwBin parent_instance;

  /* template widgets */
  WenAdaptiveBin *adaptive_bin;
  GtkLabel       *summary_label;
  GtkPaned       *paned;
  WenRowTable    *row_table;
  GtkWidget      *warnings_group;
  GtkListBox     *warnings_list;
  AdwPreferencesGroup *labels_group;
  GtkListBox     *labels_list;
  GtkButton      *all_labels_button;
  WenHealthGroup      *health_group;
  AdwPreferencesGroup *lengths_group;
  WenPlotView         *lengths_view;
  GtkLabel       *text_column_label;
  GtkLabel       *label_column_label;
  GtkLabel       *delimiter_label;
  GtkLabel       *encoding_label;
  GtkLabel       *seed_label;

  /* owned */
  WenProject        *project;
  WenDataStatistics *statistics;
  GCancellable      *cancellable;     /* of the newest count */

  gboolean           shows_all_labels;
};

enum
{
  PROP_0,
  PROP_PROJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenDataPage, wen_data_page, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

static void
take_piece (GStrvBuilder *builder,
            char         *piece)
{
  g_strv_builder_add (builder, piece);
  g_free (piece);
}

/* "7,672 rows for training, 853 for validation, ..." */
static char *
describe_counts (const WenDataStatistics *statistics)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) pieces = NULL;
  const guint64 *n_rows = statistics->n_split_rows;
  g_autofree char *train = wen_format_count (n_rows[WEN_SPLIT_TRAIN]);
  g_autofree char *validation = wen_format_count (n_rows[WEN_SPLIT_VALIDATION]);
  g_autofree char *test = wen_format_count (n_rows[WEN_SPLIT_TEST]);
  g_autofree char *without_text = wen_format_count (statistics->n_without_text);
  g_autofree char *without_label = wen_format_count (statistics->n_without_label);

  take_piece (builder, g_strdup_printf (g_dngettext (NULL, "%s row for training", "%s rows for training",
                                                     n_rows[WEN_SPLIT_TRAIN]),
                                        train));
  /* Translators: a number of rows; comes after "1,000 rows for training, " */
  take_piece (builder, g_strdup_printf (_("%s for validation"), validation));
  /* Translators: a number of rows; comes after "100 for validation, " */
  take_piece (builder, g_strdup_printf (_("%s for the test"), test));
  if (statistics->n_without_text > 0)
    /* Translators: a number of rows */
    take_piece (builder, g_strdup_printf (_("%s without text"), without_text));
  if (statistics->n_without_label > 0)
    /* Translators: a number of rows */
    take_piece (builder, g_strdup_printf (_("%s without label"), without_label));
  pieces = g_strv_builder_end (builder);

  /* Translators: between the pieces of a list in a sentence */
  return g_strjoinv (_(", "), pieces);
}

static void
update_summary (WenDataPage *self)
{
  g_autofree char *sentence = NULL;

  if (self->statistics)
    sentence = describe_counts (self->statistics);
  else if (self->project)
    sentence = g_strdup (_("Counting…"));
  gtk_label_set_label (self->summary_label, sentence ? sentence : "");
}

static GtkWidget *
create_warning_row (const char *warning)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), warning);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (image, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);

  return row;
}

static void
append_warnings (WenDataPage  *self,
                 char        **warnings)
{
  for (char **warning = warnings; warning && *warning; warning++)
    gtk_list_box_append (self->warnings_list, create_warning_row (*warning));
}

static void
update_warnings (WenDataPage *self)
{
  const WenImportReport *report = self->project ? wen_project_get_import_report (self->project) : NULL;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->warnings_list))))
    gtk_list_box_remove (self->warnings_list, row);
  if (report)
    append_warnings (self, report->warnings);
  if (self->statistics)
    append_warnings (self, self->statistics->warnings);
  gtk_widget_set_visible (self->warnings_group,
                          gtk_widget_get_first_child (GTK_WIDGET (self->warnings_list)) != NULL);
}

static const char *
get_delimiter_name (char delimiter)
{
  switch (delimiter)
    {
    case ',':
      return _("Comma");
    case ';':
      return _("Semicolon");
    case '\t':
      return _("Tab");
    default:
      return "";
    }
}

static void
update_report (WenDataPage *self)
{
  const WenImportReport *report = self->project ? wen_project_get_import_report (self->project) : NULL;

  g_autofree char *seed = self->project ? wen_recipe_get (wen_project_get_recipe (self->project), "split.seed") : NULL;

  gtk_label_set_label (self->seed_label, seed ? seed : "");
  gtk_label_set_label (self->text_column_label, report && report->text_column ? report->text_column : "");
  gtk_label_set_label (self->label_column_label, report && report->label_column ? report->label_column : "");
  gtk_label_set_label (self->delimiter_label, report ? get_delimiter_name (report->delimiter) : "");
  gtk_label_set_label (self->encoding_label, report && report->encoding ? report->encoding : "");
}

static void
edit_label_cb (GtkButton   *button,
               WenDataPage *self)
{
  wen_row_table_ask_label (self->row_table, g_object_get_data (G_OBJECT (button), "label"));
}

static GtkWidget *
create_label_row (WenDataPage         *self,
                  const WenLabelCount *label,
                  guint64              n_most,
                  guint64              n_all)
{
  GtkWidget *edit_button = gtk_button_new_from_icon_name ("document-edit-symbolic");
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *bar = gtk_level_bar_new_for_interval (0, n_most);
  g_autofree char *count = wen_format_count (label->n_rows);
  g_autofree char *figures = NULL;
  g_autofree char *action = NULL;
  GtkWidget *figures_label;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label->name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);

  /* A large class is neither good nor bad: one colour for all. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), label->n_rows);
  gtk_widget_set_size_request (bar, 72, -1);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), bar);

  /* Translators: a number of rows, and which share of all rows that is in percent */
  figures = g_strdup_printf (_("%s (%.1f %%)"), count, 100.0 * (double) label->n_rows / (double) MAX (n_all, 1));
  figures_label = gtk_label_new (figures);
  gtk_label_set_width_chars (GTK_LABEL (figures_label), 14);
  gtk_label_set_xalign (GTK_LABEL (figures_label), 1);
  gtk_widget_add_css_class (figures_label, "numeric");
  gtk_widget_add_css_class (figures_label, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), figures_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, figures, -1);

  gtk_widget_set_valign (edit_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (edit_button, "flat");
  /* Translators: a label */
  action = g_strdup_printf (_("Rename, Merge or Remove “%s”"), label->name);
  gtk_widget_set_tooltip_text (edit_button, action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (edit_button), GTK_ACCESSIBLE_PROPERTY_LABEL, action, -1);
  g_object_set_data_full (G_OBJECT (edit_button), "label", g_strdup (label->name), g_free);
  g_signal_connect_object (edit_button, "clicked", G_CALLBACK (edit_label_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), edit_button);

  return row;
}

static void
update_labels (WenDataPage *self)
{
  const GArray *labels = self->statistics ? self->statistics->labels : NULL;
  guint n_labels = labels ? labels->len : 0;
  guint n_shown = self->shows_all_labels ? n_labels : MIN (n_labels, N_FIRST_LABELS);
  g_autofree char *count = wen_format_count (n_labels);
  g_autofree char *description = NULL;
  g_autofree char *button_label = NULL;
  guint64 n_most = n_labels > 0 ? MAX (1, g_array_index (labels, WenLabelCount, 0).n_rows) : 1;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->labels_list))))
    gtk_list_box_remove (self->labels_list, row);
  for (guint i = 0; i < n_shown; i++)
    gtk_list_box_append (self->labels_list,
                         create_label_row (self, &g_array_index (labels, WenLabelCount, i), n_most,
                                           self->statistics->n_rows - self->statistics->n_without_label));

  /* Translators: %s is a number */
  description = g_strdup_printf (g_dngettext (NULL, "%s label", "%s different labels", n_labels), count);
  adw_preferences_group_set_description (self->labels_group, description);
  /* Translators: %s is a number; a button that shows the rest of a list */
  button_label = g_strdup_printf (_("Show All %s Labels"), count);
  gtk_button_set_label (self->all_labels_button, button_label);
  gtk_widget_set_visible (GTK_WIDGET (self->all_labels_button), n_shown < n_labels);
  gtk_widget_set_visible (GTK_WIDGET (self->labels_group), n_labels > 0);
}

static void
update_lengths (WenDataPage *self)
{
  const WenDataStatistics *statistics = self->statistics;
  g_autofree char *median = NULL;
  g_autofree char *longest = NULL;
  g_autofree char *sentence = NULL;

  if (statistics && statistics->n_bars > 0)
    {
      median = wen_format_count (statistics->median_length);
      longest = wen_format_count (statistics->longest_length);
      sentence = g_strdup_printf (g_dngettext (NULL,
                                               /* Translators: two numbers; the first is a median, the second decides the plural */
                                               "Half of the texts have at most %s characters; the longest has %s character.",
                                               "Half of the texts have at most %s characters; the longest has %s characters.",
                                               statistics->longest_length),
                                  median, longest);
    }
  adw_preferences_group_set_description (self->lengths_group, sentence);
  wen_plot_view_set_description (self->lengths_view, sentence ? sentence : "");
  wen_plot_view_redraw (self->lengths_view);
  gtk_widget_set_visible (GTK_WIDGET (self->lengths_group), sentence != NULL);
}

static void
all_labels_clicked_cb (WenDataPage *self)
{
  self->shows_all_labels = TRUE;
  update_labels (self);
}

static void
update_table_labels (WenDataPage *self)
{
  const GArray *labels = self->statistics->labels;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < labels->len; i++)
    g_ptr_array_add (names, g_array_index (labels, WenLabelCount, i).name);
  g_ptr_array_add (names, NULL);
  wen_row_table_set_labels (self->row_table, (const char * const *) names->pdata);
}

static void
show_rows_cb (WenDataPage *self,
              WenFinding  *finding,
              GArray      *row_ids)
{
  wen_row_table_show_finding (self->row_table, finding, (const gint64 *) row_ids->data, row_ids->len);
}

static void
update_statistics (WenDataPage *self)
{
  if (self->statistics)
    update_table_labels (self);
  update_summary (self);
  update_labels (self);
  update_lengths (self);
  update_warnings (self);
}

static void
statistics_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(WenDataPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataStatistics) statistics = wen_data_statistics_compute_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  if (statistics)
    {
      g_clear_pointer (&self->statistics, wen_data_statistics_free);
      self->statistics = g_steal_pointer (&statistics);
      update_statistics (self);
    }
}

static void
dataset_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(WenDataPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, &error);

  /* Rows changed again, or the project is gone: that count is on its way. */
  if (WEN_PROJECT (object) != self->project || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (dataset)
    {
      wen_data_statistics_compute_async (dataset, self->cancellable, statistics_cb, g_object_ref (self));
      wen_health_group_set_dataset (self->health_group, self->project, dataset);
    }
  else
    gtk_label_set_label (self->summary_label, error->message);
}

static void
rows_changed_cb (WenDataPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->statistics, wen_data_statistics_free);
  wen_health_group_set_dataset (self->health_group, NULL, NULL);
  self->shows_all_labels = FALSE;

  if (self->project)
    {
      self->cancellable = g_cancellable_new ();
      wen_project_load_dataset_async (self->project, self->cancellable, dataset_cb, g_object_ref (self));
    }

  update_report (self);
  update_statistics (self);
}

/* Side by side, with most of the width for the table, or one above the other in
 * equal parts. */
static void
narrow_changed_cb (WenDataPage *self)
{
  gboolean narrow = wen_adaptive_bin_get_narrow (self->adaptive_bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_resize_end_child (self->paned, narrow);
  /* A position in pixels means nothing in the other direction. */
  g_object_set (self->paned, "position-set", FALSE, NULL);
}

static void
draw_lengths (cairo_t            *cr,
              double              width,
              double              height,
              const WenPlotStyle *style,
              gpointer            user_data)
{
  WenDataPage *self = user_data;

  if (self->statistics)
    wen_plot_draw_histogram (cr, width, height, style,
                             &(WenPlotHistogram) {
                               .x_title = _("Characters"),
                               .counts = self->statistics->bars,
                               .n_bars = self->statistics->n_bars,
                               .bar_width = (double) self->statistics->bar_width,
                               .mark_x = NAN,
                             });
}

static void
wen_data_page_dispose (GObject *object)
{
  WenDataPage *self = WEN_DATA_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_clear_object (&self->project);
  /* Or the template would free the child that the bin still points to. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_DATA_PAGE);

  G_OBJECT_CLASS (wen_data_page_parent_class)->dispose (object);
}

static void
wen_data_page_finalize (GObject *object)
{
  WenDataPage *self = WEN_DATA_PAGE (object);

  g_clear_pointer (&self->statistics, wen_data_statistics_free);

  G_OBJECT_CLASS (wen_data_page_parent_class)->finalize (object);
}

static void
wen_data_page_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  WenDataPage *self = WEN_DATA_PAGE (object);

  switch (prop_id)
    {
    case PROP_PROJECT:
      g_value_set_object (value, self->project);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_data_page_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  WenDataPage *self = WEN_DATA_PAGE (object);

  switch (prop_id)
    {
    case PROP_PROJECT:
      wen_data_page_set_project (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_data_page_class_init (WenDataPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_data_page_dispose;
  object_class->finalize = wen_data_page_finalize;
  object_class->get_property = wen_data_page_get_property;
  object_class->set_property = wen_data_page_set_property;

  properties[PROP_PROJECT] =
    g_param_spec_object ("project", NULL, NULL, WEN_TYPE_PROJECT,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (WEN_TYPE_ADAPTIVE_BIN);
  g_type_ensure (WEN_TYPE_HEALTH_GROUP);
  g_type_ensure (WEN_TYPE_PLOT_VIEW);
  g_type_ensure (WEN_TYPE_ROW_TABLE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-data-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, adaptive_bin);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, paned);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, row_table);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, warnings_group);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, warnings_list);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, labels_group);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, labels_list);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, all_labels_button);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, health_group);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, lengths_group);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, lengths_view);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, text_column_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, label_column_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, delimiter_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, encoding_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataPage, seed_label);
  gtk_widget_class_bind_template_callback (widget_class, all_labels_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_rows_cb);
}

static void
wen_data_page_init (WenDataPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  wen_plot_view_set_draw_func (self->lengths_view, draw_lengths, self);

  g_signal_connect_object (self->adaptive_bin, "notify::narrow", G_CALLBACK (narrow_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * wen_data_page_new:
 *
 * Makes a page without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_data_page_new (void)
{
  return g_object_new (WEN_TYPE_DATA_PAGE, NULL);
}

/**
 * wen_data_page_get_project:
 * @self: a page
 *
 * Gets the project that is shown.
 *
 * Returns: (transfer none) (nullable): the project
 */
WenProject *
wen_data_page_get_project (WenDataPage *self)
{
  g_return_val_if_fail (WEN_IS_DATA_PAGE (self), NULL);

  return self->project;
}

/**
 * wen_data_page_set_project:
 * @self: a page
 * @project: (nullable): the project to show
 *
 * Shows the rows of another project.
 */
void
wen_data_page_set_project (WenDataPage *self,
                           WenProject  *project)
{
  g_return_if_fail (WEN_IS_DATA_PAGE (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  wen_row_table_set_project (self->row_table, project);
  if (project)
    {
      g_signal_connect_object (project, "rows-changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "recipe-changed", G_CALLBACK (update_report), self, G_CONNECT_SWAPPED);
    }
  rows_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
}
