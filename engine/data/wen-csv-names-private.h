/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names that columns of texts and of labels often have. */

#pragma once

#include <glib.h>

gboolean wen_csv_names_is_known   (const char *name);
guint    wen_csv_names_rate_text  (const char *name);
guint    wen_csv_names_rate_label (const char *name);
