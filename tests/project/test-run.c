/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs from their start to their end, whichever it is, and read back from the file. */

#include "config.h"

#include "project-fixture.h"

#include "wen-classifier-private.h"
#include "wen-run-journal-private.h"
#include "wen-run.h"

#include <string.h>

/* A small recipe, quick enough for a test and good enough to learn the table. */
static void
set_small_recipe (WenProject *project,
                  guint       n_epochs)
{
  g_autoptr(WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  g_autoptr(GError) error = NULL;

  recipe->hidden_size = 16;
  recipe->n_heads = 2;
  recipe->n_layers = 1;
  recipe->feed_forward_size = 32;
  recipe->n_epochs = n_epochs;
  recipe->patience = 0;
  recipe->learning_rate = 0.005;
  recipe->n_threads = 1;
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  g_assert_no_error (error);
}

static WenProject *
create_filled (Fixture *fixture,
               guint    n_rows,
               guint    n_epochs)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", n_rows);

  import (project, table, WEN_SPLIT_TRAIN);
  set_small_recipe (project, n_epochs);
  return project;
}

static WenRun *
start (WenProject *project)
{
  g_autoptr(GError) error = NULL;
  WenRun *run = wen_project_start_run (project, &error);

  g_assert_no_error (error);
  g_assert_true (run == wen_project_get_run (project));
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_LOADING);
  return run;
}

