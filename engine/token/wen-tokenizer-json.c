/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* tokenizer.json, the file in which Hugging Face's libraries keep a tokenizer.
 *
 * DESIGN: the file can describe far more tokenizers than Wenlei has.  What is written
 * cuts texts elsewhere as it does here.  What is read is compared with what would have
 * been written, part by part, and refused where it asks for anything else: a text
 * that is cut almost as it should be would go unnoticed.
 *
 * One thing differs: other libraries take U+2581 in a text for a space, and names of
 * special tokens in it for these tokens. */

#include "config.h"

#include "wen-tokenizer-json-private.h"

#include <string.h>

#include "wen-bert-words-private.h"
#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-piece-trainer-private.h"
#include "wen-vocabulary-private.h"

/* More than any model has. */
#define MAXIMUM_TOKENS 10000000

#define CONTINUING "##"

/* The words of byte pair encoding: runs of one class of characters, with the space
 * before them. */
#define EAST_ASIAN "\\p{Han}\\p{Hiragana}\\p{Katakana}ーｰ"
#define BPE_WORDS \
  WEN_BPE_SPACE "?[" EAST_ASIAN "]{1,64}|" \
  WEN_BPE_SPACE "?[\\p{L}\\p{M}&&[^" EAST_ASIAN "]]{1,64}|" \
  WEN_BPE_SPACE "?[\\p{N}&&[^" EAST_ASIAN "]]{1,64}|" \
  WEN_BPE_SPACE "?[^" WEN_BPE_SPACE "\\p{L}\\p{M}\\p{N}" EAST_ASIAN "]{1,64}|" WEN_BPE_SPACE

/* How texts become words, and tokens a text, as JSON. */
static const char bpe_normalizer[] =
  "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"" WEN_BPE_SPACE "\"}";
static const char bpe_decoder[] =
  "{\"type\":\"Sequence\",\"decoders\":[{\"type\":\"Replace\",\"pattern\":{\"String\":\"" WEN_BPE_SPACE "\"},"
  "\"content\":\" \"},{\"type\":\"ByteFallback\"},{\"type\":\"Fuse\"}]}";
static const char wordpiece_pre_tokenizer[] = "{\"type\":\"BertPreTokenizer\"}";
static const char wordpiece_decoder[] = "{\"type\":\"WordPiece\",\"prefix\":\"" CONTINUING "\",\"cleanup\":false}";

static gboolean
fail (GError    **error,
      const char *message)
{
  g_set_error_literal (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID, message);
  return FALSE;
}

void
wen_tokenizer_json_clear (WenTokenizerJson *content)
{
  g_clear_object (&content->vocabulary);
  g_clear_pointer (&content->merges, g_array_unref);
}

static void
add_special_tokens (JsonBuilder   *builder,
                    WenVocabulary *vocabulary)
{
  guint ids[] = {
    wen_vocabulary_get_pad_id (vocabulary),
    wen_vocabulary_get_unk_id (vocabulary),
    wen_vocabulary_get_cls_id (vocabulary),
  };

  json_builder_set_member_name (builder, "added_tokens");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      json_builder_begin_object (builder);
      wen_json_add_int (builder, "id", ids[i]);
      wen_json_add_string (builder, "content", wen_vocabulary_get_token (vocabulary, ids[i]));
      wen_json_add_boolean (builder, "single_word", FALSE);
      wen_json_add_boolean (builder, "lstrip", FALSE);
      wen_json_add_boolean (builder, "rstrip", FALSE);
      wen_json_add_boolean (builder, "normalized", FALSE);
      wen_json_add_boolean (builder, "special", TRUE);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* [CLS] and the text. */
static void
add_post_processor (JsonBuilder   *builder,
                    WenVocabulary *vocabulary)
{
  g_autofree char *json =
    g_strdup_printf ("{\"type\":\"TemplateProcessing\","
                     "\"single\":[{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}},"
                     "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],"
                     "\"pair\":[{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}},"
                     "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}],"
                     "\"special_tokens\":{\"[CLS]\":{\"id\":\"[CLS]\",\"ids\":[%u],\"tokens\":[\"[CLS]\"]}}}",
                     wen_vocabulary_get_cls_id (vocabulary));

  wen_json_add_json (builder, "post_processor", json);
}

static void
add_bert_normalizer (JsonBuilder *builder,
                     gboolean     lower_case)
{
  json_builder_set_member_name (builder, "normalizer");
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "type", "BertNormalizer");
  wen_json_add_boolean (builder, "clean_text", TRUE);
  wen_json_add_boolean (builder, "handle_chinese_chars", TRUE);
  wen_json_add_json (builder, "strip_accents", NULL);
  wen_json_add_boolean (builder, "lowercase", lower_case);
  json_builder_end_object (builder);
}

