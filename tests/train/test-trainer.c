/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs from rows to a classifier: what is learned, what is kept, and how a run ends. */

#include "config.h"

#include "train-fixture.h"

#include "wen-evaluation.h"

#include <math.h>
#include <string.h>

/* What the functions of a run saw, and when they are to step in. */
typedef struct
{
  WenTrainer   *trainer;
  GCancellable *cancellable;
  guint64       stop_at_step;
  guint64       cancel_at_step;
  guint64       last_step;
  GArray       *points; /* of WenCurvePoint */
} Watch;

static void
watch_point (const WenCurvePoint *point,
             gpointer             user_data)
{
  Watch *watch = user_data;

  g_array_append_val (watch->points, *point);
  if (watch->stop_at_step > 0 && point->step == watch->stop_at_step)
    wen_trainer_stop (watch->trainer);
  if (watch->cancel_at_step > 0 && point->step == watch->cancel_at_step)
    g_cancellable_cancel (watch->cancellable);
}

static void
watch_progress (const WenTrainingProgress *progress,
                gpointer                   user_data)
{
  Watch *watch = user_data;

  g_assert_cmpfloat (progress->fraction, >=, 0);
  g_assert_cmpfloat (progress->fraction, <=, 1);
  g_assert_cmpuint (progress->step, >=, watch->last_step);
  watch->last_step = progress->step;
}

static void
watch_init (Watch      *watch,
            WenTrainer *trainer)
{
  *watch = (Watch) {
    .trainer = trainer,
    .cancellable = g_cancellable_new (),
    .points = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint)),
  };
  wen_trainer_set_functions (trainer, watch_point, watch_progress, watch, NULL);
}

static void
watch_clear (Watch *watch)
{
  g_object_unref (watch->cancellable);
  g_array_unref (watch->points);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

static guint
count_points (Watch    *watch,
              WenSplit  split)
{
  guint n_points = 0;

  for (guint i = 0; i < watch->points->len; i++)
    n_points += g_array_index (watch->points, WenCurvePoint, i).split == split;
  return n_points;
}

static WenClassifier *
train (WenDataset *dataset,
       WenRecipe  *recipe)
{
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  WenClassifier *classifier = wen_trainer_run (trainer, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (classifier);
  return classifier;
}

static void
assert_fails (WenDataset *dataset,
              WenRecipe  *recipe,
              int         code,
              const char *named)
{
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = wen_trainer_run (trainer, NULL, &error);

  g_assert_null (classifier);
  g_assert_error (error, WEN_TRAINER_ERROR, code);
  if (strstr (error->message, named) == NULL)
    g_error ("“%s” does not say “%s”", error->message, named);
}

static GBytes *
dup_weights (WenClassifier *classifier)
{
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);

  return g_bytes_ref (g_hash_table_lookup (files, "model.safetensors"));
}

static void
test_learns (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (6);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenEvaluation) evaluation = NULL;
  g_autoptr (WenPrediction) prediction = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Watch) watch;
  const WenTrainingSummary *summary;
  WenTrainingProgress progress;
  gsize n_points;

  watch_init (&watch, trainer);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);

  evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (wen_evaluation_get_accuracy (evaluation), ==, 1.0);
  prediction = wen_classifier_predict (classifier, "xq好z");
  g_assert_cmpstr (wen_prediction_get_label (prediction), ==, "positive");

  summary = wen_trainer_get_summary (trainer);
  g_assert_cmpint (summary->end, ==, WEN_TRAINING_END_COMPLETED);
  g_assert_cmpuint (summary->n_epochs, ==, 6);
  g_assert_cmpuint (summary->n_train_rows, ==, 160);
  g_assert_cmpuint (summary->n_left_out, ==, 0);
  g_assert_cmpuint (summary->n_parameters, ==, wen_classifier_get_n_parameters (classifier));
  g_assert_cmpfloat (summary->best_validation_accuracy, ==, 1.0);
  g_assert_cmpfloat (summary->seconds, >, 0);

  /* 160 rows in batches of 8 are 20 steps an epoch, each with its point. */
  g_assert_cmpuint (count_points (&watch, WEN_SPLIT_TRAIN), ==, 6 * 20);
  g_assert_cmpuint (count_points (&watch, WEN_SPLIT_VALIDATION), ==, 6);
  wen_trainer_get_curve (trainer, &n_points);
  g_assert_cmpuint (n_points, ==, watch.points->len);
  wen_trainer_get_progress (trainer, &progress);
  g_assert_cmpfloat (progress.fraction, ==, 1);
  g_assert_cmpuint (progress.step, ==, 120);
  g_assert_cmpint (progress.remaining_us, ==, 0);

  g_assert_finalize_object (g_steal_pointer (&evaluation));
}