static void
wait_for_end (WenRun *run)
{
  while (!wen_run_is_over (run))
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_first_point (WenRun *run)
{
  gsize n_points = 0;

  while (n_points == 0 && !wen_run_is_over (run))
    {
      g_main_context_iteration (NULL, TRUE);
      wen_run_get_curve (run, &n_points);
    }
  g_assert_false (wen_run_is_over (run));
}

static void
wait_for_property (gpointer    object,
                   const char *name)
{
  gpointer value = NULL;

  while (g_object_get (object, name, &value, NULL), value == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (value);
}

static void
state_cb (WenRun     *run,
          GParamSpec *pspec,
          GArray     *states)
{
  WenRunState state = wen_run_get_state (run);

  g_array_append_val (states, state);
}

/* What is there when a run says that it is over, and after opening again. */
typedef struct
{
  WenTrainingSummary summary;
  GArray            *curve;
  double             loss;
  double             macro_f1;
  guint64            n_correct;
  double             probability;
} Result;

static void
take_result (WenProject *project,
             Result     *result)
{
  WenRun *run = wen_project_get_run (project);
  WenEvaluation *evaluation = wen_run_get_evaluation (run);
  g_autoptr(WenPrediction) prediction =
    wen_classifier_predict (wen_project_get_classifier (project), "table number 7 好");
  const WenCurvePoint *points;
  gsize n_points;

  result->summary = *wen_run_get_summary (run);
  points = wen_run_get_curve (run, &n_points);
  result->curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  g_array_append_vals (result->curve, points, n_points);
  result->loss = wen_evaluation_get_loss (evaluation);
  result->macro_f1 = wen_evaluation_get_macro_f1 (evaluation);
  result->n_correct = wen_evaluation_get_n_correct (evaluation);
  result->probability = wen_prediction_get_probability (prediction);
  g_assert_cmpstr (wen_prediction_get_label (prediction), ==, "正面");
}

static void
assert_same_result (const Result *a,
                    const Result *b)
{
  g_assert_cmpint (a->summary.end, ==, b->summary.end);
  g_assert_cmpuint (a->summary.n_epochs, ==, b->summary.n_epochs);
  g_assert_cmpuint (a->summary.best_epoch, ==, b->summary.best_epoch);
  g_assert_cmpfloat (a->summary.best_validation_loss, ==, b->summary.best_validation_loss);
  g_assert_cmpfloat (a->summary.best_validation_accuracy, ==, b->summary.best_validation_accuracy);
  g_assert_cmpuint (a->summary.n_parameters, ==, b->summary.n_parameters);
  g_assert_cmpuint (a->summary.n_vocabulary, ==, b->summary.n_vocabulary);
  g_assert_cmpuint (a->summary.n_train_rows, ==, b->summary.n_train_rows);
  g_assert_cmpuint (a->summary.n_tokens, ==, b->summary.n_tokens);
  g_assert_cmpfloat (a->summary.tokens_per_second, ==, b->summary.tokens_per_second);
  g_assert_cmpfloat (a->summary.seconds, ==, b->summary.seconds);
  g_assert_cmpfloat (a->loss, ==, b->loss);
  g_assert_cmpfloat (a->macro_f1, ==, b->macro_f1);
  g_assert_cmpuint (a->n_correct, ==, b->n_correct);
  g_assert_cmpfloat (a->probability, ==, b->probability);

  g_assert_cmpuint (a->curve->len, ==, b->curve->len);
  for (guint i = 0; i < a->curve->len; i++)
    {
      const WenCurvePoint *point = &g_array_index (a->curve, WenCurvePoint, i);
      const WenCurvePoint *other = &g_array_index (b->curve, WenCurvePoint, i);

      g_assert_cmpint (point->split, ==, other->split);
      g_assert_cmpuint (point->step, ==, other->step);
      g_assert_cmpfloat (point->epoch, ==, other->epoch);
      g_assert_cmpfloat (point->loss, ==, other->loss);
      g_assert_cmpfloat (point->accuracy, ==, other->accuracy);
      g_assert_cmpfloat (point->learning_rate, ==, other->learning_rate);
      g_assert_cmpint (point->elapsed_us, ==, other->elapsed_us);
    }
}

static void
test_completed (Fixture      *fixture,
                gconstpointer data)
{
  WenProject *project = create_filled (fixture, 600, 3);
  g_autoptr(GArray) states = g_array_new (FALSE, FALSE, sizeof (WenRunState));
  g_autofree char *n_points = NULL;
  g_autoptr(GError) error = NULL;
  WenTrainingProgress progress;
  Result live, stored;
  WenRun *run;

  run = start (project);
  g_signal_connect (run, "notify::state", G_CALLBACK (state_cb), states);
  g_assert_null (wen_project_start_run (project, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY);
  wait_for_end (run);

  g_assert_null (wen_run_get_error_message (run));
  g_assert_cmpuint (states->len, ==, 3);
  g_assert_cmpint (g_array_index (states, WenRunState, 0), ==, WEN_RUN_STATE_TRAINING);
  g_assert_cmpint (g_array_index (states, WenRunState, 1), ==, WEN_RUN_STATE_EVALUATING);
  g_assert_cmpint (g_array_index (states, WenRunState, 2), ==, WEN_RUN_STATE_COMPLETED);
  wen_run_get_progress (run, &progress);
  g_assert_cmpfloat (progress.fraction, ==, 1);
  g_assert_cmpuint (wen_run_get_summary (run)->n_epochs, ==, 3);
  g_assert_cmpuint (wen_evaluation_get_n_rows (wen_run_get_evaluation (run)), ==, 120);
  g_assert_cmpfloat (wen_evaluation_get_accuracy (wen_run_get_evaluation (run)), >, 0.9);
  take_result (project, &live);
  g_assert_cmpuint (live.curve->len, >, 5);
  close_and_check (project);

  n_points = g_strdup_printf ("%u", live.curve->len);
  assert_query (fixture->file, "SELECT count (*) FROM curve_points", n_points);
  project = open_project (fixture);
  run = wen_project_get_run (project);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_COMPLETED);
  g_assert_true (wen_recipe_equal (wen_run_get_recipe (run), wen_project_get_recipe (project)));
  wait_for_property (project, "classifier");
  wait_for_property (run, "evaluation");
  take_result (project, &stored);
  assert_same_result (&live, &stored);
  g_array_unref (live.curve);
  g_array_unref (stored.curve);
  close_and_check (project);
}

/* The wrong rows of an evaluation can be shown. */
static void
test_row_ids (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_filled (fixture, 200, 1);
  WenRun *run = start (project);
  const WenEvaluatedRow *rows;
  gsize n_rows;

  wait_for_end (run);
  rows = wen_evaluation_get_rows (wen_run_get_evaluation (run), &n_rows);
  g_assert_cmpuint (n_rows, >, 0);
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autoptr(WenProjectRow) row = wen_project_get_row (project, rows[i].row_id);

      g_assert_cmpint (wen_project_row_get_split (row), ==, WEN_SPLIT_TEST);
      g_assert_cmpstr (wen_project_row_get_label (row), ==,
                       wen_evaluation_get_label (wen_run_get_evaluation (run), rows[i].label));
    }
  close_and_check (project);
}

static void
test_stopped (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_filled (fixture, 600, 1000);
  WenRun *run = start (project);

  wait_for_first_point (run);
  wen_run_stop (run);
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_STOPPED);
  g_assert_nonnull (wen_run_get_evaluation (run));
  g_assert_nonnull (wen_project_get_classifier (project));
  g_assert_cmpint (wen_run_get_summary (run)->end, ==, WEN_TRAINING_END_STOPPED);
  close_and_check (project);

  project = open_project (fixture);
  g_assert_cmpint (wen_run_get_state (wen_project_get_run (project)), ==, WEN_RUN_STATE_STOPPED);
  wait_for_property (project, "classifier");
  close_and_check (project);
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  WenProject *project = create_filled (fixture, 600, 1000);
  WenRun *run = start (project);
  gsize n_points;

  wait_for_first_point (run);
  wen_run_cancel (run);
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_CANCELLED);
  g_assert_null (wen_run_get_summary (run));
  g_assert_null (wen_run_get_evaluation (run));
  g_assert_null (wen_run_get_error_message (run));
  g_assert_null (wen_project_get_classifier (project));

  /* Before anything has begun. */
  run = start (project);
  wen_run_stop (run);
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_CANCELLED);
  close_and_check (project);

  /* Its curve tells how far it came. */
  assert_query (fixture->file, "SELECT count (*) > 0 FROM curve_points WHERE run_id = 1", "1");
  project = open_project (fixture);
  g_assert_cmpint (wen_run_get_state (wen_project_get_run (project)), ==, WEN_RUN_STATE_CANCELLED);
  wen_run_get_curve (wen_project_get_run (project), &n_points);
  g_assert_cmpuint (n_points, ==, 0);
  close_and_check (project);
}

