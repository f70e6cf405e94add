/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same table in every encoding, with every separator, line end and way of
 * quoting: all must be guessed, and give the same rows.  The encodings are made by
 * iconv, which the reader does not use. */

#include "config.h"

#include "data-testing.h"

typedef struct
{
  const char *charset;  /* for iconv */
  const char *mark;
  gsize       mark_bytes;
  const char *expected; /* what the reader is to say */
} Encoding;

static const Encoding encodings[] = {
  { "UTF-8", "", 0, "UTF-8" },
  { "UTF-8", "\xef\xbb\xbf", 3, "UTF-8" },
  { "UTF-16LE", "\xff\xfe", 2, "UTF-16LE" },
  { "UTF-16BE", "\xfe\xff", 2, "UTF-16BE" },
  { "UTF-16LE", "", 0, "UTF-16LE" },
  { "UTF-16BE", "", 0, "UTF-16BE" },
  { "GB18030", "", 0, "GB18030" },
};

static const char delimiters[] = { ',', ';', '\t' };
static const char *const line_ends[] = { "\n", "\r\n", "\r" };

/* Text and label: what quoting is for, what it is not for, and characters of two
 * and four bytes. */
static const char *const rows[][2] = {
  { "text", "label" },
  { "房间很干净，早餐也好。", "正面" },
  { "等了两个小时；饭都凉了", "负面" },
  { "味道,一般;可以\t再试", "中性" },
  { "他说\"好吃\"，我也觉得", "正面" },
  { "第一行\n第二行", "中性" },
  { "", "负面" },
  { "  spaces stay  ", "正面" },
  { "\"引号开头", "负面" },
  { "送餐很快😀谢谢", "正面" },
  { "The food was cold, and late.", "负面" },
  { "还行吧", "" },
};

static void
append_field (GString    *table,
              const char *field,
              char        delimiter,
              gboolean    quote_all)
{
  const char special[] = { delimiter, '"', '\n', '\r', '\0' };

  if (!quote_all && strpbrk (field, special) == NULL)
    {
      g_string_append (table, field);
      return;
    }
  g_string_append_c (table, '"');
  for (; *field != '\0'; field++)
    {
      if (*field == '"')
        g_string_append_c (table, '"');
      g_string_append_c (table, *field);
    }
  g_string_append_c (table, '"');
}

static GString *
write_table (char        delimiter,
             const char *line_end,
             gboolean    quote_all,
             gboolean    ends_with_line_end,
             guint       n_times)
{
  GString *table = g_string_new (NULL);

  for (guint time = 0; time < n_times; time++)
    for (gsize i = time == 0 ? 0 : 1; i < G_N_ELEMENTS (rows); i++)
      {
        append_field (table, rows[i][0], delimiter, quote_all);
        g_string_append_c (table, delimiter);
        append_field (table, rows[i][1], delimiter, quote_all);
        g_string_append (table, line_end);
      }
  if (!ends_with_line_end)
    g_string_truncate (table, table->len - strlen (line_end));
  return table;
}

static void
check_rows (WenCsvReader *reader,
            guint         n_times)
{
  g_autoptr (GPtrArray) read = read_rows (reader);
  g_auto (GStrv) warnings = wen_csv_reader_dup_warnings (reader);

  g_assert_cmpuint (read->len, ==, n_times * (G_N_ELEMENTS (rows) - 1));
  for (guint i = 0; i < read->len; i++)
    {
      char **fields = g_ptr_array_index (read, i);

      g_assert_cmpuint (g_strv_length (fields), ==, 2);
      g_assert_cmpstr (fields[0], ==, rows[1 + i % (G_N_ELEMENTS (rows) - 1)][0]);
      g_assert_cmpstr (fields[1], ==, rows[1 + i % (G_N_ELEMENTS (rows) - 1)][1]);
    }
  g_assert_null (warnings[0]);
}

static void
check_table (const Encoding *encoding,
             char            delimiter,
             const GString  *table,
             guint           n_times)
{
  g_autoptr (WenCsvReader) reader = NULL;
  g_autoptr (GString) bytes = g_string_new_len (encoding->mark, (gssize) encoding->mark_bytes);
  g_autoptr (GError) error = NULL;
  g_autofree char *converted = NULL;
  gsize n_converted;
  gssize text_column;
  gssize label_column;

  converted = g_convert (table->str, (gssize) table->len, encoding->charset, "UTF-8", NULL, &n_converted, &error);
  g_assert_no_error (error);
  g_string_append_len (bytes, converted, (gssize) n_converted);

  reader = open_bytes_with (bytes->str, bytes->len, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (wen_csv_reader_get_encoding (reader), ==, encoding->expected);
  g_assert_cmpint (wen_csv_reader_get_delimiter (reader), ==, delimiter);
  g_assert_true (wen_csv_reader_get_has_header (reader));
  g_assert_cmpstr (wen_csv_reader_get_columns (reader)[0], ==, "text");
  g_assert_cmpstr (wen_csv_reader_get_columns (reader)[1], ==, "label");
  wen_csv_reader_guess_columns (reader, &text_column, &label_column, NULL, NULL);
  g_assert_cmpint (text_column, ==, 0);
  g_assert_cmpint (label_column, ==, 1);
  check_rows (reader, n_times);
}

static void
test_all (void)
{
  guint n_tables = 0;

  for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++)
    for (gsize d = 0; d < G_N_ELEMENTS (delimiters); d++)
      for (gsize l = 0; l < G_N_ELEMENTS (line_ends); l++)
        for (guint style = 0; style < 4; style++)
          {
            g_autoptr (GString) table = write_table (delimiters[d], line_ends[l], style & 1, (style & 2) != 0, 1);

            g_test_message ("%s, mark of %zu bytes, separator %d, line end %zu, style %u", encodings[e].charset,
                            encodings[e].mark_bytes, delimiters[d], l, style);
            check_table (&encodings[e], delimiters[d], table, 1);
            n_tables++;
          }
  g_assert_cmpuint (n_tables, ==, 252);
}

/* Larger than the sample and many blocks: every kind of thing is cut somewhere. */
static void
test_many_blocks (void)
{
  for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++)
    for (gsize l = 0; l < G_N_ELEMENTS (line_ends); l++)
      {
        g_autoptr (GString) table = write_table (';', line_ends[l], FALSE, TRUE, 3000);

        g_assert_cmpuint (table->len, >, 700 * 1000);
        check_table (&encodings[e], ';', table, 3000);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/csv-combinations/all", test_all);
  g_test_add_func ("/wen/data/csv-combinations/many-blocks", test_many_blocks);

  return g_test_run ();
}
