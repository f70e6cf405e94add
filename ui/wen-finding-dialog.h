/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-finding.h"
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_FINDING_DIALOG (wen_finding_dialog_get_type ())

G_DECLARE_FINAL_TYPE (WenFindingDialog, wen_finding_dialog, WEN, FINDING_DIALOG, AdwWindow)

GtkWidget *wen_finding_dialog_new (GtkWindow  *parent,
                                   WenProject *project,
                                   WenFinding *finding,
                                   GArray     *row_ids);

G_END_DECLS
