/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lets a person say how a table is to be read, with its first rows in sight.
 *
 * DESIGN: the beginning of the file is read in a task for every change of the
 * options; a task whose cancellable is no longer ours is stale and dropped. */

#include "config.h"

#include "wen-import-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_PREVIEW_ROWS 5
#define MAXIMUM_CELL_CHARS 200

/* What the beginning of a file looks like under some options. */
typedef struct
{
  char      **columns;
  GPtrArray  *rows;            /* element-type GStrv, as long as the file's row */
  gssize      text_column;     /* guessed; -1 for none */
  gssize      label_column;
} Preview;

typedef struct
{
  GFile         *file;
  WenCsvOptions  options;
} PreviewRequest;

struct _WenImportDialog
{
  AdwWindow parent_instance;

  /* template widgets */
  GtkWidget   *read_button;
  GtkLabel    *message_label;
  AdwComboRow *text_row;
  AdwComboRow *label_row;
  AdwComboRow *header_row;
  AdwComboRow *delimiter_row;
  AdwComboRow *encoding_row;
  GtkWidget   *preview_group;
  GtkListBox  *preview_list;

  /* owned */
  GFile        *file;
  char         *message;
  char         *known_text_column;    /* as read before, or NULL */
  char         *known_label_column;
  char         *text_column;
  char         *label_column;
  Preview      *preview;
  GCancellable *cancellable;

  WenCsvOptions options;
  gboolean      is_updating;
};

enum
{
  SIGNAL_CHOSEN,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (WenImportDialog, wen_import_dialog, ADW_TYPE_WINDOW)

static guint signals[N_SIGNALS];

/* In the order of the rows in the template; the first is guessed. */
static const WenCsvHeader headers[] = { WEN_CSV_HEADER_GUESS, WEN_CSV_HEADER_YES, WEN_CSV_HEADER_NO };
static const char delimiters[] = { 0, ',', ';', '\t' };
static const char * const encodings[] = { NULL, "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" };

static void
preview_free (Preview *preview)
{
  g_strfreev (preview->columns);
  g_ptr_array_unref (preview->rows);
  g_free (preview);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Preview, preview_free)

static void
preview_request_free (PreviewRequest *request)
{
  g_object_unref (request->file);
  g_free (request);
}

/* Worker thread. */
static void
read_preview (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  PreviewRequest *request = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenCsvReader) reader = wen_csv_reader_new (request->file, &request->options, cancellable, &error);
  g_autoptr(Preview) preview = NULL;

  if (reader == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  preview = g_new0 (Preview, 1);
  preview->columns = g_strdupv ((char **) wen_csv_reader_get_columns (reader));
  preview->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  {
    g_autofree char *text_reason = NULL;
    g_autofree char *label_reason = NULL;

    wen_csv_reader_guess_columns (reader, &preview->text_column, &preview->label_column, &text_reason, &label_reason);
  }

  while (preview->rows->len < N_PREVIEW_ROWS)
    {
      const char * const *fields;
      gsize n_fields;
      char **row;

      if (!wen_csv_reader_next (reader, &fields, &n_fields, cancellable, &error))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
      if (fields == NULL)
        break;

      row = g_new0 (char *, n_fields + 1);
      for (gsize i = 0; i < n_fields; i++)
        row[i] = g_utf8_substring (fields[i], 0, MIN (g_utf8_strlen (fields[i], -1), MAXIMUM_CELL_CHARS));
      g_ptr_array_add (preview->rows, row);
    }

  g_task_return_pointer (task, g_steal_pointer (&preview), (GDestroyNotify) preview_free);
}

static const char *
get_cell (char   **row,
          guint    column)
{
  return column < g_strv_length (row) ? row[column] : "";
}

static void
update_preview_rows (WenImportDialog *self)
{
  guint text_column = adw_combo_row_get_selected (self->text_row);
  guint label_column = adw_combo_row_get_selected (self->label_row);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->preview_list))))
    gtk_list_box_remove (self->preview_list, child);

  for (guint i = 0; self->preview && i < self->preview->rows->len; i++)
    {
      char **cells = g_ptr_array_index (self->preview->rows, i);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *label = gtk_label_new (get_cell (cells, label_column));

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), get_cell (cells, text_column));
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      gtk_list_box_append (self->preview_list, row);
    }
  gtk_widget_set_visible (self->preview_group, self->preview && self->preview->rows->len > 0);
}

