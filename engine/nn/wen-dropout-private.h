/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Dropout whose choices are a function of what is dropped, not of a state: the
 * backward pass asks again instead of storing them. */

#pragma once

#include "wen-vectorize-private.h"

/* Where in a step something is dropped, ready to ask. */
typedef struct
{
  guint32 key_0;
  guint32 key_1;
  guint32 threshold; /* an element with less than this is dropped; 0: none is */
  float   scale;     /* of the elements that stay: 1 / (1 - rate) */
} WenDropout;

WenDropout wen_dropout_new   (float          rate,
                              guint64        seed,
                              guint64        step,
                              guint          place);
void       wen_dropout_apply (float         *rows,
                              const guint32 *row_ids,
                              gsize          n_rows,
                              gsize          n_columns,
                              WenDropout     dropout);

/* The part of an element's key that its whole row shares. */
WEN_INLINE guint32
wen_dropout_row_key (WenDropout dropout,
                     guint32    row_id)
{
  guint32 key = row_id ^ dropout.key_0;

  key = (key ^ (key >> 16)) * 0x7feb352du;
  key = (key ^ (key >> 15)) * 0x846ca68bu;
  return key ^ (key >> 16) ^ dropout.key_1;
}

/* The factor of one element: 0 or the scale.
 * Source: Wellons 2018, "Prospecting for hash functions": lowbias32. */
WEN_INLINE float
wen_dropout_factor (WenDropout dropout,
                    guint32    row_key,
                    guint32    column)
{
  guint32 bits = row_key + column * 0x9E3779B9u;

  bits = (bits ^ (bits >> 16)) * 0x7feb352du;
  bits = (bits ^ (bits >> 15)) * 0x846ca68bu;
  bits ^= bits >> 16;
  /* Compared as 31 bits, because vectors of plain x86-64 compare signed numbers. */
  return (gint32) (bits >> 1) < (gint32) dropout.threshold ? 0.0f : dropout.scale;
}
