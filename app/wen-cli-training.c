/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One training run in the terminal: read the tables, train, save, measure, tell.
 *
 * DESIGN: training runs in this thread.  Ctrl-C only counts; the function that
 * the trainer calls with its progress, twenty times a second, looks at the count:
 * the first asks the trainer to stop and keep the best weights, the second drops
 * the run, and one more ends the program as it would any other.
 *
 * With a journal, whatever else ends the program costs some seconds of training:
 * the same command goes on from the file, which is removed once the classifier is
 * saved. */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>

/* Seconds of training that an interruption may cost. */
#define JOURNAL_INTERVAL_US (2 * G_USEC_PER_SEC)

#define MOST_LISTED_TOKENS 5

typedef struct
{
  const WenCliTraining *training;
  WenDataset           *dataset;
  WenTrainer           *trainer;
  GCancellable         *cancellable;
  WenCliProgress       *progress;
  GPtrArray            *warnings;       /* sentences */
  WenClassifier        *classifier;
  WenEvaluation        *evaluation;     /* NULL: no test rows */
  gboolean              stop_was_told;
  gboolean              journal_failed;
} Job;

static void
job_clear (Job *job)
{
  g_clear_object (&job->dataset);
  g_clear_object (&job->trainer);
  g_clear_object (&job->cancellable);
  g_clear_pointer (&job->progress, wen_cli_progress_free);
  g_clear_pointer (&job->warnings, g_ptr_array_unref);
  g_clear_object (&job->classifier);
  g_clear_object (&job->evaluation);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static volatile sig_atomic_t n_interrupts;

static void
interrupt_cb (int number)
{
  n_interrupts++;
  if (n_interrupts >= 2)
    signal (SIGINT, SIG_DFL);
}

static void
progress_cb (const WenTrainingProgress *progress,
             gpointer                   user_data)
{
  Job *job = user_data;

  if (n_interrupts >= 2)
    {
      g_cancellable_cancel (job->cancellable);
      return;
    }
  if (n_interrupts == 1 && !job->stop_was_told)
    {
      job->stop_was_told = TRUE;
      wen_cli_progress_clear (job->progress);
      fprintf (stderr, "%s\n", _ ("Stopping. The best weights so far are kept; press Ctrl-C again to drop them."));
      wen_trainer_stop (job->trainer);
    }
  wen_cli_progress_training (job->progress, progress);
}

static void
point_cb (const WenCurvePoint *point,
          gpointer             user_data)
{
  Job *job = user_data;

  wen_cli_progress_point (job->progress, point);
}

static void
take_warnings (Job        *job,
               char      **sentences,
               const char *file_name)
{
  for (char **sentence = sentences; *sentence != NULL; sentence++)
    g_ptr_array_add (job->warnings,
                     file_name != NULL ? g_strdup_printf ("%s: %s", file_name, *sentence) : g_strdup (*sentence));
  g_strfreev (sentences);
}

static gboolean
read_table (Job      *job,
            GFile    *file,
            WenSplit  split,
            GError  **error)
{
  static const WenCsvOptions guess_all = { 0 };
  g_autofree char *base_name = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base_name);
  g_autoptr(WenCsvReader) reader = wen_csv_reader_new (file, &guess_all, NULL, error);
  g_autoptr(WenImportReport) report = NULL;

  if (reader != NULL)
    report = wen_dataset_append_csv (job->dataset, reader, job->training->text_column, job->training->label_column,
                                     FALSE, split, wen_cli_progress_fraction, job->progress, NULL, error);
  wen_cli_progress_clear (job->progress);
  if (report == NULL)
    return FALSE;
  take_warnings (job, g_strdupv (report->warnings), job->training->test_file != NULL ? name : NULL);
  return TRUE;
}

static int
read_tables (Job *job)
{
  const WenCliTraining *training = job->training;
  g_autoptr(GError) error = NULL;

  job->dataset = wen_dataset_new ();
  if (!read_table (job, training->file, WEN_SPLIT_TRAIN, &error))
    return wen_cli_fail (training->file, error);
  if (training->test_file != NULL && !read_table (job, training->test_file, WEN_SPLIT_TEST, &error))
    return wen_cli_fail (training->test_file, error);

  wen_dataset_split (job->dataset, training->recipe->seed,
                     training->test_file != NULL ? 0 : training->recipe->test_share,
                     training->recipe->validation_share, NULL, NULL);
  take_warnings (job, wen_dataset_dup_warnings (job->dataset), NULL);
  for (guint i = 0; i < job->warnings->len; i++)
    wen_cli_warn (g_ptr_array_index (job->warnings, i));
  return WEN_CLI_DONE;
}

