/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading JSON from files that anybody may have written: nesting is limited
 * before the recursive parser sees it, and members are asked for by type.  And
 * writing members. */

#include "config.h"

#include "wen-json-private.h"

#include "wen-i18n-private.h"

#include <math.h>
#include <string.h>

/* Our files nest four deep.  The parser recurses, so depth costs stack. */
#define MAXIMUM_DEPTH 64

/* All that JSON has outside of strings.  The parser also takes comments and single
 * quotation marks, in which a bracket or a quotation mark would mean something else
 * than it does here, so that nesting could hide from us. */
#define OUTSIDE_STRINGS "[]{}:,+-.0123456789truefalsnE \t\r\n"

/* The number of \uXXXX that stands at text, or -1. */
static gint
read_escape (const char *text,
             gsize       length_bytes)
{
  gint number = 0;

  if (length_bytes < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (gsize i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return -1;
      number = number * 16 + g_ascii_xdigit_value (text[i]);
    }
  return number;
}

/* The bytes of what a backslash begins; 0 where that is half of a character beyond the
 * first 65536, without the other half: no UTF-8 can hold that. */
static gsize
measure_escape (const char *text,
                gsize       length_bytes)
{
  gint number = read_escape (text, length_bytes);
  gint next;

  if (number < 0xD800 || number > 0xDFFF)
    return 2;
  next = read_escape (text + 6, length_bytes - 6);
  return number <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF ? 12 : 0;
}

static const char *
find_fault (const char *text,
            gsize       length_bytes)
{
  gsize depth = 0;
  gboolean in_string = FALSE;
  gboolean closed = FALSE;

  for (gsize i = 0; i < length_bytes; i++)
    {
      char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            {
              gsize n_bytes = measure_escape (text + i, length_bytes - i);

              if (n_bytes == 0)
                return _ ("it holds half of a character, such as \\ud800 alone");
              i += n_bytes - 1;
            }
          else if (c == '"')
            in_string = FALSE;
          continue;
        }
      if (c == '\0' || (c != '"' && strchr (OUTSIDE_STRINGS, c) == NULL))
        return _ ("it holds something that JSON does not have, such as a comment");
      if (closed && !g_ascii_isspace (c))
        return _ ("something follows its end");

      if (c == '"')
        in_string = TRUE;
      else if ((c == '[' || c == '{') && ++depth > MAXIMUM_DEPTH)
        return _ ("it is nested too deeply");
      else if ((c == ']' || c == '}') && depth > 0)
        closed = --depth == 0;
    }
  return NULL;
}

/* Parses JSON that may be hostile.  NULL with error set where it is not JSON,
 * not UTF-8, empty, or nested deeper than anything of ours.  A byte order mark, which
 * some editors put in front, is passed over. */
JsonNode *
wen_json_parse (const char *text,
                gsize       length_bytes,
                GError    **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;
  const char *fault;

  if (length_bytes >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length_bytes -= 3;
    }
  fault = g_utf8_validate_len (text, length_bytes, NULL) ? find_fault (text, length_bytes) : _ ("it is not UTF-8");
  if (fault != NULL)
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA, fault);
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length_bytes, &parse_error))
    {
      /* It may show a part of the text, and end within a character. */
      g_autofree char *shown = g_utf8_make_valid (parse_error->message, -1);

      g_set_error_literal (error, parse_error->domain, parse_error->code, shown);
      return NULL;
    }
  if (json_parser_get_root (parser) == NULL)
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                           _ ("it is empty"));
      return NULL;
    }
  return json_node_ref (json_parser_get_root (parser));
}

/* The object of a node, or NULL where it holds something else. */
JsonObject *
wen_json_get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonObject *
wen_json_get_object_member (JsonObject *object,
                            const char *name)
{
  return wen_json_get_object (json_object_get_member (object, name));
}

JsonArray *
wen_json_get_array_member (JsonObject *object,
                           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
holds_value_of_type (JsonNode *node,
                     GType     type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

const char *
wen_json_get_string_member (JsonObject *object,
                            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return holds_value_of_type (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

gboolean
wen_json_get_int_member (JsonObject *object,
                         const char *name,
                         gint64     *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (!holds_value_of_type (node, G_TYPE_INT64))
    return FALSE;
  *value = json_node_get_int (node);
  return TRUE;
}

gboolean
wen_json_get_boolean_member (JsonObject *object,
                             const char *name,
                             gboolean   *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (!holds_value_of_type (node, G_TYPE_BOOLEAN))
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

void
wen_json_add_string (JsonBuilder *builder,
                     const char  *name,
                     const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
wen_json_add_int (JsonBuilder *builder,
                  const char  *name,
                  gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* What is not finite becomes null: JSON has no word for it. */
void
wen_json_add_double (JsonBuilder *builder,
                     const char  *name,
                     double       value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
wen_json_add_boolean (JsonBuilder *builder,
                      const char  *name,
                      gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/* json: known to be good, or NULL. */
void
wen_json_add_json (JsonBuilder *builder,
                   const char  *name,
                   const char  *json)
{
  json_builder_set_member_name (builder, name);
  if (json != NULL)
    json_builder_add_value (builder, json_from_string (json, NULL));
  else
    json_builder_add_null_value (builder);
}
