/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows of embedding tables: fetched, summed, and pooled over a text. */

#pragma once

#include <glib.h>

void wen_embedding_forward  (float         *rows,
                             const float   *token_table,
                             const float   *position_table,
                             const guint32 *token_ids,
                             gsize          n_tokens,
                             gsize          n_columns);
void wen_ngram_rows         (guint32       *rows,
                             const guint32 *token_ids,
                             gsize          n_tokens,
                             guint          longest,
                             guint32        n_table_rows);
void wen_add_ngrams         (float         *rows,
                             const float   *table,
                             const guint32 *ngram_rows,
                             gsize          n_tokens,
                             guint          n_ngrams,
                             gsize          n_columns);
void wen_sum_rows           (float         *sum,
                             const float   *rows,
                             const guint32 *row_ids,
                             gsize          n_row_ids,
                             gsize          n_columns);
void wen_mean_rows_forward  (float         *mean,
                             const float   *rows,
                             gsize          n_rows,
                             gsize          n_columns);
void wen_mean_rows_backward (float         *d_rows,
                             const float   *d_mean,
                             gsize          n_rows,
                             gsize          n_columns);
