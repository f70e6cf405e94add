/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any text, counted, learned from and cut in all ways, and any file as a vocabulary:
 * tokens stand in the text in their order, have numbers of the vocabulary, and those of
 * byte pair encoding put together are the text.  The first byte chooses the kind, and
 * whether the input is a vocabulary too. */

#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "wen-tokenizer.h"

const char *const fuzz_inputs[] = {
  "0房间很干净 the room 👍🏽 e\xcc\x81",
  "1我们的房间 don't stop 3.5 ห้องสะอาดมาก",
  "2lower lowest 低 低低 \xe2\x96\x81 <0x41>",
  "3unaffable 北京ABC Ünïcode ##x",
  "7[PAD]\n[UNK]\n[CLS]\na\n##b\nab\n好\n",
  "4[PAD]\n[UNK]\n[CLS]\na\nb\n",
  "5[CLS]\n[UNK]\n[PAD]\n",
  NULL,
};

const char *const fuzz_signs[] = {
  "\n", "\r\n", " ", "\t", "##", "[UNK]", "[CLS]", "[PAD]", "<0x00>", "\xe2\x96\x81", "\xff", "\xed\xa0\x80", "\xcc\x81",
  "\xe2\x80\x8d", "\xf0\x9f\x91\x8d", "\xe2\x80\x8f", "\xe0\xb8\xb3", "\xea\xb0\x80", "\xe3\x80\x80", "房", "aaaaaaaa", "A", NULL,
};

static const char *const kinds[] = { "character", "word", "bpe", "wordpiece" };
#define N_KINDS G_N_ELEMENTS (kinds)

static void
check_tokens (WenTokenizer *tokenizer,
              const char   *text,
              gboolean      is_lossless)
{
  guint n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (tokenizer));
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  g_autofree guint32 *ids = NULL;
  g_autofree char *decoded = NULL;
  gsize n_bytes = strlen (text);
  guint32 end = 0;

  wen_tokenizer_encode (tokenizer, text, tokens);
  g_assert_cmpuint (tokens->len, >=, 1);
  ids = g_new (guint32, tokens->len);
  for (guint i = 0; i < tokens->len; i++)
    {
      WenToken token = g_array_index (tokens, WenToken, i);

      g_assert_cmpuint (token.id, <, n_vocabulary);
      g_assert_cmpuint (token.start, <=, token.end);
      g_assert_cmpuint (token.end, <=, n_bytes);
      g_assert_cmpuint (token.end, >=, end);
      end = token.end;
      ids[i] = token.id;
    }
  decoded = wen_tokenizer_decode (tokenizer, ids, tokens->len);
  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  if (is_lossless)
    g_assert_cmpstr (decoded, ==, text);
}

static void
learn_and_cut (const char *kind,
               const char *text)
{
  g_autoptr (WenTokenizer) tokenizer = wen_tokenizer_new (kind, NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (WenTokenizer) again = NULL;
  g_autoptr (GBytes) same = NULL;
  gboolean is_bpe = g_str_equal (kind, "bpe");

  wen_tokenizer_count (tokenizer, text);
  wen_tokenizer_count (tokenizer, text);
  wen_tokenizer_fit (tokenizer, 1, 1000);
  check_tokens (tokenizer, text, is_bpe && g_utf8_validate (text, -1, NULL));

  bytes = wen_tokenizer_to_bytes (tokenizer);
  again = wen_tokenizer_new_from_bytes (kind, bytes, NULL);
  g_assert_nonnull (again);
  same = wen_tokenizer_to_bytes (again);
  g_assert_true (g_bytes_equal (bytes, same));
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         n_bytes)
{
  g_autofree char *text = NULL;
  const char *kind;

  if (n_bytes == 0)
    return 0;
  kind = kinds[bytes[0] % N_KINDS];
  text = g_strndup ((const char *) bytes + 1, n_bytes - 1);
  learn_and_cut (kind, text);

  if (bytes[0] & N_KINDS)
    {
      g_autoptr (GBytes) file = g_bytes_new (bytes + 1, n_bytes - 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (WenTokenizer) tokenizer = wen_tokenizer_new_from_bytes (kind, file, &error);

      g_assert_true ((tokenizer == NULL) == (error != NULL));
      if (tokenizer != NULL)
        check_tokens (tokenizer, text, FALSE);
    }
  return 0;
}
