/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What all kinds of tokenizers share.  The table of kinds is here. */

#include "config.h"

#include "wen-tokenizer-private.h"

#include "wen-bpe-tokenizer-private.h"
#include "wen-character-tokenizer-private.h"
#include "wen-i18n-private.h"
#include "wen-tokenizer-json-private.h"
#include "wen-word-tokenizer-private.h"
#include "wen-wordpiece-tokenizer-private.h"

/* Of the kinds that need nothing else. */
#define VOCABULARY_FILE "vocab.txt"

typedef struct
{
  WenVocabulary *vocabulary; /* owned; NULL until fitted */
} WenTokenizerPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WenTokenizer, wen_tokenizer, G_TYPE_OBJECT)

typedef struct
{
  const char *name;
  GType (*get_type) (void);
} Kind;

static const Kind kinds[] = {
  { "character", wen_character_tokenizer_get_type },
  { "word", wen_word_tokenizer_get_type },
  { "bpe", wen_bpe_tokenizer_get_type },
  { "wordpiece", wen_wordpiece_tokenizer_get_type },
};

static WenTokenizerPrivate *
get_private (WenTokenizer *self)
{
  return wen_tokenizer_get_instance_private (self);
}

static void
wen_tokenizer_finalize (GObject *object)
{
  g_clear_object (&get_private (WEN_TOKENIZER (object))->vocabulary);

  G_OBJECT_CLASS (wen_tokenizer_parent_class)->finalize (object);
}

/* Whether a token stands for no part of a text. */
gboolean
wen_tokenizer_says_nothing (WenVocabulary *vocabulary,
                            guint          token_id)
{
  return token_id == wen_vocabulary_get_cls_id (vocabulary) || token_id == wen_vocabulary_get_pad_id (vocabulary)
         || token_id >= wen_vocabulary_get_size (vocabulary);
}

static char *
wen_tokenizer_real_decode (WenTokenizer  *self,
                           const guint32 *token_ids,
                           gsize          n_token_ids)
{
  WenVocabulary *vocabulary = get_private (self)->vocabulary;
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n_token_ids; i++)
    if (!wen_tokenizer_says_nothing (vocabulary, token_ids[i]))
      g_string_append (text, wen_vocabulary_get_token (vocabulary, token_ids[i]));
  return g_string_free (text, FALSE);
}

void
wen_tokenizer_set_vocabulary (WenTokenizer  *self,
                              WenVocabulary *vocabulary)
{
  g_set_object (&get_private (self)->vocabulary, vocabulary);
}

static GBytes *
wen_tokenizer_real_to_bytes (WenTokenizer *self)
{
  return wen_vocabulary_to_bytes (get_private (self)->vocabulary);
}

static gboolean
wen_tokenizer_real_read (WenTokenizer *self,
                         GBytes       *bytes,
                         GError      **error)
{
  g_autoptr (WenVocabulary) vocabulary = wen_vocabulary_new_from_bytes (bytes, error);

  if (vocabulary == NULL)
    return FALSE;
  wen_tokenizer_set_vocabulary (self, vocabulary);
  return TRUE;
}

static void
wen_tokenizer_class_init (WenTokenizerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_tokenizer_finalize;
  klass->decode = wen_tokenizer_real_decode;
  klass->to_bytes = wen_tokenizer_real_to_bytes;
  klass->read = wen_tokenizer_real_read;
  klass->file_name = VOCABULARY_FILE;
}

static void
wen_tokenizer_init (WenTokenizer *self)
{
}

/**
 * wen_tokenizer_new:
 * @kind: "character", "word", "bpe", "wordpiece"
 * @error: return location for an error
 *
 * Makes a tokenizer that has no vocabulary yet.
 *
 * Count every training text with wen_tokenizer_count(), then call
 * wen_tokenizer_fit().  Sets `WEN_VOCABULARY_ERROR_INVALID` for an unknown kind.
 *
 * Returns: (transfer full) (nullable): a tokenizer, or `NULL` with @error set
 */
WenTokenizer *
wen_tokenizer_new (const char *kind,
                   GError    **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, kind) == 0)
      return g_object_new (kinds[i].get_type (), NULL);

  g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID, _ ("There is no tokenizer “%s”."), kind);
  return NULL;
}

/**
 * wen_tokenizer_new_for_vocabulary:
 * @kind: "character", "word", "bpe", "wordpiece"
 * @vocabulary: its vocabulary
 * @error: return location for an error
 *
 * Makes a tokenizer that is ready for use.
 *
 * Sets `WEN_VOCABULARY_ERROR_INVALID` for an unknown kind, and for "bpe", which needs
 * more than a vocabulary: see wen_tokenizer_new_from_bytes().
 *
 * Returns: (transfer full) (nullable): a tokenizer, or `NULL` with @error set
 */
