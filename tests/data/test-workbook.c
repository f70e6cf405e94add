/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Spreadsheets: what cells say, and archives that are not what they should be. */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

#include "wen-csv-reader.h"

typedef struct
{
  const char *name;
  const char *text;
} Part;

static const char relations[] =
  "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
  "<Relationship Id=\"rId2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
static const char one_sheet[] =
  "<workbook xmlns:r=\"r\"><sheets><sheet name=\"评论\" sheetId=\"7\" r:id=\"rId1\"/></sheets></workbook>";

static void
write_archive (const char *path,
               const Part *parts,
               gsize       n_parts)
{
  struct archive *archive = archive_write_new ();

  archive_write_set_format_zip (archive);
  g_assert_cmpint (archive_write_open_filename (archive, path), ==, ARCHIVE_OK);
  for (gsize i = 0; i < n_parts; i++)
    {
      struct archive_entry *entry = archive_entry_new ();
      gsize n_bytes = strlen (parts[i].text);

      archive_entry_set_pathname (entry, parts[i].name);
      archive_entry_set_size (entry, (la_int64_t) n_bytes);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
      g_assert_cmpint (archive_write_data (archive, parts[i].text, n_bytes), ==, (gssize) n_bytes);
      archive_entry_free (entry);
    }
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  archive_write_free (archive);
}

typedef struct
{
  char *path;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int file = g_file_open_tmp ("wenlei-XXXXXX.csv", &fixture->path, &error);

  g_assert_no_error (error);
  g_close (file, NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_unlink (fixture->path);
  g_free (fixture->path);
}

static WenCsvReader *
open_reader (Fixture *fixture,
             GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);

  return wen_csv_reader_new (file, NULL, NULL, error);
}

/* All rows, "a|b|c" each on a line; NULL with error set. */
static char *
read_rows (Fixture *fixture,
           GError **error)
{
  g_autoptr (WenCsvReader) reader = open_reader (fixture, error);
  g_autoptr (GString) rows = g_string_new (NULL);
  const char *const *fields;
  gsize n_fields;
  double progress = 0;

  if (reader == NULL)
    return NULL;
  while (wen_csv_reader_next (reader, &fields, &n_fields, NULL, error))
    {
      g_assert_cmpfloat (wen_csv_reader_get_progress (reader), >=, progress);
      progress = wen_csv_reader_get_progress (reader);
      g_assert_cmpfloat (progress, <=, 1);
      if (fields == NULL)
        {
          g_assert_cmpfloat (progress, ==, 1);
          return g_string_free (g_steal_pointer (&rows), FALSE);
        }
      for (gsize i = 0; i < n_fields; i++)
        g_string_append_printf (rows, "%s%s", i > 0 ? "|" : "", fields[i]);
      g_string_append_c (rows, '\n');
    }
  return NULL;
}

