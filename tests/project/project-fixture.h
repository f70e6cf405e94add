/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of projects share: a folder of their own, tables, and waiting. */

#pragma once

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "wen-project.h"

typedef struct
{
  char  *folder;
  GFile *file;       /* of the project */
} Fixture;

static inline void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("wenlei-project-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->folder, "项目 1%?#.wenlei", NULL);
  fixture->file = g_file_new_for_path (path);
}

static inline void
remove_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

static inline void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_chmod (fixture->folder, 0700);
  remove_files (fixture->folder);
  g_clear_object (&fixture->file);
  g_free (fixture->folder);
}

static inline GFile *
fixture_get_child (Fixture    *fixture,
                   const char *name)
{
  return g_file_new_build_filename (fixture->folder, name, NULL);
}

static inline GFile *
fixture_write (Fixture    *fixture,
               const char *name,
               const char *contents)
{
  GFile *file = fixture_get_child (fixture, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (g_file_peek_path (file), contents, -1, &error);
  g_assert_no_error (error);
  return file;
}

/* A table of n_rows rows: "NAME number N 好", every third one labelled 正面, the others negative. */
static inline GFile *
fixture_write_table (Fixture    *fixture,
                     const char *name,
                     guint       n_rows)
{
  g_autoptr(GString) contents = g_string_new ("label,text\n");
  g_autofree char *file_name = g_strconcat (name, ".csv", NULL);

  for (guint row = 1; row <= n_rows; row++)
    g_string_append_printf (contents, "%s,%s number %u %s\n", row % 3 == 0 ? "正面" : "negative", name, row,
                            row % 3 == 0 ? "好" : "bad");
  return fixture_write (fixture, file_name, contents->str);
}

typedef struct
{
  gboolean         done;
  WenImportReport *report;
  GError          *error;
} ImportWait;

static inline void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  ImportWait *wait = user_data;

  wait->report = wen_project_import_finish (WEN_PROJECT (object), result, &wait->error);
  wait->done = TRUE;
}

static inline WenImportReport *
import_full (WenProject     *project,
             GFile          *table,
             WenSplit        split,
             WenProgressFunc progress,
             gpointer        progress_data,
             GCancellable   *cancellable,
             GError        **error)
{
  static const WenCsvOptions guess_all = { 0 };
  ImportWait wait = { 0 };

  wen_project_import_async (project, table, &guess_all, "text", "label", split, progress, progress_data, cancellable,
                            imported_cb, &wait);
  while (!wait.done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true ((wait.report != NULL) != (wait.error != NULL));
  if (wait.error != NULL)
    g_propagate_error (error, wait.error);
  return wait.report;
}

/* Reads a table that must be readable. */
static inline void
import (WenProject *project,
        GFile      *table,
        WenSplit    split)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(WenImportReport) report = import_full (project, table, split, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (report);
}

static inline WenProject *
create_project (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  WenProject *project = wen_project_create (fixture->file, &error);

  g_assert_no_error (error);
  return project;
}

static inline WenProject *
open_project (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  WenProject *project = wen_project_open (fixture->file, &error);

  g_assert_no_error (error);
  return project;
}

static inline void
set_true_cb (gboolean *flag)
{
  *flag = TRUE;
}

static inline void
wait_for (gboolean *flag)
{
  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
}

/* Lets threads that hold the project end, closes it, and checks that nobody keeps it. */
static inline void
close_and_check (WenProject *project)
{
  wen_project_close (project);
  for (guint i = 0; i < 2000 && G_OBJECT (project)->ref_count > 1; i++)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_finalize_object (project);
}

/* Asks the file itself, past all of our code. */
static inline char *
query_text (GFile      *file,
            const char *sql)
{
  sqlite3 *connection = NULL;
  sqlite3_stmt *statement = NULL;
  char *text;

  g_assert_cmpint (sqlite3_open (g_file_peek_path (file), &connection), ==, SQLITE_OK);
  sqlite3_busy_timeout (connection, 5000);
  g_assert_cmpint (sqlite3_prepare_v2 (connection, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (connection);
  return text;
}

static inline void
assert_query (GFile      *file,
              const char *sql,
              const char *expected)
{
  g_autofree char *text = query_text (file, sql);

  g_assert_cmpstr (text, ==, expected);
}

static inline void
execute (GFile      *file,
         const char *sql)
{
  sqlite3 *connection = NULL;

  g_assert_cmpint (sqlite3_open (g_file_peek_path (file), &connection), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (connection);
}
