/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_SEARCH_VIEW (wen_search_view_get_type ())

G_DECLARE_FINAL_TYPE (WenSearchView, wen_search_view, WEN, SEARCH_VIEW, AdwBin)

void     wen_search_view_set_project (WenSearchView *self,
                                      WenProject    *project);
gboolean wen_search_view_is_busy     (WenSearchView *self);
void     wen_search_view_set_blocked (WenSearchView *self,
                                      gboolean       is_blocked);

G_END_DECLS
