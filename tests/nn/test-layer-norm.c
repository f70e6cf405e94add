/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Layer norm with the residual before it, against plain loops in double and
 * central differences of those. */

#include "config.h"

#include "nn-testing.h"

#include "wen-layer-norm-private.h"

#define N_ROWS    7
#define EPSILON   1e-5

typedef struct
{
  gsize          n_columns;
  float         *branch;
  float         *residual;
  float         *branch_bias;
  float         *weight;
  float         *bias;
  float         *d_normed;
  guint32        row_ids[N_ROWS];
  WenDropout     dropout;
} Case;

static Case *
case_new (gsize n_columns,
          float rate)
{
  Case *self = g_new0 (Case, 1);

  self->n_columns = n_columns;
  self->branch = random_floats (N_ROWS * n_columns, 1, 1.0);
  self->residual = random_floats (N_ROWS * n_columns, 2, 2.0);
  self->branch_bias = random_floats (n_columns, 3, 1.0);
  self->weight = random_floats (n_columns, 4, 1.0);
  self->bias = random_floats (n_columns, 5, 1.0);
  self->d_normed = random_floats (N_ROWS * n_columns, 6, 1.0);
  self->dropout = wen_dropout_new (rate, 1, 2, 3);
  for (guint32 i = 0; i < N_ROWS; i++)
    self->row_ids[i] = 100 + 7 * i;
  return self;
}

static void
case_free (Case *self)
{
  g_free (self->branch);
  g_free (self->residual);
  g_free (self->branch_bias);
  g_free (self->weight);
  g_free (self->bias);
  g_free (self->d_normed);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Case, case_free)

static double
reference_sum (const Case *self,
               gsize       i,
               gsize       j)
{
  guint32 key = wen_dropout_row_key (self->dropout, self->row_ids[i]);
  gsize   k = i * self->n_columns + j;
  double  branch = (double) self->branch[k] + (double) self->branch_bias[j];

  return (double) self->residual[k]
         + branch * (double) wen_dropout_factor (self->dropout, key, (guint32) j);
}

/* The plain reference. */
static void
reference_forward (const Case *self,
                   double     *normed)
{
  for (gsize i = 0; i < N_ROWS; i++)
    {
      double mean = 0.0;
      double variance = 0.0;

      for (gsize j = 0; j < self->n_columns; j++)
        mean += reference_sum (self, i, j) / (double) self->n_columns;
      for (gsize j = 0; j < self->n_columns; j++)
        variance += pow (reference_sum (self, i, j) - mean, 2) / (double) self->n_columns;
      for (gsize j = 0; j < self->n_columns; j++)
        normed[i * self->n_columns + j] = (reference_sum (self, i, j) - mean) / sqrt (variance + EPSILON)
                                          * (double) self->weight[j] + (double) self->bias[j];
    }
}

/* What the backward pass is to find the gradient of. */
static double
reference_loss (const Case *self)
{
  g_autofree double *normed = g_new (double, N_ROWS * self->n_columns);
  double             loss = 0.0;

  reference_forward (self, normed);
  for (gsize k = 0; k < N_ROWS * self->n_columns; k++)
    loss += normed[k] * (double) self->d_normed[k];
  return loss;
}

static void
check_gradient (const Case  *self,
                float       *values,
                const float *gradient,
                gsize        n_values)
{
  for (gsize k = 0; k < n_values; k++)
    {
      float  value = values[k];
      double step;
      double rise;

      values[k] = value + 1e-2f;
      step = (double) values[k];
      rise = reference_loss (self);
      values[k] = value - 1e-2f;
      step -= (double) values[k];
      rise -= reference_loss (self);
      values[k] = value;
      g_assert_cmpfloat_with_epsilon ((double) gradient[k], rise / step, 2e-3 + 1e-3 * fabs (rise / step));
    }
}

