/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts as packed token ids: end to end, without padding. */

#pragma once

#include <glib.h>

typedef struct
{
  gsize          n_texts;
  gsize          n_tokens;
  const guint32 *token_ids; /* [n_tokens] */
  const guint32 *offsets;   /* [n_texts + 1]; text i is token_ids[offsets[i]] … token_ids[offsets[i + 1] - 1] */
  const guint32 *labels;    /* [n_texts], or NULL when only predicting */
  const float   *weights;   /* [n_texts]: how much each counts in training, 1 on average; NULL: all the same */
  const float   *targets;   /* [n_texts][n_labels]: probabilities to learn instead of the labels; NULL: the labels */
} WenBatch;
