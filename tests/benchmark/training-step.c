/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast a training step and a prediction are, against the matrix product of the
 * same machine in the same minute.
 *
 * The products are timed between the steps, so that a busy machine slows both
 * alike; each figure is the median of its runs.  Useful work is 6 operations for
 * each weight of a matrix and token, and 12 for each pair of tokens of a text and
 * element of a hidden row, in each layer: what a step needs without any copy,
 * padding or second computation.
 *
 * usage: training-step [SECONDS of each row, 2] [ROW, counted from 0; all] [LENGTHS]
 *
 * LENGTHS is a file with the lengths of texts in tokens, one a line, of which the
 * batches are made instead of random ones: those of a real table.
 */

#include "config.h"

#include "benchmark.h"
#include "nn/nn-testing.h"

#include "wen-blas-private.h"
#include "wen-encoder-private.h"

#define N_BATCHES  64
#define N_TEXTS    32
#define N_RUNS_MAX 4096

typedef struct
{
  const char *name;
  guint       hidden_size;
  guint       n_layers;
  guint       n_heads;
  guint       feed_forward_size;
  guint       n_vocabulary;
  guint       shortest;    /* text, in tokens */
  guint       longest;
} Setting;

static const Setting settings[] = {
  { "128 x 2, 25 tokens", 128, 2, 2, 512, 4000, 10, 40 },
  { "512 x 1, 128 tokens", 512, 1, 8, 2048, 4000, 128, 128 },
  { "512 x 2, 128 tokens", 512, 2, 8, 2048, 4000, 128, 128 },
};

/* 512 x 512 x 512, in each worker on matrices of its own. */
#define PRODUCT_SIZE 512

static void
multiply (guint    worker,
          gpointer data)
{
  float *matrices = (float *) data + worker * 3 * PRODUCT_SIZE * PRODUCT_SIZE;

  wen_multiply_transposed (matrices, PRODUCT_SIZE, matrices + PRODUCT_SIZE * PRODUCT_SIZE, PRODUCT_SIZE,
                           matrices + 2 * PRODUCT_SIZE * PRODUCT_SIZE, PRODUCT_SIZE,
                           PRODUCT_SIZE, PRODUCT_SIZE, PRODUCT_SIZE, FALSE);
}

/* Lengths of the texts of all batches. */
static guint32 *
make_lengths (const Setting *setting,
              const char    *path)
{
  guint32         *lengths = g_new (guint32, N_BATCHES * N_TEXTS);
  g_autofree char *contents = NULL;
  g_auto (GStrv)   lines = NULL;
  guint            n_lines = 0;

  if (path != NULL)
    {
      if (!g_file_get_contents (path, &contents, NULL, NULL))
        g_error ("%s cannot be read", path);
      lines = g_strsplit_set (g_strstrip (contents), "\n", -1);
      n_lines = g_strv_length (lines);
    }
  for (guint i = 0; i < N_BATCHES * N_TEXTS; i++)
    lengths[i] = n_lines > 0
                   ? CLAMP ((guint32) g_ascii_strtoull (lines[i % n_lines], NULL, 10), 1, 128)
                   : setting->shortest
                       + (guint32) (wen_random_u64 (2, i / N_TEXTS, i % N_TEXTS)
                                    % (setting->longest - setting->shortest + 1));
  return lengths;
}

