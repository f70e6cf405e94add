/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading tables into the project of the window, or into a new one. */

#include "config.h"

#include "wen-window-private.h"

#include "wen-format.h"
#include "wen-import-dialog.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* Of a file with what was pasted: goes with the last one who needs it. */
#define PASTED "wen-pasted"

/* One import, from its start to its end. */
typedef struct
{
  WenWindow        *window;
  WenProject       *project;
  WenProgressRelay *relay;
  GCancellable     *cancellable;
  GListModel       *tables;      /* of GFile */
  WenSplit          split;
  gboolean          is_new;      /* the project was made for this import */
} Import;

static void
import_free (Import *import)
{
  g_clear_object (&import->window);
  g_clear_object (&import->project);
  g_clear_object (&import->relay);
  g_clear_object (&import->cancellable);
  g_clear_object (&import->tables);
  g_free (import);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Import, import_free)

static char *
dup_display_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return g_filename_display_name (name ? name : "");
}

/* "a.csv", "a.csv and 2 more" */
static char *
describe_tables (GListModel *tables)
{
  g_autoptr(GFile) first = g_list_model_get_item (tables, 0);
  g_autofree char *name = dup_display_name (first);
  guint n_more = g_list_model_get_n_items (tables) - 1;

  if (n_more == 0)
    return g_steal_pointer (&name);
  /* Translators: the name of a file, and how many other files */
  return g_strdup_printf (g_dngettext (NULL, "%s and %u more", "%s and %u more", n_more), name, n_more);
}

/* A project that came to nothing leaves no file. */
static void
discard_project (WenProject *project)
{
  g_autoptr(GFile) file = g_object_ref (wen_project_get_file (project));
  g_autoptr(GError) error = NULL;

  wen_project_close (project);
  if (!g_file_delete (file, NULL, &error))
    g_debug ("Cannot remove the empty project: %s", error->message);
}

static void
report_success (Import                *import,
                const WenImportReport *report)
{
  g_autofree char *name = describe_tables (import->tables);
  g_autofree char *count = wen_format_count (report->n_rows);
  g_autofree char *sentence = NULL;

  /* Translators: the first %s is a number, the second the name of a file */
  sentence = g_strdup_printf (g_dngettext (NULL, "%s row read from “%s”", "%s rows read from “%s”", report->n_rows),
                              count, name);
  adw_toast_overlay_add_toast (import->window->toast_overlay, adw_toast_new (sentence));
}

/* Where the rows are from, to read them again; nothing for what was pasted. */
static void
note_source (Import *import)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) uris = NULL;
  g_autofree char *note = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (import->tables); i++)
    {
      g_autoptr(GFile) table = g_list_model_get_item (import->tables, i);
      g_autofree char *uri = g_file_get_uri (table);

      if (g_object_get_data (G_OBJECT (table), PASTED))
        return;
      g_strv_builder_add (builder, uri);
    }
  uris = g_strv_builder_end (builder);
  note = g_strjoinv ("\n", uris);
  wen_project_set_note (import->project, "source", note);
}

static void
import_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Import) import = user_data;
  WenWindow *window = import->window;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenImportReport) report = wen_project_import_finish (import->project, result, &error);
  gboolean is_open = gtk_widget_get_visible (GTK_WIDGET (window));

  g_signal_handlers_disconnect_by_data (import->relay, window);
  if (window->import_cancellable == import->cancellable)
    g_clear_object (&window->import_cancellable);

  if (report)
    {
      if (import->split == WEN_SPLIT_TRAIN)
        note_source (import);
      if (!is_open)
        {
          if (import->is_new)
            wen_project_close (import->project);
          return;
        }
      if (import->is_new)
        wen_window_set_project (window, import->project);
      else
        report_success (import, report);
    }
  else if (import->is_new)
    discard_project (import->project);

  if (!is_open)
    return;
  wen_import_page_watch (window->import_page, NULL, NULL);
  wen_window_show_main_page (window);

  if (report || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("Import failed: %s", error->message);
  if (g_error_matches (error, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN) && import->split == WEN_SPLIT_TRAIN)
    wen_window_choose_columns (window, import->tables, error->message);
  else
    wen_window_show_error (window, _("The Table Cannot Be Read"), error->message);
}

static void
start_import (WenWindow           *self,
              WenProject          *project,
              gboolean             is_new,
              GListModel          *tables,
              const WenCsvOptions *options,
              const char          *text_column,
              const char          *label_column,
              WenSplit             split)
{
  static const WenCsvOptions guess_all = { 0 };
  Import *import = g_new0 (Import, 1);
  g_autofree char *name = describe_tables (tables);

  g_assert (self->import_cancellable == NULL);

  self->import_cancellable = g_cancellable_new ();
  import->window = g_object_ref (self);
  import->project = g_object_ref (project);
  import->relay = wen_progress_relay_new ();
  import->cancellable = g_object_ref (self->import_cancellable);
  import->tables = g_object_ref (tables);
  import->split = split;
  import->is_new = is_new;

  wen_import_page_watch (self->import_page, name, import->relay);
  gtk_stack_set_visible_child_name (self->main_stack, "import");
  wen_window_update_actions (self);
  wen_project_import_tables_async (project, tables, options ? options : &guess_all, text_column, label_column, split,
                                   wen_progress_relay_report, import->relay, import->cancellable, import_cb, import);
}

/* Reads tables into the project of the window.
 *
 *   tables   of GFile */
