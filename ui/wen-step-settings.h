/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-cleaner.h"

G_BEGIN_DECLS

#define WEN_TYPE_STEP_SETTINGS (wen_step_settings_get_type ())

G_DECLARE_FINAL_TYPE (WenStepSettings, wen_step_settings, WEN, STEP_SETTINGS, AdwBin)

GtkWidget  *wen_step_settings_new       (const WenCleaningStep *step);
const char *wen_step_settings_get_entry (WenStepSettings       *self);
void        wen_step_settings_set_entry (WenStepSettings       *self,
                                         const char            *entry);

G_END_DECLS
