/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast each kernel is on one core: those that compute against the matrix product
 * of the same machine in the same minute, those that move data against a copy.
 *
 * A pass over memory is as good as a copy when it moves as many bytes a second;
 * bytes are counted once for each array that a kernel must read or write.
 *
 * usage: kernels [SECONDS of each row, 0.3]
 */

#include "config.h"

#include "benchmark.h"
#include "nn/nn-testing.h"

#include "wen-activation-private.h"
#include "wen-adam-private.h"
#include "wen-attention-private.h"
#include "wen-blas-private.h"
#include "wen-embedding-private.h"
#include "wen-layer-norm-private.h"
#include "wen-loss-private.h"
#include "wen-softmax-private.h"

#include <string.h>

/* As many rows as a group of texts has tokens. */
#define N_ROWS       1024
#define N_COLUMNS    512
#define N_VALUES     (N_ROWS * N_COLUMNS)
#define N_HEADS      8
#define TEXT_TOKENS  128
#define LONG_TOKENS  4096
#define N_LABELS     16
#define PRODUCT_SIZE 512
#define N_RUNS_MAX   65536

/* Arrays for all kernels; each takes as many as it needs. */
static float   *a, *b, *c, *d;
static float   *scores;
static float   *vectors[6]; /* [N_COLUMNS] or [N_ROWS] */
static float   *attention_rows, *d_attention_rows, *attended, *scratch;
static guint32 *ids;
static double   sink;

static void
copy (void)
{
  memcpy (a, b, N_VALUES * sizeof (float));
}

static void
multiply (void)
{
  wen_multiply_transposed (a, PRODUCT_SIZE, b, PRODUCT_SIZE, c, PRODUCT_SIZE, PRODUCT_SIZE, PRODUCT_SIZE,
                           PRODUCT_SIZE, FALSE);
}

static void
bias_gelu_forward (void)
{
  wen_bias_gelu_forward (a, b, vectors[0], N_ROWS, N_COLUMNS);
}

static void
bias_gelu_backward (void)
{
  wen_bias_gelu_backward (vectors[0], a, c, N_ROWS, N_COLUMNS);
}

static void
residual_norm_forward (void)
{
  WenDropout dropout = wen_dropout_new (0.1f, 1, 1, 1);

  wen_residual_norm_forward (a, b, vectors[2], vectors[3], c, vectors[0], vectors[1], vectors[0], ids, N_ROWS,
                             N_COLUMNS, 1e-5f, dropout);
}

static void
residual_norm_backward (void)
{
  WenDropout dropout = wen_dropout_new (0.1f, 1, 1, 1);

  wen_residual_norm_backward (a, d, vectors[4], vectors[0], vectors[5], c, FALSE, b, vectors[2], vectors[3],
                              vectors[1], ids, N_ROWS, N_COLUMNS, dropout);
}

static void
softmax_forward (void)
{
  wen_softmax_forward (scores, N_VALUES / TEXT_TOKENS, TEXT_TOKENS, TEXT_TOKENS, 0.125f);
}

static void
softmax_backward (void)
{
  wen_softmax_backward (a, scores, N_VALUES / TEXT_TOKENS, TEXT_TOKENS, TEXT_TOKENS, 0.125f);
}

static void
cross_entropy (void)
{
  gsize n_correct;

  sink += wen_cross_entropy_forward (a, &n_correct, b, ids + N_ROWS, N_VALUES / N_LABELS, N_LABELS, 0.1f, 1e-3f);
}

static void
embedding_forward (void)
{
  wen_embedding_forward (a, b, c, ids, N_ROWS, N_COLUMNS);
}

static void
adam_update (void)
{
  const WenAdam adam = { 1.0f, 0.9f, 0.999f, 1e-6f, 1.0f, 1e-8f, 0.9999f, 0.0f };

  wen_adam_update (a, b, scores, c, N_VALUES, &adam);
}

static void
attention_forward (void)
{
  wen_attention_forward (attended, attention_rows, scratch, TEXT_TOKENS, N_HEADS, N_COLUMNS / N_HEADS);
}

static void
attention_backward (void)
{
  wen_attention_backward (d_attention_rows, attended, attention_rows, scratch, TEXT_TOKENS, N_HEADS,
                          N_COLUMNS / N_HEADS);
}

static void
long_attention_forward (void)
{
  wen_attention_forward (attended, attention_rows, scratch, LONG_TOKENS, N_HEADS, N_COLUMNS / N_HEADS);
}

typedef struct
{
  const char *name;
  void      (*run) (void);
  double      n_arrays;     /* of N_VALUES that must be read or written; 0: it computes */
  double      n_operations; /* of a kernel that computes */
} Kernel;

/* Two products forward and four backward, of n queries with n keys. */
#define PAIRS(n) ((double) (n) * (n) * N_COLUMNS)

