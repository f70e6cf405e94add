/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The recipe of a member of an ensemble.
 *
 * An entry of `ensemble.members` is the name of a preset, with settings that differ from
 * it written like the query of a web address: "linear?tokens.tokenizer=word".  What is
 * about the rows, not about the model, is the ensemble's. */

#include "config.h"

#include "wen-recipe-private.h"

#include "wen-cleaning-entry.h"
#include "wen-i18n-private.h"

/* Settings, or whole sections, that members have in common. */
static const char *const common_settings[] = {
  "cleaning",         "tokens.tokenizer",          "tokens.dictionary",      "tokens.vocabulary_file",
  "tokens.too_long",  "split.",                    "training.class_weights", "training.own_weights",
  "training.threads",
};

static gboolean
is_common (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (common_settings); i++)
    if (g_str_has_prefix (key, common_settings[i]))
      return TRUE;
  return FALSE;
}

/**
 * wen_recipe_new_member:
 * @self: the recipe of an ensemble
 * @entry: the name of a preset, and settings where they differ from it
 * @error: return location for an error
 *
 * Makes the recipe by which one member of an ensemble is trained.
 *
 * Sets `WEN_RECIPE_ERROR_OUT_OF_RANGE` or `WEN_RECIPE_ERROR_UNKNOWN_KEY`.
 *
 * Returns: (transfer full) (nullable): a recipe, or `NULL` with @error set
 */
WenRecipe *
wen_recipe_new_member (const WenRecipe *self,
                       const char      *entry,
                       GError         **error)
{
  g_autofree char *preset = NULL;
  g_auto (GStrv) keys = NULL;
  g_autoptr (WenRecipe) member = NULL;
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (entry != NULL, NULL);

  preset = wen_cleaning_entry_dup_step (entry);
  member = wen_recipe_new_preset (preset, error);
  if (member == NULL)
    return NULL;
  for (gsize i = 0; i < n_settings; i++)
    if (is_common (settings[i].key))
      {
        g_autofree char *value = wen_recipe_get (self, settings[i].key);

        if (!wen_recipe_set (member, settings[i].key, value, error))
          return NULL;
      }
  keys = wen_cleaning_entry_dup_keys (entry);
  if (keys == NULL)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   /* Translators: %s is a member of an ensemble with its settings, as the user wrote it. */
                   _ ("The settings in “%s” cannot be read: write them like “linear?model.cost=2&tokens.tokenizer=word”."),
                   entry);
      return NULL;
    }
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *value = wen_cleaning_entry_dup_value (entry, keys[i]);

      if (!wen_recipe_set (member, keys[i], value, error))
        return NULL;
    }
  /* A setting can have made it one, so this is looked at last. */
  if (g_str_equal (member->family, "ensemble"))
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   _ ("“%s” is an ensemble itself, so it cannot be a member of one."), entry);
      return NULL;
    }
  if (!wen_recipe_validate_together (member, error))
    return NULL;
  return g_steal_pointer (&member);
}