WenTokenizer *
wen_tokenizer_new_for_vocabulary (const char    *kind,
                                  WenVocabulary *vocabulary,
                                  GError       **error)
{
  g_autoptr (WenTokenizer) self = NULL;

  g_return_val_if_fail (WEN_IS_VOCABULARY (vocabulary), NULL);

  self = wen_tokenizer_new (kind, error);
  if (self == NULL)
    return NULL;
  if (!g_str_equal (wen_tokenizer_get_file_name (self), VOCABULARY_FILE))
    {
      g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                   _ ("The tokenizer “%s” needs more than a vocabulary: read its tokenizer.json."), kind);
      return NULL;
    }
  wen_tokenizer_set_vocabulary (self, vocabulary);
  return g_steal_pointer (&self);
}

/**
 * wen_tokenizer_new_from_bytes:
 * @kind: "character", "word", "bpe", "wordpiece"
 * @bytes: what wen_tokenizer_to_bytes() gave
 * @error: return location for an error
 *
 * Makes a tokenizer from its file, which may come from anywhere.
 *
 * For "wordpiece" that may be a `vocab.txt` of BERT.  Sets
 * `WEN_VOCABULARY_ERROR_INVALID`.
 *
 * Returns: (transfer full) (nullable): a tokenizer, or `NULL` with @error set
 */
