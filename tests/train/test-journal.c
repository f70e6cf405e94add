/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs that are interrupted and go on: after each step, after a pause, and after
 * their process was killed.  The uninterrupted run says what must come out. */

#include "config.h"

#include "train-fixture.h"

#include "wen-checkpoint-private.h"
#include "wen-classifier-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_KILLS 5

/* Dropout, augmentation, a warm-up, early stopping and batches that do not divide the rows: all
 * that could come out otherwise the second time. */
static WenRecipe *
new_recipe (guint n_threads,
            guint n_epochs)
{
  WenRecipe *recipe = new_tiny_recipe (n_epochs);

  recipe->n_threads = n_threads;
  recipe->batch_size = 24;
  recipe->dropout = 0.2;
  recipe->augmented_texts = 0.8;
  recipe->delete_tokens = 0.1;
  recipe->look_alikes = 0.2;
  recipe->learning_rate = 0.003;
  recipe->patience = 50;
  return recipe;
}

/* What a run gave: all bits of the weights, and of the curve but for its times. */
typedef struct
{
  GBytes *weights;
  GArray *curve;
  guint   best_epoch;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->weights, g_bytes_unref);
  g_clear_pointer (&outcome->curve, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
take_outcome (Outcome    *outcome,
              WenTrainer *trainer,
              GError     *error)
{
  gsize n_points;
  const WenCurvePoint *points = wen_trainer_get_curve (trainer, &n_points);

  g_assert_no_error (error);
  outcome->curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  g_array_append_vals (outcome->curve, points, (guint) n_points);
  for (gsize i = 0; i < n_points; i++)
    g_array_index (outcome->curve, WenCurvePoint, i).elapsed_us = 0;
  outcome->best_epoch = wen_trainer_get_summary (trainer)->best_epoch;
}

static void
run (Outcome    *outcome,
     WenTrainer *trainer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = wen_trainer_run (trainer, NULL, &error);
  g_autoptr (GHashTable) files = NULL;

  take_outcome (outcome, trainer, error);
  files = wen_classifier_to_files (classifier);
  outcome->weights = g_bytes_ref (g_hash_table_lookup (files, "model.safetensors"));
}

static void
assert_equal (const Outcome *left,
              const Outcome *right)
{
  g_assert_true (g_bytes_equal (left->weights, right->weights));
  g_assert_cmpuint (left->best_epoch, ==, right->best_epoch);
  g_assert_cmpuint (left->curve->len, ==, right->curve->len);
  for (guint i = 0; i < left->curve->len; i++)
    {
      const WenCurvePoint *a = &g_array_index (left->curve, WenCurvePoint, i);
      const WenCurvePoint *b = &g_array_index (right->curve, WenCurvePoint, i);

      g_assert_cmpint (a->split, ==, b->split);
      g_assert_cmpuint (a->step, ==, b->step);
      g_assert_cmpmem (&a->loss, sizeof a->loss, &b->loss, sizeof b->loss);
      g_assert_cmpmem (&a->accuracy, sizeof a->accuracy, &b->accuracy, sizeof b->accuracy);
      g_assert_cmpmem (&a->epoch, sizeof a->epoch, &b->epoch, sizeof b->epoch);
      g_assert_cmpmem (&a->learning_rate, sizeof a->learning_rate, &b->learning_rate, sizeof b->learning_rate);
    }
}

static void
collect_checkpoint (GBytes   *checkpoint,
                    gpointer  checkpoints)
{
  g_ptr_array_add (checkpoints, g_bytes_ref (checkpoint));
}

/* A family of models, and in how many steps it goes through the 160 texts. */
typedef struct
{
  const char *family;
  guint       n_threads;
  guint       n_epoch_steps;
} Kind;

static const Kind one_thread = { "transformer", 1, 7 };
static const Kind two_threads = { "transformer", 2, 7 };
static const Kind linear = { "linear", 2, 1 };

/* Every checkpoint of a run leads to the same end. */
static void
test_every_step (gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (kind->n_threads, 3);
  g_autoptr (WenTrainer) plain = NULL;
  g_autoptr (WenTrainer) journaled = NULL;
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_auto (Outcome) expected = { 0 };
  g_auto (Outcome) outcome = { 0 };

  g_free (recipe->family);
  recipe->family = g_strdup (kind->family);
  plain = wen_trainer_new (dataset, recipe);
  journaled = wen_trainer_new (dataset, recipe);

  run (&expected, plain);
  wen_trainer_set_journal (journaled, collect_checkpoint, 0, checkpoints, NULL);
  run (&outcome, journaled);
  assert_equal (&outcome, &expected);

  /* After the last step of all there is nothing to go on with. */
  g_assert_cmpuint (checkpoints->len, ==, 3 * kind->n_epoch_steps - 1);
  for (guint i = 0; i < checkpoints->len; i++)
    {
      g_autoptr (WenTrainer) resumed = wen_trainer_new (dataset, recipe);
      g_auto (Outcome) again = { 0 };

      wen_trainer_set_checkpoint (resumed, g_ptr_array_index (checkpoints, i));
      run (&again, resumed);
      assert_equal (&again, &expected);
      g_assert_cmpuint (wen_trainer_get_summary (resumed)->n_tokens, ==, wen_trainer_get_summary (plain)->n_tokens);
    }
}

/* The number of workers is the interrupted run's, not the new machine's. */
static void
test_other_machine (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (0, 2);
  g_autoptr (WenTrainer) journaled = wen_trainer_new (dataset, recipe);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_auto (WenCheckpoint) checkpoint = { 0 };
  g_auto (Outcome) expected = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (WenTrainer) resumed = wen_trainer_new (dataset, recipe);
  g_autoptr (WenRecipe) three = new_recipe (3, 2);
  g_autoptr (WenTrainer) with_three = wen_trainer_new (dataset, three);
  g_autoptr (GString) text = NULL;
  g_autoptr (GBytes) first = NULL;
  gsize size_bytes;
  const char *bytes;

  wen_trainer_set_journal (journaled, collect_checkpoint, 0, checkpoints, NULL);
  run (&outcome, journaled);
  g_assert_true (wen_checkpoint_read (&checkpoint, g_ptr_array_index (checkpoints, 0), NULL));
  g_assert_cmpuint (checkpoint.n_workers, ==, g_get_num_processors ());

  /* As a machine with three cores would have written it. */
  run (&expected, with_three);
  g_ptr_array_set_size (checkpoints, 0);
  g_clear_object (&with_three);
  with_three = wen_trainer_new (dataset, three);
  wen_trainer_set_journal (with_three, collect_checkpoint, 0, checkpoints, NULL);
  outcome_clear (&outcome);
  run (&outcome, with_three);
  bytes = g_bytes_get_data (g_ptr_array_index (checkpoints, 4), &size_bytes);
  text = g_string_new_len (bytes, (gssize) size_bytes);
  g_assert_cmpuint (g_string_replace (text, "\\\"threads\\\" : 3", "\\\"threads\\\" : 0", 1), ==, 1);
  first = g_bytes_new (text->str, text->len);
  wen_trainer_set_checkpoint (resumed, first);
  outcome_clear (&outcome);
  run (&outcome, resumed);
  assert_equal (&outcome, &expected);
}

typedef struct
{
  WenTrainer *trainer;
  GMainLoop  *loop;
  guint       n_checkpoints;
  guint64     pause_at_step;
  guint64     paused_step;
  guint       n_pauses;
  Outcome     outcome;
} Pause;

/* Training thread. */
static void
count_checkpoint (GBytes   *checkpoint,
                  gpointer  user_data)
{
  Pause *pause = user_data;

  pause->n_checkpoints++;
}

/* Training thread. */
static void
pause_at_point (const WenCurvePoint *point,
                gpointer             user_data)
{
  Pause *pause = user_data;

  if (point->step == pause->pause_at_step)
    wen_trainer_pause (pause->trainer);
}

static gboolean
go_on_cb (gpointer user_data)
{
  Pause *pause = user_data;
  WenTrainingProgress progress;

  /* Nothing has happened since. */
  wen_trainer_get_progress (pause->trainer, &progress);
  g_assert_cmpint (progress.phase, ==, WEN_TRAINING_PHASE_PAUSED);
  g_assert_cmpuint (progress.step, ==, pause->paused_step);
  g_assert_true (wen_trainer_is_paused (pause->trainer));
  wen_trainer_resume (pause->trainer);
  return G_SOURCE_REMOVE;
}

static void
progress_cb (WenTrainer *trainer,
             Pause      *pause)
{
  WenTrainingProgress progress;

  wen_trainer_get_progress (trainer, &progress);
  if (progress.phase == WEN_TRAINING_PHASE_PAUSED && pause->n_pauses == 0)
    {
      pause->n_pauses++;
      pause->paused_step = progress.step;
      /* It waits, so the journal is still. */
      g_assert_cmpuint (pause->n_checkpoints, ==, 1);
      g_timeout_add (150, go_on_cb, pause);
    }
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Pause *pause = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WenClassifier) classifier = wen_trainer_run_finish (WEN_TRAINER (object), result, &error);
  g_autoptr (GHashTable) files = NULL;

  take_outcome (&pause->outcome, pause->trainer, error);
  files = wen_classifier_to_files (classifier);
  pause->outcome.weights = g_bytes_ref (g_hash_table_lookup (files, "model.safetensors"));
  g_main_loop_quit (pause->loop);
}

