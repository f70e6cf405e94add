/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of a project: reading them in from a table, splitting them, and handing them out.  These functions take long:
 * they belong on a thread, with a store of that thread. */

#pragma once

#include "wen-dataset.h"
#include "wen-project-row-private.h"
#include "wen-project-schema-private.h"

typedef struct
{
  GListModel     *tables;           /* of GFile: one after the other, with the same columns */
  WenCsvOptions   options;
  char           *text_column;      /* NULL: guessed */
  char           *label_column;     /* NULL: guessed */
  WenOrigin       origin;
  WenProgressFunc progress;
  gpointer        progress_data;
} WenRowImport;

/* Rows with ids first_id … first_id + n_rows - 1. */
typedef struct
{
  gint64 first_id;
  gint64 n_rows;
} WenRowBlock;

WenImportReport *wen_project_rows_import       (WenStore            *store,
                                                const WenRowImport  *import,
                                                GCancellable        *cancellable,
                                                GError             **error);
/* Splits the rows by the recipe in the file, unless they are split so already. */
gboolean         wen_project_rows_ensure_split (WenStore            *store,
                                                GCancellable        *cancellable,
                                                GError             **error);
/* All rows, split by the recipe in the file. */
WenDataset      *wen_project_rows_load         (WenStore            *store,
                                                GCancellable        *cancellable,
                                                GError             **error);
gboolean         wen_project_rows_read_blocks  (WenStore            *store,
                                                WenRowBlock          blocks[WEN_N_ORIGINS],
                                                GError             **error);
/* The newest report, but of texts without labels; NULL without error where nothing was read in yet. */
WenImportReport *wen_project_rows_read_report  (WenStore            *store,
                                                GError             **error);
/* Appends the rows with ids from first_id on to rows; may append fewer. */
gboolean         wen_project_rows_read_page    (WenStore            *store,
                                                gint64               first_id,
                                                gint64               n_rows,
                                                GPtrArray           *rows,
                                                GError             **error);
/* Appends the rows with these ids; an empty one where there is none. */
gboolean         wen_project_rows_read_ids     (WenStore            *store,
                                                const gint64        *row_ids,
                                                gsize                n_rows,
                                                GPtrArray           *rows,
                                                GError             **error);
WenRecipe       *wen_project_rows_read_recipe  (WenStore            *store,
                                                GError             **error);
