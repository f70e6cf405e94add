/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Search: what is drawn, who goes on, the same trials for the same seed, also after an
 * interruption; test rows that make no difference; figures that others compute too. */

#include "config.h"

#include "train-fixture.h"

#include "wen-evaluation.h"
#include "wen-search-halving-private.h"
#include "wen-search-space-private.h"
#include "wen-search.h"

#include <math.h>
#include <string.h>

/* Quick families on rows that make three rungs and need no folds. */
static WenDataset *
new_dataset (gboolean has_test_rows)
{
  WenDataset *dataset = wen_dataset_new ();

  append_noisy_rows (dataset, WEN_SPLIT_TRAIN, 2800, 1);
  append_noisy_rows (dataset, WEN_SPLIT_VALIDATION, 420, 2);
  if (has_test_rows)
    append_noisy_rows (dataset, WEN_SPLIT_TEST, 900, 3);
  return dataset;
}

static WenRecipe *
new_base (void)
{
  WenRecipe *base = wen_recipe_new_preset ("linear", NULL);

  g_free (base->tokenizer);
  base->tokenizer = g_strdup ("word");
  base->minimum_count = 1;
  base->n_threads = 1;
  return base;
}

static WenSearchOptions *
new_options (guint n_trials)
{
  WenSearchOptions *options = wen_search_options_new ();

  options->n_trials = n_trials;
  options->families = g_strsplit ("bayes,linear", ",", -1);
  return options;
}

static WenSearch *
new_search (gboolean  has_test_rows,
            guint     n_trials,
            guint64   seed)
{
  g_autoptr (WenDataset) dataset = new_dataset (has_test_rows);
  g_autoptr (WenRecipe) base = new_base ();
  g_autoptr (WenSearchOptions) options = new_options (n_trials);

  options->seed = seed;
  return wen_search_new (dataset, base, options);
}

static void
assert_same_trials (WenSearch *a,
                    WenSearch *b)
{
  g_assert_cmpuint (wen_search_get_n_trials (a), ==, wen_search_get_n_trials (b));
  for (guint number = 1; number <= wen_search_get_n_trials (a); number++)
    {
      const WenSearchTrial *left = wen_search_get_trial (a, number);
      const WenSearchTrial *right = wen_search_get_trial (b, number);

      g_assert_true (wen_recipe_equal (left->recipe, right->recipe));
      g_assert_cmpint (left->state, ==, right->state);
      g_assert_cmpuint (left->rung, ==, right->rung);
      g_assert_cmpuint (left->n_rows, ==, right->n_rows);
      g_assert_cmpfloat (left->score, ==, right->score);
      g_assert_cmpfloat (left->macro_f1, ==, right->macro_f1);
      g_assert_cmpuint (left->n_parameters, ==, right->n_parameters);
    }
  g_assert_cmpuint (wen_search_get_best (a)->number, ==, wen_search_get_best (b)->number);
}

/* Every draw is a recipe that a run would take, with values inside of what the table says,
 * and leaves alone what belongs to the data. */
static void
test_space (void)
{
  const char *const *families = wen_search_list_families ();
  g_autoptr (WenRecipe) base = new_base ();

  g_assert_true (g_strv_contains (families, "bayes"));
  g_assert_true (g_strv_contains (families, "linear"));
  g_assert_true (g_strv_contains (families, "transformer"));
  base->seed = 77;
  base->class_weights = WEN_CLASS_WEIGHTS_BALANCED;
  for (guint i = 0; families[i] != NULL; i++)
    {
      gsize n_dimensions;
      const WenSearchDimension *dimensions = wen_search_list_dimensions (families[i], &n_dimensions);

      g_assert_cmpuint (n_dimensions, >, 2);
      for (guint number = 1; number <= 60; number++)
        {
          g_autoptr (WenRecipe) recipe = wen_search_space_draw (families[i], base, 5, number, 0);
          g_autoptr (WenRecipe) same = wen_search_space_draw (families[i], base, 5, number, 0);
          g_autoptr (GError) error = NULL;

          g_assert_true (wen_recipe_validate (recipe, &error));
          g_assert_no_error (error);
          g_assert_true (wen_recipe_equal (recipe, same));
          g_assert_cmpstr (recipe->family, ==, families[i]);
          g_assert_cmpstr (recipe->tokenizer, ==, "word");
          g_assert_cmpuint (recipe->seed, ==, 77);
          g_assert_cmpint (recipe->class_weights, ==, WEN_CLASS_WEIGHTS_BALANCED);
          for (gsize j = 0; j < n_dimensions; j++)
            {
              g_autofree char *value = wen_recipe_get (recipe, dimensions[j].key);

              if (dimensions[j].scale == WEN_SEARCH_SCALE_CHOICE)
                g_assert_true (g_strv_contains (dimensions[j].values, value));
              else
                g_assert_true (g_ascii_strtod (value, NULL) >= dimensions[j].minimum * 0.99
                               && g_ascii_strtod (value, NULL) <= dimensions[j].maximum * 1.01);
            }
        }
    }
  g_assert_null (wen_search_list_dimensions ("none", &(gsize) { 0 }));
}

