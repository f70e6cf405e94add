/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of WenProject share. */

#pragma once

#include "wen-project-edits-private.h"
#include "wen-project-rows-private.h"
#include "wen-project.h"

struct _WenProject
{
  GObject          parent_instance;

  GFile           *file;
  char            *path;
  WenStore        *store;              /* NULL once closed */
  GCancellable    *closing;            /* cancelled by close */

  /* What the file says, in memory. */
  WenRecipe       *recipe;
  WenRowBlock      blocks[WEN_N_ORIGINS];
  WenImportReport *report;
  WenEditState     edit_state;
  GHashTable      *notes;              /* key to value */
  WenRun          *run;
  WenClassifier   *classifier;

  /* Not in the file yet, because a thread is writing to it. */
  GHashTable      *unsaved_notes;      /* set of keys */
  gboolean         recipe_is_unsaved;

  /* Threads at work. */
  GCancellable    *import_cancellable; /* NULL: none */
  GCancellable    *split_cancellable;  /* NULL: none */
  GPtrArray       *waiting_loads;      /* of GTask: begin once the rows are split */
  guint            n_edits;            /* that are being written */
  gboolean         is_folding;
  gboolean         fold_again;
};

/* Appends the rows from position first on, in the order of the list; fewer where they are gone. */
void     wen_project_read_rows      (WenProject *self,
                                     guint64     first,
                                     guint64     n_rows,
                                     GPtrArray  *rows);
/* Appends these rows, in this order; empty ones where there are none. */
void     wen_project_read_rows_by_id (WenProject   *self,
                                      const gint64 *row_ids,
                                      gsize         n_rows,
                                      GPtrArray    *rows);
/* FALSE with error set where the project is closed, read-only or busy with a run or an import. */
gboolean wen_project_check_idle     (WenProject *self,
                                     GError    **error);
/* A thread has replaced or split the rows. */
void     wen_project_rows_changed   (WenProject *self);
/* A thread that was writing is done: what had to wait is written now. */
void     wen_project_save_unsaved   (WenProject *self);

void     wen_project_start_split    (WenProject *self);
/* The rows are split, or nobody splits them any more. */
void     wen_project_start_loads    (WenProject *self);
void     wen_project_start_fold     (WenProject *self);
void     wen_project_start_reading  (WenProject *self);
void     wen_project_set_classifier (WenProject    *self,
                                     WenClassifier *classifier);
