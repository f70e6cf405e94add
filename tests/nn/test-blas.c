/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The three matrix products, with strides, against plain loops in double. */

#include "config.h"

#include "nn-testing.h"

#include "wen-blas-private.h"

typedef enum
{
  B_TRANSPOSED,
  NONE_TRANSPOSED,
  A_TRANSPOSED,
} Form;

static void
check_product (Form     form,
               gsize    n_rows,
               gsize    n_columns,
               gsize    n_inner,
               gboolean add)
{
  gsize             a_stride = (form == A_TRANSPOSED ? n_rows : n_inner) + 3;
  gsize             b_stride = (form == B_TRANSPOSED ? n_inner : n_columns) + 5;
  gsize             c_stride = n_columns + 2;
  g_autofree float *a = random_floats ((n_rows + n_inner) * a_stride, 1, 1.0);
  g_autofree float *b = random_floats ((n_columns + n_inner) * b_stride, 2, 1.0);
  g_autofree float *c = random_floats (n_rows * c_stride, 3, 1.0);
  g_autofree float *before = g_memdup2 (c, n_rows * c_stride * sizeof (float));

  if (form == B_TRANSPOSED)
    wen_multiply_transposed (c, c_stride, a, a_stride, b, b_stride, n_rows, n_columns, n_inner, add);
  else if (form == NONE_TRANSPOSED)
    wen_multiply (c, c_stride, a, a_stride, b, b_stride, n_rows, n_columns, n_inner, add);
  else
    wen_transposed_multiply (c, c_stride, a, a_stride, b, b_stride, n_rows, n_columns, n_inner, add);

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < c_stride; j++)
      {
        double expected = add || j >= n_columns ? (double) before[i * c_stride + j] : 0.0;

        for (gsize k = 0; k < n_inner && j < n_columns; k++)
          expected += (double) a[form == A_TRANSPOSED ? k * a_stride + i : i * a_stride + k]
                      * (double) b[form == B_TRANSPOSED ? j * b_stride + k : k * b_stride + j];
        g_assert_cmpfloat_with_epsilon ((double) c[i * c_stride + j], expected, 1e-6 * (double) (10 + n_inner));
      }
}

static void
test_products (void)
{
  for (Form form = B_TRANSPOSED; form <= A_TRANSPOSED; form++)
    for (guint add = 0; add < 2; add++)
      {
        check_product (form, 1, 1, 1, add != 0);
        check_product (form, 5, 3, 7, add != 0);
        /* On both sides of what counts as few rows and narrow. */
        check_product (form, 26, 100, 17, add != 0);
        check_product (form, 32, 64, 40, add != 0);
        check_product (form, 33, 65, 128, add != 0);
        check_product (form, 150, 90, 60, add != 0);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  wen_blas_set_up ();
  g_test_add_func ("/wen/nn/blas/products", test_products);

  return g_test_run ();
}
