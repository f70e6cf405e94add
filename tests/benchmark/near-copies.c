/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long it takes to find the texts of a large table that are nearly the same.
 *
 * usage: near-copies N_ROWS ROWS_A_TEXT FILE    texts are made of pieces of those of a table
 *   ROWS_A_TEXT   of how many of its texts each is made: 2 gives short ones, 80 long ones
 *
 * One text in twenty is an earlier one with a character changed. */

#include "config.h"

#include "benchmark.h"

#include "wen-dataset.h"
#include "wen-duplicates-private.h"
#include "wen-random-private.h"

#include <string.h>

enum
{
  PIECES_STREAM = 1,
  COPIES_STREAM = 2,
};

static WenDataset *
read_table (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, NULL, NULL, &error);
  g_autoptr (WenImportReport) report = NULL;

  if (reader != NULL)
    report = wen_dataset_append_csv (dataset, reader, NULL, NULL, TRUE, WEN_SPLIT_TRAIN, NULL, NULL, NULL, &error);
  if (report == NULL)
    g_error ("%s", error->message);
  return g_steal_pointer (&dataset);
}

/* The first or the second half of a text. */
static void
append_half (GString    *text,
             const char *whole,
             gboolean    second)
{
  const char *middle = g_utf8_offset_to_pointer (whole, g_utf8_strlen (whole, -1) / 2);

  g_string_append_len (text, second ? middle : whole, second ? (gssize) strlen (middle) : middle - whole);
}

static WenDataset *
make_texts (WenDataset *table,
            guint       n_rows,
            guint       n_pieces)
{
  WenDataset *dataset = wen_dataset_new ();
  guint64 n_table_rows = wen_dataset_get_n_rows (table);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint row = 0; row < n_rows; row++)
    {
      g_string_truncate (text, 0);
      if (row % 20 == 19)
        {
          g_string_append (text, wen_dataset_get_text (dataset, wen_random_u64 (1, COPIES_STREAM, row) % row));
          g_string_append (text, "了");
        }
      else
        {
          for (guint piece = 0; piece < n_pieces; piece++)
            append_half (text,
                         wen_dataset_get_text (table, wen_random_u64 (1, PIECES_STREAM, row * n_pieces + piece)
                                                        % n_table_rows),
                         piece % 2 == 1);
        }
      wen_dataset_append (dataset, row, text->str, "a", WEN_SPLIT_TRAIN);
    }
  return dataset;
}

int
main (int    argc,
      char **argv)
{
  static const gboolean all_splits[WEN_N_SPLITS] = { TRUE, TRUE, TRUE, TRUE };
  g_autoptr (WenDataset) table = NULL;
  g_autoptr (WenDataset) dataset = NULL;
  g_autofree guint32 *equal = NULL;
  g_autofree guint32 *near = NULL;
  g_autofree char *name = NULL;
  double begin, seconds;
  guint n_copies = 0;

  if (argc != 4)
    return 2;
  table = read_table (argv[3]);
  dataset = make_texts (table, (guint) strtoul (argv[1], NULL, 10), (guint) strtoul (argv[2], NULL, 10));

  begin = benchmark_now ();
  equal = wen_duplicates_find_equal (dataset, all_splits);
  near = wen_duplicates_find_near (dataset, equal, 0, NULL);
  seconds = benchmark_now () - begin;

  for (guint row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    n_copies += near[row] != row;
  g_print ("  %s texts of %s pieces: %.2f s, %u copies found\n", argv[1], argv[2], seconds, n_copies);
  name = g_strdup_printf ("%s texts of %s pieces", argv[1], argv[2]);
  benchmark_record ("near-copies", name, "seconds", seconds, NULL);
  return 0;
}
