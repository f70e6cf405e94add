/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes to characters: the guess, and decoding in blocks of any size. */

#include "config.h"

#include "data-testing.h"

#include "wen-encoding-private.h"

static const char *
guess (const char *bytes,
       gsize       n_bytes)
{
  return wen_encoding_guess ((const guint8 *) bytes, n_bytes, TRUE).name;
}

static const char *
guess_converted (const char *text,
                 const char *charset)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  bytes = g_convert (text, -1, charset, "UTF-8", NULL, &n_bytes, &error);
  g_assert_no_error (error);
  return guess (bytes, n_bytes);
}

static const char chinese[] = "评论,标签\n这家店的味道真的很好，服务也不错,正面\n等了一个小时才送到,负面\n";
static const char traditional[] = "評論,標籤\n這家店的味道真的很好，服務也不錯，下次還會來,正面\n等了一個小時才送到,負面\n";
static const char french[] = "texte,label\nC'était très bon, déjà goûté à l'été,bien\nÇa m'a déçu,mal\n";
static const char japanese[] = "テキスト,ラベル\nこの店の料理はとても美味しかったです、また行きたいと思います,良い\n遅い配達でした,悪い\n";
static const char korean[] = "글,라벨\n이 가게는 음식이 정말 맛있고 서비스도 좋았습니다 다시 오고 싶습니다,긍정\n배달이 너무 늦었어요 다시는 안 시켜요,부정\n";

static void
test_guess (void)
{
  g_assert_cmpstr (guess_converted (chinese, "UTF-8"), ==, "UTF-8");
  g_assert_cmpstr (guess_converted (chinese, "GB18030"), ==, "GB18030");
  g_assert_cmpstr (guess_converted (traditional, "GBK"), ==, "GB18030");
  g_assert_cmpstr (guess_converted (chinese, "UTF-16LE"), ==, "UTF-16LE");
  g_assert_cmpstr (guess_converted (chinese, "UTF-16BE"), ==, "UTF-16BE");
  g_assert_cmpstr (guess_converted (french, "UTF-16LE"), ==, "UTF-16LE");
  g_assert_cmpstr (guess_converted (french, "UTF-16BE"), ==, "UTF-16BE");
  g_assert_cmpstr (guess_converted ("好,1\n差,0\n", "GB18030"), ==, "GB18030");
}

/* All of these can be decoded as GB18030, and make no sense then. */
static void
test_likelihood (void)
{
  g_assert_cmpstr (guess_converted (french, "ISO-8859-1"), ==, "windows-1252");
  g_assert_cmpstr (guess_converted (french, "WINDOWS-1252"), ==, "windows-1252");
  g_assert_cmpstr (guess_converted (traditional, "BIG5"), ==, "Big5");
  g_assert_cmpstr (guess_converted (japanese, "EUC-JP"), ==, "EUC-JP");
  g_assert_cmpstr (guess_converted (japanese, "SHIFT_JIS"), ==, "Shift_JIS");
  g_assert_cmpstr (guess_converted (korean, "EUC-KR"), ==, "EUC-KR");
}

/* Damage does not make another encoding of a text. */
static void
test_damage (void)
{
  g_autoptr (GString) text = g_string_new (chinese);
  g_autoptr (GString) english = g_string_new ("text,label\n");
  WenEncoding encoding;

  text->str[text->len - 40] = '\xff';
  encoding = wen_encoding_guess ((const guint8 *) text->str, text->len, TRUE);
  g_assert_cmpstr (encoding.name, ==, "UTF-8");
  g_assert_cmpint (encoding.reason, ==, WEN_ENCODING_BY_LIKELIHOOD);

  /* Zero bytes beside separators in a text of single bytes, which look like UTF-16. */
  for (guint i = 0; i < 100; i++)
    {
      g_string_append (english, "somewordsthatgoonandon,good");
      g_string_append_len (english, i % 10 == 0 ? "\0\n" : "\n", i % 10 == 0 ? 2 : 1);
    }
  g_assert_cmpstr (guess (english->str, english->len), ==, "UTF-8");
}

static GString *
decode (const char *encoding,
        const char *bytes,
        gsize       n_bytes,
        gsize       block_bytes,
        guint64    *n_nul)
{
  g_autoptr (WenDecoder) decoder = wen_decoder_new (encoding);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < n_bytes; i += block_bytes)
    {
      gsize n = MIN (block_bytes, n_bytes - i);
      g_autofree guint8 *block = g_memdup2 (bytes + i, n); /* exactly as long: a look beyond shows */

      wen_decoder_decode (decoder, block, n, FALSE, text);
    }
  wen_decoder_decode (decoder, (const guint8 *) "", 0, TRUE, text);
  *n_nul = wen_decoder_get_n_nul (decoder);
  g_assert_true (g_utf8_validate_len (text->str, text->len, NULL));
  return text;
}

