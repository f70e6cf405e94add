/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are learned by joining the commonest neighbours (byte pair encoding).
 *
 * DESIGN: a text is cut into words first: runs of letters, of Chinese and Japanese
 * characters, of digits, or of other signs, each with the one space before it, which
 * stays part of its first token.  Nothing is lost in that, so putting the tokens one
 * after the other gives the text again.  A character that is too rare to be a token is
 * spelled in bytes, for each of which there is a token such as <0xE4>, so that this
 * holds for every text.  Runs are cut after 64 characters: joining takes the square of
 * a word's length, and no text may make it take for ever.
 *
 * Source: Sennrich et al. 2016; the bytes as in SentencePiece, Kudo and Richardson 2018. */

#include "config.h"

#include "wen-bpe-tokenizer-private.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "wen-number-map-private.h"
#include "wen-piece-trainer-private.h"
#include "wen-token-counts-private.h"
#include "wen-tokenizer-json-private.h"
#include "wen-tokenizer-private.h"
#include "wen-utf8-private.h"

/* Code points that are looked up in an array. */
#define N_DIRECT 0x10000
#define N_BYTES 256
/* Each character in bytes, and a space. */
#define MAXIMUM_SYMBOLS (4 * WEN_BPE_MAXIMUM_CHARACTERS + 1)

#define NO_TOKEN G_MAXUINT32

typedef enum
{
  CLASS_SPACE,
  CLASS_EAST_ASIAN,
  CLASS_LETTER,
  CLASS_NUMBER,
  CLASS_OTHER,
} CharacterClass;

struct _WenBpeTokenizer
{
  WenTokenizer    parent_instance;

  WenTokenCounts *words;              /* NULL when not counting */

  /* What follows is made once for the vocabulary. */
  GArray         *merges;             /* of WenMerge, the first ones are done first; ids of the vocabulary */
  WenNumberMap    ranks;              /* left << 32 | right to the index in merges */
  guint32        *direct_ids;         /* [N_DIRECT], of single code points, or NO_TOKEN */
  guint32         byte_ids[N_BYTES];  /* or NO_TOKEN */
};

G_DEFINE_FINAL_TYPE (WenBpeTokenizer, wen_bpe_tokenizer, WEN_TYPE_TOKENIZER)

static CharacterClass
classify (gunichar c)
{
  UErrorCode status = U_ZERO_ERROR;
  UScriptCode script = uscript_getScript ((UChar32) c, &status);

  if (c == ' ')
    return CLASS_SPACE;
  /* The sign that makes a kana longer belongs to no script. */
  if (script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || c == 0x30FC || c == 0xFF70)
    return CLASS_EAST_ASIAN;
  if ((U_GET_GC_MASK ((UChar32) c) & (U_GC_L_MASK | U_GC_M_MASK)) != 0)
    return CLASS_LETTER;
  if ((U_GET_GC_MASK ((UChar32) c) & U_GC_N_MASK) != 0)
    return CLASS_NUMBER;
  return CLASS_OTHER;
}

static const guint8 *
get_classes (void)
{
  static guint8 *classes;

  if (g_once_init_enter (&classes))
    {
      guint8 *made = g_new (guint8, N_DIRECT);

      for (gunichar c = 0; c < N_DIRECT; c++)
        made[c] = (guint8) classify (c);
      g_once_init_leave (&classes, made);
    }
  return classes;
}

/* The number of bytes of the word that a text begins with.  tokenizer.json says the
 * same as a regular expression. */
static gsize
measure_word (const char   *text,
              const guint8 *classes)
{
  CharacterClass class_of_word = CLASS_SPACE;
  gsize length_bytes = *text == ' ' ? 1 : 0;

  for (guint i = 0; i < WEN_BPE_MAXIMUM_CHARACTERS && text[length_bytes] != '\0'; i++)
    {
      gsize n_bytes;
      gunichar c = wen_utf8_read (text + length_bytes, &n_bytes);
      CharacterClass class_of_c = c < N_DIRECT ? (CharacterClass) classes[c] : classify (c);

      if (i == 0)
        class_of_word = class_of_c;
      if (class_of_c != class_of_word || class_of_c == CLASS_SPACE)
        break;
      length_bytes += n_bytes;
    }
  return length_bytes;
}

/* A space is U+2581 among the tokens, so a real one is spelled in bytes; and no token
 * may hold a line end, because a vocabulary may be kept one token a line. */
