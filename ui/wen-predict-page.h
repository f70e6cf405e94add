/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_PREDICT_PAGE (wen_predict_page_get_type ())

G_DECLARE_FINAL_TYPE (WenPredictPage, wen_predict_page, WEN, PREDICT_PAGE, AdwBin)

GtkWidget  *wen_predict_page_new         (void);
WenProject *wen_predict_page_get_project (WenPredictPage *self);
void        wen_predict_page_set_project (WenPredictPage *self,
                                          WenProject     *project);

G_END_DECLS
