/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a search has tried: a picture with a line for each, and a table, the best first. */

#include "config.h"

#include "wen-search-results.h"

#include "wen-plot-view.h"
#include "wen-trial-columns.h"
#include "wen-trial-plot.h"

#include <glib/gi18n.h>

/* Rows of the table while it changes: the table measures every one of them each time. */
#define SHOWN_WHILE_ON 20

struct _WenSearchResults
{
  AdwBin parent_instance;

  /* template widgets */
  WenPlotView        *plot_view;
  GtkColumnView      *column_view;

  /* owned */
  GPtrArray          *items;      /* of WenTrialItem, by number; NULL where there is no news yet */
  GListStore         *trials;     /* of WenTrialItem: those in the table, the best first */
  GtkSingleSelection *selection;
  WenTrialPlot       *plot;

  guint               selected;   /* number of a trial, or 0 */
  gboolean            is_refreshing;
};

G_DEFINE_FINAL_TYPE (WenSearchResults, wen_search_results, ADW_TYPE_BIN)

static int
compare_items (gconstpointer a,
               gconstpointer b)
{
  return wen_trial_item_compare (*(WenTrialItem * const *) a, *(WenTrialItem * const *) b);
}

static void
select_trial (WenSearchResults *self,
              guint             number)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->trials));

  for (guint i = 0; i < n_shown; i++)
    {
      g_autoptr(WenTrialItem) item = g_list_model_get_item (G_LIST_MODEL (self->trials), i);

      if (wen_trial_item_get_trial (item)->number == number)
        gtk_single_selection_set_selected (self->selection, i);
    }
}

static void
describe_plot (WenSearchResults *self,
               guint             n_trials,
               const char       *best)
{
  g_autofree char *lines = NULL;
  g_autofree char *text = NULL;

  lines = g_strdup_printf (g_dngettext (NULL, "A line for the %u set of settings that was tried.",
                                        "A line for each of %u sets of settings that were tried.", n_trials),
                           n_trials);
  text = g_strconcat (lines, " ", best, NULL);
  wen_plot_view_set_description (self->plot_view, text);
}

/* (element-type WenTrialItem) (transfer full): the best first. */
static GPtrArray *
sort_items (WenSearchResults *self)
{
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->items->len; i++)
    if (self->items->pdata[i])
      g_ptr_array_add (sorted, g_object_ref (self->items->pdata[i]));
  g_ptr_array_sort (sorted, compare_items);
  return sorted;
}

static gboolean
is_shown_at (WenSearchResults *self,
             guint             position,
             gpointer          item)
{
  g_autoptr(WenTrialItem) shown = g_list_model_get_item (G_LIST_MODEL (self->trials), position);

  return shown == item;
}

/* The table scrolls with the rows that it shows; the best one is to stay in sight. */
static void
scroll_to_best (WenSearchResults *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view)); child;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      gtk_widget_activate_action (child, "list.scroll-to-item", "u", 0);
}

/* Only the rows that differ are replaced. */
static void
show_rows (WenSearchResults *self,
           GPtrArray        *sorted,
           gboolean          is_on)
{
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (self->trials));
  guint n_rows = is_on ? MIN (sorted->len, SHOWN_WHILE_ON) : sorted->len;
  guint first = 0;
  guint last = 0;

  while (first < MIN (n_before, n_rows) && is_shown_at (self, first, sorted->pdata[first]))
    first++;
  while (last < MIN (n_before, n_rows) - first
         && is_shown_at (self, n_before - last - 1, sorted->pdata[n_rows - last - 1]))
    last++;

  self->is_refreshing = TRUE;
  if (n_before > first + last || n_rows > first + last)
    g_list_store_splice (self->trials, first, n_before - first - last, sorted->pdata + first, n_rows - first - last);
  /* Until somebody chooses another one, it is the best. */
  if (self->selected > 0)
    select_trial (self, self->selected);
  else if (n_rows > 0)
    {
      gtk_single_selection_set_selected (self->selection, 0);
      scroll_to_best (self);
    }
  self->is_refreshing = FALSE;
}

static void
selected_cb (WenSearchResults *self)
{
  WenTrialItem *selected = wen_search_results_get_selected (self);

  if (self->is_refreshing)
    return;

  self->selected = selected ? wen_trial_item_get_trial (selected)->number : 0;
  wen_trial_plot_set_highlight (self->plot, self->selected);
  wen_plot_view_redraw (self->plot_view);
}

static guint
find_trial (WenSearchResults *self,
            double            x,
            double            y)
{
  double width;
  double height;

  wen_plot_view_get_size (self->plot_view, &width, &height);
  return wen_trial_plot_find_trial (self->plot, width, height, wen_plot_view_get_style (self->plot_view), x, y);
}

