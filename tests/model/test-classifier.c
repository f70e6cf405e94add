/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Classifiers: what they say, that one text and many get the same, and that they
 * come back from their files as they went in, or not at all. */

#include "config.h"

#include "model-fixture.h"

#include "wen-random-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char  *path;      /* a folder of the test's own */
  GFile *folder;    /* in it; not there yet */
} Fixture;

static void
remove_recursively (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_recursively (child);
    }
  g_remove (path);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *folder = NULL;

  fixture->path = g_dir_make_tmp ("wenlei-test-XXXXXX", NULL);
  folder = g_build_filename (fixture->path, "classifier", NULL);
  fixture->folder = g_file_new_for_path (folder);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  remove_recursively (fixture->path);
  g_free (fixture->path);
  g_object_unref (fixture->folder);
}

static char *
get_path (Fixture    *fixture,
          const char *name)
{
  return g_build_filename (g_file_peek_path (fixture->folder), name, NULL);
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

static void
test_prediction (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, "ab好z");
  double sum = 0;

  g_assert_cmpuint (wen_prediction_get_n_labels (prediction), ==, 3);
  for (guint rank = 0; rank < 3; rank++)
    {
      sum += wen_prediction_get_ranked_probability (prediction, rank);
      if (rank > 0)
        g_assert_cmpfloat (wen_prediction_get_ranked_probability (prediction, rank), <=,
                           wen_prediction_get_ranked_probability (prediction, rank - 1));
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 1e-6);
  g_assert_cmpstr (wen_prediction_get_label (prediction), ==, wen_prediction_get_ranked_label (prediction, 0));
  g_assert_finalize_object (g_steal_pointer (&prediction));
  g_assert_finalize_object (g_steal_pointer (&classifier));
}

typedef struct
{
  const char *text;
  guint       n_tokens;
  guint       n_unknown;
  guint       n_cut;
} Counted;

static void
test_counts (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  const Counted counted[] = {
    { "", 0, 0, 0 },
    { " \t\n", 0, 0, 0 },
    { "http://example.org/", 0, 0, 0 },
    { "a", 1, 0, 0 },
    { "A好", 2, 0, 0 },
    { "a鱼鸟", 3, 2, 0 },
    /* Eleven fit beside [CLS]. */
    { "abcdefghijk", 11, 0, 0 },
    { "abcdefghijkl", 12, 0, 1 },
    { "abcdefghijklmnopqrstuvwxyz", 26, 0, 15 },
    { "a\xff", 2, 1, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (counted); i++)
    {
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, counted[i].text);

      g_assert_cmpuint (wen_prediction_get_n_tokens (prediction), ==, counted[i].n_tokens);
      g_assert_cmpuint (wen_prediction_get_n_unknown (prediction), ==, counted[i].n_unknown);
      g_assert_cmpuint (wen_prediction_get_n_cut (prediction), ==, counted[i].n_cut);
      g_assert_true (isfinite (wen_prediction_get_probability (prediction)));
    }
}

/* Texts of all lengths, with empty ones among them. */
static char **
new_texts (gsize n_texts)
{
  char **texts = g_new0 (char *, n_texts + 1);

  for (gsize i = 0; i < n_texts; i++)
    {
      GString *text = g_string_new (NULL);
      guint length = wen_random_u64 (1, i, 0) % 20;

      for (guint j = 0; j < length; j++)
        g_string_append_c (text, 'a' + wen_random_u64 (1, i, 1 + j) % 26);
      texts[i] = g_string_free (text, FALSE);
    }
  return texts;
}

/* Many at a time get what each gets alone, in the order in which they came. */
static void
test_many_texts (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  gsize n_texts = 333;
  g_auto (GStrv) texts = new_texts (n_texts);
  g_autofree float *probabilities = g_new (float, n_texts * 3);
  g_autofree float *again = g_new (float, n_texts * 3);
  guint64 n_tokens = 0;
  guint64 n_expected_tokens = 0;

  g_assert_true (wen_classifier_predict_texts (classifier, (const char *const *) texts, n_texts, probabilities,
                                               &n_tokens, NULL, NULL));
  for (gsize i = 0; i < n_texts; i++)
    {
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, texts[i]);

      n_expected_tokens += MIN (12, 1 + strlen (texts[i]));
      for (guint rank = 0; rank < 3; rank++)
        {
          const char *name = wen_prediction_get_ranked_label (prediction, rank);
          guint label = 0;

          while (!g_str_equal (wen_classifier_get_label (classifier, label), name))
            label++;
          g_assert_cmpfloat_with_epsilon ((double) probabilities[i * 3 + label],
                                          wen_prediction_get_ranked_probability (prediction, rank), 1e-6);
        }
    }
  g_assert_cmpuint (n_tokens, ==, n_expected_tokens);

  /* The same texts again: the same bits, whichever worker took which. */
  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (wen_classifier_predict_texts (classifier, (const char *const *) texts, n_texts, again, NULL,
                                                   NULL, NULL));
      g_assert_cmpmem (again, n_texts * 3 * sizeof (float), probabilities, n_texts * 3 * sizeof (float));
    }
}