/* The 7th step is the last of an epoch, the 10th is in the middle of one. */
static void
test_pause (gconstpointer data)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (2, 4);
  g_autoptr (WenTrainer) plain = wen_trainer_new (dataset, recipe);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_auto (Outcome) expected = { 0 };
  Pause pause = { .trainer = trainer, .loop = loop, .pause_at_step = GPOINTER_TO_UINT (data) };

  run (&expected, plain);
  wen_trainer_set_functions (trainer, pause_at_point, NULL, &pause, NULL);
  /* Far longer than the run takes: the only checkpoint is that of the pause. */
  wen_trainer_set_journal (trainer, count_checkpoint, G_USEC_PER_SEC * 3600LL, &pause, NULL);
  g_signal_connect (trainer, "progress", G_CALLBACK (progress_cb), &pause);
  wen_trainer_run_async (trainer, NULL, ended_cb, &pause);
  g_main_loop_run (loop);

  g_assert_cmpuint (pause.n_pauses, ==, 1);
  g_assert_cmpuint (pause.paused_step, ==, GPOINTER_TO_UINT (data));
  g_assert_cmpuint (pause.n_checkpoints, ==, 1);
  assert_equal (&pause.outcome, &expected);
  /* The pause is no training time. */
  g_assert_cmpfloat (wen_trainer_get_summary (trainer)->seconds, <, 0.15 + wen_trainer_get_summary (plain)->seconds * 50);
  outcome_clear (&pause.outcome);
}

