/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts on their way to a model: cleaned, and cut into tokens, over all cores.
 *
 * DESIGN: training and the figures that are shown before it both come through here, so
 * what is shown is what is learned from.  Workers take blocks of rows, whichever is
 * next; what they make is kept by block, so the result does not depend on who made it.
 * Counts of tokens are sums, and do not depend on it either. */

#include "config.h"

#include "wen-text-preparation-private.h"

#include <string.h>

#include "wen-character-noise-private.h"
#include "wen-i18n-private.h"

/* Rows that a worker takes at a time: few, so that all are done at about the same time. */
#define BLOCK_ROWS 256

/* No vocabulary is larger. */
#define MAXIMUM_FILE_BYTES (256 * 1024 * 1024)

/* Shares of the whole time, as they usually are. */
#define CLEANING_SHARE 0.4
#define FITTING_SHARE 0.2

typedef struct
{
  WenTextPreparation *preparation;
  WenDataset         *dataset;
  const gsize        *dataset_rows;
  gsize               n_fit;
  const WenRecipe    *recipe;
  char              **cleaned;       /* [n_rows] */
  gsize               n_keep;        /* so many of them are kept */
  WenTokenizer      **counters;      /* [n_workers]: the first is the tokenizer itself */
  gint                next_block;
  gsize               n_last;        /* rows that the round is about */
  WenProgressFunc     progress;
  gpointer            user_data;
  double              progress_begin;
  double              progress_share;
  GCancellable       *cancellable;
} Job;

static void
free_texts (char **texts,
            gsize  n_texts)
{
  for (gsize i = 0; texts != NULL && i < n_texts; i++)
    g_free (texts[i]);
  g_free (texts);
}

void
wen_text_preparation_free (WenTextPreparation *self)
{
  free_texts (self->cleaned, self->n_rows);
  g_clear_object (&self->cleaner);
  g_clear_object (&self->tokenizer);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_free (self->rows);
  g_free (self);
}

static void
job_clear (Job *job)
{
  free_texts (job->cleaned, job->preparation->n_rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* Worker.  The rows of the next block; FALSE where there is none. */
static gboolean
take_block (Job   *job,
            guint  worker,
            gsize *first,
            gsize *last)
{
  *first = (gsize) g_atomic_int_add (&job->next_block, 1) * BLOCK_ROWS;
  *last = MIN (*first + BLOCK_ROWS, job->n_last);
  if (*first >= job->n_last || g_cancellable_is_cancelled (job->cancellable))
    return FALSE;
  /* The first worker is the thread that waits for all. */
  if (worker == 0 && job->progress != NULL)
    job->progress (job->progress_begin + job->progress_share * (double) *first / (double) job->n_last, job->user_data);
  return TRUE;
}

static void
clean_blocks (guint    worker,
              gpointer data)
{
  Job *job = data;
  WenTextPreparation *self = job->preparation;
  gsize first, last;

  while (take_block (job, worker, &first, &last))
    for (gsize i = first; i < last; i++)
      job->cleaned[i] = wen_cleaner_clean_row (self->cleaner,
                                               wen_dataset_get_text (job->dataset, job->dataset_rows[i]),
                                               &self->rows[i].outcome);
}

static void
count_blocks (guint    worker,
              gpointer data)
{
  Job *job = data;
  gsize first, last;

  while (take_block (job, worker, &first, &last))
    for (gsize i = first; i < last; i++)
      if (!(job->preparation->rows[i].outcome & WEN_CLEANING_LEFT_OUT))
        wen_tokenizer_count (job->counters[worker], job->cleaned[i]);
}

static void
cut_blocks (guint    worker,
            gpointer data)
{
  Job *job = data;
  WenTextPreparation *self = job->preparation;
  guint32 unk_id = wen_vocabulary_get_unk_id (wen_tokenizer_get_vocabulary (self->tokenizer));
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));
  gsize first, last;

  while (take_block (job, worker, &first, &last))
    {
      GArray *ids = g_ptr_array_index (self->blocks, first / BLOCK_ROWS);

      for (gsize i = first; i < last; i++)
        {
          WenPreparedRow *row = &self->rows[i];

          wen_tokenizer_encode (self->tokenizer, job->cleaned[i], tokens);
          if (i >= job->n_keep)
            g_clear_pointer (&job->cleaned[i], g_free);
          row->n_tokens = tokens->len;
          row->n_kept = MIN (tokens->len, job->recipe->maximum_length);
          row->place = ids->len;
          for (guint k = 0; k < tokens->len; k++)
            {
              guint32 id = g_array_index (tokens, WenToken, k).id;

              row->n_unknown += id == unk_id;
              if (k < row->n_kept)
                g_array_append_val (ids, id);
            }
        }
    }
}