void
wen_window_import_tables (WenWindow           *self,
                          GListModel          *tables,
                          const WenCsvOptions *options,
                          const char          *text_column,
                          const char          *label_column,
                          WenSplit             split)
{
  if (self->project == NULL || self->import_cancellable)
    return;

  start_import (self, self->project, FALSE, tables, options, text_column, label_column, split);
}

/* Where new projects lie. (transfer full) */
GFile *
wen_window_get_projects_folder (void)
{
  return g_file_new_build_filename (g_get_user_data_dir (), "wenlei", "projects", NULL);
}

/* A file that does not exist yet, "title.wenlei", "title 2.wenlei", ... */
static GFile *
choose_project_file (const char  *title,
                     GError     **error)
{
  g_autoptr(GFile) folder = wen_window_get_projects_folder ();

  if (g_mkdir_with_parents (g_file_peek_path (folder), 0700) != 0)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   /* Translators: the first %s is a folder, the second a reason from the system */
                   _("The folder “%s” for projects cannot be made: %s."),
                   g_file_peek_path (folder), g_strerror (saved_errno));
      return NULL;
    }

  for (guint number = 1;; number++)
    {
      g_autofree char *name = number == 1
                              ? g_strdup_printf ("%s.wenlei", title)
                              : g_strdup_printf ("%s %u.wenlei", title, number);
      g_autoptr(GFile) file = g_file_get_child (folder, name);

      if (!g_file_query_exists (file, NULL))
        return g_steal_pointer (&file);
    }
}

static char *
make_title (GFile *csv_file)
{
  g_autofree char *name = g_file_get_basename (csv_file);
  char *dot = name ? strrchr (name, '.') : NULL;

  if (dot && dot != name)
    *dot = '\0';

  return name && *name && !strchr (name, G_DIR_SEPARATOR) ? g_steal_pointer (&name) : g_strdup (_("Project"));
}

/* Makes a project of tables, and shows it once they are read.
 *
 *   tables  of GFile
 *   title   what to call it, or NULL: like the first file
 */
void
wen_window_create_project (WenWindow           *self,
                           GListModel          *tables,
                           const char          *title,
                           const WenCsvOptions *options,
                           const char          *text_column,
                           const char          *label_column)
{
  g_autoptr(GFile) first = g_list_model_get_item (tables, 0);
  g_autofree char *file_title = title ? g_strdup (title) : make_title (first);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = choose_project_file (file_title, &error);
  g_autoptr(WenProject) project = file ? wen_project_create (file, &error) : NULL;

  if (project && self->preset)
    {
      g_autoptr(WenRecipe) recipe = wen_recipe_new_preset (self->preset, NULL);

      wen_project_set_recipe (project, recipe, &error);
    }
  if (project && error == NULL)
    start_import (self, project, TRUE, tables, options, text_column, label_column, WEN_SPLIT_TRAIN);
  else
    wen_window_show_error (self, _("The Project Cannot Be Made"), error->message);
}

static void
columns_chosen_cb (WenImportDialog *dialog,
                   WenWindow       *self)
{
  GListModel *tables = wen_import_dialog_get_tables (dialog);
  const WenCsvOptions *options = wen_import_dialog_get_options (dialog);
  const char *text_column = wen_import_dialog_get_text_column (dialog);
  const char *label_column = wen_import_dialog_get_label_column (dialog);

  if (self->import_cancellable)
    return;

  if (self->project)
    wen_window_import_tables (self, tables, options, text_column, label_column, WEN_SPLIT_TRAIN);
  else
    wen_window_create_project (self, tables, NULL, options, text_column, label_column);
}

/* Lets a person say how tables are to be read, and reads them so: into the project of
 * the window, or into a new one where it has none.
 *
 *   tables    of GFile, with the same columns
 *   message   why it is asked, or NULL
 */
void
wen_window_choose_columns (WenWindow  *self,
                           GListModel *tables,
                           const char *message)
{
  GtkWidget *dialog = wen_import_dialog_new (GTK_WINDOW (self), tables, message);

  if (self->project)
    {
      const WenImportReport *report = wen_project_get_import_report (self->project);

      if (report)
        wen_import_dialog_set_report (WEN_IMPORT_DIALOG (dialog), report);
    }
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (columns_chosen_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_pasted (gpointer data)
{
  g_autofree char *path = data;
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

/* A file that nobody else can read. (transfer full) */
static GFile *
write_pasted (const char  *text,
              GError     **error)
{
  g_autofree char *folder = g_dir_make_tmp ("wenlei-XXXXXX", error);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  GFile *file;

  if (folder == NULL)
    return NULL;
  name = g_strconcat (_("Pasted Table"), ".csv", NULL);
  path = g_build_filename (folder, name, NULL);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, error))
    {
      g_rmdir (folder);
      return NULL;
    }
  file = g_file_new_for_path (path);
  g_object_set_data_full (G_OBJECT (file), PASTED, g_steal_pointer (&path), remove_pasted);
  return file;
}

static void
pasted_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenWindow) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  if (self->import_cancellable || !gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  if (text == NULL || *text == '\0')
    {
      adw_toast_overlay_add_toast (self->toast_overlay,
                                   adw_toast_new (_("There is no text to paste. Copy the rows of a table first.")));
      return;
    }
  file = write_pasted (text, &error);
  if (file)
    {
      g_autoptr(GListStore) tables = g_list_store_new (G_TYPE_FILE);

      g_list_store_append (tables, file);
      wen_window_choose_columns (self, G_LIST_MODEL (tables), NULL);
    }
  else
    wen_window_show_error (self, _("The Table Cannot Be Read"), error->message);
}

/* Reads a table from the clipboard, as if it were a file. */
void
wen_window_paste_table (WenWindow *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb, g_object_ref (self));
}
