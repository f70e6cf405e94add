/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The page that tells how good the classifier is, and where it is wrong. */

#include "config.h"

#include "wen-evaluate-page.h"

#include "wen-adaptive-bin.h"
#include "wen-format.h"
#include "wen-mistake.h"
#include "wen-plot-view.h"

#include <glib/gi18n.h>
#include <math.h>

/* Labels beyond these would only make the page slow; the confusion matrix has all. */
#define MAXIMUM_LABEL_ROWS 300

/* Of the first half, where the halves lie side by side, or one above the other. */
#define START_WIDTH 400
#define START_HEIGHT 220

struct _WenEvaluatePage
{
  AdwBin parent_instance;

  /* template widgets */
  GtkStack            *stack;            /* "empty", "figures" */
  AdwStatusPage       *empty_page;
  WenAdaptiveBin      *adaptive_bin;
  GtkLabel            *summary_label;
  GtkPaned            *paned;
  AdwPreferencesGroup *figures_group;
  GtkListBox          *labels_list;
  WenPlotView         *confusion_view;
  GtkLabel            *mistakes_label;
  GtkWidget           *all_mistakes_button;
  GtkColumnView       *mistakes_view;

  /* owned */
  WenProject    *project;
  GSignalGroup  *run_signals;
  WenEvaluation *evaluation;             /* the one that is shown */
  GListStore    *mistakes;               /* of WenMistake */
  char         **labels;
  guint64       *confusion;              /* [n_labels][n_labels] */
  GPtrArray     *figure_labels;          /* of GtkLabel, borrowed, by Figure */

  int            selected_row;           /* of the confusion matrix, or -1 */
  int            selected_column;
};

enum
{
  PROP_0,
  PROP_PROJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenEvaluatePage, wen_evaluate_page, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

/* Figures of the whole, with what they mean. */
typedef struct
{
  const char *title;
  const char *explanation;
  double    (*get_value) (WenEvaluation *evaluation);
  gboolean    is_share;
} Figure;

static const Figure figures[] = {
  { N_("Accuracy"), N_("Share of the rows that were given the right label"), wen_evaluation_get_accuracy, TRUE },
  { N_("Always Guessing"), N_("What is right when every row is given the commonest label: to be better than this is the least"),
    wen_evaluation_get_majority_accuracy, TRUE },
  { N_("F1, Macro"), N_("Mean over the labels, each counting the same, however rare"), wen_evaluation_get_macro_f1, TRUE },
  { N_("F1, Weighted"), N_("Mean over the labels, each counting by its rows"), wen_evaluation_get_weighted_f1, TRUE },
  { N_("Precision, Macro"), N_("Of the rows given a label, how many have it; mean over the labels"),
    wen_evaluation_get_macro_precision, TRUE },
  { N_("Recall, Macro"), N_("Of the rows that have a label, how many were given it; mean over the labels"),
    wen_evaluation_get_macro_recall, TRUE },
  { N_("Precision, Weighted"), N_("The same as precision, each label counting by its rows"),
    wen_evaluation_get_weighted_precision, TRUE },
  { N_("Recall, Weighted"), N_("The same as recall, each label counting by its rows"),
    wen_evaluation_get_weighted_recall, TRUE },
  { N_("Loss"), N_("How surprised the classifier is by the right answers; 0 is never"), wen_evaluation_get_loss, FALSE },
};

static void
add_figure_rows (WenEvaluatePage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *value = gtk_label_new (NULL);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(figures[i].title));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(figures[i].explanation));
      gtk_widget_add_css_class (value, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
      adw_preferences_group_add (self->figures_group, row);
      g_ptr_array_add (self->figure_labels, value);
    }
}

static void
update_figures (WenEvaluatePage *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      double value = figures[i].get_value (self->evaluation);
      g_autofree char *text = isnan (value)          ? g_strdup ("–")
                              : figures[i].is_share ? g_strdup_printf (_("%.1f %%"), 100 * value)
                                                    : g_strdup_printf ("%.3f", value);

      gtk_label_set_label (g_ptr_array_index (self->figure_labels, i), text);
    }
}

static void
update_summary (WenEvaluatePage *self)
{
  WenEvaluation *evaluation = self->evaluation;
  g_autofree char *n_correct = wen_format_count (wen_evaluation_get_n_correct (evaluation));
  g_autofree char *n_rows = wen_format_count (wen_evaluation_get_n_rows (evaluation));
  const char *majority = wen_evaluation_get_label (evaluation, wen_evaluation_get_majority_label (evaluation));
  /* Translators: how many of how many, the same in per cent, a label, and what always guessing it gets in per cent */
  g_autofree char *text = g_strdup_printf (_("%s of %s test texts right (%.1f %%). Always guessing “%s” would get %.1f %%."),
                                           n_correct, n_rows, 100 * wen_evaluation_get_accuracy (evaluation), majority,
                                           100 * wen_evaluation_get_majority_accuracy (evaluation));

  gtk_label_set_label (self->summary_label, text);
}

