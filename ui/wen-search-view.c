/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Searches for good settings for some time, and shows what was tried. */

#include "config.h"

#include "wen-search-view.h"

#include "wen-format.h"
#include "wen-preset-titles.h"
#include "wen-project-search.h"
#include "wen-search-results.h"

#include <glib/gi18n.h>
#include <math.h>

/* Nobody reads a picture and a table that change more often. */
#define REDRAW_US G_TIME_SPAN_SECOND
#define BYTES_PER_PARAMETER 4

/* As the rows of the template list them. */
static const guint budgets_seconds[] = { 60, 5 * 60, 30 * 60, 8 * 60 * 60 };
static const guint largest_megabytes[] = { 0, 100, 10, 1 };
/* Before the labels. */
static const WenSearchGoal goals[] = { WEN_SEARCH_GOAL_ACCURACY, WEN_SEARCH_GOAL_MACRO_F1 };

/**
 * WenSearchView:
 *
 * Emits "problem" with a sentence when settings cannot be used.
 */
struct _WenSearchView
{
  AdwBin parent_instance;

  /* template widgets */
  GtkWidget         *options_group;
  AdwComboRow       *time_row;
  AdwComboRow       *goal_row;
  AdwComboRow       *size_row;
  GtkLabel          *state_label;
  GtkWidget         *start_button;
  GtkWidget         *resume_button;
  GtkWidget         *stop_button;
  GtkProgressBar    *progress_bar;
  WenSearchResults  *results;

  /* owned */
  WenProject         *project;
  GCancellable       *label_cancellable; /* of reading the labels */
  GStrv               labels;            /* NULL: not read yet */
  WenSearchOptions   *options;           /* of the search that waits for its rows, as the next two */
  WenRecipe          *base;
  GBytes             *checkpoint;        /* NULL: from the beginning */
  WenSearch          *search;            /* the newest one; NULL: none yet */
  GCancellable       *cancellable;       /* NULL: no search is on */
  char               *problem;           /* why the last one brought nothing; NULL: it did */
  GHashTable         *changed;           /* set of the numbers of trials that results do not know yet */

  gint64              refreshed_us;
  gboolean            is_interrupted;    /* a search can go on where it was */
  gboolean            is_blocked;        /* the processors are needed by something else */
};

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

enum
{
  SIGNAL_PROBLEM,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenSearchView, wen_search_view, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
is_on (WenSearchView *self)
{
  return self->cancellable != NULL;
}

static char *
describe_best (WenSearchView *self)
{
  const WenSearchTrial *best = self->search ? wen_search_get_best (self->search) : NULL;

  if (best == NULL)
    return g_strdup (_("Nothing measured yet."));
  /* Translators: a kind of model, and a share in per cent */
  return g_strdup_printf (_("Best so far: %s with %.1f %%."), wen_preset_get_title (best->recipe->preset),
                          100 * best->score);
}

static char *
describe_progress (WenSearchView *self)
{
  g_autofree char *best = describe_best (self);
  g_autofree char *remaining = NULL;
  WenSearchProgress progress;

  if (self->search == NULL)
    return g_strdup (_("Reading the rows…"));
  wen_search_get_progress (self->search, &progress);
  if (progress.remaining_us < 0)
    return g_steal_pointer (&best);
  remaining = wen_format_duration (progress.remaining_us);
  /* Translators: a sentence, a number of settings, a duration such as "41 s" */
  return g_strdup_printf (_("%s Tried %u, %s left."), best, progress.n_trials, remaining);
}

static char *
describe_state (WenSearchView *self)
{
  const WenSearchTrial *best;

  if (is_on (self))
    return describe_progress (self);
  if (self->problem)
    return g_strdup (self->problem);
  if (self->search == NULL && self->is_interrupted)
    return g_strdup (_("The last search was interrupted. It can go on where it was."));
  if (self->search == NULL)
    return g_strdup (_("Nothing is searched yet."));
  best = wen_search_get_best (self->search);
  if (best == NULL)
    return g_strdup (_("Stopped before anything was measured."));
  /* Translators: a number of settings, a kind of model, a share in per cent */
  return g_strdup_printf (_("Tried %u. Best: %s with %.1f %%."), wen_search_get_n_trials (self->search),
                          wen_preset_get_title (best->recipe->preset), 100 * best->score);
}

static void
update_state (WenSearchView *self)
{
  g_autofree char *sentence = describe_state (self);
  gboolean has_rows = self->project && wen_project_get_n_rows (self->project) > 0;
  WenSearchProgress progress = { 0 };

  gtk_label_set_label (self->state_label, sentence);
  if (self->problem && !is_on (self))
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), "error");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search.start", has_rows && !is_on (self) && !self->is_blocked);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search.resume",
                                 has_rows && self->is_interrupted && !is_on (self) && !self->is_blocked);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "search.stop", is_on (self));
  gtk_widget_set_visible (self->start_button, !is_on (self));
  gtk_widget_set_visible (self->resume_button, self->is_interrupted && !is_on (self));
  gtk_widget_set_visible (self->stop_button, is_on (self));
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), is_on (self));
  gtk_widget_set_sensitive (self->options_group, !is_on (self));
  if (self->search)
    wen_search_get_progress (self->search, &progress);
  gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (progress.fraction, 0, 1));
}

