/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are words and parts of words: exactly those of BERT where the
 * vocabulary is BERT's, and what is learned from texts of one's own. */

#include "config.h"

#include "token-testing.h"

#include <json-glib/json-glib.h>

#define KIND "wordpiece"

static const char small_vocabulary[] =
  "the\n[CLS]\n##s\n[UNK]\nroom\n##ing\ncafe\n房\n间\n!\n[SEP]\n[PAD]\nrun\n##n\n##e\n";

static WenTokenizer *
read_vocabulary (const char *text,
                 gsize       size_bytes,
                 GError    **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size_bytes);
  g_autoptr (WenVocabulary) vocabulary = wen_vocabulary_new_bert (bytes, error);

  return vocabulary != NULL ? wen_tokenizer_new_for_vocabulary (KIND, vocabulary, error) : NULL;
}

static WenTokenizer *
read_small (void)
{
  g_autoptr (GError) error = NULL;
  WenTokenizer *tokenizer = read_vocabulary (small_vocabulary, strlen (small_vocabulary), &error);

  g_assert_no_error (error);
  return tokenizer;
}

static WenTokenizer *
read_shared (const char *name)
{
  g_autofree char *path = find_shared_data (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  WenTokenizer *tokenizer;
  gsize size_bytes;

  if (path == NULL)
    return NULL;
  g_file_get_contents (path, &text, &size_bytes, &error);
  g_assert_no_error (error);
  tokenizer = read_vocabulary (text, size_bytes, &error);
  g_assert_no_error (error);
  return tokenizer;
}

static JsonNode *
parse_shared (const char *name)
{
  g_autofree char *path = find_shared_data (name);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return NULL;
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static void
test_questions (void)
{
  g_autoptr (WenTokenizer) tokenizer = read_shared ("wordpiece/vocab.txt");
  g_autoptr (JsonNode) node = tokenizer != NULL ? parse_shared ("wordpiece/questions.json") : NULL;
  JsonArray *questions;

  if (node == NULL)
    return;
  questions = json_node_get_array (node);
  g_assert_cmpuint (json_array_get_length (questions), ==, 5000);
  for (guint i = 0; i < json_array_get_length (questions); i++)
    {
      JsonObject *question = json_array_get_object_element (questions, i);
      JsonArray *names = json_object_get_array_member (question, "tokens");
      JsonArray *ids = json_object_get_array_member (question, "ids");
      g_autoptr (GArray) tokens = encode (tokenizer, json_object_get_string_member (question, "text"));
      g_autoptr (GString) expected = g_string_new (NULL);
      g_autofree char *found = encode_to_string (tokenizer, json_object_get_string_member (question, "text"));

      g_assert_cmpuint (tokens->len, ==, json_array_get_length (ids));
      for (guint k = 0; k < tokens->len; k++)
        {
          g_assert_cmpint (g_array_index (tokens, WenToken, k).id, ==, json_array_get_int_element (ids, k));
          g_string_append_printf (expected, "%s%s", k > 0 ? "|" : "", json_array_get_string_element (names, k));
        }
      g_assert_cmpstr (found, ==, expected->str);
    }
}

static void
test_edge_cases (void)
{
  static const char *const models[] = { "bert-base-uncased", "google-bert/bert-base-uncased" };
  g_autoptr (WenTokenizer) tokenizer = read_shared ("wordpiece/vocab.txt");
  g_autoptr (JsonNode) node = tokenizer != NULL ? parse_shared ("wordpiece/edge_cases.json") : NULL;

  for (gsize m = 0; node != NULL && m < G_N_ELEMENTS (models); m++)
    {
      JsonArray *cases = json_object_get_array_member (json_node_get_object (node), models[m]);

      g_assert_cmpuint (json_array_get_length (cases), ==, 18);
      for (guint i = 0; i < json_array_get_length (cases); i++)
        {
          JsonObject *one = json_array_get_object_element (cases, i);
          JsonObject *encoded = json_object_get_object_member (one, "encoded");
          JsonArray *ids = json_object_get_array_member (encoded, "input_ids");
          g_autoptr (GArray) tokens = encode (tokenizer, json_object_get_string_member (one, "input"));

          /* [CLS] before and [SEP] after. */
          g_assert_cmpuint (tokens->len + 2, ==, json_array_get_length (ids));
          g_assert_cmpint (json_array_get_int_element (ids, 0), ==,
                           wen_vocabulary_get_cls_id (wen_tokenizer_get_vocabulary (tokenizer)));
          for (guint k = 0; k < tokens->len; k++)
            g_assert_cmpint (g_array_index (tokens, WenToken, k).id, ==, json_array_get_int_element (ids, k + 1));
        }
    }
}

static void
test_chinese (void)
{
  static const char text[] = "位于ＡＢＣ 123路， Hotels很Ｏ好";
  g_autoptr (WenTokenizer) tokenizer = read_shared ("wordpiece/vocab-chinese.txt");
  g_autofree char *tokens = NULL;
  g_autofree char *parts = NULL;

  if (tokenizer == NULL)
    return;
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (tokenizer)), ==, 21128);
  g_assert_cmpuint (wen_vocabulary_get_unk_id (wen_tokenizer_get_vocabulary (tokenizer)), ==, 100);
  g_assert_cmpuint (wen_vocabulary_lookup (wen_tokenizer_get_vocabulary (tokenizer), "not a token", -1), ==, 100);
  tokens = encode_to_string (tokenizer, text);
  parts = cut_to_string (tokenizer, text);
  g_assert_cmpstr (tokens, ==, "位|于|ａ|##ｂ|##ｃ|123|路|，|hotels|很|ｏ|好");
  g_assert_cmpstr (parts, ==, "位|于|Ａ|Ｂ|Ｃ|123|路|，|Hotels|很|Ｏ|好");
}

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
    { "  \t\n\xc2\xa0\xe3\x80\x80 ", "", "" },
    { "The ROOMS", "the|room|##s", "The|ROOM|S" },
    { "Running!", "run|##n|##ing|!", "Run|n|ing|!" },
    { "runx runs", "[UNK]|run|##s", "runx|run|s" },
    { "房间!房", "房|间|!|房", "房|间|!|房" },
    { "room房room", "room|房|room", "room|房|room" },
    /* Accents: in one code point, and after the letter. */
    { "Caf\xc3\xa9s cafe\xcc\x81s", "cafe|##s|cafe|##s", "Caf\xc3\xa9|s|cafe\xcc\x81|s" },
    { "cafe\xcc\x81", "cafe", "cafe\xcc\x81" },
    { "\xcc\x81", "", "" },
    /* Characters that nobody sees are as if they were not there. */
    { "ro\xe2\x80\x8bom\xef\xbb\xbf", "room", "ro\xe2\x80\x8bom" },
    { "room\xef\xbf\xbd\xff!", "room|!", "room|!" },
    { "the\xe2\x80\xa8room", "the|room", "the|room" },
    { "##s", "[UNK]|[UNK]|[UNK]", "#|#|s" },
    { "[CLS]", "[UNK]|[UNK]|[UNK]", "[|CLS|]" },
  };
  g_autoptr (WenTokenizer) tokenizer = read_small ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tokens = encode_to_string (tokenizer, cases[i].text);
      g_autofree char *parts = cut_to_string (tokenizer, cases[i].text);

      g_assert_cmpstr (tokens, ==, cases[i].tokens);
      g_assert_cmpstr (parts, ==, cases[i].parts);
    }
}

