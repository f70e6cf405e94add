/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tables of a project file.
 *
 * DESIGN: `application_id` says that a file is ours, `user_version` how many of
 * the steps below it has been through.  Each step runs in one transaction with
 * its number.  A step that was released is never changed: add another one.
 *
 * Rows are two tables.  `rows` has what is small, so that splitting a million
 * rows anew or counting their labels does not move their texts; `texts` has the
 * texts.  Ids grow for ever: an id that an old run wrote down never comes to mean
 * another text.  The rows of one import have ids without gaps, so that row number
 * N is found by its id, without counting, until rows are put into the bin. */

#include "config.h"

#include "wen-project-schema-private.h"

#include "wen-i18n-private.h"
#include "wen-project.h"
#include "wen-recipe.h"

/* "Wenl" */
#define PROJECT_APPLICATION_ID 0x57656e6c

static const char * const steps[] = {
  /* 1 */
  "CREATE TABLE project ("
  "  id                     INTEGER PRIMARY KEY CHECK (id = 1),"
  "  recipe                 TEXT    NOT NULL,"  /* JSON */
  /* What the rows are split by now: behind the recipe until somebody needs the split. */
  "  split_seed             INTEGER,"
  "  split_test_share       REAL,"
  "  split_validation_share REAL,"
  "  next_row_id            INTEGER NOT NULL"
  ") STRICT;"
  "CREATE TABLE labels ("
  "  id   INTEGER PRIMARY KEY,"
  "  name TEXT    NOT NULL UNIQUE"
  ") STRICT;"
  "CREATE TABLE rows ("
  "  id       INTEGER PRIMARY KEY,"
  "  number   INTEGER NOT NULL,"                /* in its file, from 1 */
  "  label_id INTEGER,"                         /* labels.id; NULL: without label */
  "  split    INTEGER NOT NULL,"                /* WenSplit */
  "  flags    INTEGER NOT NULL,"                /* WEN_ROW_… */
  "  origin   INTEGER NOT NULL"                 /* WenOrigin */
  ") STRICT;"
  "CREATE TABLE texts ("
  "  id   INTEGER PRIMARY KEY,"
  "  text TEXT    NOT NULL"
  ") STRICT;"
  "CREATE TABLE imports ("
  "  origin          INTEGER PRIMARY KEY,"
  "  serial          INTEGER NOT NULL,"         /* the newest has the greatest */
  "  first_row_id    INTEGER NOT NULL,"
  "  n_rows          INTEGER NOT NULL,"
  "  n_without_text  INTEGER NOT NULL,"
  "  n_without_label INTEGER NOT NULL,"
  "  encoding        TEXT    NOT NULL,"
  "  delimiter       INTEGER NOT NULL,"
  "  has_header      INTEGER NOT NULL,"
  "  text_column     TEXT    NOT NULL,"
  "  label_column    TEXT    NOT NULL"
  ") STRICT;"
  "CREATE TABLE import_warnings ("
  "  origin   INTEGER NOT NULL REFERENCES imports (origin) ON DELETE CASCADE,"
  "  number   INTEGER NOT NULL,"
  "  sentence TEXT    NOT NULL,"
  "  PRIMARY KEY (origin, number)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE runs ("
  "  id                       INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  state                    INTEGER NOT NULL,"  /* WenRunState */
  "  started_us               INTEGER NOT NULL,"  /* since 1970 */
  "  recipe                   TEXT    NOT NULL,"  /* JSON */
  "  error_message            TEXT,"
  "  majority_label           INTEGER,"           /* of the evaluation; NULL: none */
  /* The summary; "ending" is NULL where there is none. */
  "  ending                   INTEGER,"           /* WenTrainingEnd */
  "  n_epochs                 INTEGER,"
  "  best_epoch               INTEGER,"
  "  best_validation_loss     REAL,"
  "  best_validation_accuracy REAL,"
  "  n_parameters             INTEGER,"
  "  n_vocabulary             INTEGER,"
  "  n_train_rows             INTEGER,"
  "  n_left_out               INTEGER,"
  "  n_cut                    INTEGER,"
  "  n_tokens                 INTEGER,"
  "  tokens_per_second        REAL,"
  "  seconds                  REAL"
  ") STRICT;"
  "CREATE TABLE curve_points ("
  "  run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
  "  number        INTEGER NOT NULL,"             /* from 0, as they came */
  "  split         INTEGER NOT NULL,"
  "  step          INTEGER NOT NULL,"
  "  epoch         REAL    NOT NULL,"
  "  loss          REAL,"
  "  accuracy      REAL,"
  "  learning_rate REAL,"
  "  elapsed_us    INTEGER NOT NULL,"
  "  PRIMARY KEY (run_id, number)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE classifier_files ("
  "  run_id   INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
  "  name     TEXT    NOT NULL,"
  "  contents BLOB    NOT NULL,"
  "  UNIQUE (run_id, name)"
  ") STRICT;"
  /* The labels and rows of a run's evaluation. */
  "CREATE TABLE run_labels ("
  "  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
  "  number INTEGER NOT NULL,"
  "  name   TEXT    NOT NULL,"
  "  PRIMARY KEY (run_id, number)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE predictions ("
  "  run_id            INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
  "  number            INTEGER NOT NULL,"
  "  row_id            INTEGER NOT NULL,"         /* of a row that may be gone */
  "  label             INTEGER NOT NULL,"         /* run_labels.number */
  "  predicted         INTEGER NOT NULL,"
  "  probability       REAL    NOT NULL,"
  "  label_probability REAL    NOT NULL,"
  "  PRIMARY KEY (run_id, number)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE notes ("
  "  key   TEXT PRIMARY KEY,"
  "  value TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;",
  /* 2: what people change, and the way back. */
  "ALTER TABLE project ADD COLUMN n_in_bin INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE project ADD COLUMN n_hidden INTEGER NOT NULL DEFAULT 0;" /* in the bin, or gone from an import */
  "CREATE TABLE edits ("
  "  id        INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  kind      INTEGER NOT NULL,"               /* WenEditKind */
  "  n_rows    INTEGER NOT NULL,"
  "  detail    TEXT    NOT NULL,"               /* a label, for the title */
  "  is_undone INTEGER NOT NULL"
  ") STRICT;"
  "CREATE TABLE edit_rows ("
  "  edit_id      INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,"
  "  row_id       INTEGER NOT NULL,"
  "  old_label_id INTEGER,"
  "  new_label_id INTEGER,"
  "  old_flags    INTEGER NOT NULL,"
  "  new_flags    INTEGER NOT NULL,"
  "  old_split    INTEGER NOT NULL,"
  "  new_split    INTEGER NOT NULL,"
  "  old_text     TEXT,"                        /* NULL: as it was */
  "  new_text     TEXT,"
  "  PRIMARY KEY (edit_id, row_id)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE edit_labels ("
  "  edit_id  INTEGER NOT NULL REFERENCES edits (id) ON DELETE CASCADE,"
  "  label_id INTEGER NOT NULL,"
  "  old_name TEXT,"                            /* NULL: the edit made the label */
  "  new_name TEXT    NOT NULL,"
  "  PRIMARY KEY (edit_id, label_id)"
  ") STRICT, WITHOUT ROWID;",
  /* 3: curves of pre-training. */
  "ALTER TABLE curve_points ADD COLUMN is_pretraining INTEGER NOT NULL DEFAULT 0;",
};

