/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_AUGMENTATION_ROW (wen_augmentation_row_get_type ())

G_DECLARE_FINAL_TYPE (WenAugmentationRow, wen_augmentation_row, WEN, AUGMENTATION_ROW, AdwPreferencesRow)

void wen_augmentation_row_set_project (WenAugmentationRow *self,
                                       WenProject         *project);

G_END_DECLS
