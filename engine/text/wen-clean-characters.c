/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cleaning steps that look at one character after the other. */

#include "config.h"

#include "wen-cleaning-steps-private.h"

#include <string.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>

#define IDEOGRAPHIC_SPACE 0x3000
#define VARIATION_SELECTOR_15 0xFE0E
#define VARIATION_SELECTOR_16 0xFE0F
#define ZERO_WIDTH_JOINER 0x200D

static gboolean
is_ascii (const char *text,
          gsize       length_bytes)
{
  guchar all = 0;

  for (gsize i = 0; i < length_bytes; i++)
    all |= (guchar) text[i];
  return all < 0x80;
}

/* Full-width forms have a half-width one at a fixed distance. */
static inline gunichar
to_half_width (gunichar c)
{
  if (c >= 0xFF01 && c <= 0xFF5E)
    return c - 0xFEE0;
  return c == IDEOGRAPHIC_SPACE ? ' ' : c;
}

/* Characters that stand for themselves in NFKC and never join with a neighbour:
 * what almost all Chinese and English texts are made of. */
static inline gboolean
is_surely_normal (gunichar c)
{
  return c < 0xA0 || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3001 && c <= 0x3029) || c == 0x2014
         || (c >= 0x2018 && c <= 0x201E);
}

/* Unicode normal form NFKC. */
gboolean
wen_clean_width (const char *text,
                 gsize       length_bytes,
                 GString    *out)
{
  const char *end = text + length_bytes;
  gboolean changed = FALSE;

  if (is_ascii (text, length_bytes))
    return FALSE;

  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gunichar half = to_half_width (c);

      if (!is_surely_normal (half))
        {
          g_autofree char *normal = g_utf8_normalize (text, (gssize) length_bytes, G_NORMALIZE_NFKC);

          g_string_assign (out, normal);
          return strcmp (out->str, text) != 0;
        }
      changed |= half != c;
      if (half == c)
        g_string_append_len (out, p, g_utf8_next_char (p) - p);
      else
        g_string_append_c (out, (char) half);
    }
  return changed;
}

static const UCaseMap *
get_case_map (void)
{
  static gsize case_map = 0;

  if (g_once_init_enter (&case_map))
    {
      UErrorCode status = U_ZERO_ERROR;

      g_once_init_leave (&case_map, (gsize) ucasemap_open ("", 0, &status));
    }
  return (const UCaseMap *) case_map;
}

gboolean
wen_clean_lower_case (const char *text,
                      gsize       length_bytes,
                      GString    *out)
{
  UErrorCode status = U_ZERO_ERROR;
  int32_t needed;

  if (is_ascii (text, length_bytes) || length_bytes > G_MAXINT32 / 4)
    {
      gboolean changed = FALSE;

      /* Beyond what ICU can count, capital letters other than A to Z stay. */
      g_string_set_size (out, length_bytes);
      for (gsize i = 0; i < length_bytes; i++)
        {
          out->str[i] = g_ascii_tolower (text[i]);
          changed |= out->str[i] != text[i];
        }
      return changed;
    }

  /* The longest growth is İ, which becomes three bytes of two. */
  g_string_set_size (out, length_bytes + length_bytes / 2 + 4);
  needed = ucasemap_utf8ToLower (get_case_map (), out->str, (int32_t) out->len, text, (int32_t) length_bytes,
                                 &status);
  if (U_FAILURE (status))
    return FALSE;
  g_string_truncate (out, (gsize) needed);
  return strcmp (out->str, text) != 0;
}

gboolean
wen_clean_digits (const char *text,
                  gsize       length_bytes,
                  GString    *out)
{
  const char *end = text + length_bytes;
  gboolean changed = FALSE;

  for (const char *p = text; p < end;)
    {
      const char *next = g_utf8_next_char (p);

      if (u_isdigit ((UChar32) g_utf8_get_char (p)))
        changed = TRUE;
      else
        g_string_append_len (out, p, next - p);
      p = next;
    }
  return changed;
}

static gboolean
is_punctuation (gunichar c)
{
  if (c < 0x80)
    return g_ascii_ispunct ((char) c);
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

gboolean
wen_clean_punctuation (const char *text,
                       gsize       length_bytes,
                       GString    *out)
{
  const char *end = text + length_bytes;
  gunichar before = 0;
  gboolean changed = FALSE;

  for (const char *p = text; p < end;)
    {
      const char *next = g_utf8_next_char (p);
      gunichar c = g_utf8_get_char (p);

      if (is_punctuation (c))
        {
          gunichar after = next < end ? g_utf8_get_char (next) : 0;

          changed = TRUE;
          if (leaves_space (before, c, after))
            g_string_append_c (out, ' ');
        }
      else
        {
          g_string_append_len (out, p, next - p);
        }
      before = c;
      p = next;
    }
  return changed;
}

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
  if (c < 0xA9)
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
  return c == VARIATION_SELECTOR_15 || c == VARIATION_SELECTOR_16 || c == ZERO_WIDTH_JOINER || c == 0x20E3
         || (c >= 0xE0020 && c <= 0xE007F);
}

gboolean
wen_clean_emoji (const char *text,
                 gsize       length_bytes,
                 GString    *out)
{
  const char *end = text + length_bytes;
  gboolean after_emoji = FALSE;
  gboolean changed = FALSE;

  if (is_ascii (text, length_bytes))
    return FALSE;
  for (const char *p = text; p < end;)
    {
      const char *next = g_utf8_next_char (p);
      gunichar c = g_utf8_get_char (p);

      after_emoji = is_emoji (c, next < end ? g_utf8_get_char (next) : 0) || (after_emoji && goes_with_emoji (c));
      changed |= after_emoji;
      if (!after_emoji)
        g_string_append_len (out, p, next - p);
      p = next;
    }
  return changed;
}

gboolean
wen_clean_repeats (const char *text,
                   gsize       length_bytes,
                   GString    *out)
{
  const char *end = text + length_bytes;
  gunichar before = 0;
  guint n_equal = 0;

  for (const char *p = text; p < end;)
    {
      const char *next = g_utf8_next_char (p);
      gunichar c = g_utf8_get_char (p);

      n_equal = c == before ? n_equal + 1 : 1;
      before = c;
      /* A thousand is not a hundred. */
      if (n_equal <= 2 || u_isdigit ((UChar32) c))
        g_string_append_len (out, p, next - p);
      p = next;
    }
  return out->len != length_bytes;
}

static gboolean
is_space (gunichar c)
{
  return c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == IDEOGRAPHIC_SPACE || c == 0x200B || c == 0x2060
         || c == 0xFEFF || (c >= 0x1680 && u_isUWhiteSpace ((UChar32) c));
}

gboolean
wen_clean_white_space (const char *text,
                       gsize       length_bytes,
                       GString    *out)
{
  const char *end = text + length_bytes;
  gboolean gap = FALSE;

  for (const char *p = text; p < end;)
    {
      const char *next = g_utf8_next_char (p);

      if (is_space (g_utf8_get_char (p)))
        {
          gap = TRUE;
        }
      else
        {
          if (gap && out->len > 0)
            g_string_append_c (out, ' ');
          gap = FALSE;
          g_string_append_len (out, p, next - p);
        }
      p = next;
    }
  return out->len != length_bytes || memcmp (out->str, text, length_bytes) != 0;
}
