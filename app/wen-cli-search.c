/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli search
 *
 * DESIGN: the search runs in its thread, and tells this one how it goes through a main
 * loop.  The first Ctrl-C asks it to stop and keep what it has, the second drops it. */

#include "config.h"

#include "wen-cli.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_BUDGET_SECONDS 300

typedef struct
{
  WenCliChoices choices;
  char         *budget;
  char         *trials;
  char         *goal;
  char         *largest;
  char         *families;
  char         *seed;
  char         *journal;
  char         *output;
  gboolean      json;
} Options;

static void
options_clear (Options *self)
{
  wen_cli_choices_clear (&self->choices);
  g_free (self->budget);
  g_free (self->trials);
  g_free (self->goal);
  g_free (self->largest);
  g_free (self->families);
  g_free (self->seed);
  g_free (self->journal);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  WenDataset       *dataset;
  WenSearchOptions *options;
  WenSearch        *search;
  GFile            *journal;        /* (nullable) */
  WenCliProgress   *progress;
  GCancellable     *cancellable;
  GMainLoop        *loop;
  guint             n_interrupts;
  GArray           *told;           /* of guint by number: the rung that was told of a trial */
  gint              journal_failed; /* thread of the search */
  gboolean          found;
  GError           *error;
} Job;

static void
job_clear (Job *self)
{
  g_clear_object (&self->search);
  g_clear_object (&self->dataset);
  g_clear_pointer (&self->options, wen_search_options_free);
  g_clear_object (&self->journal);
  g_clear_pointer (&self->progress, wen_cli_progress_free);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->told, g_array_unref);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* "90", "90s", "5m", "8h". */
static gboolean
parse_budget (const char *text,
              guint      *seconds)
{
  char *end;
  guint64 number = g_ascii_strtoull (text, &end, 10);
  guint64 unit = *end == 'h' ? 3600 : *end == 'm' ? 60 : 1;

  if (!g_ascii_isdigit (*text) || (*end != '\0' && (strchr ("hms", *end) == NULL || end[1] != '\0')) || number == 0
      || number > G_MAXUINT / 3600)
    return FALSE;
  *seconds = (guint) (number * unit);
  return TRUE;
}

static gboolean
parse_goal (const char       *text,
            WenSearchOptions *options)
{
  if (g_str_equal (text, "accuracy"))
    {
      options->goal = WEN_SEARCH_GOAL_ACCURACY;
    }
  else if (g_str_equal (text, "macro-f1"))
    {
      options->goal = WEN_SEARCH_GOAL_MACRO_F1;
    }
  else if (g_str_has_prefix (text, "f1:") && text[3] != '\0')
    {
      options->goal = WEN_SEARCH_GOAL_LABEL_F1;
      options->label = wen_cli_dup_utf8 (text + 3);
    }
  else
    {
      return FALSE;
    }
  return TRUE;
}

static gboolean
parse_number (const char *text,
              guint64     minimum,
              guint64     maximum,
              guint64    *number)
{
  return text == NULL || g_ascii_string_to_unsigned (text, 10, minimum, maximum, number, NULL);
}

/* The options of the search; else what is wrong was told. */
static int
make_options (const Options     *options,
              const char        *help,
              WenSearchOptions **made)
{
  g_autoptr(WenSearchOptions) search = wen_search_options_new ();
  guint64 n_trials = 0;

  if (options->budget != NULL && !parse_budget (options->budget, &search->budget_seconds))
    return wen_cli_wrong_usage (help, _ ("--budget takes a time such as 90s, 5m or 8h."));
  if (!parse_number (options->trials, 1, 1000000, &n_trials))
    return wen_cli_wrong_usage (help, _ ("--trials takes a whole number from %d to %d."), 1, 1000000);
  if (options->goal != NULL && !parse_goal (options->goal, search))
    return wen_cli_wrong_usage (help, _ ("--goal takes accuracy, macro-f1 or f1:LABEL."));
  if (!parse_number (options->largest, 1, G_MAXINT64, &search->largest))
    return wen_cli_wrong_usage (help, _ ("--largest takes a whole number of parameters."));
  if (!parse_number (options->seed, 0, G_MAXINT64, &search->seed))
    return wen_cli_wrong_usage (help, _ ("--seed takes a whole number."));
  if (options->families != NULL)
    search->families = g_strsplit (options->families, ",", -1);
  search->n_trials = (guint) n_trials;
  if (options->budget == NULL && options->trials == NULL)
    search->budget_seconds = DEFAULT_BUDGET_SECONDS;
  *made = g_steal_pointer (&search);
  return WEN_CLI_DONE;
}

