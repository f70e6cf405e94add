/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-recipe.h"

G_BEGIN_DECLS

#define WEN_TYPE_SETTING_ROW (wen_setting_row_get_type ())

G_DECLARE_FINAL_TYPE (WenSettingRow, wen_setting_row, WEN, SETTING_ROW, AdwActionRow)

GtkWidget  *wen_setting_row_new        (const char       *key);
const char *wen_setting_row_get_key    (WenSettingRow    *self);
void        wen_setting_row_show       (WenSettingRow    *self,
                                        const WenRecipe  *recipe);
gboolean    wen_setting_row_apply      (WenSettingRow    *self,
                                        WenRecipe        *recipe,
                                        GError          **error);
const char *wen_setting_row_name_value (const WenSetting *setting,
                                        const char       *value);

G_END_DECLS
