/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Counter-based random numbers: a number is a pure function of its key and its
 * counter, so that any thread can compute any of them in any order. */

#pragma once

#include <glib.h>

guint64 wen_random_u64     (guint64  seed,
                            guint64  stream,
                            guint64  counter);
double  wen_random_uniform (guint64  seed,
                            guint64  stream,
                            guint64  counter);
guint32 wen_random_below   (guint64  seed,
                            guint64  stream,
                            guint64  counter,
                            guint32  n);
double  wen_random_normal  (guint64  seed,
                            guint64  stream,
                            guint64  counter);
void    wen_random_shuffle (guint32 *values,
                            gsize    n_values,
                            guint64  seed,
                            guint64  stream);
