/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The settings of one cleaning step, made from their descriptions. */

#include "config.h"

#include "wen-step-settings.h"

#include "wen-cleaning-entry.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * WenStepSettings:
 *
 * Emits "changed" when a setting was changed to something that the step takes.  What
 * it does not take is explained below the settings, and changes nothing.
 */
struct _WenStepSettings
{
  AdwBin parent_instance;

  /* borrowed */
  const WenCleaningStep *step;
  GtkWidget             *box;
  GtkLabel              *error_label;
  GPtrArray             *controls;    /* of GtkWidget, in the order of the settings */

  /* owned */
  char                  *entry;       /* as a recipe has it */

  gboolean               is_showing;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenStepSettings, wen_step_settings, ADW_TYPE_BIN)

static guint signals[N_SIGNALS];

/* (transfer full) */
static char *
get_value (const WenCleaningSetting *setting,
           GtkWidget                *control)
{
  GtkTextBuffer *buffer;
  GtkTextIter begin, end;

  switch (setting->kind)
    {
    case WEN_CLEANING_SETTING_YES_NO:
      return g_strdup (gtk_check_button_get_active (GTK_CHECK_BUTTON (control)) ? "yes" : "no");
    case WEN_CLEANING_SETTING_WHOLE_NUMBER:
      return g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (control)));
    case WEN_CLEANING_SETTING_CHOICE:
      return g_strdup (setting->choices[gtk_drop_down_get_selected (GTK_DROP_DOWN (control))]);
    case WEN_CLEANING_SETTING_LINES:
      buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (control));
      gtk_text_buffer_get_bounds (buffer, &begin, &end);
      return gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
    case WEN_CLEANING_SETTING_TEXT:
    default:
      return g_strdup (gtk_editable_get_text (GTK_EDITABLE (control)));
    }
}

static void
set_value (const WenCleaningSetting *setting,
           GtkWidget                *control,
           const char               *value)
{
  switch (setting->kind)
    {
    case WEN_CLEANING_SETTING_YES_NO:
      gtk_check_button_set_active (GTK_CHECK_BUTTON (control), strcmp (value, "yes") == 0);
      break;
    case WEN_CLEANING_SETTING_WHOLE_NUMBER:
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (control), g_ascii_strtod (value, NULL));
      break;
    case WEN_CLEANING_SETTING_CHOICE:
      for (guint i = 0; setting->choices[i]; i++)
        if (strcmp (setting->choices[i], value) == 0)
          gtk_drop_down_set_selected (GTK_DROP_DOWN (control), i);
      break;
    case WEN_CLEANING_SETTING_LINES:
      gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (control)), value, -1);
      break;
    case WEN_CLEANING_SETTING_TEXT:
    default:
      gtk_editable_set_text (GTK_EDITABLE (control), value);
      break;
    }
}

/* The entry that the controls say; what is as by default is left out. */
static char *
make_entry (WenStepSettings *self)
{
  char *entry = g_strdup (self->step->id);

  for (gsize i = 0; i < self->step->n_settings; i++)
    {
      const WenCleaningSetting *setting = &self->step->settings[i];
      g_autofree char *value = get_value (setting, g_ptr_array_index (self->controls, i));

      if (strcmp (value, setting->default_value) != 0)
        {
          char *longer = wen_cleaning_entry_set_value (entry, setting->id, value);

          g_free (entry);
          entry = longer;
        }
    }

  return entry;
}

static void
control_changed_cb (WenStepSettings *self)
{
  g_autofree char *entry = NULL;
  const char *entries[] = { NULL, NULL };
  g_autoptr(WenCleaner) cleaner = NULL;
  g_autoptr(GError) error = NULL;

  if (self->is_showing)
    return;

  entry = make_entry (self);
  entries[0] = entry;
  cleaner = wen_cleaner_new (entries, &error);
  gtk_label_set_label (self->error_label, error ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
  if (error || strcmp (entry, self->entry) == 0)
    return;

  g_free (self->entry);
  self->entry = g_steal_pointer (&entry);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static GtkWidget *
create_text_view (WenStepSettings  *self,
                  GtkWidget       **control)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  *control = gtk_text_view_new ();
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (*control), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (*control), 9);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (*control), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (*control), 6);
  g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (*control)), "changed",
                            G_CALLBACK (control_changed_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), *control);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 72);
  gtk_widget_add_css_class (scrolled, "lines");

  return scrolled;
}