static void
measure (const Setting *setting,
         guint          n_threads,
         double         seconds,
         const char    *lengths_path)
{
  WenEncoderConfig shape = {
    .n_vocabulary = setting->n_vocabulary,
    .n_positions = 128,
    .hidden_size = setting->hidden_size,
    .n_layers = setting->n_layers,
    .n_heads = setting->n_heads,
    .feed_forward_size = setting->feed_forward_size,
    .n_labels = 10,
    .norm_first = TRUE,
    .norm_epsilon = 1e-5f,
  };
  WenEncoderTrainingConfig training = {
    .beta1 = 0.9f,
    .beta2 = 0.999f,
    .epsilon = 1e-8f,
    .weight_decay = 0.01f,
    .clip_norm = 1.0f,
    .dropout = 0.1f,
    .seed = 1,
  };
  g_autoptr(WenEncoder)          encoder = wen_encoder_new (&shape);
  g_autoptr(WenWorkerPool)       pool = wen_worker_pool_new (n_threads);
  g_autoptr(WenEncoderTrainer)   trainer = wen_encoder_trainer_new (encoder, pool, &training, N_TEXTS * 128, N_TEXTS);
  g_autoptr(WenEncoderPredictor) predictor = wen_encoder_predictor_new (encoder, pool, N_TEXTS * 128, N_TEXTS);
  g_autofree float              *matrices = random_floats (n_threads * 3 * PRODUCT_SIZE * PRODUCT_SIZE, 1, 1.0);
  g_autofree guint32            *lengths = make_lengths (setting, lengths_path);
  g_autofree double             *step_times = g_new (double, N_RUNS_MAX);
  g_autofree double             *predict_times = g_new (double, N_RUNS_MAX);
  g_autofree double             *product_times = g_new (double, N_RUNS_MAX);
  TestBatch                     *batches[N_BATCHES];
  float                          logits[N_TEXTS * 10];
  double                         per_token;
  double                         per_pair;
  double                         n_tokens = 0.0;
  double                         work = 0.0;
  double                         end;
  double                         step_seconds;
  double                         predict_seconds;
  double                         product_rate;
  gsize                          n_runs = 0;

  per_token = 6.0 * setting->n_layers * (4.0 * setting->hidden_size * setting->hidden_size
                                         + 2.0 * setting->hidden_size * setting->feed_forward_size);
  per_pair = 12.0 * setting->n_layers * setting->hidden_size;

  wen_encoder_initialize (encoder, 1);
  for (guint i = 0; i < N_BATCHES; i++)
    {
      const guint32 *batch_lengths = lengths + i * N_TEXTS;

      batches[i] = test_batch_new (batch_lengths, N_TEXTS, setting->n_vocabulary, 10, i);
      n_tokens += (double) batches[i]->batch.n_tokens / N_BATCHES;
      for (guint j = 0; j < N_TEXTS; j++)
        work += (batch_lengths[j] * per_token + (double) batch_lengths[j] * batch_lengths[j] * per_pair) / N_BATCHES;
    }

  end = benchmark_now () + seconds;
  for (guint64 step = 1; (n_runs < 8 || benchmark_now () < end) && n_runs < N_RUNS_MAX; step++)
    {
      const WenBatch *batch = &batches[step % N_BATCHES]->batch;
      WenStepResult   result;
      double          times[4];

      /* The first only brings the matrices back into the cache. */
      wen_worker_pool_run (pool, multiply, matrices);
      times[0] = benchmark_now ();
      wen_worker_pool_run (pool, multiply, matrices);
      times[1] = benchmark_now ();
      wen_encoder_trainer_step (trainer, batch, step, 5e-4f, &result);
      times[2] = benchmark_now ();
      wen_encoder_predictor_run (predictor, batch, logits);
      times[3] = benchmark_now ();

      if (step <= 2)
        continue;
      /* Batches differ in length: by token, so that their median means something. */
      product_times[n_runs] = times[1] - times[0];
      step_times[n_runs] = (times[2] - times[1]) / (double) batch->n_tokens;
      predict_times[n_runs] = (times[3] - times[2]) / (double) batch->n_tokens;
      n_runs++;
    }

  step_seconds = benchmark_median (step_times, n_runs);
  predict_seconds = benchmark_median (predict_times, n_runs);
  product_rate = n_threads * 2.0 * PRODUCT_SIZE * PRODUCT_SIZE * PRODUCT_SIZE / benchmark_median (product_times, n_runs);

  g_print ("%-20s %7u %9.0f %8.2f %9.1f %7.1f %7.0f %% %12.0f %6.2f\n", setting->name, n_threads,
           1.0 / step_seconds, step_seconds * n_tokens * 1e3, work / n_tokens / step_seconds * 1e-9,
           product_rate * 1e-9, 100.0 * work / n_tokens / step_seconds / product_rate,
           1.0 / predict_seconds, step_seconds / predict_seconds);
  benchmark_record ("training-step", setting->name, "threads", (double) n_threads, "tokens_per_second",
                    1.0 / step_seconds, "gigaflops", work / n_tokens / step_seconds * 1e-9, "sgemm_gigaflops",
                    product_rate * 1e-9, "predicted_tokens_per_second", 1.0 / predict_seconds, NULL);

  for (guint i = 0; i < N_BATCHES; i++)
    test_batch_free (batches[i]);
}

int
main (int   argc,
      char *argv[])
{
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 2.0;
  guint  n_cores = g_get_num_processors ();
  guint  row = 0;

  g_print ("%-20s %7s %9s %8s %9s %7s %9s %12s %6s\n", "encoder", "threads", "tokens/s", "ms/step",
           "GFLOP/s", "sgemm", "of sgemm", "predicted/s", "ratio");
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    for (guint n_threads = 1; n_threads <= MIN (2, n_cores); n_threads++, row++)
      if (argc <= 2 || (guint64) row == g_ascii_strtoull (argv[2], NULL, 10))
        measure (&settings[i], n_threads, seconds, argc > 3 ? argv[3] : NULL);

  return EXIT_SUCCESS;
}
