/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_FORECAST_ROW (wen_forecast_row_get_type ())

G_DECLARE_FINAL_TYPE (WenForecastRow, wen_forecast_row, WEN, FORECAST_ROW, AdwActionRow)

GtkWidget *wen_forecast_row_new         (void);
void       wen_forecast_row_set_project (WenForecastRow *self,
                                         WenProject     *project);

G_END_DECLS
