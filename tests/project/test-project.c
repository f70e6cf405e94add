/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Project files: made, opened again, refused; recipe and notes are in them. */

#include "config.h"

#include <unistd.h>

#include "project-fixture.h"

static void
test_create (Fixture      *fixture,
             gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autofree char *title = wen_project_dup_title (project);
  g_autoptr(GError) error = NULL;
  GStatBuf status;

  g_assert_cmpint (g_stat (g_file_peek_path (fixture->file), &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpstr (title, ==, "项目 1%?#");
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 0);
  g_assert_null (wen_project_get_run (project));
  g_assert_null (wen_project_get_classifier (project));
  g_assert_null (wen_project_get_import_report (project));

  g_assert_null (wen_project_create (fixture->file, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  close_and_check (project);

  assert_query (fixture->file, "PRAGMA user_version", "3");
  assert_query (fixture->file, "PRAGMA integrity_check", "ok");
}

/* A closed project is one file: the log and its index are gone. */
static void
test_one_file (Fixture      *fixture,
               gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 500);
  g_autoptr(GDir) dir = NULL;
  guint n_files = 0;

  import (project, table, WEN_SPLIT_TRAIN);
  wen_project_set_note (project, "page", "train");
  close_and_check (project);

  dir = g_dir_open (fixture->folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, 2);
}

static void
test_notes (Fixture      *fixture,
            gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autofree char *none = NULL;
  g_autofree char *text = NULL;
  g_autofree char *page = NULL;

  wen_project_set_note (project, "text", "Robert'); DROP TABLE notes; -- 房间\n");
  wen_project_set_note (project, "page", "train");
  wen_project_set_note (project, "page", "predict");
  wen_project_set_note (project, "gone", "1");
  wen_project_set_note (project, "gone", NULL);
  close_and_check (project);

  project = open_project (fixture);
  none = wen_project_dup_note (project, "gone");
  text = wen_project_dup_note (project, "text");
  page = wen_project_dup_note (project, "page");
  g_assert_null (none);
  g_assert_cmpstr (text, ==, "Robert'); DROP TABLE notes; -- 房间\n");
  g_assert_cmpstr (page, ==, "predict");
  close_and_check (project);
}

static void
test_recipe (Fixture      *fixture,
             gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(WenRecipe) recipe = wen_recipe_copy (wen_project_get_recipe (project));
  g_autoptr(GError) error = NULL;
  gboolean changed = FALSE;
  double dropout;

  g_assert_cmpstr (recipe->preset, ==, "auto");
  g_signal_connect_swapped (project, "recipe-changed", G_CALLBACK (set_true_cb), &changed);
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  g_assert_false (changed);

  recipe->learning_rate = 0.00123;
  recipe->seed = 9007199254740991;
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  g_assert_no_error (error);
  g_assert_true (changed);

  dropout = recipe->dropout;
  recipe->dropout = 7;
  g_assert_false (wen_project_set_recipe (project, recipe, &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
  g_assert_cmpfloat (wen_project_get_recipe (project)->dropout, ==, dropout);
  close_and_check (project);

  project = open_project (fixture);
  recipe->dropout = dropout;
  g_assert_true (wen_recipe_equal (wen_project_get_recipe (project), recipe));
  close_and_check (project);
}

static void
assert_refused (GFile          *file,
                WenProjectError code)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_file_get_basename (file);

  g_assert_null (wen_project_open (file, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_not_ours (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(GString) long_text = g_string_new (NULL);
  g_autoptr(GFile) text = fixture_write (fixture, "text.wenlei", "label,text\n1,good\n");
  g_autoptr(GFile) long_file = NULL;
  g_autoptr(GFile) empty = fixture_write (fixture, "empty.wenlei", "");
  g_autoptr(GFile) other = fixture_get_child (fixture, "other.wenlei");
  g_autoptr(GFile) missing = fixture_get_child (fixture, "missing.wenlei");
  g_autoptr(GFile) folder = g_file_new_for_path (fixture->folder);

  for (guint i = 0; i < 2000; i++)
    g_string_append (long_text, "label,text\n");
  long_file = fixture_write (fixture, "long.wenlei", long_text->str);
  execute (other, "CREATE TABLE rows (id INTEGER PRIMARY KEY); PRAGMA application_id = 42");

  assert_refused (text, WEN_PROJECT_ERROR_NOT_OURS);
  assert_refused (long_file, WEN_PROJECT_ERROR_NOT_OURS);
  assert_refused (empty, WEN_PROJECT_ERROR_NOT_OURS);
  assert_refused (other, WEN_PROJECT_ERROR_NOT_OURS);
  assert_refused (missing, WEN_PROJECT_ERROR_IO);
  assert_refused (folder, WEN_PROJECT_ERROR_IO);
  /* Looking leaves nothing behind in somebody else's file. */
  assert_query (other, "SELECT count (*) FROM sqlite_schema", "1");
}

static void
test_too_new (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_project (fixture);

  close_and_check (project);
  execute (fixture->file, "PRAGMA user_version = 4");
  assert_refused (fixture->file, WEN_PROJECT_ERROR_TOO_NEW);
}

static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 2000);
  g_autoptr(GFile) cut = fixture_get_child (fixture, "cut.wenlei");
  g_autoptr(GFile) overwritten = fixture_get_child (fixture, "overwritten.wenlei");
  g_autoptr(GFile) emptied = fixture_get_child (fixture, "emptied.wenlei");
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize size_bytes;

  import (project, table, WEN_SPLIT_TRAIN);
  close_and_check (project);

  g_file_get_contents (g_file_peek_path (fixture->file), &contents, &size_bytes, &error);
  g_assert_no_error (error);
  g_file_set_contents (g_file_peek_path (cut), contents, size_bytes / 2, &error);
  g_assert_no_error (error);
  assert_refused (cut, WEN_PROJECT_ERROR_DAMAGED);

  memset (contents + 4096, 'x', 8 * 4096);
  g_file_set_contents (g_file_peek_path (overwritten), contents, size_bytes, &error);
  g_assert_no_error (error);
  assert_refused (overwritten, WEN_PROJECT_ERROR_DAMAGED);

  execute (fixture->file, "DROP TABLE notes");
  g_file_copy (fixture->file, emptied, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_refused (emptied, WEN_PROJECT_ERROR_DAMAGED);
}

/* A file in a folder that cannot be written is looked at, and nothing more.
 * Root may write everywhere, so only others can test it. */
static void
test_read_only (Fixture      *fixture,
                gconstpointer data)
{
  WenProject *project;
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 300);
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenProjectRow) row = NULL;
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(GError) error = NULL;

  if (getuid () == 0)
    {
      g_test_skip ("Root may write everywhere");
      return;
    }
  project = create_project (fixture);
  import (project, table, WEN_SPLIT_TRAIN);
  close_and_check (project);
  g_chmod (g_file_peek_path (fixture->file), 0400);
  g_chmod (fixture->folder, 0500);

  project = open_project (fixture);
  rows = G_LIST_MODEL (wen_project_list_rows (project));
  row = g_list_model_get_item (rows, 299);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "table number 300 好");
  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_dataset_get_n_rows (dataset), ==, 300);

  recipe = wen_recipe_copy (wen_project_get_recipe (project));
  recipe->seed = 7;
  g_assert_false (wen_project_set_recipe (project, recipe, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (wen_project_start_run (project, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  g_clear_object (&rows);
  close_and_check (project);
}

/* A file of the first version gets the tables that came later, and keeps its rows. */
static void
test_first_version (Fixture      *fixture,
                    gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 10);

  import (project, table, WEN_SPLIT_TRAIN);
  close_and_check (project);
  execute (fixture->file, "DROP TABLE edit_labels; DROP TABLE edit_rows; DROP TABLE edits;"
                          "ALTER TABLE project DROP COLUMN n_in_bin; ALTER TABLE project DROP COLUMN n_hidden;"
                          "ALTER TABLE curve_points DROP COLUMN is_pretraining;"
                          "PRAGMA user_version = 1");
  project = open_project (fixture);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 10);
  g_assert_null (wen_project_get_undo_title (project));
  close_and_check (project);
  assert_query (fixture->file, "PRAGMA user_version", "3");
  assert_query (fixture->file, "SELECT count (*) FROM edits", "0");
}

static void
test_closed (Fixture      *fixture,
             gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 10);
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(WenProjectRow) row = NULL;
  g_autoptr(WenRecipe) recipe = wen_recipe_copy (wen_project_get_recipe (project));
  g_autoptr(GError) error = NULL;

  import (project, table, WEN_SPLIT_TRAIN);
  rows = G_LIST_MODEL (wen_project_list_rows (project));
  wen_project_close (project);
  wen_project_close (project);

  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 10);
  row = g_list_model_get_item (rows, 3);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "");
  g_assert_null (wen_project_get_row (project, 1));
  recipe->seed = 1;
  g_assert_false (wen_project_set_recipe (project, recipe, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (wen_project_start_run (project, &error));
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  wen_project_set_note (project, "page", "data");
  close_and_check (project);
}

#define ADD(path, function) \
  g_test_add ("/wen/project/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("create", test_create);
  ADD ("one-file", test_one_file);
  ADD ("notes", test_notes);
  ADD ("recipe", test_recipe);
  ADD ("not-ours", test_not_ours);
  ADD ("too-new", test_too_new);
  ADD ("damaged", test_damaged);
  ADD ("read-only", test_read_only);
  ADD ("first-version", test_first_version);
  ADD ("closed", test_closed);

  return g_test_run ();
}