/* Takes over what is new of the trials. */
static void
refresh (WenSearchView *self)
{
  g_autofree char *best = describe_best (self);
  GHashTableIter iter;
  gpointer number;

  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    wen_search_results_take_over (self->results, wen_search_get_trial (self->search, GPOINTER_TO_UINT (number)));
  g_hash_table_remove_all (self->changed);
  wen_search_results_refresh (self->results, is_on (self), best);
  self->refreshed_us = g_get_monotonic_time ();
}

static void
trial_changed_cb (WenSearchView *self,
                  guint          number)
{
  g_hash_table_add (self->changed, GUINT_TO_POINTER (number));
}

static void
progress_cb (WenSearchView *self)
{
  update_state (self);
  if (g_get_monotonic_time () - self->refreshed_us >= REDRAW_US)
    refresh (self);
}

static void
set_busy (WenSearchView *self,
          GCancellable  *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
take_problem (WenSearchView *self,
              const GError  *error)
{
  g_free (self->problem);
  self->problem = error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? g_strdup (error->message) : NULL;
}

static void
forget_kept (WenSearchView *self)
{
  self->is_interrupted = FALSE;
  wen_project_forget_search (self->project);
}

static void
forget_waiting (WenSearchView *self)
{
  g_clear_pointer (&self->options, wen_search_options_free);
  g_clear_pointer (&self->base, wen_recipe_free);
  g_clear_pointer (&self->checkpoint, g_bytes_unref);
}

static void
searched_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(WenSearchView) self = user_data;
  g_autoptr(GError) error = NULL;

  wen_search_run_finish (WEN_SEARCH (object), result, &error);
  if (self->search != WEN_SEARCH (object))
    return;

  forget_kept (self);
  take_problem (self, error);
  set_busy (self, NULL);
  refresh (self);
  update_state (self);
}

