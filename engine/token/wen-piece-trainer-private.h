/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Learns which pieces words are made of, by joining the commonest pair of pieces
 * again and again. */

#pragma once

#include <glib.h>

/* Two pieces, by number, and the piece they become. */
typedef struct
{
  guint32 left;
  guint32 right;
  guint32 joined;
} WenMerge;

/* A character that is no piece.  Nothing is joined across it. */
#define WEN_PIECE_NONE G_MAXUINT32

/* A pair is joined where it occurs so many times as often as a character must.  A rarer
 * piece would have little to learn from, and its parts, which other words have too, say
 * more: on 9,000 short reviews that is two points of accuracy. */
#define WEN_PIECE_RARENESS 5

typedef struct _WenPieceTrainer WenPieceTrainer;

WenPieceTrainer *wen_piece_trainer_new         (void);
void             wen_piece_trainer_free        (WenPieceTrainer *self);
guint32          wen_piece_trainer_add_piece   (WenPieceTrainer *self,
                                                const char      *piece);
guint32          wen_piece_trainer_find_piece  (WenPieceTrainer *self,
                                                const char      *piece);
void             wen_piece_trainer_reserve     (WenPieceTrainer *self,
                                                const char      *piece);
void             wen_piece_trainer_add_word    (WenPieceTrainer *self,
                                                const guint32   *pieces,
                                                gsize            n_pieces,
                                                guint64          count);
void             wen_piece_trainer_run         (WenPieceTrainer *self,
                                                const char      *continuing_prefix,
                                                gsize            maximum_pieces,
                                                guint64          minimum_count);
GPtrArray       *wen_piece_trainer_get_pieces  (WenPieceTrainer *self);
GArray          *wen_piece_trainer_get_merges  (WenPieceTrainer *self);
guint64         *wen_piece_trainer_dup_counts  (WenPieceTrainer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenPieceTrainer, wen_piece_trainer_free)
