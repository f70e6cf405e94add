/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The trainings of the members of an ensemble: which rows each classifier sees, what it
 * says of the others, and whether there is time.  The design stands in wen-ensemble-run.c.
 *
 * Sources: Breiman 1996, "Bagging predictors"; Zhu et al. 2009, "Multi-class AdaBoost",
 * algorithm 2. */

#include "config.h"

#include "wen-ensemble-run-parts-private.h"

#include <math.h>
#include <string.h>

#include "wen-random-private.h"
#include "wen-training-forecast.h"

/* Streams of random numbers. */
#define BAG_STREAM (G_GUINT64_CONSTANT (5) << 44)

/* A member that has no time for all folds may have fewer. */
#define LEAST_FOLDS 3
/* Of the budget: what combining and the last trainings take. */
#define RESERVE_SHARE 0.08
/* With fewer rows, fast members are not worth a forecast. */
#define LEAST_FORECAST_ROWS 20000
/* A boosted classifier that makes no mistake would be trusted without end. */
#define LEAST_BOOST_ERROR 1e-4

/* Whether the last training was ended before its time. */
static gboolean
was_interrupted (const WenEnsembleRun *run)
{
  return wen_ensemble_run_is_stopped (run) && run->n_done >= run->n_replayed;
}

static void
add_classifier (WenEnsembleMember *member,
                WenClassifier     *classifier,
                double             weight)
{
  g_ptr_array_add (member->classifiers, g_object_ref (classifier));
  g_array_append_val (member->weights, weight);
}

/* The share of the weight of rows that a classifier gets wrong. */
static double
find_mistakes (WenEnsembleRun              *run,
               const WenEnsembleSelection  *selection,
               WenClassifier               *classifier,
               const float                 *weights,
               gboolean                    *is_wrong,
               GError                     **error)
{
  const WenEnsembleRows *rows = run->rows;
  g_autofree gboolean *is_asked = g_new0 (gboolean, MAX (1, rows->n_rows));
  g_autofree float *votes = g_new0 (float, MAX (1, rows->n_rows * rows->n_labels));
  double wrong = 0;
  double all = 0;

  for (guint i = 0; i < selection->rows->len; i++)
    is_asked[g_array_index (selection->rows, gsize, i)] = TRUE;
  if (!wen_ensemble_rows_predict (rows, is_asked, classifier, WEN_OPINION_VOTES, 1, votes, run->job->cancellable, error))
    return -1;
  for (guint i = 0; i < selection->rows->len; i++)
    {
      gsize row = g_array_index (selection->rows, gsize, i);

      is_wrong[i] = votes[row * rows->n_labels + wen_dataset_get_label (rows->dataset, row)] <= 0;
      all += (double) weights[i];
      wrong += is_wrong[i] ? (double) weights[i] : 0;
    }
  return wrong / all;
}

/* A step of SAMME: says how much the classifier is to be trusted, 0 where no more than
 * chance, and makes the rows that it got wrong count more. */
static double
weigh_mistakes (double          error_share,
                const gboolean *is_wrong,
                float          *weights,
                guint           n_rows,
                guint           n_labels)
{
  double share = MAX (error_share, LEAST_BOOST_ERROR);
  double trust = log ((1 - share) / share) + log (n_labels - 1.0);
  double sum = 0;

  if (trust <= 0)
    return 0;
  for (guint i = 0; i < n_rows; i++)
    {
      weights[i] *= is_wrong[i] ? (float) exp (trust) : 1;
      sum += (double) weights[i];
    }
  for (guint i = 0; i < n_rows; i++)
    weights[i] = (float) ((double) weights[i] / sum * n_rows);
  return trust;
}

/* Trains the classifiers of a member that learn from the same rows: one, or as many as
 * there are rounds of boosting.  They are appended to the member's. */
static gboolean
train_rounds (WenEnsembleRun     *run,
              WenEnsembleMember  *member,
              const guint8       *counts,
              GError            **error)
{
  g_auto (WenEnsembleSelection) selection = { 0 };
  g_autofree float *weights = NULL;
  g_autofree gboolean *is_wrong = NULL;
  guint n_rounds = run->job->recipe->n_boosts;

  wen_ensemble_rows_select (run->rows, counts, &selection);
  /* Networks go on learning by heart: some rows are to say when it is enough. */
  if (!member->is_fast
      && !wen_dataset_split (selection.dataset, member->recipe->seed, 0, member->recipe->validation_share,
                             run->job->cancellable, error))
    return FALSE;
  weights = g_new (float, MAX (1, selection.rows->len));
  is_wrong = g_new (gboolean, MAX (1, selection.rows->len));
  for (guint i = 0; i < selection.rows->len; i++)
    weights[i] = 1;

  for (guint round = 0; round < n_rounds; round++)
    {
      const WenTrainingAims aims = { .weights = n_rounds > 1 ? weights : NULL };
      g_autoptr (WenClassifier) classifier =
        wen_ensemble_run_train (run, member->recipe, selection.dataset, &aims, error);
      double trust = 1;

      if (classifier == NULL)
        return FALSE;
      if (n_rounds > 1)
        {
          double share = find_mistakes (run, &selection, classifier, weights, is_wrong, error);

          if (share < 0)
            return FALSE;
          trust = weigh_mistakes (share, is_wrong, weights, selection.rows->len, run->rows->n_labels);
          if (trust <= 0 && round > 0)
            break;
        }
      add_classifier (member, classifier, MAX (trust, LEAST_BOOST_ERROR));
      if (wen_ensemble_run_is_stopped (run))
        break;
    }
  return TRUE;
}

