/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lets a person say how a table is to be read, with its first rows in sight.
 *
 * DESIGN: the beginning of the file is read in a task for every change of the
 * options; a task whose cancellable is no longer ours is stale and dropped. */

#include "config.h"

#include "wen-import-dialog.h"

#include "wen-import-preview.h"

#include <glib/gi18n.h>
#include <string.h>

/* A table with more columns is chosen from by the lists of names. */
#define MAXIMUM_SHOWN_COLUMNS 60
#define CELL_CHARS 28
#define MAXIMUM_SHOWN_NAMES 8

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
  GtkWidget   *columns_group;
  GtkWidget   *preview_group;
  GtkGrid     *preview_grid;
  GtkWidget   *candidates_group;
  GtkListBox  *candidates_list;
  GtkWidget   *findings_group;
  GtkListBox  *findings_list;

  /* owned */
  GListModel   *tables;               /* of GFile; the first one is shown */
  char         *message;
  char         *known_text_column;    /* as read before, or NULL */
  char         *known_label_column;
  char         *text_column;
  char         *label_column;
  WenImportPreview *preview;
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
static const char * const encodings[] = {
  NULL, "UTF-8", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "windows-1252", "UTF-16LE", "UTF-16BE",
};

static const char *
get_cell (char   **row,
          guint    column)
{
  return column < g_strv_length (row) ? row[column] : "";
}

/* Characters that could not be read stand out. */
static GtkWidget *
create_cell (const char *text)
{
  static const char replacement[] = "\xef\xbf\xbd";
  g_autoptr(GString) line = g_string_new (text);
  g_autofree char *escaped = NULL;
  GtkWidget *label = gtk_label_new (NULL);

  g_strdelimit (line->str, "\n\r\t", ' ');
  escaped = g_markup_escape_text (line->str, -1);
  g_string_assign (line, escaped);
  if (g_string_replace (line, replacement, "<span background=\"#c01c28\" foreground=\"white\">\xef\xbf\xbd</span>", 0) > 0)
    gtk_widget_set_tooltip_text (label, _("The marked characters could not be read in this encoding."));
  gtk_label_set_markup (GTK_LABEL (label), line->str);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), CELL_CHARS);
  gtk_label_set_width_chars (GTK_LABEL (label), 6);
  return label;
}

static void
role_clicked_cb (GtkToggleButton *button,
                 WenImportDialog *self)
{
  AdwComboRow *row = g_object_get_data (G_OBJECT (button), "row");
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "column"));

  if (self->is_updating)
    return;
  /* Pressing it again changes nothing: some column it must be. */
  if (adw_combo_row_get_selected (row) == column)
    gtk_toggle_button_set_active (button, TRUE);
  else
    adw_combo_row_set_selected (row, column);
}

static GtkWidget *
create_role_button (WenImportDialog *self,
                    AdwComboRow     *row,
                    guint            column,
                    const char      *role)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (role);
  /* Translators: the name of a column, and "Text" or "Label" */
  g_autofree char *name = g_strdup_printf (_("“%s” is the %s"), self->preview->columns[column], role);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), adw_combo_row_get_selected (row) == column);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_tooltip_text (button, name);
  g_object_set_data (G_OBJECT (button), "row", row);
  g_object_set_data (G_OBJECT (button), "column", GUINT_TO_POINTER (column));
  g_signal_connect_object (button, "clicked", G_CALLBACK (role_clicked_cb), self, 0);
  return button;
}

/* The name of a column, and what it is: one click makes it the texts or the labels. */
static GtkWidget *
create_header (WenImportDialog *self,
               guint            column)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (self->preview->columns[column]);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), CELL_CHARS);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (buttons, "linked");
  gtk_box_append (GTK_BOX (buttons), create_role_button (self, self->text_row, column, _("Text")));
  gtk_box_append (GTK_BOX (buttons), create_role_button (self, self->label_row, column, _("Label")));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), buttons);
  return box;
}

