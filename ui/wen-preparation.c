/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tries a recipe's cleaning and tokens on the rows, for the Prepare page.
 *
 * DESIGN: both jobs run in task threads on an immutable dataset and a copy of the
 * recipe, and look at their cancellable every few rows: the page cancels the old
 * job and starts a new one whenever the recipe changes. */

#include "config.h"

#include "wen-preparation.h"

#include <string.h>

#define N_SAMPLED_ROWS 2000
#define ROWS_BETWEEN_CHECKS 64

/* An example is looked at by a person: a short text says more than a long one. */
#define GOOD_EXAMPLE_BYTES 240

typedef struct
{
  WenDataset *dataset;
  WenRecipe  *recipe;
} Request;

static Request *
request_new (WenDataset      *dataset,
             const WenRecipe *recipe)
{
  Request *request = g_new0 (Request, 1);

  request->dataset = g_object_ref (dataset);
  request->recipe = wen_recipe_copy (recipe);

  return request;
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->dataset);
  wen_recipe_free (request->recipe);
  g_free (request);
}

static void
step_effect_clear (gpointer data)
{
  WenStepEffect *effect = data;

  g_free (effect->example_before);
  g_free (effect->example_after);
}

void
wen_cleaning_sample_free (WenCleaningSample *self)
{
  g_clear_object (&self->cleaner);
  g_array_unref (self->rows);
  g_array_unref (self->effects);
  g_free (self);
}

void
wen_token_figures_free (WenTokenFigures *self)
{
  g_clear_object (&self->tokenizer);
  g_free (self);
}

/* Rows with text, evenly over the whole table. */
static GArray *
sample_rows (WenDataset *dataset)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  gsize stride = MAX (1, n_rows / N_SAMPLED_ROWS);
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize row = 0; row < n_rows && rows->len < N_SAMPLED_ROWS; row += stride)
    if (wen_dataset_get_split (dataset, row) != WEN_SPLIT_NONE)
      g_array_append_val (rows, row);

  return rows;
}

/* Counts a changed text, and keeps the best example so far: the first short one,
 * or else the shortest. */
static void
note_change (WenStepEffect *effect,
             gsize          row,
             const char    *before,
             const char    *after)
{
  gsize n_bytes = strlen (before);
  gsize n_example_bytes = effect->example_before ? strlen (effect->example_before) : G_MAXSIZE;

  effect->n_changed++;
  if (n_example_bytes <= GOOD_EXAMPLE_BYTES || n_bytes >= n_example_bytes)
    return;

  g_free (effect->example_before);
  g_free (effect->example_after);
  effect->example_row = row;
  effect->example_before = g_strdup (before);
  effect->example_after = g_strdup (after);
}

/* Each step sees what the steps before it leave, as in training; a step that is
 * off shows what it would do, and passes its text on untouched. */
static void
try_steps (WenCleaningSample  *sample,
           WenCleaner        **step_cleaners,
           const gboolean     *is_on,
           const char         *row_text,
           gsize               row)
{
  g_autofree char *text = g_strdup (row_text);

  for (guint i = 0; i < sample->effects->len; i++)
    {
      g_autofree char *cleaned = wen_cleaner_clean (step_cleaners[i], text);

      if (g_str_equal (cleaned, text))
        continue;

      note_change (&g_array_index (sample->effects, WenStepEffect, i), row, text, cleaned);
      if (is_on[i])
        {
          g_free (text);
          text = g_steal_pointer (&cleaned);
        }
    }
}

static void
sample_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Request *request = task_data;
  gsize n_steps;
  const WenCleaningStep *steps = wen_cleaner_list_steps (&n_steps);
  g_autoptr(GPtrArray) step_cleaners = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree gboolean *is_on = g_new0 (gboolean, n_steps);
  g_autoptr(WenCleaningSample) sample = g_new0 (WenCleaningSample, 1);
  g_autoptr(GError) error = NULL;

  sample->rows = sample_rows (request->dataset);
  sample->effects = g_array_new (FALSE, TRUE, sizeof (WenStepEffect));
  g_array_set_clear_func (sample->effects, step_effect_clear);
  g_array_set_size (sample->effects, n_steps);
  sample->cleaner = wen_cleaner_new ((const char * const *) request->recipe->cleaning, &error);
  for (gsize i = 0; i < n_steps && error == NULL; i++)
    {
      const char *ids[] = { steps[i].id, NULL };
      WenCleaner *cleaner = wen_cleaner_new (ids, &error);

      is_on[i] = g_strv_contains ((const char * const *) request->recipe->cleaning, steps[i].id);
      if (cleaner)
        g_ptr_array_add (step_cleaners, cleaner);
    }
  if (error)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < sample->rows->len; i++)
    {
      gsize row = g_array_index (sample->rows, gsize, i);

      if (i % ROWS_BETWEEN_CHECKS == 0 && g_task_return_error_if_cancelled (task))
        return;
      try_steps (sample, (WenCleaner **) step_cleaners->pdata, is_on, wen_dataset_get_text (request->dataset, row), row);
    }

  g_task_return_pointer (task, g_steal_pointer (&sample), (GDestroyNotify) wen_cleaning_sample_free);
}

