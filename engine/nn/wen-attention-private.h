/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Multi-head self-attention of one text. */

#pragma once

#include <glib.h>

gsize wen_attention_scratch_size (gsize        n_tokens);
void  wen_attention_forward      (float       *attended,
                                  const float *query_key_value,
                                  float       *scratch,
                                  gsize        n_tokens,
                                  gsize        n_heads,
                                  gsize        head_size);
void  wen_attention_backward     (float       *d_query_key_value,
                                  const float *d_attended,
                                  const float *query_key_value,
                                  float       *scratch,
                                  gsize        n_tokens,
                                  gsize        n_heads,
                                  gsize        head_size);