static gboolean
stop_cb (gpointer user_data)
{
  wen_trainer_stop (((Pause *) user_data)->trainer);
  return G_SOURCE_REMOVE;
}

static void
stop_when_paused_cb (WenTrainer *trainer,
                     Pause      *pause)
{
  WenTrainingProgress progress;

  wen_trainer_get_progress (trainer, &progress);
  if (progress.phase == WEN_TRAINING_PHASE_PAUSED && pause->n_pauses++ == 0)
    g_timeout_add (20, stop_cb, pause);
}

static void
test_stop_while_paused (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (1, 4);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Pause pause = { .trainer = trainer, .loop = loop, .pause_at_step = 10 };

  wen_trainer_set_functions (trainer, pause_at_point, NULL, &pause, NULL);
  g_signal_connect (trainer, "progress", G_CALLBACK (stop_when_paused_cb), &pause);
  wen_trainer_run_async (trainer, NULL, ended_cb, &pause);
  g_main_loop_run (loop);

  g_assert_cmpint (wen_trainer_get_summary (trainer)->end, ==, WEN_TRAINING_END_STOPPED);
  g_assert_cmpuint (pause.outcome.best_epoch, ==, 1);
  outcome_clear (&pause.outcome);
}

static void
assert_refused (WenDataset      *dataset,
                const WenRecipe *recipe,
                GBytes          *checkpoint)
{
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GError) error = NULL;

  wen_trainer_set_checkpoint (trainer, checkpoint);
  g_assert_null (wen_trainer_run (trainer, NULL, &error));
  g_assert_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT);
}

