/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are words and parts of words, as BERT has them: the longest token that
 * a word begins with, then the longest "##" token that the rest begins with, and so
 * on.  A word that cannot be made up wholly of tokens is one unknown token.
 *
 * Sources: Devlin et al. 2019 for cutting; for a vocabulary of one's own, pieces are
 * joined by how often they occur, as for byte pair encoding. */

#include "config.h"

#include "wen-wordpiece-tokenizer-private.h"

#include <string.h>

#include "wen-bert-words-private.h"
#include "wen-piece-trainer-private.h"
#include "wen-piece-trie-private.h"
#include "wen-token-counts-private.h"
#include "wen-tokenizer-private.h"
#include "wen-utf8-private.h"

/* What a token begins with that continues a word. */
#define CONTINUING "##"

struct _WenWordpieceTokenizer
{
  WenTokenizer    parent_instance;

  gboolean        lower_case;
  WenTokenCounts *words;         /* NULL when not counting */

  WenPieceTrie   *trie;          /* NULL until it is first needed */
  guint32         continuing;    /* node of "##", or WEN_PIECE_TRIE_NONE */
  gsize           has_trie;
};

G_DEFINE_FINAL_TYPE (WenWordpieceTokenizer, wen_wordpiece_tokenizer, WEN_TYPE_TOKENIZER)

gboolean
wen_wordpiece_tokenizer_get_lower_case (WenWordpieceTokenizer *self)
{
  return self->lower_case;
}

/* Before the first text is counted or cut. */
void
wen_wordpiece_tokenizer_set_lower_case (WenWordpieceTokenizer *self,
                                        gboolean               lower_case)
{
  self->lower_case = lower_case;
}

static void
count_word (WenBertWord *word,
            gpointer     user_data)
{
  WenWordpieceTokenizer *self = user_data;

  if (word->n_characters <= WEN_BERT_MAXIMUM_CHARACTERS)
    wen_token_counts_add (self->words, word->bytes, word->n_bytes, 1);
}

static void
wen_wordpiece_tokenizer_count (WenTokenizer *tokenizer,
                               const char   *text)
{
  WenWordpieceTokenizer *self = WEN_WORDPIECE_TOKENIZER (tokenizer);

  if (self->words == NULL)
    self->words = wen_token_counts_new ();
  wen_bert_for_each_word (text, self->lower_case, count_word, self);
}

static void
wen_wordpiece_tokenizer_add_counts (WenTokenizer *tokenizer,
                                    WenTokenizer *other)
{
  wen_token_counts_take (&WEN_WORDPIECE_TOKENIZER (tokenizer)->words, &WEN_WORDPIECE_TOKENIZER (other)->words);
}

/* The characters of a word as pieces: the first as it is, the others as continuing. */
static gsize
split_word (const char *word,
            char        pieces[WEN_BERT_MAXIMUM_CHARACTERS][8])
{
  gsize n_pieces = 0;

  while (*word != '\0' && n_pieces < WEN_BERT_MAXIMUM_CHARACTERS)
    {
      char *piece = pieces[n_pieces];
      gsize n_bytes;

      wen_utf8_read (word, &n_bytes);
      if (n_pieces > 0)
        piece = g_stpcpy (piece, CONTINUING);
      memcpy (piece, word, n_bytes);
      piece[n_bytes] = '\0';
      word += n_bytes;
      n_pieces++;
    }
  return n_pieces;
}

static WenPieceTrainer *
make_trainer (GArray *words,
              guint   minimum_count,
              gsize   maximum_pieces)
{
  g_autoptr (WenTokenCounts) characters = wen_token_counts_new ();
  g_autoptr (GArray) sorted = NULL;
  WenPieceTrainer *trainer = wen_piece_trainer_new ();
  char pieces[WEN_BERT_MAXIMUM_CHARACTERS][8];

  for (guint i = 0; i < words->len; i++)
    {
      WenTokenCount word = g_array_index (words, WenTokenCount, i);
      gsize n_pieces = split_word (word.token, pieces);

      for (gsize k = 0; k < n_pieces; k++)
        wen_token_counts_add (characters, pieces[k], strlen (pieces[k]), word.count);
    }
  sorted = wen_token_counts_sort (characters, minimum_count);
  for (guint i = 0; i < MIN (sorted->len, maximum_pieces); i++)
    wen_piece_trainer_add_piece (trainer, g_array_index (sorted, WenTokenCount, i).token);

  for (guint i = 0; i < words->len; i++)
    {
      WenTokenCount word = g_array_index (words, WenTokenCount, i);
      gsize n_pieces = split_word (word.token, pieces);
      guint32 numbers[WEN_BERT_MAXIMUM_CHARACTERS];

      for (gsize k = 0; k < n_pieces; k++)
        numbers[k] = wen_piece_trainer_find_piece (trainer, pieces[k]);
      wen_piece_trainer_add_word (trainer, numbers, n_pieces, word.count);
    }
  return trainer;
}