static void
test_failed (Fixture      *fixture,
             gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write (fixture, "one.csv", "label,text\nx,a\nx,b\nx,c\nx,d\nx,e\nx,f\n");
  g_autofree char *message = NULL;
  WenRun *run;

  import (project, table, WEN_SPLIT_TRAIN);
  run = start (project);
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_FAILED);
  message = g_strdup (wen_run_get_error_message (run));
  g_assert_nonnull (message);
  g_test_message ("%s", message);
  close_and_check (project);

  project = open_project (fixture);
  g_assert_cmpint (wen_run_get_state (wen_project_get_run (project)), ==, WEN_RUN_STATE_FAILED);
  g_assert_cmpstr (wen_run_get_error_message (wen_project_get_run (project)), ==, message);
  close_and_check (project);
}

/* A run without a result leaves the classifier of the one before it. */
static void
test_classifier_stays (Fixture      *fixture,
                       gconstpointer data)
{
  WenProject *project = create_filled (fixture, 200, 1);
  g_autoptr(WenClassifier) classifier = NULL;
  WenRun *run = start (project);

  wait_for_end (run);
  classifier = g_object_ref (wen_project_get_classifier (project));
  set_small_recipe (project, 1000);
  run = start (project);
  wait_for_first_point (run);
  wen_run_cancel (run);
  wait_for_end (run);
  g_assert_true (wen_project_get_classifier (project) == classifier);
  g_clear_object (&classifier);
  close_and_check (project);

  project = open_project (fixture);
  wait_for_property (project, "classifier");
  g_assert_null (wen_run_get_evaluation (wen_project_get_run (project)));

  /* And a newer result takes its place; the best one before stays in the file. */
  set_small_recipe (project, 1);
  run = start (project);
  wait_for_end (run);
  close_and_check (project);
  assert_query (fixture->file, "SELECT count (DISTINCT run_id) || ' ' || max (run_id) FROM classifier_files", "2 3");
}

/* The program was killed while it trained. */
static void
test_interrupted (Fixture      *fixture,
                  gconstpointer data)
{
  WenProject *project = create_filled (fixture, 200, 1);
  WenRun *run = start (project);
  gsize n_points, n_stored_points;

  wait_for_end (run);
  wen_run_get_curve (run, &n_points);
  close_and_check (project);
  execute (fixture->file, "UPDATE runs SET state = 1, ending = NULL; DELETE FROM predictions;"
                          "DELETE FROM classifier_files; UPDATE runs SET majority_label = NULL");

  project = open_project (fixture);
  run = wen_project_get_run (project);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_INTERRUPTED);
  g_assert_true (wen_run_is_over (run));
  g_assert_null (wen_run_get_summary (run));
  wen_run_get_curve (run, &n_stored_points);
  g_assert_cmpuint (n_points, ==, n_stored_points);
  close_and_check (project);
}

