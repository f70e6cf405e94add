/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Options that several commands have: columns, and the recipe. */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <string.h>

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

/* The words of a file. */
static gboolean
apply_dictionary (WenRecipe  *recipe,
                  const char *path,
                  GError    **error)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_auto(GStrv) words = wen_dictionary_read (file, NULL, error);
  g_autofree char *joined = NULL;

  if (words == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  joined = g_strjoinv (",", words);
  return wen_recipe_set (recipe, "tokens.dictionary", joined, error);
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
  if (g_str_equal (key, "tokens.dictionary") && equals[1] == '@')
    return apply_dictionary (recipe, equals + 2, error);
  return wen_recipe_set (recipe, key, equals + 1, error);
}

/* Says before anything starts what a run would say. */
static gboolean
check_recipe (const WenRecipe *recipe,
              GError         **error)
{
  g_autoptr(WenCleaner) cleaner = NULL;

  if (!wen_recipe_validate (recipe, error))
    return FALSE;
  cleaner = wen_cleaner_new ((const char * const *) recipe->cleaning, error);
  return cleaner != NULL;
}

void
wen_cli_choices_clear (WenCliChoices *self)
{
  g_free (self->text_column);
  g_free (self->label_column);
  g_free (self->preset);
  g_free (self->recipe_file);
  g_strfreev (self->settings);
}

int
wen_cli_make_recipe (const char           *help,
                     const WenCliChoices  *choices,
                     WenRecipe           **recipe)
{
  g_autoptr(WenRecipe) made = NULL;
  g_autoptr(GError) error = NULL;

  if (choices->preset != NULL && choices->recipe_file != NULL)
    return wen_cli_wrong_usage (help, _ ("Choose one of --preset and --recipe."));
  if (choices->recipe_file != NULL)
    {
      g_autoptr(GFile) file = g_file_new_for_commandline_arg (choices->recipe_file);

      made = load_recipe (file, &error);
      if (made == NULL)
        return wen_cli_fail (file, error);
    }
  else
    {
      made = wen_recipe_new_preset (choices->preset != NULL ? choices->preset : wen_recipe_list_presets ()[0], &error);
    }

  for (char **setting = choices->settings; made != NULL && error == NULL && setting != NULL && *setting != NULL; setting++)
    apply_setting (made, *setting, &error);
  if (error != NULL || !check_recipe (made, &error))
    return wen_cli_wrong_usage (help, "%s", error->message);
  *recipe = g_steal_pointer (&made);
  return WEN_CLI_DONE;
}

WenDataset *
wen_cli_read_dataset (GFile                *file,
                      const WenCliChoices  *choices,
                      WenSplit              split,
                      WenCliProgress       *progress,
                      GPtrArray            *warnings,
                      GError              **error)
{
  static const WenCsvOptions guess_all = { 0 };
  g_autoptr(WenDataset) dataset = wen_dataset_new ();
  g_autofree char *text_column = wen_cli_dup_utf8 (choices->text_column);
  g_autofree char *label_column = wen_cli_dup_utf8 (choices->label_column);
  g_autoptr(WenCsvReader) reader = wen_csv_reader_new (file, &guess_all, NULL, error);
  g_autoptr(WenImportReport) report = NULL;

  if (reader != NULL)
    report = wen_dataset_append_csv (dataset, reader, text_column, label_column, FALSE, split,
                                     wen_cli_progress_fraction, progress, NULL, error);
  if (report == NULL)
    return NULL;
  for (char **warning = report->warnings; warnings != NULL && *warning != NULL; warning++)
    g_ptr_array_add (warnings, g_strdup (*warning));
  return g_steal_pointer (&dataset);
}
