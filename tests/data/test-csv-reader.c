/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables that are not as they should be: what is repaired, what is refused, and
 * what is said about it. */

#include "config.h"

#include "data-testing.h"

static char *
describe_rows (GPtrArray *rows)
{
  GString *description = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *fields = g_strjoinv ("|", g_ptr_array_index (rows, i));

      g_string_append_printf (description, "%s%s", i > 0 ? "/" : "", fields);
    }
  return g_string_free (description, FALSE);
}

typedef struct
{
  const char *table;
  const char *rows;    /* fields with "|" between them, rows with "/" */
  const char *warning; /* part of the only one, or NULL for none */
} Case;

/* All of them have the columns a and b, separated by a comma. */
static const Case cases[] = {
  { "a,b\n1,2", "1|2", NULL },
  { "a,b\n1,2\n\n\r\n3,4\n\n", "1|2/3|4", NULL },
  { "a,b\r\n1,2\n3,4\r5,6", "1|2/3|4/5|6", NULL },
  { "a,b\n 1 ,\t2 \n", " 1 |\t2 ", NULL },
  { "a,b\n1\n3,4\n5\n", "1|/3|4/5|", "2 rows have fewer fields than there are columns, first row 1." },
  { "a,b\n1,2\n3,4,5\n", "1|2/3|4|5", "1 row has more fields than there are columns: row 2." },
  { "a,b\n1,2,,\n3,4,,,,\n", "1|2||/3|4||||", NULL },
  { "a,b\n\"\",\"\"\n", "|", NULL },
  { "a,b\n,\n", "|", NULL },
  { "a,b\n\"1,\n\n\"\"x\"\"\",2\n", "1,\n\n\"x\"|2", NULL },
  { "a,b\n1,x\xffy\n2,\xe4\xbd\n", "1|x\xef\xbf\xbdy/2|\xef\xbf\xbd\xef\xbf\xbd",
    "2 rows have characters that cannot be read, shown as �, first row 1." },
  { "a,b\n1,say \"hi\"\n2,3\n", "1|say \"hi\"/2|3", "1 row has quotation marks inside a field" },
  { "a,b\n\"she said \"hi\" to me\",2\n3,4\n", "she said \"hi\" to me|2/3|4",
    "1 row has quotation marks inside a field" },
  { "a,b\n1,2\n3,\"4\n5,6\n7\n", "1|2/3|4\n5,6\n7\n", "Row 2, the last, has a quote that is never closed" },
};

static void
test_cases (void)
{
  const WenCsvOptions options = { "UTF-8", ',', WEN_CSV_HEADER_YES };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenCsvReader) reader = open_bytes_with (cases[i].table, strlen (cases[i].table), &options, &error);
      g_autoptr (GPtrArray) rows = NULL;
      g_autofree char *description = NULL;
      g_autofree char *escaped = g_strescape (cases[i].table, NULL);
      g_auto (GStrv) warnings = NULL;

      g_test_message ("%s", escaped);
      g_assert_no_error (error);
      rows = read_rows (reader);
      description = describe_rows (rows);
      warnings = wen_csv_reader_dup_warnings (reader);
      g_assert_cmpstr (description, ==, cases[i].rows);
      if (cases[i].warning == NULL)
        g_assert_cmpstr (warnings[0], ==, NULL);
      else
        g_assert_true (has_sentence (warnings, cases[i].warning));
      g_assert_cmpuint (g_strv_length (warnings), ==, cases[i].warning != NULL ? 1 : 0);
    }
}

static void
test_nul_bytes (void)
{
  static const char table[] = "text,label\nfine\0 text,good\nmore,\0\0bad\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = open_bytes_with (table, sizeof table - 1, NULL, &error);
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *description = NULL;
  g_auto (GStrv) warnings = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (wen_csv_reader_get_encoding (reader), ==, "UTF-8");
  rows = read_rows (reader);
  description = describe_rows (rows);
  warnings = wen_csv_reader_dup_warnings (reader);
  g_assert_cmpstr (description, ==, "fine text|good/more|bad");
  g_assert_true (has_sentence (warnings, "3 NUL bytes were dropped, the first in row 1."));
}