static void
test_no_texts (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  const char *const texts[] = { NULL };
  guint64 n_tokens = 7;
  float none;

  g_assert_true (wen_classifier_predict_texts (classifier, texts, 0, &none, &n_tokens, NULL, NULL));
  g_assert_cmpuint (n_tokens, ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const char *const texts[] = { "a" };
  float probabilities[3];

  g_cancellable_cancel (cancellable);
  g_assert_false (wen_classifier_predict_texts (classifier, texts, 1, probabilities, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
predict_in_thread (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (data, i % 2 ? "abc" : "好");

      if (wen_prediction_get_n_tokens (prediction) != (i % 2 ? 3 : 1))
        return GINT_TO_POINTER (FALSE);
    }
  return GINT_TO_POINTER (TRUE);
}

static void
test_threads (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  GThread *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("predict", predict_in_thread, classifier);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (GPOINTER_TO_INT (g_thread_join (threads[i])));
}

static void
assert_same (WenClassifier *a,
             WenClassifier *b)
{
  gsize n_texts = 100;
  g_auto (GStrv) texts = new_texts (n_texts);
  g_autofree float *probabilities_a = g_new (float, n_texts * 3);
  g_autofree float *probabilities_b = g_new (float, n_texts * 3);

  g_assert_true (wen_recipe_equal (wen_classifier_get_recipe (a), wen_classifier_get_recipe (b)));
  g_assert_cmpuint (wen_classifier_get_n_parameters (a), ==, wen_classifier_get_n_parameters (b));
  g_assert_cmpuint (wen_classifier_get_n_labels (a), ==, wen_classifier_get_n_labels (b));
  for (guint i = 0; i < wen_classifier_get_n_labels (a); i++)
    g_assert_cmpstr (wen_classifier_get_label (a, i), ==, wen_classifier_get_label (b, i));
  g_assert_cmpstr (wen_classifier_get_training_record (a), ==, wen_classifier_get_training_record (b));

  wen_classifier_predict_texts (a, (const char *const *) texts, n_texts, probabilities_a, NULL, NULL, NULL);
  wen_classifier_predict_texts (b, (const char *const *) texts, n_texts, probabilities_b, NULL, NULL, NULL);
  g_assert_cmpmem (probabilities_a, n_texts * 3 * sizeof (float), probabilities_b, n_texts * 3 * sizeof (float));
}

static void
test_save_and_load (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) loaded = NULL;
  g_autoptr (GError) error = NULL;

  recipe->norm_first = GPOINTER_TO_INT (data) == 0;
  recipe->pooling = GPOINTER_TO_INT (data) == 0 ? WEN_POOLING_MEAN : WEN_POOLING_FIRST;
  classifier = new_fixture_classifier (recipe);
  g_assert_true (wen_classifier_save (classifier, fixture->folder, NULL, &error));
  g_assert_no_error (error);
  loaded = wen_classifier_load (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  assert_same (classifier, loaded);

  /* Nothing else was left behind. */
  g_assert_cmpuint (count_files (fixture->path), ==, 1);
  g_assert_cmpuint (count_files (g_file_peek_path (fixture->folder)), ==, 4);
}

static void
test_config_speaks_to_other_tools (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
  const char *expected[] = { "\"architectures\"", "\"hidden_size\" : 16", "\"num_hidden_layers\" : 2",
                             "\"num_attention_heads\" : 2", "\"intermediate_size\" : 32",
                             "\"max_position_embeddings\" : 12", "\"vocab_size\" : 32", "\"1\" : \"坏的\"" };
  const char *config = g_bytes_get_data (g_hash_table_lookup (files, "config.json"), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    if (strstr (config, expected[i]) == NULL)
      g_error ("config.json lacks %s", expected[i]);
}

static void
test_replace (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) old = new_fixture_classifier (recipe);
  g_autoptr (WenClassifier) new = NULL;
  g_autoptr (WenClassifier) loaded = NULL;
  g_autoptr (GError) error = NULL;

  /* An empty folder is nobody's. */
  g_assert_true (g_file_make_directory (fixture->folder, NULL, NULL));
  g_assert_true (wen_classifier_save (old, fixture->folder, NULL, &error));
  g_assert_no_error (error);

  recipe->hidden_size = 8;
  new = new_fixture_classifier (recipe);
  g_assert_true (wen_classifier_save (new, fixture->folder, NULL, &error));
  g_assert_no_error (error);
  loaded = wen_classifier_load (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  assert_same (new, loaded);
  g_assert_cmpuint (count_files (fixture->path), ==, 1);
}

static void
assert_not_replaced (Fixture    *fixture,
                     const char *kept)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GError) error = NULL;

  g_assert_false (wen_classifier_save (classifier, fixture->folder, NULL, &error));
  g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_EXISTS);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture->path), ==, 1);
}