/* A search without training: the score of a trial is known from its number. */
static double
get_true_score (guint number)
{
  return wen_random_uniform (9, 0, number);
}

static GPtrArray *
play (WenSearchPlan *plan,
      double         seconds,
      double         budget_seconds)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_search_record_free);
  g_autoptr (WenRecipe) base = new_base ();

  for (guint i = 0; i < 10000; i++)
    {
      WenSearchStep step = wen_search_halving_next (plan, records, budget_seconds);
      WenSearchRecord *record = step.record;
      WenSearchMeasurement measurement = { 0 };

      if (record == NULL && step.preset == NULL && step.family == NULL)
        return records;
      if (record == NULL)
        {
          record = wen_search_record_new (step.preset != NULL
                                            ? wen_search_space_new_preset (step.preset, base)
                                            : wen_search_space_draw (step.family, base, 1, records->len + 1, 0),
                                          records->len + 1, step.preset != NULL);
          g_ptr_array_add (records, record);
        }
      measurement.rung = record->trial->rung + 1;
      measurement.score = get_true_score (record->trial->number);
      measurement.seconds = seconds * pow (3, measurement.rung - 1)
                            * (strcmp (record->trial->recipe->family, "linear") == 0 ? 10 : 1);
      wen_search_record_measured (record, &measurement, plan->n_rungs);
      budget_seconds -= measurement.seconds;
      g_assert_cmpfloat (budget_seconds, >=, 0);
    }
  g_assert_not_reached ();
}

static guint
count_reached (GPtrArray  *records,
               const char *family,
               guint       rung)
{
  guint n_reached = 0;

  for (guint i = 0; i < records->len; i++)
    {
      WenSearchRecord *record = g_ptr_array_index (records, i);

      n_reached += record->trial->rung >= rung && g_str_equal (record->trial->recipe->family, family);
    }
  return n_reached;
}

static void
test_halving (void)
{
  const char *families[] = { "bayes", "linear", NULL };
  g_autoptr (GPtrArray) presets = wen_search_space_list_presets (families);
  WenSearchPlan plan = { .families = families, .presets = presets, .n_rungs = 3, .n_trials = 90, .seed = 4 };
  g_autoptr (GPtrArray) records = play (&plan, 1, INFINITY);
  WenSearchRecord *best = wen_search_halving_find_best (records);

  g_assert_cmpuint (records->len, ==, 90);
  for (guint i = 0; i < presets->len; i++)
    {
      WenSearchRecord *record = g_ptr_array_index (records, i);

      g_assert_true (record->trial->is_preset);
      g_assert_cmpstr (record->trial->recipe->preset, ==, g_ptr_array_index (presets, i));
    }
  for (guint i = 0; families[i] != NULL; i++)
    {
      guint n_first = count_reached (records, families[i], 1);
      guint n_second = count_reached (records, families[i], 2);
      guint n_third = count_reached (records, families[i], 3);
      double worst_promoted = 1;
      guint n_better = 0;

      /* A third goes on; those that went up early and were overtaken come on top. */
      g_assert_cmpuint (n_first, >, 20);
      g_assert_cmpuint (n_second, >=, n_first / 3);
      g_assert_cmpuint (n_second, <=, n_first / 3 + 6);
      g_assert_cmpuint (n_third, >=, n_second / 3);
      g_assert_cmpuint (n_third, <=, n_second / 3 + 4);

      /* The best third of a family did go on. */
      for (guint j = 0; j < records->len; j++)
        {
          WenSearchRecord *record = g_ptr_array_index (records, j);

          if (g_str_equal (record->trial->recipe->family, families[i]) && record->trial->rung == 1)
            {
              n_better = 0;
              for (guint k = 0; k < records->len; k++)
                {
                  WenSearchRecord *other = g_ptr_array_index (records, k);

                  n_better += g_str_equal (other->trial->recipe->family, families[i])
                              && get_true_score (other->trial->number) > get_true_score (record->trial->number);
                }
              g_assert_cmpuint (n_better, >=, n_first / 3);
              worst_promoted = MIN (worst_promoted, get_true_score (record->trial->number));
            }
        }
    }
  /* Scores do not depend on the rung here, so the best of all has to win. */
  for (guint number = 1; number <= 90; number++)
    g_assert_cmpfloat (get_true_score (best->trial->number), >=, get_true_score (number));
  g_assert_cmpuint (best->trial->rung, ==, 3);
}

