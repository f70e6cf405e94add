/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tests of all kinds of tokenizers do. */

#pragma once

#include "wen-random-private.h"
#include "wen-tokenizer.h"

#include <string.h>

#include "../shared-data.h"

/* Counts the texts so many times. */
static inline WenTokenizer *
fit_tokenizer_often (const char        *kind,
                     const char *const *texts,
                     guint              n_times,
                     guint              minimum_count,
                     guint              maximum_vocabulary)
{
  g_autoptr (GError) error = NULL;
  WenTokenizer *tokenizer = wen_tokenizer_new (kind, &error);

  g_assert_no_error (error);
  for (guint time = 0; time < n_times; time++)
    for (gsize i = 0; texts[i] != NULL; i++)
      wen_tokenizer_count (tokenizer, texts[i]);
  wen_tokenizer_fit (tokenizer, minimum_count, maximum_vocabulary);
  return tokenizer;
}

static inline WenTokenizer *
fit_tokenizer (const char        *kind,
               const char *const *texts,
               guint              minimum_count,
               guint              maximum_vocabulary)
{
  return fit_tokenizer_often (kind, texts, 1, minimum_count, maximum_vocabulary);
}

/* Pairs of pieces are joined where they occur five times as often as a character must:
 * so often that two occurrences are enough, and one is not. */
#define N_TIMES_TO_JOIN 3

/* The tokens of a text, without [CLS].  Wherever a token says to stand, it is within
 * the text, and none stands before the one that it follows. */
static inline GArray *
encode (WenTokenizer *tokenizer,
        const char   *text)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  gsize n_bytes = strlen (text);
  guint32 start = 0;

  wen_tokenizer_encode (tokenizer, text, tokens);
  g_assert_cmpuint (g_array_index (tokens, WenToken, 0).id, ==, wen_vocabulary_get_cls_id (vocabulary));
  g_array_remove_index (tokens, 0);
  for (guint i = 0; i < tokens->len; i++)
    {
      WenToken token = g_array_index (tokens, WenToken, i);

      g_assert_cmpuint (token.id, <, wen_vocabulary_get_size (vocabulary));
      g_assert_cmpuint (token.start, >=, start);
      g_assert_cmpuint (token.end, >, token.start);
      g_assert_cmpuint (token.end, <=, n_bytes);
      start = token.start;
    }
  return tokens;
}

/* What the tokens of a text are called, joined by "|". */
static inline char *
encode_to_string (WenTokenizer *tokenizer,
                  const char   *text)
{
  g_autoptr (GArray) tokens = encode (tokenizer, text);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  GString *pieces = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      if (i > 0)
        g_string_append_c (pieces, '|');
      g_string_append (pieces, wen_vocabulary_get_token (vocabulary, g_array_index (tokens, WenToken, i).id));
    }
  return g_string_free (pieces, FALSE);
}

/* The parts of the text that the tokens stand for, joined by "|". */
static inline char *
cut_to_string (WenTokenizer *tokenizer,
               const char   *text)
{
  g_autoptr (GArray) tokens = encode (tokenizer, text);
  GString *pieces = g_string_new (NULL);

  for (guint i = 0; i < tokens->len; i++)
    {
      WenToken token = g_array_index (tokens, WenToken, i);

      if (i > 0)
        g_string_append_c (pieces, '|');
      g_string_append_len (pieces, text + token.start, token.end - token.start);
    }
  return g_string_free (pieces, FALSE);
}

static inline char *
decode_tokens (WenTokenizer *tokenizer,
               GArray       *tokens)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < tokens->len; i++)
    g_array_append_val (ids, g_array_index (tokens, WenToken, i).id);
  return wen_tokenizer_decode (tokenizer, (const guint32 *) (gconstpointer) ids->data, ids->len);
}

/* A text of up to n characters from all of Unicode, the odd ones oftenest.  The same
 * number gives the same text. */
static inline char *
make_random_text (guint64 number,
                  guint   n)
{
  static const gunichar odd[] = {
    'a', 'B', 'z', '0', '#', '.', '\'', '[', ' ', ' ', '\t', '\n', 0x1, 0xA0, 0xAD, 0xC9, 0xE9, 0x130, 0x300, 0x301,
    0x37E, 0x3A3, 0x483, 0x627, 0x64B, 0x915, 0x93F, 0x94D, 0xE01, 0xE33, 0x1100, 0x1161, 0x11A8, 0x1E69, 0x1FEF,
    0x200B, 0x200D, 0x2028, 0x20AC, 0x20E3, 0x212A, 0x2581, 0x2764, 0x3000, 0x3002, 0x3042, 0x304C, 0x4E00, 0x4E2D,
    0x56FD, 0x9FFF, 0xAC00, 0xAC01, 0xE000, 0xF900, 0xFE0F, 0xFEFF, 0xFF01, 0xFF21, 0xFFFD, 0x10400, 0x1F1E8, 0x1F1F3,
    0x1F44D, 0x1F3FD, 0x20000, 0x2F800, 0x10FFFF,
  };
  GString *text = g_string_new (NULL);
  guint n_characters = (guint) (wen_random_u64 (7, number, 0) % (n + 1));

  for (guint i = 0; i < n_characters; i++)
    {
      guint64 random = wen_random_u64 (7, number, i + 1);
      gunichar c = random % 4 != 0 ? odd[(random >> 8) % G_N_ELEMENTS (odd)]
                                   : (gunichar) (1 + (random >> 8) % 0x10FFFE);

      if (c < 0xD800 || c > 0xDFFF)
        g_string_append_unichar (text, c);
    }
  return g_string_free (text, FALSE);
}
