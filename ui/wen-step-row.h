/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-preparation.h"

G_BEGIN_DECLS

#define WEN_TYPE_STEP_ROW (wen_step_row_get_type ())

G_DECLARE_FINAL_TYPE (WenStepRow, wen_step_row, WEN, STEP_ROW, AdwPreferencesRow)

GtkWidget  *wen_step_row_new        (const WenCleaningStep *step);
const char *wen_step_row_get_id     (WenStepRow            *self);
gboolean    wen_step_row_get_active (WenStepRow            *self);
void        wen_step_row_set_active (WenStepRow            *self,
                                     gboolean               active);
void        wen_step_row_set_effect (WenStepRow            *self,
                                     const WenStepEffect   *effect,
                                     guint                  n_sampled_rows);

G_END_DECLS
