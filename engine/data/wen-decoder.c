/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads bytes of any encoding, block by block, as UTF-8.
 *
 * What cannot be read becomes U+FFFD, so that it can be seen and counted where it
 * stands; NUL bytes, which no text needs, are dropped and counted here.  UTF-8,
 * the usual case, is only checked; the rest goes through ICU. */

#include "config.h"

#include "wen-encoding-private.h"

#include <string.h>
#include <unicode/ucnv.h>

#define PIVOT_UNITS 4096
#define REPLACEMENT "\xef\xbf\xbd"
/* U+10FFFF begins with it. */
#define LAST_LEAD_BYTE 0xF4

struct _WenDecoder
{
  /* UTF-8: the beginning of a sequence that the last block cut off */
  guint8      tail[4];
  gsize       n_tail;

  /* other encodings */
  UConverter *from;
  UConverter *to;
  UChar       pivot[PIVOT_UNITS];
  UChar      *pivot_source;
  UChar      *pivot_target;

  guint64     n_nul;
  gssize      nul_offset; /* in what was appended last, -1 where it has none */
};

/* encoding: a name out of wen_encoding_find_name(). */
WenDecoder *
wen_decoder_new (const char *encoding)
{
  WenDecoder *self = g_new0 (WenDecoder, 1);
  UErrorCode status = U_ZERO_ERROR;

  if (!g_str_equal (encoding, "UTF-8"))
    {
      self->from = ucnv_open (wen_encoding_get_converter (encoding), &status);
      self->to = ucnv_open ("UTF-8", &status);
      self->pivot_source = self->pivot_target = self->pivot;
      g_assert (U_SUCCESS (status));
    }
  return self;
}

void
wen_decoder_free (WenDecoder *self)
{
  g_clear_pointer (&self->from, ucnv_close);
  g_clear_pointer (&self->to, ucnv_close);
  g_free (self);
}

/* NUL bytes that were dropped so far. */
guint64
wen_decoder_get_n_nul (WenDecoder *self)
{
  return self->n_nul;
}

/* Where the first NUL byte was in what was decoded last, in bytes from its begin; -1
 * where there was none. */
gssize
wen_decoder_get_nul_offset (WenDecoder *self)
{
  return self->nul_offset;
}

/* Drops the NUL bytes that text has from begin on. */
static void
drop_nul (WenDecoder *self,
          GString    *text,
          gsize       begin)
{
  const char *nul = memchr (text->str + begin, '\0', text->len - begin);
  gsize n_kept = begin;

  self->nul_offset = nul != NULL ? nul - (text->str + begin) : -1;
  if (nul == NULL)
    return;
  for (gsize i = begin; i < text->len; i++)
    if (text->str[i] != '\0')
      text->str[n_kept++] = text->str[i];
  self->n_nul += text->len - n_kept;
  g_string_truncate (text, n_kept);
}

/* The character at p; (gunichar) -2 where more bytes could complete it, (gunichar) -1
 * where nothing could.  GLib also waits for sequences of five and six bytes, which
 * UTF-8 once had, and for something in place of a NUL byte: none of these fits in
 * the tail. */
static gunichar
get_character (const char *p,
               gsize       n_bytes)
{
  guchar lead = (guchar) *p;
  gsize length_bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  gunichar c = g_utf8_get_char_validated (p, (gssize) n_bytes);

  if (c == (gunichar) -2
      && (lead > LAST_LEAD_BYTE || n_bytes >= length_bytes || memchr (p, '\0', n_bytes) != NULL))
    return (gunichar) -1;
  return c;
}

/* Appends bytes of which everything that is not UTF-8 is replaced; keeps back what
 * only the next block can complete. */
static void
append_utf8 (WenDecoder *self,
             const char *p,
             const char *end,
             gboolean    is_last,
             GString    *text)
{
  while (p < end)
    {
      const char *valid_end;

      if (g_utf8_validate_len (p, (gsize) (end - p), &valid_end))
        {
          g_string_append_len (text, p, end - p);
          return;
        }
      g_string_append_len (text, p, valid_end - p);
      p = valid_end;

      if (*p == '\0')
        {
          g_string_append_c (text, *p++);
        }
      else if (!is_last && get_character (p, (gsize) (end - p)) == (gunichar) -2)
        {
          self->n_tail = (gsize) (end - p);
          memcpy (self->tail, p, self->n_tail);
          return;
        }
      else
        {
          g_string_append (text, REPLACEMENT);
          p++;
        }
    }
}

static void
decode_utf8 (WenDecoder   *self,
             const guint8 *bytes,
             gsize         n_bytes,
             gboolean      is_last,
             GString      *text)
{
  const char *p = (const char *) bytes;
  const char *end = p + n_bytes;

  if (self->n_tail > 0)
    {
      /* The cut sequence and just enough after it. */
      char joined[8];
      gsize n_taken = MIN (n_bytes, sizeof joined - sizeof self->tail);
      gsize n_joined = self->n_tail + n_taken;
      gsize n_sequence = 1;
      gunichar c;

      memcpy (joined, self->tail, self->n_tail);
      memcpy (joined + self->n_tail, p, n_taken);
      c = get_character (joined, n_joined);
      if (c == (gunichar) -2 && !is_last)
        {
          memcpy (self->tail, joined, n_joined);
          self->n_tail = n_joined;
          return;
        }
      if (c != (gunichar) -1 && c != (gunichar) -2)
        {
          n_sequence = (gsize) (g_utf8_next_char (joined) - joined);
          g_string_append_len (text, joined, (gssize) n_sequence);
          p += n_sequence - self->n_tail;
        }
      else
        {
          for (gsize i = 0; i < self->n_tail; i++)
            g_string_append (text, REPLACEMENT);
        }
      self->n_tail = 0;
    }
  append_utf8 (self, p, end, is_last, text);
}

static void
decode_with_icu (WenDecoder   *self,
                 const guint8 *bytes,
                 gsize         n_bytes,
                 gboolean      is_last,
                 GString      *text)
{
  const char *source = (const char *) bytes;
  const char *source_end = source + n_bytes;

  for (;;)
    {
      char buffer[16384];
      char *target = buffer;
      UErrorCode status = U_ZERO_ERROR;

      ucnv_convertEx (self->to, self->from, &target, buffer + sizeof buffer, &source, source_end, self->pivot,
                      &self->pivot_source, &self->pivot_target, self->pivot + PIVOT_UNITS, FALSE, is_last,
                      &status);
      g_string_append_len (text, buffer, target - buffer);
      if (status != U_BUFFER_OVERFLOW_ERROR)
        break;
    }
}

/* Appends what the bytes mean to text.  is_last: no more bytes follow. */
void
wen_decoder_decode (WenDecoder   *self,
                    const guint8 *bytes,
                    gsize         n_bytes,
                    gboolean      is_last,
                    GString      *text)
{
  gsize begin = text->len;

  if (self->from == NULL)
    decode_utf8 (self, bytes, n_bytes, is_last, text);
  else
    decode_with_icu (self, bytes, n_bytes, is_last, text);
  drop_nul (self, text, begin);
}
