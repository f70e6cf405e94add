/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The commands of the window. */

#include "config.h"

#include "wen-window-private.h"

#include <glib/gi18n.h>

/* A project in its own window: the one that shows it already, this one when it
 * shows no project, or else a new one. */
static WenWindow *
find_window_for (WenWindow *self,
                 GFile     *project_file)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  GtkWidget *window;

  if (project_file)
    for (GList *item = gtk_application_get_windows (application); item; item = item->next)
      if (WEN_IS_WINDOW (item->data))
        {
          WenProject *project = WEN_WINDOW (item->data)->project;

          if (project && g_file_equal (wen_project_get_file (project), project_file))
            return item->data;
        }

  if (self->project == NULL && self->import_cancellable == NULL)
    return self;

  window = wen_window_new (application);
  gtk_window_present (GTK_WINDOW (window));

  return WEN_WINDOW (window);
}

static void
open_project (WenWindow *self,
              GFile     *file)
{
  WenWindow *window = find_window_for (self, file);
  g_autoptr(WenProject) project = NULL;
  g_autoptr(GError) error = NULL;

  gtk_window_present (GTK_WINDOW (window));
  if (window->project == NULL)
    {
      project = wen_project_open (file, &error);
      if (project)
        wen_window_set_project (window, project);
      else
        wen_window_show_error (window, _("The Project Cannot Be Opened"), error->message);
    }
}

static gboolean
is_project (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return name && g_str_has_suffix (name, ".wenlei");
}

/**
 * wen_window_open_files:
 * @self: a window
 * @files: of #GFile: projects, and tables, which become one new project together
 *
 * Opens files in this window, or in another one when this one is taken.
 */
void
wen_window_open_files (WenWindow  *self,
                       GListModel *files)
{
  g_autoptr(GListStore) tables = g_list_store_new (G_TYPE_FILE);

  g_return_if_fail (WEN_IS_WINDOW (self));
  g_return_if_fail (G_IS_LIST_MODEL (files));

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr(GFile) file = g_list_model_get_item (files, i);

      if (is_project (file))
        open_project (self, file);
      else
        g_list_store_append (tables, file);
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (tables)) > 0)
    wen_window_choose_columns (find_window_for (self, NULL), G_LIST_MODEL (tables), NULL);
}

static void
open_file (WenWindow *self,
           GFile     *file)
{
  g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);

  g_list_store_append (files, file);
  wen_window_open_files (self, G_LIST_MODEL (files));
}

/**
 * wen_window_set_preset:
 * @self: a window
 * @preset: (nullable): a name out of wen_recipe_list_presets(), or `NULL` for the default
 *   one
 *
 * Chooses the settings with which projects made in this window begin.
 */
void
wen_window_set_preset (WenWindow  *self,
                       const char *preset)
{
  g_return_if_fail (WEN_IS_WINDOW (self));

  g_free (self->preset);
  self->preset = g_strdup (preset);
}

/**
 * wen_window_open_sample:
 * @self: a window
 * @name: "hotel-reviews" or "support-requests"
 *
 * Makes a project of a table that comes with the program.
 *
 * Returns: `FALSE` if there is no such sample
 */
gboolean
wen_window_open_sample (WenWindow  *self,
                        const char *name)
{
  g_autoptr(GListStore) tables = g_list_store_new (G_TYPE_FILE);
  g_autofree char *uri = NULL;
  g_autoptr(GFile) file = NULL;
  const char *title;

  g_return_val_if_fail (WEN_IS_WINDOW (self), FALSE);

  if (g_strcmp0 (name, "hotel-reviews") == 0)
    title = _("Hotel Reviews");
  else if (g_strcmp0 (name, "support-requests") == 0)
    title = _("Support Requests");
  else
    return FALSE;

  uri = g_strdup_printf ("resource:///org/wenlei/Wenlei/samples/%s.csv", name);
  file = g_file_new_for_uri (uri);
  g_list_store_append (tables, file);
  wen_window_create_project (find_window_for (self, NULL), G_LIST_MODEL (tables), title, NULL, NULL, NULL);

  return TRUE;
}

static void
add_filter (GtkFileChooser     *chooser,
            const char         *name,
            const char * const *suffixes)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; suffixes[i]; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