/* Before hours of training, not after them. */
static gboolean
check_output (GFile   *folder,
              GError **error)
{
  GFileType type = g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, NULL);
  g_autoptr(GFile) record = g_file_get_child (folder, "wenlei.json");
  g_autoptr(GFileEnumerator) children = NULL;
  g_autoptr(GFileInfo) child = NULL;

  if (type == G_FILE_TYPE_UNKNOWN || g_file_query_exists (record, NULL))
    return TRUE;
  if (type == G_FILE_TYPE_DIRECTORY)
    {
      children = g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NONE, NULL,
                                            error);
      if (children == NULL)
        return FALSE;
      child = g_file_enumerator_next_file (children, NULL, error);
      if (child == NULL)
        return error == NULL || *error == NULL;
    }
  g_set_error_literal (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_EXISTS,
                       _ ("This exists already and is not a classifier. Choose another name with -o."));
  return FALSE;
}

/* A journal that cannot be written is no reason to end a run that goes well. */
static void
journal_cb (GBytes   *checkpoint,
            gpointer  user_data)
{
  Job *job = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (job->journal_failed || wen_cli_journal_write (job->training->journal, checkpoint, &error))
    return;
  job->journal_failed = TRUE;
  sentence = g_strdup_printf (_ ("The state of the training can no longer be saved, so it could not go on after an "
                                 "interruption: %s"), error->message);
  wen_cli_progress_clear (job->progress);
  wen_cli_warn (sentence);
}

static gboolean
ready_journal (Job     *job,
               GError **error)
{
  GFile *file = job->training->journal;
  g_autoptr(GBytes) checkpoint = NULL;

  if (file == NULL)
    return TRUE;
  if (!wen_cli_journal_read (file, &checkpoint, error))
    return FALSE;
  if (checkpoint != NULL)
    {
      wen_trainer_set_checkpoint (job->trainer, checkpoint);
      fprintf (stderr, "%s\n", _ ("Going on with the training that was interrupted."));
    }
  wen_trainer_set_journal (job->trainer, journal_cb, JOURNAL_INTERVAL_US, job, NULL);
  return TRUE;
}

/* Names the file that the error is about; that of a text for pre-training names itself. */
static int
fail_training (Job    *job,
               GError *error)
{
  GFile *file = job->training->file;

  if (g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT))
    file = job->training->journal;
  else if (g_error_matches (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_PRETRAINING_FILE))
    file = NULL;
  return wen_cli_fail (file, error);
}

static int
train (Job *job)
{
  g_autoptr(GError) error = NULL;

  job->cancellable = g_cancellable_new ();
  job->trainer = wen_trainer_new (job->dataset, job->training->recipe);
  wen_trainer_set_functions (job->trainer, point_cb, progress_cb, job, NULL);
  if (!ready_journal (job, &error))
    return wen_cli_fail (job->training->journal, error);

  n_interrupts = 0;
  signal (SIGINT, interrupt_cb);
  job->classifier = wen_trainer_run (job->trainer, job->cancellable, &error);
  signal (SIGINT, SIG_DFL);
  wen_cli_progress_clear (job->progress);

  if (job->classifier != NULL)
    return WEN_CLI_DONE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           _ ("Training was cancelled, and nothing was saved."));
      return wen_cli_fail (NULL, error);
    }
  return fail_training (job, error);
}

