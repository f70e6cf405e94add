/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Learns which pieces words are made of, by joining the commonest pair of pieces
 * again and again.
 *
 * DESIGN: pairs are counted once; each joining then changes only the counts of the
 * pairs beside it, in the words that are known to hold it.  A heap gives the
 * commonest pair.  Its entries are not changed when a count falls: one that no longer
 * tells the truth is put back with the count it has now.  Equally common pairs are
 * joined in the order of their pieces' numbers, so the result is always the same.
 *
 * Source: Sennrich et al. 2016, section 3.2. */

#include "config.h"

#include "wen-piece-trainer-private.h"

#include <string.h>

#include "wen-number-map-private.h"

#define NO_OCCURRENCE G_MAXUINT32

typedef struct
{
  gsize   begin; /* in symbols */
  gsize   length;
  guint64 count;
} Word;

typedef struct
{
  guint32  left;
  guint32  right;
  guint64  count;
  guint32  last_occurrence;
  guint    has_grown : 1;
  guint    is_joined : 1; /* once; it may come up again where another pair became one of its pieces */
} Pair;

/* A word that holds, or once held, a pair. */
typedef struct
{
  guint32 word;
  guint32 previous; /* of the same pair, or NO_OCCURRENCE */
} Occurrence;

typedef struct
{
  guint64 count;
  guint32 pair;
} HeapEntry;

struct _WenPieceTrainer
{
  GPtrArray    *pieces;      /* of strings, by number */
  GHashTable   *numbers;     /* string, borrowed, to its number and one more */
  GHashTable   *reserved;    /* strings that no piece may be */
  GArray       *symbols;     /* of guint32, word by word */
  GArray       *words;       /* of Word */
  GArray       *merges;      /* of WenMerge */

  WenNumberMap  pair_map;    /* left << 32 | right to the index in pairs */
  GArray       *pairs;       /* of Pair */
  GArray       *occurrences; /* of Occurrence */
  GArray       *heap;        /* of HeapEntry */
  GArray       *grown;       /* of guint32: pairs that are to be put into the heap */
};

WenPieceTrainer *
wen_piece_trainer_new (void)
{
  WenPieceTrainer *self = g_new0 (WenPieceTrainer, 1);

  self->pieces = g_ptr_array_new_with_free_func (g_free);
  self->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->reserved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->symbols = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  self->merges = g_array_new (FALSE, FALSE, sizeof (WenMerge));
  wen_number_map_init (&self->pair_map);
  self->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  self->occurrences = g_array_new (FALSE, FALSE, sizeof (Occurrence));
  self->heap = g_array_new (FALSE, FALSE, sizeof (HeapEntry));
  self->grown = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
wen_piece_trainer_free (WenPieceTrainer *self)
{
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->reserved);
  g_ptr_array_unref (self->pieces);
  g_array_unref (self->symbols);
  g_array_unref (self->words);
  g_array_unref (self->merges);
  wen_number_map_clear (&self->pair_map);
  g_array_unref (self->pairs);
  g_array_unref (self->occurrences);
  g_array_unref (self->heap);
  g_array_unref (self->grown);
  g_free (self);
}

/* The number of a piece, or WEN_PIECE_NONE. */
guint32
wen_piece_trainer_find_piece (WenPieceTrainer *self,
                              const char      *piece)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, piece));

  return number > 0 ? number - 1 : WEN_PIECE_NONE;
}

/* Adds a piece to begin with, such as a letter.  Pieces are numbered from 0. */
guint32
wen_piece_trainer_add_piece (WenPieceTrainer *self,
                             const char      *piece)
{
  guint32 number = wen_piece_trainer_find_piece (self, piece);
  char *copy;

  if (number != WEN_PIECE_NONE)
    return number;
  copy = g_strdup (piece);
  g_ptr_array_add (self->pieces, copy);
  g_hash_table_insert (self->numbers, copy, GUINT_TO_POINTER (self->pieces->len));
  return self->pieces->len - 1;
}

/* No piece may become this: it means something else. */
void
wen_piece_trainer_reserve (WenPieceTrainer *self,
                           const char      *piece)
{
  g_hash_table_add (self->reserved, g_strdup (piece));
}

void
wen_piece_trainer_add_word (WenPieceTrainer *self,
                            const guint32   *pieces,
                            gsize            n_pieces,
                            guint64          count)
{
  Word word = { .begin = self->symbols->len, .length = n_pieces, .count = count };

  g_array_append_vals (self->symbols, pieces, (guint) n_pieces);
  g_array_append_val (self->words, word);
}

