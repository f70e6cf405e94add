/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void wen_trial_columns_add (GtkColumnView *view);

G_END_DECLS
