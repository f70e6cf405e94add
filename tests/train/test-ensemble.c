/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ensembles learn from what they are given and from nothing else, are honest about it, and
 * go on where they were interrupted. */

#include "config.h"

#include "wen-classifier-private.h"
#include "wen-ensemble-checkpoint-private.h"
#include "wen-ensemble-member-private.h"
#include "wen-ensemble-record.h"
#include "wen-evaluation.h"

#include <glib/gstdio.h>
#include <string.h>

#include "train-fixture.h"

/* A small Transformer takes a moment even of tiny size. */
#define TINY "small?model.hidden_size=16&model.feed_forward_size=16&model.layers=1&training.epochs=2" \
             "&training.batch_size=16&training.learning_rate=0.01&tokens.minimum_count=1&tokens.maximum_length=16"

static WenRecipe *
new_recipe (const char *members,
            guint       n_folds)
{
  WenRecipe *recipe = wen_recipe_new_preset ("ensemble", NULL);
  g_autoptr (GError) error = NULL;

  wen_recipe_set (recipe, "ensemble.members", members, &error);
  g_assert_no_error (error);
  recipe->n_folds = n_folds;
  recipe->n_threads = 1;
  return recipe;
}

static WenClassifier *
run (WenDataset      *dataset,
     const WenRecipe *recipe,
     WenTrainer     **trainer)
{
  g_autoptr (WenTrainer) own = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  WenClassifier *classifier = wen_trainer_run (own, NULL, &error);

  g_assert_no_error (error);
  if (trainer != NULL)
    *trainer = g_steal_pointer (&own);
  return classifier;
}

static double
measure (WenClassifier *classifier,
         WenDataset    *dataset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WenEvaluation) evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, NULL, &error);

  g_assert_no_error (error);
  return wen_evaluation_get_accuracy (evaluation);
}

/* Every byte of a classifier but what is known of its training. */
static char *
get_checksum (WenClassifier *classifier)
{
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) g_strcmp0);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (GList *name = names; name != NULL; name = name->next)
    if (!g_str_has_suffix (name->data, "wenlei.json"))
      {
        GBytes *bytes = g_hash_table_lookup (files, name->data);

        g_checksum_update (checksum, (const guchar *) name->data, -1);
        g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
      }
  return g_strdup (g_checksum_get_string (checksum));
}

typedef struct
{
  const char *members;
  guint       n_folds;
  guint       n_bags;
  guint       n_boosts;
  guint       n_classifiers; /* that decide */
  guint       n_trainings;
} Kind;

static const Kind kinds[] = {
  { "bayes,linear", 3, 1, 1, 2, 8 },
  { "bayes,linear", 1, 1, 1, 2, 2 },
  { "linear," TINY, 3, 1, 1, 4, 7 },
  { "bayes", 1, 4, 1, 4, 4 },
  { "bayes", 1, 1, 3, 3, 3 },
};

static void
test_learns (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (kind->members, kind->n_folds);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  const WenTrainingSummary *summary;
  gsize n_points;
  const WenCurvePoint *points;
  guint n_validations = 0;

  recipe->n_bags = kind->n_bags;
  recipe->n_boosts = kind->n_boosts;
  classifier = run (dataset, recipe, &trainer);
  g_assert_cmpfloat (measure (classifier, dataset), >, 0.9);
  summary = wen_trainer_get_summary (trainer);
  g_assert_cmpfloat (summary->best_validation_accuracy, >, 0.9);
  g_assert_cmpuint (summary->n_epochs, <=, kind->n_trainings);
  g_assert_cmpuint (wen_committee_get_n_classifiers (wen_classifier_get_committee (classifier)), <=,
                    kind->n_classifiers);
  if (kind->n_boosts == 1)
    {
      g_assert_cmpuint (summary->n_epochs, ==, kind->n_trainings);
      g_assert_cmpuint (wen_committee_get_n_classifiers (wen_classifier_get_committee (classifier)), ==,
                        kind->n_classifiers);
    }
  points = wen_trainer_get_curve (trainer, &n_points);
  for (gsize i = 0; i < n_points; i++)
    n_validations += points[i].split == WEN_SPLIT_VALIDATION;
  g_assert_cmpuint (n_validations, >=, 1);
}

