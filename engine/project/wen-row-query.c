/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* DESIGN: searching reads all texts, which takes about half a second for a million
 * short ones, in a thread.  A full-text index would take as long to build with every
 * import as a hundred searches, be as large as the texts once more, and, made of
 * pieces of three characters, not find the words of two that most Chinese words are. */

#include "config.h"

#include "wen-row-query-private.h"

#include <stdlib.h>
#include <string.h>

#define ESCAPE '\\'

static const WenRowFilter none = { .split = WEN_ROW_FILTER_ANY_SPLIT };

static int
compare_ids (const void *a,
             const void *b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

WenRowFilter *
wen_row_filter_copy (const WenRowFilter *filter)
{
  WenRowFilter *copy = g_memdup2 (filter != NULL ? filter : &none, sizeof *copy);

  copy->search = g_strdup (copy->search);
  copy->label = g_strdup (copy->label);
  if (copy->row_ids != NULL)
    {
      gint64 *row_ids = g_memdup2 (copy->row_ids, MAX (1, copy->n_row_ids) * sizeof *row_ids);

      qsort (row_ids, copy->n_row_ids, sizeof *row_ids, compare_ids);
      copy->row_ids = row_ids;
    }
  return copy;
}

void
wen_row_filter_free (WenRowFilter *filter)
{
  g_free ((char *) filter->search);
  g_free ((char *) filter->label);
  g_free ((gint64 *) filter->row_ids);
  g_free (filter);
}

gboolean
wen_row_filter_is_none (const WenRowFilter *filter)
{
  return (filter->search == NULL || *filter->search == '\0') && filter->label == NULL
         && filter->split == WEN_ROW_FILTER_ANY_SPLIT && !filter->in_bin && filter->order == WEN_ROW_ORDER_NUMBER
         && !filter->descending && filter->row_ids == NULL;
}

static const char *
get_order (WenRowOrder order)
{
  switch (order)
    {
    case WEN_ROW_ORDER_TEXT:
      return "texts.text";
    case WEN_ROW_ORDER_LABEL:
      return "labels.name";
    case WEN_ROW_ORDER_SPLIT:
      return "rows.split";
    case WEN_ROW_ORDER_LENGTH:
      return "length (CAST (texts.text AS BLOB))";
    case WEN_ROW_ORDER_NUMBER:
    default:
      return "rows.origin";
    }
}

static gboolean
needs_texts (const WenRowFilter *filter)
{
  return (filter->search != NULL && *filter->search != '\0') || filter->order == WEN_ROW_ORDER_TEXT
         || filter->order == WEN_ROW_ORDER_LENGTH;
}

static char *
make_statement (const WenRowFilter *filter)
{
  GString *sql = g_string_new ("SELECT rows.id FROM rows");
  const char *direction = filter->descending ? "DESC" : "ASC";

  if (needs_texts (filter))
    g_string_append (sql, " JOIN texts ON texts.id = rows.id");
  if (filter->label != NULL || filter->order == WEN_ROW_ORDER_LABEL)
    g_string_append (sql, " LEFT JOIN labels ON labels.id = rows.label_id");
  g_string_append (sql, filter->in_bin ? " WHERE rows.flags & 2" : " WHERE rows.flags & 2 = 0");
  if (filter->search != NULL && *filter->search != '\0')
    g_string_append (sql, " AND texts.text LIKE ?1 ESCAPE '\\'");
  if (filter->label != NULL)
    g_string_append (sql, *filter->label != '\0' ? " AND labels.name = ?2" : " AND rows.label_id IS NULL");
  if (filter->split != WEN_ROW_FILTER_ANY_SPLIT)
    g_string_append (sql, " AND rows.split = ?3");
  g_string_append_printf (sql, " ORDER BY %s %s, rows.id %s", get_order (filter->order), direction, direction);
  return g_string_free (sql, FALSE);
}

/* What LIKE takes for the text anywhere. */
static char *
make_pattern (const char *search)
{
  GString *pattern = g_string_new ("%");

  for (const char *p = search; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == ESCAPE)
        g_string_append_c (pattern, ESCAPE);
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}

static gboolean
is_wanted (const WenRowFilter *filter,
           gint64              row_id)
{
  return filter->row_ids == NULL
         || bsearch (&row_id, filter->row_ids, filter->n_row_ids, sizeof row_id, compare_ids) != NULL;
}

GArray *
wen_row_query_run (WenStore           *store,
                   const WenRowFilter *filter,
                   GError            **error)
{
  g_autofree char *sql = make_statement (filter);
  g_autofree char *pattern = make_pattern (filter->search != NULL ? filter->search : "");
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, sql, error);
  g_autoptr(GArray) row_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  /* A number that the statement does not have is no matter. */
  sqlite3_bind_text (statement, 1, pattern, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, filter->label, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, filter->split);

  while (wen_store_step (store, statement, &has_row, error))
    {
      gint64 row_id;

      if (!has_row)
        return g_steal_pointer (&row_ids);
      row_id = sqlite3_column_int64 (statement, 0);
      if (is_wanted (filter, row_id))
        g_array_append_val (row_ids, row_id);
    }
  return NULL;
}
