/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Named parts of what a model or its training consists of, as files and checkpoints have
 * them. */

#pragma once

#include <glib.h>

typedef struct
{
  char     name[64];
  gsize    shape[2];
  guint    n_dimensions;
  float   *values;            /* borrowed */
  gsize    n_values;
  gboolean decays;            /* of an encoder, whether weight decay applies: matrices yes, biases and norms no */
  guint    part;              /* of an encoder, from the bottom: embeddings 0, layer i 1 + i, then the output */
} WenTensor;

/* A list of numbers, or a table where n_columns is not 0. */
static inline void
wen_tensor_set (WenTensor  *tensor,
                const char *name,
                float      *values,
                gsize       n_rows,
                gsize       n_columns)
{
  *tensor = (WenTensor) {
    .shape = { n_rows, n_columns },
    .n_dimensions = n_columns > 0 ? 2 : 1,
    .values = values,
    .n_values = n_rows * MAX (1, n_columns),
  };
  g_strlcpy (tensor->name, name, sizeof tensor->name);
}
