/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The figures of an evaluation, for people and for programs. */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

#define N_LABEL_COLUMNS 6
/* Pairs of labels that are taken for one another most often. */
#define N_MISTAKES 5

typedef struct
{
  guint   label;
  guint   predicted;
  guint64 n_rows;
} Mistake;

gint64
wen_cli_get_peak_rss (void)
{
  struct rusage usage = { 0 };

  getrusage (RUSAGE_SELF, &usage);
  /* Linux counts in kibibytes. */
  return (gint64) usage.ru_maxrss * 1024;
}

static void
print_summary (WenEvaluation *evaluation)
{
  g_autofree char *n_correct = wen_cli_format_count (wen_evaluation_get_n_correct (evaluation));
  g_autofree char *n_rows = wen_cli_format_count (wen_evaluation_get_n_rows (evaluation));
  g_autofree char *accuracy = wen_cli_format_share (wen_evaluation_get_accuracy (evaluation));
  g_autofree char *majority = wen_cli_format_share (wen_evaluation_get_majority_accuracy (evaluation));
  const char *majority_label =
    wen_evaluation_get_label (evaluation, wen_evaluation_get_majority_label (evaluation));

  /* Translators: the placeholders are "2,101", "2,397", "87.7 %", a label, "66.8 %" */
  wen_cli_print (_ ("%s of %s test rows right (%s); always guessing the commonest label, “%s”, would get %s.\n"),
                 n_correct, n_rows, accuracy, majority_label, majority);
  wen_cli_print (_ ("Macro F1 %.3f, weighted F1 %.3f, loss %.3f.\n"), wen_evaluation_get_macro_f1 (evaluation),
                 wen_evaluation_get_weighted_f1 (evaluation), wen_evaluation_get_loss (evaluation));
}

static void
print_labels (WenEvaluation *evaluation)
{
  guint n_labels = wen_evaluation_get_n_labels (evaluation);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (cells, g_strdup (_ ("Label")));
  g_ptr_array_add (cells, g_strdup (_ ("Rows")));
  g_ptr_array_add (cells, g_strdup (_ ("Right")));
  g_ptr_array_add (cells, g_strdup (_ ("Precision")));
  g_ptr_array_add (cells, g_strdup (_ ("Recall")));
  g_ptr_array_add (cells, g_strdup (_ ("F1")));
  for (guint label = 0; label < n_labels; label++)
    {
      WenLabelFigures figures;

      wen_evaluation_get_label_figures (evaluation, label, &figures);
      g_ptr_array_add (cells, g_strdup (wen_evaluation_get_label (evaluation, label)));
      g_ptr_array_add (cells, wen_cli_format_count (figures.n_rows));
      g_ptr_array_add (cells, wen_cli_format_count (figures.n_correct));
      g_ptr_array_add (cells, g_strdup_printf ("%.3f", figures.precision));
      g_ptr_array_add (cells, g_strdup_printf ("%.3f", figures.recall));
      g_ptr_array_add (cells, g_strdup_printf ("%.3f", figures.f1));
    }
  wen_cli_print ("\n");
  wen_cli_print_table ((const char * const *) cells->pdata, n_labels + 1, N_LABEL_COLUMNS);
}

static int
compare_mistakes (gconstpointer a,
                  gconstpointer b)
{
  const Mistake *mistake_a = a;
  const Mistake *mistake_b = b;

  return (mistake_a->n_rows < mistake_b->n_rows) - (mistake_a->n_rows > mistake_b->n_rows);
}

