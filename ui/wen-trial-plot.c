/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The trials of a search as parallel coordinates, ready to be drawn. */

#include "config.h"

#include "wen-trial-plot.h"

#include "wen-preset-titles.h"
#include "wen-setting-row.h"
#include "wen-trial-item.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* An axis needs so much room, so that what stands beside it can be read. */
#define AXIS_PIXELS 95
/* More could not be told apart; the best come first. */
#define MOST_LINES 200

/* One axis, with what it points to. */
typedef struct
{
  const char *title;
  GArray     *values;          /* of double: of each trial */
  GPtrArray  *names;           /* element-type utf8, interned; empty: numbers */
  gboolean    is_logarithmic;
  gboolean    is_share;
  guint       n_having;        /* trials that have a value */
} Axis;

struct _WenTrialPlot
{
  GPtrArray   *trials;         /* of WenTrialItem: those with a score */
  GPtrArray   *axes;           /* of Axis; the last one is the score */
  WenPlotAxis *plot_axes;      /* [axes->len], points into axes */
  guint        highlighted;    /* number of a trial, or 0 */
};

static void
axis_free (gpointer data)
{
  Axis *axis = data;

  g_array_unref (axis->values);
  g_ptr_array_unref (axis->names);
  g_free (axis);
}

static Axis *
add_axis (WenTrialPlot *self,
          const char   *title,
          gboolean      is_logarithmic)
{
  Axis *axis = g_new0 (Axis, 1);

  axis->title = title;
  axis->is_logarithmic = is_logarithmic;
  axis->values = g_array_new (FALSE, FALSE, sizeof (double));
  axis->names = g_ptr_array_new ();
  g_ptr_array_add (self->axes, axis);
  return axis;
}

static const WenSearchTrial *
get_trial (WenTrialPlot *self,
           guint         index)
{
  return wen_trial_item_get_trial (g_ptr_array_index (self->trials, index));
}

static void
add_value (Axis   *axis,
           double  value)
{
  g_array_append_val (axis->values, value);
  axis->n_having += isfinite (value);
}

static void
add_name (Axis       *axis,
          const char *name)
{
  const char *interned = g_intern_string (name);
  guint index;

  if (!g_ptr_array_find (axis->names, interned, &index))
    {
      index = axis->names->len;
      g_ptr_array_add (axis->names, (gpointer) interned);
    }
  add_value (axis, index);
}

static gboolean
is_varied (const WenSearchTrial *trial,
           const char           *key)
{
  gsize n_dimensions;
  const WenSearchDimension *dimensions = wen_search_list_dimensions (trial->recipe->family, &n_dimensions);

  for (gsize i = 0; i < n_dimensions; i++)
    if (g_str_equal (dimensions[i].key, key))
      return TRUE;

  return FALSE;
}

static void
add_setting (WenTrialPlot             *self,
             const WenSearchDimension *dimension)
{
  const WenSetting *setting = wen_recipe_find_setting (dimension->key);
  gboolean is_number = setting->kind == WEN_SETTING_WHOLE_NUMBER || setting->kind == WEN_SETTING_NUMBER;
  Axis *axis = add_axis (self, _(setting->title), dimension->scale == WEN_SEARCH_SCALE_LOGARITHMIC);

  for (guint i = 0; i < self->trials->len; i++)
    {
      const WenSearchTrial *trial = get_trial (self, i);
      g_autofree char *value = wen_recipe_get (trial->recipe, dimension->key);

      if (!is_varied (trial, dimension->key))
        add_value (axis, NAN);
      else if (is_number)
        add_value (axis, g_ascii_strtod (value, NULL));
      else
        add_name (axis, wen_setting_row_name_value (setting, value));
    }
}

static int
compare_axes (gconstpointer a,
              gconstpointer b)
{
  const Axis *first = *(Axis * const *) a;
  const Axis *second = *(Axis * const *) b;

  return (first->n_having < second->n_having) - (first->n_having > second->n_having);
}

/* Each setting that some family's search varies, those of most trials first. */
static void
add_settings (WenTrialPlot *self)
{
  const char * const *families = wen_search_list_families ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) others = g_steal_pointer (&self->axes);

  self->axes = g_ptr_array_new_with_free_func (axis_free);
  for (gsize i = 0; families[i]; i++)
    {
      gsize n_dimensions;
      const WenSearchDimension *dimensions = wen_search_list_dimensions (families[i], &n_dimensions);

      for (gsize j = 0; j < n_dimensions; j++)
        if (g_hash_table_add (seen, (gpointer) dimensions[j].key))
          add_setting (self, &dimensions[j]);
    }
  for (guint i = self->axes->len; i > 0; i--)
    if (((Axis *) g_ptr_array_index (self->axes, i - 1))->n_having == 0)
      g_ptr_array_remove_index (self->axes, i - 1);
  g_ptr_array_sort (self->axes, compare_axes);
  g_ptr_array_set_free_func (others, NULL);
  for (guint i = 0; i < others->len; i++)
    g_ptr_array_insert (self->axes, (int) i, g_ptr_array_index (others, i));
}

