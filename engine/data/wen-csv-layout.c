/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What separates the fields of a table, and whether quotes enclose them, as the
 * first rows tell. */

#include "config.h"

#include "wen-csv-guess-private.h"

#include <string.h>

#include "wen-csv-names-private.h"
#include "wen-csv-parser-private.h"
#include "wen-i18n-private.h"

#define SAMPLE_ROWS 500
/* Share of the rows that must agree on a number of columns, where no column has a
 * name that columns often have. */
#define AGREEING_SHARE 0.6
/* Or so many rows have at least two fields: texts with unquoted separators in them. */
#define CUT_SHARE 0.95
/* Tabs hardly ever stand in texts, so they win where it is nearly even. */
#define TAB_ADVANTAGE 0.05

static const char delimiters[] = { ',', '\t', ';' };

/* How well a sign cuts the rows. */
typedef struct
{
  double   agreeing_share; /* rows that have as many fields as most rows have */
  double   cut_share;      /* rows of more than one field */
  guint    n_columns;      /* which number of fields that is */
  guint    n_rows;
  guint    n_enclosed;     /* rows with a field between quotes, read without quoting */
  gboolean has_odd_quotes;
  gboolean has_known_name; /* in the first row, as one of several fields */
  gboolean is_known_name;  /* the first row, as its only field */
} Fit;

static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  guint left = *(const guint *) a;
  guint right = *(const guint *) b;

  return (left > right) - (left < right);
}

/* The number that occurs most often in counts; of equally common ones the largest. */
static void
find_commonest (GArray *counts,
                guint  *commonest,
                guint  *n_times)
{
  guint run = 0;

  *commonest = *n_times = 0;
  g_array_sort (counts, compare_counts);
  for (guint i = 0; i < counts->len; i++)
    {
      guint count = g_array_index (counts, guint, i);

      run = i > 0 && count == g_array_index (counts, guint, i - 1) ? run + 1 : 1;
      if (run >= *n_times)
        {
          *n_times = run;
          *commonest = count;
        }
    }
}

/* Rows of the beginning of a table.  A last row that the sample may have cut off is
 * left out. */
WenCsvSample *
wen_csv_sample_new (const char         *text,
                    gsize               length_bytes,
                    gboolean            whole_file,
                    const WenCsvLayout *layout)
{
  WenCsvSample *sample = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (WenCsvParser) parser = wen_csv_parser_new (layout->delimiter, layout->has_quoting);
  WenCsvRow row;

  if (wen_csv_parser_feed (parser, text, length_bytes, whole_file))
    while (sample->len < SAMPLE_ROWS && wen_csv_parser_take_row (parser, &row))
      g_ptr_array_add (sample, g_strdupv ((char **) row.fields));
  return sample;
}

/* The columns that the first row names; without names, as many as most rows have. */
gsize
wen_csv_sample_count_columns (WenCsvSample *sample,
                              gboolean      has_header)
{
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  guint commonest;
  guint n_times;

  for (guint i = 0; i < (has_header ? MIN (1, sample->len) : sample->len); i++)
    {
      guint n_fields = g_strv_length (g_ptr_array_index (sample, i));

      g_array_append_val (counts, n_fields);
    }
  find_commonest (counts, &commonest, &n_times);
  return commonest;
}

static gboolean
is_enclosed (const char *field)
{
  gsize length_bytes = strlen (field);

  return length_bytes >= 2 && field[0] == '"' && field[length_bytes - 1] == '"';
}

