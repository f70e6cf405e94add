/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows in memory, and how they are divided. */

#include "config.h"

#include "data-testing.h"

#include "wen-dataset.h"

static void
test_append (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();

  wen_dataset_append (dataset, 7, "很好", "正面", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 8, "差", " 负面　", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 9, " 　", "正面", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 10, "一般", NULL, WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 11, "还行", " \t", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 12, " 不好 ", "负面", WEN_SPLIT_TRAIN);

  g_assert_cmpuint (wen_dataset_get_n_rows (dataset), ==, 6);
  g_assert_cmpint (wen_dataset_get_row_id (dataset, 1), ==, 8);
  g_assert_cmpstr (wen_dataset_get_text (dataset, 0), ==, "很好");
  g_assert_cmpstr (wen_dataset_get_text (dataset, 5), ==, " 不好 ");
  g_assert_cmpuint (wen_dataset_get_n_labels (dataset), ==, 2);
  g_assert_cmpstr (wen_dataset_get_label_name (dataset, 0), ==, "正面");
  g_assert_cmpstr (wen_dataset_get_label_name (dataset, 1), ==, "负面");
  g_assert_cmpuint (wen_dataset_get_label (dataset, 5), ==, 1);
  g_assert_cmpuint (wen_dataset_get_label (dataset, 4), ==, WEN_NO_LABEL);
  g_assert_cmpint (wen_dataset_get_split (dataset, 1), ==, WEN_SPLIT_TEST);
  g_assert_cmpint (wen_dataset_get_split (dataset, 2), ==, WEN_SPLIT_NONE);
  g_assert_cmpint (wen_dataset_get_split (dataset, 3), ==, WEN_SPLIT_NONE);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_NONE), ==, 3);
  g_assert_cmpuint (wen_dataset_count_label (dataset, 1, WEN_SPLIT_TRAIN), ==, 1);
  g_assert_cmpuint (wen_dataset_count_label (dataset, 0, WEN_SPLIT_NONE), ==, 1);
}

/* A text that is not nearly the same as that of any other number. */
static char *
make_text (guint number)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (number);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 8; i++)
    g_string_append_unichar (text, (gunichar) g_rand_int_range (random, 0x4E00, 0x9F00));
  return g_string_free (text, FALSE);
}

/* n_by_label: rows of each label. */
static WenDataset *
new_dataset (const guint *n_by_label,
             guint        n_labels)
{
  WenDataset *dataset = wen_dataset_new ();
  gint64 id = 0;

  for (guint label = 0; label < n_labels; label++)
    for (guint i = 0; i < n_by_label[label]; i++)
      {
        g_autofree char *text = make_text ((guint) id);
        g_autofree char *name = g_strdup_printf ("label %u", label);

        wen_dataset_append (dataset, id++, text, name, WEN_SPLIT_TRAIN);
      }
  return dataset;
}

/* Counts that are kept must be those of the rows. */
static void
check_counts (WenDataset *dataset)
{
  gsize total[WEN_N_SPLITS] = { 0 };

  for (guint label = 0; label < wen_dataset_get_n_labels (dataset); label++)
    {
      gsize by_split[WEN_N_SPLITS] = { 0 };

      for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
        if (wen_dataset_get_label (dataset, row) == label)
          by_split[wen_dataset_get_split (dataset, row)]++;
      for (guint split = 0; split < WEN_N_SPLITS; split++)
        g_assert_cmpuint (wen_dataset_count_label (dataset, label, split), ==, by_split[split]);
    }
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    total[wen_dataset_get_split (dataset, row)]++;
  for (guint split = 0; split < WEN_N_SPLITS; split++)
    g_assert_cmpuint (wen_dataset_count_split (dataset, split), ==, total[split]);
}

static void
test_split_shares (void)
{
  const guint n_by_label[] = { 1000, 500, 37, 10, 5, 2, 1 };
  g_autoptr (WenDataset) dataset = new_dataset (n_by_label, G_N_ELEMENTS (n_by_label));

  wen_dataset_split (dataset, 42, 0.2, 0.1, NULL, NULL);
  check_counts (dataset);
  for (guint label = 0; label < G_N_ELEMENTS (n_by_label); label++)
    {
      double test = (double) wen_dataset_count_label (dataset, label, WEN_SPLIT_TEST);
      double validation = (double) wen_dataset_count_label (dataset, label, WEN_SPLIT_VALIDATION);

      g_assert_cmpfloat_with_epsilon (test, 0.2 * n_by_label[label], 1.01);
      g_assert_cmpfloat_with_epsilon (validation, 0.1 * (n_by_label[label] - test), 1.01);
      g_assert_cmpuint (wen_dataset_count_label (dataset, label, WEN_SPLIT_TRAIN), >=, 1);
    }
  g_assert_cmpuint (wen_dataset_count_label (dataset, 6, WEN_SPLIT_TRAIN), ==, 1);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (dataset, WEN_SPLIT_TEST), 0.2 * 1555, 1.01);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (dataset, WEN_SPLIT_VALIDATION), 0.1 * 1244, 2.01);
}

