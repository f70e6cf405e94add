/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Embedding, its gradient, and pooling, by plain loops; dropout by counting. */

#include "config.h"

#include "nn-testing.h"

#include "wen-dropout-private.h"
#include "wen-embedding-private.h"

#define N_COLUMNS 21

static void
test_forward (void)
{
  static const guint32 token_ids[] = { 3, 0, 3, 9 };
  g_autofree float    *tokens = random_floats (10 * N_COLUMNS, 1, 1.0);
  g_autofree float    *positions = random_floats (4 * N_COLUMNS, 2, 1.0);
  float                rows[4 * N_COLUMNS];

  wen_embedding_forward (rows, tokens, positions, token_ids, 4, N_COLUMNS);
  for (gsize i = 0; i < 4; i++)
    for (gsize j = 0; j < N_COLUMNS; j++)
      g_assert_cmpfloat (rows[i * N_COLUMNS + j], ==,
                         tokens[token_ids[i] * N_COLUMNS + j] + positions[i * N_COLUMNS + j]);
}

static void
test_sum_rows (void)
{
  static const guint32 row_ids[] = { 7, 2, 5 };
  g_autofree float    *rows = random_floats (9 * N_COLUMNS, 1, 1.0);
  float                sum[N_COLUMNS];

  wen_sum_rows (sum, rows, row_ids, 3, N_COLUMNS);
  for (gsize j = 0; j < N_COLUMNS; j++)
    g_assert_cmpfloat (sum[j], ==, (rows[7 * N_COLUMNS + j] + rows[2 * N_COLUMNS + j]) + rows[5 * N_COLUMNS + j]);
  wen_sum_rows (sum, rows, row_ids, 1, N_COLUMNS);
  g_assert_cmpmem (sum, sizeof sum, rows + 7 * N_COLUMNS, sizeof sum);
}

static void
test_mean (void)
{
  g_autofree float *rows = random_floats (6 * N_COLUMNS, 1, 1.0);
  float             mean[N_COLUMNS];
  float             d_rows[6 * N_COLUMNS];

  wen_mean_rows_forward (mean, rows, 6, N_COLUMNS);
  wen_mean_rows_backward (d_rows, mean, 6, N_COLUMNS);
  for (gsize j = 0; j < N_COLUMNS; j++)
    {
      double expected = 0.0;

      for (gsize i = 0; i < 6; i++)
        expected += (double) rows[i * N_COLUMNS + j] / 6;
      g_assert_cmpfloat_with_epsilon ((double) mean[j], expected, 1e-6);
      for (gsize i = 0; i < 6; i++)
        g_assert_cmpfloat_with_epsilon (d_rows[i * N_COLUMNS + j], mean[j] / 6, 1e-6f);
    }
}

/* As many are dropped as asked, evenly over rows and columns, and the rest is
 * scaled so that the mean stays. */
static void
test_dropout (void)
{
  static const float rates[] = { 0.1f, 0.5f, 0.9f };
  const gsize        n_rows = 512;
  const gsize        n_columns = 256;

  for (gsize r = 0; r < G_N_ELEMENTS (rates); r++)
    {
      g_autofree float   *rows = g_new (float, n_rows * n_columns);
      g_autofree guint32 *row_ids = g_new (guint32, n_rows);
      g_autofree guint   *column_counts = g_new0 (guint, n_columns);
      WenDropout          dropout = wen_dropout_new (rates[r], 1, 2, 3);
      double              rate = (double) rates[r];
      gsize               n_pairs = 0;
      gsize               n_dropped = 0;

      for (gsize i = 0; i < n_rows * n_columns; i++)
        rows[i] = 2.0f;
      for (gsize i = 0; i < n_rows; i++)
        row_ids[i] = (guint32) i;
      wen_dropout_apply (rows, row_ids, n_rows, n_columns, dropout);

      for (gsize i = 0; i < n_rows; i++)
        {
          gsize n_in_row = 0;

          for (gsize j = 0; j < n_columns; j++)
            {
              float value = rows[i * n_columns + j];

              if (value == 0.0f)
                {
                  n_in_row++;
                  column_counts[j]++;
                  n_pairs += i > 0 && rows[(i - 1) * n_columns + j] == 0.0f;
                }
              else
                g_assert_cmpfloat_with_epsilon ((double) value, 2.0 / (1.0 - rate), 1e-4);
            }
          n_dropped += n_in_row;
          g_assert_cmpfloat_with_epsilon ((double) n_in_row, rate * 256, 6 * sqrt (256 * rate * (1 - rate)));
        }
      for (gsize j = 0; j < n_columns; j++)
        g_assert_cmpfloat_with_epsilon ((double) column_counts[j], rate * 512, 6 * sqrt (512 * rate * (1 - rate)));
      g_assert_cmpfloat_with_epsilon ((double) n_dropped, rate * 512 * 256, 5 * sqrt (512 * 256 * rate * (1 - rate)));
      /* Neighbours in a column know nothing of one another. */
      g_assert_cmpfloat_with_epsilon ((double) n_pairs, rate * rate * 511 * 256, 6 * sqrt (511 * 256 * rate * rate));
    }
}

/* Other steps and other places drop others; the same ones drop the same. */
static void
test_dropout_keys (void)
{
  WenDropout first = wen_dropout_new (0.5f, 1, 1, 1);
  WenDropout others[] = {
    wen_dropout_new (0.5f, 2, 1, 1),
    wen_dropout_new (0.5f, 1, 2, 1),
    wen_dropout_new (0.5f, 1, 1, 2),
  };
  WenDropout again = wen_dropout_new (0.5f, 1, 1, 1);
  WenDropout none = wen_dropout_new (0.0f, 1, 1, 1);
  float      value = 3.0f;
  guint32    row_id = 0;

  g_assert_cmpuint (first.key_0, ==, again.key_0);
  g_assert_cmpuint (first.key_1, ==, again.key_1);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      gsize n_equal = 0;

      for (guint32 j = 0; j < 4096; j++)
        n_equal += (wen_dropout_factor (first, wen_dropout_row_key (first, 5), j) > 0)
                   == (wen_dropout_factor (others[i], wen_dropout_row_key (others[i], 5), j) > 0);
      g_assert_cmpfloat_with_epsilon ((double) n_equal, 2048.0, 5 * 32.0);
    }

  wen_dropout_apply (&value, &row_id, 1, 1, none);
  g_assert_cmpfloat (value, ==, 3.0f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/embedding/forward", test_forward);
  g_test_add_func ("/wen/nn/embedding/sum-rows", test_sum_rows);
  g_test_add_func ("/wen/nn/embedding/mean", test_mean);
  g_test_add_func ("/wen/nn/dropout/share", test_dropout);
  g_test_add_func ("/wen/nn/dropout/keys", test_dropout_keys);

  return g_test_run ();
}