/* Points are in the file while training goes on. */
static void
test_curve_is_stored_meanwhile (Fixture      *fixture,
                                gconstpointer data)
{
  WenProject *project = create_filled (fixture, 600, 1000);
  WenRun *run = start (project);
  gint64 end_us = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;
  gsize n_points = 0;
  g_autofree char *n_stored = NULL;

  wait_for_first_point (run);
  while (g_get_monotonic_time () < end_us && (n_stored == NULL || g_str_equal (n_stored, "0")))
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (n_stored);
      n_stored = query_text (fixture->file, "SELECT count (*) FROM curve_points");
    }
  g_assert_false (wen_run_is_over (run));
  g_assert_cmpuint (g_ascii_strtoull (n_stored, NULL, 10), >, 0);
  wen_run_cancel (run);
  wait_for_end (run);

  wen_run_get_curve (run, &n_points);
  g_free (n_stored);
  n_stored = query_text (fixture->file, "SELECT count (*) FROM curve_points");
  g_assert_cmpuint (g_ascii_strtoull (n_stored, NULL, 10), ==, n_points);
  close_and_check (project);
}

static GBytes *
dup_weights (WenProject *project)
{
  g_autoptr(GHashTable) files = wen_classifier_to_files (wen_project_get_classifier (project));

  return g_bytes_ref (g_hash_table_lookup (files, "model.safetensors"));
}

/* A run that waits, with its state on disk. */
static WenRun *
start_and_pause (WenProject *project)
{
  WenRun *run = start (project);
  WenTrainingProgress progress;

  wait_for_first_point (run);
  wen_run_pause (run);
  g_assert_true (wen_run_is_paused (run));
  do
    {
      g_main_context_iteration (NULL, TRUE);
      wen_run_get_progress (run, &progress);
      g_assert_false (wen_run_is_over (run));
    }
  while (progress.phase != WEN_TRAINING_PHASE_PAUSED);
  return run;
}

static void
test_pause (Fixture      *fixture,
            gconstpointer data)
{
  WenProject *project = create_filled (fixture, 300, 6);
  WenRun *run = start (project);
  g_autoptr(GBytes) expected = NULL;
  g_autoptr(GBytes) weights = NULL;

  wait_for_end (run);
  expected = dup_weights (project);

  run = start_and_pause (project);
  wen_run_resume (run);
  g_assert_false (wen_run_is_paused (run));
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_COMPLETED);
  weights = dup_weights (project);
  g_assert_true (g_bytes_equal (weights, expected));
  close_and_check (project);
}

/* Closed in the middle of a run, opened again, and gone on with. */
static void
test_resume (Fixture      *fixture,
             gconstpointer data)
{
  WenProject *project = create_filled (fixture, 300, 6);
  WenRun *run = start (project);
  g_autoptr(GBytes) expected = NULL;
  g_autoptr(GBytes) weights = NULL;
  g_autofree char *curve = NULL;
  g_autofree char *resumed_curve = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (wen_project_can_resume_run (project));
  wait_for_end (run);
  expected = dup_weights (project);
  g_assert_false (wen_project_can_resume_run (project));

  start_and_pause (project);
  close_and_check (project);

  project = open_project (fixture);
  g_assert_cmpint (wen_run_get_state (wen_project_get_run (project)), ==, WEN_RUN_STATE_INTERRUPTED);
  g_assert_true (wen_project_can_resume_run (project));
  /* What the next run is to be is another matter. */
  set_small_recipe (project, 1);
  run = wen_project_resume_run (project, &error);
  g_assert_no_error (error);
  g_assert_true (run == wen_project_get_run (project));
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_COMPLETED);
  g_assert_cmpuint (wen_run_get_summary (run)->n_epochs, ==, 6);
  g_assert_false (wen_project_can_resume_run (project));

  weights = dup_weights (project);
  g_assert_true (g_bytes_equal (weights, expected));
  curve = query_text (fixture->file, "SELECT group_concat (step || ' ' || loss) FROM curve_points WHERE run_id = 1");
  resumed_curve = query_text (fixture->file,
                              "SELECT group_concat (step || ' ' || loss) FROM curve_points WHERE run_id = 2");
  g_assert_cmpstr (resumed_curve, ==, curve);
  close_and_check (project);
}

