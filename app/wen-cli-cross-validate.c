/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli cross-validate */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>

typedef struct
{
  WenCliChoices choices;
  char         *output;
  int           n_folds;
  int           n_repeats;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
  g_free (options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What was done, and what came of it. */
typedef struct
{
  WenDataset         *dataset;
  WenCrossValidation *result;
  WenEvaluation      *evaluation;   /* of all rows that took part, as predicted without them */
  GArray             *predicted;    /* of guint: by row, the likeliest label */
} Job;

static void
job_clear (Job *self)
{
  g_clear_object (&self->dataset);
  g_clear_object (&self->result);
  g_clear_object (&self->evaluation);
  g_clear_pointer (&self->predicted, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static guint
find_majority (WenDataset *dataset)
{
  guint best = 0;

  for (guint label = 1; label < wen_dataset_get_n_labels (dataset); label++)
    if (wen_dataset_count_label (dataset, label, WEN_SPLIT_TRAIN) > wen_dataset_count_label (dataset, best, WEN_SPLIT_TRAIN))
      best = label;
  return best;
}

/* Figures of all rows together. */
static void
evaluate (Job *self)
{
  guint n_labels = wen_dataset_get_n_labels (self->dataset);
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();
  g_autoptr(GArray) rows = g_array_new (FALSE, TRUE, sizeof (WenEvaluatedRow));

  self->predicted = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint label = 0; label < n_labels; label++)
    g_ptr_array_add (labels, (gpointer) wen_dataset_get_label_name (self->dataset, label));
  g_ptr_array_add (labels, NULL);
  for (gsize row = 0; row < wen_dataset_get_n_rows (self->dataset); row++)
    {
      WenEvaluatedRow evaluated = { .row_id = wen_dataset_get_row_id (self->dataset, row) };

      for (guint label = 1; label < n_labels; label++)
        if (wen_cross_validation_get_probability (self->result, row, label)
            > wen_cross_validation_get_probability (self->result, row, evaluated.predicted))
          evaluated.predicted = label;
      g_array_append_val (self->predicted, evaluated.predicted);
      if (wen_cross_validation_get_fold (self->result, row) == WEN_NO_FOLD)
        continue;
      evaluated.label = wen_dataset_get_label (self->dataset, row);
      evaluated.probability = (float) wen_cross_validation_get_probability (self->result, row, evaluated.predicted);
      evaluated.label_probability = (float) wen_cross_validation_get_probability (self->result, row, evaluated.label);
      g_array_append_val (rows, evaluated);
    }
  self->evaluation = wen_evaluation_new_from_rows ((const char * const *) labels->pdata, find_majority (self->dataset),
                                                   (const WenEvaluatedRow *) (gpointer) rows->data, rows->len);
}

static gboolean
write_rows (Job     *self,
            GFile   *file,
            GError **error)
{
  guint n_labels = wen_dataset_get_n_labels (self->dataset);
  g_autoptr(WenCliCsvWriter) writer = wen_cli_csv_writer_new (file, error);
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);

  if (writer == NULL)
    return FALSE;
  g_ptr_array_add (fields, g_strdup ("row"));
  g_ptr_array_add (fields, g_strdup ("fold"));
  g_ptr_array_add (fields, g_strdup ("label"));
  g_ptr_array_add (fields, g_strdup ("predicted"));
  for (guint label = 0; label < n_labels; label++)
    g_ptr_array_add (fields, g_strdup (wen_dataset_get_label_name (self->dataset, label)));
  if (!wen_cli_csv_writer_write (writer, (const char * const *) fields->pdata, fields->len, error))
    return FALSE;

  for (gsize row = 0; row < wen_dataset_get_n_rows (self->dataset); row++)
    {
      guint fold = wen_cross_validation_get_fold (self->result, row);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      if (fold == WEN_NO_FOLD)
        continue;
      g_ptr_array_set_size (fields, 0);
      g_ptr_array_add (fields, g_strdup_printf ("%" G_GINT64_FORMAT, wen_dataset_get_row_id (self->dataset, row)));
      g_ptr_array_add (fields, g_strdup_printf ("%u", fold + 1));
      g_ptr_array_add (fields, g_strdup (wen_dataset_get_label_name (self->dataset,
                                                                     wen_dataset_get_label (self->dataset, row))));
      g_ptr_array_add (fields, g_strdup (wen_dataset_get_label_name (self->dataset,
                                                                     g_array_index (self->predicted, guint, row))));
      for (guint label = 0; label < n_labels; label++)
        g_ptr_array_add (fields,
                         g_strdup (g_ascii_formatd (number, sizeof number, "%.6f",
                                                    wen_cross_validation_get_probability (self->result, row, label))));
      if (!wen_cli_csv_writer_write (writer, (const char * const *) fields->pdata, fields->len, error))
        return FALSE;
    }
  return wen_cli_csv_writer_close (writer, error);
}

static void
print_json (Job *self)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *accuracies = json_array_new ();
  JsonArray *macro_f1s = json_array_new ();
  double deviation;
  double mean = wen_cross_validation_get_mean (self->result, &deviation);
  double f1_deviation;
  double f1_mean = wen_cross_validation_get_mean_macro_f1 (self->result, &f1_deviation);

  for (guint run = 0; run < wen_cross_validation_get_n_runs (self->result); run++)
    {
      json_array_add_double_element (accuracies, wen_cross_validation_get_accuracy (self->result, run));
      json_array_add_double_element (macro_f1s, wen_cross_validation_get_macro_f1 (self->result, run));
    }
  json_object_set_int_member (object, "rows", (gint64) wen_evaluation_get_n_rows (self->evaluation));
  json_object_set_double_member (object, "accuracy_mean", mean);
  json_object_set_double_member (object, "accuracy_deviation", deviation);
  json_object_set_array_member (object, "accuracies", accuracies);
  json_object_set_double_member (object, "macro_f1_mean", f1_mean);
  json_object_set_double_member (object, "macro_f1_deviation", f1_deviation);
  json_object_set_array_member (object, "macro_f1s", macro_f1s);
  json_object_set_double_member (object, "macro_f1", wen_evaluation_get_macro_f1 (self->evaluation));
  json_object_set_double_member (object, "loss", wen_evaluation_get_loss (self->evaluation));
  json_object_set_double_member (object, "majority_accuracy", wen_evaluation_get_majority_accuracy (self->evaluation));
  wen_cli_print_json (object);
}

static void
print_figures (Job *self)
{
  double deviation;
  double f1_deviation;
  double f1_mean = wen_cross_validation_get_mean_macro_f1 (self->result, &f1_deviation);
  g_autofree char *mean = wen_cli_format_share (wen_cross_validation_get_mean (self->result, &deviation));
  g_autofree char *spread = wen_cli_format_share (deviation);
  g_autofree char *majority = wen_cli_format_share (wen_evaluation_get_majority_accuracy (self->evaluation));

  for (guint run = 0; run < wen_cross_validation_get_n_runs (self->result); run++)
    {
      g_autofree char *share = wen_cli_format_share (wen_cross_validation_get_accuracy (self->result, run));

      /* Translators: a number, and a share in percent */
      wen_cli_print (_ ("  fold %u: %s right\n"), run + 1, share);
    }
  /* Translators: a mean share and its standard deviation, in percent */
  wen_cli_print (_ ("%s right on average; folds differ by %s (standard deviation)\n"), mean, spread);
  /* Translators: a mean and its standard deviation */
  wen_cli_print (_ ("Macro F1 %.3f on average; folds differ by %.3f (standard deviation)\n"), f1_mean, f1_deviation);
  wen_cli_print (_ ("Macro F1 of all rows: %.3f\n"), wen_evaluation_get_macro_f1 (self->evaluation));
  wen_cli_print (_ ("Always guessing “%s” would get %s.\n"),
                 wen_evaluation_get_label (self->evaluation, wen_evaluation_get_majority_label (self->evaluation)),
                 majority);
}

static int
run (const Options *options,
     const char    *path)
{
  static const char help[] = "wenlei-cli cross-validate --help";
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFile) output = options->output ? g_file_new_for_commandline_arg (options->output) : NULL;
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autoptr(WenRecipe) recipe = NULL;
  g_auto(Job) job = { 0 };
  g_autoptr(GError) error = NULL;
  int status;

  if (options->n_folds < 2 || options->n_folds > 100)
    return wen_cli_wrong_usage (help, _ ("--folds takes a whole number from %d to %d."), 2, 100);
  if (options->n_repeats < 1 || options->n_repeats > 100)
    return wen_cli_wrong_usage (help, _ ("--repeats takes a whole number from %d to %d."), 1, 100);
  status = wen_cli_make_recipe (help, &options->choices, &recipe);
  if (status != WEN_CLI_DONE)
    return status;

  job.dataset = wen_cli_read_dataset (file, &options->choices, WEN_SPLIT_TRAIN, progress, NULL, &error);
  if (job.dataset != NULL)
    job.result = wen_cross_validation_run (job.dataset, recipe, (guint) options->n_folds, (guint) options->n_repeats,
                                           wen_cli_progress_fraction, progress, NULL, &error);
  wen_cli_progress_clear (progress);
  if (job.result == NULL)
    return wen_cli_fail (file, error);
  evaluate (&job);
  if (output != NULL && !write_rows (&job, output, &error))
    return wen_cli_fail (output, error);
  if (options->json)
    print_json (&job);
  else
    print_figures (&job);
  return WEN_CLI_DONE;
}

int
wen_cli_cross_validate (char **arguments)
{
  g_auto(Options) options = { .n_folds = 5, .n_repeats = 1 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "folds", 0, 0, G_OPTION_ARG_INT, &options.n_folds, N_ ("Parts of the table (5)"), N_ ("N") },
    { "repeats", 0, 0, G_OPTION_ARG_INT, &options.n_repeats, N_ ("Times, each with other parts (1)"), N_ ("N") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Write what was predicted for each row, with all probabilities, to this file"), N_ ("FILE") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      _ ("Says how good classifiers of this recipe are, and how much that depends on chance: divides\n"
                         "the table (CSV) into parts, and measures on each part a classifier trained with the others.\n"
                         "Copies and near copies of a text stay in one part."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1]);
}
