/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is shown of cleaning and tokens before training: counted again here row by row,
 * and equal to what training uses. */

#include "config.h"

#include "train-fixture.h"

#include "wen-cleaning-report.h"
#include "wen-model-private.h"
#include "wen-token-report.h"
#include "wen-training-set-private.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const tokenizers[] = { "character", "word", "bpe", "wordpiece" };

/* Long and short texts of words, some of which only rows of other splits have, and
 * empty ones. */
static WenDataset *
new_dataset (void)
{
  static const char *const words[] = { "很好",   "不好", "good", "bad", "Room", "早餐", "<b>bold</b>", "13812345678",
                                       "服务员", "very", "，",   "！",  "tea",  "酒店", "１２３",      "" };
  static const WenSplit splits[] = { WEN_SPLIT_TRAIN, WEN_SPLIT_TRAIN, WEN_SPLIT_TRAIN, WEN_SPLIT_VALIDATION,
                                     WEN_SPLIT_TEST };
  WenDataset *dataset = wen_dataset_new ();

  for (guint i = 0; i < 1500; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint n_words = wen_random_u64 (1, i, 0) % 12;

      for (guint k = 0; k < n_words; k++)
        g_string_append_printf (text, "%s ", words[wen_random_u64 (2, i, k) % G_N_ELEMENTS (words)]);
      if (i % 7 == 3)
        g_string_append_printf (text, "row%u", i);
      wen_dataset_append (dataset, i + 1, text->str, i % 3 == 0 ? "a" : "b", splits[i % G_N_ELEMENTS (splits)]);
    }
  return dataset;
}

static WenRecipe *
new_recipe (const char *tokenizer)
{
  WenRecipe *recipe = new_tiny_recipe (1);

  wen_recipe_set (recipe, "tokens.tokenizer", tokenizer, NULL);
  wen_recipe_set (recipe, "cleaning", "html,width,personal-data?rows=leave-out,lower-case,white-space,length?minimum=3",
                  NULL);
  recipe->maximum_length = 12;
  recipe->minimum_count = 2;
  return recipe;
}

static void
assert_same_bytes (GBytes *a,
                   GBytes *b)
{
  g_assert_cmpmem (g_bytes_get_data (a, NULL), g_bytes_get_size (a), g_bytes_get_data (b, NULL), g_bytes_get_size (b));
}

/* Counts again, one row after the other. */
static void
check_figures (WenDataset      *dataset,
               const WenRecipe *recipe,
               WenTokenReport  *report)
{
  const WenTokenFigures *figures = wen_token_report_get_figures (report);
  WenTokenizer *tokenizer = wen_token_report_get_tokenizer (report);
  guint32 unk_id = wen_vocabulary_get_unk_id (wen_tokenizer_get_vocabulary (tokenizer));
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new ((const char *const *) recipe->cleaning, NULL);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  g_autofree guint64 *lengths = g_new0 (guint64, 4096);
  WenTokenFigures expected = { 0 };
  guint longest = 0;

  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      WenSplit split = wen_dataset_get_split (dataset, row);
      WenCleaningOutcome outcome;
      g_autofree char *cleaned = wen_cleaner_clean_row (cleaner, wen_dataset_get_text (dataset, row), &outcome);
      gboolean is_too_long;

      if (split == WEN_SPLIT_NONE)
        continue;
      wen_tokenizer_encode (tokenizer, cleaned, tokens);
      is_too_long = tokens->len > recipe->maximum_length;
      expected.n_texts++;
      expected.n_tokens += tokens->len - 1;
      expected.n_unseen_tokens += split != WEN_SPLIT_TRAIN ? tokens->len - 1 : 0;
      for (guint i = 0; i < tokens->len; i++)
        {
          gboolean is_unknown = g_array_index (tokens, WenToken, i).id == unk_id;

          expected.n_unknown += is_unknown;
          expected.n_unseen_unknown += is_unknown && split != WEN_SPLIT_TRAIN;
        }
      expected.n_empty += tokens->len == 1;
      expected.n_too_long += is_too_long;
      expected.n_left_out += split != WEN_SPLIT_TEST
                             && (tokens->len == 1 || (outcome & WEN_CLEANING_LEFT_OUT)
                                 || (is_too_long && recipe->too_long == WEN_TOO_LONG_LEAVE_OUT));
      lengths[tokens->len]++;
      longest = MAX (longest, tokens->len);
    }

  g_assert_cmpuint (figures->n_texts, ==, expected.n_texts);
  g_assert_cmpuint (figures->n_tokens, ==, expected.n_tokens);
  g_assert_cmpuint (figures->n_unknown, ==, expected.n_unknown);
  g_assert_cmpuint (figures->n_unseen_tokens, ==, expected.n_unseen_tokens);
  g_assert_cmpuint (figures->n_unseen_unknown, ==, expected.n_unseen_unknown);
  g_assert_cmpuint (figures->n_empty, ==, expected.n_empty);
  g_assert_cmpuint (figures->n_too_long, ==, expected.n_too_long);
  g_assert_cmpuint (figures->n_left_out, ==, expected.n_left_out);
  g_assert_cmpuint (figures->n_left_out, >, 0);
  g_assert_cmpuint (wen_token_report_get_longest (report), ==, longest);
  for (guint length = 0; length < 4096; length++)
    g_assert_cmpuint (wen_token_report_count_length (report, length), ==, lengths[length]);
  g_assert_cmpuint (wen_token_report_count_longer (report, recipe->maximum_length), ==, expected.n_too_long);
}

