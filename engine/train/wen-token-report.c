/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a recipe makes of a table: vocabulary, lengths, unknown tokens, and the first
 * texts that a model would see.
 *
 * The texts come out of the same functions as those that a model learns from. */

#include "config.h"

#include "wen-token-report.h"

#include <string.h>

#include "wen-model-private.h"
#include "wen-personal-data.h"
#include "wen-row-sample-private.h"
#include "wen-text-preparation-private.h"

/* Longer texts are counted together. */
#define LONGEST 16384

struct _WenTokenReport
{
  GObject          parent_instance;

  WenTokenFigures  figures;
  WenTokenizer    *tokenizer;
  guint64         *counts;        /* [n_vocabulary]: in the training rows, as they are learned from */
  guint64         *lengths;       /* [LONGEST + 1]: texts of each length */
  guint            longest;
  gsize            batch_size;
  gsize           *batch_rows;    /* [batch_size]: rows of the dataset */
  guint32         *batch_offsets; /* [batch_size + 1] */
  guint32         *batch_ids;     /* end to end */
};

G_DEFINE_FINAL_TYPE (WenTokenReport, wen_token_report, G_TYPE_OBJECT)

static void
wen_token_report_finalize (GObject *object)
{
  WenTokenReport *self = WEN_TOKEN_REPORT (object);

  g_clear_object (&self->tokenizer);
  g_free (self->counts);
  g_free (self->lengths);
  g_free (self->batch_rows);
  g_free (self->batch_offsets);
  g_free (self->batch_ids);

  G_OBJECT_CLASS (wen_token_report_parent_class)->finalize (object);
}

static void
wen_token_report_class_init (WenTokenReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_token_report_finalize;
}

static void
wen_token_report_init (WenTokenReport *self)
{
  self->lengths = g_new0 (guint64, LONGEST + 1);
}

/* Training rows first: the vocabulary is made of them alone. */
static gsize
order_by_split (WenDataset *dataset,
                GArray     *rows)
{
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize n_train = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      gsize row = g_array_index (rows, gsize, i);

      if (wen_dataset_get_split (dataset, row) == WEN_SPLIT_TRAIN)
        g_array_index (rows, gsize, n_train++) = row;
      else
        g_array_append_val (others, row);
    }
  g_array_set_size (rows, (guint) n_train);
  g_array_append_vals (rows, others->data, others->len);
  return n_train;
}

static void
count_row (WenTokenReport     *self,
           WenTextPreparation *texts,
           gsize               row,
           gboolean            is_seen,
           gboolean            is_tested,
           const WenRecipe    *recipe)
{
  const WenPreparedRow *prepared = &texts->rows[row];
  guint length = MIN (prepared->n_tokens, LONGEST);

  self->figures.n_texts++;
  self->figures.n_tokens += prepared->n_tokens - 1;
  self->figures.n_unknown += prepared->n_unknown;
  if (!is_seen)
    {
      self->figures.n_unseen_tokens += prepared->n_tokens - 1;
      self->figures.n_unseen_unknown += prepared->n_unknown;
    }
  self->figures.n_empty += prepared->n_tokens <= 1;
  self->figures.n_too_long += prepared->n_tokens > recipe->maximum_length;
  self->figures.n_left_out += !is_tested && !wen_text_preparation_is_used (texts, row, recipe);
  self->figures.n_gave_up += (prepared->outcome & WEN_CLEANING_GAVE_UP) != 0;
  self->lengths[length]++;
  self->longest = MAX (self->longest, length);
}

static void
count_vocabulary (WenTokenReport     *self,
                  WenTextPreparation *texts,
                  gsize               n_train,
                  const WenRecipe    *recipe)
{
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (self->tokenizer);

  self->figures.n_vocabulary = wen_vocabulary_get_size (vocabulary);
  self->counts = g_new0 (guint64, self->figures.n_vocabulary);
  for (gsize row = 0; row < n_train; row++)
    if (wen_text_preparation_is_used (texts, row, recipe))
      {
        const guint32 *ids = wen_text_preparation_get_ids (texts, row);

        for (guint32 i = 0; i < texts->rows[row].n_kept; i++)
          self->counts[ids[i]]++;
      }
  for (guint id = 0; id < self->figures.n_vocabulary; id++)
    {
      self->figures.n_distinct += self->counts[id] > 0;
      self->figures.n_suspicious += wen_personal_data_is_suspicious (wen_vocabulary_get_token (vocabulary, id));
    }
}

/* The first texts that a model would see. */
static void
make_batch (WenTokenReport     *self,
            WenTextPreparation *texts,
            const gsize        *rows,
            gsize               n_train,
            const WenRecipe    *recipe)
{
  g_autoptr (GArray) used = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint32 *order = NULL;

  for (gsize row = 0; row < n_train; row++)
    if (wen_text_preparation_is_used (texts, row, recipe))
      g_array_append_val (used, row);
  order = g_new (guint32, MAX (1, used->len));
  wen_model_order_texts (recipe, 1, order, used->len);

  self->batch_size = MIN (recipe->batch_size, used->len);
  self->batch_rows = g_new (gsize, MAX (1, self->batch_size));
  self->batch_offsets = g_new0 (guint32, self->batch_size + 1);
  for (gsize i = 0; i < self->batch_size; i++)
    {
      gsize row = g_array_index (used, gsize, order[i]);

      self->batch_rows[i] = rows[row];
      g_array_append_vals (ids, wen_text_preparation_get_ids (texts, row), texts->rows[row].n_kept);
      self->batch_offsets[i + 1] = ids->len;
    }
  self->batch_ids = g_memdup2 (ids->data, ids->len * sizeof (guint32));
}