static void
clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))))
    gtk_list_box_remove (list, child);
}

static void
update_labels (WenEvaluatePage *self)
{
  guint n_labels = wen_evaluation_get_n_labels (self->evaluation);

  clear_list (self->labels_list);
  for (guint label = 0; label < MIN (n_labels, MAXIMUM_LABEL_ROWS); label++)
    {
      GtkWidget *row = adw_action_row_new ();
      WenLabelFigures values;
      g_autofree char *count = NULL;
      g_autofree char *text = NULL;

      wen_evaluation_get_label_figures (self->evaluation, label, &values);
      count = wen_format_count (values.n_rows);
      /* Translators: shares in per cent, and a number of rows */
      text = g_strdup_printf (g_dngettext (NULL, "Precision %.0f %%, recall %.0f %%, F1 %.0f %%, %s row",
                                           "Precision %.0f %%, recall %.0f %%, F1 %.0f %%, %s rows", values.n_rows),
                              100 * values.precision, 100 * values.recall, 100 * values.f1, count);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), self->labels[label]);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
      gtk_list_box_append (self->labels_list, row);
    }
}

static void
get_heat_map (WenEvaluatePage *self,
              WenPlotHeatMap  *plot)
{
  *plot = (WenPlotHeatMap) {
    .labels = (const char * const *) self->labels,
    .counts = self->confusion,
    .n_labels = wen_evaluation_get_n_labels (self->evaluation),
    .row_title = _("Label"),
    .column_title = _("Predicted"),
    .selected_row = self->selected_row,
    .selected_column = self->selected_column,
  };
}

static void
draw_confusion (cairo_t            *cr,
                double              width,
                double              height,
                const WenPlotStyle *style,
                gpointer            user_data)
{
  WenEvaluatePage *self = user_data;
  WenPlotHeatMap plot;

  if (self->evaluation == NULL)
    return;
  get_heat_map (self, &plot);
  wen_plot_draw_heat_map (cr, width, height, style, &plot);
}

/* The mistakes that happen most, in words. */
static char *
describe_confusion (WenEvaluatePage *self)
{
  guint n_labels = wen_evaluation_get_n_labels (self->evaluation);
  guint64 most = 0;
  guint label = 0;
  guint predicted = 0;

  for (guint i = 0; i < n_labels; i++)
    for (guint j = 0; j < n_labels; j++)
      if (i != j && self->confusion[(gsize) i * n_labels + j] > most)
        {
          most = self->confusion[(gsize) i * n_labels + j];
          label = i;
          predicted = j;
        }
  if (most == 0)
    return g_strdup (_("Confusion matrix. There is no mistake in it."));
  /* Translators: a label, another label, a number of times */
  return g_strdup_printf (_("Confusion matrix. Most often “%s” is taken for “%s”: %u times."), self->labels[label],
                          self->labels[predicted], (guint) most);
}

static gboolean
is_shown_mistake (WenEvaluatePage       *self,
                  const WenEvaluatedRow *row)
{
  if (self->selected_row >= 0)
    return (int) row->label == self->selected_row && (int) row->predicted == self->selected_column;
  return row->label != row->predicted;
}

/* The surest mistakes teach most. */
static int
compare_mistakes (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  float left = wen_mistake_get_row ((WenMistake *) a)->probability;
  float right = wen_mistake_get_row ((WenMistake *) b)->probability;

  return (left < right) - (left > right);
}

static void
update_mistakes (WenEvaluatePage *self)
{
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;
  gsize n_rows;
  const WenEvaluatedRow *rows = wen_evaluation_get_rows (self->evaluation, &n_rows);

  for (gsize i = 0; i < n_rows; i++)
    if (is_shown_mistake (self, &rows[i]))
      g_ptr_array_add (shown, wen_mistake_new (&rows[i]));
  g_list_store_remove_all (self->mistakes);
  g_list_store_splice (self->mistakes, 0, 0, shown->pdata, shown->len);
  g_list_store_sort (self->mistakes, compare_mistakes, NULL);

  count = wen_format_count (shown->len);
  if (self->selected_row < 0)
    text = g_strdup_printf (g_dngettext (NULL, "%s mistake, the surest first. A cell of the picture shows its rows.",
                                         "%s mistakes, the surest first. A cell of the picture shows its rows.",
                                         shown->len),
                            count);
  else
    /* Translators: a number of rows, their label, the label they were given */
    text = g_strdup_printf (g_dngettext (NULL, "%s row with the label “%s”, taken for “%s”",
                                         "%s rows with the label “%s”, taken for “%s”", shown->len),
                            count, self->labels[self->selected_row], self->labels[self->selected_column]);
  gtk_label_set_label (self->mistakes_label, text);
  gtk_widget_set_visible (self->all_mistakes_button, self->selected_row >= 0);
}

