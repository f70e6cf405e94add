/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast tables are read, texts cleaned and cut into tokens: megabytes a second on
 * one core, and whole tables on one and two.
 *
 * usage: preparation FILE...       tables of which the text columns are used
 */

#include "config.h"

#include "benchmark.h"

#include "wen-cleaner.h"
#include "wen-cleaning-report.h"
#include "wen-dataset.h"
#include "wen-recipe.h"
#include "wen-token-report.h"
#include "wen-tokenizer.h"

#include <string.h>

#define LEAST_BYTES (100 * 1000 * 1000)
#define N_SAMPLED_ROWS 2000

static double
seconds_since (gint64 begin_us)
{
  return (double) (g_get_monotonic_time () - begin_us) / G_USEC_PER_SEC;
}

static void
tell (const char *what,
      double      n_bytes,
      double      n_characters,
      gint64      begin_us)
{
  double seconds = seconds_since (begin_us);

  g_print ("  %-28s %8.1f MB/s %8.2f million characters/s\n", what, n_bytes / 1e6 / seconds, n_characters / 1e6 / seconds);
  benchmark_record ("preparation", what, "megabytes_per_second", n_bytes / 1e6 / seconds, NULL);
}

static void
count_texts (WenDataset *dataset,
             double     *n_bytes,
             double     *n_characters)
{
  *n_bytes = 0;
  *n_characters = 0;
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      *n_bytes += (double) strlen (wen_dataset_get_text (dataset, row));
      *n_characters += (double) g_utf8_strlen (wen_dataset_get_text (dataset, row), -1);
    }
}

/* Reads a file again and again, until there is enough to time. */
static WenDataset *
read_table (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  WenDataset *dataset = wen_dataset_new ();
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  gint64 begin_us = g_get_monotonic_time ();
  double n_bytes = 0;

  if (info == NULL)
    g_error ("%s cannot be read", path);
  while (n_bytes < LEAST_BYTES)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, NULL, NULL, &error);
      g_autoptr (WenImportReport) report = NULL;

      if (reader != NULL)
        report = wen_dataset_append_csv (dataset, reader, NULL, NULL, TRUE, WEN_SPLIT_TRAIN, NULL, NULL, NULL, &error);
      if (report == NULL)
        g_error ("%s", error->message);
      n_bytes += (double) g_file_info_get_size (info);
    }
  g_print ("  %-28s %8.1f MB/s\n", "read into memory", n_bytes / 1e6 / seconds_since (begin_us));
  return dataset;
}

static void
time_cleaner (WenDataset        *dataset,
              const char        *what,
              const char *const *steps)
{
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new (steps, NULL);
  double n_bytes, n_characters;
  gint64 begin_us;

  count_texts (dataset, &n_bytes, &n_characters);
  begin_us = g_get_monotonic_time ();
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    g_free (wen_cleaner_clean (cleaner, wen_dataset_get_text (dataset, row)));
  tell (what, n_bytes, n_characters, begin_us);
}

static void
time_tokenizer (WenDataset *dataset,
                const char *kind)
{
  g_autoptr (WenTokenizer) tokenizer = wen_tokenizer_new (kind, NULL);
  g_autofree char *count = g_strconcat (kind, ": count", NULL);
  g_autofree char *fit = g_strconcat (kind, ": fit", NULL);
  g_autofree char *cut = g_strconcat (kind, ": cut", NULL);
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  double n_bytes, n_characters;
  gint64 begin_us;

  count_texts (dataset, &n_bytes, &n_characters);
  begin_us = g_get_monotonic_time ();
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    wen_tokenizer_count (tokenizer, wen_dataset_get_text (dataset, row));
  tell (count, n_bytes, n_characters, begin_us);

  begin_us = g_get_monotonic_time ();
  wen_tokenizer_fit (tokenizer, 2, 8000);
  g_print ("  %-28s %8.2f s\n", fit, seconds_since (begin_us));

  begin_us = g_get_monotonic_time ();
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    wen_tokenizer_encode (tokenizer, wen_dataset_get_text (dataset, row), tokens);
  tell (cut, n_bytes, n_characters, begin_us);
}

/* The whole table as training prepares it, on one core and on two; and the first look of
 * the Prepare page. */
static void
time_table (WenDataset *dataset,
            const char *kind)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  double seconds[3] = { 0 };
  gint64 begin_us;

  wen_recipe_set (recipe, "tokens.tokenizer", kind, NULL);
  for (guint n_threads = 1; n_threads <= 2; n_threads++)
    {
      recipe->n_threads = n_threads;
      begin_us = g_get_monotonic_time ();
      g_object_unref (wen_token_report_new (dataset, recipe, 0, NULL, NULL, NULL, NULL));
      seconds[n_threads] = seconds_since (begin_us);
    }
  begin_us = g_get_monotonic_time ();
  g_object_unref (wen_token_report_new (dataset, recipe, N_SAMPLED_ROWS, NULL, NULL, NULL, NULL));
  g_print ("  %-28s %8.2f s on one core, %.2f times as fast on two; a sample takes %.0f ms\n", kind, seconds[1],
           seconds[1] / seconds[2], 1000 * seconds_since (begin_us));
}

/* What every step does, in a sample. */
static void
time_sampled_cleaning (WenDataset *dataset)
{
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);
  g_autofree const char **entries = g_new0 (const char *, n_steps + 1);
  g_autofree gboolean *is_on = g_new0 (gboolean, n_steps);
  gint64 begin_us = g_get_monotonic_time ();

  for (gsize i = 0; i < n_steps; i++)
    entries[i] = steps[i].id;
  wen_cleaning_report_free (wen_cleaning_report_new (dataset, entries, is_on, N_SAMPLED_ROWS, 0, NULL, NULL, NULL, NULL));
  g_print ("  %-28s %8.0f ms for %d rows of %zu\n", "all steps tried", 1000 * seconds_since (begin_us), N_SAMPLED_ROWS,
           wen_dataset_get_n_rows (dataset));
}

static void
time_split (WenDataset *dataset)
{
  gint64 begin_us = g_get_monotonic_time ();

  wen_dataset_split (dataset, 42, 0.2, 0.1, NULL, NULL);
  g_print ("  %-28s %8.2f s for %zu rows\n", "split", seconds_since (begin_us), wen_dataset_get_n_rows (dataset));
}

static const char *const tokenizers[] = { "character", "word", "bpe", "wordpiece" };

int
main (int    argc,
      char **argv)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);

  for (int i = 1; i < argc; i++)
    {
      g_autoptr (WenDataset) dataset = NULL;

      g_print ("%s\n", argv[i]);
      dataset = read_table (argv[i]);
      time_cleaner (dataset, "default cleaning", (const char *const *) recipe->cleaning);
      for (gsize step = 0; step < n_steps; step++)
        {
          const char *const one[] = { steps[step].id, NULL };

          time_cleaner (dataset, steps[step].id, one);
        }
      for (gsize kind = 0; kind < G_N_ELEMENTS (tokenizers); kind++)
        time_tokenizer (dataset, tokenizers[kind]);
      time_sampled_cleaning (dataset);
      for (gsize kind = 0; kind < G_N_ELEMENTS (tokenizers); kind++)
        time_table (dataset, tokenizers[kind]);
      time_split (dataset);
    }
  return 0;
}
