/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of a project as a list model.
 *
 * DESIGN: a list of a million rows holds a few pages of them, the ones that were
 * looked at last.  A position becomes an id by addition, because the rows of one
 * import have ids without gaps, so a page is one search in SQLite's tree.  Where rows
 * are in the bin or filtered, a thread lists the ids instead; until it has, the list
 * stays as it was.
 *
 * A list model may not fail: a row that cannot be read any more, because another
 * thread has just replaced all of them and the news is still on its way, is given
 * as an empty one. */

#include "config.h"

#include "wen-row-list-private.h"

#include <string.h>

#include "wen-project-private.h"
#include "wen-row-query-private.h"

#define PAGE_SIZE 128
#define MAXIMUM_PAGES 16
/* Rows that GTK may look through when some went and others came. */
#define MOST_COMPARED_ROWS 2000

typedef struct
{
  guint      first;    /* position of its first row */
  GPtrArray *rows;     /* may be shorter than a page */
} Page;

struct _WenRowList
{
  GObject     parent_instance;

  WenProject   *project;   /* weak */
  guint         n_rows;
  GQueue        pages;     /* of Page, the one looked at last first */

  WenRowFilter *filter;
  GArray       *row_ids;     /* of gint64; NULL: all rows, by their position */
  WenRowBlock   blocks[WEN_N_ORIGINS]; /* of the rows by their position */
  GCancellable *cancellable; /* of the thread that lists ids; NULL: none */
};

enum
{
  PROP_0,
  PROP_IS_BUSY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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
  if (self->project != NULL && self->row_ids != NULL)
    wen_project_read_rows_by_id (self->project, &g_array_index (self->row_ids, gint64, first),
                                 MIN (PAGE_SIZE, self->n_rows - first), page->rows);
  else if (self->project != NULL)
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

static gint64
get_id (GArray            *row_ids,
        const WenRowBlock *blocks,
        guint64            position)
{
  if (row_ids != NULL)
    return g_array_index (row_ids, gint64, position);
  for (guint origin = 0; origin < WEN_N_ORIGINS; origin++)
    {
      if (position < (guint64) blocks[origin].n_rows)
        return blocks[origin].first_id + (gint64) position;
      position -= (guint64) blocks[origin].n_rows;
    }
  return 0;
}

/* Tells of a change from the same rows before and after it on: first at the beginning
 * and last at the end stay where they are. */
static void
tell_of_rows (WenRowList *self,
              guint       n_old_rows,
              guint       first,
              guint       last)
{
  guint n_removed = n_old_rows - first - last;
  guint n_rows = self->n_rows;
  guint n_added = n_rows - first - last;

  if (n_removed == 0 && n_added == 0)
    return;
  if (MAX (n_removed, n_added) <= MOST_COMPARED_ROWS)
    {
      g_list_model_items_changed (G_LIST_MODEL (self), first, n_removed, n_added);
      return;
    }
  self->n_rows = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old_rows, 0);
  self->n_rows = n_rows;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n_rows);
}

/* Rows that are the same as before may say something else.  Only those that somebody
 * has asked for are worth telling of. */
static void
tell_of_pages (WenRowList *self,
               GArray     *pages,
               guint       n_old_rows,
               guint       first,
               guint       last)
{
  for (guint i = 0; i < pages->len; i++)
    {
      guint begin = g_array_index (pages, guint, i);
      guint end = MIN (begin + PAGE_SIZE, n_old_rows);
      guint last_begin = n_old_rows - last;

      if (begin < first)
        g_list_model_items_changed (G_LIST_MODEL (self), begin, MIN (end, first) - begin, MIN (end, first) - begin);
      if (end > last_begin && last > 0)
        {
          begin = MAX (begin, last_begin);
          g_list_model_items_changed (G_LIST_MODEL (self), begin - last_begin + self->n_rows - last, end - begin,
                                      end - begin);
        }
    }
}

/* Takes the ids: NULL for all rows, by their position.
 *
 * GTK looks through all rows that came for those that went, which with a million takes
 * seconds, and moves to the top where all went.  So it is told of no more than what
 * changed. */
static void
show (WenRowList *self,
      GArray     *row_ids,
      guint       n_rows)
{
  g_autoptr(GArray) old_row_ids = g_steal_pointer (&self->row_ids);
  g_autoptr(GArray) pages = g_array_new (FALSE, FALSE, sizeof (guint));
  WenRowBlock old_blocks[WEN_N_ORIGINS];
  guint n_old_rows = self->n_rows;
  guint n_both = MIN (n_old_rows, n_rows);
  guint first = 0;
  guint last = 0;

  memcpy (old_blocks, self->blocks, sizeof old_blocks);
  if (self->project != NULL)
    memcpy (self->blocks, self->project->blocks, sizeof self->blocks);
  while (first < n_both && get_id (old_row_ids, old_blocks, first) == get_id (row_ids, self->blocks, first))
    first++;
  while (first + last < n_both
         && get_id (old_row_ids, old_blocks, n_old_rows - 1 - last) == get_id (row_ids, self->blocks, n_rows - 1 - last))
    last++;

  for (GList *link = self->pages.head; link != NULL; link = link->next)
    g_array_append_val (pages, ((Page *) link->data)->first);
  g_queue_clear_full (&self->pages, page_free);
  self->row_ids = row_ids;
  self->n_rows = n_rows;
  tell_of_rows (self, n_old_rows, first, last);
  if (MAX (n_old_rows, n_rows) - first - last <= MOST_COMPARED_ROWS)
    tell_of_pages (self, pages, n_old_rows, first, last);
}