/* The same texts, numbers and order as training has. */
static void
check_training_set (WenDataset      *dataset,
                    const WenRecipe *recipe,
                    WenTokenReport  *report)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenTrainingSet) set = wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, &error);
  g_autoptr (GBytes) shown = wen_tokenizer_to_bytes (wen_token_report_get_tokenizer (report));
  g_autoptr (GBytes) used = NULL;
  g_autofree guint32 *order = NULL;
  g_autofree guint64 *counts = NULL;

  g_assert_no_error (error);
  used = wen_tokenizer_to_bytes (set->tokenizer);
  assert_same_bytes (shown, used);
  g_assert_cmpuint (wen_token_report_get_figures (report)->n_left_out, ==, set->n_left_out);

  counts = g_new0 (guint64, wen_token_report_get_figures (report)->n_vocabulary);
  for (gsize i = 0; i < set->train.n_tokens; i++)
    counts[set->train.token_ids[i]]++;
  for (guint id = 0; id < wen_token_report_get_figures (report)->n_vocabulary; id++)
    g_assert_cmpuint (wen_token_report_get_count (report, id), ==, counts[id]);

  order = g_new (guint32, set->train.n_texts);
  wen_model_order_texts (recipe, 1, order, set->train.n_texts);
  g_assert_cmpuint (wen_token_report_get_batch_size (report), ==, recipe->batch_size);
  for (gsize i = 0; i < recipe->batch_size; i++)
    {
      gsize row, n_token_ids;
      const guint32 *ids = wen_token_report_get_batch_row (report, i, &row, &n_token_ids);
      guint32 begin = set->train.offsets[order[i]];
      guint32 end = set->train.offsets[order[i] + 1];

      g_assert_cmpint (wen_dataset_get_split (dataset, row), ==, WEN_SPLIT_TRAIN);
      g_assert_cmpmem (ids, n_token_ids * sizeof *ids, set->train.token_ids + begin, (end - begin) * sizeof *ids);
    }
}

static void
test_token_report (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();

  for (gsize kind = 0; kind < G_N_ELEMENTS (tokenizers); kind++)
    for (int too_long = WEN_TOO_LONG_CUT; too_long <= WEN_TOO_LONG_LEAVE_OUT; too_long++)
      {
        g_autoptr (WenRecipe) recipe = new_recipe (tokenizers[kind]);
        g_autoptr (WenTokenReport) report = NULL;
        g_autoptr (GError) error = NULL;

        recipe->too_long = (WenTooLong) too_long;
        report = wen_token_report_new (dataset, recipe, 0, NULL, NULL, NULL, &error);
        g_assert_no_error (error);
        check_figures (dataset, recipe, report);
        check_training_set (dataset, recipe, report);
      }
}

/* Who counted which block makes no difference. */
static void
test_threads (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();

  for (gsize kind = 0; kind < G_N_ELEMENTS (tokenizers); kind++)
    {
      g_autofree char *first = NULL;

      for (guint i = 0; i < 3; i++)
        {
          g_autoptr (WenRecipe) recipe = new_recipe (tokenizers[kind]);
          g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (i == 0 ? 1 : 4);
          g_autoptr (WenTrainingSet) set = wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, NULL);
          g_autofree char *fingerprint = wen_training_set_get_fingerprint (set);

          if (first == NULL)
            first = g_strdup (fingerprint);
          g_assert_cmpstr (fingerprint, ==, first);
        }
    }
}