static void
drop_trie (WenWordpieceTokenizer *self)
{
  g_clear_pointer (&self->trie, wen_piece_trie_free);
  self->has_trie = 0;
}

/* All tokens in one tree, made once for the vocabulary in use. */
static void
ensure_trie (WenWordpieceTokenizer *self)
{
  if (g_once_init_enter (&self->has_trie))
    {
      WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (WEN_TOKENIZER (self));

      self->trie = wen_piece_trie_new ();
      for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
        wen_piece_trie_add (self->trie, wen_vocabulary_get_token (vocabulary, id), id);
      self->continuing = wen_piece_trie_walk (self->trie, WEN_PIECE_TRIE_ROOT, CONTINUING, strlen (CONTINUING));
      g_once_init_leave (&self->has_trie, 1);
    }
}

typedef struct
{
  WenWordpieceTokenizer *self;
  GArray                *tokens;
  guint32                unk_id;
} Writer;

/* FALSE where the word is not made up of tokens; then some may have been written. */
static gboolean
write_pieces (Writer            *writer,
              const WenBertWord *word)
{
  guint32 node = WEN_PIECE_TRIE_ROOT;
  gsize begin = 0;

  if (word->n_characters > WEN_BERT_MAXIMUM_CHARACTERS)
    return FALSE;
  while (begin < word->n_bytes)
    {
      gsize n_found;
      WenToken token;

      if (node == WEN_PIECE_TRIE_NONE)
        return FALSE;
      token.id = wen_piece_trie_find (writer->self->trie, node, word->bytes + begin, word->n_bytes - begin, &n_found);
      if (token.id == WEN_PIECE_TRIE_NONE)
        return FALSE;
      token.start = word->starts[begin];
      token.end = word->ends[begin + n_found - 1];
      g_array_append_val (writer->tokens, token);
      begin += n_found;
      node = writer->self->continuing;
    }
  return TRUE;
}

static void
write_word (WenBertWord *word,
            gpointer     user_data)
{
  Writer *writer = user_data;
  guint n_before = writer->tokens->len;

  if (!write_pieces (writer, word))
    {
      const WenToken unknown = { .id = writer->unk_id, .start = word->start, .end = word->end };

      g_array_set_size (writer->tokens, n_before);
      g_array_append_val (writer->tokens, unknown);
    }
}

static void
wen_wordpiece_tokenizer_encode (WenTokenizer *tokenizer,
                                const char   *text,
                                GArray       *tokens)
{
  WenWordpieceTokenizer *self = WEN_WORDPIECE_TOKENIZER (tokenizer);
  Writer writer = {
    .self = self,
    .tokens = tokens,
    .unk_id = wen_vocabulary_get_unk_id (wen_tokenizer_get_vocabulary (tokenizer)),
  };

  ensure_trie (self);
  wen_bert_for_each_word (text, self->lower_case, write_word, &writer);
}

/* How often each token stands in the training texts when they are cut. */
static guint64 *
count_tokens (WenWordpieceTokenizer *self,
              GArray                *words,
              guint                  n_tokens)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  guint64 *counts = g_new0 (guint64, n_tokens);

  for (guint i = 0; i < words->len; i++)
    {
      WenTokenCount word = g_array_index (words, WenTokenCount, i);

      g_array_set_size (tokens, 0);
      wen_wordpiece_tokenizer_encode (WEN_TOKENIZER (self), word.token, tokens);
      for (guint k = 0; k < tokens->len; k++)
        counts[g_array_index (tokens, WenToken, k).id] += word.count;
    }
  return counts;
}

