/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are characters as people see them.
 *
 * A token is a grapheme cluster: an accent stays with its letter, and the parts of
 * an emoji stay together.  A run of white space is one token, a space: English
 * needs it to tell words apart.
 *
 * Nearly all texts consist of characters that never join with a neighbour, so
 * ICU's rules, which are slow, are asked only where one that may join turns up. */

#include "config.h"

#include "wen-character-tokenizer-private.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "wen-tokenizer-private.h"

/* Code points that are looked up in an array instead of the hash table. */
#define N_DIRECT 0x10000

struct _WenCharacterTokenizer
{
  WenTokenizer  parent_instance;

  guint64      *direct_counts; /* [N_DIRECT], of single code points; NULL when not counting */
  GHashTable   *counts;        /* of all other tokens: string to guint64 */

  guint32      *direct_ids;    /* [N_DIRECT]; NULL until it is first needed */
  gsize         has_direct_ids;
};

G_DEFINE_FINAL_TYPE (WenCharacterTokenizer, wen_character_tokenizer, WEN_TYPE_TOKENIZER)

/* Called for each token of a text, from begin to just before end. */
typedef void (*TokenFunc) (WenCharacterTokenizer *self,
                           const char            *text,
                           gsize                  begin,
                           gsize                  end,
                           gpointer               user_data);

static inline gboolean
is_space (gunichar c)
{
  return c <= ' ' || c == 0xA0 || c == 0x3000 || c == 0x85 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028
         || c == 0x2029;
}

/* Characters that are clusters by themselves, whatever stands beside them that is
 * of this kind too. */
static inline gboolean
never_joins (gunichar c)
{
  return c < 0xA9 || (c > 0xAE && c < 0x300) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3001 && c <= 0x3029)
         || (c >= 0x3041 && c <= 0x3096) || (c >= 0x309B && c <= 0x30FF) || (c >= 0x2010 && c <= 0x2027)
         || (c >= 0xFF01 && c <= 0xFF9D) || (c >= 0x400 && c < 0x483);
}

/* Opening a break iterator is slow, a clone of one is not. */
static UBreakIterator *
open_character_breaks (UErrorCode *status)
{
  static gsize original = 0;

  if (g_once_init_enter (&original))
    {
      UErrorCode open_status = U_ZERO_ERROR;

      g_once_init_leave (&original, (gsize) ubrk_open (UBRK_CHARACTER, "", NULL, 0, &open_status));
    }
  return ubrk_clone ((const UBreakIterator *) original, status);
}

/* Ends of the clusters from begin to end, by ICU's rules. */
static void
for_each_cluster (WenCharacterTokenizer *self,
                  const char            *text,
                  gsize                  begin,
                  gsize                  end,
                  TokenFunc              func,
                  gpointer               user_data)
{
  UErrorCode status = U_ZERO_ERROR;
  UText *utext = utext_openUTF8 (NULL, text + begin, (int64_t) (end - begin), &status);
  UBreakIterator *breaks = open_character_breaks (&status);
  int32_t cluster_begin = 0;
  int32_t cluster_end;

  ubrk_setUText (breaks, utext, &status);
  while (U_SUCCESS (status) && (cluster_end = ubrk_next (breaks)) != UBRK_DONE)
    {
      func (self, text, begin + (gsize) cluster_begin, begin + (gsize) cluster_end, user_data);
      cluster_begin = cluster_end;
    }
  ubrk_close (breaks);
  utext_close (utext);
}

/* Visits the tokens of a text in order.  White space is a border that nothing
 * joins across, so ICU is asked about one piece between spaces at a time. */
static void
for_each_token (WenCharacterTokenizer *self,
                const char            *text,
                TokenFunc              func,
                gpointer               user_data)
{
  const char *p = text;

  while (*p != '\0')
    {
      const char *piece = p;
      gboolean joins = FALSE;

      while (*p != '\0' && is_space (g_utf8_get_char (p)))
        p = g_utf8_next_char (p);
      if (p > piece)
        func (self, text, piece - text, p - text, user_data);

      for (piece = p; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          if (is_space (c))
            break;
          joins |= !never_joins (c);
        }
      if (joins)
        {
          for_each_cluster (self, text, piece - text, p - text, func, user_data);
          continue;
        }
      while (piece < p)
        {
          const char *next = g_utf8_next_char (piece);

          func (self, text, piece - text, next - text, user_data);
          piece = next;
        }
    }
}

/* The code point, where the token is a single one that the arrays cover; else 0. */
static inline gunichar
get_direct (const char *text,
            gsize       begin,
            gsize       end)
{
  gunichar c = g_utf8_get_char (text + begin);

  if (is_space (c))
    return ' ';
  return c < N_DIRECT && (gsize) (g_utf8_next_char (text + begin) - text) == end ? c : 0;
}

static void
count_token (WenCharacterTokenizer *self,
             const char            *text,
             gsize                  begin,
             gsize                  end,
             gpointer               user_data)
{
  gunichar direct = get_direct (text, begin, end);

  if (direct != 0)
    {
      self->direct_counts[direct]++;
    }
  else
    {
      g_autofree char *token = g_strndup (text + begin, end - begin);
      guint64 *count = g_hash_table_lookup (self->counts, token);

      if (count == NULL)
        {
          count = g_new0 (guint64, 1);
          g_hash_table_insert (self->counts, g_steal_pointer (&token), count);
        }
      (*count)++;
    }
}

