/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli train */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  char    *output;
  char    *test_file;
  char    *text_column;
  char    *label_column;
  char    *preset;
  char    *recipe_file;
  char   **settings;
  char    *seed;
  char    *threads;
  char    *journal;
  gboolean forecast;
  gboolean json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->output);
  g_free (options->test_file);
  g_free (options->text_column);
  g_free (options->label_column);
  g_free (options->preset);
  g_free (options->recipe_file);
  g_strfreev (options->settings);
  g_free (options->seed);
  g_free (options->threads);
  g_free (options->journal);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static WenRecipe *
load_recipe (GFile   *file,
             GError **error)
{
  g_autofree char *json = NULL;
  gsize size_bytes;

  if (!g_file_load_contents (file, NULL, &json, &size_bytes, NULL, error))
    return NULL;
  if (!g_utf8_validate (json, size_bytes, NULL))
    {
      g_set_error_literal (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE, _ ("This is not a recipe (JSON)."));
      return NULL;
    }
  return wen_recipe_new_from_json (json, error);
}

static gboolean
apply_setting (WenRecipe  *recipe,
               const char *setting,
               GError    **error)
{
  const char *equals = strchr (setting, '=');
  g_autofree char *key = NULL;

  if (equals == NULL)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                   _ ("“%s” is not a setting: write KEY=VALUE, such as training.epochs=3."), setting);
      return FALSE;
    }
  key = g_strndup (setting, equals - setting);
  return wen_recipe_set (recipe, key, equals + 1, error);
}

static gboolean
apply_settings (WenRecipe     *recipe,
                const Options *options,
                GError       **error)
{
  for (char **setting = options->settings; setting != NULL && *setting != NULL; setting++)
    if (!apply_setting (recipe, *setting, error))
      return FALSE;
  return (options->seed == NULL || wen_recipe_set (recipe, "split.seed", options->seed, error))
         && (options->threads == NULL || wen_recipe_set (recipe, "training.threads", options->threads, error))
         && wen_recipe_validate (recipe, error);
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
  g_autofree char *text_column = wen_cli_dup_utf8 (options->text_column);
  g_autofree char *label_column = wen_cli_dup_utf8 (options->label_column);
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GError) error = NULL;

  if (options->recipe_file != NULL)
    {
      g_autoptr(GFile) recipe_file = g_file_new_for_commandline_arg (options->recipe_file);

      recipe = load_recipe (recipe_file, &error);
      if (recipe == NULL)
        return wen_cli_fail (recipe_file, error);
    }
  else
    {
      recipe = wen_recipe_new_preset (options->preset ? options->preset : wen_recipe_list_presets ()[0], &error);
      if (recipe == NULL)
        return wen_cli_wrong_usage (help, "%s", error->message);
    }
  if (!apply_settings (recipe, options, &error))
    return wen_cli_wrong_usage (help, "%s", error->message);

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
    { "text", 0, 0, G_OPTION_ARG_FILENAME, &options.text_column, N_ ("Column of the texts, else guessed"),
      N_ ("COLUMN") },
    { "label", 0, 0, G_OPTION_ARG_FILENAME, &options.label_column, N_ ("Column of the labels, else guessed"),
      N_ ("COLUMN") },
    { "preset", 0, 0, G_OPTION_ARG_FILENAME, &options.preset, N_ ("Settings to begin with: small, classic, linear"),
      N_ ("NAME") },
    { "recipe", 0, 0, G_OPTION_ARG_FILENAME, &options.recipe_file, N_ ("Settings to begin with, as JSON"),
      N_ ("FILE") },
    { "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.settings, N_ ("One setting, such as training.epochs=3"),
      N_ ("KEY=VALUE") },
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
  if (options.preset != NULL && options.recipe_file != NULL)
    return wen_cli_wrong_usage ("wenlei-cli train --help", _ ("Choose one of --preset and --recipe."));
  return run (&options, rest[1]);
}
