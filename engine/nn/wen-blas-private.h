/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Products of row-major matrices whose rows may lie apart from one another. */

#pragma once

#include <glib.h>

void wen_blas_set_up                   (void);

/* c = a b^T, or c += a b^T */
void wen_multiply_transposed           (float       *c,
                                        gsize        c_stride,
                                        const float *a,
                                        gsize        a_stride,
                                        const float *b,
                                        gsize        b_stride,
                                        gsize        n_rows,
                                        gsize        n_columns,
                                        gsize        n_inner,
                                        gboolean     add);
/* c = a b, or c += a b */
void wen_multiply                      (float       *c,
                                        gsize        c_stride,
                                        const float *a,
                                        gsize        a_stride,
                                        const float *b,
                                        gsize        b_stride,
                                        gsize        n_rows,
                                        gsize        n_columns,
                                        gsize        n_inner,
                                        gboolean     add);
/* c = a^T b, or c += a^T b */
void wen_transposed_multiply           (float       *c,
                                        gsize        c_stride,
                                        const float *a,
                                        gsize        a_stride,
                                        const float *b,
                                        gsize        b_stride,
                                        gsize        n_rows,
                                        gsize        n_columns,
                                        gsize        n_inner,
                                        gboolean     add);
