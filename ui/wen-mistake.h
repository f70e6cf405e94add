/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>
#include "wen-evaluation.h"

G_BEGIN_DECLS

#define WEN_TYPE_MISTAKE (wen_mistake_get_type ())

G_DECLARE_FINAL_TYPE (WenMistake, wen_mistake, WEN, MISTAKE, GObject)

WenMistake            *wen_mistake_new     (const WenEvaluatedRow *row);
const WenEvaluatedRow *wen_mistake_get_row (WenMistake            *self);

G_END_DECLS
