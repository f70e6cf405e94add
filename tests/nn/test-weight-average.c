/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The moving average of the weights, against its definition, step by step. */

#include "config.h"

#include "nn-testing.h"

#include "wen-encoder-private.h"

#include <string.h>

#define N_STEPS 24
#define KEEP 0.6 /* the beginning ends after step 8 */

static const guint32 lengths[] = { 5, 1, 9, 3, 12, 2, 7 };

static const WenEncoderConfig shape = {
  .n_vocabulary = 60,
  .n_positions = 12,
  .hidden_size = 12,
  .n_layers = 1,
  .n_heads = 3,
  .feed_forward_size = 20,
  .n_labels = 3,
  .norm_first = TRUE,
  .norm_epsilon = 1e-5f,
  .n_ngrams = 300,
  .longest_ngram = 3,
};

static const WenEncoderTrainingConfig training = {
  .beta1 = 0.9f,
  .beta2 = 0.999f,
  .epsilon = 1e-8f,
  .weight_decay = 0.01f,
  .clip_norm = 1.0f,
  .dropout = 0.1f,
  .seed = 5,
  .weight_averaging = KEEP,
};

/* Every batch has other texts, so that rows of n-grams come and go. */
static void
train_step (WenEncoderTrainer *trainer,
            guint64            step)
{
  g_autoptr(TestBatch) test = test_batch_new (lengths, G_N_ELEMENTS (lengths), 60, 3, step % 5);
  WenStepResult        result;

  wen_encoder_trainer_step (trainer, &test->batch, step, 1e-2f, &result);
}

static void
test_definition (void)
{
  g_autoptr(WenEncoder)        encoder = wen_encoder_new (&shape);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
  gsize                        n_parameters;
  float                       *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  g_autofree double           *averages = g_new0 (double, n_parameters);

  wen_encoder_initialize (encoder, 1);
  for (guint64 step = 1; step <= N_STEPS; step++)
    {
      g_autofree float *weights = NULL;
      double            share = MAX (1 - KEEP, 5.0 / ((double) step + 4.0));

      train_step (trainer, step);
      weights = g_memdup2 (parameters, n_parameters * sizeof (float));
      for (gsize i = 0; i < n_parameters; i++)
        averages[i] += share * ((double) weights[i] - averages[i]);

      /* Not at every step, or no row would ever have to catch up. */
      if (step % 6 != 0)
        continue;
      wen_encoder_trainer_show_average (trainer, TRUE, step);
      for (gsize i = 0; i < n_parameters; i++)
        g_assert_cmpfloat_with_epsilon ((double) parameters[i], averages[i], 1e-6);
      wen_encoder_trainer_show_average (trainer, FALSE, step);
      g_assert_cmpmem (parameters, n_parameters * sizeof (float), weights, n_parameters * sizeof (float));
    }
}

/* Training itself takes no notice of it, whether it is looked at or not. */
static void
test_apart (void)
{
  WenEncoderTrainingConfig without = training;
  g_autoptr(WenWorkerPool) pool = wen_worker_pool_new (2);
  g_autofree float        *expected = NULL;

  without.weight_averaging = 0.0;
  for (guint variant = 0; variant < 3; variant++)
    {
      g_autoptr(WenEncoder)        encoder = wen_encoder_new (&shape);
      g_autoptr(WenEncoderTrainer) trainer = NULL;
      gsize                        n_parameters;
      float                       *parameters = wen_encoder_get_parameters (encoder, &n_parameters);

      wen_encoder_initialize (encoder, 1);
      trainer = wen_encoder_trainer_new (encoder, pool, variant == 0 ? &without : &training, 100, 10);
      for (guint64 step = 1; step <= N_STEPS; step++)
        {
          train_step (trainer, step);
          if (variant != 1)
            {
              wen_encoder_trainer_show_average (trainer, TRUE, step);
              wen_encoder_trainer_show_average (trainer, FALSE, step);
            }
        }
      if (expected == NULL)
        expected = g_memdup2 (parameters, n_parameters * sizeof (float));
      g_assert_cmpmem (parameters, n_parameters * sizeof (float), expected, n_parameters * sizeof (float));
    }
}

/* Frozen weights are their own average, to the bit. */
static void
test_frozen (void)
{
  WenEncoderTrainingConfig     frozen = training;
  g_autoptr(WenEncoder)        encoder = wen_encoder_new (&shape);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (1);
  g_autoptr(WenEncoderTrainer) trainer = NULL;
  gsize                        n_tensors;
  const WenTensor             *tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  g_autofree float            *before = NULL;

  wen_encoder_initialize (encoder, 1);
  before = g_memdup2 (tensors[0].values, tensors[0].n_values * sizeof (float));
  frozen.n_frozen = 1;
  trainer = wen_encoder_trainer_new (encoder, pool, &frozen, 100, 10);
  for (guint64 step = 1; step <= N_STEPS; step++)
    train_step (trainer, step);
  wen_encoder_trainer_show_average (trainer, TRUE, N_STEPS);
  g_assert_cmpmem (tensors[0].values, tensors[0].n_values * sizeof (float),
                   before, tensors[0].n_values * sizeof (float));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/weight-average/definition", test_definition);
  g_test_add_func ("/wen/nn/weight-average/apart", test_apart);
  g_test_add_func ("/wen/nn/weight-average/frozen", test_frozen);

  return g_test_run ();
}
