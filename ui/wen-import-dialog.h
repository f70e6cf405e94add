/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-dataset.h"

G_BEGIN_DECLS

#define WEN_TYPE_IMPORT_DIALOG (wen_import_dialog_get_type ())

G_DECLARE_FINAL_TYPE (WenImportDialog, wen_import_dialog, WEN, IMPORT_DIALOG, AdwWindow)

GtkWidget           *wen_import_dialog_new              (GtkWindow             *parent,
                                                         GListModel            *tables,
                                                         const char            *message);
void                 wen_import_dialog_set_report       (WenImportDialog       *self,
                                                         const WenImportReport *report);
GListModel          *wen_import_dialog_get_tables       (WenImportDialog       *self);
const WenCsvOptions *wen_import_dialog_get_options      (WenImportDialog       *self);
const char          *wen_import_dialog_get_text_column  (WenImportDialog       *self);
const char          *wen_import_dialog_get_label_column (WenImportDialog       *self);

G_END_DECLS