WenTokenizer *
wen_tokenizer_new_from_bytes (const char *kind,
                              GBytes     *bytes,
                              GError    **error)
{
  g_autoptr (WenTokenizer) self = wen_tokenizer_new (kind, error);

  g_return_val_if_fail (bytes != NULL, NULL);

  if (self == NULL || !WEN_TOKENIZER_GET_CLASS (self)->read (self, bytes, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * wen_tokenizer_to_bytes:
 * @self: a tokenizer that has a vocabulary
 *
 * Writes all that it needs to cut texts again, but for the name of its kind.
 *
 * Returns: (transfer full): what the file is to hold
 */
GBytes *
wen_tokenizer_to_bytes (WenTokenizer *self)
{
  g_return_val_if_fail (WEN_IS_TOKENIZER (self), NULL);
  g_return_val_if_fail (get_private (self)->vocabulary != NULL, NULL);

  return WEN_TOKENIZER_GET_CLASS (self)->to_bytes (self);
}

/**
 * wen_tokenizer_new_from_json:
 * @bytes: what a `tokenizer.json` holds
 * @error: return location for an error
 *
 * Makes a tokenizer from the file in which Hugging Face's libraries keep theirs.
 *
 * The file may come from anywhere.  Sets `WEN_VOCABULARY_ERROR_INVALID` for what is
 * no WordPiece tokenizer of BERT, nor one that wen_tokenizer_to_json() wrote.
 *
 * Returns: (transfer full) (nullable): a "wordpiece" or "bpe" tokenizer, or `NULL`
 *   with @error set
 */
WenTokenizer *
wen_tokenizer_new_from_json (GBytes  *bytes,
                             GError **error)
{
  g_auto (WenTokenizerJson) content = { 0 };
  g_autoptr (WenTokenizer) self = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  if (!wen_tokenizer_json_read (&content, bytes, error))
    return NULL;
  if (content.merges != NULL)
    return wen_bpe_tokenizer_new (content.vocabulary, content.merges);
  self = wen_tokenizer_new (content.kind, error);
  wen_wordpiece_tokenizer_set_lower_case (WEN_WORDPIECE_TOKENIZER (self), content.lower_case);
  wen_tokenizer_set_vocabulary (self, content.vocabulary);
  return g_steal_pointer (&self);
}

/**
 * wen_tokenizer_to_json:
 * @self: a tokenizer that has a vocabulary
 * @error: return location for an error
 *
 * Writes a tokenizer as the `tokenizer.json` that Hugging Face's libraries read.
 *
 * Sets `WEN_VOCABULARY_ERROR_INVALID` for kinds that the file cannot describe: only
 * "wordpiece" and "bpe" can be written.
 *
 * Returns: (transfer full) (nullable): what the file is to hold, or `NULL` with
 *   @error set
 */
GBytes *
wen_tokenizer_to_json (WenTokenizer *self,
                       GError      **error)
{
  g_return_val_if_fail (WEN_IS_TOKENIZER (self), NULL);
  g_return_val_if_fail (get_private (self)->vocabulary != NULL, NULL);

  if (WEN_IS_BPE_TOKENIZER (self))
    return wen_tokenizer_to_bytes (self);
  if (WEN_IS_WORDPIECE_TOKENIZER (self))
    {
      const WenTokenizerJson content = {
        .kind = "wordpiece",
        .vocabulary = get_private (self)->vocabulary,
        .lower_case = wen_wordpiece_tokenizer_get_lower_case (WEN_WORDPIECE_TOKENIZER (self)),
      };

      return wen_tokenizer_json_write (&content);
    }
  g_set_error_literal (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                       _ ("Tokens of this kind cannot be written as a tokenizer.json: only WordPiece and BPE can."));
  return NULL;
}

/**
 * wen_tokenizer_get_file_name:
 * @self: a tokenizer
 *
 * Gets the name that other tools expect of the file that
 * wen_tokenizer_to_bytes() writes.
 *
 * Returns: (transfer none): the name
 */
const char *
wen_tokenizer_get_file_name (WenTokenizer *self)
{
  g_return_val_if_fail (WEN_IS_TOKENIZER (self), NULL);

  return WEN_TOKENIZER_GET_CLASS (self)->file_name;
}

/**
 * wen_tokenizer_count:
 * @self: a tokenizer
 * @text: a cleaned training text
 *
 * Counts the tokens of one text, for wen_tokenizer_fit().  One thread at a time.
 */
void
wen_tokenizer_count (WenTokenizer *self,
                     const char   *text)
{
  g_return_if_fail (WEN_IS_TOKENIZER (self));
  g_return_if_fail (text != NULL);

  WEN_TOKENIZER_GET_CLASS (self)->count (self, text);
}

/**
 * wen_tokenizer_add_counts:
 * @self: a tokenizer
 * @other: another one of the same kind; its counts are gone afterwards
 *
 * Adds what @other has counted to what @self has, so that several threads can count,
 * each with a tokenizer of its own.
 */
void
wen_tokenizer_add_counts (WenTokenizer *self,
                          WenTokenizer *other)
{
  g_return_if_fail (WEN_IS_TOKENIZER (self));
  g_return_if_fail (G_OBJECT_TYPE (self) == G_OBJECT_TYPE (other));

  WEN_TOKENIZER_GET_CLASS (self)->add_counts (self, other);
}

/**
 * wen_tokenizer_set_dictionary:
 * @self: a tokenizer
 * @words: (array zero-terminated=1): words without white space
 *
 * Names words that are to stay whole where a text has them.
 *
 * Only "word" looks at them: the pieces of the other kinds are not words.  Set them
 * before the first text is counted or cut.
 */
void
wen_tokenizer_set_dictionary (WenTokenizer       *self,
                              const char *const  *words)
{
  g_return_if_fail (WEN_IS_TOKENIZER (self));
  g_return_if_fail (words != NULL);

  if (WEN_TOKENIZER_GET_CLASS (self)->set_dictionary != NULL)
    WEN_TOKENIZER_GET_CLASS (self)->set_dictionary (self, words);
}

/**
 * wen_tokenizer_fit:
 * @self: a tokenizer
 * @minimum_count: rarer tokens become `[UNK]`
 * @maximum_vocabulary: size at most, the special tokens included
 *
 * Makes the vocabulary of all texts that were counted: the commonest tokens
 * first, equally common ones in the order of their code points.
 */
void
wen_tokenizer_fit (WenTokenizer *self,
                   guint         minimum_count,
                   guint         maximum_vocabulary)
{
  g_return_if_fail (WEN_IS_TOKENIZER (self));

  WEN_TOKENIZER_GET_CLASS (self)->fit (self, minimum_count, maximum_vocabulary);
}

/**
 * wen_tokenizer_get_vocabulary:
 * @self: a tokenizer
 *
 * Gets the tokens that it knows.
 *
 * Returns: (transfer none) (nullable): the vocabulary, or `NULL` before
 *   wen_tokenizer_fit()
 */
WenVocabulary *
wen_tokenizer_get_vocabulary (WenTokenizer *self)
{
  g_return_val_if_fail (WEN_IS_TOKENIZER (self), NULL);

  return get_private (self)->vocabulary;
}

/**
 * wen_tokenizer_encode:
 * @self: a tokenizer that has a vocabulary
 * @text: a cleaned text, valid UTF-8
 * @tokens: (element-type WenToken): is cleared, then gets `[CLS]` and the tokens
 *   of the whole text
 *
 * Cuts a text into tokens.  Any thread may call it.
 */
void
wen_tokenizer_encode (WenTokenizer *self,
                      const char   *text,
                      GArray       *tokens)
{
  WenToken cls = { 0 };

  g_return_if_fail (WEN_IS_TOKENIZER (self));
  g_return_if_fail (get_private (self)->vocabulary != NULL);
  g_return_if_fail (text != NULL && tokens != NULL);

  cls.id = wen_vocabulary_get_cls_id (get_private (self)->vocabulary);
  g_array_set_size (tokens, 0);
  g_array_append_val (tokens, cls);
  WEN_TOKENIZER_GET_CLASS (self)->encode (self, text, tokens);
}

/**
 * wen_tokenizer_decode:
 * @self: a tokenizer that has a vocabulary
 * @token_ids: (array length=n_token_ids): numbers of tokens
 * @n_token_ids: how many
 *
 * Puts tokens together to a text again.  `[CLS]` and `[PAD]` are nothing; `[UNK]`
 * stays visible.
 *
 * Returns: (transfer full): the text
 */
char *
wen_tokenizer_decode (WenTokenizer  *self,
                      const guint32 *token_ids,
                      gsize          n_token_ids)
{
  g_return_val_if_fail (WEN_IS_TOKENIZER (self), NULL);
  g_return_val_if_fail (get_private (self)->vocabulary != NULL, NULL);

  return WEN_TOKENIZER_GET_CLASS (self)->decode (self, token_ids, n_token_ids);
}