/* Beside all lines, the chosen one is marked. */
static void
hover_cb (WenSearchResults *self,
          double            x,
          double            y)
{
  guint number = x >= 0 ? find_trial (self, x, y) : 0;

  wen_trial_plot_set_highlight (self->plot, number > 0 ? number : self->selected);
  wen_plot_view_redraw (self->plot_view);
}

static void
pressed_cb (WenSearchResults *self,
            double            x,
            double            y)
{
  guint number = find_trial (self, x, y);

  if (number > 0)
    select_trial (self, number);
}

static void
wen_search_results_dispose (GObject *object)
{
  WenSearchResults *self = WEN_SEARCH_RESULTS (object);

  g_clear_object (&self->selection);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_SEARCH_RESULTS);

  G_OBJECT_CLASS (wen_search_results_parent_class)->dispose (object);
}

static void
clear_item (gpointer item)
{
  g_clear_object (&item);
}

static void
wen_search_results_finalize (GObject *object)
{
  WenSearchResults *self = WEN_SEARCH_RESULTS (object);

  g_clear_object (&self->trials);
  g_ptr_array_unref (self->items);
  wen_trial_plot_free (self->plot);

  G_OBJECT_CLASS (wen_search_results_parent_class)->finalize (object);
}

static void
wen_search_results_class_init (WenSearchResultsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_search_results_dispose;
  object_class->finalize = wen_search_results_finalize;

  g_type_ensure (WEN_TYPE_PLOT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-search-results.ui");
  gtk_widget_class_bind_template_child (widget_class, WenSearchResults, plot_view);
  gtk_widget_class_bind_template_child (widget_class, WenSearchResults, column_view);
  gtk_widget_class_bind_template_callback (widget_class, hover_cb);
  gtk_widget_class_bind_template_callback (widget_class, pressed_cb);
}

static void
wen_search_results_init (WenSearchResults *self)
{
  self->items = g_ptr_array_new_with_free_func (clear_item);
  self->trials = g_list_store_new (WEN_TYPE_TRIAL_ITEM);
  self->plot = wen_trial_plot_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  wen_trial_columns_add (self->column_view);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->trials)));
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  wen_plot_view_set_draw_func (self->plot_view, wen_trial_plot_draw, self->plot);
}

/**
 * wen_search_results_clear:
 * @self: the results
 *
 * Forgets all trials; what is shown stays until wen_search_results_refresh().
 */
void
wen_search_results_clear (WenSearchResults *self)
{
  g_return_if_fail (WEN_IS_SEARCH_RESULTS (self));

  g_ptr_array_set_size (self->items, 0);
  self->selected = 0;
}

/**
 * wen_search_results_take_over:
 * @self: the results
 * @trial: as it is now
 *
 * Takes over what is new of a trial; what is shown stays until
 * wen_search_results_refresh().
 */
void
wen_search_results_take_over (WenSearchResults     *self,
                              const WenSearchTrial *trial)
{
  g_return_if_fail (WEN_IS_SEARCH_RESULTS (self));
  g_return_if_fail (trial != NULL);

  if (self->items->len < trial->number)
    g_ptr_array_set_size (self->items, (int) trial->number);
  g_clear_object (&self->items->pdata[trial->number - 1]);
  self->items->pdata[trial->number - 1] = wen_trial_item_new (trial);
}

/**
 * wen_search_results_refresh:
 * @self: the results
 * @is_on: whether the search is; the table then shows its beginning only
 * @best: a sentence about the best one, for those who do not see the picture
 *
 * Shows what was taken over.
 */
void
wen_search_results_refresh (WenSearchResults *self,
                            gboolean          is_on,
                            const char       *best)
{
  g_autoptr(GPtrArray) sorted = NULL;
  WenTrialItem *selected;

  g_return_if_fail (WEN_IS_SEARCH_RESULTS (self));

  sorted = sort_items (self);
  show_rows (self, sorted, is_on);
  selected = wen_search_results_get_selected (self);
  wen_trial_plot_set_trials (self->plot, sorted);
  wen_trial_plot_set_highlight (self->plot, selected ? wen_trial_item_get_trial (selected)->number : 0);
  wen_plot_view_redraw (self->plot_view);
  describe_plot (self, sorted->len, best);
  gtk_widget_set_visible (GTK_WIDGET (self), sorted->len > 0);
}

/**
 * wen_search_results_get_selected:
 * @self: the results
 *
 * Gets the chosen trial: the best one until somebody chooses another.
 *
 * Returns: (transfer none) (nullable): the trial, or `NULL` where there is none
 */
WenTrialItem *
wen_search_results_get_selected (WenSearchResults *self)
{
  g_return_val_if_fail (WEN_IS_SEARCH_RESULTS (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}
