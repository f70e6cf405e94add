/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

GtkWindow *wen_dialog_new (GtkWindow  *parent,
                           const char *title,
                           int         width,
                           int         height,
                           GtkWidget  *content);

G_END_DECLS
