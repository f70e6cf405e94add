/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows are changed, found, and changed back: whatever happens to the program, what was
 * acknowledged is in the file, and so is the way back. */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "project-fixture.h"

#define N_ROWS 60
#define N_KILLS 12

typedef struct
{
  gboolean done;
  GError  *error;
} EditWait;

static void
edited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  EditWait *wait = user_data;

  wen_project_edit_finish (WEN_PROJECT (object), result, &wait->error);
  wait->done = TRUE;
}

static void
edit_rows (WenProject   *project,
           WenEditKind   kind,
           const gint64 *row_ids,
           gsize         n_row_ids,
           const char   *value)
{
  EditWait wait = { FALSE };

  wen_project_edit_rows_async (project, kind, row_ids, n_row_ids, value, edited_cb, &wait);
  wait_for (&wait.done);
  g_assert_no_error (wait.error);
}

static void
edit_label (WenProject *project,
            const char *label,
            const char *new_name)
{
  EditWait wait = { FALSE };

  wen_project_edit_label_async (project, label, new_name, edited_cb, &wait);
  wait_for (&wait.done);
  g_assert_no_error (wait.error);
}

static void
change (WenProject *project,
        void      (*func) (WenProject *, GAsyncReadyCallback, gpointer))
{
  EditWait wait = { FALSE };

  func (project, edited_cb, &wait);
  wait_for (&wait.done);
  g_assert_no_error (wait.error);
}

static void
wait_for_list (WenRowList *list)
{
  while (wen_row_list_get_is_busy (list))
    g_main_context_iteration (NULL, TRUE);
}

/* Splits the rows, and waits for the thread that does so after an import. */
static void
settle (WenProject *project)
{
  g_autoptr(GError) error = NULL;

  g_object_unref (wen_project_load_dataset (project, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 20; i++)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* All that a person sees of the rows, those in the bin included. */
static char *
describe (WenProject *project)
{
  g_autoptr(WenRowList) list = wen_project_list_rows (project);
  GString *text = g_string_new (NULL);

  for (guint in_bin = 0; in_bin < 2; in_bin++)
    {
      WenRowFilter filter = { .split = WEN_ROW_FILTER_ANY_SPLIT, .in_bin = in_bin == 1 };
      guint n_rows;

      wen_row_list_set_filter (list, &filter);
      wait_for_list (list);
      n_rows = g_list_model_get_n_items (G_LIST_MODEL (list));
      for (guint i = 0; i < n_rows; i++)
        {
          g_autoptr(WenProjectRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);

          g_string_append_printf (text, "%" G_GINT64_FORMAT "|%s|%s|%d\n", wen_project_row_get_number (row),
                                  wen_project_row_get_text (row), wen_project_row_get_label (row),
                                  wen_project_row_get_split (row));
        }
      g_string_append (text, "bin:\n");
    }
  return g_string_free (text, FALSE);
}

static gint64
get_id (WenProject *project,
        guint       position)
{
  g_autoptr(WenRowList) list = wen_project_list_rows (project);
  g_autoptr(WenProjectRow) row = NULL;

  wait_for_list (list);
  row = g_list_model_get_item (G_LIST_MODEL (list), position);
  g_assert_cmpint (wen_row_list_get_row_id (list, position), ==, wen_project_row_get_id (row));
  return wen_project_row_get_id (row);
}

static guint
count_found (WenProject         *project,
             const WenRowFilter *filter)
{
  g_autoptr(WenRowList) list = wen_project_list_rows (project);

  wen_row_list_set_filter (list, filter);
  wait_for_list (list);
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static WenProject *
create_filled (Fixture *fixture,
               guint    n_rows)
{
  WenProject *project = create_project (fixture);
  g_autoptr(GFile) table = fixture_write_table (fixture, "table", n_rows);

  import (project, table, WEN_SPLIT_TRAIN);
  settle (project);
  return project;
}

static void
test_each (Fixture      *fixture,
           gconstpointer data)
{
  WenProject *project = create_filled (fixture, N_ROWS);
  g_autoptr(WenProjectRow) row = NULL;
  gint64 ids[3] = { get_id (project, 0), get_id (project, 1), get_id (project, 2) };
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (wen_project_get_undo_title (project));
  edit_rows (project, WEN_EDIT_LABEL_ROWS, ids, 3, "新标签");
  g_assert_cmpstr (wen_project_get_undo_title (project), ==, "Change the Label of 3 Rows");
  g_assert_null (wen_project_get_redo_title (project));
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .label = "新标签", .split = -1 }), ==, 3);

  edit_rows (project, WEN_EDIT_TEXT, ids, 1, "'; DROP TABLE rows; -- 100% _好_");
  row = wen_project_get_row (project, ids[0]);
  g_assert_cmpstr (wen_project_row_get_text (row), ==, "'; DROP TABLE rows; -- 100% _好_");
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .search = "100% _好", .split = -1 }), ==, 1);
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .search = "100%x_好", .split = -1 }), ==, 0);
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .search = "drop table", .split = -1 }), ==, 1);

  /* A text that is blank is none: the row is used for nothing. */
  edit_rows (project, WEN_EDIT_TEXT, ids, 1, " 　");
  g_clear_object (&row);
  row = wen_project_get_row (project, ids[0]);
  g_assert_cmpint (wen_project_row_get_split (row), ==, WEN_SPLIT_NONE);

  edit_rows (project, WEN_EDIT_DELETE_ROWS, ids, 2, NULL);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, N_ROWS - 2);
  g_assert_cmpuint (wen_project_get_n_rows_in_bin (project), ==, 2);
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .in_bin = TRUE, .split = -1 }), ==, 2);
  dataset = wen_project_load_dataset (project, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_dataset_get_n_rows (dataset), ==, N_ROWS - 2);

  edit_label (project, "新标签", "negative");
  g_assert_cmpstr (wen_project_get_undo_title (project), ==, "Rename the Label “新标签”");
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .label = "新标签", .split = -1 }), ==, 0);
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .label = "negative", .in_bin = TRUE, .split = -1 }), ==, 2);
  edit_label (project, "正面", NULL);
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .label = "", .split = WEN_SPLIT_NONE }), ==, N_ROWS / 3 - 1);
  edit_label (project, "negative", "Negative");

  /* What changes nothing is no edit. */
  edit_rows (project, WEN_EDIT_RESTORE_ROWS, &ids[2], 1, NULL);
  edit_label (project, "nowhere", "nothing");
  edit_rows (project, WEN_EDIT_LABEL_ROWS, (gint64[]) { 123456 }, 1, "of no row");
  g_assert_cmpstr (wen_project_get_undo_title (project), ==, "Rename the Label “negative”");
  close_and_check (project);
}