/* FALSE when cancelled.  Adds to seconds. */
static gboolean
run_round (Job           *job,
           WenWorkerPool *pool,
           WenWorkerFunc  func,
           gsize          n_rows,
           double         share,
           double        *seconds,
           GError       **error)
{
  gint64 begin_us = g_get_monotonic_time ();

  job->next_block = 0;
  job->n_last = n_rows;
  job->progress_share = share;
  wen_worker_pool_run (pool, func, job);
  job->progress_begin += share;
  *seconds += (double) (g_get_monotonic_time () - begin_us) / G_USEC_PER_SEC;
  return !g_cancellable_set_error_if_cancelled (job->cancellable, error);
}

static gboolean
fit (Job           *job,
     WenWorkerPool *pool,
     GError       **error)
{
  guint n_workers = wen_worker_pool_get_n_workers (pool);
  WenTokenizer *tokenizer = job->preparation->tokenizer;
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree WenTokenizer **counters = g_new (WenTokenizer *, n_workers);
  gboolean done;
  gint64 begin_us;

  counters[0] = tokenizer;
  for (guint i = 1; i < n_workers; i++)
    {
      counters[i] = wen_tokenizer_new (job->recipe->tokenizer, NULL);
      wen_tokenizer_set_dictionary (counters[i], (const char *const *) job->recipe->dictionary);
      g_ptr_array_add (others, counters[i]);
    }
  job->counters = counters;
  done = run_round (job, pool, count_blocks, job->n_fit, FITTING_SHARE, &job->preparation->fitting_seconds, error);
  job->counters = NULL;
  if (!done)
    return FALSE;

  begin_us = g_get_monotonic_time ();
  for (guint i = 1; i < n_workers; i++)
    wen_tokenizer_add_counts (tokenizer, counters[i]);
  wen_tokenizer_fit (tokenizer, job->recipe->minimum_count, job->recipe->maximum_vocabulary);
  job->preparation->fitting_seconds += (double) (g_get_monotonic_time () - begin_us) / G_USEC_PER_SEC;
  return TRUE;
}

/* The tokenizer of the file that the recipe names. */
static WenTokenizer *
read_tokenizer (const WenRecipe *recipe,
                GError         **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (recipe->vocabulary_file);
  g_autofree char *name = g_file_get_parse_name (file);
  g_autoptr (GError) read_error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, &read_error);
  g_autoptr (WenTokenizer) tokenizer = NULL;
  g_autoptr (WenTokenizer) expected = wen_tokenizer_new (recipe->tokenizer, error);
  g_autoptr (GBytes) bytes = NULL;

  if (expected == NULL)
    return NULL;
  if (info != NULL && g_file_info_get_size (info) > MAXIMUM_FILE_BYTES)
    g_set_error (&read_error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                 _ ("it is larger than %d MB"), MAXIMUM_FILE_BYTES / 1024 / 1024);
  if (read_error == NULL)
    bytes = g_file_load_bytes (file, NULL, NULL, &read_error);
  if (bytes != NULL && g_str_has_suffix (recipe->vocabulary_file, ".json"))
    tokenizer = wen_tokenizer_new_from_json (bytes, &read_error);
  else if (bytes != NULL)
    tokenizer = wen_tokenizer_new_from_bytes (recipe->tokenizer, bytes, &read_error);

  if (tokenizer != NULL && G_OBJECT_TYPE (tokenizer) != G_OBJECT_TYPE (expected))
    {
      g_clear_object (&tokenizer);
      g_set_error (&read_error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                   /* Translators: a kind of tokenizer, such as "wordpiece". */
                   _ ("it is not for tokens of the kind “%s”"), recipe->tokenizer);
    }
  if (tokenizer == NULL)
    {
      g_set_error (error, WEN_VOCABULARY_ERROR, WEN_VOCABULARY_ERROR_INVALID,
                   /* Translators: the name of a file, and what is wrong with it. */
                   _ ("The vocabulary %s cannot be used: %s. Choose another file, or learn the tokens from the "
                      "texts."),
                   name, read_error->message);
      return NULL;
    }
  return g_steal_pointer (&tokenizer);
}