static void
update_read_button (WenImportDialog *self)
{
  guint n_columns = self->preview ? g_strv_length (self->preview->columns) : 0;
  guint text_column = adw_combo_row_get_selected (self->text_row);
  guint label_column = adw_combo_row_get_selected (self->label_row);

  gtk_widget_set_sensitive (self->read_button,
                            text_column < n_columns && label_column < n_columns && text_column != label_column);
}

static gssize
find_column (WenImportDialog *self,
             const char      *name)
{
  for (gssize i = 0; name && self->preview->columns[i]; i++)
    if (g_strcmp0 (self->preview->columns[i], name) == 0)
      return i;

  return -1;
}

/* Keeps what was chosen before, or takes what was read last time, or the guess. */
static void
select_column (WenImportDialog *self,
               AdwComboRow     *row,
               const char      *chosen,
               const char      *known,
               gssize           guess,
               gssize           fallback)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new ((const char * const *) self->preview->columns);
  gssize column = find_column (self, chosen);

  if (column < 0)
    column = find_column (self, known);
  if (column < 0)
    column = guess;
  if (column < 0)
    column = fallback;
  adw_combo_row_set_model (row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (row, column);
}

static void
show_message (WenImportDialog *self,
              const char      *message)
{
  gtk_label_set_label (self->message_label, message ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), message != NULL);
}

static void
preview_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  WenImportDialog *self = WEN_IMPORT_DIALOG (object);
  g_autoptr(GError) error = NULL;
  Preview *preview;

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  preview = g_task_propagate_pointer (G_TASK (result), &error);
  g_clear_pointer (&self->preview, preview_free);
  self->preview = preview;
  if (preview)
    {
      gssize n_columns = g_strv_length (preview->columns);

      self->is_updating = TRUE;
      select_column (self, self->text_row, self->text_column, self->known_text_column, preview->text_column, 0);
      select_column (self, self->label_row, self->label_column, self->known_label_column,
                     preview->label_column, n_columns - 1);
      self->is_updating = FALSE;
    }
  show_message (self, error ? error->message : self->message);
  update_preview_rows (self);
  update_read_button (self);
}

static void
start_preview (WenImportDialog *self)
{
  g_autoptr(GTask) task = NULL;
  PreviewRequest *request;

  if (self->file == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  request = g_new0 (PreviewRequest, 1);
  request->file = g_object_ref (self->file);
  request->options = self->options;
  task = g_task_new (self, self->cancellable, preview_cb, NULL);
  g_task_set_name (task, "read preview");
  g_task_set_task_data (task, request, (GDestroyNotify) preview_request_free);
  g_task_run_in_thread (task, read_preview);
}

static void
file_option_changed_cb (WenImportDialog *self)
{
  if (self->is_updating)
    return;

  self->options.header = headers[MIN (adw_combo_row_get_selected (self->header_row), G_N_ELEMENTS (headers) - 1)];
  self->options.delimiter =
    delimiters[MIN (adw_combo_row_get_selected (self->delimiter_row), G_N_ELEMENTS (delimiters) - 1)];
  self->options.encoding =
    encodings[MIN (adw_combo_row_get_selected (self->encoding_row), G_N_ELEMENTS (encodings) - 1)];
  start_preview (self);
}

/* The name of a column, or its number where the name is not the only one. */
static char *
dup_column (WenImportDialog *self,
            AdwComboRow     *row)
{
  guint column = adw_combo_row_get_selected (row);

  if (self->preview == NULL || column >= g_strv_length (self->preview->columns))
    return NULL;

  if (*self->preview->columns[column] == '\0'
      || find_column (self, self->preview->columns[column]) != (gssize) column)
    return g_strdup_printf ("%u", column + 1);

  return g_strdup (self->preview->columns[column]);
}

static void
column_changed_cb (WenImportDialog *self)
{
  if (self->is_updating)
    return;

  g_free (self->text_column);
  self->text_column = dup_column (self, self->text_row);
  g_free (self->label_column);
  self->label_column = dup_column (self, self->label_row);
  update_preview_rows (self);
  update_read_button (self);
}

static void
read_clicked_cb (WenImportDialog *self)
{
  column_changed_cb (self);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
  gtk_window_close (GTK_WINDOW (self));
}

static void
wen_import_dialog_dispose (GObject *object)
{
  WenImportDialog *self = WEN_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_IMPORT_DIALOG);

  G_OBJECT_CLASS (wen_import_dialog_parent_class)->dispose (object);
}

