/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-evaluation.h"

G_BEGIN_DECLS

typedef struct _WenComparison WenComparison;

/**
 * WenComparison:
 * @is_paired: whether both were measured on the same rows
 * @n_rows: rows of the one with fewer
 * @difference: how far the accuracy of the first lies above that of the second, from -1 to 1
 * @low: where the interval of 95 % begins in which the true difference lies
 * @high: where it ends
 *
 * How much better one classifier is than another, and how sure that is.
 */
struct _WenComparison
{
  gboolean is_paired;
  guint64  n_rows;
  double   difference;
  double   low;
  double   high;
};

WEN_API
void wen_evaluation_compare (WenEvaluation *first,
                             WenEvaluation *second,
                             WenComparison *comparison);

G_END_DECLS