static WenSearchOptions *
create_options (WenSearchView *self)
{
  WenSearchOptions *options = wen_search_options_new ();
  guint goal = adw_combo_row_get_selected (self->goal_row);

  options->budget_seconds = budgets_seconds[adw_combo_row_get_selected (self->time_row)];
  options->largest = largest_megabytes[adw_combo_row_get_selected (self->size_row)] * G_GUINT64_CONSTANT (1000000)
                     / BYTES_PER_PARAMETER;
  options->seed = wen_project_get_recipe (self->project)->seed;
  if (goal < G_N_ELEMENTS (goals))
    {
      options->goal = goals[goal];
    }
  else
    {
      options->goal = WEN_SEARCH_GOAL_LABEL_F1;
      options->label = g_strdup (self->labels[goal - G_N_ELEMENTS (goals)]);
    }
  return options;
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenSearchView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, &error);

  if (self->project != WEN_PROJECT (object) || self->cancellable == NULL)
    return;
  if (dataset == NULL || g_cancellable_is_cancelled (self->cancellable))
    {
      forget_waiting (self);
      take_problem (self, error);
      set_busy (self, NULL);
      update_state (self);
      return;
    }

  self->search = wen_search_new (dataset, self->base, self->options);
  wen_project_keep_search (self->project, self->search, self->base, self->options);
  if (self->checkpoint)
    wen_search_set_checkpoint (self->search, self->checkpoint);
  forget_waiting (self);
  g_signal_connect_object (self->search, "trial-changed", G_CALLBACK (trial_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  wen_search_run_async (self->search, self->cancellable, searched_cb, g_object_ref (self));
  update_state (self);
}

static void
forget_search (WenSearchView *self)
{
  if (self->search)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_clear_object (&self->search);
  g_clear_pointer (&self->problem, g_free);
  g_hash_table_remove_all (self->changed);
  wen_search_results_clear (self->results);
  refresh (self);
}

/* What to search for is set already. */
static void
begin (WenSearchView *self)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  forget_search (self);
  set_busy (self, cancellable);
  wen_project_load_dataset_async (self->project, cancellable, loaded_cb, g_object_ref (self));
  update_state (self);
}

static void
start_action_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  WenSearchView *self = WEN_SEARCH_VIEW (widget);

  forget_kept (self);
  self->options = create_options (self);
  self->base = wen_recipe_copy (wen_project_get_recipe (self->project));
  begin (self);
}

static void
resume_action_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  WenSearchView *self = WEN_SEARCH_VIEW (widget);

  if (wen_project_read_search (self->project, &self->base, &self->options, &self->checkpoint))
    begin (self);
}

/* What was measured is kept; before anything could be, there is nothing to keep. */
static void
stop_action_cb (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  WenSearchView *self = WEN_SEARCH_VIEW (widget);

  if (self->search)
    wen_search_stop (self->search);
  else
    g_cancellable_cancel (self->cancellable);
}

static void
use_recipe_action_cb (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  WenSearchView *self = WEN_SEARCH_VIEW (widget);
  WenTrialItem *selected = wen_search_results_get_selected (self->results);
  g_autoptr(GError) error = NULL;

  if (selected && !wen_project_set_recipe (self->project, wen_trial_item_get_trial (selected)->recipe, &error))
    g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error->message);
}

static void
show_goals (WenSearchView *self)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);

  gtk_string_list_append (titles, _("Accuracy"));
  gtk_string_list_append (titles, _("Macro F1"));
  for (gsize i = 0; self->labels && self->labels[i]; i++)
    {
      /* Translators: %s is a label */
      g_autofree char *title = g_strdup_printf (_("F1 of “%s”"), self->labels[i]);

      gtk_string_list_append (titles, title);
    }
  adw_combo_row_set_model (self->goal_row, G_LIST_MODEL (titles));
}

static void
labels_loaded_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(WenSearchView) self = user_data;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (dataset == NULL || self->project != WEN_PROJECT (object))
    return;

  for (guint i = 0; i < wen_dataset_get_n_labels (dataset); i++)
    g_strv_builder_add (builder, wen_dataset_get_label_name (dataset, i));
  g_strfreev (self->labels);
  self->labels = g_strv_builder_end (builder);
  show_goals (self);
}

static void
forget_labels (WenSearchView *self)
{
  g_cancellable_cancel (self->label_cancellable);
  g_clear_object (&self->label_cancellable);
  g_clear_pointer (&self->labels, g_strfreev);
  show_goals (self);
}