static void
select_cell (WenEvaluatePage *self,
             int              row,
             int              column)
{
  self->selected_row = row;
  self->selected_column = column;
  wen_plot_view_redraw (self->confusion_view);
  update_mistakes (self);
}

static void
cell_pressed_cb (WenEvaluatePage *self,
                 double           x,
                 double           y)
{
  WenPlotHeatMap plot;
  double width;
  double height;
  guint row;
  guint column;

  get_heat_map (self, &plot);
  wen_plot_view_get_size (self->confusion_view, &width, &height);
  if (wen_plot_find_heat_map_cell (width, height, wen_plot_view_get_style (self->confusion_view), &plot, x, y, &row,
                                   &column))
    select_cell (self, (int) row, (int) column);
}

static void
all_mistakes_cb (WenEvaluatePage *self)
{
  select_cell (self, -1, -1);
}

static void
setup_text_cb (WenEvaluatePage *self,
               GtkListItem     *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_list_item_set_child (item, label);
}

static void
show_cell (GtkListItem *item,
           const char  *text,
           gboolean     is_wide)
{
  GtkWidget *label = gtk_list_item_get_child (item);

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_width_chars (GTK_LABEL (label), is_wide ? 12 : -1);
  gtk_label_set_max_width_chars (GTK_LABEL (label), is_wide ? -1 : 16);
  gtk_widget_set_tooltip_text (label, text);
}

static const WenEvaluatedRow *
get_row (GtkListItem *item)
{
  return wen_mistake_get_row (gtk_list_item_get_item (item));
}

static void
bind_text_cb (WenEvaluatePage *self,
              GtkListItem     *item)
{
  g_autoptr(WenProjectRow) row = wen_project_get_row (self->project, get_row (item)->row_id);

  show_cell (item, row ? wen_project_row_get_text (row) : _("(this row is no longer in the project)"), TRUE);
}

static void
bind_label_cb (WenEvaluatePage *self,
               GtkListItem     *item)
{
  show_cell (item, self->labels[get_row (item)->label], FALSE);
}

static void
bind_predicted_cb (WenEvaluatePage *self,
                   GtkListItem     *item)
{
  show_cell (item, self->labels[get_row (item)->predicted], FALSE);
}

static void
bind_probability_cb (WenEvaluatePage *self,
                     GtkListItem     *item)
{
  g_autofree char *text = g_strdup_printf (_("%.0f %%"), 100 * (double) get_row (item)->probability);

  show_cell (item, text, FALSE);
}

static void
take_evaluation (WenEvaluatePage *self,
                 WenEvaluation   *evaluation)
{
  guint n_labels = evaluation ? wen_evaluation_get_n_labels (evaluation) : 0;

  g_list_store_remove_all (self->mistakes);
  g_clear_pointer (&self->labels, g_strfreev);
  g_clear_pointer (&self->confusion, g_free);
  g_set_object (&self->evaluation, evaluation);
  self->selected_row = self->selected_column = -1;

  self->labels = g_new0 (char *, n_labels + 1);
  self->confusion = g_new (guint64, MAX (1, (gsize) n_labels * n_labels));
  for (guint i = 0; i < n_labels; i++)
    {
      self->labels[i] = g_strdup (wen_evaluation_get_label (evaluation, i));
      for (guint j = 0; j < n_labels; j++)
        self->confusion[(gsize) i * n_labels + j] = wen_evaluation_get_confusion (evaluation, i, j);
    }
}

static void
update_empty_page (WenEvaluatePage *self,
                   WenRun          *run)
{
  gboolean is_over = run && wen_run_is_over (run);
  gboolean has_model = run && wen_run_get_summary (run);

  adw_status_page_set_description (self->empty_page,
                                   run && !is_over ? _("The figures come when the training is done.")
                                   : has_model     ? _("There are no test rows to measure on. Put rows aside for testing, or add a test file on the Data page.")
                                                   : _("Train a classifier first; then you see here how good it is and where it is wrong."));
}

static void
update (WenEvaluatePage *self)
{
  WenRun *run = self->project ? wen_project_get_run (self->project) : NULL;
  WenEvaluation *evaluation = run ? wen_run_get_evaluation (run) : NULL;

  if (evaluation == NULL)
    {
      take_evaluation (self, NULL);
      update_empty_page (self, run);
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }
  if (evaluation != self->evaluation)
    {
      g_autofree char *description = NULL;

      take_evaluation (self, evaluation);
      update_summary (self);
      update_figures (self);
      update_labels (self);
      update_mistakes (self);
      description = describe_confusion (self);
      wen_plot_view_set_description (self->confusion_view, description);
      wen_plot_view_redraw (self->confusion_view);
    }
  gtk_stack_set_visible_child_name (self->stack, "figures");
}