/* By time: nothing begins that would end too late, and the cheap family has more trials. */
static void
test_halving_by_time (void)
{
  const char *families[] = { "bayes", "linear", NULL };
  g_autoptr (GPtrArray) presets = wen_search_space_list_presets (families);
  WenSearchPlan plan = { .families = families, .presets = presets, .n_rungs = 3, .seed = 4 };
  g_autoptr (GPtrArray) records = play (&plan, 1, 3000);
  g_autoptr (GPtrArray) endless = NULL;

  g_assert_cmpuint (count_reached (records, "bayes", 1), >, 2 * count_reached (records, "linear", 1));
  g_assert_cmpuint (count_reached (records, "linear", 1), >, 3);

  /* It has an end all the same. */
  endless = play (&plan, 1, INFINITY);
  g_assert_cmpuint (endless->len, ==, 2 * WEN_SEARCH_MOST_DRAWS);
}

static void
test_reproducible (void)
{
  g_autoptr (WenSearch) first = new_search (TRUE, 12, 42);
  g_autoptr (WenSearch) second = new_search (TRUE, 12, 42);
  g_autoptr (WenSearch) other = new_search (TRUE, 12, 43);
  g_autoptr (GError) error = NULL;
  WenSearchProgress progress;
  guint n_different = 0;

  g_assert_true (wen_search_run (first, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (wen_search_run (second, NULL, NULL));
  assert_same_trials (first, second);
  wen_search_get_progress (first, &progress);
  g_assert_cmpuint (progress.n_trials, ==, 12);
  g_assert_cmpuint (progress.running, ==, 0);
  g_assert_cmpfloat (progress.fraction, ==, 1);
  g_assert_cmpuint (wen_search_get_n_rungs (first), ==, 3);
  g_assert_cmpuint (wen_search_get_n_folds (first), ==, 0);
  g_assert_cmpuint (wen_search_get_trial (first, 1)->n_rows, ==, 2800);
  g_assert_true (wen_search_get_trial (first, 1)->is_preset);
  g_assert_cmpint (wen_search_get_best (first)->state, ==, WEN_SEARCH_STATE_FINISHED);

  g_assert_true (wen_search_run (other, NULL, NULL));
  for (guint number = 3; number <= 12; number++)
    n_different += !wen_recipe_equal (wen_search_get_trial (first, number)->recipe,
                                      wen_search_get_trial (other, number)->recipe);
  g_assert_cmpuint (n_different, >=, 8);
}

/* With test rows and without them, the search does exactly the same. */
static void
test_canary (void)
{
  g_autoptr (WenSearch) with_test = new_search (TRUE, 6, 42);
  g_autoptr (WenSearch) without_test = new_search (FALSE, 6, 42);

  g_assert_true (wen_search_run (with_test, NULL, NULL));
  g_assert_true (wen_search_run (without_test, NULL, NULL));
  assert_same_trials (with_test, without_test);
}

/* What a trial that was measured with all rows got, a run and an evaluation get too. */
static void
test_figures (void)
{
  g_autoptr (WenDataset) dataset = new_dataset (FALSE);
  g_autoptr (WenRecipe) base = new_base ();
  g_autoptr (WenSearchOptions) options = new_options (4);
  g_autoptr (WenSearch) search = NULL;
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (WenEvaluation) evaluation = NULL;
  const WenSearchTrial *best;
  WenLabelFigures figures = { 0 };

  options->goal = WEN_SEARCH_GOAL_LABEL_F1;
  options->label = g_strdup ("green");
  search = wen_search_new (dataset, base, options);
  g_assert_true (wen_search_run (search, NULL, NULL));
  best = wen_search_get_best (search);

  trainer = wen_trainer_new (dataset, best->recipe);
  classifier = wen_trainer_run (trainer, NULL, NULL);
  evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_VALIDATION, NULL, NULL);
  for (guint label = 0; label < wen_evaluation_get_n_labels (evaluation); label++)
    if (g_str_equal (wen_evaluation_get_label (evaluation, label), "green"))
      wen_evaluation_get_label_figures (evaluation, label, &figures);
  g_assert_cmpfloat_with_epsilon (best->accuracy, wen_evaluation_get_accuracy (evaluation), 1e-12);
  g_assert_cmpfloat_with_epsilon (best->macro_f1, wen_evaluation_get_macro_f1 (evaluation), 1e-12);
  g_assert_cmpfloat_with_epsilon (best->score, figures.f1, 1e-12);
  g_assert_cmpuint (best->n_parameters, ==, wen_trainer_get_summary (trainer)->n_parameters);
  g_assert_cmpfloat (best->accuracy, >, 0.4);
}

/* Few rows are measured in folds. */
static void
test_folds (void)
{
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenRecipe) base = new_base ();
  g_autoptr (WenSearchOptions) options = new_options (3);
  g_autoptr (WenSearch) search = NULL;

  append_noisy_rows (dataset, WEN_SPLIT_TRAIN, 240, 1);
  append_noisy_rows (dataset, WEN_SPLIT_VALIDATION, 30, 2);
  append_noisy_rows (dataset, WEN_SPLIT_TEST, 60, 3);
  /* None is all. */
  g_clear_pointer (&options->families, g_strfreev);
  options->n_trials = 1;
  search = wen_search_new (dataset, base, options);
  g_assert_true (wen_search_run (search, NULL, NULL));
  g_assert_cmpuint (wen_search_get_n_folds (search), ==, 5);
  g_assert_cmpuint (wen_search_get_n_rungs (search), ==, 1);
  /* Four fifths, less what is watched. */
  g_assert_cmpuint (wen_search_get_trial (search, 1)->n_rows, <=, 216);
  g_assert_cmpuint (wen_search_get_trial (search, 1)->n_rows, >=, 180);
}