static GBytes *
make_checkpoint (WenDataset      *dataset,
                 const WenRecipe *recipe)
{
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_auto (Outcome) outcome = { 0 };

  wen_trainer_set_journal (trainer, collect_checkpoint, 0, checkpoints, NULL);
  run (&outcome, trainer);
  return g_bytes_ref (g_ptr_array_index (checkpoints, checkpoints->len - 1));
}

/* Of another run: other settings, one row more, one letter changed, one label. */
static void
test_another_run (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenDataset) longer = new_learnable_dataset ();
  g_autoptr (WenDataset) relabelled = wen_dataset_new ();
  g_autoptr (WenRecipe) recipe = new_recipe (1, 2);
  g_autoptr (WenRecipe) other_seed = new_recipe (1, 2);
  g_autoptr (WenRecipe) other_size = new_recipe (1, 2);
  g_autoptr (GBytes) checkpoint = make_checkpoint (dataset, recipe);

  other_seed->seed++;
  other_size->hidden_size = 32;
  assert_refused (dataset, other_seed, checkpoint);
  assert_refused (dataset, other_size, checkpoint);

  wen_dataset_append (longer, 1000, "abc", "positive", WEN_SPLIT_TRAIN);
  assert_refused (longer, recipe, checkpoint);

  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    wen_dataset_append (relabelled, row, wen_dataset_get_text (dataset, row), row % 2 == (row != 6) ? "negative" : "positive",
                        wen_dataset_get_split (dataset, row));
  assert_refused (relabelled, recipe, checkpoint);
}

/* Damaged in any way: refused with a reason, or it runs to an end. */
static void
test_damaged (void)
{
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (1, 2);
  g_autoptr (GBytes) checkpoint = make_checkpoint (dataset, recipe);
  gsize size_bytes;
  const guint8 *bytes = g_bytes_get_data (checkpoint, &size_bytes);
  gsize line_bytes = (gsize) ((const guint8 *) memchr (bytes, '\n', size_bytes) - bytes);
  guint n_refused = 0;

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (GBytes) part = g_bytes_new (bytes, wen_random_u64 (4, i, 0) % (i < 30 ? line_bytes : size_bytes));

      assert_refused (dataset, recipe, part);
    }
  for (guint i = 0; i < 300; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, size_bytes);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
      g_autoptr (WenClassifier) classifier = NULL;
      g_autoptr (GError) error = NULL;

      copy[wen_random_u64 (5, i, 0) % (line_bytes + 1500)] ^= (guint8) (1 << wen_random_u64 (5, i, 1) % 8);
      changed = g_bytes_new (copy, size_bytes);
      wen_trainer_set_checkpoint (trainer, changed);
      classifier = wen_trainer_run (trainer, NULL, &error);
      if (classifier == NULL)
        {
          g_assert_true (g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT)
                         || g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_DIVERGED));
          n_refused++;
        }
    }
  g_assert_cmpuint (n_refused, >, 100);
}

static void
write_journal (GBytes   *checkpoint,
               gpointer  path)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (part, g_bytes_get_data (checkpoint, NULL), (gssize) g_bytes_get_size (checkpoint),
                            G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_rename (part, path), ==, 0);
}

/* The process that gets killed: goes on from the journal, where there is one, and
 * writes the weights at the end. */
