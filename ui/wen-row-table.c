/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The table of all rows: found, looked at, and changed.
 *
 * DESIGN: every change is an edit of the project, which runs in a thread and ends with
 * "rows-changed"; the list follows by itself.  What can be done is a widget action
 * "rows.…", and one function says which of them is possible now. */

#include "config.h"

#include "wen-row-table.h"

#include "wen-data-columns.h"
#include "wen-edit-dialogs.h"
#include "wen-format.h"

#include <glib/gi18n.h>

/* Places in the drop-down of labels. */
enum
{
  ANY_LABEL,
  WITHOUT_LABEL,
  FIRST_LABEL,
};

struct _WenRowTable
{
  AdwBin parent_instance;

  /* template widgets */
  GtkSearchEntry  *search_entry;
  GtkToggleButton *filter_button;
  GtkWidget       *undo_button;
  GtkWidget       *redo_button;
  GtkDropDown     *label_drop_down;
  GtkDropDown     *split_drop_down;
  GtkDropDown     *order_drop_down;
  GtkToggleButton *descending_button;
  GtkToggleButton *bin_button;
  GtkRevealer     *finding_revealer;
  GtkLabel        *finding_label;
  GtkButton       *mend_button;
  GtkStack        *stack;
  GtkColumnView   *column_view;
  GtkLabel        *empty_label;
  GtkActionBar    *action_bar;
  GtkLabel        *selection_label;
  GtkWidget       *delete_button;
  GtkWidget       *label_button;
  GtkWidget       *text_button;
  GtkWidget       *restore_button;
  GtkWidget       *empty_bin_button;

  /* owned */
  WenProject        *project;
  GtkMultiSelection *selection;
  char             **labels;
  WenFinding        *finding;       /* whose rows are shown; NULL: none */
  GArray            *finding_ids;   /* of gint64: those rows */

  gboolean           is_updating;
};

G_DEFINE_FINAL_TYPE (WenRowTable, wen_row_table, ADW_TYPE_BIN)

static WenRowList *
get_list (WenRowTable *self)
{
  return self->project ? WEN_ROW_LIST (gtk_multi_selection_get_model (self->selection)) : NULL;
}

static gboolean
shows_bin (WenRowTable *self)
{
  return gtk_toggle_button_get_active (self->bin_button);
}

/* Of gint64. (transfer full) */
static GArray *
get_selected_ids (WenRowTable *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GArray *row_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkBitsetIter iter;
  guint position;

  for (gboolean has_more = gtk_bitset_iter_init_first (&iter, selected, &position); has_more;
       has_more = gtk_bitset_iter_next (&iter, &position))
    {
      gint64 row_id = wen_row_list_get_row_id (get_list (self), position);

      g_array_append_val (row_ids, row_id);
    }
  return row_ids;
}

static guint64
count_selected (WenRowTable *self)
{
  g_autoptr(GtkBitset) selected = NULL;

  if (self->project == NULL)
    return 0;
  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  return gtk_bitset_get_size (selected);
}

/* "Undo: Delete 3 Rows" */
static void
update_tooltip (GtkWidget  *button,
                const char *word,
                const char *title)
{
  /* Translators: "Undo" or "Redo", and what: "Delete 3 Rows" */
  g_autofree char *tooltip = title ? g_strdup_printf (_("%s: %s"), word, title) : g_strdup (word);

  gtk_widget_set_tooltip_text (button, tooltip);
}