static void
collect_cb (GBytes   *checkpoint,
            gpointer  user_data)
{
  g_ptr_array_add (user_data, g_bytes_ref (checkpoint));
}

/* Wherever it was interrupted, the search comes to the same trials. */
static void
test_journal (void)
{
  g_autoptr (WenSearch) whole = new_search (FALSE, 9, 42);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  wen_search_set_journal (whole, collect_cb, checkpoints, NULL);
  g_assert_true (wen_search_run (whole, NULL, NULL));
  g_assert_cmpuint (checkpoints->len, >, 9);
  for (guint i = 0; i < checkpoints->len; i += 4)
    {
      g_autoptr (WenSearch) resumed = new_search (FALSE, 9, 42);
      g_autoptr (GPtrArray) later = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
      g_autoptr (GError) error = NULL;

      wen_search_set_checkpoint (resumed, g_ptr_array_index (checkpoints, i));
      wen_search_set_journal (resumed, collect_cb, later, NULL);
      g_assert_true (wen_search_run (resumed, NULL, &error));
      g_assert_no_error (error);
      assert_same_trials (whole, resumed);
      g_assert_cmpuint (later->len, ==, checkpoints->len - i - 1);
    }
}

/* More trials may be asked for; another seed, other rows or a damaged line are refused. */
static void
test_other_checkpoints (void)
{
  g_autoptr (WenSearch) search = new_search (FALSE, 3, 42);
  g_autoptr (GPtrArray) checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (WenSearch) longer = new_search (FALSE, 5, 42);
  g_autoptr (WenSearch) other = new_search (FALSE, 3, 43);
  g_autoptr (GError) error = NULL;
  GBytes *last;
  g_autofree char *text = NULL;

  wen_search_set_journal (search, collect_cb, checkpoints, NULL);
  g_assert_true (wen_search_run (search, NULL, NULL));
  last = g_ptr_array_index (checkpoints, checkpoints->len - 1);
  wen_search_set_checkpoint (longer, last);
  g_assert_true (wen_search_run (longer, NULL, NULL));
  g_assert_cmpuint (wen_search_get_n_trials (longer), ==, 5);

  wen_search_set_checkpoint (other, last);
  g_assert_false (wen_search_run (other, NULL, &error));
  g_assert_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_CHECKPOINT);
  g_clear_error (&error);

  /* A line twice, and one that tells nothing. */
  text = g_strndup (g_bytes_get_data (last, NULL), g_bytes_get_size (last));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (WenSearch) damaged = new_search (FALSE, 3, 42);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
      g_autoptr (GString) changed = g_string_new (NULL);
      g_autoptr (GBytes) bytes = NULL;

      if (i == 0)
        g_string_printf (changed, "%s\n%s\n%s\n", lines[0], lines[1], lines[1]);
      else
        g_string_printf (changed, "%s\n{\"trial\":1,\"rung\":-1}\n", lines[0]);
      bytes = g_bytes_new (changed->str, changed->len);
      wen_search_set_checkpoint (damaged, bytes);
      g_assert_false (wen_search_run (damaged, NULL, &error));
      g_assert_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_CHECKPOINT);
      g_clear_error (&error);
    }
}