static void
test_order (Fixture      *fixture,
            gconstpointer data)
{
  WenProject *project = create_filled (fixture, 2000);
  g_autoptr(WenRowList) list = wen_project_list_rows (project);
  gint64 wanted[3] = { get_id (project, 1500), get_id (project, 3), get_id (project, 700) };
  g_autofree char *before = NULL;
  g_autoptr(WenProjectRow) first = NULL;

  for (guint order = WEN_ROW_ORDER_NUMBER; order <= WEN_ROW_ORDER_LENGTH; order++)
    {
      WenRowFilter filter = { .split = -1, .order = order, .descending = order % 2 == 1, .search = "好" };

      wen_row_list_set_filter (list, &filter);
      wait_for_list (list);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2000 / 3);
      for (guint i = 0; i < 2000 / 3; i++)
        {
          g_autoptr(WenProjectRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);
          const char *text = wen_project_row_get_text (row);

          if (order == WEN_ROW_ORDER_TEXT && before != NULL)
            g_assert_cmpstr (text, <=, before);
          if (order == WEN_ROW_ORDER_LENGTH && before != NULL)
            g_assert_cmpuint (strlen (text), >=, strlen (before));
          g_free (before);
          before = g_strdup (text);
        }
      g_clear_pointer (&before, g_free);
    }

  wen_row_list_set_filter (list, &(WenRowFilter) { .split = -1, .row_ids = wanted, .n_row_ids = 3 });
  wait_for_list (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
  first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_cmpint (wen_project_row_get_id (first), ==, wanted[1]);
  g_clear_object (&list);
  close_and_check (project);
}

static char *
describe_row (GListModel *list,
              guint       position)
{
  g_autoptr(WenProjectRow) row = g_list_model_get_item (list, position);

  return g_strdup_printf ("%s|%s|%d", wen_project_row_get_text (row), wen_project_row_get_label (row),
                          wen_project_row_get_split (row));
}

/* What somebody sees who believes what the list tells of changes. */
static void
mirror_cb (GListModel *list,
           guint       position,
           guint       removed,
           guint       added,
           GPtrArray  *mirror)
{
  if (removed > 0)
    g_ptr_array_remove_range (mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror, (gint) (position + i), describe_row (list, position + i));
}

