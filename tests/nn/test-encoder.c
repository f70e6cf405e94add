/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The whole encoder: names and shapes, gradients by central differences, that it
 * learns, that it repeats itself, and that a step allocates nothing. */

#include "config.h"

#include "nn-testing.h"

#include "wen-encoder-private.h"
#include "wen-encoder-trainer-private.h"

#include <stdlib.h>
#include <string.h>

/* Counts every allocation of the process, in all threads, by standing in the way
 * of the C library's.  Sanitizers stand there already. */
#if defined (__GLIBC__) && !defined (__SANITIZE_ADDRESS__) && !defined (__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS

static gint n_allocations;

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *block, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

void *
malloc (size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_malloc (size);
}

void *
calloc (size_t n,
        size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_calloc (n, size);
}

void *
realloc (void   *block,
         size_t  size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_realloc (block, size);
}

void *
aligned_alloc (size_t alignment,
               size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void   **block,
                size_t   alignment,
                size_t   size)
{
  g_atomic_int_inc (&n_allocations);
  *block = __libc_memalign (alignment, size);
  return *block != NULL ? 0 : 12;
}
#endif

static const guint32 mixed_lengths[] = { 5, 1, 9, 3, 12, 1, 7 };

static const WenEncoderConfig small_shape = {
  .n_vocabulary = 23,
  .n_positions = 12,
  .hidden_size = 12,
  .n_layers = 2,
  .n_heads = 3,
  .feed_forward_size = 20,
  .n_labels = 3,
  .norm_first = TRUE,
  .pool_first = FALSE,
  .norm_epsilon = 1e-5f,
};

/* With all that an encoder may have. */
static const WenEncoderConfig rich_shape = {
  .n_vocabulary = 23,
  .n_positions = 12,
  .hidden_size = 12,
  .n_layers = 2,
  .n_heads = 3,
  .feed_forward_size = 20,
  .n_labels = 3,
  .norm_first = TRUE,
  .norm_epsilon = 1e-5f,
  .n_ngrams = 50,
  .longest_ngram = 3,
};

static const WenEncoderTrainingConfig plain_training = {
  .beta1 = 0.9f,
  .beta2 = 0.999f,
  .epsilon = 1e-8f,
  .weight_decay = 0.01f,
  .clip_norm = 1.0f,
  .seed = 5,
};

/* Weights large enough for every gradient to stand out from rounding. */
static WenEncoder *
new_encoder (const WenEncoderConfig *shape,
             double                  deviation)
{
  WenEncoder *encoder = wen_encoder_new (shape);
  gsize       n_tensors;

  const WenTensor *tensors = wen_encoder_list_tensors (encoder, &n_tensors);

  wen_encoder_initialize (encoder, 3);
  for (gsize i = 0; i < n_tensors && deviation > 0; i++)
    for (gsize j = 0; j < tensors[i].n_values; j++)
      tensors[i].values[j] = (float) (deviation * wen_random_normal (4, i, j))
                             + (g_str_has_suffix (tensors[i].name, "norm.weight") ? 1.0f : 0.0f);
  return encoder;
}

static void
test_tensors (void)
{
  g_autoptr(WenEncoder)  encoder = new_encoder (&small_shape, 0);
  const WenTensor       *tensors;
  gsize                  n_tensors;
  gsize                  n_parameters;
  float                 *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  double                 sum = 0.0;
  double                 squares = 0.0;

  tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  g_assert_cmpuint (n_tensors, ==, 2 + 2 * 12 + 4);
  g_assert_cmpstr (tensors[0].name, ==, "embeddings.token.weight");
  g_assert_cmpuint (tensors[0].shape[0], ==, 23);
  g_assert_cmpuint (tensors[0].shape[1], ==, 12);
  g_assert_true (tensors[0].decays);
  g_assert_cmpstr (tensors[4].name, ==, "layers.0.attention.query_key_value.weight");
  g_assert_cmpuint (tensors[4].shape[0], ==, 36);
  g_assert_cmpstr (tensors[n_tensors - 1].name, ==, "output.bias");
  g_assert_cmpuint (tensors[n_tensors - 1].n_dimensions, ==, 1);
  g_assert_false (tensors[n_tensors - 1].decays);

  for (gsize i = 0; i < n_tensors; i++)
    {
      gsize end = i + 1 < n_tensors ? (gsize) (tensors[i + 1].values - parameters) : n_parameters;

      g_assert_cmpuint ((gsize) (tensors[i].values - parameters) + tensors[i].n_values, <=, end);
      for (gsize j = 0; j < tensors[i].n_values; j++)
        {
          float value = tensors[i].values[j];

          if (tensors[i].n_dimensions == 1)
            g_assert_cmpfloat (value, ==, g_str_has_suffix (tensors[i].name, "norm.weight") ? 1.0f : 0.0f);
          else if (i == 0)
            {
              sum += (double) value;
              squares += (double) value * (double) value;
            }
        }
    }
  /* 276 numbers: three standard errors. */
  g_assert_cmpfloat (fabs (sum / 276), <, 3 * 0.02 / sqrt (276));
  g_assert_cmpfloat_with_epsilon (sqrt (squares / 276), 0.02, 3 * 0.02 / sqrt (2 * 276));
}

