/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guesses how the bytes of a file mean characters.
 *
 * A byte order mark decides; then zero bytes, which only UTF-16 has; then strict
 * UTF-8, which other encodings practically never satisfy by chance.  That bytes
 * can be read as GB18030 proves nothing, for nearly all can; it is taken only when
 * nearly all pairs are among the some 3,800 commonest Chinese characters and the
 * punctuation, which stand together in the code. */

#include "config.h"

#include "wen-encoding-private.h"

#include <string.h>

static const char *const names[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "windows-1252" };

typedef struct
{
  const char *encoding;
  const char *bytes;
  gsize       n_bytes;
} Mark;

static const Mark marks[] = {
  { "UTF-8", "\xef\xbb\xbf", 3 },
  { "UTF-16LE", "\xff\xfe", 2 },
  { "UTF-16BE", "\xfe\xff", 2 },
  { "GB18030", "\x84\x31\x95\x33", 4 },
};

/* How binary files that people mistake for tables begin. */
typedef struct
{
  const char *name;
  const char *bytes;
  gsize       n_bytes;
} Magic;

static const Magic magics[] = {
  { "PNG", "\x89PNG", 4 },        { "JPEG", "\xff\xd8\xff", 3 },  { "GIF", "GIF8", 4 },
  { "gzip", "\x1f\x8b", 2 },      { "ZIP", "PK\x03\x04", 4 },     { "PDF", "%PDF-", 5 },
  { "ELF", "\x7f" "ELF", 4 },     { "7z", "7z\xbc\xaf", 4 },      { "xz", "\xfd" "7zXZ", 5 },
  { "Zstandard", "\x28\xb5\x2f\xfd", 4 }, { "SQLite", "SQLite format 3", 15 },
  { "Excel", "\xd0\xcf\x11\xe0", 4 },
};

/* Shares that the guesses ask for. */
#define UTF16_SHARE 0.9
#define COMMON_CHINESE_SHARE 0.9
#define DAMAGED_UTF8_SHARE 0.95
#define CONTROL_SHARE 0.02

/* The name as this module writes it, or NULL where the encoding is not known. */
const char *
wen_encoding_find_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i], name) == 0)
      return names[i];
  return NULL;
}

/* Length of the byte order mark of an encoding at the beginning of bytes, or 0. */
gsize
wen_encoding_measure_mark (const char   *name,
                           const guint8 *bytes,
                           gsize         n_bytes)
{
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_equal (marks[i].encoding, name) && n_bytes >= marks[i].n_bytes
        && memcmp (marks[i].bytes, bytes, marks[i].n_bytes) == 0)
      return marks[i].n_bytes;
  return 0;
}

/* Share of 16-bit units that texts of ours consist of, read in one byte order. */
static double
measure_utf16 (const guint8 *bytes,
               gsize         n_bytes,
               gboolean      big_endian)
{
  gsize n_units = n_bytes / 2;
  gsize n_good = 0;
  gsize n_signs = 0;

  for (gsize i = 0; i < n_units; i++)
    {
      guint unit = big_endian ? bytes[2 * i] << 8 | bytes[2 * i + 1] : bytes[2 * i + 1] << 8 | bytes[2 * i];
      gboolean sign = unit == '\n' || unit == '\r' || unit == '\t' || unit == ',' || unit == ';';

      n_signs += sign;
      n_good += sign || (unit >= ' ' && unit < 0x250) || (unit >= 0x4E00 && unit <= 0x9FFF)
                || (unit >= 0x3000 && unit <= 0x30FF) || (unit >= 0xFF00 && unit <= 0xFFEF)
                || (unit >= 0x2010 && unit <= 0x2030);
    }
  /* A table has separators; text of one encoding read as another has not. */
  return n_units > 0 && n_signs > 0 ? (double) n_good / (double) n_units : 0;
}

/* Lengths of valid multi-byte sequences, and bytes that are none, in UTF-8.  A
 * sequence that the end of a sample cuts off counts as neither. */
