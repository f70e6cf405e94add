/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Words as BERT cuts them, before they are cut into pieces: no control characters,
 * ideographs and punctuation marks apart, and, for the models that know no capital
 * letters, lower case without accents.
 *
 * What becomes of a character depends on nothing but itself, so it is worked out
 * once for each of the commonest 65,536.
 *
 * Source: Devlin et al. 2019, and the tokenizer published with it. */

#include "config.h"

#include "wen-bert-words-private.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "wen-utf8-private.h"

#define N_DIRECT 0x10000
/* Canonical decompositions are no longer. */
#define MAXIMUM_DECOMPOSITION 8

typedef enum
{
  KIND_WORD,   /* part of a word */
  KIND_ALONE,  /* a word of its own */
  KIND_SPACE,
  KIND_NONE,   /* left out, as if it were not there */
  KIND_MARK,   /* an accent, left out in lower case */
  KIND_SLOW,   /* becomes several characters, or another kind of character */
} Kind;

typedef struct
{
  guint8  kinds[N_DIRECT];
  guint16 lower[N_DIRECT]; /* lower case without accents, of KIND_WORD and KIND_ALONE */
} CharacterTable;

static gboolean
is_ideograph (gunichar c)
{
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF)
         || (c >= 0x2A700 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

static gboolean
is_punctuation (gunichar c)
{
  return (c < 0x80 && g_ascii_ispunct ((char) c)) || u_ispunct ((UChar32) c);
}

/* What a character is as it stands. */
static Kind
get_kind (gunichar c)
{
  if (c == '\t' || c == '\n' || c == '\r' || (U_GET_GC_MASK ((UChar32) c) & U_GC_Z_MASK) != 0)
    return KIND_SPACE;
  if (c == WEN_UTF8_UNREADABLE || (U_GET_GC_MASK ((UChar32) c) & (U_GC_CC_MASK | U_GC_CF_MASK)) != 0)
    return KIND_NONE;
  if (is_ideograph (c) || is_punctuation (c))
    return KIND_ALONE;
  return KIND_WORD;
}

/* The characters that are left of one in lower case without accents. */
static gsize
simplify (gunichar c,
          gunichar simple[MAXIMUM_DECOMPOSITION])
{
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *normalizer = unorm2_getNFDInstance (&status);
  UChar units[2 * MAXIMUM_DECOMPOSITION];
  int32_t n_units = -1;
  gsize n_simple = 0;

  if (U_SUCCESS (status))
    n_units = unorm2_getDecomposition (normalizer, (UChar32) c, units, G_N_ELEMENTS (units), &status);
  if (n_units < 0 || U_FAILURE (status))
    {
      n_units = 0;
      U16_APPEND_UNSAFE (units, n_units, c);
    }
  for (int32_t i = 0; i < n_units && n_simple < MAXIMUM_DECOMPOSITION;)
    {
      UChar32 part;

      U16_NEXT (units, i, n_units, part);
      if (u_charType (part) != U_NON_SPACING_MARK)
        simple[n_simple++] = (gunichar) u_tolower (part);
    }
  return n_simple;
}

static const CharacterTable *
get_table (void)
{
  static CharacterTable *table;

  if (g_once_init_enter (&table))
    {
      CharacterTable *made = g_new0 (CharacterTable, 1);

      for (gunichar c = 0; c < N_DIRECT; c++)
        {
          Kind kind = get_kind (c);
          gunichar simple[MAXIMUM_DECOMPOSITION];
          gsize n_simple = simplify (c, simple);

          if (kind == KIND_WORD || kind == KIND_ALONE)
            {
              if (n_simple == 0)
                kind = KIND_MARK;
              else if (n_simple > 1 || simple[0] >= N_DIRECT || is_punctuation (simple[0]) != is_punctuation (c))
                kind = KIND_SLOW;
              else
                made->lower[c] = (guint16) simple[0];
            }
          made->kinds[c] = (guint8) kind;
        }
      g_once_init_leave (&table, made);
    }
  return table;
}

typedef struct
{
  WenBertWord     word;
  WenBertWordFunc func;
  gpointer        user_data;
} Words;

static inline void
end_word (Words *words)
{
  if (words->word.n_characters == 0)
    return;
  words->word.bytes[words->word.n_bytes] = '\0';
  words->func (&words->word, words->user_data);
  words->word.n_characters = 0;
  words->word.n_bytes = 0;
}

/* Adds a character that stands for the bytes of the text from start to end. */
static inline void
add_character (Words   *words,
               gunichar c,
               guint32  start,
               guint32  end)
{
  WenBertWord *word = &words->word;

  if (word->n_characters == 0)
    word->start = start;
  word->end = end;
  if (word->n_characters++ >= WEN_BERT_MAXIMUM_CHARACTERS)
    return;
  if (c < 0x80)
    {
      word->bytes[word->n_bytes] = (char) c;
      word->starts[word->n_bytes] = start;
      word->ends[word->n_bytes++] = end;
    }
  else
    {
      guint n_bytes = (guint) g_unichar_to_utf8 (c, word->bytes + word->n_bytes);

      for (guint i = 0; i < n_bytes; i++)
        {
          word->starts[word->n_bytes + i] = start;
          word->ends[word->n_bytes + i] = end;
        }
      word->n_bytes += n_bytes;
    }
}

static inline void
add_alone (Words   *words,
           gunichar c,
           guint32  start,
           guint32  end)
{
  end_word (words);
  add_character (words, c, start, end);
  end_word (words);
}

/* An accent is no part of what is looked up, but of the letter before it. */
static void
extend_character (Words  *words,
                  guint32 start,
                  guint32 end)
{
  WenBertWord *word = &words->word;

  if (word->n_characters == 0 || word->end != start)
    return;
  word->end = end;
  for (guint i = word->n_bytes; i > 0 && word->ends[i - 1] == start; i--)
    word->ends[i - 1] = end;
}

static void
add_simplified (Words   *words,
                gunichar c,
                Kind     kind,
                guint32  start,
                guint32  end)
{
  gunichar simple[MAXIMUM_DECOMPOSITION];
  gsize n_simple = simplify (c, simple);

  if (n_simple == 0)
    extend_character (words, start, end);
  for (gsize i = 0; i < n_simple; i++)
    if (kind == KIND_ALONE || is_punctuation (simple[i]))
      add_alone (words, simple[i], start, end);
    else
      add_character (words, simple[i], start, end);
}

/* Calls func for each word of a text, in order. */
void
wen_bert_for_each_word (const char      *text,
                        gboolean         lower_case,
                        WenBertWordFunc  func,
                        gpointer         user_data)
{
  const CharacterTable *table = get_table ();
  Words words;
  gsize position = 0;

  words.word.n_characters = 0;
  words.word.n_bytes = 0;
  words.func = func;
  words.user_data = user_data;

  while (text[position] != '\0')
    {
      gsize n_bytes;
      gunichar c = wen_utf8_read (text + position, &n_bytes);
      guint32 start = (guint32) position;
      guint32 end = (guint32) (position + n_bytes);
      Kind kind = c < N_DIRECT ? (Kind) table->kinds[c] : KIND_SLOW;

      position += n_bytes;
      if (kind == KIND_SLOW || (kind == KIND_MARK && !lower_case))
        {
          kind = get_kind (c);
          if (lower_case && (kind == KIND_WORD || kind == KIND_ALONE))
            {
              add_simplified (&words, c, kind, start, end);
              continue;
            }
        }
      else if (lower_case && (kind == KIND_WORD || kind == KIND_ALONE))
        {
          c = table->lower[c];
        }

      switch (kind)
        {
        case KIND_WORD:
          add_character (&words, c, start, end);
          break;
        case KIND_ALONE:
          add_alone (&words, c, start, end);
          break;
        case KIND_SPACE:
          end_word (&words);
          break;
        case KIND_MARK:
          extend_character (&words, start, end);
          break;
        case KIND_NONE:
        case KIND_SLOW:
        default:
          break;
        }
    }
  end_word (&words);
}
