/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes at all, read as a table: there must be rows or an error, every field must
 * be UTF-8, and it must end.  The first byte chooses what the caller asks for.
 *
 * With clang: -fsanitize=fuzzer,address, without driver.c.  Else driver.c runs it. */

#include "config.h"

#include "fuzz.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "wen-csv-reader.h"

#define N_ENCODINGS 10
#define N_DELIMITERS 4

const char *const fuzz_inputs[] = {
  " text,label\nfine,good\nbad,bad\n",
  " text;label\n\"a;b\";\"c\nd\"\n;\n",
  " \xef\xbb\xbf文本\t标签\r\n很好\t正面\r\n\"引\"\"号\"\t负面\r",
  " \xff\xfe" "a,b\n",
  " \xc6\xc0\xc2\xdb,\xb1\xea\xc7\xa9\n\xba\xdc\xba\xc3,\xd5\xfd\n",
  " \xa4\xa4\xa4\xe5,\xb5\xfb\n\x82\xb1\x82\xcc\x93X,\x97\xc7\n",
  " a,b,c\n1,2\n1,2,3,4\n\"unclosed,1\n",
  " {\"text\": \"a\\n\\u4f60\", \"label\": 1}\n{\"label\": [2], \"more\": null}\nx\n",
  " ",
  NULL,
};

/* Signs that mean something in tables and encodings. */
const char *const fuzz_signs[] = {
  "\"", ",", ";", "\t", "\n", "\r", "\r\n", "\"\"", "\",\"", "\xff", "\x80", "\xc3", "\xe4\xbd", "\xef\xbf\xbd", "\xf0\x9f",
  "\x84\x31\x95\x33", "\xfe\xff", "\x81\x30", "\x8f\xa1", NULL,
};

static GFile *
write_input (const uint8_t *bytes,
             size_t         n_bytes)
{
  static char *path;
  g_autoptr (GError) error = NULL;
  gboolean is_new = path == NULL;

  if (is_new)
    path = g_strdup_printf ("%s/wenlei-fuzz-%d.csv", g_get_tmp_dir (), (int) getpid ());
  g_file_set_contents_full (path, (const char *) bytes, (gssize) n_bytes, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static void
check_strings (char **strings)
{
  for (gsize i = 0; strings[i] != NULL; i++)
    g_assert_true (g_utf8_validate (strings[i], -1, NULL));
}

static void
read_all (WenCsvReader *reader)
{
  gsize n_columns = g_strv_length ((char **) wen_csv_reader_get_columns (reader));
  g_auto (GStrv) reasons = wen_csv_reader_dup_reasons (reader);
  g_auto (GStrv) warnings = NULL;
  g_autofree char *text_reason = NULL;
  g_autofree char *label_reason = NULL;
  const char *const *fields;
  gssize text_column;
  gssize label_column;
  gsize n_fields;

  wen_csv_reader_guess_columns (reader, &text_column, &label_column, &text_reason, &label_reason);
  g_assert_cmpint (text_column, <, (gssize) n_columns);
  g_assert_cmpint (label_column, <, (gssize) n_columns);
  check_strings ((char **) wen_csv_reader_get_columns (reader));
  while (wen_csv_reader_next (reader, &fields, &n_fields, NULL, NULL) && fields != NULL)
    {
      g_assert_cmpuint (n_fields, >=, n_columns);
      g_assert_cmpuint (g_strv_length ((char **) fields), ==, n_fields);
      check_strings ((char **) fields);
    }
  warnings = wen_csv_reader_dup_warnings (reader);
  check_strings (warnings);
  check_strings (reasons);
  g_assert_cmpfloat (wen_csv_reader_get_progress (reader), <=, 1);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         n_bytes)
{
  static const char *const encodings[N_ENCODINGS] = {
    NULL, "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "Big5", "Shift_JIS", "EUC-KR", "EUC-JP", "windows-1252",
  };
  static const char delimiters[N_DELIMITERS] = { 0, ',', ';', '\t' };
  uint8_t choice = n_bytes > 0 ? bytes[0] : 0;
  /* Most often all is guessed. */
  const WenCsvOptions options = {
    .encoding = choice % 2 == 0 ? NULL : encodings[choice % N_ENCODINGS],
    .delimiter = choice % 3 == 0 ? delimiters[choice % N_DELIMITERS] : 0,
    .header = choice % 5 == 0 ? WEN_CSV_HEADER_NO : WEN_CSV_HEADER_GUESS,
  };
  g_autoptr (GFile) file = write_input (bytes + (n_bytes > 0), n_bytes - (n_bytes > 0));
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, &options, NULL, &error);

  g_assert_true ((reader == NULL) == (error != NULL));
  if (reader != NULL)
    read_all (reader);
  else
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_file_delete (file, NULL, NULL);
  return 0;
}
