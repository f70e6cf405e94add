/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of tokens that a model knows, and their numbers.
 *
 * A vocabulary is kept as vocab.txt, one token a line; the line is the token's
 * number.  Tokens therefore never contain a line end, which is no loss: white
 * space within texts becomes one space before tokens are counted. */

#include "config.h"

#include "wen-vocabulary-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-number-map-private.h"

static const char *const special_tokens[WEN_N_SPECIAL_TOKENS] = { "[PAD]", "[UNK]", "[CLS]" };

struct _WenVocabulary
{
  GObject      parent_instance;

  GPtrArray   *tokens;      /* of strings, by id */
  GArray      *counts;      /* of guint64, by id */
  GHashTable  *ids;         /* token, borrowed from tokens, to its id */
  WenNumberMap ids_by_hash; /* the same, found faster; where two have one hash, the first */
  guint        special_ids[WEN_N_SPECIAL_TOKENS];
};

G_DEFINE_QUARK (wen-vocabulary-error-quark, wen_vocabulary_error)
G_DEFINE_FINAL_TYPE (WenVocabulary, wen_vocabulary, G_TYPE_OBJECT)

static void
wen_vocabulary_finalize (GObject *object)
{
  WenVocabulary *self = WEN_VOCABULARY (object);

  wen_number_map_clear (&self->ids_by_hash);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->counts, g_array_unref);
  g_clear_pointer (&self->tokens, g_ptr_array_unref);

  G_OBJECT_CLASS (wen_vocabulary_parent_class)->finalize (object);
}

static void
wen_vocabulary_class_init (WenVocabularyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_vocabulary_finalize;
}

static void
wen_vocabulary_init (WenVocabulary *self)
{
  self->tokens = g_ptr_array_new_with_free_func (g_free);
  self->counts = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
  wen_number_map_init (&self->ids_by_hash);
  for (guint i = 0; i < WEN_N_SPECIAL_TOKENS; i++)
    self->special_ids[i] = i;
}

static guint64
hash_token (const char *token,
            gsize       length_bytes)
{
  guint64 hash = length_bytes;

  while (length_bytes > 0)
    {
      gsize n_bytes = MIN (length_bytes, sizeof (guint64));
      guint64 part = 0;

      memcpy (&part, token, n_bytes);
      hash = (hash ^ part) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
      hash ^= hash >> 32;
      token += n_bytes;
      length_bytes -= n_bytes;
    }
  /* The greatest number cannot be a key. */
  return hash >> 1;
}

/* Takes token.  FALSE where it is in the vocabulary already. */
static gboolean
add_token (WenVocabulary *self,
           char          *token,
           guint64        count)
{
  guint id = self->tokens->len;
  guint64 hash = hash_token (token, strlen (token));

  g_ptr_array_add (self->tokens, token);
  g_array_append_val (self->counts, count);
  if (wen_number_map_find (&self->ids_by_hash, hash) == WEN_NUMBER_MAP_NONE)
    wen_number_map_insert (&self->ids_by_hash, hash, id);
  return g_hash_table_insert (self->ids, token, GUINT_TO_POINTER (id));
}

/**
 * wen_vocabulary_new:
 * @tokens: (array length=n_tokens): different tokens without line ends, in the
 *   order of their numbers; the special tokens are put before them
 * @counts: (array length=n_tokens) (nullable): how often each occurs
 * @n_tokens: how many
 *
 * Makes a vocabulary.
 *
 * Returns: (transfer full): a vocabulary
 */
WenVocabulary *
wen_vocabulary_new (const char *const *tokens,
                    const guint64     *counts,
                    gsize              n_tokens)
{
  WenVocabulary *self = g_object_new (WEN_TYPE_VOCABULARY, NULL);

  for (gsize i = 0; i < WEN_N_SPECIAL_TOKENS; i++)
    add_token (self, g_strdup (special_tokens[i]), 0);
  for (gsize i = 0; i < n_tokens; i++)
    add_token (self, g_strdup (tokens[i]), counts != NULL ? counts[i] : 0);
  return self;
}

static gboolean
check_special_tokens (WenVocabulary *self,
                      GError       **error)
{
  for (guint i = 0; i < WEN_N_SPECIAL_TOKENS; i++)
    if (i >= self->tokens->len || !g_str_equal (g_ptr_array_index (self->tokens, i), special_tokens[i]))
      {
        g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                     _ ("line %u is not %s"), i + 1, special_tokens[i]);
        return FALSE;
      }
  return TRUE;
}

