/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All trainings of a project in a table, the best first, and the way back to one. */

#include "config.h"

#include "wen-leaderboard.h"

#include "wen-format.h"
#include "wen-preset-titles.h"
#include "wen-run-list.h"

#include <glib/gi18n.h>

/**
 * WenLeaderboard:
 *
 * Emits "problem" with a sentence when a recipe or a classifier cannot be used.
 */
struct _WenLeaderboard
{
  AdwBin parent_instance;

  /* template widgets */
  GtkLabel      *sentence_label;
  GtkWidget     *table;
  GtkColumnView *column_view;
  GtkWidget     *buttons;

  /* owned */
  WenProject         *project;
  WenRunList         *runs;         /* NULL: no project */
  GtkSingleSelection *selection;

  gint64              selected_id;  /* 0: none */
};

enum
{
  SIGNAL_PROBLEM,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenLeaderboard, wen_leaderboard, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

typedef enum
{
  COLUMN_MODEL,
  COLUMN_VALIDATION,
  COLUMN_TEST,
  COLUMN_MACRO_F1,
  COLUMN_MAJORITY,
  COLUMN_SECONDS,
  COLUMN_PARAMETERS,
  COLUMN_SEED,
  COLUMN_STARTED,
  N_COLUMNS,
} Column;

static const struct
{
  const char *title;
  const char *explanation;
} columns[N_COLUMNS] = {
  [COLUMN_MODEL] = { N_("Model"), N_("The preset that its settings came from") },
  [COLUMN_VALIDATION] = { N_("Validation"), N_("Share of the validation rows that were right; the order is by this") },
  [COLUMN_TEST] = { N_("Test"), N_("Share of the test rows that were right") },
  [COLUMN_MACRO_F1] = { N_("Macro F1"), N_("Mean F1 of all labels on the test rows") },
  [COLUMN_MAJORITY] = { N_("Guessing"), N_("What always guessing the commonest label gets right of the test rows") },
  [COLUMN_SECONDS] = { N_("Time"), N_("How long the training took") },
  [COLUMN_PARAMETERS] = { N_("Parameters"), N_("Numbers that were fitted") },
  [COLUMN_SEED] = { N_("Seed"), N_("Where chance began") },
  [COLUMN_STARTED] = { N_("Started"), N_("When the training was started") },
};

static gboolean
is_in_use (WenLeaderboard *self,
           WenPastRun     *run)
{
  WenRun *used = wen_project_get_run (self->project);

  return used && wen_run_get_id (used) == wen_past_run_get_id (run);
}

static char *
describe_model (WenLeaderboard *self,
                WenPastRun     *run)
{
  const char *title = wen_preset_get_title (wen_past_run_get_recipe (run)->preset);

  if (!is_in_use (self, run))
    return g_strdup (title);
  /* Translators: %s is a kind of model; the classifier that was made by this training is the one that predicts now */
  return g_strdup_printf (_("%s (in use)"), title);
}

static char *
describe (WenLeaderboard *self,
          WenPastRun     *run,
          Column          column)
{
  const WenPastRunFigures *figures = wen_past_run_get_figures (run);

  switch (column)
    {
    case COLUMN_MODEL:
      return describe_model (self, run);
    case COLUMN_VALIDATION:
      return wen_format_share (figures->validation_accuracy);
    case COLUMN_TEST:
      return wen_format_share (figures->accuracy);
    case COLUMN_MACRO_F1:
      return wen_format_share (figures->macro_f1);
    case COLUMN_MAJORITY:
      return wen_format_share (figures->majority_accuracy);
    case COLUMN_SECONDS:
      return wen_format_duration ((gint64) (figures->seconds * G_USEC_PER_SEC));
    case COLUMN_PARAMETERS:
      return wen_format_count (figures->n_parameters);
    case COLUMN_SEED:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, wen_past_run_get_recipe (run)->seed);
    case COLUMN_STARTED:
    case N_COLUMNS:
    default:
      /* Translators: a moment as strftime() writes it: date and time, both short */
      return g_date_time_format (wen_past_run_get_started (run), _("%x %H:%M"));
    }
}

