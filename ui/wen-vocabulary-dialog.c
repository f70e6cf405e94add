/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All tokens of a vocabulary in a table, to search, sort and save. */

#include "config.h"

#include "wen-vocabulary-dialog.h"

#include "wen-dialog.h"
#include "wen-format.h"
#include "wen-token-list.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the widgets of one dialog share; lives as long as its window. */
typedef struct
{
  GtkWindow      *window;
  WenTokenReport *report;         /* owned */
  WenTokenList   *list;           /* owned */
  GtkEditable    *search_entry;
  GtkDropDown    *order_drop_down;
  GtkLabel       *count_label;
} Dialog;

typedef enum
{
  COLUMN_TOKEN,
  COLUMN_NUMBER,
  COLUMN_COUNT,
} Column;

static void
dialog_free (gpointer data)
{
  Dialog *dialog = data;

  g_object_unref (dialog->report);
  g_object_unref (dialog->list);
  g_free (dialog);
}

static void
choose_cb (Dialog *dialog)
{
  guint n_items;
  g_autofree char *count = NULL;
  g_autofree char *sentence = NULL;

  wen_token_list_choose (dialog->list, gtk_editable_get_text (dialog->search_entry),
                         (WenTokenOrder) gtk_drop_down_get_selected (dialog->order_drop_down));
  n_items = g_list_model_get_n_items (G_LIST_MODEL (dialog->list));
  count = wen_format_count (n_items);
  /* Translators: %s is a number */
  sentence = g_strdup_printf (g_dngettext (NULL, "%s token", "%s tokens", n_items), count);
  gtk_label_set_label (dialog->count_label, sentence);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), GPOINTER_TO_UINT (column) == COLUMN_TOKEN ? 0 : 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (GPOINTER_TO_UINT (column) != COLUMN_TOKEN)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cell (Dialog      *dialog,
           GtkListItem *item,
           Column       column)
{
  guint32 id = wen_token_item_get_id (gtk_list_item_get_item (item));
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (dialog->report));
  GtkLabel *label = GTK_LABEL (gtk_list_item_get_child (item));
  g_autofree char *number = NULL;
  const char *token;

  switch (column)
    {
    case COLUMN_TOKEN:
      token = wen_vocabulary_get_token (vocabulary, id);
      gtk_label_set_label (label, strcmp (token, " ") == 0 ? "␣" : token);
      break;
    case COLUMN_NUMBER:
      number = wen_format_count (id);
      gtk_label_set_label (label, number);
      break;
    case COLUMN_COUNT:
    default:
      number = wen_format_count (wen_token_report_get_count (dialog->report, id));
      gtk_label_set_label (label, number);
      break;
    }
}

static void
bind_token_cb (Dialog      *dialog,
               GtkListItem *item)
{
  bind_cell (dialog, item, COLUMN_TOKEN);
}

static void
bind_number_cb (Dialog      *dialog,
                GtkListItem *item)
{
  bind_cell (dialog, item, COLUMN_NUMBER);
}

static void
bind_count_cb (Dialog      *dialog,
               GtkListItem *item)
{
  bind_cell (dialog, item, COLUMN_COUNT);
}

static void
add_column (Dialog        *dialog,
            GtkColumnView *view,
            const char    *title,
            Column         column,
            GCallback      bind_cb)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkColumnViewColumn) view_column = NULL;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GUINT_TO_POINTER (column));
  g_signal_connect_swapped (factory, "bind", bind_cb, dialog);
  view_column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_expand (view_column, column == COLUMN_TOKEN);
  gtk_column_view_append_column (view, view_column);
}

static void
show_save_error (Dialog       *dialog,
                 const GError *error)
{
  GtkWidget *message = adw_message_dialog_new (dialog->window, _("The Vocabulary Was Not Saved"), error->message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (message), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (message));
}

