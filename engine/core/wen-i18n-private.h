/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Translation of the sentences that the library itself says: errors, warnings,
 * titles and explanations of settings. */

#pragma once

#include <glib.h>

const char *wen_gettext  (const char *message) G_GNUC_FORMAT (1);
const char *wen_ngettext (const char *singular,
                          const char *plural,
                          gulong      n) G_GNUC_FORMAT (1) G_GNUC_FORMAT (2);

#define _(message) wen_gettext (message)
#define N_(message) (message)