/* Not before somebody looks: it takes a second with a million rows. */
static void
load_labels (WenSearchView *self)
{
  if (self->project == NULL || self->label_cancellable || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->label_cancellable = g_cancellable_new ();
  wen_project_load_dataset_async (self->project, self->label_cancellable, labels_loaded_cb, g_object_ref (self));
}

static void
rows_changed_cb (WenSearchView *self)
{
  /* The options of a search that is on stay what it has. */
  if (!is_on (self))
    {
      forget_labels (self);
      load_labels (self);
    }
  update_state (self);
}

static void
wen_search_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wen_search_view_parent_class)->map (widget);
  load_labels (WEN_SEARCH_VIEW (widget));
}

static void
wen_search_view_dispose (GObject *object)
{
  WenSearchView *self = WEN_SEARCH_VIEW (object);

  wen_search_view_set_project (self, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_SEARCH_VIEW);

  G_OBJECT_CLASS (wen_search_view_parent_class)->dispose (object);
}

static void
wen_search_view_finalize (GObject *object)
{
  WenSearchView *self = WEN_SEARCH_VIEW (object);

  g_hash_table_unref (self->changed);

  G_OBJECT_CLASS (wen_search_view_parent_class)->finalize (object);
}

static void
wen_search_view_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, is_on (WEN_SEARCH_VIEW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_search_view_class_init (WenSearchViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_search_view_dispose;
  object_class->finalize = wen_search_view_finalize;
  object_class->get_property = wen_search_view_get_property;
  widget_class->map = wen_search_view_map;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_PROBLEM] =
    g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_install_action (widget_class, "search.start", NULL, start_action_cb);
  gtk_widget_class_install_action (widget_class, "search.resume", NULL, resume_action_cb);
  gtk_widget_class_install_action (widget_class, "search.stop", NULL, stop_action_cb);
  gtk_widget_class_install_action (widget_class, "search.use-recipe", NULL, use_recipe_action_cb);

  g_type_ensure (WEN_TYPE_SEARCH_RESULTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-search-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, options_group);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, time_row);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, goal_row);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, size_row);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, state_label);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, start_button);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, resume_button);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, stop_button);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, WenSearchView, results);
}

static void
wen_search_view_init (WenSearchView *self)
{
  self->changed = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));

  show_goals (self);
  update_state (self);
}

/**
 * wen_search_view_set_project:
 * @self: a view
 * @project: (nullable): on whose rows to search
 *
 * Shows nothing of the project before, and cancels its search.
 */
void
wen_search_view_set_project (WenSearchView *self,
                             WenProject    *project)
{
  g_return_if_fail (WEN_IS_SEARCH_VIEW (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  if (is_on (self))
    {
      g_cancellable_cancel (self->cancellable);
      set_busy (self, NULL);
    }
  forget_search (self);
  forget_waiting (self);
  g_set_object (&self->project, project);
  self->is_interrupted = project && wen_project_read_search (project, NULL, NULL, NULL);
  forget_labels (self);
  load_labels (self);
  if (project)
    g_signal_connect_object (project, "rows-changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
  update_state (self);
}

/**
 * wen_search_view_is_busy:
 * @self: a view
 *
 * Says whether a search is on.
 *
 * Returns: whether it is
 */
gboolean
wen_search_view_is_busy (WenSearchView *self)
{
  g_return_val_if_fail (WEN_IS_SEARCH_VIEW (self), FALSE);

  return is_on (self);
}

/**
 * wen_search_view_set_blocked:
 * @self: a view
 * @is_blocked: whether no search may begin
 *
 * Says whether something else needs the processors.
 */
void
wen_search_view_set_blocked (WenSearchView *self,
                             gboolean       is_blocked)
{
  g_return_if_fail (WEN_IS_SEARCH_VIEW (self));

  self->is_blocked = is_blocked;
  update_state (self);
}