/* Words of a hundred characters are cut, longer ones are unknown. */
static void
test_long_words (void)
{
  g_autoptr (WenTokenizer) tokenizer = read_small ();
  g_autofree char *tail = g_strnfill (97, 'n');
  g_autofree char *longest = g_strconcat ("run", tail, NULL);
  g_autofree char *too_long = g_strconcat ("run", tail, "n the", NULL);
  g_autofree char *endless = g_strnfill (10 * 1000 * 1000, 'n');
  g_autoptr (GArray) tokens = encode (tokenizer, longest);
  g_autofree char *unknown = encode_to_string (tokenizer, too_long);
  g_autofree char *parts = cut_to_string (tokenizer, too_long);
  g_autofree char *one = encode_to_string (tokenizer, endless);

  g_assert_cmpuint (tokens->len, ==, 98);
  g_assert_cmpstr (unknown, ==, "[UNK]|the");
  g_assert_cmpuint (strlen (parts), ==, strlen (too_long));
  g_assert_cmpstr (one, ==, "[UNK]");
}

static gboolean
is_space (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return c == '\t' || c == '\n' || c == '\r' || type == G_UNICODE_SPACE_SEPARATOR || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

static gboolean
is_alone (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return (c < 0x80 && g_ascii_ispunct ((char) c)) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF)
         || (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F)
         || (c >= 0x2B820 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F)
         || type == G_UNICODE_CONNECT_PUNCTUATION || type == G_UNICODE_DASH_PUNCTUATION
         || type == G_UNICODE_OPEN_PUNCTUATION || type == G_UNICODE_CLOSE_PUNCTUATION
         || type == G_UNICODE_INITIAL_PUNCTUATION || type == G_UNICODE_FINAL_PUNCTUATION
         || type == G_UNICODE_OTHER_PUNCTUATION;
}

