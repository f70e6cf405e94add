/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds the longest token that a word begins with, in one pass over its bytes.
 *
 * The tree of all tokens lies in one hash table from a node and a byte to the next
 * node: a vocabulary has some hundred thousand nodes, nearly all with one way on,
 * so arrays of 256 would take a hundred times the memory.  Immutable once all
 * tokens are in it. */

#include "config.h"

#include "wen-piece-trie-private.h"

#include "wen-number-map-private.h"

struct _WenPieceTrie
{
  WenNumberMap edges; /* a node and a byte to the next node */
  GArray      *ids;   /* of guint32, by node */
};

static inline guint32
follow (const WenPieceTrie *self,
        guint32             node,
        char                byte)
{
  return wen_number_map_find (&self->edges, (guint64) node << 8 | (guchar) byte);
}

static guint32
add_node (WenPieceTrie *self)
{
  guint32 node = self->ids->len;
  guint32 none = WEN_PIECE_TRIE_NONE;

  g_array_append_val (self->ids, none);
  return node;
}

WenPieceTrie *
wen_piece_trie_new (void)
{
  WenPieceTrie *self = g_new0 (WenPieceTrie, 1);

  wen_number_map_init (&self->edges);
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  add_node (self);
  return self;
}

void
wen_piece_trie_free (WenPieceTrie *self)
{
  wen_number_map_clear (&self->edges);
  g_array_unref (self->ids);
  g_free (self);
}

/* token: not empty, and not in it yet. */
void
wen_piece_trie_add (WenPieceTrie *self,
                    const char   *token,
                    guint32       id)
{
  guint32 node = WEN_PIECE_TRIE_ROOT;

  for (; *token != '\0'; token++)
    {
      guint32 next = follow (self, node, *token);

      if (next == WEN_NUMBER_MAP_NONE)
        {
          next = add_node (self);
          wen_number_map_insert (&self->edges, (guint64) node << 8 | (guchar) *token, next);
        }
      node = next;
    }
  g_array_index (self->ids, guint32, node) = id;
}

/* The node that the bytes lead to, or WEN_PIECE_TRIE_NONE. */
guint32
wen_piece_trie_walk (WenPieceTrie *self,
                     guint32       node,
                     const char   *bytes,
                     gsize         n_bytes)
{
  for (gsize i = 0; i < n_bytes && node != WEN_PIECE_TRIE_NONE; i++)
    node = follow (self, node, bytes[i]);
  return node;
}

/* The id of the longest token, from node on, that the bytes begin with, and how many
 * of them it takes; WEN_PIECE_TRIE_NONE where there is none. */
guint32
wen_piece_trie_find (WenPieceTrie *self,
                     guint32       node,
                     const char   *bytes,
                     gsize         n_bytes,
                     gsize        *n_found)
{
  guint32 found = WEN_PIECE_TRIE_NONE;

  *n_found = 0;
  for (gsize i = 0; i < n_bytes; i++)
    {
      guint32 id;

      node = follow (self, node, bytes[i]);
      if (node == WEN_PIECE_TRIE_NONE)
        break;
      id = g_array_index (self->ids, guint32, node);
      if (id != WEN_PIECE_TRIE_NONE)
        {
          found = id;
          *n_found = i + 1;
        }
    }
  return found;
}
