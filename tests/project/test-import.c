/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables come in whole or not at all, whatever happens to the program. */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "project-fixture.h"

#define N_KILLS 20
#define N_OLD_ROWS 500
#define N_NEW_ROWS 30000

static void
test_content (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write (fixture, "table.csv",
                                          "id,label,text\n"
                                          "1,好,\"房间, \"\"大\"\"\n第二行\"\n"
                                          "2,bad,   \n"
                                          "3, ,no label\n"
                                          "4,,\n"
                                          "5,bad,\xf0\x9f\x98\x80 e\xcc\x81\n");
  const WenImportReport *report;
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(GError) error = NULL;
  static const struct { const char *text, *label; } expected[] = {
    { "房间, \"大\"\n第二行", "好" },
    { "   ", "bad" },
    { "no label", NULL },
    { "", NULL },
    { "\xf0\x9f\x98\x80 e\xcc\x81", "bad" },
  };

  for (guint pass = 0; pass < 2; pass++)
    {
      if (pass == 0)
        import (project, table, WEN_SPLIT_TRAIN);
      g_assert_cmpuint (wen_project_get_n_rows (project), ==, G_N_ELEMENTS (expected));
      report = wen_project_get_import_report (project);
      g_assert_cmpuint (report->n_rows, ==, 5);
      g_assert_cmpuint (report->n_without_text, ==, 2);
      g_assert_cmpuint (report->n_without_label, ==, 2);
      g_assert_cmpstr (report->encoding, ==, "UTF-8");
      g_assert_cmpint (report->delimiter, ==, ',');
      g_assert_true (report->has_header);
      g_assert_cmpstr (report->text_column, ==, "text");
      g_assert_cmpstr (report->label_column, ==, "label");

      /* Splits the rows, unless the thread that does so was quicker. */
      g_object_unref (wen_project_load_dataset (project, NULL, &error));
      g_assert_no_error (error);
      rows = G_LIST_MODEL (wen_project_list_rows (project));
      g_assert_cmpuint (g_list_model_get_n_items (rows), ==, G_N_ELEMENTS (expected));
      for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
        {
          g_autoptr(WenProjectRow) row = g_list_model_get_item (rows, i);
          gboolean is_used = i == 0 || i == 4;

          g_assert_cmpint (wen_project_row_get_number (row), ==, i + 1);
          g_assert_cmpstr (wen_project_row_get_text (row), ==, expected[i].text);
          g_assert_cmpstr (wen_project_row_get_label (row), ==, expected[i].label);
          g_assert_cmpint (wen_project_row_get_split (row) != WEN_SPLIT_NONE, ==, is_used);
        }
      g_clear_object (&rows);
      close_and_check (project);
      if (pass == 0)
        project = open_project (fixture);
    }
}

/* A project deals its rows out as the command line does. */
static void
assert_same_splits (WenProject *project,
                    GFile      *table,
                    GFile      *test_table)
{
  static const WenCsvOptions guess_all = { 0 };
  const WenRecipe *recipe = wen_project_get_recipe (project);
  g_autoptr(WenDataset) expected = wen_dataset_new ();
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(GListModel) rows = G_LIST_MODEL (wen_project_list_rows (project));
  g_autoptr(GError) error = NULL;
  GFile *tables[] = { table, test_table };

  for (guint i = 0; i < 2 && tables[i] != NULL; i++)
    {
      g_autoptr(WenCsvReader) reader = wen_csv_reader_new (tables[i], &guess_all, NULL, &error);
      g_autoptr(WenImportReport) report = NULL;

      g_assert_no_error (error);
      report = wen_dataset_append_csv (expected, reader, "text", "label", FALSE,
                                       i == 0 ? WEN_SPLIT_TRAIN : WEN_SPLIT_TEST, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  wen_dataset_split (expected, recipe->seed, test_table != NULL ? 0 : recipe->test_share, recipe->validation_share, NULL, NULL);

  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_dataset_get_n_rows (dataset), ==, wen_dataset_get_n_rows (expected));
  g_assert_cmpuint (wen_dataset_get_n_labels (dataset), ==, wen_dataset_get_n_labels (expected));
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, wen_dataset_get_n_rows (expected));
  for (gsize row = 0; row < wen_dataset_get_n_rows (expected); row++)
    {
      g_autoptr(WenProjectRow) listed = g_list_model_get_item (rows, (guint) row);
      guint label = wen_dataset_get_label (expected, row);

      g_assert_cmpstr (wen_dataset_get_text (dataset, row), ==, wen_dataset_get_text (expected, row));
      g_assert_cmpuint (wen_dataset_get_label (dataset, row), ==, label);
      g_assert_cmpstr (wen_dataset_get_label_name (dataset, label), ==, wen_dataset_get_label_name (expected, label));
      g_assert_cmpint (wen_dataset_get_split (dataset, row), ==, wen_dataset_get_split (expected, row));
      g_assert_cmpint (wen_project_row_get_split (listed), ==, wen_dataset_get_split (expected, row));
    }
}