static void
test_cells (Fixture      *fixture,
            gconstpointer data)
{
  const Part parts[] = {
    { "[Content_Types].xml", "<Types/>" },
    { "xl/workbook.xml",
      "<x:workbook xmlns:x=\"x\" xmlns:r=\"r\"><x:sheets><x:sheet name=\"hidden\" state=\"hidden\" r:id=\"rId1\"/>"
      "<x:sheet name=\"shown\" sheetId=\"1\" r:id=\"rId2\"/></x:sheets></x:workbook>" },
    { "xl/_rels/workbook.xml.rels", relations },
    { "xl/worksheets/sheet1.xml", "<worksheet/>" },
    { "xl/worksheets/sheet2.xml",
      "<x:worksheet xmlns:x=\"x\"><x:sheetData>"
      "<x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c><x:c r=\"B1\" t=\"inlineStr\"><x:is><x:t>label</x:t></x:is>"
      "</x:c><x:c r=\"C1\" t=\"str\"><x:f>A1</x:f><x:v>when</x:v></x:c><x:c t=\"inlineStr\"><x:is><x:t>n</x:t></x:is></x:c>"
      "</x:row>"
      "<x:row r=\"2\"><x:c r=\"A2\" t=\"s\"><x:v>1</x:v></x:c><x:c r=\"B2\" t=\"b\"><x:v>1</x:v></x:c>"
      "<x:c r=\"C2\" s=\"1\"><x:v>45292</x:v></x:c><x:c r=\"D2\"><x:v>0.10000000000000001</x:v></x:c></x:row>"
      "<x:row r=\"3\"><x:c r=\"A3\"/><x:c r=\"B3\" t=\"s\"/></x:row>"
      "<x:row r=\"9\"><x:c r=\"B9\" t=\"e\"><x:v>#N/A</x:v></x:c><x:c r=\"C9\" s=\"2\"><x:v>45292.75</x:v></x:c>"
      "<x:c r=\"D9\"><x:v>1E3</x:v></x:c></x:row>"
      "<x:row r=\"10\"><x:c r=\"A10\" t=\"s\"><x:v>2</x:v></x:c><x:c r=\"B10\" t=\"s\"><x:v>99</x:v></x:c>"
      "<x:c r=\"C10\" s=\"1\"><x:v>0.5</x:v></x:c><x:c r=\"D10\" s=\"3\"><x:v>7</x:v></x:c></x:row>"
      "</x:sheetData></x:worksheet>" },
    { "xl/sharedStrings.xml",
      "<sst><si><t>text</t></si><si><r><t>房间</t></r><r><rPr/><t xml:space=\"preserve\">, \"大\" &amp; 好</t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>ファン</t></rPh></si><si><t>two_x000A_lines _x_ 5_x005F_</t></si></sst>" },
    { "xl/styles.xml",
      "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m\\-d h:mm\"/>"
      "<numFmt numFmtId=\"171\" formatCode=\"[Red]0.00&quot;days&quot;\"/></numFmts>"
      "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
      "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/></cellXfs></styleSheet>" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = NULL;
  g_autofree char *rows = NULL;
  g_auto (GStrv) warnings = NULL;

  write_archive (fixture->path, parts, G_N_ELEMENTS (parts));
  rows = read_rows (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rows, ==,
                   "房间, \"大\" & 好|TRUE|2024-01-01|0.1\n"
                   "|#N/A|2024-01-01 18:00:00|1000\n"
                   "two\nlines _x_ 5_||12:00:00|7\n");

  reader = open_reader (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (wen_csv_reader_get_has_header (reader));
  g_assert_cmpstr (wen_csv_reader_get_columns (reader)[0], ==, "text");
  g_assert_cmpstr (wen_csv_reader_get_columns (reader)[3], ==, "n");
  g_assert_cmpstr (wen_csv_reader_get_encoding (reader), ==, "UTF-8");
  warnings = wen_csv_reader_dup_warnings (reader);
  g_assert_cmpuint (g_strv_length (warnings), ==, 0);
}

/* Days by which both ways to count them can be told. */
static void
test_days (Fixture      *fixture,
           gconstpointer data)
{
  static const struct { const char *workbook, *number, *day; } days[] = {
    { one_sheet, "1", "1900-01-01" },
    { one_sheet, "59", "1900-02-28" },
    { one_sheet, "61", "1900-03-01" },
    { one_sheet, "36526", "2000-01-01" },
    { one_sheet, "2958465", "9999-12-31" },
    { one_sheet, "2958466", "2958466" },
    { one_sheet, "45292.999999", "2024-01-02" },
    { "<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet r:id=\"rId1\"/></sheets></workbook>", "35064",
      "2000-01-01" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    {
      g_autofree char *sheet = g_strdup_printf (
        "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>day</t></is></c></row>"
        "<row><c s=\"0\"><v>%s</v></c></row></sheetData></worksheet>", days[i].number);
      const Part parts[] = {
        { "xl/workbook.xml", days[i].workbook },
        { "xl/_rels/workbook.xml.rels", relations },
        { "xl/worksheets/sheet1.xml", sheet },
        { "xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>" },
      };
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = NULL;

      write_archive (fixture->path, parts, G_N_ELEMENTS (parts));
      rows = read_rows (fixture, &error);
      g_assert_no_error (error);
      g_strchomp (rows);
      g_assert_cmpstr (strrchr (rows, '\n') != NULL ? strrchr (rows, '\n') + 1 : rows, ==, days[i].day);
    }
}

static char *
make_sheet (guint n_rows)
{
  GString *sheet = g_string_new ("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>text</t></is></c>"
                                 "<c t=\"inlineStr\"><is><t>label</t></is></c></row>");

  for (guint row = 0; row < n_rows; row++)
    g_string_append_printf (sheet, "<row r=\"%u\"><c t=\"inlineStr\"><is><t>评论 %u</t></is></c><c><v>%u</v></c></row>",
                            row + 2, row, row % 3);
  g_string_append (sheet, "</sheetData></worksheet>");
  return g_string_free (sheet, FALSE);
}

static void
write_sheet (Fixture    *fixture,
             const char *sheet)
{
  const Part parts[] = {
    { "xl/workbook.xml", one_sheet },
    { "xl/_rels/workbook.xml.rels", relations },
    { "xl/worksheets/sheet1.xml", sheet },
  };

  write_archive (fixture->path, parts, G_N_ELEMENTS (parts));
}

static void
test_many_rows (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *sheet = make_sheet (30000);
  g_autofree char *rows = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  write_sheet (fixture, sheet);
  rows = read_rows (fixture, &error);
  g_assert_no_error (error);
  lines = g_strsplit (rows, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 30001);
  g_assert_cmpstr (lines[29999], ==, "评论 29999|2");
}

static void
test_bad (Fixture      *fixture,
          gconstpointer data)
{
  static const struct { Part parts[3]; const char *message; } bad[] = {
    { { { "readme.txt", "hello" } }, "without a spreadsheet in it" },
    { { { "mimetype", "application/vnd.oasis.opendocument.spreadsheet" }, { "content.xml", "<x/>" } }, "OpenDocument" },
    { { { "xl/workbook.xml", "<workbook><sheets/></workbook>" }, { "xl/_rels/workbook.xml.rels", relations } },
      "no sheet that can be seen" },
    { { { "xl/workbook.xml", one_sheet }, { "xl/_rels/workbook.xml.rels", relations } }, "no sheet that can be seen" },
    { { { "xl/workbook.xml", "<workbook><sheets>" } }, "is damaged" },
    { { { "xl/workbook.xml", one_sheet }, { "xl/_rels/workbook.xml.rels", relations },
        { "xl/worksheets/sheet1.xml", "<worksheet><row><c r=\"ZZZZZZ1\"><v>1</v></c></row></worksheet>" } },
      "more than 16384 columns" },
    { { { "xl/workbook.xml", one_sheet }, { "xl/_rels/workbook.xml.rels", relations },
        { "xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet><row><c t=\"str\"><v>&a;</v></c></row>"
                                      "</worksheet>" } },
      "is damaged" },
    { { { "xl/workbook.xml", one_sheet }, { "xl/_rels/workbook.xml.rels", relations },
        { "xl/worksheets/sheet1.xml", "<worksheet><row/></worksheet>" } },
      "is empty" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gsize n_parts = 0;
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = NULL;

      while (n_parts < 3 && bad[i].parts[n_parts].name != NULL)
        n_parts++;
      write_archive (fixture->path, bad[i].parts, n_parts);
      rows = read_rows (fixture, &error);
      g_assert_null (rows);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].message));
      g_assert_null (strchr (error->message, '\n'));
    }
}

/* Bytes that were changed or cut off give rows or a sentence, never a crash. */
static void
test_damaged (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *sheet = make_sheet (50);
  g_autofree char *whole = NULL;
  gsize n_bytes;
  guint n_refused = 0;

  write_sheet (fixture, sheet);
  g_assert_true (g_file_get_contents (fixture->path, &whole, &n_bytes, NULL));
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *bytes = g_memdup2 (whole, n_bytes);
      gsize length = i % 2 == 0 ? n_bytes : 4 + (gsize) g_test_rand_int_range (0, (gint32) n_bytes - 4);
      g_autoptr (GError) error = NULL;
      g_autofree char *rows = NULL;

      for (guint j = 0; j < 1 + i % 7; j++)
        bytes[g_test_rand_int_range (4, (gint32) n_bytes)] = (char) g_test_rand_int_range (0, 256);
      g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) length, NULL));
      rows = read_rows (fixture, &error);
      g_assert_true ((rows != NULL) == (error == NULL));
      n_refused += rows == NULL;
    }
  g_test_message ("%u of 400 refused", n_refused);
  g_assert_cmpuint (n_refused, >, 150);
}

#define ADD(path, function) \
  g_test_add ("/wen/data/workbook/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("cells", test_cells);
  ADD ("days", test_days);
  ADD ("many-rows", test_many_rows);
  ADD ("bad", test_bad);
  ADD ("damaged", test_damaged);

  return g_test_run ();
}
