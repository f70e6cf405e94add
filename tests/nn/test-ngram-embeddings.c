/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Embeddings of n-grams: which rows they are, that an encoder adds them, and that
 * training touches no row but those of its batch. */

#include "config.h"

#include "nn-testing.h"

#include "wen-embedding-private.h"
#include "wen-encoder-private.h"
#include "wen-ngram-hash-private.h"
#include "wen-occurrences-private.h"

#include <string.h>

static const guint32 lengths[] = { 5, 1, 9, 3, 12, 2, 7 };

static const WenEncoderConfig shape = {
  .n_vocabulary = 23,
  .n_positions = 12,
  .hidden_size = 12,
  .n_layers = 1,
  .n_heads = 3,
  .feed_forward_size = 20,
  .n_labels = 3,
  .norm_first = TRUE,
  .norm_epsilon = 1e-5f,
  .n_ngrams = 500,
  .longest_ngram = 3,
};

static const WenEncoderTrainingConfig training = {
  .beta1 = 0.9f,
  .beta2 = 0.999f,
  .epsilon = 1e-8f,
  .weight_decay = 0.01f,
  .clip_norm = 1.0f,
  .seed = 5,
};

static WenEncoder *
new_encoder (const WenEncoderConfig *config)
{
  WenEncoder *encoder = wen_encoder_new (config);

  wen_encoder_initialize (encoder, 3);
  return encoder;
}

static const WenTensor *
find_tensor (WenEncoder *encoder,
             const char *name)
{
  gsize            n_tensors;
  const WenTensor *tensors = wen_encoder_list_tensors (encoder, &n_tensors);

  for (gsize i = 0; i < n_tensors; i++)
    if (g_str_equal (tensors[i].name, name))
      return &tensors[i];
  return NULL;
}

static guint32
hash_backwards (const guint32 *last,
                guint          length)
{
  guint64 hash = WEN_NGRAM_HASH_START;

  for (guint i = 0; i < length; i++)
    hash = wen_ngram_hash_add (hash, last[-(gssize) i]);
  return wen_ngram_hash_get_row (hash, 1000);
}

static void
test_rows (void)
{
  /* The same three tokens at 1 and at 5, and the other way round at 8. */
  static const guint32 text[] = { 2, 7, 8, 9, 4, 7, 8, 9, 9, 8, 7 };
  guint32              rows[G_N_ELEMENTS (text) * 3];

  wen_ngram_rows (rows, text, G_N_ELEMENTS (text), 4, 1000);
  for (gsize i = 0; i < G_N_ELEMENTS (text); i++)
    for (guint length = 2; length <= 4; length++)
      {
        guint32 row = rows[i * 3 + length - 2];

        /* The first token is in none. */
        if (i < length)
          g_assert_cmpuint (row, ==, WEN_NO_ROW);
        else
          g_assert_cmpuint (row, ==, hash_backwards (text + i, length));
      }
  g_assert_cmpuint (rows[3 * 3 + 1], ==, rows[7 * 3 + 1]);
  g_assert_cmpuint (rows[3 * 3 + 1], !=, rows[10 * 3 + 1]);
  g_assert_cmpuint (rows[3 * 3 + 0], !=, rows[3 * 3 + 1]);
}

/* Runs over a large range fall evenly into the rows. */
static void
test_spread (void)
{
  guint counts[64] = { 0 };

  for (guint32 first = 0; first < 256; first++)
    for (guint32 second = 0; second < 256; second++)
      {
        const guint32 text[] = { 0, first, second };
        guint32       rows[3];

        wen_ngram_rows (rows, text, 3, 2, 64);
        counts[rows[2]]++;
      }
  for (guint i = 0; i < 64; i++)
    g_assert_cmpfloat_with_epsilon ((double) counts[i], 1024.0, 6 * 32.0);
}

/* The table is there only where a shape asks for it, and at 0 changes nothing. */
static void
test_none (void)
{
  WenEncoderConfig               without = shape;
  g_autoptr(WenEncoder)          encoder = new_encoder (&shape);
  g_autoptr(WenEncoder)          plain = NULL;
  g_autoptr(TestBatch)           test = test_batch_new (lengths, G_N_ELEMENTS (lengths), 23, 3, 1);
  g_autoptr(WenEncoderPredictor) predictor = wen_encoder_predictor_new (encoder, NULL, 100, 10);
  g_autoptr(WenEncoderPredictor) plain_predictor = NULL;
  float                          logits[2][G_N_ELEMENTS (lengths) * 3];

  without.n_ngrams = 0;
  plain = new_encoder (&without);
  g_assert_null (find_tensor (plain, "embeddings.ngram.weight"));
  g_assert_nonnull (find_tensor (encoder, "embeddings.ngram.weight"));

  plain_predictor = wen_encoder_predictor_new (plain, NULL, 100, 10);
  wen_encoder_predictor_run (predictor, &test->batch, logits[0]);
  wen_encoder_predictor_run (plain_predictor, &test->batch, logits[1]);
  g_assert_cmpmem (logits[0], sizeof logits[0], logits[1], sizeof logits[1]);
}

/* An encoder without n-grams, where each token of the batch is a word of its own whose
 * embedding is the sum, must say the same. */
