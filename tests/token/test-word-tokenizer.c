/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are words: where texts are cut, with and without spaces, and that the
 * short ways never cut elsewhere than ICU does. */

#include "config.h"

#include "token-testing.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#define KIND "word"

static const char *const nothing[] = { NULL };

static void
test_cut (void)
{
  static const struct
  {
    const char *text;
    const char *parts;
  } cases[] = {
    { "", "" },
    { " \t\n　 ", "" },
    { "the room", "the|room" },
    { "  The room,  was 3.5 km away! ", "The|room|,|was|3.5|km|away|!" },
    { "don't e-mail", "don't|e|-|mail" },
    { "我们的房间很干净", "我们|的|房间|很|干净" },
    { "北京　酒店WiFi不好。", "北京|酒店|WiFi|不好|。" },
    { "caf\xc3\xa9 e\xcc\x81t\xc3\xa9", "caf\xc3\xa9|e\xcc\x81t\xc3\xa9" },
    { "好👩‍👩‍👧!", "好|👩‍👩‍👧|!" },
    { "ห้องสะอาดมาก", "ห้อง|สะอาด|มาก" },
    { "𠀀好", "𠀀|好" },
  };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, nothing, 1, 100);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *parts = cut_to_string (tokenizer, cases[i].text);

      g_assert_cmpstr (parts, ==, cases[i].parts);
    }
}

/* Words of one's own stay whole, the longest first, and never inside a Latin word. */
static void
test_dictionary (void)
{
  static const char *const words[] = { "外卖小哥", "外卖", "wifi6", "art", "C++", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, nothing, 1, 100);
  g_autofree char *chinese = NULL;
  g_autofree char *latin = NULL;
  g_autofree char *without = NULL;

  wen_tokenizer_set_dictionary (tokenizer, words);
  chinese = cut_to_string (tokenizer, "外卖小哥送外卖很快");
  latin = cut_to_string (tokenizer, "start art, 用wifi6和C++ wifi61");
  g_assert_cmpstr (chinese, ==, "外卖小哥|送|外卖|很快");
  g_assert_cmpstr (latin, ==, "start|art|,|用|wifi6|和|C++|wifi61");

  wen_tokenizer_set_dictionary (tokenizer, nothing);
  without = cut_to_string (tokenizer, "C++");
  g_assert_cmpstr (without, ==, "C|+|+");
}

static gboolean
is_white (gunichar c)
{
  return c <= ' ' || (c >= 0x7F && c <= 0x9F) || g_unichar_isspace (c);
}

/* The words as ICU cuts them, without any short way. */
static char *
cut_by_icu (const char *text)
{
  GString *parts = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *end = text;

      while (*end != '\0' && !is_white (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      if (end > text)
        {
          UErrorCode status = U_ZERO_ERROR;
          UText *utext = utext_openUTF8 (NULL, text, end - text, &status);
          UBreakIterator *breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);
          int32_t from = 0;
          int32_t to;

          ubrk_setUText (breaks, utext, &status);
          g_assert_true (U_SUCCESS (status));
          while ((to = ubrk_next (breaks)) != UBRK_DONE)
            {
              if (parts->len > 0)
                g_string_append_c (parts, '|');
              g_string_append_len (parts, text + from, to - from);
              from = to;
            }
          ubrk_close (breaks);
          utext_close (utext);
        }
      text = *end != '\0' ? g_utf8_next_char (end) : end;
    }
  return g_string_free (parts, FALSE);
}

static void
test_against_icu (void)
{
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, nothing, 1, 100);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *text = make_random_text (i, 16);
      g_autofree char *parts = cut_to_string (tokenizer, text);
      g_autofree char *expected = cut_by_icu (text);

      g_assert_cmpstr (parts, ==, expected);
    }
}

