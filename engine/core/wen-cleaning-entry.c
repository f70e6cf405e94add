/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Entries of a recipe's lists: an id, and settings behind it, written like the query of
 * a web address.
 *
 * The functions bear the name of the list that had them first, that of cleaning steps:
 * "digits?become=zero".  Members of an ensemble are written the same way, a preset and
 * what differs from it: "linear?tokens.tokenizer=word"; see wen-recipe-member.c. */

#include "config.h"

#include "wen-cleaning-entry.h"

#include <string.h>

static GHashTable *
parse_settings (const char *entry)
{
  const char *mark = strchr (entry, '?');

  return g_uri_parse_params (mark != NULL ? mark + 1 : "", -1, "&", G_URI_PARAMS_NONE, NULL);
}

static GList *
list_sorted_keys (GHashTable *settings)
{
  return g_list_sort (g_hash_table_get_keys (settings), (GCompareFunc) strcmp);
}

/**
 * wen_cleaning_entry_dup_step:
 * @entry: an entry
 *
 * Gets which step an entry is about.
 *
 * Returns: (transfer full): the id of the step
 */
char *
wen_cleaning_entry_dup_step (const char *entry)
{
  g_return_val_if_fail (entry != NULL, NULL);

  return g_strndup (entry, strcspn (entry, "?"));
}

/**
 * wen_cleaning_entry_dup_keys:
 * @entry: an entry
 *
 * Lists the settings that an entry gives.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): their ids in the order
 *   of the alphabet, or `NULL` where the settings cannot be read
 */
char **
wen_cleaning_entry_dup_keys (const char *entry)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GList) keys = NULL;

  g_return_val_if_fail (entry != NULL, NULL);

  settings = parse_settings (entry);
  if (settings == NULL)
    return NULL;
  keys = list_sorted_keys (settings);
  for (GList *key = keys; key != NULL; key = key->next)
    g_strv_builder_add (builder, key->data);
  return g_strv_builder_end (builder);
}

/**
 * wen_cleaning_entry_dup_value:
 * @entry: an entry
 * @key: the id of a setting
 *
 * Gets the value that an entry gives to a setting.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` where it gives none
 */
char *
wen_cleaning_entry_dup_value (const char *entry,
                              const char *key)
{
  g_autoptr (GHashTable) settings = NULL;

  g_return_val_if_fail (entry != NULL && key != NULL, NULL);

  settings = parse_settings (entry);
  return settings != NULL ? g_strdup (g_hash_table_lookup (settings, key)) : NULL;
}

/**
 * wen_cleaning_entry_set_value:
 * @entry: an entry
 * @key: the id of a setting
 * @value: (nullable): its value, or `NULL` for the default one
 *
 * Makes an entry that differs in one setting.
 *
 * Returns: (transfer full): the new entry
 */
char *
wen_cleaning_entry_set_value (const char *entry,
                              const char *key,
                              const char *value)
{
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GList) keys = NULL;
  GString *made;

  g_return_val_if_fail (entry != NULL && key != NULL, NULL);

  settings = parse_settings (entry);
  if (settings == NULL)
    settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (value != NULL)
    g_hash_table_replace (settings, g_strdup (key), g_strdup (value));
  else
    g_hash_table_remove (settings, key);

  made = g_string_new_len (entry, (gssize) strcspn (entry, "?"));
  keys = list_sorted_keys (settings);
  for (GList *k = keys; k != NULL; k = k->next)
    {
      g_string_append_c (made, k == keys ? '?' : '&');
      g_string_append (made, k->data);
      g_string_append_c (made, '=');
      g_string_append_uri_escaped (made, g_hash_table_lookup (settings, k->data), NULL, TRUE);
    }
  return g_string_free (made, FALSE);
}
