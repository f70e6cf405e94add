/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One row of the table on its way to the model: as typed, cleaned, and cut into tokens
 * in one way or in two. */

#include "config.h"

#include "wen-row-detail.h"

#include "wen-diff-labels.h"
#include "wen-format.h"
#include "wen-preparation.h"
#include "wen-token-chips.h"

#include <glib/gi18n.h>
#include <string.h>

/* The row is cleaned in the main thread: not more of it than fits well into a frame. */
#define MAXIMUM_BYTES 8000
#define MAXIMUM_CHARS 600

/**
 * WenRowDetail:
 *
 * The second way of cutting is tried with the rest of the recipe as it is.
 */
struct _WenRowDetail
{
  AdwBin parent_instance;

  /* template widgets */
  GtkLabel       *row_number_label;
  GtkWidget      *previous_button;
  GtkWidget      *next_button;
  GtkLabel       *before_label;
  GtkLabel       *after_label;
  WenTokenChips  *token_chips;
  GtkLabel       *figures_label;
  GtkDropDown    *other_drop_down;
  WenTokenChips  *other_chips;
  GtkLabel       *other_label;
  GtkLabel       *other_figures_label;

  /* owned */
  WenDataset     *dataset;          /* NULL until loaded */
  WenRecipe      *recipe;           /* NULL until there is one */
  WenCleaner     *cleaner;          /* of the recipe */
  WenTokenReport *report;           /* NULL while it is made */
  WenTokenReport *other_report;     /* of the second way; NULL: none, or while it is made */
  GCancellable   *cancellable;      /* of making other_report */

  gsize           row;
};

G_DEFINE_FINAL_TYPE (WenRowDetail, wen_row_detail, ADW_TYPE_BIN)

/* In the order of the drop-down, behind "none". */
static const char * const tokenizers[] = { "character", "word", "bpe", "wordpiece" };

static char *
get_token_sentence (GObject    *object,
                    const char *description)
{
  return g_strdup (description ? description : _("Point at a token to see how often it occurs."));
}

static char *
dup_beginning (const char *text)
{
  const char *end;

  if (strlen (text) <= MAXIMUM_BYTES)
    return g_strdup (text);

  end = g_utf8_find_prev_char (text, text + MAXIMUM_BYTES);
  return g_strndup (text, end - text);
}

static void
show_tokens (WenRowDetail   *self,
             WenTokenChips  *chips,
             WenTokenReport *report,
             const char     *cleaned)
{
  g_autoptr(GArray) tokens = NULL;

  if (report == NULL)
    {
      wen_token_chips_set_tokens (chips, NULL, NULL, 0, NULL, 0);
      return;
    }

  tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  wen_tokenizer_encode (wen_token_report_get_tokenizer (report), cleaned, tokens);
  wen_token_chips_set_tokens (chips, cleaned, (const WenToken *) (gpointer) tokens->data, tokens->len, report,
                              self->recipe->maximum_length);
}

static void
show_figures (GtkLabel       *label,
              WenTokenReport *report)
{
  const WenTokenFigures *figures;
  g_autofree char *vocabulary = NULL;
  g_autofree char *sentence = NULL;

  if (report == NULL)
    {
      gtk_label_set_label (label, "…");
      return;
    }

  figures = wen_token_report_get_figures (report);
  vocabulary = wen_format_count (figures->n_vocabulary);
  /* Translators: figures of a way to cut texts into tokens, side by side */
  sentence = g_strdup_printf (_("Vocabulary %s · %.1f tokens a text · %.2f %% unknown in texts not learned from · "
                                "%.1f s"),
                              vocabulary,
                              (double) figures->n_tokens / (double) MAX (1, figures->n_texts),
                              100.0 * (double) figures->n_unseen_unknown / (double) MAX (1, figures->n_unseen_tokens),
                              figures->fitting_seconds + figures->cutting_seconds);
  gtk_label_set_label (label, sentence);
}

static gboolean
compares (WenRowDetail *self)
{
  return gtk_drop_down_get_selected (self->other_drop_down) > 0;
}

static gboolean
is_used (WenRowDetail *self,
         gsize         row)
{
  return wen_dataset_get_split (self->dataset, row) != WEN_SPLIT_NONE;
}

static void
update (WenRowDetail *self)
{
  gsize n_rows = self->dataset ? wen_dataset_get_n_rows (self->dataset) : 0;
  g_autofree char *text = NULL;
  g_autofree char *cleaned = NULL;
  g_autofree char *count = NULL;
  g_autofree char *number = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), n_rows > 0 && self->cleaner != NULL);
  if (n_rows == 0 || self->cleaner == NULL)
    return;

  self->row = MIN (self->row, n_rows - 1);
  text = dup_beginning (wen_dataset_get_text (self->dataset, self->row));
  cleaned = wen_cleaner_clean (self->cleaner, text);
  count = wen_format_count (self->row + 1);
  /* Translators: %s is the number of a row of the table */
  number = g_strdup_printf (_("Row %s"), count);
  gtk_label_set_label (self->row_number_label, number);
  gtk_widget_set_sensitive (self->previous_button, self->row > 0);
  gtk_widget_set_sensitive (self->next_button, self->row + 1 < n_rows);
  wen_diff_labels_set_texts (self->before_label, self->after_label, text, cleaned, G_MAXSIZE, MAXIMUM_CHARS);

  show_tokens (self, self->token_chips, self->report, cleaned);
  show_figures (self->figures_label, self->report);
  gtk_widget_set_visible (GTK_WIDGET (self->figures_label), compares (self));
  gtk_widget_set_visible (GTK_WIDGET (self->other_chips), compares (self));
  gtk_widget_set_visible (GTK_WIDGET (self->other_label), compares (self));
  gtk_widget_set_visible (GTK_WIDGET (self->other_figures_label), compares (self));
  if (compares (self))
    {
      show_tokens (self, self->other_chips, self->other_report, cleaned);
      show_figures (self->other_figures_label, self->other_report);
    }
}

