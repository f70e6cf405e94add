/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The window: the start page, or one project with its pages. */

#include "config.h"

#include "wen-window-private.h"

#include "wen-adaptive-bin.h"
#include "wen-cleaner.h"
#include "wen-cleaning-entry.h"
#include "wen-data-page.h"
#include "wen-evaluate-page.h"
#include "wen-predict-page.h"
#include "wen-prepare-page.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAXIMUM_UNDO 100
#define TYPING_PAUSE_SECONDS 3

/**
 * WenWindow:
 *
 * The project is open as long as the window shows it.  Every change of its recipe,
 * from whichever page, can be undone here.
 */
enum
{
  PROP_0,
  PROP_PROJECT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenWindow, wen_window, ADW_TYPE_APPLICATION_WINDOW)

static GParamSpec *properties[N_PROPS];

static gboolean
is_project_page (GObject    *object,
                 const char *main_page)
{
  return g_strcmp0 (main_page, "project") == 0;
}

/* Whether the name of the project stands beside the pages.  It must not depend on
 * whether they fit, since that depends on it. */
static gboolean
is_wide_project_page (GObject    *object,
                      const char *main_page,
                      gboolean    narrow)
{
  return is_project_page (object, main_page) && !narrow;
}

static gboolean
is_narrow_project_page (GObject    *object,
                        const char *main_page,
                        gboolean    title_visible)
{
  return is_project_page (object, main_page) && title_visible;
}

static void
update_title (WenWindow *self)
{
  g_autofree char *project_title = NULL;
  g_autofree char *title = NULL;

  if (self->project)
    project_title = wen_project_dup_title (self->project);
  if (project_title)
    /* Translators: %s is the name of a project; the title of a window */
    title = g_strdup_printf (_("%s – Wenlei"), project_title);
  gtk_window_set_title (GTK_WINDOW (self), title ? title : "Wenlei");
  adw_view_switcher_title_set_title (self->switcher_title, project_title ? project_title : "Wenlei");
}

static gboolean
has_step (const WenRecipe *recipe,
          const char      *id)
{
  for (gsize i = 0; recipe->cleaning[i]; i++)
    {
      g_autofree char *step = wen_cleaning_entry_dup_step (recipe->cleaning[i]);

      if (strcmp (step, id) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Says in a word which cleaning step is different, or NULL when none or several are. */
static char *
describe_cleaning_change (const WenRecipe *before,
                          const WenRecipe *after)
{
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);
  const WenCleaningStep *changed = NULL;

  for (gsize i = 0; i < n_steps; i++)
    {
      if (has_step (before, steps[i].id) == has_step (after, steps[i].id))
        continue;
      if (changed)
        return NULL;
      changed = &steps[i];
    }
  if (changed == NULL)
    return NULL;

  return g_strdup_printf (has_step (after, changed->id)
                          /* Translators: %s is the title of a cleaning step */
                          ? _("“%s” turned on")
                          /* Translators: %s is the title of a cleaning step */
                          : _("“%s” turned off"),
                          _(changed->title));
}

/* The step of which only the settings are different, or NULL. (transfer full) */
static char *
dup_step_with_new_settings (const WenRecipe *before,
                            const WenRecipe *after)
{
  g_autofree char *step = NULL;

  if (g_strv_length (before->cleaning) != g_strv_length (after->cleaning))
    return NULL;
  for (gsize i = 0; before->cleaning[i]; i++)
    {
      g_autofree char *step_before = wen_cleaning_entry_dup_step (before->cleaning[i]);
      g_autofree char *step_after = wen_cleaning_entry_dup_step (after->cleaning[i]);

      if (strcmp (step_before, step_after) != 0)
        return NULL;
      if (strcmp (before->cleaning[i], after->cleaning[i]) != 0)
        {
          g_free (step);
          step = g_steal_pointer (&step_after);
        }
    }

  return g_steal_pointer (&step);
}

/* Letters that are typed one soon after the other into a setting are undone together. */
static gboolean
goes_on_typing (WenWindow       *self,
                const WenRecipe *recipe)
{
  g_autofree char *step = dup_step_with_new_settings (self->recipe, recipe);
  gint64 now_us = g_get_monotonic_time ();
  gboolean goes_on = step && g_strcmp0 (step, self->typed_step) == 0
                     && now_us - self->typed_us < TYPING_PAUSE_SECONDS * G_USEC_PER_SEC;

  g_free (self->typed_step);
  self->typed_step = g_steal_pointer (&step);
  self->typed_us = now_us;

  return goes_on;
}

static void
offer_undo (WenWindow  *self,
            const char *sentence)
{
  AdwToast *toast = adw_toast_new (sentence);

  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);
  g_set_weak_pointer (&self->undo_toast, toast);
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

static void
recipe_changed_cb (WenWindow *self)
{
  const WenRecipe *recipe = wen_project_get_recipe (self->project);

  if (wen_recipe_equal (recipe, self->recipe))
    return;

  if (!self->is_undoing && !goes_on_typing (self, recipe))
    {
      g_autofree char *sentence = describe_cleaning_change (self->recipe, recipe);

      if (self->undo_recipes->len == MAXIMUM_UNDO)
        g_ptr_array_remove_index (self->undo_recipes, 0);
      g_ptr_array_add (self->undo_recipes, g_steal_pointer (&self->recipe));
      if (sentence)
        offer_undo (self, sentence);
    }
  g_clear_pointer (&self->recipe, wen_recipe_free);
  self->recipe = wen_recipe_copy (recipe);
  wen_window_update_actions (self);
}

static void
run_changed_cb (WenWindow *self)
{
  g_signal_group_set_target (self->run_signals, wen_project_get_run (self->project));
  wen_window_update_actions (self);
}

static void
page_changed_cb (WenWindow *self)
{
  const char *page = adw_view_stack_get_visible_child_name (self->pages);

  if (self->project && page)
    wen_project_set_note (self->project, "page", page);
}

static void
restore_page (WenWindow *self)
{
  g_autofree char *page = wen_project_dup_note (self->project, "page");

  if (page == NULL || adw_view_stack_get_child_by_name (self->pages, page) == NULL)
    {
      g_free (page);
      page = g_strdup ("data");
    }
  adw_view_stack_set_visible_child_name (self->pages, page);
}

static void
remember_project (WenWindow *self)
{
  g_autofree char *uri = g_file_get_uri (wen_project_get_file (self->project));
  g_autofree char *title = wen_project_dup_title (self->project);
  g_autofree char *program = g_strconcat (g_get_prgname (), " %u", NULL);
  const GtkRecentData data = {
    .display_name = title,
    .mime_type = (char *) "application/x-wenlei",
    .app_name = (char *) "Wenlei",
    .app_exec = program,
  };

  gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static gboolean
file_dropped_cb (WenWindow    *self,
                 const GValue *value)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);

  if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    g_list_store_append (files, g_value_get_object (value));
  else if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      for (GSList *file = g_value_get_boxed (value); file; file = file->next)
        g_list_store_append (files, file->data);
    }
  else
    return FALSE;

  wen_window_open_files (self, G_LIST_MODEL (files));
  return TRUE;
}

