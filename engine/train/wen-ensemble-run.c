/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The training of an ensemble, from rows to one classifier.
 *
 * DESIGN: an ensemble is a list of trainings like any other, one after the other, each
 * with some of the rows left out.  What the classifiers say of rows that they had not seen
 * is kept; a combiner learns from it whom to trust.
 *
 *   folds      each member is trained once for each fold, without it.  Fast members are
 *              trained once more with all rows; of the others the classifiers of the folds
 *              decide together, which is better than one of them and costs nothing.
 *   1 fold     the validation rows are left out, and nothing else.
 *   bags       each classifier of a member gets rows drawn with replacement; what was not
 *              drawn is not seen.
 *   boosts     each classifier of a member minds more what those before got wrong (SAMME).
 *   a student  learns what the ensemble says of rows that it had not seen, mixed with the
 *              labels.
 *
 * Whatever is decided by the clock is written down, so that a run that goes on from its
 * checkpoint decides the same.
 *
 * Sources: Breiman 1996, "Bagging predictors"; Zhu et al. 2009, "Multi-class AdaBoost",
 * algorithm 2; Hinton et al. 2015, "Distilling the knowledge in a neural network". */

#include "config.h"

#include "wen-ensemble-run-private.h"

#include <math.h>
#include <string.h>

#include "wen-classifier-private.h"
#include "wen-ensemble-checkpoint-private.h"
#include "wen-ensemble-member-private.h"
#include "wen-ensemble-record-private.h"
#include "wen-i18n-private.h"
#include "wen-random-private.h"
#include "wen-training-forecast.h"

/* Streams of random numbers. */
#define BAG_STREAM (G_GUINT64_CONSTANT (5) << 44)

/* With more rows than this, one fold says enough. */
#define MOST_FOLDED_ROWS 60000
/* A member that has no time for all folds may have fewer. */
#define LEAST_FOLDS 3
/* Of the budget: what combining and the last trainings take. */
#define RESERVE_SHARE 0.08
/* With fewer rows, fast members are not worth a forecast. */
#define LEAST_FORECAST_ROWS 20000
/* How much of what a student learns is what the ensemble says; the rest are the labels. */
#define TEACHER_SHARE 0.5
/* Of training the student, by that of naive Bayes, for the progress. */
#define STUDENT_COST 25
/* A boosted classifier that makes no mistake would be trusted without end. */
#define LEAST_BOOST_ERROR 1e-4

typedef struct
{
  const WenTrainingJob *job;           /* borrowed */
  WenTrainingSummary   *summary;       /* borrowed */
  WenEnsembleRows      *rows;
  GPtrArray            *members;       /* of WenEnsembleMember */
  gboolean              is_automatic;  /* the rows choose the members, and how they decide */
  guint                 n_folds;       /* 1: the validation rows are left out */
  guint                 n_used_folds;
  WenEnsembleCheckpoint state;
  guint                 n_replayed;    /* trainings that are in the checkpoint */
  guint                 n_done;        /* trainings that are over */
  guint                 next_decision;
  guint                 n_points_before; /* of the curve, when the training that is on began */
  WenEnsembleMember    *current;       /* whose classifier is trained, or NULL for the student */
  double                done_cost;
  double                current_cost;
  double                whole_cost;
  guint                 n_trainings;   /* as far as is known */
  guint64               n_tokens;
  WenTrainingSummary    last;          /* of the last training that was not replayed */

  gint64                start_us;      /* when it would have begun, had it never been interrupted */
  gint64                next_checkpoint_us;
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->rows, wen_ensemble_rows_free);
  g_clear_pointer (&run->members, g_ptr_array_unref);
  wen_ensemble_checkpoint_clear (&run->state);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
is_stopped (Run *run)
{
  return g_atomic_int_get (run->job->stops);
}

/* WenStopFunc of the combiner. */
static gboolean
combiner_stops (gpointer data)
{
  Run *run = data;

  return is_stopped (run) || g_cancellable_is_cancelled (run->job->cancellable);
}

/* Microseconds from the start to the end of the last training: what decisions are made
 * by, because it is written down. */
static gint64
get_clock (Run *run)
{
  return run->n_done > 0 ? g_array_index (run->state.elapsed, gint64, run->n_done - 1) : 0;
}

/* Reports. */

