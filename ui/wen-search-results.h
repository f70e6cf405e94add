/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-trial-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define WEN_TYPE_SEARCH_RESULTS (wen_search_results_get_type ())

G_DECLARE_FINAL_TYPE (WenSearchResults, wen_search_results, WEN, SEARCH_RESULTS, AdwBin)

void          wen_search_results_clear        (WenSearchResults     *self);
void          wen_search_results_take_over    (WenSearchResults     *self,
                                               const WenSearchTrial *trial);
void          wen_search_results_refresh      (WenSearchResults     *self,
                                               gboolean              is_on,
                                               const char           *best);
WenTrialItem *wen_search_results_get_selected (WenSearchResults     *self);

G_END_DECLS