/* Texts without labels wait in the project until somebody labels them. */
static void
test_unlabelled (Fixture      *fixture,
                 gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 300);
  g_autoptr(GFile) tests = fixture_write_table (fixture, "tests", 50);
  g_autoptr(GFile) texts = fixture_write (fixture, "texts.csv", "id,comment\n1,房间很大\n2,太吵了\n3,还可以\n");
  static const WenCsvOptions guess_all = { 0 };
  ImportWait wait = { 0 };
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(WenProjectRow) row = NULL;
  g_autoptr(GError) error = NULL;
  gint64 row_id;

  import (project, table, WEN_SPLIT_TRAIN);
  for (guint pass = 0; pass < 2; pass++)
    {
      wait = (ImportWait) { 0 };
      wen_project_import_async (project, texts, &guess_all, NULL, NULL, WEN_SPLIT_NONE, NULL, NULL, NULL, imported_cb,
                                &wait);
      wait_for (&wait.done);
      g_assert_no_error (wait.error);
      g_assert_cmpuint (wait.report->n_without_label, ==, 3);
      g_clear_pointer (&wait.report, wen_import_report_free);
      g_assert_cmpuint (wen_project_get_n_rows (project), ==, 303);
    }
  import (project, tests, WEN_SPLIT_TEST);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 353);
  g_assert_cmpstr (wen_project_get_import_report (project)->label_column, ==, "label");

  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_NONE), ==, 3);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_TEST), ==, 50);

  rows = G_LIST_MODEL (wen_project_list_rows (project));
  row = g_list_model_get_item (rows, 352);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "还可以");
  g_assert_null (wen_project_row_get_label (row));
  row_id = wen_project_row_get_id (row);
  wen_project_edit_rows_async (project, WEN_EDIT_LABEL_ROWS, &row_id, 1, "正面", NULL, NULL);
  while (wen_project_get_undo_title (project) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&dataset);
  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_NONE), ==, 2);
  g_clear_object (&rows);
  close_and_check (project);
}

/* Tables one after the other are one table; one that does not fit changes nothing. */
static void
test_tables (Fixture      *fixture,
             gconstpointer data)
{
  static const WenCsvOptions guess_all = { 0 };
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) first = fixture_write_table (fixture, "first", 5000);
  g_autoptr(GFile) second = fixture_write (fixture, "second.csv", "n,text,label\n1,\"in another\norder\",正面\n2,short\n");
  g_autoptr(GFile) other = fixture_write (fixture, "other.csv", "text,class\na,b\nc,d\n");
  g_autoptr(GListStore) tables = g_list_store_new (G_TYPE_FILE);
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(WenProjectRow) row = NULL;

  g_list_store_append (tables, first);
  g_list_store_append (tables, second);
  for (guint pass = 0; pass < 2; pass++)
    {
      ImportWait wait = { 0 };

      wen_project_import_tables_async (project, G_LIST_MODEL (tables), &guess_all, NULL, NULL, WEN_SPLIT_TRAIN, NULL, NULL,
                                       NULL, imported_cb, &wait);
      wait_for (&wait.done);
      g_assert_cmpuint (wen_project_get_n_rows (project), ==, 5002);
      if (pass == 0)
        {
          g_assert_no_error (wait.error);
          g_assert_cmpuint (wait.report->n_rows, ==, 5002);
          g_assert_cmpuint (wait.report->n_without_label, ==, 1);
          g_assert_cmpstr (wait.report->text_column, ==, "text");
          g_assert_cmpuint (g_strv_length (wait.report->warnings), ==, 1);
          g_assert_true (g_str_has_prefix (wait.report->warnings[0], "second.csv: "));
          g_clear_pointer (&wait.report, wen_import_report_free);
          g_list_store_append (tables, other);
        }
      else
        {
          g_assert_error (wait.error, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN);
          g_assert_true (g_str_has_prefix (wait.error->message, "other.csv: "));
          g_clear_error (&wait.error);
        }
    }
  rows = G_LIST_MODEL (wen_project_list_rows (project));
  row = g_list_model_get_item (rows, 5000);
  g_assert_cmpint (wen_project_row_get_number (row), ==, 1);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "in another\norder");
  g_assert_cmpstr (wen_project_row_get_label (row), ==, "正面");
  g_clear_object (&rows);
  close_and_check (project);
}

