/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Recipes that a search tries. */

#pragma once

#include "wen-search-space.h"

GPtrArray *wen_search_space_list_presets (const char * const *families);
WenRecipe *wen_search_space_new_preset   (const char         *preset,
                                          const WenRecipe    *base);
WenRecipe *wen_search_space_draw         (const char         *family,
                                          const WenRecipe    *base,
                                          guint64             seed,
                                          guint               number,
                                          guint               attempt);
