/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning step that takes out emoji, or writes their names.
 *
 * Source: UTS #51. */

#include "config.h"

#include "wen-cleaning-private.h"

#include <unicode/uchar.h>

#define VARIATION_SELECTOR_15 0xFE0E
#define VARIATION_SELECTOR_16 0xFE0F
#define ZERO_WIDTH_JOINER 0x200D
#define COMBINING_KEYCAP 0x20E3

enum
{
  EMOJI_BECOME_NOTHING,
  EMOJI_BECOME_NAME,
};

/* Signs that are letters or marks unless they are asked to be pictures. */
static gboolean
is_picture_by_request (gunichar c)
{
  return c == 0xA9 || c == 0xAE || c == 0x203C || c == 0x2049 || c == 0x2122 || c == 0x2139
         || (c >= 0x2194 && c <= 0x21AA) || c == 0x24C2 || c == 0x3030 || c == 0x303D || c == 0x3297 || c == 0x3299;
}

static gboolean
is_emoji (gunichar c,
          gunichar after)
{
  if (c < 0xA9 || (c >= 0x4E00 && c <= 0x9FFF))
    return FALSE;
  if (is_picture_by_request (c))
    return after == VARIATION_SELECTOR_16;
  return u_hasBinaryProperty ((UChar32) c, UCHAR_EXTENDED_PICTOGRAPHIC)
         || u_hasBinaryProperty ((UChar32) c, UCHAR_EMOJI_PRESENTATION)
         || u_hasBinaryProperty ((UChar32) c, UCHAR_EMOJI_MODIFIER);
}

/* What says how the emoji before it looks, or joins it with the next. */
static gboolean
goes_with_emoji (gunichar c)
{
  return c == VARIATION_SELECTOR_15 || c == VARIATION_SELECTOR_16 || c == ZERO_WIDTH_JOINER || c == COMBINING_KEYCAP
         || (c >= 0xE0020 && c <= 0xE007F);
}

/* " grinning face " for the emoji at p; nothing for what only changes its look. */
static void
append_name (GString *names,
             gunichar c)
{
  UErrorCode status = U_ZERO_ERROR;
  char name[128];
  int32_t n_bytes;

  if (u_hasBinaryProperty ((UChar32) c, UCHAR_EMOJI_MODIFIER))
    return;
  n_bytes = u_charName ((UChar32) c, U_UNICODE_CHAR_NAME, name, sizeof name, &status);
  if (U_FAILURE (status) || n_bytes == 0)
    return;
  g_string_append_c (names, ' ');
  for (int32_t i = 0; i < n_bytes; i++)
    g_string_append_c (names, g_ascii_tolower (name[i]));
}

void
wen_clean_emoji (WenCleaning             *cleaning,
                 const WenCleaningValues *values)
{
  const char *end = cleaning->end;
  g_autoptr (GString) names = NULL;

  for (const char *p = cleaning->text; p < end;)
    {
      const char *next = g_utf8_next_char (p);
      guchar byte = (guchar) *p;

      /* Neither ASCII nor Chinese. */
      if (byte >= 0x80 && !(byte >= 0xE4 && byte <= 0xE9)
          && is_emoji (g_utf8_get_char (p), next < end ? g_utf8_get_char (next) : 0))
        {
          if (names == NULL)
            names = g_string_new (NULL);
          g_string_truncate (names, 0);
          append_name (names, g_utf8_get_char (p));
          for (; next < end; next = g_utf8_next_char (next))
            {
              gunichar c = g_utf8_get_char (next);

              if (is_emoji (c, 0))
                append_name (names, c);
              else if (!goes_with_emoji (c))
                break;
            }
          if (names->len > 0)
            g_string_append_c (names, ' ');
          wen_cleaning_replace (cleaning, p, next, names->str,
                                values->numbers[0] == EMOJI_BECOME_NAME ? names->len : 0);
        }
      p = next;
    }
}
