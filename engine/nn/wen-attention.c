/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Multi-head self-attention of one text.
 *
 * Source: Vaswani et al. 2017, section 3.2.
 *
 * DESIGN.  Query, key and value of a token lie side by side in one row, and
 * within each of them the heads; products reach them by strides, so nothing is
 * copied.  Each query needs the scores of all keys, but queries do not need one
 * another: they are taken in blocks, so many at a time that their scores fit the
 * cache.  Nothing of the size n_tokens² is ever stored; the backward pass computes
 * the probabilities of a block again, which costs less than to fetch them.
 */

#include "config.h"

#include "wen-attention-private.h"
#include "wen-blas-private.h"
#include "wen-softmax-private.h"

#include <math.h>

/* Scores of a block, at most: 256 queries of 256 keys. */
#define BLOCK_SIZE     (256 * 256)
/* Queries of a block, at least, so that products stay efficient. */
#define BLOCK_QUERIES  16

typedef struct
{
  gsize n_queries; /* of a block, at most */
  gsize stride;    /* of the rows of scores: a multiple of 16 */
} Blocks;

static Blocks
get_blocks (gsize n_tokens)
{
  Blocks blocks;

  blocks.stride = (n_tokens + 15) & ~(gsize) 15;
  blocks.n_queries = MIN (n_tokens, MAX (BLOCK_QUERIES, BLOCK_SIZE / blocks.stride));
  return blocks;
}

/*< private >
 * wen_attention_scratch_size:
 * @n_tokens: the longest text
 *
 * Gets how much scratch space attention needs for texts up to a length; it grows
 * linearly with it.
 *
 * Returns: a number of floats
 */
gsize
wen_attention_scratch_size (gsize n_tokens)
{
  gsize stride = (n_tokens + 15) & ~(gsize) 15;

  /* Two blocks.  A shorter text may have larger blocks than a longer one. */
  return 2 * MAX (MIN (stride * stride, (gsize) BLOCK_SIZE), BLOCK_QUERIES * stride);
}

/* probabilities = softmax (query key^T / √head_size), for a block of queries */
static void
attend (float       *probabilities,
        const float *query,
        const float *key,
        gsize        row_size,
        gsize        n_queries,
        gsize        n_tokens,
        gsize        head_size,
        gsize        stride)
{
  wen_multiply_transposed (probabilities, stride, query, row_size, key, row_size,
                           n_queries, n_tokens, head_size, FALSE);
  wen_softmax_forward (probabilities, n_queries, n_tokens, stride, 1.0f / sqrtf ((float) head_size));
}

/* attended = softmax (query key^T / √head_size) value, for each head.
 *
 *   attended          [n_tokens][n_heads][head_size]
 *   query_key_value   [n_tokens][3][n_heads][head_size]
 *   scratch           [wen_attention_scratch_size (n_tokens)] */
void
wen_attention_forward (float       *restrict attended,
                       const float *restrict query_key_value,
                       float       *restrict scratch,
                       gsize                 n_tokens,
                       gsize                 n_heads,
                       gsize                 head_size)
{
  gsize  hidden_size = n_heads * head_size;
  gsize  row_size = 3 * hidden_size;
  Blocks blocks = get_blocks (n_tokens);

  for (gsize head = 0; head < n_heads; head++)
    {
      const float *query = query_key_value + head * head_size;
      const float *key = query + hidden_size;
      const float *value = key + hidden_size;

      for (gsize begin = 0; begin < n_tokens; begin += blocks.n_queries)
        {
          gsize n_queries = MIN (blocks.n_queries, n_tokens - begin);

          attend (scratch, query + begin * row_size, key, row_size,
                  n_queries, n_tokens, head_size, blocks.stride);
          wen_multiply (attended + begin * hidden_size + head * head_size, hidden_size,
                        scratch, blocks.stride, value, row_size,
                        n_queries, head_size, n_tokens, FALSE);
        }
    }
}

/* Undoes: attended = softmax (query key^T / √head_size) value
 * Writes d_query_key_value; shapes as in wen_attention_forward(). */
void
wen_attention_backward (float       *restrict d_query_key_value,
                        const float *restrict d_attended,
                        const float *restrict query_key_value,
                        float       *restrict scratch,
                        gsize                 n_tokens,
                        gsize                 n_heads,
                        gsize                 head_size)
{
  gsize  hidden_size = n_heads * head_size;
  gsize  row_size = 3 * hidden_size;
  Blocks blocks = get_blocks (n_tokens);
  float  scale = 1.0f / sqrtf ((float) head_size);
  float *probabilities = scratch;
  float *d_scores = scratch + blocks.n_queries * blocks.stride;

  for (gsize head = 0; head < n_heads; head++)
    {
      const float *query = query_key_value + head * head_size;
      const float *key = query + hidden_size;
      const float *value = key + hidden_size;
      float       *d_query = d_query_key_value + head * head_size;
      float       *d_key = d_query + hidden_size;
      float       *d_value = d_key + hidden_size;

      for (gsize begin = 0; begin < n_tokens; begin += blocks.n_queries)
        {
          gsize        n_queries = MIN (blocks.n_queries, n_tokens - begin);
          const float *block_query = query + begin * row_size;
          const float *d_block = d_attended + begin * hidden_size + head * head_size;
          gboolean     add = begin > 0;

          attend (probabilities, block_query, key, row_size,
                  n_queries, n_tokens, head_size, blocks.stride);

          wen_transposed_multiply (d_value, row_size, probabilities, blocks.stride, d_block, hidden_size,
                                   n_tokens, head_size, n_queries, add);
          wen_multiply_transposed (d_scores, blocks.stride, d_block, hidden_size, value, row_size,
                                   n_queries, n_tokens, head_size, FALSE);
          wen_softmax_backward (d_scores, probabilities, n_queries, n_tokens, blocks.stride, scale);
          wen_multiply (d_query + begin * row_size, row_size, d_scores, blocks.stride, key, row_size,
                        n_queries, head_size, n_tokens, FALSE);
          wen_transposed_multiply (d_key, row_size, d_scores, blocks.stride, block_query, row_size,
                                   n_tokens, head_size, n_queries, add);
        }
    }
}