/* Rows with the same text stay together, however long it is and whatever spaces
 * are around it. */
static GFile *
write_repeating_table (Fixture *fixture)
{
  g_autoptr(GString) contents = g_string_new ("label,text\n");

  for (guint row = 0; row < 700; row++)
    {
      guint n = row % 150;

      g_string_append_printf (contents, "%u,\"%*sreview %u%s%*s\"\n", n % 4, row % 3, "", n,
                              n % 2 == 0 ? ": the room was clean and the breakfast plentiful" : "", row % 5, "");
    }
  return fixture_write (fixture, "table.csv", contents->str);
}

static void
test_split (Fixture      *fixture,
            gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = write_repeating_table (fixture);
  g_autoptr(GFile) test_table = fixture_write_table (fixture, "tests", 130);
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GError) error = NULL;
  gboolean rows_changed = FALSE;

  import (project, table, WEN_SPLIT_TRAIN);
  assert_same_splits (project, table, NULL);

  recipe = wen_recipe_copy (wen_project_get_recipe (project));
  recipe->seed = 4711;
  recipe->test_share = 0.35;
  recipe->validation_share = 0.2;
  g_signal_connect_swapped (project, "rows-changed", G_CALLBACK (set_true_cb), &rows_changed);
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  wait_for (&rows_changed);
  assert_same_splits (project, table, NULL);

  /* Two changes in a row: the last one counts, for whoever asks at once, too. */
  recipe->seed = 4712;
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  recipe->seed = 4713;
  g_assert_true (wen_project_set_recipe (project, recipe, &error));
  g_object_unref (wen_project_load_dataset (project, NULL, &error));
  g_assert_no_error (error);
  assert_same_splits (project, table, NULL);

  import (project, test_table, WEN_SPLIT_TEST);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 830);
  assert_same_splits (project, table, test_table);
  close_and_check (project);

  project = open_project (fixture);
  assert_same_splits (project, table, test_table);
  /* Another test file takes the place of the first one. */
  import (project, test_table, WEN_SPLIT_TEST);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 830);
  assert_same_splits (project, table, test_table);
  /* Another table takes the place of everything. */
  import (project, test_table, WEN_SPLIT_TRAIN);
  assert_same_splits (project, test_table, NULL);
  close_and_check (project);
}

/* Ids are never used again, so an old run's rows are gone rather than others. */
static void
test_ids (Fixture      *fixture,
          gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", 20);
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenProjectRow) row = NULL;
  g_autoptr(GError) error = NULL;
  gint64 id;

  import (project, table, WEN_SPLIT_TRAIN);
  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  id = wen_dataset_get_row_id (dataset, 4);
  row = wen_project_get_row (project, id);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, wen_dataset_get_text (dataset, 4));

  import (project, table, WEN_SPLIT_TRAIN);
  g_assert_null (wen_project_get_row (project, id));
  close_and_check (project);
}