static inline gboolean
may_be_token (gunichar c)
{
  return c != WEN_BPE_SPACE_CHARACTER && c != '\n' && c != '\r' && c != WEN_UTF8_UNREADABLE;
}

static void
wen_bpe_tokenizer_count (WenTokenizer *tokenizer,
                         const char   *text)
{
  WenBpeTokenizer *self = WEN_BPE_TOKENIZER (tokenizer);
  const guint8 *classes = get_classes ();

  if (self->words == NULL)
    self->words = wen_token_counts_new ();
  while (*text != '\0')
    {
      gsize length_bytes = measure_word (text, classes);

      wen_token_counts_add (self->words, text, length_bytes, 1);
      text += length_bytes;
    }
}

static void
wen_bpe_tokenizer_add_counts (WenTokenizer *tokenizer,
                              WenTokenizer *other)
{
  wen_token_counts_take (&WEN_BPE_TOKENIZER (tokenizer)->words, &WEN_BPE_TOKENIZER (other)->words);
}

static void
name_byte (guint byte,
           char  name[8])
{
  g_snprintf (name, 8, "<0x%02X>", byte);
}

/* The byte that a token stands for, or -1. */
static int
get_byte (const char *token)
{
  if (!g_str_has_prefix (token, "<0x") || strlen (token) != 6 || token[5] != '>' || !g_ascii_isxdigit (token[3])
      || !g_ascii_isxdigit (token[4]))
    return -1;
  return g_ascii_xdigit_value (token[3]) << 4 | g_ascii_xdigit_value (token[4]);
}

static void
clear_tables (WenBpeTokenizer *self)
{
  g_clear_pointer (&self->merges, g_array_unref);
  g_clear_pointer (&self->direct_ids, g_free);
  wen_number_map_clear (&self->ranks);
}

/* Makes all that encoding looks up. */
static void
set_tables (WenBpeTokenizer *self,
            WenVocabulary   *vocabulary,
            GArray          *merges)
{
  clear_tables (self);
  wen_tokenizer_set_vocabulary (WEN_TOKENIZER (self), vocabulary);
  self->merges = g_array_ref (merges);
  wen_number_map_init (&self->ranks);
  for (guint rank = 0; rank < merges->len; rank++)
    {
      WenMerge merge = g_array_index (merges, WenMerge, rank);
      guint64 key = (guint64) merge.left << 32 | merge.right;

      if (wen_number_map_find (&self->ranks, key) == WEN_NUMBER_MAP_NONE)
        wen_number_map_insert (&self->ranks, key, rank);
    }

  self->direct_ids = g_new (guint32, N_DIRECT);
  for (guint i = 0; i < N_DIRECT; i++)
    self->direct_ids[i] = NO_TOKEN;
  for (guint i = 0; i < N_BYTES; i++)
    self->byte_ids[i] = NO_TOKEN;
  for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    {
      const char *token = wen_vocabulary_get_token (vocabulary, id);
      gsize n_bytes;
      gunichar c = wen_utf8_read (token, &n_bytes);
      int byte = get_byte (token);

      if (byte >= 0)
        self->byte_ids[byte] = id;
      else if (c < N_DIRECT && token[n_bytes] == '\0')
        self->direct_ids[c == WEN_BPE_SPACE_CHARACTER ? ' ' : c] = id;
    }
}

/* A character as a piece. */
static void
name_character (gunichar    c,
                const char *bytes,
                gsize       n_bytes,
                char        name[8])
{
  if (c == ' ')
    {
      memcpy (name, WEN_BPE_SPACE, sizeof WEN_BPE_SPACE);
    }
  else
    {
      memcpy (name, bytes, n_bytes);
      name[n_bytes] = '\0';
    }
}

/* Counts the characters that may be tokens, and the bytes of the others. */
static void
count_characters (GArray         *words,
                  WenTokenCounts *characters)
{
  for (guint i = 0; i < words->len; i++)
    {
      WenTokenCount word = g_array_index (words, WenTokenCount, i);

      for (const char *p = word.token; *p != '\0';)
        {
          char name[8];
          gsize n_bytes;
          gunichar c = wen_utf8_read (p, &n_bytes);

          name_character (c, p, n_bytes, name);
          if (may_be_token (c))
            wen_token_counts_add (characters, name, strlen (name), word.count);
          p += n_bytes;
        }
    }
}