static void
assert_mirrored (WenRowList *list,
                 GPtrArray  *mirror)
{
  wait_for_list (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, mirror->len);
  for (guint i = 0; i < mirror->len; i++)
    {
      g_autofree char *row = describe_row (G_LIST_MODEL (list), i);

      g_assert_cmpstr (row, ==, g_ptr_array_index (mirror, i));
    }
}

static void
test_tells (Fixture      *fixture,
            gconstpointer data)
{
  WenProject *project = create_filled (fixture, N_ROWS);
  g_autoptr(WenRowList) list = wen_project_list_rows (project);
  g_autoptr(GPtrArray) mirror = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GFile) table = fixture_write_table (fixture, "other", N_ROWS);

  mirror_cb (G_LIST_MODEL (list), 0, 0, N_ROWS, mirror);
  g_signal_connect (list, "items-changed", G_CALLBACK (mirror_cb), mirror);
  for (guint i = 0; i < 60; i++)
    {
      gint64 ids[4];
      g_autofree char *text = g_strdup_printf ("text %u", i);

      for (guint j = 0; j < 4; j++)
        ids[j] = g_test_rand_int_range (1, N_ROWS + 1);
      if (i % 3 == 0)
        edit_rows (project, i % 2 == 0 ? WEN_EDIT_DELETE_ROWS : WEN_EDIT_RESTORE_ROWS, ids, 4, NULL);
      else if (i % 3 == 1)
        edit_rows (project, WEN_EDIT_TEXT, ids, 1, text);
      else
        change (project, wen_project_undo_async);
      assert_mirrored (list, mirror);
      if (i == 30)
        {
          wen_row_list_set_filter (list, &(WenRowFilter) { .split = -1, .order = WEN_ROW_ORDER_TEXT });
          assert_mirrored (list, mirror);
        }
    }
  wen_row_list_set_filter (list, NULL);
  import (project, table, WEN_SPLIT_TRAIN);
  settle (project);
  assert_mirrored (list, mirror);
  g_clear_object (&list);
  close_and_check (project);
}

/* Any edits, all taken back across restarts, give the rows as they were; done again,
 * the rows as they became. */
static void
test_way_back (Fixture      *fixture,
               gconstpointer data)
{
  static const char * const labels[] = { "negative", "正面", "other", "a, b", NULL };
  WenProject *project = create_filled (fixture, N_ROWS);
  g_autofree char *before = describe (project);
  g_autofree char *after = NULL;
  guint n_edits = 0;

  for (guint i = 0; i < 80; i++)
    {
      gint64 ids[10];
      gsize n_ids = (gsize) g_test_rand_int_range (1, 10);
      const char *label = labels[g_test_rand_int_range (0, 5)];
      g_autofree char *text = g_strdup_printf ("text %u", i);

      for (gsize j = 0; j < n_ids; j++)
        ids[j] = g_test_rand_int_range (1, N_ROWS + 3);
      switch (g_test_rand_int_range (0, 6))
        {
        case 0:
          edit_rows (project, WEN_EDIT_LABEL_ROWS, ids, n_ids, label);
          break;
        case 1:
          edit_rows (project, WEN_EDIT_TEXT, ids, 1, i % 4 == 0 ? "" : text);
          break;
        case 2:
          edit_rows (project, WEN_EDIT_DELETE_ROWS, ids, n_ids, NULL);
          break;
        case 3:
          edit_rows (project, WEN_EDIT_RESTORE_ROWS, ids, n_ids, NULL);
          break;
        default:
          edit_label (project, label != NULL ? label : "new", labels[g_test_rand_int_range (0, 5)]);
        }
    }
  after = describe (project);
  g_assert_cmpstr (before, !=, after);

  for (; wen_project_get_undo_title (project) != NULL; n_edits++)
    {
      g_autofree char *title = g_strdup (wen_project_get_undo_title (project));

      change (project, wen_project_undo_async);
      g_assert_cmpstr (wen_project_get_redo_title (project), ==, title);
      if (n_edits % 9 == 0)
        {
          close_and_check (project);
          project = open_project (fixture);
        }
    }
  g_assert_cmpuint (n_edits, >, 30);
  {
    g_autofree char *now = describe (project);

    g_assert_cmpstr (now, ==, before);
  }
  /* Nothing more to take back is no mistake. */
  change (project, wen_project_undo_async);
  while (wen_project_get_redo_title (project) != NULL)
    change (project, wen_project_redo_async);
  {
    g_autofree char *now = describe (project);

    g_assert_cmpstr (now, ==, after);
  }

  /* Something else, and what was taken back is gone. */
  change (project, wen_project_undo_async);
  g_assert_nonnull (wen_project_get_redo_title (project));
  edit_label (project, "a, b", "c");
  edit_rows (project, WEN_EDIT_LABEL_ROWS, (gint64[]) { 1, 2 }, 2, "fresh");
  g_assert_null (wen_project_get_redo_title (project));
  close_and_check (project);
}