/* Trains with some rows, and keeps what is said of others; nothing where the rows have one
 * label only, as some folds of very few rows do. */
static gboolean
train_and_ask (WenEnsembleRun     *run,
               WenEnsembleMember  *member,
               const guint8       *counts,
               const gboolean     *is_asked,
               GError            **error)
{
  guint first = member->classifiers->len;
  double sum = 0;

  if (!wen_ensemble_rows_can_teach (run->rows, counts))
    return TRUE;
  if (!train_rounds (run, member, counts, error))
    return FALSE;
  if (was_interrupted (run))
    return TRUE;
  for (guint i = first; i < member->weights->len; i++)
    sum += g_array_index (member->weights, double, i);
  for (guint i = first; i < member->weights->len; i++)
    {
      double *weight = &g_array_index (member->weights, double, i);

      *weight /= sum;
      if (!wen_ensemble_rows_predict (run->rows, is_asked, g_ptr_array_index (member->classifiers, i), member->opinion,
                                      *weight, member->unseen, run->job->cancellable, error))
        return FALSE;
    }
  for (gsize row = 0; row < run->rows->n_rows; row++)
    member->n_unseen[row] += is_asked[row];
  wen_ensemble_run_report_unseen (run, is_asked, member->unseen);
  return TRUE;
}

static guint
get_fold (WenEnsembleRun *run,
          gsize           row,
          guint           n_folds)
{
  if (n_folds == 1)
    return run->rows->is_validation[row] ? 0 : 1;
  return run->rows->parts[row] % n_folds;
}

static gboolean
train_folds (WenEnsembleRun     *run,
             WenEnsembleMember  *member,
             guint               n_folds,
             guint               n_used_folds,
             GError            **error)
{
  gsize n_rows = run->rows->n_rows;
  g_autofree guint8 *counts = g_new (guint8, MAX (1, n_rows));
  g_autofree gboolean *is_asked = g_new (gboolean, MAX (1, n_rows));

  for (guint fold = 0; fold < n_used_folds && !wen_ensemble_run_is_stopped (run); fold++)
    {
      for (gsize row = 0; row < n_rows; row++)
        {
          is_asked[row] = get_fold (run, row, n_folds) == fold;
          counts[row] = !is_asked[row];
        }
      if (!train_and_ask (run, member, counts, is_asked, error))
        return FALSE;
    }
  return TRUE;
}

/* Whole parts are drawn, so that copies of a text are all drawn or none. */
static gboolean
train_bags (WenEnsembleRun     *run,
            WenEnsembleMember  *member,
            guint               member_index,
            GError            **error)
{
  const WenEnsembleRows *rows = run->rows;
  g_autofree guint8 *counts = g_new (guint8, MAX (1, rows->n_rows));
  g_autofree gboolean *is_asked = g_new (gboolean, MAX (1, rows->n_rows));

  for (guint bag = 0; bag < run->job->recipe->n_bags && !wen_ensemble_run_is_stopped (run); bag++)
    {
      g_autofree guint8 *drawn = g_new0 (guint8, rows->n_parts);

      for (guint i = 0; i < rows->n_parts; i++)
        drawn[wen_random_u64 (run->job->recipe->seed, BAG_STREAM + member_index, (guint64) bag * rows->n_parts + i)
              % rows->n_parts]++;
      for (gsize row = 0; row < rows->n_rows; row++)
        {
          counts[row] = drawn[rows->parts[row]];
          is_asked[row] = counts[row] == 0;
        }
      if (!train_and_ask (run, member, counts, is_asked, error))
        return FALSE;
    }
  return TRUE;
}

/* One training more, with all rows, instead of those of the folds. */
static gboolean
train_with_all (WenEnsembleRun     *run,
                WenEnsembleMember  *member,
                GError            **error)
{
  g_autofree guint8 *counts = g_new (guint8, MAX (1, run->rows->n_rows));
  g_autoptr (GPtrArray) classifiers = g_ptr_array_ref (member->classifiers);
  g_autoptr (GArray) weights = g_array_ref (member->weights);

  memset (counts, 1, run->rows->n_rows);
  g_ptr_array_unref (member->classifiers);
  g_array_unref (member->weights);
  member->classifiers = g_ptr_array_new_with_free_func (g_object_unref);
  member->weights = g_array_new (FALSE, FALSE, sizeof (double));
  if (!train_rounds (run, member, counts, error))
    return FALSE;
  if (was_interrupted (run) && classifiers->len > 0)
    {
      /* Half trained: those of the folds stay. */
      g_ptr_array_unref (member->classifiers);
      g_array_unref (member->weights);
      member->classifiers = g_steal_pointer (&classifiers);
      member->weights = g_steal_pointer (&weights);
    }
  return TRUE;
}