static int
run_child (const char *folder)
{
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autofree char *result = g_build_filename (folder, "result", NULL);
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (2, 40);
  g_autoptr (WenTrainer) trainer = wen_trainer_new (dataset, recipe);
  g_auto (Outcome) outcome = { 0 };
  char *checkpoint;
  gsize size_bytes;

  if (g_file_get_contents (journal, &checkpoint, &size_bytes, NULL))
    {
      g_autoptr (GBytes) bytes = g_bytes_new_take (checkpoint, size_bytes);

      wen_trainer_set_checkpoint (trainer, bytes);
    }
  wen_trainer_set_journal (trainer, write_journal, 0, journal, NULL);
  run (&outcome, trainer);
  return g_file_set_contents (result, g_bytes_get_data (outcome.weights, NULL),
                              (gssize) g_bytes_get_size (outcome.weights), NULL) ? 0 : 1;
}

static guint64
read_step (const char *journal)
{
  char *text;
  gsize size_bytes;
  g_autoptr (GBytes) bytes = NULL;
  g_auto (WenCheckpoint) checkpoint = { 0 };

  if (!g_file_get_contents (journal, &text, &size_bytes, NULL))
    return 0;
  bytes = g_bytes_new_take (text, size_bytes);
  /* What stands there is whole at every moment. */
  g_assert_true (wen_checkpoint_read (&checkpoint, bytes, NULL));
  return checkpoint.step;
}

static GPid
spawn_child (const char *program,
             const char *folder)
{
  const char *const arguments[] = { program, "--child", folder, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (NULL, (char **) arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  return pid;
}

static void
test_kill (gconstpointer program)
{
  g_autofree char *folder = g_dir_make_tmp ("wenlei-journal-XXXXXX", NULL);
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autofree char *result = g_build_filename (folder, "result", NULL);
  g_autoptr (WenDataset) dataset = new_learnable_dataset ();
  g_autoptr (WenRecipe) recipe = new_recipe (2, 40);
  g_autoptr (WenTrainer) plain = wen_trainer_new (dataset, recipe);
  g_auto (Outcome) expected = { 0 };
  g_autofree char *weights = NULL;
  gsize size_bytes;
  guint64 step = 0;
  int status;
  GPid pid;

  run (&expected, plain);
  for (guint i = 0; i < N_KILLS; i++)
    {
      guint64 before = step;

      pid = spawn_child (program, folder);
      while ((step = read_step (journal)) < before + 20)
        g_usleep (500);
      g_usleep (wen_random_u64 (6, i, 0) % 4000);
      g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
      /* It did not end before. */
      g_assert_true (WIFSIGNALED (status));
      step = read_step (journal);
      g_test_message ("Killed after step %" G_GUINT64_FORMAT, step);
    }

  pid = spawn_child (program, folder);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_true (g_file_get_contents (result, &weights, &size_bytes, NULL));
  g_assert_cmpmem (weights, size_bytes, g_bytes_get_data (expected.weights, NULL), g_bytes_get_size (expected.weights));

  g_assert_cmpint (g_remove (journal), ==, 0);
  g_assert_cmpint (g_remove (result), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2]);

  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/wen/train/journal/every-step/one-thread", &one_thread, test_every_step);
  g_test_add_data_func ("/wen/train/journal/every-step/two-threads", &two_threads, test_every_step);
  g_test_add_data_func ("/wen/train/journal/every-step/linear", &linear, test_every_step);
  g_test_add_func ("/wen/train/journal/other-machine", test_other_machine);
  g_test_add_data_func ("/wen/train/journal/pause/in-epoch", GUINT_TO_POINTER (10), test_pause);
  g_test_add_data_func ("/wen/train/journal/pause/at-end-of-epoch", GUINT_TO_POINTER (7), test_pause);
  g_test_add_func ("/wen/train/journal/stop-while-paused", test_stop_while_paused);
  g_test_add_func ("/wen/train/journal/another-run", test_another_run);
  g_test_add_func ("/wen/train/journal/damaged", test_damaged);
  g_test_add_data_func ("/wen/train/journal/kill", argv[0], test_kill);

  return g_test_run ();
}
