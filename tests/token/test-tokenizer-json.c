/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* tokenizer.json: what is written is read again, cuts texts alike and looks as other
 * libraries expect; what Wenlei does not know is refused, whatever it is. */

#include "config.h"

#include "token-testing.h"

#include <json-glib/json-glib.h>

static const char *const texts[] = {
  "the room was good", "the rooms were good", "the food was good, the room was not", "房间很大", "房间很干净，房间很好",
  "房间不好", "the good 房间", NULL,
};

static const char *const kinds[] = { "bpe", "wordpiece" };

static char *
write_json (WenTokenizer *tokenizer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = wen_tokenizer_to_json (tokenizer, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static WenTokenizer *
read_json (const char *json,
           gsize       size_bytes,
           GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, size_bytes);

  return wen_tokenizer_new_from_json (bytes, error);
}

static void
test_round_trip (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (kinds[i], texts, N_TIMES_TO_JOIN, 1, 400);
      g_autofree char *json = write_json (tokenizer);
      g_autoptr (GError) error = NULL;
      g_autoptr (WenTokenizer) again = read_json (json, strlen (json), &error);
      g_autofree char *second_json = NULL;
      WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);

      g_assert_no_error (error);
      g_assert_true (G_OBJECT_TYPE (again) == G_OBJECT_TYPE (tokenizer));
      g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (again)), ==,
                        wen_vocabulary_get_size (vocabulary));
      for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
        g_assert_cmpstr (wen_vocabulary_get_token (wen_tokenizer_get_vocabulary (again), id), ==,
                         wen_vocabulary_get_token (vocabulary, id));
      for (guint k = 0; k < 2000; k++)
        {
          g_autofree char *text = k < 7 ? g_strdup (texts[k]) : make_random_text (k, 12);
          g_autofree char *before = encode_to_string (tokenizer, text);
          g_autofree char *after = encode_to_string (again, text);

          g_assert_cmpstr (before, ==, after);
        }
      second_json = write_json (again);
      g_assert_cmpstr (json, ==, second_json);
      g_assert_finalize_object (g_steal_pointer (&again));
    }
}

/* The members by which other libraries work. */
static void
test_content (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (kinds[i], texts, N_TIMES_TO_JOIN, 1, 400);
      WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
      g_autofree char *json = write_json (tokenizer);
      g_autoptr (JsonNode) node = json_from_string (json, NULL);
      JsonObject *root = json_node_get_object (node);
      JsonObject *model = json_object_get_object_member (root, "model");
      JsonObject *listed = json_object_get_object_member (model, "vocab");

      g_assert_cmpstr (json_object_get_string_member (model, "type"), ==, i == 0 ? "BPE" : "WordPiece");
      g_assert_cmpstr (json_object_get_string_member (model, "unk_token"), ==, "[UNK]");
      g_assert_cmpuint (json_object_get_size (listed), ==, wen_vocabulary_get_size (vocabulary));
      for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
        g_assert_cmpint (json_object_get_int_member (listed, wen_vocabulary_get_token (vocabulary, id)), ==, id);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "added_tokens")), ==, 3);
      if (i == 0)
        {
          JsonArray *merges = json_object_get_array_member (model, "merges");
          const char *first = json_array_get_string_element (merges, 0);
          g_auto (GStrv) parts = g_strsplit (first, " ", 0);
          g_autofree char *joined = g_strjoinv ("", parts);

          /* Each joins two tokens to a third; "房间" is the commonest pair of all. */
          g_assert_cmpuint (g_strv_length (parts), ==, 2);
          g_assert_true (json_object_has_member (listed, joined));
          g_assert_true (json_object_get_boolean_member (model, "byte_fallback"));
        }
    }
}

