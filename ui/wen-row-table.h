/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-finding.h"
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_ROW_TABLE (wen_row_table_get_type ())

G_DECLARE_FINAL_TYPE (WenRowTable, wen_row_table, WEN, ROW_TABLE, AdwBin)

GtkWidget *wen_row_table_new          (void);
void       wen_row_table_set_project  (WenRowTable        *self,
                                       WenProject         *project);
void       wen_row_table_set_labels   (WenRowTable        *self,
                                       const char * const *labels);
void       wen_row_table_show_finding (WenRowTable        *self,
                                       WenFinding         *finding,
                                       const gint64       *row_ids,
                                       gsize               n_row_ids);
void       wen_row_table_ask_label    (WenRowTable        *self,
                                       const char         *label);
gboolean   wen_row_table_undo         (WenRowTable        *self);
gboolean   wen_row_table_redo         (WenRowTable        *self);

G_END_DECLS