/* Bytes that are never right, sequences that UTF-8 once had, and cut ones. */
static const char *const hostile[] = {
  "a\xff" "b", "\xc0\x80", "\xe4\xbd", "\xe4\xbd\xa0\xe5", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80x",
  "\xfc\x84\x80\x80\x80\x80x", "\xfc\x84\x80\x80\x80", "\xf0\x9f\x98", "\xf0\x9f\xe4\xbd\xa0", "\xf0\x9f\x98\x80\xf0",
  "\x80\xbf\x80", "\xe0\x80\x80", "\xc3", "",
};

static void
test_blocks (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *expected = g_utf8_make_valid (hostile[i], -1);

      for (gsize block_bytes = 1; block_bytes < 8; block_bytes++)
        {
          guint64 n_nul;
          g_autoptr (GString) text = decode ("UTF-8", hostile[i], strlen (hostile[i]), block_bytes, &n_nul);

          g_assert_cmpstr (text->str, ==, expected);
        }
    }
}

static void
test_random_blocks (void)
{
  static const char *const names[] = { "UTF-8",     "UTF-16LE", "UTF-16BE", "GB18030",     "Big5",
                                       "Shift_JIS", "EUC-KR",   "EUC-JP",   "windows-1252" };
  static const guint8 alphabet[] = { 0, 'a', '\n', 0x80, 0x81, 0xBF, 0xC2, 0xE4, 0xED, 0xF0, 0xF4, 0xF8, 0xFC, 0xFE,
                                     0xFF, 0x30, 0xD8, 0xDC, 0xFD };

  for (guint round = 0; round < 4000; round++)
    {
      const char *name = names[round % G_N_ELEMENTS (names)];
      char bytes[48];
      gsize n_bytes = (gsize) g_test_rand_int_range (0, sizeof bytes);
      guint64 n_nul_whole;
      guint64 n_nul;
      g_autoptr (GString) whole = NULL;
      g_autoptr (GString) text = NULL;

      for (gsize i = 0; i < n_bytes; i++)
        bytes[i] = (char) alphabet[g_test_rand_int_range (0, sizeof alphabet)];
      whole = decode (name, bytes, n_bytes, sizeof bytes, &n_nul_whole);
      text = decode (name, bytes, n_bytes, (gsize) g_test_rand_int_range (1, 6), &n_nul);
      g_assert_cmpstr (text->str, ==, whole->str);
      g_assert_cmpuint (n_nul, ==, n_nul_whole);
    }
}

static void
test_converted (void)
{
  static const char *const charsets[] = { "GB18030", "UTF-16LE", "UTF-16BE" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "%s%u😀𠀀,", chinese, i);
  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      gsize n_bytes;
      guint64 n_nul;
      g_autofree char *bytes = g_convert (text->str, (gssize) text->len, charsets[i], "UTF-8", NULL, &n_bytes, NULL);
      g_autoptr (GString) decoded = decode (charsets[i], bytes, n_bytes, 4099, &n_nul);

      g_assert_true (g_string_equal (decoded, text));
      g_assert_cmpuint (n_nul, ==, 0);
    }
}

/* Files of the world, in folders named after their encoding: each is right. */
static void
test_shared (void)
{
  g_autofree char *encodings = find_shared_data ("encodings");
  g_autoptr (GDir) folders = NULL;
  const char *folder_name;
  guint n_files = 0;
  guint n_uncertain = 0;

  if (encodings == NULL)
    return;
  folders = g_dir_open (encodings, 0, NULL);
  while ((folder_name = g_dir_read_name (folders)) != NULL)
    {
      g_autofree char *folder = g_build_filename (encodings, folder_name, NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      /* GB 2312 is the oldest part of GB 18030; the one file in UTF-16 has a mark of big end first. */
      const char *expected = g_str_equal (folder_name, "GB2312")   ? "GB18030"
                             : g_str_equal (folder_name, "UTF-16") ? "UTF-16BE"
                                                                   : folder_name;
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          g_autofree char *bytes = NULL;
          WenEncoding encoding;
          gsize n_bytes;

          g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
          encoding = wen_encoding_guess ((const guint8 *) bytes, n_bytes, TRUE);
          if (g_ascii_strcasecmp (encoding.name, expected) != 0)
            g_test_message ("%s/%s: %s", folder_name, name, encoding.name);
          g_assert_cmpint (g_ascii_strcasecmp (encoding.name, expected), ==, 0);
          g_assert_cmpstr (encoding.candidates[0], ==, encoding.name);
          n_uncertain += !encoding.is_certain;
          n_files++;
        }
    }
  g_assert_cmpuint (n_files, ==, 84);
  g_assert_cmpuint (n_uncertain, <=, 2);
}

/* Short pieces of these files: some guesses are wrong, and then they say that they
 * are not certain, and name the right one too. */