static void
update_preview_rows (WenImportDialog *self)
{
  guint text_column = adw_combo_row_get_selected (self->text_row);
  guint label_column = adw_combo_row_get_selected (self->label_row);
  guint n_columns = self->preview ? MIN (g_strv_length (self->preview->columns), MAXIMUM_SHOWN_COLUMNS) : 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->preview_grid))))
    gtk_grid_remove (self->preview_grid, child);

  for (guint column = 0; column < n_columns; column++)
    {
      gtk_grid_attach (self->preview_grid, create_header (self, column), (int) column, 0, 1, 1);
      for (guint i = 0; i < self->preview->rows->len; i++)
        {
          GtkWidget *cell = create_cell (get_cell (g_ptr_array_index (self->preview->rows, i), column));

          if (column != text_column && column != label_column)
            gtk_widget_add_css_class (cell, "dim-label");
          gtk_grid_attach (self->preview_grid, cell, (int) column, (int) i + 1, 1, 1);
        }
    }
  gtk_widget_set_visible (self->preview_group, self->preview && self->preview->rows->len > 0);
}

static void
clear_list (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))))
    gtk_list_box_remove (list, row);
}

static guint
find_encoding (const char *encoding)
{
  for (guint i = 1; i < G_N_ELEMENTS (encodings); i++)
    if (g_strcmp0 (encodings[i], encoding) == 0)
      return i;
  return 0;
}

static void
candidate_toggled_cb (GtkCheckButton  *button,
                      WenImportDialog *self)
{
  guint encoding = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "encoding"));

  if (gtk_check_button_get_active (button) && !self->is_updating)
    adw_combo_row_set_selected (self->encoding_row, encoding);
}

/* Where the encoding is not certain, a person sees at a glance which one reads right.
 * The question stays once it is answered, to be answered otherwise. */
static void
update_candidates (WenImportDialog *self)
{
  GtkWidget *group = NULL;

  if (self->preview == NULL || self->preview->n_candidates < 2)
    return;

  clear_list (self->candidates_list);
  for (guint i = 0; i < self->preview->n_candidates; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *button = gtk_check_button_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), self->preview->samples[i]);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), self->preview->candidates[i]);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      if (group)
        gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (group));
      group = button;
      gtk_check_button_set_active (GTK_CHECK_BUTTON (button),
                                   g_strcmp0 (self->preview->candidates[i], self->preview->encoding) == 0);
      g_object_set_data (G_OBJECT (button), "encoding", GUINT_TO_POINTER (find_encoding (self->preview->candidates[i])));
      g_signal_connect_object (button, "toggled", G_CALLBACK (candidate_toggled_cb), self, 0);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
      gtk_list_box_append (self->candidates_list, row);
    }
  gtk_widget_set_visible (self->candidates_group, TRUE);
}

static void
append_findings (WenImportDialog  *self,
                 char            **sentences,
                 gboolean          is_warning)
{
  for (char **sentence = sentences; sentence && *sentence; sentence++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *image = gtk_image_new_from_icon_name (is_warning ? "dialog-warning-symbolic"
                                                                  : "dialog-information-symbolic");

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *sentence);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
      gtk_widget_add_css_class (image, is_warning ? "warning" : "dim-label");
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
      gtk_list_box_append (self->findings_list, row);
    }
}

static void
update_findings (WenImportDialog *self)
{
  clear_list (self->findings_list);
  if (self->preview)
    {
      append_findings (self, self->preview->warnings, TRUE);
      append_findings (self, self->preview->reasons, FALSE);
    }
  gtk_widget_set_visible (self->findings_group, self->preview != NULL);
}

