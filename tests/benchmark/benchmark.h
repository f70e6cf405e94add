/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the benchmarks share: medians of short runs, and figures that go to
 * standard output as a table and, with WENLEI_BENCHMARK_JSON=FILE in the
 * environment, to a file as one JSON object a line. */

#pragma once

#include <glib.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static inline double
benchmark_now (void)
{
  return (double) g_get_monotonic_time () * 1e-6;
}

static inline int
benchmark_compare (const void *a,
                   const void *b)
{
  double difference = *(const double *) a - *(const double *) b;

  return (difference > 0) - (difference < 0);
}

/* Sorts the values. */
static inline double
benchmark_median (double *values,
                  gsize   n_values)
{
  qsort (values, n_values, sizeof *values, benchmark_compare);
  return values[n_values / 2];
}

/* One object: pairs of a name and a double, ended by NULL. */
static inline void
benchmark_record (const char *benchmark,
                  const char *row,
                  ...) G_GNUC_NULL_TERMINATED;

static inline void
benchmark_record (const char *benchmark,
                  const char *row,
                  ...)
{
  const char *path = g_getenv ("WENLEI_BENCHMARK_JSON");
  FILE       *file = path != NULL ? fopen (path, "a") : NULL;
  va_list     figures;
  const char *name;

  if (file == NULL)
    return;
  fprintf (file, "{\"benchmark\": \"%s\", \"row\": \"%s\"", benchmark, row);
  va_start (figures, row);
  while ((name = va_arg (figures, const char *)) != NULL)
    fprintf (file, ", \"%s\": %.6g", name, va_arg (figures, double));
  va_end (figures);
  fprintf (file, "}\n");
  fclose (file);
}
