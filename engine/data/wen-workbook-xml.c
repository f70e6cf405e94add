/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way in which spreadsheets write characters that XML cannot have.
 *
 * Source: ECMA-376, part 1, section 22.9.2.19, ST_Xstring. */

#include "config.h"

#include "wen-workbook-xml-private.h"

/* "_x000D_" */
#define ESCAPE_BYTES 7

/* The character that an escape stands for, 0 where the text has none there. */
static gunichar
read_escape (const char *text,
             gsize       length_bytes)
{
  gunichar c = 0;

  if (length_bytes < ESCAPE_BYTES || text[0] != '_' || text[1] != 'x' || text[ESCAPE_BYTES - 1] != '_')
    return 0;
  for (gsize i = 2; i < ESCAPE_BYTES - 1; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return 0;
      c = c * 16 + (gunichar) digit;
    }
  return g_unichar_validate (c) ? c : 0;
}

void
wen_xml_append_text (GString    *string,
                     const char *text,
                     gsize       length_bytes)
{
  const char *end = text + length_bytes;

  while (text < end)
    {
      const char *underscore = memchr (text, '_', (gsize) (end - text));
      gunichar c;

      if (underscore == NULL)
        underscore = end;
      g_string_append_len (string, text, underscore - text);
      if (underscore == end)
        return;
      c = read_escape (underscore, (gsize) (end - underscore));
      if (c != 0)
        g_string_append_unichar (string, c);
      else
        g_string_append_c (string, '_');
      text = underscore + (c != 0 ? ESCAPE_BYTES : 1);
    }
}