static void
test_sum (void)
{
  g_autoptr(TestBatch)           test = test_batch_new (lengths, G_N_ELEMENTS (lengths), 23, 3, 1);
  g_autoptr(WenEncoder)          encoder = new_encoder (&shape);
  WenEncoderConfig               summed_shape = shape;
  g_autoptr(WenEncoder)          summed = NULL;
  g_autofree guint32            *own_ids = g_new (guint32, test->batch.n_tokens);
  WenBatch                       own_batch = test->batch;
  const float                   *tokens = find_tensor (encoder, "embeddings.token.weight")->values;
  float                         *ngrams = find_tensor (encoder, "embeddings.ngram.weight")->values;
  g_autoptr(WenEncoderPredictor) predictor = wen_encoder_predictor_new (encoder, NULL, 100, 10);
  g_autoptr(WenEncoderPredictor) summed_predictor = NULL;
  float                          logits[2][G_N_ELEMENTS (lengths) * 3];
  float                         *sums;
  gsize                          n_tensors;
  const WenTensor               *tensors = wen_encoder_list_tensors (encoder, &n_tensors);

  for (gsize i = 0; i < 500 * 12; i++)
    ngrams[i] = (float) (0.05 * wen_random_normal (1, 1, i));

  summed_shape.n_ngrams = 0;
  summed_shape.n_vocabulary = (guint) test->batch.n_tokens;
  summed = new_encoder (&summed_shape);
  for (gsize i = 1; i + 1 < n_tensors; i++)
    memcpy (find_tensor (summed, tensors[i].name)->values, tensors[i].values, tensors[i].n_values * sizeof (float));

  sums = find_tensor (summed, "embeddings.token.weight")->values;
  for (gsize text = 0; text < test->batch.n_texts; text++)
    for (guint32 i = test->offsets[text]; i < test->offsets[text + 1]; i++)
      {
        own_ids[i] = i;
        for (guint j = 0; j < 12; j++)
          sums[i * 12 + j] = tokens[test->token_ids[i] * 12 + j];
        for (guint length = 2; length <= 3 && i - test->offsets[text] >= length; length++)
          {
            guint64 hash = WEN_NGRAM_HASH_START;

            for (guint k = 0; k < length; k++)
              hash = wen_ngram_hash_add (hash, test->token_ids[i - k]);
            for (guint j = 0; j < 12; j++)
              sums[i * 12 + j] += ngrams[wen_ngram_hash_get_row (hash, 500) * 12 + j];
          }
      }
  own_batch.token_ids = own_ids;

  summed_predictor = wen_encoder_predictor_new (summed, NULL, 100, 10);
  wen_encoder_predictor_run (predictor, &test->batch, logits[0]);
  wen_encoder_predictor_run (summed_predictor, &own_batch, logits[1]);
  assert_close (logits[0], logits[1], G_N_ELEMENTS (lengths) * 3, 1e-6, 1e-5);
}

/* Rows of other texts stay as they are, to the bit; those of the batch do not. */
static void
test_touched (void)
{
  g_autoptr(WenEncoder)        encoder = new_encoder (&shape);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (2);
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
  g_autoptr(TestBatch)         test = test_batch_new (lengths, G_N_ELEMENTS (lengths), 23, 3, 1);
  const WenTensor             *tensor = find_tensor (encoder, "embeddings.ngram.weight");
  g_autofree float            *before = g_memdup2 (tensor->values, tensor->n_values * sizeof (float));
  gboolean                     occurs[500] = { FALSE };
  WenStepResult                result;

  for (gsize text = 0; text < test->batch.n_texts; text++)
    {
      guint32 rows[12 * 2];

      wen_ngram_rows (rows, test->token_ids + test->offsets[text], lengths[text], 3, 500);
      for (gsize i = 0; i < 2 * lengths[text]; i++)
        if (rows[i] != WEN_NO_ROW)
          occurs[rows[i]] = TRUE;
    }

  for (guint64 step = 1; step <= 3; step++)
    wen_encoder_trainer_step (trainer, &test->batch, step, 1e-3f, &result);
  for (gsize row = 0; row < 500; row++)
    g_assert_true ((memcmp (before + row * 12, tensor->values + row * 12, 12 * sizeof (float)) != 0) == occurs[row]);
}

/* Random texts with random labels are learnt by heart. */
static void
test_learns (void)
{
  g_autoptr(WenEncoder)        encoder = new_encoder (&shape);
  g_autoptr(WenWorkerPool)     pool = wen_worker_pool_new (1);
  g_autoptr(WenEncoderTrainer) trainer = wen_encoder_trainer_new (encoder, pool, &training, 100, 10);
  g_autoptr(TestBatch)         test = test_batch_new (lengths, G_N_ELEMENTS (lengths), 23, 3, 1);
  WenStepResult                result;

  for (guint64 step = 1; step <= 200; step++)
    wen_encoder_trainer_step (trainer, &test->batch, step, 1e-2f, &result);
  g_assert_cmpfloat (result.loss, <, 1e-2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/ngram-embeddings/rows", test_rows);
  g_test_add_func ("/wen/nn/ngram-embeddings/spread", test_spread);
  g_test_add_func ("/wen/nn/ngram-embeddings/none", test_none);
  g_test_add_func ("/wen/nn/ngram-embeddings/sum", test_sum);
  g_test_add_func ("/wen/nn/ngram-embeddings/touched", test_touched);
  g_test_add_func ("/wen/nn/ngram-embeddings/learns", test_learns);

  return g_test_run ();
}
