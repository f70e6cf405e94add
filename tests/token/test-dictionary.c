/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of words, as people and segmenters write them, and files that are none. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "wen-dictionary.h"

static char **
read_words (const char *contents,
            gssize      n_bytes,
            GError    **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  int descriptor = g_file_open_tmp ("wen-dictionary-XXXXXX", &path, NULL);
  char **words;

  g_close (descriptor, NULL);
  g_assert_true (g_file_set_contents (path, contents, n_bytes, NULL));
  file = g_file_new_for_path (path);
  words = wen_dictionary_read (file, NULL, error);
  g_unlink (path);
  return words;
}

static void
test_words (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = read_words ("\xef\xbb\xbf外卖小哥\r\n\n# 产品\n  iPhone15 3 n\n云计算\t5\n外卖小哥\n", -1, &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  joined = g_strjoinv ("|", words);
  g_assert_cmpstr (joined, ==, "外卖小哥|iPhone15|云计算");
}

static void
test_bad_files (void)
{
  static const struct
  {
    const char *contents;
    gssize      n_bytes;
    const char *told;
  } files[] = {
    { "", 0, "no word" },
    { "\n# nothing\n", -1, "no word" },
    { "好\n\xff\xfe", -1, "UTF-8" },
    { "a\0b", 3, "UTF-8" },
    { "好\nlabel,text\n", -1, "Line 2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_words (files[i].contents, files[i].n_bytes, &error));
      g_assert_error (error, WEN_DICTIONARY_ERROR, WEN_DICTIONARY_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, files[i].told));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/token/dictionary/words", test_words);
  g_test_add_func ("/wen/token/dictionary/bad-files", test_bad_files);

  return g_test_run ();
}
