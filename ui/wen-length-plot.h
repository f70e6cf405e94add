/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-token-report.h"

G_BEGIN_DECLS

#define WEN_TYPE_LENGTH_PLOT (wen_length_plot_get_type ())

G_DECLARE_FINAL_TYPE (WenLengthPlot, wen_length_plot, WEN, LENGTH_PLOT, AdwBin)

void  wen_length_plot_set_report  (WenLengthPlot  *self,
                                   WenTokenReport *report);
guint wen_length_plot_get_maximum (WenLengthPlot  *self);
void  wen_length_plot_set_maximum (WenLengthPlot  *self,
                                   guint           maximum_length,
                                   gboolean        leaves_out);

G_END_DECLS
