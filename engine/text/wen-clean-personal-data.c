/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning step that hides what tells about a person, or keeps such rows out. */

#include "config.h"

#include "wen-cleaning-private.h"

#include "wen-pattern-private.h"
#include "wen-personal-data-private.h"

/* In place of each piece. */
#define MASK "***"

enum
{
  SETTING_ROWS,
  SETTING_FIRST_KIND,
  SETTING_PATTERNS = SETTING_FIRST_KIND + WEN_N_PERSONAL_DATA_KINDS,
};
G_STATIC_ASSERT (SETTING_PATTERNS < WEN_CLEANING_MAXIMUM_SETTINGS);

enum
{
  ROWS_MASK,
  ROWS_LEAVE_OUT,
};

typedef struct
{
  GPtrArray *patterns; /* of WenPattern */
  guint      kinds;    /* a bit for each */
} Shield;

void
wen_release_personal_data (gpointer prepared)
{
  Shield *shield = prepared;

  g_ptr_array_unref (shield->patterns);
  g_free (shield);
}

gpointer
wen_prepare_personal_data (const WenCleaningValues *values,
                           GError                 **error)
{
  g_auto (GStrv) lines = g_strsplit (values->texts[SETTING_PATTERNS], "\n", -1);
  Shield *shield = g_new0 (Shield, 1);

  shield->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_pattern_free);
  for (guint kind = 0; kind < WEN_N_PERSONAL_DATA_KINDS; kind++)
    if (values->numbers[SETTING_FIRST_KIND + kind])
      shield->kinds |= 1u << kind;
  for (gsize i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      {
        WenPattern *pattern = wen_pattern_new (lines[i], error);

        if (pattern == NULL)
          {
            wen_release_personal_data (shield);
            return NULL;
          }
        g_ptr_array_add (shield->patterns, pattern);
      }
  return shield;
}

static void
add_match (gsize       begin,
           gsize       end,
           GMatchInfo *match,
           gpointer    user_data)
{
  const WenPersonalData found = { .begin = begin, .end = end };

  g_array_append_val ((GArray *) user_data, found);
}

static int
compare_begins (gconstpointer a,
                gconstpointer b)
{
  const WenPersonalData *left = a;
  const WenPersonalData *right = b;

  return left->begin < right->begin ? -1 : left->begin > right->begin;
}

/* What own patterns find. */
static GArray *
find_by_patterns (WenCleaning  *cleaning,
                  const Shield *shield)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (WenPersonalData));

  for (guint i = 0; i < shield->patterns->len; i++)
    if (!wen_pattern_find (g_ptr_array_index (shield->patterns, i), cleaning->text,
                           (gsize) (cleaning->end - cleaning->text), add_match, found))
      cleaning->gave_up = TRUE;
  g_array_sort (found, compare_begins);
  return found;
}

static void
mask (WenCleaning *cleaning,
      gsize        begin,
      gsize        end)
{
  const char *from = MAX (cleaning->text + begin, cleaning->kept);

  if (cleaning->text + end > from)
    wen_cleaning_replace (cleaning, from, cleaning->text + end, MASK, strlen (MASK));
}

void
wen_clean_personal_data (WenCleaning             *cleaning,
                         const WenCleaningValues *values)
{
  const Shield *shield = values->prepared;
  g_autoptr (GArray) by_patterns = shield->patterns->len > 0 ? find_by_patterns (cleaning, shield) : NULL;
  guint next = 0;

  for (const char *p = cleaning->text; p < cleaning->end;)
    {
      WenPersonalData found;

      if (by_patterns != NULL && next < by_patterns->len
          && g_array_index (by_patterns, WenPersonalData, next).begin <= (gsize) (p - cleaning->text))
        found = g_array_index (by_patterns, WenPersonalData, next++);
      else if (!wen_personal_data_match (cleaning->text, p, shield->kinds, &found))
        found.end = 0;

      if (found.end > 0)
        mask (cleaning, found.begin, found.end);
      p = MAX (p + (found.end == 0 ? 1 : 0), cleaning->text + found.end);
    }
  cleaning->leaves_out = cleaning->changed && values->numbers[SETTING_ROWS] == ROWS_LEAVE_OUT;
}
