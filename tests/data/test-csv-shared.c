/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables that others wrote, where they are there: see ../shared/data/README.md. */

#include "config.h"

#include "data-testing.h"

#include <json-glib/json-glib.h>

/* The fields of a row that JSON has as an array or an object. */
static GStrv
get_expected_row (JsonNode *node)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        g_strv_builder_add (builder, json_array_get_string_element (array, i));
    }
  else
    {
      g_autoptr (GList) members = json_object_get_members (json_node_get_object (node));

      for (GList *member = members; member != NULL; member = member->next)
        g_strv_builder_add (builder, json_object_get_string_member (json_node_get_object (node), member->data));
    }
  return g_strv_builder_end (builder);
}

static void
check_file (const char *csv_path,
            const char *json_path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GFile) file = g_file_new_for_path (csv_path);
  g_autoptr (WenCsvReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_auto (GStrv) warnings = NULL;
  g_autoptr (GError) error = NULL;
  WenCsvOptions options = { "UTF-8", ',', WEN_CSV_HEADER_NO };
  JsonArray *expected;

  g_test_message ("%s", csv_path);
  json_parser_load_from_file (parser, json_path, &error);
  g_assert_no_error (error);
  expected = json_node_get_array (json_parser_get_root (parser));
  if (json_array_get_length (expected) == 0 || JSON_NODE_HOLDS_OBJECT (json_array_get_element (expected, 0)))
    options.header = WEN_CSV_HEADER_YES;

  reader = wen_csv_reader_new (file, &options, NULL, &error);
  if (json_array_get_length (expected) == 0)
    {
      g_assert_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY);
      return;
    }
  g_assert_no_error (error);
  rows = read_rows (reader);
  warnings = wen_csv_reader_dup_warnings (reader);
  g_assert_null (warnings[0]);
  g_assert_cmpuint (rows->len, ==, json_array_get_length (expected));
  for (guint i = 0; i < rows->len; i++)
    {
      g_auto (GStrv) expected_row = get_expected_row (json_array_get_element (expected, i));

      g_assert_cmpstrv (g_ptr_array_index (rows, i), expected_row);
    }
}

/* A blank line is no row here: the first two tables have rows of one empty field.  The
 * others have lost, on the way here, what their expected rows still have. */
static const char *const exceptions[] = {
  "all-empty", "empty-one-column", "location_coordinates", "newlines_crlf", NULL,
};

static guint
check_folder (const char *csv_folder,
              const char *json_folder)
{
  g_autoptr (GDir) dir = g_dir_open (csv_folder, 0, NULL);
  const char *name;
  guint n_checked = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *stem = g_strndup (name, strlen (name) - strlen (".csv"));
      g_autofree char *json_name = g_strconcat (stem, ".json", NULL);
      g_autofree char *csv_path = g_build_filename (csv_folder, name, NULL);
      g_autofree char *json_path = g_build_filename (json_folder, json_name, NULL);

      if (g_strv_contains (exceptions, stem) || g_str_has_prefix (stem, "bad-"))
        continue;
      check_file (csv_path, json_path);
      n_checked++;
    }
  return n_checked;
}

static void
test_expected_rows (void)
{
  g_autofree char *spectrum = find_shared_data ("csv/spectrum");
  g_autofree char *sineemore = find_shared_data ("csv/sineemore");
  g_autofree char *spectrum_csv = NULL;
  g_autofree char *spectrum_json = NULL;
  g_autofree char *sineemore_csv = NULL;
  g_autofree char *sineemore_json = NULL;

  if (spectrum == NULL || sineemore == NULL)
    return;
  spectrum_csv = g_build_filename (spectrum, "csvs", NULL);
  spectrum_json = g_build_filename (spectrum, "json", NULL);
  sineemore_csv = g_build_filename (sineemore, "csv", NULL);
  sineemore_json = g_build_filename (sineemore, "json", NULL);
  g_assert_cmpuint (check_folder (spectrum_csv, spectrum_json), ==, 10);
  g_assert_cmpuint (check_folder (sineemore_csv, sineemore_json), ==, 16);
}

/* Each is refused or repaired, and says so. */
static void
test_bad (void)
{
  static const struct
  {
    const char *name;
    const char *sentence; /* part of the error or of a warning */
  } bad[] = {
    { "bad-header-less-fields.csv", "fewer fields" },     { "bad-header-more-fields.csv", "more fields" },
    { "bad-header-no-header.csv", "is empty" },           { "bad-header-wrong-header.csv", "no row after it" },
    { "bad-missing-quote.csv", "never closed" },          { "bad-quotes-with-unescaped-quote.csv", "quotation marks" },
    { "bad-unescaped-quote.csv", "quotation marks" },
  };
  const WenCsvOptions options = { .header = WEN_CSV_HEADER_YES };
  g_autofree char *folder = find_shared_data ("csv/sineemore/csv");

  if (folder == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (folder, bad[i].name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, &options, NULL, &error);
      g_autoptr (GPtrArray) rows = reader != NULL ? read_rows (reader) : NULL;
      g_auto (GStrv) warnings = reader != NULL ? wen_csv_reader_dup_warnings (reader) : g_new0 (char *, 1);

      g_test_message ("%s", bad[i].name);
      g_assert_true (has_sentence (warnings, bad[i].sentence)
                     || (error != NULL && strstr (error->message, bad[i].sentence) != NULL));
    }
}

