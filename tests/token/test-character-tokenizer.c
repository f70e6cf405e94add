/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are characters: where texts are cut, which tokens get a number, and
 * that the short way round ICU's rules never cuts elsewhere than they do. */

#include "config.h"

#include "token-testing.h"
#include "wen-cleaner.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

static WenTokenizer *
fit (const char *const *texts,
     guint              minimum_count,
     guint              maximum_vocabulary)
{
  return fit_tokenizer ("character", texts, minimum_count, maximum_vocabulary);
}

/* The pieces of a text joined by "|". */
static char *
cut (WenTokenizer *tokenizer,
     const char   *text)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  GString *pieces = g_string_new (NULL);
  guint32 end = 0;

  wen_tokenizer_encode (tokenizer, text, tokens);
  g_assert_cmpuint (g_array_index (tokens, WenToken, 0).id, ==, WEN_TOKEN_CLS);
  for (guint i = 1; i < tokens->len; i++)
    {
      WenToken token = g_array_index (tokens, WenToken, i);

      g_assert_cmpuint (token.start, ==, end);
      g_assert_cmpuint (token.end, >, token.start);
      end = token.end;
      if (i > 1)
        g_string_append_c (pieces, '|');
      g_string_append_len (pieces, text + token.start, token.end - token.start);
    }
  g_assert_cmpuint (end, ==, strlen (text));
  return g_string_free (pieces, FALSE);
}

static void
test_cut (void)
{
  static const struct
  {
    const char *text;
    const char *pieces;
  } cases[] = {
    { "", "" },
    { "a", "a" },
    { "房间好", "房|间|好" },
    { "no room", "n|o| |r|o|o|m" },
    { "a \t\n b", "a| \t\n |b" },
    { "　全角　", "　|全|角|　" },
    { "e\xcc\x81t\xc3\xa9", "e\xcc\x81|t|\xc3\xa9" },
    { "好👍🏽好", "好|👍🏽|好" },
    { "👩‍👩‍👧!", "👩‍👩‍👧|!" },
    { "🇨🇳🇫🇷🇩", "🇨🇳|🇫🇷|🇩" },
    { "1️⃣a", "1️⃣|a" },
    { "각", "각" },
    { "नमस्ते", NULL },
    { "\xcc\x81", "\xcc\x81" },
    { " \xcc\x81" "a", " |\xcc\x81|a" },
  };
  const char *const nothing[] = { NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (nothing, 1, 100);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *pieces = cut (tokenizer, cases[i].text);

      if (cases[i].pieces != NULL)
        g_assert_cmpstr (pieces, ==, cases[i].pieces);
    }
}

static gboolean
is_white (gunichar c)
{
  return c <= ' ' || c == 0x85 || (g_unichar_isspace (c) && c != 0x200B);
}

/* The pieces as ICU cuts them, without any short way. */
static char *
cut_by_icu (const char *text)
{
  GString *pieces = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *end = text;
      gboolean white = is_white (g_utf8_get_char (text));

      while (*end != '\0' && is_white (g_utf8_get_char (end)) == white)
        end = g_utf8_next_char (end);
      if (white)
        {
          g_string_append_len (pieces, text, end - text);
          g_string_append_c (pieces, '|');
        }
      else
        {
          UErrorCode status = U_ZERO_ERROR;
          UText *utext = utext_openUTF8 (NULL, text, end - text, &status);
          UBreakIterator *breaks = ubrk_open (UBRK_CHARACTER, "", NULL, 0, &status);
          int32_t from = 0;
          int32_t to;

          ubrk_setUText (breaks, utext, &status);
          g_assert_true (U_SUCCESS (status));
          while ((to = ubrk_next (breaks)) != UBRK_DONE)
            {
              g_string_append_len (pieces, text + from, to - from);
              g_string_append_c (pieces, '|');
              from = to;
            }
          ubrk_close (breaks);
          utext_close (utext);
        }
      text = end;
    }
  if (pieces->len > 0)
    g_string_truncate (pieces, pieces->len - 1);
  return g_string_free (pieces, FALSE);
}