/* Words as the published tokenizer makes them, one step over the whole text after the
 * other, joined by "|". */
static char *
make_words (const char *text)
{
  g_autoptr (GString) spaced = g_string_new (NULL);
  g_autoptr (GString) simple = g_string_new (NULL);
  g_autofree char *decomposed = NULL;
  GString *words = g_string_new (NULL);
  gboolean joins = FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      gboolean ideograph = is_alone (c) && g_unichar_type (c) == G_UNICODE_OTHER_LETTER;

      if (is_space (c))
        g_string_append_c (spaced, ' ');
      else if (c != 0xFFFD && g_unichar_type (c) != G_UNICODE_CONTROL && g_unichar_type (c) != G_UNICODE_FORMAT)
        {
          g_string_append (spaced, ideograph ? " " : "");
          g_string_append_unichar (spaced, c);
          g_string_append (spaced, ideograph ? " " : "");
        }
    }
  decomposed = g_utf8_normalize (spaced->str, -1, G_NORMALIZE_NFD);
  for (const char *p = decomposed; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_NON_SPACING_MARK)
      g_string_append_unichar (simple, g_unichar_tolower (g_utf8_get_char (p)));
  for (const char *p = simple->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_space (c))
        {
          joins = FALSE;
          continue;
        }
      if (words->len > 0 && (!joins || is_alone (c)))
        g_string_append_c (words, '|');
      g_string_append_unichar (words, c);
      joins = !is_alone (c);
    }
  return g_string_free (words, FALSE);
}

/* Every single character is a token, so the tokens tell the words. */
static void
test_random_texts (void)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WenTokenizer) tokenizer = NULL;
  WenVocabulary *vocabulary;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *text = make_random_text (i, 12);
      g_autoptr (GString) kept = g_string_new (NULL);

      /* The two libraries know different versions of Unicode. */
      for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
        if (g_unichar_type (g_utf8_get_char (p)) != G_UNICODE_UNASSIGNED)
          g_string_append_unichar (kept, g_utf8_get_char (p));
      g_ptr_array_add (texts, g_string_free (g_steal_pointer (&kept), FALSE));
    }
  g_ptr_array_add (texts, NULL);
  tokenizer = fit_tokenizer (KIND, (const char *const *) texts->pdata, 1, 1000000);
  vocabulary = wen_tokenizer_get_vocabulary (tokenizer);

  for (guint i = 0; i + 1 < texts->len; i++)
    {
      g_autoptr (GArray) tokens = encode (tokenizer, g_ptr_array_index (texts, i));
      g_autoptr (GString) words = g_string_new (NULL);
      g_autofree char *expected = make_words (g_ptr_array_index (texts, i));

      for (guint k = 0; k < tokens->len; k++)
        {
          const char *token = wen_vocabulary_get_token (vocabulary, g_array_index (tokens, WenToken, k).id);

          if (g_str_has_prefix (token, "##") && token[2] != '\0')
            token += 2;
          else if (k > 0)
            g_string_append_c (words, '|');
          g_string_append (words, token);
        }
      g_assert_cmpstr (words->str, ==, expected);
    }
}

static void
test_fit (void)
{
  /* l-o-w 5, l-o-w-e-s-t 2, n-e-w-e-r 6, w-i-d-e-r 3: in the words of the paper "er" is
   * the commonest pair, 9 times; then l-o, lo-w, n-e, ne-w, new-er with 7, 7, 6, 6, 6. */
  const char *const texts[] = { "LOW low low low low", "lowest lowest", "newer newer newer newer newer newer",
                                "wider wider wider", NULL };
  g_autoptr (WenTokenizer) tokenizer = fit_tokenizer_often (KIND, texts, N_TIMES_TO_JOIN, 1, 3 + 11 + 6);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  g_autofree char *tokens = encode_to_string (tokenizer, "Newer lower, lowest slow");
  g_autoptr (GArray) encoded = encode (tokenizer, "Newer lower lowest");
  g_autofree char *decoded = decode_tokens (tokenizer, encoded);

  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, 3 + 11 + 6);
  g_assert_cmpstr (wen_vocabulary_get_token (vocabulary, 3 + 11), ==, "##er");
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "newer", -1), !=, WEN_TOKEN_UNK);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "wider", -1), ==, WEN_TOKEN_UNK);
  /* No "s" begins a word of the texts, and there is no comma in them. */
  g_assert_cmpstr (tokens, ==, "newer|low|##er|[UNK]|low|##e|##s|##t|[UNK]");
  g_assert_cmpstr (decoded, ==, "newer lower lowest");
  g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, wen_vocabulary_lookup (vocabulary, "low", -1)), ==, 21);
  g_assert_cmpuint (wen_vocabulary_get_count (vocabulary, wen_vocabulary_lookup (vocabulary, "##er", -1)), ==, 9);
}

