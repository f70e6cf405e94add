/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli train */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  WenCliChoices choices;
  char         *output;
  char         *test_file;
  char         *seed;
  char         *threads;
  char         *journal;
  gboolean      forecast;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
  g_free (options->output);
  g_free (options->test_file);
  g_free (options->seed);
  g_free (options->threads);
  g_free (options->journal);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Settings that have an option of their own. */
static int
apply_numbers (WenRecipe     *recipe,
               const Options *options,
               const char    *help)
{
  g_autoptr(GError) error = NULL;

  if ((options->seed == NULL || wen_recipe_set (recipe, "split.seed", options->seed, &error))
      && (options->threads == NULL || wen_recipe_set (recipe, "training.threads", options->threads, &error)))
    return WEN_CLI_DONE;
  return wen_cli_wrong_usage (help, "%s", error->message);
}

static int
run (const Options *options,
     const char    *path)
{
  static const char help[] = "wenlei-cli train --help";
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFile) test_file = options->test_file ? g_file_new_for_commandline_arg (options->test_file) : NULL;
  g_autoptr(GFile) output = options->output ? g_file_new_for_commandline_arg (options->output) : NULL;
  g_autoptr(GFile) journal = options->journal ? g_file_new_for_commandline_arg (options->journal) : NULL;
  g_autofree char *text_column = wen_cli_dup_utf8 (options->choices.text_column);
  g_autofree char *label_column = wen_cli_dup_utf8 (options->choices.label_column);
  g_autoptr(WenRecipe) recipe = NULL;
  int status = wen_cli_make_recipe (help, &options->choices, &recipe);

  if (status == WEN_CLI_DONE)
    status = apply_numbers (recipe, options, help);
  if (status != WEN_CLI_DONE)
    return status;
  return wen_cli_run_training (&(WenCliTraining) {
                                 .file = file,
                                 .test_file = test_file,
                                 .text_column = text_column,
                                 .label_column = label_column,
                                 .recipe = recipe,
                                 .output = output,
                                 .journal = journal,
                                 .forecasts = options->forecast,
                                 .json = options->json,
                               },
                               NULL);
}

int
wen_cli_train (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Folder of the classifier"), N_ ("MODEL") },
    { "test", 0, 0, G_OPTION_ARG_FILENAME, &options.test_file,
      N_ ("Measure on this table; all of FILE is for training and validation"), N_ ("FILE") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "seed", 0, 0, G_OPTION_ARG_FILENAME, &options.seed, N_ ("Seed of the split and of training (42)"), N_ ("N") },
    { "threads", 0, 0, G_OPTION_ARG_FILENAME, &options.threads, N_ ("Threads; 0: one for each core"), N_ ("N") },
    { "forecast", 0, 0, G_OPTION_ARG_NONE, &options.forecast,
      N_ ("Only say how large the model would be, and how long training would take"), NULL },
    { "journal", 0, 0, G_OPTION_ARG_FILENAME, &options.journal,
      N_ ("Keep the state of the run in this file, and go on from it where it is there"), N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE -o MODEL"),
                      _ ("Trains a classifier with a table (CSV) of texts and labels, and measures it on rows\n"
                         "that it has not seen. Ctrl-C stops training and keeps the best weights so far."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  if (options.output == NULL && !options.forecast)
    return wen_cli_wrong_usage ("wenlei-cli train --help", _ ("Say where to save the classifier, with -o MODEL."));
  return run (&options, rest[1]);
}