static double
loss_at (WenEncoderTrainer *trainer,
         const WenBatch    *batch,
         float             *scratch)
{
  WenStepResult result;

  wen_encoder_trainer_compute_gradient (trainer, batch, 1, scratch, &result);
  return result.loss;
}

/* Compares a gradient with the loss itself: along the gradient of each tensor,
 * where all elements count at once, and for some elements alone. */
static void
check_gradient_of (const WenEncoderConfig         *shape,
                   const WenEncoderTrainingConfig *training,
                   const WenBatch                 *batch,
                   guint                           n_workers)
{
  g_autoptr(WenEncoder)        encoder = new_encoder (shape, 0.25);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (n_workers);
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, training,
                                                                  batch->n_tokens, batch->n_texts);
  const WenTensor             *tensors;
  gsize                        n_tensors;
  gsize                        n_parameters;
  float                       *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  g_autofree float            *gradient = g_new (float, n_parameters);
  g_autofree float            *scratch = g_new (float, n_parameters);
  g_autofree float            *original = g_memdup2 (parameters, n_parameters * sizeof (float));
  WenStepResult                result;

  wen_encoder_trainer_compute_gradient (trainer, batch, 1, gradient, &result);
  tensors = wen_encoder_list_tensors (encoder, &n_tensors);

  for (gsize i = 0; i < n_tensors; i++)
    {
      const WenTensor *tensor = &tensors[i];
      gsize            offset = (gsize) (tensor->values - parameters);
      double           norm = 0.0;
      double           rise;

      for (gsize j = 0; j < tensor->n_values; j++)
        norm += (double) gradient[offset + j] * (double) gradient[offset + j];
      norm = sqrt (norm);
      /* Guessing tokens says nothing about the classifier. */
      if (training->masked_share > 0.0f && g_str_has_prefix (tensor->name, "output."))
        {
          g_assert_cmpfloat (norm, ==, 0.0);
          continue;
        }
      g_assert_cmpfloat (norm, >, 1e-4);

      for (gsize j = 0; j < tensor->n_values; j++)
        parameters[offset + j] = original[offset + j] + (float) (5e-3 * (double) gradient[offset + j] / norm);
      rise = loss_at (trainer, batch, scratch);
      for (gsize j = 0; j < tensor->n_values; j++)
        parameters[offset + j] = original[offset + j] - (float) (5e-3 * (double) gradient[offset + j] / norm);
      rise -= loss_at (trainer, batch, scratch);
      memcpy (parameters, original, n_parameters * sizeof (float));
      if (fabs (rise / 1e-2 - norm) > 1e-4 + 5e-3 * norm)
        g_error ("Along the gradient of %s the loss rises by %g, expected %g", tensor->name, rise / 1e-2, norm);

      for (gsize j = 0; j < 6; j++)
        {
          gsize  element = offset + wen_random_u64 (11, i, j) % tensor->n_values;
          double step;

          parameters[element] = original[element] + 1e-2f;
          step = (double) parameters[element];
          rise = loss_at (trainer, batch, scratch);
          parameters[element] = original[element] - 1e-2f;
          step -= (double) parameters[element];
          rise -= loss_at (trainer, batch, scratch);
          parameters[element] = original[element];
          if (fabs (rise / step - (double) gradient[element]) > 2e-4 + 1e-2 * fabs ((double) gradient[element]))
            g_error ("%s[%" G_GSIZE_FORMAT "]: gradient %g, by differences %g", tensor->name,
                     element - offset, (double) gradient[element], rise / step);
        }
    }
}

