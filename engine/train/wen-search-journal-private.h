/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search put to paper, so that it can go on. */

#pragma once

#include "wen-search-halving-private.h"

char      *wen_search_journal_make_header  (WenDataset                 *pool,
                                            const WenRecipe            *base,
                                            const WenSearchOptions     *options,
                                            const char *const          *families);
/* Each appends one line, with its end. */
void       wen_search_journal_add_measured (GString                    *journal,
                                            const WenSearchRecord      *record,
                                            const WenSearchMeasurement *measurement,
                                            gint64                      elapsed_us);
void       wen_search_journal_add_failed   (GString                    *journal,
                                            const WenSearchRecord      *record,
                                            gint64                      elapsed_us);
GPtrArray *wen_search_journal_read         (GBytes                     *journal,
                                            const char                 *header,
                                            guint                       n_rungs,
                                            gint64                     *elapsed_us,
                                            GError                    **error);
