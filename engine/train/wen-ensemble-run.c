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
 * This file has the run and one training of it, wen-ensemble-run-members.c which trainings
 * there are, and wen-ensemble-run-verdict.c what is made of them.
 *
 * Sources stand there. */

#include "config.h"

#include "wen-ensemble-run-parts-private.h"

#include <string.h>

#include "wen-checkpoint-private.h"
#include "wen-classifier-private.h"
#include "wen-ensemble-record-private.h"
#include "wen-i18n-private.h"

/* A checkpoint is followed by so many times as long without one. */
#define JOURNAL_PERIODS 100

static void
run_clear (WenEnsembleRun *run)
{
  g_clear_pointer (&run->rows, wen_ensemble_rows_free);
  g_clear_pointer (&run->members, g_ptr_array_unref);
  wen_ensemble_checkpoint_clear (&run->state);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenEnsembleRun, run_clear)

/* Microseconds from the start to the end of the last training: what decisions are made
 * by, because it is written down. */
gint64
wen_ensemble_run_get_clock (WenEnsembleRun *run)
{
  return run->n_done > 0 ? g_array_index (run->state.elapsed, gint64, run->n_done - 1) : 0;
}

/* Reports. */

/* Which training is on. */
static void
name_training (const WenEnsembleRun *run,
               WenTrainingProgress  *progress)
{
  progress->epoch = run->n_done + 1;
  progress->n_epochs = MAX (run->n_trainings, run->n_done + 1);
  progress->member = run->current != NULL ? run->current->preset : g_intern_string (run->job->recipe->student);
}

static void
report (WenEnsembleRun            *run,
        const WenTrainingProgress *of_training,
        WenCurvePoint             *point)
{
  gint64 elapsed_us = g_get_monotonic_time () - run->start_us;
  double fraction = MIN (1, (run->done_cost + run->current_cost * of_training->fraction) / run->whole_cost);
  WenTrainingProgress progress = *of_training;

  progress.step = MAX (1, run->state.curve->len);
  progress.n_steps = 0;
  progress.fraction = fraction;
  progress.elapsed_us = elapsed_us;
  progress.remaining_us = fraction > 0.02 ? (gint64) ((double) elapsed_us * (1 - fraction) / fraction) : -1;
  name_training (run, &progress);
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
  WenEnsembleRun *run = user_data;
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

/* Reports the points of the checkpoint up to an epoch, when it is known whose they are. */
static void
retell_points (WenEnsembleRun *run,
               double          last_epoch)
{
  for (; run->n_retold < run->n_resumed_points; run->n_retold++)
    {
      const WenCurvePoint *point = &g_array_index (run->state.curve, WenCurvePoint, run->n_retold);
      WenTrainingProgress progress = {
        .phase = WEN_TRAINING_PHASE_TRAINING,
        .step = run->n_retold + 1,
        .fraction = MIN (1, run->done_cost / run->whole_cost),
        .elapsed_us = point->elapsed_us,
        .remaining_us = -1,
      };

      if (point->epoch > last_epoch)
        return;
      name_training (run, &progress);
      run->job->report_func (&progress, point, run->job->user_data);
    }
}

static gboolean
was_reported (WenEnsembleRun *run)
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
void
wen_ensemble_run_report_unseen (WenEnsembleRun *run,
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
write_journal (WenEnsembleRun *run,
               GBytes         *running)
{
  WenEnsembleCheckpoint state = run->state;
  gint64 begin_us = g_get_monotonic_time ();
  gint64 end_us;
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
  end_us = g_get_monotonic_time ();
  run->next_checkpoint_us = end_us;
  if (run->job->journal_interval_us > 0)
    run->next_checkpoint_us += MAX (run->job->journal_interval_us, (end_us - begin_us) * JOURNAL_PERIODS);
}

/* WenTrainingJournalFunc of a training that is on. */
static void
keep_training (GBytes   *checkpoint,
               gpointer  user_data)
{
  write_journal (user_data, checkpoint);
}

/* NULL: it failed, and the run goes on without. */
static void
remember_training (WenEnsembleRun *run,
                   WenClassifier  *classifier)
{
  gint64 elapsed_us = g_get_monotonic_time () - run->start_us;

  g_array_append_val (run->state.elapsed, elapsed_us);
  if (run->job->journal_func == NULL)
    return;
  g_ptr_array_add (run->state.classifiers, classifier != NULL ? wen_classifier_to_files (classifier)
                                                              : g_hash_table_new (g_str_hash, g_str_equal));
  if (g_get_monotonic_time () >= run->next_checkpoint_us)
    write_journal (run, NULL);
}

/* One training. */

static WenClassifier *
replay_training (WenEnsembleRun  *run,
                 GError         **error)
{
  GHashTable *files = g_ptr_array_index (run->state.classifiers, run->n_done);

  if (g_hash_table_size (files) > 0)
    return wen_classifier_new_from_files (files, error);
  g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED, "It failed before the run was interrupted");
  return NULL;
}

/* Whether a training that fails so ends the training of its member, not the run. */
gboolean
wen_ensemble_run_forgives (const WenEnsembleRun *run,
                           const GError         *error)
{
  return run->is_automatic
         && (g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED)
             || g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE));
}

/* Trains one classifier, or takes it from the checkpoint.  Where the run is stopped it may
 * be half trained. */
