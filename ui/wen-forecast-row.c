/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A row that says what the next training would take: parameters, memory, time.
 *
 * DESIGN: it measures when it is in sight and something changed, after a moment in
 * which nothing else did: first the rows are loaded, then a thread tries a few
 * steps.  Whatever makes the figures wrong, or needs the processors, ends that. */

#include "config.h"

#include "wen-forecast-row.h"

#include "wen-format.h"
#include "wen-training-forecast.h"

#include <glib/gi18n.h>

/* A person who types a number is not done with its first digit. */
#define CALM_MS 800

struct _WenForecastRow
{
  AdwActionRow parent_instance;

  /* owned */
  WenProject    *project;
  GCancellable  *cancellable;   /* of the measurement that is on; NULL: none */

  guint          calm_source;   /* 0: nothing is waiting */
};

G_DEFINE_FINAL_TYPE (WenForecastRow, wen_forecast_row, ADW_TYPE_ACTION_ROW)

/* What the thread works on. */
typedef struct
{
  WenDataset          *dataset;
  WenRecipe           *recipe;
  WenTrainingForecast  forecast;
} Measurement;

static void
measurement_free (gpointer data)
{
  Measurement *measurement = data;

  g_clear_object (&measurement->dataset);
  wen_recipe_free (measurement->recipe);
  g_free (measurement);
}

static void
show (WenForecastRow *self,
      const char     *sentence,
      gboolean        is_error)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  if (is_error)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
}

/* (transfer full) */
static char *
describe_ensemble (const WenTrainingForecast *forecast)
{
  g_autofree char *parameters = wen_format_count (forecast->n_parameters);
  g_autofree char *memory = g_format_size (forecast->memory_bytes);

  if (forecast->n_parameters > 0)
    /* Translators: a number, an amount of memory such as "120 MB", a number of seconds */
    return g_strdup_printf (_("%s parameters · about %s of memory · about %.0f s for all members"), parameters, memory,
                            MAX (1, forecast->seconds_per_epoch));
  if (forecast->seconds_per_epoch > 0)
    /* Translators: %.0f is a number of seconds. */
    return g_strdup_printf (_("About %.0f s at most · how large it becomes depends on the rows"),
                            forecast->seconds_per_epoch);
  return g_strdup (_("How long it takes, and how large it becomes, depends on the rows"));
}

/* (transfer full) */
static char *
describe_model (const WenTrainingForecast *forecast)
{
  g_autofree char *parameters = wen_format_count (forecast->n_parameters);
  g_autofree char *memory = g_format_size (forecast->memory_bytes);

  if (forecast->seconds_per_epoch * forecast->n_epochs < 1)
    /* Translators: a number, an amount of memory such as "120 MB" */
    return g_strdup_printf (_("%s parameters · about %s of memory · less than a second"), parameters, memory);
  /* Translators: a number, an amount of memory such as "120 MB", a number of seconds, a number of epochs */
  return g_strdup_printf (_("%s parameters · about %s of memory · about %.1f s an epoch, %.0f s for all %u"), parameters,
                          memory, forecast->seconds_per_epoch, forecast->seconds_per_epoch * forecast->n_epochs,
                          forecast->n_epochs);
}

static void
end_measurement (WenForecastRow *self)
{
  g_clear_handle_id (&self->calm_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
measure_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Measurement *measurement = task_data;
  GError *error = NULL;

  if (wen_training_forecast (measurement->dataset, measurement->recipe, cancellable, &measurement->forecast, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
show_error (WenForecastRow *self,
            const GError   *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  show (self, error->message, TRUE);
}

static void
measured_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  WenForecastRow *self = WEN_FORECAST_ROW (object);
  Measurement *measurement = g_task_get_task_data (G_TASK (result));
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_clear_object (&self->cancellable);
      sentence = g_str_equal (measurement->recipe->family, "ensemble") ? describe_ensemble (&measurement->forecast)
                                                                       : describe_model (&measurement->forecast);
      show (self, sentence, FALSE);
    }
  else
    {
      show_error (self, error);
    }
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenForecastRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenDataset) dataset = wen_project_load_dataset_finish (WEN_PROJECT (object), result, &error);
  g_autoptr(GTask) task = NULL;
  Measurement *measurement;

  if (dataset == NULL || self->cancellable == NULL || self->project != WEN_PROJECT (object))
    {
      if (error != NULL && self->cancellable != NULL)
        show_error (self, error);
      return;
    }

  measurement = g_new0 (Measurement, 1);
  measurement->dataset = g_steal_pointer (&dataset);
  measurement->recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
  task = g_task_new (self, self->cancellable, measured_cb, NULL);
  g_task_set_task_data (task, measurement, measurement_free);
  g_task_run_in_thread (task, measure_thread);
}

static gboolean
is_training (WenForecastRow *self)
{
  WenRun *run = wen_project_get_run (self->project);

  return run != NULL && !wen_run_is_over (run);
}

static gboolean
calm_cb (gpointer user_data)
{
  WenForecastRow *self = user_data;

  self->calm_source = 0;
  self->cancellable = g_cancellable_new ();
  wen_project_load_dataset_async (self->project, self->cancellable, loaded_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
update (WenForecastRow *self)
{
  end_measurement (self);
  if (self->project == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)) || is_training (self)
      || wen_project_get_n_rows (self->project) == 0)
    return;
  show (self, _("Being measured…"), FALSE);
  self->calm_source = g_timeout_add (CALM_MS, calm_cb, self);
}

static void
wen_forecast_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (wen_forecast_row_parent_class)->map (widget);
  update (WEN_FORECAST_ROW (widget));
}

static void
wen_forecast_row_unmap (GtkWidget *widget)
{
  end_measurement (WEN_FORECAST_ROW (widget));
  GTK_WIDGET_CLASS (wen_forecast_row_parent_class)->unmap (widget);
}

static void
wen_forecast_row_dispose (GObject *object)
{
  wen_forecast_row_set_project (WEN_FORECAST_ROW (object), NULL);

  G_OBJECT_CLASS (wen_forecast_row_parent_class)->dispose (object);
}

static void
wen_forecast_row_class_init (WenForecastRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wen_forecast_row_dispose;
  GTK_WIDGET_CLASS (klass)->map = wen_forecast_row_map;
  GTK_WIDGET_CLASS (klass)->unmap = wen_forecast_row_unmap;
}

static void
wen_forecast_row_init (WenForecastRow *self)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("What It Takes"));
}

/**
 * wen_forecast_row_new:
 *
 * Makes a row without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_forecast_row_new (void)
{
  return g_object_new (WEN_TYPE_FORECAST_ROW, NULL);
}

/**
 * wen_forecast_row_set_project:
 * @self: a row
 * @project: (nullable): the project to train
 *
 * Tells of the next training of another project.
 */
void
wen_forecast_row_set_project (WenForecastRow *self,
                              WenProject     *project)
{
  g_return_if_fail (WEN_IS_FORECAST_ROW (self));

  if (self->project == project)
    return;

  end_measurement (self);
  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);
  if (project)
    {
      g_signal_connect_object (project, "notify::run", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "rows-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "recipe-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      update (self);
    }
}
