/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_DATA_CURVE_VIEW (wen_data_curve_view_get_type ())

G_DECLARE_FINAL_TYPE (WenDataCurveView, wen_data_curve_view, WEN, DATA_CURVE_VIEW, AdwBin)

void     wen_data_curve_view_set_project (WenDataCurveView *self,
                                          WenProject       *project);
gboolean wen_data_curve_view_is_busy     (WenDataCurveView *self);
void     wen_data_curve_view_set_blocked (WenDataCurveView *self,
                                          gboolean          is_blocked);

G_END_DECLS
