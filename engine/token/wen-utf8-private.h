/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reading characters from texts that should be UTF-8, without harm if they are not. */

#pragma once

#include <glib.h>

/* What stands for bytes that are no character. */
#define WEN_UTF8_UNREADABLE 0xFFFD

/* Reads the character at p, which ends before the NUL at the latest; the bytes of
 * what is not UTF-8 are a U+FFFD each. */
static inline gunichar
wen_utf8_read (const char *p,
               gsize      *n_bytes)
{
  const guchar *b = (const guchar *) p;
  gunichar c;

  *n_bytes = 1;
  if (b[0] < 0x80)
    return b[0];
  if ((b[0] & 0xE0) == 0xC0 && (b[1] & 0xC0) == 0x80)
    {
      c = (gunichar) (b[0] & 0x1F) << 6 | (b[1] & 0x3F);
      if (c < 0x80)
        return WEN_UTF8_UNREADABLE;
      *n_bytes = 2;
      return c;
    }
  if ((b[0] & 0xF0) == 0xE0 && (b[1] & 0xC0) == 0x80 && (b[2] & 0xC0) == 0x80)
    {
      c = (gunichar) (b[0] & 0x0F) << 12 | (gunichar) (b[1] & 0x3F) << 6 | (b[2] & 0x3F);
      if (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))
        return WEN_UTF8_UNREADABLE;
      *n_bytes = 3;
      return c;
    }
  if ((b[0] & 0xF8) == 0xF0 && (b[1] & 0xC0) == 0x80 && (b[2] & 0xC0) == 0x80 && (b[3] & 0xC0) == 0x80)
    {
      c = (gunichar) (b[0] & 0x07) << 18 | (gunichar) (b[1] & 0x3F) << 12 | (gunichar) (b[2] & 0x3F) << 6
          | (b[3] & 0x3F);
      if (c < 0x10000 || c > 0x10FFFF)
        return WEN_UTF8_UNREADABLE;
      *n_bytes = 4;
      return c;
    }
  return WEN_UTF8_UNREADABLE;
}
