/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli evaluate */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>

typedef struct
{
  WenCliChoices choices;
  char         *errors_file;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
  g_free (options->errors_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
print_json (WenEvaluation *evaluation,
            GPtrArray     *warnings,
            double         seconds)
{
  g_autoptr(JsonObject) object = wen_cli_figures_to_json (evaluation);

  json_object_set_double_member (object, "seconds", seconds);
  json_object_set_double_member (object, "rows_per_second",
                                 (double) wen_evaluation_get_n_rows (evaluation) / MAX (seconds, 1e-6));
  json_object_set_int_member (object, "peak_rss_bytes", wen_cli_get_peak_rss ());
  g_ptr_array_add (warnings, NULL);
  wen_cli_json_add_strings (object, "warnings", (const char * const *) warnings->pdata);
  wen_cli_print_json (object);
}

static int
run (const Options *options,
     const char    *model_path,
     const char    *path)
{
  g_autoptr(GFile) model = g_file_new_for_commandline_arg (model_path);
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autoptr(WenClassifier) classifier = NULL;
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenEvaluation) evaluation = NULL;
  g_autoptr(GError) error = NULL;
  gint64 start_us, end_us;

  classifier = wen_classifier_load (model, NULL, &error);
  if (classifier == NULL)
    return wen_cli_fail (model, error);
  dataset = wen_cli_read_dataset (file, &options->choices, WEN_SPLIT_TEST, progress, warnings, &error);
  wen_cli_progress_clear (progress);
  if (dataset == NULL)
    return wen_cli_fail (file, error);

  start_us = g_get_monotonic_time ();
  evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, NULL, &error);
  end_us = g_get_monotonic_time ();
  if (evaluation == NULL)
    return wen_cli_fail (file, error);

  wen_cli_warn_unknown_labels (evaluation, classifier, warnings);
  for (guint i = 0; i < warnings->len; i++)
    wen_cli_warn (g_ptr_array_index (warnings, i));
  if (options->errors_file != NULL)
    {
      g_autoptr(GFile) errors_file = g_file_new_for_commandline_arg (options->errors_file);

      if (!wen_cli_write_errors (evaluation, dataset, errors_file, &error))
        return wen_cli_fail (errors_file, error);
    }
  if (options->json)
    print_json (evaluation, warnings, (double) (end_us - start_us) / G_USEC_PER_SEC);
  else
    wen_cli_print_figures (evaluation);
  return WEN_CLI_DONE;
}

int
wen_cli_evaluate (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "errors", 0, 0, G_OPTION_ARG_FILENAME, &options.errors_file, N_ ("Write the wrong rows to this table"),
      N_ ("FILE") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("MODEL FILE"),
                      _ ("Measures a classifier on a table (CSV) of texts and labels."), 2, 2))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1], rest[2]);
}
