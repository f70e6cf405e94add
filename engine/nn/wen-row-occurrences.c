/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which texts of a batch have which row of a table. */

#include "config.h"

#include "wen-row-occurrences-private.h"

#define NO_SLOT G_MAXUINT32

void
wen_row_occurrences_init (WenRowOccurrences *self,
                          gsize              n_table_rows)
{
  *self = (WenRowOccurrences) { .n_table_rows = n_table_rows };
  self->slot_of_row = g_new (guint32, n_table_rows);
  for (gsize i = 0; i < n_table_rows; i++)
    self->slot_of_row[i] = NO_SLOT;
}

void
wen_row_occurrences_clear (WenRowOccurrences *self)
{
  g_clear_pointer (&self->slot_of_row, g_free);
  g_clear_pointer (&self->slot_rows, g_free);
  g_clear_pointer (&self->slot_begins, g_free);
  g_clear_pointer (&self->slot_fill, g_free);
  g_clear_pointer (&self->texts, g_free);
}

/* n_places: most rows of all texts of a batch together. */
void
wen_row_occurrences_reserve (WenRowOccurrences *self,
                             gsize              n_places)
{
  if (n_places <= self->max_places)
    return;
  self->max_places = n_places;
  self->slot_rows = g_renew (guint32, self->slot_rows, n_places);
  self->slot_begins = g_renew (guint32, self->slot_begins, n_places + 1);
  self->slot_fill = g_renew (guint32, self->slot_fill, n_places);
  self->texts = g_renew (guint32, self->texts, n_places);
}

static void
count_row (WenRowOccurrences *self,
           guint32            row)
{
  guint32 slot = self->slot_of_row[row];

  if (slot == NO_SLOT)
    {
      slot = (guint32) self->n_slots++;
      self->slot_of_row[row] = slot;
      self->slot_rows[slot] = row;
      self->slot_fill[slot] = 0;
    }
  self->slot_fill[slot]++;
}

/* Finds the texts of each row, in their order; allocates nothing.
 *
 *   rows            those of text i from begins[i] on
 *   begins, n_rows  [n_texts] */
void
wen_row_occurrences_find (WenRowOccurrences *self,
                          const guint32     *rows,
                          const guint32     *begins,
                          const guint32     *n_rows,
                          gsize              n_texts)
{
  guint32 n_before = 0;

  self->n_slots = 0;
  for (gsize text = 0; text < n_texts; text++)
    for (guint32 i = 0; i < n_rows[text]; i++)
      count_row (self, rows[begins[text] + i]);

  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      guint32 count = self->slot_fill[slot];

      self->slot_begins[slot] = n_before;
      self->slot_fill[slot] = n_before;
      n_before += count;
    }
  if (self->n_slots > 0)
    self->slot_begins[self->n_slots] = n_before;

  for (gsize text = 0; text < n_texts; text++)
    for (guint32 i = 0; i < n_rows[text]; i++)
      self->texts[self->slot_fill[self->slot_of_row[rows[begins[text] + i]]]++] = (guint32) text;
}

/* Before the next batch. */
void
wen_row_occurrences_forget (WenRowOccurrences *self)
{
  for (gsize slot = 0; slot < self->n_slots; slot++)
    self->slot_of_row[self->slot_rows[slot]] = NO_SLOT;
}
