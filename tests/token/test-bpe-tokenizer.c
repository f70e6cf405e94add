/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are learned by joining the commonest neighbours: which pairs are joined,
 * how texts are cut by them, and that no text is lost. */

#include "config.h"

#include "token-testing.h"

#define KIND "bpe"
/* Special tokens and bytes. */
#define N_FIRST (3 + 256)

static void
test_fit (void)
{
  /* e stands there 17 times, w 16.  "er" is the commonest pair, 9 times; then l-o and
   * lo-w with 7.  With 6 each, e-w comes before n-e and w-er, because e comes first
   * among the letters; that makes n-ew, and new-er. */
  const char *const texts[] = { "low", "low", "low", "low", "low", "lowest", "lowest", "newer", "newer", "newer",
                                "newer", "newer", "newer", "wider", "wider", "wider", NULL };
  static const char *const expected[] = { "e", "w", "r", "l", "o", "n", "d", "i", "s", "t",
                                          "er", "lo", "low", "ew", "new", "newer" };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (KIND, texts, N_TIMES_TO_JOIN, 1, N_FIRST + G_N_ELEMENTS (expected));
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);

  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, N_FIRST + G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, N_FIRST + i), ==, expected[i]);
}

static const char *const texts_of_hotels[] = {
  "the room was good", "the rooms were good", "the food was good, the room was not", "房间很大", "房间很干净，房间很好",
  "房间不好", "the good 房间", NULL,
};

static void
test_cut (void)
{
  static const struct
  {
    const char *text;
    const char *tokens;
    const char *parts;
  } cases[] = {
    { "", "", "" },
    { "the room", "the|▁room", "the| room" },
    { "房间很好 good", "房间很|好|▁good", "房间很|好| good" },
    { "  the", "▁|▁|the", " | |the" },
    /* Every room of the texts follows a space. */
    { "room room,", "r|oom|▁room|,", "r|oom| room|," },
    /* What is no token is spelled in bytes, each of which stands for the character. */
    { "好Ω", "好|<0xCE>|<0xA9>", "好|Ω|Ω" },
    { "▁", "<0xE2>|<0x96>|<0x81>", "▁|▁|▁" },
    { "\n", "<0x0A>", "\n" },
    { "[UNK]", "<0x5B>|<0x55>|<0x4E>|<0x4B>|<0x5D>", "[|U|N|K|]" },
    { "<0x0A>", "<0x3C>|<0x30>|<0x78>|<0x30>|<0x41>|<0x3E>", "<|0|x|0|A|>" },
  };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (KIND, texts_of_hotels, N_TIMES_TO_JOIN, 1, 1000);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tokens = encode_to_string (tokenizer, cases[i].text);
      g_autofree char *parts = cut_to_string (tokenizer, cases[i].text);
      g_autoptr (GArray) encoded = encode (tokenizer, cases[i].text);
      g_autofree char *decoded = decode_tokens (tokenizer, encoded);

      g_assert_cmpstr (tokens, ==, cases[i].tokens);
      g_assert_cmpstr (parts, ==, cases[i].parts);
      g_assert_cmpstr (decoded, ==, cases[i].text);
    }
}

/* Learns from words of a few letters as slowly and plainly as can be: counts all pairs
 * anew for each joining.  Words are arrays of strings. */
static GPtrArray *
learn_plainly (GPtrArray  *words,
               const char *letters,
               guint       n_joins)
{
  GPtrArray *joins = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; letters[i] != '\0'; i++)
    g_hash_table_insert (numbers, g_strndup (letters + i, 1), GUINT_TO_POINTER (i));
  while (joins->len < n_joins)
    {
      g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autofree char *best = NULL;
      g_auto (GStrv) best_parts = NULL;
      g_autofree char *joined = NULL;
      guint best_count = 1;
      GHashTableIter iter;
      gpointer key;
      gpointer value;

      for (guint i = 0; i < words->len; i++)
        {
          GPtrArray *word = g_ptr_array_index (words, i);

          for (guint k = 0; k + 1 < word->len; k++)
            {
              char *pair = g_strconcat (g_ptr_array_index (word, k), " ", g_ptr_array_index (word, k + 1), NULL);
              guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, pair));

              g_hash_table_insert (counts, pair, GUINT_TO_POINTER (count + 1));
            }
        }
      g_hash_table_iter_init (&iter, counts);
      while (g_hash_table_iter_next (&iter, &key, &value))
        {
          g_auto (GStrv) parts = g_strsplit (key, " ", 2);
          guint count = GPOINTER_TO_UINT (value);
          guint left = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, parts[0]));
          guint right = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, parts[1]));
          guint best_left = best != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (numbers, best_parts[0])) : 0;
          guint best_right = best != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (numbers, best_parts[1])) : 0;

          if (count > best_count
              || (best != NULL && count == best_count
                  && (left < best_left || (left == best_left && right < best_right))))
            {
              g_free (best);
              best = g_strdup (key);
              g_strfreev (best_parts);
              best_parts = g_steal_pointer (&parts);
              best_count = count;
            }
        }
      if (best == NULL)
        break;

      joined = g_strconcat (best_parts[0], best_parts[1], NULL);
      if (!g_hash_table_contains (numbers, joined))
        g_hash_table_insert (numbers, g_strdup (joined), GUINT_TO_POINTER (g_hash_table_size (numbers)));
      for (guint i = 0; i < words->len; i++)
        {
          GPtrArray *word = g_ptr_array_index (words, i);

          for (guint k = 0; k + 1 < word->len; k++)
            if (g_str_equal (g_ptr_array_index (word, k), best_parts[0])
                && g_str_equal (g_ptr_array_index (word, k + 1), best_parts[1]))
              {
                g_free (g_ptr_array_index (word, k));
                g_ptr_array_index (word, k) = g_strdup (joined);
                g_ptr_array_remove_index (word, k + 1);
              }
        }
      g_ptr_array_add (joins, g_strdup (joined));
    }
  return joins;
}

