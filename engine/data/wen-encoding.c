/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Guesses how the bytes of a file mean characters.
 *
 * A byte order mark decides; then zero bytes, which only UTF-16 has; then strict
 * UTF-8, which other encodings practically never satisfy by chance.  That bytes
 * can be read as GB18030 proves nothing, for nearly all can; it is taken only when
 * the outcome looks like Chinese.  In Chinese, some hundred characters make up more
 * than half of any text; Korean, Japanese or Taiwan's Big5, read so, give characters
 * from all over the table. */

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
#define UTF16_NUL_SHARE 0.25
#define COMMON_CHINESE_SHARE 0.3
#define SIMPLE_CHINESE_SHARE 0.9
#define CONTROL_SHARE 0.02
/* Fewer Chinese characters say little by how common they are. */
#define FEW_CHARACTERS 30
/* Valid sequences for each byte that is none, in UTF-8 with damage. */
#define SEQUENCES_A_BAD_BYTE 3

#define FIRST_HAN 0x4E00
#define LAST_HAN 0x9FFF

/* Characters that are in everybody's Chinese texts, the traditional forms too. */
static const char common_han[] =
  "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
  "学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前"
  "外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军"
  "很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别"
  "她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油"
  "思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才"
  "科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装吗吧啊呢呀哦哈嗯太差吃味菜饭店钱买卖贵便宜快慢"
  "送送喜欢爱非常服态评价客房间住酒酷网络视频笑死男女孩妈爸学校股市球赛游戏票楼盘星帮谢谢请您怎请问错难找让感觉满干净"
  "這個們來時說國對會學後過動還樣發現經點無當開從長問關體電種產進實機與業應變條沒結氣讓給嗎麼為將頭車門東見書話錢買賣";

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
      n_good += sign || (unit >= ' ' && unit < 0x600) || (unit >= FIRST_HAN && unit <= LAST_HAN)
                || (unit >= 0x3000 && unit <= 0x30FF) || (unit >= 0xFF00 && unit <= 0xFFEF)
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

/* Marks the common characters in an array of flags for all Chinese ones. */
static void
mark_common_han (guint8 is_common[LAST_HAN - FIRST_HAN + 1])
{
  memset (is_common, 0, LAST_HAN - FIRST_HAN + 1);
  for (const char *p = common_han; *p != '\0'; p = g_utf8_next_char (p))
    is_common[g_utf8_get_char (p) - FIRST_HAN] = 1;
}

/* Share of the pairs of bytes that are characters of simplified Chinese or
 * punctuation (rows 1, 3 and 16 to 55 of GB 2312). */
static double
measure_gb2312 (const guint8 *bytes,
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
      i += bytes[i + 1] >= '0' && bytes[i + 1] <= '9' ? 4 : 2;
    }
  return n_pairs > 0 ? (double) n_common / (double) n_pairs : 0;
}

/* Whether bytes, read as GB18030, are Chinese. */
static gboolean
is_chinese_gb18030 (const guint8 *bytes,
                    gsize         n_bytes,
                    gboolean      whole_file)
{
  g_autoptr (WenDecoder) decoder = wen_decoder_new ("GB18030");
  g_autoptr (GString) text = g_string_new (NULL);
  guint8 is_common[LAST_HAN - FIRST_HAN + 1];
  gsize n_foreign = 0;
  gsize n_bad = 0;
  gsize n_han = 0;
  gsize n_common = 0;

  mark_common_han (is_common);
  wen_decoder_decode (decoder, bytes, n_bytes, whole_file, text);
  for (const char *p = text->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x80)
        continue;
      n_foreign++;
      if (c >= FIRST_HAN && c <= LAST_HAN)
        {
          n_han++;
          n_common += is_common[c - FIRST_HAN];
        }
      else if (c == 0xFFFD || g_unichar_type (c) == G_UNICODE_PRIVATE_USE || !g_unichar_isdefined (c))
        {
          n_bad++;
        }
    }
  if (n_han == 0 || n_bad * 20 > n_foreign || n_han * 3 < n_foreign)
    return FALSE;
  if ((double) n_common >= COMMON_CHINESE_SHARE * (double) n_han)
    return TRUE;
  return n_han < FEW_CHARACTERS && measure_gb2312 (bytes, n_bytes) >= SIMPLE_CHINESE_SHARE;
}

/* bytes: the beginning of a file, or all of it. */
WenEncoding
wen_encoding_guess (const guint8 *bytes,
                    gsize         n_bytes,
                    gboolean      whole_file)
{
  gsize n_sequences;
  gsize n_bad;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (wen_encoding_measure_mark (marks[i].encoding, bytes, n_bytes) > 0)
      return (WenEncoding) { marks[i].encoding, WEN_ENCODING_BY_MARK, marks[i].n_bytes };

  count_utf8 (bytes, n_bytes, whole_file, &n_sequences, &n_bad);
  if (may_be_utf16 (bytes, n_bytes, n_bad == 0))
    {
      double little = measure_utf16 (bytes, n_bytes, FALSE);
      double big = measure_utf16 (bytes, n_bytes, TRUE);

      if (MAX (little, big) >= UTF16_SHARE)
        return (WenEncoding) { little >= big ? "UTF-16LE" : "UTF-16BE", WEN_ENCODING_BY_LIKELIHOOD, 0 };
    }

  if (n_bad == 0)
    return (WenEncoding) { "UTF-8", WEN_ENCODING_BY_VALIDITY, 0 };
  if (n_sequences >= SEQUENCES_A_BAD_BYTE * n_bad)
    return (WenEncoding) { "UTF-8", WEN_ENCODING_BY_LIKELIHOOD, 0 };
  if (is_chinese_gb18030 (bytes, n_bytes, whole_file))
    return (WenEncoding) { "GB18030", WEN_ENCODING_BY_LIKELIHOOD, 0 };
  return (WenEncoding) { "windows-1252", WEN_ENCODING_BY_DEFAULT, 0 };
}

/* An Excel workbook is a ZIP file too, and what people most often take for CSV. */
static gboolean
is_workbook (const guint8 *bytes,
             gsize         n_bytes)
{
  return memmem (bytes, n_bytes, "xl/", 3) != NULL;
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
      return g_str_equal (magics[i].name, "ZIP") && is_workbook (bytes, n_bytes) ? "Excel" : magics[i].name;

  /* In UTF-16 every byte may occur. */
  if (g_str_has_prefix (encoding, "UTF-16"))
    return NULL;
  for (gsize i = 0; i < n_bytes; i++)
    n_control += bytes[i] < ' ' && memchr ("\t\n\r\f", bytes[i], 4) == NULL;
  return (double) n_control > CONTROL_SHARE * (double) n_bytes + 8 ? "" : NULL;
}