/* Long epochs have no more points than a plot can show. */
static void
test_number_of_points (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (2);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (Watch) watch;
  const WenCurvePoint *last;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 397, 1);
  recipe->batch_size = 2;
  trainer = wen_trainer_new (dataset, recipe);
  watch_init (&watch, trainer);
  classifier = wen_trainer_run (trainer, NULL, NULL);

  g_assert_cmpuint (watch.points->len, >=, 2 * 20);
  g_assert_cmpuint (watch.points->len, <=, 2 * 50);
  last = &g_array_index (watch.points, WenCurvePoint, watch.points->len - 1);
  g_assert_cmpfloat (last->epoch, ==, 2.0);
  g_assert_cmpuint (last->step, ==, 2 * 199);
}

/* What only rows of other splits hold is unknown to the vocabulary. */
static void
test_vocabulary_comes_from_training_rows (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenClassifier) classifier = NULL;
  WenVocabulary *vocabulary;

  for (guint i = 0; i < 20; i++)
    {
      wen_dataset_append (dataset, 1000 + i, "好鸟鸟鸟", "positive", WEN_SPLIT_TEST);
      wen_dataset_append (dataset, 2000 + i, "好鱼鱼鱼", "positive", WEN_SPLIT_VALIDATION);
      wen_dataset_append (dataset, 3000 + i, "好虫虫虫", NULL, WEN_SPLIT_TRAIN);
    }
  classifier = train (dataset, recipe);
  vocabulary = wen_tokenizer_get_vocabulary (wen_classifier_get_tokenizer (classifier));

  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "好", -1), !=, WEN_TOKEN_UNK);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "鸟", -1), ==, WEN_TOKEN_UNK);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "鱼", -1), ==, WEN_TOKEN_UNK);
  g_assert_cmpuint (wen_vocabulary_lookup (vocabulary, "虫", -1), ==, WEN_TOKEN_UNK);
}

static void
test_same_seed_same_bits (gconstpointer data)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (2);
  g_autoptr (WenClassifier) first = NULL;
  g_autoptr (WenClassifier) second = NULL;
  g_autoptr (WenClassifier) other = NULL;
  g_autoptr (GBytes) first_weights = NULL;
  g_autoptr (GBytes) second_weights = NULL;
  g_autoptr (GBytes) other_weights = NULL;

  recipe->n_threads = GPOINTER_TO_UINT (data);
  first = train (dataset, recipe);
  second = train (dataset, recipe);
  recipe->seed++;
  other = train (dataset, recipe);

  first_weights = dup_weights (first);
  second_weights = dup_weights (second);
  other_weights = dup_weights (other);
  g_assert_true (g_bytes_equal (first_weights, second_weights));
  g_assert_false (g_bytes_equal (first_weights, other_weights));
}

/* The weights that are kept give the figures of the epoch that is said to be the best. */
static void
test_best_weights_are_kept (void)
{
  g_autoptr (WenDataset) dataset = new_random_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (40);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenEvaluation) evaluation = NULL;
  g_auto (Watch) watch;
  const WenTrainingSummary *summary;
  const WenCurvePoint *best = NULL;
  guint n_epochs = 0;

  recipe->patience = 3;
  trainer = wen_trainer_new (dataset, recipe);
  watch_init (&watch, trainer);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  summary = wen_trainer_get_summary (trainer);

  for (guint i = 0; i < watch.points->len; i++)
    {
      const WenCurvePoint *point = &g_array_index (watch.points, WenCurvePoint, i);

      if (point->split != WEN_SPLIT_VALIDATION)
        continue;
      if (++n_epochs == summary->best_epoch)
        best = point;
    }
  g_assert_nonnull (best);
  g_assert_cmpint (summary->end, ==, WEN_TRAINING_END_EARLY);
  g_assert_cmpuint (summary->n_epochs, ==, summary->best_epoch + 3);
  g_assert_cmpuint (summary->n_epochs, ==, n_epochs);
  g_assert_cmpfloat (summary->best_validation_accuracy, ==, best->accuracy);
  g_assert_cmpfloat (summary->best_validation_loss, ==, best->loss);

  evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_VALIDATION, NULL, NULL);
  g_assert_cmpfloat (wen_evaluation_get_accuracy (evaluation), ==, best->accuracy);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_loss (evaluation), best->loss, 1e-6);
}