static void
test_against_plain_learning (void)
{
  for (guint64 run = 0; run < 60; run++)
    {
      g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
      g_autoptr (GPtrArray) joins = NULL;
      g_autoptr (WenTokenizer) tokenizer = NULL;
      WenVocabulary *vocabulary;
      guint n_joined = 0;
      char letters[5] = "";

      for (guint i = 0; i < 60; i++)
        {
          guint n_letters = 1 + (guint) (wen_random_u64 (run, i, 0) % 9);
          char *text = g_malloc0 (n_letters + 1);
          GPtrArray *word = g_ptr_array_new_with_free_func (g_free);

          for (guint k = 0; k < n_letters; k++)
            {
              text[k] = "aaabbcd"[wen_random_u64 (run, i, k + 1) % 7];
              g_ptr_array_add (word, g_strndup (text + k, 1));
            }
          g_ptr_array_add (texts, text);
          g_ptr_array_add (words, word);
        }
      g_ptr_array_add (texts, NULL);
      tokenizer = fit_tokenizer_often (KIND, (const char *const *) texts->pdata, N_TIMES_TO_JOIN, 1, N_FIRST + 40);
      vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
      /* The letters come first, the commonest before the others. */
      for (guint i = 0; i < 4; i++)
        letters[i] = *wen_vocabulary_get_token (vocabulary, N_FIRST + i);
      joins = learn_plainly (words, letters, 36);

      for (guint i = 0; i < joins->len && N_FIRST + 4 + n_joined < wen_vocabulary_get_size (vocabulary); i++)
        {
          gboolean is_new = TRUE;

          for (guint k = 0; k < i; k++)
            is_new = is_new && !g_str_equal (g_ptr_array_index (joins, i), g_ptr_array_index (joins, k));
          if (is_new)
            g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, N_FIRST + 4 + n_joined++), ==,
                             g_ptr_array_index (joins, i));
        }
      g_assert_cmpuint (n_joined, >, 10);
      /* Texts that were learned from are cut as they were joined, as far as that went. */
      if (n_joined == joins->len)
        for (guint i = 0; i < words->len; i++)
          {
            g_autofree char *tokens = encode_to_string (tokenizer, g_ptr_array_index (texts, i));
            g_autoptr (GPtrArray) word = g_ptr_array_ref (g_ptr_array_index (words, i));
            g_autofree char *expected = NULL;

            g_ptr_array_add (word, NULL);
            expected = g_strjoinv ("|", (char **) word->pdata);
            g_assert_cmpstr (tokens, ==, expected);
          }
    }
}

/* The tokens of any text, put one after the other, are the text. */
static void
test_decode (void)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WenTokenizer) tokenizer = NULL;

  for (guint i = 0; i < 2000; i++)
    g_ptr_array_add (texts, make_random_text (1000000 + i, 30));
  for (guint i = 0; texts_of_hotels[i] != NULL; i++)
    g_ptr_array_add (texts, g_strdup (texts_of_hotels[i]));
  g_ptr_array_add (texts, NULL);
  tokenizer = fit_tokenizer_often (KIND, (const char *const *) texts->pdata, N_TIMES_TO_JOIN, 2, 1000);

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *text = make_random_text (i, 16);
      g_autoptr (GArray) tokens = encode (tokenizer, text);
      g_autofree char *decoded = decode_tokens (tokenizer, tokens);

      g_assert_cmpstr (decoded, ==, text);
    }
}

