/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Softmax of attention scores. */

#pragma once

#include <glib.h>

void wen_softmax_forward  (float       *scores,
                           gsize        n_rows,
                           gsize        n_columns,
                           gsize        stride,
                           float        scale);
void wen_softmax_backward (float       *d_scores,
                           const float *probabilities,
                           gsize        n_rows,
                           gsize        n_columns,
                           gsize        stride,
                           float        scale);