/* Many labels with few rows: rounding each by itself would give the test nothing, or
 * twice too much. */
static void
test_split_small_labels (void)
{
  guint n_by_label[60];
  g_autoptr (WenDataset) twos = NULL;
  g_autoptr (WenDataset) threes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (n_by_label); i++)
    n_by_label[i] = 2;
  twos = new_dataset (n_by_label, G_N_ELEMENTS (n_by_label));
  wen_dataset_split (twos, 1, 0.2, 0, NULL, NULL);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (twos, WEN_SPLIT_TEST), 24, 1.01);
  for (guint i = 0; i < G_N_ELEMENTS (n_by_label); i++)
    n_by_label[i] = 3;
  threes = new_dataset (n_by_label, G_N_ELEMENTS (n_by_label));
  wen_dataset_split (threes, 1, 0.2, 0, NULL, NULL);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (threes, WEN_SPLIT_TEST), 36, 1.01);
}

static void
test_split_repeats (void)
{
  const guint n_by_label[] = { 300, 200 };
  g_autoptr (WenDataset) a = new_dataset (n_by_label, 2);
  g_autoptr (WenDataset) b = new_dataset (n_by_label, 2);
  g_autoptr (WenDataset) c = new_dataset (n_by_label, 2);
  gsize n_different = 0;

  wen_dataset_split (a, 42, 0.2, 0.1, NULL, NULL);
  wen_dataset_split (b, 42, 0.2, 0.1, NULL, NULL);
  wen_dataset_split (c, 43, 0.2, 0.1, NULL, NULL);
  for (gsize row = 0; row < 500; row++)
    {
      g_assert_cmpint (wen_dataset_get_split (a, row), ==, wen_dataset_get_split (b, row));
      n_different += wen_dataset_get_split (a, row) != wen_dataset_get_split (c, row);
    }
  g_assert_cmpuint (n_different, >, 50);
}

/* Each text five times, spaces around it aside, and some of them with two labels. */
static void
test_split_leaks_nothing (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (GHashTable) splits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *bare = make_text (i % 200);
      g_autofree char *text = g_strdup_printf ("%s%s%s", i % 3 == 0 ? " " : "", bare, i % 2 == 0 ? "　\n" : "");

      wen_dataset_append (dataset, i, text, (i % 200) % 2 == 0 || i % 7 == 0 ? "a" : "b", WEN_SPLIT_TRAIN);
    }
  wen_dataset_split (dataset, 42, 0.2, 0.1, NULL, NULL);
  check_counts (dataset);
  for (gsize row = 0; row < 1000; row++)
    {
      g_autofree char *text = g_strdup_printf ("%u", (guint) row % 200);
      gpointer split = GINT_TO_POINTER (wen_dataset_get_split (dataset, row));
      gpointer other;

      if (g_hash_table_lookup_extended (splits, text, NULL, &other))
        g_assert_true (split == other);
      else
        g_hash_table_insert (splits, g_steal_pointer (&text), split);
    }
  g_assert_cmpuint (g_hash_table_size (splits), ==, 200);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (dataset, WEN_SPLIT_TEST), 200, 10);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (dataset, WEN_SPLIT_VALIDATION), 80, 10);
}

/* Rows that are for the test already stay; rows for nothing too. */
static void
test_split_given (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = make_text (i);

      wen_dataset_append (dataset, i, text, i == 3 ? NULL : "a", i < 50 ? WEN_SPLIT_TRAIN : WEN_SPLIT_TEST);
    }
  wen_dataset_split (dataset, 42, 0, 0.1, NULL, NULL);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_TEST), ==, 50);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_NONE), ==, 1);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_VALIDATION), ==, 5);
}

static void
test_warnings (void)
{
  const guint n_by_label[] = { 1000, 900, 20, 2, 1 };
  g_autoptr (WenDataset) dataset = new_dataset (n_by_label, G_N_ELEMENTS (n_by_label));
  g_autoptr (WenDataset) fine = new_dataset (n_by_label, 2);
  g_auto (GStrv) warnings = NULL;
  g_auto (GStrv) no_warnings = NULL;

  wen_dataset_append (dataset, 5000, "only here", "tested", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 5001, "and here", "tested", WEN_SPLIT_TEST);
  wen_dataset_split (dataset, 42, 0.1, 0, NULL, NULL);
  warnings = wen_dataset_dup_warnings (dataset);
  g_assert_cmpuint (g_strv_length (warnings), ==, 4);
  g_assert_nonnull (strstr (warnings[0], "a single row"));
  g_assert_true (g_str_has_suffix (warnings[0], ": label 4."));
  g_assert_nonnull (strstr (warnings[1], "cannot be learned: tested."));
  g_assert_nonnull (strstr (warnings[2], "no row for the test"));
  g_assert_true (g_str_has_suffix (warnings[2], ": label 3."));
  g_assert_nonnull (strstr (warnings[3], "far fewer rows"));
  g_assert_true (g_str_has_suffix (warnings[3], ": label 2, label 3, tested."));

  wen_dataset_split (fine, 42, 0.2, 0.1, NULL, NULL);
  no_warnings = wen_dataset_dup_warnings (fine);
  g_assert_null (no_warnings[0]);
}