/* Lines are counted as an editor does, also within quotes. */
static void
test_lines (void)
{
  static const guint64 expected[] = { 2, 3, 6, 9, 11, 12, 13 };
  g_autoptr (WenCsvReader) reader = open_text ("text,label\n"
                                               "a,x\n"
                                               "\"b\n\r\nb\",x\n"
                                               "\"c\rc\",y\n"
                                               "\n"
                                               "d,y\r\n"
                                               "\r\n"
                                               "e,x\r"
                                               "f,x\r\n"
                                               "g,y");
  const char *const *fields;
  gsize n_fields;

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_assert_true (wen_csv_reader_next (reader, &fields, &n_fields, NULL, NULL));
      g_assert_nonnull (fields);
      g_assert_cmpuint (wen_csv_reader_get_row (reader), ==, i + 1);
      g_assert_cmpuint (wen_csv_reader_get_line (reader), ==, expected[i]);
    }
  g_assert_true (wen_csv_reader_next (reader, &fields, &n_fields, NULL, NULL));
  g_assert_null (fields);
  /* The end stays the end. */
  g_assert_true (wen_csv_reader_next (reader, &fields, &n_fields, NULL, NULL));
  g_assert_null (fields);
  g_assert_cmpfloat (wen_csv_reader_get_progress (reader), ==, 1);
}

typedef struct
{
  const char *name;
  const char *bytes;
  gsize       n_bytes;
  WenCsvError code;
  const char *message; /* part of it */
} BadFile;

#define BYTES(literal) literal, sizeof literal - 1

static const BadFile bad_files[] = {
  { "empty", BYTES (""), WEN_CSV_ERROR_EMPTY, "is empty" },
  { "mark alone", BYTES ("\xef\xbb\xbf"), WEN_CSV_ERROR_EMPTY, "is empty" },
  { "line ends alone", BYTES ("\n\r\n\n"), WEN_CSV_ERROR_EMPTY, "has no row" },
  { "header alone", BYTES ("text,label\n"), WEN_CSV_ERROR_EMPTY, "no row after it" },
  { "Chinese header alone", BYTES ("评论;标签"), WEN_CSV_ERROR_EMPTY, "no row after it" },
  { "PNG", BYTES ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), WEN_CSV_ERROR_BINARY, "is a PNG file" },
  { "gzip", BYTES ("\x1f\x8b\x08\0\0\0\0\0\0\x03"), WEN_CSV_ERROR_BINARY, "is a gzip file" },
  { "ZIP", BYTES ("PK\x03\x04\x14\0\0\0\x08\0a.txt"), WEN_CSV_ERROR_BINARY, "is damaged" },
  { "archive", BYTES ("PK\x03\x04\x14\0\0\0\x08\0xl/workbook.xml"), WEN_CSV_ERROR_BINARY, "is damaged" },
  { "PDF", BYTES ("%PDF-1.7\n%\xe2\xe3\n"), WEN_CSV_ERROR_BINARY, "is a PDF file" },
  { "program", BYTES ("\x7f" "ELF\x02\x01\x01\0\0\0"), WEN_CSV_ERROR_BINARY, "is a ELF file" },
  { "project", BYTES ("SQLite format 3\0\x10\0\x01"), WEN_CSV_ERROR_BINARY, "is a SQLite file" },
  { "control bytes", BYTES ("a\1\2\3b\4\5\6\7c\16\17\20\21\22d\23\24\25\26\27e,f\n"), WEN_CSV_ERROR_BINARY,
    "is not a text file" },
};

static void
test_bad_files (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenCsvReader) reader = NULL;
      GFile *file = new_file_with_bytes (bad_files[i].bytes, bad_files[i].n_bytes);
      g_autofree char *name = g_file_get_parse_name (file);

      g_test_message ("%s", bad_files[i].name);
      reader = wen_csv_reader_new (file, NULL, NULL, &error);
      delete_file (file);
      g_assert_null (reader);
      g_assert_error (error, WEN_CSV_ERROR, (int) bad_files[i].code);
      g_assert_nonnull (strstr (error->message, bad_files[i].message));
      g_assert_nonnull (strstr (error->message, name));
    }
}

static void
test_no_file (void)
{
  g_autoptr (GFile) missing = g_file_new_for_path ("/nowhere/表.csv");
  g_autoptr (GFile) folder = g_file_new_for_path (g_get_tmp_dir ());
  g_autoptr (GError) missing_error = NULL;
  g_autoptr (GError) folder_error = NULL;

  g_assert_null (wen_csv_reader_new (missing, NULL, NULL, &missing_error));
  g_assert_error (missing_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing_error->message, "/nowhere/表.csv"));
  g_assert_null (wen_csv_reader_new (folder, NULL, NULL, &folder_error));
  g_assert_error (folder_error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_nonnull (strstr (folder_error->message, "is a folder"));
}

