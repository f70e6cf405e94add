/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A hash table from numbers to numbers, with open addressing. */

#include "config.h"

#include "wen-number-map-private.h"

#define FIRST_SLOTS 1024

void
wen_number_map_init (WenNumberMap *self)
{
  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (WenNumberSlot, self->n_slots);
  self->n_used = 0;
}

void
wen_number_map_clear (WenNumberMap *self)
{
  g_clear_pointer (&self->slots, g_free);
}

static void
grow (WenNumberMap *self)
{
  g_autofree WenNumberSlot *old = self->slots;
  gsize n_old = self->n_slots;

  self->n_slots *= 2;
  self->slots = g_new0 (WenNumberSlot, self->n_slots);
  for (gsize i = 0; i < n_old; i++)
    if (old[i].key != 0)
      self->slots[wen_number_map_get_slot (self, old[i].key)] = old[i];
}

/* Replaces the value where the key has one. */
void
wen_number_map_insert (WenNumberMap *self,
                       guint64       key,
                       guint32       value)
{
  WenNumberSlot *slot = &self->slots[wen_number_map_get_slot (self, key + 1)];
  gboolean is_new = slot->key == 0;

  *slot = (WenNumberSlot) { .key = key + 1, .value = value };
  if (is_new && 2 * ++self->n_used > self->n_slots)
    grow (self);
}
