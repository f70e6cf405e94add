/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A text as what is left when writing habits are taken away, and as the set of its
 * short pieces. */

#pragma once

#include <glib.h>

/* Buffers that serve one text after the other; both arrays are of the last one. */
typedef struct
{
  GArray *characters; /* of gunichar */
  GArray *shingles;   /* of guint32: hashes, ascending, each once */
} WenTextShingles;

void    wen_text_shingles_init      (WenTextShingles       *self);
void    wen_text_shingles_clear     (WenTextShingles       *self);
guint64 wen_text_shingles_normalize (WenTextShingles       *self,
                                     const char            *text);
void    wen_text_shingles_cut       (WenTextShingles       *self,
                                     const char            *text);
double  wen_text_shingles_compare   (const WenTextShingles *left,
                                     const WenTextShingles *right);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenTextShingles, wen_text_shingles_clear)
