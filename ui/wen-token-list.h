/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-token-report.h"

G_BEGIN_DECLS

/* In which order tokens are listed. */
typedef enum
{
  WEN_TOKEN_ORDER_COMMONEST,
  WEN_TOKEN_ORDER_RAREST,
  WEN_TOKEN_ORDER_NUMBER,
  WEN_TOKEN_ORDER_PERSONAL,      /* only those that look personal */
} WenTokenOrder;

#define WEN_TYPE_TOKEN_ITEM (wen_token_item_get_type ())
G_DECLARE_FINAL_TYPE (WenTokenItem, wen_token_item, WEN, TOKEN_ITEM, GObject)

guint32 wen_token_item_get_id  (WenTokenItem   *self);

#define WEN_TYPE_TOKEN_LIST (wen_token_list_get_type ())
G_DECLARE_FINAL_TYPE (WenTokenList, wen_token_list, WEN, TOKEN_LIST, GObject)

WenTokenList *wen_token_list_new    (WenTokenReport *report);
void          wen_token_list_choose (WenTokenList   *self,
                                     const char     *search,
                                     WenTokenOrder   order);

G_END_DECLS
