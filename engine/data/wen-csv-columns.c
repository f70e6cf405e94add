/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which columns of a table are read, and what there is to report about them:
 * shared by all that reads rows from a file. */

#include "config.h"

#include "wen-csv-columns-private.h"

#include "wen-dataset-private.h"
#include "wen-i18n-private.h"

static gboolean
find_column (WenCsvReader  *reader,
             const char    *name,
             gssize         guess,
             gssize        *column,
             GError       **error)
{
  *column = name != NULL ? wen_csv_reader_find_column (reader, name, error) : guess;
  return name == NULL || *column >= 0;
}

static void
set_missing (WenCsvReader  *reader,
             const char    *message,
             GError       **error)
{
  g_autofree char *names = g_strjoinv (", ", (char **) wen_csv_reader_get_columns (reader));

  g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_NO_SUCH_COLUMN, "%s %s", message, names);
}

/* Finds the columns by name, or guesses them.  A column that was asked for by name
 * is not guessed for the other part too. */
gboolean
wen_csv_columns_find (WenCsvColumns  *self,
                      WenCsvReader   *reader,
                      const char     *text_column,
                      const char     *label_column,
                      gboolean        label_optional,
                      GError        **error)
{
  gssize text_guess;
  gssize label_guess;

  wen_csv_reader_guess_columns (reader, &text_guess, &label_guess, NULL, NULL);
  if (!find_column (reader, text_column, text_guess, &self->text, error)
      || !find_column (reader, label_column, label_guess, &self->label, error))
    return FALSE;
  if (self->text == self->label && text_column != NULL && label_column == NULL)
    self->label = text_guess != self->text ? text_guess : -1;
  else if (self->text == self->label && label_column != NULL && text_column == NULL)
    self->text = label_guess != self->label ? label_guess : -1;

  if (self->text < 0)
    {
      set_missing (reader, _ ("No column looks like texts: say which one holds them. The columns are:"), error);
      return FALSE;
    }
  if (self->label < 0 && !label_optional)
    {
      set_missing (reader, _ ("No column looks like labels: say which one holds them. The columns are:"), error);
      return FALSE;
    }
  if (self->text == self->label)
    {
      set_missing (reader, _ ("Texts and labels cannot be in the same column. The columns are:"), error);
      return FALSE;
    }
  return TRUE;
}

/* What is known when all rows were read; the counts are in the report already. */
void
wen_csv_columns_describe (const WenCsvColumns *self,
                          WenCsvReader        *reader,
                          WenImportReport     *report)
{
  const char *const *names = wen_csv_reader_get_columns (reader);

  report->encoding = g_strdup (wen_csv_reader_get_encoding (reader));
  report->delimiter = wen_csv_reader_get_delimiter (reader);
  report->has_header = wen_csv_reader_get_has_header (reader);
  report->text_column = g_strdup (names[self->text]);
  report->label_column = self->label >= 0 ? g_strdup (names[self->label]) : NULL;
  report->warnings = wen_csv_reader_dup_warnings (reader);
}

/* label may be NULL. */
void
wen_csv_columns_count_row (WenImportReport *report,
                           const char      *text,
                           const char      *label)
{
  report->n_rows++;
  report->n_without_text += wen_dataset_is_blank (text);
  report->n_without_label += label == NULL || wen_dataset_is_blank (label);
}