static void
report (Run                       *run,
        const WenTrainingProgress *of_training,
        WenCurvePoint             *point)
{
  gint64 elapsed_us = g_get_monotonic_time () - run->start_us;
  double fraction = MIN (1, (run->done_cost + run->current_cost * of_training->fraction) / run->whole_cost);
  WenTrainingProgress progress = *of_training;

  progress.epoch = run->n_done + 1;
  progress.n_epochs = MAX (run->n_trainings, run->n_done + 1);
  progress.step = MAX (1, run->state.curve->len);
  progress.n_steps = 0;
  progress.fraction = fraction;
  progress.elapsed_us = elapsed_us;
  progress.remaining_us = fraction > 0.02 ? (gint64) ((double) elapsed_us * (1 - fraction) / fraction) : -1;
  progress.member = run->current != NULL ? run->current->preset : g_intern_string (run->job->recipe->student);
  if (point != NULL)
    {
      point->step = run->state.curve->len + 1;
      point->elapsed_us = elapsed_us;
      g_array_append_val (run->state.curve, *point);
    }
  run->job->report_func (&progress, point, run->job->user_data);
}

/* WenTrainingReportFunc of a training that is on. */
static void
report_training (const WenTrainingProgress *progress,
                 const WenCurvePoint       *point,
                 gpointer                   user_data)
{
  Run *run = user_data;
  WenCurvePoint own;

  if (point == NULL || point->split != WEN_SPLIT_TRAIN || point->is_pretraining)
    {
      report (run, progress, NULL);
      return;
    }
  own = *point;
  own.epoch = run->n_done + point->epoch / MAX (1, progress->n_epochs);
  report (run, progress, &own);
}

static gboolean
was_reported (Run *run)
{
  for (guint i = run->state.curve->len; i-- > 0;)
    {
      const WenCurvePoint *point = &g_array_index (run->state.curve, WenCurvePoint, i);

      if (point->split == WEN_SPLIT_VALIDATION && point->epoch >= run->n_done)
        return TRUE;
    }
  return FALSE;
}

/* What the last classifier says of rows that it has not seen; once, also where it comes
 * from a checkpoint. */
static void
report_unseen (Run            *run,
               const gboolean *is_asked,
               const float    *probabilities)
{
  const WenTrainingProgress progress = { .phase = WEN_TRAINING_PHASE_VALIDATING };
  WenCurvePoint point = { .split = WEN_SPLIT_VALIDATION, .epoch = run->n_done };

  if (was_reported (run))
    return;
  point.accuracy = wen_ensemble_rows_measure (run->rows, is_asked, probabilities, &point.loss);
  report (run, &progress, &point);
}

/* The journal. */

/* running: the checkpoint of the training that is on, which brings its points of the curve
 * along; NULL: none is. */
static void
write_journal (Run    *run,
               GBytes *running)
{
  WenEnsembleCheckpoint state = run->state;
  g_autoptr (GArray) curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  g_autoptr (GBytes) checkpoint = NULL;

  if (running != NULL)
    {
      g_array_append_vals (curve, run->state.curve->data, run->n_points_before);
      state.curve = curve;
      state.running = running;
    }
  checkpoint = wen_ensemble_checkpoint_write (&state);
  run->job->journal_func (checkpoint, run->job->user_data);
  run->next_checkpoint_us = g_get_monotonic_time () + run->job->journal_interval_us;
}

/* WenTrainingJournalFunc of a training that is on. */
static void
keep_training (GBytes   *checkpoint,
               gpointer  user_data)
{
  write_journal (user_data, checkpoint);
}

static void
remember_training (Run           *run,
                   WenClassifier *classifier)
{
  gint64 elapsed_us = g_get_monotonic_time () - run->start_us;

  g_array_append_val (run->state.elapsed, elapsed_us);
  if (run->job->journal_func == NULL)
    return;
  g_ptr_array_add (run->state.classifiers, wen_classifier_to_files (classifier));
  if (g_get_monotonic_time () >= run->next_checkpoint_us)
    write_journal (run, NULL);
}

/* One training. */

static WenClassifier *
replay_training (Run     *run,
                 GError **error)
{
  return wen_classifier_new_from_files (g_ptr_array_index (run->state.classifiers, run->n_done), error);
}

/* Trains one classifier, or takes it from the checkpoint.  Where the run is stopped it may
 * be half trained. */