/* A file as other libraries write it for BERT, and one for a model with capitals. */
static void
test_bert (void)
{
  static const char format[] =
    "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":["
    "{\"id\":4,\"content\":\"[SEP]\",\"special\":true},{\"id\":5,\"content\":\"[MASK]\",\"special\":true}],"
    "\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
    "\"strip_accents\":null,\"lowercase\":%s},\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
    "\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true},"
    "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","
    "\"max_input_chars_per_word\":100,"
    "\"vocab\":{\"room\":0,\"Room\":1,\"[UNK]\":2,\"[CLS]\":3,\"[SEP]\":4,\"[PAD]\":6,\"##s\":7}}}";
  static const char *const expected[] = { "room|room|##s", "Room|room|##s" };

  for (gsize i = 0; i < 2; i++)
    {
      g_autofree char *json = g_strdup_printf (format, i == 0 ? "true" : "false");
      g_autoptr (GError) error = NULL;
      g_autoptr (WenTokenizer) tokenizer = read_json (json, strlen (json), &error);
      g_autofree char *tokens = NULL;

      /* [MASK] has the one number that the vocabulary leaves free. */
      g_assert_no_error (error);
      tokens = encode_to_string (tokenizer, "Room rooms");
      g_assert_cmpstr (tokens, ==, expected[i]);
      g_assert_cmpuint (wen_vocabulary_get_cls_id (wen_tokenizer_get_vocabulary (tokenizer)), ==, 3);
      g_assert_cmpstr (wen_vocabulary_get_token (wen_tokenizer_get_vocabulary (tokenizer), 5), ==, "[MASK]");
    }
}

static void
test_refused (void)
{
  static const struct
  {
    const char *kind;
    const char *from;
    const char *to;
    const char *says;
  } changes[] = {
    { "bpe", "{", "", "*" },
    { "bpe", "\"BPE\"", "\"Unigram\"", "*WordPiece or BPE*" },
    { "bpe", "\"model\"", "\"models\"", "*WordPiece or BPE*" },
    { "bpe", "\"Replace\"", "\"NFC\"", "*normalizer*" },
    { "bpe", "{1,64}", "+", "*pre_tokenizer*" },
    { "bpe", "\"Isolated\"", "\"Removed\"", "*pre_tokenizer*" },
    { "bpe", "\"byte_fallback\" : true", "\"byte_fallback\" : false", "*byte_fallback*" },
    { "bpe", "\"dropout\" : null", "\"end_of_word_suffix\" : \"</w>\"", "*end_of_word_suffix*" },
    { "bpe", "\"vocab\"", "\"vocabulary\"", "*no vocabulary*" },
    { "bpe", "\"merges\"", "\"joins\"", "*joined*" },
    { "bpe", "\"房 间\"", "\"房间\"", "*pair *" },
    { "bpe", "\"房 间\"", "\"房 屋\"", "*pair *" },
    { "bpe", "\"房 间\"", "[\"房\"]", "*pair *" },
    { "bpe", "\"房 间\"", "[\"房\", 7]", "*pair *" },
    { "bpe", "\"房 间\"", "{}", "*pair *" },
    { "bpe", "\"<0x00>\" : 3", "\"<0x00>\" : 4", "*number 4*" },
    { "bpe", "\"<0x00>\" : 3", "\"<0x00>\" : -1", "*<0x00>*" },
    { "bpe", "\"<0x00>\" : 3", "\"<0x00>\" : 1e9", "*<0x00>*" },
    { "bpe", "\"<0x00>\" : 3", "\"<0x00>\" : 99999999999", "*<0x00>*" },
    { "bpe", "\"<0x00>\" : 3", "\"\\u0000\" : 3", "*" },
    { "bpe", "\"<0x00>\" : 3", "\"a\\nb\" : 3", "*line end*" },
    { "bpe", "\"<0x00>\" : 3", "\"\\ud800\" : 3", "*half of a character*" },
    { "bpe", "\"<0x00>\" : 3", "\"\\udc00\" : 3", "*half of a character*" },
    { "bpe", "\"id\" : 1,", "\"id\" : 7,", "*number 7*" },
    { "bpe", "\"id\" : 1,", "", "*added tokens*" },
    { "wordpiece", "\"lowercase\" : true", "\"lowercase\" : 1", "*normalizer*" },
    { "wordpiece", "\"strip_accents\" : null", "\"strip_accents\" : false", "*normalizer*" },
    { "wordpiece", "\"clean_text\" : true", "\"clean_text\" : false", "*normalizer*" },
    { "wordpiece", "\"BertPreTokenizer\"", "\"Whitespace\"", "*pre_tokenizer*" },
    { "wordpiece", "\"continuing_subword_prefix\" : \"##\"", "\"continuing_subword_prefix\" : \"@@\"", "*prefix*" },
    { "wordpiece", "\"max_input_chars_per_word\" : 100", "\"max_input_chars_per_word\" : 7", "*max_input*" },
    { "wordpiece", "\"[CLS]\" : 2", "\"[cls]\" : 2", "*number 2*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (changes[i].kind, texts, N_TIMES_TO_JOIN, 1, 400);
      g_autofree char *json = write_json (tokenizer);
      g_autoptr (GString) changed = g_string_new (json);
      g_autoptr (GError) error = NULL;

      if (g_string_replace (changed, changes[i].from, changes[i].to, 1) == 0)
        g_error ("change %zu: there is no %s", i, changes[i].from);
      g_assert_null (read_json (changed->str, changed->len, &error));
      g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
      if (!g_pattern_match_simple (changes[i].says, error->message))
        g_error ("change %zu: %s", i, error->message);
    }
}

/* No file harms: it is read and cuts texts, or it is refused for a reason. */
static void
test_hostile (void)
{
  guint n_read = 0;
  guint n_refused = 0;

  for (guint i = 0; i < 4000; i++)
    {
      static char *jsons[G_N_ELEMENTS (kinds)];
      gsize kind = i % 2;
      g_autofree char *copy = NULL;
      gsize length_bytes;
      gsize size_bytes;
      gsize position;
      g_autoptr (GError) error = NULL;
      g_autoptr (WenTokenizer) tokenizer = NULL;

      if (jsons[kind] == NULL)
        {
          /* Small, so that the changes hit everything. */
          g_autoptr (WenTokenizer) fitted = fit_tokenizer_often (kinds[kind], texts, N_TIMES_TO_JOIN, 1, 60);

          jsons[kind] = write_json (fitted);
        }
      copy = g_strdup (jsons[kind]);
      length_bytes = strlen (copy);
      size_bytes = i % 4 < 2 ? length_bytes : wen_random_u64 (1, i, 0) % length_bytes;
      position = wen_random_u64 (1, i, 1) % length_bytes;
      copy[position] = (char) (copy[position] ^ 1 << wen_random_u64 (1, i, 2) % 8);

      tokenizer = read_json (copy, size_bytes, &error);
      if (tokenizer != NULL)
        {
          g_autofree char *text = make_random_text (i, 8);
          g_autofree char *tokens = encode_to_string (tokenizer, text);

          n_read++;
        }
      else
        {
          g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
          n_refused++;
        }
    }
  g_assert_cmpuint (n_read, >, 50);
  g_assert_cmpuint (n_refused, >, 2000);
}

static void
test_other_kinds (void)
{
  g_autoptr (WenTokenizer) characters = fit_tokenizer ("character", texts, 1, 100);
  g_autoptr (WenTokenizer) wordpiece = fit_tokenizer ("wordpiece", texts, 1, 100);
  g_autofree char *json = write_json (wordpiece);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_tokenizer_to_json (characters, &error));
  g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (wen_tokenizer_new_from_bytes ("bpe", bytes, &error));
  g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
  g_clear_error (&error);
  /* The joins are not in a vocabulary. */
  g_assert_null (wen_tokenizer_new_for_vocabulary ("bpe", wen_tokenizer_get_vocabulary (wordpiece), &error));
  g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/token/tokenizer-json/round-trip", test_round_trip);
  g_test_add_func ("/wen/token/tokenizer-json/content", test_content);
  g_test_add_func ("/wen/token/tokenizer-json/bert", test_bert);
  g_test_add_func ("/wen/token/tokenizer-json/refused", test_refused);
  g_test_add_func ("/wen/token/tokenizer-json/hostile", test_hostile);
  g_test_add_func ("/wen/token/tokenizer-json/other-kinds", test_other_kinds);

  return g_test_run ();
}