static void
wen_wordpiece_tokenizer_fit (WenTokenizer *tokenizer,
                             guint         minimum_count,
                             guint         maximum_vocabulary)
{
  WenWordpieceTokenizer *self = WEN_WORDPIECE_TOKENIZER (tokenizer);
  gsize maximum_pieces = MAX (maximum_vocabulary, WEN_N_SPECIAL_TOKENS) - WEN_N_SPECIAL_TOKENS;
  g_autoptr (WenPieceTrainer) trainer = NULL;
  g_autoptr (GArray) words = NULL;
  g_autoptr (WenVocabulary) uncounted = NULL;
  g_autoptr (WenVocabulary) vocabulary = NULL;
  g_autofree guint64 *counts = NULL;
  const char *const *pieces;
  guint n_pieces;

  if (self->words == NULL)
    self->words = wen_token_counts_new ();
  words = wen_token_counts_sort (self->words, 1);
  trainer = make_trainer (words, minimum_count, maximum_pieces);
  wen_piece_trainer_run (trainer, CONTINUING, maximum_pieces, WEN_PIECE_RARENESS * (guint64) MAX (1, minimum_count));

  pieces = (const char *const *) wen_piece_trainer_get_pieces (trainer)->pdata;
  n_pieces = wen_piece_trainer_get_pieces (trainer)->len;
  uncounted = wen_vocabulary_new (pieces, NULL, n_pieces);
  drop_trie (self);
  wen_tokenizer_set_vocabulary (tokenizer, uncounted);
  counts = count_tokens (self, words, n_pieces + WEN_N_SPECIAL_TOKENS);
  vocabulary = wen_vocabulary_new (pieces, counts + WEN_N_SPECIAL_TOKENS, n_pieces);
  wen_tokenizer_set_vocabulary (tokenizer, vocabulary);
  g_clear_pointer (&self->words, wen_token_counts_free);
}

/* Words with a space between them.  Which of them had none in the text is not known. */
static char *
wen_wordpiece_tokenizer_decode (WenTokenizer  *tokenizer,
                                const guint32 *token_ids,
                                gsize          n_token_ids)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n_token_ids; i++)
    {
      const char *token;

      if (wen_tokenizer_says_nothing (vocabulary, token_ids[i]))
        continue;
      token = wen_vocabulary_get_token (vocabulary, token_ids[i]);
      if (g_str_has_prefix (token, CONTINUING) && token[strlen (CONTINUING)] != '\0')
        token += strlen (CONTINUING);
      else if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, token);
    }
  return g_string_free (text, FALSE);
}

/* The special tokens have other numbers in the vocabularies of BERT. */
static gboolean
wen_wordpiece_tokenizer_read (WenTokenizer *tokenizer,
                              GBytes       *bytes,
                              GError      **error)
{
  g_autoptr (WenVocabulary) vocabulary = wen_vocabulary_new_bert (bytes, error);

  if (vocabulary == NULL)
    return FALSE;
  wen_tokenizer_set_vocabulary (tokenizer, vocabulary);
  return TRUE;
}

static void
wen_wordpiece_tokenizer_finalize (GObject *object)
{
  WenWordpieceTokenizer *self = WEN_WORDPIECE_TOKENIZER (object);

  g_clear_pointer (&self->words, wen_token_counts_free);
  drop_trie (self);

  G_OBJECT_CLASS (wen_wordpiece_tokenizer_parent_class)->finalize (object);
}

static void
wen_wordpiece_tokenizer_class_init (WenWordpieceTokenizerClass *klass)
{
  WenTokenizerClass *tokenizer_class = WEN_TOKENIZER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_wordpiece_tokenizer_finalize;
  tokenizer_class->count = wen_wordpiece_tokenizer_count;
  tokenizer_class->add_counts = wen_wordpiece_tokenizer_add_counts;
  tokenizer_class->fit = wen_wordpiece_tokenizer_fit;
  tokenizer_class->encode = wen_wordpiece_tokenizer_encode;
  tokenizer_class->decode = wen_wordpiece_tokenizer_decode;
  tokenizer_class->read = wen_wordpiece_tokenizer_read;
}

static void
wen_wordpiece_tokenizer_init (WenWordpieceTokenizer *self)
{
  self->lower_case = TRUE;
}
