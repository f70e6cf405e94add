/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_EVALUATE_PAGE (wen_evaluate_page_get_type ())

G_DECLARE_FINAL_TYPE (WenEvaluatePage, wen_evaluate_page, WEN, EVALUATE_PAGE, AdwBin)

GtkWidget  *wen_evaluate_page_new         (void);
WenProject *wen_evaluate_page_get_project (WenEvaluatePage *self);
void        wen_evaluate_page_set_project (WenEvaluatePage *self,
                                           WenProject      *project);

G_END_DECLS