static void
count_utf8 (const guint8 *bytes,
            gsize         n_bytes,
            gboolean      whole_file,
            gsize        *n_sequences,
            gsize        *n_bad)
{
  const char *p = (const char *) bytes;
  const char *end = p + n_bytes;

  *n_sequences = *n_bad = 0;
  while (p < end)
    {
      gunichar c;

      if ((guchar) *p < 0x80)
        {
          p++;
          continue;
        }
      c = g_utf8_get_char_validated (p, end - p);
      if (c == (gunichar) -2 && !whole_file)
        break;
      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          (*n_bad)++;
          p++;
        }
      else
        {
          (*n_sequences)++;
          p = g_utf8_next_char (p);
        }
    }
}

/* Share of the pairs of bytes that are common Chinese characters or punctuation
 * (rows 1, 3 and 16 to 55 of GB 2312) when read as GB18030. */
static double
measure_gb18030 (const guint8 *bytes,
                 gsize         n_bytes)
{
  gsize n_pairs = 0;
  gsize n_common = 0;

  for (gsize i = 0; i < n_bytes;)
    {
      guint8 lead = bytes[i];

      if (lead < 0x80)
        {
          i++;
          continue;
        }
      if (i + 1 >= n_bytes)
        break;
      n_pairs++;
      if (bytes[i + 1] >= 0xA1 && bytes[i + 1] <= 0xFE)
        n_common += lead == 0xA1 || lead == 0xA3 || (lead >= 0xB0 && lead <= 0xD7);
      i += bytes[i + 1] >= 0x30 && bytes[i + 1] <= 0x39 ? 4 : 2;
    }
  return n_pairs > 0 ? (double) n_common / (double) n_pairs : 0;
}

/* bytes: the beginning of a file, or all of it. */
WenEncoding
wen_encoding_guess (const guint8 *bytes,
                    gsize         n_bytes,
                    gboolean      whole_file)
{
  gsize n_sequences;
  gsize n_bad;
  double little;
  double big;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (wen_encoding_measure_mark (marks[i].encoding, bytes, n_bytes) > 0)
      return (WenEncoding) { marks[i].encoding, WEN_ENCODING_BY_MARK, marks[i].n_bytes };

  count_utf8 (bytes, n_bytes, whole_file, &n_sequences, &n_bad);
  little = measure_utf16 (bytes, n_bytes, FALSE);
  big = measure_utf16 (bytes, n_bytes, TRUE);
  if (MAX (little, big) >= UTF16_SHARE && (n_bad > 0 || memchr (bytes, '\0', n_bytes) != NULL))
    return (WenEncoding) { little >= big ? "UTF-16LE" : "UTF-16BE", WEN_ENCODING_BY_LIKELIHOOD, 0 };

  if (n_bad == 0)
    return (WenEncoding) { "UTF-8", WEN_ENCODING_BY_VALIDITY, 0 };
  if (measure_gb18030 (bytes, n_bytes) >= COMMON_CHINESE_SHARE)
    return (WenEncoding) { "GB18030", WEN_ENCODING_BY_LIKELIHOOD, 0 };
  if ((double) n_sequences >= DAMAGED_UTF8_SHARE * (double) (n_sequences + n_bad))
    return (WenEncoding) { "UTF-8", WEN_ENCODING_BY_LIKELIHOOD, 0 };
  return (WenEncoding) { "windows-1252", WEN_ENCODING_BY_DEFAULT, 0 };
}

/* What a file is when it is no text: the name of its kind, "" where only the
 * many control bytes tell, or NULL for text. */
const char *
wen_encoding_find_binary (const guint8 *bytes,
                          gsize         n_bytes,
                          const char   *encoding)
{
  gsize n_control = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    if (n_bytes >= magics[i].n_bytes && memcmp (magics[i].bytes, bytes, magics[i].n_bytes) == 0)
      return magics[i].name;

  /* In UTF-16 every byte may occur. */
  if (g_str_has_prefix (encoding, "UTF-16"))
    return NULL;
  for (gsize i = 0; i < n_bytes; i++)
    n_control += bytes[i] < ' ' && strchr ("\t\n\r\f", bytes[i]) == NULL;
  return (double) n_control > CONTROL_SHARE * (double) n_bytes + 8 ? "" : NULL;
}