static void
print_forecast (Job                       *job,
                const WenTrainingForecast *forecast)
{
  g_autofree char *parameters = wen_cli_format_count (forecast->n_parameters);
  g_autofree char *memory = g_format_size (forecast->memory_bytes);
  g_autofree char *available = g_format_size (forecast->free_bytes);
  g_autoptr(JsonObject) object = json_object_new ();

  if (!job->training->json)
    {
      if (forecast->n_parameters > 0)
        {
          wen_cli_print (_ ("Parameters: %s\n"), parameters);
          wen_cli_print (_ ("Memory: about %s; %s are free\n"), memory, available);
        }
      else
        {
          wen_cli_print (_ ("How large it becomes depends on the rows.\n"));
        }
      if (g_str_equal (job->training->recipe->family, "ensemble"))
        {
          if (forecast->n_parameters > 0)
            wen_cli_print (_ ("Time: about %.1f s for all members\n"), forecast->seconds_per_epoch);
          else if (forecast->seconds_per_epoch > 0)
            wen_cli_print (_ ("Time: about %.0f s at most\n"), forecast->seconds_per_epoch);
          return;
        }
      wen_cli_print (_ ("Time: about %.1f s an epoch, at most %u epochs\n"), forecast->seconds_per_epoch,
                     forecast->n_epochs);
      if (forecast->n_pretraining_epochs > 0)
        wen_cli_print (_ ("Before it, pre-training: about %.1f s an epoch, %u epochs\n"),
                       forecast->seconds_per_pretraining_epoch, forecast->n_pretraining_epochs);
      return;
    }
  json_object_set_int_member (object, "n_parameters", (gint64) forecast->n_parameters);
  json_object_set_int_member (object, "n_tokens", (gint64) forecast->n_tokens);
  json_object_set_int_member (object, "memory_bytes", (gint64) forecast->memory_bytes);
  json_object_set_int_member (object, "free_bytes", (gint64) forecast->free_bytes);
  json_object_set_double_member (object, "seconds_per_epoch", forecast->seconds_per_epoch);
  json_object_set_int_member (object, "epochs", forecast->n_epochs);
  json_object_set_double_member (object, "seconds_per_pretraining_epoch", forecast->seconds_per_pretraining_epoch);
  json_object_set_int_member (object, "pretraining_epochs", forecast->n_pretraining_epochs);
  wen_cli_print_json (object);
}

static int
tell_forecast (Job *job)
{
  WenTrainingForecast forecast;
  g_autoptr(GError) error = NULL;

  if (!wen_training_forecast (job->dataset, job->training->recipe, NULL, &forecast, &error))
    return fail_training (job, error);
  print_forecast (job, &forecast);
  return WEN_CLI_DONE;
}

/* The vocabulary goes wherever the classifier goes. */
static void
add_personal_warning (Job *job)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (wen_classifier_get_tokenizer (job->classifier));
  g_autoptr(GString) tokens = g_string_new (NULL);
  guint n_suspicious = 0;

  for (guint id = 0; id < wen_vocabulary_get_size (vocabulary); id++)
    if (wen_personal_data_is_suspicious (wen_vocabulary_get_token (vocabulary, id)))
      {
        if (n_suspicious++ < MOST_LISTED_TOKENS)
          g_string_append_printf (tokens, " %s", wen_vocabulary_get_token (vocabulary, id));
      }
  if (n_suspicious > 0)
    /* Translators: a number, and some tokens, each after a space */
    g_ptr_array_add (job->warnings,
                     g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                                   "%u token of the vocabulary looks personal:%s. Add the cleaning "
                                                   "step personal-data before giving the classifier away.",
                                                   "%u tokens of the vocabulary look personal:%s. Add the cleaning "
                                                   "step personal-data before giving the classifier away.",
                                                   n_suspicious),
                                      n_suspicious, tokens->str));
}

static int
evaluate (Job *job)
{
  g_autoptr(GError) error = NULL;
  guint n_warnings = job->warnings->len;

  job->evaluation = wen_evaluation_new (job->classifier, job->dataset, WEN_SPLIT_TEST, NULL, &error);
  if (job->evaluation == NULL && !g_error_matches (error, WEN_EVALUATION_ERROR, WEN_EVALUATION_ERROR_NO_ROWS))
    return wen_cli_fail (job->training->test_file, error);

  if (job->evaluation == NULL)
    g_ptr_array_add (job->warnings, g_strdup (_ ("No rows were put aside for the test, so nothing is known about "
                                                 "how good the classifier is.")));
  add_personal_warning (job);
  for (guint i = n_warnings; i < job->warnings->len; i++)
    wen_cli_warn (g_ptr_array_index (job->warnings, i));
  return WEN_CLI_DONE;
}