static inline gboolean
is_before (HeapEntry   a,
           HeapEntry   b,
           const Pair *pairs)
{
  if (a.count != b.count)
    return a.count > b.count;
  if (pairs[a.pair].left != pairs[b.pair].left)
    return pairs[a.pair].left < pairs[b.pair].left;
  return pairs[a.pair].right < pairs[b.pair].right;
}

static void
push (WenPieceTrainer *self,
      guint32          pair)
{
  const Pair *pairs = (const Pair *) (gconstpointer) self->pairs->data;
  HeapEntry entry = { .count = pairs[pair].count, .pair = pair };
  HeapEntry *heap;
  guint i = self->heap->len;

  g_array_append_val (self->heap, entry);
  heap = (HeapEntry *) (gpointer) self->heap->data;
  for (; i > 0 && is_before (entry, heap[(i - 1) / 2], pairs); i = (i - 1) / 2)
    heap[i] = heap[(i - 1) / 2];
  heap[i] = entry;
}

static HeapEntry
pop (WenPieceTrainer *self)
{
  const Pair *pairs = (const Pair *) (gconstpointer) self->pairs->data;
  HeapEntry *heap = (HeapEntry *) (gpointer) self->heap->data;
  HeapEntry first = heap[0];
  guint n = self->heap->len - 1;
  HeapEntry entry = heap[n];
  guint i = 0;

  g_array_set_size (self->heap, n);
  while (2 * i + 1 < n)
    {
      guint child = 2 * i + 1;

      if (child + 1 < n && is_before (heap[child + 1], heap[child], pairs))
        child++;
      if (!is_before (heap[child], entry, pairs))
        break;
      heap[i] = heap[child];
      i = child;
    }
  if (n > 0)
    heap[i] = entry;
  return first;
}

static Pair *
get_pair (WenPieceTrainer *self,
          guint32          index)
{
  return &g_array_index (self->pairs, Pair, index);
}

/* Counts one more occurrence of a pair, in a word. */
static void
add_occurrence (WenPieceTrainer *self,
                guint32          left,
                guint32          right,
                guint32          word)
{
  guint64 key = (guint64) left << 32 | right;
  guint32 index;
  Pair *pair;

  if (left == WEN_PIECE_NONE || right == WEN_PIECE_NONE)
    return;
  index = wen_number_map_find (&self->pair_map, key);
  if (index == WEN_NUMBER_MAP_NONE)
    {
      const Pair new_pair = { .left = left, .right = right, .last_occurrence = NO_OCCURRENCE };

      index = self->pairs->len;
      g_array_append_val (self->pairs, new_pair);
      wen_number_map_insert (&self->pair_map, key, index);
    }
  pair = get_pair (self, index);
  pair->count += g_array_index (self->words, Word, word).count;
  if (!pair->has_grown)
    {
      pair->has_grown = TRUE;
      g_array_append_val (self->grown, index);
    }
  if (pair->last_occurrence == NO_OCCURRENCE
      || g_array_index (self->occurrences, Occurrence, pair->last_occurrence).word != word)
    {
      const Occurrence occurrence = { .word = word, .previous = pair->last_occurrence };

      pair->last_occurrence = self->occurrences->len;
      g_array_append_val (self->occurrences, occurrence);
    }
}

static void
remove_occurrence (WenPieceTrainer *self,
                   guint32          left,
                   guint32          right,
                   guint64          count)
{
  guint32 index;

  if (left == WEN_PIECE_NONE || right == WEN_PIECE_NONE)
    return;
  index = wen_number_map_find (&self->pair_map, (guint64) left << 32 | right);
  g_assert (index != WEN_NUMBER_MAP_NONE);
  get_pair (self, index)->count -= count;
}

static void
push_grown (WenPieceTrainer *self,
            guint64          minimum_count)
{
  for (guint i = 0; i < self->grown->len; i++)
    {
      guint32 index = g_array_index (self->grown, guint32, i);
      Pair *pair = get_pair (self, index);

      pair->has_grown = FALSE;
      if (pair->count >= minimum_count)
        push (self, index);
    }
  g_array_set_size (self->grown, 0);
}