static WenClassifier *
train (Run                   *run,
       const WenRecipe       *recipe,
       WenDataset            *dataset,
       const WenTrainingAims *aims,
       GError               **error)
{
  gboolean is_replayed = run->n_done < run->n_replayed;
  WenClassifier *classifier;

  if (is_replayed)
    {
      classifier = replay_training (run, error);
    }
  else
    {
      g_autoptr (GBytes) checkpoint = g_steal_pointer (&run->state.running);
      const WenTrainingJob job = {
        .dataset = dataset,
        .aims = *aims,
        .recipe = recipe,
        .cancellable = run->job->cancellable,
        .checkpoint = checkpoint,
        .stops = run->job->stops,
        .pauses = run->job->pauses,
        .report_func = report_training,
        .journal_func = run->job->journal_func != NULL ? keep_training : NULL,
        .journal_interval_us = run->job->journal_interval_us,
        .user_data = run,
      };

      run->n_points_before = run->state.curve->len;
      classifier = wen_training_job_run (&job, &run->last, error);
    }
  if (classifier == NULL)
    return NULL;
  if (!is_replayed && !is_stopped (run))
    remember_training (run, classifier);
  if (!is_replayed)
    run->n_tokens += run->last.n_tokens;
  if (is_replayed || !is_stopped (run))
    run->n_done++;
  run->done_cost += run->current_cost;
  return classifier;
}

/* A member. */

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
find_mistakes (Run                        *run,
               const WenEnsembleSelection *selection,
               WenClassifier              *classifier,
               const float                *weights,
               gboolean                   *is_wrong,
               GError                    **error)
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
train_rounds (Run               *run,
              WenEnsembleMember *member,
              const guint8      *counts,
              GError           **error)
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
      g_autoptr (WenClassifier) classifier = train (run, member->recipe, selection.dataset, &aims, error);
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
      if (is_stopped (run))
        break;
    }
  return TRUE;
}

/* Trains with some rows, and keeps what is said of others. */
static gboolean
train_and_ask (Run               *run,
               WenEnsembleMember *member,
               const guint8      *counts,
               const gboolean    *is_asked,
               GError           **error)
{
  guint first = member->classifiers->len;
  double sum = 0;

  if (!train_rounds (run, member, counts, error))
    return FALSE;
  if (is_stopped (run) && run->n_done >= run->n_replayed)
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
  report_unseen (run, is_asked, member->unseen);
  return TRUE;
}

static guint
get_fold (Run   *run,
          gsize  row,
          guint  n_folds)
{
  if (n_folds == 1)
    return run->rows->is_validation[row] ? 0 : 1;
  return run->rows->parts[row] % n_folds;
}