/* A pragma takes no bound values, so these two numbers are printed: both are
 * constants of this file. */
static gboolean
run_step (WenStore *store,
          guint     step,
          GError  **error)
{
  g_autofree char *numbers = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %u",
                                              PROJECT_APPLICATION_ID, step + 1);

  if (wen_store_begin (store, error)
      && wen_store_execute (store, steps[step], error)
      && wen_store_execute (store, numbers, error)
      && wen_store_commit (store, error))
    return TRUE;
  wen_store_roll_back (store);
  return FALSE;
}

static gboolean
run_steps (WenStore *store,
           guint     first,
           GError  **error)
{
  for (guint step = first; step < G_N_ELEMENTS (steps); step++)
    if (!run_step (store, step, error))
      return FALSE;
  return TRUE;
}

static gboolean
insert_project (WenStore *store,
                GError  **error)
{
  g_autoptr(WenRecipe) recipe = wen_recipe_new_preset (wen_recipe_list_presets ()[0], NULL);
  g_autofree char *json = wen_recipe_to_json (recipe);
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store, "INSERT INTO project (id, recipe, next_row_id) VALUES (1, ?, 1)", error);
  if (statement == NULL)
    return FALSE;
  wen_store_bind_text (statement, 1, json);
  return wen_store_run (store, statement, error);
}

gboolean
wen_project_schema_create (WenStore *store,
                           GError  **error)
{
  /* Both must come before the first table.  A file system without shared memory
   * keeps the rollback journal: slower, and just as safe. */
  return wen_store_execute (store, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL", error)
         && run_steps (store, 0, error)
         && insert_project (store, error);
}

static void
set_not_ours (WenStore *store,
              GError  **error)
{
  g_autofree char *name = g_filename_display_basename (wen_store_get_path (store));

  g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_NOT_OURS,
               _ ("“%s” is not a Wenlei project. Choose a file that Wenlei has made, or open a table (CSV)."), name);
}

gboolean
wen_project_schema_prepare (WenStore *store,
                            GError  **error)
{
  gint64 application_id, version, n_projects;

  if (!wen_store_query_int64 (store, "PRAGMA application_id", &application_id, error))
    return FALSE;
  if (application_id != PROJECT_APPLICATION_ID)
    {
      set_not_ours (store, error);
      return FALSE;
    }
  if (!wen_store_query_int64 (store, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version > (gint64) G_N_ELEMENTS (steps))
    {
      g_autofree char *name = g_filename_display_basename (wen_store_get_path (store));

      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_TOO_NEW,
                   _ ("“%s” was written by a newer version of Wenlei. Open it with that version."), name);
      return FALSE;
    }
  if (version < 1)
    {
      set_not_ours (store, error);
      return FALSE;
    }
  if (!run_steps (store, version, error)
      || !wen_store_query_int64 (store, "SELECT count (*) FROM project", &n_projects, error))
    return FALSE;
  /* None where the program was killed while it made the file. */
  return n_projects == 1 || insert_project (store, error);
}