static void
test_bad_tables (Fixture      *fixture,
                 gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) good = fixture_write_table (fixture, "good", 12);
  GFile *bad[] = {
    fixture_get_child (fixture, "missing.csv"),
    g_file_new_for_path (fixture->folder),
    fixture_write (fixture, "empty.csv", ""),
    fixture_write (fixture, "header.csv", "label,text\n"),
    fixture_write (fixture, "columns.csv", "a,b\n1,2\n3,4\n"),
    fixture_write (fixture, "binary.csv", "\x7f" "ELF\x02\x01\x01\x03"),
  };

  import (project, good, WEN_SPLIT_TRAIN);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(WenImportReport) report = import_full (project, bad[i], WEN_SPLIT_TRAIN, NULL, NULL, NULL, &error);
      g_autoptr(WenProjectRow) row = NULL;
      g_autoptr(GListModel) rows = G_LIST_MODEL (wen_project_list_rows (project));

      g_assert_null (report);
      g_test_message ("%s", error->message);
      g_assert_cmpuint (wen_project_get_n_rows (project), ==, 12);
      row = g_list_model_get_item (rows, 11);
      g_assert_cmpstr (wen_project_row_get_text (row), ==, "good number 12 好");
      g_object_unref (bad[i]);
    }
  close_and_check (project);
  assert_query (fixture->file, "SELECT count (*) FROM rows", "12");
  assert_query (fixture->file, "SELECT count (*) FROM texts", "12");
}

typedef struct
{
  GCancellable *cancellable;
  double        last;
  guint         n_calls;
} Progress;

static void
cancel_half_way_cb (double   fraction,
                    gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpfloat (fraction, >=, progress->last);
  g_assert_cmpfloat (fraction, <=, 1);
  progress->last = fraction;
  progress->n_calls++;
  if (fraction > 0.4 && progress->cancellable != NULL)
    g_cancellable_cancel (progress->cancellable);
}

static void
test_cancel (Fixture      *fixture,
             gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) old = fixture_write_table (fixture, "old", N_OLD_ROWS);
  g_autoptr(GFile) new = fixture_write_table (fixture, "new", N_NEW_ROWS);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(WenImportReport) report = NULL;
  g_autoptr(GError) error = NULL;
  Progress progress = { .cancellable = cancellable };

  import (project, old, WEN_SPLIT_TRAIN);
  g_assert_null (import_full (project, new, WEN_SPLIT_TRAIN, cancel_half_way_cb, &progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, N_OLD_ROWS);

  progress = (Progress) { 0 };
  report = import_full (project, new, WEN_SPLIT_TRAIN, cancel_half_way_cb, &progress, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, N_NEW_ROWS);
  g_assert_cmpfloat (progress.last, ==, 1);
  g_assert_cmpuint (progress.n_calls, >, 5);
  close_and_check (project);
}

/* While a table comes in, old rows are read, notes are kept, and what would
 * collide is refused. */
static void
test_meanwhile (Fixture      *fixture,
                gconstpointer data)
{
  static const WenCsvOptions guess_all = { 0 };
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) old = fixture_write_table (fixture, "old", N_OLD_ROWS);
  g_autoptr(GFile) new = fixture_write_table (fixture, "new", N_NEW_ROWS);
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(WenRecipe) recipe = wen_recipe_copy (wen_project_get_recipe (project));
  g_autofree char *note = NULL;
  ImportWait wait = { 0 };
  ImportWait second_wait = { 0 };
  gint64 longest_us = 0;
  guint n_reads = 0;

  import (project, old, WEN_SPLIT_TRAIN);
  rows = G_LIST_MODEL (wen_project_list_rows (project));
  wen_project_import_async (project, new, &guess_all, "text", "label", WEN_SPLIT_TRAIN, NULL, NULL, NULL, imported_cb,
                            &wait);
  while (!wait.done)
    {
      gint64 start_us = g_get_monotonic_time ();
      guint n_rows = g_list_model_get_n_items (rows);
      g_autoptr(WenProjectRow) row = g_list_model_get_item (rows, (n_reads * 131) % n_rows);
      g_autofree char *value = g_strdup_printf ("%u", n_reads++);

      g_assert_nonnull (row);
      wen_project_set_note (project, "n", value);
      longest_us = MAX (longest_us, g_get_monotonic_time () - start_us);

      if (n_reads == 1)
        {
          g_autoptr(GError) error = NULL;

          recipe->seed = 5;
          g_assert_false (wen_project_set_recipe (project, recipe, &error));
          g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY);
          g_clear_error (&error);
          g_assert_null (wen_project_start_run (project, &error));
          g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY);
          wen_project_import_async (project, old, &guess_all, "text", "label", WEN_SPLIT_TRAIN, NULL, NULL, NULL,
                                    imported_cb, &second_wait);
        }
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_no_error (wait.error);
  g_assert_true (second_wait.done);
  g_assert_error (second_wait.error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY);
  g_clear_error (&second_wait.error);
  g_clear_pointer (&wait.report, wen_import_report_free);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, N_NEW_ROWS);
  g_test_message ("The main thread was away for %.1f ms at most", (double) longest_us / 1000);
  g_clear_object (&rows);
  close_and_check (project);

  project = open_project (fixture);
  note = wen_project_dup_note (project, "n");
  g_assert_cmpuint (g_ascii_strtoull (note, NULL, 10), ==, n_reads - 1);
  close_and_check (project);
}