static void
add_split (JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "pre_tokenizer");
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "type", "Split");
  json_builder_set_member_name (builder, "pattern");
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "Regex", BPE_WORDS);
  json_builder_end_object (builder);
  wen_json_add_string (builder, "behavior", "Isolated");
  wen_json_add_boolean (builder, "invert", FALSE);
  json_builder_end_object (builder);
}

static void
add_vocabulary (JsonBuilder   *builder,
                WenVocabulary *vocabulary)
{
  json_builder_set_member_name (builder, "vocab");
  json_builder_begin_object (builder);
  for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    wen_json_add_int (builder, wen_vocabulary_get_token (vocabulary, id), id);
  json_builder_end_object (builder);
}

static void
add_merges (JsonBuilder   *builder,
            WenVocabulary *vocabulary,
            GArray        *merges)
{
  json_builder_set_member_name (builder, "merges");
  json_builder_begin_array (builder);
  for (guint i = 0; i < merges->len; i++)
    {
      WenMerge merge = g_array_index (merges, WenMerge, i);
      g_autofree char *both = g_strconcat (wen_vocabulary_get_token (vocabulary, merge.left), " ",
                                           wen_vocabulary_get_token (vocabulary, merge.right), NULL);

      json_builder_add_string_value (builder, both);
    }
  json_builder_end_array (builder);
}

GBytes *
wen_tokenizer_json_write (const WenTokenizerJson *content)
{
  gboolean is_bpe = content->merges != NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;

  json_builder_begin_object (builder);
  wen_json_add_string (builder, "version", "1.0");
  wen_json_add_json (builder, "truncation", NULL);
  wen_json_add_json (builder, "padding", NULL);
  add_special_tokens (builder, content->vocabulary);
  if (is_bpe)
    {
      wen_json_add_json (builder, "normalizer", bpe_normalizer);
      add_split (builder);
    }
  else
    {
      add_bert_normalizer (builder, content->lower_case);
      wen_json_add_json (builder, "pre_tokenizer", wordpiece_pre_tokenizer);
    }
  add_post_processor (builder, content->vocabulary);
  wen_json_add_json (builder, "decoder", is_bpe ? bpe_decoder : wordpiece_decoder);

  json_builder_set_member_name (builder, "model");
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "type", is_bpe ? "BPE" : "WordPiece");
  wen_json_add_string (builder, "unk_token", "[UNK]");
  if (is_bpe)
    {
      wen_json_add_json (builder, "dropout", NULL);
      wen_json_add_boolean (builder, "fuse_unk", FALSE);
      wen_json_add_boolean (builder, "byte_fallback", TRUE);
    }
  else
    {
      wen_json_add_string (builder, "continuing_subword_prefix", CONTINUING);
      wen_json_add_int (builder, "max_input_chars_per_word", WEN_BERT_MAXIMUM_CHARACTERS);
    }
  add_vocabulary (builder, content->vocabulary);
  if (is_bpe)
    add_merges (builder, content->vocabulary, content->merges);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_bytes_new_take (text, strlen (text));
}

/* Puts a token where its number says. */
static gboolean
place_token (GPtrArray  *tokens,
             const char *token,
             gint64      id,
             GError    **error)
{
  if (id < 0 || id >= tokens->len)
    {
      g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                   _ ("the number of the token “%s” is greater than there are tokens"), token);
      return FALSE;
    }
  if (g_ptr_array_index (tokens, id) != NULL && !g_str_equal (g_ptr_array_index (tokens, id), token))
    {
      g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                   _ ("two tokens have the number %u"), (guint) id);
      return FALSE;
    }
  g_ptr_array_index (tokens, id) = (gpointer) token;
  return TRUE;
}

/* Special tokens are listed once more, or, in files of other programs, only there.
 * Makes room for the latter. */