/* A vocabulary from a file is used as it is. */
static void
test_vocabulary_file (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autofree char *folder = g_dir_make_tmp ("wen-preparation-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "vocab.txt", NULL);
  g_autoptr (WenRecipe) recipe = new_recipe ("wordpiece");
  g_autoptr (WenTokenReport) report = NULL;
  g_autoptr (GError) error = NULL;
  WenVocabulary *vocabulary;

  g_file_set_contents (path, "good\n[UNK]\n[CLS]\nbad\n[PAD]\nro\n##om\n", -1, NULL);
  wen_recipe_set (recipe, "tokens.vocabulary_file", path, NULL);
  report = wen_token_report_new (dataset, recipe, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (report));
  g_assert_cmpuint (wen_vocabulary_get_size (vocabulary), ==, 7);
  g_assert_cmpuint (wen_token_report_get_count (report, 0), >, 0);
  g_assert_cmpuint (wen_token_report_get_count (report, 6), >, 0);
  check_figures (dataset, recipe, report);
  check_training_set (dataset, recipe, report);

  wen_recipe_set (recipe, "tokens.tokenizer", "bpe", NULL);
  g_assert_null (wen_token_report_new (dataset, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "vocab.txt"));
  g_clear_error (&error);

  g_remove (path);
  g_assert_null (wen_token_report_new (dataset, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "vocab.txt"));
  g_rmdir (folder);
}

static void
test_sample (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("character");
  g_autoptr (WenTokenReport) report = wen_token_report_new (dataset, recipe, 100, NULL, NULL, NULL, NULL);

  /* Those of them that have no text are none of them. */
  g_assert_cmpuint (wen_token_report_get_figures (report)->n_texts, <=, 100);
  g_assert_cmpuint (wen_token_report_get_figures (report)->n_texts, >, 80);
}

/* Each step's sums and example, counted again without threads. */
static void
test_cleaning_report (void)
{
  const char *const entries[] = { "html", "width", "personal-data?rows=leave-out", "digits", "length?minimum=4", NULL };
  const gboolean is_on[] = { TRUE, FALSE, TRUE, TRUE, TRUE };
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCleaningReport) all = wen_cleaning_report_new (dataset, entries, is_on, 0, 3, NULL, NULL, NULL, &error);
  g_autoptr (WenCleaningReport) some = wen_cleaning_report_new (dataset, entries, is_on, 1500, 1, NULL, NULL, NULL, NULL);
  guint64 n_rows = 0;
  guint64 n_changed[5] = { 0 };
  guint64 n_left_out[5] = { 0 };

  g_assert_no_error (error);
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      g_autofree char *text = g_strdup (wen_dataset_get_text (dataset, row));

      if (wen_dataset_get_split (dataset, row) == WEN_SPLIT_NONE)
        continue;
      n_rows++;
      for (gsize i = 0; entries[i] != NULL; i++)
        {
          const char *const one[] = { entries[i], NULL };
          g_autoptr (WenCleaner) cleaner = wen_cleaner_new (one, NULL);
          WenCleaningOutcome outcome;
          g_autofree char *cleaned = wen_cleaner_clean_row (cleaner, text, &outcome);

          n_changed[i] += !g_str_equal (cleaned, text);
          n_left_out[i] += (outcome & WEN_CLEANING_LEFT_OUT) != 0;
          if (outcome & WEN_CLEANING_LEFT_OUT)
            break;
          if (is_on[i])
            {
              g_free (text);
              text = g_steal_pointer (&cleaned);
            }
        }
    }

  g_assert_cmpuint (all->n_rows, ==, n_rows);
  g_assert_cmpuint (all->n_effects, ==, 5);
  for (gsize i = 0; i < 5; i++)
    {
      g_assert_cmpuint (all->effects[i].n_changed, ==, is_on[i] ? n_changed[i] : 0);
      g_assert_cmpuint (all->effects[i].n_left_out, ==, n_left_out[i]);
      g_assert_cmpuint (some->effects[i].n_changed, ==, n_changed[i]);
      if (is_on[i])
        {
          g_assert_cmpuint (all->effects[i].example_row, ==, some->effects[i].example_row);
          g_assert_cmpstr (all->effects[i].example_before, ==, some->effects[i].example_before);
          g_assert_nonnull (all->effects[i].example_after);
        }
    }
}

