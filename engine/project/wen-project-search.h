/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-project.h"
#include "wen-search.h"

G_BEGIN_DECLS

WEN_API
void     wen_project_keep_search   (WenProject              *self,
                                    WenSearch               *search,
                                    const WenRecipe         *base,
                                    const WenSearchOptions  *options);
WEN_API
gboolean wen_project_read_search   (WenProject              *self,
                                    WenRecipe              **base,
                                    WenSearchOptions       **options,
                                    GBytes                 **checkpoint);
WEN_API
void     wen_project_forget_search (WenProject              *self);

G_END_DECLS