static gboolean
place_added_tokens (JsonArray  *added,
                    JsonObject *listed,
                    GPtrArray  *tokens,
                    GError    **error)
{
  guint n_added = added != NULL ? json_array_get_length (added) : 0;

  for (guint i = 0; i < n_added; i++)
    {
      JsonObject *one = wen_json_get_object (json_array_get_element (added, i));
      const char *token = one != NULL ? wen_json_get_string_member (one, "content") : NULL;
      gint64 id;

      if (token == NULL || !wen_json_get_int_member (one, "id", &id))
        return fail (error, _ ("one of its added tokens has no content or number"));
      if (!json_object_has_member (listed, token))
        g_ptr_array_add (tokens, NULL);
    }
  for (guint i = 0; i < n_added; i++)
    {
      JsonObject *one = json_array_get_object_element (added, i);

      if (!place_token (tokens, json_object_get_string_member (one, "content"), json_object_get_int_member (one, "id"),
                        error))
        return FALSE;
    }
  return TRUE;
}

static WenVocabulary *
read_vocabulary (JsonObject *root,
                 JsonObject *model,
                 GError    **error)
{
  JsonObject *listed = wen_json_get_object_member (model, "vocab");
  g_autoptr (GPtrArray) tokens = NULL;
  JsonObjectIter iter;
  const char *token;
  JsonNode *node;

  if (listed == NULL || json_object_get_size (listed) > MAXIMUM_TOKENS)
    {
      fail (error, _ ("it holds no vocabulary"));
      return NULL;
    }
  tokens = g_ptr_array_sized_new (json_object_get_size (listed));
  g_ptr_array_set_size (tokens, (int) json_object_get_size (listed));
  if (!place_added_tokens (wen_json_get_array_member (root, "added_tokens"), listed, tokens, error))
    return NULL;
  json_object_iter_init (&iter, listed);
  while (json_object_iter_next (&iter, &token, &node))
    {
      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID, _ ("the token “%s” has no number"),
                       token);
          return NULL;
        }
      if (!place_token (tokens, token, json_node_get_int (node), error))
        return NULL;
    }
  return wen_vocabulary_new_from_tokens (tokens, error);
}

static gboolean
find_token (WenVocabulary *vocabulary,
            const char    *token,
            guint32       *id)
{
  *id = wen_vocabulary_lookup (vocabulary, token, -1);
  return g_str_equal (wen_vocabulary_get_token (vocabulary, *id), token);
}

static const char *
get_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                                           : NULL;
}

/* The node is an array of two strings, or one string with a space between. */
static gboolean
split_merge (JsonNode *node,
             char    **left,
             char    **right)
{
  const char *both = get_string (node);
  const char *space = both != NULL ? strchr (both, ' ') : NULL;

  if (space != NULL)
    {
      *left = g_strndup (both, (gsize) (space - both));
      *right = g_strdup (space + 1);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 2)
    {
      *left = g_strdup (get_string (json_array_get_element (json_node_get_array (node), 0)));
      *right = g_strdup (get_string (json_array_get_element (json_node_get_array (node), 1)));
    }
  return *left != NULL && *right != NULL;
}

static GArray *
read_merges (JsonObject    *model,
             WenVocabulary *vocabulary,
             GError       **error)
{
  JsonArray *listed = wen_json_get_array_member (model, "merges");
  g_autoptr (GArray) merges = g_array_new (FALSE, FALSE, sizeof (WenMerge));

  if (listed == NULL)
    {
      fail (error, _ ("it does not say which tokens are joined"));
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (listed); i++)
    {
      g_autofree char *left = NULL;
      g_autofree char *right = NULL;
      g_autofree char *joined = NULL;
      WenMerge merge;

      if (split_merge (json_array_get_element (listed, i), &left, &right))
        joined = g_strconcat (left, right, NULL);
      if (joined == NULL || !find_token (vocabulary, left, &merge.left) || !find_token (vocabulary, right, &merge.right)
          || !find_token (vocabulary, joined, &merge.joined))
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                       _ ("pair %u of those to join is not of its tokens"), i + 1);
          return NULL;
        }
      g_array_append_val (merges, merge);
    }
  return g_steal_pointer (&merges);
}

/* Whether a member is what would be written, or is absent or null where that means
 * the same. */
static gboolean
member_is (JsonObject *object,
           const char *name,
           const char *json,
           gboolean    may_be_absent)
{
  JsonNode *node = json_object_get_member (object, name);
  g_autoptr (JsonNode) expected = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return may_be_absent;
  expected = json_from_string (json, NULL);
  return json_node_equal (node, expected);
}

static gboolean
refuse_part (GError    **error,
             const char *name)
{
  /* Translators: a part of a file, such as "normalizer". */
  g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
               _ ("it cuts texts in a way that Wenlei does not know: see “%s” in it"), name);
  return FALSE;
}