static const char *
get_end_name (WenTrainingEnd end)
{
  switch (end)
    {
    case WEN_TRAINING_END_EARLY:
      return "early";
    case WEN_TRAINING_END_STOPPED:
      return "stopped";
    case WEN_TRAINING_END_COMPLETED:
    default:
      return "completed";
    }
}

static void
set_number (JsonObject *object,
            const char *name,
            double      number)
{
  if (isfinite (number))
    json_object_set_double_member (object, name, number);
  else
    json_object_set_null_member (object, name);
}

static void
add_pretraining (JsonObject               *object,
                 const WenTrainingSummary *summary)
{
  JsonObject *pretraining = json_object_new ();

  json_object_set_int_member (pretraining, "epochs", summary->n_pretraining_epochs);
  json_object_set_int_member (pretraining, "n_rows", (gint64) summary->n_pretraining_rows);
  set_number (pretraining, "loss", summary->pretraining_loss);
  set_number (pretraining, "accuracy", summary->pretraining_accuracy);
  set_number (pretraining, "seconds", summary->pretraining_seconds);
  json_object_set_object_member (object, "pretraining", pretraining);
}

static void
print_json (Job *job)
{
  const WenTrainingSummary *summary = wen_trainer_get_summary (job->trainer);
  g_autoptr(JsonObject) object =
    job->evaluation != NULL ? wen_cli_figures_to_json (job->evaluation) : json_object_new ();
  g_auto(GStrv) explanation = NULL;

  if (job->evaluation == NULL)
    json_object_set_int_member (object, "n_rows", 0);
  json_object_set_string_member (object, "end", get_end_name (summary->end));
  json_object_set_int_member (object, "epochs", summary->n_epochs);
  json_object_set_int_member (object, "best_epoch", summary->best_epoch);
  set_number (object, "best_validation_loss", summary->best_validation_loss);
  set_number (object, "best_validation_accuracy", summary->best_validation_accuracy);
  json_object_set_int_member (object, "n_parameters", (gint64) summary->n_parameters);
  json_object_set_int_member (object, "n_vocabulary", summary->n_vocabulary);
  json_object_set_int_member (object, "n_train_rows", (gint64) summary->n_train_rows);
  json_object_set_int_member (object, "n_left_out", (gint64) summary->n_left_out);
  json_object_set_int_member (object, "n_cut", (gint64) summary->n_cut);
  json_object_set_int_member (object, "n_tokens", (gint64) summary->n_tokens);
  set_number (object, "seconds", summary->seconds);
  set_number (object, "tokens_per_second", summary->tokens_per_second);
  if (summary->n_pretraining_epochs > 0)
    add_pretraining (object, summary);
  json_object_set_int_member (object, "peak_rss_bytes", wen_cli_get_peak_rss ());
  explanation = wen_ensemble_explain (wen_classifier_get_training_record (job->classifier));
  if (explanation != NULL)
    wen_cli_json_add_strings (object, "explanation", (const char * const *) explanation);
  g_ptr_array_add (job->warnings, NULL);
  wen_cli_json_add_strings (object, "warnings", (const char * const *) job->warnings->pdata);
  wen_cli_print_json (object);
}

static void
print_explanation (Job *job)
{
  g_auto(GStrv) sentences = wen_ensemble_explain (wen_classifier_get_training_record (job->classifier));

  for (char **sentence = sentences; sentence != NULL && *sentence != NULL; sentence++)
    wen_cli_print ("%s\n", *sentence);
}

static gboolean
is_ensemble (Job *job)
{
  return g_str_equal (wen_classifier_get_recipe (job->classifier)->family, "ensemble");
}

