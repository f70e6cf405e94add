/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-dataset.h"

G_BEGIN_DECLS

/**
 * WenRowOrder:
 * @WEN_ROW_ORDER_NUMBER: as in the table
 * @WEN_ROW_ORDER_TEXT: by the text, as its characters are numbered
 * @WEN_ROW_ORDER_LABEL: by the name of the label
 * @WEN_ROW_ORDER_SPLIT: by what it is used for
 * @WEN_ROW_ORDER_LENGTH: by the length of the text in bytes
 *
 * In which order rows are listed.
 */
typedef enum
{
  WEN_ROW_ORDER_NUMBER,
  WEN_ROW_ORDER_TEXT,
  WEN_ROW_ORDER_LABEL,
  WEN_ROW_ORDER_SPLIT,
  WEN_ROW_ORDER_LENGTH,
} WenRowOrder;

/* Any split. */
#define WEN_ROW_FILTER_ANY_SPLIT (-1)

typedef struct _WenRowFilter WenRowFilter;

/**
 * WenRowFilter:
 * @search: (nullable): rows whose text has this in it, without regard to the case of
 *   Latin letters; `NULL` or empty for all
 * @label: (nullable): rows with this label; empty for those without; `NULL` for all
 * @split: rows that are used for this, a [enum@Split], or `WEN_ROW_FILTER_ANY_SPLIT`
 * @in_bin: rows in the bin instead of those that are not
 * @order: in which order
 * @descending: whether the order is the other way round
 * @row_ids: (array length=n_row_ids) (nullable): only these rows
 * @n_row_ids: how many
 *
 * Which rows are listed.
 */
struct _WenRowFilter
{
  const char   *search;
  const char   *label;
  int           split;
  gboolean      in_bin;
  WenRowOrder   order;
  gboolean      descending;
  const gint64 *row_ids;
  gsize         n_row_ids;
};

#define WEN_TYPE_ROW_LIST (wen_row_list_get_type ())

/* The rows of a project as a list model that reads pages as they are looked at. */
WEN_API
G_DECLARE_FINAL_TYPE (WenRowList, wen_row_list, WEN, ROW_LIST, GObject)

WEN_API
void     wen_row_list_set_filter (WenRowList         *self,
                                  const WenRowFilter *filter);
WEN_API
gboolean wen_row_list_get_is_busy (WenRowList         *self);
WEN_API
gint64   wen_row_list_get_row_id  (WenRowList         *self,
                                   guint               position);

G_END_DECLS