static void
test_pieces (void)
{
  static const char *const names[] = { "Big5", "EUC-JP", "EUC-KR", "SHIFT_JIS", "GB2312" };
  const gsize piece_bytes = 100;
  g_autofree char *encodings = find_shared_data ("encodings");
  guint n_pieces = 0, n_right = 0, n_named = 0, n_certain = 0, n_misled = 0;

  if (encodings == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *folder = g_build_filename (encodings, names[i], NULL);
      const char *expected = g_str_equal (names[i], "GB2312") ? "GB18030" : names[i];
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);
          g_autofree char *bytes = NULL;
          gsize n_bytes;

          g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
          for (gsize begin = 0; begin + piece_bytes < n_bytes; begin += piece_bytes * 7)
            {
              const char *line = memchr (bytes + begin, '\n', n_bytes - begin);
              WenEncoding encoding;
              gboolean is_right;
              gboolean is_named = FALSE;
              guint n_foreign = 0;

              if (line == NULL || line + 1 + piece_bytes > bytes + n_bytes)
                continue;
              for (gsize j = 1; j <= piece_bytes; j++)
                n_foreign += (guchar) line[j] >= 0x80;
              if (n_foreign < 8)
                continue;
              encoding = wen_encoding_guess ((const guint8 *) line + 1, piece_bytes, FALSE);
              is_right = g_ascii_strcasecmp (encoding.name, expected) == 0;
              for (gsize j = 0; encoding.candidates[j] != NULL; j++)
                is_named = is_named || g_ascii_strcasecmp (encoding.candidates[j], expected) == 0;
              n_pieces++;
              n_right += is_right;
              n_named += is_named;
              n_certain += encoding.is_certain;
              n_misled += encoding.is_certain && !is_right;
            }
        }
    }
  g_test_message ("%u pieces: %u right, %u named, %u certain, %u of them wrong", n_pieces, n_right, n_named, n_certain,
                  n_misled);
  g_assert_cmpuint (n_pieces, >, 500);
  g_assert_cmpuint (n_right * 100, >=, n_pieces * 98);
  g_assert_cmpuint (n_named * 1000, >=, n_pieces * 998);
  g_assert_cmpuint (n_certain * 100, >=, n_pieces * 85);
  g_assert_cmpuint (n_misled * 1000, <=, n_pieces * 2);
}

/* Two letters with accents in a table do not make a certainty. */
static void
test_doubt (void)
{
  static const char bytes[] = "text,label\ncaf\xe9 au lait,good\nplain,bad\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = open_bytes_with (bytes, strlen (bytes), NULL, &error);
  g_auto (GStrv) reasons = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (wen_csv_reader_get_encoding (reader), ==, "windows-1252");
  g_assert_false (wen_csv_reader_get_encoding_is_certain (reader));
  g_assert_cmpuint (g_strv_length ((char **) wen_csv_reader_get_encoding_candidates (reader)), ==, 3);
  g_assert_cmpstr (wen_csv_reader_get_encoding_candidates (reader)[0], ==, "windows-1252");
  reasons = wen_csv_reader_dup_reasons (reader);
  g_assert_true (has_sentence (reasons, "It may also be "));
}

static void
test_no_doubt (void)
{
  const WenCsvOptions as_big5 = { .encoding = "big5" };
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) utf8 = open_text (chinese);
  g_autoptr (WenCsvReader) asked = open_bytes_with ("a,b\n\xa4\xa4,\xa4\xe5\n", 10, &as_big5, &error);
  g_autoptr (GPtrArray) rows = NULL;

  g_assert_no_error (error);
  g_assert_true (wen_csv_reader_get_encoding_is_certain (utf8));
  g_assert_cmpuint (g_strv_length ((char **) wen_csv_reader_get_encoding_candidates (utf8)), ==, 1);

  g_assert_true (wen_csv_reader_get_encoding_is_certain (asked));
  g_assert_cmpstr (wen_csv_reader_get_encoding (asked), ==, "Big5");
  rows = read_rows (asked);
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, rows->len - 1))[0], ==, "中");
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, rows->len - 1))[1], ==, "文");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/encoding/guess", test_guess);
  g_test_add_func ("/wen/data/encoding/likelihood", test_likelihood);
  g_test_add_func ("/wen/data/encoding/damage", test_damage);
  g_test_add_func ("/wen/data/encoding/blocks", test_blocks);
  g_test_add_func ("/wen/data/encoding/random-blocks", test_random_blocks);
  g_test_add_func ("/wen/data/encoding/converted", test_converted);
  g_test_add_func ("/wen/data/encoding/shared", test_shared);
  g_test_add_func ("/wen/data/encoding/pieces", test_pieces);
  g_test_add_func ("/wen/data/encoding/doubt", test_doubt);
  g_test_add_func ("/wen/data/encoding/no-doubt", test_no_doubt);

  return g_test_run ();
}