static const Kernel kernels[] = {
  { "bias + GELU", bias_gelu_forward, 3, 0 },
  { "bias + GELU, back", bias_gelu_backward, 3, 0 },
  { "residual + norm", residual_norm_forward, 4, 0 },
  { "residual + norm, back", residual_norm_backward, 4, 0 },
  { "softmax", softmax_forward, 2, 0 },
  { "softmax, back", softmax_backward, 3, 0 },
  { "cross-entropy", cross_entropy, 2, 0 },
  { "embedding", embedding_forward, 3, 0 },
  { "AdamW", adam_update, 7, 0 },
  { "attention, 128", attention_forward, 0, 4 * PAIRS (TEXT_TOKENS) },
  { "attention, 128, back", attention_backward, 0, 8 * PAIRS (TEXT_TOKENS) },
  { "attention, 4096", long_attention_forward, 0, 4 * PAIRS (LONG_TOKENS) },
};

/* Runs kernel and reference in turn, so that a busy machine slows both alike. */
static void
measure (const Kernel *kernel,
         double        seconds,
         double       *kernel_times,
         double       *reference_times)
{
  gboolean moves = kernel->n_arrays > 0;
  void   (*run_reference) (void) = moves ? copy : multiply;
  double   end = benchmark_now () + seconds;
  gsize    n_runs = 0;
  double   rate;
  double   reference;

  kernel->run ();
  while ((n_runs < 5 || benchmark_now () < end) && n_runs < N_RUNS_MAX)
    {
      double times[3];

      times[0] = benchmark_now ();
      run_reference ();
      times[1] = benchmark_now ();
      kernel->run ();
      times[2] = benchmark_now ();
      reference_times[n_runs] = times[1] - times[0];
      kernel_times[n_runs++] = times[2] - times[1];
    }

  if (moves)
    {
      rate = kernel->n_arrays * N_VALUES * sizeof (float) / benchmark_median (kernel_times, n_runs);
      reference = 2.0 * N_VALUES * sizeof (float) / benchmark_median (reference_times, n_runs);
    }
  else
    {
      rate = kernel->n_operations / benchmark_median (kernel_times, n_runs);
      reference = 2.0 * PRODUCT_SIZE * PRODUCT_SIZE * PRODUCT_SIZE / benchmark_median (reference_times, n_runs);
    }
  g_print ("%-24s %8.1f %-8s %8.1f %-6s %6.0f %%\n", kernel->name, rate * 1e-9, moves ? "GB/s" : "GFLOP/s",
           reference * 1e-9, moves ? "copy" : "sgemm", 100.0 * rate / reference);
  benchmark_record ("kernels", kernel->name, moves ? "gigabytes_per_second" : "gigaflops", rate * 1e-9,
                    moves ? "copy_gigabytes_per_second" : "sgemm_gigaflops", reference * 1e-9, NULL);
}

int
main (int   argc,
      char *argv[])
{
  double              seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 0.3;
  g_autofree double *kernel_times = g_new (double, N_RUNS_MAX);
  g_autofree double *reference_times = g_new (double, N_RUNS_MAX);

  wen_blas_set_up ();
  a = random_floats (N_VALUES, 1, 1.0);
  b = random_floats (N_VALUES, 2, 1.0);
  c = random_floats (N_VALUES, 3, 1.0);
  d = random_floats (N_VALUES, 4, 1.0);
  scores = random_floats (N_VALUES, 5, 1.0);
  for (gsize i = 0; i < N_VALUES; i++)
    scores[i] = ABS (scores[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      vectors[i] = random_floats (MAX (N_ROWS, N_COLUMNS), 10 + i, 1.0);
      for (gsize j = 0; j < MAX (N_ROWS, N_COLUMNS); j++)
        vectors[i][j] = 0.5f + ABS (vectors[i][j]);
    }
  attention_rows = random_floats (3 * LONG_TOKENS * N_COLUMNS, 20, 1.0);
  d_attention_rows = g_new0 (float, 3 * LONG_TOKENS * N_COLUMNS);
  attended = random_floats (LONG_TOKENS * N_COLUMNS, 21, 1.0);
  scratch = g_new0 (float, wen_attention_scratch_size (LONG_TOKENS));
  ids = g_new0 (guint32, N_ROWS + N_VALUES / N_LABELS);
  for (gsize i = 0; i < N_ROWS; i++)
    ids[i] = (guint32) i;
  for (gsize i = 0; i < N_VALUES / N_LABELS; i++)
    ids[N_ROWS + i] = (guint32) (wen_random_u64 (1, i, 0) % N_LABELS);

  g_print ("%-24s %17s %15s %8s\n", "kernel, one core", "rate", "at best", "of it");
  for (gsize i = 0; i < G_N_ELEMENTS (kernels); i++)
    measure (&kernels[i], seconds, kernel_times, reference_times);
  g_debug ("%g", sink);

  g_free (a);
  g_free (b);
  g_free (c);
  g_free (d);
  g_free (scores);
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    g_free (vectors[i]);
  g_free (attention_rows);
  g_free (d_attention_rows);
  g_free (attended);
  g_free (scratch);
  g_free (ids);
  return EXIT_SUCCESS;
}
