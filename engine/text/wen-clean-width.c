/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cleaning steps that write the same sign in the same way: Unicode's normal forms, and
 * capital letters.
 *
 * Source: UAX #15 (normal forms), the Unicode Standard, section 3.13 (lower case). */

#include "config.h"

#include "wen-cleaning-private.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

enum
{
  FORM_NFKC,
  FORM_NFC,
};

/* Bytes that begin a character of U+4000 to U+9FFF, of which none is ever written
 * otherwise in a normal form or in lower case: most of a Chinese text. */
static inline gboolean
is_chinese_byte (guchar byte)
{
  return byte >= 0xE4 && byte <= 0xE9;
}

/* The first character from p on that may be written otherwise. */
static const char *
skip_plain (const char *p,
            const char *end)
{
  while (p < end)
    {
      guchar byte = (guchar) *p;

      if (byte < 0x80)
        p++;
      else if (is_chinese_byte (byte))
        p += 3;
      else
        break;
    }
  return MIN (p, end);
}

/* Full-width forms have a half-width one at a fixed distance. */
static inline gunichar
to_half_width (gunichar c)
{
  if (c >= 0xFF01 && c <= 0xFF5E)
    return c - 0xFEE0;
  return c == 0x3000 ? ' ' : c;
}

static const UNormalizer2 *
get_normalizer (gint64 form)
{
  UErrorCode status = U_ZERO_ERROR;

  return form == FORM_NFC ? unorm2_getNFCInstance (&status) : unorm2_getNFKCInstance (&status);
}

/* Whether what stands before c and what begins with it are normalized each by itself. */
static inline gboolean
is_border (const UNormalizer2 *normalizer,
           gunichar            c)
{
  return c < 0x300 || (c >= 0x4000 && c < 0xA000) || unorm2_hasBoundaryBefore (normalizer, (UChar32) c);
}

/* Common signs of Chinese texts that stay as they are. */
static inline gboolean
is_plain_sign (gunichar c)
{
  return (c >= 0x3001 && c <= 0x3029) || c == 0x2014 || (c >= 0x2018 && c <= 0x201E);
}

/* After the stretch that begins at p and is normalized by itself. */
static const char *
find_border (const UNormalizer2 *normalizer,
             const char         *p,
             const char         *end)
{
  for (p = g_utf8_next_char (p); p < end; p = g_utf8_next_char (p))
    if (is_border (normalizer, g_utf8_get_char (p)))
      break;
  return p;
}

static void
normalize_stretch (WenCleaning *cleaning,
                   const char  *begin,
                   const char  *end,
                   gint64       form)
{
  g_autofree char *normal = g_utf8_normalize (begin, end - begin,
                                              form == FORM_NFC ? G_NORMALIZE_NFC : G_NORMALIZE_NFKC);
  gsize n_bytes = normal != NULL ? strlen (normal) : 0;

  if (normal != NULL && (n_bytes != (gsize) (end - begin) || memcmp (normal, begin, n_bytes) != 0))
    wen_cleaning_replace (cleaning, begin, end, normal, n_bytes);
}

void
wen_clean_width (WenCleaning             *cleaning,
                 const WenCleaningValues *values)
{
  const UNormalizer2 *normalizer = get_normalizer (values->numbers[0]);
  const char *end = cleaning->end;

  for (const char *p = skip_plain (cleaning->text, end); p < end; p = skip_plain (p, end))
    {
      gunichar c = g_utf8_get_char (p);
      gunichar half = values->numbers[0] == FORM_NFKC ? to_half_width (c) : c;
      const char *next = g_utf8_next_char (p);
      /* A mark that goes with the character before it. */
      const char *begin = p > cleaning->kept && !is_border (normalizer, c) ? g_utf8_prev_char (p) : p;

      if (half != c && (next == end || is_border (normalizer, g_utf8_get_char (next))))
        {
          wen_cleaning_replace_character (cleaning, p, next, half);
        }
      else if (!is_plain_sign (c))
        {
          next = find_border (normalizer, p, end);
          normalize_stretch (cleaning, begin, next, values->numbers[0]);
        }
      p = next;
    }
}

static gboolean
is_cased (gunichar c)
{
  return u_hasBinaryProperty ((UChar32) c, UCHAR_CASED);
}

static gboolean
is_case_ignorable (gunichar c)
{
  return u_hasBinaryProperty ((UChar32) c, UCHAR_CASE_IGNORABLE);
}

/* Whether the capital sigma at p ends a word. */
static gboolean
is_final (const char *text,
          const char *p,
          const char *end)
{
  const char *before = p;
  const char *after = g_utf8_next_char (p);

  do
    before = before > text ? g_utf8_prev_char (before) : NULL;
  while (before != NULL && is_case_ignorable (g_utf8_get_char (before)));
  while (after < end && is_case_ignorable (g_utf8_get_char (after)))
    after = g_utf8_next_char (after);
  return before != NULL && is_cased (g_utf8_get_char (before)) && !(after < end && is_cased (g_utf8_get_char (after)));
}

void
wen_clean_lower_case (WenCleaning             *cleaning,
                      const WenCleaningValues *values)
{
  const char *end = cleaning->end;

  for (const char *p = cleaning->text; p < end;)
    {
      guchar byte = (guchar) *p;
      const char *next;
      gunichar c;
      gunichar lower;

      if (byte < 0x80)
        {
          if (byte >= 'A' && byte <= 'Z')
            {
              char small = g_ascii_tolower (*p);

              wen_cleaning_replace (cleaning, p, p + 1, &small, 1);
            }
          p++;
          continue;
        }
      if (is_chinese_byte (byte))
        {
          p += 3;
          continue;
        }

      next = g_utf8_next_char (p);
      c = g_utf8_get_char (p);
      lower = (gunichar) u_tolower ((UChar32) c);
      if (c == 0x3A3 && is_final (cleaning->text, p, end))
        wen_cleaning_replace_character (cleaning, p, next, 0x3C2);
      else if (c == 0x130)
        wen_cleaning_replace (cleaning, p, next, "i\xcc\x87", 3);
      else if (lower != c)
        wen_cleaning_replace_character (cleaning, p, next, lower);
      p = next;
    }
}