static void
test_limits (void)
{
  const char *const nothing[] = { "", NULL };
  g_autoptr (WenTokenizer) small = fit_tokenizer_often (KIND, texts_of_hotels, N_TIMES_TO_JOIN, 1, 10);
  g_autoptr (WenTokenizer) none = fit_tokenizer_often (KIND, texts_of_hotels, N_TIMES_TO_JOIN, 1, 0);
  g_autoptr (WenTokenizer) bytes = fit_tokenizer_often (KIND, texts_of_hotels, N_TIMES_TO_JOIN, 1, N_FIRST + 1);
  g_autoptr (WenTokenizer) rare = fit_tokenizer (KIND, texts_of_hotels, 100, 1000);
  g_autoptr (WenTokenizer) empty = fit_tokenizer (KIND, nothing, 1, 1000);
  g_autofree char *unknown = encode_to_string (none, "a房");
  g_autofree char *spelled = encode_to_string (rare, "a房");

  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (small)), ==, 10);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (none)), ==, 3);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (bytes)), ==, N_FIRST + 1);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (rare)), ==, N_FIRST);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (empty)), ==, N_FIRST);
  g_assert_cmpstr (unknown, ==, "[UNK]|[UNK]");
  g_assert_cmpstr (spelled, ==, "<0x61>|<0xE6>|<0x88>|<0xBF>");
}

static void
test_counts (void)
{
  const char *const texts[] = { "aa aa", "aa aa", "aa aa", "aa aa", "aa aa", "aa aa", "b", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, texts, 2, 1000);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);

  /* a-a occurs 12 times and is joined, which 10 times would do for; space-aa occurs 6
   * times and is not; "b" is rare, and a byte. */
  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, N_FIRST + 3);
  g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, wen_vocabulary_lookup (vocabulary, "aa", -1)), ==, 12);
  g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, wen_vocabulary_lookup (vocabulary, "a", -1)), ==, 0);
  g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, wen_vocabulary_lookup (vocabulary, "▁", -1)), ==, 6);
  g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, wen_vocabulary_lookup (vocabulary, "<0x62>", -1)), ==, 1);
}

/* The time grows no faster than the text, whatever stands in it. */
static void
test_endless_text (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WenTokenizer) tokenizer = NULL;
  g_autoptr (GArray) tokens = NULL;
  g_autofree char *decoded = NULL;
  const char *texts[] = { NULL, NULL };

  while (text->len < 10 * 1000 * 1000)
    g_string_append (text, "哈");
  texts[0] = text->str;
  tokenizer = fit_tokenizer (KIND, texts, 1, 1000);
  tokens = encode (tokenizer, text->str);
  g_assert_cmpuint (tokens->len, <, text->len / 3 / 32);
  decoded = decode_tokens (tokenizer, tokens);
  g_assert_cmpstr (decoded, ==, text->str);
}

/* Texts are UTF-8 by contract; were they not, nothing would break. */
static void
test_not_utf8 (void)
{
  static const char *const texts[] = { "\xff", "a\xe4\xb8", "\xf0\x9f\x91", "\xed\xa0\x80", "\xc0\x80", "\xcc", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, texts, 1, 1000);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  const guint32 half[] = { 3 + 0xE4, 3 + 0xB8, N_FIRST, 1, 2, 999999 };
  g_autofree char *decoded = wen_tokenizer_decode (tokenizer, half, G_N_ELEMENTS (half));

  for (gsize i = 0; texts[i] != NULL; i++)
    g_free (cut_to_string (tokenizer, texts[i]));
  for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    g_assert_true (g_utf8_validate (wen_vocabulary_get_token (vocabulary, id), -1, NULL));
  g_assert_true (g_utf8_validate (decoded, -1, NULL));
}

static gpointer
encode_often (gpointer tokenizer)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *tokens = encode_to_string (tokenizer, "the room");

      g_assert_cmpstr (tokens, ==, "the|▁room");
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (KIND, texts_of_hotels, N_TIMES_TO_JOIN, 1, 1000);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_often, tokenizer);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_finalize_object (g_steal_pointer (&tokenizer));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/token/bpe-tokenizer/fit", test_fit);
  g_test_add_func ("/wen/token/bpe-tokenizer/cut", test_cut);
  g_test_add_func ("/wen/token/bpe-tokenizer/against-plain-learning", test_against_plain_learning);
  g_test_add_func ("/wen/token/bpe-tokenizer/decode", test_decode);
  g_test_add_func ("/wen/token/bpe-tokenizer/limits", test_limits);
  g_test_add_func ("/wen/token/bpe-tokenizer/counts", test_counts);
  g_test_add_func ("/wen/token/bpe-tokenizer/endless-text", test_endless_text);
  g_test_add_func ("/wen/token/bpe-tokenizer/not-utf8", test_not_utf8);
  g_test_add_func ("/wen/token/bpe-tokenizer/threads", test_threads);

  return g_test_run ();
}
