/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the members of an ensemble decide together, and the student that learns from it.  The
 * design stands in wen-ensemble-run.c.
 *
 * Source: Hinton et al. 2015, "Distilling the knowledge in a neural network". */

#include "config.h"

#include "wen-ensemble-run-parts-private.h"

#include <math.h>
#include <string.h>

#include "wen-classifier-private.h"
#include "wen-probabilities-private.h"

/* How much of what a student learns is what the ensemble says; the rest are the labels. */
#define TEACHER_SHARE 0.5

void
wen_ensemble_common_clear (WenEnsembleCommon *common)
{
  for (guint i = 0; common->probabilities != NULL && i < common->members->len; i++)
    g_free (common->probabilities[i]);
  g_clear_pointer (&common->members, g_ptr_array_unref);
  g_clear_pointer (&common->rows, g_array_unref);
  g_free (common->probabilities);
  g_free (common->labels);
  g_free (common->halves);
}

/* At most so many rows, taken evenly. */
static void
collect_common_rows (WenEnsembleRun    *run,
                     WenEnsembleCommon *common)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize step;

  for (gsize row = 0; row < run->rows->n_rows; row++)
    {
      gboolean is_common = TRUE;

      for (guint i = 0; i < common->members->len && is_common; i++)
        is_common = ((WenEnsembleMember *) g_ptr_array_index (common->members, i))->n_unseen[row] > 0;
      if (is_common)
        g_array_append_val (all, row);
    }
  step = (all->len + WEN_ENSEMBLE_MOST_FITTED_ROWS - 1) / WEN_ENSEMBLE_MOST_FITTED_ROWS;
  common->rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  for (gsize i = 0; i < all->len; i += MAX (1, step))
    g_array_append_val (common->rows, g_array_index (all, gsize, i));
}

/* Gathers what the members say of the rows that none of them had seen. */
void
wen_ensemble_run_collect_common (WenEnsembleRun    *run,
                                 WenEnsembleCommon *common,
                                 GPtrArray         *members)
{
  guint n_labels = run->rows->n_labels;

  common->members = g_ptr_array_ref (members);
  collect_common_rows (run, common);
  common->probabilities = g_new (float *, MAX (1, members->len));
  common->labels = g_new (guint32, MAX (1, common->rows->len));
  common->halves = g_new (guint8, MAX (1, common->rows->len));
  for (guint member = 0; member < members->len; member++)
    {
      common->probabilities[member] = g_new (float, MAX (1, (gsize) common->rows->len * n_labels));
      for (guint i = 0; i < common->rows->len; i++)
        memcpy (common->probabilities[member] + (gsize) i * n_labels,
                ((WenEnsembleMember *) g_ptr_array_index (members, member))->unseen
                  + g_array_index (common->rows, gsize, i) * n_labels,
                n_labels * sizeof (float));
    }
  for (guint i = 0; i < common->rows->len; i++)
    {
      gsize row = g_array_index (common->rows, gsize, i);

      common->labels[i] = wen_dataset_get_label (run->rows->dataset, row);
      common->halves[i] = run->rows->halves[row];
    }
}

void
wen_ensemble_verdict_clear (WenEnsembleVerdict *verdict)
{
  g_clear_pointer (&verdict->members, g_ptr_array_unref);
  g_clear_pointer (&verdict->combiner, wen_combiner_free);
  g_clear_pointer (&verdict->unseen, g_free);
}

/* WenStopFunc of the combiner. */
static gboolean
combiner_stops (gpointer data)
{
  WenEnsembleRun *run = data;

  return wen_ensemble_run_is_stopped (run) || g_cancellable_is_cancelled (run->job->cancellable);
}

static void
measure_verdict (WenEnsembleRun          *run,
                 const WenEnsembleCommon *common,
                 WenEnsembleVerdict      *verdict)
{
  guint n_labels = run->rows->n_labels;
  gsize n_correct = 0;

  verdict->loss = 0;
  for (guint i = 0; i < common->rows->len; i++)
    {
      const float *row = verdict->unseen + (gsize) i * n_labels;
      guint best = wen_find_largest (row, n_labels);

      n_correct += best == common->labels[i];
      verdict->loss -= log (MAX ((double) row[common->labels[i]], 1e-6)) / common->rows->len;
    }
  verdict->accuracy = (double) n_correct / MAX (1, common->rows->len);
}

/* only: the one member that decides, or -1 for all. */
static void
reach_verdict (WenEnsembleRun          *run,
               const WenEnsembleCommon *common,
               WenCombination           kind,
               int                      only,
               WenEnsembleVerdict      *verdict)
{
  const WenCombinerTexts texts = {
    .n_texts = common->rows->len,
    .probabilities = (const float *const *) common->probabilities + MAX (0, only),
    .labels = common->labels,
    .halves = common->halves,
  };
  guint first = (guint) MAX (0, only);
  guint n_members = only < 0 ? common->members->len : 1;

  verdict->members = g_ptr_array_new ();
  for (guint i = 0; i < n_members; i++)
    g_ptr_array_add (verdict->members, g_ptr_array_index (common->members, first + i));
  verdict->combiner = wen_combiner_new (kind, n_members, run->rows->n_labels);
  verdict->unseen = g_new0 (float, MAX (1, (gsize) common->rows->len * run->rows->n_labels));
  wen_combiner_fit (verdict->combiner, &texts, verdict->unseen, combiner_stops, run);
  measure_verdict (run, common, verdict);
}