/* Cleans the rows of the dataset that dataset_rows names, makes the tokenizer with the
 * first n_fit of them, unless the recipe names a ready-made one, and cuts all into
 * tokens.  Sets WEN_CLEANER_ERROR, WEN_VOCABULARY_ERROR or G_IO_ERROR_CANCELLED. */
WenTextPreparation *
wen_text_preparation_new (WenDataset      *dataset,
                          const gsize     *dataset_rows,
                          gsize            n_rows,
                          gsize            n_fit,
                          const WenRecipe *recipe,
                          WenWorkerPool   *pool,
                          WenProgressFunc  progress,
                          gpointer         user_data,
                          GCancellable    *cancellable,
                          GError         **error)
{
  g_autoptr (WenTextPreparation) self = g_new0 (WenTextPreparation, 1);
  g_auto (Job) job = {
    .preparation = self,
    .dataset = dataset,
    .dataset_rows = dataset_rows,
    .n_fit = n_fit,
    .recipe = recipe,
    .progress = progress,
    .user_data = user_data,
    .cancellable = cancellable,
  };
  const WenCharacterNoise noise = wen_character_noise_of_recipe (recipe);
  gboolean is_ready_made = recipe->vocabulary_file[0] != '\0';

  self->cleaner = wen_cleaner_new ((const char *const *) recipe->cleaning, error);
  if (self->cleaner == NULL)
    return NULL;
  self->tokenizer = is_ready_made ? read_tokenizer (recipe, error) : wen_tokenizer_new (recipe->tokenizer, error);
  if (self->tokenizer == NULL)
    return NULL;
  wen_tokenizer_set_dictionary (self->tokenizer, (const char *const *) recipe->dictionary);

  self->n_rows = n_rows;
  self->rows = g_new0 (WenPreparedRow, MAX (1, n_rows));
  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (gsize first = 0; first < n_rows; first += BLOCK_ROWS)
    g_ptr_array_add (self->blocks, g_array_new (FALSE, FALSE, sizeof (guint32)));
  job.cleaned = g_new0 (char *, MAX (1, n_rows));
  job.n_keep = wen_character_noise_is_off (&noise) ? 0 : n_fit;

  if (!run_round (&job, pool, clean_blocks, n_rows, CLEANING_SHARE, &self->cleaning_seconds, error)
      || (!is_ready_made && !fit (&job, pool, error))
      || !run_round (&job, pool, cut_blocks, n_rows, 1 - job.progress_begin, &self->cutting_seconds, error))
    return NULL;
  if (job.n_keep > 0)
    self->cleaned = g_steal_pointer (&job.cleaned);
  return g_steal_pointer (&self);
}

const guint32 *
wen_text_preparation_get_ids (WenTextPreparation *self,
                              gsize               row)
{
  GArray *ids = g_ptr_array_index (self->blocks, row / BLOCK_ROWS);

  return &g_array_index (ids, guint32, self->rows[row].place);
}

/* Whether something is learned from the row, or watched: [CLS] alone is a text of which
 * cleaning left nothing. */
gboolean
wen_text_preparation_is_used (WenTextPreparation *self,
                              gsize               row,
                              const WenRecipe    *recipe)
{
  const WenPreparedRow *prepared = &self->rows[row];

  return prepared->n_tokens > 1 && !(prepared->outcome & WEN_CLEANING_LEFT_OUT)
         && (recipe->too_long == WEN_TOO_LONG_CUT || prepared->n_tokens <= recipe->maximum_length);
}
