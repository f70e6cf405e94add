/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which n-gram owns which row of a table. */

#pragma once

#include "wen-batch-private.h"
#include "wen-ngram-hash-private.h"
#include "wen-occurrences-private.h"

void wen_ngram_keys_choose (float          *keys,
                            guint32         n_rows,
                            const WenBatch *texts,
                            guint           longest,
                            guint           minimum_texts);

/* What tells an n-gram from others with the same row: a whole number that a float holds
 * exactly, and never 0, which marks a row without an owner. */
static inline float
wen_ngram_keys_get_key (guint64 hash)
{
  return (float) (hash * G_GUINT64_CONSTANT (0xC2B2AE3D27D4EB4F) >> 40 | 1);
}

/* The other row that an n-gram may have. */
static inline guint32
wen_ngram_keys_get_second_row (guint64 hash,
                               guint32 n_rows)
{
  return wen_ngram_hash_get_row (hash ^ hash >> 32 ^ G_GUINT64_CONSTANT (0x165667B19E3779F9), n_rows);
}

/* The row of an n-gram, or WEN_NO_ROW.
 *
 *   keys   [n_rows] */
static inline guint32
wen_ngram_keys_find (const float *keys,
                     guint32      n_rows,
                     guint64      hash)
{
  float key = wen_ngram_keys_get_key (hash);
  guint32 row = wen_ngram_hash_get_row (hash, n_rows);

  if (keys[row] == key)
    return row;
  row = wen_ngram_keys_get_second_row (hash, n_rows);
  return keys[row] == key ? row : WEN_NO_ROW;
}