static Fit
measure_layout (const char *text,
                gsize       length_bytes,
                gboolean    whole_file,
                char        delimiter,
                gboolean    has_quoting)
{
  g_autoptr (WenCsvParser) parser = wen_csv_parser_new (delimiter, has_quoting);
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  Fit fit = { 0 };
  WenCsvRow row;
  guint n_agreeing;
  guint n_cut = 0;

  if (!wen_csv_parser_feed (parser, text, length_bytes, FALSE))
    return fit;
  fit.has_odd_quotes = whole_file && wen_csv_parser_is_in_quotes (parser);
  for (gboolean ended = FALSE; counts->len < SAMPLE_ROWS;)
    {
      guint n_fields;
      gboolean enclosed = FALSE;

      if (!wen_csv_parser_take_row (parser, &row))
        {
          if (ended || !whole_file || !wen_csv_parser_feed (parser, "", 0, TRUE))
            break;
          ended = TRUE;
          continue;
        }
      for (gsize i = 0; i < row.n_fields; i++)
        {
          enclosed |= is_enclosed (row.fields[i]);
          if (counts->len == 0 && wen_csv_names_is_known (row.fields[i]))
            *(row.n_fields > 1 ? &fit.has_known_name : &fit.is_known_name) = TRUE;
        }
      n_cut += row.n_fields > 1;
      fit.n_enclosed += enclosed;
      fit.has_odd_quotes |= row.has_odd_quote;
      n_fields = (guint) row.n_fields;
      g_array_append_val (counts, n_fields);
    }
  fit.n_rows = counts->len;
  find_commonest (counts, &fit.n_columns, &n_agreeing);
  fit.agreeing_share = (double) n_agreeing / MAX (1, counts->len);
  fit.cut_share = (double) n_cut / MAX (1, counts->len);
  return fit;
}

static const char *
explain_delimiter (char delimiter)
{
  switch (delimiter)
    {
    case '\t':
      return _ ("Tabs cut the rows most evenly into columns.");
    case ';':
      return _ ("Semicolons cut the rows most evenly into columns.");
    default:
      return _ ("Commas cut the rows most evenly into columns.");
    }
}

/* A sign that cuts no row, where there is one. */
static char
find_unused_delimiter (const char *text,
                       gsize       length_bytes)
{
  static const char candidates[] = { '\t', ';', ',' };

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (memchr (text, candidates[i], length_bytes) == NULL)
      return candidates[i];
  return ',';
}

/* The sign that cuts most rows into the same number of fields. */
static WenCsvLayout
guess_delimiter (const char *text,
                 gsize       length_bytes,
                 gboolean    whole_file)
{
  WenCsvLayout layout = { .has_quoting = TRUE };
  double best = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (delimiters); i++)
    {
      Fit fit = measure_layout (text, length_bytes, whole_file, delimiters[i], TRUE);
      double rating = fit.agreeing_share + (fit.has_known_name ? 1 : 0);

      if (fit.cut_share >= CUT_SHARE)
        rating = MAX (rating, AGREEING_SHARE);
      if (fit.is_known_name || (fit.n_columns < 2 && !fit.has_known_name))
        continue;
      if (rating >= AGREEING_SHARE && rating > best - (delimiters[i] == '\t' ? TAB_ADVANTAGE : 0))
        {
          layout.delimiter = delimiters[i];
          layout.reason = explain_delimiter (delimiters[i]);
          best = rating;
        }
    }
  if (layout.delimiter == 0)
    {
      layout.delimiter = find_unused_delimiter (text, length_bytes);
      layout.reason = _ ("No sign cuts the rows evenly, so there is one column.");
    }
  return layout;
}

/* Some tables are written without any quoting, and a text may begin with a quote
 * that never closes: then quoting would join rows that quotes are no part of. */
static gboolean
is_without_quoting (const char *text,
                    gsize       length_bytes,
                    gboolean    whole_file,
                    char        delimiter)
{
  Fit quoted = measure_layout (text, length_bytes, whole_file, delimiter, TRUE);
  Fit plain;

  if (!quoted.has_odd_quotes)
    return FALSE;
  plain = measure_layout (text, length_bytes, whole_file, delimiter, FALSE);
  return plain.n_rows > quoted.n_rows && plain.n_columns > 1 && plain.agreeing_share >= 1
         && plain.n_enclosed * 10 < plain.n_rows;
}

/* delimiter: the one that was asked for, or 0 to guess it. */
WenCsvLayout
wen_csv_guess_layout (const char *text,
                      gsize       length_bytes,
                      gboolean    whole_file,
                      char        delimiter)
{
  WenCsvLayout layout = { .has_quoting = TRUE, .delimiter = delimiter,
                          .reason = _ ("The separator is the one that was asked for.") };

  if (delimiter == 0)
    layout = guess_delimiter (text, length_bytes, whole_file);
  layout.has_quoting = !is_without_quoting (text, length_bytes, whole_file, layout.delimiter);
  return layout;
}
