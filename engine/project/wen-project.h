/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-row-list.h"
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

WEN_API
G_DECLARE_FINAL_TYPE (WenProjectRow, wen_project_row, WEN, PROJECT_ROW, GObject)

WEN_API
gint64      wen_project_row_get_id     (WenProjectRow *self);
WEN_API
gint64      wen_project_row_get_number (WenProjectRow *self);
WEN_API
const char *wen_project_row_get_text   (WenProjectRow *self);
WEN_API
const char *wen_project_row_get_label  (WenProjectRow *self);
WEN_API
WenSplit    wen_project_row_get_split  (WenProjectRow *self);

/**
 * WenEditKind:
 * @WEN_EDIT_LABEL_ROWS: gives rows another label, or none
 * @WEN_EDIT_TEXT: changes the text of a row
 * @WEN_EDIT_DELETE_ROWS: puts rows into the bin
 * @WEN_EDIT_RESTORE_ROWS: takes rows out of the bin
 * @WEN_EDIT_RENAME_LABEL: gives a label another name; where another label has that name
 *   already, its rows come to that one
 * @WEN_EDIT_REMOVE_LABEL: takes a label away from its rows, which stay without one
 *
 * What a person changes in the rows.
 */
typedef enum
{
  WEN_EDIT_LABEL_ROWS,
  WEN_EDIT_TEXT,
  WEN_EDIT_DELETE_ROWS,
  WEN_EDIT_RESTORE_ROWS,
  WEN_EDIT_RENAME_LABEL,
  WEN_EDIT_REMOVE_LABEL,
} WenEditKind;

#define WEN_TYPE_PROJECT (wen_project_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenProject, wen_project, WEN, PROJECT, GObject)

WEN_API
WenProject      *wen_project_create            (GFile                *file,
                                                GError              **error);
WEN_API
WenProject      *wen_project_open              (GFile                *file,
                                                GError              **error);
WEN_API
void             wen_project_close             (WenProject           *self);
WEN_API
GFile           *wen_project_get_file          (WenProject           *self);
WEN_API
char            *wen_project_dup_title         (WenProject           *self);

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
void             wen_project_import_tables_async (WenProject         *self,
                                                GListModel           *tables,
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
WEN_API
const WenImportReport *wen_project_get_import_report (WenProject     *self);
WEN_API
guint64          wen_project_get_n_rows        (WenProject           *self);
WEN_API
WenRowList      *wen_project_list_rows         (WenProject           *self);
WEN_API
WenProjectRow   *wen_project_get_row           (WenProject           *self,
                                                gint64                row_id);
WEN_API
void             wen_project_edit_rows_async   (WenProject           *self,
                                                WenEditKind           kind,
                                                const gint64         *row_ids,
                                                gsize                 n_row_ids,
                                                const char           *value,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
void             wen_project_edit_label_async  (WenProject           *self,
                                                const char           *label,
                                                const char           *new_name,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
void             wen_project_undo_async        (WenProject           *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
void             wen_project_redo_async        (WenProject           *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
void             wen_project_empty_bin_async   (WenProject           *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
void             wen_project_compact_async     (WenProject           *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
WEN_API
gboolean         wen_project_edit_finish       (WenProject           *self,
                                                GAsyncResult         *result,
                                                GError              **error);
WEN_API
const char      *wen_project_get_undo_title    (WenProject           *self);
WEN_API
const char      *wen_project_get_redo_title    (WenProject           *self);
WEN_API
guint64          wen_project_get_n_rows_in_bin (WenProject           *self);
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
WEN_API
gboolean         wen_project_set_recipe        (WenProject           *self,
                                                const WenRecipe      *recipe,
                                                GError              **error);
WEN_API
WenRun          *wen_project_start_run         (WenProject           *self,
                                                GError              **error);
WEN_API
gboolean         wen_project_can_resume_run    (WenProject           *self);
WEN_API
WenRun          *wen_project_resume_run        (WenProject           *self,
                                                GError              **error);
WEN_API
gboolean         wen_project_use_run           (WenProject           *self,
                                                gint64                run_id,
                                                GError              **error);
WEN_API
WenRun          *wen_project_get_run           (WenProject           *self);
WEN_API
WenClassifier   *wen_project_get_classifier    (WenProject           *self);
WEN_API
char            *wen_project_dup_note          (WenProject           *self,
                                                const char           *key);
WEN_API
void             wen_project_set_note          (WenProject           *self,
                                                const char           *key,
                                                const char           *value);

G_END_DECLS