static void
test_cancelled (void)
{
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("character");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const char *const entries[] = { "html", NULL };
  const gboolean is_on[] = { TRUE };

  g_cancellable_cancel (cancellable);
  g_assert_null (wen_token_report_new (dataset, recipe, 0, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (wen_cleaning_report_new (dataset, entries, is_on, 0, 0, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Texts of two labels, three to one. */
static WenDataset *
new_unequal_dataset (void)
{
  WenDataset *dataset = wen_dataset_new ();

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %c%c", 'a' + i % 26, 'a' + i / 26);

      wen_dataset_append (dataset, i, text, i % 4 ? "common" : "rare, really", WEN_SPLIT_TRAIN);
    }
  return dataset;
}

static void
test_label_weights (void)
{
  g_autoptr (WenDataset) dataset = new_unequal_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenTrainingSet) plain = wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, NULL);
  g_autoptr (WenTrainingSet) balanced = NULL;
  g_autoptr (WenTrainingSet) own = NULL;
  double sums[2] = { 0 };

  g_assert_null (plain->train.weights);

  recipe->class_weights = WEN_CLASS_WEIGHTS_BALANCED;
  balanced = wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < balanced->train.n_texts; i++)
    sums[balanced->train.labels[i]] += (double) balanced->train.weights[i];
  g_assert_cmpfloat_with_epsilon (sums[0], 20, 1e-4);
  g_assert_cmpfloat_with_epsilon (sums[1], 20, 1e-4);

  recipe->class_weights = WEN_CLASS_WEIGHTS_OWN;
  g_strfreev (recipe->own_weights);
  recipe->own_weights = g_strsplit ("rare%2C really=3", "|", -1);
  own = wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < own->train.n_texts; i++)
    {
      gboolean is_rare = g_str_equal (g_ptr_array_index (own->labels, own->train.labels[i]), "rare, really");

      /* Thirty texts of weight 1 and ten of weight 3: 1.5 on average. */
      g_assert_cmpfloat_with_epsilon ((double) own->train.weights[i], (is_rare ? 3 : 1) / 1.5, 1e-5);
    }
}

static void
test_bad_label_weights (void)
{
  static const char *const bad[] = { "rare, really", "rare, really=", "rare, really=0", "rare, really=-1",
                                     "rare, really=1e9", "rare, really=nan", "nobody=2" };
  g_autoptr (WenDataset) dataset = new_unequal_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);

  recipe->class_weights = WEN_CLASS_WEIGHTS_OWN;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenTrainingSet) set = NULL;

      g_strfreev (recipe->own_weights);
      recipe->own_weights = g_strsplit (bad[i], "|", -1);
      set = wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, &error);
      g_assert_null (set);
      g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
      g_assert_nonnull (strstr (error->message, "training.own_weights"));
    }
}

/* Weights and targets of rows come to the texts of these rows. */
static void
test_aims (void)
{
  g_autoptr (WenDataset) dataset = new_unequal_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);
  float weights[40];
  float targets[80];
  const WenTrainingAims aims = { .weights = weights, .targets = targets };
  g_autoptr (WenTrainingSet) set = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 40; i++)
    {
      weights[i] = i < 20 ? 1 : 2;
      targets[2 * i] = 0.01f * (float) i;
      targets[2 * i + 1] = 1 - targets[2 * i];
    }
  set = wen_training_set_new (dataset, &aims, recipe, pool, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 40; i++)
    {
      g_assert_cmpfloat_with_epsilon ((double) set->train.weights[i], (i < 20 ? 1 : 2) / 1.5, 1e-5);
      g_assert_cmpfloat_with_epsilon ((double) set->train.targets[2 * i], 0.01 * i, 1e-6);
      g_assert_cmpfloat_with_epsilon ((double) set->train.targets[2 * i + 1], 1 - 0.01 * i, 1e-6);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/preparation/token-report", test_token_report);
  g_test_add_func ("/wen/train/preparation/threads", test_threads);
  g_test_add_func ("/wen/train/preparation/vocabulary-file", test_vocabulary_file);
  g_test_add_func ("/wen/train/preparation/sample", test_sample);
  g_test_add_func ("/wen/train/preparation/cleaning-report", test_cleaning_report);
  g_test_add_func ("/wen/train/preparation/cancelled", test_cancelled);
  g_test_add_func ("/wen/train/preparation/label-weights", test_label_weights);
  g_test_add_func ("/wen/train/preparation/bad-label-weights", test_bad_label_weights);
  g_test_add_func ("/wen/train/preparation/aims", test_aims);

  return g_test_run ();
}
