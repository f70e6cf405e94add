/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The texts of other files, for pre-training: rows without a label. */

#include "config.h"

#include "wen-pretraining-texts-private.h"

#include "wen-csv-columns-private.h"
#include "wen-i18n-private.h"
#include "wen-trainer.h"

static gboolean
append_texts (WenDataset    *dataset,
              GFile         *file,
              GCancellable  *cancellable,
              GError       **error)
{
  static const WenCsvOptions guess_all = { 0 };
  g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, &guess_all, cancellable, error);
  WenCsvColumns columns;
  const char *const *fields;
  gsize n_fields;

  if (reader == NULL || !wen_csv_columns_find (&columns, reader, NULL, NULL, TRUE, error))
    return FALSE;
  while (wen_csv_reader_next (reader, &fields, &n_fields, cancellable, error))
    {
      if (fields == NULL)
        return TRUE;
      wen_dataset_append (dataset, (gint64) wen_csv_reader_get_row (reader), fields[columns.text], NULL,
                          WEN_SPLIT_NONE);
    }
  return FALSE;
}

static WenDataset *
copy_dataset (WenDataset *dataset)
{
  WenDataset *copy = wen_dataset_new ();

  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      guint label = wen_dataset_get_label (dataset, row);

      wen_dataset_append (copy, wen_dataset_get_row_id (dataset, row), wen_dataset_get_text (dataset, row),
                          label != WEN_NO_LABEL ? wen_dataset_get_label_name (dataset, label) : NULL,
                          wen_dataset_get_split (dataset, row));
    }
  return copy;
}

/* The dataset itself where the recipe needs no other texts, or a copy of it with the
 * rows of pretraining.files behind its own, without labels.  A file that cannot be read
 * sets WEN_TRAINER_ERROR_PRETRAINING_FILE, naming it.  (transfer full) */
WenDataset *
wen_pretraining_texts_add (WenDataset       *dataset,
                           const WenRecipe  *recipe,
                           GCancellable     *cancellable,
                           GError          **error)
{
  g_autoptr (WenDataset) all = NULL;

  if (recipe->pretraining_files[0] == NULL)
    return g_object_ref (dataset);

  all = copy_dataset (dataset);
  for (char **name = recipe->pretraining_files; *name != NULL; name++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (*name);
      g_autofree char *display_name = g_file_get_parse_name (file);
      g_autoptr (GError) read_error = NULL;

      if (append_texts (all, file, cancellable, &read_error))
        continue;
      if (g_error_matches (read_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&read_error));
      else
        g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_PRETRAINING_FILE,
                     /* Translators: the name of a file, and what is wrong with it, a whole sentence. */
                     _ ("The texts of %s cannot be read for pre-training: %s"), display_name, read_error->message);
      return NULL;
    }
  return g_steal_pointer (&all);
}