static void
save_response_cb (GtkNativeDialog *chooser,
                  int              response,
                  Dialog          *dialog)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *name = g_file_get_basename (file);
      WenTokenizer *tokenizer = wen_token_report_get_tokenizer (dialog->report);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;

      bytes = g_str_has_suffix (name, ".json") ? wen_tokenizer_to_json (tokenizer, &error)
                                               : wen_vocabulary_to_bytes (wen_tokenizer_get_vocabulary (tokenizer));
      if (bytes)
        g_file_replace_contents (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL, FALSE,
                                 G_FILE_CREATE_NONE, NULL, NULL, &error);
      if (error)
        show_save_error (dialog, error);
    }
  g_object_unref (chooser);
}

/* tokenizer.json tells more where the kind has one. */
static void
save_clicked_cb (Dialog *dialog)
{
  GtkFileChooserNative *chooser;
  g_autoptr(GBytes) json = wen_tokenizer_to_json (wen_token_report_get_tokenizer (dialog->report), NULL);

  chooser = gtk_file_chooser_native_new (_("Save Vocabulary"), dialog->window, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), json ? "tokenizer.json" : "vocab.txt");
  g_signal_connect (chooser, "response", G_CALLBACK (save_response_cb), dialog);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static GtkWidget *
create_bar (Dialog *dialog)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char * const orders[] = {
    _("Commonest First"), _("Rarest First"), _("By Number"), _("Only Those That Look Personal"), NULL,
  };

  dialog->search_entry = GTK_EDITABLE (gtk_search_entry_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (dialog->search_entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (dialog->search_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search tokens"), -1);
  g_signal_connect_swapped (dialog->search_entry, "search-changed", G_CALLBACK (choose_cb), dialog);
  dialog->order_drop_down = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (orders));
  gtk_accessible_update_property (GTK_ACCESSIBLE (dialog->order_drop_down),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Order of the tokens"), -1);
  g_signal_connect_swapped (dialog->order_drop_down, "notify::selected", G_CALLBACK (choose_cb), dialog);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (dialog->search_entry));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (dialog->order_drop_down));
  gtk_widget_add_css_class (box, "page-bar");

  return box;
}

static GtkWidget *
create_table (Dialog *dialog)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (dialog->list))));
  GtkColumnView *view = GTK_COLUMN_VIEW (gtk_column_view_new (selection));

  add_column (dialog, view, _("Token"), COLUMN_TOKEN, G_CALLBACK (bind_token_cb));
  add_column (dialog, view, _("Number"), COLUMN_NUMBER, G_CALLBACK (bind_number_cb));
  add_column (dialog, view, _("Times in Training Texts"), COLUMN_COUNT, G_CALLBACK (bind_count_cb));
  gtk_column_view_set_show_row_separators (view, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (view), "data-table");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (view));
  gtk_widget_set_vexpand (scrolled, TRUE);

  return scrolled;
}

/**
 * wen_vocabulary_dialog_show:
 * @parent: the window it belongs to
 * @report: whose vocabulary to show
 *
 * Shows all tokens of a vocabulary in a window.
 */
void
wen_vocabulary_dialog_show (GtkWindow      *parent,
                            WenTokenReport *report)
{
  Dialog *dialog = g_new0 (Dialog, 1);
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *save_button = gtk_button_new_with_mnemonic (_("_Save…"));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  dialog->window = wen_dialog_new (parent, _("Vocabulary"), 560, 640, box);
  dialog->report = g_object_ref (report);
  dialog->list = wen_token_list_new (report);
  g_object_set_data_full (G_OBJECT (dialog->window), "wen-vocabulary", dialog, dialog_free);

  g_signal_connect_swapped (save_button, "clicked", G_CALLBACK (save_clicked_cb), dialog);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), save_button);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), create_bar (dialog));
  gtk_box_append (GTK_BOX (box), create_table (dialog));
  dialog->count_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (dialog->count_label), "page-bar");
  gtk_widget_add_css_class (GTK_WIDGET (dialog->count_label), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (dialog->count_label));
  choose_cb (dialog);
  gtk_window_present (dialog->window);
}
