/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One connection to a project file: opening it safely, transactions, and errors
 * that people can act on.
 *
 * DESIGN: the journal is a write-ahead log.  With it the window goes on reading
 * the old rows while a thread writes a million new ones; with a rollback journal
 * it would wait for the whole import.  A project is one file all the same: the
 * log is folded into it when the last connection closes and after every import,
 * and what a killed program leaves in it is found again at the next opening.
 * Where a folder cannot be written, no log can be made, so a file without one is
 * opened as immutable.
 *
 * Threads commit with a wait for the disk.  The main thread must not wait for a
 * disk, so its commits return when the log has them, and a thread folds the log
 * into the file right after (see WenProject): a killed program loses nothing of
 * it, and a power cut only what is milliseconds old. */

#include "config.h"

#include "wen-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "wen-i18n-private.h"
#include "wen-project.h"

/* How long to wait for another writer. */
#define MAIN_BUSY_TIMEOUT_MS 1000
#define WORKER_BUSY_TIMEOUT_MS 20000
/* Steps of SQLite's machine between two looks at the cancellable: about 1 ms. */
#define CANCEL_CHECK_STEPS 20000

struct _WenStore
{
  char         *path;
  sqlite3      *connection;
  GCancellable *cancellable;
  gboolean      is_read_only;
};

static char *
dup_display_name (WenStore *self)
{
  return g_filename_display_basename (self->path);
}

static void
set_error (WenStore *self,
           int       code,
           GError  **error)
{
  g_autofree char *name = dup_display_name (self);

  switch (code & 0xff)
    {
    case SQLITE_INTERRUPT:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The operation was cancelled."));
      break;
    case SQLITE_NOTADB:
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_NOT_OURS,
                   _ ("“%s” is not a Wenlei project. Choose a file that Wenlei has made, or open a table (CSV)."),
                   name);
      break;
    case SQLITE_CORRUPT:
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_DAMAGED,
                   _ ("“%s” is damaged: %s. Go back to a copy of it, or make a new project from the table."),
                   name, sqlite3_errmsg (self->connection));
      break;
    case SQLITE_FULL:
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("There is no space left on the disk for “%s”. Make room there and try again."), name);
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” cannot be changed: the file or its folder is read-only. Copy it to a folder of your own."),
                   name);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” is in use by another program. Try again when that is done."), name);
      break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      {
        int system_error = self->connection != NULL ? sqlite3_system_errno (self->connection) : 0;

        g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                     _ ("“%s” cannot be read or written: %s."), name,
                     system_error != 0 ? g_strerror (system_error) : sqlite3_errstr (code));
        break;
      }
    default:
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” cannot be read or written: %s."), name,
                   self->connection != NULL ? sqlite3_errmsg (self->connection) : sqlite3_errstr (code));
      break;
    }
}

void
wen_store_set_damaged (WenStore   *self,
                       const char *what,
                       GError    **error)
{
  g_autofree char *name = dup_display_name (self);

  g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_DAMAGED,
               _ ("“%s” is damaged: %s. Go back to a copy of it, or make a new project from the table."), name, what);
}

/* Makes an empty file that only its owner may read; fails where one exists.
 * SQLite would make it readable for everybody. */
gboolean
wen_store_create_file (const char *path,
                       GError    **error)
{
  int fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      int system_error = errno;
      g_autofree char *name = g_filename_display_name (path);

      if (system_error == EEXIST)
        g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                     _ ("“%s” exists already. Choose another name."), name);
      else
        g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                     _ ("“%s” cannot be made: %s."), name, g_strerror (system_error));
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* Whether SQLite could keep its log beside the file. */
static gboolean
can_be_written (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_access (path, W_OK) == 0 && g_access (folder, W_OK) == 0;
}