/* Never what somebody else wrote: not a file, not a folder of other things, not a
 * classifier of another program, and not one of ours with a file more. */
static void
test_others_are_not_replaced (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autofree char *config = get_path (fixture, "config.json");
  g_autofree char *wenlei = get_path (fixture, "wenlei.json");
  g_autofree char *note = get_path (fixture, "note.txt");

  g_assert_true (g_file_set_contents (g_file_peek_path (fixture->folder), "a letter", -1, NULL));
  assert_not_replaced (fixture, g_file_peek_path (fixture->folder));
  g_remove (g_file_peek_path (fixture->folder));

  g_assert_true (g_file_make_directory (fixture->folder, NULL, NULL));
  g_assert_true (g_file_set_contents (config, "{}", -1, NULL));
  assert_not_replaced (fixture, config);
  g_assert_true (g_file_set_contents (wenlei, "{\"format\":\"another\"}", -1, NULL));
  assert_not_replaced (fixture, wenlei);
  g_remove (config);
  g_remove (wenlei);

  g_assert_true (wen_classifier_save (classifier, fixture->folder, NULL, NULL));
  g_assert_true (g_file_set_contents (note, "mine", -1, NULL));
  assert_not_replaced (fixture, note);
}

/* A link stays a link, and what it points to is replaced. */
static void
test_link (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autofree char *link_path = g_build_filename (fixture->path, "link", NULL);
  g_autoptr (GFile) link = g_file_new_for_path (link_path);
  g_autoptr (WenClassifier) loaded = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (wen_classifier_save (classifier, fixture->folder, NULL, NULL));
  g_assert_true (g_file_make_symbolic_link (link, "classifier", NULL, NULL));
  g_assert_true (wen_classifier_save (classifier, link, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
  loaded = wen_classifier_load (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (fixture->path), ==, 2);
}

static void
test_save_cancelled (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (wen_classifier_save (classifier, fixture->folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (fixture->path), ==, 0);
}

static void
assert_invalid (GHashTable *files,
                const char *named)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = wen_classifier_new_from_files (files, &error);

  g_assert_null (classifier);
  g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
  if (strstr (error->message, named) == NULL)
    g_error ("“%s” does not name %s", error->message, named);
}

static void
replace_text (GHashTable *files,
              const char *name,
              const char *old,
              const char *new)
{
  gsize size_bytes;
  const char *contents = g_bytes_get_data (g_hash_table_lookup (files, name), &size_bytes);
  g_autoptr (GByteArray) changed = g_byte_array_new ();
  const char *found = memmem (contents, size_bytes, old, strlen (old));

  if (found == NULL)
    g_error ("%s does not hold %s", name, old);
  g_byte_array_append (changed, (const guint8 *) contents, found - contents);
  g_byte_array_append (changed, (const guint8 *) new, strlen (new));
  g_byte_array_append (changed, (const guint8 *) found + strlen (old), contents + size_bytes - found - strlen (old));
  g_hash_table_replace (files, g_strdup (name), g_byte_array_free_to_bytes (g_steal_pointer (&changed)));
}

typedef struct
{
  const char *file;
  const char *old;
  const char *new;
} Damage;

/* Every one is refused with the name of a file that is not as it should be. */
static void
test_damaged (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  const Damage damages[] = {
    { "wenlei.json", "wenlei-classifier", "other" },
    { "wenlei.json", "\"format_version\" : 1", "\"format_version\" : 0" },
    { "wenlei.json", "\"format_version\" : 1", "\"format_version\" : \"1\"" },
    { "wenlei.json", "\"heads\" : 2", "\"heads\" : 3" },
    { "wenlei.json", "\"heads\" : 2", "\"heads\" : 1e300" },
    { "wenlei.json", "\"html\"", "\"unheard-of\"" },
    { "wenlei.json", "\"positive\"", "7" },
    { "wenlei.json", "\"positive\"", "\"坏的\"" },
    { "wenlei.json", "{", "[" },
    { "wenlei.json", "\"preset\"", "\"pre\xff\"" },
    { "config.json", "\"vocab_size\" : 32", "\"vocab_size\" : 33" },
    { "config.json", "\"hidden_size\" : 16", "\"hidden_size\" : 16.5" },
    { "config.json", "\"model_type\" : \"transformer\"", "\"model_type\" : \"bert\"" },
    { "config.json", "\"norm_first\" : true", "\"norm_first\" : false" },
    { "config.json", "\"1\" : \"坏的\"", "\"1\" : \"好的\"" },
    { "config.json", "\"1\" : \"坏的\",", "" },
    { "vocab.txt", "[UNK]", "[unk]" },
    { "vocab.txt", "a\n", "b\n" },
    { "model.safetensors", "F32", "F16" },
    { "model.safetensors", "embeddings.token", "embeddings.taken" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);

      replace_text (files, damages[i].file, damages[i].old, damages[i].new);
      assert_invalid (files, damages[i].file);
    }
}

/* What was written before there were embeddings of n-grams does not say so. */
static void
test_before_ngrams (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) read = NULL;
  g_autoptr (GHashTable) files = NULL;
  g_autoptr (GError) error = NULL;

  recipe->ngram_embeddings = 0;
  classifier = new_fixture_classifier (recipe);
  files = wen_classifier_to_files (classifier);
  replace_text (files, "wenlei.json", "\"ngram_embeddings\" : 0,", "");
  read = wen_classifier_new_from_files (files, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_classifier_get_recipe (read)->ngram_embeddings, ==, 0);
}

/* Each file is whole, and they do not belong together. */
static void
test_mixed_up (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);

  /* A token more than the embedding has rows, agreed on by the other files. */
  replace_text (files, "vocab.txt", "z\n", "z\n鱼\n");
  assert_invalid (files, "config.json");
  replace_text (files, "config.json", "\"vocab_size\" : 32", "\"vocab_size\" : 33");
  assert_invalid (files, "model.safetensors");
}

