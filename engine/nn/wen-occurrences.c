/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where in a batch each different row of a table was fetched: what the gradient of
 * the row is the sum over, in an order that hangs on the batch alone. */

#include "config.h"

#include "wen-occurrences-private.h"

#include "wen-embedding-private.h"

#include <string.h>

/* n_rows: of the table.  Room for what is fetched is made by wen_occurrences_reserve(). */
void
wen_occurrences_init (WenOccurrences *self,
                      gsize           n_rows)
{
  *self = (WenOccurrences) { .slot_of_row = g_new (guint32, n_rows), .begins = g_new0 (guint32, 1) };
  memset (self->slot_of_row, 0xFF, n_rows * sizeof *self->slot_of_row);
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

/* max_fetched: how many rows are fetched for a batch, at most. */
void
wen_occurrences_reserve (WenOccurrences *self,
                         gsize           max_fetched)
{
  if (max_fetched <= self->max_fetched)
    return;
  self->max_fetched = max_fetched;
  self->rows = g_renew (guint32, self->rows, max_fetched);
  self->begins = g_renew (guint32, self->begins, max_fetched + 1);
  self->places = g_renew (guint32, self->places, max_fetched);
  self->fill = g_renew (guint32, self->fill, max_fetched);
}

static void
count_row (WenOccurrences *self,
           guint32         row)
{
  if (self->slot_of_row[row] == WEN_NO_ROW)
    {
      self->rows[self->n_slots] = row;
      self->fill[self->n_slots] = 0;
      self->slot_of_row[row] = (guint32) self->n_slots++;
    }
  self->fill[self->slot_of_row[row]]++;
}

/* When all are counted: gives each slot its part of the places. */
static void
cut_places (WenOccurrences *self)
{
  guint32 n_before = 0;

  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      guint32 count = self->fill[slot];

      self->begins[slot] = n_before;
      self->fill[slot] = n_before;
      n_before += count;
    }
  self->begins[self->n_slots] = n_before;
}

static void
add_place (WenOccurrences *self,
           guint32         row,
           gsize           place)
{
  self->places[self->fill[self->slot_of_row[row]]++] = (guint32) place;
}

/* Finds what occurs where as many rows are fetched at each place; allocates nothing.
 *
 *   fetched   [n_fetched]: rows, or WEN_NO_ROW, n_at_place of them for each place */
void
wen_occurrences_find (WenOccurrences *self,
                      const guint32  *fetched,
                      gsize           n_fetched,
                      guint           n_at_place)
{
  self->n_slots = 0;
  for (gsize i = 0; i < n_fetched; i++)
    if (fetched[i] != WEN_NO_ROW)
      count_row (self, fetched[i]);
  cut_places (self);
  for (gsize i = 0; i < n_fetched; i++)
    if (fetched[i] != WEN_NO_ROW)
      add_place (self, fetched[i], i / n_at_place);
}

/* Finds what occurs where places are texts, each with rows of its own; allocates nothing.
 *
 *   fetched           the rows of text i from begins[i] on
 *   begins, n_rows    [n_texts] */
void
wen_occurrences_find_in_texts (WenOccurrences *self,
                               const guint32  *fetched,
                               const guint32  *begins,
                               const guint32  *n_rows,
                               gsize           n_texts)
{
  self->n_slots = 0;
  for (gsize text = 0; text < n_texts; text++)
    for (guint32 i = 0; i < n_rows[text]; i++)
      count_row (self, fetched[begins[text] + i]);
  cut_places (self);
  for (gsize text = 0; text < n_texts; text++)
    for (guint32 i = 0; i < n_rows[text]; i++)
      add_place (self, fetched[begins[text] + i], text);
}

/* sum = the gradient of the row of a slot.
 *
 *   sum            [n_columns]
 *   fetched_rows   [places][n_columns]: the gradients of what was fetched */
void
wen_occurrences_sum (float                *sum,
                     const WenOccurrences *self,
                     gsize                 slot,
                     const float          *fetched_rows,
                     gsize                 n_columns)
{
  guint32 begin = self->begins[slot];

  wen_sum_rows (sum, fetched_rows, self->places + begin, self->begins[slot + 1] - begin, n_columns);
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
