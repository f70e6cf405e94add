/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are words, as ICU finds them: by the rules of Unicode, and by its
 * dictionaries where a language writes no spaces (Chinese, Japanese, Thai, Khmer,
 * Lao, Burmese).
 *
 * White space ends a word and is no token: words are apart already because they are
 * tokens, and a text keeps its length in words.  ICU is asked for the stretches
 * between white space that are not plain ASCII letters and digits, which is what
 * most English words are.
 *
 * Words of the user's own dictionary stay whole: where one begins, the longest one is
 * taken, and ICU sees only what is between them. */

#include "config.h"

#include "wen-word-tokenizer-private.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utf16.h>

#include "wen-piece-trie-private.h"
#include "wen-token-counts-private.h"
#include "wen-tokenizer-private.h"
#include "wen-utf8-private.h"

/* Stretches without white space that are longer than anybody writes are cut after so
 * many bytes. */
#define MAXIMUM_BYTES 8192

struct _WenWordTokenizer
{
  WenTokenizer    parent_instance;

  WenPieceTrie   *dictionary; /* NULL: none */
  WenTokenCounts *words;      /* NULL when not counting */
};

G_DEFINE_FINAL_TYPE (WenWordTokenizer, wen_word_tokenizer, WEN_TYPE_TOKENIZER)

/* What each thread keeps: opening a break iterator loads its dictionaries. */
typedef struct
{
  UBreakIterator *breaks;
  UChar           units[MAXIMUM_BYTES];       /* a stretch in UTF-16, in which ICU is fastest */
  guint32         offsets[MAXIMUM_BYTES + 1]; /* where each unit stands in the text */
} Breaks;

static void
breaks_free (gpointer data)
{
  Breaks *self = data;

  ubrk_close (self->breaks);
  g_free (self);
}

static Breaks *
get_breaks (void)
{
  static GPrivate breaks_of_thread = G_PRIVATE_INIT (breaks_free);
  Breaks *self = g_private_get (&breaks_of_thread);

  if (self == NULL)
    {
      UErrorCode status = U_ZERO_ERROR;

      self = g_new0 (Breaks, 1);
      self->breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);
      g_private_set (&breaks_of_thread, self);
    }
  return self;
}

static inline gboolean
is_space (gunichar c)
{
  return c <= ' '
         || (c >= 0x7F
             && (c <= 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029
                 || c == 0x202F || c == 0x205F || c == 0x3000));
}

/* Called for each word of a text. */
typedef void (*WordFunc) (WenWordTokenizer *self,
                          const char       *text,
                          gsize             begin,
                          gsize             end,
                          gpointer          user_data);

/* The words from begin to end, where there is no white space. */
static void
for_each_word_by_icu (WenWordTokenizer *self,
                      const char       *text,
                      gsize             begin,
                      gsize             end,
                      WordFunc          func,
                      gpointer          user_data)
{
  Breaks *breaks = get_breaks ();
  UErrorCode status = U_ZERO_ERROR;
  UChar *units = breaks->units;
  guint32 *offsets = breaks->offsets;
  int32_t n_units = 0;
  int32_t from = 0;
  int32_t to;

  while (begin < end)
    {
      gsize n_bytes;
      gunichar c = wen_utf8_read (text + begin, &n_bytes);

      offsets[n_units] = (guint32) begin;
      if (c >= 0x10000)
        offsets[n_units + 1] = (guint32) begin;
      U16_APPEND_UNSAFE (units, n_units, c);
      begin += n_bytes;
    }
  offsets[n_units] = (guint32) end;

  ubrk_setText (breaks->breaks, units, n_units, &status);
  while (U_SUCCESS (status) && (to = ubrk_next (breaks->breaks)) != UBRK_DONE)
    {
      func (self, text, offsets[from], offsets[to], user_data);
      from = to;
    }
}

/* "art" of a dictionary is no part of "start". */
static gboolean
joins (const char *text,
       gsize       place)
{
  return place > 0 && g_ascii_isalnum (text[place - 1]) && g_ascii_isalnum (text[place]);
}

