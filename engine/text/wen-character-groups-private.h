/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Chinese characters that stand for one another: of the same sound, or of similar
 * shape. */

#pragma once

#include <glib.h>

typedef enum
{
  WEN_HOMOPHONES,
  WEN_LOOK_ALIKES,
} WenCharacterTable;

/* The others of the groups that the character is in, or NULL where it is in none.  Any thread may ask.
 * (array length=n_others) (transfer none) (nullable) */
const gunichar *wen_character_groups_find (WenCharacterTable  table,
                                           gunichar           character,
                                           guint             *n_others);