static gboolean
interrupt_cb (gpointer user_data)
{
  Job *job = user_data;

  if (++job->n_interrupts == 1)
    {
      wen_cli_progress_clear (job->progress);
      fprintf (stderr, "%s\n", _ ("Stopping. The best trial so far is kept; press Ctrl-C again to drop it."));
      wen_search_stop (job->search);
    }
  else
    {
      g_cancellable_cancel (job->cancellable);
    }
  return G_SOURCE_CONTINUE;
}

static void
progress_cb (WenSearch *search,
             gpointer   user_data)
{
  Job *job = user_data;
  WenSearchProgress progress;

  wen_search_get_progress (search, &progress);
  wen_cli_progress_search (job->progress, &progress, wen_search_get_best (search));
}

/* One line for each figure. */
static void
trial_changed_cb (WenSearch *search,
                  guint      number,
                  gpointer   user_data)
{
  Job *job = user_data;
  const WenSearchTrial *trial = wen_search_get_trial (search, number);
  g_autofree char *n_rows = wen_cli_format_count (trial->n_rows);

  if (job->told->len < number)
    g_array_set_size (job->told, number);
  if (trial->message == NULL && trial->rung == g_array_index (job->told, guint, number - 1))
    return;
  g_array_index (job->told, guint, number - 1) = trial->rung;
  wen_cli_progress_clear (job->progress);
  if (trial->message != NULL)
    fprintf (stderr, _ ("Trial %u (%s): %s\n"), trial->number, trial->recipe->family, trial->message);
  else
    /* Translators: a number, the name of a family, a figure such as 0.873, a number of rows */
    fprintf (stderr, _ ("Trial %u (%s): %.3f with %s rows\n"), trial->number, trial->recipe->family, trial->score,
             n_rows);
}

static void
finished_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Job *job = user_data;

  job->found = wen_search_run_finish (job->search, result, &job->error);
  g_main_loop_quit (job->loop);
}

/* Thread of the search.  A journal that cannot be written is no reason to end it. */
static void
journal_cb (GBytes   *checkpoint,
            gpointer  user_data)
{
  Job *job = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (job->journal_failed || wen_cli_journal_write (job->journal, checkpoint, &error))
    return;
  job->journal_failed = TRUE;
  sentence = g_strdup_printf (_ ("The state of the search can no longer be saved, so it could not go on after an "
                                 "interruption: %s"), error->message);
  wen_cli_warn (sentence);
}

static gboolean
ready_journal (Job     *job,
               GError **error)
{
  g_autoptr(GBytes) checkpoint = NULL;

  if (job->journal == NULL)
    return TRUE;
  if (!wen_cli_journal_read (job->journal, &checkpoint, error))
    return FALSE;
  if (checkpoint != NULL)
    {
      wen_search_set_checkpoint (job->search, checkpoint);
      fprintf (stderr, "%s\n", _ ("Going on with the search that is in the journal."));
    }
  wen_search_set_journal (job->search, journal_cb, job, NULL);
  return TRUE;
}