static void
check_case (gsize n_columns,
            float rate)
{
  g_autoptr(Case)    self = case_new (n_columns, rate);
  gsize              n_values = N_ROWS * n_columns;
  g_autofree float  *sums = g_memdup2 (self->branch, n_values * sizeof (float));
  g_autofree float  *normed = g_new (float, n_values);
  g_autofree float  *normed_alone = g_new (float, n_values);
  g_autofree double *expected = g_new (double, n_values);
  g_autofree float  *d_sums = g_new (float, n_values);
  g_autofree float  *d_sums_added = random_floats (n_values, 9, 1.0);
  g_autofree float  *before = g_memdup2 (d_sums_added, n_values * sizeof (float));
  g_autofree float  *d_branch = g_new (float, n_values);
  g_autofree float  *d_branch_bias = g_new0 (float, n_columns);
  g_autofree float  *d_weight = g_new0 (float, n_columns);
  g_autofree float  *d_bias = g_new0 (float, n_columns);
  g_autofree float  *ignored = g_new0 (float, n_columns);
  float              means[N_ROWS];
  float              reciprocals[N_ROWS];

  reference_forward (self, expected);
  wen_residual_norm_forward (normed, sums, means, reciprocals, self->residual, self->branch_bias,
                             self->weight, self->bias, self->row_ids, N_ROWS, n_columns,
                             (float) EPSILON, self->dropout);
  assert_close (normed, expected, n_values, 2e-5, 1e-5);
  for (gsize k = 0; k < n_values; k++)
    g_assert_cmpfloat_with_epsilon ((double) sums[k], reference_sum (self, k / n_columns, k % n_columns), 1e-5);

  wen_layer_norm_forward (normed_alone, means, reciprocals, sums, self->weight, self->bias,
                          N_ROWS, n_columns, (float) EPSILON);
  assert_close (normed_alone, expected, n_values, 2e-5, 1e-5);

  wen_residual_norm_backward (d_sums, d_branch, d_branch_bias, d_weight, d_bias, self->d_normed, FALSE,
                              sums, means, reciprocals, self->weight, self->row_ids,
                              N_ROWS, n_columns, self->dropout);
  check_gradient (self, self->residual, d_sums, n_values);
  check_gradient (self, self->branch, d_branch, n_values);
  check_gradient (self, self->branch_bias, d_branch_bias, n_columns);
  check_gradient (self, self->weight, d_weight, n_columns);
  check_gradient (self, self->bias, d_bias, n_columns);

  /* Adding, and in place. */
  wen_residual_norm_backward (d_sums_added, NULL, NULL, ignored, ignored, self->d_normed, TRUE,
                              sums, means, reciprocals, self->weight, self->row_ids,
                              N_ROWS, n_columns, self->dropout);
  for (gsize k = 0; k < n_values; k++)
    g_assert_cmpfloat_with_epsilon (d_sums_added[k], before[k] + d_sums[k], 1e-5f);
  wen_residual_norm_backward (self->d_normed, NULL, NULL, ignored, ignored, self->d_normed, FALSE,
                              sums, means, reciprocals, self->weight, self->row_ids,
                              N_ROWS, n_columns, self->dropout);
  assert_close (self->d_normed, d_sums, n_values, 1e-6, 1e-6);
}

static void
test_residual (void)
{
  check_case (16, 0.0f);
  check_case (37, 0.0f);
}

static void
test_dropout (void)
{
  check_case (32, 0.5f);
  check_case (21, 0.2f);
}

/* By hand: 1, 2, 3 has mean 2 and variance 2/3; equal elements have none. */
static void
test_by_hand (void)
{
  const float sums[6] = { 1, 2, 3, 5, 5, 5 };
  const float weight[3] = { 1, 1, 2 };
  const float bias[3] = { 0, 0, 1 };
  const float expected[6] = { -1.2247449f, 0, 3.4494897f, 0, 0, 1 };
  float       normed[6];
  float       means[2];
  float       reciprocals[2];

  wen_layer_norm_forward (normed, means, reciprocals, sums, weight, bias, 2, 3, 1e-12f);
  assert_close (normed, expected, 6, 1e-6, 0);
  g_assert_cmpfloat (means[0], ==, 2.0f);
  g_assert_cmpfloat (means[1], ==, 5.0f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/nn/layer-norm/by-hand", test_by_hand);
  g_test_add_func ("/wen/nn/layer-norm/residual", test_residual);
  g_test_add_func ("/wen/nn/layer-norm/dropout", test_dropout);

  return g_test_run ();
}