/* The bytes of the longest word of the dictionary that begins at a place, or 0. */
static gsize
match_dictionary (WenWordTokenizer *self,
                  const char       *text,
                  gsize             begin,
                  gsize             end)
{
  gsize n_found = 0;

  if (joins (text, begin)
      || wen_piece_trie_find (self->dictionary, WEN_PIECE_TRIE_ROOT, text + begin, end - begin, &n_found)
             == WEN_PIECE_TRIE_NONE
      || joins (text, begin + n_found))
    return 0;
  return n_found;
}

/* The words from begin to end, those of the dictionary first. */
static void
for_each_word_by_dictionary (WenWordTokenizer *self,
                             const char       *text,
                             gsize             begin,
                             gsize             end,
                             WordFunc          func,
                             gpointer          user_data)
{
  gsize place = begin;

  while (place < end)
    {
      gsize n_found = match_dictionary (self, text, place, end);
      gsize n_bytes;

      if (n_found == 0)
        {
          wen_utf8_read (text + place, &n_bytes);
          place += n_bytes;
          continue;
        }
      if (place > begin)
        for_each_word_by_icu (self, text, begin, place, func, user_data);
      func (self, text, place, place + n_found, user_data);
      place += n_found;
      begin = place;
    }
  if (end > begin)
    for_each_word_by_icu (self, text, begin, end, func, user_data);
}

G_ALWAYS_INLINE static inline void
for_each_word (WenWordTokenizer *self,
               const char       *text,
               WordFunc          func,
               gpointer          user_data)
{
  gsize position = 0;

  while (text[position] != '\0')
    {
      gsize begin = position;
      gboolean is_plain = TRUE;
      gsize n_bytes;
      gunichar c = wen_utf8_read (text + position, &n_bytes);

      if (is_space (c))
        {
          position += n_bytes;
          continue;
        }
      for (; text[position] != '\0' && !is_space (c) && position + n_bytes - begin <= MAXIMUM_BYTES;
           c = wen_utf8_read (text + position, &n_bytes))
        {
          is_plain = is_plain && c < 0x80 && g_ascii_isalnum ((char) c);
          position += n_bytes;
        }
      if (self->dictionary != NULL)
        for_each_word_by_dictionary (self, text, begin, position, func, user_data);
      else if (is_plain)
        func (self, text, begin, position, user_data);
      else
        for_each_word_by_icu (self, text, begin, position, func, user_data);
    }
}

static void
count_word (WenWordTokenizer *self,
            const char       *text,
            gsize             begin,
            gsize             end,
            gpointer          user_data)
{
  wen_token_counts_add (self->words, text + begin, end - begin, 1);
}

static void
wen_word_tokenizer_count (WenTokenizer *tokenizer,
                          const char   *text)
{
  WenWordTokenizer *self = WEN_WORD_TOKENIZER (tokenizer);

  if (self->words == NULL)
    self->words = wen_token_counts_new ();
  for_each_word (self, text, count_word, NULL);
}

static void
wen_word_tokenizer_add_counts (WenTokenizer *tokenizer,
                               WenTokenizer *other)
{
  wen_token_counts_take (&WEN_WORD_TOKENIZER (tokenizer)->words, &WEN_WORD_TOKENIZER (other)->words);
}

static void
wen_word_tokenizer_set_dictionary (WenTokenizer       *tokenizer,
                                   const char *const  *words)
{
  WenWordTokenizer *self = WEN_WORD_TOKENIZER (tokenizer);

  g_clear_pointer (&self->dictionary, wen_piece_trie_free);
  if (words[0] == NULL)
    return;
  self->dictionary = wen_piece_trie_new ();
  for (guint32 i = 0; words[i] != NULL; i++)
    if (words[i][0] != '\0')
      wen_piece_trie_add (self->dictionary, words[i], i);
}