static gboolean
check_wordpiece (JsonObject *root,
                 JsonObject *model,
                 gboolean   *lower_case,
                 GError    **error)
{
  JsonObject *normalizer = wen_json_get_object_member (root, "normalizer");

  if (normalizer == NULL || g_strcmp0 (wen_json_get_string_member (normalizer, "type"), "BertNormalizer") != 0
      || !wen_json_get_boolean_member (normalizer, "lowercase", lower_case)
      || !member_is (normalizer, "clean_text", "true", TRUE)
      || !member_is (normalizer, "handle_chinese_chars", "true", TRUE)
      || !member_is (normalizer, "strip_accents", *lower_case ? "true" : "false", TRUE))
    return refuse_part (error, "normalizer");
  if (!member_is (root, "pre_tokenizer", wordpiece_pre_tokenizer, FALSE))
    return refuse_part (error, "pre_tokenizer");
  if (!member_is (model, "continuing_subword_prefix", "\"" CONTINUING "\"", TRUE))
    return refuse_part (error, "continuing_subword_prefix");
  if (!member_is (model, "max_input_chars_per_word", G_STRINGIFY (WEN_BERT_MAXIMUM_CHARACTERS), TRUE))
    return refuse_part (error, "max_input_chars_per_word");
  return TRUE;
}

static gboolean
check_bpe (JsonObject *root,
           JsonObject *model,
           GError    **error)
{
  JsonObject *split = wen_json_get_object_member (root, "pre_tokenizer");
  JsonObject *pattern = split != NULL ? wen_json_get_object_member (split, "pattern") : NULL;

  if (!member_is (root, "normalizer", bpe_normalizer, FALSE))
    return refuse_part (error, "normalizer");
  if (pattern == NULL || g_strcmp0 (wen_json_get_string_member (split, "type"), "Split") != 0
      || g_strcmp0 (wen_json_get_string_member (pattern, "Regex"), BPE_WORDS) != 0
      || g_strcmp0 (wen_json_get_string_member (split, "behavior"), "Isolated") != 0
      || !member_is (split, "invert", "false", TRUE))
    return refuse_part (error, "pre_tokenizer");
  if (!member_is (model, "byte_fallback", "true", FALSE))
    return refuse_part (error, "byte_fallback");
  if (!member_is (model, "continuing_subword_prefix", "\"\"", TRUE))
    return refuse_part (error, "continuing_subword_prefix");
  if (!member_is (model, "end_of_word_suffix", "\"\"", TRUE))
    return refuse_part (error, "end_of_word_suffix");
  return TRUE;
}

/* Reads a file that may come from anywhere into content, which is empty.  Sets
 * WEN_VOCABULARY_ERROR_INVALID. */
gboolean
wen_tokenizer_json_read (WenTokenizerJson *content,
                         GBytes           *bytes,
                         GError          **error)
{
  gsize size_bytes;
  const char *text = g_bytes_get_data (bytes, &size_bytes);
  g_autoptr (GError) json_error = NULL;
  g_autoptr (JsonNode) node = wen_json_parse (text != NULL ? text : "", size_bytes, &json_error);
  JsonObject *root = wen_json_get_object (node);
  JsonObject *model = root != NULL ? wen_json_get_object_member (root, "model") : NULL;
  const char *type = model != NULL ? wen_json_get_string_member (model, "type") : NULL;

  if (node == NULL)
    return fail (error, json_error->message);
  if (g_strcmp0 (type, "WordPiece") == 0)
    content->kind = "wordpiece";
  else if (g_strcmp0 (type, "BPE") == 0)
    content->kind = "bpe";
  else
    return fail (error, _ ("it describes no tokenizer of the type WordPiece or BPE"));

  if (g_str_equal (content->kind, "bpe") ? !check_bpe (root, model, error)
                                         : !check_wordpiece (root, model, &content->lower_case, error))
    return FALSE;
  content->vocabulary = read_vocabulary (root, model, error);
  if (content->vocabulary == NULL)
    return FALSE;
  if (g_str_equal (content->kind, "bpe"))
    {
      content->merges = read_merges (model, content->vocabulary, error);
      if (content->merges == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Sets WEN_VOCABULARY_ERROR_INVALID where the content is another kind. */
gboolean
wen_tokenizer_json_is_kind (const WenTokenizerJson *content,
                            const char             *kind,
                            GError                **error)
{
  if (g_str_equal (content->kind, kind))
    return TRUE;
  g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
               _ ("it holds a tokenizer of the kind “%s” instead of “%s”"), content->kind, kind);
  return FALSE;
}