static void
search (Job *job)
{
  guint interrupts;

  job->cancellable = g_cancellable_new ();
  job->loop = g_main_loop_new (NULL, FALSE);
  job->told = g_array_new (FALSE, TRUE, sizeof (guint));
  g_signal_connect (job->search, "progress", G_CALLBACK (progress_cb), job);
  g_signal_connect (job->search, "trial-changed", G_CALLBACK (trial_changed_cb), job);
  interrupts = g_unix_signal_add (SIGINT, interrupt_cb, job);
  wen_search_run_async (job->search, job->cancellable, finished_cb, job);
  g_main_loop_run (job->loop);
  g_source_remove (interrupts);
  wen_cli_progress_clear (job->progress);
}

static const char *
get_state_name (WenSearchState state)
{
  switch (state)
    {
    case WEN_SEARCH_STATE_FINISHED:
      return N_ ("finished");
    case WEN_SEARCH_STATE_SKIPPED:
      return N_ ("skipped");
    case WEN_SEARCH_STATE_FAILED:
      return N_ ("failed");
    case WEN_SEARCH_STATE_WAITING:
    case WEN_SEARCH_STATE_RUNNING:
    case WEN_SEARCH_STATE_DROPPED:
    default:
      return N_ ("dropped");
    }
}

/* The best first: those with most rows, by score; then those without a figure. */
static int
compare_trials (gconstpointer a,
                gconstpointer b)
{
  const WenSearchTrial *left = *(const WenSearchTrial *const *) a;
  const WenSearchTrial *right = *(const WenSearchTrial *const *) b;

  if (left->rung != right->rung)
    return left->rung > right->rung ? -1 : 1;
  if (left->rung > 0 && left->score != right->score)
    return left->score > right->score ? -1 : 1;
  return left->number < right->number ? -1 : 1;
}

/* (element-type WenSearchTrial) (transfer full) */
static GPtrArray *
sort_trials (Job *job)
{
  GPtrArray *trials = g_ptr_array_new ();

  for (guint number = 1; number <= wen_search_get_n_trials (job->search); number++)
    g_ptr_array_add (trials, (gpointer) wen_search_get_trial (job->search, number));
  g_ptr_array_sort (trials, compare_trials);
  return trials;
}

