/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli clean */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  WenCliChoices choices;
  char         *output;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
  g_free (options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  WenCleaner *cleaner;
  guint64     n_changed;
  guint64     n_left_out;
  guint64     n_gave_up;
} Step;

/* A table on its way through the steps. */
typedef struct
{
  const WenRecipe *recipe;
  WenCsvReader    *reader;
  WenCliCsvWriter *writer;       /* NULL: only counted */
  gsize            text_column;
  GArray          *steps;        /* of Step */
  guint64          n_rows;
  guint64          n_left_out;
  gint64           cleaning_us;
} Job;

static void
step_clear (gpointer data)
{
  g_clear_object (&((Step *) data)->cleaner);
}

static void
job_clear (Job *self)
{
  g_clear_object (&self->reader);
  g_clear_pointer (&self->writer, wen_cli_csv_writer_free);
  g_clear_pointer (&self->steps, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static void
add_steps (Job *self)
{
  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  g_array_set_clear_func (self->steps, step_clear);
  for (gsize i = 0; self->recipe->cleaning[i] != NULL; i++)
    {
      const char *one[] = { self->recipe->cleaning[i], NULL };
      const Step step = { .cleaner = wen_cleaner_new (one, NULL) };

      g_array_append_val (self->steps, step);
    }
}

/* NULL: the row is left out. (transfer full) */
static char *
clean_text (Job        *self,
            const char *text)
{
  g_autofree char *current = g_strdup (text);

  for (guint i = 0; i < self->steps->len; i++)
    {
      Step *step = &g_array_index (self->steps, Step, i);
      WenCleaningOutcome outcome;
      g_autofree char *cleaned = wen_cleaner_clean_row (step->cleaner, current, &outcome);

      step->n_changed += strcmp (cleaned, current) != 0;
      step->n_gave_up += (outcome & WEN_CLEANING_GAVE_UP) != 0;
      if (outcome & WEN_CLEANING_LEFT_OUT)
        {
          step->n_left_out++;
          return NULL;
        }
      g_free (current);
      current = g_steal_pointer (&cleaned);
    }
  return g_steal_pointer (&current);
}

static gboolean
write_row (Job                *self,
           const char * const *fields,
           gsize               n_fields,
           const char         *cleaned,
           GError            **error)
{
  g_autofree const char **written = g_memdup2 (fields, n_fields * sizeof *fields);

  if (self->writer == NULL)
    return TRUE;
  if (self->text_column < n_fields)
    written[self->text_column] = cleaned;
  return wen_cli_csv_writer_write (self->writer, written, n_fields, error);
}

static gboolean
clean_rows (Job             *self,
            WenCliProgress  *progress,
            GError         **error)
{
  const char * const *columns = wen_csv_reader_get_columns (self->reader);
  const char * const *fields;
  gsize n_fields;

  if (self->writer != NULL && wen_csv_reader_get_has_header (self->reader)
      && !wen_cli_csv_writer_write (self->writer, columns, g_strv_length ((char **) columns), error))
    return FALSE;
  while (wen_csv_reader_next (self->reader, &fields, &n_fields, NULL, error))
    {
      gint64 begin_us = g_get_monotonic_time ();
      g_autofree char *cleaned = NULL;

      if (fields == NULL)
        return self->writer == NULL || wen_cli_csv_writer_close (self->writer, error);
      cleaned = clean_text (self, self->text_column < n_fields ? fields[self->text_column] : "");
      self->cleaning_us += g_get_monotonic_time () - begin_us;
      self->n_rows++;
      self->n_left_out += cleaned == NULL;
      if (cleaned != NULL && !write_row (self, fields, n_fields, cleaned, error))
        return FALSE;
      if (self->n_rows % 4096 == 0)
        wen_cli_progress_fraction (wen_csv_reader_get_progress (self->reader), progress);
    }
  return FALSE;
}

static void
print_json (Job *self)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *steps = json_array_new ();

  json_object_set_int_member (object, "rows", (gint64) self->n_rows);
  json_object_set_int_member (object, "rows_left_out", (gint64) self->n_left_out);
  json_object_set_double_member (object, "seconds", (double) self->cleaning_us / G_USEC_PER_SEC);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);
      JsonObject *described = json_object_new ();

      json_object_set_string_member (described, "step", self->recipe->cleaning[i]);
      json_object_set_int_member (described, "rows_changed", (gint64) step->n_changed);
      json_object_set_int_member (described, "rows_left_out", (gint64) step->n_left_out);
      json_object_set_int_member (described, "rows_given_up", (gint64) step->n_gave_up);
      json_array_add_object_element (steps, described);
    }
  json_object_set_array_member (object, "steps", steps);
  wen_cli_print_json (object);
}

