/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_TRAIN_PAGE (wen_train_page_get_type ())

G_DECLARE_FINAL_TYPE (WenTrainPage, wen_train_page, WEN, TRAIN_PAGE, AdwBin)

GtkWidget  *wen_train_page_new         (void);
WenProject *wen_train_page_get_project (WenTrainPage *self);
void        wen_train_page_set_project (WenTrainPage *self,
                                        WenProject   *project);
gboolean    wen_train_page_is_busy     (WenTrainPage *self);

G_END_DECLS
