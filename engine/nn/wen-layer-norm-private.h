/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Layer norm, and what stands before it in a Transformer, in one pass. */

#pragma once

#include "wen-dropout-private.h"

/* Writes mean and reciprocal standard deviation of each row where given. */
void wen_layer_norm_forward     (float          *normed,
                                 float          *means,
                                 float          *reciprocals,
                                 const float    *sums,
                                 const float    *weight,
                                 const float    *bias,
                                 gsize           n_rows,
                                 gsize           n_columns,
                                 float           epsilon);
void wen_residual_norm_forward  (float          *normed,
                                 float          *sums,
                                 float          *means,
                                 float          *reciprocals,
                                 const float    *residual,
                                 const float    *branch_bias,
                                 const float    *weight,
                                 const float    *bias,
                                 const guint32  *row_ids,
                                 gsize           n_rows,
                                 gsize           n_columns,
                                 float           epsilon,
                                 WenDropout      dropout);
void wen_residual_norm_backward (float          *d_sums,
                                 float          *d_branch,
                                 float          *d_branch_bias,
                                 float          *d_weight,
                                 float          *d_bias,
                                 const float    *d_normed,
                                 gboolean        add,
                                 const float    *sums,
                                 const float    *means,
                                 const float    *reciprocals,
                                 const float    *weight,
                                 const guint32  *row_ids,
                                 gsize           n_rows,
                                 gsize           n_columns,
                                 WenDropout      dropout);
