/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are characters as people see them.
 *
 * A token is a grapheme cluster: an accent stays with its letter, and the parts of
 * an emoji stay together.  A run of white space is one token, a space: English
 * needs it to tell words apart.
 *
 * Nearly all texts consist of characters that never join with a neighbour of the
 * kind, so ICU's rules, which are slow, are asked only about the few characters
 * around one that may join.  Bytes that are not UTF-8 should not come here, and do
 * no harm if they do. */

#include "config.h"

#include "wen-character-tokenizer-private.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "wen-tokenizer-private.h"
#include "wen-utf8-private.h"

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

static inline gboolean
is_space (gunichar c)
{
  return c <= ' '
         || (c >= 0x85
             && (c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029
                 || c == 0x202F || c == 0x205F || c == 0x3000));
}

/* Characters between any two of which there is a border of clusters. */
static inline gboolean
never_joins (gunichar c)
{
  return c < 0xA9 || (c > 0xAE && c < 0x300) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3001 && c <= 0x3029)
         || (c >= 0x3041 && c <= 0x3096) || (c >= 0x309B && c <= 0x30FF) || (c >= 0x2010 && c <= 0x2027)
         || (c >= 0xFF01 && c <= 0xFF9D) || (c >= 0x400 && c < 0x483) || c == WEN_UTF8_UNREADABLE || is_space (c);
}

/* Opening a break iterator is slow, so each thread keeps one. */
typedef struct
{
  UBreakIterator *breaks;
  UText           text;
} Clusters;

static void
clusters_free (gpointer data)
{
  Clusters *clusters = data;

  ubrk_close (clusters->breaks);
  utext_close (&clusters->text);
  g_free (clusters);
}

static Clusters *
get_clusters (void)
{
  static GPrivate clusters_of_thread = G_PRIVATE_INIT (clusters_free);
  Clusters *clusters = g_private_get (&clusters_of_thread);

  if (clusters == NULL)
    {
      const UText empty = UTEXT_INITIALIZER;
      UErrorCode status = U_ZERO_ERROR;

      clusters = g_new0 (Clusters, 1);
      clusters->text = empty;
      clusters->breaks = ubrk_open (UBRK_CHARACTER, "", NULL, 0, &status);
      g_private_set (&clusters_of_thread, clusters);
    }
  return clusters;
}

/* A piece of a text: a cluster, or a run of white space. */
typedef struct
{
  gsize    begin;
  gsize    end;
  gunichar character; /* where it is a single one, or ' ' for white space; else 0 */
} Piece;

/* Called for each piece of a text. */
typedef void (*PieceFunc) (WenCharacterTokenizer *self,
                           const char            *text,
                           const Piece           *piece,
                           gpointer               user_data);

/* The clusters from begin to end, by ICU's rules. */
static void
for_each_cluster (WenCharacterTokenizer *self,
                  const char            *text,
                  gsize                  begin,
                  gsize                  end,
                  PieceFunc              func,
                  gpointer               user_data)
{
  Clusters *clusters = get_clusters ();
  UErrorCode status = U_ZERO_ERROR;
  Piece piece = { .end = begin };
  int32_t cluster_end;

  utext_openUTF8 (&clusters->text, text + begin, (int64_t) (end - begin), &status);
  ubrk_setUText (clusters->breaks, &clusters->text, &status);
  while (U_SUCCESS (status) && (cluster_end = ubrk_next (clusters->breaks)) != UBRK_DONE)
    {
      gsize n_bytes;
      gunichar c;

      piece.begin = piece.end;
      piece.end = begin + (gsize) cluster_end;
      c = wen_utf8_read (text + piece.begin, &n_bytes);
      piece.character = piece.begin + n_bytes == piece.end ? c : 0;
      func (self, text, &piece, user_data);
    }
}

/* Visits the pieces of a text in order.  Inlined into its callers, with func. */
G_ALWAYS_INLINE static inline void
for_each_piece (WenCharacterTokenizer *self,
                const char            *text,
                PieceFunc              func,
                gpointer               user_data)
{
  gsize position = 0;
  gsize n_bytes;
  gunichar c = wen_utf8_read (text, &n_bytes);

  while (text[position] != '\0')
    {
      Piece piece = { .begin = position, .character = c };

      if (is_space (c))
        {
          /* Nothing joins across white space. */
          for (; text[position] != '\0' && is_space (c); c = wen_utf8_read (text + position, &n_bytes))
            position += n_bytes;
          piece.character = ' ';
          piece.end = position;
          func (self, text, &piece, user_data);
          continue;
        }

      /* Up to where a border is certain: usually a single character. */
      for (gboolean joins = TRUE; joins;)
        {
          gboolean joined = !never_joins (c);

          position += n_bytes;
          c = wen_utf8_read (text + position, &n_bytes);
          joins = text[position] != '\0' && !is_space (c) && (joined || !never_joins (c));
          if (joins || joined)
            piece.character = 0;
        }
      piece.end = position;
      if (piece.character != 0)
        func (self, text, &piece, user_data);
      else
        for_each_cluster (self, text, piece.begin, piece.end, func, user_data);
    }
}

