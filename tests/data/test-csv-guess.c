/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is guessed about tables as people have them. */

#include "config.h"

#include "data-testing.h"

typedef struct
{
  const char *table;
  char        delimiter;
  gboolean    has_header;
  gssize      text_column;
  gssize      label_column;
  gsize       n_rows;
} Case;

static const Case cases[] = {
  /* names, in any order and language */
  { "label,text\n1,很好\n0,差\n", ',', TRUE, 1, 0, 2 },
  { "text,label\n很好,1\n差,0\n", ',', TRUE, 0, 1, 2 },
  { "评论\t类别\n很好\t1\n", '\t', TRUE, 0, 1, 1 },
  { "id;Content;Category\n7;fine;good\n8;no;bad\n", ';', TRUE, 1, 2, 2 },
  { "title,content,label\na long enough title,short,x\nanother long title,text,y\n", ',', TRUE, 1, 2, 2 },
  { "review_text,sentiment_label\nfine,good\nno,bad\n", ',', TRUE, 0, 1, 2 },
  { ",text,label\n0,fine,good\n1,no,bad\n", ',', TRUE, 1, 2, 2 },
  { "label,label_text\n1,x\n", ',', TRUE, -2, -2, 1 },
  /* no names */
  { "很好吃的一家店,正面\n等太久了,负面\n一般,中性\n送得快,正面\n", ',', FALSE, 0, 1, 4 },
  { "正面\t很好吃的一家店\n负面\t等太久了\n正面\t送得快\n", '\t', FALSE, 1, 0, 3 },
  { "news\tthe bank raised rates\nsport\tthe team won\nnews\tvotes are counted\n", '\t', FALSE, 1, 0, 3 },
  { "fine,good\n", ',', FALSE, 0, 1, 1 },
  /* unknown names over other kinds of values */
  { "what,stars\nfine place,5\nbad food,1\nso so,3\ngood,4\n", ',', TRUE, 0, 1, 4 },
  { "says,mood\nfine place,glad\nbad food,sad\ngood,glad\nawful,sad\nnice,glad\nno,sad\n", ',', TRUE, 0, 1, 6 },
  { "a,kind\nthis is quite a long text,x1\nand here is another one,x2\nthe third of the texts,x3\n"
    "this is the last of them,x4\n", ',', TRUE, 0, 1, 4 },
  /* one column, with and without a name */
  { "text\nfine, really\nno, thanks, no\nwell\n", '\t', TRUE, 0, -1, 3 },
  { "fine, really\nno, thanks, no\nwell\nyes, yes, yes, yes\nok\n", '\t', FALSE, 0, -1, 5 },
  { "房间很大\n早餐好\n服务员态度差\n", '\t', FALSE, 0, -1, 3 },
  /* a column that is the same everywhere is not the label */
  { "source,text,mark\nweb,good food here,a\nweb,bad food there,b\nweb,no food at all,a\nweb,more food,b\n", ',', TRUE,
    1, 2, 4 },
  /* tabs between, commas within */
  { "a, b, c\t1\nd, e\t0\nf, g, h\t1\ni, j\t0\n", '\t', FALSE, 0, 1, 4 },
  /* nothing is quoted */
  { "good,nice\nbad,late, cold, never\ngood,well, well\nbad,no, no, no, no\n", ',', FALSE, 1, 0, 4 },
  /* ragged */
  { "text,label\nfine,good\nno\nwell,then,bad\n,\n", ',', TRUE, 0, 1, 4 },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WenCsvReader) reader = open_text (cases[i].table);
      g_autoptr (GPtrArray) rows = NULL;
      g_autofree char *text_reason = NULL;
      g_autofree char *label_reason = NULL;
      gssize text_column;
      gssize label_column;

      g_test_message ("%s", cases[i].table);
      g_assert_cmpint (wen_csv_reader_get_delimiter (reader), ==, cases[i].delimiter);
      g_assert_cmpint (wen_csv_reader_get_has_header (reader), ==, cases[i].has_header);
      wen_csv_reader_guess_columns (reader, &text_column, &label_column, &text_reason, &label_reason);
      if (cases[i].text_column != -2)
        {
          g_assert_cmpint (text_column, ==, cases[i].text_column);
          g_assert_cmpint (label_column, ==, cases[i].label_column);
        }
      g_assert_cmpint (text_column, !=, label_column);
      g_assert_true (g_str_has_suffix (text_reason, "."));
      g_assert_true (g_str_has_suffix (label_reason, "."));
      rows = read_rows (reader);
      g_assert_cmpuint (rows->len, ==, cases[i].n_rows);
    }
}

/* Tables that some program wrote without quoting have quotes that never close. */
static void
test_without_quoting (void)
{
  g_autoptr (WenCsvReader) reader = open_text ("label\ttext\n"
                                               "1\t\"神马都是浮云\n"
                                               "0\t他说\"不\"\n"
                                               "1\t好\n"
                                               "0\t\"又来了\n");
  g_autoptr (GPtrArray) rows = read_rows (reader);
  g_auto (GStrv) reasons = wen_csv_reader_dup_reasons (reader);
  g_auto (GStrv) warnings = wen_csv_reader_dup_warnings (reader);

  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 0))[1], ==, "\"神马都是浮云");
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 3))[1], ==, "\"又来了");
  g_assert_true (has_sentence (reasons, "Quotation marks are part of the texts"));
  g_assert_null (warnings[0]);
}

/* One bad row among rows with quoting is no reason to do without it. */
static void
test_with_quoting (void)
{
  g_autoptr (WenCsvReader) reader = open_text ("text,label\n"
                                               "\"fine, really\",\"good\"\n"
                                               "\"no\",\"bad\"\n"
                                               "\"oh \"my\" god\",\"bad\"\n"
                                               "\"well\",\"good\"\n");
  g_autoptr (GPtrArray) rows = read_rows (reader);

  g_assert_cmpuint (rows->len, ==, 4);
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 0))[0], ==, "fine, really");
  g_assert_cmpstr (((char **) g_ptr_array_index (rows, 3))[1], ==, "good");
}

static void
test_reasons (void)
{
  g_autoptr (WenCsvReader) reader = open_text ("a\tb\nfine\tgood\nwell\tgood\n");
  g_auto (GStrv) reasons = wen_csv_reader_dup_reasons (reader);

  g_assert_cmpuint (g_strv_length (reasons), ==, 3);
  g_assert_cmpstr (reasons[0], ==, "Every character is valid UTF-8.");
  g_assert_cmpstr (reasons[1], ==, "Tabs cut the rows most evenly into columns.");
  g_assert_cmpstr (reasons[2], ==, "The first row looks like the rows after it, so it is a row too.");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/csv-guess/cases", test_cases);
  g_test_add_func ("/wen/data/csv-guess/without-quoting", test_without_quoting);
  g_test_add_func ("/wen/data/csv-guess/with-quoting", test_with_quoting);
  g_test_add_func ("/wen/data/csv-guess/reasons", test_reasons);

  return g_test_run ();
}
