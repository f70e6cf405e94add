/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows of embedding tables: fetched, summed, and pooled over a text. */

#include "config.h"

#include "wen-embedding-private.h"
#include "wen-ngram-hash-private.h"
#include "wen-occurrences-private.h"
#include "wen-vectorize-private.h"

#include <string.h>

/* rows[i] = token_table[token_ids[i]] + position_table[i], for one text.
 *
 *   rows             [n_tokens][n_columns]
 *   token_table      [n_vocabulary][n_columns]
 *   position_table   [at least n_tokens][n_columns] */
WEN_VARIANTS void
wen_embedding_forward (float         *restrict rows,
                       const float   *restrict token_table,
                       const float   *restrict position_table,
                       const guint32 *restrict token_ids,
                       gsize                   n_tokens,
                       gsize                   n_columns)
{
  for (gsize i = 0; i < n_tokens; i++)
    {
      float       *restrict row = rows + i * n_columns;
      const float *restrict token = token_table + token_ids[i] * n_columns;
      const float *restrict position = position_table + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        row[j] = token[j] + position[j];
    }
}

/* The rows of the n-grams that end at each token of a text, those of 2 tokens first;
 * WEN_NO_ROW where an n-gram would reach over the first token, which stands for the
 * whole text.  Hashed from the last token back, each one goes on from the one before.
 *
 *   rows        [n_tokens][longest - 1]
 *   token_ids   [n_tokens] */
void
wen_ngram_rows (guint32       *rows,
                const guint32 *token_ids,
                gsize          n_tokens,
                guint          longest,
                guint32        n_table_rows)
{
  for (gsize i = 0; i < n_tokens; i++)
    {
      guint64 hash = wen_ngram_hash_add (WEN_NGRAM_HASH_START, token_ids[i]);

      for (guint length = 2; length <= longest; length++)
        {
          guint32 row = WEN_NO_ROW;

          if (i >= length)
            {
              hash = wen_ngram_hash_add (hash, token_ids[i + 1 - length]);
              row = wen_ngram_hash_get_row (hash, n_table_rows);
            }
          rows[i * (longest - 1) + length - 2] = row;
        }
    }
}

/* rows[i] += the sum of table[ngram_rows[i][j]] over all j that are rows.
 *
 *   rows         [n_tokens][n_columns]
 *   table        [any][n_columns]
 *   ngram_rows   [n_tokens][n_ngrams] */
WEN_VARIANTS void
wen_add_ngrams (float         *restrict rows,
                const float   *restrict table,
                const guint32 *restrict ngram_rows,
                gsize                   n_tokens,
                guint                   n_ngrams,
                gsize                   n_columns)
{
  for (gsize i = 0; i < n_tokens * n_ngrams; i++)
    {
      float       *restrict row = rows + i / n_ngrams * n_columns;
      const float *restrict ngram = table + ngram_rows[i] * n_columns;

      if (ngram_rows[i] == WEN_NO_ROW)
        continue;
      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        row[j] += ngram[j];
    }
}

/* sum = the sum of some rows, in the order of row_ids: the gradient of a row of an
 * embedding table, when rows are the gradients of what was fetched.
 *
 *   sum       [n_columns]
 *   rows      [any][n_columns]
 *   row_ids   [n_row_ids], at least one */
WEN_VARIANTS void
wen_sum_rows (float         *restrict sum,
              const float   *restrict rows,
              const guint32 *restrict row_ids,
              gsize                   n_row_ids,
              gsize                   n_columns)
{
  memcpy (sum, rows + row_ids[0] * n_columns, n_columns * sizeof *sum);

  for (gsize i = 1; i < n_row_ids; i++)
    {
      const float *restrict row = rows + row_ids[i] * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        sum[j] += row[j];
    }
}

/* mean = the mean of the rows of a text.
 *
 *   mean   [n_columns]
 *   rows   [n_rows][n_columns] */
WEN_VARIANTS void
wen_mean_rows_forward (float       *restrict mean,
                       const float *restrict rows,
                       gsize                 n_rows,
                       gsize                 n_columns)
{
  memset (mean, 0, n_columns * sizeof *mean);

  for (gsize i = 0; i < n_rows; i++)
    {
      const float *restrict row = rows + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        mean[j] += row[j];
    }

  WEN_SIDE_BY_SIDE
  for (gsize j = 0; j < n_columns; j++)
    mean[j] /= (float) n_rows;
}

/* Undoes: mean = the mean of the rows
 * Writes d_rows. */
WEN_VARIANTS void
wen_mean_rows_backward (float       *restrict d_rows,
                        const float *restrict d_mean,
                        gsize                 n_rows,
                        gsize                 n_columns)
{
  float share = 1.0f / (float) n_rows;

  for (gsize i = 0; i < n_rows; i++)
    {
      float *restrict d_row = d_rows + i * n_columns;

      WEN_SIDE_BY_SIDE
      for (gsize j = 0; j < n_columns; j++)
        d_row[j] = d_mean[j] * share;
    }
}
