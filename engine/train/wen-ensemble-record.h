/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-macros.h"

G_BEGIN_DECLS

WEN_API
char **wen_ensemble_explain (const char *training_record);

G_END_DECLS
