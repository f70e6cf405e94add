/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Two labels that show a text before and after, with its changes marked. */

#include "config.h"

#include "wen-diff-labels.h"

static char *
make_start_tag (GtkWidget  *widget,
                const char *colour_name,
                const char *line)
{
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), colour_name, &colour))
    return g_strdup_printf ("<span %s>", line);

  return g_strdup_printf ("<span foreground=\"#%02x%02x%02x\" %s>",
                          (guint) (colour.red * 255), (guint) (colour.green * 255), (guint) (colour.blue * 255),
                          line);
}

/**
 * wen_diff_labels_set_texts:
 * @before_label: for the text before
 * @after_label: for the text after
 * @before: a text
 * @after: what became of it
 * @n_context_chars: see wen_text_diff_to_markup()
 * @n_maximum_chars: see wen_text_diff_to_markup()
 *
 * Shows two texts: what is gone is struck through, what is new is underlined, and
 * both have the colours of the style in use.
 */
void
wen_diff_labels_set_texts (GtkLabel   *before_label,
                           GtkLabel   *after_label,
                           const char *before,
                           const char *after,
                           gsize       n_context_chars,
                           gsize       n_maximum_chars)
{
  g_autofree char *removed_tag = make_start_tag (GTK_WIDGET (before_label), "error_color", "strikethrough=\"true\"");
  g_autofree char *added_tag = make_start_tag (GTK_WIDGET (after_label), "success_color", "underline=\"single\"");
  const WenDiffMark removed = { removed_tag, "</span>" };
  const WenDiffMark added = { added_tag, "</span>" };
  g_autofree char *before_markup = NULL;
  g_autofree char *after_markup = NULL;

  wen_text_diff_to_markup (before, after, &removed, &added, n_context_chars, n_maximum_chars,
                           &before_markup, &after_markup);
  gtk_label_set_markup (before_label, before_markup);
  gtk_label_set_markup (after_label, after_markup);
}