/* The one place that says what can be done now. */
static void
update_actions (WenRowTable *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  guint64 n_selected = count_selected (self);
  guint64 n_in_bin = self->project ? wen_project_get_n_rows_in_bin (self->project) : 0;
  const char *undo_title = self->project ? wen_project_get_undo_title (self->project) : NULL;
  const char *redo_title = self->project ? wen_project_get_redo_title (self->project) : NULL;
  g_autofree char *count = wen_format_count (n_selected);
  g_autofree char *sentence = NULL;

  gtk_widget_action_set_enabled (widget, "rows.undo", undo_title != NULL);
  gtk_widget_action_set_enabled (widget, "rows.redo", redo_title != NULL);
  gtk_widget_action_set_enabled (widget, "rows.delete", n_selected > 0 && !shows_bin (self));
  gtk_widget_action_set_enabled (widget, "rows.change-label", n_selected > 0);
  gtk_widget_action_set_enabled (widget, "rows.edit-text", n_selected == 1);
  gtk_widget_action_set_enabled (widget, "rows.restore", n_selected > 0 && shows_bin (self));
  gtk_widget_action_set_enabled (widget, "rows.empty-bin", n_in_bin > 0);
  update_tooltip (self->undo_button, _("Undo"), undo_title);
  update_tooltip (self->redo_button, _("Redo"), redo_title);

  /* Translators: a number of rows */
  sentence = g_strdup_printf (g_dngettext (NULL, "%s row selected", "%s rows selected", n_selected), count);
  gtk_label_set_label (self->selection_label, n_selected > 0 ? sentence : "");
  gtk_widget_set_visible (self->delete_button, !shows_bin (self));
  gtk_widget_set_visible (self->label_button, !shows_bin (self));
  gtk_widget_set_visible (self->text_button, !shows_bin (self) && n_selected == 1);
  gtk_widget_set_visible (self->restore_button, shows_bin (self));
  gtk_widget_set_visible (self->empty_bin_button, shows_bin (self));
  gtk_action_bar_set_revealed (self->action_bar, n_selected > 0 || (shows_bin (self) && n_in_bin > 0));
}

static const char *
get_empty_sentence (WenRowTable *self)
{
  if (shows_bin (self))
    return _("No row is deleted. Rows that you delete wait here until you delete them for ever.");
  return _("No row is like that. Search for something else, or show all rows.");
}

static void
update_stack (WenRowTable *self)
{
  WenRowList *list = get_list (self);
  gboolean is_empty = list && g_list_model_get_n_items (G_LIST_MODEL (list)) == 0 && !wen_row_list_get_is_busy (list);

  gtk_label_set_label (self->empty_label, get_empty_sentence (self));
  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "rows");
}

static void
list_changed_cb (WenRowTable *self)
{
  update_stack (self);
  update_actions (self);
}

static void
filter_changed_cb (WenRowTable *self)
{
  guint label = gtk_drop_down_get_selected (self->label_drop_down);
  WenRowFilter filter = {
    .search = gtk_editable_get_text (GTK_EDITABLE (self->search_entry)),
    .split = (int) gtk_drop_down_get_selected (self->split_drop_down) - 1,
    .in_bin = shows_bin (self),
    .order = gtk_drop_down_get_selected (self->order_drop_down),
    .descending = gtk_toggle_button_get_active (self->descending_button),
  };

  if (self->project == NULL || self->is_updating)
    return;

  if (label == WITHOUT_LABEL)
    filter.label = "";
  else if (label >= FIRST_LABEL && label != GTK_INVALID_LIST_POSITION)
    filter.label = self->labels[label - FIRST_LABEL];
  if (self->finding)
    {
      filter.row_ids = (const gint64 *) self->finding_ids->data;
      filter.n_row_ids = self->finding_ids->len;
    }
  wen_row_list_set_filter (get_list (self), &filter);
}

static void
clear_finding (WenRowTable *self)
{
  g_clear_object (&self->finding);
  g_clear_pointer (&self->finding_ids, g_array_unref);
  gtk_revealer_set_reveal_child (self->finding_revealer, FALSE);
  filter_changed_cb (self);
}

/* Editing. */

static void
tell (WenRowTable *self,
      const char  *sentence,
      gboolean     can_undo)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast;

  if (overlay == NULL)
    return;
  toast = adw_toast_new (sentence);
  if (can_undo)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      g_signal_connect_object (toast, "button-clicked", G_CALLBACK (wen_row_table_undo), self, G_CONNECT_SWAPPED);
    }
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

static void
edited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(WenRowTable) self = user_data;
  WenProject *project = WEN_PROJECT (object);
  g_autoptr(GError) error = NULL;

  if (!wen_project_edit_finish (project, result, &error))
    tell (self, error->message, FALSE);
  else if (project == self->project && wen_project_get_undo_title (project))
    {
      /* Translators: what was done, such as "Delete 3 Rows" */
      g_autofree char *sentence = g_strdup_printf (_("Done: %s"), wen_project_get_undo_title (project));

      tell (self, sentence, TRUE);
    }
}

