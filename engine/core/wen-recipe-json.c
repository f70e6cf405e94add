/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Recipes as JSON: an object with an object for each section. */

#include "config.h"

#include "wen-recipe-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "wen-i18n-private.h"

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
          json_builder_add_string_value (builder, names[i]);
        json_builder_end_array (builder);
        break;
      }
    case WEN_SETTING_CHOICE:
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
  json_builder_set_member_name (builder, "preset");
  json_builder_add_string_value (builder, self->preset);

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

static char *
json_value_to_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      g_autoptr (GPtrArray) names = g_ptr_array_new ();

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *item = json_array_get_element (array, i);

          if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
            return NULL;
          g_ptr_array_add (names, (gpointer) json_node_get_string (item));
        }
      g_ptr_array_add (names, NULL);
      return g_strjoinv (",", (char **) names->pdata);
    }
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

static JsonObject *
parse_object (JsonParser *parser,
              const char *json,
              GError    **error)
{
  g_autoptr (GError) parse_error = NULL;
  JsonNode *root;

  if (!json_parser_load_from_data (parser, json, -1, &parse_error))
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                   _ ("The recipe is not JSON: %s"), parse_error->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                           _ ("The recipe is not a JSON object."));
      return NULL;
    }
  return json_node_get_object (root);
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
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (WenRecipe) self = NULL;
  const char *preset = wen_recipe_list_presets ()[0];
  JsonObject *object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_return_val_if_fail (json != NULL, NULL);

  object = parse_object (parser, json, error);
  if (object == NULL)
    return NULL;

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