/**
 * wen_cleaning_sample_async:
 * @dataset: rows that no longer change
 * @recipe: whose cleaning to try; copied
 * @cancellable: (nullable): to stop it
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Tries every cleaning step on some thousand rows, on or off, in a thread.
 */
void
wen_cleaning_sample_async (WenDataset          *dataset,
                           const WenRecipe     *recipe,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (WEN_IS_DATASET (dataset));

  g_task_set_name (task, "try cleaning");
  g_task_set_task_data (task, request_new (dataset, recipe), request_free);
  g_task_run_in_thread (task, sample_in_thread);
}

WenCleaningSample *
wen_cleaning_sample_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Cleans the texts once, end to end in one block: cleaning costs most of the time,
 * and the training rows are looked at twice.  Rows that are not used are empty.
 * FALSE when cancelled. */
static gboolean
clean_all (Request      *request,
           WenCleaner   *cleaner,
           GString      *texts,
           gsize        *starts,
           GCancellable *cancellable)
{
  gsize n_rows = wen_dataset_get_n_rows (request->dataset);

  for (gsize row = 0; row < n_rows; row++)
    {
      starts[row] = texts->len;
      if (row % ROWS_BETWEEN_CHECKS == 0 && g_cancellable_is_cancelled (cancellable))
        return FALSE;

      if (wen_dataset_get_split (request->dataset, row) != WEN_SPLIT_NONE)
        {
          g_autofree char *cleaned = wen_cleaner_clean (cleaner, wen_dataset_get_text (request->dataset, row));

          g_string_append (texts, cleaned);
        }
      g_string_append_c (texts, '\0');
    }

  return TRUE;
}

static void
count_tokens (WenTokenFigures *figures,
              const GArray    *tokens,
              guint            maximum_length)
{
  guint64 n_pieces = 0;

  for (guint i = 0; i < tokens->len; i++)
    {
      guint32 id = g_array_index (tokens, WenToken, i).id;

      if (id == WEN_TOKEN_CLS)
        continue;
      n_pieces++;
      figures->n_unknown += id == WEN_TOKEN_UNK;
    }
  figures->n_texts++;
  figures->n_tokens += n_pieces;
  figures->n_empty += n_pieces == 0;
  figures->n_too_long += tokens->len > maximum_length;
}

static void
figures_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  Request *request = task_data;
  const WenRecipe *recipe = request->recipe;
  gsize n_rows = wen_dataset_get_n_rows (request->dataset);
  g_autoptr(WenTokenFigures) figures = g_new0 (WenTokenFigures, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(WenCleaner) cleaner = NULL;
  g_autoptr(GString) texts = g_string_new (NULL);
  g_autofree gsize *starts = g_new0 (gsize, MAX (n_rows, 1));
  g_autoptr(GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));

  cleaner = wen_cleaner_new ((const char * const *) recipe->cleaning, &error);
  if (cleaner)
    figures->tokenizer = wen_tokenizer_new (recipe->tokenizer, &error);
  if (error)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (!clean_all (request, cleaner, texts, starts, cancellable))
    {
      g_task_return_error_if_cancelled (task);
      return;
    }

  for (gsize row = 0; row < n_rows; row++)
    {
      if (row % ROWS_BETWEEN_CHECKS == 0 && g_task_return_error_if_cancelled (task))
        return;
      if (wen_dataset_get_split (request->dataset, row) == WEN_SPLIT_TRAIN)
        wen_tokenizer_count (figures->tokenizer, texts->str + starts[row]);
    }
  wen_tokenizer_fit (figures->tokenizer, recipe->minimum_count, recipe->maximum_vocabulary);
  figures->n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (figures->tokenizer));

  for (gsize row = 0; row < n_rows; row++)
    {
      if (row % ROWS_BETWEEN_CHECKS == 0 && g_task_return_error_if_cancelled (task))
        return;
      if (wen_dataset_get_split (request->dataset, row) == WEN_SPLIT_NONE)
        continue;
      wen_tokenizer_encode (figures->tokenizer, texts->str + starts[row], tokens);
      count_tokens (figures, tokens, recipe->maximum_length);
    }

  g_task_return_pointer (task, g_steal_pointer (&figures), (GDestroyNotify) wen_token_figures_free);
}

/**
 * wen_token_figures_async:
 * @dataset: rows that no longer change
 * @recipe: how to clean and cut them; copied
 * @cancellable: (nullable): to stop it
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Makes the vocabulary of the training rows and counts the tokens of all rows, in
 * a thread.
 */
void
wen_token_figures_async (WenDataset          *dataset,
                         const WenRecipe     *recipe,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (WEN_IS_DATASET (dataset));

  g_task_set_name (task, "count tokens");
  g_task_set_task_data (task, request_new (dataset, recipe), request_free);
  g_task_run_in_thread (task, figures_in_thread);
}

WenTokenFigures *
wen_token_figures_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