WenClassifier *
wen_ensemble_run_train (WenEnsembleRun         *run,
                        const WenRecipe        *recipe,
                        WenDataset             *dataset,
                        const WenTrainingAims  *aims,
                        GError                **error)
{
  gboolean is_replayed = run->n_done < run->n_replayed;
  g_autoptr (GError) own_error = NULL;
  WenClassifier *classifier;

  retell_points (run, is_replayed ? run->n_done + 1.0 : G_MAXDOUBLE);
  if (is_replayed)
    {
      classifier = replay_training (run, &own_error);
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
      classifier = wen_training_job_run (&job, &run->last, &own_error);
    }
  if (classifier == NULL)
    {
      if (wen_ensemble_run_forgives (run, own_error))
        {
          if (!is_replayed)
            remember_training (run, NULL);
          run->n_done++;
        }
      g_propagate_error (error, g_steal_pointer (&own_error));
      return NULL;
    }
  if (!is_replayed && !wen_ensemble_run_is_stopped (run))
    remember_training (run, classifier);
  if (!is_replayed)
    run->n_tokens += run->last.n_tokens;
  if (is_replayed || !wen_ensemble_run_is_stopped (run))
    run->n_done++;
  run->done_cost += run->current_cost;
  return classifier;
}

/* The whole run. */

static gboolean
make_members (WenEnsembleRun  *run,
              GError         **error)
{
  const WenRecipe *recipe = run->job->recipe;
  g_auto (GStrv) entries = NULL;

  run->is_automatic = recipe->members[0] == NULL;
  entries = run->is_automatic ? wen_ensemble_choose_members (run->rows) : g_strdupv (recipe->members);
  run->members = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_ensemble_member_free);
  run->n_folds = recipe->n_folds;
  run->n_used_folds = wen_ensemble_count_used_folds (recipe, run->rows->n_rows);
  for (char **entry = entries; *entry != NULL; entry++)
    {
      WenEnsembleMember *member = wen_ensemble_member_new (recipe, *entry, run->rows, error);
      guint n_trainings;

      if (member == NULL)
        return FALSE;
      g_ptr_array_add (run->members, member);
      n_trainings = wen_ensemble_count_trainings (recipe, member->recipe, run->rows->n_rows);
      run->n_trainings += n_trainings;
      run->whole_cost += n_trainings * member->cost;
    }
  if (recipe->student[0] != '\0')
    {
      run->n_trainings++;
      run->whole_cost += WEN_ENSEMBLE_STUDENT_COST;
    }
  return TRUE;
}

/* Says at once what training would find out late. */
static gboolean
check_rows (WenEnsembleRun  *run,
            GError         **error)
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
resume (WenEnsembleRun  *run,
        GError         **error)
{
  g_auto (WenEnsembleCheckpoint) checkpoint = { 0 };

  wen_ensemble_checkpoint_init (&checkpoint);
  if (!wen_ensemble_checkpoint_read (&checkpoint, run->job->checkpoint, error))
    return FALSE;
  if (g_strcmp0 (checkpoint.recipe, run->state.recipe) != 0
      || g_strcmp0 (checkpoint.fingerprint, run->state.fingerprint) != 0)
    return wen_checkpoint_refuse_other_run (error);
  wen_ensemble_checkpoint_clear (&run->state);
  run->state = checkpoint;
  memset (&checkpoint, 0, sizeof checkpoint);
  run->n_replayed = run->state.classifiers->len;
  run->n_resumed_points = run->state.curve->len;
  if (run->n_replayed > 0)
    run->start_us = g_get_monotonic_time () - g_array_index (run->state.elapsed, gint64, run->n_replayed - 1);
  return TRUE;
}

static void
summarize (WenEnsembleRun           *run,
           const WenEnsembleVerdict *verdict,
           gboolean                  has_student)
{
  WenTrainingSummary *summary = run->summary;

  summary->end = wen_ensemble_run_is_stopped (run) ? WEN_TRAINING_END_STOPPED : WEN_TRAINING_END_COMPLETED;
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
list_trained (WenEnsembleRun *run)
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
      wen_ensemble_run_conclude_member (run, begun);
      g_ptr_array_add (trained, begun);
    }
  return trained;
}

static WenClassifier *
finish (WenEnsembleRun  *run,
        GError         **error)
{
  g_autoptr (GPtrArray) trained = list_trained (run);
  g_auto (WenEnsembleCommon) common = { 0 };
  g_auto (WenEnsembleVerdict) verdict = { 0 };
  g_autoptr (WenClassifier) student = NULL;
  g_autofree char *record = NULL;
  WenClassifier *classifier;

  if (trained->len == 0)
    {
      g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS,
                           _ ("There was no time for a single member of the ensemble: give it more (ensemble.budget)."));
      return NULL;
    }
  wen_ensemble_run_collect_common (run, &common, trained);
  wen_ensemble_run_decide (run, &common, &verdict);

  if (run->job->recipe->student[0] != '\0' && !wen_ensemble_run_is_stopped (run))
    {
      student = wen_ensemble_run_train_student (run, &common, &verdict, error);
      if (student == NULL)
        return NULL;
    }
  summarize (run, &verdict, student != NULL);
  if (g_cancellable_set_error_if_cancelled (run->job->cancellable, error))
    return NULL;
  record = wen_ensemble_record_write (run->summary, run->rows, run->members, verdict.members->len,
                                      wen_combiner_get_kind (verdict.combiner), run->is_automatic);
  classifier = student != NULL ? g_steal_pointer (&student) : wen_ensemble_run_seat_committee (run, &verdict, record);
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
  g_auto (WenEnsembleRun) run = {
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

  for (guint i = 0; i < run.members->len && !wen_ensemble_run_is_stopped (&run); i++)
    if (!wen_ensemble_run_train_member (&run, i, error))
      return NULL;
  return finish (&run, error);
}
