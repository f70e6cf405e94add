/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

#include "wen-text-diff.h"

G_BEGIN_DECLS

void wen_diff_labels_set_texts (GtkLabel   *before_label,
                                GtkLabel   *after_label,
                                const char *before,
                                const char *after,
                                gsize       n_context_chars,
                                gsize       n_maximum_chars);

G_END_DECLS