/* The same seed gives the same bytes, and what stands in the test rows makes no difference. */
static void
test_test_rows_are_not_read (void)
{
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 3);
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenDataset) with_canary = wen_dataset_new ();
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) of_canary = NULL;
  g_autofree char *checksum = NULL;
  g_autofree char *of_canary_checksum = NULL;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 120, 1);
  append_learnable_rows (dataset, WEN_SPLIT_VALIDATION, 40, 2);
  append_learnable_rows (with_canary, WEN_SPLIT_TRAIN, 120, 1);
  append_learnable_rows (with_canary, WEN_SPLIT_VALIDATION, 40, 2);
  for (guint i = 0; i < 60; i++)
    wen_dataset_append (with_canary, 1000 + i, "canary 好坏", i % 2 ? "positive" : "canary", WEN_SPLIT_TEST);

  classifier = run (dataset, recipe, NULL);
  of_canary = run (with_canary, recipe, NULL);
  checksum = get_checksum (classifier);
  of_canary_checksum = get_checksum (of_canary);
  g_assert_cmpstr (checksum, ==, of_canary_checksum);
}

/* Where there is nothing to learn, the ensemble does not say that it learned something. */
static void
test_honest (void)
{
  g_autoptr (WenDataset) dataset = new_random_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 5);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = run (dataset, recipe, &trainer);

  g_assert_cmpfloat (wen_trainer_get_summary (trainer)->best_validation_accuracy, <, 0.62);
}

/* What is kept of an ensemble with a student is the student alone. */
static void
test_student (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 3);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;

  wen_recipe_set (recipe, "ensemble.student", "linear", &error);
  g_assert_no_error (error);
  classifier = run (dataset, recipe, &trainer);
  g_assert_null (wen_classifier_get_committee (classifier));
  g_assert_cmpstr (wen_classifier_get_recipe (classifier)->family, ==, "linear");
  g_assert_cmpfloat (measure (classifier, dataset), >, 0.9);
  g_assert_cmpuint (wen_trainer_get_summary (trainer)->n_epochs, ==, 9);
}

static void
collect_checkpoint (GBytes  *checkpoint,
                    gpointer checkpoints)
{
  g_ptr_array_add (checkpoints, g_bytes_ref (checkpoint));
}

static void
check_member (const WenTrainingProgress *progress,
              gpointer                   user_data)
{
  g_assert_nonnull (progress->member);
  g_assert_cmpuint (progress->epoch, <=, progress->n_epochs);
}

/* Every checkpoint leads to the same bytes and the same curve, and it is said whose. */
static void
test_resume (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes," TINY, 2);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *checksum = NULL;
  const WenCurvePoint *points;
  gsize n_points;

  wen_trainer_set_journal (trainer, collect_checkpoint, 0, checkpoints, NULL);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);
  checksum = get_checksum (classifier);
  points = wen_trainer_get_curve (trainer, &n_points);
  g_assert_cmpuint (checkpoints->len, >, 20);

  for (guint i = 0; i < checkpoints->len; i += 3)
    {
      g_autoptr (WenTrainer) again = wen_trainer_new (dataset, recipe);
      g_autoptr (WenClassifier) resumed = NULL;
      g_autofree char *resumed_checksum = NULL;
      const WenCurvePoint *resumed_points;
      gsize n_resumed_points;

      wen_trainer_set_functions (again, NULL, check_member, NULL, NULL);
      wen_trainer_set_checkpoint (again, g_ptr_array_index (checkpoints, i));
      resumed = wen_trainer_run (again, NULL, &error);
      g_assert_no_error (error);
      resumed_checksum = get_checksum (resumed);
      g_assert_cmpstr (resumed_checksum, ==, checksum);
      resumed_points = wen_trainer_get_curve (again, &n_resumed_points);
      g_assert_cmpuint (n_resumed_points, ==, n_points);
      for (gsize j = 0; j < n_points; j++)
        {
          g_assert_cmpfloat (resumed_points[j].loss, ==, points[j].loss);
          g_assert_cmpfloat (resumed_points[j].epoch, ==, points[j].epoch);
        }
    }
}

typedef struct
{
  WenTrainer *trainer;
  guint       n_validations;
  guint       n_wanted;
} Stop;

static void
stop_after (const WenCurvePoint *point,
            gpointer             user_data)
{
  Stop *stop = user_data;

  stop->n_validations += point->split == WEN_SPLIT_VALIDATION;
  if (stop->n_validations >= stop->n_wanted)
    wen_trainer_stop (stop->trainer);
}

/* A member that failed before the interruption is left out after it, and takes none of the
 * classifiers of others. */
