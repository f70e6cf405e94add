/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One connection to a project file.  It belongs to one thread at a time. */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

typedef struct _WenStore WenStore;

typedef enum
{
  WEN_STORE_MAIN,     /* the main thread's: commits do not wait for the disk */
  WEN_STORE_WORKER,   /* a thread's: a commit is on the disk when it returns */
} WenStoreKind;

gboolean      wen_store_create_file     (const char    *path,
                                         GError       **error);
WenStore     *wen_store_open            (const char    *path,
                                         WenStoreKind   kind,
                                         GCancellable  *cancellable,
                                         GError       **error);
void          wen_store_close           (WenStore      *self);
const char   *wen_store_get_path        (WenStore      *self);
gboolean      wen_store_is_read_only    (WenStore      *self);

gboolean      wen_store_execute         (WenStore      *self,
                                         const char    *sql,
                                         GError       **error);
gboolean      wen_store_begin           (WenStore      *self,
                                         GError       **error);
gboolean      wen_store_commit          (WenStore      *self,
                                         GError       **error);
void          wen_store_roll_back       (WenStore      *self);
/* Moves what was committed into the file itself.  No harm where somebody still reads. */
void          wen_store_checkpoint      (WenStore      *self,
                                         gboolean       truncate);

/* Lets the statements of this connection read a table that is not in the file.
 * data: what the module is connected with */
gboolean      wen_store_add_table       (WenStore             *self,
                                         const char           *name,
                                         const sqlite3_module *module,
                                         gpointer              data,
                                         GError              **error);

sqlite3_stmt *wen_store_prepare         (WenStore      *self,
                                         const char    *sql,
                                         GError       **error);
/* Steps to the next row; *has_row is FALSE at the end, where the statement is reset. */
gboolean      wen_store_step            (WenStore      *self,
                                         sqlite3_stmt  *statement,
                                         gboolean      *has_row,
                                         GError       **error);
/* Runs a statement that gives no rows, and resets it. */
gboolean      wen_store_run             (WenStore      *self,
                                         sqlite3_stmt  *statement,
                                         GError       **error);
/* The first column of the first row of a statement without parameters; 0 where there is no row. */
gboolean      wen_store_query_int64     (WenStore      *self,
                                         const char    *sql,
                                         gint64        *value,
                                         GError       **error);
void          wen_store_set_damaged     (WenStore      *self,
                                         const char    *what,
                                         GError       **error);
void          wen_store_bind_text       (sqlite3_stmt  *statement,
                                         int            column,
                                         const char    *text);
/* NULL for SQL's NULL. */
char         *wen_store_dup_text        (sqlite3_stmt  *statement,
                                         int            column);
/* NaN for SQL's NULL, which is how SQLite keeps NaN. */
double        wen_store_get_double      (sqlite3_stmt  *statement,
                                         int            column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenStore, wen_store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)
