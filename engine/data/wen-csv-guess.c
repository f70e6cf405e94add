/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the first rows of a table tell about it: what separates the fields, whether
 * the first row names the columns, and which columns hold texts and labels.  Each
 * guess comes with its reason. */

#include "config.h"

#include "wen-csv-guess-private.h"

#include <string.h>

#include "wen-csv-parser-private.h"
#include "wen-i18n-private.h"

#define SAMPLE_ROWS 500
/* A label is read at a glance. */
#define LONGEST_LABEL 60
#define LONGEST_NAME 40

/* Names are compared in lower case. */
static const char *const text_names[] = {
  "text", "texts", "sentence", "content", "review", "reviews", "comment", "comments", "title", "message", "body",
  "question", "query", "utterance", "document", "description", "tweet", "news", "input", "文本", "文本内容", "评论",
  "评论内容", "内容", "正文", "标题", "句子", "评价", "评价内容", "留言", "问题", "描述", "新闻", "消息", "短信",
};
static const char *const label_names[] = {
  "label", "labels", "class", "category", "categories", "sentiment", "target", "tag", "topic", "intent", "type",
  "polarity", "output", "y", "rating", "score", "标签", "类别", "分类", "类型", "情感", "情感倾向", "意图", "主题", "话题",
  "标注", "结果", "种类", "评分",
};

/* Rows of the beginning of a table.  A last row that the sample may have cut off is
 * left out. */
WenCsvSample *
wen_csv_sample_new (const char *text,
                    gsize       length_bytes,
                    gboolean    whole_file,
                    char        delimiter)
{
  WenCsvSample *sample = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (WenCsvParser) parser = wen_csv_parser_new (delimiter);
  const char *const *fields;
  gsize n_fields;
  guint64 line;

  if (wen_csv_parser_feed (parser, text, length_bytes, whole_file))
    while (sample->len < SAMPLE_ROWS && wen_csv_parser_take_row (parser, &fields, &n_fields, &line))
      g_ptr_array_add (sample, g_strdupv ((char **) fields));
  return sample;
}

static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  guint left = *(const guint *) a;
  guint right = *(const guint *) b;

  return (left > right) - (left < right);
}

/* Share of the rows that have as many fields as most rows, or 0 where that is
 * one field. */
static double
measure_delimiter (const char *text,
                   gsize       length_bytes,
                   gboolean    whole_file,
                   char        delimiter)
{
  g_autoptr (GPtrArray) sample = wen_csv_sample_new (text, length_bytes, whole_file, delimiter);
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint best_run = 0;
  guint best_count = 0;
  guint run = 0;

  for (guint i = 0; i < sample->len; i++)
    {
      guint n_fields = g_strv_length (g_ptr_array_index (sample, i));

      g_array_append_val (counts, n_fields);
    }
  g_array_sort (counts, compare_counts);
  for (guint i = 0; i < counts->len; i++)
    {
      guint count = g_array_index (counts, guint, i);

      run = i > 0 && count == g_array_index (counts, guint, i - 1) ? run + 1 : 1;
      if (run >= best_run)
        {
          best_run = run;
          best_count = count;
        }
    }
  return best_count > 1 ? (double) best_run / (double) counts->len : 0;
}

/* The sign that cuts most rows into the same number of fields; a comma where no
 * sign does. */
char
wen_csv_guess_delimiter (const char *text,
                         gsize       length_bytes,
                         gboolean    whole_file)
{
  static const char delimiters[] = { ',', '\t', ';' };
  char best = delimiters[0];
  double best_share = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      double share = measure_delimiter (text, length_bytes, whole_file, delimiters[i]);

      /* Tabs hardly ever stand in texts, so they win where it is nearly even. */
      if (share > best_share - (delimiters[i] == '\t' ? 0.05 : 0) && share > 0)
        {
          best = delimiters[i];
          best_share = share;
        }
    }
  return best;
}

