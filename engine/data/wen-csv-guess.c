/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the first rows of a table tell about its columns: whether the first row names
 * them, and which of them hold texts and labels.  Each guess comes with its reason. */

#include "config.h"

#include "wen-csv-guess-private.h"

#include <string.h>

#include "wen-csv-names-private.h"
#include "wen-i18n-private.h"

/* A label is read at a glance. */
#define LONGEST_LABEL 60
#define LONGEST_NAME 40
/* Fewer rows say nothing about the first one by being different from it. */
#define ROWS_TO_COMPARE 4
/* How often each value occurs, on average, where there are few different ones. */
#define ROWS_A_VALUE 3
/* How much longer than its name the values of a column of texts are. */
#define LENGTHS_OF_A_NAME 3

typedef struct
{
  double   mean_length;  /* in characters, of those that are not empty */
  glong    shortest;
  double   filled_share; /* rows where it is not empty */
  guint    n_distinct;
  guint    n_rows;
  gboolean is_numeric;   /* all that are not empty */
} ColumnFigures;

static gboolean
is_number (const char *text)
{
  char *end;

  g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static const char *
get_field (char **row,
           gsize  column)
{
  return column < g_strv_length (row) ? row[column] : "";
}

static ColumnFigures
measure_column (WenCsvSample *sample,
                gboolean      has_header,
                gsize         column)
{
  g_autoptr (GHashTable) distinct = g_hash_table_new (g_str_hash, g_str_equal);
  ColumnFigures figures = { .is_numeric = TRUE, .shortest = G_MAXLONG };
  guint n_filled = 0;

  for (guint i = has_header ? 1 : 0; i < sample->len; i++)
    {
      const char *field = get_field (g_ptr_array_index (sample, i), column);
      glong length = g_utf8_strlen (field, -1);

      figures.n_rows++;
      if (length == 0)
        continue;
      n_filled++;
      figures.mean_length += (double) length;
      figures.shortest = MIN (figures.shortest, length);
      figures.is_numeric = figures.is_numeric && is_number (field);
      g_hash_table_add (distinct, (gpointer) field);
    }
  figures.n_distinct = g_hash_table_size (distinct);
  figures.mean_length /= MAX (1, n_filled);
  figures.filled_share = (double) n_filled / MAX (1, figures.n_rows);
  figures.is_numeric = figures.is_numeric && n_filled > 0;
  return figures;
}

static gboolean
repeats_later (WenCsvSample *sample,
               gsize         column,
               const char   *value)
{
  for (guint i = 1; i < sample->len; i++)
    if (g_str_equal (get_field (g_ptr_array_index (sample, i), column), value))
      return TRUE;
  return FALSE;
}

static gboolean
has_value_that_repeats (WenCsvSample *sample,
                        char        **row)
{
  for (gsize i = 0; row[i] != NULL; i++)
    if (row[i][0] != '\0' && repeats_later (sample, i, row[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_short (char **row)
{
  for (gsize i = 0; row[i] != NULL; i++)
    if (g_utf8_strlen (row[i], -1) > LONGEST_NAME)
      return FALSE;
  return TRUE;
}

typedef struct
{
  guint n_filled;
  guint n_known;     /* names that columns often have */
  guint n_with_word; /* names with at least such a word in them */
} NameCounts;

static NameCounts
count_names (char **row)
{
  NameCounts counts = { 0 };

  for (gsize i = 0; row[i] != NULL; i++)
    {
      counts.n_filled += row[i][0] != '\0';
      counts.n_known += wen_csv_names_is_known (row[i]);
      counts.n_with_word += wen_csv_names_rate_text (row[i]) > 0 || wen_csv_names_rate_label (row[i]) > 0;
    }
  return counts;
}

/* In a table of one column, a short text may have such a word in it. */
static gboolean
are_all_names (const NameCounts *counts)
{
  return counts->n_filled > 0
         && (counts->n_known == counts->n_filled
             || (counts->n_with_word == counts->n_filled && counts->n_filled > 1));
}

/* Whether a row can name columns: short, nothing empty, nothing twice, no numbers. */
static gboolean
looks_like_names (char **row)
{
  for (gsize i = 0; row[i] != NULL; i++)
    {
      if (row[i][0] == '\0' || is_number (row[i]))
        return FALSE;
      for (gsize j = 0; j < i; j++)
        if (g_str_equal (row[i], row[j]))
          return FALSE;
    }
  return row[0] != NULL && is_short (row);
}

/* Why the first row is not one of those below it, as a translated sentence, or
 * NULL.  In a table of one column, any text may be different from the others. */
static const char *
find_difference (WenCsvSample *sample,
                 char        **row)
{
  for (gsize i = 0; g_strv_length (row) > 1 && row[i] != NULL; i++)
    {
      ColumnFigures figures = measure_column (sample, TRUE, i);
      glong length = g_utf8_strlen (row[i], -1);

      if (figures.n_rows < ROWS_TO_COMPARE || figures.filled_share < 0.5)
        continue;
      if (figures.is_numeric)
        return _ ("There are numbers below a word of the first row, so it names the columns.");
      if (figures.n_distinct * ROWS_A_VALUE <= figures.n_rows)
        return _ ("A column with few different values has another one in the first row, so it names the columns.");
      if (length < figures.shortest && (double) length * LENGTHS_OF_A_NAME <= figures.mean_length)
        return _ ("The first row has short words above long texts, so it names the columns.");
    }
  return NULL;
}

/* reason: a translated sentence. */
gboolean
wen_csv_guess_header (WenCsvSample  *sample,
                      const char   **reason)
{
  char **row = sample->len > 0 ? g_ptr_array_index (sample, 0) : NULL;
  const char *difference;
  NameCounts counts;

  *reason = _ ("The first row looks like the rows after it, so it is a row too.");
  if (row == NULL)
    return FALSE;

  counts = count_names (row);
  if (are_all_names (&counts))
    {
      *reason = _ ("The first row has names that columns often have.");
      return TRUE;
    }
  if (has_value_that_repeats (sample, row))
    {
      *reason = _ ("A value of the first row occurs again below, so it is a row too.");
      return FALSE;
    }
  if (counts.n_known > 0 && is_short (row))
    {
      *reason = _ ("The first row has names that columns often have.");
      return TRUE;
    }
  if (!looks_like_names (row))
    return FALSE;
  difference = find_difference (sample, row);
  if (difference != NULL)
    *reason = difference;
  return difference != NULL;
}

static gboolean
can_be_labels (const ColumnFigures *figures)
{
  return figures->n_distinct >= 1 && figures->mean_length <= LONGEST_LABEL && figures->filled_share > 0.5
         && (figures->n_distinct <= MAX (2, figures->n_rows / 2) || figures->n_rows < 10);
}

/* A column with one value everywhere says nothing: any other is a better guess. */
static gboolean
is_better_for_labels (const ColumnFigures *candidate,
                      const ColumnFigures *best)
{
  if ((candidate->n_distinct > 1) != (best->n_distinct > 1))
    return candidate->n_distinct > 1;
  return candidate->n_distinct < best->n_distinct;
}

/* Texts are long, and each is different. */
static double
rate_as_texts (const ColumnFigures *figures)
{
  return figures->mean_length * (double) figures->n_distinct / MAX (1, figures->n_rows);
}

/* A name like "text_label" sounds like both, and is that of labels. */
static void
find_named_columns (char   **names,
                    gssize  *text_column,
                    gssize  *label_column)
{
  guint best_text = 0;
  guint best_label = 0;

  for (gsize i = 0; names[i] != NULL; i++)
    {
      guint text = wen_csv_names_rate_text (names[i]);
      guint label = wen_csv_names_rate_label (names[i]);

      if (text > label && text > best_text)
        {
          best_text = text;
          *text_column = (gssize) i;
        }
      else if (label >= text && label > best_label)
        {
          best_label = label;
          *label_column = (gssize) i;
        }
    }
}

/* -1 where nothing fits; the reasons are translated sentences. */
void
wen_csv_guess_columns (WenCsvSample  *sample,
                       gboolean       has_header,
                       gssize        *text_column,
                       gssize        *label_column,
                       const char   **text_reason,
                       const char   **label_reason)
{
  char **first = sample->len > 0 ? g_ptr_array_index (sample, 0) : NULL;
  gsize n_columns = wen_csv_sample_count_columns (sample, has_header);
  g_autofree ColumnFigures *figures = g_new0 (ColumnFigures, MAX (1, n_columns));

  *text_column = *label_column = -1;
  *text_reason = _ ("No column has different texts.");
  *label_reason = _ ("No column has few, short values that repeat.");
  for (gsize i = 0; i < n_columns; i++)
    figures[i] = measure_column (sample, has_header, i);

  if (has_header && first != NULL)
    {
      find_named_columns (first, text_column, label_column);
      if (*text_column >= 0)
        *text_reason = _ ("Its name is one that texts often have.");
      if (*label_column >= 0)
        *label_reason = _ ("Its name is one that labels often have.");
    }

  if (*text_column < 0)
    {
      for (gsize i = 0; i < n_columns; i++)
        if ((gssize) i != *label_column && figures[i].n_distinct > 0
            && (*text_column < 0 || rate_as_texts (&figures[i]) > rate_as_texts (&figures[*text_column])))
          *text_column = (gssize) i;
      if (*text_column >= 0)
        *text_reason = _ ("Its values are the longest and differ most.");
    }
  if (*label_column < 0)
    {
      for (gsize i = 0; i < n_columns; i++)
        if ((gssize) i != *text_column && can_be_labels (&figures[i])
            && (*label_column < 0 || is_better_for_labels (&figures[i], &figures[*label_column])))
          *label_column = (gssize) i;
      if (*label_column >= 0)
        *label_reason = _ ("It has few different, short values.");
    }
}
