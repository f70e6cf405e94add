/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where in a batch each different row of a table was fetched. */

#pragma once

#include <glib.h>

/* In place of a row: nothing was fetched. */
#define WEN_NO_ROW G_MAXUINT32

/* A row that occurs has a slot.  Slots are numbered in order of first occurrence, and
 * places[begins[slot]] … places[begins[slot + 1] - 1] are where it occurs. */
typedef struct
{
  gsize    max_fetched;
  gsize    n_slots;
  guint32 *slot_of_row; /* [n_rows]; WEN_NO_ROW where it does not occur */
  guint32 *rows;        /* [max_fetched]: by slot */
  guint32 *begins;      /* [max_fetched + 1]: by slot */
  guint32 *places;      /* [max_fetched] */
  guint32 *fill;        /* [max_fetched]: by slot, while they are found */
} WenOccurrences;

void wen_occurrences_init          (WenOccurrences *self,
                                    gsize           n_rows);
void wen_occurrences_clear         (WenOccurrences *self);
void wen_occurrences_reserve       (WenOccurrences *self,
                                    gsize           max_fetched);
void wen_occurrences_find          (WenOccurrences *self,
                                    const guint32  *fetched,
                                    gsize           n_fetched,
                                    guint           n_at_place);
void wen_occurrences_find_in_texts (WenOccurrences *self,
                                    const guint32  *fetched,
                                    const guint32  *begins,
                                    const guint32  *n_rows,
                                    gsize           n_texts);
void wen_occurrences_sum           (float                *sum,
                                    const WenOccurrences *self,
                                    gsize                 slot,
                                    const float          *fetched_rows,
                                    gsize                 n_columns);
void wen_occurrences_forget        (WenOccurrences *self);