static double
get_value (WenPastRun *run,
           Column      column)
{
  const WenPastRunFigures *figures = wen_past_run_get_figures (run);

  switch (column)
    {
    case COLUMN_VALIDATION:
      return figures->validation_accuracy;
    case COLUMN_TEST:
      return figures->accuracy;
    case COLUMN_MACRO_F1:
      return figures->macro_f1;
    case COLUMN_MAJORITY:
      return figures->majority_accuracy;
    case COLUMN_SECONDS:
      return figures->seconds;
    case COLUMN_PARAMETERS:
      return (double) figures->n_parameters;
    case COLUMN_SEED:
      return (double) wen_past_run_get_recipe (run)->seed;
    case COLUMN_STARTED:
    case COLUMN_MODEL:
    case N_COLUMNS:
    default:
      return (double) wen_past_run_get_id (run);
    }
}

static int
compare_cb (gconstpointer a,
            gconstpointer b,
            gpointer      user_data)
{
  WenPastRun *first = (WenPastRun *) a;
  WenPastRun *second = (WenPastRun *) b;
  Column column = GPOINTER_TO_UINT (user_data);
  double first_value;
  double second_value;

  if (column == COLUMN_MODEL)
    return g_utf8_collate (wen_preset_get_title (wen_past_run_get_recipe (first)->preset),
                           wen_preset_get_title (wen_past_run_get_recipe (second)->preset));

  first_value = get_value (first, column);
  second_value = get_value (second, column);
  return (first_value > second_value) - (first_value < second_value);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_UINT (column) == COLUMN_MODEL ? 0 : 1);
  gtk_widget_set_tooltip_text (label, _(columns[GPOINTER_TO_UINT (column)].explanation));
  if (GPOINTER_TO_UINT (column) != COLUMN_MODEL)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (WenLeaderboard           *self,
         GtkListItem              *item,
         GtkSignalListItemFactory *factory)
{
  Column column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "wen-column"));
  g_autofree char *text = describe (self, gtk_list_item_get_item (item), column);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
add_columns (WenLeaderboard *self)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, GUINT_TO_POINTER (i), NULL));
      g_autoptr(GtkColumnViewColumn) column = NULL;

      g_object_set_data (G_OBJECT (factory), "wen-column", GUINT_TO_POINTER (i));
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (i));
      g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
      column = gtk_column_view_column_new (_(columns[i].title), factory);
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_column_set_expand (column, i == COLUMN_MODEL);
      gtk_column_view_append_column (self->column_view, column);
    }
}

static char *
describe_lead (const WenComparison *lead)
{
  double points = 100 * ABS (lead->difference);
  double margin = 50 * (lead->high - lead->low);

  if (lead->difference == 0)
    /* Translators: a number of percentage points */
    return g_strdup_printf (_("The best gets as many test rows right as the next (±%.1f points)."), margin);
  if (lead->low > 0)
    /* Translators: two numbers of percentage points */
    return g_strdup_printf (_("The best is %.1f points ahead of the next on the test rows: more than chance would make (±%.1f)."),
                            points, margin);
  if (lead->high < 0)
    /* Translators: two numbers of percentage points */
    return g_strdup_printf (_("The best on the validation rows is %.1f points behind the next on the test rows: more than chance would make (±%.1f)."),
                            points, margin);
  if (lead->difference >= 0)
    /* Translators: two numbers of percentage points */
    return g_strdup_printf (_("The best is %.1f points ahead of the next on the test rows: not more than chance would make (±%.1f)."),
                            points, margin);
  /* Translators: two numbers of percentage points */
  return g_strdup_printf (_("The best on the validation rows is %.1f points behind the next on the test rows: not more than chance would make (±%.1f)."),
                          points, margin);
}

static char *
describe_runs (WenLeaderboard *self)
{
  guint n_runs = self->runs ? g_list_model_get_n_items (G_LIST_MODEL (self->runs)) : 0;
  WenComparison lead;

  if (n_runs == 0)
    return g_strdup (_("Trainings are listed here when they are done, the best on the validation rows first."));
  if (n_runs == 1)
    return g_strdup (_("One training so far. Train with another preset, and see here which is better."));
  if (!wen_run_list_get_lead (self->runs, &lead))
    return g_strdup (_("The best on the validation rows comes first."));
  return describe_lead (&lead);
}

static WenPastRun *
get_selected (WenLeaderboard *self)
{
  return self->runs ? gtk_single_selection_get_selected_item (self->selection) : NULL;
}

