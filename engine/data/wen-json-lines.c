/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables of which each row is a JSON object on a line of its own, as CSV: what reads
 * CSV then reads them too, block by block.
 *
 * The members of the objects that the first block has are the columns.  A member
 * that only a later object has becomes a field beyond the last column, so that it is
 * counted and not lost silently.  A line that is no object is left out and counted. */

#include "config.h"

#include "wen-json-lines-private.h"

#include <string.h>

#include "wen-csv-parser-private.h"
#include "wen-json-private.h"

struct _WenJsonLines
{
  GString    *pending;     /* the beginning of a line that the last block cut off */
  GPtrArray  *columns;     /* names, in the order of their first use */
  GHashTable *column_ids;  /* name, borrowed, to index + 1 */
  gboolean    has_header;  /* it was written */
  guint64     line;
  guint64     n_rows;
  guint64     n_bad;
  guint64     first_bad_line;
};

static JsonNode *
parse_line (const char *line,
            gsize       length_bytes)
{
  g_autoptr (JsonNode) node = wen_json_parse (line, length_bytes, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

/* Whether a text begins like JSON Lines: with an object on a line of its own. */
gboolean
wen_json_lines_detect (const char *text,
                       gsize       length_bytes,
                       gboolean    whole_file)
{
  const char *end = text + length_bytes;
  const char *line_end;
  g_autoptr (JsonNode) node = NULL;

  while (text < end && g_ascii_isspace (*text))
    text++;
  if (text == end || *text != '{')
    return FALSE;
  line_end = memchr (text, '\n', (gsize) (end - text));
  if (line_end == NULL && !whole_file)
    {
      for (text++; text < end && g_ascii_isspace (*text);)
        text++;
      return text < end && *text == '"';
    }
  node = parse_line (text, (gsize) ((line_end != NULL ? line_end : end) - text));
  return node != NULL && json_object_get_size (json_node_get_object (node)) > 0;
}

WenJsonLines *
wen_json_lines_new (void)
{
  WenJsonLines *self = g_new0 (WenJsonLines, 1);

  self->pending = g_string_new (NULL);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->column_ids = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
wen_json_lines_free (WenJsonLines *self)
{
  g_string_free (self->pending, TRUE);
  g_hash_table_unref (self->column_ids);
  g_ptr_array_unref (self->columns);
  g_free (self);
}

/* json-glib lets some escapes of half a surrogate pair become what is no UTF-8. */
static void
append_field (GString    *csv,
              const char *text)
{
  g_autofree char *valid = g_utf8_validate (text, -1, NULL) ? NULL : g_utf8_make_valid (text, -1);

  wen_csv_append_field (csv, valid != NULL ? valid : text);
}

/* A string as it is; nothing for null; anything else as JSON writes it.  The quotes are
 * there always: an empty line would be no row. */
static void
append_value (GString  *csv,
              JsonNode *value)
{
  g_autofree char *json = NULL;

  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    {
      append_field (csv, "");
      return;
    }
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    {
      append_field (csv, json_node_get_string (value));
      return;
    }
  json = json_to_string (value, FALSE);
  append_field (csv, json);
}

static void
append_row (WenJsonLines *self,
            JsonObject   *object,
            GString      *csv)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (guint i = 0; i < self->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (csv, ',');
      append_value (csv, json_object_get_member (object, g_ptr_array_index (self->columns, i)));
    }
  for (GList *name = names; name != NULL; name = name->next)
    if (!g_hash_table_contains (self->column_ids, name->data))
      {
        g_string_append_c (csv, ',');
        append_value (csv, json_object_get_member (object, name->data));
      }
  g_string_append_c (csv, '\n');
  self->n_rows++;
}

static void
add_columns (WenJsonLines *self,
             JsonObject   *object)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *name = names; name != NULL; name = name->next)
    if (!g_hash_table_contains (self->column_ids, name->data))
      {
        g_ptr_array_add (self->columns, g_strdup (name->data));
        g_hash_table_add (self->column_ids, g_ptr_array_index (self->columns, self->columns->len - 1));
      }
}

static void
append_header (WenJsonLines *self,
               GString      *csv)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (csv, ',');
      append_field (csv, g_ptr_array_index (self->columns, i));
    }
  g_string_append_c (csv, '\n');
  self->has_header = TRUE;
}

static gboolean
is_blank (const char *line,
          gsize       length_bytes)
{
  for (gsize i = 0; i < length_bytes; i++)
    if (!g_ascii_isspace (line[i]))
      return FALSE;
  return TRUE;
}

/* Appends whole lines to csv; the header goes before the first of them.  is_last: no
 * more text follows. */
void
wen_json_lines_convert (WenJsonLines *self,
                        const char   *text,
                        gsize         length_bytes,
                        gboolean      is_last,
                        GString      *csv)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  const char *line;
  const char *line_end;
  const char *end;

  g_string_append_len (self->pending, text, (gssize) length_bytes);
  line = self->pending->str;
  end = line + self->pending->len;
  while ((line_end = memchr (line, '\n', (gsize) (end - line))) != NULL || (is_last && line < end))
    {
      gsize line_bytes = (gsize) ((line_end != NULL ? line_end : end) - line);
      JsonNode *node = parse_line (line, line_bytes);

      self->line++;
      if (node != NULL)
        g_ptr_array_add (nodes, node);
      else if (!is_blank (line, line_bytes) && self->n_bad++ == 0)
        self->first_bad_line = self->line;
      line = line_end != NULL ? line_end + 1 : end;
    }
  g_string_erase (self->pending, 0, line - self->pending->str);

  if (nodes->len > 0 && !self->has_header)
    {
      for (guint i = 0; i < nodes->len; i++)
        add_columns (self, json_node_get_object (g_ptr_array_index (nodes, i)));
      append_header (self, csv);
    }
  for (guint i = 0; i < nodes->len; i++)
    append_row (self, json_node_get_object (g_ptr_array_index (nodes, i)), csv);
}

/* Rows so far, the header not among them. */
guint64
wen_json_lines_get_n_rows (WenJsonLines *self)
{
  return self->n_rows;
}

/* Lines that were left out so far, and the first of them. */
guint64
wen_json_lines_get_n_bad (WenJsonLines *self,
                          guint64      *first_line)
{
  *first_line = self->first_bad_line;
  return self->n_bad;
}