static void
test_without_validation_rows (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (3);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  const WenTrainingSummary *summary;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 40, 1);
  recipe->patience = 1;
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  summary = wen_trainer_get_summary (trainer);
  g_assert_nonnull (classifier);
  g_assert_cmpint (summary->end, ==, WEN_TRAINING_END_COMPLETED);
  g_assert_cmpuint (summary->n_epochs, ==, 3);
  g_assert_cmpuint (summary->best_epoch, ==, 3);
  g_assert_true (isnan (summary->best_validation_loss));
}

static void
test_stop_in_first_epoch (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (50);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (Watch) watch;
  const WenTrainingSummary *summary = wen_trainer_get_summary (trainer);

  watch_init (&watch, trainer);
  watch.stop_at_step = 3;
  classifier = wen_trainer_run (trainer, NULL, NULL);
  g_assert_nonnull (classifier);
  g_assert_cmpint (summary->end, ==, WEN_TRAINING_END_STOPPED);
  g_assert_cmpuint (watch.last_step, ==, 3);
  g_assert_cmpuint (summary->n_epochs, ==, 1);
  g_assert_cmpuint (summary->best_epoch, ==, 1);
  /* The present weights were measured. */
  g_assert_cmpuint (count_points (&watch, WEN_SPLIT_VALIDATION), ==, 1);
}

static void
test_stop_before_the_first_step (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (50);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (Watch) watch;

  watch_init (&watch, trainer);
  wen_trainer_stop (trainer);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  g_assert_nonnull (classifier);
  g_assert_cmpuint (watch.last_step, ==, 1);
}

/* A stop in a later epoch goes back to the best whole one. */
static void
test_stop_in_last_epoch (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (2);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) stopped = NULL;
  g_autoptr (WenEvaluation) evaluation = NULL;
  g_auto (Watch) watch;
  const WenTrainingSummary *summary = wen_trainer_get_summary (trainer);

  watch_init (&watch, trainer);
  watch.stop_at_step = 25;
  stopped = wen_trainer_run (trainer, NULL, NULL);
  g_assert_cmpint (summary->end, ==, WEN_TRAINING_END_STOPPED);
  g_assert_cmpuint (watch.last_step, ==, 25);
  g_assert_cmpuint (summary->n_epochs, ==, 2);
  g_assert_cmpuint (summary->best_epoch, ==, 1);
  evaluation = wen_evaluation_new (stopped, dataset, WEN_SPLIT_VALIDATION, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_loss (evaluation), summary->best_validation_loss, 1e-6);
}

/* With the very last step everything is done, stop or not. */
static void
test_stop_at_the_last_step (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (2);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (Watch) watch;

  watch_init (&watch, trainer);
  watch.stop_at_step = 40;
  classifier = wen_trainer_run (trainer, NULL, NULL);
  g_assert_nonnull (classifier);
  g_assert_cmpint (wen_trainer_get_summary (trainer)->end, ==, WEN_TRAINING_END_COMPLETED);
  g_assert_cmpuint (count_points (&watch, WEN_SPLIT_VALIDATION), ==, 2);
}

/* Without validation rows no whole epoch is known to be better than the present. */
static void
test_stop_without_validation_rows (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (5);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_auto (Watch) watch;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 80, 1);
  trainer = wen_trainer_new (dataset, recipe);
  watch_init (&watch, trainer);
  watch.stop_at_step = 13;
  classifier = wen_trainer_run (trainer, NULL, NULL);
  g_assert_nonnull (classifier);
  g_assert_cmpint (wen_trainer_get_summary (trainer)->end, ==, WEN_TRAINING_END_STOPPED);
  g_assert_cmpuint (wen_trainer_get_summary (trainer)->best_epoch, ==, 2);
}