static gboolean
train_folds (Run               *run,
             WenEnsembleMember *member,
             guint              n_folds,
             guint              n_used_folds,
             GError           **error)
{
  gsize n_rows = run->rows->n_rows;
  g_autofree guint8 *counts = g_new (guint8, MAX (1, n_rows));
  g_autofree gboolean *is_asked = g_new (gboolean, MAX (1, n_rows));

  for (guint fold = 0; fold < n_used_folds && !is_stopped (run); fold++)
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
train_bags (Run               *run,
            WenEnsembleMember *member,
            guint              member_index,
            GError           **error)
{
  const WenEnsembleRows *rows = run->rows;
  g_autofree guint8 *counts = g_new (guint8, MAX (1, rows->n_rows));
  g_autofree gboolean *is_asked = g_new (gboolean, MAX (1, rows->n_rows));

  for (guint bag = 0; bag < run->job->recipe->n_bags && !is_stopped (run); bag++)
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
train_with_all (Run               *run,
                WenEnsembleMember *member,
                GError           **error)
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
  if (is_stopped (run) && run->n_done >= run->n_replayed)
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
static void
conclude_member (Run               *run,
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
decide_folds (Run               *run,
              WenEnsembleMember *member)
{
  guint n_wanted = run->n_used_folds;
  guint n_trained = n_wanted + (member->is_fast && run->n_folds > 1);
  guint32 decision = n_wanted;
  double remaining = (1 - RESERVE_SHARE) * run->job->recipe->budget_seconds - (double) get_clock (run) / 1e6;
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
static gboolean
train_member (Run     *run,
              guint    index,
              GError **error)
{
  const WenRecipe *recipe = run->job->recipe;
  WenEnsembleMember *member = g_ptr_array_index (run->members, index);
  gint64 begin_us = get_clock (run);
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
  if (is_good && is_stopped (run) && run->n_done >= run->n_replayed)
    return TRUE;
  if (is_good && member->is_fast && recipe->n_bags == 1 && n_folds > 1)
    is_good = train_with_all (run, member, &own_error);
  if (is_good)
    {
      member->seconds = (double) (get_clock (run) - begin_us) / 1e6;
      conclude_member (run, member);
      return TRUE;
    }
  if (run->is_automatic
      && (g_error_matches (own_error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED)
          || g_error_matches (own_error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE)))
    {
      member->state = WEN_ENSEMBLE_MEMBER_FAILED;
      wen_ensemble_member_forget (member);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

/* Deciding together. */

/* What all members that are trained say of rows that none of them had seen. */
typedef struct
{
  GPtrArray   *members;        /* of WenEnsembleMember, borrowed */
  GArray      *rows;           /* of gsize */
  float      **probabilities;  /* [members], each [rows][n_labels] */
  guint32     *labels;
  guint8      *halves;
} Common;

static void
common_clear (Common *common)
{
  for (guint i = 0; common->probabilities != NULL && i < common->members->len; i++)
    g_free (common->probabilities[i]);
  g_clear_pointer (&common->members, g_ptr_array_unref);
  g_clear_pointer (&common->rows, g_array_unref);
  g_free (common->probabilities);
  g_free (common->labels);
  g_free (common->halves);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Common, common_clear)

/* At most so many rows, taken evenly. */
static void
collect_common_rows (Run    *run,
                     Common *common)
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

static void
collect_common (Run       *run,
                Common    *common,
                GPtrArray *members)
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

/* One way to decide, and what it says of rows that it was not fitted on. */
typedef struct
{
  GPtrArray   *members;  /* of WenEnsembleMember, borrowed */
  WenCombiner *combiner;
  float       *unseen;   /* [rows of common][n_labels] */
  double       accuracy;
  double       loss;
} Verdict;

static void
verdict_clear (Verdict *verdict)
{
  g_clear_pointer (&verdict->members, g_ptr_array_unref);
  g_clear_pointer (&verdict->combiner, wen_combiner_free);
  g_clear_pointer (&verdict->unseen, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Verdict, verdict_clear)

static void
measure_verdict (Run          *run,
                 const Common *common,
                 Verdict      *verdict)
{
  guint n_labels = run->rows->n_labels;
  gsize n_correct = 0;

  verdict->loss = 0;
  for (guint i = 0; i < common->rows->len; i++)
    {
      const float *row = verdict->unseen + (gsize) i * n_labels;
      guint best = 0;

      for (guint label = 1; label < n_labels; label++)
        if (row[label] > row[best])
          best = label;
      n_correct += best == common->labels[i];
      verdict->loss -= log (MAX ((double) row[common->labels[i]], 1e-6)) / common->rows->len;
    }
  verdict->accuracy = (double) n_correct / MAX (1, common->rows->len);
}

/* only: the one member that decides, or -1 for all. */
static void
reach_verdict (Run            *run,
               const Common   *common,
               WenCombination  kind,
               int             only,
               Verdict        *verdict)
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
choose_verdict (Run          *run,
                const Common *common,
                Verdict      *best)
{
  const WenCombination kinds[] = { WEN_COMBINATION_AVERAGE, WEN_COMBINATION_STACK };
  int alone = 0;

  for (guint i = 1; i < common->members->len; i++)
    if (((WenEnsembleMember *) g_ptr_array_index (common->members, i))->accuracy
        > ((WenEnsembleMember *) g_ptr_array_index (common->members, alone))->accuracy)
      alone = (int) i;
  reach_verdict (run, common, WEN_COMBINATION_AVERAGE, alone, best);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds) && common->members->len > 1 && !is_stopped (run); i++)
    {
      g_auto (Verdict) verdict = { 0 };

      reach_verdict (run, common, kinds[i], -1, &verdict);
      if (verdict.accuracy > best->accuracy)
        {
          verdict_clear (best);
          *best = verdict;
          memset (&verdict, 0, sizeof verdict);
        }
    }
}

static WenClassifier *
seat_committee (Run        *run,
                Verdict    *verdict,
                const char *record)
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

/* Distillation. */

/* Targets by row of the job's dataset: what the ensemble says, mixed with the label; the
 * label alone where the ensemble had seen the row. */
static float *
make_targets (Run           *run,
              const Common  *common,
              const Verdict *verdict)
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

static WenClassifier *
train_student (Run           *run,
               const Common  *common,
               const Verdict *verdict,
               GError       **error)
{
  g_autofree float *targets = make_targets (run, common, verdict);
  g_autoptr (WenRecipe) recipe = wen_recipe_new_member (run->job->recipe, run->job->recipe->student, error);
  const WenTrainingAims aims = { .targets = targets };

  if (recipe == NULL)
    return NULL;
  run->current = NULL;
  run->current_cost = STUDENT_COST;
  return train (run, recipe, run->job->dataset, &aims, error);
}

/* The whole run. */

static gboolean
make_members (Run     *run,
              GError **error)
{
  const WenRecipe *recipe = run->job->recipe;
  g_auto (GStrv) entries = NULL;

  run->is_automatic = recipe->members[0] == NULL;
  entries = run->is_automatic ? wen_ensemble_choose_members (run->rows) : g_strdupv (recipe->members);
  run->members = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_ensemble_member_free);
  run->n_folds = recipe->n_folds;
  run->n_used_folds = run->n_folds > 1 && run->rows->n_rows > MOST_FOLDED_ROWS ? 1 : run->n_folds;
  for (char **entry = entries; *entry != NULL; entry++)
    {
      WenEnsembleMember *member = wen_ensemble_member_new (recipe, *entry, run->rows, error);
      guint n_trainings;

      if (member == NULL)
        return FALSE;
      g_ptr_array_add (run->members, member);
      n_trainings = recipe->n_bags > 1 ? recipe->n_bags : run->n_used_folds + (member->is_fast && run->n_folds > 1);
      n_trainings *= recipe->n_boosts;
      run->n_trainings += n_trainings;
      run->whole_cost += n_trainings * member->cost;
    }
  if (recipe->student[0] != '\0')
    {
      run->n_trainings++;
      run->whole_cost += STUDENT_COST;
    }
  return TRUE;
}

/* Says at once what training would find out late. */
static gboolean
check_rows (Run     *run,
            GError **error)
{
  gsize n_validation = 0;

  for (gsize row = 0; row < run->rows->n_rows; row++)
    n_validation += run->rows->is_validation[row];
  if (run->n_folds == 1 && run->job->recipe->n_bags == 1 && n_validation == 0)
    {
      g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS,
                           _ ("There are no validation rows to show which member of the ensemble to trust: put some "
                              "aside (split.validation_share), or use folds (ensemble.folds)."));
      return FALSE;
    }
  return TRUE;
}

/* Takes up the run where its checkpoint was written. */
static gboolean
resume (Run     *run,
        GError **error)
{
  g_auto (WenEnsembleCheckpoint) checkpoint = { 0 };

  wen_ensemble_checkpoint_init (&checkpoint);
  if (!wen_ensemble_checkpoint_read (&checkpoint, run->job->checkpoint, error))
    return FALSE;
  if (g_strcmp0 (checkpoint.recipe, run->state.recipe) != 0
      || g_strcmp0 (checkpoint.fingerprint, run->state.fingerprint) != 0)
    {
      g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT,
                           _ ("The saved state of the training belongs to other rows or other settings. "
                              "Train again from the start."));
      return FALSE;
    }
  wen_ensemble_checkpoint_clear (&run->state);
  run->state = checkpoint;
  memset (&checkpoint, 0, sizeof checkpoint);
  run->n_replayed = run->state.classifiers->len;
  if (run->n_replayed > 0)
    run->start_us = g_get_monotonic_time () - g_array_index (run->state.elapsed, gint64, run->n_replayed - 1);
  for (guint i = 0; i < run->state.curve->len; i++)
    {
      const WenTrainingProgress progress = { .phase = WEN_TRAINING_PHASE_TRAINING, .step = i + 1, .remaining_us = -1 };

      run->job->report_func (&progress, &g_array_index (run->state.curve, WenCurvePoint, i), run->job->user_data);
    }
  return TRUE;
}

static void
summarize (Run           *run,
           const Verdict *verdict,
           gboolean       has_student)
{
  WenTrainingSummary *summary = run->summary;

  summary->end = is_stopped (run) ? WEN_TRAINING_END_STOPPED : WEN_TRAINING_END_COMPLETED;
  summary->n_epochs = run->n_done;
  summary->best_epoch = run->n_done;
  summary->best_validation_accuracy = verdict->accuracy;
  summary->best_validation_loss = verdict->loss;
  if (has_student)
    {
      summary->best_validation_accuracy = run->last.best_validation_accuracy;
      summary->best_validation_loss = run->last.best_validation_loss;
    }
  summary->n_train_rows = run->rows->n_rows;
  summary->n_tokens = run->n_tokens;
  summary->seconds = (double) (g_get_monotonic_time () - run->start_us) / 1e6;
  summary->tokens_per_second = (double) run->n_tokens / MAX (summary->seconds, 1e-6);
}

/* The members that are trained, or, where the run was stopped before, the one that was on
 * with what it has. */
static GPtrArray *
list_trained (Run *run)
{
  GPtrArray *trained = g_ptr_array_new ();
  WenEnsembleMember *begun = NULL;

  for (guint i = 0; i < run->members->len; i++)
    {
      WenEnsembleMember *member = g_ptr_array_index (run->members, i);

      if (member->state == WEN_ENSEMBLE_MEMBER_TRAINED)
        g_ptr_array_add (trained, member);
      else if (member->classifiers->len > 0)
        begun = member;
    }
  if (trained->len == 0 && begun != NULL)
    {
      conclude_member (run, begun);
      g_ptr_array_add (trained, begun);
    }
  return trained;
}

static WenClassifier *
finish (Run     *run,
        GError **error)
{
  g_autoptr (GPtrArray) trained = list_trained (run);
  g_auto (Common) common = { 0 };
  g_auto (Verdict) verdict = { 0 };
  g_autoptr (WenClassifier) student = NULL;
  g_autofree char *record = NULL;
  WenClassifier *classifier;

  if (trained->len == 0)
    {
      g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS,
                           _ ("There was no time for a single member of the ensemble: give it more (ensemble.budget)."));
      return NULL;
    }
  collect_common (run, &common, trained);
  if (run->is_automatic)
    choose_verdict (run, &common, &verdict);
  else
    reach_verdict (run, &common, run->job->recipe->combination, -1, &verdict);
  for (guint i = 0; i < verdict.members->len; i++)
    ((WenEnsembleMember *) g_ptr_array_index (verdict.members, i))->share =
      wen_combiner_get_share (verdict.combiner, i);

  if (run->job->recipe->student[0] != '\0' && !is_stopped (run))
    {
      student = train_student (run, &common, &verdict, error);
      if (student == NULL)
        return NULL;
    }
  summarize (run, &verdict, student != NULL);
  if (g_cancellable_set_error_if_cancelled (run->job->cancellable, error))
    return NULL;
  record = wen_ensemble_record_write (run->summary, run->rows, run->members, verdict.members->len,
                                      wen_combiner_get_kind (verdict.combiner), run->is_automatic);
  classifier = student != NULL ? g_steal_pointer (&student) : seat_committee (run, &verdict, record);
  run->summary->n_parameters = wen_classifier_get_n_parameters (classifier);
  run->summary->n_vocabulary =
    wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (wen_classifier_get_tokenizer (classifier)));
  return classifier;
}

/* As wen_training_job_run(), for a recipe of the family "ensemble". */
WenClassifier *
wen_ensemble_job_run (const WenTrainingJob *self,
                      WenTrainingSummary   *summary,
                      GError              **error)
{
  g_auto (Run) run = {
    .job = self,
    .summary = summary,
    .start_us = g_get_monotonic_time (),
  };

  wen_ensemble_checkpoint_init (&run.state);
  run.rows = wen_ensemble_rows_new (self->dataset, self->recipe->seed, self->cancellable, error);
  if (run.rows == NULL || !make_members (&run, error) || !check_rows (&run, error))
    return NULL;
  run.state.recipe = wen_recipe_to_json (self->recipe);
  run.state.fingerprint = g_strdup (run.rows->fingerprint);
  if (self->checkpoint != NULL && !resume (&run, error))
    return NULL;
  run.next_checkpoint_us = g_get_monotonic_time () + self->journal_interval_us;

  for (guint i = 0; i < run.members->len && !is_stopped (&run); i++)
    if (!train_member (&run, i, error))
      return NULL;
  return finish (&run, error);
}
