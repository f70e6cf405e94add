/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows made ready for training: cleaned, cut into tokens, packed.
 *
 * DESIGN: the vocabulary, the labels and everything else that is learned here
 * come from the training rows alone.  Validation rows are encoded with what the
 * training rows gave; test rows are not even looked at. */

#include "config.h"

#include "wen-training-set-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-text-preparation-private.h"
#include "wen-trainer.h"

typedef enum
{
  SPLIT_TRAIN,
  SPLIT_VALIDATION,
} SplitIndex;

typedef enum
{
  ARRAY_TOKEN_IDS,
  ARRAY_OFFSETS,
  ARRAY_LABELS,
  N_ARRAYS,
} ArrayKind;

typedef struct
{
  WenDataset    *dataset;
  gsize          n_rows;
  gsize         *rows;      /* training rows, then validation rows */
  gsize          n_train;
  guint         *label_ids; /* by label of the dataset: index in labels, or WEN_NO_LABEL */
} Preparation;

static void
preparation_clear (Preparation *self)
{
  g_free (self->rows);
  g_free (self->label_ids);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Preparation, preparation_clear)

void
wen_training_set_free (WenTrainingSet *self)
{
  g_clear_object (&self->cleaner);
  g_clear_object (&self->tokenizer);
  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->cleaned, g_ptr_array_unref);
  for (gsize split = 0; split < G_N_ELEMENTS (self->arrays); split++)
    for (gsize kind = 0; kind < N_ARRAYS; kind++)
      g_clear_pointer (&self->arrays[split][kind], g_array_unref);
  g_free (self);
}

static void
collect_rows (Preparation *preparation)
{
  const WenSplit splits[] = { WEN_SPLIT_TRAIN, WEN_SPLIT_VALIDATION };
  gsize n_dataset_rows = wen_dataset_get_n_rows (preparation->dataset);

  preparation->n_train = wen_dataset_count_split (preparation->dataset, WEN_SPLIT_TRAIN);
  preparation->rows = g_new (gsize, preparation->n_train
                                      + wen_dataset_count_split (preparation->dataset, WEN_SPLIT_VALIDATION));
  for (gsize i = 0; i < G_N_ELEMENTS (splits); i++)
    for (gsize row = 0; row < n_dataset_rows; row++)
      if (wen_dataset_get_split (preparation->dataset, row) == splits[i])
        preparation->rows[preparation->n_rows++] = row;
}

static const char *
get_label_name (Preparation *preparation,
                guint        label)
{
  return wen_dataset_get_label_name (preparation->dataset, label);
}

/* Says at once what cleaning a million rows would not change. */
static gboolean
has_two_labels (Preparation *preparation,
                GError     **error)
{
  guint n_labels = wen_dataset_get_n_labels (preparation->dataset);
  guint n_found = 0;
  guint found = 0;

  for (guint label = 0; label < n_labels; label++)
    if (wen_dataset_count_label (preparation->dataset, label, WEN_SPLIT_TRAIN) > 0)
      {
        n_found++;
        found = label;
      }

  if (n_found == 0)
    g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_ONE_LABEL,
                         _ ("There are no rows with a text and a label to learn from: check which "
                            "columns hold them."));
  else if (n_found == 1)
    g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_ONE_LABEL,
                 _ ("Every row to learn from has the label “%s”: a classifier needs rows of at "
                    "least two labels."),
                 get_label_name (preparation, found));
  return n_found >= 2;
}

/* Appends one row to its batch, unless nothing is to be learned from it. */
static void
pack_row (WenTrainingSet     *self,
          GArray            **arrays,
          const WenRecipe    *recipe,
          WenTextPreparation *texts,
          gsize               row,
          guint32             label)
{
  guint32 end;

  if (!wen_text_preparation_is_used (texts, row, recipe))
    {
      self->n_left_out++;
      return;
    }
  self->n_cut += texts->rows[row].n_tokens > texts->rows[row].n_kept;
  g_array_append_vals (arrays[ARRAY_TOKEN_IDS], wen_text_preparation_get_ids (texts, row), texts->rows[row].n_kept);
  end = arrays[ARRAY_TOKEN_IDS]->len;
  g_array_append_val (arrays[ARRAY_OFFSETS], end);
  g_array_append_val (arrays[ARRAY_LABELS], label);
  if (texts->cleaned != NULL && texts->cleaned[row] != NULL)
    g_ptr_array_add (self->cleaned, g_steal_pointer (&texts->cleaned[row]));
}

static WenBatch
get_batch (GArray **arrays)
{
  return (WenBatch) {
    .n_texts = arrays[ARRAY_LABELS]->len,
    .n_tokens = arrays[ARRAY_TOKEN_IDS]->len,
    .token_ids = (const guint32 *) (const void *) arrays[ARRAY_TOKEN_IDS]->data,
    .offsets = (const guint32 *) (const void *) arrays[ARRAY_OFFSETS]->data,
    .labels = (const guint32 *) (const void *) arrays[ARRAY_LABELS]->data,
  };
}

