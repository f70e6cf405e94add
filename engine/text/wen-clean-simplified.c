/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Traditional Chinese characters as simplified ones, by ICU's rules.
 *
 * DESIGN: a transliterator is slow, so it is asked once about every character, and
 * a table remembers.  Words that differ, not only their characters, stay as they
 * are: 資訊 becomes 资讯, not 信息. */

#include "config.h"

#include "wen-cleaning-steps-private.h"

#include <unicode/utrans.h>

/* The blocks "CJK Extension A" to "CJK Unified Ideographs". */
#define FIRST 0x3400
#define N_CHARACTERS (0xA000 - FIRST)

static guint16 *
make_table (void)
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
  transliterator = utrans_openU (u"Hant-Hans", -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
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
get_table (void)
{
  static gsize table = 0;

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, (gsize) make_table ());
  return (const guint16 *) table;
}

gboolean
wen_clean_simplified (const char *text,
                      gsize       length_bytes,
                      GString    *out)
{
  const guint16 *table = get_table ();
  const char *end = text + length_bytes;
  const char *kept = text;

  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = (guchar) *p >= 0xE3 ? g_utf8_get_char (p) : 0;

      if (c < FIRST || c >= FIRST + N_CHARACTERS || table[c - FIRST] == c)
        continue;
      g_string_append_len (out, kept, p - kept);
      g_string_append_unichar (out, table[c - FIRST]);
      kept = g_utf8_next_char (p);
    }
  g_string_append_len (out, kept, end - kept);
  return kept != text;
}
