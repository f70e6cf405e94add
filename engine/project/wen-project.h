/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-run.h"

G_BEGIN_DECLS

#define WEN_PROJECT_ERROR (wen_project_error_quark ())
WEN_API
GQuark wen_project_error_quark (void);

/**
 * WenProjectError:
 * @WEN_PROJECT_ERROR_NOT_OURS: a file that is not a Wenlei project
 * @WEN_PROJECT_ERROR_TOO_NEW: written by a newer version
 * @WEN_PROJECT_ERROR_DAMAGED: SQLite says so
 * @WEN_PROJECT_ERROR_IO: cannot be read or written; the message says why
 * @WEN_PROJECT_ERROR_BUSY: a run is on
 */
typedef enum
{
  WEN_PROJECT_ERROR_NOT_OURS,
  WEN_PROJECT_ERROR_TOO_NEW,
  WEN_PROJECT_ERROR_DAMAGED,
  WEN_PROJECT_ERROR_IO,
  WEN_PROJECT_ERROR_BUSY,
} WenProjectError;

#define WEN_TYPE_PROJECT_ROW (wen_project_row_get_type ())

/* One row as the table shows it.  Properties "number" (int64, from 1), "text", "label", "split" (int).  Immutable. */
WEN_API
G_DECLARE_FINAL_TYPE (WenProjectRow, wen_project_row, WEN, PROJECT_ROW, GObject)

WEN_API
gint64      wen_project_row_get_number (WenProjectRow *self);
WEN_API
const char *wen_project_row_get_text   (WenProjectRow *self);
WEN_API
const char *wen_project_row_get_label  (WenProjectRow *self);
WEN_API
WenSplit    wen_project_row_get_split  (WenProjectRow *self);

#define WEN_TYPE_PROJECT (wen_project_get_type ())

/* One project file, open.  Main thread; work that takes long runs in threads of its own with connections of their own.
 *
 * Properties: "file" (GFile), "title" (string), "n-rows" (uint64), "run" (WenRun: the newest or the one that is on; NULL at first),
 *   "classifier" (WenClassifier of the newest run that has one, NULL before)
 * Signals: "rows-changed" () after an import or a new split, "recipe-changed" () */
WEN_API
G_DECLARE_FINAL_TYPE (WenProject, wen_project, WEN, PROJECT, GObject)

/* A new file; fails where one exists. */
WEN_API
WenProject      *wen_project_create            (GFile                *file,
                                                GError              **error);
WEN_API
WenProject      *wen_project_open              (GFile                *file,
                                                GError              **error);
/* Stops a run that is on, and closes the file.  Idempotent; also done by dispose. */
WEN_API
void             wen_project_close             (WenProject           *self);
WEN_API
GFile           *wen_project_get_file          (WenProject           *self);
WEN_API
char            *wen_project_dup_title         (WenProject           *self);

/* Replaces all rows (split WEN_SPLIT_TEST: only the test rows, which then are the test split, and the rest is training and validation) by
 * those of a CSV file, then splits by the recipe.  One transaction: all or nothing. */
WEN_API
void             wen_project_import_async      (WenProject           *self,
                                                GFile                *csv_file,
                                                const WenCsvOptions  *options,
                                                const char           *text_column,
                                                const char           *label_column,
                                                WenSplit              split,
                                                WenProgressFunc       progress,
                                                gpointer              progress_data,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
WenImportReport *wen_project_import_finish     (WenProject           *self,
                                                GAsyncResult         *result,
                                                GError              **error);
/* The report of the last import, or NULL. */
WEN_API
const WenImportReport *wen_project_get_import_report (WenProject     *self);
WEN_API
guint64          wen_project_get_n_rows        (WenProject           *self);
/* All rows in file order, as a list of WenProjectRow that reads pages as they are looked at. (transfer full) */
WEN_API
GListModel      *wen_project_list_rows         (WenProject           *self);
WEN_API
WenProjectRow   *wen_project_get_row           (WenProject           *self,
                                                gint64                row_id);
/* A copy of all rows with their splits; any thread; own connection. */
WEN_API
WenDataset      *wen_project_load_dataset      (WenProject           *self,
                                                GCancellable         *cancellable,
                                                GError              **error);
WEN_API
void             wen_project_load_dataset_async (WenProject          *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
WenDataset      *wen_project_load_dataset_finish (WenProject         *self,
                                                GAsyncResult         *result,
                                                GError              **error);
WEN_API
const WenRecipe *wen_project_get_recipe        (WenProject           *self);
/* Saved at once; a new seed or share splits anew (not rows that came as a test file). */
WEN_API
gboolean         wen_project_set_recipe        (WenProject           *self,
                                                const WenRecipe      *recipe,
                                                GError              **error);
/* Loads the rows, trains, measures on the test split and stores all of it; returns the live run, which is also "run" (transfer none). */
WEN_API
WenRun          *wen_project_start_run         (WenProject           *self,
                                                GError              **error);
WEN_API
WenRun          *wen_project_get_run           (WenProject           *self);
WEN_API
WenClassifier   *wen_project_get_classifier    (WenProject           *self);
/* Small things to remember, such as the text on the Predict page and the page that is shown. */
WEN_API
char            *wen_project_dup_note          (WenProject           *self,
                                                const char           *key);
WEN_API
void             wen_project_set_note          (WenProject           *self,
                                                const char           *key,
                                                const char           *value);

G_END_DECLS