static void
print_mistakes (WenEvaluation *evaluation)
{
  guint n_labels = wen_evaluation_get_n_labels (evaluation);
  g_autoptr(GArray) mistakes = g_array_new (FALSE, FALSE, sizeof (Mistake));

  for (guint label = 0; label < n_labels; label++)
    for (guint predicted = 0; predicted < n_labels; predicted++)
      {
        Mistake mistake = { label, predicted, wen_evaluation_get_confusion (evaluation, label, predicted) };

        if (label != predicted && mistake.n_rows > 0)
          g_array_append_val (mistakes, mistake);
      }
  if (mistakes->len == 0)
    return;

  g_array_sort (mistakes, compare_mistakes);
  wen_cli_print ("\n%s\n", _ ("Most frequent mistakes:"));
  for (guint i = 0; i < MIN (mistakes->len, N_MISTAKES); i++)
    {
      const Mistake *mistake = &g_array_index (mistakes, Mistake, i);
      g_autofree char *n_rows = wen_cli_format_count (mistake->n_rows);

      /* Translators: a number of rows, the true label, the predicted label */
      wen_cli_print (ngettext ("  %s row of “%s” taken for “%s”\n", "  %s rows of “%s” taken for “%s”\n",
                               mistake->n_rows),
                     n_rows, wen_evaluation_get_label (evaluation, mistake->label),
                     wen_evaluation_get_label (evaluation, mistake->predicted));
    }
}

void
wen_cli_print_figures (WenEvaluation *evaluation)
{
  print_summary (evaluation);
  print_labels (evaluation);
  print_mistakes (evaluation);
}

JsonObject *
wen_cli_figures_to_json (WenEvaluation *evaluation)
{
  g_autofree char *json = wen_evaluation_to_json (evaluation);
  g_autoptr(JsonNode) node = json_from_string (json, NULL);

  return json_node_dup_object (node);
}

void
wen_cli_warn_unknown_labels (WenEvaluation *evaluation,
                             WenClassifier *classifier,
                             GPtrArray     *warnings)
{
  for (guint label = wen_classifier_get_n_labels (classifier); label < wen_evaluation_get_n_labels (evaluation);
       label++)
    {
      WenLabelFigures figures;
      g_autofree char *n_rows = NULL;

      wen_evaluation_get_label_figures (evaluation, label, &figures);
      n_rows = wen_cli_format_count (figures.n_rows);
      g_ptr_array_add (warnings,
                       g_strdup_printf (ngettext ("Training never saw the label “%s”: its %s row counts as wrong.",
                                                  "Training never saw the label “%s”: its %s rows count as wrong.",
                                                  figures.n_rows),
                                        wen_evaluation_get_label (evaluation, label), n_rows));
    }
}

gboolean
wen_cli_write_errors (WenEvaluation *evaluation,
                      WenDataset    *dataset,
                      GFile         *file,
                      GError       **error)
{
  static const char * const heads[] = { "row", "text", "label", "predicted_label", "confidence" };
  g_autoptr(WenCliCsvWriter) writer = wen_cli_csv_writer_new (file, error);
  g_autoptr(GHashTable) positions = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree gint64 *ids = g_new (gint64, wen_dataset_get_n_rows (dataset));
  const WenEvaluatedRow *rows;
  gsize n_rows;

  if (writer == NULL || !wen_cli_csv_writer_write (writer, heads, G_N_ELEMENTS (heads), error))
    return FALSE;

  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      ids[row] = wen_dataset_get_row_id (dataset, row);
      g_hash_table_insert (positions, &ids[row], GSIZE_TO_POINTER (row));
    }
  rows = wen_evaluation_get_rows (evaluation, &n_rows);
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, rows[i].row_id);
      char confidence[G_ASCII_DTOSTR_BUF_SIZE];
      gsize row = GPOINTER_TO_SIZE (g_hash_table_lookup (positions, &rows[i].row_id));
      const char *fields[G_N_ELEMENTS (heads)] = {
        number,
        wen_dataset_get_text (dataset, row),
        wen_evaluation_get_label (evaluation, rows[i].label),
        wen_evaluation_get_label (evaluation, rows[i].predicted),
        g_ascii_formatd (confidence, sizeof confidence, "%.4f", rows[i].probability),
      };

      if (rows[i].label != rows[i].predicted
          && !wen_cli_csv_writer_write (writer, fields, G_N_ELEMENTS (fields), error))
        return FALSE;
    }
  return wen_cli_csv_writer_close (writer, error);
}