/* Where the rows are others by now, the run cannot go on, and says so. */
static void
test_resume_with_other_rows (Fixture      *fixture,
                             gconstpointer data)
{
  WenProject *project = create_filled (fixture, 300, 6);
  g_autoptr(GFile) table = fixture_write_table (fixture, "more", 20);
  WenRun *run;

  start_and_pause (project);
  close_and_check (project);

  project = open_project (fixture);
  import (project, table, WEN_SPLIT_TRAIN);
  g_assert_true (wen_project_can_resume_run (project));
  run = wen_project_resume_run (project, NULL);
  g_assert_nonnull (run);
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_FAILED);
  g_assert_nonnull (strstr (wen_run_get_error_message (run), "other rows"));
  g_assert_false (wen_project_can_resume_run (project));
  close_and_check (project);
}

/* A new run takes the place of an interrupted one. */
static void
test_start_instead_of_resume (Fixture      *fixture,
                              gconstpointer data)
{
  WenProject *project = create_filled (fixture, 300, 6);
  WenRun *run;

  start_and_pause (project);
  close_and_check (project);

  project = open_project (fixture);
  set_small_recipe (project, 1);
  run = start (project);
  g_assert_false (wen_project_can_resume_run (project));
  wait_for_end (run);
  g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_COMPLETED);
  g_assert_cmpuint (wen_run_get_summary (run)->n_epochs, ==, 1);
  close_and_check (project);
}

static void
test_close_meanwhile (Fixture      *fixture,
                      gconstpointer data)
{
  for (guint pass = 0; pass < 3; pass++)
    {
      WenProject *project = pass == 0 ? create_filled (fixture, 600, 1000) : open_project (fixture);
      WenRun *run = g_object_ref (start (project));
      gint64 start_us;

      if (pass > 0)
        wait_for_first_point (run);
      start_us = g_get_monotonic_time ();
      wen_project_close (project);
      g_test_message ("Closing took %.1f ms", (double) (g_get_monotonic_time () - start_us) / 1000);
      g_assert_cmpint (wen_run_get_state (run), ==, WEN_RUN_STATE_INTERRUPTED);
      close_and_check (project);

      /* Its threads end by themselves, and one of them may be the last to let go of
       * it, of which this thread's main context hears nothing. */
      while (g_atomic_int_get ((int *) &G_OBJECT (run)->ref_count) > 1)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (1000);
      g_assert_finalize_object (run);
    }
  assert_query (fixture->file, "SELECT count (*) FROM runs WHERE state = 7", "3");
}

/* What a killed program left half written does not get into the next state. */
static void
test_journal_left_half (Fixture      *fixture,
                        gconstpointer data)
{
  const char *path = g_file_peek_path (fixture->file);
  g_autofree char *part_path = g_strconcat (path, "-run.part", NULL);
  g_autoptr(GBytes) state = g_bytes_new_static ("short", 5);
  g_autoptr(GBytes) read = NULL;

  g_assert_true (g_file_set_contents (part_path, "longer than what comes next", -1, NULL));
  wen_run_journal_write (path, state);
  read = wen_run_journal_read (path);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "short", 5);
}

#define ADD(path, function) \
  g_test_add ("/wen/project/run/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("completed", test_completed);
  ADD ("row-ids", test_row_ids);
  ADD ("stopped", test_stopped);
  ADD ("cancelled", test_cancelled);
  ADD ("failed", test_failed);
  ADD ("classifier-stays", test_classifier_stays);
  ADD ("interrupted", test_interrupted);
  ADD ("curve-is-stored-meanwhile", test_curve_is_stored_meanwhile);
  ADD ("pause", test_pause);
  ADD ("resume", test_resume);
  ADD ("resume-with-other-rows", test_resume_with_other_rows);
  ADD ("start-instead-of-resume", test_start_instead_of_resume);
  ADD ("close-meanwhile", test_close_meanwhile);
  ADD ("journal-left-half", test_journal_left_half);

  return g_test_run ();
}
