/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Past runs: their figures, their order, and the way back to one of them. */

#include "config.h"

#include "project-fixture.h"

#include "wen-run-list.h"

#include <math.h>

/* A quick run, and its result. */
static WenRun *
make_run (WenProject *project,
          const char *preset,
          double      validation_share)
{
  g_autoptr(WenRecipe) recipe = wen_recipe_new_preset (preset, NULL);
  g_autoptr(GError) error = NULL;
  WenRun *run;

  recipe->n_threads = 1;
  recipe->validation_share = validation_share;
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  g_assert_no_error (error);
  run = wen_project_start_run (project, &error);
  g_assert_no_error (error);
  while (!wen_run_is_over (run))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (wen_run_get_error_message (run));
  return run;
}

static WenProject *
create_filled (Fixture *fixture,
               guint    n_rows)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", n_rows);

  import (project, table, WEN_SPLIT_TRAIN);
  return project;
}

static void
wait_for_list (WenRunList *list)
{
  while (wen_run_list_is_busy (list))
    g_main_context_iteration (NULL, TRUE);
}

static WenPastRun *
get (WenRunList *list,
     guint       position)
{
  g_autoptr(WenPastRun) run = g_list_model_get_item (G_LIST_MODEL (list), position);

  g_assert_nonnull (run);
  return run;
}

/* Of a run whose result is in memory. */
static void
assert_same_figures (WenPastRun *past,
                     WenRun     *run)
{
  const WenPastRunFigures *figures = wen_past_run_get_figures (past);
  WenEvaluation *evaluation = wen_run_get_evaluation (run);

  g_assert_cmpint (wen_past_run_get_id (past), ==, wen_run_get_id (run));
  g_assert_cmpint (g_date_time_to_unix (wen_past_run_get_started (past)), ==,
                   g_date_time_to_unix (wen_run_get_started (run)));
  g_assert_true (wen_recipe_equal (wen_past_run_get_recipe (past), wen_run_get_recipe (run)));
  if (!isnan (wen_run_get_summary (run)->best_validation_accuracy))
    g_assert_cmpfloat (figures->validation_accuracy, ==, wen_run_get_summary (run)->best_validation_accuracy);
  g_assert_cmpfloat (figures->seconds, ==, wen_run_get_summary (run)->seconds);
  g_assert_cmpuint (figures->n_parameters, ==, wen_run_get_summary (run)->n_parameters);
  g_assert_cmpuint (figures->n_test_rows, ==, wen_evaluation_get_n_rows (evaluation));
  g_assert_cmpfloat (figures->accuracy, ==, wen_evaluation_get_accuracy (evaluation));
  g_assert_cmpfloat (figures->macro_f1, ==, wen_evaluation_get_macro_f1 (evaluation));
  g_assert_cmpfloat (figures->majority_accuracy, ==, wen_evaluation_get_majority_accuracy (evaluation));
}

static void
test_figures (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_filled (fixture, 300);
  g_autoptr(WenRunList) list = wen_run_list_new (project);
  g_autoptr(WenRunList) later = NULL;
  g_autoptr(WenRun) first = NULL;
  WenComparison lead;
  gint64 first_id;

  wait_for_list (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_assert_false (wen_run_list_get_lead (list, &lead));

  first = g_object_ref (make_run (project, "bayes", 0.1));
  first_id = wen_run_get_id (first);
  wait_for_list (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  assert_same_figures (get (list, 0), first);
  g_assert_true (wen_past_run_has_classifier (get (list, 0)));

  /* Without validation rows nobody knows how good it is: last, and a reason to keep nothing. */
  make_run (project, "linear", 0);
  wait_for_list (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);
  assert_same_figures (get (list, 0), first);
  assert_same_figures (get (list, 1), wen_project_get_run (project));
  g_assert_true (isnan (wen_past_run_get_figures (get (list, 1))->validation_accuracy));
  g_assert_true (wen_run_list_get_lead (list, &lead));
  g_assert_true (lead.is_paired);
  g_assert_cmpuint (lead.n_rows, ==, wen_past_run_get_figures (get (list, 1))->n_test_rows);

  /* The classifiers of the newest and of the best before it are kept. */
  make_run (project, "linear", 0);
  wait_for_list (list);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (wen_past_run_has_classifier (get (list, i)), ==,
                     wen_past_run_get_id (get (list, i)) != first_id + 1);

  later = wen_run_list_new (project);
  wait_for_list (later);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (wen_past_run_get_id (get (later, i)), ==, wen_past_run_get_id (get (list, i)));
  g_clear_object (&first);
  close_and_check (project);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
}

static void
wait_for_result (WenProject *project,
                 gint64      run_id)
{
  g_assert_cmpint (wen_run_get_id (wen_project_get_run (project)), ==, run_id);
  while (wen_run_get_evaluation (wen_project_get_run (project)) == NULL
         || wen_project_get_classifier (project) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
has_family (WenProject *project,
            const char *family)
{
  const WenRecipe *recipe = wen_classifier_get_recipe (wen_project_get_classifier (project));

  return g_str_equal (recipe->family, family);
}

/* A run that a person went back to stays, until another one is started. */
static void
test_use (Fixture      *fixture,
          gconstpointer data)
{
  WenProject *project = create_filled (fixture, 300);
  gint64 bayes_id = wen_run_get_id (make_run (project, "bayes", 0.1));
  gint64 linear_id = wen_run_get_id (make_run (project, "linear", 0.1));
  g_autoptr(GError) error = NULL;

  g_assert_false (wen_project_use_run (project, 99, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  g_clear_error (&error);
  g_assert_true (has_family (project, "linear"));

  g_assert_true (wen_project_use_run (project, bayes_id, &error));
  g_assert_no_error (error);
  while (!has_family (project, "bayes"))
    g_main_context_iteration (NULL, TRUE);
  wait_for_result (project, bayes_id);
  close_and_check (project);

  project = open_project (fixture);
  wait_for_result (project, bayes_id);
  g_assert_true (has_family (project, "bayes"));
  g_assert_true (wen_project_use_run (project, linear_id, &error));
  while (!has_family (project, "linear"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (wen_project_use_run (project, bayes_id, &error));
  make_run (project, "linear", 0.1);
  close_and_check (project);

  project = open_project (fixture);
  wait_for_result (project, linear_id + 1);
  g_assert_true (has_family (project, "linear"));
  close_and_check (project);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Past runs have the figures they had, the best comes first, and each can be gone back to");

#define ADD(path, test) g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
  ADD ("/wen/project/run-list/figures", test_figures);
  ADD ("/wen/project/run-list/use", test_use);
#undef ADD

  return g_test_run ();
}