static void
print_run (Job *job)
{
  const WenTrainingSummary *summary = wen_trainer_get_summary (job->trainer);
  g_autofree char *n_rows = wen_cli_format_count (summary->n_train_rows);
  g_autofree char *n_parameters = wen_cli_format_count (summary->n_parameters);
  g_autofree char *speed = wen_cli_format_count ((guint64) summary->tokens_per_second);
  g_autofree char *time = wen_cli_format_seconds (summary->seconds);

  if (summary->n_pretraining_epochs > 0)
    {
      g_autofree char *n_pretraining_rows = wen_cli_format_count (summary->n_pretraining_rows);
      g_autofree char *pretraining_time = wen_cli_format_seconds (summary->pretraining_seconds);

      /* Translators: a number of texts, of epochs, and a time such as 1:23 */
      wen_cli_print (ngettext ("Pre-trained on %s texts for %u epoch in %s.\n",
                               "Pre-trained on %s texts for %u epochs in %s.\n", summary->n_pretraining_epochs),
                     n_pretraining_rows, summary->n_pretraining_epochs, pretraining_time);
    }
  if (is_ensemble (job))
    /* Translators: numbers of rows and of classifiers, a time such as 1:23, a number of weights */
    wen_cli_print (ngettext ("Trained on %s rows, %u classifier in %s: %s weights.\n",
                             "Trained on %s rows, %u classifiers in %s: %s weights.\n", summary->n_epochs),
                   n_rows, summary->n_epochs, time, n_parameters);
  else
    /* Translators: numbers of rows and of epochs, a time such as 1:23, a number of weights, a speed */
    wen_cli_print (ngettext ("Trained on %s rows for %u epoch in %s: %s weights, %s tokens a second.\n",
                             "Trained on %s rows for %u epochs in %s: %s weights, %s tokens a second.\n",
                             summary->n_epochs),
                   n_rows, summary->n_epochs, time, n_parameters, speed);
  print_explanation (job);
  if (summary->end == WEN_TRAINING_END_STOPPED && is_ensemble (job))
    wen_cli_print (_ ("Stopped before the end; the classifiers that were ready are kept.\n"));
  else if (summary->end == WEN_TRAINING_END_STOPPED)
    wen_cli_print (_ ("Stopped before the end; the weights of epoch %u are kept.\n"), summary->best_epoch);
  else if (summary->end == WEN_TRAINING_END_EARLY)
    wen_cli_print (_ ("Ended early, because it did not get better; the weights of epoch %u are kept.\n"),
                   summary->best_epoch);
  if (summary->n_left_out > 0)
    {
      g_autofree char *n_left_out = wen_cli_format_count (summary->n_left_out);

      wen_cli_print (ngettext ("%s row was left out: nothing of its text was left, or it was too long.\n",
                               "%s rows were left out: nothing of their texts was left, or they were too long.\n",
                               summary->n_left_out),
                     n_left_out);
    }
  if (summary->n_cut > 0)
    {
      g_autofree char *n_cut = wen_cli_format_count (summary->n_cut);

      wen_cli_print (ngettext ("%s text is longer than %u tokens and was cut.\n",
                               "%s texts are longer than %u tokens and were cut.\n", summary->n_cut),
                     n_cut, job->training->recipe->maximum_length);
    }
}

static void
print_for_people (Job *job)
{
  print_run (job);
  if (job->evaluation != NULL)
    {
      wen_cli_print ("\n");
      wen_cli_print_figures (job->evaluation);
    }
  if (job->training->output != NULL)
    {
      g_autofree char *name = g_file_get_parse_name (job->training->output);

      wen_cli_print (_ ("\nSaved as “%s”.\n"), name);
    }
}

int
wen_cli_run_training (const WenCliTraining *training,
                      WenClassifier       **classifier)
{
  g_autoptr(GError) error = NULL;
  g_auto(Job) job = { .training = training };
  int status;

  if (training->output != NULL && !check_output (training->output, &error))
    return wen_cli_fail (training->output, error);

  job.progress = wen_cli_progress_new ();
  job.warnings = g_ptr_array_new_with_free_func (g_free);
  status = read_tables (&job);
  if (status == WEN_CLI_DONE && training->forecasts)
    return tell_forecast (&job);
  if (status == WEN_CLI_DONE)
    status = train (&job);
  if (status != WEN_CLI_DONE)
    return status;
  /* Saved first: what was trained is not lost, whatever comes. */
  if (training->output != NULL && !wen_classifier_save (job.classifier, training->output, NULL, &error))
    return wen_cli_fail (training->output, error);
  if (training->journal != NULL)
    g_file_delete (training->journal, NULL, NULL);
  status = evaluate (&job);
  if (status != WEN_CLI_DONE)
    return status;

  if (training->json)
    print_json (&job);
  else
    print_for_people (&job);
  if (classifier != NULL)
    *classifier = g_steal_pointer (&job.classifier);
  return WEN_CLI_DONE;
}
