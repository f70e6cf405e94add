/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which of many places something happens at.
 *
 * DESIGN: the gap between two such places has a geometric distribution.  Drawing the
 * gaps takes one random number for each place that is found, rather than one for each
 * that is passed over. */

#include "config.h"

#include "wen-random-places-private.h"

#include <math.h>

#include "wen-random-private.h"

/* No array is longer. */
#define LONGEST_GAP 0x1p40

/* Sets next from where the last place was. */
static void
find_next (WenRandomPlaces *self,
           gsize            first)
{
  double uniform = wen_random_uniform (self->seed, self->stream, self->counter++);
  /* 1 - u lies in (0, 1], where the logarithm is finite. */
  double gap = floor (log (1 - uniform) / self->log_other);

  self->next = gap < LONGEST_GAP ? first + (gsize) gap : WEN_NO_PLACE;
}

/* Finds the first place, from 0.  The same seed and stream give the same places. */
void
wen_random_places_begin (WenRandomPlaces *self,
                         guint64          seed,
                         guint64          stream,
                         double           probability)
{
  *self = (WenRandomPlaces) { .next = WEN_NO_PLACE, .seed = seed, .stream = stream };
  if (probability <= 0)
    return;
  self->log_other = log1p (-MIN (probability, 1));
  find_next (self, 0);
}

/* Finds the place after next. */
void
wen_random_places_advance (WenRandomPlaces *self)
{
  if (self->next != WEN_NO_PLACE)
    find_next (self, self->next + 1);
}