/* "linear: longest_ngram=4 cost=0.8", or the name of a preset. (transfer full) */
static char *
describe_settings (const WenSearchTrial *trial)
{
  gsize n_dimensions;
  const WenSearchDimension *dimensions = wen_search_list_dimensions (trial->recipe->family, &n_dimensions);
  g_autoptr(GString) text = g_string_new (NULL);

  if (trial->is_preset)
    return g_strdup_printf (_ ("preset %s"), trial->recipe->preset);
  g_string_append_printf (text, "%s:", trial->recipe->family);
  for (gsize i = 0; i < n_dimensions; i++)
    {
      g_autofree char *value = wen_recipe_get (trial->recipe, dimensions[i].key);

      g_string_append_printf (text, " %s=%s", strchr (dimensions[i].key, '.') + 1, value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_figure (GPtrArray *cells,
            double     figure)
{
  g_ptr_array_add (cells, isnan (figure) ? g_strdup ("–") : g_strdup_printf ("%.4f", figure));
}

static void
add_trial (GPtrArray            *cells,
           const WenSearchTrial *trial,
           gboolean              shows_score)
{
  g_ptr_array_add (cells, describe_settings (trial));
  g_ptr_array_add (cells, g_strdup_printf ("%u", trial->number));
  g_ptr_array_add (cells, wen_cli_format_count (trial->n_rows));
  if (shows_score)
    add_figure (cells, trial->score);
  add_figure (cells, trial->accuracy);
  add_figure (cells, trial->macro_f1);
  g_ptr_array_add (cells, g_strdup_printf ("%.1f", trial->seconds));
  g_ptr_array_add (cells, wen_cli_format_count (trial->n_parameters));
  g_ptr_array_add (cells, g_strdup (_ (get_state_name (trial->state))));
}

static void
print_trials (Job *job)
{
  gboolean shows_score = job->options->goal == WEN_SEARCH_GOAL_LABEL_F1;
  const WenSearchTrial *best = wen_search_get_best (job->search);
  g_autoptr(GPtrArray) trials = sort_trials (job);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  gsize n_columns;

  g_ptr_array_add (cells, g_strdup (_ ("Settings")));
  g_ptr_array_add (cells, g_strdup (_ ("Trial")));
  g_ptr_array_add (cells, g_strdup (_ ("Rows")));
  if (shows_score)
    /* Translators: heading of a column; %s is a label */
    g_ptr_array_add (cells, g_strdup_printf (_ ("F1 of “%s”"), job->options->label));
  g_ptr_array_add (cells, g_strdup (_ ("Accuracy")));
  g_ptr_array_add (cells, g_strdup (_ ("Macro F1")));
  g_ptr_array_add (cells, g_strdup (_ ("Seconds")));
  g_ptr_array_add (cells, g_strdup (_ ("Parameters")));
  g_ptr_array_add (cells, g_strdup (_ ("State")));
  n_columns = cells->len;
  for (guint i = 0; i < trials->len; i++)
    add_trial (cells, g_ptr_array_index (trials, i), shows_score);
  wen_cli_print_table ((const char * const *) cells->pdata, cells->len / n_columns, n_columns);

  if (wen_search_get_n_folds (job->search) > 0)
    wen_cli_print (_ ("\nMeasured by cross-validation with %u folds.\n"), wen_search_get_n_folds (job->search));
  else
    wen_cli_print (_ ("\nMeasured on %zu validation rows.\n"),
                   wen_dataset_count_split (job->dataset, WEN_SPLIT_VALIDATION));
  wen_cli_print (_ ("Trial %u is the best, with %.4f. Being the best of many, it looks a little better here than it "
                    "is.\n"),
                 best->number, best->score);
}

static void
set_figure (JsonObject *object,
            const char *name,
            double      figure)
{
  if (isnan (figure))
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, figure);
}

static JsonObject *
trial_to_json (const WenSearchTrial *trial)
{
  JsonObject *object = json_object_new ();
  g_autofree char *recipe = wen_recipe_to_json (trial->recipe);

  json_object_set_int_member (object, "trial", trial->number);
  json_object_set_string_member (object, "family", trial->recipe->family);
  json_object_set_string_member (object, "preset", trial->recipe->preset);
  json_object_set_boolean_member (object, "is_preset", trial->is_preset);
  json_object_set_string_member (object, "state", get_state_name (trial->state));
  if (trial->message != NULL)
    json_object_set_string_member (object, "message", trial->message);
  json_object_set_int_member (object, "rung", trial->rung);
  json_object_set_int_member (object, "rows", (gint64) trial->n_rows);
  set_figure (object, "score", trial->score);
  set_figure (object, "accuracy", trial->accuracy);
  set_figure (object, "macro_f1", trial->macro_f1);
  json_object_set_double_member (object, "seconds", trial->seconds);
  json_object_set_int_member (object, "parameters", (gint64) trial->n_parameters);
  json_object_set_member (object, "recipe", json_from_string (recipe, NULL));
  return object;
}

static void
print_json (Job *job)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *trials = json_array_new ();
  WenSearchProgress progress;

  wen_search_get_progress (job->search, &progress);
  for (guint number = 1; number <= wen_search_get_n_trials (job->search); number++)
    json_array_add_object_element (trials, trial_to_json (wen_search_get_trial (job->search, number)));
  json_object_set_int_member (object, "best", wen_search_get_best (job->search)->number);
  json_object_set_boolean_member (object, "stopped", job->n_interrupts > 0);
  json_object_set_int_member (object, "rungs", wen_search_get_n_rungs (job->search));
  json_object_set_int_member (object, "folds", wen_search_get_n_folds (job->search));
  json_object_set_double_member (object, "seconds", (double) progress.elapsed_us / G_USEC_PER_SEC);
  json_object_set_array_member (object, "trials", trials);
  wen_cli_print_json (object);
}

static gboolean
write_recipe (Job     *job,
              GFile   *file,
              GError **error)
{
  g_autofree char *json = wen_recipe_to_json (wen_search_get_best (job->search)->recipe);
  g_autofree char *text = g_strconcat (json, "\n", NULL);

  return g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL, error);
}

