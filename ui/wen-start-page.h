/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_START_PAGE (wen_start_page_get_type ())

G_DECLARE_FINAL_TYPE (WenStartPage, wen_start_page, WEN, START_PAGE, AdwBin)

GtkWidget *wen_start_page_new (void);

G_END_DECLS
