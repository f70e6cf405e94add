/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a tokenizer.json: a sentence that says what is wrong, or a tokenizer that
 * cuts, and that writes a file which gives the same one. */

#include "config.h"

#include "fuzz.h"

#include <string.h>

#include "wen-tokenizer.h"

const char *const fuzz_inputs[] = {
  "{\"model\": {\"type\": \"WordPiece\", \"unk_token\": \"[UNK]\", \"continuing_subword_prefix\": \"##\", "
  "\"max_input_chars_per_word\": 100, \"vocab\": {\"[PAD]\": 0, \"[UNK]\": 1, \"[CLS]\": 2, \"a\": 3, \"##b\": 4}}, "
  "\"normalizer\": {\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true, "
  "\"strip_accents\": null, \"lowercase\": true}, \"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"}}",
  "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"[PAD]\": 0, \"[UNK]\": 1, \"[CLS]\": 2, \"a\": 3, \"b\": 4, \"ab\": 5}, "
  "\"merges\": [\"a b\"], \"byte_fallback\": true}}",
  "{}",
  "[]",
  NULL,
};

const char *const fuzz_signs[] = {
  "{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1", "4294967296", "1e999", "\"vocab\"", "\"merges\"", "\"a b\"", "\"a\": 3,",
  "\\u0000", "\\ud800", "\xff", "[UNK]", "##", "BPE", "WordPiece", "<0x41>", NULL,
};

static GBytes *
write_sample (const char *kind)
{
  g_autoptr (WenTokenizer) tokenizer = wen_tokenizer_new (kind, NULL);

  for (guint i = 0; i < 30; i++)
    wen_tokenizer_count (tokenizer, "lower lowest newer wider 房间 房间 干净");
  wen_tokenizer_fit (tokenizer, 1, 320);
  return wen_tokenizer_to_json (tokenizer, NULL);
}

static void
check (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WenTokenizer) tokenizer = wen_tokenizer_new_from_json (bytes, &error);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  g_autoptr (GBytes) written = NULL;
  g_autoptr (WenTokenizer) again = NULL;
  g_autoptr (GBytes) same = NULL;

  g_assert_true ((tokenizer == NULL) == (error != NULL));
  if (tokenizer == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  wen_tokenizer_encode (tokenizer, "ab lowest 房间 \xf0\x9f\x91\x8d", tokens);
  for (guint i = 0; i < tokens->len; i++)
    g_assert_cmpuint (g_array_index (tokens, WenToken, i).id, <,
                      wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (tokenizer)));
  written = wen_tokenizer_to_json (tokenizer, &error);
  g_assert_no_error (error);
  again = wen_tokenizer_new_from_json (written, &error);
  g_assert_no_error (error);
  same = wen_tokenizer_to_json (again, &error);
  g_assert_true (g_bytes_equal (written, same));
}

/* Small changes of files of our own, which reach farther than those of a stranger's:
 * the first byte chooses one, and the others say what is changed where. */
static void
check_changed (const uint8_t *bytes,
               size_t         n_bytes)
{
  static GBytes *samples[2];
  g_autofree guint8 *copy = NULL;
  g_autoptr (GBytes) changed = NULL;
  gsize size;
  gconstpointer sample;

  if (samples[0] == NULL)
    {
      samples[0] = write_sample ("bpe");
      samples[1] = write_sample ("wordpiece");
    }
  sample = g_bytes_get_data (samples[bytes[0] % 2], &size);
  copy = g_memdup2 (sample, size);
  for (size_t i = 1; i + 2 < n_bytes && i < 30; i += 3)
    copy[((gsize) bytes[i] << 8 | bytes[i + 1]) * 7 % size] = bytes[i + 2];
  changed = g_bytes_new (copy, size);
  check (changed);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         n_bytes)
{
  g_autoptr (GBytes) input = g_bytes_new (bytes, n_bytes);

  check (input);
  if (n_bytes > 0)
    check_changed (bytes, n_bytes);
  return 0;
}
