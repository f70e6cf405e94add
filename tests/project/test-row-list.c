/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The list of rows shows what the file has, in any order of looking. */

#include "config.h"

#include "project-fixture.h"

#define N_TABLE_ROWS 5000
#define N_TEST_ROWS 777

static void
assert_item (GListModel *rows,
             guint       position)
{
  g_autoptr(WenProjectRow) row = g_list_model_get_item (rows, position);
  gboolean is_test = position >= N_TABLE_ROWS;
  guint number = is_test ? position - N_TABLE_ROWS + 1 : position + 1;
  g_autofree char *text = g_strdup_printf ("%s number %u %s", is_test ? "tests" : "table", number,
                                           number % 3 == 0 ? "好" : "bad");

  g_assert_cmpint (wen_project_row_get_number (row), ==, number);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, text);
  g_assert_cmpstr (wen_project_row_get_label (row), ==, number % 3 == 0 ? "正面" : "negative");
  g_assert_cmpint (wen_project_row_get_split (row) == WEN_SPLIT_TEST, ==, is_test);
}

static void
test_items (Fixture      *fixture,
            gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", N_TABLE_ROWS);
  g_autoptr(GFile) tests = fixture_write_table (fixture, "tests", N_TEST_ROWS);
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(GError) error = NULL;

  /* The second import moves the ids away from the positions. */
  import (project, tests, WEN_SPLIT_TRAIN);
  import (project, table, WEN_SPLIT_TRAIN);
  import (project, tests, WEN_SPLIT_TEST);
  g_object_unref (wen_project_load_dataset (project, NULL, &error));
  g_assert_no_error (error);

  rows = G_LIST_MODEL (wen_project_list_rows (project));
  g_assert_true (g_list_model_get_item_type (rows) == WEN_TYPE_PROJECT_ROW);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, N_TABLE_ROWS + N_TEST_ROWS);
  g_assert_null (g_list_model_get_item (rows, N_TABLE_ROWS + N_TEST_ROWS));

  for (guint position = 0; position < N_TABLE_ROWS + N_TEST_ROWS; position++)
    assert_item (rows, position);
  for (guint i = 0; i < 300; i++)
    assert_item (rows, (guint) g_test_rand_int_range (0, N_TABLE_ROWS + N_TEST_ROWS));
  g_clear_object (&rows);
  close_and_check (project);
}

typedef struct
{
  guint n_calls;
  guint removed;
  guint added;
} Change;

static void
items_changed_cb (GListModel *rows,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Change     *change)
{
  g_assert_cmpuint (position, ==, 0);
  /* The same rows, split anew. */
  if (removed == added)
    return;
  change->n_calls++;
  change->removed = removed;
  change->added = added;
}

static void
test_follows (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) first = fixture_write_table (fixture, "first", 300);
  g_autoptr(GFile) second = fixture_write_table (fixture, "second", 40);
  g_autoptr(GListModel) rows = G_LIST_MODEL (wen_project_list_rows (project));
  g_autoptr(WenProjectRow) row = NULL;
  Change change = { 0 };

  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 0);
  g_signal_connect (rows, "items-changed", G_CALLBACK (items_changed_cb), &change);
  import (project, first, WEN_SPLIT_TRAIN);
  g_assert_cmpuint (change.added, ==, 300);
  row = g_list_model_get_item (rows, 20);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "first number 21 好");
  g_clear_object (&row);

  import (project, second, WEN_SPLIT_TRAIN);
  g_assert_cmpuint (change.n_calls, ==, 2);
  g_assert_cmpuint (change.removed, ==, 300);
  g_assert_cmpuint (change.added, ==, 40);
  row = g_list_model_get_item (rows, 20);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "second number 21 好");

  /* The list may outlive its project. */
  g_clear_object (&row);
  close_and_check (project);
  row = g_list_model_get_item (rows, 39);
  g_assert_nonnull (row);
  g_assert_finalize_object (g_steal_pointer (&rows));
}

#define ADD(path, function) \
  g_test_add ("/wen/project/row-list/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("items", test_items);
  ADD ("follows", test_follows);

  return g_test_run ();
}