/* In BERT's files they have no fixed place. */
static gboolean
find_special_tokens (WenVocabulary *self,
                     GError       **error)
{
  for (guint i = 0; i < WEN_N_SPECIAL_TOKENS; i++)
    {
      gpointer id;

      if (!g_hash_table_lookup_extended (self->ids, special_tokens[i], NULL, &id))
        {
          /* Translators: a token, such as [UNK]. */
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID, _ ("the token %s is missing"),
                       special_tokens[i]);
          return FALSE;
        }
      self->special_ids[i] = GPOINTER_TO_UINT (id);
    }
  return TRUE;
}

/* One token a line; files from Windows end their lines with a carriage return too. */
static WenVocabulary *
read_lines (GBytes  *bytes,
            gboolean from_windows,
            GError **error)
{
  g_autoptr (WenVocabulary) self = g_object_new (WEN_TYPE_VOCABULARY, NULL);
  gsize size_bytes;
  const char *text = g_bytes_get_data (bytes, &size_bytes);
  const char *end = text + size_bytes;

  if (size_bytes > 0 && !g_utf8_validate_len (text, size_bytes, NULL))
    {
      g_set_error_literal (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID, _ ("it is not UTF-8"));
      return NULL;
    }
  while (text < end)
    {
      const char *line_end = memchr (text, '\n', end - text);
      gsize line_bytes = (line_end != NULL ? line_end : end) - text;
      gsize length_bytes = line_bytes;

      if (from_windows && length_bytes > 0 && text[length_bytes - 1] == '\r')
        length_bytes--;
      if (length_bytes == 0)
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                       _ ("line %u is empty"), self->tokens->len + 1);
          return NULL;
        }
      if (!add_token (self, g_strndup (text, length_bytes), 0))
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                       _ ("line %u repeats a token"), self->tokens->len);
          return NULL;
        }
      text += line_bytes + 1;
    }
  return g_steal_pointer (&self);
}

/**
 * wen_vocabulary_new_from_bytes:
 * @bytes: what a vocab.txt holds
 * @error: return location for an error
 *
 * Reads a vocabulary.
 *
 * Sets `WEN_VOCABULARY_ERROR_INVALID`, naming the line, for what is not UTF-8, has
 * a token twice or an empty line, or does not begin with the special tokens.
 *
 * Returns: (transfer full) (nullable): a vocabulary, or `NULL` with @error set
 */
