/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Says whether more rows would make the classifier better, with the curve that says so. */

#include "config.h"

#include "wen-data-curve-view.h"

#include "wen-data-curve.h"
#include "wen-format.h"
#include "wen-plot-view.h"
#include "wen-preset-titles.h"
#include "wen-progress-relay.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_REPEATS 3

typedef enum
{
  SERIES_FIRST,       /* accuracy, or the recall of a label */
  SERIES_F1,
  N_SERIES,
} Series;

struct _WenDataCurveView
{
  AdwBin parent_instance;

  /* template widgets */
  GtkLabel       *state_label;
  GtkWidget      *start_button;
  GtkWidget      *cancel_button;
  GtkProgressBar *progress_bar;
  GtkWidget      *results_box;
  AdwComboRow    *label_row;
  GtkLabel       *verdict_label;
  WenPlotView    *plot_view;
  GtkLabel       *scope_label;

  /* owned */
  WenProject       *project;
  GCancellable     *cancellable;    /* NULL: nothing is on */
  WenProgressRelay *relay;          /* of the work that is on */
  WenDataCurve     *curve;          /* NULL: none yet */
  char             *model;          /* what curve was made with */
  char             *problem;        /* why there is none; NULL: nothing went wrong */

  /* What is drawn: of all rows, or of one label. */
  GArray           *x;              /* of double: numbers of rows */
  GArray           *values[N_SERIES];
  GArray           *lows[N_SERIES];
  GArray           *highs[N_SERIES];
  WenPlotSeries     series[N_SERIES];
  double            hover_x;

  gboolean          is_blocked;     /* the processors are needed by something else */
};

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenDataCurveView, wen_data_curve_view, ADW_TYPE_BIN)

static GParamSpec *properties[N_PROPS];

/* What the thread works on. */
typedef struct
{
  WenDataset       *dataset;
  WenRecipe        *recipe;
  WenProgressRelay *relay;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->dataset);
  wen_recipe_free (request->recipe);
  g_object_unref (request->relay);
  g_free (request);
}

/* 0: all of them. */
static guint
get_label (WenDataCurveView *self)
{
  guint selected = adw_combo_row_get_selected (self->label_row);

  return selected == GTK_INVALID_LIST_POSITION ? 0 : selected;
}

static char *
describe_forecast (WenDataCurveView *self)
{
  guint label = get_label (self);
  g_autofree char *rows = NULL;
  WenDataForecast forecast;

  if (label == 0)
    wen_data_curve_get_forecast (self->curve, &forecast);
  else
    wen_data_curve_get_label_forecast (self->curve, label - 1, &forecast);
  rows = wen_format_count (forecast.n_rows);
  switch (forecast.verdict)
    {
    case WEN_DATA_VERDICT_HELPS:
      /* Translators: a number of rows, and three numbers of percentage points */
      return g_strdup_printf (_("Yes: with twice as many rows (%s) about %.1f points more are to be expected (%.1f to %.1f)."),
                              rows, 100 * forecast.gain.value, 100 * forecast.gain.low, 100 * forecast.gain.high);
    case WEN_DATA_VERDICT_LITTLE:
      /* Translators: a number of rows, and three numbers of percentage points */
      return g_strdup_printf (_("Hardly: with twice as many rows (%s) about %.1f points more are to be expected (%.1f to %.1f)."),
                              rows, 100 * forecast.gain.value, 100 * forecast.gain.low, 100 * forecast.gain.high);
    case WEN_DATA_VERDICT_UNCLEAR:
    default:
      /* Translators: a number of rows, and two numbers of percentage points */
      return g_strdup_printf (_("Too few rows to tell: twice as many (%s) may bring between %.1f and %.1f points."),
                              rows, 100 * forecast.gain.low, 100 * forecast.gain.high);
    }
}

static void
add_estimate (WenDataCurveView  *self,
              Series             series,
              const WenEstimate *estimate)
{
  g_array_append_val (self->values[series], estimate->value);
  g_array_append_val (self->lows[series], estimate->low);
  g_array_append_val (self->highs[series], estimate->high);
}

