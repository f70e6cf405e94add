/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The recipe that the options of a command make. */

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

int
wen_cli_make_recipe (const char  *help,
                     const char  *preset,
                     const char  *recipe_file,
                     char       **settings,
                     WenRecipe  **recipe)
{
  g_autoptr(WenRecipe) made = NULL;
  g_autoptr(GError) error = NULL;

  if (preset != NULL && recipe_file != NULL)
    return wen_cli_wrong_usage (help, _ ("Choose one of --preset and --recipe."));
  if (recipe_file != NULL)
    {
      g_autoptr(GFile) file = g_file_new_for_commandline_arg (recipe_file);

      made = load_recipe (file, &error);
      if (made == NULL)
        return wen_cli_fail (file, error);
    }
  else
    {
      made = wen_recipe_new_preset (preset != NULL ? preset : wen_recipe_list_presets ()[0], &error);
    }

  for (char **setting = settings; made != NULL && error == NULL && setting != NULL && *setting != NULL; setting++)
    apply_setting (made, *setting, &error);
  if (error != NULL || !check_recipe (made, &error))
    return wen_cli_wrong_usage (help, "%s", error->message);
  *recipe = g_steal_pointer (&made);
  return WEN_CLI_DONE;
}