static void
set_cancellable (WenRowList   *self,
                 GCancellable *cancellable)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = cancellable;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_BUSY]);
}

typedef struct
{
  char         *path;
  WenRowFilter *filter;
} Query;

static void
query_free (gpointer data)
{
  Query *query = data;

  g_free (query->path);
  wen_row_filter_free (query->filter);
  g_free (query);
}

static void
query_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Query *query = task_data;
  GError *error = NULL;
  g_autoptr(WenStore) store = wen_store_open (query->path, WEN_STORE_WORKER, cancellable, &error);
  GArray *row_ids = store != NULL ? wen_row_query_run (store, query->filter, &error) : NULL;

  if (row_ids != NULL)
    g_task_return_pointer (task, row_ids, (GDestroyNotify) g_array_unref);
  else
    g_task_return_error (task, error);
}

static void
queried_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  WenRowList *self = WEN_ROW_LIST (object);
  g_autoptr(GError) error = NULL;
  GArray *row_ids = g_task_propagate_pointer (G_TASK (result), &error);

  /* Another filter, or other rows: their list is on its way. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_cancellable (self, NULL);
  if (row_ids == NULL)
    g_message ("Rows could not be listed: %s", error->message);
  else
    show (self, row_ids, row_ids->len);
}

static void
update (WenRowList *self)
{
  g_autoptr(GTask) task = NULL;
  Query *query;

  if (self->project == NULL || self->project->store == NULL)
    return;
  if (self->project->edit_state.n_hidden == 0 && wen_row_filter_is_none (self->filter))
    {
      set_cancellable (self, NULL);
      show (self, NULL, (guint) wen_project_get_n_rows (self->project));
      return;
    }

  query = g_new (Query, 1);
  query->path = g_strdup (self->project->path);
  query->filter = wen_row_filter_copy (self->filter);
  set_cancellable (self, g_cancellable_new ());
  task = g_task_new (self, self->cancellable, queried_cb, NULL);
  g_task_set_name (task, "list rows");
  g_task_set_task_data (task, query, query_free);
  g_task_run_in_thread (task, query_thread);
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
  return wen_project_row_new (0, (gint64) position + 1, g_strdup (""), NULL, WEN_SPLIT_NONE);
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

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_weak_pointer (&self->project);
  g_clear_pointer (&self->row_ids, g_array_unref);
  g_clear_pointer (&self->filter, wen_row_filter_free);
  g_queue_clear_full (&self->pages, page_free);

  G_OBJECT_CLASS (wen_row_list_parent_class)->dispose (object);
}

static void
wen_row_list_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  WenRowList *self = WEN_ROW_LIST (object);

  switch (prop_id)
    {
    case PROP_IS_BUSY:
      g_value_set_boolean (value, wen_row_list_get_is_busy (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_row_list_class_init (WenRowListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = wen_row_list_dispose;
  object_class->get_property = wen_row_list_get_property;

  /**
   * WenRowList:is-busy:
   *
   * Whether another list of rows is on its way.
   */
  properties[PROP_IS_BUSY] =
    g_param_spec_boolean ("is-busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
wen_row_list_init (WenRowList *self)
{
  g_queue_init (&self->pages);
  self->filter = wen_row_filter_copy (NULL);
}

WenRowList *
wen_row_list_new (WenProject *project)
{
  WenRowList *self = g_object_new (WEN_TYPE_ROW_LIST, NULL);

  g_set_weak_pointer (&self->project, project);
  g_signal_connect_object (project, "rows-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return self;
}

/**
 * wen_row_list_set_filter:
 * @self: a list
 * @filter: (nullable): which rows; `NULL` for all that are not in the bin
 *
 * Lists other rows.
 *
 * They arrive with [signal@Gio.ListModel::items-changed]: until then, the list stays as
 * it was, and [property@RowList:is-busy] is `TRUE`.
 */
void
wen_row_list_set_filter (WenRowList         *self,
                         const WenRowFilter *filter)
{
  WenRowFilter *copy;

  g_return_if_fail (WEN_IS_ROW_LIST (self));

  copy = wen_row_filter_copy (filter);
  wen_row_filter_free (self->filter);
  self->filter = copy;
  update (self);
}

/**
 * wen_row_list_get_is_busy:
 * @self: a list
 *
 * Tells whether another list of rows is on its way.
 *
 * Returns: whether it is
 */
gboolean
wen_row_list_get_is_busy (WenRowList *self)
{
  g_return_val_if_fail (WEN_IS_ROW_LIST (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * wen_row_list_get_row_id:
 * @self: a list
 * @position: of a row in the list
 *
 * Gets the id of a row, without reading the row.
 *
 * Returns: the id, or 0 where there is no such position
 */
gint64
wen_row_list_get_row_id (WenRowList *self,
                         guint       position)
{
  g_return_val_if_fail (WEN_IS_ROW_LIST (self), 0);

  return position < self->n_rows ? get_id (self->row_ids, self->blocks, position) : 0;
}