static void
test_fit (void)
{
  const char *const texts[] = { "房间 good good", "房间 bad", "good!", NULL };
  static const char *const expected[] = { "[PAD]", "[UNK]", "[CLS]", "good", "房间", "!", "bad" };
  static const guint64 counts[] = { 0, 0, 0, 3, 2, 1, 1 };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, texts, 1, 100);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  g_autofree char *tokens = encode_to_string (tokenizer, "good 房间 goods");

  /* By count, then by code point. */
  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, G_N_ELEMENTS (expected));
  for (guint id = 0; id < G_N_ELEMENTS (expected); id++)
    {
      g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, id), ==, expected[id]);
      g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, id), ==, counts[id]);
    }
  g_assert_cmpstr (tokens, ==, "good|房间|[UNK]");
}

static void
test_limits (void)
{
  const char *const texts[] = { "a a a b b c", NULL };
  g_autoptr (WenTokenizer) common = fit_tokenizer (KIND, texts, 2, 100);
  g_autoptr (WenTokenizer) small = fit_tokenizer (KIND, texts, 1, 4);
  g_autoptr (WenTokenizer) none = fit_tokenizer (KIND, texts, 1, 0);

  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (common)), ==, 5);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (small)), ==, 4);
  g_assert_cmpstr (wen_vocabulary_get_token (wen_tokenizer_get_vocabulary (small), 3), ==, "a");
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (none)), ==, 3);
}

/* Words that would run together get a space, others do not. */
static void
test_decode (void)
{
  const char *const texts[] = { "the room is 3 m wide, 房间 很大 WiFi 好", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, texts, 1, 100);
  g_autoptr (GArray) tokens = encode (tokenizer, "the  room is wide,房间很大 WiFi 3 m Ω");
  g_autofree char *text = decode_tokens (tokenizer, tokens);

  g_assert_cmpstr (text, ==, "the room is wide,房间很大WiFi 3 m[UNK]");
}

/* The time grows no faster than the text, whatever stands in it, and no byte is lost. */
static void
test_endless_text (void)
{
  static const char *const units[] = { "n", "哈", "房间很大", "\xcc\x81", "👍", "." };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, nothing, 1, 100);

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GArray) tokens = NULL;
      guint32 end = 0;

      while (text->len < 500 * 1000)
        g_string_append (text, units[i]);
      tokens = encode (tokenizer, text->str);
      for (guint k = 0; k < tokens->len; k++)
        {
          g_assert_cmpuint (g_array_index (tokens, WenToken, k).start, ==, end);
          end = g_array_index (tokens, WenToken, k).end;
          g_assert_true (g_utf8_validate_len (text->str + g_array_index (tokens, WenToken, k).start,
                                              end - g_array_index (tokens, WenToken, k).start, NULL));
        }
      g_assert_cmpuint (end, ==, text->len);
    }
}

/* Texts are UTF-8 by contract; were they not, nothing would break. */
static void
test_not_utf8 (void)
{
  static const char *const texts[] = { "\xff", "a\xe4\xb8", "\xf0\x9f\x91", "\xed\xa0\x80", "\xc0\x80", "\xcc", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, texts, 1, 100);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);

  for (gsize i = 0; texts[i] != NULL; i++)
    g_free (cut_to_string (tokenizer, texts[i]));
  for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    g_assert_true (g_utf8_validate (wen_vocabulary_get_token (vocabulary, id), -1, NULL));
}

static gpointer
encode_often (gpointer tokenizer)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *parts = cut_to_string (tokenizer, "我们的房间很干净 good");

      g_assert_cmpstr (parts, ==, "我们|的|房间|很|干净|good");
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer (KIND, nothing, 1, 100);
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

  g_test_add_func ("/wen/token/word-tokenizer/dictionary", test_dictionary);
  g_test_add_func ("/wen/token/word-tokenizer/cut", test_cut);
  g_test_add_func ("/wen/token/word-tokenizer/against-icu", test_against_icu);
  g_test_add_func ("/wen/token/word-tokenizer/fit", test_fit);
  g_test_add_func ("/wen/token/word-tokenizer/limits", test_limits);
  g_test_add_func ("/wen/token/word-tokenizer/decode", test_decode);
  g_test_add_func ("/wen/token/word-tokenizer/endless-text", test_endless_text);
  g_test_add_func ("/wen/token/word-tokenizer/not-utf8", test_not_utf8);
  g_test_add_func ("/wen/token/word-tokenizer/threads", test_threads);

  return g_test_run ();
}