typedef struct
{
  GMainLoop    *loop;
  GCancellable *cancellable;  /* NULL: stops */
  gboolean      found;
  guint         n_changes;
  GError       *error;
} Wait;

static void
trial_changed_cb (WenSearch *search,
                  guint      number,
                  gpointer   user_data)
{
  Wait *wait = user_data;

  wait->n_changes++;
  g_assert_cmpuint (wen_search_get_trial (search, number)->number, ==, number);
  if (wen_search_get_best (search) == NULL)
    return;
  if (wait->cancellable != NULL)
    g_cancellable_cancel (wait->cancellable);
  else
    wen_search_stop (search);
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Wait *wait = user_data;

  wait->found = wen_search_run_finish (WEN_SEARCH (source), result, &wait->error);
  g_main_loop_quit (wait->loop);
}

static void
run_in_loop (WenSearch *search,
             Wait      *wait)
{
  wait->loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect (search, "trial-changed", G_CALLBACK (trial_changed_cb), wait);
  wen_search_run_async (search, wait->cancellable, finished_cb, wait);
  g_main_loop_run (wait->loop);
  g_main_loop_unref (wait->loop);
}

/* Without a budget it would go on for very long. */
static void
test_stop (void)
{
  g_autoptr (WenSearch) search = new_search (FALSE, 0, 42);
  Wait wait = { 0 };

  run_in_loop (search, &wait);
  g_assert_no_error (wait.error);
  g_assert_true (wait.found);
  g_assert_cmpuint (wait.n_changes, >, 0);
  g_assert_nonnull (wen_search_get_best (search));
  for (guint number = 1; number <= wen_search_get_n_trials (search); number++)
    {
      WenSearchState state = wen_search_get_trial (search, number)->state;

      g_assert_true (state != WEN_SEARCH_STATE_RUNNING && state != WEN_SEARCH_STATE_WAITING);
    }
}

static void
test_cancel (void)
{
  g_autoptr (WenSearch) search = new_search (FALSE, 0, 42);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait = { .cancellable = cancellable };

  run_in_loop (search, &wait);
  g_assert_error (wait.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&wait.error);
}

