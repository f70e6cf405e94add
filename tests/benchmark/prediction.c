/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long a person waits for the class of a sentence, and how fast a table is
 * classified: with a classifier of the preset "small", trained for an epoch on a
 * table, on the texts of that table.
 *
 * usage: prediction TABLE [N_TEXTS, 3000]
 */

#include "config.h"

#include "benchmark.h"

#include "wen-classifier.h"
#include "wen-dataset.h"
#include "wen-trainer.h"

#include <string.h>

#define TYPED_CHARACTERS 25

static WenDataset *
read_table (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCsvReader) reader = wen_csv_reader_new (file, NULL, NULL, &error);
  g_autoptr (WenImportReport) report = NULL;
  WenDataset *dataset = wen_dataset_new ();

  if (reader != NULL)
    report = wen_dataset_append_csv (dataset, reader, NULL, NULL, FALSE, WEN_SPLIT_TRAIN, NULL, NULL, NULL, &error);
  if (report == NULL)
    g_error ("%s", error->message);
  wen_dataset_split (dataset, 42, 0.2, 0.1, NULL, NULL);
  return dataset;
}

/* What a person would type: so many characters of a row. */
static char *
dup_beginning (const char *text)
{
  glong n_characters = g_utf8_strlen (text, -1);

  return g_utf8_substring (text, 0, MIN (n_characters, TYPED_CHARACTERS));
}

static void
measure_latency (WenClassifier *classifier,
                 WenDataset    *dataset,
                 gsize          n_texts)
{
  g_autofree double *times = g_new (double, n_texts);

  for (gsize i = 0; i < n_texts; i++)
    {
      g_autofree char *text = dup_beginning (wen_dataset_get_text (dataset, i));
      double begin = benchmark_now ();
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, text);

      times[i] = benchmark_now () - begin;
    }
  benchmark_median (times, n_texts);
  g_print ("%-32s median %.3f ms, 99 of 100 within %.3f ms\n", "one text of 25 characters",
           times[n_texts / 2] * 1e3, times[n_texts * 99 / 100] * 1e3);
  benchmark_record ("prediction", "one text of 25 characters", "median_ms", times[n_texts / 2] * 1e3,
                    "percentile_99_ms", times[n_texts * 99 / 100] * 1e3, NULL);
}

static void
measure_throughput (WenClassifier *classifier,
                    WenDataset    *dataset,
                    double         trained_per_second)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  g_autofree const char **texts = g_new (const char *, n_rows);
  g_autofree float *probabilities = g_new (float, n_rows * wen_classifier_get_n_labels (classifier));
  g_autoptr (GError) error = NULL;
  guint64 n_tokens = 0;
  double begin;
  double seconds;

  for (gsize i = 0; i < n_rows; i++)
    texts[i] = wen_dataset_get_text (dataset, i);
  begin = benchmark_now ();
  if (!wen_classifier_predict_texts (classifier, texts, n_rows, probabilities, &n_tokens, NULL, &error))
    g_error ("%s", error->message);
  seconds = benchmark_now () - begin;
  g_print ("%-32s %.0f rows/s, %.0f tokens/s, %.1f x training\n", "a table, cleaning included",
           (double) n_rows / seconds, (double) n_tokens / seconds, (double) n_tokens / seconds / trained_per_second);
  benchmark_record ("prediction", "table", "rows_per_second", (double) n_rows / seconds, "tokens_per_second",
                    (double) n_tokens / seconds, "training_tokens_per_second", trained_per_second, NULL);
}

int
main (int    argc,
      char **argv)
{
  gsize n_texts = argc > 2 ? (gsize) g_ascii_strtoull (argv[2], NULL, 10) : 3000;
  g_autoptr (WenDataset) dataset = NULL;
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  g_autoptr (WenTrainer) trainer = NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  g_autoptr (GError) error = NULL;

  if (argc < 2)
    g_error ("usage: %s TABLE [N_TEXTS]", argv[0]);
  dataset = read_table (argv[1]);
  recipe->n_epochs = 1;
  trainer = wen_trainer_new (dataset, recipe);
  classifier = wen_trainer_run (trainer, NULL, &error);
  if (classifier == NULL)
    g_error ("%s", error->message);

  measure_latency (classifier, dataset, MIN (n_texts, wen_dataset_get_n_rows (dataset)));
  measure_throughput (classifier, dataset, wen_trainer_get_summary (trainer)->tokens_per_second);
  return EXIT_SUCCESS;
}