/* (transfer floating): what is put on the page, which is the control or holds it. */
static GtkWidget *
create_control (WenStepSettings           *self,
                const WenCleaningSetting  *setting,
                GtkWidget                **control)
{
  GtkStringList *titles;
  const char *signal_name;

  switch (setting->kind)
    {
    case WEN_CLEANING_SETTING_YES_NO:
      *control = gtk_check_button_new_with_label (_(setting->title));
      signal_name = "toggled";
      break;
    case WEN_CLEANING_SETTING_WHOLE_NUMBER:
      *control = gtk_spin_button_new_with_range (0, setting->maximum, 1);
      gtk_widget_set_halign (*control, GTK_ALIGN_START);
      signal_name = "value-changed";
      break;
    case WEN_CLEANING_SETTING_CHOICE:
      titles = gtk_string_list_new (NULL);
      for (guint i = 0; setting->choices[i]; i++)
        gtk_string_list_append (titles, _(setting->choice_titles[i]));
      *control = gtk_drop_down_new (G_LIST_MODEL (titles), NULL);
      signal_name = "notify::selected";
      break;
    case WEN_CLEANING_SETTING_LINES:
      return create_text_view (self, control);
    case WEN_CLEANING_SETTING_TEXT:
    default:
      *control = gtk_entry_new ();
      signal_name = "changed";
      break;
    }
  g_signal_connect_swapped (*control, signal_name, G_CALLBACK (control_changed_cb), self);

  return *control;
}

static void
add_label (WenStepSettings *self,
           const char      *text,
           const char      *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (self->box), label);
}

static void
add_setting (WenStepSettings          *self,
             const WenCleaningSetting *setting)
{
  GtkWidget *control;
  GtkWidget *widget = create_control (self, setting, &control);

  if (setting->kind != WEN_CLEANING_SETTING_YES_NO)
    add_label (self, _(setting->title), "heading");
  gtk_box_append (GTK_BOX (self->box), widget);
  if (setting->explanation)
    add_label (self, _(setting->explanation), "dim-label");
  gtk_accessible_update_property (GTK_ACCESSIBLE (control),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(setting->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  setting->explanation ? _(setting->explanation) : "",
                                  -1);
  g_ptr_array_add (self->controls, control);
}

static void
wen_step_settings_finalize (GObject *object)
{
  WenStepSettings *self = WEN_STEP_SETTINGS (object);

  g_ptr_array_unref (self->controls);
  g_free (self->entry);

  G_OBJECT_CLASS (wen_step_settings_parent_class)->finalize (object);
}

static void
wen_step_settings_class_init (WenStepSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_step_settings_finalize;

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
wen_step_settings_init (WenStepSettings *self)
{
  self->controls = g_ptr_array_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  adw_bin_set_child (ADW_BIN (self), self->box);
}

/**
 * wen_step_settings_new:
 * @step: a cleaning step
 *
 * Makes controls for all settings of a step, as they are by default.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_step_settings_new (const WenCleaningStep *step)
{
  WenStepSettings *self = g_object_new (WEN_TYPE_STEP_SETTINGS, NULL);

  self->step = step;
  for (gsize i = 0; i < step->n_settings; i++)
    add_setting (self, &step->settings[i]);
  self->error_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->error_label, 0);
  gtk_label_set_wrap (self->error_label, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->error_label), "error");
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->error_label));
  wen_step_settings_set_entry (self, step->id);

  return GTK_WIDGET (self);
}

/**
 * wen_step_settings_get_entry:
 * @self: the settings
 *
 * Gets the step with its settings, as a recipe has it.
 *
 * Returns: (transfer none): an entry of a recipe
 */
const char *
wen_step_settings_get_entry (WenStepSettings *self)
{
  g_return_val_if_fail (WEN_IS_STEP_SETTINGS (self), NULL);

  return self->entry;
}

/**
 * wen_step_settings_set_entry:
 * @self: the settings
 * @entry: an entry of a recipe for the same step
 *
 * Shows the settings that a recipe has.
 */
void
wen_step_settings_set_entry (WenStepSettings *self,
                             const char      *entry)
{
  g_return_if_fail (WEN_IS_STEP_SETTINGS (self));

  /* Or the cursor would jump in what is just being typed. */
  if (g_strcmp0 (entry, self->entry) == 0)
    return;

  g_free (self->entry);
  self->entry = g_strdup (entry);
  self->is_showing = TRUE;
  for (gsize i = 0; i < self->step->n_settings; i++)
    {
      const WenCleaningSetting *setting = &self->step->settings[i];
      g_autofree char *value = wen_cleaning_entry_dup_value (entry, setting->id);

      set_value (setting, g_ptr_array_index (self->controls, i), value ? value : setting->default_value);
    }
  self->is_showing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
}
