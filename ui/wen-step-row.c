/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One cleaning step: its switch, its settings, what it is for, and what it does to a
 * real row. */

#include "config.h"

#include "wen-step-row.h"

#include "wen-diff-labels.h"
#include "wen-format.h"
#include "wen-step-settings.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_CONTEXT_CHARS 16
#define N_EXAMPLE_CHARS 90

/**
 * WenStepRow:
 *
 * Emits "changed" when its switch or a setting was changed, "moved" with -1 or 1 when it
 * is to go up or down, and "dropped" with another row that was dropped on it.
 */
struct _WenStepRow
{
  AdwPreferencesRow parent_instance;

  /* template widgets */
  GtkWidget             *handle;
  GtkLabel              *title_label;
  GtkLabel              *explanation_label;
  GtkLabel              *count_label;
  GtkWidget             *up_button;
  GtkWidget             *down_button;
  GtkWidget             *settings_button;
  GtkRevealer           *settings_revealer;
  GtkSwitch             *active_switch;
  GtkWidget             *example_grid;
  GtkLabel              *before_label;
  GtkLabel              *after_label;

  /* borrowed */
  const WenCleaningStep *step;
  WenStepSettings       *settings;    /* NULL: the step has none */

  /* owned */
  char                  *before;
  char                  *after;

  guint                  position;
};

enum
{
  PROP_0,
  PROP_ACTIVE,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_MOVED,
  SIGNAL_DROPPED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenStepRow, wen_step_row, ADW_TYPE_PREFERENCES_ROW)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
active_changed_cb (WenStepRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
settings_changed_cb (WenStepRow *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
up_clicked_cb (WenStepRow *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0, -1);
}

static void
down_clicked_cb (WenStepRow *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0, 1);
}

static gboolean
key_pressed_cb (WenStepRow      *self,
                guint            key,
                guint            key_code,
                GdkModifierType  state)
{
  GtkWidget *button;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) != GDK_ALT_MASK
      || (key != GDK_KEY_Up && key != GDK_KEY_Down))
    return GDK_EVENT_PROPAGATE;

  button = key == GDK_KEY_Up ? self->up_button : self->down_button;
  if (gtk_widget_get_sensitive (button) && gtk_widget_get_visible (button))
    g_signal_emit (self, signals[SIGNAL_MOVED], 0, key == GDK_KEY_Up ? -1 : 1);

  return GDK_EVENT_STOP;
}

static GdkContentProvider *
drag_prepare_cb (WenStepRow *self)
{
  return gdk_content_provider_new_typed (WEN_TYPE_STEP_ROW, self);
}

static void
drag_begin_cb (WenStepRow    *self,
               GdkDrag       *drag,
               GtkDragSource *source)
{
  g_autoptr(GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, picture, 12, 12);
}

static gboolean
drop_cb (WenStepRow   *self,
         const GValue *value)
{
  WenStepRow *source = g_value_get_object (value);

  if (source == NULL || source == self || gtk_widget_get_parent (GTK_WIDGET (source)) != gtk_widget_get_parent (GTK_WIDGET (self)))
    return FALSE;

  g_signal_emit (self, signals[SIGNAL_DROPPED], 0, source);
  return TRUE;
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

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MOVED] =
    g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[SIGNAL_DROPPED] =
    g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, WEN_TYPE_STEP_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, handle);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, up_button);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, down_button);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, settings_button);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, settings_revealer);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, count_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, active_switch);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, example_grid);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, before_label);
  gtk_widget_class_bind_template_child (widget_class, WenStepRow, after_label);
  gtk_widget_class_bind_template_callback (widget_class, active_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, up_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, down_clicked_cb);
}

static void
wen_step_row_init (WenStepRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target;

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect_swapped (source, "prepare", G_CALLBACK (drag_prepare_cb), self);
  g_signal_connect_swapped (source, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (self->handle, GTK_EVENT_CONTROLLER (source));
  target = gtk_drop_target_new (WEN_TYPE_STEP_ROW, GDK_ACTION_MOVE);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_example), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/* A button is read out with the name of its step. */
static void
name_button (GtkWidget             *button,
             const char            *format,
             const WenCleaningStep *step)
{
  g_autoptr(GString) name = g_string_new (format);

  g_string_replace (name, "%s", _(step->title), 1);
  gtk_widget_set_tooltip_text (button, name->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str, -1);
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

  self->step = step;
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _(step->title));
  gtk_label_set_label (self->title_label, _(step->title));
  gtk_label_set_label (self->explanation_label, _(step->explanation));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->active_switch),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(step->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(step->explanation),
                                  -1);
  gtk_widget_set_visible (self->settings_button, step->n_settings > 0);
  if (step->n_settings > 0)
    {
      self->settings = WEN_STEP_SETTINGS (wen_step_settings_new (step));
      g_signal_connect_swapped (self->settings, "changed", G_CALLBACK (settings_changed_cb), self);
      gtk_revealer_set_child (self->settings_revealer, GTK_WIDGET (self->settings));
      name_button (self->settings_button, _("Settings of “%s”"), step);
    }
  name_button (self->up_button, _("Move “%s” Up"), step);
  name_button (self->down_button, _("Move “%s” Down"), step);

  return GTK_WIDGET (self);
}

/**
 * wen_step_row_get_step:
 * @self: a row
 *
 * Gets which step the row is about.
 *
 * Returns: (transfer none): the step
 */
const WenCleaningStep *
wen_step_row_get_step (WenStepRow *self)
{
  g_return_val_if_fail (WEN_IS_STEP_ROW (self), NULL);

  return self->step;
}

