/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the rows of a table in a file to the rows of a dataset. */

#include "config.h"

#include "wen-csv-columns-private.h"
#include "wen-dataset.h"

#include <string.h>

/* Rows between two looks at the clock's users: progress and cancelling. */
#define ROWS_PER_REPORT 4096

/**
 * wen_dataset_append_csv:
 * @self: a dataset
 * @reader: a reader before its first row
 * @text_column: (nullable): name of the column with the texts, or `NULL` to guess
 * @label_column: (nullable): name of the column with the labels, or `NULL` to guess
 * @label_optional: whether a table without labels is fine
 * @split: what the rows are for; `WEN_SPLIT_TRAIN` where wen_dataset_split() is
 *   going to decide
 * @progress: (nullable) (scope call) (closure user_data): called now and then
 * @user_data: what @progress gets
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Adds every row of a table.  Blocks.
 *
 * The number of the row in the file becomes its id.  After an error the rows read
 * so far stay in the dataset.
 *
 * Returns: (transfer full) (nullable): what was read, or `NULL` with @error set
 */
WenImportReport *
wen_dataset_append_csv (WenDataset       *self,
                        WenCsvReader     *reader,
                        const char       *text_column,
                        const char       *label_column,
                        gboolean          label_optional,
                        WenSplit          split,
                        WenProgressFunc   progress,
                        gpointer          user_data,
                        GCancellable     *cancellable,
                        GError          **error)
{
  g_autoptr (WenImportReport) report = g_new0 (WenImportReport, 1);
  WenCsvColumns columns;
  const char *const *fields;
  gsize n_fields;

  g_return_val_if_fail (WEN_IS_DATASET (self), NULL);
  g_return_val_if_fail (WEN_IS_CSV_READER (reader), NULL);

  if (!wen_csv_columns_find (&columns, reader, text_column, label_column, label_optional, error))
    return NULL;

  while (wen_csv_reader_next (reader, &fields, &n_fields, cancellable, error))
    {
      const char *text;
      const char *label;

      if (fields == NULL)
        {
          wen_csv_columns_describe (&columns, reader, report);
          return g_steal_pointer (&report);
        }
      text = fields[columns.text];
      label = columns.label >= 0 ? fields[columns.label] : NULL;
      wen_csv_columns_count_row (report, text, label);
      wen_dataset_append (self, (gint64) wen_csv_reader_get_row (reader), text, label, split);

      if (progress != NULL && wen_csv_reader_get_row (reader) % ROWS_PER_REPORT == 0)
        progress (wen_csv_reader_get_progress (reader), user_data);
    }
  return NULL;
}