/**
 * wen_token_report_new:
 * @dataset: rows that no longer change, split
 * @recipe: how to clean and cut them
 * @maximum_rows: how many rows to look at, evenly over the table; or 0 for all
 * @progress: (scope call) (nullable): called now and then in this thread
 * @user_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Prepares the rows as training would, and says what came of it.
 *
 * With all rows, every figure is that of training.  The vocabulary is made of training
 * rows alone; the other rows are cut with it.  Blocks; any thread may call it.  Sets the
 * errors of wen_trainer_run() that have to do with texts, or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the report, or `NULL` with @error set
 */
WenTokenReport *
wen_token_report_new (WenDataset      *dataset,
                      const WenRecipe *recipe,
                      gsize            maximum_rows,
                      WenProgressFunc  progress,
                      gpointer         user_data,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autoptr (WenTokenReport) self = g_object_new (WEN_TYPE_TOKEN_REPORT, NULL);
  g_autoptr (WenWorkerPool) pool = NULL;
  g_autoptr (WenTextPreparation) texts = NULL;
  g_autoptr (GArray) rows = NULL;
  const gsize *dataset_rows;
  gsize n_train;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (recipe != NULL, NULL);

  rows = wen_row_sample_new (dataset, maximum_rows);
  n_train = order_by_split (dataset, rows);
  dataset_rows = (const gsize *) (const void *) rows->data;
  pool = wen_worker_pool_new (recipe->n_threads);
  texts = wen_text_preparation_new (dataset, dataset_rows, rows->len, n_train, recipe, pool, progress, user_data,
                                    cancellable, error);
  if (texts == NULL)
    return NULL;

  self->tokenizer = g_object_ref (texts->tokenizer);
  self->figures.cleaning_seconds = texts->cleaning_seconds;
  self->figures.fitting_seconds = texts->fitting_seconds;
  self->figures.cutting_seconds = texts->cutting_seconds;
  for (gsize row = 0; row < texts->n_rows; row++)
    count_row (self, texts, row, row < n_train,
               wen_dataset_get_split (dataset, dataset_rows[row]) == WEN_SPLIT_TEST, recipe);
  count_vocabulary (self, texts, n_train, recipe);
  make_batch (self, texts, dataset_rows, n_train, recipe);
  return g_steal_pointer (&self);
}

/**
 * wen_token_report_get_figures:
 * @self: a report
 *
 * Gets what was counted.
 *
 * Returns: (transfer none): the figures
 */
const WenTokenFigures *
wen_token_report_get_figures (WenTokenReport *self)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), NULL);

  return &self->figures;
}

/**
 * wen_token_report_get_tokenizer:
 * @self: a report
 *
 * Gets the tokenizer that was made of the training rows.
 *
 * Returns: (transfer none): the tokenizer
 */
WenTokenizer *
wen_token_report_get_tokenizer (WenTokenReport *self)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), NULL);

  return self->tokenizer;
}

/**
 * wen_token_report_get_count:
 * @self: a report
 * @token_id: a number of the vocabulary
 *
 * Says how often a token stands in the training rows as they are learned from: cut to
 * the maximum length, without rows that are left out.
 *
 * Returns: how often
 */
guint64
wen_token_report_get_count (WenTokenReport *self,
                            guint           token_id)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), 0);
  g_return_val_if_fail (token_id < self->figures.n_vocabulary, 0);

  return self->counts[token_id];
}

/**
 * wen_token_report_get_longest:
 * @self: a report
 *
 * Gets the length of the longest text, in tokens with `[CLS]`; texts beyond 16,384
 * count as so long.
 *
 * Returns: tokens
 */
guint
wen_token_report_get_longest (WenTokenReport *self)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), 0);

  return self->longest;
}

/**
 * wen_token_report_count_length:
 * @self: a report
 * @n_tokens: a length in tokens, `[CLS]` included
 *
 * Counts the texts of exactly one length.
 *
 * Returns: how many
 */
guint64
wen_token_report_count_length (WenTokenReport *self,
                               guint           n_tokens)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), 0);

  return n_tokens <= LONGEST ? self->lengths[n_tokens] : 0;
}

/**
 * wen_token_report_count_longer:
 * @self: a report
 * @n_tokens: a maximum length
 *
 * Counts the texts that a maximum length would cut or leave out.
 *
 * Returns: how many
 */
guint64
wen_token_report_count_longer (WenTokenReport *self,
                               guint           n_tokens)
{
  guint64 n_longer = 0;

  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), 0);

  for (guint length = n_tokens + 1; length <= self->longest; length++)
    n_longer += self->lengths[length];
  return n_longer;
}

/**
 * wen_token_report_get_batch_size:
 * @self: a report
 *
 * Gets how many texts the first batch has.
 *
 * Returns: how many
 */
gsize
wen_token_report_get_batch_size (WenTokenReport *self)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), 0);

  return self->batch_size;
}

/**
 * wen_token_report_get_batch_row:
 * @self: a report
 * @index: which text of the batch
 * @dataset_row: (out): its row in the dataset
 * @n_token_ids: (out): how many tokens it has
 *
 * Gets a text of the first batch of the first epoch, just as a model that learns in
 * batches would see it.
 *
 * Returns: (array length=n_token_ids) (transfer none): its tokens
 */
const guint32 *
wen_token_report_get_batch_row (WenTokenReport *self,
                                gsize           index,
                                gsize          *dataset_row,
                                gsize          *n_token_ids)
{
  g_return_val_if_fail (WEN_IS_TOKEN_REPORT (self), NULL);
  g_return_val_if_fail (index < self->batch_size, NULL);

  *dataset_row = self->batch_rows[index];
  *n_token_ids = self->batch_offsets[index + 1] - self->batch_offsets[index];
  return self->batch_ids + self->batch_offsets[index];
}
