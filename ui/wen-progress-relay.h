/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WEN_TYPE_PROGRESS_RELAY (wen_progress_relay_get_type ())

G_DECLARE_FINAL_TYPE (WenProgressRelay, wen_progress_relay, WEN, PROGRESS_RELAY, GObject)

WenProgressRelay *wen_progress_relay_new          (void);
void              wen_progress_relay_report       (double            fraction,
                                                   gpointer          relay);
double            wen_progress_relay_get_fraction (WenProgressRelay *self);

G_END_DECLS
