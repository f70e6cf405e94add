/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which of many places something happens at, when it does at each with the same
 * probability. */

#pragma once

#include <glib.h>

typedef struct
{
  gsize   next;      /* index of the next such place, or WEN_NO_PLACE */

  /*< private >*/
  guint64 seed;
  guint64 stream;
  guint64 counter;
  double  log_other; /* logarithm of the probability that nothing happens */
} WenRandomPlaces;

#define WEN_NO_PLACE G_MAXSIZE

void wen_random_places_begin   (WenRandomPlaces *self,
                                guint64          seed,
                                guint64          stream,
                                double           probability);
void wen_random_places_advance (WenRandomPlaces *self);
