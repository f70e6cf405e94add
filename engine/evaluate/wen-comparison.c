/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Whether a classifier is better than another by more than chance would make.
 *
 * DESIGN: where both were measured on the same rows, only the rows that one of them got
 * right and the other wrong tell them apart, which makes the interval much narrower than
 * that of two accuracies by themselves. */

#include "config.h"

#include "wen-comparison.h"

#include <math.h>

/* Of the normal distribution: 95 % lie within so many standard deviations. */
#define WIDTH_OF_95 1.959963984540054

/* Each row of an evaluation by its id. */
static GHashTable *
index_rows (WenEvaluation *evaluation)
{
  GHashTable *index = g_hash_table_new (g_int64_hash, g_int64_equal);
  gsize n_rows;
  const WenEvaluatedRow *rows = wen_evaluation_get_rows (evaluation, &n_rows);

  for (gsize i = 0; i < n_rows; i++)
    g_hash_table_insert (index, (gpointer) &rows[i].row_id, (gpointer) &rows[i]);
  return index;
}

/* Counts the rows that only one of the two got right; FALSE where they do not have the
 * same rows with the same labels. */
static gboolean
count_discordant (WenEvaluation *first,
                  WenEvaluation *second,
                  guint64       *n_only_first,
                  guint64       *n_only_second)
{
  g_autoptr(GHashTable) index = NULL;
  gsize n_rows;
  const WenEvaluatedRow *rows = wen_evaluation_get_rows (first, &n_rows);

  *n_only_first = *n_only_second = 0;
  if (n_rows != wen_evaluation_get_n_rows (second))
    return FALSE;

  index = index_rows (second);
  for (gsize i = 0; i < n_rows; i++)
    {
      const WenEvaluatedRow *other = g_hash_table_lookup (index, &rows[i].row_id);
      gboolean is_correct = rows[i].predicted == rows[i].label;

      if (other == NULL
          || !g_str_equal (wen_evaluation_get_label (first, rows[i].label),
                           wen_evaluation_get_label (second, other->label)))
        return FALSE;
      if (is_correct != (other->predicted == other->label))
        *(is_correct ? n_only_first : n_only_second) += 1;
    }
  return TRUE;
}

static void
set_interval (WenComparison *comparison,
              double         middle,
              double         variance)
{
  double half = WIDTH_OF_95 * sqrt (variance);

  comparison->low = MAX (-1, middle - half);
  comparison->high = MIN (1, middle + half);
}

/* One success and one failure are added to each side, as the sources say: without them
 * the interval of few rows is too narrow. */
static double
get_adjusted_variance (guint64  n_correct,
                       gsize    n_rows,
                       double  *share)
{
  double n = (double) n_rows + 2;

  *share = ((double) n_correct + 1) / n;
  return *share * (1 - *share) / n;
}

/**
 * wen_evaluation_compare:
 * @first: figures of a classifier
 * @second: figures of another one
 * @comparison: (out caller-allocates): what comes of it
 *
 * Says how far the accuracies of two classifiers are apart, and how much of that chance
 * may have made.
 *
 * Where both were measured on the same rows, the interval is that of paired proportions;
 * otherwise that of two independent ones.  The first is better for sure where the whole
 * interval lies above 0.
 *
 * Source: Bonett and Price 2012, "Adjusted Wald confidence interval for a difference of
 * binomial proportions based on paired data"; Agresti and Caffo 2000.
 */
void
wen_evaluation_compare (WenEvaluation *first,
                        WenEvaluation *second,
                        WenComparison *comparison)
{
  guint64 n_only_first, n_only_second;

  g_return_if_fail (WEN_IS_EVALUATION (first) && WEN_IS_EVALUATION (second));
  g_return_if_fail (comparison != NULL);

  *comparison = (WenComparison) {
    .is_paired = count_discordant (first, second, &n_only_first, &n_only_second),
    .n_rows = MIN (wen_evaluation_get_n_rows (first), wen_evaluation_get_n_rows (second)),
    .difference = wen_evaluation_get_accuracy (first) - wen_evaluation_get_accuracy (second),
  };
  if (comparison->is_paired)
    {
      double n = (double) comparison->n_rows + 2;
      double only_first = ((double) n_only_first + 1) / n;
      double only_second = ((double) n_only_second + 1) / n;
      double middle = only_first - only_second;

      set_interval (comparison, middle, (only_first + only_second - middle * middle) / n);
    }
  else
    {
      double first_share, second_share;
      double variance = get_adjusted_variance (wen_evaluation_get_n_correct (first),
                                               wen_evaluation_get_n_rows (first), &first_share)
                        + get_adjusted_variance (wen_evaluation_get_n_correct (second),
                                                 wen_evaluation_get_n_rows (second), &second_share);

      set_interval (comparison, first_share - second_share, variance);
    }
}