static gboolean
has_bytes (GFile      *file,
           const char *end,
           const char *needle)
{
  g_autofree char *path = g_strconcat (g_file_peek_path (file), end, NULL);
  g_autofree char *contents = NULL;
  gsize length;

  return g_file_get_contents (path, &contents, &length, NULL)
         && memmem (contents, length, needle, strlen (needle)) != NULL;
}

/* What is deleted for ever is in none of the files any more. */
static void
test_for_ever (Fixture      *fixture,
               gconstpointer data)
{
  static const char * const ends[] = { "", "-wal", "-shm", "-run" };
  static const char secret[] = "the secret of row seven";
  WenProject *project = create_filled (fixture, 3000);
  gint64 id = get_id (project, 6);
  gint64 last_id = get_id (project, 2999);

  edit_rows (project, WEN_EDIT_TEXT, &id, 1, secret);
  g_assert_true (has_bytes (fixture->file, "", secret) || has_bytes (fixture->file, "-wal", secret));
  edit_rows (project, WEN_EDIT_DELETE_ROWS, &id, 1, NULL);
  change (project, wen_project_empty_bin_async);
  g_assert_null (wen_project_get_undo_title (project));
  g_assert_cmpuint (wen_project_get_n_rows_in_bin (project), ==, 0);
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 2999);
  g_assert_null (wen_project_get_row (project, id));
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    g_assert_false (has_bytes (fixture->file, ends[i], secret));

  /* Rows after the gap are where they belong. */
  g_assert_cmpint (get_id (project, 2998), ==, last_id);
  close_and_check (project);
  project = open_project (fixture);
  g_assert_cmpint (get_id (project, 2998), ==, last_id);
  close_and_check (project);
}

static goffset
get_size (GFile *file)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);

  return g_file_info_get_size (info);
}

/* A file that was large once becomes small again, and keeps what is in it. */
static void
test_compact (Fixture      *fixture,
              gconstpointer data)
{
  WenProject *project = create_filled (fixture, 20000);
  g_autoptr(GFile) table = fixture_write_table (fixture, "small", 100);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  goffset large;

  import (project, table, WEN_SPLIT_TRAIN);
  settle (project);
  edit_label (project, "正面", "good");
  before = describe (project);
  large = get_size (fixture->file);
  change (project, wen_project_compact_async);
  g_assert_cmpint (get_size (fixture->file) * 4, <, large);
  after = describe (project);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpstr (wen_project_get_undo_title (project), ==, "Rename the Label “正面”");
  close_and_check (project);
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const WenCsvOptions guess_all = { 0 };
  WenProject *project = create_filled (fixture, 200);
  g_autoptr(GFile) table = fixture_write_table (fixture, "new", 20000);
  ImportWait import_wait = { 0 };
  EditWait wait = { FALSE };
  gint64 id = get_id (project, 0);

  wen_project_import_async (project, table, &guess_all, "text", "label", WEN_SPLIT_TRAIN, NULL, NULL, NULL, imported_cb,
                            &import_wait);
  wen_project_edit_rows_async (project, WEN_EDIT_DELETE_ROWS, &id, 1, NULL, edited_cb, &wait);
  wait_for (&wait.done);
  g_assert_error (wait.error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_BUSY);
  g_clear_error (&wait.error);
  wait_for (&import_wait.done);
  g_assert_no_error (import_wait.error);
  g_clear_pointer (&import_wait.report, wen_import_report_free);

  /* Other rows came: nothing of the old ones can be taken back. */
  id = get_id (project, 0);
  edit_rows (project, WEN_EDIT_DELETE_ROWS, &id, 1, NULL);
  import (project, table, WEN_SPLIT_TRAIN);
  g_assert_null (wen_project_get_undo_title (project));
  g_assert_cmpuint (wen_project_get_n_rows (project), ==, 20000);
  close_and_check (project);
}