static void
update_actions (WenLeaderboard *self)
{
  WenPastRun *selected = get_selected (self);
  WenRun *run = self->project ? wen_project_get_run (self->project) : NULL;
  gboolean is_on = run && !wen_run_is_over (run);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "leaderboard.use-recipe", selected && !is_on);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "leaderboard.use-classifier",
                                 selected && !is_on && wen_past_run_has_classifier (selected)
                                   && !is_in_use (self, selected));
}

static void
select_again (WenLeaderboard *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(WenPastRun) run = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (wen_past_run_get_id (run) == self->selected_id)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
}

static void
update (WenLeaderboard *self)
{
  g_autofree char *sentence = describe_runs (self);
  gboolean has_runs = self->runs && g_list_model_get_n_items (G_LIST_MODEL (self->runs)) > 0;

  gtk_label_set_label (self->sentence_label, sentence);
  gtk_widget_set_visible (self->table, has_runs);
  gtk_widget_set_visible (self->buttons, has_runs);
  update_actions (self);
}

static void
busy_cb (WenLeaderboard *self)
{
  if (wen_run_list_is_busy (self->runs))
    return;

  select_again (self);
  update (self);
}

/* While the list changes something else may be selected for a moment. */
static void
selected_cb (WenLeaderboard *self)
{
  WenPastRun *selected = get_selected (self);

  if (selected && !wen_run_list_is_busy (self->runs))
    self->selected_id = wen_past_run_get_id (selected);
  update_actions (self);
}

static void
use_recipe_action_cb (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  WenLeaderboard *self = WEN_LEADERBOARD (widget);
  g_autoptr(GError) error = NULL;

  if (!wen_project_set_recipe (self->project, wen_past_run_get_recipe (get_selected (self)), &error))
    g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error->message);
}

static void
use_classifier_action_cb (GtkWidget  *widget,
                          const char *name,
                          GVariant   *parameter)
{
  WenLeaderboard *self = WEN_LEADERBOARD (widget);
  g_autoptr(GError) error = NULL;

  if (!wen_project_use_run (self->project, wen_past_run_get_id (get_selected (self)), &error))
    g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error->message);
}

static void
wen_leaderboard_dispose (GObject *object)
{
  WenLeaderboard *self = WEN_LEADERBOARD (object);

  wen_leaderboard_set_project (self, NULL);
  g_clear_object (&self->selection);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_LEADERBOARD);

  G_OBJECT_CLASS (wen_leaderboard_parent_class)->dispose (object);
}

static void
wen_leaderboard_class_init (WenLeaderboardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wen_leaderboard_dispose;

  signals[SIGNAL_PROBLEM] =
    g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "leaderboard.use-recipe", NULL, use_recipe_action_cb);
  gtk_widget_class_install_action (widget_class, "leaderboard.use-classifier", NULL, use_classifier_action_cb);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-leaderboard.ui");
  gtk_widget_class_bind_template_child (widget_class, WenLeaderboard, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, WenLeaderboard, table);
  gtk_widget_class_bind_template_child (widget_class, WenLeaderboard, column_view);
  gtk_widget_class_bind_template_child (widget_class, WenLeaderboard, buttons);
}

static void
wen_leaderboard_init (WenLeaderboard *self)
{
  GtkSortListModel *sorted;

  gtk_widget_init_template (GTK_WIDGET (self));

  add_columns (self);
  sorted = gtk_sort_list_model_new (NULL, g_object_ref (gtk_column_view_get_sorter (self->column_view)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/**
 * wen_leaderboard_set_project:
 * @self: a leaderboard
 * @project: (nullable): whose trainings to show
 *
 * Shows the trainings of another project.
 */
void
wen_leaderboard_set_project (WenLeaderboard *self,
                             WenProject     *project)
{
  GtkSortListModel *sorted;

  g_return_if_fail (WEN_IS_LEADERBOARD (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  sorted = GTK_SORT_LIST_MODEL (gtk_single_selection_get_model (self->selection));
  if (self->project)
    {
      g_signal_handlers_disconnect_by_data (self->project, self);
      g_signal_handlers_disconnect_by_data (self->runs, self);
    }
  gtk_sort_list_model_set_model (sorted, NULL);
  g_clear_object (&self->runs);
  self->selected_id = 0;
  g_set_object (&self->project, project);
  if (project)
    {
      self->runs = wen_run_list_new (project);
      gtk_sort_list_model_set_model (sorted, G_LIST_MODEL (self->runs));
      g_signal_connect_object (self->runs, "notify::is-busy", G_CALLBACK (busy_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "notify::run", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
    }
  update (self);
}
