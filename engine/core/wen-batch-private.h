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
} WenBatch;