static void
test_options (void)
{
  static const char table[] = "text;label\nfine, really;good\nno;bad\n";
  const WenCsvOptions comma = { NULL, ',', WEN_CSV_HEADER_NO };
  const WenCsvOptions unknown = { "EBCDIC", 0, WEN_CSV_HEADER_GUESS };
  const WenCsvOptions header = { NULL, 0, WEN_CSV_HEADER_YES };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) header_error = NULL;
  g_autoptr (WenCsvReader) reader = open_bytes_with (BYTES (table), &comma, NULL);
  g_autoptr (GPtrArray) rows = read_rows (reader);
  g_autofree char *description = describe_rows (rows);
  g_auto (GStrv) reasons = wen_csv_reader_dup_reasons (reader);

  g_assert_cmpstr (description, ==, "text;label/fine| really;good/no;bad");
  g_assert_cmpstr (wen_csv_reader_get_columns (reader)[0], ==, "Column 1");
  g_assert_true (has_sentence (reasons, "The separator is the one that was asked for."));
  g_assert_true (has_sentence (reasons, "Whether the first row names the columns was asked for."));
  g_assert_null (open_bytes_with (BYTES (table), &unknown, &error));
  g_assert_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ENCODING);
  g_assert_null (open_bytes_with (BYTES ("one,row\n"), &header, &header_error));
  g_assert_error (header_error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY);
}

static void
test_find_column (void)
{
  g_autoptr (WenCsvReader) reader = open_text (" Text ,,LABEL,2\nfine,x,good,y\n");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (wen_csv_reader_find_column (reader, "Text", NULL), ==, 0);
  g_assert_cmpint (wen_csv_reader_find_column (reader, "text", NULL), ==, 0);
  g_assert_cmpint (wen_csv_reader_find_column (reader, "label", NULL), ==, 2);
  g_assert_cmpint (wen_csv_reader_find_column (reader, "Column 2", NULL), ==, 1);
  /* A name comes before a number. */
  g_assert_cmpint (wen_csv_reader_find_column (reader, "2", NULL), ==, 3);
  g_assert_cmpint (wen_csv_reader_find_column (reader, "3", NULL), ==, 2);
  g_assert_cmpint (wen_csv_reader_find_column (reader, "5", &error), ==, -1);
  g_assert_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN);
  g_assert_nonnull (strstr (error->message, "Text, Column 2, LABEL, 2"));
}

/* A quote that never closes must not fill the memory. */
static void
test_endless_row (void)
{
  g_autoptr (GString) table = g_string_new ("text,label\nfine,good\n\"");
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = NULL;
  const char *const *fields;
  gsize n_fields;

  while (table->len < 70 * 1024 * 1024)
    g_string_append (table, "a text that goes on,good\n");
  reader = open_bytes_with (table->str, table->len, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (wen_csv_reader_next (reader, &fields, &n_fields, NULL, &error));
  g_assert_cmpstr (fields[0], ==, "fine");
  g_assert_false (wen_csv_reader_next (reader, &fields, &n_fields, NULL, &error));
  g_assert_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ROW);
  g_assert_nonnull (strstr (error->message, "row 2, after line 2"));
}

static void
test_cancel (void)
{
  g_autoptr (GString) table = g_string_new ("text,label\n");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = NULL;
  const char *const *fields;
  gsize n_fields;

  while (table->len < 1024 * 1024)
    g_string_append (table, "fine,good\n");
  reader = open_bytes_with (table->str, table->len, NULL, NULL);
  g_cancellable_cancel (cancellable);
  while (wen_csv_reader_next (reader, &fields, &n_fields, cancellable, &error))
    g_assert_nonnull (fields);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A sample inside the library is a file too. */
static void
test_resource (void)
{
  g_autoptr (GFile) file = g_file_new_for_uri ("resource:///org/wenlei/Wenlei/engine/stop-words/zh.txt");
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, NULL, NULL, &error);
  g_autoptr (GPtrArray) rows = NULL;

  g_assert_no_error (error);
  rows = read_rows (reader);
  g_assert_cmpuint (rows->len, >, 100);
  g_assert_cmpfloat (wen_csv_reader_get_progress (reader), ==, 1);
}

