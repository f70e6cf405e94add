/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One cleaning step: its switch, what it is for, and what it does to a real row. */

#include "config.h"

#include "wen-step-row.h"

#include "wen-diff-labels.h"
#include "wen-format.h"

#include <glib/gi18n.h>

#define N_CONTEXT_CHARS 16
#define N_EXAMPLE_CHARS 90

struct _WenStepRow
{
  AdwPreferencesRow parent_instance;

  /* template widgets */
  GtkLabel  *title_label;
  GtkLabel  *explanation_label;
  GtkLabel  *count_label;
  GtkSwitch *active_switch;
  GtkWidget *example_grid;
  GtkLabel  *before_label;
  GtkLabel  *after_label;

  /* owned */
  char      *id;
  char      *before;
  char      *after;
};

enum
{
  PROP_0,
  PROP_ACTIVE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenStepRow, wen_step_row, ADW_TYPE_PREFERENCES_ROW)

static GParamSpec *properties[N_PROPS];

static void
active_changed_cb (WenStepRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

/* The marks have colours of the style, which must be looked up again. */
static void
update_example (WenStepRow *self)
{
  if (self->before && self->after)
    wen_diff_labels_set_texts (self->before_label, self->after_label, self->before, self->after,
                               N_CONTEXT_CHARS, N_EXAMPLE_CHARS);
  gtk_widget_set_visible (self->example_grid, self->before != NULL);
}

static void
wen_step_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WEN_TYPE_STEP_ROW);

  G_OBJECT_CLASS (wen_step_row_parent_class)->dispose (object);
}

static void
wen_step_row_finalize (GObject *object)
{
  WenStepRow *self = WEN_STEP_ROW (object);

  g_free (self->id);
  g_free (self->before);
  g_free (self->after);

  G_OBJECT_CLASS (wen_step_row_parent_class)->finalize (object);
}

static void
wen_step_row_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  WenStepRow *self = WEN_STEP_ROW (object);

  switch (prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, wen_step_row_get_active (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_step_row_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  WenStepRow *self = WEN_STEP_ROW (object);

  switch (prop_id)
    {
    case PROP_ACTIVE:
      wen_step_row_set_active (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_step_row_class_init (WenStepRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_step_row_dispose;
  object_class->finalize = wen_step_row_finalize;
  object_class->get_property = wen_step_row_get_property;
  object_class->set_property = wen_step_row_set_property;

  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, count_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, active_switch);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, example_grid);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, before_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, after_label);
  gtk_widget_class_bind_template_callback (widget_class, active_changed_cb);
}

static void
wen_step_row_init (WenStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_example), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/**
 * wen_step_row_new:
 * @step: a cleaning step
 *
 * Makes a row for a cleaning step.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_step_row_new (const WenCleaningStep *step)
{
  WenStepRow *self = g_object_new (WEN_TYPE_STEP_ROW, NULL);

  self->id = g_strdup (step->id);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(step->title));
  gtk_label_set_label (self->title_label, _(step->title));
  gtk_label_set_label (self->explanation_label, _(step->explanation));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->active_switch),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(step->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(step->explanation),
                                  -1);

  return GTK_WIDGET (self);
}

/**
 * wen_step_row_get_id:
 * @self: a row
 *
 * Gets the id of the step.
 *
 * Returns: the id, as in a recipe
 */
const char *
wen_step_row_get_id (WenStepRow *self)
{
  g_return_val_if_fail (WEN_IS_STEP_ROW (self), NULL);

  return self->id;
}

/**
 * wen_step_row_get_active:
 * @self: a row
 *
 * Says whether the step is on.
 *
 * Returns: `TRUE` if it is on
 */
gboolean
wen_step_row_get_active (WenStepRow *self)
{
  g_return_val_if_fail (WEN_IS_STEP_ROW (self), FALSE);

  return gtk_switch_get_active (self->active_switch);
}

/**
 * wen_step_row_set_active:
 * @self: a row
 * @active: whether the step is on
 *
 * Turns the step on or off.
 */
void
wen_step_row_set_active (WenStepRow *self,
                         gboolean    active)
{
  g_return_if_fail (WEN_IS_STEP_ROW (self));

  gtk_switch_set_active (self->active_switch, active);
}

/**
 * wen_step_row_set_effect:
 * @self: a row
 * @effect: (nullable): what the step does to the sampled rows
 * @n_sampled_rows: how many those are
 *
 * Shows what the step does, or would do.
 */
void
wen_step_row_set_effect (WenStepRow          *self,
                         const WenStepEffect *effect,
                         guint                n_sampled_rows)
{
  g_autofree char *changed = NULL;
  g_autofree char *sampled = NULL;
  g_autofree char *sentence = NULL;

  g_return_if_fail (WEN_IS_STEP_ROW (self));

  g_free (self->before);
  g_free (self->after);
  self->before = effect ? g_strdup (effect->example_before) : NULL;
  self->after = effect ? g_strdup (effect->example_after) : NULL;
  update_example (self);

  if (effect)
    {
      changed = wen_format_count (effect->n_changed);
      sampled = wen_format_count (n_sampled_rows);
      if (effect->n_changed == 0)
        sentence = g_strdup_printf (g_dngettext (NULL,
                                                 "There is nothing to change in %s row looked at.",
                                                 "There is nothing to change in %s rows looked at.",
                                                 n_sampled_rows),
                                    sampled);
      else if (wen_step_row_get_active (self))
        /* Translators: two numbers of rows */
        sentence = g_strdup_printf (_("Changes %s of %s rows looked at, such as this one:"), changed, sampled);
      else
        /* Translators: two numbers of rows */
        sentence = g_strdup_printf (_("Would change %s of %s rows looked at, such as this one:"), changed, sampled);
    }
  gtk_label_set_label (self->count_label, sentence ? sentence : "");
}
