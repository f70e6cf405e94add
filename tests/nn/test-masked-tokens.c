/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which tokens are hidden, and that guessing them is learned. */

#include "config.h"

#include "nn-testing.h"

#include "wen-encoder-masked-private.h"

#include <string.h>

#define N_VOCABULARY 50
#define MASK_ID 1

static const WenEncoderConfig shape = {
  .n_vocabulary = N_VOCABULARY,
  .n_positions = 200,
  .hidden_size = 16,
  .n_layers = 1,
  .n_heads = 2,
  .feed_forward_size = 32,
  .n_labels = 2,
  .norm_first = TRUE,
  .norm_epsilon = 1e-5f,
};

static const WenEncoderTrainingConfig masking = {
  .beta1 = 0.9f,
  .beta2 = 0.999f,
  .epsilon = 1e-8f,
  .clip_norm = 1.0f,
  .seed = 5,
  .masked_share = 0.2f,
  .mask_id = MASK_ID,
};

/* 60 texts of 100 tokens each: shares come out within what chance allows. */
static void
test_shares (void)
{
  static guint32              lengths[60];
  g_autoptr(TestBatch)        test = NULL;
  g_autoptr(WenEncoder)       encoder = wen_encoder_new (&shape);
  WenEncoderMasked           *masked = NULL;
  const WenBatch             *hidden;
  gsize                       n_hidden = 0;
  gsize                       n_replaced = 0;
  double                      n_targets;

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    lengths[i] = 100;
  test = test_batch_new (lengths, G_N_ELEMENTS (lengths), N_VOCABULARY, 2, 1);
  masked = wen_encoder_masked_new (encoder, &masking, 1, test->batch.n_tokens);
  hidden = wen_encoder_masked_hide (masked, &test->batch, 1);

  g_assert_cmpuint (hidden->n_tokens, ==, test->batch.n_tokens);
  for (gsize text = 0; text < hidden->n_texts; text++)
    g_assert_cmpuint (hidden->token_ids[hidden->offsets[text]], ==, test->batch.token_ids[hidden->offsets[text]]);
  for (gsize i = 0; i < hidden->n_tokens; i++)
    if (hidden->token_ids[i] != test->batch.token_ids[i])
      {
        g_assert_cmpuint (test->batch.token_ids[i], !=, MASK_ID);
        if (hidden->token_ids[i] == MASK_ID)
          n_hidden++;
        else
          n_replaced++;
      }

  /* Of 5940 tokens that are not the first, one in fifty is the mask itself.  Standard
   * deviations of chance are 30, 1.2 and 0.9 in a hundred. */
  n_targets = (double) wen_encoder_masked_get_n_targets (masked);
  g_assert_cmpfloat_with_epsilon (n_targets, 5940 * 0.98 * 0.2, 120);
  g_assert_cmpfloat_with_epsilon ((double) n_hidden / n_targets, 0.8 + 0.1 / N_VOCABULARY, 0.04);
  g_assert_cmpfloat_with_epsilon ((double) n_replaced / n_targets, 0.1 * (1 - 2.0 / N_VOCABULARY), 0.03);
  wen_encoder_masked_free (masked);
}

static guint32 *
hide (const WenBatch *batch,
      guint64         seed,
      guint64         step)
{
  g_autoptr(WenEncoder)    encoder = wen_encoder_new (&shape);
  WenEncoderTrainingConfig config = masking;
  WenEncoderMasked        *masked;
  guint32                 *token_ids;

  config.seed = seed;
  masked = wen_encoder_masked_new (encoder, &config, 1, batch->n_tokens);
  token_ids = g_memdup2 (wen_encoder_masked_hide (masked, batch, step)->token_ids,
                         batch->n_tokens * sizeof (guint32));
  wen_encoder_masked_free (masked);
  return token_ids;
}

static void
test_keys (void)
{
  static const guint32  lengths[] = { 80, 90 };
  g_autoptr(TestBatch)  test = test_batch_new (lengths, 2, N_VOCABULARY, 2, 1);
  gsize                 n_bytes = test->batch.n_tokens * sizeof (guint32);
  g_autofree guint32   *first = hide (&test->batch, 1, 1);
  g_autofree guint32   *again = hide (&test->batch, 1, 1);
  g_autofree guint32   *other_step = hide (&test->batch, 1, 2);
  g_autofree guint32   *other_seed = hide (&test->batch, 2, 1);

  g_assert_cmpmem (first, n_bytes, again, n_bytes);
  g_assert_true (memcmp (first, other_step, n_bytes) != 0);
  g_assert_true (memcmp (first, other_seed, n_bytes) != 0);
}

/* [CLS] alone has nothing that could be hidden: the loss is 0, and nothing breaks. */
static void
test_nothing_to_hide (void)
{
  static const guint32         lengths[] = { 1, 1 };
  g_autoptr(TestBatch)         test = test_batch_new (lengths, 2, N_VOCABULARY, 2, 1);
  g_autoptr(WenEncoder)        encoder = wen_encoder_new (&shape);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &masking, 10, 2);
  gsize                        n_parameters;
  const float                 *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  WenStepResult                result;

  wen_encoder_initialize (encoder, 1);
  wen_encoder_trainer_step (trainer, &test->batch, 1, 1e-2f, &result);
  g_assert_cmpuint (result.n_targets, ==, 0);
  g_assert_cmpfloat (result.loss, ==, 0.0);
  for (gsize i = 0; i < n_parameters; i++)
    g_assert_true (isfinite (parameters[i]));
}

/* All tokens of a text are the same, so the hidden ones can be known. */
static void
test_learns (void)
{
  static const guint32         lengths[] = { 30, 30, 30, 30, 30, 30, 30, 30 };
  g_autoptr(TestBatch)         test = test_batch_new (lengths, G_N_ELEMENTS (lengths), N_VOCABULARY, 2, 1);
  g_autoptr(WenEncoder)        encoder = wen_encoder_new (&shape);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &masking, 240, 8);
  gsize                        n_tensors;
  const WenTensor             *tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  const WenTensor             *output = &tensors[n_tensors - 2];
  g_autofree float            *untouched = NULL;
  WenStepResult                result;
  double                       share = 0;

  wen_encoder_initialize (encoder, 1);
  g_assert_cmpstr (output->name, ==, "output.weight");
  untouched = g_memdup2 (output->values, output->n_values * sizeof (float));

  for (guint64 step = 1; step <= 300; step++)
    {
      for (gsize i = 0; i < test->batch.n_tokens; i++)
        test->token_ids[i] = 2 + (guint32) ((i / 30 * 7 + step * 11) % (N_VOCABULARY - 2));
      wen_encoder_trainer_step (trainer, &test->batch, step, 5e-3f, &result);
      if (step == 1)
        g_assert_cmpfloat_with_epsilon (result.loss, log (N_VOCABULARY), 0.3);
      if (step > 280)
        share += (double) result.n_correct / (double) result.n_targets / 20;
    }
  g_assert_cmpfloat (share, >, 0.95);
  g_assert_cmpmem (output->values, output->n_values * sizeof (float), untouched, output->n_values * sizeof (float));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/masked-tokens/shares", test_shares);
  g_test_add_func ("/wen/nn/masked-tokens/keys", test_keys);
  g_test_add_func ("/wen/nn/masked-tokens/nothing-to-hide", test_nothing_to_hide);
  g_test_add_func ("/wen/nn/masked-tokens/learns", test_learns);

  return g_test_run ();
}
