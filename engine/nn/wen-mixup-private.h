/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much of each of two texts goes into a mixture. */

#pragma once

#include <glib.h>

double wen_mixup_get_share (double  strength,
                            guint64 seed,
                            guint64 step,
                            guint   text);
