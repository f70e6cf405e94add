/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Counts what the Data page shows, in a worker thread: a table may have a million
 * rows, and the window must not wait for them. */

#include "config.h"

#include "wen-data-statistics.h"

#include <string.h>

#define MAXIMUM_BARS 24
#define ROWS_BETWEEN_CHECKS 1024

static void
label_count_clear (gpointer data)
{
  WenLabelCount *label = data;

  g_free (label->name);
}

void
wen_data_statistics_free (WenDataStatistics *self)
{
  g_array_unref (self->labels);
  g_free (self->bars);
  g_strfreev (self->warnings);
  g_free (self);
}

static int
compare_commonest_first (gconstpointer a,
                         gconstpointer b)
{
  const WenLabelCount *first = a;
  const WenLabelCount *second = b;

  if (first->n_rows != second->n_rows)
    return first->n_rows > second->n_rows ? -1 : 1;

  return g_utf8_collate (first->name, second->name);
}

static int
compare_lengths (gconstpointer a,
                 gconstpointer b)
{
  guint32 first = *(const guint32 *) a;
  guint32 second = *(const guint32 *) b;

  return first < second ? -1 : first > second;
}

/* 1, 2 or 5 times a power of ten, so that the marks of the axis are round. */
static guint64
choose_bar_width (guint64 longest_shown)
{
  static const guint64 factors[] = { 1, 2, 5 };

  for (guint64 power = 1;; power *= 10)
    for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
      if (longest_shown / (factors[i] * power) < MAXIMUM_BARS)
        return factors[i] * power;
}

/* A few very long texts must not press all others into one bar: the bars end where
 * all but one in a hundred texts are counted. */
static void
count_lengths (WenDataStatistics *self,
               GArray            *lengths)
{
  guint64 longest_shown;

  if (lengths->len == 0)
    return;

  g_array_sort (lengths, compare_lengths);
  self->median_length = g_array_index (lengths, guint32, lengths->len / 2);
  self->longest_length = g_array_index (lengths, guint32, lengths->len - 1);
  longest_shown = g_array_index (lengths, guint32, (lengths->len - 1) - lengths->len / 100);

  self->bar_width = choose_bar_width (longest_shown);
  self->n_bars = longest_shown / self->bar_width + 1;
  self->bars = g_new0 (guint64, self->n_bars);
  for (guint i = 0; i < lengths->len; i++)
    self->bars[MIN (g_array_index (lengths, guint32, i) / self->bar_width, self->n_bars - 1)]++;
}

static gboolean
is_blank (const char *text)
{
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;

  return TRUE;
}

/**
 * wen_data_statistics_compute:
 * @dataset: rows that no longer change
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Counts rows, labels and lengths.  Any thread.
 *
 * Returns: (transfer full): the counts, or `NULL` with @error set
 */
WenDataStatistics *
wen_data_statistics_compute (WenDataset    *dataset,
                             GCancellable  *cancellable,
                             GError       **error)
{
  g_autoptr(WenDataStatistics) self = NULL;
  g_autoptr(GArray) lengths = NULL;
  g_autofree guint64 *label_rows = NULL;
  guint n_labels;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);

  n_labels = wen_dataset_get_n_labels (dataset);
  label_rows = g_new0 (guint64, n_labels + 1);
  self = g_new0 (WenDataStatistics, 1);
  self->labels = g_array_new (FALSE, TRUE, sizeof (WenLabelCount));
  g_array_set_clear_func (self->labels, label_count_clear);
  self->n_rows = wen_dataset_get_n_rows (dataset);
  lengths = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->n_rows);

  for (gsize row = 0; row < self->n_rows; row++)
    {
      const char *text = wen_dataset_get_text (dataset, row);
      guint label = wen_dataset_get_label (dataset, row);
      guint32 length;

      if (row % ROWS_BETWEEN_CHECKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;

      self->n_split_rows[wen_dataset_get_split (dataset, row)]++;
      if (label < n_labels)
        label_rows[label]++;
      else
        self->n_without_label++;
      if (is_blank (text))
        {
          self->n_without_text++;
          continue;
        }
      length = MIN (g_utf8_strlen (text, -1), G_MAXUINT32);
      g_array_append_val (lengths, length);
    }

  for (guint i = 0; i < n_labels; i++)
    {
      WenLabelCount label = { g_strdup (wen_dataset_get_label_name (dataset, i)), label_rows[i] };

      g_array_append_val (self->labels, label);
    }
  g_array_sort (self->labels, compare_commonest_first);
  count_lengths (self, lengths);
  self->warnings = wen_dataset_dup_warnings (dataset);

  return g_steal_pointer (&self);
}

static void
compute_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  WenDataStatistics *statistics = wen_data_statistics_compute (task_data, cancellable, &error);

  if (statistics)
    g_task_return_pointer (task, statistics, (GDestroyNotify) wen_data_statistics_free);
  else
    g_task_return_error (task, error);
}

void
wen_data_statistics_compute_async (WenDataset          *dataset,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (WEN_IS_DATASET (dataset));

  g_task_set_name (task, "count rows");
  g_task_set_task_data (task, g_object_ref (dataset), g_object_unref);
  g_task_run_in_thread (task, compute_in_thread);
}

WenDataStatistics *
wen_data_statistics_compute_finish (GAsyncResult  *result,
                                    GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
