/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Traditional Chinese characters as simplified ones and the other way, by ICU's rules.
 *
 * DESIGN: a transliterator is slow, so it is asked once about every character, and
 * a table remembers.  Words that differ, not only their characters, stay as they
 * are: 資訊 becomes 资讯, not 信息.  Where a simplified character stands for several
 * traditional ones (发 for 發 and 髮) it becomes the commonest. */

#include "config.h"

#include "wen-cleaning-private.h"

#include <unicode/utrans.h>

/* The blocks "CJK Extension A" to "CJK Unified Ideographs". */
#define FIRST 0x3400
#define N_CHARACTERS (0xA000 - FIRST)

enum
{
  BECOME_SIMPLIFIED,
  BECOME_TRADITIONAL,
  N_DIRECTIONS
};

static guint16 *
make_table (const UChar *rules)
{
  guint16 *table = g_new (guint16, N_CHARACTERS);
  /* Each character on a line of its own, so that no rule for two of them applies. */
  g_autofree UChar *lines = g_new (UChar, 2 * N_CHARACTERS);
  int32_t n_units = 2 * N_CHARACTERS;
  int32_t limit = n_units;
  UErrorCode status = U_ZERO_ERROR;
  UTransliterator *transliterator;

  for (gsize i = 0; i < N_CHARACTERS; i++)
    {
      table[i] = (guint16) (FIRST + i);
      lines[2 * i] = (UChar) (FIRST + i);
      lines[2 * i + 1] = '\n';
    }
  transliterator = utrans_openU (rules, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
  if (U_FAILURE (status))
    return table;
  utrans_transUChars (transliterator, lines, &n_units, 2 * N_CHARACTERS, 0, &limit, &status);
  utrans_close (transliterator);
  if (U_SUCCESS (status) && n_units == 2 * N_CHARACTERS)
    for (gsize i = 0; i < N_CHARACTERS; i++)
      if (lines[2 * i] >= FIRST && lines[2 * i] < FIRST + N_CHARACTERS)
        table[i] = lines[2 * i];
  return table;
}

static const guint16 *
get_table (gint64 direction)
{
  static const UChar *const rules[N_DIRECTIONS] = { u"Hant-Hans", u"Hans-Hant" };
  static gsize tables[N_DIRECTIONS];

  if (g_once_init_enter (&tables[direction]))
    g_once_init_leave (&tables[direction], (gsize) make_table (rules[direction]));
  return (const guint16 *) tables[direction];
}

void
wen_clean_chinese (WenCleaning             *cleaning,
                   const WenCleaningValues *values)
{
  const guint16 *table = get_table (values->numbers[0]);

  for (const char *p = cleaning->text; p < cleaning->end; p = g_utf8_next_char (p))
    {
      gunichar c = (guchar) *p >= 0xE3 && (guchar) *p <= 0xE9 ? g_utf8_get_char (p) : 0;

      if (c >= FIRST && c < FIRST + N_CHARACTERS && table[c - FIRST] != c)
        wen_cleaning_replace_character (cleaning, p, p + 3, table[c - FIRST]);
    }
}
