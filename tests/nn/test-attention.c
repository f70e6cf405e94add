/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Attention of one text, against plain loops in double and central differences of
 * those: short, as long as a block, longer, and so long that only its memory can
 * be checked. */

#include "config.h"

#include "nn-testing.h"

#include "wen-attention-private.h"

/* The plain reference. */
static void
reference_attention (double      *attended,
                     const float *query_key_value,
                     gsize        n_tokens,
                     gsize        n_heads,
                     gsize        head_size)
{
  gsize              hidden_size = n_heads * head_size;
  g_autofree double *weights = g_new (double, n_tokens);

  for (gsize head = 0; head < n_heads; head++)
    for (gsize i = 0; i < n_tokens; i++)
      {
        const float *query = query_key_value + i * 3 * hidden_size + head * head_size;
        double       sum = 0.0;

        for (gsize j = 0; j < n_tokens; j++)
          {
            const float *key = query_key_value + j * 3 * hidden_size + hidden_size + head * head_size;
            double       score = 0.0;

            for (gsize k = 0; k < head_size; k++)
              score += (double) query[k] * (double) key[k];
            weights[j] = exp (score / sqrt ((double) head_size));
            sum += weights[j];
          }
        for (gsize k = 0; k < head_size; k++)
          {
            double value = 0.0;

            for (gsize j = 0; j < n_tokens; j++)
              value += weights[j] / sum
                       * (double) query_key_value[j * 3 * hidden_size + 2 * hidden_size + head * head_size + k];
            attended[i * hidden_size + head * head_size + k] = value;
          }
      }
}

static double
reference_loss (const float *query_key_value,
                const float *d_attended,
                gsize        n_tokens,
                gsize        n_heads,
                gsize        head_size)
{
  g_autofree double *attended = g_new (double, n_tokens * n_heads * head_size);
  double             loss = 0.0;

  reference_attention (attended, query_key_value, n_tokens, n_heads, head_size);
  for (gsize i = 0; i < n_tokens * n_heads * head_size; i++)
    loss += attended[i] * (double) d_attended[i];
  return loss;
}

static void
check_text (gsize n_tokens,
            gsize n_heads,
            gsize head_size,
            gsize n_checked)
{
  gsize              hidden_size = n_heads * head_size;
  g_autofree float  *query_key_value = random_floats (n_tokens * 3 * hidden_size, n_tokens, 1.0);
  g_autofree float  *d_attended = random_floats (n_tokens * hidden_size, 1000 + n_tokens, 1.0);
  g_autofree float  *attended = g_new (float, n_tokens * hidden_size);
  g_autofree float  *d_query_key_value = g_new (float, n_tokens * 3 * hidden_size);
  g_autofree float  *scratch = g_new (float, wen_attention_scratch_size (n_tokens));
  g_autofree double *expected = g_new (double, n_tokens * hidden_size);

  wen_attention_forward (attended, query_key_value, scratch, n_tokens, n_heads, head_size);
  reference_attention (expected, query_key_value, n_tokens, n_heads, head_size);
  assert_close (attended, expected, n_tokens * hidden_size, 2e-6, 1e-5);

  wen_attention_backward (d_query_key_value, d_attended, query_key_value, scratch, n_tokens, n_heads, head_size);
  for (gsize i = 0; i < n_checked; i++)
    {
      gsize  k = wen_random_u64 (1, n_tokens, i) % (n_tokens * 3 * hidden_size);
      float  value = query_key_value[k];
      double step;
      double rise;

      query_key_value[k] = value + 1e-2f;
      step = (double) query_key_value[k];
      rise = reference_loss (query_key_value, d_attended, n_tokens, n_heads, head_size);
      query_key_value[k] = value - 1e-2f;
      step -= (double) query_key_value[k];
      rise -= reference_loss (query_key_value, d_attended, n_tokens, n_heads, head_size);
      query_key_value[k] = value;
      g_assert_cmpfloat_with_epsilon ((double) d_query_key_value[k], rise / step, 1e-4 + 1e-3 * fabs (rise / step));
    }
}

static void
test_short (void)
{
  check_text (1, 2, 4, 24);
  check_text (2, 1, 8, 48);
  check_text (17, 3, 5, 100);
  check_text (25, 2, 64, 40);
}

static void
test_blocks (void)
{
  check_text (256, 1, 8, 5);
  check_text (257, 1, 8, 5);
  check_text (700, 2, 4, 3);
}

/* Memory grows with the length, not with its square; and all of a text counts:
 * with equal keys every token attends to the mean of all values. */
static void
test_longest (void)
{
  const gsize       n_tokens = 4096;
  const gsize       n_values = wen_attention_scratch_size (n_tokens);
  g_autofree float *query_key_value = random_floats (n_tokens * 3 * 2, 1, 1.0);
  g_autofree float *attended = g_new (float, n_tokens * 2);
  g_autofree float *scratch = g_new (float, n_values);
  double            means[2] = { 0.0, 0.0 };

  g_assert_cmpuint (n_values, <=, 2 * 16 * n_tokens);
  g_assert_cmpuint (wen_attention_scratch_size (2 * n_tokens), <=, 2 * n_values);

  for (gsize i = 0; i < n_tokens; i++)
    {
      query_key_value[6 * i + 2] = 0.3f;
      query_key_value[6 * i + 3] = -0.2f;
      means[0] += (double) query_key_value[6 * i + 4] / (double) n_tokens;
      means[1] += (double) query_key_value[6 * i + 5] / (double) n_tokens;
    }
  wen_attention_forward (attended, query_key_value, scratch, n_tokens, 1, 2);
  for (gsize i = 0; i < n_tokens; i++)
    assert_close (attended + 2 * i, means, 2, 1e-5, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/attention/short", test_short);
  g_test_add_func ("/wen/nn/attention/blocks", test_blocks);
  g_test_add_func ("/wen/nn/attention/longest", test_longest);

  return g_test_run ();
}