static void
make_axes (WenTrialPlot *self)
{
  Axis *model = add_axis (self, _("Model"), FALSE);
  Axis *parameters = add_axis (self, _("Parameters"), TRUE);
  Axis *seconds = add_axis (self, _("Seconds"), TRUE);
  Axis *score;

  for (guint i = 0; i < self->trials->len; i++)
    {
      const WenSearchTrial *trial = get_trial (self, i);

      add_name (model, wen_preset_get_title (trial->recipe->preset));
      add_value (parameters, (double) trial->n_parameters);
      add_value (seconds, trial->seconds);
    }
  add_settings (self);
  score = add_axis (self, _("Goal"), FALSE);
  score->is_share = TRUE;
  for (guint i = 0; i < self->trials->len; i++)
    add_value (score, get_trial (self, i)->score);
}

static void
point_into_axes (WenTrialPlot *self)
{
  g_free (self->plot_axes);
  self->plot_axes = g_new0 (WenPlotAxis, MAX (1, self->axes->len));
  for (guint i = 0; i < self->axes->len; i++)
    {
      const Axis *axis = g_ptr_array_index (self->axes, i);

      self->plot_axes[i] = (WenPlotAxis) {
        .title = axis->title,
        .values = (const double *) (const void *) axis->values->data,
        .names = axis->names->len > 0 ? (const char * const *) axis->names->pdata : NULL,
        .n_names = axis->names->len,
        .is_logarithmic = axis->is_logarithmic,
        .is_share = axis->is_share,
      };
    }
}

WenTrialPlot *
wen_trial_plot_new (void)
{
  WenTrialPlot *self = g_new0 (WenTrialPlot, 1);

  self->trials = g_ptr_array_new_with_free_func (g_object_unref);
  self->axes = g_ptr_array_new_with_free_func (axis_free);
  return self;
}

void
wen_trial_plot_free (WenTrialPlot *self)
{
  g_ptr_array_unref (self->trials);
  g_ptr_array_unref (self->axes);
  g_free (self->plot_axes);
  g_free (self);
}

/* trials: of WenTrialItem, the best first. */
void
wen_trial_plot_set_trials (WenTrialPlot *self,
                           GPtrArray    *trials)
{
  g_ptr_array_set_size (self->trials, 0);
  g_ptr_array_set_size (self->axes, 0);
  for (guint i = 0; i < trials->len && self->trials->len < MOST_LINES; i++)
    if (isfinite (wen_trial_item_get_trial (trials->pdata[i])->score))
      g_ptr_array_add (self->trials, g_object_ref (trials->pdata[i]));
  if (self->trials->len > 0)
    make_axes (self);
  point_into_axes (self);
}

/* number: of a trial, or 0 for none. */
void
wen_trial_plot_set_highlight (WenTrialPlot *self,
                              guint         number)
{
  self->highlighted = number;
}

/* Fills axes, [self->axes->len], with those for which there is room. */
static WenPlotParallel
make_plot (WenTrialPlot *self,
           double        width,
           WenPlotAxis  *axes)
{
  guint n_axes = MIN (self->axes->len, (guint) MAX (3, width / AXIS_PIXELS));
  WenPlotParallel plot = { .axes = axes, .n_axes = n_axes, .n_lines = self->trials->len, .highlighted_line = -1 };

  for (guint i = 0; i + 1 < n_axes; i++)
    axes[i] = self->plot_axes[i];
  if (n_axes > 0)
    axes[n_axes - 1] = self->plot_axes[self->axes->len - 1];
  for (guint i = 0; i < self->trials->len; i++)
    if (get_trial (self, i)->number == self->highlighted)
      plot.highlighted_line = (int) i;
  return plot;
}

/* The number of the trial at a place, or 0. */
guint
wen_trial_plot_find_trial (WenTrialPlot       *self,
                           double              width,
                           double              height,
                           const WenPlotStyle *style,
                           double              x,
                           double              y)
{
  g_autofree WenPlotAxis *axes = g_new0 (WenPlotAxis, self->axes->len + 1);
  WenPlotParallel plot = make_plot (self, width, axes);
  int line = wen_plot_find_parallel_line (width, height, style, &plot, x, y);

  return line >= 0 ? get_trial (self, (guint) line)->number : 0;
}

/* A WenPlotDrawFunc. */
void
wen_trial_plot_draw (cairo_t            *cr,
                     double              width,
                     double              height,
                     const WenPlotStyle *style,
                     gpointer            user_data)
{
  WenTrialPlot *self = user_data;
  g_autofree WenPlotAxis *axes = g_new0 (WenPlotAxis, self->axes->len + 1);
  WenPlotParallel plot = make_plot (self, width, axes);

  wen_plot_draw_parallel (cr, width, height, style, &plot);
}