/* With something that ends with the project. */
static gboolean
is_busy (WenWindow *self)
{
  return wen_window_is_training (self) || wen_train_page_is_busy (self->train_page);
}

static gboolean
wen_window_close_request (GtkWindow *window)
{
  WenWindow *self = WEN_WINDOW (window);

  if (is_busy (self))
    {
      wen_window_close_project (self, TRUE);
      return GDK_EVENT_STOP;
    }

  g_cancellable_cancel (self->import_cancellable);
  wen_window_set_project (self, NULL);

  return GTK_WINDOW_CLASS (wen_window_parent_class)->close_request (window);
}

static void
wen_window_dispose (GObject *object)
{
  WenWindow *self = WEN_WINDOW (object);

  g_cancellable_cancel (self->import_cancellable);
  g_clear_object (&self->import_cancellable);
  g_clear_weak_pointer (&self->undo_toast);
  g_clear_object (&self->run_signals);
  if (self->project)
    {
      g_signal_handlers_disconnect_by_data (self->project, self);
      wen_project_close (self->project);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_WINDOW);
  g_clear_object (&self->project);

  G_OBJECT_CLASS (wen_window_parent_class)->dispose (object);
}

static void
wen_window_finalize (GObject *object)
{
  WenWindow *self = WEN_WINDOW (object);

  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_ptr_array_unref (self->undo_recipes);
  g_free (self->typed_step);
  g_free (self->preset);

  G_OBJECT_CLASS (wen_window_parent_class)->finalize (object);
}