/* Models that are too large are skipped, and say why. */
static void
test_largest (void)
{
  g_autoptr (WenDataset) dataset = new_dataset (FALSE);
  g_autoptr (WenRecipe) base = new_base ();
  g_autoptr (WenSearchOptions) options = new_options (6);
  g_autoptr (WenSearch) search = NULL;
  g_autoptr (WenSearch) hopeless = NULL;
  g_autoptr (GError) error = NULL;
  guint n_skipped = 0;

  options->largest = 4000;
  search = wen_search_new (dataset, base, options);
  g_assert_true (wen_search_run (search, NULL, &error));
  g_assert_no_error (error);
  for (guint number = 1; number <= 6; number++)
    {
      const WenSearchTrial *trial = wen_search_get_trial (search, number);

      g_assert_cmpuint (trial->n_parameters, <=, 4000);
      if (trial->state != WEN_SEARCH_STATE_SKIPPED)
        continue;
      n_skipped++;
      g_assert_nonnull (strstr (trial->message, "4000"));
    }
  g_assert_cmpuint (n_skipped, >, 0);

  options->largest = 10;
  hopeless = wen_search_new (dataset, base, options);
  g_assert_false (wen_search_run (hopeless, NULL, &error));
  g_assert_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_NO_RESULT);
  g_assert_nonnull (strstr (error->message, "10"));
}

static void
assert_refused (WenDataset             *dataset,
                const WenSearchOptions *options,
                WenSearchError          code,
                const char             *name)
{
  g_autoptr (WenRecipe) base = new_base ();
  g_autoptr (WenSearch) search = wen_search_new (dataset, base, options);
  g_autoptr (GError) error = NULL;

  g_assert_false (wen_search_run (search, NULL, &error));
  g_assert_error (error, WEN_SEARCH_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, name));
}

static void
test_refused (void)
{
  g_autoptr (WenDataset) dataset = new_dataset (FALSE);
  g_autoptr (WenDataset) few = wen_dataset_new ();
  g_autoptr (WenSearchOptions) options = new_options (3);
  g_autoptr (WenSearchOptions) budget = new_options (0);

  options->goal = WEN_SEARCH_GOAL_LABEL_F1;
  options->label = g_strdup ("purple");
  assert_refused (dataset, options, WEN_SEARCH_ERROR_UNKNOWN_LABEL, "purple");
  options->goal = WEN_SEARCH_GOAL_ACCURACY;

  append_noisy_rows (few, WEN_SPLIT_TRAIN, 12, 1);
  assert_refused (few, options, WEN_SEARCH_ERROR_TOO_FEW_ROWS, "12");

  wen_dataset_append (dataset, 1, "nobody learns this", "orphan", WEN_SPLIT_VALIDATION);
  assert_refused (dataset, options, WEN_SEARCH_ERROR_NO_TRAINING_ROWS, "orphan");

  g_strfreev (options->families);
  options->families = g_strsplit ("linear,forest", ",", -1);
  assert_refused (dataset, options, WEN_SEARCH_ERROR_UNKNOWN_FAMILY, "forest");

  /* Five Transformers of its size are not trained within a second. */
  g_strfreev (budget->families);
  budget->families = g_strsplit ("transformer", ",", -1);
  budget->budget_seconds = 1;
  append_noisy_rows (few, WEN_SPLIT_TRAIN, 20000, 5);
  assert_refused (few, budget, WEN_SEARCH_ERROR_BUDGET, "1 s");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/train/search/space", test_space);
  g_test_add_func ("/wen/train/search/halving", test_halving);
  g_test_add_func ("/wen/train/search/halving-by-time", test_halving_by_time);
  g_test_add_func ("/wen/train/search/reproducible", test_reproducible);
  g_test_add_func ("/wen/train/search/canary", test_canary);
  g_test_add_func ("/wen/train/search/figures", test_figures);
  g_test_add_func ("/wen/train/search/folds", test_folds);
  g_test_add_func ("/wen/train/search/journal", test_journal);
  g_test_add_func ("/wen/train/search/other-checkpoints", test_other_checkpoints);
  g_test_add_func ("/wen/train/search/stop", test_stop);
  g_test_add_func ("/wen/train/search/cancel", test_cancel);
  g_test_add_func ("/wen/train/search/largest", test_largest);
  g_test_add_func ("/wen/train/search/refused", test_refused);

  return g_test_run ();
}