add_filter_for_all (GtkFileChooser *chooser)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("All Files"));
  gtk_file_filter_add_pattern (filter, "*");
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
open_response_cb (GtkNativeDialog *dialog,
                  int              response,
                  WenWindow       *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

      wen_window_open_files (self, files);
    }
  g_object_unref (dialog);
}

/* Reads the files that were chosen into the project, beside its table. */
static void
read_beside (GtkNativeDialog *dialog,
             int              response,
             WenWindow       *self,
             WenSplit         split)
{
  if (response == GTK_RESPONSE_ACCEPT && self->project)
    {
      g_autoptr(GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      const WenImportReport *report = wen_project_get_import_report (self->project);
      gboolean is_alike = report && split == WEN_SPLIT_TEST;

      wen_window_import_tables (self, files, NULL, is_alike ? report->text_column : NULL,
                                is_alike ? report->label_column : NULL, split);
    }
  g_object_unref (dialog);
}

static void
test_file_response_cb (GtkNativeDialog *dialog,
                       int              response,
                       WenWindow       *self)
{
  read_beside (dialog, response, self, WEN_SPLIT_TEST);
}

static void
unlabelled_response_cb (GtkNativeDialog *dialog,
                        int              response,
                        WenWindow       *self)
{
  read_beside (dialog, response, self, WEN_SPLIT_NONE);
}

static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  static const char * const all_suffixes[] = { "csv", "tsv", "txt", "xlsx", "jsonl", "wenlei", NULL };
  static const char * const project_suffixes[] = { "wenlei", NULL };
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Open a Table or Project"),
                                                              user_data,
                                                              GTK_FILE_CHOOSER_ACTION_OPEN,
                                                              _("_Open"), NULL);
  g_autoptr(GFile) projects_folder = wen_window_get_projects_folder ();

  add_filter (GTK_FILE_CHOOSER (dialog), _("Tables and Projects"), all_suffixes);
  add_filter (GTK_FILE_CHOOSER (dialog), _("Projects"), project_suffixes);
  add_filter_for_all (GTK_FILE_CHOOSER (dialog));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_file_chooser_add_shortcut_folder (GTK_FILE_CHOOSER (dialog), projects_folder, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (open_response_cb), user_data, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
open_uri_cb (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  g_autoptr(GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));

  open_file (user_data, file);
}

static void
open_sample_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  wen_window_open_sample (user_data, g_variant_get_string (parameter, NULL));
}

static void
close_project_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  wen_window_close_project (user_data, FALSE);
}

static void
paste_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  wen_window_paste_table (user_data);
}

static void
cancel_import_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  WenWindow *self = user_data;

  g_cancellable_cancel (self->import_cancellable);
}

static void
choose_tables (WenWindow  *self,
               const char *title,
               GCallback   response_cb)
{
  static const char * const suffixes[] = { "csv", "tsv", "txt", "xlsx", "jsonl", NULL };
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                                              _("_Add"), NULL);

  add_filter (GTK_FILE_CHOOSER (dialog), _("Tables"), suffixes);
  add_filter_for_all (GTK_FILE_CHOOSER (dialog));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", response_cb, self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
add_test_file_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  choose_tables (user_data, _("Add a Test File"), G_CALLBACK (test_file_response_cb));
}

static void
add_unlabelled_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  choose_tables (user_data, _("Add Texts Without Labels"), G_CALLBACK (unlabelled_response_cb));
}

static void
choose_columns_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  WenWindow *self = user_data;
  g_autofree char *note = wen_project_dup_note (self->project, "source");
  g_autoptr(GListStore) tables = g_list_store_new (G_TYPE_FILE);
  g_auto(GStrv) uris = NULL;

  if (note == NULL)
    {
      wen_window_show_error (self, _("The Table Is Not Known"),
                             _("This project does not say from which file it was made. Open the file again to read it anew."));
      return;
    }
  uris = g_strsplit (note, "\n", -1);
  for (char **uri = uris; *uri; uri++)
    {
      g_autoptr(GFile) file = g_file_new_for_uri (*uri);

      g_list_store_append (tables, file);
    }
  wen_window_choose_columns (self, G_LIST_MODEL (tables), NULL);
}

static guint64
get_size (GFile *file)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info ? (guint64) g_file_info_get_size (info) : 0;
}

