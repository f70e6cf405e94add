/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_PREPARE_PAGE (wen_prepare_page_get_type ())

G_DECLARE_FINAL_TYPE (WenPreparePage, wen_prepare_page, WEN, PREPARE_PAGE, AdwBin)

GtkWidget  *wen_prepare_page_new         (void);
WenProject *wen_prepare_page_get_project (WenPreparePage *self);
void        wen_prepare_page_set_project (WenPreparePage *self,
                                          WenProject     *project);

G_END_DECLS
