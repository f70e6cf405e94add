/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which rows of a project a filter lets through, and in which order. */

#pragma once

#include "wen-row-list.h"
#include "wen-store-private.h"

/* With copies of everything that the filter points to. */
WenRowFilter *wen_row_filter_copy    (const WenRowFilter *filter);
void          wen_row_filter_free    (WenRowFilter       *filter);
/* Lets all rows through that are not in the bin, in their own order. */
gboolean      wen_row_filter_is_none (const WenRowFilter *filter);

/* Ids, of gint64; takes up to a second for a million rows.  (transfer full) */
GArray       *wen_row_query_run      (WenStore           *store,
                                      const WenRowFilter *filter,
                                      GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenRowFilter, wen_row_filter_free)
