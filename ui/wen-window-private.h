/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of WenWindow share: wen-window.c (state), wen-window-actions.c
 * (commands), wen-window-import.c (reading tables). */

#pragma once

#include "wen-import-page.h"
#include "wen-start-page.h"
#include "wen-train-page.h"
#include "wen-window.h"

G_BEGIN_DECLS

struct _WenWindow
{
  AdwApplicationWindow parent_instance;

  /* template widgets */
  AdwToastOverlay      *toast_overlay;
  GtkStack             *main_stack;       /* "start", "import", "project" */
  WenStartPage         *start_page;
  WenImportPage        *import_page;
  AdwViewStack         *pages;
  WenTrainPage         *train_page;
  AdwViewSwitcherTitle *switcher_title;

  /* owned */
  WenProject   *project;
  WenRecipe    *recipe;                   /* of the project, before its next change */
  GSignalGroup *run_signals;              /* of the project's newest run */
  GPtrArray    *undo_recipes;             /* element-type WenRecipe: older ones, newest last */
  GCancellable *import_cancellable;       /* while a table is read */

  /* borrowed */
  AdwToast     *undo_toast;               /* weak pointer */

  char         *preset;                   /* of new projects, or NULL for the default one; owned */
  char         *typed_step;               /* whose setting was changed last, or NULL; owned */
  gint64        typed_us;                 /* when */
  gboolean      is_undoing;
};

/* wen-window.c */
void     wen_window_set_project      (WenWindow           *self,
                                      WenProject          *project);
void     wen_window_show_error       (WenWindow           *self,
                                      const char          *heading,
                                      const char          *message);
void     wen_window_show_main_page   (WenWindow           *self);
gboolean wen_window_is_training      (WenWindow           *self);
void     wen_window_close_project    (WenWindow           *self,
                                      gboolean             close_window);

/* wen-window-actions.c */
void     wen_window_init_actions     (WenWindow           *self);
void     wen_window_update_actions   (WenWindow           *self);

/* wen-window-import.c */
void     wen_window_import_tables    (WenWindow           *self,
                                      GListModel          *tables,
                                      const WenCsvOptions *options,
                                      const char          *text_column,
                                      const char          *label_column,
                                      WenSplit             split);
void     wen_window_create_project   (WenWindow           *self,
                                      GListModel          *tables,
                                      const char          *title,
                                      const WenCsvOptions *options,
                                      const char          *text_column,
                                      const char          *label_column);
void     wen_window_choose_columns   (WenWindow           *self,
                                      GListModel          *tables,
                                      const char          *message);
void     wen_window_paste_table      (WenWindow           *self);
GFile   *wen_window_get_projects_folder (void);

G_END_DECLS
