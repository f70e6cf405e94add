/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds the longest token that a word begins with. */

#pragma once

#include <glib.h>

typedef struct _WenPieceTrie WenPieceTrie;

#define WEN_PIECE_TRIE_ROOT 0
/* No token, or no way on. */
#define WEN_PIECE_TRIE_NONE G_MAXUINT32

WenPieceTrie *wen_piece_trie_new  (void);
void          wen_piece_trie_free (WenPieceTrie *self);
void          wen_piece_trie_add  (WenPieceTrie *self,
                                   const char   *token,
                                   guint32       id);
guint32       wen_piece_trie_walk (WenPieceTrie *self,
                                   guint32       node,
                                   const char   *bytes,
                                   gsize         n_bytes);
guint32       wen_piece_trie_find (WenPieceTrie *self,
                                   guint32       node,
                                   const char   *bytes,
                                   gsize         n_bytes,
                                   gsize        *n_found);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenPieceTrie, wen_piece_trie_free)
