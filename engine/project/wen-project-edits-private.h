/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Changes that a person makes to the rows of a project, and taking them back.  These
 * functions take long: they belong on a thread, with a store of that thread. */

#pragma once

#include "wen-project-schema-private.h"
#include "wen-project.h"

typedef struct
{
  WenEditKind  kind;
  gint64      *row_ids;     /* of WEN_EDIT_LABEL_ROWS, _TEXT, _DELETE_ROWS, _RESTORE_ROWS */
  gsize        n_row_ids;
  char        *label;       /* of WEN_EDIT_RENAME_LABEL, _REMOVE_LABEL: which */
  char        *value;       /* the new label or text; NULL: none */
} WenEdit;

/* What the newest edit was, and what could be done again; NULL: nothing. */
typedef struct
{
  char   *undo_title;
  char   *redo_title;
  gint64  n_in_bin;
  gint64  n_hidden;     /* rows of the imports that lists do not show */
} WenEditState;

void     wen_edit_free                (WenEdit       *edit);
void     wen_edit_state_clear         (WenEditState  *state);

gboolean wen_project_edits_apply      (WenStore      *store,
                                       const WenEdit *edit,
                                       GError       **error);
/* Nothing happens where there is nothing to take back. */
gboolean wen_project_edits_undo       (WenStore      *store,
                                       GError       **error);
gboolean wen_project_edits_redo       (WenStore      *store,
                                       GError       **error);
/* Removes the rows in the bin, and with them all that could bring them back, for ever. */
gboolean wen_project_edits_empty_bin  (WenStore      *store,
                                       GError       **error);
/* Gives back the space of what was removed. */
gboolean wen_project_edits_compact    (WenStore      *store,
                                       GError       **error);
/* In a transaction: after an import, edits of other rows mean nothing any more. */
gboolean wen_project_edits_forget     (WenStore      *store,
                                       GError       **error);
gboolean wen_project_edits_read_state (WenStore      *store,
                                       WenEditState  *state,
                                       GError       **error);