static void
test_resume_after_failure (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("", 2);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenTrainer) again = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) resumed = NULL;
  g_autoptr (GBytes) failed = NULL;
  g_auto (WenEnsembleCheckpoint) checkpoint = { 0 };
  g_auto (GStrv) sentences = NULL;
  Stop stop = { .trainer = trainer, .n_wanted = 1 };
  g_autoptr (GError) error = NULL;

  wen_trainer_set_journal (trainer, collect_checkpoint, 0, checkpoints, NULL);
  wen_trainer_set_functions (trainer, stop_after, NULL, &stop, NULL);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  wen_ensemble_checkpoint_init (&checkpoint);
  g_assert_true (wen_ensemble_checkpoint_read (&checkpoint, g_ptr_array_index (checkpoints, checkpoints->len - 1),
                                               &error));
  g_assert_cmpuint (checkpoint.classifiers->len, ==, 1);
  g_hash_table_remove_all (g_ptr_array_index (checkpoint.classifiers, 0));
  failed = wen_ensemble_checkpoint_write (&checkpoint);

  wen_trainer_set_checkpoint (again, failed);
  resumed = wen_trainer_run (again, NULL, &error);
  g_assert_no_error (error);
  sentences = wen_ensemble_explain (wen_classifier_get_training_record (resumed));
  g_assert_nonnull (strstr (sentences[1], "For bayes there was no"));
  g_assert_cmpfloat (measure (resumed, dataset), >, 0.8);
}

/* Cut off and turned over, a checkpoint is refused or leads to an end, never to a crash. */
static void
test_damaged_checkpoint (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 2);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  gsize size_bytes;
  const guint8 *data;

  wen_trainer_set_journal (trainer, collect_checkpoint, 0, checkpoints, NULL);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  data = g_bytes_get_data (g_ptr_array_index (checkpoints, checkpoints->len - 1), &size_bytes);
  for (guint i = 0; i < 40; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, size_bytes);
      gsize n_kept = i % 2 ? size_bytes : wen_random_u64 (3, 0, i) % size_bytes;
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (WenTrainer) again = wen_trainer_new (dataset, recipe);
      g_autoptr (WenClassifier) resumed = NULL;
      g_autoptr (GError) error = NULL;

      copy[wen_random_u64 (3, 1, i) % size_bytes] ^= (guint8) (1 + wen_random_u64 (3, 2, i) % 255);
      damaged = g_bytes_new (copy, n_kept);
      wen_trainer_set_checkpoint (again, damaged);
      resumed = wen_trainer_run (again, NULL, &error);
      g_assert_true ((resumed == NULL) == (error != NULL));
    }
}

/* Of other rows. */
static void
test_wrong_checkpoint (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenDataset) other = new_random_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 2);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenTrainer) again = wen_trainer_new (other, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenClassifier) resumed = NULL;
  g_autoptr (GError) error = NULL;

  wen_trainer_set_journal (trainer, collect_checkpoint, 0, checkpoints, NULL);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  wen_trainer_set_checkpoint (again, g_ptr_array_index (checkpoints, 0));
  resumed = wen_trainer_run (again, NULL, &error);
  g_assert_null (resumed);
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT);
}

/* Whenever it is stopped, there is a classifier. */
static void
test_stop (void)
{
  for (guint n_wanted = 0; n_wanted < 6; n_wanted++)
    {
      g_autoptr (WenDataset) dataset = new_learnable_dataset ();
      g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 2);
      g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
      Stop stop = { .trainer = trainer, .n_wanted = n_wanted };
      g_autoptr (WenClassifier) classifier = NULL;
      g_autoptr (GError) error = NULL;

      wen_trainer_set_functions (trainer, stop_after, NULL, &stop, NULL);
      classifier = wen_trainer_run (trainer, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (classifier);
      if (n_wanted <= 4)
        g_assert_cmpint (wen_trainer_get_summary (trainer)->end, ==, WEN_TRAINING_END_STOPPED);
      if (n_wanted == 2)
        {
          g_auto (GStrv) sentences = wen_ensemble_explain (wen_classifier_get_training_record (classifier));

          g_assert_nonnull (strstr (sentences[1], "stopped before linear"));
        }
      if (n_wanted >= 2)
        g_assert_cmpfloat (measure (classifier, dataset), >, 0.8);
    }
}

static void
test_explanation (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear?tokens.tokenizer=word", 3);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (GStrv) sentences = NULL;
  g_autofree char *accuracy = NULL;

  classifier = run (dataset, recipe, &trainer);
  sentences = wen_ensemble_explain (wen_classifier_get_training_record (classifier));
  g_assert_cmpuint (g_strv_length (sentences), ==, 3);
  g_assert_nonnull (strstr (sentences[0], "200 rows with 2 labels"));
  g_assert_nonnull (strstr (sentences[0], "50.0 of 100"));
  g_assert_nonnull (strstr (sentences[1], "linear (words)"));
  accuracy = g_strdup_printf ("%.1f of 100", 100 * wen_trainer_get_summary (trainer)->best_validation_accuracy);
  g_assert_nonnull (strstr (sentences[2], accuracy));
  g_assert_null (wen_ensemble_explain ("{}"));
  g_assert_null (wen_ensemble_explain ("{\"ensemble\":{\"members\":[1]}}"));
}

