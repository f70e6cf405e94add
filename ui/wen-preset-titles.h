/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *wen_preset_get_title (const char *preset);

G_END_DECLS
