/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-cleaner.h"
#include "wen-token-report.h"

G_BEGIN_DECLS

#define WEN_TYPE_ROW_DETAIL (wen_row_detail_get_type ())

G_DECLARE_FINAL_TYPE (WenRowDetail, wen_row_detail, WEN, ROW_DETAIL, AdwBin)

void wen_row_detail_set_dataset (WenRowDetail    *self,
                                 WenDataset      *dataset);
void wen_row_detail_set_recipe  (WenRowDetail    *self,
                                 const WenRecipe *recipe);
void wen_row_detail_set_report  (WenRowDetail    *self,
                                 WenTokenReport  *report);

G_END_DECLS
