/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table from 64-bit to 32-bit numbers, for loops in which a GHashTable would
 * be what costs. */

#pragma once

#include <glib.h>

typedef struct
{
  guint64 key;   /* one more than what it is looked up by; 0 is an empty slot */
  guint32 value;
} WenNumberSlot;

typedef struct
{
  WenNumberSlot *slots;
  gsize          n_slots; /* a power of two, at least twice as many as are used */
  gsize          n_used;
} WenNumberMap;

/* What is found where there is nothing. */
#define WEN_NUMBER_MAP_NONE G_MAXUINT32

void wen_number_map_init   (WenNumberMap *self);
void wen_number_map_clear  (WenNumberMap *self);
void wen_number_map_insert (WenNumberMap *self,
                            guint64       key,
                            guint32       value);

static inline gsize
wen_number_map_get_slot (const WenNumberMap *self,
                         guint64             stored_key)
{
  guint64 hash = stored_key * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  gsize slot = (gsize) (hash >> 32) & (self->n_slots - 1);

  while (self->slots[slot].key != stored_key && self->slots[slot].key != 0)
    slot = (slot + 1) & (self->n_slots - 1);
  return slot;
}

/* key: less than G_MAXUINT64. */
static inline guint32
wen_number_map_find (const WenNumberMap *self,
                     guint64             key)
{
  const WenNumberSlot *slot = &self->slots[wen_number_map_get_slot (self, key + 1)];

  return slot->key != 0 ? slot->value : WEN_NUMBER_MAP_NONE;
}