static void
wen_character_tokenizer_count (WenTokenizer *tokenizer,
                               const char   *text)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (tokenizer);

  if (self->direct_counts == NULL)
    {
      self->direct_counts = g_new0 (guint64, N_DIRECT);
      self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    }
  for_each_token (self, text, count_token, NULL);
}

typedef struct
{
  char    token[8]; /* where it is short; else text is set */
  char   *text;     /* borrowed from the counts */
  guint64 count;
} Counted;

static const char *
get_token (const Counted *counted)
{
  return counted->text != NULL ? counted->text : counted->token;
}

/* UTF-8 sorts as its code points do. */
static int
compare_counted (gconstpointer a,
                 gconstpointer b)
{
  const Counted *left = a;
  const Counted *right = b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;
  return strcmp (get_token (left), get_token (right));
}

static void
collect_counted (WenCharacterTokenizer *self,
                 guint                  minimum_count,
                 GArray                *all)
{
  GHashTableIter iter;
  gpointer token;
  gpointer count;

  for (gunichar c = 1; c < N_DIRECT; c++)
    if (self->direct_counts[c] >= MAX (1, minimum_count))
      {
        Counted counted = { .count = self->direct_counts[c] };

        g_unichar_to_utf8 (c, counted.token);
        g_array_append_val (all, counted);
      }
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &token, &count))
    if (*(guint64 *) count >= minimum_count)
      {
        Counted counted = { .text = token, .count = *(guint64 *) count };

        g_array_append_val (all, counted);
      }
}

static void
clear_counts (WenCharacterTokenizer *self)
{
  g_clear_pointer (&self->direct_counts, g_free);
  g_clear_pointer (&self->counts, g_hash_table_unref);
}

static void
wen_character_tokenizer_fit (WenTokenizer *tokenizer,
                             guint         minimum_count,
                             guint         maximum_vocabulary)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (tokenizer);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Counted));
  g_autoptr (WenVocabulary) vocabulary = NULL;
  g_autofree const char **tokens = NULL;
  g_autofree guint64 *counts = NULL;
  gsize n_tokens;

  if (self->direct_counts != NULL)
    collect_counted (self, minimum_count, all);
  g_array_sort (all, compare_counted);

  n_tokens = MIN (all->len, MAX (maximum_vocabulary, WEN_N_SPECIAL_TOKENS) - WEN_N_SPECIAL_TOKENS);
  tokens = g_new (const char *, MAX (1, n_tokens));
  counts = g_new (guint64, MAX (1, n_tokens));
  for (gsize i = 0; i < n_tokens; i++)
    {
      const Counted *counted = &g_array_index (all, Counted, i);

      tokens[i] = get_token (counted);
      counts[i] = counted->count;
    }
  vocabulary = wen_vocabulary_new (tokens, counts, n_tokens);
  wen_tokenizer_set_vocabulary (tokenizer, vocabulary);
  clear_counts (self);
  g_clear_pointer (&self->direct_ids, g_free);
  self->has_direct_ids = 0;
}

/* Numbers of all single code points, made once for the vocabulary in use. */
static void
ensure_direct_ids (WenCharacterTokenizer *self)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (WEN_TOKENIZER (self));

  if (g_once_init_enter (&self->has_direct_ids))
    {
      self->direct_ids = g_new (guint32, N_DIRECT);
      for (gunichar c = 0; c < N_DIRECT; c++)
        self->direct_ids[c] = WEN_TOKEN_UNK;
      for (guint id = WEN_N_SPECIAL_TOKENS; id < wen_vocabulary_get_size (vocabulary); id++)
        {
          const char *token = wen_vocabulary_get_token (vocabulary, id);
          gunichar direct = get_direct (token, 0, strlen (token));

          if (direct != 0)
            self->direct_ids[direct] = id;
        }
      g_once_init_leave (&self->has_direct_ids, 1);
    }
}

static void
append_token (WenCharacterTokenizer *self,
              const char            *text,
              gsize                  begin,
              gsize                  end,
              gpointer               user_data)
{
  gunichar direct = get_direct (text, begin, end);
  WenToken token = { .start = (guint32) begin, .end = (guint32) end };

  if (direct != 0)
    token.id = self->direct_ids[direct];
  else
    token.id = wen_vocabulary_lookup (wen_tokenizer_get_vocabulary (WEN_TOKENIZER (self)), text + begin,
                                      (gssize) (end - begin));
  g_array_append_val ((GArray *) user_data, token);
}

static void
wen_character_tokenizer_encode (WenTokenizer *tokenizer,
                                const char   *text,
                                GArray       *tokens)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (tokenizer);

  ensure_direct_ids (self);
  for_each_token (self, text, append_token, tokens);
}

static void
wen_character_tokenizer_finalize (GObject *object)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (object);

  clear_counts (self);
  g_clear_pointer (&self->direct_ids, g_free);

  G_OBJECT_CLASS (wen_character_tokenizer_parent_class)->finalize (object);
}

static void
wen_character_tokenizer_class_init (WenCharacterTokenizerClass *klass)
{
  WenTokenizerClass *tokenizer_class = WEN_TOKENIZER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = wen_character_tokenizer_finalize;
  tokenizer_class->count = wen_character_tokenizer_count;
  tokenizer_class->fit = wen_character_tokenizer_fit;
  tokenizer_class->encode = wen_character_tokenizer_encode;
}

static void
wen_character_tokenizer_init (WenCharacterTokenizer *self)
{
}