static void
add_words (WenPieceTrainer *trainer,
           GArray          *words,
           guint64          byte_counts[N_BYTES])
{
  for (guint i = 0; i < words->len; i++)
    {
      WenTokenCount word = g_array_index (words, WenTokenCount, i);
      guint32 numbers[MAXIMUM_SYMBOLS];
      gsize n_numbers = 0;

      for (const char *p = word.token; *p != '\0';)
        {
          char name[8];
          gsize n_bytes;
          gunichar c = wen_utf8_read (p, &n_bytes);

          name_character (c, p, n_bytes, name);
          numbers[n_numbers] = may_be_token (c) ? wen_piece_trainer_find_piece (trainer, name) : WEN_PIECE_NONE;
          for (gsize k = 0; k < n_bytes && numbers[n_numbers] == WEN_PIECE_NONE; k++)
            byte_counts[(guchar) p[k]] += word.count;
          n_numbers++;
          p += n_bytes;
        }
      wen_piece_trainer_add_word (trainer, numbers, n_numbers, word.count);
    }
}

/* The bytes, if there is room for them, and the learned pieces in one vocabulary. */
static WenVocabulary *
make_vocabulary (WenPieceTrainer *trainer,
                 const guint64    byte_counts[N_BYTES],
                 guint            n_bytes)
{
  GPtrArray *pieces = wen_piece_trainer_get_pieces (trainer);
  g_autofree guint64 *piece_counts = wen_piece_trainer_dup_counts (trainer);
  gsize n_tokens = n_bytes + pieces->len;
  g_autofree const char **tokens = g_new (const char *, MAX (1, n_tokens));
  g_autofree guint64 *counts = g_new (guint64, MAX (1, n_tokens));
  char names[N_BYTES][8];

  for (guint i = 0; i < n_bytes; i++)
    {
      name_byte (i, names[i]);
      tokens[i] = names[i];
      counts[i] = byte_counts[i];
    }
  for (guint i = 0; i < pieces->len; i++)
    {
      tokens[n_bytes + i] = g_ptr_array_index (pieces, i);
      counts[n_bytes + i] = piece_counts[i];
    }
  return wen_vocabulary_new (tokens, counts, n_tokens);
}

static void
reserve_names (WenPieceTrainer *trainer)
{
  static const char *const special_tokens[] = { "[PAD]", "[UNK]", "[CLS]" };

  for (guint i = 0; i < G_N_ELEMENTS (special_tokens); i++)
    wen_piece_trainer_reserve (trainer, special_tokens[i]);
  for (guint i = 0; i < N_BYTES; i++)
    {
      char name[8];

      name_byte (i, name);
      wen_piece_trainer_reserve (trainer, name);
    }
}

static void
wen_bpe_tokenizer_fit (WenTokenizer *tokenizer,
                       guint         minimum_count,
                       guint         maximum_vocabulary)
{
  WenBpeTokenizer *self = WEN_BPE_TOKENIZER (tokenizer);
  g_autoptr (WenTokenCounts) characters = wen_token_counts_new ();
  g_autoptr (WenPieceTrainer) trainer = wen_piece_trainer_new ();
  g_autoptr (WenVocabulary) vocabulary = NULL;
  g_autoptr (GArray) words = NULL;
  g_autoptr (GArray) alphabet = NULL;
  g_autoptr (GArray) merges = NULL;
  gsize maximum_pieces = MAX (maximum_vocabulary, WEN_N_SPECIAL_TOKENS) - WEN_N_SPECIAL_TOKENS;
  /* In a vocabulary without room for the bytes, what is no token is unknown. */
  guint n_bytes = maximum_pieces > N_BYTES ? N_BYTES : 0;
  guint first_piece = WEN_N_SPECIAL_TOKENS + n_bytes;
  guint64 byte_counts[N_BYTES] = { 0 };

  maximum_pieces -= n_bytes;
  if (self->words == NULL)
    self->words = wen_token_counts_new ();
  words = wen_token_counts_sort (self->words, 1);
  count_characters (words, characters);
  alphabet = wen_token_counts_sort (characters, minimum_count);
  for (guint i = 0; i < MIN (alphabet->len, maximum_pieces); i++)
    wen_piece_trainer_add_piece (trainer, g_array_index (alphabet, WenTokenCount, i).token);
  reserve_names (trainer);
  add_words (trainer, words, byte_counts);
  wen_piece_trainer_run (trainer, "", maximum_pieces, WEN_PIECE_RARENESS * (guint64) MAX (1, minimum_count));

  vocabulary = make_vocabulary (trainer, byte_counts, n_bytes);
  merges = g_array_copy (wen_piece_trainer_get_merges (trainer));
  for (guint i = 0; i < merges->len; i++)
    {
      WenMerge *merge = &g_array_index (merges, WenMerge, i);

      merge->left += first_piece;
      merge->right += first_piece;
      merge->joined += first_piece;
    }
  set_tables (self, vocabulary, merges);
  g_clear_pointer (&self->words, wen_token_counts_free);
}

