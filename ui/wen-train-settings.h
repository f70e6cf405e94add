/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_TRAIN_SETTINGS (wen_train_settings_get_type ())

G_DECLARE_FINAL_TYPE (WenTrainSettings, wen_train_settings, WEN, TRAIN_SETTINGS, AdwBin)

void wen_train_settings_set_project (WenTrainSettings *self,
                                     WenProject       *project);

G_END_DECLS