static void
test_against_icu (void)
{
  /* Those that join most, among those that never do. */
  static const gunichar odd[] = {
    'a', 'z', '0', '#', ' ', '\t', 0xA0, 0xA9, 0xAD, 0xAE, 0x2FF, 0x300, 0x301, 0x36F, 0x400, 0x482, 0x483, 0x600,
    0x627, 0x64B, 0x915, 0x93F, 0x94D, 0xE01, 0xE33, 0x1100, 0x1161, 0x11A8, 0x1680, 0x200B, 0x200C, 0x200D, 0x200E,
    0x2010, 0x2027, 0x2028, 0x202A, 0x202F, 0x203C, 0x205F, 0x20E3, 0x2764, 0x2FFF, 0x3000, 0x3001, 0x3029, 0x302A,
    0x3030, 0x3041, 0x3096, 0x3099, 0x309A, 0x309B, 0x30FF, 0x3297, 0x4DFF, 0x4E00, 0x9FFF, 0xAC00, 0xAC01, 0xFE0F,
    0xFEFF, 0xFF01, 0xFF9D, 0xFF9E, 0xFFFD, 0x1F1E8, 0x1F1F3, 0x1F3FD, 0x1F44D, 0x1F469, 0xE0020, 0xE0100, 0x10FFFF,
  };
  const char *const nothing[] = { NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (nothing, 1, 100);

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *pieces = NULL;
      g_autofree char *expected = NULL;
      guint n_characters = wen_random_u64 (3, i, 0) % 12;

      for (guint k = 0; k < n_characters; k++)
        {
          guint64 random = wen_random_u64 (3, i, k + 1);
          gunichar c = random % 4 != 0 ? odd[(random >> 8) % G_N_ELEMENTS (odd)]
                                       : (gunichar) (1 + (random >> 8) % 0x2FFFF);

          if (c >= 0xD800 && c <= 0xDFFF)
            continue;
          g_string_append_unichar (text, c);
        }
      pieces = cut (tokenizer, text->str);
      expected = cut_by_icu (text->str);
      g_assert_cmpstr (pieces, ==, expected);
    }
}

static void
test_fit (void)
{
  const char *const texts[] = { "好好好好房", "房 间房", "a a", "👍🏽👍🏽 😀", "\xc3\xa9", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (texts, 1, 100);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  static const char *const expected[] = { "[PAD]", "[UNK]", "[CLS]", "好", " ", "房", "a", "👍🏽", "\xc3\xa9", "间", "😀" };
  static const guint64 expected_counts[] = { 0, 0, 0, 4, 3, 3, 2, 2, 1, 1, 1 };

  /* By count, then by code point. */
  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, G_N_ELEMENTS (expected));
  for (guint id = 0; id < G_N_ELEMENTS (expected); id++)
    {
      g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, id), ==, expected[id]);
      g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, id), ==, expected_counts[id]);
    }
}

static void
test_limits (void)
{
  const char *const texts[] = { "aaa bb c", "a 好", NULL };
  g_autoptr (WenTokenizer) common = fit (texts, 2, 100);
  g_autoptr (WenTokenizer) small = fit (texts, 1, 5);
  g_autoptr (WenTokenizer) none = fit (texts, 1, 0);

  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (common)), ==, 3 + 3);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (small)), ==, 5);
  g_assert_cmpstr (wen_vocabulary_get_token (wen_tokenizer_get_vocabulary (small), 3), ==, "a");
  g_assert_cmpstr (wen_vocabulary_get_token (wen_tokenizer_get_vocabulary (small), 4), ==, " ");
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (none)), ==, 3);
}

