/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts packed into the batch of a step: all of them, or with tokens left out. */

#include "config.h"

#include "wen-batch-packer-private.h"

#include <math.h>

/* Four texts; all tokens differ, so that each says where it is from. */
static const guint32 token_ids[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const guint32 offsets[] = { 0, 4, 5, 7, 11 };
static const guint32 labels[] = { 0, 1, 2, 1 };
static const float weights[] = { 0.5f, 1.0f, 2.0f, 0.25f };
static const float targets[] = { 1, 0, 0, 0, 1, 0, 0, 0.5f, 0.5f, 0.25f, 0.75f, 0 };
static const guint32 order[] = { 3, 0, 2, 1 };

static const WenBatch texts = { 4, 11, token_ids, offsets, labels, weights, targets };

static void
test_all (void)
{
  WenBatchPacker *packer = wen_batch_packer_new (&texts, 3, 8, 2);
  WenBatch batch = wen_batch_packer_pack (packer, order, 2, 1);
  static const guint32 first[] = { 8, 9, 10, 11, 1, 2, 3, 4 };
  static const guint32 last[] = { 6, 7, 5 };

  g_assert_cmpuint (batch.n_texts, ==, 2);
  g_assert_cmpmem (batch.token_ids, batch.n_tokens * sizeof (guint32), first, sizeof first);
  g_assert_cmpuint (batch.labels[0], ==, 1);
  g_assert_cmpuint (batch.labels[1], ==, 0);
  g_assert_cmpfloat (batch.weights[0], ==, 0.25f);
  g_assert_cmpfloat (batch.weights[1], ==, 0.5f);
  g_assert_cmpmem (batch.targets, 3 * sizeof (float), targets + 9, 3 * sizeof (float));
  g_assert_cmpmem (batch.targets + 3, 3 * sizeof (float), targets, 3 * sizeof (float));

  batch = wen_batch_packer_pack (packer, order + 2, 2, 2);
  g_assert_cmpmem (batch.token_ids, batch.n_tokens * sizeof (guint32), last, sizeof last);
  g_assert_cmpuint (batch.offsets[1], ==, 2);
  g_assert_cmpuint (batch.offsets[2], ==, 3);
  wen_batch_packer_free (packer);
}

static void
test_without (void)
{
  WenBatch plain = { 4, 11, token_ids, offsets };
  WenBatchPacker *packer = wen_batch_packer_new (&plain, 3, 11, 4);
  WenBatch batch = wen_batch_packer_pack (packer, order, 4, 1);

  g_assert_null (batch.labels);
  g_assert_null (batch.weights);
  g_assert_null (batch.targets);
  wen_batch_packer_free (packer);
}

/* Other tokens for the same texts, more of them. */
static void
test_other_tokens (void)
{
  static const guint32 other_ids[] = { 21, 22, 23, 24, 25 };
  static const guint32 other_offsets[] = { 0, 1, 2, 3, 5 };
  WenBatch other = { 4, 5, other_ids, other_offsets };
  WenBatchPacker *packer = wen_batch_packer_new (&texts, 3, 11, 4);
  WenBatch batch;

  wen_batch_packer_set_tokens (packer, &other);
  batch = wen_batch_packer_pack (packer, order, 1, 1);
  g_assert_cmpuint (batch.n_tokens, ==, 2);
  g_assert_cmpuint (batch.token_ids[0], ==, 24);
  g_assert_cmpuint (batch.labels[0], ==, 1);
  g_assert_cmpfloat (batch.weights[0], ==, 0.25f);
  wen_batch_packer_free (packer);
}

/* Every token but the first is left out as often as the share says; what stays keeps
 * its order; a text of two tokens loses none. */
static void
test_token_dropout (void)
{
  WenBatchPacker *packer = wen_batch_packer_new (&texts, 3, 11, 4);
  guint counts[12] = { 0 };
  const guint n_steps = 4000;

  wen_batch_packer_set_token_dropout (packer, 0.2, 7);
  for (guint64 step = 1; step <= n_steps; step++)
    {
      WenBatch batch = wen_batch_packer_pack (packer, order, 4, step);

      for (gsize i = 0; i < 4; i++)
        {
          guint32 n_tokens = batch.offsets[i + 1] - batch.offsets[i];
          guint32 n_before = offsets[order[i] + 1] - offsets[order[i]];

          g_assert_cmpuint (n_tokens, >=, MIN (2, n_before));
          g_assert_cmpuint (batch.token_ids[batch.offsets[i]], ==, token_ids[offsets[order[i]]]);
          for (guint32 j = batch.offsets[i]; j < batch.offsets[i + 1]; j++)
            {
              g_assert_true (j == batch.offsets[i] || batch.token_ids[j] > batch.token_ids[j - 1]);
              counts[batch.token_ids[j]]++;
            }
        }
    }
  for (guint token = 1; token <= 11; token++)
    {
      gboolean stays = token == 1 || token == 5 || token == 6 || token == 7 || token == 8;

      /* In a text of three others, 0.2^3 of the time one comes back, each as often. */
      if (stays)
        g_assert_cmpuint (counts[token], ==, n_steps);
      else
        g_assert_cmpfloat_with_epsilon ((double) counts[token] / n_steps, 0.8 + 0.008 / 3, 5 * sqrt (0.16 / n_steps));
    }
  wen_batch_packer_free (packer);
}

/* What is left out hangs on seed and step alone. */
static void
test_same_tokens (void)
{
  WenBatchPacker *packers[] = { wen_batch_packer_new (&texts, 3, 11, 4), wen_batch_packer_new (&texts, 3, 11, 4) };
  gboolean differs = FALSE;

  wen_batch_packer_set_token_dropout (packers[0], 0.4, 7);
  wen_batch_packer_set_token_dropout (packers[1], 0.4, 7);
  for (guint64 step = 20; step > 0; step--)
    {
      WenBatch first = wen_batch_packer_pack (packers[0], order, 4, step);
      WenBatch second;

      wen_batch_packer_pack (packers[1], order, 4, step + 1);
      second = wen_batch_packer_pack (packers[1], order, 4, step);
      g_assert_cmpmem (first.token_ids, first.n_tokens * sizeof (guint32), second.token_ids,
                       second.n_tokens * sizeof (guint32));
      differs = differs || first.n_tokens != wen_batch_packer_pack (packers[1], order, 4, step + 1).n_tokens;
    }
  g_assert_true (differs);
  wen_batch_packer_free (packers[0]);
  wen_batch_packer_free (packers[1]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/batch-packer/all", test_all);
  g_test_add_func ("/wen/model/batch-packer/without", test_without);
  g_test_add_func ("/wen/model/batch-packer/other-tokens", test_other_tokens);
  g_test_add_func ("/wen/model/batch-packer/token-dropout", test_token_dropout);
  g_test_add_func ("/wen/model/batch-packer/same-tokens", test_same_tokens);

  return g_test_run ();
}
