/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *wen_format_count    (guint64 count);
char *wen_format_duration (gint64  duration_us);
char *wen_format_share    (double  share);

G_END_DECLS