static void
test_cancel (gconstpointer data)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (50);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Watch) watch;

  watch_init (&watch, trainer);
  watch.cancel_at_step = GPOINTER_TO_UINT (data);
  if (watch.cancel_at_step == 0)
    g_cancellable_cancel (watch.cancellable);
  classifier = wen_trainer_run (trainer, watch.cancellable, &error);
  g_assert_null (classifier);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (watch.last_step, ==, watch.cancel_at_step);
}

static void
test_diverges (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (20);

  /* Each step makes the weights nine times as large. */
  recipe->learning_rate = 1;
  recipe->weight_decay = 10;
  recipe->warmup_share = 0;
  recipe->decay = WEN_DECAY_NONE;
  assert_fails (dataset, recipe, WEN_TRAINER_ERROR_DIVERGED, "learning rate of 1");
}

/* However many steps there are before the end, weights that are kept can be saved
 * and read again, so they are numbers. */
static void
test_kept_weights_are_numbers (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  gboolean found = FALSE;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 8, 1);
  for (guint n_epochs = 4; n_epochs <= 48; n_epochs++)
    {
      g_autoptr (WenRecipe) recipe = new_tiny_recipe (n_epochs);
      g_autoptr (WenTrainer) trainer = NULL;
      g_autoptr (WenClassifier) classifier = NULL;
      g_autoptr (GError) error = NULL;

      recipe->learning_rate = 1;
      recipe->weight_decay = 10;
      recipe->warmup_share = 0;
      recipe->decay = WEN_DECAY_NONE;
      trainer = wen_trainer_new (dataset, recipe);
      classifier = wen_trainer_run (trainer, NULL, &error);
      if (classifier != NULL)
        {
          g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
          g_autoptr (WenClassifier) read = wen_classifier_new_from_files (files, &error);

          g_assert_no_error (error);
          g_assert_nonnull (read);
        }
      else
        {
          g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED);
          found = TRUE;
        }
    }
  g_assert_true (found);
}

static void
test_one_label (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);

  assert_fails (dataset, recipe, WEN_TRAINER_ERROR_ONE_LABEL, "no rows");
  wen_dataset_append (dataset, 1, "one", "x", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 2, "two", "x", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 3, "three", "y", WEN_SPLIT_TEST);
  assert_fails (dataset, recipe, WEN_TRAINER_ERROR_ONE_LABEL, "“x”");
}

static void
test_nothing_left_after_cleaning (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);

  wen_dataset_append (dataset, 1, "http://example.org/a", "x", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 2, "http://example.org/b", "y", WEN_SPLIT_TRAIN);
  assert_fails (dataset, recipe, WEN_TRAINER_ERROR_NO_TEXT, "cleaning");

  wen_dataset_append (dataset, 3, "words", "x", WEN_SPLIT_TRAIN);
  assert_fails (dataset, recipe, WEN_TRAINER_ERROR_ONE_LABEL, "“x”");
}

/* A label that loses its rows to cleaning is not one that the classifier gives. */
static void
test_label_without_text (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (2);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;

  wen_dataset_append (dataset, 1, "http://example.org/a", "link", WEN_SPLIT_TRAIN);
  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 80, 1);
  wen_dataset_append (dataset, 2, "abc", "link", WEN_SPLIT_VALIDATION);
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  g_assert_cmpuint (wen_classifier_get_n_labels (classifier), ==, 2);
  g_assert_cmpstr (wen_classifier_get_label (classifier, 0), ==, "positive");
  g_assert_cmpstr (wen_classifier_get_label (classifier, 1), ==, "negative");
  g_assert_cmpuint (wen_trainer_get_summary (trainer)->n_left_out, ==, 2);
}

static void
test_label_with_one_row (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (20);
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenPrediction) prediction = NULL;

  /* No validation rows: which would have none of the label, and so nothing to say of it. */
  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 160, 1);
  wen_dataset_append (dataset, 999, "奇奇怪怪", "strange", WEN_SPLIT_TRAIN);
  classifier = train (dataset, recipe);
  g_assert_cmpuint (wen_classifier_get_n_labels (classifier), ==, 3);
  prediction = wen_classifier_predict (classifier, "奇奇怪怪");
  g_assert_cmpstr (wen_prediction_get_label (prediction), ==, "strange");
}

