/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli inspect */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_LABEL_COLUMNS 3
#define MOST_LISTED_ROWS 10
#define MOST_LISTED_TOKENS 5

typedef struct
{
  char    *text_column;
  char    *label_column;
  gboolean json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->text_column);
  g_free (options->label_column);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What was found in the table. */
typedef struct
{
  WenCsvReader    *reader;
  WenDataset      *dataset;
  WenImportReport *report;
  WenHealth       *health;
  char            *text_reason;
  char            *label_reason;
  char           **reasons;
  GPtrArray       *warnings;
} Findings;

static void
findings_clear (Findings *self)
{
  g_clear_object (&self->reader);
  g_clear_object (&self->dataset);
  g_clear_object (&self->health);
  g_clear_pointer (&self->report, wen_import_report_free);
  g_free (self->text_reason);
  g_free (self->label_reason);
  g_strfreev (self->reasons);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Findings, findings_clear)

static void
add_warnings (Findings           *self,
              const char * const *sentences)
{
  for (gsize i = 0; sentences != NULL && sentences[i] != NULL; i++)
    g_ptr_array_add (self->warnings, g_strdup (sentences[i]));
}

static gboolean
read_table (Findings      *self,
            const Options *options,
            GFile         *file,
            GError       **error)
{
  static const WenCsvOptions guess_all = { 0 };
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autofree char *text_column = wen_cli_dup_utf8 (options->text_column);
  g_autofree char *label_column = wen_cli_dup_utf8 (options->label_column);
  g_auto(GStrv) warnings = NULL;
  gssize text_guess, label_guess;

  self->reader = wen_csv_reader_new (file, &guess_all, NULL, error);
  if (self->reader == NULL)
    return FALSE;
  wen_csv_reader_guess_columns (self->reader, &text_guess, &label_guess,
                                text_column == NULL ? &self->text_reason : NULL,
                                label_column == NULL ? &self->label_reason : NULL);
  self->reasons = wen_csv_reader_dup_reasons (self->reader);

  self->dataset = wen_dataset_new ();
  self->report = wen_dataset_append_csv (self->dataset, self->reader, text_column, label_column, TRUE,
                                         WEN_SPLIT_TRAIN, wen_cli_progress_fraction, progress, NULL, error);
  if (self->report == NULL)
    return FALSE;
  self->health = wen_health_new (self->dataset, NULL, error);
  if (self->health == NULL)
    return FALSE;

  self->warnings = g_ptr_array_new_with_free_func (g_free);
  add_warnings (self, (const char * const *) self->report->warnings);
  if (self->report->label_column != NULL)
    {
      warnings = wen_dataset_dup_warnings (self->dataset);
      add_warnings (self, (const char * const *) warnings);
    }
  return TRUE;
}

static void
print_column (const char *column,
              const char *use,
              const char *reason)
{
  if (column == NULL)
    wen_cli_print ("  %s %s\n", use, _ ("none"));
  else if (reason != NULL)
    /* Translators: "Texts: column “review”. It has the longest texts." */
    wen_cli_print (_ ("  %s column “%s”. %s\n"), use, column, reason);
  else
    wen_cli_print (_ ("  %s column “%s”.\n"), use, column);
}

static const char *
get_delimiter_name (char delimiter)
{
  switch (delimiter)
    {
    case ',':
      return _ ("comma");
    case ';':
      return _ ("semicolon");
    case '\t':
      return _ ("tab");
    default:
      return "";
    }
}

static void
print_labels (Findings *self)
{
  guint n_labels = wen_dataset_get_n_labels (self->dataset);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  gsize n_labelled = 0;

  if (n_labels == 0)
    return;
  for (guint label = 0; label < n_labels; label++)
    n_labelled += wen_dataset_count_label (self->dataset, label, WEN_SPLIT_TRAIN);
  g_ptr_array_add (cells, g_strdup (_ ("Label")));
  g_ptr_array_add (cells, g_strdup (_ ("Rows")));
  g_ptr_array_add (cells, g_strdup (_ ("Share")));
  for (guint label = 0; label < n_labels; label++)
    {
      gsize n_rows = wen_dataset_count_label (self->dataset, label, WEN_SPLIT_TRAIN);

      g_ptr_array_add (cells, g_strdup (wen_dataset_get_label_name (self->dataset, label)));
      g_ptr_array_add (cells, wen_cli_format_count (n_rows));
      g_ptr_array_add (cells, wen_cli_format_share ((double) n_rows / (double) MAX (n_labelled, 1)));
    }
  wen_cli_print ("\n");
  wen_cli_print_table ((const char * const *) cells->pdata, n_labels + 1, N_LABEL_COLUMNS);
}

