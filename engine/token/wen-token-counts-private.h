/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How often each of many strings occurs. */

#pragma once

#include <glib.h>

#include "wen-vocabulary.h"

typedef struct
{
  const char *token;
  guint64     count;
} WenTokenCount;

typedef struct _WenTokenCounts WenTokenCounts;

WenTokenCounts *wen_token_counts_new  (void);
void            wen_token_counts_free (WenTokenCounts *self);
void            wen_token_counts_add  (WenTokenCounts *self,
                                       const char     *token,
                                       gsize           n_bytes,
                                       guint64         count);
/* Moves all counts of another one, either of which may be NULL. */
void            wen_token_counts_take (WenTokenCounts **self,
                                       WenTokenCounts **other);
/* (element-type WenTokenCount): the commonest first, equally common ones in the order of their code points. */
GArray         *wen_token_counts_sort (WenTokenCounts *self,
                                       guint64         minimum_count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenTokenCounts, wen_token_counts_free)