static void
pack_rows (WenTrainingSet     *self,
           Preparation        *preparation,
           WenTextPreparation *texts,
           SplitIndex          split,
           const WenRecipe    *recipe)
{
  gsize begin = split == SPLIT_TRAIN ? 0 : preparation->n_train;
  gsize end = split == SPLIT_TRAIN ? preparation->n_train : preparation->n_rows;
  guint32 zero = 0;

  if (split == SPLIT_TRAIN && texts->cleaned != NULL)
    self->cleaned = g_ptr_array_new_with_free_func (g_free);
  for (gsize kind = 0; kind < N_ARRAYS; kind++)
    self->arrays[split][kind] = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (self->arrays[split][ARRAY_OFFSETS], zero);

  for (gsize i = begin; i < end; i++)
    {
      guint label = wen_dataset_get_label (preparation->dataset, preparation->rows[i]);

      if (split == SPLIT_VALIDATION)
        {
          label = preparation->label_ids[label];
          /* A label that only validation rows have cannot be learned. */
          if (label == WEN_NO_LABEL)
            {
              self->n_left_out++;
              continue;
            }
        }
      pack_row (self, self->arrays[split], recipe, texts, i, label);
    }
}

/* Numbers the labels that have training rows left, in the dataset's order, and
 * changes the labels of the packed training rows to these numbers. */
static gboolean
number_labels (WenTrainingSet *self,
               Preparation    *preparation,
               GError        **error)
{
  GArray *packed = self->arrays[SPLIT_TRAIN][ARRAY_LABELS];
  guint n_labels = wen_dataset_get_n_labels (preparation->dataset);
  g_autofree gboolean *has_rows = g_new0 (gboolean, n_labels);

  if (packed->len == 0)
    {
      g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_NO_TEXT,
                           _ ("Nothing is left of any text to learn from: turn some cleaning steps "
                              "off, or allow longer texts."));
      return FALSE;
    }
  for (guint i = 0; i < packed->len; i++)
    has_rows[g_array_index (packed, guint32, i)] = TRUE;

  self->labels = g_ptr_array_new_with_free_func (g_free);
  preparation->label_ids = g_new (guint, n_labels);
  for (guint label = 0; label < n_labels; label++)
    {
      preparation->label_ids[label] = has_rows[label] ? self->labels->len : WEN_NO_LABEL;
      if (has_rows[label])
        g_ptr_array_add (self->labels, g_strdup (get_label_name (preparation, label)));
    }
  if (self->labels->len == 1)
    {
      g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_ONE_LABEL,
                   _ ("Only texts with the label “%s” are left to learn from; the others are empty after "
                      "cleaning, or too long: turn some cleaning steps off, or allow longer texts."),
                   (const char *) g_ptr_array_index (self->labels, 0));
      return FALSE;
    }
  for (guint i = 0; i < packed->len; i++)
    {
      guint32 *label = &g_array_index (packed, guint32, i);

      *label = preparation->label_ids[*label];
    }
  return TRUE;
}

/* The rows of the dataset's training and validation splits, ready for a model.
 * Sets WEN_TRAINER_ERROR_ONE_LABEL, WEN_TRAINER_ERROR_NO_TEXT, WEN_CLEANER_ERROR,
 * WEN_VOCABULARY_ERROR or G_IO_ERROR_CANCELLED. */
WenTrainingSet *
wen_training_set_new (WenDataset      *dataset,
                      const WenRecipe *recipe,
                      WenWorkerPool   *pool,
                      WenProgressFunc  progress,
                      gpointer         user_data,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autoptr (WenTrainingSet) self = g_new0 (WenTrainingSet, 1);
  g_autoptr (WenTextPreparation) texts = NULL;
  g_auto (Preparation) preparation = { .dataset = dataset };

  if (!has_two_labels (&preparation, error))
    return NULL;
  collect_rows (&preparation);
  texts = wen_text_preparation_new (dataset, preparation.rows, preparation.n_rows, preparation.n_train, recipe, pool,
                                    progress, user_data, cancellable, error);
  if (texts == NULL)
    return NULL;

  self->cleaner = g_object_ref (texts->cleaner);
  self->tokenizer = g_object_ref (texts->tokenizer);
  pack_rows (self, &preparation, texts, SPLIT_TRAIN, recipe);
  if (!number_labels (self, &preparation, error))
    return NULL;
  pack_rows (self, &preparation, texts, SPLIT_VALIDATION, recipe);

  self->train = get_batch (self->arrays[SPLIT_TRAIN]);
  self->validation = get_batch (self->arrays[SPLIT_VALIDATION]);
  return g_steal_pointer (&self);
}

static void
add_batch (GChecksum      *checksum,
           const WenBatch *batch)
{
  const guint64 counts[] = { batch->n_texts, batch->n_tokens };

  g_checksum_update (checksum, (const guchar *) counts, sizeof counts);
  g_checksum_update (checksum, (const guchar *) batch->token_ids, batch->n_tokens * sizeof *batch->token_ids);
  g_checksum_update (checksum, (const guchar *) batch->offsets, (batch->n_texts + 1) * sizeof *batch->offsets);
  g_checksum_update (checksum, (const guchar *) batch->labels, batch->n_texts * sizeof *batch->labels);
}

/* Equal where a model would learn the same, and only there: a checksum over rows,
 * labels and vocabulary.  (transfer full) */
char *
wen_training_set_get_fingerprint (WenTrainingSet *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) vocabulary = wen_tokenizer_to_bytes (self->tokenizer);

  add_batch (checksum, &self->train);
  add_batch (checksum, &self->validation);
  for (guint i = 0; i < self->labels->len; i++)
    {
      const char *label = g_ptr_array_index (self->labels, i);

      g_checksum_update (checksum, (const guchar *) label, (gssize) strlen (label) + 1);
    }
  g_checksum_update (checksum, g_bytes_get_data (vocabulary, NULL), (gssize) g_bytes_get_size (vocabulary));
  return g_strdup (g_checksum_get_string (checksum));
}