/* Nobody needs to be told of what they have just taken back. */
static void
changed_back_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(WenRowTable) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!wen_project_edit_finish (WEN_PROJECT (object), result, &error))
    tell (self, error->message, FALSE);
}

static void
edit_rows (WenRowTable  *self,
           WenEditKind   kind,
           const GArray *row_ids,
           const char   *value)
{
  if (self->project && row_ids->len > 0)
    wen_project_edit_rows_async (self->project, kind, (const gint64 *) row_ids->data, row_ids->len, value, edited_cb,
                                 g_object_ref (self));
}

static void
delete_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  WenRowTable *self = WEN_ROW_TABLE (widget);
  g_autoptr(GArray) row_ids = get_selected_ids (self);

  edit_rows (self, WEN_EDIT_DELETE_ROWS, row_ids, NULL);
}

static void
restore_cb (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  WenRowTable *self = WEN_ROW_TABLE (widget);
  g_autoptr(GArray) row_ids = get_selected_ids (self);

  edit_rows (self, WEN_EDIT_RESTORE_ROWS, row_ids, NULL);
}

/* Rows that a question is about: others may be selected by the time of the answer. */
typedef struct
{
  WenRowTable *table;
  WenProject  *project;
  GArray      *row_ids;   /* or NULL */
  char        *label;     /* or NULL */
} Subject;

static Subject *
subject_new (WenRowTable *self)
{
  Subject *subject = g_new0 (Subject, 1);

  subject->table = g_object_ref (self);
  subject->project = g_object_ref (self->project);
  return subject;
}

static void
subject_free (gpointer data)
{
  Subject *subject = data;

  g_object_unref (subject->table);
  g_object_unref (subject->project);
  g_clear_pointer (&subject->row_ids, g_array_unref);
  g_free (subject->label);
  g_free (subject);
}

static void
label_given_cb (const char *answer,
                gpointer    user_data)
{
  Subject *subject = user_data;

  if (subject->table->project == subject->project)
    edit_rows (subject->table, WEN_EDIT_LABEL_ROWS, subject->row_ids, answer);
}

static void
change_label_cb (GtkWidget  *widget,
                 const char *name,
                 GVariant   *parameter)
{
  WenRowTable *self = WEN_ROW_TABLE (widget);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr(WenProjectRow) first = NULL;
  g_autofree char *count = wen_format_count (gtk_bitset_get_size (selected));
  g_autofree char *heading = NULL;
  Subject *subject;

  if (gtk_bitset_is_empty (selected))
    return;
  first = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_minimum (selected));
  /* Translators: a number of rows */
  heading = g_strdup_printf (g_dngettext (NULL, "Label of %s Row", "Label of %s Rows", gtk_bitset_get_size (selected)),
                             count);
  subject = subject_new (self);
  subject->row_ids = get_selected_ids (self);
  wen_edit_dialogs_ask (widget,
                        &(WenQuestion) {
                          .heading = heading,
                          .body = _("Choose a label, or type a new one."),
                          .value = wen_project_row_get_label (first) ? wen_project_row_get_label (first) : "",
                          .suggestions = (const char * const *) self->labels,
                          .accept = _("_Change"),
                          .other = _("_Remove Label"),
                        },
                        label_given_cb, subject, subject_free);
}

static void
text_given_cb (const char *answer,
               gpointer    user_data)
{
  Subject *subject = user_data;

  if (subject->table->project == subject->project)
    edit_rows (subject->table, WEN_EDIT_TEXT, subject->row_ids, answer);
}

static void
ask_text (WenRowTable *self,
          guint        position)
{
  g_autoptr(WenProjectRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autofree char *number = NULL;
  g_autofree char *heading = NULL;
  Subject *subject;
  gint64 row_id;

  if (row == NULL)
    return;
  row_id = wen_project_row_get_id (row);
  number = wen_format_count ((guint64) wen_project_row_get_number (row));
  /* Translators: the number of a row */
  heading = g_strdup_printf (_("Text of Row %s"), number);
  subject = subject_new (self);
  subject->row_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (subject->row_ids, row_id);
  wen_edit_dialogs_ask (GTK_WIDGET (self),
                        &(WenQuestion) {
                          .heading = heading,
                          .value = wen_project_row_get_text (row),
                          .is_long = TRUE,
                          .accept = _("_Change"),
                        },
                        text_given_cb, subject, subject_free);
}

static void
edit_text_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  WenRowTable *self = WEN_ROW_TABLE (widget);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (gtk_bitset_get_size (selected) == 1)
    ask_text (self, gtk_bitset_get_minimum (selected));
}