/* The first rows of a finding, as numbers of rows in the file: "3, 7, 12 …". */
static char *
list_rows (Findings   *self,
           WenFinding *finding)
{
  GString *list = g_string_new (NULL);
  const guint *rows;
  gsize n_rows;

  rows = wen_finding_get_rows (finding, &n_rows);
  for (gsize i = 0; i < MIN (n_rows, MOST_LISTED_ROWS); i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > 0 ? _ (", ") : "",
                            wen_dataset_get_row_id (self->dataset, rows[i]));
  if (n_rows > MOST_LISTED_ROWS)
    g_string_append (list, " …");
  return g_string_free (list, FALSE);
}

static void
print_health (Findings *self)
{
  gsize n_tokens = wen_health_get_n_tokens (self->health);

  wen_cli_print ("\n");
  for (gsize i = 0; i < wen_health_get_n_findings (self->health); i++)
    {
      WenFinding *finding = wen_health_get_finding (self->health, i);
      const char *mend = wen_finding_get_mend_sentence (finding);
      g_autofree char *rows = list_rows (self, finding);

      wen_cli_print ("%s\n", wen_finding_get_sentence (finding));
      if (*rows != '\0')
        wen_cli_print (_ ("  Rows: %s\n"), rows);
      if (mend != NULL)
        wen_cli_print ("  %s\n", mend);
    }
  for (gsize i = 0; i < MIN (n_tokens, MOST_LISTED_TOKENS); i++)
    {
      double gain;
      const char *token = wen_health_get_token (self->health, i, &gain, NULL);

      if (i == 0)
        wen_cli_print ("%s", _ ("Common tokens that tell most about the label, in nats:"));
      wen_cli_print (" %s %.3f", token, gain);
    }
  if (n_tokens > 0)
    wen_cli_print ("\n");
}

static void
print_for_people (Findings *self)
{
  const WenImportReport *report = self->report;
  g_autofree char *columns = g_strjoinv (_ (", "), (char **) wen_csv_reader_get_columns (self->reader));
  g_autofree char *n_rows = wen_cli_format_count (report->n_rows);
  g_autofree char *n_without_text = wen_cli_format_count (report->n_without_text);
  g_autofree char *n_without_label = wen_cli_format_count (report->n_without_label);

  /* Translators: an encoding, the name of a delimiter */
  wen_cli_print (_ ("Encoding %s, delimiter %s, "), report->encoding, get_delimiter_name (report->delimiter));
  wen_cli_print ("%s\n", report->has_header ? _ ("the first row names the columns.") : _ ("no row of names."));
  for (char **reason = self->reasons; *reason != NULL; reason++)
    wen_cli_print ("  %s\n", *reason);

  wen_cli_print ("\n");
  wen_cli_print (_ ("Columns: %s\n"), columns);
  print_column (report->text_column, _ ("Texts:"), self->text_reason);
  print_column (report->label_column, _ ("Labels:"), self->label_reason);

  wen_cli_print ("\n");
  wen_cli_print (_ ("%s rows, %s of them without text, %s without label.\n"), n_rows, n_without_text,
                 n_without_label);
  print_labels (self);
  print_health (self);
  if (self->warnings->len > 0)
    wen_cli_print ("\n");
  for (guint i = 0; i < self->warnings->len; i++)
    wen_cli_print ("%s %s\n", _ ("Warning:"), (const char *) g_ptr_array_index (self->warnings, i));
}

static void
set_string (JsonObject *object,
            const char *name,
            const char *string)
{
  if (string != NULL)
    json_object_set_string_member (object, name, string);
  else
    json_object_set_null_member (object, name);
}