static void
test_too_long (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenTrainer) cutting = NULL;
  g_autoptr (WenTrainer) leaving_out = NULL;
  g_autoptr (WenClassifier) cut = NULL;
  g_autoptr (WenClassifier) left_out = NULL;
  const WenTrainingSummary *summary;

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 40, 1);
  /* With [CLS] exactly as long as allowed, and longer by one. */
  wen_dataset_append (dataset, 1, "123456789012345", "positive", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 2, "1234567890123456", "negative", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 3, "1234567890123456", "negative", WEN_SPLIT_VALIDATION);

  cutting = wen_trainer_new (dataset, recipe);
  cut = wen_trainer_run (cutting, NULL, NULL);
  summary = wen_trainer_get_summary (cutting);
  g_assert_cmpuint (summary->n_train_rows, ==, 42);
  g_assert_cmpuint (summary->n_cut, ==, 2);
  g_assert_cmpuint (summary->n_left_out, ==, 0);

  recipe->too_long = WEN_TOO_LONG_LEAVE_OUT;
  leaving_out = wen_trainer_new (dataset, recipe);
  left_out = wen_trainer_run (leaving_out, NULL, NULL);
  summary = wen_trainer_get_summary (leaving_out);
  g_assert_cmpuint (summary->n_train_rows, ==, 41);
  g_assert_cmpuint (summary->n_cut, ==, 0);
  g_assert_cmpuint (summary->n_left_out, ==, 2);
}

static void
test_bad_recipe (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;

  recipe->n_heads = 3;
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_null (classifier);
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
}

static void
test_too_large (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);

  /* More than a thousand million parameters, and a gradient of each for each thread. */
  recipe->hidden_size = 2048;
  recipe->n_heads = 16;
  recipe->n_layers = 24;
  recipe->feed_forward_size = 8192;
  recipe->n_threads = 256;
  assert_fails (dataset, recipe, WEN_TRAINER_ERROR_TOO_LARGE, "memory");
}

typedef struct
{
  GMainLoop     *loop;
  GThread       *main_thread;
  WenClassifier *classifier;
  GError        *error;
  guint          n_ends;
  guint          n_progress;
  guint          n_curve_changes;
  guint          n_after_the_end;
} Async;

static void
async_progress_cb (WenTrainer *trainer,
                   Async      *async)
{
  g_assert_true (g_thread_self () == async->main_thread);
  async->n_progress++;
  async->n_after_the_end += async->n_ends;
}

static void
async_curve_cb (WenTrainer *trainer,
                Async      *async)
{
  g_assert_true (g_thread_self () == async->main_thread);
  async->n_curve_changes++;
}

static void
async_end_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Async *async = user_data;

  async->classifier = wen_trainer_run_finish (WEN_TRAINER (object), result, &async->error);
  async->n_ends++;
  g_main_loop_quit (async->loop);
}

/* busy_us: for how long the main thread does something else first. */
static void
run_async (WenTrainer   *trainer,
           GCancellable *cancellable,
           gulong        busy_us,
           Async        *async)
{
  *async = (Async) {
    .loop = g_main_loop_new (NULL, FALSE),
    .main_thread = g_thread_self (),
  };
  g_signal_connect (trainer, "progress", G_CALLBACK (async_progress_cb), async);
  g_signal_connect (trainer, "curve-changed", G_CALLBACK (async_curve_cb), async);
  wen_trainer_run_async (trainer, cancellable, async_end_cb, async);
  g_usleep (busy_us);
  g_main_loop_run (async->loop);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_main_loop_unref (async->loop);
  g_assert_cmpuint (async->n_ends, ==, 1);
  g_assert_cmpuint (async->n_after_the_end, ==, 0);
}