static gboolean
check_is_file (const char *path,
               GError    **error)
{
  g_autofree char *name = g_filename_display_name (path);
  GStatBuf status;

  /* Looked at by name: closing a descriptor of one's own would release the
   * locks that SQLite holds on the same file in this process. */
  if (g_stat (path, &status) != 0)
    {
      if (errno == ENOENT)
        g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO, _ ("There is no file “%s”."), name);
      else
        g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                     _ ("“%s” cannot be read or written: %s."), name, g_strerror (errno));
      return FALSE;
    }
  if (S_ISDIR (status.st_mode))
    {
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” is a folder, not a project. Choose a file whose name ends in “.wenlei”."), name);
      return FALSE;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_NOT_OURS,
                   _ ("“%s” is not a Wenlei project. Choose a file that Wenlei has made, or open a table (CSV)."),
                   name);
      return FALSE;
    }
  if (g_access (path, R_OK) != 0)
    {
      g_set_error (error, WEN_PROJECT_ERROR, WEN_PROJECT_ERROR_IO,
                   _ ("“%s” cannot be read or written: %s."), name, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

static int
stop_when_cancelled_cb (gpointer user_data)
{
  return g_cancellable_is_cancelled (user_data);
}

/* Opens an existing file; what is in it has not been looked at afterwards.
 * cancellable: interrupts every statement of this connection. */
WenStore *
wen_store_open (const char   *path,
                WenStoreKind  kind,
                GCancellable *cancellable,
                GError      **error)
{
  g_autoptr(WenStore) self = NULL;
  g_autofree char *address = NULL;
  g_autofree char *log_path = g_strconcat (path, "-wal", NULL);
  gboolean is_immutable;
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int code;

  if (!check_is_file (path, error))
    return NULL;

  self = g_new0 (WenStore, 1);
  self->path = g_strdup (path);
  self->is_read_only = !can_be_written (path);
  is_immutable = self->is_read_only && !g_file_test (log_path, G_FILE_TEST_EXISTS);

  address = g_filename_to_uri (path, NULL, error);
  if (address == NULL)
    return NULL;
  if (is_immutable)
    {
      g_autofree char *plain = g_steal_pointer (&address);

      address = g_strconcat (plain, "?immutable=1", NULL);
    }

  flags |= self->is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  code = sqlite3_open_v2 (address, &self->connection, flags, NULL);
  if (code != SQLITE_OK)
    {
      set_error (self, code, error);
      return NULL;
    }
  sqlite3_busy_timeout (self->connection, kind == WEN_STORE_MAIN ? MAIN_BUSY_TIMEOUT_MS : WORKER_BUSY_TIMEOUT_MS);

  /* A file from a stranger may hold triggers and views: they get no functions
   * with side effects, and broken pages are looked for while reading. */
  sqlite3_db_config (self->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (self->connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (self->connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);

  if (!wen_store_execute (self, "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON",
                          error))
    return NULL;
  if (!wen_store_execute (self,
                          kind == WEN_STORE_MAIN ? "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0"
                                                 : "PRAGMA synchronous = FULL",
                          error))
    return NULL;

  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      sqlite3_progress_handler (self->connection, CANCEL_CHECK_STEPS, stop_when_cancelled_cb, cancellable);
    }
  return g_steal_pointer (&self);
}

void
wen_store_close (WenStore *self)
{
  if (self->connection != NULL)
    {
      /* The log is folded in here, cancelled or not. */
      sqlite3_progress_handler (self->connection, 0, NULL, NULL);
      sqlite3_close_v2 (self->connection);
    }
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}

const char *
wen_store_get_path (WenStore *self)
{
  return self->path;
}

gboolean
wen_store_is_read_only (WenStore *self)
{
  return self->is_read_only || sqlite3_db_readonly (self->connection, "main") == 1;
}

/* Runs statements that are constants of the program; values are bound, so they
 * never come here. */
gboolean
wen_store_execute (WenStore   *self,
                   const char *sql,
                   GError    **error)
{
  int code = sqlite3_exec (self->connection, sql, NULL, NULL, NULL);

  if (code != SQLITE_OK)
    set_error (self, code, error);
  return code == SQLITE_OK;
}

/* Begins a transaction that will write. */
gboolean
wen_store_begin (WenStore *self,
                 GError  **error)
{
  return wen_store_execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
wen_store_commit (WenStore *self,
                  GError  **error)
{
  return wen_store_execute (self, "COMMIT", error);
}

/* Safe to call in any state: some errors have rolled back already. */
void
wen_store_roll_back (WenStore *self)
{
  if (!sqlite3_get_autocommit (self->connection))
    {
      sqlite3_progress_handler (self->connection, 0, NULL, NULL);
      sqlite3_exec (self->connection, "ROLLBACK", NULL, NULL, NULL);
      if (self->cancellable != NULL)
        sqlite3_progress_handler (self->connection, CANCEL_CHECK_STEPS, stop_when_cancelled_cb, self->cancellable);
    }
}

void
wen_store_checkpoint (WenStore *self,
                      gboolean  truncate)
{
  sqlite3_wal_checkpoint_v2 (self->connection, "main",
                             truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

gboolean
wen_store_add_table (WenStore             *self,
                     const char           *name,
                     const sqlite3_module *module,
                     gpointer              data,
                     GError              **error)
{
  int code = sqlite3_create_module (self->connection, name, module, data);

  if (code != SQLITE_OK)
    set_error (self, code, error);
  return code == SQLITE_OK;
}

sqlite3_stmt *
wen_store_prepare (WenStore   *self,
                   const char *sql,
                   GError    **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v3 (self->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (code == SQLITE_ERROR)
    {
      /* The statements of the program are right, so the file lacks a table or a column. */
      wen_store_set_damaged (self, sqlite3_errmsg (self->connection), error);
      return NULL;
    }
  if (code != SQLITE_OK)
    set_error (self, code, error);
  return statement;
}

gboolean
wen_store_step (WenStore     *self,
                sqlite3_stmt *statement,
                gboolean     *has_row,
                GError      **error)
{
  int code = sqlite3_step (statement);

  *has_row = code == SQLITE_ROW;
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    set_error (self, code, error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE;
}

gboolean
wen_store_run (WenStore     *self,
               sqlite3_stmt *statement,
               GError      **error)
{
  gboolean has_row;
  gboolean done = wen_store_step (self, statement, &has_row, error);

  if (has_row)
    sqlite3_reset (statement);
  return done;
}

gboolean
wen_store_query_int64 (WenStore   *self,
                       const char *sql,
                       gint64     *value,
                       GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (self, sql, error);
  gboolean has_row;

  *value = 0;
  if (statement == NULL || !wen_store_step (self, statement, &has_row, error))
    return FALSE;
  if (has_row)
    *value = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* The text must live until the statement has run. */
void
wen_store_bind_text (sqlite3_stmt *statement,
                     int           column,
                     const char   *text)
{
  if (text != NULL)
    sqlite3_bind_text64 (statement, column, text, strlen (text), SQLITE_STATIC, SQLITE_UTF8);
  else
    sqlite3_bind_null (statement, column);
}

char *
wen_store_dup_text (sqlite3_stmt *statement,
                    int           column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  /* A file that somebody has tampered with can hold any bytes as text. */
  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

double
wen_store_get_double (sqlite3_stmt *statement,
                      int           column)
{
  return sqlite3_column_type (statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double (statement, column);
}
