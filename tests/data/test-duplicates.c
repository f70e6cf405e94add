/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows that say the same or nearly: found, and kept on one side of a split. */

#include "config.h"

#include "wen-duplicates-private.h"

static const gboolean all_splits[WEN_N_SPLITS] = { TRUE, TRUE, TRUE, TRUE };

static WenDataset *
new_dataset (const char *const *texts,
             gsize              n_texts)
{
  WenDataset *dataset = wen_dataset_new ();

  for (gsize i = 0; i < n_texts; i++)
    wen_dataset_append (dataset, (gint64) i, texts[i], i % 2 == 0 ? "a" : "b", WEN_SPLIT_TRAIN);
  return dataset;
}

static void
assert_groups (const guint32 *groups,
               const guint32 *expected,
               gsize          n_rows)
{
  for (gsize row = 0; row < n_rows; row++)
    g_assert_cmpuint (groups[row], ==, expected[row]);
}

static void
test_by_hand (void)
{
  static const char *const texts[] = {
    "味道很好",                    /* 0 */
    " 味道很好\n",                 /* 1: spaces around it */
    "味道，很好！！",              /* 2: punctuation */
    "The Room Was Clean",          /* 3 */
    "the room　was clean.",        /* 4: case, a wide space */
    "味道不好",                    /* 5: another text */
    ":)",                          /* 6: signs alone are a text */
    ":(",                          /* 7 */
    "",                            /* 8 */
    "早上点的外卖中午才送到真的太慢了", /* 9: 15 pairs of characters */
    "早上点的外卖中午才送到真的太慢",   /* 10: 14 of them: 14 / 15 */
    "早上点的外卖下午才送到真的很慢了", /* 11: 11 common, 19 in all with row 9 */
  };
  static const guint32 equal[] = { 0, 0, 0, 3, 3, 5, 6, 7, WEN_NO_GROUP, 9, 10, 11 };
  static const guint32 near[] = { 0, 0, 0, 3, 3, 5, 6, 7, WEN_NO_GROUP, 9, 9, 11 };
  g_autoptr (WenDataset) dataset = new_dataset (texts, G_N_ELEMENTS (texts));
  g_autofree guint32 *found = wen_duplicates_find_equal (dataset, all_splits);
  g_autofree guint32 *found_near = wen_duplicates_find_near (dataset, found, 0, NULL);

  assert_groups (found, equal, G_N_ELEMENTS (texts));
  assert_groups (found_near, near, G_N_ELEMENTS (texts));
}

/* A text of n characters out of n_kinds. */
static char *
make_text (guint64 seed,
           guint   n,
           guint   n_kinds)
{
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) seed);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_unichar (text, 0x4E00 + (gunichar) g_rand_int_range (random, 0, (gint32) n_kinds));
  return g_string_free (text, FALSE);
}

/* The pairs of characters of a text, counted by another way than that of the engine. */
static GHashTable *
get_pairs (const char *text)
{
  GHashTable *pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *next;

  for (const char *p = text; *(next = g_utf8_next_char (p)) != '\0'; p = next)
    g_hash_table_add (pairs, g_strndup (p, (gsize) (g_utf8_next_char (next) - p)));
  return pairs;
}

static double
get_jaccard_index (GHashTable *left,
                   GHashTable *right)
{
  GHashTableIter iter;
  gpointer pair;
  guint n_common = 0;

  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, &pair, NULL))
    n_common += g_hash_table_contains (right, pair);
  return (double) n_common / (g_hash_table_size (left) + g_hash_table_size (right) - n_common);
}

/* Replaces a character here and there. */
static char *
make_near_copy (const char *text,
                guint64     seed)
{
  g_autofree gunichar *characters = g_utf8_to_ucs4_fast (text, -1, NULL);
  glong n = g_utf8_strlen (text, -1);
  glong n_changes = 1 + (glong) (seed % (guint64) (1 + n / 25));

  for (glong i = 0; i < n_changes; i++)
    characters[(seed * 7 + (guint64) (i * 11)) % (guint64) n] = 0x9000;
  return g_ucs4_to_utf8 (characters, -1, NULL, NULL, NULL);
}

typedef struct
{
  guint n_rows;
  guint shortest;
  guint n_lengths;
  guint least_near;
} Planted;

/* Texts of which one in twenty is nearly the same as another: no pair that a plain
 * comparison of all with all finds is missed, and none is joined without reason. */