/* Two programs with one project: both change it, and nothing of either is lost. */
static void
test_two (Fixture      *fixture,
          gconstpointer data)
{
  WenProject *first = create_filled (fixture, N_ROWS);
  WenProject *second = open_project (fixture);
  gint64 ids[2] = { get_id (first, 0), get_id (first, 1) };
  WenProject *third;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);

      edit_rows (i % 2 == 0 ? first : second, WEN_EDIT_LABEL_ROWS, &ids[i % 2], 1, label);
    }
  edit_rows (first, WEN_EDIT_DELETE_ROWS, &ids[0], 1, NULL);
  change (second, wen_project_undo_async);
  close_and_check (first);
  close_and_check (second);

  third = open_project (fixture);
  g_assert_cmpuint (count_found (third, &(WenRowFilter) { .label = "label 18", .split = -1 }), ==, 1);
  g_assert_cmpuint (count_found (third, &(WenRowFilter) { .label = "label 19", .split = -1 }), ==, 1);
  for (guint i = 0; i < 20; i++)
    change (third, wen_project_undo_async);
  g_assert_null (wen_project_get_undo_title (third));
  g_assert_cmpuint (count_found (third, &(WenRowFilter) { .label = "negative", .split = -1 }), ==, N_ROWS - N_ROWS / 3);
  close_and_check (third);
  assert_query (fixture->file, "PRAGMA integrity_check", "ok");
}

/* Labels row after row, and says so once it is done, until it is killed. */
static int
run_child (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  WenProject *project = wen_project_open (file, &error);
  gint64 first_id;

  if (project == NULL)
    return 4;
  first_id = get_id (project, 0);
  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *label = g_strdup_printf ("label %u", i);
      gint64 id = first_id + i % 500;

      edit_rows (project, WEN_EDIT_LABEL_ROWS, &id, 1, label);
      if (printf ("%u\n", i) < 0 || fflush (stdout) != 0)
        return 5;
    }
  return 0;
}

static void
test_kill (Fixture      *fixture,
           gconstpointer data)
{
  WenProject *project = create_filled (fixture, 500);
  gint64 first_id = get_id (project, 0);
  guint n_kills = g_test_slow () ? 100 : N_KILLS;

  close_and_check (project);
  for (guint i = 0; i < n_kills; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe",
                                                       "--child", g_file_peek_path (fixture->file), NULL);
      g_autofree char *output = NULL;
      g_auto(GStrv) lines = NULL;
      guint n_lines;

      g_assert_no_error (error);
      g_usleep ((gulong) g_test_rand_int_range (20000, 120000));
      g_subprocess_force_exit (child);
      g_subprocess_communicate_utf8 (child, NULL, NULL, &output, NULL, &error);
      g_assert_no_error (error);

      assert_query (fixture->file, "PRAGMA integrity_check", "ok");
      lines = g_strsplit (output, "\n", -1);
      n_lines = g_strv_length (lines);
      if (n_lines >= 2)
        {
          /* One more may have come in without being told of, in another row. */
          guint n = (guint) g_ascii_strtoull (lines[n_lines - 2], NULL, 10);
          g_autofree char *sql = g_strdup_printf ("SELECT name FROM labels JOIN rows ON label_id = labels.id"
                                                  " WHERE rows.id = %" G_GINT64_FORMAT, first_id + n % 500);
          g_autofree char *label = g_strdup_printf ("label %u", n);

          assert_query (fixture->file, sql, label);
        }
    }
  project = open_project (fixture);
  g_assert_nonnull (wen_project_get_undo_title (project));
  while (wen_project_get_undo_title (project) != NULL)
    change (project, wen_project_undo_async);
  g_assert_cmpuint (count_found (project, &(WenRowFilter) { .label = "正面", .split = -1 }), ==, 500 / 3);
  close_and_check (project);
}

#define ADD(path, function) \
  g_test_add ("/wen/project/edits/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2]);

  g_test_init (&argc, &argv, NULL);

  ADD ("each", test_each);
  ADD ("order", test_order);
  ADD ("tells", test_tells);
  ADD ("way-back", test_way_back);
  ADD ("for-ever", test_for_ever);
  ADD ("compact", test_compact);
  ADD ("refused", test_refused);
  ADD ("two", test_two);
  ADD ("kill", test_kill);

  return g_test_run ();
}
