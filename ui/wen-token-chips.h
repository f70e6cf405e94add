/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gtk/gtk.h>
#include "wen-token-report.h"

G_BEGIN_DECLS

#define WEN_TYPE_TOKEN_CHIPS (wen_token_chips_get_type ())

G_DECLARE_FINAL_TYPE (WenTokenChips, wen_token_chips, WEN, TOKEN_CHIPS, GtkWidget)

GtkWidget  *wen_token_chips_new             (void);
void        wen_token_chips_set_tokens      (WenTokenChips  *self,
                                             const char     *text,
                                             const WenToken *tokens,
                                             gsize           n_tokens,
                                             WenTokenReport *report,
                                             gsize           maximum_length);
void        wen_token_chips_set_ids         (WenTokenChips  *self,
                                             const guint32  *token_ids,
                                             gsize           n_token_ids,
                                             WenTokenReport *report);
const char *wen_token_chips_get_description (WenTokenChips  *self);

G_END_DECLS