/* The tokens of a word, and after each the rank of joining it with the next. */
typedef struct
{
  WenToken tokens[MAXIMUM_SYMBOLS];
  guint32  ranks[MAXIMUM_SYMBOLS];
  guint    n_tokens;
} Symbols;

static inline guint32
get_rank (WenBpeTokenizer *self,
          const Symbols   *symbols,
          guint            i)
{
  if (i + 1 >= symbols->n_tokens)
    return WEN_NUMBER_MAP_NONE;
  return wen_number_map_find (&self->ranks, (guint64) symbols->tokens[i].id << 32 | symbols->tokens[i + 1].id);
}

static guint32
find_character (WenBpeTokenizer *self,
                WenVocabulary   *vocabulary,
                gunichar         c,
                const char      *bytes,
                gsize            n_bytes)
{
  guint id;

  if (!may_be_token (c))
    return NO_TOKEN;
  if (c < N_DIRECT)
    return self->direct_ids[c];
  id = wen_vocabulary_lookup (vocabulary, bytes, (gssize) n_bytes);
  return id != wen_vocabulary_get_unk_id (vocabulary) ? id : NO_TOKEN;
}

/* The characters of a word, or the bytes of those that are no tokens. */
static void
spell_word (WenBpeTokenizer *self,
            const char      *text,
            gsize            begin,
            gsize            end,
            Symbols         *symbols)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (WEN_TOKENIZER (self));

  symbols->n_tokens = 0;
  while (begin < end)
    {
      gsize n_bytes;
      gunichar c = wen_utf8_read (text + begin, &n_bytes);
      WenToken token = {
        .id = find_character (self, vocabulary, c, text + begin, n_bytes),
        .start = (guint32) begin,
        .end = (guint32) (begin + n_bytes),
      };

      if (token.id != NO_TOKEN)
        {
          symbols->tokens[symbols->n_tokens++] = token;
        }
      else if (self->byte_ids[(guchar) text[begin]] == NO_TOKEN)
        {
          token.id = wen_vocabulary_get_unk_id (vocabulary);
          symbols->tokens[symbols->n_tokens++] = token;
        }
      else
        {
          for (gsize i = 0; i < n_bytes; i++)
            {
              token.id = self->byte_ids[(guchar) text[begin + i]];
              if (token.id == NO_TOKEN)
                token.id = wen_vocabulary_get_unk_id (vocabulary);
              symbols->tokens[symbols->n_tokens++] = token;
            }
        }
      begin += n_bytes;
    }
}

static void
join_symbols (WenBpeTokenizer *self,
              Symbols         *symbols)
{
  for (guint i = 0; i < symbols->n_tokens; i++)
    symbols->ranks[i] = get_rank (self, symbols, i);
  while (TRUE)
    {
      guint first = 0;
      guint n_after;

      for (guint i = 1; i < symbols->n_tokens; i++)
        if (symbols->ranks[i] < symbols->ranks[first])
          first = i;
      if (symbols->ranks[first] == WEN_NUMBER_MAP_NONE)
        break;

      symbols->tokens[first].id = g_array_index (self->merges, WenMerge, symbols->ranks[first]).joined;
      symbols->tokens[first].end = symbols->tokens[first + 1].end;
      n_after = symbols->n_tokens - first - 2;
      memmove (&symbols->tokens[first + 1], &symbols->tokens[first + 2], n_after * sizeof *symbols->tokens);
      memmove (&symbols->ranks[first + 1], &symbols->ranks[first + 2], n_after * sizeof *symbols->ranks);
      symbols->n_tokens--;
      symbols->ranks[first] = get_rank (self, symbols, first);
      if (first > 0)
        symbols->ranks[first - 1] = get_rank (self, symbols, first - 1);
    }
}

