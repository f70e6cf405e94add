/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>
#include "wen-project.h"

G_BEGIN_DECLS

#define WEN_TYPE_WINDOW (wen_window_get_type ())

G_DECLARE_FINAL_TYPE (WenWindow, wen_window, WEN, WINDOW, AdwApplicationWindow)

GtkWidget  *wen_window_new         (GtkApplication *application);
WenProject *wen_window_get_project (WenWindow      *self);
void        wen_window_open_files  (WenWindow      *self,
                                    GListModel     *files);
void        wen_window_set_preset  (WenWindow      *self,
                                    const char     *preset);
gboolean    wen_window_open_sample (WenWindow      *self,
                                    const char     *name);

G_END_DECLS