WenVocabulary *
wen_vocabulary_new_from_bytes (GBytes  *bytes,
                               GError **error)
{
  g_autoptr (WenVocabulary) self = read_lines (bytes, FALSE, error);

  if (self == NULL || !check_special_tokens (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * wen_vocabulary_new_bert:
 * @bytes: what a vocab.txt holds
 * @error: return location for an error
 *
 * Reads a vocabulary in which `[PAD]`, `[UNK]` and `[CLS]` may have any number, as
 * they have in those of BERT.
 *
 * Sets `WEN_VOCABULARY_ERROR_INVALID`, naming the line or the missing token, for
 * what is not UTF-8, has a token twice or an empty line, or lacks a special token.
 *
 * Returns: (transfer full) (nullable): a vocabulary, or `NULL` with @error set
 */
WenVocabulary *
wen_vocabulary_new_bert (GBytes  *bytes,
                         GError **error)
{
  g_autoptr (WenVocabulary) self = read_lines (bytes, TRUE, error);

  if (self == NULL || !find_special_tokens (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The same from tokens that are known already, by id; NULL stands for an id without a
 * token, which there must not be. */
WenVocabulary *
wen_vocabulary_new_from_tokens (GPtrArray *tokens,
                                GError   **error)
{
  g_autoptr (WenVocabulary) self = g_object_new (WEN_TYPE_VOCABULARY, NULL);

  for (guint id = 0; id < tokens->len; id++)
    {
      const char *token = g_ptr_array_index (tokens, id);

      if (token == NULL || *token == '\0')
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID, _ ("no token has the number %u"), id);
          return NULL;
        }
      if (strpbrk (token, "\r\n") != NULL)
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                       _ ("the token number %u holds a line end"), id);
          return NULL;
        }
      if (!add_token (self, g_strdup (token), 0))
        {
          g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                       _ ("the token number %u is there twice"), id);
          return NULL;
        }
    }
  if (!find_special_tokens (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * wen_vocabulary_to_bytes:
 * @self: a vocabulary
 *
 * Writes a vocabulary as a vocab.txt.  The counts are not in it.
 *
 * Returns: (transfer full): what the file is to hold
 */
GBytes *
wen_vocabulary_to_bytes (WenVocabulary *self)
{
  GString *text;

  g_return_val_if_fail (WEN_IS_VOCABULARY (self), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->tokens->len; i++)
    {
      g_string_append (text, g_ptr_array_index (self->tokens, i));
      g_string_append_c (text, '\n');
    }
  return g_string_free_to_bytes (text);
}

/**
 * wen_vocabulary_get_pad_id:
 * @self: a vocabulary
 *
 * Gets the number of `[PAD]`, which stands for nothing.
 *
 * Returns: the number
 */
guint
wen_vocabulary_get_pad_id (WenVocabulary *self)
{
  g_return_val_if_fail (WEN_IS_VOCABULARY (self), WEN_TOKEN_PAD);

  return self->special_ids[WEN_TOKEN_PAD];
}

/**
 * wen_vocabulary_get_unk_id:
 * @self: a vocabulary
 *
 * Gets the number of `[UNK]`, which stands for all that is not in the vocabulary.
 *
 * Returns: the number
 */
guint
wen_vocabulary_get_unk_id (WenVocabulary *self)
{
  g_return_val_if_fail (WEN_IS_VOCABULARY (self), WEN_TOKEN_UNK);

  return self->special_ids[WEN_TOKEN_UNK];
}

/**
 * wen_vocabulary_get_cls_id:
 * @self: a vocabulary
 *
 * Gets the number of `[CLS]`, which every text begins with.
 *
 * Returns: the number
 */
guint
wen_vocabulary_get_cls_id (WenVocabulary *self)
{
  g_return_val_if_fail (WEN_IS_VOCABULARY (self), WEN_TOKEN_CLS);

  return self->special_ids[WEN_TOKEN_CLS];
}

/**
 * wen_vocabulary_get_size:
 * @self: a vocabulary
 *
 * Counts the tokens, the special ones included.
 *
 * Returns: how many
 */
guint
wen_vocabulary_get_size (WenVocabulary *self)
{
  g_return_val_if_fail (WEN_IS_VOCABULARY (self), 0);

  return self->tokens->len;
}

/**
 * wen_vocabulary_get_token:
 * @self: a vocabulary
 * @token_id: less than the size
 *
 * Gets the token with a number.
 *
 * Returns: (transfer none): the token
 */
const char *
wen_vocabulary_get_token (WenVocabulary *self,
                          guint          token_id)
{
  g_return_val_if_fail (WEN_IS_VOCABULARY (self), NULL);
  g_return_val_if_fail (token_id < self->tokens->len, NULL);

  return g_ptr_array_index (self->tokens, token_id);
}

/**
 * wen_vocabulary_get_count:
 * @self: a vocabulary
 * @token_id: less than the size
 *
 * Says how often a token stood in the training texts.
 *
 * Returns: how often, or 0 where it is not known, as after reading a vocab.txt
 */
guint64
wen_vocabulary_get_count (WenVocabulary *self,
                          guint          token_id)
{
  g_return_val_if_fail (WEN_IS_VOCABULARY (self), 0);
  g_return_val_if_fail (token_id < self->tokens->len, 0);

  return g_array_index (self->counts, guint64, token_id);
}

/**
 * wen_vocabulary_lookup:
 * @self: a vocabulary
 * @token: the token
 * @length_bytes: its length, or -1 where it ends with a NUL
 *
 * Finds the number of a token.  Any thread may call it.
 *
 * Returns: the number, or that of `[UNK]` where the token is not in it
 */
guint
wen_vocabulary_lookup (WenVocabulary *self,
                       const char    *token,
                       gssize         length_bytes)
{
  gsize n_bytes = length_bytes >= 0 ? (gsize) length_bytes : strlen (token);
  g_autofree char *copy = NULL;
  const char *found;
  gpointer id;
  guint32 first;

  g_return_val_if_fail (WEN_IS_VOCABULARY (self), WEN_TOKEN_UNK);

  first = wen_number_map_find (&self->ids_by_hash, hash_token (token, n_bytes));
  if (first == WEN_NUMBER_MAP_NONE)
    return self->special_ids[WEN_TOKEN_UNK];
  found = g_ptr_array_index (self->tokens, first);
  if (strncmp (found, token, n_bytes) == 0 && found[n_bytes] == '\0')
    return first;

  copy = g_strndup (token, n_bytes);
  return g_hash_table_lookup_extended (self->ids, copy, NULL, &id) ? GPOINTER_TO_UINT (id)
                                                                   : self->special_ids[WEN_TOKEN_UNK];
}
