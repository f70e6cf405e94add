/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-dataset.h"
#include "wen-finding.h"

G_BEGIN_DECLS

#define WEN_TYPE_HEALTH (wen_health_get_type ())

/* What there is to know about a dataset before it is learned from. */
WEN_API
G_DECLARE_FINAL_TYPE (WenHealth, wen_health, WEN, HEALTH, GObject)

WEN_API
WenHealth  *wen_health_new             (WenDataset    *dataset,
                                        GCancellable  *cancellable,
                                        GError       **error) G_GNUC_WARN_UNUSED_RESULT;
WEN_API
gsize       wen_health_get_n_findings  (WenHealth     *self);
WEN_API
WenFinding *wen_health_get_finding     (WenHealth     *self,
                                        gsize          index);
/* Tokens that tell most about the label, the best first. */
WEN_API
gsize       wen_health_get_n_tokens    (WenHealth     *self);
WEN_API
const char *wen_health_get_token       (WenHealth     *self,
                                        gsize          index,
                                        double        *gain,
                                        gsize         *n_rows);

G_END_DECLS
