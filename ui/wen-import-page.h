/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <adwaita.h>

#include "wen-progress-relay.h"

G_BEGIN_DECLS

#define WEN_TYPE_IMPORT_PAGE (wen_import_page_get_type ())

G_DECLARE_FINAL_TYPE (WenImportPage, wen_import_page, WEN, IMPORT_PAGE, AdwBin)

GtkWidget *wen_import_page_new   (void);
void       wen_import_page_watch (WenImportPage    *self,
                                  const char       *name,
                                  WenProgressRelay *relay);

G_END_DECLS
