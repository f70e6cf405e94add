/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_DATA_PAGE (wen_data_page_get_type ())

G_DECLARE_FINAL_TYPE (WenDataPage, wen_data_page, WEN, DATA_PAGE, AdwBin)

GtkWidget  *wen_data_page_new         (void);
WenProject *wen_data_page_get_project (WenDataPage *self);
void        wen_data_page_set_project (WenDataPage *self,
                                       WenProject  *project);

G_END_DECLS