/* The warning about NUL bytes names the row of the first, in whatever block it is. */
static void
test_nul_row (void)
{
  static const guint rows[] = { 1, 2, 777, 20000 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint has_header = 0; has_header < 2; has_header++)
      {
        g_autoptr (GString) text = g_string_new (has_header ? "text,label\n" : "");
        g_autofree char *expected = g_strdup_printf ("2 NUL bytes were dropped, the first in row %u.", rows[i]);
        g_autoptr (WenCsvReader) reader = NULL;
        g_autoptr (GPtrArray) all = NULL;
        g_autoptr (GError) error = NULL;
        g_auto (GStrv) warnings = NULL;

        for (guint row = 1; row <= 20001; row++)
          {
            g_string_append_printf (text, "this is the text of row %u", row);
            if (row == rows[i] || row == 20001)
              g_string_append_c (text, '\0');
            g_string_append (text, row % 2 == 0 ? " whole,good\n" : " whole,bad\n");
          }
        reader = open_bytes_with (text->str, text->len, NULL, &error);
        g_assert_no_error (error);
        all = read_rows (reader);
        g_assert_cmpuint (all->len, ==, 20001);
        g_assert_cmpstr (((char **) g_ptr_array_index (all, 20000))[0], ==, "this is the text of row 20001 whole");
        warnings = wen_csv_reader_dup_warnings (reader);
        g_assert_true (has_sentence (warnings, expected));
      }
}

/* A first row that is longer than what is usually looked at. */
static void
test_long_first_row (void)
{
  g_autofree char *word = g_strnfill (700 * 1024, 'x');
  g_autofree char *text = g_strdup_printf ("%s,good\nshort,bad\nother,good\n", word);
  g_autoptr (WenCsvReader) reader = open_text (text);
  g_autoptr (GPtrArray) rows = NULL;
  gssize text_column, label_column;

  g_assert_cmpuint (g_strv_length ((char **) wen_csv_reader_get_columns (reader)), ==, 2);
  wen_csv_reader_guess_columns (reader, &text_column, &label_column, NULL, NULL);
  g_assert_cmpint (text_column, ==, 0);
  g_assert_cmpint (label_column, ==, 1);
  rows = read_rows (reader);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 0))[0], ==, word);
}

/* Files that only their name calls CSV. */
static void
test_not_csv (void)
{
  static const struct
  {
    const char *bytes;
    gsize       n_bytes;
    const char *name;
  } files[] = {
    { "\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x4c", 12, "gzip" },
    { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16, "PNG" },
    { "PK\x03\x04\x14\0\x06\0xl/workbook.xml", 22, "spreadsheet" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenCsvReader) reader = open_bytes_with (files[i].bytes, files[i].n_bytes, NULL, &error);

      g_assert_null (reader);
      g_assert_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY);
      g_assert_nonnull (strstr (error->message, files[i].name));
    }
}

/* Another program cuts the file off, or writes on, while it is read. */
static void
test_changes (void)
{
  for (guint grows = 0; grows < 2; grows++)
    {
      g_autoptr (GString) table = g_string_new ("text,label\n");
      g_autoptr (WenCsvReader) reader = NULL;
      g_autoptr (GError) error = NULL;
      const char *const *fields = NULL;
      GFile *file;
      gsize n_fields;
      guint n_rows = 0;

      while (table->len < 1000 * 1000)
        g_string_append (table, "a text that is long enough,a\n");
      file = new_file_with_bytes (table->str, table->len);
      reader = wen_csv_reader_new (file, NULL, NULL, &error);
      g_assert_no_error (error);
      if (grows == 0)
        g_assert_cmpint (truncate (g_file_peek_path (file), 600 * 1000), ==, 0);
      else
        {
          g_autoptr (GFileOutputStream) stream = g_file_append_to (file, G_FILE_CREATE_NONE, NULL, &error);

          g_assert_no_error (error);
          g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), "and one more,b\n", 15, NULL, NULL, NULL));
        }
      while (wen_csv_reader_next (reader, &fields, &n_fields, NULL, &error) && fields != NULL)
        n_rows++;
      if (grows == 0)
        {
          g_assert_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_ROW);
          g_assert_nonnull (strstr (error->message, "became shorter while it was read"));
        }
      else
        {
          g_assert_no_error (error);
          g_assert_cmpuint (n_rows, >, 30000);
        }
      delete_file (file);
    }
}

/* Ten thousand columns, of which the last two count. */
static void
test_wide (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WenCsvReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gssize text_column, label_column;

  for (guint row = 0; row < 30; row++)
    {
      for (guint i = 0; i < 9998; i++)
        g_string_append_printf (text, "%s%u,", row == 0 ? "c" : "", i * 31 + row * 7);
      if (row == 0)
        g_string_append (text, "text,label\n");
      else
        g_string_append_printf (text, "the text of row %u,%s\n", row, row % 2 == 0 ? "good" : "bad");
    }
  reader = open_text (text->str);
  g_assert_cmpuint (g_strv_length ((char **) wen_csv_reader_get_columns (reader)), ==, 10000);
  wen_csv_reader_guess_columns (reader, &text_column, &label_column, NULL, NULL);
  g_assert_cmpint (text_column, ==, 9998);
  g_assert_cmpint (label_column, ==, 9999);
  rows = read_rows (reader);
  g_assert_cmpuint (rows->len, ==, 29);
}