static void
row_activated_cb (WenRowTable *self,
                  guint        position)
{
  if (!shows_bin (self))
    ask_text (self, position);
}

static void
empty_bin_confirmed_cb (const char *answer,
                        gpointer    user_data)
{
  Subject *subject = user_data;

  if (subject->table->project == subject->project)
    wen_project_empty_bin_async (subject->project, changed_back_cb, g_object_ref (subject->table));
}

static void
empty_bin_cb (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  WenRowTable *self = WEN_ROW_TABLE (widget);
  guint64 n_rows = wen_project_get_n_rows_in_bin (self->project);
  g_autofree char *count = wen_format_count (n_rows);
  /* Translators: a number of rows */
  g_autofree char *heading = g_strdup_printf (g_dngettext (NULL, "Delete %s Row for Ever?", "Delete %s Rows for Ever?",
                                                           n_rows),
                                              count);

  wen_edit_dialogs_confirm (widget, heading,
                            _("They are removed from the project's file. This cannot be undone, and no earlier change "
                              "can be undone any more."),
                            _("_Delete for Ever"), empty_bin_confirmed_cb, subject_new (self), subject_free);
}

static void
undo_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  wen_row_table_undo (WEN_ROW_TABLE (widget));
}

static void
redo_cb (GtkWidget  *widget,
         const char *name,
         GVariant   *parameter)
{
  wen_row_table_redo (WEN_ROW_TABLE (widget));
}

static void
search_cb (GtkWidget  *widget,
           const char *name,
           GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (WEN_ROW_TABLE (widget)->search_entry));
}

/* A finding's way out, where it is one that an edit can be. */
static void
mend_clicked_cb (WenRowTable *self)
{
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GError) error = NULL;

  switch (wen_finding_get_mend (self->finding))
    {
    case WEN_MEND_REMOVE_ROWS:
      edit_rows (self, WEN_EDIT_DELETE_ROWS, self->finding_ids, NULL);
      clear_finding (self);
      break;
    case WEN_MEND_SPLIT_AGAIN:
      recipe = wen_recipe_copy (wen_project_get_recipe (self->project));
      recipe->seed++;
      if (!wen_project_set_recipe (self->project, recipe, &error))
        tell (self, error->message, FALSE);
      clear_finding (self);
      break;
    case WEN_MEND_LABEL_ROWS:
    case WEN_MEND_MERGE_LABELS:
    case WEN_MEND_NOTHING:
    default:
      gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->selection));
      gtk_widget_activate_action (GTK_WIDGET (self), "rows.change-label", NULL);
    }
}

static const char *
get_mend_label (WenMend mend)
{
  switch (mend)
    {
    case WEN_MEND_REMOVE_ROWS:
      return _("_Delete These Rows");
    case WEN_MEND_SPLIT_AGAIN:
      return _("_Split Again");
    case WEN_MEND_LABEL_ROWS:
    case WEN_MEND_MERGE_LABELS:
      return _("Change Their _Label…");
    case WEN_MEND_NOTHING:
    default:
      return NULL;
    }
}

