/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows of a project for the main thread: how many there are, and some at a time. */

#include "config.h"

#include "wen-project-private.h"

#include "wen-row-list-private.h"

void
wen_project_read_rows (WenProject *self,
                       guint64     first,
                       guint64     n_rows,
                       GPtrArray  *rows)
{
  g_autoptr(GError) error = NULL;

  for (guint origin = 0; origin < WEN_N_ORIGINS && n_rows > 0 && self->store != NULL; origin++)
    {
      const WenRowBlock *block = &self->blocks[origin];
      guint64 n_block_rows;

      if (first >= (guint64) block->n_rows)
        {
          first -= block->n_rows;
          continue;
        }
      n_block_rows = MIN (n_rows, block->n_rows - first);
      if (!wen_project_rows_read_page (self->store, block->first_id + (gint64) first, (gint64) n_block_rows, rows,
                                       &error))
        {
          g_message ("Rows could not be read: %s", error->message);
          return;
        }
      n_rows -= n_block_rows;
      first = 0;
    }
}

void
wen_project_read_rows_by_id (WenProject   *self,
                             const gint64 *row_ids,
                             gsize         n_rows,
                             GPtrArray    *rows)
{
  g_autoptr(GError) error = NULL;

  if (self->store != NULL && !wen_project_rows_read_ids (self->store, row_ids, n_rows, rows, &error))
    g_message ("Rows could not be read: %s", error->message);
}

/**
 * wen_project_get_import_report:
 * @self: a project
 *
 * Gets what was read at the last import.
 *
 * Returns: (transfer none) (nullable): the report, valid until
 *   [signal@Project::rows-changed], or `NULL` before the first import
 */
const WenImportReport *
wen_project_get_import_report (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return self->report;
}

/**
 * wen_project_get_n_rows:
 * @self: a project
 *
 * Gets how many rows there are.
 *
 * Returns: all rows but those in the bin; those of a test file and those without text or
 *   label included
 */
guint64
wen_project_get_n_rows (WenProject *self)
{
  guint64 n_rows = 0;

  g_return_val_if_fail (WEN_IS_PROJECT (self), 0);

  for (guint origin = 0; origin < WEN_N_ORIGINS; origin++)
    n_rows += (guint64) self->blocks[origin].n_rows;
  return n_rows - MIN (n_rows, (guint64) self->edit_state.n_hidden);
}

/**
 * wen_project_list_rows:
 * @self: a project
 *
 * Lists all rows: those of the table as they stand in it, then those of the test
 * file.  wen_row_list_set_filter() lists others.
 *
 * Rows are read in pages as they are looked at; a list of a million rows costs no
 * memory, or eight bytes a row where it is filtered or rows are in the bin.  The list
 * follows [signal@Project::rows-changed].
 *
 * Returns: (transfer full): a list of [class@ProjectRow]
 */
WenRowList *
wen_project_list_rows (WenProject *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  return wen_row_list_new (self);
}

/**
 * wen_project_get_row:
 * @self: a project
 * @row_id: as datasets and evaluations name it
 *
 * Gets one row.
 *
 * Returns: (transfer full) (nullable): the row, or `NULL` where an import has
 *   replaced it
 */
WenProjectRow *
wen_project_get_row (WenProject *self,
                     gint64      row_id)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (WEN_IS_PROJECT (self), NULL);

  rows = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->store != NULL && !wen_project_rows_read_page (self->store, row_id, 1, rows, &error))
    g_message ("A row could not be read: %s", error->message);
  return rows->len > 0 ? g_object_ref (g_ptr_array_index (rows, 0)) : NULL;
}