static void
other_report_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(WenRowDetail) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(WenTokenReport) report = wen_preparation_cut_finish (result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  if (report == NULL)
    {
      gtk_label_set_label (self->other_figures_label, error->message);
      return;
    }

  g_set_object (&self->other_report, report);
  update (self);
}

/* Tries the second way of cutting anew. */
static void
start_other (WenRowDetail *self)
{
  g_autoptr(WenRecipe) recipe = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->other_report);
  if (self->dataset == NULL || self->recipe == NULL || !compares (self))
    return;

  recipe = wen_recipe_copy (self->recipe);
  wen_recipe_set (recipe, "tokens.tokenizer", tokenizers[gtk_drop_down_get_selected (self->other_drop_down) - 1], NULL);
  wen_recipe_set (recipe, "tokens.vocabulary_file", "", NULL);
  self->cancellable = g_cancellable_new ();
  wen_preparation_cut_async (self->dataset, recipe, 0, NULL, self->cancellable, other_report_cb, g_object_ref (self));
}

static void
other_changed_cb (WenRowDetail *self)
{
  start_other (self);
  update (self);
}

static void
previous_row_cb (WenRowDetail *self)
{
  do
    self->row--;
  while (self->row > 0 && !is_used (self, self->row));
  update (self);
}

static void
next_row_cb (WenRowDetail *self)
{
  gsize n_rows = wen_dataset_get_n_rows (self->dataset);

  do
    self->row++;
  while (self->row + 1 < n_rows && !is_used (self, self->row));
  update (self);
}

static void
wen_row_detail_dispose (GObject *object)
{
  WenRowDetail *self = WEN_ROW_DETAIL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->recipe, wen_recipe_free);
  g_clear_object (&self->cleaner);
  g_clear_object (&self->report);
  g_clear_object (&self->other_report);
  /* Or the template would free the child that the bin still points to. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), WEN_TYPE_ROW_DETAIL);

  G_OBJECT_CLASS (wen_row_detail_parent_class)->dispose (object);
}

static void
wen_row_detail_class_init (WenRowDetailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = wen_row_detail_dispose;

  g_type_ensure (WEN_TYPE_TOKEN_CHIPS);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/wenlei/Wenlei/ui/wen-row-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, row_number_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, previous_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, next_button);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, before_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, after_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, token_chips);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, figures_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, other_drop_down);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, other_chips);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, other_label);
  gtk_widget_class_bind_template_child (widget_class, WenRowDetail, other_figures_label);
  gtk_widget_class_bind_template_callback (widget_class, get_token_sentence);
  gtk_widget_class_bind_template_callback (widget_class, previous_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, other_changed_cb);
}

static void
wen_row_detail_init (WenRowDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* The marks of changes have colours of the style. */
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update (self);
}

/**
 * wen_row_detail_set_dataset:
 * @self: the detail
 * @dataset: (nullable): the rows
 *
 * Shows the first row of a table.
 */
void
wen_row_detail_set_dataset (WenRowDetail *self,
                            WenDataset   *dataset)
{
  g_return_if_fail (WEN_IS_ROW_DETAIL (self));

  if (!g_set_object (&self->dataset, dataset))
    return;

  self->row = 0;
  g_clear_object (&self->report);
  start_other (self);
  update (self);
}

/**
 * wen_row_detail_set_recipe:
 * @self: the detail
 * @recipe: how to clean and cut
 *
 * Shows the row as another recipe makes it; its tokens follow with
 * wen_row_detail_set_report().
 */
void
wen_row_detail_set_recipe (WenRowDetail    *self,
                           const WenRecipe *recipe)
{
  g_return_if_fail (WEN_IS_ROW_DETAIL (self));
  g_return_if_fail (recipe != NULL);

  g_clear_pointer (&self->recipe, wen_recipe_free);
  self->recipe = wen_recipe_copy (recipe);
  g_clear_object (&self->cleaner);
  self->cleaner = wen_cleaner_new ((const char * const *) recipe->cleaning, NULL);
  g_clear_object (&self->report);
  start_other (self);
  update (self);
}

/**
 * wen_row_detail_set_report:
 * @self: the detail
 * @report: what the recipe makes of the table
 *
 * Shows the tokens of the row.
 */
void
wen_row_detail_set_report (WenRowDetail   *self,
                           WenTokenReport *report)
{
  g_return_if_fail (WEN_IS_ROW_DETAIL (self));

  g_set_object (&self->report, report);
  update (self);
}