static void
test_close_meanwhile (Fixture      *fixture,
                      gconstpointer data)
{
  static const WenCsvOptions guess_all = { 0 };
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) old = fixture_write_table (fixture, "old", N_OLD_ROWS);
  g_autoptr(GFile) new = fixture_write_table (fixture, "new", N_NEW_ROWS);
  ImportWait wait = { 0 };

  import (project, old, WEN_SPLIT_TRAIN);
  wen_project_import_async (project, new, &guess_all, "text", "label", WEN_SPLIT_TRAIN, NULL, NULL, NULL, imported_cb,
                            &wait);
  g_usleep (5000);
  wen_project_close (project);
  wait_for (&wait.done);
  g_assert_error (wait.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&wait.error);
  close_and_check (project);
  assert_query (fixture->file, "SELECT count (*) FROM rows", "500");
}

/* Runs this program again, as a child that imports one table. */
static GSubprocess *
spawn_import (Fixture    *fixture,
              GFile      *table,
              const char *limit)
{
  g_autoptr(GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "/proc/self/exe", "--child",
                                         g_file_peek_path (fixture->file), g_file_peek_path (table), limit, NULL);

  g_assert_no_error (error);
  return child;
}

/* limit: how long a file may get, or "0".  Exits 0 where the rows came in, 3 where the project says it cannot write. */
static int
run_child (char **arguments)
{
  g_autoptr(GFile) file = g_file_new_for_path (arguments[0]);
  g_autoptr(GFile) table = g_file_new_for_path (arguments[1]);
  rlim_t limit = strtoul (arguments[2], NULL, 10);
  g_autoptr(GError) error = NULL;
  g_autoptr(WenProject) project = wen_project_open (file, &error);
  g_autoptr(WenImportReport) report = NULL;
  guint64 n_rows;

  if (project == NULL)
    return 4;
  if (limit > 0)
    {
      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &(struct rlimit) { limit, limit });
    }
  n_rows = wen_project_get_n_rows (project);
  report = import_full (project, table, WEN_SPLIT_TRAIN, NULL, NULL, NULL, &error);
  if (report != NULL)
    return 0;
  if (!g_error_matches (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO) || strchr (error->message, '\n') != NULL)
    return 5;
  return wen_project_get_n_rows (project) == n_rows ? 3 : 6;
}

static void
assert_whole (Fixture *fixture)
{
  WenProject *project;
  g_autofree char *n_rows = NULL;
  g_autofree char *n_texts = NULL;
  g_autofree char *n_tables = NULL;

  project = open_project (fixture);
  close_and_check (project);
  assert_query (fixture->file, "PRAGMA integrity_check", "ok");
  n_rows = query_text (fixture->file, "SELECT count (*) FROM rows");
  n_texts = query_text (fixture->file, "SELECT count (*) FROM rows JOIN texts ON rows.id = texts.id");
  n_tables = query_text (fixture->file, "SELECT count (DISTINCT substr (text, 1, 3)) FROM texts");
  g_assert_true (g_str_equal (n_rows, G_STRINGIFY (N_OLD_ROWS)) || g_str_equal (n_rows, G_STRINGIFY (N_NEW_ROWS)));
  g_assert_cmpstr (n_rows, ==, n_texts);
  g_assert_cmpstr (n_tables, ==, "1");
  assert_query (fixture->file, "SELECT (SELECT n_rows FROM imports) = (SELECT count (*) FROM rows)", "1");
}