/* How they decide is explained by what they could do alone. */
static void
test_explanation_of_combination (void)
{
  static const char *const records[][2] = {
    { "\"alone\",\"accuracy\":0.7", "no other" },
    { "\"alone\",\"accuracy\":0.7", "no better" },
    { "\"stack\",\"accuracy\":0.8", "each trusted" },
    { "\"stack\",\"accuracy\":0.6", "the settings say so" },
    { "\"average\",\"accuracy\":0.8", "weighted mean" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      const char *member = "{\"entry\":\"bayes\",\"state\":\"trained\",\"accuracy\":0.7}";
      g_autofree char *record = g_strdup_printf ("{\"ensemble\":{\"combination\":%s,\"members\":[%s%s%s]}}", records[i][0],
                                                 member, i > 0 ? "," : "", i > 0 ? member : "");
      g_auto (GStrv) sentences = wen_ensemble_explain (record);

      g_assert_nonnull (strstr (sentences[2], records[i][1]));
    }
}

/* The rows choose; what there is no time for is said. */
static void
test_automatic (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("", 2);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (GStrv) sentences = NULL;

  recipe->budget_seconds = 1;
  classifier = run (dataset, recipe, &trainer);
  sentences = wen_ensemble_explain (wen_classifier_get_training_record (classifier));
  g_assert_cmpuint (g_strv_length (sentences), ==, 3);
  g_assert_cmpfloat (measure (classifier, dataset), >, 0.9);
}

/* So few rows that most folds have one label only: members learn from all rows. */
static void
test_few_rows (void)
{
  static const char *const texts[] = { "good room", "bad room", "good view", "bad view" };
  static const char *const members[] = { "bayes,linear," TINY, "" };

  for (guint n_rows = 2; n_rows <= G_N_ELEMENTS (texts); n_rows++)
    for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
      for (guint n_bags = 1; n_bags <= 3; n_bags += 2)
        {
          g_autoptr (WenDataset) dataset = wen_dataset_new ();
          g_autoptr (WenRecipe) recipe = new_recipe (members[i], 5);
          g_autoptr (WenClassifier) classifier = NULL;

          recipe->n_bags = n_bags;
          recipe->budget_seconds = 1;
          for (guint row = 0; row < n_rows; row++)
            wen_dataset_append (dataset, row + 1, texts[row], row % 2 ? "bad" : "good", WEN_SPLIT_TRAIN);
          classifier = run (dataset, recipe, NULL);
          g_assert_cmpuint (wen_classifier_get_n_labels (classifier), ==, 2);
        }
}

/* A folder of an ensemble comes back as it was, and replaces an older one. */
static void
test_folder (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 2);
  g_autoptr (WenClassifier) classifier = run (dataset, recipe, NULL);
  g_autofree char *checksum = get_checksum (classifier);
  g_autofree char *parent = g_dir_make_tmp ("wenlei-ensemble-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (parent, "classifier", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (WenClassifier) read = NULL;
      g_autofree char *read_checksum = NULL;
      g_autoptr (WenPrediction) a = wen_classifier_predict (classifier, "abc好d");
      g_autoptr (WenPrediction) b = NULL;

      g_assert_true (wen_classifier_save (classifier, folder, NULL, &error));
      g_assert_no_error (error);
      read = wen_classifier_load (folder, NULL, &error);
      g_assert_no_error (error);
      read_checksum = get_checksum (read);
      g_assert_cmpstr (read_checksum, ==, checksum);
      b = wen_classifier_predict (read, "abc好d");
      g_assert_cmpstr (wen_prediction_get_label (a), ==, wen_prediction_get_label (b));
      g_assert_cmpfloat (wen_prediction_get_probability (a), ==, wen_prediction_get_probability (b));
    }
  {
    g_autofree char *foreign = g_build_filename (path, "classifier-1", "mine.txt", NULL);

    g_assert_true (g_file_set_contents (foreign, "mine", -1, NULL));
    g_assert_false (wen_classifier_save (classifier, folder, NULL, &error));
    g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_EXISTS);
    g_unlink (foreign);
  }
}

static void
replace_in_file (GHashTable *files,
                 const char *name,
                 const char *from,
                 const char *to)
{
  GBytes *bytes = g_hash_table_lookup (files, name);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) parts = g_strsplit (text, from, 2);
  char *changed = g_strjoinv (to, parts);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_hash_table_insert (files, g_strdup (name), g_bytes_new_take (changed, strlen (changed)));
}