static void
add_point (WenDataCurveView  *self,
           guint64            n_rows,
           const WenEstimate *first,
           const WenEstimate *f1)
{
  double x = (double) n_rows;

  g_array_append_val (self->x, x);
  add_estimate (self, SERIES_FIRST, first);
  add_estimate (self, SERIES_F1, f1);
}

static void
clear_points (WenDataCurveView *self)
{
  g_array_set_size (self->x, 0);
  for (guint i = 0; i < N_SERIES; i++)
    {
      g_array_set_size (self->values[i], 0);
      g_array_set_size (self->lows[i], 0);
      g_array_set_size (self->highs[i], 0);
    }
}

static const double *
get_doubles (GArray *array)
{
  return (const double *) (const void *) array->data;
}

static void
take_points (WenDataCurveView *self)
{
  guint label = get_label (self);
  const char *names[N_SERIES] = {
    label == 0 ? _("Accuracy") : _("Recall"),
    label == 0 ? _("Macro F1") : _("F1"),
  };

  clear_points (self);
  for (guint i = 0; i < wen_data_curve_get_n_points (self->curve); i++)
    if (label == 0)
      {
        WenDataCurvePoint point;

        wen_data_curve_get_point (self->curve, i, &point);
        add_point (self, point.n_rows, &point.accuracy, &point.macro_f1);
      }
    else
      {
        WenDataCurveLabelPoint point;

        wen_data_curve_get_label_point (self->curve, label - 1, i, &point);
        add_point (self, point.n_rows, &point.recall, &point.f1);
      }
  for (guint i = 0; i < N_SERIES; i++)
    self->series[i] = (WenPlotSeries) {
      .name = names[i],
      .x = get_doubles (self->x),
      .y = get_doubles (self->values[i]),
      .n_points = self->x->len,
      .color = i,
      .has_dots = TRUE,
      .low = get_doubles (self->lows[i]),
      .high = get_doubles (self->highs[i]),
    };
}

static void
get_plot (WenDataCurveView *self,
          WenPlotCurves    *plot)
{
  *plot = (WenPlotCurves) {
    .title = _("By number of training rows, with bands of 95 %"),
    .x_title = _("Training rows"),
    .series = self->series,
    .n_series = N_SERIES,
    .x_maximum = self->x->len > 0 ? g_array_index (self->x, double, self->x->len - 1) : 1,
    .is_share = TRUE,
    .mark_x = NAN,
    .hover_x = self->hover_x,
    .fits_shares = TRUE,
  };
}

static void
draw (cairo_t            *cr,
      double              width,
      double              height,
      const WenPlotStyle *style,
      gpointer            user_data)
{
  WenDataCurveView *self = user_data;
  WenPlotCurves plot;

  if (self->curve == NULL)
    return;

  get_plot (self, &plot);
  wen_plot_draw_curves (cr, width, height, style, &plot);
}

static void
hover_cb (WenDataCurveView *self,
          double            x,
          double            y)
{
  WenPlotCurves plot;
  double width;
  double height;

  if (self->curve == NULL)
    return;

  get_plot (self, &plot);
  wen_plot_view_get_size (self->plot_view, &width, &height);
  self->hover_x = x >= 0 ? wen_plot_find_curves_x (width, height, wen_plot_view_get_style (self->plot_view), &plot, x)
                         : NAN;
  wen_plot_view_redraw (self->plot_view);
}

/* In words what the curve shows: the first value and the last. */
static char *
describe_plot (WenDataCurveView *self)
{
  guint last = self->x->len - 1;
  g_autofree char *few = wen_format_count ((guint64) g_array_index (self->x, double, 0));
  g_autofree char *many = wen_format_count ((guint64) g_array_index (self->x, double, last));

  /* Translators: a figure such as "Accuracy", a share, a number of rows, a share, a number of rows */
  return g_strdup_printf (_("%s: %.1f %% with %s rows, %.1f %% with %s."), self->series[SERIES_FIRST].name,
                          100 * g_array_index (self->values[SERIES_FIRST], double, 0), few,
                          100 * g_array_index (self->values[SERIES_FIRST], double, last), many);
}