static void
count_calls (double   fraction,
             gpointer user_data)
{
  g_assert_cmpfloat (fraction, >=, 0);
  g_assert_cmpfloat (fraction, <=, 1);
  (*(guint *) user_data)++;
}

static void
test_append_csv (void)
{
  g_autoptr (GString) table = g_string_new ("id,text,label\n");
  g_autoptr (WenCsvReader) reader = NULL;
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenImportReport) report = NULL;
  g_autoptr (WenImportReport) copy = NULL;
  g_autoptr (GError) error = NULL;
  guint n_calls = 0;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (table, "%u,text %u,%s\n", i, i, i % 2 != 0 ? "odd" : "even");
  g_string_append (table, "x,,odd\ny, ,even\nz,no label,\nw,short\n");
  reader = open_text (table->str);
  report = wen_dataset_append_csv (dataset, reader, NULL, NULL, FALSE, WEN_SPLIT_TRAIN, count_calls, &n_calls, NULL,
                                   &error);
  g_assert_no_error (error);
  copy = wen_import_report_copy (report);
  g_assert_cmpuint (n_calls, ==, 2);
  g_assert_cmpuint (copy->n_rows, ==, 10004);
  g_assert_cmpuint (copy->n_without_text, ==, 2);
  g_assert_cmpuint (copy->n_without_label, ==, 2);
  g_assert_cmpstr (copy->encoding, ==, "UTF-8");
  g_assert_cmpint (copy->delimiter, ==, ',');
  g_assert_true (copy->has_header);
  g_assert_cmpstr (copy->text_column, ==, "text");
  g_assert_cmpstr (copy->label_column, ==, "label");
  g_assert_true (has_sentence (copy->warnings, "1 row has fewer fields than there are columns: row 10004."));
  g_assert_cmpuint (wen_dataset_get_n_rows (dataset), ==, 10004);
  g_assert_cmpint (wen_dataset_get_row_id (dataset, 0), ==, 1);
  g_assert_cmpstr (wen_dataset_get_text (dataset, 9999), ==, "text 9999");
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_NONE), ==, 4);
}

static WenImportReport *
append_columns (const char *table,
                const char *text_column,
                const char *label_column,
                gboolean    label_optional,
                GError    **error)
{
  g_autoptr (WenCsvReader) reader = open_text (table);
  g_autoptr (WenDataset) dataset = wen_dataset_new ();

  return wen_dataset_append_csv (dataset, reader, text_column, label_column, label_optional, WEN_SPLIT_TRAIN, NULL, NULL,
                                 NULL, error);
}

static void
test_append_csv_columns (void)
{
  static const char three[] = "title,content,label\na,fine one,x\nb,bad one,y\nc,so so one,x\n";
  static const char one[] = "text\nfine\nbad\n";
  g_autoptr (WenImportReport) chosen = append_columns (three, "Title", "content", FALSE, NULL);
  g_autoptr (WenImportReport) text_is_label = append_columns (three, "label", NULL, TRUE, NULL);
  g_autoptr (WenImportReport) unlabelled = append_columns (one, NULL, NULL, TRUE, NULL);
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) twice = NULL;

  g_assert_cmpstr (chosen->text_column, ==, "title");
  g_assert_cmpstr (chosen->label_column, ==, "content");
  g_assert_cmpstr (text_is_label->text_column, ==, "label");
  g_assert_cmpstr (text_is_label->label_column, !=, "label");
  g_assert_cmpstr (unlabelled->label_column, ==, NULL);
  g_assert_cmpuint (unlabelled->n_without_label, ==, 2);

  g_assert_null (append_columns (one, NULL, NULL, FALSE, &missing));
  g_assert_error (missing, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN);
  g_assert_null (append_columns (three, "texts", NULL, FALSE, &unknown));
  g_assert_error (unknown, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN);
  g_assert_nonnull (strstr (unknown->message, "title, content, label"));
  g_assert_null (append_columns (three, "label", "label", FALSE, &twice));
  g_assert_error (twice, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/dataset/append", test_append);
  g_test_add_func ("/wen/data/dataset/split-shares", test_split_shares);
  g_test_add_func ("/wen/data/dataset/split-small-labels", test_split_small_labels);
  g_test_add_func ("/wen/data/dataset/split-repeats", test_split_repeats);
  g_test_add_func ("/wen/data/dataset/split-leaks-nothing", test_split_leaks_nothing);
  g_test_add_func ("/wen/data/dataset/split-given", test_split_given);
  g_test_add_func ("/wen/data/dataset/warnings", test_warnings);
  g_test_add_func ("/wen/data/dataset/append-csv", test_append_csv);
  g_test_add_func ("/wen/data/dataset/append-csv-columns", test_append_csv_columns);

  return g_test_run ();
}
