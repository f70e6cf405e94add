/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The questions that editing rows and labels needs. */

#include "config.h"

#include "wen-edit-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

/* A list of more labels is searched by typing. */
#define MAXIMUM_SUGGESTIONS 200

typedef struct
{
  WenAnswerFunc  func;
  gpointer       user_data;
  GDestroyNotify destroy;
  GtkWidget     *entry;       /* GtkEntry or GtkTextView; borrowed; NULL: nothing is asked */
} Asking;

static void
asking_free (gpointer data,
             GClosure *closure)
{
  Asking *asking = data;

  if (asking->destroy)
    asking->destroy (asking->user_data);
  g_free (asking);
}

/* What was typed. (transfer full) */
static char *
dup_answer (Asking *asking)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  if (asking->entry == NULL)
    return NULL;
  if (GTK_IS_ENTRY (asking->entry))
    return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (asking->entry))));

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (asking->entry));
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char       *response,
             Asking           *asking)
{
  g_autofree char *answer = dup_answer (asking);

  if (g_str_equal (response, "accept"))
    asking->func (answer, asking->user_data);
  else if (g_str_equal (response, "other"))
    asking->func (NULL, asking->user_data);
}

static void
entry_changed_cb (GtkEditable      *entry,
                  AdwMessageDialog *dialog)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "accept", *text != '\0');
}

static void
suggestion_activated_cb (GtkListBox    *list,
                         GtkListBoxRow *row,
                         GtkEditable   *entry)
{
  gtk_editable_set_text (entry, gtk_label_get_label (GTK_LABEL (gtk_list_box_row_get_child (row))));
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  gtk_editable_set_position (entry, -1);
}

/* Rows that have what was typed in them. */
static gboolean
filter_suggestion (GtkListBoxRow *row,
                   gpointer       user_data)
{
  const char *label = gtk_label_get_label (GTK_LABEL (gtk_list_box_row_get_child (row)));
  const char *typed = gtk_editable_get_text (user_data);
  const char *first = g_object_get_data (user_data, "first-value");
  g_autofree char *folded = g_utf8_casefold (typed, -1);
  g_autofree char *folded_label = g_utf8_casefold (label, -1);

  return g_str_equal (typed, first) || strstr (folded_label, folded) != NULL;
}

static GtkWidget *
create_suggestions (const char * const *suggestions,
                    GtkWidget          *entry)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  for (guint i = 0; suggestions[i] && i < MAXIMUM_SUGGESTIONS; i++)
    {
      GtkWidget *label = gtk_label_new (suggestions[i]);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (label, "suggestion");
      gtk_list_box_append (GTK_LIST_BOX (list), label);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (list), filter_suggestion, entry, NULL);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Labels there are"), -1);
  g_signal_connect_object (list, "row-activated", G_CALLBACK (suggestion_activated_cb), entry, 0);
  g_signal_connect_object (entry, "changed", G_CALLBACK (gtk_list_box_invalidate_filter), list, G_CONNECT_SWAPPED);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 240);
  return scrolled;
}

static GtkWidget *
create_text_view (const char  *value,
                  GtkWidget  **text_view)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  *text_view = gtk_text_view_new ();
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (*text_view)), value, -1);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (*text_view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (*text_view), FALSE);
  gtk_widget_add_css_class (*text_view, "row-text");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), *text_view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 160);
  gtk_widget_add_css_class (scrolled, "card");
  return scrolled;
}

static GtkWidget *
create_dialog (GtkWidget  *parent,
               const char *heading,
               const char *body,
               const char *accept)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (parent)), heading, body);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "accept", accept, NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "accept");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  return dialog;
}

void
wen_edit_dialogs_ask (GtkWidget         *parent,
                      const WenQuestion *question,
                      WenAnswerFunc      func,
                      gpointer           user_data,
                      GDestroyNotify     destroy)
{
  GtkWidget *dialog = create_dialog (parent, question->heading, question->body, question->accept);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  Asking *asking = g_new0 (Asking, 1);

  asking->func = func;
  asking->user_data = user_data;
  asking->destroy = destroy;
  if (question->is_long)
    {
      gtk_box_append (GTK_BOX (box), create_text_view (question->value, &asking->entry));
      gtk_widget_set_size_request (box, 420, -1);
    }
  else
    {
      asking->entry = gtk_entry_new ();
      gtk_editable_set_text (GTK_EDITABLE (asking->entry), question->value);
      gtk_entry_set_activates_default (GTK_ENTRY (asking->entry), TRUE);
      g_object_set_data_full (G_OBJECT (asking->entry), "first-value", g_strdup (question->value), g_free);
      g_signal_connect_object (asking->entry, "changed", G_CALLBACK (entry_changed_cb), dialog, 0);
      entry_changed_cb (GTK_EDITABLE (asking->entry), ADW_MESSAGE_DIALOG (dialog));
      gtk_box_append (GTK_BOX (box), asking->entry);
      if (question->suggestions && question->suggestions[0])
        gtk_box_append (GTK_BOX (box), create_suggestions (question->suggestions, asking->entry));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (asking->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, question->heading, -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept", ADW_RESPONSE_SUGGESTED);
  if (question->other)
    {
      adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "other", question->other);
      adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "other", ADW_RESPONSE_DESTRUCTIVE);
    }
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking, asking_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (asking->entry);
}

void
wen_edit_dialogs_confirm (GtkWidget      *parent,
                          const char     *heading,
                          const char     *body,
                          const char     *accept,
                          WenAnswerFunc   func,
                          gpointer        user_data,
                          GDestroyNotify  destroy)
{
  GtkWidget *dialog = create_dialog (parent, heading, body, accept);
  Asking *asking = g_new0 (Asking, 1);

  asking->func = func;
  asking->user_data = user_data;
  asking->destroy = destroy;
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "accept", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking, asking_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
