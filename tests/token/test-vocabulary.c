/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Vocabularies: numbers of tokens, and vocab.txt files, right and wrong. */

#include "config.h"

#include "wen-random-private.h"
#include "wen-vocabulary.h"

#include <string.h>

static const char *const words[] = { "的", "hotel", " ", "👩‍👩‍👧", "e\xcc\x81" };
static const guint64 counts[] = { 90, 7, 5, 5, 2 };

static WenVocabulary *
read_text (const char *text,
           gsize       size_bytes,
           GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size_bytes);

  return wen_vocabulary_new_from_bytes (bytes, error);
}

static void
test_lookup (void)
{
  g_autoptr (WenVocabulary) vocabulary = wen_vocabulary_new (words, counts, G_N_ELEMENTS (words));
  g_autofree char *long_word = g_strnfill (5000, 'x');

  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, 8);
  g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, WEN_TOKEN_PAD), ==, "[PAD]");
  g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, WEN_TOKEN_UNK), ==, "[UNK]");
  g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, WEN_TOKEN_CLS), ==, "[CLS]");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, words[i], -1), ==, 3 + i);
      g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, words[i], (gssize) strlen (words[i])), ==, 3 + i);
      g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, 3 + i), ==, counts[i]);
      g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, 3 + i), ==, words[i]);
    }
  /* A part of a longer text is looked up without its neighbours. */
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "hotels", 5), ==, 4);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "hotels", 6), ==, WEN_TOKEN_UNK);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, long_word, 5000), ==, WEN_TOKEN_UNK);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "", 0), ==, WEN_TOKEN_UNK);

  g_assert_finalize_object (g_steal_pointer (&vocabulary));
}

static void
test_round_trip (void)
{
  g_autoptr (WenVocabulary) vocabulary = wen_vocabulary_new (words, counts, G_N_ELEMENTS (words));
  g_autoptr (GBytes) file = wen_vocabulary_to_bytes (vocabulary);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenVocabulary) again = wen_vocabulary_new_from_bytes (file, &error);
  g_autoptr (GBytes) second_file = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (wen_vocabulary_get_size (again), ==, 8);
  for (guint id = 0; id < 8; id++)
    {
      g_assert_cmpstr (wen_vocabulary_get_token (again, id), ==, wen_vocabulary_get_token (vocabulary, id));
      g_assert_cmpuint (wen_vocabulary_get_count (again, id), ==, 0);
    }
  second_file = wen_vocabulary_to_bytes (again);
  g_assert_true (g_bytes_equal (file, second_file));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *says;
  } files[] = {
    { "", "*line 1*[PAD]*" },
    { "[PAD]\n", "*line 2*[UNK]*" },
    { "[PAD]\n[UNK]\n", "*line 3*[CLS]*" },
    { "[UNK]\n[PAD]\n[CLS]\n", "*line 1*[PAD]*" },
    { "[PAD]\r\n[UNK]\r\n[CLS]\r\n", "*line 1*[PAD]*" },
    { "[PAD]\n[UNK]\n[CLS]\na\n\nb\n", "*line 5*empty*" },
    { "[PAD]\n[UNK]\n[CLS]\na\nb\na\n", "*line 6*repeats*" },
    { "[PAD]\n[UNK]\n[CLS]\n[PAD]\n", "*line 4*repeats*" },
    { "[PAD]\n[UNK]\n[CLS]\n\xe4\xb8\n", "*UTF-8*" },
    { "[PAD]\n[UNK]\n[CLS]\n\xff", "*UTF-8*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (files[i].text, strlen (files[i].text), &error));
      g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
      if (!g_pattern_match_simple (files[i].says, error->message))
        g_error ("file %zu: %s", i, error->message);
    }
}

/* No file harms: it is read, or refused for a reason. */
static void
test_hostile (void)
{
  static const char whole[] = "[PAD]\n[UNK]\n[CLS]\n的\n了\na\n b\n👩‍👩‍👧\n";
  guint n_read = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *copy = g_memdup2 (whole, sizeof whole - 1);
      gsize size_bytes = wen_random_u64 (1, i, 0) % sizeof whole;
      g_autoptr (GError) error = NULL;
      g_autoptr (WenVocabulary) vocabulary = NULL;

      copy[wen_random_u64 (1, i, 1) % (sizeof whole - 1)] = (char) wen_random_u64 (1, i, 2);
      vocabulary = read_text (copy, size_bytes, &error);
      if (vocabulary != NULL)
        {
          g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), >=, WEN_N_SPECIAL_TOKENS);
          n_read++;
        }
      else
        {
          g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
        }
    }
  g_assert_cmpuint (n_read, >, 100);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/token/vocabulary/lookup", test_lookup);
  g_test_add_func ("/wen/token/vocabulary/round-trip", test_round_trip);
  g_test_add_func ("/wen/token/vocabulary/refused", test_refused);
  g_test_add_func ("/wen/token/vocabulary/hostile", test_hostile);

  return g_test_run ();
}