static gboolean
is_listed (const char        *name,
           const char *const *names,
           gsize              n_names)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);

  g_strstrip (lower);
  for (gsize i = 0; i < n_names; i++)
    if (g_str_equal (lower, names[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_text_name (const char *name)
{
  return is_listed (name, text_names, G_N_ELEMENTS (text_names));
}

static gboolean
is_label_name (const char *name)
{
  return is_listed (name, label_names, G_N_ELEMENTS (label_names));
}

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

/* Whether a row can name columns: nothing empty, nothing twice, no numbers, no
 * long texts. */
static gboolean
looks_like_names (char **row)
{
  for (gsize i = 0; row[i] != NULL; i++)
    {
      if (row[i][0] == '\0' || is_number (row[i]) || g_utf8_strlen (row[i], -1) > LONGEST_NAME)
        return FALSE;
      for (gsize j = 0; j < i; j++)
        if (g_str_equal (row[i], row[j]))
          return FALSE;
    }
  return row[0] != NULL;
}

/* reason: a translated sentence. */
gboolean
wen_csv_guess_header (WenCsvSample  *sample,
                      const char   **reason)
{
  char **row = sample->len > 0 ? g_ptr_array_index (sample, 0) : NULL;

  *reason = _ ("The first row looks like the rows after it, so it is a row too.");
  if (row == NULL)
    return FALSE;

  for (gsize i = 0; row[i] != NULL; i++)
    if (row[i][0] != '\0' && repeats_later (sample, i, row[i]))
      {
        *reason = _ ("A value of the first row occurs again below, so it is a row too.");
        return FALSE;
      }
  if (!looks_like_names (row))
    return FALSE;
  for (gsize i = 0; row[i] != NULL; i++)
    if (is_text_name (row[i]) || is_label_name (row[i]))
      {
        *reason = _ ("The first row has names that columns often have.");
        return TRUE;
      }
  *reason = _ ("The first row has short, different words and no numbers, so it names the columns.");
  return TRUE;
}

typedef struct
{
  double mean_length;  /* in characters */
  double filled_share; /* rows where it is not empty */
  guint  n_distinct;
  guint  n_rows;
} ColumnFigures;

static ColumnFigures
measure_column (WenCsvSample *sample,
                gboolean      has_header,
                gsize         column)
{
  g_autoptr (GHashTable) distinct = g_hash_table_new (g_str_hash, g_str_equal);
  ColumnFigures figures = { 0 };
  guint n_filled = 0;

  for (guint i = has_header ? 1 : 0; i < sample->len; i++)
    {
      const char *field = get_field (g_ptr_array_index (sample, i), column);

      figures.n_rows++;
      if (*field == '\0')
        continue;
      n_filled++;
      figures.mean_length += (double) g_utf8_strlen (field, -1);
      g_hash_table_add (distinct, (gpointer) field);
    }
  figures.n_distinct = g_hash_table_size (distinct);
  figures.mean_length /= MAX (1, n_filled);
  figures.filled_share = (double) n_filled / MAX (1, figures.n_rows);
  return figures;
}

static gboolean
can_be_labels (const ColumnFigures *figures)
{
  return figures->n_distinct >= 1 && figures->mean_length <= LONGEST_LABEL && figures->filled_share > 0.5
         && (figures->n_distinct <= MAX (2, figures->n_rows / 2) || figures->n_rows < 10);
}

static gssize
find_named_column (char   **names,
                   gboolean (*is_name) (const char *name))
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (is_name (names[i]))
      return (gssize) i;
  return -1;
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
  gsize n_columns = first != NULL ? g_strv_length (first) : 0;
  g_autofree ColumnFigures *figures = g_new0 (ColumnFigures, MAX (1, n_columns));

  *text_column = *label_column = -1;
  *text_reason = *label_reason = _ ("Nothing looks like it.");
  for (gsize i = 0; i < n_columns; i++)
    figures[i] = measure_column (sample, has_header, i);

  if (has_header)
    {
      *text_column = find_named_column (first, is_text_name);
      *label_column = find_named_column (first, is_label_name);
      if (*text_column >= 0)
        *text_reason = _ ("Its name is one that texts often have.");
      if (*label_column >= 0)
        *label_reason = _ ("Its name is one that labels often have.");
    }

  if (*text_column < 0)
    {
      for (gsize i = 0; i < n_columns; i++)
        if ((gssize) i != *label_column && figures[i].n_distinct > 0
            && (*text_column < 0 || figures[i].mean_length > figures[*text_column].mean_length))
          *text_column = (gssize) i;
      if (*text_column >= 0)
        *text_reason = _ ("Its values are the longest.");
    }
  if (*label_column < 0)
    {
      for (gsize i = 0; i < n_columns; i++)
        if ((gssize) i != *text_column && can_be_labels (&figures[i])
            && (*label_column < 0 || figures[i].n_distinct < figures[*label_column].n_distinct))
          *label_column = (gssize) i;
      if (*label_column >= 0)
        *label_reason = _ ("It has few different, short values.");
    }
}
