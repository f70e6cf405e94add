/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs of tokens as rows of a table that they share by chance.
 *
 * Source: Weinberger et al. 2009, "Feature hashing for large scale multitask learning". */

#pragma once

#include <glib.h>

/* Where the hash of a run begins, and what one more token makes of it. */
#define WEN_NGRAM_HASH_START G_GUINT64_CONSTANT (0)

static inline guint64
wen_ngram_hash_add (guint64 hash,
                    guint32 token_id)
{
  hash = (hash ^ token_id) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

/* The row of a run, from 0 to n_rows - 1. */
static inline guint32
wen_ngram_hash_get_row (guint64 hash,
                        guint32 n_rows)
{
  guint64 spread = hash * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93) >> 32;

  return (guint32) (spread * n_rows >> 32);
}