static void
add_health (Findings   *self,
            JsonObject *object)
{
  JsonArray *findings = json_array_new ();
  JsonArray *tokens = json_array_new ();

  for (gsize i = 0; i < wen_health_get_n_findings (self->health); i++)
    {
      WenFinding *finding = wen_health_get_finding (self->health, i);
      JsonObject *member = json_object_new ();
      JsonArray *numbers = json_array_new ();
      const guint *rows;
      gsize n_rows;

      rows = wen_finding_get_rows (finding, &n_rows);
      for (gsize j = 0; j < n_rows; j++)
        json_array_add_int_element (numbers, wen_dataset_get_row_id (self->dataset, rows[j]));
      json_object_set_string_member (member, "kind", wen_finding_get_name (finding));
      json_object_set_string_member (member, "sentence", wen_finding_get_sentence (finding));
      json_object_set_double_member (member, "value", wen_finding_get_value (finding));
      json_object_set_array_member (member, "rows", numbers);
      set_string (member, "mend", wen_finding_get_mend_sentence (finding));
      json_array_add_object_element (findings, member);
    }
  json_object_set_array_member (object, "findings", findings);

  for (gsize i = 0; i < wen_health_get_n_tokens (self->health); i++)
    {
      JsonObject *member = json_object_new ();
      double gain;
      gsize n_rows;

      json_object_set_string_member (member, "token", wen_health_get_token (self->health, i, &gain, &n_rows));
      json_object_set_double_member (member, "information_gain", gain);
      json_object_set_int_member (member, "n_rows", (gint64) n_rows);
      json_array_add_object_element (tokens, member);
    }
  json_object_set_array_member (object, "tokens", tokens);
}

static void
print_json (Findings *self)
{
  const WenImportReport *report = self->report;
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *labels = json_array_new ();

  json_object_set_string_member (object, "encoding", report->encoding);
  json_object_set_string_member (object, "delimiter", (const char[]) { report->delimiter, '\0' });
  json_object_set_boolean_member (object, "has_header", report->has_header);
  wen_cli_json_add_strings (object, "encoding_candidates", wen_csv_reader_get_encoding_candidates (self->reader));
  json_object_set_boolean_member (object, "encoding_is_certain",
                                  wen_csv_reader_get_encoding_is_certain (self->reader));
  wen_cli_json_add_strings (object, "reasons", (const char * const *) self->reasons);
  wen_cli_json_add_strings (object, "columns", wen_csv_reader_get_columns (self->reader));
  set_string (object, "text_column", report->text_column);
  set_string (object, "text_reason", self->text_reason);
  set_string (object, "label_column", report->label_column);
  set_string (object, "label_reason", self->label_reason);
  json_object_set_int_member (object, "n_rows", (gint64) report->n_rows);
  json_object_set_int_member (object, "n_without_text", (gint64) report->n_without_text);
  json_object_set_int_member (object, "n_without_label", (gint64) report->n_without_label);
  for (guint label = 0; label < wen_dataset_get_n_labels (self->dataset); label++)
    {
      JsonObject *figures = json_object_new ();

      json_object_set_string_member (figures, "label", wen_dataset_get_label_name (self->dataset, label));
      json_object_set_int_member (figures, "n_rows",
                                  (gint64) wen_dataset_count_label (self->dataset, label, WEN_SPLIT_TRAIN));
      json_array_add_object_element (labels, figures);
    }
  json_object_set_array_member (object, "labels", labels);
  add_health (self, object);
  g_ptr_array_add (self->warnings, NULL);
  wen_cli_json_add_strings (object, "warnings", (const char * const *) self->warnings->pdata);
  wen_cli_print_json (object);
}

int
wen_cli_inspect (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  g_auto(Findings) findings = { 0 };
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;
  const GOptionEntry entries[] = {
    { "text", 0, 0, G_OPTION_ARG_FILENAME, &options.text_column, N_ ("Column of the texts, else guessed"),
      N_ ("COLUMN") },
    { "label", 0, 0, G_OPTION_ARG_FILENAME, &options.label_column, N_ ("Column of the labels, else guessed"),
      N_ ("COLUMN") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      _ ("Says what is in a table (CSV), what was guessed of it, and why."), 1, 1))
    return WEN_CLI_WRONG_USAGE;

  file = g_file_new_for_commandline_arg (rest[1]);
  if (!read_table (&findings, &options, file, &error))
    return wen_cli_fail (file, error);
  if (options.json)
    print_json (&findings);
  else
    print_for_people (&findings);
  return WEN_CLI_DONE;
}