typedef struct
{
  const char *file;
  const char *from;
  const char *to;
} Change;

/* Files that anybody may have changed. */
static void
test_hostile_files (void)
{
  static const Change changes[] = {
    { "wenlei.json", "\"members\" : 2", "\"members\" : 0" },
    { "wenlei.json", "\"members\" : 2", "\"members\" : 3" },
    { "wenlei.json", "\"members\" : 2", "\"members\" : 999" },
    { "wenlei.json", "\"stack\",\n    \"members\"", "\"vote\",\n    \"members\"" },
    { "wenlei.json", "\"stack\",\n    \"members\"", "\"average\",\n    \"members\"" },
    { "wenlei.json", "\"member\" : 1", "\"member\" : 2" },
    { "wenlei.json", "\"member\" : 1", "\"member\" : -1" },
    { "wenlei.json", "\"opinion\" : \"mean\"", "\"opinion\" : \"none\"" },
    { "wenlei.json", "\"weight\" : 1.0", "\"weight\" : 1e300" },
    { "wenlei.json", "\"weight\" : 1.0", "\"weight\" : -1.0" },
    { "wenlei.json", "\"classifiers\" : [", "\"classifiers\" : [ {}," },
    { "classifier-2/wenlei.json", "positive", "other" },
    { "classifier-2/wenlei.json", "\"format\" : \"wenlei-classifier\"", "\"format\" : \"x\"" },
  };
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes,linear", 2);
  g_autoptr (WenClassifier) classifier = run (dataset, recipe, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
      g_autoptr (WenClassifier) read = NULL;
      g_autoptr (GError) error = NULL;

      replace_in_file (files, changes[i].file, changes[i].from, changes[i].to);
      read = wen_classifier_new_from_files (files, &error);
      if (read != NULL)
        g_error ("%s instead of %s was accepted", changes[i].to, changes[i].from);
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
    }
  for (guint i = 1; i <= 2; i++)
    {
      g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
      g_autofree char *name = g_strdup_printf ("classifier-%u/model.safetensors", i);
      g_autoptr (WenClassifier) read = NULL;
      g_autoptr (GError) error = NULL;

      g_hash_table_remove (files, name);
      read = wen_classifier_new_from_files (files, &error);
      g_assert_null (read);
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
    }
}

static void
test_refusals (void)
{
  static const char *const bad_members[] = { "nothing", "ensemble", "linear?model.depth=3", "linear?model.cost=x",
                                             "linear?model.cost",
                                             "bayes?model.family=ensemble" };
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_recipe ("bayes", 1);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 40, 1);
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_null (classifier);
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_FEW_ROWS);
  g_assert_nonnull (strstr (error->message, "ensemble.folds"));

  for (gsize i = 0; i < G_N_ELEMENTS (bad_members); i++)
    {
      g_autoptr (WenRecipe) bad = wen_recipe_new_preset ("ensemble", NULL);

      g_assert_true (wen_recipe_set (bad, "ensemble.members", bad_members[i], NULL));
      g_assert_false (wen_recipe_validate (bad, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wen/train/ensemble/learns/%zu", i);

      g_test_add_data_func (path, &kinds[i], test_learns);
    }
  g_test_add_func ("/wen/train/ensemble/test-rows-are-not-read", test_test_rows_are_not_read);
  g_test_add_func ("/wen/train/ensemble/honest", test_honest);
  g_test_add_func ("/wen/train/ensemble/student", test_student);
  g_test_add_func ("/wen/train/ensemble/resume", test_resume);
  g_test_add_func ("/wen/train/ensemble/resume-after-failure", test_resume_after_failure);
  g_test_add_func ("/wen/train/ensemble/damaged-checkpoint", test_damaged_checkpoint);
  g_test_add_func ("/wen/train/ensemble/wrong-checkpoint", test_wrong_checkpoint);
  g_test_add_func ("/wen/train/ensemble/stop", test_stop);
  g_test_add_func ("/wen/train/ensemble/explanation", test_explanation);
  g_test_add_func ("/wen/train/ensemble/explanation-of-combination", test_explanation_of_combination);
  g_test_add_func ("/wen/train/ensemble/automatic", test_automatic);
  g_test_add_func ("/wen/train/ensemble/few-rows", test_few_rows);
  g_test_add_func ("/wen/train/ensemble/folder", test_folder);
  g_test_add_func ("/wen/train/ensemble/hostile-files", test_hostile_files);
  g_test_add_func ("/wen/train/ensemble/refusals", test_refusals);

  return g_test_run ();
}
