/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WEN_TYPE_ADAPTIVE_BIN (wen_adaptive_bin_get_type ())

G_DECLARE_FINAL_TYPE (WenAdaptiveBin, wen_adaptive_bin, WEN, ADAPTIVE_BIN, GtkWidget)

gboolean wen_adaptive_bin_get_narrow (WenAdaptiveBin *self);

G_END_DECLS