static void
test_limits (void)
{
  const char *const texts[] = { "aa aa aa b 房", "aa", NULL };
  const char *const nothing[] = { "", " ", NULL };
  g_autoptr (WenTokenizer) all = fit_tokenizer_often (KIND, texts, N_TIMES_TO_JOIN, 1, 1000);
  g_autoptr (WenTokenizer) common = fit_tokenizer (KIND, texts, 2, 1000);
  g_autoptr (WenTokenizer) small = fit_tokenizer (KIND, texts, 1, 4);
  g_autoptr (WenTokenizer) none = fit_tokenizer (KIND, texts, 1, 0);
  g_autoptr (WenTokenizer) empty = fit_tokenizer (KIND, nothing, 1, 1000);
  g_autofree char *unknown = encode_to_string (none, "aa b");

  /* a, ##a, b, 房 and aa; but b and 房 are rare, and four times are too few for aa. */
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (all)), ==, 3 + 5);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (common)), ==, 3 + 2);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (small)), ==, 4);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (none)), ==, 3);
  g_assert_cmpuint (wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (empty)), ==, 3);
  g_assert_cmpstr (unknown, ==, "[UNK]|[UNK]");
}

static gpointer
encode_often (gpointer tokenizer)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *tokens = encode_to_string (tokenizer, "Running 房!");

      g_assert_cmpstr (tokens, ==, "run|##n|##ing|房|!");
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (WenTokenizer) tokenizer = read_small ();
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("encode", encode_often, tokenizer);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_finalize_object (g_steal_pointer (&tokenizer));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *says;
  } files[] = {
    { "", "*[PAD]*missing*" },
    { "[PAD]\n[CLS]\na\n", "*[UNK]*missing*" },
    { "[PAD]\n[UNK]\n[cls]\na\n", "*[CLS]*missing*" },
    { "a\n[PAD]\n[UNK]\na\n[CLS]\n", "*line 4*repeats*" },
    { "a\r\n\r\n[PAD]\r\n[UNK]\r\n[CLS]\r\n", "*line 2*empty*" },
    { "[PAD]\n[UNK]\n[CLS]\n\xe4\xb8\n", "*UTF-8*" },
  };
  g_autoptr (WenTokenizer) windows = read_vocabulary ("a\r\n[PAD]\r\n[UNK]\r\n[CLS]\r\n", 24, NULL);

  g_assert_nonnull (windows);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_vocabulary (files[i].text, strlen (files[i].text), &error));
      g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
      if (!g_pattern_match_simple (files[i].says, error->message))
        g_error ("file %zu: %s", i, error->message);
    }
}

/* No file harms: it is read and cuts texts, or it is refused for a reason. */
static void
test_hostile (void)
{
  guint n_read = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *copy = g_strdup (small_vocabulary);
      gsize length_bytes = strlen (copy);
      gsize size_bytes = i % 2 == 0 ? length_bytes : wen_random_u64 (1, i, 0) % length_bytes;
      gsize position = wen_random_u64 (1, i, 1) % length_bytes;
      g_autoptr (GError) error = NULL;
      g_autoptr (WenTokenizer) tokenizer = NULL;

      copy[position] = (char) (copy[position] ^ 1 << wen_random_u64 (1, i, 2) % 8);
      tokenizer = read_vocabulary (copy, size_bytes, &error);
      if (tokenizer != NULL)
        {
          g_autofree char *text = make_random_text (i, 8);
          g_autofree char *tokens = encode_to_string (tokenizer, text);

          n_read++;
        }
      else
        {
          g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
        }
    }
  g_assert_cmpuint (n_read, >, 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/token/wordpiece-tokenizer/questions", test_questions);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/edge-cases", test_edge_cases);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/chinese", test_chinese);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/cut", test_cut);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/long-words", test_long_words);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/random-texts", test_random_texts);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/fit", test_fit);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/limits", test_limits);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/threads", test_threads);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/refused", test_refused);
  g_test_add_func ("/wen/token/wordpiece-tokenizer/hostile", test_hostile);

  return g_test_run ();
}