static void
wen_import_dialog_finalize (GObject *object)
{
  WenImportDialog *self = WEN_IMPORT_DIALOG (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->preview, preview_free);
  g_free (self->message);
  g_free (self->known_text_column);
  g_free (self->known_label_column);
  g_free (self->text_column);
  g_free (self->label_column);

  G_OBJECT_CLASS (wen_import_dialog_parent_class)->finalize (object);
}

static void
wen_import_dialog_class_init (WenImportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = wen_import_dialog_dispose;
  object_class->finalize = wen_import_dialog_finalize;

  signals[SIGNAL_CHOSEN] =
    g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, read_button);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, text_row);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, label_row);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, header_row);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, delimiter_row);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, encoding_row);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, preview_group);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, preview_list);
  gtk_widget_class_bind_template_callback (widget_class, file_option_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, column_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, read_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
wen_import_dialog_init (WenImportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_window_set_default_widget (GTK_WINDOW (self), self->read_button);
  update_read_button (self);
}

/**
 * wen_import_dialog_new:
 * @parent: the window it belongs to
 * @csv_file: the table
 * @message: (nullable): why it is asked, in a sentence
 *
 * Makes a dialog, which emits "chosen" when its Read button is pressed.
 *
 * Returns: (transfer none): a window, not yet shown
 */
GtkWidget *
wen_import_dialog_new (GtkWindow  *parent,
                       GFile      *csv_file,
                       const char *message)
{
  WenImportDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (G_IS_FILE (csv_file), NULL);

  self = g_object_new (WEN_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
  self->file = g_object_ref (csv_file);
  self->message = g_strdup (message);
  show_message (self, message);
  start_preview (self);

  return GTK_WIDGET (self);
}

/**
 * wen_import_dialog_set_report:
 * @self: the dialog
 * @report: how the table was read before
 *
 * Begins with the choices of an earlier import.
 */
void
wen_import_dialog_set_report (WenImportDialog       *self,
                              const WenImportReport *report)
{
  g_return_if_fail (WEN_IS_IMPORT_DIALOG (self));
  g_return_if_fail (report != NULL);

  g_free (self->known_text_column);
  self->known_text_column = g_strdup (report->text_column);
  g_free (self->known_label_column);
  self->known_label_column = g_strdup (report->label_column);

  self->is_updating = TRUE;
  adw_combo_row_set_selected (self->header_row, report->has_header ? 1 : 2);
  for (guint i = 1; i < G_N_ELEMENTS (delimiters); i++)
    if (delimiters[i] == report->delimiter)
      adw_combo_row_set_selected (self->delimiter_row, i);
  for (guint i = 1; i < G_N_ELEMENTS (encodings); i++)
    if (g_strcmp0 (encodings[i], report->encoding) == 0)
      adw_combo_row_set_selected (self->encoding_row, i);
  self->is_updating = FALSE;
  file_option_changed_cb (self);
}

/**
 * wen_import_dialog_get_file:
 * @self: the dialog
 *
 * Gets the table.
 *
 * Returns: (transfer none): the file
 */
GFile *
wen_import_dialog_get_file (WenImportDialog *self)
{
  g_return_val_if_fail (WEN_IS_IMPORT_DIALOG (self), NULL);

  return self->file;
}

/**
 * wen_import_dialog_get_options:
 * @self: the dialog
 *
 * Gets how the file is to be read.
 *
 * Returns: (transfer none): the options
 */
const WenCsvOptions *
wen_import_dialog_get_options (WenImportDialog *self)
{
  g_return_val_if_fail (WEN_IS_IMPORT_DIALOG (self), NULL);

  return &self->options;
}

/**
 * wen_import_dialog_get_text_column:
 * @self: the dialog
 *
 * Gets which column holds the texts.
 *
 * Returns: (nullable): name or number of the column
 */
const char *
wen_import_dialog_get_text_column (WenImportDialog *self)
{
  g_return_val_if_fail (WEN_IS_IMPORT_DIALOG (self), NULL);

  return self->text_column;
}

/**
 * wen_import_dialog_get_label_column:
 * @self: the dialog
 *
 * Gets which column holds the labels.
 *
 * Returns: (nullable): name or number of the column
 */
const char *
wen_import_dialog_get_label_column (WenImportDialog *self)
{
  g_return_val_if_fail (WEN_IS_IMPORT_DIALOG (self), NULL);

  return self->label_column;
}
