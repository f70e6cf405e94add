/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs that guess hidden tokens first: which texts take part, what is told of it, and
 * how it ends. */

#include "config.h"

#include "train-fixture.h"

#include "wen-classifier.h"
#include "wen-training-forecast.h"
#include "wen-training-set-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N_PRETRAINING_EPOCHS 4
/* Of 8 texts each: training and validation rows, then training rows. */
#define N_PRETRAINING_STEPS 25
#define N_TRAINING_STEPS 20

static WenRecipe *
new_recipe (void)
{
  WenRecipe *recipe = new_tiny_recipe (3);

  recipe->pretraining_epochs = N_PRETRAINING_EPOCHS;
  recipe->pretraining_rate = 0.005;
  return recipe;
}

typedef struct
{
  WenTrainer   *trainer;
  GCancellable *cancellable;
  guint64       stop_at_step;   /* of pre-training; 0: does not */
  guint64       cancel_at_step;
  guint64       pause_at_step;
  guint64       paused_step;    /* 0: it was never */
  guint64       last_step;      /* of pre-training */
  double        last_fraction;
  gboolean      has_trained;
} Watch;

static void
watch_progress (const WenTrainingProgress *progress,
                gpointer                   user_data)
{
  Watch *watch = user_data;

  g_assert_cmpfloat (progress->fraction, >=, watch->last_fraction);
  g_assert_cmpfloat (progress->fraction, <=, 1);
  watch->last_fraction = progress->fraction;
  switch (progress->phase)
    {
    case WEN_TRAINING_PHASE_PRETRAINING:
      g_assert_false (watch->has_trained);
      g_assert_cmpuint (progress->n_epochs, ==, N_PRETRAINING_EPOCHS);
      g_assert_cmpuint (progress->n_steps, ==, N_PRETRAINING_EPOCHS * N_PRETRAINING_STEPS);
      g_assert_cmpuint (progress->epoch, ==, (progress->step - 1) / N_PRETRAINING_STEPS + 1);
      watch->last_step = progress->step;
      break;
    case WEN_TRAINING_PHASE_TRAINING:
      watch->has_trained = TRUE;
      g_assert_cmpuint (progress->n_epochs, ==, 3);
      g_assert_cmpuint (progress->n_steps, ==, 3 * N_TRAINING_STEPS);
      break;
    case WEN_TRAINING_PHASE_PAUSED:
      watch->paused_step = progress->step;
      wen_trainer_resume (watch->trainer);
      break;
    case WEN_TRAINING_PHASE_PREPARING:
    case WEN_TRAINING_PHASE_VALIDATING:
    default:
      break;
    }
}

static void
watch_point (const WenCurvePoint *point,
             gpointer             user_data)
{
  Watch *watch = user_data;

  if (!point->is_pretraining)
    return;
  if (point->step == watch->pause_at_step)
    wen_trainer_pause (watch->trainer);
  if (point->step == watch->stop_at_step)
    wen_trainer_stop (watch->trainer);
  if (point->step == watch->cancel_at_step)
    g_cancellable_cancel (watch->cancellable);
}

/* Two curves, one after the other, each with steps and epochs of its own. */
static void
test_curve (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  Watch watch = { .trainer = trainer };
  const WenTrainingSummary *summary = wen_trainer_get_summary (trainer);
  const WenCurvePoint *points;
  gsize n_points;
  gsize n_pretraining = 0;
  double loss = 0;

  wen_trainer_set_functions (trainer, watch_point, watch_progress, &watch, NULL);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);

  points = wen_trainer_get_curve (trainer, &n_points);
  while (n_pretraining < n_points && points[n_pretraining].is_pretraining)
    n_pretraining++;
  /* A point each step. */
  g_assert_cmpuint (n_pretraining, ==, N_PRETRAINING_EPOCHS * N_PRETRAINING_STEPS);
  for (gsize i = 0; i < n_pretraining; i++)
    {
      g_assert_cmpint (points[i].split, ==, WEN_SPLIT_TRAIN);
      g_assert_cmpuint (points[i].step, ==, i + 1);
      g_assert_cmpfloat_with_epsilon (points[i].epoch, (double) (i + 1) / N_PRETRAINING_STEPS, 1e-9);
      g_assert_cmpfloat (points[i].accuracy, <=, 1);
      if (i >= n_pretraining - N_PRETRAINING_STEPS)
        loss += points[i].loss / N_PRETRAINING_STEPS;
    }
  for (gsize i = n_pretraining; i < n_points; i++)
    g_assert_false (points[i].is_pretraining);
  g_assert_cmpuint (points[n_pretraining].step, ==, 1);
  g_assert_cmpfloat (points[n_points - 1].epoch, ==, 3);
  /* 28 letters and three special tokens: letters are as good as random, 好 and 坏 are not. */
  g_assert_cmpfloat_with_epsilon (points[0].loss, log (31), 0.5);

  g_assert_cmpuint (summary->n_pretraining_epochs, ==, N_PRETRAINING_EPOCHS);
  g_assert_cmpuint (summary->n_pretraining_rows, ==, 200);
  g_assert_cmpfloat_with_epsilon (summary->pretraining_loss, loss, 1e-9);
  g_assert_cmpfloat (summary->pretraining_loss, <, points[0].loss);
  g_assert_cmpfloat (summary->pretraining_seconds, >, 0);
  g_assert_cmpfloat (summary->best_validation_accuracy, >, 0.8);
}