/* What is fitted again forgets the former vocabulary. */
static void
test_fit_again (void)
{
  const char *const texts[] = { "ab", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (texts, 1, 100);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));

  wen_tokenizer_encode (tokenizer, "ab", tokens);
  wen_tokenizer_count (tokenizer, "bc");
  wen_tokenizer_fit (tokenizer, 1, 100);
  wen_tokenizer_encode (tokenizer, "abc", tokens);
  g_assert_cmpuint (tokens->len, ==, 4);
  g_assert_cmpuint (g_array_index (tokens, WenToken, 1).id, ==, WEN_TOKEN_UNK);
  g_assert_cmpuint (g_array_index (tokens, WenToken, 2).id, ==, 3);
  g_assert_cmpuint (g_array_index (tokens, WenToken, 3).id, ==, 4);
}

static void
test_decode (void)
{
  const char *const texts[] = { "房间 ok 👍🏽", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (texts, 1, 100);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree char *text = NULL;

  wen_tokenizer_encode (tokenizer, "ok  间Ω👍🏽", tokens);
  for (guint i = 0; i < tokens->len; i++)
    g_array_append_val (ids, g_array_index (tokens, WenToken, i).id);
  text = wen_tokenizer_decode (tokenizer, (const guint32 *) (gpointer) ids->data, ids->len);
  g_assert_cmpstr (text, ==, "ok 间[UNK]👍🏽");
}

/* The tokens of any text whose white space is cleaned, put one after the other, are the
 * text. */
static void
test_decode_random_texts (void)
{
  const char *const steps[] = { "white-space", NULL };
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new (steps, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WenTokenizer) tokenizer = NULL;

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *text = make_random_text (i, 12);

      g_ptr_array_add (texts, wen_cleaner_clean (cleaner, text));
    }
  g_ptr_array_add (texts, NULL);
  tokenizer = fit ((const char *const *) texts->pdata, 1, 1000000);
  for (guint i = 0; i + 1 < texts->len; i++)
    {
      g_autoptr (GArray) tokens = encode (tokenizer, g_ptr_array_index (texts, i));
      g_autofree char *decoded = decode_tokens (tokenizer, tokens);

      g_assert_cmpstr (decoded, ==, g_ptr_array_index (texts, i));
    }
}

static gpointer
encode_often (gpointer tokenizer)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));

  for (guint i = 0; i < 2000; i++)
    {
      wen_tokenizer_encode (tokenizer, "房间 e\xcc\x81 👍🏽", tokens);
      g_assert_cmpuint (tokens->len, ==, 7);
      g_assert_cmpuint (g_array_index (tokens, WenToken, 6).id, !=, WEN_TOKEN_UNK);
    }
  return NULL;
}

static void
test_threads (void)
{
  const char *const texts[] = { "房间 e\xcc\x81 👍🏽", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (texts, 1, 100);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_often, tokenizer);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Texts are UTF-8 by contract; were they not, nothing would break. */
static void
test_not_utf8 (void)
{
  static const char *const texts[] = { "\xff", "a\xe4\xb8", "\xf0\x9f\x91", "\xed\xa0\x80", "\xc0\x80", "\xcc", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit (texts, 1, 100);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);

  for (gsize i = 0; texts[i] != NULL; i++)
    g_free (cut (tokenizer, texts[i]));
  for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    g_assert_true (g_utf8_validate (wen_vocabulary_get_token (vocabulary, id), -1, NULL));
}

static void
test_unknown_kind (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_tokenizer_new ("syllable", &error));
  g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/token/character-tokenizer/cut", test_cut);
  g_test_add_func ("/wen/token/character-tokenizer/against-icu", test_against_icu);
  g_test_add_func ("/wen/token/character-tokenizer/fit", test_fit);
  g_test_add_func ("/wen/token/character-tokenizer/limits", test_limits);
  g_test_add_func ("/wen/token/character-tokenizer/fit-again", test_fit_again);
  g_test_add_func ("/wen/token/character-tokenizer/decode", test_decode);
  g_test_add_func ("/wen/token/character-tokenizer/decode-random-texts", test_decode_random_texts);
  g_test_add_func ("/wen/token/character-tokenizer/threads", test_threads);
  g_test_add_func ("/wen/token/character-tokenizer/not-utf8", test_not_utf8);
  g_test_add_func ("/wen/token/character-tokenizer/unknown-kind", test_unknown_kind);

  return g_test_run ();
}