static void
run_changed_cb (WenEvaluatePage *self)
{
  g_signal_group_set_target (self->run_signals, wen_project_get_run (self->project));
  update (self);
}

static void
narrow_changed_cb (WenEvaluatePage *self)
{
  gboolean narrow = wen_adaptive_bin_get_narrow (self->adaptive_bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_position (self->paned, narrow ? START_HEIGHT : START_WIDTH);
}

static void
wen_evaluate_page_dispose (GObject *object)
{
  WenEvaluatePage *self = WEN_EVALUATE_PAGE (object);

  wen_evaluate_page_set_project (self, NULL);
  g_clear_object (&self->run_signals);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_EVALUATE_PAGE);

  G_OBJECT_CLASS (wen_evaluate_page_parent_class)->dispose (object);
}

static void
wen_evaluate_page_finalize (GObject *object)
{
  WenEvaluatePage *self = WEN_EVALUATE_PAGE (object);

  g_clear_object (&self->evaluation);
  g_clear_object (&self->mistakes);
  g_clear_pointer (&self->labels, g_strfreev);
  g_clear_pointer (&self->confusion, g_free);
  g_ptr_array_unref (self->figure_labels);

  G_OBJECT_CLASS (wen_evaluate_page_parent_class)->finalize (object);
}

static void
wen_evaluate_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_PROJECT:
      g_value_set_object (value, WEN_EVALUATE_PAGE (object)->project);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_evaluate_page_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_PROJECT:
      wen_evaluate_page_set_project (WEN_EVALUATE_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_evaluate_page_class_init (WenEvaluatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_evaluate_page_dispose;
  object_class->finalize = wen_evaluate_page_finalize;
  object_class->get_property = wen_evaluate_page_get_property;
  object_class->set_property = wen_evaluate_page_set_property;

  properties[PROP_PROJECT] =
    g_param_spec_object ("project", NULL, NULL, WEN_TYPE_PROJECT,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (WEN_TYPE_ADAPTIVE_BIN);
  g_type_ensure (WEN_TYPE_PLOT_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-evaluate-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, stack);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, adaptive_bin);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, paned);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, figures_group);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, labels_list);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, confusion_view);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, mistakes_label);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, all_mistakes_button);
  gtk_widget_class_bind_template_child (widget_class, WenEvaluatePage, mistakes_view);
  gtk_widget_class_bind_template_callback (widget_class, cell_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_mistakes_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_text_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_text_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_label_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_predicted_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_probability_cb);
}

static void
wen_evaluate_page_init (WenEvaluatePage *self)
{
  GtkSelectionModel *selection;

  self->figure_labels = g_ptr_array_new ();
  self->mistakes = g_list_store_new (WEN_TYPE_MISTAKE);
  self->selected_row = self->selected_column = -1;
  self->run_signals = g_signal_group_new (WEN_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->run_signals, "notify::evaluation", G_CALLBACK (update), self);
  gtk_widget_init_template (GTK_WIDGET (self));

  add_figure_rows (self);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->mistakes))));
  gtk_column_view_set_model (self->mistakes_view, selection);
  g_object_unref (selection);
  wen_plot_view_set_draw_func (self->confusion_view, draw_confusion, self);
  g_signal_connect_object (self->adaptive_bin, "notify::narrow", G_CALLBACK (narrow_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/**
 * wen_evaluate_page_new:
 *
 * Makes a page without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_evaluate_page_new (void)
{
  return g_object_new (WEN_TYPE_EVALUATE_PAGE, NULL);
}

/**
 * wen_evaluate_page_get_project:
 * @self: a page
 *
 * Gets the project whose result is shown.
 *
 * Returns: (transfer none) (nullable): the project
 */
WenProject *
wen_evaluate_page_get_project (WenEvaluatePage *self)
{
  g_return_val_if_fail (WEN_IS_EVALUATE_PAGE (self), NULL);

  return self->project;
}

/**
 * wen_evaluate_page_set_project:
 * @self: a page
 * @project: (nullable): the project to show
 *
 * Shows the result of another project.
 */
void
wen_evaluate_page_set_project (WenEvaluatePage *self,
                               WenProject      *project)
{
  g_return_if_fail (WEN_IS_EVALUATE_PAGE (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_list_store_remove_all (self->mistakes);
  g_set_object (&self->project, project);
  if (project)
    {
      g_signal_connect_object (project, "notify::run", G_CALLBACK (run_changed_cb), self, G_CONNECT_SWAPPED);
      run_changed_cb (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
}