static void
test_planted (gconstpointer data)
{
  const Planted *planted = data;
  const guint n_rows = planted->n_rows;
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_autofree guint32 *equal = NULL;
  g_autofree guint32 *near = NULL;
  g_autofree guint32 *expected = g_new (guint32, n_rows);
  guint n_near = 0;

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *text = i % 20 == 19 ? make_near_copy (wen_dataset_get_text (dataset, (i * 13) % i), i)
                                           : make_text (i, planted->shortest + i % planted->n_lengths, i % 3 == 0 ? 12 : 400);

      wen_dataset_append (dataset, i, text, i % 2 == 0 ? "a" : "b", WEN_SPLIT_TRAIN);
      g_ptr_array_add (pairs, get_pairs (text));
    }
  equal = wen_duplicates_find_equal (dataset, all_splits);
  near = wen_duplicates_find_near (dataset, equal, 1000, NULL);

  for (guint row = 0; row < n_rows; row++)
    expected[row] = row;
  for (guint row = 0; row < n_rows; row++)
    for (guint other = 0; other < row; other++)
      if (get_jaccard_index (pairs->pdata[row], pairs->pdata[other]) >= 0.8)
        {
          guint32 from = MAX (expected[row], expected[other]);
          guint32 to = MIN (expected[row], expected[other]);

          n_near++;
          for (guint i = 0; i < n_rows; i++)
            expected[i] = expected[i] == from ? to : expected[i];
        }
  assert_groups (near, expected, n_rows);
  g_assert_cmpuint (n_near, >=, planted->least_near);

  wen_dataset_split (dataset, 42, 0.2, 0.1, NULL, NULL);
  for (guint row = 0; row < n_rows; row++)
    g_assert_cmpint (wen_dataset_get_split (dataset, row), ==, wen_dataset_get_split (dataset, expected[row]));
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_split (dataset, WEN_SPLIT_TEST), 0.2 * n_rows, 5);
}

/* Long texts, for which one block of shingles is not enough. */
static void
test_long_texts (void)
{
  const guint n_rows = 200;
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autofree guint32 *equal = NULL;
  g_autofree guint32 *near = NULL;

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *text = i % 2 == 1 ? make_near_copy (wen_dataset_get_text (dataset, i - 1), 3)
                                         : make_text (i, 2500, 3000);

      wen_dataset_append (dataset, i, text, "a", WEN_SPLIT_TRAIN);
    }
  equal = wen_duplicates_find_equal (dataset, all_splits);
  near = wen_duplicates_find_near (dataset, equal, 20000, NULL);
  for (guint row = 0; row < n_rows; row++)
    g_assert_cmpuint (near[row], ==, row - row % 2);
}

/* Rows of one label that all say nearly the same have to be divided all the same, but
 * not those that say quite the same. */
static void
test_one_template (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_auto (GStrv) warnings = NULL;

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *text = g_strdup_printf ("您好，您的快递已经送到小区门口的快递柜里，请尽快凭取件码%u取走，谢谢合作", i / 2);
      g_autofree char *other = make_text (i, 20, 2000);

      wen_dataset_append (dataset, 2 * i, text, "parcel", WEN_SPLIT_TRAIN);
      wen_dataset_append (dataset, 2 * i + 1, other, "other", WEN_SPLIT_TRAIN);
    }
  wen_dataset_split (dataset, 42, 0.1, 0.1, NULL, NULL);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_label (dataset, 0, WEN_SPLIT_TEST), 300, 2.01);
  g_assert_cmpfloat_with_epsilon ((double) wen_dataset_count_label (dataset, 1, WEN_SPLIT_TEST), 300, 2.01);
  for (gsize row = 0; row < 6000; row += 4)
    g_assert_cmpint (wen_dataset_get_split (dataset, row), ==, wen_dataset_get_split (dataset, row + 2));
  warnings = wen_dataset_dup_warnings (dataset);
  g_assert_cmpuint (g_strv_length (warnings), ==, 1);
  g_assert_true (g_str_has_suffix (warnings[0], "better than it is: parcel."));
}

static void
test_cancelled (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = make_text (i, 20, 2000);

      wen_dataset_append (dataset, i, text, "a", WEN_SPLIT_TRAIN);
    }
  g_cancellable_cancel (cancellable);
  g_assert_false (wen_dataset_split (dataset, 42, 0.1, 0.1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_TRAIN), ==, 100);
}

static void
test_empty (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();

  wen_dataset_split (dataset, 42, 0.1, 0.1, NULL, NULL);
  wen_dataset_append (dataset, 1, "", "a", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 2, "a", "a", WEN_SPLIT_TRAIN);
  wen_dataset_split (dataset, 42, 0.1, 0.1, NULL, NULL);
  g_assert_cmpuint (wen_dataset_count_split (dataset, WEN_SPLIT_TRAIN), ==, 1);
}

static const Planted short_texts = { 2000, 4, 60, 60 };
static const Planted longer_texts = { 600, 70, 200, 20 };

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/duplicates/by-hand", test_by_hand);
  g_test_add_data_func ("/wen/data/duplicates/planted/short", &short_texts, test_planted);
  g_test_add_data_func ("/wen/data/duplicates/planted/longer", &longer_texts, test_planted);
  g_test_add_func ("/wen/data/duplicates/long-texts", test_long_texts);
  g_test_add_func ("/wen/data/duplicates/one-template", test_one_template);
  g_test_add_func ("/wen/data/duplicates/cancelled", test_cancelled);
  g_test_add_func ("/wen/data/duplicates/empty", test_empty);

  return g_test_run ();
}
