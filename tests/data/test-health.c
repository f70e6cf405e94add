/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is found in datasets made for it, with numbers known by hand. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "wen-health.h"

static WenFinding *
find (WenHealth      *health,
      WenFindingKind  kind)
{
  for (gsize i = 0; i < wen_health_get_n_findings (health); i++)
    if (wen_finding_get_kind (wen_health_get_finding (health, i)) == kind)
      return wen_health_get_finding (health, i);
  return NULL;
}

static WenHealth *
examine (WenDataset *dataset)
{
  g_autoptr (GError) error = NULL;
  WenHealth *health = wen_health_new (dataset, NULL, &error);

  g_assert_no_error (error);
  return health;
}

/* Whether a finding has exactly these rows, given as text. */
static void
assert_rows (WenHealth      *health,
             WenFindingKind  kind,
             const char     *expected)
{
  WenFinding *finding = find (health, kind);
  g_autoptr (GString) list = g_string_new (NULL);
  const guint *rows;
  gsize n_rows;

  g_assert_nonnull (finding);
  rows = wen_finding_get_rows (finding, &n_rows);
  for (gsize i = 0; i < n_rows; i++)
    g_string_append_printf (list, "%s%u", i > 0 ? " " : "", rows[i]);
  g_assert_cmpstr (list->str, ==, expected);
  g_assert_cmpstr (wen_finding_get_sentence (finding), !=, "");
}

static void
add (WenDataset *dataset,
     const char *text,
     const char *label,
     WenSplit    split)
{
  wen_dataset_append (dataset, (gint64) wen_dataset_get_n_rows (dataset) + 1, text, label, split);
}

static void
test_findings (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenHealth) health = NULL;
  g_autofree char *overlong = g_strnfill (9000, 'x');

  add (dataset, "早上点的外卖中午才送到真的太慢了", "差", WEN_SPLIT_TRAIN); /* 0 */
  add (dataset, "早上点的外卖中午才送到真的太慢", "差", WEN_SPLIT_TEST);    /* 1: nearly row 0 */
  add (dataset, "味道很好", "好", WEN_SPLIT_TRAIN);                        /* 2 */
  add (dataset, "味道很好！", "好", WEN_SPLIT_TRAIN);                      /* 3: row 2 again */
  add (dataset, "还行吧", "好", WEN_SPLIT_TRAIN);                          /* 4 */
  add (dataset, " 还行吧", "差", WEN_SPLIT_TRAIN);                         /* 5: row 4, with another label */
  add (dataset, " ", "差", WEN_SPLIT_TRAIN);                               /* 6 */
  add (dataset, "没有标签的一行", "", WEN_SPLIT_TRAIN);                    /* 7 */
  add (dataset, "this one is English", "好", WEN_SPLIT_TRAIN);             /* 8 */
  add (dataset, overlong, "好", WEN_SPLIT_VALIDATION);                     /* 9 */
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GString) chinese = g_string_new (NULL);

      for (guint j = 0; j < 8; j++)
        g_string_append_unichar (chinese, 0x5000 + 100 * j + 13 * i);
      add (dataset, chinese->str, i < 10 ? "好" : "差", WEN_SPLIT_TRAIN);
    }
  add (dataset, "只有这一行", "少", WEN_SPLIT_TRAIN); /* 30 */

  health = examine (dataset);
  assert_rows (health, WEN_FINDING_EMPTY_TEXTS, "6");
  assert_rows (health, WEN_FINDING_MISSING_LABELS, "7");
  assert_rows (health, WEN_FINDING_LONG_TEXTS, "9");
  assert_rows (health, WEN_FINDING_EQUAL_TEXTS, "3");
  assert_rows (health, WEN_FINDING_NEAR_TEXTS, "1");
  assert_rows (health, WEN_FINDING_CONFLICTING_LABELS, "4 5");
  assert_rows (health, WEN_FINDING_LANGUAGES, "8 9");
  assert_rows (health, WEN_FINDING_LEAKED_TEXTS, "1");
  assert_rows (health, WEN_FINDING_RARE_LABELS, "30");
  g_assert_cmpint (wen_finding_get_mend (find (health, WEN_FINDING_LEAKED_TEXTS)), ==, WEN_MEND_SPLIT_AGAIN);
  g_assert_cmpfloat (wen_finding_get_value (find (health, WEN_FINDING_LABEL_COUNTS)), ==, 3);
  g_assert_nonnull (strstr (wen_finding_get_sentence (find (health, WEN_FINDING_RARE_LABELS)), "“少”"));
  /* 29 rows with a text and a label: 27 for training, 1 each for the others. */
  g_assert_cmpfloat_with_epsilon (wen_finding_get_value (find (health, WEN_FINDING_SPLITS)), 1.0 / 29, 1e-12);
}

static double
entropy_of_two (double share)
{
  return -share * log (share) - (1 - share) * log (1 - share);
}

/* 40 rows, half of each label; "good" is in 16 of the one and 4 of the other. */
static void
test_information_gain (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenHealth) health = NULL;
  gsize n_rows;
  double gain;

  for (guint i = 0; i < 40; i++)
    {
      gboolean has_word = i % 2 == 0 ? i < 32 : i < 8;
      g_autofree char *text = g_strdup_printf ("hotel %u %s Good%s", i, has_word ? "GOOD" : "x", has_word ? "" : "y");

      add (dataset, text, i % 2 == 0 ? "yes" : "no", WEN_SPLIT_TRAIN);
    }
  health = examine (dataset);
  g_assert_cmpfloat_with_epsilon (wen_finding_get_value (find (health, WEN_FINDING_LABEL_ENTROPY)), log (2), 1e-12);
  g_assert_cmpuint (wen_health_get_n_tokens (health), ==, 10);
  g_assert_cmpstr (wen_health_get_token (health, 0, &gain, &n_rows), ==, "good");
  g_assert_cmpuint (n_rows, ==, 20);
  g_assert_cmpfloat_with_epsilon (gain, log (2) - entropy_of_two (0.2), 1e-12);
  g_assert_null (find (health, WEN_FINDING_TELLING_TOKEN));
}

/* A word that only the rows of one label have. */
static void
test_telling_token (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenHealth) health = NULL;
  WenFinding *finding;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u %s word%u", i * 7919, i % 3 == 0 ? "[SPAM]" : "mail", i * 104729);

      add (dataset, text, i % 3 == 0 ? "spam" : "ham", WEN_SPLIT_TRAIN);
    }
  health = examine (dataset);
  finding = find (health, WEN_FINDING_TELLING_TOKEN);
  g_assert_nonnull (finding);
  g_assert_cmpfloat_with_epsilon (wen_finding_get_value (finding), entropy_of_two (1.0 / 3), 1e-12);
}

static void
test_nothing (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenHealth) empty = examine (dataset);
  g_autoptr (WenHealth) unlabelled = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (wen_health_get_n_findings (empty), ==, 0);
  g_assert_cmpuint (wen_health_get_n_tokens (empty), ==, 0);
  add (dataset, "text", NULL, WEN_SPLIT_TRAIN);
  unlabelled = examine (dataset);
  g_assert_cmpuint (wen_health_get_n_findings (unlabelled), ==, 0);

  g_cancellable_cancel (cancellable);
  g_assert_null (wen_health_new (dataset, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/data/health/findings", test_findings);
  g_test_add_func ("/wen/data/health/information-gain", test_information_gain);
  g_test_add_func ("/wen/data/health/telling-token", test_telling_token);
  g_test_add_func ("/wen/data/health/nothing", test_nothing);

  return g_test_run ();
}
