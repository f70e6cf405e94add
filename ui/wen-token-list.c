/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tokens of a vocabulary as a list model that can be searched and sorted.
 *
 * A vocabulary may have a million tokens: the list holds numbers, and makes an object
 * only of those that are looked at. */

#include "config.h"

#include "wen-token-list.h"

#include "wen-personal-data.h"

#include <string.h>

struct _WenTokenItem
{
  GObject parent_instance;

  guint32 id;
};

G_DEFINE_FINAL_TYPE (WenTokenItem, wen_token_item, G_TYPE_OBJECT)

struct _WenTokenList
{
  GObject parent_instance;

  /* owned */
  WenTokenReport *report;
  GArray         *ids;        /* of guint32: those that are listed */
};

static void wen_token_list_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WenTokenList, wen_token_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wen_token_list_list_model_init))

static void
wen_token_item_class_init (WenTokenItemClass *klass)
{
}

static void
wen_token_item_init (WenTokenItem *self)
{
}

guint32
wen_token_item_get_id (WenTokenItem *self)
{
  return self->id;
}

static GType
wen_token_list_get_item_type (GListModel *model)
{
  return WEN_TYPE_TOKEN_ITEM;
}

static guint
wen_token_list_get_n_items (GListModel *model)
{
  return WEN_TOKEN_LIST (model)->ids->len;
}

static gpointer
wen_token_list_get_item (GListModel *model,
                         guint       position)
{
  WenTokenList *self = WEN_TOKEN_LIST (model);
  WenTokenItem *item;

  if (position >= self->ids->len)
    return NULL;

  item = g_object_new (WEN_TYPE_TOKEN_ITEM, NULL);
  item->id = g_array_index (self->ids, guint32, position);

  return item;
}

static void
wen_token_list_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = wen_token_list_get_item_type;
  interface->get_n_items = wen_token_list_get_n_items;
  interface->get_item = wen_token_list_get_item;
}

static void
wen_token_list_finalize (GObject *object)
{
  WenTokenList *self = WEN_TOKEN_LIST (object);

  g_clear_object (&self->report);
  g_array_unref (self->ids);

  G_OBJECT_CLASS (wen_token_list_parent_class)->finalize (object);
}

static void
wen_token_list_class_init (WenTokenListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_token_list_finalize;
}

static void
wen_token_list_init (WenTokenList *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint32));
}

/* The commonest first; equally common ones in the order of their numbers. */
static int
compare_commonest (gconstpointer a,
                   gconstpointer b,
                   gpointer      report)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;
  guint64 left_count = wen_token_report_get_count (report, left);
  guint64 right_count = wen_token_report_get_count (report, right);

  if (left_count != right_count)
    return left_count < right_count ? 1 : -1;

  return left < right ? -1 : left > right;
}

static int
compare_rarest (gconstpointer a,
                gconstpointer b,
                gpointer      report)
{
  return compare_commonest (b, a, report);
}

/**
 * wen_token_list_new:
 * @report: whose vocabulary to list
 *
 * Lists all tokens, the commonest first.
 *
 * Returns: (transfer full): a list of #WenTokenItem
 */
WenTokenList *
wen_token_list_new (WenTokenReport *report)
{
  WenTokenList *self = g_object_new (WEN_TYPE_TOKEN_LIST, NULL);

  self->report = g_object_ref (report);
  wen_token_list_choose (self, "", WEN_TOKEN_ORDER_COMMONEST);

  return self;
}

/**
 * wen_token_list_choose:
 * @self: a list
 * @search: what tokens have in them; "" lists all
 * @order: their order
 *
 * Lists other tokens, or in another order.
 */
void
wen_token_list_choose (WenTokenList  *self,
                       const char    *search,
                       WenTokenOrder  order)
{
  WenVocabulary *vocabulary;
  guint n_before;

  g_return_if_fail (WEN_IS_TOKEN_LIST (self));

  vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (self->report));
  n_before = self->ids->len;
  g_array_set_size (self->ids, 0);
  for (guint32 id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    {
      const char *token = wen_vocabulary_get_token (vocabulary, id);

      if (strstr (token, search) != NULL
          && (order != WEN_TOKEN_ORDER_PERSONAL || wen_personal_data_is_suspicious (token)))
        g_array_append_val (self->ids, id);
    }
  if (order == WEN_TOKEN_ORDER_COMMONEST || order == WEN_TOKEN_ORDER_PERSONAL)
    g_array_sort_with_data (self->ids, compare_commonest, self->report);
  else if (order == WEN_TOKEN_ORDER_RAREST)
    g_array_sort_with_data (self->ids, compare_rarest, self->report);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->ids->len);
}
