/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli predict */

#include "config.h"

#include "wen-cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows that are predicted together. */
#define BLOCK_ROWS 4096

typedef struct
{
  char    *output;
  char    *text_column;
  gboolean json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->output);
  g_free (options->text_column);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A table on its way through a classifier. */
typedef struct
{
  WenClassifier   *classifier;
  WenCsvReader    *reader;
  WenCliCsvWriter *writer;      /* NULL: JSON on standard output */
  gsize            n_columns;
  gsize            text_column;
  GPtrArray       *cells;       /* of the block, owned: [n_rows][n_columns] */
} Table;

static void
table_clear (Table *self)
{
  g_clear_object (&self->reader);
  g_clear_pointer (&self->writer, wen_cli_csv_writer_free);
  g_clear_pointer (&self->cells, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static gboolean
is_blank (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isspace (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

static void
print_json_prediction (const char *text,
                       const char *label,
                       double      confidence)
{
  g_autoptr(JsonObject) object = json_object_new ();

  if (label != NULL)
    {
      json_object_set_string_member (object, "label", label);
      json_object_set_double_member (object, "confidence", confidence);
    }
  else
    {
      json_object_set_null_member (object, "label");
      json_object_set_null_member (object, "confidence");
    }
  json_object_set_string_member (object, "text", text);
  wen_cli_print_json (object);
}

static guint
find_best (const float *probabilities,
           guint        n_labels)
{
  guint best = 0;

  for (guint label = 1; label < n_labels; label++)
    if (probabilities[label] > probabilities[best])
      best = label;
  return best;
}

static gboolean
write_row (Table      *self,
           gsize       row,
           const char *label,
           double      confidence,
           GError    **error)
{
  const char * const *cells = (const char * const *) self->cells->pdata + row * self->n_columns;
  g_autofree const char **fields = g_new (const char *, self->n_columns + 2);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->writer == NULL)
    {
      print_json_prediction (cells[self->text_column], label, confidence);
      return TRUE;
    }
  memcpy (fields, cells, self->n_columns * sizeof *fields);
  fields[self->n_columns] = label != NULL ? label : "";
  fields[self->n_columns + 1] = label != NULL ? g_ascii_formatd (number, sizeof number, "%.4f", confidence) : "";
  return wen_cli_csv_writer_write (self->writer, fields, self->n_columns + 2, error);
}

static gboolean
predict_block (Table   *self,
               GError **error)
{
  guint n_labels = wen_classifier_get_n_labels (self->classifier);
  gsize n_rows = self->cells->len / self->n_columns;
  g_autofree const char **texts = g_new (const char *, n_rows);
  g_autofree float *probabilities = g_new (float, n_rows * n_labels);

  for (gsize row = 0; row < n_rows; row++)
    texts[row] = g_ptr_array_index (self->cells, row * self->n_columns + self->text_column);
  if (n_rows > 0
      && !wen_classifier_predict_texts (self->classifier, texts, n_rows, probabilities, NULL, NULL, error))
    return FALSE;

  for (gsize row = 0; row < n_rows; row++)
    {
      const float *row_probabilities = probabilities + row * n_labels;
      guint best = find_best (row_probabilities, n_labels);
      gboolean has_text = !is_blank (texts[row]);

      if (!write_row (self, row, has_text ? wen_classifier_get_label (self->classifier, best) : NULL,
                      row_probabilities[best], error))
        return FALSE;
    }
  g_ptr_array_set_size (self->cells, 0);
  return TRUE;
}

/* A name that no column has yet. */
static char *
make_column_name (const char * const *columns,
                  const char         *name)
{
  g_autofree char *base = g_strv_contains (columns, name) ? g_strconcat ("predicted_", name, NULL) : g_strdup (name);
  g_autofree char *unique = g_strdup (base);

  for (guint n = 2; g_strv_contains (columns, unique); n++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s_%u", base, n);
    }
  return g_steal_pointer (&unique);
}

static gboolean
write_header (Table   *self,
              GError **error)
{
  const char * const *columns = wen_csv_reader_get_columns (self->reader);
  g_autofree char *label_name = make_column_name (columns, "label");
  g_autofree char *confidence_name = make_column_name (columns, "confidence");
  g_autofree const char **fields = g_new (const char *, self->n_columns + 2);

  if (self->writer == NULL || !wen_csv_reader_get_has_header (self->reader))
    return TRUE;
  memcpy (fields, columns, self->n_columns * sizeof *fields);
  fields[self->n_columns] = label_name;
  fields[self->n_columns + 1] = confidence_name;
  return wen_cli_csv_writer_write (self->writer, fields, self->n_columns + 2, error);
}

static gboolean
predict_rows (Table          *self,
              WenCliProgress *progress,
              GError        **error)
{
  const char * const *fields;
  gsize n_fields;

  while (wen_csv_reader_next (self->reader, &fields, &n_fields, NULL, error))
    {
      if (fields == NULL)
        return predict_block (self, error);
      for (gsize i = 0; i < self->n_columns; i++)
        g_ptr_array_add (self->cells, g_strdup (i < n_fields ? fields[i] : ""));
      if (self->cells->len < BLOCK_ROWS * self->n_columns)
        continue;
      if (!predict_block (self, error))
        return FALSE;
      wen_cli_progress_fraction (wen_csv_reader_get_progress (self->reader), progress);
    }
  return FALSE;
}

static gboolean
open_table (Table         *self,
            const Options *options,
            GFile         *file,
            GError       **error)
{
  self->reader = wen_cli_open_table (file, options->text_column, &self->text_column, error);
  if (self->reader == NULL)
    return FALSE;
  self->n_columns = g_strv_length ((char **) wen_csv_reader_get_columns (self->reader));
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return TRUE;
}

static int
predict_table (WenClassifier *classifier,
               const Options *options,
               const char    *path)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFile) output = options->output ? g_file_new_for_commandline_arg (options->output) : NULL;
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_auto(GStrv) warnings = NULL;
  g_auto(Table) table = { .classifier = classifier };
  g_autoptr(GError) error = NULL;

  if (!open_table (&table, options, file, &error))
    return wen_cli_fail (file, error);
  if (!options->json)
    {
      table.writer = wen_cli_csv_writer_new (output, &error);
      if (table.writer == NULL)
        return wen_cli_fail (output, error);
    }
  if (!write_header (&table, &error) || !predict_rows (&table, progress, &error))
    {
      wen_cli_progress_clear (progress);
      return wen_cli_reader_is_gone () ? WEN_CLI_DONE : wen_cli_fail (file, error);
    }
  if (table.writer != NULL && !wen_cli_csv_writer_close (table.writer, &error))
    return wen_cli_fail (output, error);

  wen_cli_progress_clear (progress);
  warnings = wen_csv_reader_dup_warnings (table.reader);
  for (char **warning = warnings; *warning != NULL; warning++)
    wen_cli_warn (*warning);
  return WEN_CLI_DONE;
}

/* label TAB confidence TAB text: the text, which may have tabs in it, comes last. */
static void
predict_line (WenClassifier *classifier,
              const char    *text,
              gboolean       json)
{
  g_autoptr(WenPrediction) prediction = is_blank (text) ? NULL : wen_classifier_predict (classifier, text);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (json)
    print_json_prediction (text, prediction ? wen_prediction_get_label (prediction) : NULL,
                           prediction ? wen_prediction_get_probability (prediction) : 0);
  else if (prediction != NULL)
    wen_cli_print ("%s\t%s\t%s\n", wen_prediction_get_label (prediction),
                   g_ascii_formatd (number, sizeof number, "%.4f", wen_prediction_get_probability (prediction)),
                   text);
  else
    wen_cli_print ("\t\t%s\n", text);
}

static int
predict_standard_input (WenClassifier *classifier,
                        const Options *options)
{
  char *line = NULL;
  size_t size_bytes = 0;
  ssize_t length;
  gboolean is_first = TRUE;
  g_autoptr(GError) error = NULL;

  while ((length = getline (&line, &size_bytes, stdin)) >= 0)
    {
      g_autofree char *text = NULL;

      while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
      text = g_utf8_make_valid (line, length);
      predict_line (classifier, is_first && g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text, options->json);
      is_first = FALSE;
      fflush (stdout);
      if (wen_cli_reader_is_gone ())
        break;
    }
  free (line);
  if (!ferror (stdin))
    return WEN_CLI_DONE;
  g_set_error (&error, G_IO_ERROR, g_io_error_from_errno (errno), _ ("Standard input cannot be read: %s."),
               g_strerror (errno));
  return wen_cli_fail (NULL, error);
}

static int
run (const Options *options,
     char         **files)
{
  g_autoptr(GFile) model = g_file_new_for_commandline_arg (files[0]);
  g_autoptr(GError) error = NULL;
  g_autoptr(WenClassifier) classifier = wen_classifier_load (model, NULL, &error);

  if (classifier == NULL)
    return wen_cli_fail (model, error);
  if (files[1] != NULL)
    return predict_table (classifier, options, files[1]);
  return predict_standard_input (classifier, options);
}

int
wen_cli_predict (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Table to write, else standard output"),
      N_ ("FILE") },
    { "text", 0, 0, G_OPTION_ARG_FILENAME, &options.text_column, N_ ("Column of the texts, else guessed"),
      N_ ("COLUMN") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object for each text"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("MODEL [FILE]"),
                      _ ("Labels the texts of a table (CSV): all columns are kept, and two are added, the label and\n"
                         "how sure the classifier is, from 0 to 1. Without FILE, each line of standard input is a\n"
                         "text."),
                      1, 2))
    return WEN_CLI_WRONG_USAGE;
  if (options.output != NULL && rest[2] == NULL)
    return wen_cli_wrong_usage ("wenlei-cli predict --help", _ ("-o goes with a FILE to read."));
  if (options.output != NULL && options.json)
    return wen_cli_wrong_usage ("wenlei-cli predict --help", _ ("Choose one of -o and --json."));
  return run (&options, rest + 1);
}