/* Without it nothing changes. */
static void
test_none (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_tiny_recipe (1);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (WenClassifier) classifier = wen_trainer_run (trainer, NULL, NULL);
  const WenTrainingSummary *summary = wen_trainer_get_summary (trainer);

  g_assert_nonnull (classifier);
  g_assert_cmpuint (summary->n_pretraining_epochs, ==, 0);
  g_assert_true (isnan (summary->pretraining_loss));
}

/* Ends within a step, and the run with it: measured and kept, whatever it is worth. */
static void
test_stop (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  Watch watch = { .trainer = trainer, .stop_at_step = 30 };
  const WenTrainingSummary *summary = wen_trainer_get_summary (trainer);

  wen_trainer_set_functions (trainer, watch_point, watch_progress, &watch, NULL);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (classifier);
  g_assert_cmpuint (watch.last_step, ==, 30);
  g_assert_cmpint (summary->end, ==, WEN_TRAINING_END_STOPPED);
  g_assert_cmpuint (summary->n_pretraining_epochs, ==, 2);
  g_assert_cmpuint (summary->n_epochs, ==, 1);
  g_assert_true (isfinite (summary->best_validation_accuracy));
}

static void
test_pause (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  Watch watch = { .trainer = trainer, .pause_at_step = 30 };

  wen_trainer_set_functions (trainer, watch_point, watch_progress, &watch, NULL);
  classifier = wen_trainer_run (trainer, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (watch.paused_step, ==, 30);
  g_assert_cmpuint (watch.last_step, ==, N_PRETRAINING_EPOCHS * N_PRETRAINING_STEPS);
  g_assert_cmpint (wen_trainer_get_summary (trainer)->end, ==, WEN_TRAINING_END_COMPLETED);
}

static void
test_cancel (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Watch watch = { .trainer = trainer, .cancellable = cancellable, .cancel_at_step = 30 };

  wen_trainer_set_functions (trainer, watch_point, watch_progress, &watch, NULL);
  g_assert_null (wen_trainer_run (trainer, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (watch.last_step, ==, 30);
  g_assert_false (watch.has_trained);
}

static void
test_diverged (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;

  /* Each step makes the weights nine times as large. */
  recipe->pretraining_rate = 1;
  recipe->weight_decay = 10;
  recipe->warmup_share = 0;
  recipe->decay = WEN_DECAY_NONE;
  trainer = wen_trainer_new (dataset, recipe);
  g_assert_null (wen_trainer_run (trainer, NULL, &error));
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED);
  g_assert_nonnull (strstr (error->message, "learning rate of pre-training"));
}

static WenTrainingSet *
new_set (WenDataset      *dataset,
         const WenRecipe *recipe,
         GError         **error)
{
  g_autoptr (WenWorkerPool) pool = wen_worker_pool_new (1);

  return wen_training_set_new (dataset, NULL, recipe, pool, NULL, NULL, NULL, error);
}

static gboolean
knows (WenTrainingSet *set,
       const char     *token)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (set->tokenizer);

  return wen_vocabulary_lookup (vocabulary, token, -1) != wen_vocabulary_get_unk_id (vocabulary);
}

/* A letter of its own in each kind of row tells where it went. */
static void
test_which_texts (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (WenTrainingSet) set = NULL;
  g_autoptr (WenTrainingSet) plain = NULL;
  g_autoptr (GError) error = NULL;

  wen_dataset_append (dataset, 1001, "甲甲甲", "positive", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 1002, "乙乙乙", NULL, WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 1003, "丙丙丙", "positive", WEN_SPLIT_VALIDATION);
  wen_dataset_append (dataset, 1004, "丁丁丁", "positive", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 1005, "", NULL, WEN_SPLIT_TRAIN);

  set = new_set (dataset, recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (set->train.n_texts, ==, 161);
  g_assert_cmpuint (set->validation.n_texts, ==, 41);
  g_assert_cmpuint (set->pretraining.n_texts, ==, 203);
  g_assert_null (set->pretraining.labels);
  g_assert_cmpuint (set->n_left_out, ==, 0);
  g_assert_true (knows (set, "甲"));
  g_assert_true (knows (set, "乙"));
  g_assert_false (knows (set, "丙"));
  g_assert_false (knows (set, "丁"));

  recipe->pretraining_epochs = 0;
  plain = new_set (dataset, recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plain->pretraining.n_texts, ==, 0);
  g_assert_false (knows (plain, "乙"));
}

static char *
write_file (const char *text)
{
  g_autoptr (GError) error = NULL;
  char *path;
  int descriptor = g_file_open_tmp ("wenlei-texts-XXXXXX.csv", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (descriptor, NULL));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
test_files (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autofree char *texts = write_file ("id,text,label\n1,戊戊戊好,other\n2,己己己坏,other\n3,戊己戊己,yet another\n");
  g_autofree char *more = write_file ("text\n庚庚庚\n");
  g_autoptr (WenTrainingSet) set = NULL;
  g_autoptr (GError) error = NULL;

  recipe->pretraining_files = g_renew (char *, recipe->pretraining_files, 3);
  recipe->pretraining_files[0] = g_strdup (texts);
  recipe->pretraining_files[1] = g_strdup (more);
  recipe->pretraining_files[2] = NULL;
  set = new_set (dataset, recipe, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (set->pretraining.n_texts, ==, 204);
  g_assert_cmpuint (set->train.n_texts, ==, 160);
  g_assert_cmpuint (set->labels->len, ==, 2);
  g_assert_true (knows (set, "戊"));
  g_assert_true (knows (set, "庚"));
  /* The caller's rows are as they were. */
  g_assert_cmpuint (wen_dataset_get_n_rows (dataset), ==, 260);

  g_assert_cmpint (g_remove (more), ==, 0);
  g_assert_null (new_set (dataset, recipe, &error));
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_PRETRAINING_FILE);
  g_assert_nonnull (strstr (error->message, more));
  g_assert_cmpint (g_remove (texts), ==, 0);
}

/* Both phases are forecast. */
static void
test_forecast (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe ();
  g_autoptr (GError) error = NULL;
  WenTrainingForecast forecast;

  g_assert_true (wen_training_forecast (dataset, recipe, NULL, &forecast, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (forecast.n_pretraining_epochs, ==, N_PRETRAINING_EPOCHS);
  g_assert_cmpfloat (forecast.seconds_per_pretraining_epoch, >, 0);
  g_assert_cmpfloat (forecast.seconds_per_epoch, >, 0);

  recipe->pretraining_epochs = 0;
  g_assert_true (wen_training_forecast (dataset, recipe, NULL, &forecast, &error));
  g_assert_cmpuint (forecast.n_pretraining_epochs, ==, 0);
  g_assert_cmpfloat (forecast.seconds_per_pretraining_epoch, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/pretraining/curve", test_curve);
  g_test_add_func ("/wen/train/pretraining/none", test_none);
  g_test_add_func ("/wen/train/pretraining/stop", test_stop);
  g_test_add_func ("/wen/train/pretraining/pause", test_pause);
  g_test_add_func ("/wen/train/pretraining/cancel", test_cancel);
  g_test_add_func ("/wen/train/pretraining/diverged", test_diverged);
  g_test_add_func ("/wen/train/pretraining/which-texts", test_which_texts);
  g_test_add_func ("/wen/train/pretraining/files", test_files);
  g_test_add_func ("/wen/train/pretraining/forecast", test_forecast);

  return g_test_run ();
}