/* Excel's export in its own encoding, and the same table in UTF-8: 18 empty columns,
 * rows with less, line ends of two kinds. */
static void
test_messy (void)
{
  g_autofree char *gbk_path = find_shared_data ("messy/train.txt");
  g_autofree char *utf8_path = find_shared_data ("messy/train1.txt");
  g_autoptr (GFile) gbk_file = NULL;
  g_autoptr (GFile) utf8_file = NULL;
  g_autoptr (WenCsvReader) gbk = NULL;
  g_autoptr (WenCsvReader) utf8 = NULL;
  g_autoptr (GPtrArray) gbk_rows = NULL;
  g_autoptr (GPtrArray) utf8_rows = NULL;
  gssize text_column;
  gssize label_column;

  if (gbk_path == NULL || utf8_path == NULL)
    return;
  gbk_file = g_file_new_for_path (gbk_path);
  utf8_file = g_file_new_for_path (utf8_path);
  gbk = wen_csv_reader_new (gbk_file, NULL, NULL, NULL);
  utf8 = wen_csv_reader_new (utf8_file, NULL, NULL, NULL);
  g_assert_cmpstr (wen_csv_reader_get_encoding (gbk), ==, "GB18030");
  g_assert_cmpstr (wen_csv_reader_get_encoding (utf8), ==, "UTF-8");
  g_assert_cmpint (wen_csv_reader_get_delimiter (gbk), ==, '\t');
  g_assert_false (wen_csv_reader_get_has_header (gbk));
  wen_csv_reader_guess_columns (gbk, &text_column, &label_column, NULL, NULL);
  g_assert_cmpint (text_column, ==, 0);
  g_assert_cmpint (label_column, ==, 1);

  gbk_rows = read_rows (gbk);
  utf8_rows = read_rows (utf8);
  g_assert_cmpuint (gbk_rows->len, >, 4400);
  g_assert_cmpuint (gbk_rows->len, ==, utf8_rows->len);
  for (guint i = 0; i < gbk_rows->len; i++)
    {
      char **a = g_ptr_array_index (gbk_rows, i);
      char **b = g_ptr_array_index (utf8_rows, i);

      g_assert_cmpstr (a[0], ==, b[0]);
      g_assert_cmpstr (a[1], ==, b[1]);
    }
}

static void
test_corpora (void)
{
  static const struct
  {
    const char *name;
    gsize       n_rows;
    gsize       n_labels;
    gssize      text_column;
    gssize      label_column;
    const char *warning; /* part of the only one; these rows do have U+FFFD */
  } corpora[] = {
    { "waimai_train.csv", 9588, 2, 1, 0, NULL },
    { "waimai_test.csv", 2397, 2, 1, 0, NULL },
    { "thuc10k_train.csv", 9991, 10, 1, 0, "33 rows have characters that cannot be read" },
    { "thuc10k_test.csv", 10000, 10, 1, 0, "27 rows have characters that cannot be read" },
    { "banking77_train.csv", 10003, 77, 1, 0, NULL },
    { "banking77_test.csv", 3080, 77, 1, 0, NULL },
  };
  g_autofree char *folder = find_shared_data (".");

  if (folder == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (corpora); i++)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (folder, corpora[i].name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, NULL, NULL, &error);
      g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GPtrArray) rows = NULL;
      g_auto (GStrv) warnings = NULL;
      gssize text_column;
      gssize label_column;

      g_assert_no_error (error);
      g_assert_true (wen_csv_reader_get_has_header (reader));
      wen_csv_reader_guess_columns (reader, &text_column, &label_column, NULL, NULL);
      g_assert_cmpint (text_column, ==, corpora[i].text_column);
      g_assert_cmpint (label_column, ==, corpora[i].label_column);
      rows = read_rows (reader);
      warnings = wen_csv_reader_dup_warnings (reader);
      g_test_message ("%s: %s", corpora[i].name, warnings[0] != NULL ? warnings[0] : "no warning");
      g_assert_cmpuint (rows->len, ==, corpora[i].n_rows);
      for (guint row = 0; row < rows->len; row++)
        g_hash_table_add (labels, ((char **) g_ptr_array_index (rows, row))[label_column]);
      g_assert_cmpuint (g_hash_table_size (labels), ==, corpora[i].n_labels);
      g_assert_cmpuint (g_strv_length (warnings), ==, corpora[i].warning != NULL ? 1 : 0);
      g_assert_true (corpora[i].warning == NULL || has_sentence (warnings, corpora[i].warning));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/csv-shared/expected-rows", test_expected_rows);
  g_test_add_func ("/wen/data/csv-shared/bad", test_bad);
  g_test_add_func ("/wen/data/csv-shared/messy", test_messy);
  g_test_add_func ("/wen/data/csv-shared/corpora", test_corpora);

  return g_test_run ();
}