static void
print_table (Job *self)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *n_rows = wen_cli_format_count (self->n_rows);

  wen_cli_print (g_dngettext (GETTEXT_PACKAGE, "%s row\n", "%s rows\n", self->n_rows), n_rows);
  g_ptr_array_add (cells, g_strdup (_ ("Cleaning step")));
  g_ptr_array_add (cells, g_strdup (_ ("Changed")));
  g_ptr_array_add (cells, g_strdup (_ ("Left out")));
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);

      g_ptr_array_add (cells, g_strdup (self->recipe->cleaning[i]));
      g_ptr_array_add (cells, wen_cli_format_count (step->n_changed));
      g_ptr_array_add (cells, wen_cli_format_count (step->n_left_out));
    }
  wen_cli_print_table ((const char * const *) cells->pdata, cells->len / 3, 3);
}

static void
warn (Job *self)
{
  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);
      g_autofree char *count = wen_cli_format_count (step->n_gave_up);
      g_autofree char *sentence = NULL;

      if (step->n_gave_up == 0)
        continue;
      /* Translators: a cleaning step, and a number of texts */
      sentence = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                               "%s takes too long in %s text, which it leaves as it is.",
                                               "%s takes too long in %s texts, which it leaves as they are.",
                                               step->n_gave_up),
                                  self->recipe->cleaning[i], count);
      wen_cli_warn (sentence);
    }
}

static int
run (const Options *options,
     const char    *path)
{
  static const char help[] = "wenlei-cli clean --help";
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  gboolean to_terminal = g_strcmp0 (options->output, "-") == 0;
  g_autoptr(GFile) output = options->output && !to_terminal ? g_file_new_for_commandline_arg (options->output) : NULL;
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autoptr(WenRecipe) recipe = NULL;
  g_auto(Job) job = { 0 };
  g_autoptr(GError) error = NULL;
  int status = wen_cli_make_recipe (help, &options->choices, &recipe);

  if (status != WEN_CLI_DONE)
    return status;
  if (to_terminal && options->json)
    return wen_cli_wrong_usage (help, _ ("Standard output is for the table or for JSON, not for both."));
  job.recipe = recipe;
  add_steps (&job);
  job.reader = wen_cli_open_table (file, options->choices.text_column, &job.text_column, &error);
  if (job.reader == NULL)
    return wen_cli_fail (file, error);
  if (options->output != NULL)
    {
      job.writer = wen_cli_csv_writer_new (output, &error);
      if (job.writer == NULL)
        return wen_cli_fail (output, error);
    }
  if (!clean_rows (&job, progress, &error))
    {
      wen_cli_progress_clear (progress);
      return wen_cli_reader_is_gone () ? WEN_CLI_DONE : wen_cli_fail (file, error);
    }

  wen_cli_progress_clear (progress);
  warn (&job);
  if (options->json)
    print_json (&job);
  else if (!to_terminal)
    print_table (&job);
  return WEN_CLI_DONE;
}

int
wen_cli_clean (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Write the table with cleaned texts to this file; - is standard output"), N_ ("FILE") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      _ ("Cleans the texts of a table (CSV) as training would, and says how many rows each step\n"
                         "changes. Rows that a step leaves out of training are not written."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1]);
}
