/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Changes a few characters of a text, as people type them otherwise. */

#pragma once

#include "wen-recipe.h"

/* Shares, from 0 to 1. */
typedef struct
{
  double   width;       /* of letters, digits and signs: full for half width and back */
  double   punctuation; /* of places where a mark stands or may stand: it goes, comes, or is another one */
  double   homophones;  /* of Chinese characters of which the table knows one of the same sound */
  double   look_alikes; /* of those of which it knows one of similar shape */
  gboolean half_marks;  /* marks come in half width where they have one, as cleaning leaves them */
} WenCharacterNoise;

/* All 0 where the recipe changes no texts. */
WenCharacterNoise wen_character_noise_of_recipe (const WenRecipe         *recipe);
gboolean          wen_character_noise_is_off    (const WenCharacterNoise *self);
void              wen_character_noise_add       (const WenCharacterNoise *self,
                                                 const char              *text,
                                                 guint64                  seed,
                                                 GString                 *result);