static void
add_count (WenCharacterTokenizer *self,
           const char            *token,
           guint64                n_more)
{
  guint64 *count = g_hash_table_lookup (self->counts, token);

  if (count == NULL)
    {
      /* No vocabulary may hold what is not UTF-8. */
      if (!g_utf8_validate (token, -1, NULL))
        return;
      count = g_new0 (guint64, 1);
      g_hash_table_insert (self->counts, g_strdup (token), count);
    }
  *count += n_more;
}

G_ALWAYS_INLINE static inline void
count_piece (WenCharacterTokenizer *self,
             const char            *text,
             const Piece           *piece,
             gpointer               user_data)
{
  if (piece->character != 0 && piece->character < N_DIRECT)
    {
      self->direct_counts[piece->character]++;
    }
  else
    {
      g_autofree char *token = g_strndup (text + piece->begin, piece->end - piece->begin);

      add_count (self, token, 1);
    }
}

static void
start_counting (WenCharacterTokenizer *self)
{
  if (self->direct_counts != NULL)
    return;
  self->direct_counts = g_new0 (guint64, N_DIRECT);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
wen_character_tokenizer_count (WenTokenizer *tokenizer,
                               const char   *text)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (tokenizer);

  start_counting (self);
  for_each_piece (self, text, count_piece, NULL);
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
wen_character_tokenizer_add_counts (WenTokenizer *tokenizer,
                                    WenTokenizer *other_tokenizer)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (tokenizer);
  WenCharacterTokenizer *other = WEN_CHARACTER_TOKENIZER (other_tokenizer);
  GHashTableIter iter;
  gpointer token;
  gpointer count;

  if (other->direct_counts == NULL)
    return;
  start_counting (self);
  for (gunichar c = 0; c < N_DIRECT; c++)
    self->direct_counts[c] += other->direct_counts[c];
  g_hash_table_iter_init (&iter, other->counts);
  while (g_hash_table_iter_next (&iter, &token, &count))
    add_count (self, token, *(guint64 *) count);
  clear_counts (other);
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
        self->direct_ids[c] = wen_vocabulary_get_unk_id (vocabulary);
      for (guint id = WEN_N_SPECIAL_TOKENS; id < wen_vocabulary_get_size (vocabulary); id++)
        {
          const char *token = wen_vocabulary_get_token (vocabulary, id);
          gsize n_bytes;
          gunichar c = wen_utf8_read (token, &n_bytes);

          if (c < N_DIRECT && token[n_bytes] == '\0')
            self->direct_ids[c] = id;
        }
      g_once_init_leave (&self->has_direct_ids, 1);
    }
}

typedef struct
{
  WenVocabulary *vocabulary;
  GArray        *tokens;     /* as long as there is room for */
  guint          n_tokens;   /* as many are written */
} Writer;

G_ALWAYS_INLINE static inline void
write_piece (WenCharacterTokenizer *self,
             const char            *text,
             const Piece           *piece,
             gpointer               user_data)
{
  Writer *writer = user_data;
  WenToken *token;

  if (writer->n_tokens == writer->tokens->len)
    g_array_set_size (writer->tokens, MAX (64, 2 * writer->n_tokens));
  token = &g_array_index (writer->tokens, WenToken, writer->n_tokens++);
  token->start = (guint32) piece->begin;
  token->end = (guint32) piece->end;
  if (piece->character != 0 && piece->character < N_DIRECT)
    token->id = self->direct_ids[piece->character];
  else
    token->id = wen_vocabulary_lookup (writer->vocabulary, text + piece->begin, (gssize) (piece->end - piece->begin));
}

static void
wen_character_tokenizer_encode (WenTokenizer *tokenizer,
                                const char   *text,
                                GArray       *tokens)
{
  WenCharacterTokenizer *self = WEN_CHARACTER_TOKENIZER (tokenizer);
  Writer writer = {
    .vocabulary = wen_tokenizer_get_vocabulary (tokenizer),
    .tokens = tokens,
    .n_tokens = tokens->len,
  };

  ensure_direct_ids (self);
  for_each_piece (self, text, write_piece, &writer);
  g_array_set_size (tokens, writer.n_tokens);
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
  tokenizer_class->add_counts = wen_character_tokenizer_add_counts;
  tokenizer_class->fit = wen_character_tokenizer_fit;
  tokenizer_class->encode = wen_character_tokenizer_encode;
}

static void
wen_character_tokenizer_init (WenCharacterTokenizer *self)
{
}