static void
test_missing_files (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  const char *names[] = { "wenlei.json", "config.json", "vocab.txt", "model.safetensors" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);

      g_hash_table_remove (files, names[i]);
      assert_invalid (files, names[i]);
    }
}

/* No file of a classifier can be cut anywhere without being noticed. */
static void
test_truncated_files (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = NULL;
  const char *names[] = { "wenlei.json", "config.json", "vocab.txt", "model.safetensors" };

  recipe->hidden_size = 8;
  recipe->n_layers = 1;
  recipe->feed_forward_size = 8;
  classifier = new_fixture_classifier (recipe);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GHashTable) whole = wen_classifier_to_files (classifier);
      GBytes *bytes = g_hash_table_lookup (whole, names[i]);
      gsize size_bytes = g_bytes_get_size (bytes);
      gsize end = g_str_equal (names[i], "vocab.txt") ? size_bytes - 1 : size_bytes;
      gsize interval = MAX (1, size_bytes / 500);

      for (gsize size = 0; size < end; size += interval)
        {
          g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);

          g_hash_table_replace (files, g_strdup (names[i]), g_bytes_new (g_bytes_get_data (bytes, NULL), size));
          /* A shorter vocabulary may be whole in itself; then config.json disagrees. */
          assert_invalid (files, g_str_equal (names[i], "vocab.txt") ? "" : names[i]);
        }
    }
}

