/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guesses how the bytes of a file mean characters.
 *
 * A byte order mark decides; then zero bytes, which only UTF-16 has; then strict
 * UTF-8, which other encodings practically never satisfy by chance.  Between the
 * rest, how likely their characters are decides: see wen-encoding-score.c. */

#include "config.h"

#include "wen-encoding-private.h"

#include <string.h>

/* Each encoding, and the name of ICU's converter for it: the one that reads what
 * Windows has added to the standard, as spreadsheet programs write it. */
typedef struct
{
  const char *name;
  const char *converter;
} Encoding;

static const Encoding encodings[] = {
  { "UTF-8", "UTF-8" },         { "UTF-16LE", "UTF-16LE" },   { "UTF-16BE", "UTF-16BE" },
  { "GB18030", "gb18030" },     { "Big5", "Big5-HKSCS" },     { "Shift_JIS", "windows-31j" },
  { "EUC-KR", "windows-949" },  { "EUC-JP", "EUC-JP" },       { "windows-1252", "windows-1252" },
};

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
#define UTF16_NUL_SHARE 0.25
#define CONTROL_SHARE 0.02
/* Valid sequences for each byte that is none, in UTF-8 with damage. */
#define SEQUENCES_A_BAD_BYTE 3
#define CERTAIN_SEQUENCES_A_BAD_BYTE 20
/* A guess by score is certain when it leads by so many nats, and by so many more for
 * each character, and its characters cost no more than texts usually do. */
#define CERTAIN_LEAD 16.0
#define CERTAIN_LEAD_A_CHARACTER 0.5
#define DOUBTFUL_COST 9.5
#define UNLIKELY_COST 11.0

#define FIRST_HAN 0x4E00
#define LAST_HAN 0x9FFF

/* The name as this module writes it, or NULL where the encoding is not known. */
const char *
wen_encoding_find_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_ascii_strcasecmp (encodings[i].name, name) == 0)
      return encodings[i].name;
  return NULL;
}

/* name: one that wen_encoding_find_name() gives. */
const char *
wen_encoding_get_converter (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (g_str_equal (encodings[i].name, name))
      return encodings[i].converter;
  g_assert_not_reached ();
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
      n_good += sign || (unit >= ' ' && unit < 0x600) || (unit >= FIRST_HAN && unit <= LAST_HAN)
                || (unit >= 0x3000 && unit <= 0x30FF) || (unit >= 0xFF00 && unit <= 0xFFEF)
                || (unit >= 0xAC00 && unit <= 0xD7A3)
                || (unit >= 0x2010 && unit <= 0x2030) || (unit >= 0xD83C && unit <= 0xDFFF);
    }
  /* A table has separators; text of one encoding read as another has not. */
  return n_units > 0 && n_signs > 0 ? (double) n_good / (double) n_units : 0;
}

/* Whether there are as many zero bytes as UTF-16 has: half of them in Latin text;
 * few in Chinese, which then cannot be read as UTF-8.  Some zero bytes in a text of
 * single bytes are just damage. */
static gboolean
may_be_utf16 (const guint8 *bytes,
              gsize         n_bytes,
              gboolean      is_utf8)
{
  gsize n_nul = 0;

  for (gsize i = 0; i < n_bytes; i++)
    n_nul += bytes[i] == 0;
  return is_utf8 ? (double) n_nul >= UTF16_NUL_SHARE * (double) n_bytes : n_nul > 0;
}

/* Valid sequences of more than one byte, and bytes that are none, in UTF-8.  A
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
      /* GLib also waits for something in place of a NUL byte. */
      if (c == (gunichar) -2 && !whole_file && end - p < 4 && memchr (p, '\0', (gsize) (end - p)) == NULL)
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

/* What is certain needs no other candidate. */
static WenEncoding
make_certain (const char        *name,
              WenEncodingReason  reason,
              gsize              mark_bytes)
{
  return (WenEncoding) { name, reason, mark_bytes, TRUE, { name } };
}

/* Makes the first of scored encodings the guess; encoding may have candidates. */
static void
add_scored (WenEncoding            *encoding,
            const WenEncodingScore *scores)
{
  gsize n = 0;

  while (encoding->candidates[n] != NULL)
    n++;
  for (gsize i = 0; n < WEN_MOST_ENCODING_CANDIDATES && i < WEN_N_SCORED_ENCODINGS; i++)
    encoding->candidates[n++] = scores[i].encoding;
}

static WenEncoding
guess_by_score (const WenEncodingScore *scores)
{
  WenEncoding encoding = { .name = scores[0].encoding, .reason = WEN_ENCODING_BY_LIKELIHOOD };
  double lead = scores[1].cost - scores[0].cost;

  add_scored (&encoding, scores);
  if (scores[0].mean_cost > UNLIKELY_COST)
    encoding.reason = WEN_ENCODING_BY_DEFAULT;
  encoding.is_certain = scores[0].mean_cost <= DOUBTFUL_COST
                        && lead >= CERTAIN_LEAD + CERTAIN_LEAD_A_CHARACTER * (double) scores[0].n_foreign;
  return encoding;
}

/* bytes: the beginning of a file, or all of it. */
WenEncoding
wen_encoding_guess (const guint8 *bytes,
                    gsize         n_bytes,
                    gboolean      whole_file)
{
  WenEncodingScore scores[WEN_N_SCORED_ENCODINGS];
  gsize n_sequences;
  gsize n_bad;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (wen_encoding_measure_mark (marks[i].encoding, bytes, n_bytes) > 0)
      return make_certain (marks[i].encoding, WEN_ENCODING_BY_MARK, marks[i].n_bytes);

  count_utf8 (bytes, n_bytes, whole_file, &n_sequences, &n_bad);
  if (may_be_utf16 (bytes, n_bytes, n_bad == 0))
    {
      double little = measure_utf16 (bytes, n_bytes, FALSE);
      double big = measure_utf16 (bytes, n_bytes, TRUE);

      if (MAX (little, big) >= UTF16_SHARE)
        return make_certain (little >= big ? "UTF-16LE" : "UTF-16BE", WEN_ENCODING_BY_LIKELIHOOD, 0);
    }

  if (n_bad == 0)
    return make_certain ("UTF-8", WEN_ENCODING_BY_VALIDITY, 0);
  wen_encoding_score (bytes, n_bytes, whole_file, scores);
  if (n_sequences >= SEQUENCES_A_BAD_BYTE * n_bad)
    {
      WenEncoding encoding = make_certain ("UTF-8", WEN_ENCODING_BY_LIKELIHOOD, 0);

      encoding.is_certain = n_sequences >= CERTAIN_SEQUENCES_A_BAD_BYTE * n_bad;
      add_scored (&encoding, scores);
      return encoding;
    }
  return guess_by_score (scores);
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
    n_control += bytes[i] < ' ' && memchr ("\t\n\r\f", bytes[i], 4) == NULL;
  return (double) n_control > CONTROL_SHARE * (double) n_bytes + 8 ? "" : NULL;
}