/* Where the main thread was busy, the end overtakes the last report. */
static void
test_async (gconstpointer data)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (3);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GBytes) weights = NULL;
  g_autoptr (GBytes) other_weights = NULL;
  g_autoptr (WenClassifier) same = NULL;
  const WenCurvePoint *curve;
  WenTrainingProgress progress;
  gsize n_points;
  Async async;

  run_async (trainer, NULL, GPOINTER_TO_UINT (data), &async);
  g_assert_no_error (async.error);
  g_assert_cmpuint (async.n_progress, >, 0);
  g_assert_cmpuint (async.n_curve_changes, >, 0);

  /* Every point arrived, in its order, whatever the main loop was doing. */
  curve = wen_trainer_get_curve (trainer, &n_points);
  g_assert_cmpuint (n_points, ==, 3 * 20 + 3);
  for (gsize i = 1; i < n_points; i++)
    g_assert_cmpuint (curve[i].step, >=, curve[i - 1].step);
  wen_trainer_get_progress (trainer, &progress);
  g_assert_cmpuint (progress.step, ==, 60);

  /* A thread of its own computes the same. */
  same = train (dataset, recipe);
  weights = dup_weights (async.classifier);
  other_weights = dup_weights (same);
  g_assert_true (g_bytes_equal (weights, other_weights));
  g_assert_finalize_object (async.classifier);
}

static gboolean
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
test_async_cancel (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1000);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Async async;

  g_timeout_add (20, cancel_cb, cancellable);
  run_async (trainer, cancellable, 0, &async);
  g_assert_error (async.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (async.classifier);
  g_clear_error (&async.error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/trainer/learns", test_learns);
  g_test_add_func ("/wen/train/trainer/number-of-points", test_number_of_points);
  g_test_add_func ("/wen/train/trainer/vocabulary-from-training-rows", test_vocabulary_comes_from_training_rows);
  g_test_add_data_func ("/wen/train/trainer/same-seed/one-thread", GUINT_TO_POINTER (1), test_same_seed_same_bits);
  g_test_add_data_func ("/wen/train/trainer/same-seed/two-threads", GUINT_TO_POINTER (2), test_same_seed_same_bits);
  g_test_add_func ("/wen/train/trainer/best-weights", test_best_weights_are_kept);
  g_test_add_func ("/wen/train/trainer/no-validation", test_without_validation_rows);
  g_test_add_func ("/wen/train/trainer/stop/first-epoch", test_stop_in_first_epoch);
  g_test_add_func ("/wen/train/trainer/stop/before-first-step", test_stop_before_the_first_step);
  g_test_add_func ("/wen/train/trainer/stop/last-epoch", test_stop_in_last_epoch);
  g_test_add_func ("/wen/train/trainer/stop/last-step", test_stop_at_the_last_step);
  g_test_add_func ("/wen/train/trainer/stop/no-validation", test_stop_without_validation_rows);
  g_test_add_data_func ("/wen/train/trainer/cancel/before", GUINT_TO_POINTER (0), test_cancel);
  g_test_add_data_func ("/wen/train/trainer/cancel/first-epoch", GUINT_TO_POINTER (3), test_cancel);
  g_test_add_data_func ("/wen/train/trainer/cancel/later", GUINT_TO_POINTER (30), test_cancel);
  g_test_add_func ("/wen/train/trainer/diverges", test_diverges);
  g_test_add_func ("/wen/train/trainer/diverges/kept-weights", test_kept_weights_are_numbers);
  g_test_add_func ("/wen/train/trainer/one-label", test_one_label);
  g_test_add_func ("/wen/train/trainer/nothing-left", test_nothing_left_after_cleaning);
  g_test_add_func ("/wen/train/trainer/label-without-text", test_label_without_text);
  g_test_add_func ("/wen/train/trainer/label-with-one-row", test_label_with_one_row);
  g_test_add_func ("/wen/train/trainer/too-long", test_too_long);
  g_test_add_func ("/wen/train/trainer/bad-recipe", test_bad_recipe);
  g_test_add_func ("/wen/train/trainer/too-large", test_too_large);
  g_test_add_data_func ("/wen/train/trainer/async/idle", GUINT_TO_POINTER (0), test_async);
  g_test_add_data_func ("/wen/train/trainer/async/busy", GUINT_TO_POINTER (500000), test_async);
  g_test_add_func ("/wen/train/trainer/async/cancel", test_async_cancel);

  return g_test_run ();
}
