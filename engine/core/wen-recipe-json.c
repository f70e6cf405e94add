/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Recipes as JSON: an object with an object for each section. */

#include "config.h"

#include "wen-recipe-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "wen-cleaning-entry.h"
#include "wen-i18n-private.h"
#include "wen-json-private.h"

/* In an entry of the cleaning with settings, beside these. */
#define STEP_MEMBER "step"

/* A plain name as a string, an entry with settings as an object. */
static void
add_entry (JsonBuilder *builder,
           const char  *entry)
{
  g_auto (GStrv) keys = wen_cleaning_entry_dup_keys (entry);
  g_autofree char *step = wen_cleaning_entry_dup_step (entry);

  if (keys == NULL || keys[0] == NULL)
    {
      json_builder_add_string_value (builder, entry);
      return;
    }
  json_builder_begin_object (builder);
  wen_json_add_string (builder, STEP_MEMBER, step);
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *value = wen_cleaning_entry_dup_value (entry, keys[i]);

      wen_json_add_string (builder, keys[i], value);
    }
  json_builder_end_object (builder);
}

static void
add_setting_to_json (JsonBuilder      *builder,
                     const WenRecipe  *self,
                     const WenSetting *setting)
{
  g_autofree char *text = wen_recipe_get (self, setting->key);

  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
      json_builder_add_int_value (builder, g_ascii_strtoll (text, NULL, 10));
      break;
    case WEN_SETTING_NUMBER:
      json_builder_add_double_value (builder, g_ascii_strtod (text, NULL));
      break;
    case WEN_SETTING_YES_NO:
      json_builder_add_boolean_value (builder, WEN_RECIPE_FIELD (self, setting, gboolean));
      break;
    case WEN_SETTING_LIST:
      {
        char **names = WEN_RECIPE_FIELD (self, setting, char **);

        json_builder_begin_array (builder);
        for (gsize i = 0; names[i] != NULL; i++)
          add_entry (builder, names[i]);
        json_builder_end_array (builder);
        break;
      }
    case WEN_SETTING_CHOICE:
    case WEN_SETTING_TEXT:
    default:
      json_builder_add_string_value (builder, text);
      break;
    }
}

/**
 * wen_recipe_to_json:
 * @self: a recipe
 *
 * Writes a recipe as one JSON object with an object for each section.
 *
 * Returns: (transfer full): JSON
 */
char *
wen_recipe_to_json (const WenRecipe *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *section = NULL;
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);

  g_return_val_if_fail (self != NULL, NULL);

  json_builder_begin_object (builder);
  wen_json_add_string (builder, "preset", self->preset);

  for (gsize i = 0; i < n_settings; i++)
    {
      const char *dot = strchr (settings[i].key, '.');

      if (dot != NULL)
        {
          g_autofree char *name = g_strndup (settings[i].key, dot - settings[i].key);

          if (g_strcmp0 (name, section) != 0)
            {
              if (section != NULL)
                json_builder_end_object (builder);
              json_builder_set_member_name (builder, name);
              json_builder_begin_object (builder);
              g_free (section);
              section = g_steal_pointer (&name);
            }
        }
      json_builder_set_member_name (builder, dot != NULL ? dot + 1 : settings[i].key);
      add_setting_to_json (builder, self, &settings[i]);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

static char *json_value_to_text (JsonNode *node);

/* An entry of the cleaning that is an object; NULL where it is none. */
static char *
json_object_to_entry (JsonObject *object)
{
  JsonNode *step = json_object_get_member (object, STEP_MEMBER);
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;
  g_autofree char *entry = NULL;

  if (step == NULL || !JSON_NODE_HOLDS_VALUE (step) || json_node_get_value_type (step) != G_TYPE_STRING)
    return NULL;
  entry = json_node_dup_string (step);
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &node))
    {
      g_autofree char *value = JSON_NODE_HOLDS_VALUE (node) ? json_value_to_text (node) : NULL;
      char *longer;

      if (g_str_equal (key, STEP_MEMBER))
        continue;
      if (value == NULL)
        return NULL;
      longer = wen_cleaning_entry_set_value (entry, key, value);
      g_free (entry);
      entry = longer;
    }
  return g_steal_pointer (&entry);
}

static char *
json_array_to_text (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);
      g_autofree char *entry = NULL;

      if (JSON_NODE_HOLDS_OBJECT (item))
        entry = json_object_to_entry (json_node_get_object (item));
      else if (JSON_NODE_HOLDS_VALUE (item) && json_node_get_value_type (item) == G_TYPE_STRING)
        entry = json_node_dup_string (item);
      if (entry == NULL)
        return NULL;
      g_strv_builder_add (builder, entry);
    }
  names = g_strv_builder_end (builder);
  return g_strjoinv (",", names);
}

static char *
json_value_to_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_to_text (json_node_get_array (node));
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return wen_recipe_number_to_text (json_node_get_double (node));
}

static gboolean
set_from_json (WenRecipe  *self,
               const char *key,
               JsonNode   *node,
               GError    **error)
{
  const WenSetting *setting = wen_recipe_find_setting (key);
  g_autofree char *text = json_value_to_text (node);

  if (setting != NULL && (text == NULL || (setting->kind == WEN_SETTING_LIST) != JSON_NODE_HOLDS_ARRAY (node)))
    {
      g_autofree char *json = json_to_string (node, FALSE);

      return wen_recipe_refuse_value (setting, json, error);
    }
  return wen_recipe_set (self, key, text != NULL ? text : "", error);
}

static gboolean
set_section_from_json (WenRecipe  *self,
                       const char *section,
                       JsonObject *object,
                       GError    **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *key = g_strconcat (section, ".", name, NULL);

      if (!set_from_json (self, key, node, error))
        return FALSE;
    }
  return TRUE;
}

static JsonNode *
parse_object (const char *json,
              GError    **error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (JsonNode) root = wen_json_parse (json, strlen (json), &parse_error);

  if (root == NULL)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                   _ ("The recipe is not JSON: %s"), parse_error->message);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                           _ ("The recipe is not a JSON object."));
      return NULL;
    }
  return g_steal_pointer (&root);
}

/**
 * wen_recipe_new_from_json:
 * @json: what wen_recipe_to_json() writes; what it leaves out is as in its preset,
 *   or in the default one
 * @error: return location for an error
 *
 * Reads a recipe.
 *
 * Sets `WEN_RECIPE_ERROR_PARSE` for what is no JSON object,
 * `WEN_RECIPE_ERROR_UNKNOWN_KEY` for a setting that does not exist, and
 * `WEN_RECIPE_ERROR_OUT_OF_RANGE`, each naming the key.
 *
 * Returns: (transfer full) (nullable): a recipe that wen_recipe_validate()
 *   approves of, or `NULL` with @error set
 */
WenRecipe *
wen_recipe_new_from_json (const char *json,
                          GError    **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (WenRecipe) self = NULL;
  const char *preset = wen_recipe_list_presets ()[0];
  JsonObject *object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_return_val_if_fail (json != NULL, NULL);

  root = parse_object (json, error);
  if (root == NULL)
    return NULL;
  object = json_node_get_object (root);

  node = json_object_get_member (object, "preset");
  if (node != NULL)
    preset = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
               ? json_node_get_string (node)
               : "";
  self = wen_recipe_new_preset (preset, error);
  if (self == NULL)
    return NULL;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (g_str_equal (name, "preset"))
        continue;
      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          if (!set_section_from_json (self, name, json_node_get_object (node), error))
            return NULL;
        }
      else if (!set_from_json (self, name, node, error))
        {
          return NULL;
        }
    }
  if (!wen_recipe_validate_together (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