static void
compacted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(WenWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *size = NULL;
  g_autofree char *sentence = NULL;

  if (!wen_project_edit_finish (WEN_PROJECT (object), result, &error))
    {
      wen_window_show_error (self, _("The Project File Cannot Be Made Smaller"), error->message);
      return;
    }
  size = g_format_size (get_size (wen_project_get_file (WEN_PROJECT (object))));
  /* Translators: a size, such as "1.2 MB" */
  sentence = g_strdup_printf (_("The project file has %s now."), size);
  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (sentence));
}

static void
compact_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  WenWindow *self = user_data;

  wen_project_compact_async (self->project, compacted_cb, g_object_ref (self));
}

static void
undo_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  WenWindow *self = user_data;
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GError) error = NULL;

  if (self->project == NULL || self->undo_recipes->len == 0)
    return;

  recipe = g_ptr_array_steal_index (self->undo_recipes, self->undo_recipes->len - 1);
  self->is_undoing = TRUE;
  if (!wen_project_set_recipe (self->project, recipe, &error))
    wen_window_show_error (self, _("The Change Cannot Be Undone"), error->message);
  self->is_undoing = FALSE;
  if (self->undo_toast)
    adw_toast_dismiss (self->undo_toast);
  wen_window_update_actions (self);
}

static void
show_page_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  WenWindow *self = user_data;
  const char *name = g_variant_get_string (parameter, NULL);
  GtkWidget *page = adw_view_stack_get_child_by_name (self->pages, name);

  if (page)
    {
      adw_view_stack_set_visible_child (self->pages, page);
      gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
    }
}

static void
turn_pages (WenWindow *self,
            int        step)
{
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages (self->pages);
  guint n_pages = g_list_model_get_n_items (G_LIST_MODEL (pages));

  for (guint i = 0; i < n_pages; i++)
    if (gtk_selection_model_is_selected (pages, i))
      {
        if ((step > 0 && i + 1 < n_pages) || (step < 0 && i > 0))
          gtk_selection_model_select_item (pages, i + step, TRUE);
        break;
      }
}

static void
next_page_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  turn_pages (user_data, 1);
}

static void
previous_page_cb (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  turn_pages (user_data, -1);
}

static const GActionEntry entries[] = {
  { .name = "open", .activate = open_cb },
  { .name = "open-uri", .activate = open_uri_cb, .parameter_type = "s" },
  { .name = "open-sample", .activate = open_sample_cb, .parameter_type = "s" },
  { .name = "paste", .activate = paste_cb },
  { .name = "close-project", .activate = close_project_cb },
  { .name = "cancel-import", .activate = cancel_import_cb },
  { .name = "add-test-file", .activate = add_test_file_cb },
  { .name = "add-unlabelled", .activate = add_unlabelled_cb },
  { .name = "choose-columns", .activate = choose_columns_cb },
  { .name = "compact", .activate = compact_cb },
  { .name = "undo", .activate = undo_cb },
  { .name = "show-page", .activate = show_page_cb, .parameter_type = "s" },
  { .name = "next-page", .activate = next_page_cb },
  { .name = "previous-page", .activate = previous_page_cb },
};

static void
set_enabled (WenWindow  *self,
             const char *name,
             gboolean    enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
wen_window_init_actions (WenWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

/* The one place that says what can be done now. */
void
wen_window_update_actions (WenWindow *self)
{
  gboolean is_importing = self->import_cancellable != NULL;
  gboolean has_project = self->project != NULL && !is_importing;
  gboolean is_training = wen_window_is_training (self);

  set_enabled (self, "paste", self->project == NULL && !is_importing);
  set_enabled (self, "close-project", has_project);
  set_enabled (self, "cancel-import", is_importing);
  set_enabled (self, "add-test-file", has_project && !is_training);
  set_enabled (self, "add-unlabelled", has_project && !is_training);
  set_enabled (self, "choose-columns", has_project && !is_training);
  set_enabled (self, "compact", has_project && !is_training);
  set_enabled (self, "undo", has_project && self->undo_recipes->len > 0);
  set_enabled (self, "show-page", has_project);
  set_enabled (self, "next-page", has_project);
  set_enabled (self, "previous-page", has_project);
}
