/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cleaning steps that look at one character after the other. */

#include "config.h"

#include "wen-cleaning-private.h"

#include <unicode/uchar.h>

#include "wen-i18n-private.h"

#define IDEOGRAPHIC_SPACE 0x3000
#define VARIATION_SELECTOR_15 0xFE0E
#define VARIATION_SELECTOR_16 0xFE0F
#define ZERO_WIDTH_JOINER 0x200D

enum
{
  DIGITS_BECOME_NOTHING,
  DIGITS_BECOME_ZERO,
};

enum
{
  PUNCTUATION_ALL,
  PUNCTUATION_ASCII,
  PUNCTUATION_OTHER,
};

enum
{
  LENGTH_MINIMUM,
  LENGTH_MAXIMUM,
};

/* Chinese characters, which no step of this file is about but for repeats. */
static inline gboolean
is_chinese_byte (guchar byte)
{
  return byte >= 0xE4 && byte <= 0xE9;
}

void
wen_clean_digits (WenCleaning             *cleaning,
                  const WenCleaningValues *values)
{
  gsize n_bytes = values->numbers[0] == DIGITS_BECOME_ZERO ? 1 : 0;

  for (const char *p = cleaning->text; p < cleaning->end;)
    {
      const char *next = g_utf8_next_char (p);
      guchar byte = (guchar) *p;
      gboolean is_digit = byte < 0x80 ? g_ascii_isdigit (*p)
                                      : !is_chinese_byte (byte) && u_isdigit ((UChar32) g_utf8_get_char (p));

      if (is_digit && !(n_bytes == 1 && *p == '0'))
        wen_cleaning_replace (cleaning, p, next, "0", n_bytes);
      p = next;
    }
}

static gboolean
is_punctuation (gunichar c,
                gint64   which)
{
  if (c < 0x80)
    return which != PUNCTUATION_OTHER && g_ascii_ispunct ((char) c);
  if (which == PUNCTUATION_ASCII || (c >= 0x4E00 && c <= 0x9FFF))
    return FALSE;
  /* Signs that only say how the emoji before them looks go with it. */
  if (c == VARIATION_SELECTOR_15 || c == VARIATION_SELECTOR_16 || c == ZERO_WIDTH_JOINER)
    return TRUE;
  return (U_GET_GC_MASK ((UChar32) c) & (U_GC_P_MASK | U_GC_S_MASK)) != 0
         || u_hasBinaryProperty ((UChar32) c, UCHAR_EMOJI_MODIFIER);
}

/* Whether words of the character's script have spaces between them. */
static gboolean
is_spaced_letter (gunichar c)
{
  return u_isalnum ((UChar32) c) && !u_hasBinaryProperty ((UChar32) c, UCHAR_IDEOGRAPHIC)
         && !(c >= 0x3040 && c <= 0x30FF);
}

/* "well,then" is two words without its comma too, "don't" is one, and "好，吃"
 * needs no space at all. */
static gboolean
leaves_space (gunichar before,
              gunichar punctuation,
              gunichar after)
{
  return punctuation != '\'' && punctuation != 0x2019 && is_spaced_letter (before) && is_spaced_letter (after);
}

void
wen_clean_punctuation (WenCleaning             *cleaning,
                       const WenCleaningValues *values)
{
  const char *end = cleaning->end;
  gunichar before = 0;

  for (const char *p = cleaning->text; p < end;)
    {
      const char *next = g_utf8_next_char (p);
      gunichar c = g_utf8_get_char (p);

      if (is_punctuation (c, values->numbers[0]))
        {
          gunichar after = next < end ? g_utf8_get_char (next) : 0;

          wen_cleaning_replace (cleaning, p, next, " ", leaves_space (before, c, after) ? 1 : 0);
        }
      before = c;
      p = next;
    }
}

void
wen_clean_repeats (WenCleaning             *cleaning,
                   const WenCleaningValues *values)
{
  gint64 n_kept = MAX (values->numbers[0], 1);
  gunichar before = 0;
  gint64 n_equal = 0;

  for (const char *p = cleaning->text; p < cleaning->end;)
    {
      const char *next = g_utf8_next_char (p);
      gunichar c = g_utf8_get_char (p);

      n_equal = c == before ? n_equal + 1 : 1;
      before = c;
      /* A thousand is not a hundred. */
      if (n_equal > n_kept && !u_isdigit ((UChar32) c))
        wen_cleaning_remove (cleaning, p, next);
      p = next;
    }
}

static inline gboolean
is_space (gunichar c)
{
  return c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == IDEOGRAPHIC_SPACE || c == 0x200B || c == 0x2060
         || c == 0xFEFF || (c >= 0x1680 && u_isUWhiteSpace ((UChar32) c));
}

/* The next white space, or the end. */
static const char *
find_space (const char *p,
            const char *end)
{
  while (p < end)
    {
      guchar byte = (guchar) *p;

      if (byte > ' ' && byte < 0x7F)
        p++;
      else if (is_chinese_byte (byte))
        p += 3;
      else if (is_space (g_utf8_get_char (p)))
        break;
      else
        p = g_utf8_next_char (p);
    }
  return p;
}

static const char *
skip_space (const char *p,
            const char *end)
{
  while (p < end && is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

void
wen_clean_white_space (WenCleaning             *cleaning,
                       const WenCleaningValues *values)
{
  const char *end = cleaning->end;

  for (const char *p = find_space (cleaning->text, end); p < end; p = find_space (p, end))
    {
      const char *next = skip_space (p, end);
      gboolean is_between = p > cleaning->text && next < end;

      if (!(is_between && next == p + 1 && *p == ' '))
        wen_cleaning_replace (cleaning, p, next, " ", is_between ? 1 : 0);
      p = next;
    }
}

gpointer
wen_prepare_length (const WenCleaningValues *values,
                    GError                 **error)
{
  static const char is_fine[] = "";
  gint64 maximum = values->numbers[LENGTH_MAXIMUM];

  if (maximum != 0 && maximum < values->numbers[LENGTH_MINIMUM])
    {
      g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                   /* Translators: names of settings and their values. */
                   _ ("length.maximum is %s, less than length.minimum, %s: no text would be left."),
                   values->texts[LENGTH_MAXIMUM], values->texts[LENGTH_MINIMUM]);
      return NULL;
    }
  return (gpointer) is_fine;
}

void
wen_clean_length (WenCleaning             *cleaning,
                  const WenCleaningValues *values)
{
  gint64 n_characters = g_utf8_strlen (cleaning->text, cleaning->end - cleaning->text);

  cleaning->leaves_out = n_characters < values->numbers[LENGTH_MINIMUM]
                         || (values->numbers[LENGTH_MAXIMUM] > 0 && n_characters > values->numbers[LENGTH_MAXIMUM]);
}