static void
wen_word_tokenizer_fit (WenTokenizer *tokenizer,
                        guint         minimum_count,
                        guint         maximum_vocabulary)
{
  WenWordTokenizer *self = WEN_WORD_TOKENIZER (tokenizer);
  g_autoptr (WenVocabulary) vocabulary = NULL;
  g_autoptr (GArray) sorted = NULL;
  g_autofree const char **tokens = NULL;
  g_autofree guint64 *counts = NULL;
  gsize n_tokens;

  if (self->words == NULL)
    self->words = wen_token_counts_new ();
  sorted = wen_token_counts_sort (self->words, minimum_count);
  n_tokens = MIN (sorted->len, MAX (maximum_vocabulary, WEN_N_SPECIAL_TOKENS) - WEN_N_SPECIAL_TOKENS);
  tokens = g_new (const char *, MAX (1, n_tokens));
  counts = g_new (guint64, MAX (1, n_tokens));
  for (gsize i = 0; i < n_tokens; i++)
    {
      tokens[i] = g_array_index (sorted, WenTokenCount, i).token;
      counts[i] = g_array_index (sorted, WenTokenCount, i).count;
    }
  vocabulary = wen_vocabulary_new (tokens, counts, n_tokens);
  wen_tokenizer_set_vocabulary (tokenizer, vocabulary);
  g_clear_pointer (&self->words, wen_token_counts_free);
}

static void
write_word (WenWordTokenizer *self,
            const char       *text,
            gsize             begin,
            gsize             end,
            gpointer          user_data)
{
  GArray *tokens = user_data;
  const WenToken token = {
    .id = wen_vocabulary_lookup (wen_tokenizer_get_vocabulary (WEN_TOKENIZER (self)), text + begin,
                                 (gssize) (end - begin)),
    .start = (guint32) begin,
    .end = (guint32) end,
  };

  g_array_append_val (tokens, token);
}

static void
wen_word_tokenizer_encode (WenTokenizer *tokenizer,
                           const char   *text,
                           GArray       *tokens)
{
  for_each_word (WEN_WORD_TOKENIZER (tokenizer), text, write_word, tokens);
}

/* Letters and digits of languages that write spaces. */
static gboolean
wants_space (gunichar c)
{
  static const GUnicodeScript without_spaces[] = {
    G_UNICODE_SCRIPT_HAN, G_UNICODE_SCRIPT_HIRAGANA, G_UNICODE_SCRIPT_KATAKANA, G_UNICODE_SCRIPT_THAI,
    G_UNICODE_SCRIPT_LAO, G_UNICODE_SCRIPT_KHMER,    G_UNICODE_SCRIPT_MYANMAR,
  };
  GUnicodeScript script = g_unichar_get_script (c);

  for (gsize i = 0; i < G_N_ELEMENTS (without_spaces); i++)
    if (script == without_spaces[i])
      return FALSE;
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/* White space is gone; a space stands where two words would else become one. */
static char *
wen_word_tokenizer_decode (WenTokenizer  *tokenizer,
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
      if (text->len > 0 && wants_space (g_utf8_get_char (g_utf8_prev_char (text->str + text->len)))
          && wants_space (g_utf8_get_char (token)))
        g_string_append_c (text, ' ');
      g_string_append (text, token);
    }
  return g_string_free (text, FALSE);
}

static void
wen_word_tokenizer_finalize (GObject *object)
{
  WenWordTokenizer *self = WEN_WORD_TOKENIZER (object);

  g_clear_pointer (&self->words, wen_token_counts_free);
  g_clear_pointer (&self->dictionary, wen_piece_trie_free);

  G_OBJECT_CLASS (wen_word_tokenizer_parent_class)->finalize (object);
}

static void
wen_word_tokenizer_class_init (WenWordTokenizerClass *klass)
{
  WenTokenizerClass *tokenizer_class = WEN_TOKENIZER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_word_tokenizer_finalize;
  tokenizer_class->count = wen_word_tokenizer_count;
  tokenizer_class->set_dictionary = wen_word_tokenizer_set_dictionary;
  tokenizer_class->add_counts = wen_word_tokenizer_add_counts;
  tokenizer_class->fit = wen_word_tokenizer_fit;
  tokenizer_class->encode = wen_word_tokenizer_encode;
  tokenizer_class->decode = wen_word_tokenizer_decode;
}

static void
wen_word_tokenizer_init (WenWordTokenizer *self)
{
}