static void
wen_bpe_tokenizer_encode (WenTokenizer *tokenizer,
                          const char   *text,
                          GArray       *tokens)
{
  WenBpeTokenizer *self = WEN_BPE_TOKENIZER (tokenizer);
  const guint8 *classes = get_classes ();
  Symbols symbols;
  gsize begin = 0;

  while (text[begin] != '\0')
    {
      gsize end = begin + measure_word (text + begin, classes);

      spell_word (self, text, begin, end, &symbols);
      join_symbols (self, &symbols);
      g_array_append_vals (tokens, symbols.tokens, symbols.n_tokens);
      begin = end;
    }
}

static void
append_token (GString    *text,
              const char *token)
{
  int byte = get_byte (token);
  const char *space;

  if (byte >= 0)
    {
      g_string_append_c (text, (char) byte);
      return;
    }
  while ((space = strstr (token, WEN_BPE_SPACE)) != NULL)
    {
      g_string_append_len (text, token, space - token);
      g_string_append_c (text, ' ');
      token = space + strlen (WEN_BPE_SPACE);
    }
  g_string_append (text, token);
}

static char *
wen_bpe_tokenizer_decode (WenTokenizer  *tokenizer,
                          const guint32 *token_ids,
                          gsize          n_token_ids)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (tokenizer);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < n_token_ids; i++)
    if (!wen_tokenizer_says_nothing (vocabulary, token_ids[i]))
      append_token (text, wen_vocabulary_get_token (vocabulary, token_ids[i]));
  /* Tokens in an order of somebody else's may leave bytes without the rest of their character. */
  return g_utf8_make_valid (text->str, (gssize) text->len);
}

static GBytes *
wen_bpe_tokenizer_to_bytes (WenTokenizer *tokenizer)
{
  const WenTokenizerJson content = {
    .kind = "bpe",
    .vocabulary = wen_tokenizer_get_vocabulary (tokenizer),
    .merges = WEN_BPE_TOKENIZER (tokenizer)->merges,
  };

  return wen_tokenizer_json_write (&content);
}

static gboolean
wen_bpe_tokenizer_read (WenTokenizer *tokenizer,
                        GBytes       *bytes,
                        GError      **error)
{
  g_auto (WenTokenizerJson) content = { 0 };

  if (!wen_tokenizer_json_read (&content, bytes, error)
      || !wen_tokenizer_json_is_kind (&content, "bpe", error))
    return FALSE;
  set_tables (WEN_BPE_TOKENIZER (tokenizer), content.vocabulary, content.merges);
  return TRUE;
}

static void
wen_bpe_tokenizer_finalize (GObject *object)
{
  WenBpeTokenizer *self = WEN_BPE_TOKENIZER (object);

  g_clear_pointer (&self->words, wen_token_counts_free);
  clear_tables (self);

  G_OBJECT_CLASS (wen_bpe_tokenizer_parent_class)->finalize (object);
}

static void
wen_bpe_tokenizer_class_init (WenBpeTokenizerClass *klass)
{
  WenTokenizerClass *tokenizer_class = WEN_TOKENIZER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_bpe_tokenizer_finalize;
  tokenizer_class->count = wen_bpe_tokenizer_count;
  tokenizer_class->add_counts = wen_bpe_tokenizer_add_counts;
  tokenizer_class->fit = wen_bpe_tokenizer_fit;
  tokenizer_class->encode = wen_bpe_tokenizer_encode;
  tokenizer_class->decode = wen_bpe_tokenizer_decode;
  tokenizer_class->to_bytes = wen_bpe_tokenizer_to_bytes;
  tokenizer_class->read = wen_bpe_tokenizer_read;
  tokenizer_class->file_name = "tokenizer.json";
}

static void
wen_bpe_tokenizer_init (WenBpeTokenizer *self)
{
}

/* merges: (element-type WenMerge): in the order in which they are done. */
WenTokenizer *
wen_bpe_tokenizer_new (WenVocabulary *vocabulary,
                       GArray        *merges)
{
  WenBpeTokenizer *self = g_object_new (WEN_TYPE_BPE_TOKENIZER, NULL);

  set_tables (self, vocabulary, merges);
  return WEN_TOKENIZER (self);
}