static int
fail (Job   *job,
      GFile *file)
{
  if (!g_error_matches (job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return wen_cli_fail (g_error_matches (job->error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_CHECKPOINT) ? job->journal
                                                                                                    : file,
                         job->error);
  g_clear_error (&job->error);
  g_set_error_literal (&job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The search was cancelled."));
  return wen_cli_fail (NULL, job->error);
}

static int
run (const Options *options,
     const char    *path)
{
  static const char help[] = "wenlei-cli search --help";
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFile) output = options->output ? g_file_new_for_commandline_arg (options->output) : NULL;
  g_autoptr(WenRecipe) recipe = NULL;
  g_auto(Job) job = { 0 };
  int status = wen_cli_make_recipe (help, &options->choices, &recipe);

  if (status == WEN_CLI_DONE)
    status = make_options (options, help, &job.options);
  if (status != WEN_CLI_DONE)
    return status;
  job.progress = wen_cli_progress_new ();
  job.journal = options->journal ? g_file_new_for_commandline_arg (options->journal) : NULL;
  job.dataset = wen_cli_read_dataset (file, &options->choices, WEN_SPLIT_TRAIN, job.progress, NULL, &job.error);
  wen_cli_progress_clear (job.progress);
  if (job.dataset == NULL)
    return wen_cli_fail (file, job.error);
  wen_dataset_split (job.dataset, recipe->seed, recipe->test_share, recipe->validation_share, NULL, NULL);

  job.search = wen_search_new (job.dataset, recipe, job.options);
  if (!ready_journal (&job, &job.error))
    return wen_cli_fail (job.journal, job.error);
  search (&job);
  if (!job.found)
    return fail (&job, file);
  if (options->json)
    print_json (&job);
  else
    print_trials (&job);
  /* After the table, which would be lost else. */
  if (output != NULL && !write_recipe (&job, output, &job.error))
    return wen_cli_fail (output, job.error);
  return WEN_CLI_DONE;
}

int
wen_cli_search (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "budget", 0, 0, G_OPTION_ARG_FILENAME, &options.budget, N_ ("How long to search: 90s, 5m, 8h (5m)"),
      N_ ("TIME") },
    { "trials", 0, 0, G_OPTION_ARG_FILENAME, &options.trials, N_ ("How many settings to try; can be repeated exactly"),
      N_ ("N") },
    { "goal", 0, 0, G_OPTION_ARG_FILENAME, &options.goal,
      N_ ("What is to be large: accuracy, macro-f1, f1:LABEL (accuracy)"), N_ ("GOAL") },
    { "largest", 0, 0, G_OPTION_ARG_FILENAME, &options.largest,
      N_ ("Most parameters of a model, of four bytes each"), N_ ("N") },
    { "families", 0, 0, G_OPTION_ARG_FILENAME, &options.families,
      N_ ("Families to search, with commas between them (all)"), N_ ("NAMES") },
    { "seed", 0, 0, G_OPTION_ARG_FILENAME, &options.seed, N_ ("Seed of the settings that are drawn (42)"),
      N_ ("N") },
    { "journal", 0, 0, G_OPTION_ARG_FILENAME, &options.journal,
      N_ ("Keep the trials in this file, and go on from it where it is there"), N_ ("FILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Write the best recipe to this file, for train --recipe"), N_ ("FILE") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      _ ("Tries many settings of all families on a table (CSV), most of them with a part of the rows\n"
                         "only, and says which do best on rows that they did not learn from. Rows put aside for the\n"
                         "test are not touched. Ctrl-C stops the search and keeps the best so far."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1]);
}