static void
wen_row_table_dispose (GObject *object)
{
  WenRowTable *self = WEN_ROW_TABLE (object);

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_clear_object (&self->project);
  g_clear_object (&self->finding);
  g_clear_pointer (&self->finding_ids, g_array_unref);
  g_clear_pointer (&self->labels, g_strfreev);
  g_clear_object (&self->selection);
  /* Or the template would free the child that the bin still points to. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_ROW_TABLE);

  G_OBJECT_CLASS (wen_row_table_parent_class)->dispose (object);
}

static void
wen_row_table_class_init (WenRowTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wen_row_table_dispose;

  gtk_widget_class_install_action (widget_class, "rows.delete", NULL, delete_cb);
  gtk_widget_class_install_action (widget_class, "rows.restore", NULL, restore_cb);
  gtk_widget_class_install_action (widget_class, "rows.change-label", NULL, change_label_cb);
  gtk_widget_class_install_action (widget_class, "rows.edit-text", NULL, edit_text_cb);
  gtk_widget_class_install_action (widget_class, "rows.empty-bin", NULL, empty_bin_cb);
  gtk_widget_class_install_action (widget_class, "rows.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "rows.redo", NULL, redo_cb);
  gtk_widget_class_install_action (widget_class, "rows.search", NULL, search_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "rows.delete", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "rows.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "rows.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "rows.search", NULL);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-row-table.ui");
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, search_entry);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, filter_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, undo_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, redo_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, label_drop_down);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, split_drop_down);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, order_drop_down);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, descending_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, bin_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, finding_revealer);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, finding_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, mend_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, stack);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, column_view);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, empty_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, action_bar);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, selection_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, delete_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, label_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, text_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, restore_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowTable, empty_bin_button);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, mend_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_finding);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
wen_row_table_init (WenRowTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->selection = gtk_multi_selection_new (NULL);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  wen_data_columns_add (self->column_view);
  wen_row_table_set_labels (self, NULL);
}

/**
 * wen_row_table_new:
 *
 * Makes a table without a project.
 *
 * Returns: (transfer floating): a widget
 */
GtkWidget *
wen_row_table_new (void)
{
  return g_object_new (WEN_TYPE_ROW_TABLE, NULL);
}

/**
 * wen_row_table_set_project:
 * @self: a table
 * @project: (nullable): the project whose rows are shown
 *
 * Shows the rows of another project, unfiltered.
 */
void
wen_row_table_set_project (WenRowTable *self,
                           WenProject  *project)
{
  g_autoptr(WenRowList) list = project ? wen_project_list_rows (project) : NULL;

  g_return_if_fail (WEN_IS_ROW_TABLE (self));

  if (self->project)
    g_signal_handlers_disconnect_by_data (self->project, self);
  g_set_object (&self->project, project);

  self->is_updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_drop_down_set_selected (self->split_drop_down, 0);
  gtk_drop_down_set_selected (self->order_drop_down, 0);
  gtk_toggle_button_set_active (self->descending_button, FALSE);
  gtk_toggle_button_set_active (self->bin_button, FALSE);
  clear_finding (self);
  wen_row_table_set_labels (self, NULL);
  self->is_updating = FALSE;

  gtk_multi_selection_set_model (self->selection, G_LIST_MODEL (list));
  if (project)
    {
      g_signal_connect_object (list, "items-changed", G_CALLBACK (list_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (list, "notify::is-busy", G_CALLBACK (list_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (project, "notify::undo-title", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
    }
  list_changed_cb (self);
}

/**
 * wen_row_table_set_labels:
 * @self: a table
 * @labels: (array zero-terminated=1) (nullable): the labels of the project, the commonest
 *   first
 *
 * Says by which labels rows can be filtered, and which they can be given.
 */
void
wen_row_table_set_labels (WenRowTable        *self,
                          const char * const *labels)
{
  static const char * const none[] = { NULL };
  g_autoptr(GtkStringList) model = gtk_string_list_new (NULL);
  guint selected = gtk_drop_down_get_selected (self->label_drop_down);
  g_autofree char *selected_label = NULL;
  gboolean was_updating = self->is_updating;
  guint n_labels;

  g_return_if_fail (WEN_IS_ROW_TABLE (self));

  if (selected >= FIRST_LABEL && selected != GTK_INVALID_LIST_POSITION && !was_updating)
    selected_label = g_strdup (self->labels[selected - FIRST_LABEL]);
  g_strfreev (self->labels);
  self->labels = g_strdupv ((char **) (labels ? labels : none));
  n_labels = g_strv_length (self->labels);

  gtk_string_list_append (model, _("Any Label"));
  gtk_string_list_append (model, _("Without Label"));
  gtk_string_list_splice (model, FIRST_LABEL, 0, (const char * const *) self->labels);

  /* The label that rows are filtered by stays chosen where it is still there. */
  if (was_updating || selected == GTK_INVALID_LIST_POSITION)
    selected = ANY_LABEL;
  for (guint i = 0; selected_label && i < n_labels; i++)
    if (g_str_equal (self->labels[i], selected_label))
      {
        selected = FIRST_LABEL + i;
        g_clear_pointer (&selected_label, g_free);
      }
  self->is_updating = TRUE;
  gtk_drop_down_set_model (self->label_drop_down, G_LIST_MODEL (model));
  gtk_drop_down_set_selected (self->label_drop_down, selected_label ? ANY_LABEL : selected);
  self->is_updating = was_updating;
  if (selected_label)
    filter_changed_cb (self);
}

/**
 * wen_row_table_show_finding:
 * @self: a table
 * @finding: a finding with rows
 * @row_ids: (array length=n_row_ids): their ids
 * @n_row_ids: how many
 *
 * Shows the rows behind a finding, with what mends it.
 */
void
wen_row_table_show_finding (WenRowTable  *self,
                            WenFinding   *finding,
                            const gint64 *row_ids,
                            gsize         n_row_ids)
{
  const char *mend = get_mend_label (wen_finding_get_mend (finding));

  g_return_if_fail (WEN_IS_ROW_TABLE (self));
  g_return_if_fail (WEN_IS_FINDING (finding));

  g_set_object (&self->finding, finding);
  g_clear_pointer (&self->finding_ids, g_array_unref);
  self->finding_ids = g_array_new (FALSE, FALSE, sizeof *row_ids);
  g_array_append_vals (self->finding_ids, row_ids, (guint) n_row_ids);

  gtk_label_set_label (self->finding_label, wen_finding_get_sentence (finding));
  gtk_button_set_label (self->mend_button, mend ? mend : "");
  gtk_widget_set_visible (GTK_WIDGET (self->mend_button), mend != NULL);
  gtk_revealer_set_reveal_child (self->finding_revealer, TRUE);
  filter_changed_cb (self);
}

static void
label_renamed_cb (const char *answer,
                  gpointer    user_data)
{
  Subject *subject = user_data;

  if (subject->table->project == subject->project)
    wen_project_edit_label_async (subject->project, subject->label, answer, edited_cb, g_object_ref (subject->table));
}

/**
 * wen_row_table_ask_label:
 * @self: a table with a project
 * @label: one of its labels
 *
 * Lets a person rename a label, merge it into another, or remove it.
 */
void
wen_row_table_ask_label (WenRowTable *self,
                         const char  *label)
{
  /* Translators: a label */
  g_autofree char *heading = g_strdup_printf (_("The Label “%s”"), label);
  Subject *subject;

  g_return_if_fail (WEN_IS_ROW_TABLE (self) && self->project != NULL);

  subject = subject_new (self);
  subject->label = g_strdup (label);
  wen_edit_dialogs_ask (GTK_WIDGET (self),
                        &(WenQuestion) {
                          .heading = heading,
                          .body = _("Type another name. With the name of another label, the rows of both come together."),
                          .value = label,
                          .suggestions = (const char * const *) self->labels,
                          .accept = _("_Rename"),
                          .other = _("_Remove Label"),
                        },
                        label_renamed_cb, subject, subject_free);
}

/**
 * wen_row_table_undo:
 * @self: a table
 *
 * Takes back the newest change of rows.
 *
 * Returns: whether there was one
 */
gboolean
wen_row_table_undo (WenRowTable *self)
{
  g_return_val_if_fail (WEN_IS_ROW_TABLE (self), FALSE);

  if (self->project == NULL || wen_project_get_undo_title (self->project) == NULL)
    return FALSE;
  wen_project_undo_async (self->project, changed_back_cb, g_object_ref (self));
  return TRUE;
}

/**
 * wen_row_table_redo:
 * @self: a table
 *
 * Does again what was taken back last.
 *
 * Returns: whether there was something
 */
gboolean
wen_row_table_redo (WenRowTable *self)
{
  g_return_val_if_fail (WEN_IS_ROW_TABLE (self), FALSE);

  if (self->project == NULL || wen_project_get_redo_title (self->project) == NULL)
    return FALSE;
  wen_project_redo_async (self->project, changed_back_cb, g_object_ref (self));
  return TRUE;
}
