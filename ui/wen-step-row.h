/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-cleaner.h"
#include "wen-cleaning-report.h"

G_BEGIN_DECLS

#define WEN_TYPE_STEP_ROW (wen_step_row_get_type ())

G_DECLARE_FINAL_TYPE (WenStepRow, wen_step_row, WEN, STEP_ROW, AdwPreferencesRow)

GtkWidget             *wen_step_row_new          (const WenCleaningStep *step);
const WenCleaningStep *wen_step_row_get_step     (WenStepRow            *self);
gboolean               wen_step_row_get_active   (WenStepRow            *self);
void                   wen_step_row_set_active   (WenStepRow            *self,
                                                  gboolean               active);
const char            *wen_step_row_get_entry    (WenStepRow            *self);
void                   wen_step_row_set_entry    (WenStepRow            *self,
                                                  const char            *entry);
guint                  wen_step_row_get_position (WenStepRow            *self);
void                   wen_step_row_set_position (WenStepRow            *self,
                                                  guint                  position,
                                                  gboolean               may_move_up,
                                                  gboolean               may_move_down);
void                   wen_step_row_set_effect   (WenStepRow            *self,
                                                  const WenStepEffect   *effect,
                                                  guint64                n_rows,
                                                  gboolean               is_all);

G_END_DECLS
