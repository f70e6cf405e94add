/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The first batch of training, just as a model sees it. */

#include "config.h"

#include "wen-batch-dialog.h"

#include "wen-dialog.h"
#include "wen-format.h"
#include "wen-token-chips.h"

#include <glib/gi18n.h>

/* More texts are the same again, and take time to draw. */
#define MAXIMUM_SHOWN 64

static GtkWidget *
create_caption (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");

  return label;
}

static GtkWidget *
create_text (WenTokenReport *report,
             WenDataset     *dataset,
             gsize           index)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *chips = wen_token_chips_new ();
  gsize row;
  gsize n_token_ids;
  const guint32 *token_ids = wen_token_report_get_batch_row (report, index, &row, &n_token_ids);
  guint label = wen_dataset_get_label (dataset, row);
  g_autofree char *number = wen_format_count (row + 1);
  g_autofree char *caption = NULL;

  /* Translators: the number of a row, its label, and how many tokens it has */
  caption = g_strdup_printf (g_dngettext (NULL, "Row %s, “%s”, %u token", "Row %s, “%s”, %u tokens", n_token_ids), number,
                             label != WEN_NO_LABEL ? wen_dataset_get_label_name (dataset, label) : "",
                             (guint) n_token_ids);
  wen_token_chips_set_ids (WEN_TOKEN_CHIPS (chips), token_ids, n_token_ids, report);
  gtk_box_append (GTK_BOX (box), create_caption (caption));
  gtk_box_append (GTK_BOX (box), chips);

  return box;
}

/**
 * wen_batch_dialog_show:
 * @parent: the window it belongs to
 * @report: of all rows
 * @dataset: the rows
 *
 * Shows the texts that training begins with in a window.
 */
void
wen_batch_dialog_show (GtkWindow      *parent,
                       WenTokenReport *report,
                       WenDataset     *dataset)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gsize n_texts = wen_token_report_get_batch_size (report);
  g_autofree char *sentence = NULL;

  sentence = g_strdup_printf (g_dngettext (NULL,
                                           "Training begins with this text: the order is by chance, and the seed "
                                           "decides it.",
                                           "Training begins with these %u texts: the order is by chance, and "
                                           "the seed decides it.",
                                           n_texts),
                              (guint) n_texts);
  gtk_box_append (GTK_BOX (texts), create_caption (sentence));
  for (gsize i = 0; i < MIN (n_texts, MAXIMUM_SHOWN); i++)
    gtk_box_append (GTK_BOX (texts), create_text (report, dataset, i));
  gtk_widget_add_css_class (texts, "row-card");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), texts);
  gtk_widget_set_vexpand (scrolled, TRUE);

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_window_present (wen_dialog_new (parent, _("First Batch"), 720, 640, box));
}