static void
test_json_lines (void)
{
  static const char lines[] = "{\"text\": \"味道, \\\"很好\\\"\\n下次再来\", \"label\": 1}\n"
                              "{\"label\": 0, \"text\": \"慢\", \"stars\": [1, 2]}\r\n\n"
                              "{\"text\": null, \"label\": true}\n"
                              "not JSON\n"
                              "{\"text\": \"last\", \"label\": 2.5}";
  g_autoptr (WenCsvReader) reader = open_text (lines);
  g_autoptr (GPtrArray) rows = read_rows (reader);
  g_auto (GStrv) warnings = wen_csv_reader_dup_warnings (reader);
  g_auto (GStrv) reasons = wen_csv_reader_dup_reasons (reader);
  g_autofree char *names = g_strjoinv ("|", (char **) wen_csv_reader_get_columns (reader));
  g_autofree char *first = g_strjoinv ("|", g_ptr_array_index (rows, 0));
  g_autofree char *second = g_strjoinv ("|", g_ptr_array_index (rows, 1));
  g_autofree char *third = g_strjoinv ("|", g_ptr_array_index (rows, 2));
  g_autofree char *last = g_strjoinv ("|", g_ptr_array_index (rows, 3));

  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpstr (names, ==, "text|label|stars");
  g_assert_cmpstr (first, ==, "味道, \"很好\"\n下次再来|1|");
  g_assert_cmpstr (second, ==, "慢|0|[1,2]");
  g_assert_cmpstr (third, ==, "|true|");
  g_assert_cmpstr (last, ==, "last|2.5|");
  g_assert_true (has_sentence (reasons, "Each line is a JSON object."));
  g_assert_true (has_sentence (warnings, "1 line is no JSON object and was left out: line 5."));
}

/* More than one block, and a member that only a later object has. */
static void
test_many_json_lines (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WenCsvReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_auto (GStrv) warnings = NULL;

  for (guint i = 1; i <= 20000; i++)
    g_string_append_printf (text, "{\"text\": \"这是第 %u 条评论\", \"label\": \"%s\"%s}\n", i, i % 2 == 0 ? "好" : "差",
                            i == 15000 ? ", \"late\": 1" : "");
  reader = open_text (text->str);
  rows = read_rows (reader);
  g_assert_cmpuint (rows->len, ==, 20000);
  for (guint i = 1; i <= 20000; i++)
    {
      char **row = g_ptr_array_index (rows, i - 1);
      g_autofree char *expected = g_strdup_printf ("这是第 %u 条评论", i);

      g_assert_cmpstr (row[0], ==, expected);
      g_assert_cmpstr (row[1], ==, i % 2 == 0 ? "好" : "差");
    }
  warnings = wen_csv_reader_dup_warnings (reader);
  g_assert_true (has_sentence (warnings, "1 row has more fields than there are columns: row 15000."));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/csv-reader/cases", test_cases);
  g_test_add_func ("/wen/data/csv-reader/nul-bytes", test_nul_bytes);
  g_test_add_func ("/wen/data/csv-reader/lines", test_lines);
  g_test_add_func ("/wen/data/csv-reader/bad-files", test_bad_files);
  g_test_add_func ("/wen/data/csv-reader/no-file", test_no_file);
  g_test_add_func ("/wen/data/csv-reader/options", test_options);
  g_test_add_func ("/wen/data/csv-reader/find-column", test_find_column);
  g_test_add_func ("/wen/data/csv-reader/endless-row", test_endless_row);
  g_test_add_func ("/wen/data/csv-reader/cancel", test_cancel);
  g_test_add_func ("/wen/data/csv-reader/resource", test_resource);

  g_test_add_func ("/wen/data/csv-reader/nul-row", test_nul_row);
  g_test_add_func ("/wen/data/csv-reader/long-first-row", test_long_first_row);
  g_test_add_func ("/wen/data/csv-reader/not-csv", test_not_csv);
  g_test_add_func ("/wen/data/csv-reader/changes", test_changes);
  g_test_add_func ("/wen/data/csv-reader/wide", test_wide);
  g_test_add_func ("/wen/data/csv-reader/json-lines", test_json_lines);
  g_test_add_func ("/wen/data/csv-reader/many-json-lines", test_many_json_lines);

  return g_test_run ();
}