/* Makes the weights of all classifiers of a member add up to 1, and what several of them
 * said of a row a mean; then measures it. */
void
wen_ensemble_run_conclude_member (WenEnsembleRun    *run,
                                  WenEnsembleMember *member)
{
  gsize n_rows = run->rows->n_rows;
  guint n_labels = run->rows->n_labels;
  g_autofree gboolean *is_asked = g_new (gboolean, MAX (1, n_rows));
  double sum = 0;

  for (guint i = 0; i < member->weights->len; i++)
    sum += g_array_index (member->weights, double, i);
  for (guint i = 0; i < member->weights->len; i++)
    g_array_index (member->weights, double, i) /= sum;
  for (gsize row = 0; row < n_rows; row++)
    {
      is_asked[row] = member->n_unseen[row] > 0;
      for (guint label = 0; label < n_labels && is_asked[row]; label++)
        member->unseen[row * n_labels + label] /= (float) member->n_unseen[row];
    }
  member->accuracy = wen_ensemble_rows_measure (run->rows, is_asked, member->unseen, &member->loss);
  member->state = WEN_ENSEMBLE_MEMBER_TRAINED;
}

/* How many folds there is time for: all, fewer but enough, or 0.  A decision by the clock. */
static guint
decide_folds (WenEnsembleRun    *run,
              WenEnsembleMember *member)
{
  guint n_wanted = run->n_used_folds;
  guint n_trained = n_wanted + (member->is_fast && run->n_folds > 1);
  guint32 decision = n_wanted;
  double gone = (double) wen_ensemble_run_get_clock (run) / 1e6;
  double remaining = (1 - RESERVE_SHARE) * run->job->recipe->budget_seconds - gone;
  WenTrainingForecast forecast;

  if (run->job->recipe->budget_seconds == 0)
    return n_wanted;
  if (run->next_decision < run->state.decisions->len)
    return g_array_index (run->state.decisions, guint32, run->next_decision++);

  if (!member->is_fast || run->rows->n_rows >= LEAST_FORECAST_ROWS)
    {
      g_autoptr (GError) error = NULL;
      double seconds;

      if (!wen_training_forecast (run->rows->dataset, member->recipe, run->job->cancellable, &forecast, &error))
        {
          decision = 0;
        }
      else
        {
          seconds = forecast.seconds_per_epoch * forecast.n_epochs * (run->n_folds > 1 ? 1 - 1.0 / run->n_folds : 1);
          if (seconds * n_trained > remaining)
            decision = run->n_folds > LEAST_FOLDS && n_wanted > 1 && seconds * LEAST_FOLDS <= remaining ? LEAST_FOLDS : 0;
        }
    }
  else if (remaining <= 0)
    {
      decision = 0;
    }
  g_array_append_val (run->state.decisions, decision);
  run->next_decision++;
  return decision;
}

/* FALSE with error set where the run cannot go on.  A member that the rows chose may fail. */
gboolean
wen_ensemble_run_train_member (WenEnsembleRun  *run,
                               guint            index,
                               GError         **error)
{
  const WenRecipe *recipe = run->job->recipe;
  WenEnsembleMember *member = g_ptr_array_index (run->members, index);
  gint64 begin_us = wen_ensemble_run_get_clock (run);
  guint n_used = run->n_used_folds;
  guint n_folds = run->n_folds;
  g_autoptr (GError) own_error = NULL;
  gboolean is_good;

  run->current = member;
  run->current_cost = member->cost;
  n_used = decide_folds (run, member);
  if (n_used == 0)
    {
      member->state = WEN_ENSEMBLE_MEMBER_NO_TIME;
      run->whole_cost -= member->cost * (run->n_used_folds + (member->is_fast && run->n_folds > 1));
      return TRUE;
    }
  if (n_used < run->n_used_folds)
    n_folds = n_used;

  is_good = recipe->n_bags > 1 ? train_bags (run, member, index, &own_error)
                               : train_folds (run, member, n_folds, n_used, &own_error);
  if (is_good && was_interrupted (run))
    return TRUE;
  if (is_good
      && ((member->is_fast && recipe->n_bags == 1 && n_folds > 1) || member->classifiers->len == 0))
    is_good = train_with_all (run, member, &own_error);
  if (is_good)
    {
      member->seconds = (double) (wen_ensemble_run_get_clock (run) - begin_us) / 1e6;
      wen_ensemble_run_conclude_member (run, member);
      return TRUE;
    }
  if (wen_ensemble_run_forgives (run, own_error))
    {
      member->state = WEN_ENSEMBLE_MEMBER_FAILED;
      wen_ensemble_member_forget (member);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}