/* Where the rows choose: the best of one member alone, a mean, and a stack; the simpler
 * one of equals. */
static void
choose_verdict (WenEnsembleRun          *run,
                const WenEnsembleCommon *common,
                WenEnsembleVerdict      *best)
{
  const WenCombination kinds[] = { WEN_COMBINATION_AVERAGE, WEN_COMBINATION_STACK };
  int alone = 0;

  for (guint i = 1; i < common->members->len; i++)
    if (((WenEnsembleMember *) g_ptr_array_index (common->members, i))->accuracy
        > ((WenEnsembleMember *) g_ptr_array_index (common->members, alone))->accuracy)
      alone = (int) i;
  reach_verdict (run, common, WEN_COMBINATION_AVERAGE, alone, best);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && common->members->len > 1 && !wen_ensemble_run_is_stopped (run); i++)
    {
      g_auto (WenEnsembleVerdict) verdict = { 0 };

      reach_verdict (run, common, kinds[i], -1, &verdict);
      if (verdict.accuracy > best->accuracy)
        {
          wen_ensemble_verdict_clear (best);
          *best = verdict;
          memset (&verdict, 0, sizeof verdict);
        }
    }
}

/* Fits what the recipe asks for, or, where the rows choose, the best there is; then says
 * how far each member is trusted. */
void
wen_ensemble_run_decide (WenEnsembleRun          *run,
                         const WenEnsembleCommon *common,
                         WenEnsembleVerdict      *verdict)
{
  if (run->is_automatic)
    choose_verdict (run, common, verdict);
  else
    reach_verdict (run, common, run->job->recipe->combination, -1, verdict);
  for (guint i = 0; i < verdict->members->len; i++)
    ((WenEnsembleMember *) g_ptr_array_index (verdict->members, i))->share =
      wen_combiner_get_share (verdict->combiner, i);
}

/* Makes one classifier of the members that decide; takes the combiner of the verdict. */
WenClassifier *
wen_ensemble_run_seat_committee (WenEnsembleRun     *run,
                                 WenEnsembleVerdict *verdict,
                                 const char         *record)
{
  WenCommittee *committee = wen_committee_new (run->rows->labels, verdict->members->len,
                                               g_steal_pointer (&verdict->combiner));

  for (guint i = 0; i < verdict->members->len; i++)
    {
      WenEnsembleMember *member = g_ptr_array_index (verdict->members, i);

      for (guint j = 0; j < member->classifiers->len; j++)
        wen_committee_add (committee, g_ptr_array_index (member->classifiers, j), i, member->opinion,
                           g_array_index (member->weights, double, j));
    }
  return wen_classifier_new_committee (run->job->recipe, run->rows->labels, committee, record);
}

/* Targets by row of the job's dataset: what the ensemble says, mixed with the label; the
 * label alone where the ensemble had seen the row. */
static float *
make_targets (WenEnsembleRun           *run,
              const WenEnsembleCommon  *common,
              const WenEnsembleVerdict *verdict)
{
  WenDataset *dataset = run->job->dataset;
  guint n_labels = wen_dataset_get_n_labels (dataset);
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  float *targets = g_new0 (float, MAX (1, n_rows * n_labels));
  g_autofree guint *labels = g_new0 (guint, run->rows->n_labels);

  for (guint i = 0; i < run->rows->n_labels; i++)
    for (guint label = 0; label < n_labels; label++)
      if (g_str_equal (g_ptr_array_index (run->rows->labels, i), wen_dataset_get_label_name (dataset, label)))
        labels[i] = label;
  for (gsize row = 0; row < n_rows; row++)
    if (wen_dataset_get_label (dataset, row) != WEN_NO_LABEL)
      targets[row * n_labels + wen_dataset_get_label (dataset, row)] = 1;
  for (guint i = 0; i < common->rows->len; i++)
    {
      float *target = targets + run->rows->origins[g_array_index (common->rows, gsize, i)] * n_labels;

      for (guint label = 0; label < n_labels; label++)
        target[label] *= 1 - (float) TEACHER_SHARE;
      for (guint label = 0; label < run->rows->n_labels; label++)
        target[labels[label]] +=
          (float) TEACHER_SHARE * verdict->unseen[(gsize) i * run->rows->n_labels + label];
    }
  return targets;
}

/* The last training: a classifier that is to stand in for the committee. */
WenClassifier *
wen_ensemble_run_train_student (WenEnsembleRun            *run,
                                const WenEnsembleCommon   *common,
                                const WenEnsembleVerdict  *verdict,
                                GError                   **error)
{
  g_autofree float *targets = make_targets (run, common, verdict);
  g_autoptr (WenRecipe) recipe = wen_recipe_new_member (run->job->recipe, run->job->recipe->student, error);
  const WenTrainingAims aims = { .targets = targets };

  if (recipe == NULL)
    return NULL;
  run->current = NULL;
  run->current_cost = WEN_ENSEMBLE_STUDENT_COST;
  return wen_ensemble_run_train (run, recipe, run->job->dataset, &aims, error);
}
