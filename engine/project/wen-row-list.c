/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All rows of a project as a list model.
 *
 * DESIGN: a list of a million rows holds a few pages of them, the ones that were
 * looked at last.  A position becomes an id by addition, because the rows of one
 * import have ids without gaps, so a page is one search in SQLite's tree.
 *
 * A list model may not fail: a row that cannot be read any more, because another
 * thread has just replaced all of them and the news is still on its way, is given
 * as an empty one. */

#include "config.h"

#include "wen-row-list-private.h"

#include "wen-project-private.h"

#define PAGE_SIZE 128
#define MAXIMUM_PAGES 16

typedef struct
{
  guint      first;    /* position of its first row */
  GPtrArray *rows;     /* may be shorter than a page */
} Page;

struct _WenRowList
{
  GObject     parent_instance;

  WenProject *project;   /* weak */
  guint       n_rows;
  GQueue      pages;     /* of Page, the one looked at last first */
};

static void wen_row_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WenRowList, wen_row_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, wen_row_list_list_model_init))

static void
page_free (gpointer data)
{
  Page *page = data;

  g_ptr_array_unref (page->rows);
  g_free (page);
}

static Page *
read_page (WenRowList *self,
           guint       first)
{
  Page *page = g_new (Page, 1);

  page->first = first;
  page->rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->project != NULL)
    wen_project_read_rows (self->project, first, PAGE_SIZE, page->rows);
  return page;
}

static Page *
get_page (WenRowList *self,
          guint       first)
{
  Page *page;

  for (GList *link = self->pages.head; link != NULL; link = link->next)
    {
      page = link->data;
      if (page->first == first)
        {
          g_queue_unlink (&self->pages, link);
          g_queue_push_head_link (&self->pages, link);
          return page;
        }
    }

  page = read_page (self, first);
  g_queue_push_head (&self->pages, page);
  if (self->pages.length > MAXIMUM_PAGES)
    page_free (g_queue_pop_tail (&self->pages));
  return page;
}

static void
rows_changed_cb (WenRowList *self)
{
  guint n_old_rows = self->n_rows;

  g_queue_clear_full (&self->pages, page_free);
  self->n_rows = wen_project_get_n_rows (self->project);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old_rows, self->n_rows);
}

static GType
wen_row_list_get_item_type (GListModel *model)
{
  return WEN_TYPE_PROJECT_ROW;
}

static guint
wen_row_list_get_n_items (GListModel *model)
{
  return WEN_ROW_LIST (model)->n_rows;
}

static gpointer
wen_row_list_get_item (GListModel *model,
                       guint       position)
{
  WenRowList *self = WEN_ROW_LIST (model);
  guint row = position % PAGE_SIZE;
  Page *page;

  if (position >= self->n_rows)
    return NULL;
  page = get_page (self, position - row);
  if (row < page->rows->len)
    return g_object_ref (g_ptr_array_index (page->rows, row));
  return wen_project_row_new ((gint64) position + 1, g_strdup (""), NULL, WEN_SPLIT_NONE);
}

static void
wen_row_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = wen_row_list_get_item_type;
  iface->get_n_items = wen_row_list_get_n_items;
  iface->get_item = wen_row_list_get_item;
}

static void
wen_row_list_dispose (GObject *object)
{
  WenRowList *self = WEN_ROW_LIST (object);

  g_clear_weak_pointer (&self->project);
  g_queue_clear_full (&self->pages, page_free);

  G_OBJECT_CLASS (wen_row_list_parent_class)->dispose (object);
}

static void
wen_row_list_class_init (WenRowListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wen_row_list_dispose;
}

static void
wen_row_list_init (WenRowList *self)
{
  g_queue_init (&self->pages);
}

WenRowList *
wen_row_list_new (WenProject *project)
{
  WenRowList *self = g_object_new (WEN_TYPE_ROW_LIST, NULL);

  g_set_weak_pointer (&self->project, project);
  self->n_rows = wen_project_get_n_rows (project);
  g_signal_connect_object (project, "rows-changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
