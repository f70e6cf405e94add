/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void wen_data_columns_add (GtkColumnView *column_view);

G_END_DECLS