/* Joins a pair wherever a word holds it, from left to right. */
static void
join_in_word (WenPieceTrainer *self,
              guint32          word_index,
              WenMerge         merge)
{
  Word *word = &g_array_index (self->words, Word, word_index);
  guint32 *symbols = &g_array_index (self->symbols, guint32, word->begin);
  gsize n_kept = 0;

  for (gsize i = 0; i < word->length; i++)
    {
      if (i + 1 < word->length && symbols[i] == merge.left && symbols[i + 1] == merge.right)
        {
          remove_occurrence (self, merge.left, merge.right, word->count);
          if (n_kept > 0)
            {
              remove_occurrence (self, symbols[n_kept - 1], merge.left, word->count);
              add_occurrence (self, symbols[n_kept - 1], merge.joined, word_index);
            }
          if (i + 2 < word->length)
            {
              remove_occurrence (self, merge.right, symbols[i + 2], word->count);
              add_occurrence (self, merge.joined, symbols[i + 2], word_index);
            }
          symbols[n_kept++] = merge.joined;
          i++;
        }
      else
        {
          symbols[n_kept++] = symbols[i];
        }
    }
  word->length = n_kept;
}

static void
join (WenPieceTrainer *self,
      WenMerge         merge,
      guint32          last_occurrence)
{
  while (last_occurrence != NO_OCCURRENCE)
    {
      Occurrence occurrence = g_array_index (self->occurrences, Occurrence, last_occurrence);

      join_in_word (self, occurrence.word, merge);
      last_occurrence = occurrence.previous;
    }
}

/* What two pieces become: the prefix of one that continues a word is left out within. */
static char *
join_strings (const char *left,
              const char *right,
              const char *continuing_prefix)
{
  if (g_str_has_prefix (right, continuing_prefix))
    right += strlen (continuing_prefix);
  return g_strconcat (left, right, NULL);
}

/* Joins pairs that occur often enough until there are as many pieces as may be.  Run
 * once, after all words are in. */
void
wen_piece_trainer_run (WenPieceTrainer *self,
                       const char      *continuing_prefix,
                       gsize            maximum_pieces,
                       guint64          minimum_count)
{
  for (guint32 i = 0; i < self->words->len; i++)
    {
      Word word = g_array_index (self->words, Word, i);

      for (gsize k = word.begin; k + 1 < word.begin + word.length; k++)
        add_occurrence (self, g_array_index (self->symbols, guint32, k),
                        g_array_index (self->symbols, guint32, k + 1), i);
    }
  push_grown (self, minimum_count);

  while (self->pieces->len < maximum_pieces && self->heap->len > 0)
    {
      HeapEntry entry = pop (self);
      Pair pair = *get_pair (self, entry.pair);
      g_autofree char *joined = NULL;
      WenMerge merge;

      if (entry.count != pair.count)
        {
          /* Where it grew, it was put in again with its greater count. */
          if (entry.count > pair.count && pair.count >= minimum_count)
            push (self, entry.pair);
          continue;
        }
      joined = join_strings (g_ptr_array_index (self->pieces, pair.left),
                             g_ptr_array_index (self->pieces, pair.right), continuing_prefix);
      if (g_hash_table_contains (self->reserved, joined))
        continue;
      merge = (WenMerge) {
        .left = pair.left,
        .right = pair.right,
        .joined = wen_piece_trainer_add_piece (self, joined),
      };
      if (!pair.is_joined)
        g_array_append_val (self->merges, merge);
      get_pair (self, entry.pair)->is_joined = TRUE;
      join (self, merge, pair.last_occurrence);
      push_grown (self, minimum_count);
    }
}

/* (transfer none) (element-type utf8): those to begin with, then the joined ones in order. */
GPtrArray *
wen_piece_trainer_get_pieces (WenPieceTrainer *self)
{
  return self->pieces;
}

/* (transfer none) (element-type WenMerge): in the order in which they are to be done. */
GArray *
wen_piece_trainer_get_merges (WenPieceTrainer *self)
{
  return self->merges;
}

/* How often each piece stands in the words now.  (transfer full) */
guint64 *
wen_piece_trainer_dup_counts (WenPieceTrainer *self)
{
  guint64 *counts = g_new0 (guint64, MAX (1, self->pieces->len));

  for (guint i = 0; i < self->words->len; i++)
    {
      Word word = g_array_index (self->words, Word, i);

      for (gsize k = word.begin; k < word.begin + word.length; k++)
        {
          guint32 piece = g_array_index (self->symbols, guint32, k);

          if (piece != WEN_PIECE_NONE)
            counts[piece] += word.count;
        }
    }
  return counts;
}