static void
show_selected (WenDataCurveView *self)
{
  g_autofree char *verdict = NULL;
  g_autofree char *description = NULL;

  if (self->curve == NULL)
    return;

  verdict = describe_forecast (self);
  gtk_label_set_label (self->verdict_label, verdict);
  take_points (self);
  description = describe_plot (self);
  wen_plot_view_set_description (self->plot_view, description);
  wen_plot_view_redraw (self->plot_view);
}

static void
show_curve (WenDataCurveView *self)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char *n_measured = wen_format_count (wen_data_curve_get_n_measured (self->curve));
  g_autofree char *scope = NULL;

  gtk_string_list_append (titles, _("All Labels"));
  for (guint i = 0; i < wen_data_curve_get_n_labels (self->curve); i++)
    gtk_string_list_append (titles, wen_data_curve_get_label (self->curve, i));
  adw_combo_row_set_model (self->label_row, G_LIST_MODEL (titles));
  /* Translators: a number of rows, and a kind of model */
  scope = g_strdup_printf (_("Measured on %s rows, with the preset “%s” and its settings at that time."), n_measured,
                           self->model);
  gtk_label_set_label (self->scope_label, scope);
  show_selected (self);
}

static gboolean
is_on (WenDataCurveView *self)
{
  return self->cancellable != NULL;
}

static void
update_progress (WenDataCurveView *self)
{
  double fraction = self->relay ? wen_progress_relay_get_fraction (self->relay) : 0;

  gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (fraction, 0, 1));
}

static void
update_state (WenDataCurveView *self)
{
  gboolean has_rows = self->project && wen_project_get_n_rows (self->project) > 0;
  gboolean has_failed = !is_on (self) && self->problem;

  gtk_label_set_label (self->state_label, is_on (self) ? _("Training with parts of the rows…")
                                          : has_failed ? self->problem
                                          : self->curve ? _("Done.")
                                                        : _("Takes about eight times as long as one training."));
  if (has_failed)
    gtk_widget_add_css_class (GTK_WIDGET (self->state_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), "error");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data-curve.start", has_rows && !is_on (self) && !self->is_blocked);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data-curve.cancel", is_on (self));
  gtk_widget_set_visible (self->start_button, !is_on (self));
  gtk_widget_set_visible (self->cancel_button, is_on (self));
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), is_on (self));
  gtk_widget_set_visible (self->results_box, self->curve != NULL);
  update_progress (self);
}

static void
set_busy (WenDataCurveView *self,
          GCancellable     *cancellable)
{
  g_set_object (&self->cancellable, cancellable);
  update_state (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
end (WenDataCurveView *self,
     const GError     *error)
{
  g_clear_object (&self->relay);
  g_free (self->problem);
  self->problem = error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? g_strdup (error->message) : NULL;
  set_busy (self, NULL);
}

static void
run_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  Request *request = task_data;
  g_autoptr(GError) error = NULL;
  WenDataCurve *curve;

  curve = wen_data_curve_run (request->dataset, request->recipe, N_REPEATS, wen_progress_relay_report, request->relay,
                              cancellable, &error);
  if (curve)
    g_task_return_pointer (task, curve, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  WenDataCurveView *self = WEN_DATA_CURVE_VIEW (object);
  Request *request = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataCurve) curve = g_task_propagate_pointer (G_TASK (result), &error);

  /* Another one was begun, or another project was opened. */
  if (self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;

  if (curve)
    {
      g_set_object (&self->curve, curve);
      g_free (self->model);
      self->model = g_strdup (wen_preset_get_title (request->recipe->preset));
      show_curve (self);
    }
  end (self, error);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenDataCurveView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, &error);
  g_autoptr(GTask) task = NULL;
  Request *request;

  if (self->project != WEN_PROJECT (object) || self->cancellable == NULL)
    return;
  if (dataset == NULL)
    {
      end (self, error);
      return;
    }

  request = g_new0 (Request, 1);
  request->dataset = g_steal_pointer (&dataset);
  request->recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  request->relay = g_object_ref (self->relay);
  task = g_task_new (self, self->cancellable, run_cb, NULL);
  g_task_set_name (task, "curve over rows");
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, run_thread);
}