/* Random damage anywhere is refused, or harmless; it never crashes. */
static void
test_random_damage (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = NULL;
  const char *names[] = { "wenlei.json", "config.json", "vocab.txt", "model.safetensors" };
  guint n_refused = 0;

  recipe->hidden_size = 8;
  recipe->n_layers = 1;
  recipe->feed_forward_size = 8;
  classifier = new_fixture_classifier (recipe);
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
      const char *name = names[i % 4];
      gsize size_bytes;
      gconstpointer contents = g_bytes_get_data (g_hash_table_lookup (files, name), &size_bytes);
      guint8 *copy = g_memdup2 (contents, size_bytes);
      g_autoptr (GError) error = NULL;
      g_autoptr (WenClassifier) read = NULL;

      copy[wen_random_u64 (4, i, 0) % size_bytes] ^= (guint8) (1 + wen_random_u64 (4, i, 1) % 255);
      g_hash_table_replace (files, g_strdup (name), g_bytes_new_take (copy, size_bytes));
      read = wen_classifier_new_from_files (files, &error);
      if (read == NULL)
        {
          g_assert_true (g_error_matches (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID)
                         || g_error_matches (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_TOO_NEW));
          n_refused++;
        }
      else
        {
          g_autoptr (WenPrediction) prediction = wen_classifier_predict (read, "a好z");

          g_assert_false (isnan (wen_prediction_get_probability (prediction)));
        }
    }
  g_assert_cmpuint (n_refused, >, 500);
}

static void
test_newer_version (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
  g_autoptr (WenClassifier) read = NULL;
  g_autoptr (GError) error = NULL;

  replace_text (files, "wenlei.json", "\"format_version\" : 1", "\"format_version\" : 2");
  read = wen_classifier_new_from_files (files, &error);
  g_assert_null (read);
  g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_TOO_NEW);
}

/* A recipe may ask for a model of many gigabytes; the weights show that it lies. */
static void
test_huge_model_is_not_made (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);

  replace_text (files, "wenlei.json", "\"hidden_size\" : 16", "\"hidden_size\" : 2048");
  replace_text (files, "wenlei.json", "\"layers\" : 2", "\"layers\" : 24");
  replace_text (files, "wenlei.json", "\"feed_forward_size\" : 32", "\"feed_forward_size\" : 8192");
  replace_text (files, "config.json", "\"hidden_size\" : 16", "\"hidden_size\" : 2048");
  replace_text (files, "config.json", "\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 24");
  replace_text (files, "config.json", "\"intermediate_size\" : 32", "\"intermediate_size\" : 8192");
  assert_invalid (files, "model.safetensors");
}

static void
test_not_a_folder (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_classifier_load (fixture->folder, NULL, &error));
  g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, g_file_peek_path (fixture->folder)));
  g_clear_error (&error);

  g_assert_true (g_file_make_directory (fixture->folder, NULL, NULL));
  g_assert_null (wen_classifier_load (fixture->folder, NULL, &error));
  g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "wenlei.json"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) g_test_add (path, Fixture, data, fixture_set_up, func, fixture_tear_down)

  g_test_add_func ("/wen/model/classifier/prediction", test_prediction);
  g_test_add_func ("/wen/model/classifier/counts", test_counts);
  g_test_add_func ("/wen/model/classifier/many-texts", test_many_texts);
  g_test_add_func ("/wen/model/classifier/no-texts", test_no_texts);
  g_test_add_func ("/wen/model/classifier/cancelled", test_cancelled);
  g_test_add_func ("/wen/model/classifier/threads", test_threads);
  ADD ("/wen/model/classifier/save/pre-norm", GINT_TO_POINTER (0), test_save_and_load);
  ADD ("/wen/model/classifier/save/post-norm", GINT_TO_POINTER (1), test_save_and_load);
  ADD ("/wen/model/classifier/save/config", NULL, test_config_speaks_to_other_tools);
  ADD ("/wen/model/classifier/save/replace", NULL, test_replace);
  ADD ("/wen/model/classifier/save/others", NULL, test_others_are_not_replaced);
  ADD ("/wen/model/classifier/save/link", NULL, test_link);
  ADD ("/wen/model/classifier/save/cancelled", NULL, test_save_cancelled);
  g_test_add_func ("/wen/model/classifier/load/damaged", test_damaged);
  g_test_add_func ("/wen/model/classifier/before-ngrams", test_before_ngrams);
  g_test_add_func ("/wen/model/classifier/load/mixed-up", test_mixed_up);
  g_test_add_func ("/wen/model/classifier/load/missing-files", test_missing_files);
  g_test_add_func ("/wen/model/classifier/load/truncated", test_truncated_files);
  g_test_add_func ("/wen/model/classifier/load/random-damage", test_random_damage);
  g_test_add_func ("/wen/model/classifier/load/newer-version", test_newer_version);
  g_test_add_func ("/wen/model/classifier/load/huge-model", test_huge_model_is_not_made);
  ADD ("/wen/model/classifier/load/not-a-folder", NULL, test_not_a_folder);

  return g_test_run ();
}