static void
test_kill (Fixture      *fixture,
           gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) old = fixture_write_table (fixture, "old", N_OLD_ROWS);
  g_autoptr(GFile) new = fixture_write_table (fixture, "new", N_NEW_ROWS);
  gint64 start_us, import_us;
  guint n_kills = g_test_slow () ? 100 : N_KILLS;
  guint n_old = 0;

  import (project, old, WEN_SPLIT_TRAIN);
  close_and_check (project);

  start_us = g_get_monotonic_time ();
  {
    g_autoptr(GSubprocess) child = spawn_import (fixture, new, "0");

    g_subprocess_wait_check (child, NULL, NULL);
  }
  import_us = g_get_monotonic_time () - start_us;

  for (guint i = 0; i < n_kills; i++)
    {
      g_autoptr(GSubprocess) reset = spawn_import (fixture, old, "0");
      g_autoptr(GSubprocess) child = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *n_rows = NULL;

      g_subprocess_wait_check (reset, NULL, &error);
      g_assert_no_error (error);
      child = spawn_import (fixture, new, "0");
      g_usleep ((gulong) (g_test_rand_double () * 1.3 * (double) import_us));
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);
      assert_whole (fixture);
      n_rows = query_text (fixture->file, "SELECT count (*) FROM rows");
      n_old += g_str_equal (n_rows, G_STRINGIFY (N_OLD_ROWS));
    }
  g_test_message ("Killed %u times within %" G_GINT64_FORMAT " ms: %u times the old rows were there", n_kills,
                  import_us / 1000, n_old);
}

static void
test_disk_full (Fixture      *fixture,
                gconstpointer data)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) old = fixture_write_table (fixture, "old", N_OLD_ROWS);
  g_autoptr(GFile) new = fixture_write_table (fixture, "new", N_NEW_ROWS);
  g_autoptr(GSubprocess) child = NULL;

  import (project, old, WEN_SPLIT_TRAIN);
  close_and_check (project);

  child = spawn_import (fixture, new, "200000");
  g_subprocess_wait (child, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (child));
  g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 3);
  assert_whole (fixture);
  assert_query (fixture->file, "SELECT count (*) FROM rows", G_STRINGIFY (N_OLD_ROWS));
}

/* A disk of one megabyte, where the system lets us make one. */
static void
test_small_disk (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *disk = g_build_filename (fixture->folder, "disk", NULL);
  g_autofree char *path = g_build_filename (disk, "project.wenlei", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFile) old = fixture_write_table (fixture, "old", N_OLD_ROWS);
  g_autoptr(GFile) new = fixture_write_table (fixture, "new", N_NEW_ROWS);
  g_autoptr(GError) error = NULL;
  g_autoptr(WenImportReport) report = NULL;
  WenProject *project;

  g_mkdir (disk, 0700);
  if (mount ("tmpfs", disk, "tmpfs", 0, "size=1m") != 0)
    {
      g_rmdir (disk);
      g_test_skip ("A disk can only be mounted by root");
      return;
    }
  project = wen_project_create (file, &error);
  g_assert_no_error (error);
  import (project, old, WEN_SPLIT_TRAIN);
  report = import_full (project, new, WEN_SPLIT_TRAIN, NULL, NULL, NULL, &error);
  g_assert_null (report);
  g_assert_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO);
  g_test_message ("%s", error->message);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, N_OLD_ROWS);
  close_and_check (project);
  assert_query (file, "PRAGMA integrity_check", "ok");
  assert_query (file, "SELECT count (*) FROM rows", G_STRINGIFY (N_OLD_ROWS));

  g_assert_cmpint (umount (disk), ==, 0);
  g_rmdir (disk);
}

#define ADD(path, function) \
  g_test_add ("/wen/project/import/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    return run_child (argv + 2);

  g_test_init (&argc, &argv, NULL);

  ADD ("content", test_content);
  ADD ("split", test_split);
  ADD ("unlabelled", test_unlabelled);
  ADD ("tables", test_tables);
  ADD ("ids", test_ids);
  ADD ("bad-tables", test_bad_tables);
  ADD ("cancel", test_cancel);
  ADD ("meanwhile", test_meanwhile);
  ADD ("close-meanwhile", test_close_meanwhile);
  ADD ("kill", test_kill);
  ADD ("disk-full", test_disk_full);
  ADD ("small-disk", test_small_disk);

  return g_test_run ();
}