static void
start_action_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  WenDataCurveView *self = WEN_DATA_CURVE_VIEW (widget);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  self->relay = wen_progress_relay_new ();
  g_signal_connect_object (self->relay, "progress", G_CALLBACK (update_progress), self, G_CONNECT_SWAPPED);
  set_busy (self, cancellable);
  wen_project_load_dataset_async (self->project, cancellable, loaded_cb, g_object_ref (self));
}

static void
cancel_action_cb (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  g_cancellable_cancel (WEN_DATA_CURVE_VIEW (widget)->cancellable);
}

static void
wen_data_curve_view_dispose (GObject *object)
{
  WenDataCurveView *self = WEN_DATA_CURVE_VIEW (object);

  wen_data_curve_view_set_project (self, NULL);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_DATA_CURVE_VIEW);

  G_OBJECT_CLASS (wen_data_curve_view_parent_class)->dispose (object);
}

static void
wen_data_curve_view_finalize (GObject *object)
{
  WenDataCurveView *self = WEN_DATA_CURVE_VIEW (object);

  g_array_unref (self->x);
  for (guint i = 0; i < N_SERIES; i++)
    {
      g_array_unref (self->values[i]);
      g_array_unref (self->lows[i]);
      g_array_unref (self->highs[i]);
    }
  g_free (self->model);

  G_OBJECT_CLASS (wen_data_curve_view_parent_class)->finalize (object);
}

static void
wen_data_curve_view_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, is_on (WEN_DATA_CURVE_VIEW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_data_curve_view_class_init (WenDataCurveViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_data_curve_view_dispose;
  object_class->finalize = wen_data_curve_view_finalize;
  object_class->get_property = wen_data_curve_view_get_property;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "data-curve.start", NULL, start_action_cb);
  gtk_widget_class_install_action (widget_class, "data-curve.cancel", NULL, cancel_action_cb);

  g_type_ensure (WEN_TYPE_PLOT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-data-curve-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, state_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, start_button);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, results_box);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, label_row);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, verdict_label);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, plot_view);
  gtk_widget_class_bind_template_child (widget_class, WenDataCurveView, scope_label);
  gtk_widget_class_bind_template_callback (widget_class, show_selected);
  gtk_widget_class_bind_template_callback (widget_class, hover_cb);
}

static void
wen_data_curve_view_init (WenDataCurveView *self)
{
  self->hover_x = NAN;
  self->x = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < N_SERIES; i++)
    {
      self->values[i] = g_array_new (FALSE, FALSE, sizeof (double));
      self->lows[i] = g_array_new (FALSE, FALSE, sizeof (double));
      self->highs[i] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  gtk_widget_init_template (GTK_WIDGET (self));

  wen_plot_view_set_draw_func (self->plot_view, draw, self);
  update_state (self);
}

/**
 * wen_data_curve_view_set_project:
 * @self: a view
 * @project: (nullable): whose rows it is about
 *
 * Shows nothing of the project before, and cancels what is on.
 */
void
wen_data_curve_view_set_project (WenDataCurveView *self,
                                 WenProject       *project)
{
  g_return_if_fail (WEN_IS_DATA_CURVE_VIEW (self));
  g_return_if_fail (project == NULL || WEN_IS_PROJECT (project));

  if (self->project == project)
    return;

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->curve);
  end (self, NULL);
  g_set_object (&self->project, project);
  if (project)
    g_signal_connect_object (project, "rows-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  update_state (self);
}

/**
 * wen_data_curve_view_is_busy:
 * @self: a view
 *
 * Says whether it trains.
 *
 * Returns: whether it does
 */
gboolean
wen_data_curve_view_is_busy (WenDataCurveView *self)
{
  g_return_val_if_fail (WEN_IS_DATA_CURVE_VIEW (self), FALSE);

  return is_on (self);
}

/**
 * wen_data_curve_view_set_blocked:
 * @self: a view
 * @is_blocked: whether nothing may begin
 *
 * Says whether something else needs the processors.
 */
void
wen_data_curve_view_set_blocked (WenDataCurveView *self,
                                 gboolean          is_blocked)
{
  g_return_if_fail (WEN_IS_DATA_CURVE_VIEW (self));

  self->is_blocked = is_blocked;
  update_state (self);
}
