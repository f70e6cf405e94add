/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What marks the changed pieces of a text, as Pango markup around them. */
typedef struct
{
  const char *start;
  const char *end;
} WenDiffMark;

void wen_text_diff_to_markup (const char         *before,
                              const char         *after,
                              const WenDiffMark  *removed,
                              const WenDiffMark  *added,
                              gsize               n_context_chars,
                              gsize               n_maximum_chars,
                              char              **before_markup,
                              char              **after_markup);

G_END_DECLS