/* Why a column was guessed stands beside it as long as it is chosen. */
static void
update_reasons (WenImportDialog *self)
{
  WenImportPreview *preview = self->preview;
  gboolean is_text = preview && (gssize) adw_combo_row_get_selected (self->text_row) == preview->text_column;
  gboolean is_label = preview && (gssize) adw_combo_row_get_selected (self->label_row) == preview->label_column;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->text_row),
                               is_text && preview->text_reason ? preview->text_reason : _("What is to be sorted"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->label_row),
                               is_label && preview->label_reason ? preview->label_reason
                                                                 : _("What it is to be sorted into"));
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
  g_autoptr(WenImportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  WenImportPreview *preview;

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  preview = wen_import_preview_read_finish (result, &error);
  g_clear_pointer (&self->preview, wen_import_preview_free);
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
  show_message (self, error ? error->message
                      : preview->columns[0] && preview->columns[1] == NULL
                        ? _("This table has one column. It needs two: one with texts, and one with their labels.")
                        : self->message);
  gtk_widget_set_visible (self->columns_group, preview != NULL);
  update_preview_rows (self);
  update_candidates (self);
  update_findings (self);
  update_reasons (self);
  update_read_button (self);
}

static void
start_preview (WenImportDialog *self)
{
  g_autoptr(GFile) first = NULL;

  if (self->tables == NULL)
    return;

  first = g_list_model_get_item (self->tables, 0);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  wen_import_preview_read_async (first, &self->options, self->cancellable, preview_cb, g_object_ref (self));
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
  update_reasons (self);
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

  g_clear_object (&self->tables);
  g_clear_pointer (&self->preview, wen_import_preview_free);
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
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, preview_grid);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, columns_group);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, candidates_group);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, candidates_list);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, findings_group);
  gtk_widget_class_bind_template_child (widget_class, WenImportDialog, findings_list);
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

/* What becomes of several tables; NULL for one. (transfer full) */
static char *
describe_tables (GListModel *tables)
{
  guint n_tables = g_list_model_get_n_items (tables);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autofree char *list = NULL;

  if (n_tables == 1)
    return NULL;
  for (guint i = 0; i < MIN (n_tables, MAXIMUM_SHOWN_NAMES); i++)
    {
      g_autoptr(GFile) table = g_list_model_get_item (tables, i);
      g_autofree char *base_name = g_file_get_basename (table);
      g_autofree char *name = g_filename_display_name (base_name ? base_name : "");

      g_strv_builder_add (builder, name);
    }
  if (n_tables > MAXIMUM_SHOWN_NAMES)
    g_strv_builder_add (builder, "…");
  names = g_strv_builder_end (builder);
  list = g_strjoinv (_(", "), names);
  /* Translators: a number, and names of files */
  return g_strdup_printf (g_dngettext (NULL, "%u table is read: %s.",
                                       "%u tables with the same columns are read one after the other: %s. The first one "
                                       "is shown.", n_tables),
                          n_tables, list);
}

/**
 * wen_import_dialog_new:
 * @parent: the window it belongs to
 * @tables: of #GFile: one table, or several with the same columns
 * @message: (nullable): why it is asked, in a sentence
 *
 * Makes a dialog, which emits "chosen" when its Read button is pressed.
 *
 * Returns: (transfer none): a window, not yet shown
 */
GtkWidget *
wen_import_dialog_new (GtkWindow  *parent,
                       GListModel *tables,
                       const char *message)
{
  WenImportDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (tables) && g_list_model_get_n_items (tables) > 0, NULL);

  self = g_object_new (WEN_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
  self->tables = g_object_ref (tables);
  self->message = message ? g_strdup (message) : describe_tables (tables);
  show_message (self, self->message);
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
  adw_combo_row_set_selected (self->encoding_row, find_encoding (report->encoding));
  self->is_updating = FALSE;
  file_option_changed_cb (self);
}

/**
 * wen_import_dialog_get_tables:
 * @self: the dialog
 *
 * Gets the tables.
 *
 * Returns: (transfer none): of #GFile
 */
GListModel *
wen_import_dialog_get_tables (WenImportDialog *self)
{
  g_return_val_if_fail (WEN_IS_IMPORT_DIALOG (self), NULL);

  return self->tables;
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
