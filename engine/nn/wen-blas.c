/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where the library meets OpenBLAS: the only file that includes <cblas.h>. */

#include "config.h"

#include "wen-blas-private.h"

#include <cblas.h>

/* For few rows OpenBLAS spends a third of its time on copying b into the order its
 * kernel likes.  On AVX-512 it has kernels that need no copy, but takes them for
 * narrow products only, so a product of few rows is cut into narrow ones: 32 rows
 * by 128 columns of 512 take 38 µs instead of 61.  Elsewhere the cut costs next to
 * nothing. */
#define FEW_ROWS       32
#define NARROW_COLUMNS 32

/*< private >
 * wen_blas_set_up:
 *
 * Tells OpenBLAS to work in the calling thread only.
 *
 * Each worker of a pool calls it for its own part of a batch, and threads of
 * OpenBLAS would only take the cores away from the workers.  Can be called from
 * any thread, any number of times.
 */
void
wen_blas_set_up (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      openblas_set_num_threads (1);
      g_once_init_leave (&done, 1);
    }
}

/* Shapes: c [n_rows][n_columns], a [n_rows][n_inner], b [n_columns][n_inner]. */
void
wen_multiply_transposed (float       *c,
                         gsize        c_stride,
                         const float *a,
                         gsize        a_stride,
                         const float *b,
                         gsize        b_stride,
                         gsize        n_rows,
                         gsize        n_columns,
                         gsize        n_inner,
                         gboolean     add)
{
  gsize width = n_rows <= FEW_ROWS ? NARROW_COLUMNS : n_columns;

  for (gsize begin = 0; begin < n_columns; begin += width)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans,
                 (blasint) n_rows, (blasint) MIN (width, n_columns - begin), (blasint) n_inner,
                 1.0f, a, (blasint) a_stride, b + begin * b_stride, (blasint) b_stride,
                 add ? 1.0f : 0.0f, c + begin, (blasint) c_stride);
}

/* Shapes: c [n_rows][n_columns], a [n_rows][n_inner], b [n_inner][n_columns]. */
void
wen_multiply (float       *c,
              gsize        c_stride,
              const float *a,
              gsize        a_stride,
              const float *b,
              gsize        b_stride,
              gsize        n_rows,
              gsize        n_columns,
              gsize        n_inner,
              gboolean     add)
{
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans,
               (blasint) n_rows, (blasint) n_columns, (blasint) n_inner,
               1.0f, a, (blasint) a_stride, b, (blasint) b_stride,
               add ? 1.0f : 0.0f, c, (blasint) c_stride);
}

/* Shapes: c [n_rows][n_columns], a [n_inner][n_rows], b [n_inner][n_columns]. */
void
wen_transposed_multiply (float       *c,
                         gsize        c_stride,
                         const float *a,
                         gsize        a_stride,
                         const float *b,
                         gsize        b_stride,
                         gsize        n_rows,
                         gsize        n_columns,
                         gsize        n_inner,
                         gboolean     add)
{
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans,
               (blasint) n_rows, (blasint) n_columns, (blasint) n_inner,
               1.0f, a, (blasint) a_stride, b, (blasint) b_stride,
               add ? 1.0f : 0.0f, c, (blasint) c_stride);
}