static void
wen_window_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  WenWindow *self = WEN_WINDOW (object);

  switch (prop_id)
    {
    case PROP_PROJECT:
      g_value_set_object (value, self->project);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_window_class_init (WenWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->dispose = wen_window_dispose;
  object_class->finalize = wen_window_finalize;
  object_class->get_property = wen_window_get_property;

  window_class->close_request = wen_window_close_request;

  properties[PROP_PROJECT] =
    g_param_spec_object ("project", NULL, NULL, WEN_TYPE_PROJECT,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (WEN_TYPE_ADAPTIVE_BIN);
  g_type_ensure (WEN_TYPE_DATA_PAGE);
  g_type_ensure (WEN_TYPE_EVALUATE_PAGE);
  g_type_ensure (WEN_TYPE_IMPORT_PAGE);
  g_type_ensure (WEN_TYPE_PREDICT_PAGE);
  g_type_ensure (WEN_TYPE_PREPARE_PAGE);
  g_type_ensure (WEN_TYPE_START_PAGE);
  g_type_ensure (WEN_TYPE_TRAIN_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WenWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, WenWindow, main_stack);
  gtk_widget_class_bind_template_child (widget_class, WenWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, WenWindow, import_page);
  gtk_widget_class_bind_template_child (widget_class, WenWindow, train_page);
  gtk_widget_class_bind_template_child (widget_class, WenWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, WenWindow, switcher_title);
  gtk_widget_class_bind_template_callback (widget_class, is_project_page);
  gtk_widget_class_bind_template_callback (widget_class, is_wide_project_page);
  gtk_widget_class_bind_template_callback (widget_class, is_narrow_project_page);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);

  /* A binding of the window and no accelerator of the application: those come
   * first, and would take Ctrl+Z and Ctrl+V from the texts a person types. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "win.paste", NULL);
}

static void
wen_window_init (WenWindow *self)
{
  GtkDropTarget *drop_target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE };

  self->undo_recipes = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_recipe_free);
  self->run_signals = g_signal_group_new (WEN_TYPE_RUN);
  g_signal_group_connect_swapped (self->run_signals, "notify::state", G_CALLBACK (wen_window_update_actions), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  wen_window_init_actions (self);

  gtk_drop_target_set_gtypes (drop_target, types, G_N_ELEMENTS (types));
  g_signal_connect_swapped (drop_target, "drop", G_CALLBACK (file_dropped_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->toast_overlay), GTK_EVENT_CONTROLLER (drop_target));

  wen_window_update_actions (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->start_page));
}

/**
 * wen_window_new:
 * @application: the application it belongs to
 *
 * Makes a window that shows the start page.
 *
 * Returns: (transfer none): a window
 */
GtkWidget *
wen_window_new (GtkApplication *application)
{
  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  return g_object_new (WEN_TYPE_WINDOW, "application", application, NULL);
}

/**
 * wen_window_get_project:
 * @self: a window
 *
 * Gets the project that is shown.
 *
 * Returns: (transfer none) (nullable): the project
 */
WenProject *
wen_window_get_project (WenWindow *self)
{
  g_return_val_if_fail (WEN_IS_WINDOW (self), NULL);

  return self->project;
}

gboolean
wen_window_is_training (WenWindow *self)
{
  WenRun *run = self->project ? wen_project_get_run (self->project) : NULL;

  return run && !wen_run_is_over (run);
}

/* Closes the project that was shown, and shows another one or the start page. */
void
wen_window_set_project (WenWindow  *self,
                        WenProject *project)
{
  g_autoptr(WenProject) old_project = g_steal_pointer (&self->project);

  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_ptr_array_set_size (self->undo_recipes, 0);
  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);

  if (project)
    {
      self->project = g_object_ref (project);
      self->recipe = wen_recipe_copy (wen_project_get_recipe (project));
      g_signal_connect_object (project, "recipe-changed", G_CALLBACK (recipe_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "notify::run", G_CALLBACK (run_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "notify::title", G_CALLBACK (update_title), self, G_CONNECT_SWAPPED);
      restore_page (self);
      run_changed_cb (self);
      remember_project (self);
    }

  /* The pages let go of the old project before it is closed. */
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROJECT]);
  if (old_project)
    {
      if (project == NULL)
        g_signal_group_set_target (self->run_signals, NULL);
      g_signal_handlers_disconnect_by_data (old_project, self);
      wen_project_close (old_project);
    }

  update_title (self);
  wen_window_show_main_page (self);
}

/* Shows the project or the start page, whichever there is. */
void
wen_window_show_main_page (WenWindow *self)
{
  gtk_stack_set_visible_child_name (self->main_stack, self->project ? "project" : "start");
  if (self->project == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->start_page));
  wen_window_update_actions (self);
}

void
wen_window_show_error (WenWindow  *self,
                       const char *heading,
                       const char *message)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
confirm_response_cb (WenWindow  *self,
                     const char *response)
{
  if (g_str_equal (response, "stop"))
    wen_window_set_project (self, NULL);
  else if (g_str_equal (response, "stop-and-close"))
    {
      wen_window_set_project (self, NULL);
      gtk_window_close (GTK_WINDOW (self));
    }
}

/* Closes the project, and the window with it if asked to; but asks first where
 * that would stop a training. */
void
wen_window_close_project (WenWindow *self,
                          gboolean   close_window)
{
  const char *response = close_window ? "stop-and-close" : "stop";
  gboolean is_training = wen_window_is_training (self);
  GtkWidget *dialog;

  if (!is_busy (self))
    {
      confirm_response_cb (self, response);
      return;
    }

  dialog = is_training
             ? adw_message_dialog_new (GTK_WINDOW (self), _("Stop Training?"),
                                       _("The training is still running. It stops when the project is closed."))
             : adw_message_dialog_new (GTK_WINDOW (self), _("Stop the Search?"),
                                       _("It is interrupted when the project is closed. A search can go on when the project is opened again."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "continue", is_training ? _("_Keep Training") : _("_Keep Searching"),
                                    response, _("_Stop and Close"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), response, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "continue");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "continue");
  g_signal_connect_object (dialog, "response", G_CALLBACK (confirm_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