static void
check_gradient (const WenEncoderConfig         *shape,
                const WenEncoderTrainingConfig *training,
                const guint32                  *lengths,
                gsize                           n_texts,
                guint                           n_workers)
{
  g_autoptr(TestBatch) test = test_batch_new (lengths, n_texts, shape->n_vocabulary, shape->n_labels, 1);

  check_gradient_of (shape, training, &test->batch, n_workers);
}

static void
test_gradient_pre_norm (void)
{
  WenEncoderConfig shape = small_shape;

  check_gradient (&shape, &plain_training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
  shape.pool_first = TRUE;
  check_gradient (&shape, &plain_training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
}

static void
test_gradient_post_norm (void)
{
  WenEncoderConfig shape = small_shape;

  shape.norm_first = FALSE;
  check_gradient (&shape, &plain_training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
  shape.pool_first = TRUE;
  check_gradient (&shape, &plain_training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);
}

/* The choices of dropout hang on the step alone, so the loss stays a function. */
static void
test_gradient_dropout (void)
{
  WenEncoderConfig         shape = small_shape;
  WenEncoderTrainingConfig training = plain_training;

  training.dropout = 0.3f;
  training.label_smoothing = 0.1f;
  check_gradient (&shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);
  shape.norm_first = FALSE;
  check_gradient (&shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
}

/* More tokens than a group and than a block of attention has. */
static void
test_gradient_long (void)
{
  static const guint32 lengths[] = { 700, 3, 900 };
  WenEncoderConfig     shape = small_shape;

  shape.n_positions = 900;
  shape.n_layers = 1;
  check_gradient (&shape, &plain_training, lengths, G_N_ELEMENTS (lengths), 1);
}

/* N-grams of two, three and four tokens, so few rows that some share one. */
static void
test_gradient_ngrams (void)
{
  WenEncoderConfig shape = small_shape;

  shape.n_ngrams = 11;
  shape.longest_ngram = 4;
  check_gradient (&shape, &plain_training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);
  shape.norm_first = FALSE;
  check_gradient (&shape, &plain_training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
}

/* The token table is fetched from and compared with; its gradient is the sum of both.
 * What is hidden hangs on the step alone. */
static void
test_gradient_masked (void)
{
  static const guint32     long_lengths[] = { 400, 3 };
  WenEncoderConfig         shape = small_shape;
  WenEncoderTrainingConfig training = plain_training;

  training.masked_share = 0.4f;
  training.mask_id = 1;
  training.dropout = 0.2f;
  check_gradient (&shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
  check_gradient (&rich_shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);
  shape.norm_first = FALSE;
  check_gradient (&shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);

  /* More targets than go through at a time. */
  shape.n_positions = 400;
  shape.n_layers = 1;
  check_gradient (&shape, &training, long_lengths, G_N_ELEMENTS (long_lengths), 1);
}

/* Texts of different weights, and probabilities instead of labels. */
static void
test_gradient_soft (void)
{
  static const float       weights[] = { 0.5f, 2.0f, 1.0f, 0.0f, 1.5f, 1.0f, 1.0f };
  static const float       targets[] = { 0.5f, 0.25f, 0.25f, 0.0f, 0.0f, 1.0f, 0.1f, 0.7f, 0.2f, 1.0f, 0.0f,
                                         0.0f, 0.3f,  0.3f,  0.4f, 0.0f, 0.9f, 0.1f, 0.2f, 0.0f, 0.8f };
  g_autoptr(TestBatch)     test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
  WenEncoderTrainingConfig training = plain_training;

  training.label_smoothing = 0.1f;
  test->batch.weights = weights;
  check_gradient_of (&small_shape, &training, &test->batch, 1);
  test->batch.targets = targets;
  check_gradient_of (&small_shape, &training, &test->batch, 2);
}

/* Two copies of each text that differ by dropout alone. */
static void
test_gradient_consistency (void)
{
  WenEncoderConfig         shape = rich_shape;
  WenEncoderTrainingConfig training = plain_training;

  shape.n_ngrams = 11;
  training.dropout = 0.3f;
  training.consistency = 4.0f;
  check_gradient (&shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);
  training.mixup = 0.5f;
  training.label_smoothing = 0.1f;
  check_gradient (&shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
}

static void
test_gradient_mixup (void)
{
  WenEncoderTrainingConfig training = plain_training;

  training.mixup = 0.4f;
  check_gradient (&small_shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 1);
  training.dropout = 0.2f;
  check_gradient (&small_shape, &training, mixed_lengths, G_N_ELEMENTS (mixed_lengths), 2);
}

/* Without dropout the copies agree, and all is as with one of them. */
static void
test_copies_agree (void)
{
  g_autoptr(WenEncoder)    encoder = new_encoder (&rich_shape, 0.25);
  g_autoptr(WenWorkerPool) pool = wen_worker_pool_new (2);
  g_autoptr(TestBatch)     test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
  gsize                    n_parameters;
  float                   *gradients[2];
  WenStepResult            results[2];

  wen_encoder_get_parameters (encoder, &n_parameters);
  for (guint i = 0; i < 2; i++)
    {
      WenEncoderTrainingConfig     training = plain_training;
      g_autoptr(WenEncoderTrainer) trainer = NULL;

      training.consistency = i == 0 ? 0.0f : 5.0f;
      trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
      gradients[i] = g_new0 (float, n_parameters);
      wen_encoder_trainer_compute_gradient (trainer, &test->batch, 1, gradients[i], &results[i]);
    }
  assert_close (gradients[1], gradients[0], n_parameters, 1e-6, 1e-4);
  g_assert_cmpfloat_with_epsilon (results[0].loss, results[1].loss, 1e-6);
  g_assert_cmpuint (results[0].n_correct, ==, results[1].n_correct);
  g_free (gradients[0]);
  g_free (gradients[1]);
}

/* Frozen parts stay as they are, to the bit; the gradient of the others is what it is
 * without frozen parts. */
static void
test_frozen (void)
{
  for (guint variant = 0; variant < 8; variant++)
    {
      WenEncoderConfig             shape = rich_shape;
      WenEncoderTrainingConfig     training = plain_training;
      guint                        n_frozen = 1 + variant / 2; /* embeddings; layer 0; layer 1; more than there are */
      g_autoptr(WenEncoder)        encoder = NULL;
      g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
      g_autoptr(TestBatch)         test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
      g_autoptr(WenEncoderTrainer) whole = NULL;
      g_autoptr(WenEncoderTrainer) trainer = NULL;
      gsize                        n_tensors;
      const WenTensor             *tensors;
      gsize                        n_parameters;
      float                       *parameters;
      g_autofree float            *expected = NULL;
      g_autofree float            *gradient = NULL;
      g_autofree float            *before = NULL;
      WenStepResult                result;

      shape.norm_first = variant % 2 == 0;
      encoder = new_encoder (&shape, 0.25);
      parameters = wen_encoder_get_parameters (encoder, &n_parameters);
      tensors = wen_encoder_list_tensors (encoder, &n_tensors);
      expected = g_new (float, n_parameters);
      gradient = g_new (float, n_parameters);
      before = g_memdup2 (parameters, n_parameters * sizeof (float));

      whole = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
      training.n_frozen = n_frozen;
      trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
      wen_encoder_trainer_compute_gradient (whole, &test->batch, 1, expected, &result);
      wen_encoder_trainer_compute_gradient (trainer, &test->batch, 1, gradient, &result);
      for (guint64 step = 1; step <= 3; step++)
        wen_encoder_trainer_step (trainer, &test->batch, step, 1e-3f, &result);

      for (gsize i = 0; i < n_tensors; i++)
        {
          gsize    offset = (gsize) (tensors[i].values - parameters);
          gboolean frozen = tensors[i].part < MIN (n_frozen, shape.n_layers + 1);

          if (frozen)
            {
              g_assert_cmpmem (tensors[i].values, tensors[i].n_values * sizeof (float),
                               before + offset, tensors[i].n_values * sizeof (float));
              for (gsize j = 0; j < tensors[i].n_values; j++)
                g_assert_cmpfloat (gradient[offset + j], ==, 0.0f);
            }
          else
            {
              assert_close (gradient + offset, expected + offset, tensors[i].n_values, 1e-7, 1e-5);
              g_assert_true (memcmp (tensors[i].values, before + offset, tensors[i].n_values * sizeof (float)) != 0);
            }
        }
    }
}

/* The first step of Adam is as long as the learning rate, whatever the gradient. */
static void
test_layer_rate (void)
{
  g_autoptr(WenEncoder)        encoder = new_encoder (&small_shape, 0.25);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
  WenEncoderTrainingConfig     training = plain_training;
  g_autoptr(TestBatch)         test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
  g_autoptr(WenEncoderTrainer) trainer = NULL;
  gsize                        n_tensors;
  const WenTensor             *tensors = wen_encoder_list_tensors (encoder, &n_tensors);
  gsize                        n_parameters;
  float                       *parameters = wen_encoder_get_parameters (encoder, &n_parameters);
  g_autofree float            *before = g_memdup2 (parameters, n_parameters * sizeof (float));
  WenStepResult                result;

  training.weight_decay = 0.0f;
  training.layer_rate = 0.5;
  trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
  wen_encoder_trainer_step (trainer, &test->batch, 1, 1e-3f, &result);
  for (gsize i = 0; i < n_tensors; i++)
    {
      gsize  offset = (gsize) (tensors[i].values - parameters);
      double longest = 0.0;

      for (gsize j = 0; j < tensors[i].n_values; j++)
        longest = MAX (longest, fabs ((double) tensors[i].values[j] - (double) before[offset + j]));
      /* The output is part 3, the embeddings are part 0. */
      g_assert_cmpfloat_with_epsilon (longest, 1e-3 * pow (0.5, 3 - (double) tensors[i].part), 2e-6);
    }
}

/* Gradients of two workers are those of one, up to the order of sums. */
static void
check_workers_agree (float masked_share)
{
  g_autoptr(WenEncoder)    encoder = new_encoder (&small_shape, 0.25);
  g_autoptr(TestBatch)     test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
  WenEncoderTrainingConfig training = plain_training;
  gsize                    n_parameters;
  g_autofree float        *expected = NULL;

  training.dropout = 0.2f;
  training.masked_share = masked_share;
  wen_encoder_get_parameters (encoder, &n_parameters);

  /* 9: more workers than texts. */
  for (guint n_workers = 1; n_workers <= 9; n_workers += 1 + (n_workers == 3) * 5)
    {
      g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (n_workers);
      g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
      g_autofree float            *gradient = g_new (float, n_parameters);
      WenStepResult                result;

      wen_encoder_trainer_compute_gradient (trainer, &test->batch, 4, gradient, &result);
      if (expected == NULL)
        expected = g_steal_pointer (&gradient);
      else
        assert_close (gradient, expected, n_parameters, 2e-6, 1e-4);
    }
}

static void
test_workers_agree (void)
{
  check_workers_agree (0.0f);
  check_workers_agree (0.3f);
}

static void
test_overfit (void)
{
  for (guint norm_first = 0; norm_first < 2; norm_first++)
    {
      WenEncoderConfig             shape = small_shape;
      g_autoptr(WenEncoder)        encoder = NULL;
      g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
      g_autoptr(TestBatch)         test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
      g_autoptr(WenEncoderTrainer) trainer = NULL;
      WenStepResult                result;

      shape.norm_first = norm_first != 0;
      encoder = new_encoder (&shape, 0);
      trainer = wen_encoder_trainer_new (encoder, pool, &plain_training, 100, 10);
      wen_encoder_trainer_step (trainer, &test->batch, 1, 1e-2f, &result);
      g_assert_cmpfloat_with_epsilon (result.loss, log (3), 0.2);
      for (guint64 step = 2; step <= 200; step++)
        wen_encoder_trainer_step (trainer, &test->batch, step, 1e-2f, &result);
      g_assert_cmpfloat (result.loss, <, 1e-2);
      g_assert_cmpuint (result.n_correct, ==, G_N_ELEMENTS (mixed_lengths));
    }
}

static float *
train_some_steps (guint           n_workers,
                  float           masked_share,
                  guint64         seed,
                  double         *losses,
                  gsize          *n_parameters)
{
  g_autoptr(WenEncoder)        encoder = new_encoder (&rich_shape, 0);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (n_workers);
  WenEncoderTrainingConfig     training = plain_training;
  g_autoptr(WenEncoderTrainer) trainer = NULL;
  float                       *parameters = wen_encoder_get_parameters (encoder, n_parameters);

  training.dropout = 0.1f;
  training.mixup = masked_share > 0.0f ? 0.0f : 0.3f;
  training.consistency = masked_share > 0.0f ? 0.0f : 1.0f;
  training.weight_averaging = 0.9;
  training.seed = seed;
  training.masked_share = masked_share;
  trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
  for (guint64 step = 1; step <= 20; step++)
    {
      g_autoptr(TestBatch) test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, step);
      WenStepResult        result;

      wen_encoder_trainer_step (trainer, &test->batch, step, 1e-3f, &result);
      losses[step - 1] = result.loss;
    }

  return g_memdup2 (parameters, *n_parameters * sizeof (float));
}

static void
check_same_bits (float masked_share)
{
  for (guint n_workers = 1; n_workers <= 2; n_workers++)
    {
      double            losses[3][20];
      gsize             n_parameters;
      g_autofree float *first = train_some_steps (n_workers, masked_share, 1, losses[0], &n_parameters);
      g_autofree float *second = train_some_steps (n_workers, masked_share, 1, losses[1], &n_parameters);
      g_autofree float *other = train_some_steps (n_workers, masked_share, 2, losses[2], &n_parameters);

      g_assert_cmpmem (first, n_parameters * sizeof (float), second, n_parameters * sizeof (float));
      g_assert_cmpmem (losses[0], sizeof losses[0], losses[1], sizeof losses[1]);
      g_assert_true (memcmp (first, other, n_parameters * sizeof (float)) != 0);
    }
}

static void
test_same_bits (void)
{
  check_same_bits (0.0f);
  check_same_bits (0.3f);
}

static void
test_no_allocation (void)
{
#ifdef COUNTS_ALLOCATIONS
  static const WenEncoderTrainingConfig rich_training = {
    .beta1 = 0.9f,
    .beta2 = 0.999f,
    .epsilon = 1e-8f,
    .weight_decay = 0.01f,
    .clip_norm = 1.0f,
    .seed = 5,
    .mixup = 0.3f,
    .consistency = 1.0f,
    .weight_averaging = 0.9,
    .layer_rate = 0.9,
  };
  g_autoptr(WenEncoder)          encoder = new_encoder (&rich_shape, 0);
  g_autoptr(WenWorkerPool)       pool = wen_worker_pool_new (2);
  g_autoptr(TestBatch)           test = test_batch_new (mixed_lengths, G_N_ELEMENTS (mixed_lengths), 23, 3, 1);
  gint                           n_before = g_atomic_int_get (&n_allocations);
  g_autoptr(WenEncoderTrainer)   trainer = wen_encoder_trainer_new (encoder, pool, &rich_training, 100, 10);
  g_autoptr(WenEncoderPredictor) predictor = wen_encoder_predictor_new (encoder, pool, 100, 10);
  float                          logits[30];
  WenEncoderTrainingConfig       masking = plain_training;
  g_autoptr(WenEncoderTrainer)   guesser = NULL;
  WenStepResult                  result;

  masking.masked_share = 0.3f;
  guesser = wen_encoder_trainer_new (encoder, pool, &masking, 100, 10);

  /* Making a trainer allocates, so the counter counts. */
  g_assert_cmpint (g_atomic_int_get (&n_allocations), >, n_before + 10);

  n_before = g_atomic_int_get (&n_allocations);
  for (guint64 step = 1; step < 20; step++)
    {
      wen_encoder_trainer_step (trainer, &test->batch, step, 1e-3f, &result);
      wen_encoder_trainer_step (guesser, &test->batch, step, 1e-3f, &result);
      wen_encoder_predictor_run (predictor, &test->batch, logits);
    }
  g_assert_cmpint (g_atomic_int_get (&n_allocations), ==, n_before);
#else
  g_test_skip ("Allocations cannot be counted in this build");
#endif
}

/* The loss worked out from a predictor's logits is the trainer's. */
static void
test_predictor (void)
{
  for (guint variant = 0; variant < 4; variant++)
    {
      WenEncoderConfig             shape = small_shape;
      g_autoptr(WenEncoder)        encoder = NULL;
      g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
      g_autoptr(WenEncoderTrainer) trainer = NULL;
      guint32                      lengths[200];
      float                        logits[200 * 3];
      float                        alone[200 * 3];
      g_autoptr(TestBatch)         test = NULL;
      g_autofree float            *gradient = NULL;
      gsize                        n_parameters;
      WenStepResult                result;
      double                       loss = 0.0;
      gsize                        n_correct = 0;

      shape.norm_first = variant & 1;
      shape.pool_first = variant & 2;
      for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
        lengths[i] = (guint32) (1 + wen_random_u64 (1, 1, i) % 12);
      encoder = new_encoder (&shape, 0.25);
      test = test_batch_new (lengths, G_N_ELEMENTS (lengths), 23, 3, 1);
      trainer = wen_encoder_trainer_new (encoder, pool, &plain_training, test->batch.n_tokens, 200);
      wen_encoder_get_parameters (encoder, &n_parameters);
      gradient = g_new (float, n_parameters);
      wen_encoder_trainer_compute_gradient (trainer, &test->batch, 1, gradient, &result);

      for (guint with_pool = 0; with_pool < 2; with_pool++)
        {
          g_autoptr(WenEncoderPredictor) predictor =
              wen_encoder_predictor_new (encoder, with_pool ? pool : NULL, test->batch.n_tokens, 200);

          wen_encoder_predictor_run (predictor, &test->batch, with_pool ? logits : alone);
        }
      assert_close (logits, alone, 600, 1e-5, 1e-5);

      for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
        {
          const float *row = logits + 3 * i;
          double       sum = 0.0;
          gsize        best = 0;

          for (gsize j = 0; j < 3; j++)
            {
              sum += exp ((double) row[j]);
              best = row[j] > row[best] ? j : best;
            }
          loss += log (sum) - (double) row[test->labels[i]];
          n_correct += best == test->labels[i];
        }
      g_assert_cmpfloat_with_epsilon (loss / 200, result.loss, 1e-5);
      g_assert_cmpuint (n_correct, ==, result.n_correct);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/encoder/tensors", test_tensors);
  g_test_add_func ("/wen/nn/encoder/gradient/pre-norm", test_gradient_pre_norm);
  g_test_add_func ("/wen/nn/encoder/gradient/post-norm", test_gradient_post_norm);
  g_test_add_func ("/wen/nn/encoder/gradient/dropout", test_gradient_dropout);
  g_test_add_func ("/wen/nn/encoder/gradient/long", test_gradient_long);
  g_test_add_func ("/wen/nn/encoder/gradient/n-grams", test_gradient_ngrams);
  g_test_add_func ("/wen/nn/encoder/gradient/masked", test_gradient_masked);
  g_test_add_func ("/wen/nn/encoder/gradient/soft", test_gradient_soft);
  g_test_add_func ("/wen/nn/encoder/gradient/consistency", test_gradient_consistency);
  g_test_add_func ("/wen/nn/encoder/gradient/mixup", test_gradient_mixup);
  g_test_add_func ("/wen/nn/encoder/copies-agree", test_copies_agree);
  g_test_add_func ("/wen/nn/encoder/frozen", test_frozen);
  g_test_add_func ("/wen/nn/encoder/layer-rate", test_layer_rate);
  g_test_add_func ("/wen/nn/encoder/workers-agree", test_workers_agree);
  g_test_add_func ("/wen/nn/encoder/overfit", test_overfit);
  g_test_add_func ("/wen/nn/encoder/same-bits", test_same_bits);
  g_test_add_func ("/wen/nn/encoder/no-allocation", test_no_allocation);
  g_test_add_func ("/wen/nn/encoder/predictor", test_predictor);

  return g_test_run ();
}
