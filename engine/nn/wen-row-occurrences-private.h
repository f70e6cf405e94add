/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which texts of a batch have which row of a table. */

#pragma once

#include <glib.h>

/* Slots number the different rows in the order of their first occurrence. */
typedef struct
{
  gsize    max_places;
  gsize    n_table_rows;
  gsize    n_slots;
  guint32 *slot_of_row;   /* [n_table_rows]; G_MAXUINT32 between steps */
  guint32 *slot_rows;     /* [max_places] */
  guint32 *slot_begins;   /* [max_places + 1] */
  guint32 *slot_fill;     /* [max_places] */
  guint32 *texts;         /* [max_places]: of slot i, from slot_begins[i] up to slot_begins[i + 1] */
} WenRowOccurrences;

void wen_row_occurrences_init    (WenRowOccurrences *self,
                                  gsize              n_table_rows);
void wen_row_occurrences_clear   (WenRowOccurrences *self);
void wen_row_occurrences_reserve (WenRowOccurrences *self,
                                  gsize              n_places);
void wen_row_occurrences_find    (WenRowOccurrences *self,
                                  const guint32     *rows,
                                  const guint32     *begins,
                                  const guint32     *n_rows,
                                  gsize              n_texts);
void wen_row_occurrences_forget  (WenRowOccurrences *self);