/**
 * wen_step_row_get_entry:
 * @self: a row
 *
 * Gets the step with its settings, as a recipe has it.
 *
 * Returns: (transfer none): an entry of a recipe
 */
const char *
wen_step_row_get_entry (WenStepRow *self)
{
  g_return_val_if_fail (WEN_IS_STEP_ROW (self), NULL);

  return self->settings ? wen_step_settings_get_entry (self->settings) : self->step->id;
}

/**
 * wen_step_row_set_entry:
 * @self: a row
 * @entry: an entry of a recipe for the same step
 *
 * Shows the settings that a recipe has.
 */
void
wen_step_row_set_entry (WenStepRow *self,
                        const char *entry)
{
  g_return_if_fail (WEN_IS_STEP_ROW (self));

  if (self->settings)
    wen_step_settings_set_entry (self->settings, entry);
}

/**
 * wen_step_row_get_position:
 * @self: a row
 *
 * Gets which place the row has in its list.
 *
 * Returns: the place, from 0
 */
guint
wen_step_row_get_position (WenStepRow *self)
{
  g_return_val_if_fail (WEN_IS_STEP_ROW (self), 0);

  return self->position;
}

/**
 * wen_step_row_set_position:
 * @self: a row
 * @position: its place, from 0
 * @may_move_up: whether there is a step before it to change places with
 * @may_move_down: whether there is one after it
 *
 * Tells the row its place in the list.
 */
void
wen_step_row_set_position (WenStepRow *self,
                           guint       position,
                           gboolean    may_move_up,
                           gboolean    may_move_down)
{
  gboolean is_on;

  g_return_if_fail (WEN_IS_STEP_ROW (self));

  is_on = wen_step_row_get_active (self);
  self->position = position;
  gtk_widget_set_visible (self->handle, is_on);
  gtk_widget_set_visible (self->up_button, is_on);
  gtk_widget_set_visible (self->down_button, is_on);
  gtk_widget_set_sensitive (self->up_button, may_move_up);
  gtk_widget_set_sensitive (self->down_button, may_move_down);
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

/* (transfer full) (nullable) */
static char *
describe_effect (WenStepRow          *self,
                 const WenStepEffect *effect,
                 guint64              n_rows,
                 gboolean             is_all)
{
  g_autofree char *changed = wen_format_count (effect->n_changed);
  g_autofree char *left_out = wen_format_count (effect->n_left_out);
  g_autofree char *rows = wen_format_count (n_rows);

  if (effect->n_left_out > 0 && wen_step_row_get_active (self))
    /* Translators: two numbers of rows */
    return g_strdup_printf (is_all ? _("Leaves %s of all %s rows out of training, such as this one:")
                                   : _("Leaves %s of %s rows looked at out of training, such as this one:"),
                            left_out, rows);
  if (effect->n_left_out > 0)
    /* Translators: two numbers of rows */
    return g_strdup_printf (is_all ? _("Would leave %s of all %s rows out of training, such as this one:")
                                   : _("Would leave %s of %s rows looked at out of training, such as this one:"),
                            left_out, rows);
  if (effect->n_changed == 0)
    return g_strdup_printf (is_all
                              ? g_dngettext (NULL, "There is nothing to change in the only row.",
                                             "There is nothing to change in any of %s rows.", n_rows)
                              : g_dngettext (NULL, "There is nothing to change in %s row looked at.",
                                             "There is nothing to change in %s rows looked at.", n_rows),
                            rows);
  if (wen_step_row_get_active (self))
    /* Translators: two numbers of rows */
    return g_strdup_printf (is_all ? _("Changes %s of all %s rows, such as this one:")
                                   : _("Changes %s of %s rows looked at, such as this one:"),
                            changed, rows);
  /* Translators: two numbers of rows */
  return g_strdup_printf (is_all ? _("Would change %s of all %s rows, such as this one:")
                                 : _("Would change %s of %s rows looked at, such as this one:"),
                          changed, rows);
}

/**
 * wen_step_row_set_effect:
 * @self: a row
 * @effect: (nullable): what the step does to some rows
 * @n_rows: how many those are
 * @is_all: whether those are all rows of the table
 *
 * Shows what the step does, or would do.
 */
void
wen_step_row_set_effect (WenStepRow          *self,
                         const WenStepEffect *effect,
                         guint64              n_rows,
                         gboolean             is_all)
{
  g_autoptr(GString) sentence = g_string_new (NULL);

  g_return_if_fail (WEN_IS_STEP_ROW (self));

  g_free (self->before);
  g_free (self->after);
  self->before = effect ? g_strdup (effect->example_before) : NULL;
  self->after = effect ? g_strdup (effect->example_after) : NULL;
  update_example (self);

  if (effect && n_rows > 0)
    {
      g_autofree char *counted = describe_effect (self, effect, n_rows, is_all);

      g_string_append (sentence, counted);
    }
  if (effect && effect->n_gave_up > 0)
    {
      g_autofree char *gave_up = wen_format_count (effect->n_gave_up);
      g_autofree char *warning =
        g_strdup_printf (g_dngettext (NULL,
                                      "In %s text it takes too long, which is left as it is: make the expression "
                                      "simpler.",
                                      "In %s texts it takes too long, which are left as they are: make the "
                                      "expression simpler.",
                                      effect->n_gave_up),
                         gave_up);

      g_string_prepend_c (sentence, ' ');
      g_string_prepend (sentence, warning);
    }
  gtk_label_set_label (self->count_label, sentence->str);
}
