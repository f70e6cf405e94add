/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where in a batch each different row of a table was fetched: what the gradient of
 * the row is the sum over, in an order that hangs on the batch alone. */

#include "config.h"

#include "wen-occurrences-private.h"

#include <string.h>

/* n_rows: of the table.  max_fetched: how many are fetched for a batch, at most. */
void
wen_occurrences_init (WenOccurrences *self,
                      gsize           n_rows,
                      gsize           max_fetched)
{
  self->n_slots = 0;
  self->slot_of_row = g_new (guint32, n_rows);
  memset (self->slot_of_row, 0xFF, n_rows * sizeof *self->slot_of_row);
  self->rows = g_new (guint32, max_fetched);
  self->begins = g_new0 (guint32, max_fetched + 1);
  self->places = g_new (guint32, max_fetched);
  self->fill = g_new (guint32, max_fetched);
}

void
wen_occurrences_clear (WenOccurrences *self)
{
  g_clear_pointer (&self->slot_of_row, g_free);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->begins, g_free);
  g_clear_pointer (&self->places, g_free);
  g_clear_pointer (&self->fill, g_free);
}

/* Finds what occurs.  fetched: rows, or WEN_NO_ROW, n_at_place of them for each place
 * of the batch. */
void
wen_occurrences_find (WenOccurrences *self,
                      const guint32  *fetched,
                      gsize           n_fetched,
                      guint           n_at_place)
{
  guint32 n_before = 0;

  self->n_slots = 0;
  for (gsize i = 0; i < n_fetched; i++)
    {
      guint32 row = fetched[i];

      if (row == WEN_NO_ROW)
        continue;
      if (self->slot_of_row[row] == WEN_NO_ROW)
        {
          self->rows[self->n_slots] = row;
          self->fill[self->n_slots] = 0;
          self->slot_of_row[row] = (guint32) self->n_slots++;
        }
      self->fill[self->slot_of_row[row]]++;
    }

  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      guint32 count = self->fill[slot];

      self->begins[slot] = n_before;
      self->fill[slot] = n_before;
      n_before += count;
    }
  self->begins[self->n_slots] = n_before;

  for (gsize i = 0; i < n_fetched; i++)
    if (fetched[i] != WEN_NO_ROW)
      self->places[self->fill[self->slot_of_row[fetched[i]]]++] = (guint32) (i / n_at_place);
}

/* After a step: no row occurs any more. */
void
wen_occurrences_forget (WenOccurrences *self)
{
  for (gsize slot = 0; slot < self->n_slots; slot++)
    self->slot_of_row[self->rows[slot]] = WEN_NO_ROW;
  self->n_slots = 0;
  self->begins[0] = 0;
}
