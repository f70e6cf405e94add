/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Patterns that people write themselves, kept from taking for ever. */

#pragma once

#include <glib.h>

typedef struct _WenPattern WenPattern;

/* Called for each match; begin and end are bytes of the text. */
typedef void (*WenPatternFunc) (gsize       begin,
                                gsize       end,
                                GMatchInfo *match,
                                gpointer    user_data);

WenPattern *wen_pattern_new  (const char     *expression,
                              GError        **error);
void        wen_pattern_free (WenPattern     *self);
/* FALSE where it gave up, after the matches it had found till then. */
gboolean    wen_pattern_find (WenPattern     *self,
                              const char     *text,
                              gsize           length_bytes,
                              WenPatternFunc  func,
                              gpointer        user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenPattern, wen_pattern_free)
