/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search on the rows of a project goes on from what was kept of it. */

#include "config.h"

#include "project-fixture.h"

#include "wen-project-search.h"

static WenSearchOptions *
create_options (guint n_trials)
{
  WenSearchOptions *options = wen_search_options_new ();

  options->n_trials = n_trials;
  options->goal = WEN_SEARCH_GOAL_LABEL_F1;
  options->label = g_strdup ("正面");
  options->largest = 100000;
  options->seed = 7;
  return options;
}

static void
run (WenSearch *search)
{
  g_autoptr(GError) error = NULL;

  wen_search_run (search, NULL, &error);
  g_assert_no_error (error);
}

static void
test_goes_on (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 300);
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenSearchOptions) options = create_options (2);
  g_autoptr(WenSearchOptions) kept_options = NULL;
  g_autoptr(WenRecipe) kept_base = NULL;
  g_autoptr(GBytes) checkpoint = NULL;
  g_autoptr(WenSearch) first = NULL;
  g_autoptr(WenSearch) second = NULL;
  g_autoptr(GError) error = NULL;

  import (project, table, WEN_SPLIT_TRAIN);
  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (wen_project_read_search (project, NULL, NULL, NULL));

  first = wen_search_new (dataset, wen_project_get_recipe (project), options);
  wen_project_keep_search (project, first, wen_project_get_recipe (project), options);
  run (first);
  close_and_check (project);

  project = open_project (fixture);
  g_assert_true (wen_project_read_search (project, &kept_base, &kept_options, &checkpoint));
  g_assert_true (wen_recipe_equal (kept_base, wen_project_get_recipe (project)));
  g_assert_cmpint (kept_options->goal, ==, options->goal);
  g_assert_cmpstr (kept_options->label, ==, options->label);
  g_assert_cmpuint (kept_options->largest, ==, options->largest);
  g_assert_cmpuint (kept_options->seed, ==, options->seed);

  kept_options->n_trials = 3;
  second = wen_search_new (dataset, kept_base, kept_options);
  wen_search_set_checkpoint (second, checkpoint);
  run (second);
  g_assert_cmpuint (wen_search_get_n_trials (second), >, wen_search_get_n_trials (first));
  g_assert_cmpfloat (wen_search_get_trial (second, 1)->score, ==, wen_search_get_trial (first, 1)->score);

  wen_project_forget_search (project);
  g_assert_false (wen_project_read_search (project, NULL, NULL, NULL));
  close_and_check (project);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("What was measured by a search is kept beside the project");

  g_test_add ("/wen/project/project-search/goes-on", Fixture, NULL, fixture_set_up, test_goes_on, fixture_tear_down);

  return g_test_run ();
}
