/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows made ready for training: cleaned, cut into tokens, packed.
 *
 * DESIGN: the vocabulary, the labels and everything else that is learned here
 * come from the training rows alone.  Validation rows are encoded with what the
 * training rows gave; test rows are not even looked at.
 *
 * Pre-training needs no labels, so it also has the rows without one and the texts of
 * other files: their tokens go into the vocabulary, which a model that is to
 * understand them needs.  The texts of validation rows it has too, but no token is in
 * the vocabulary because of them. */

#include "config.h"

#include "wen-training-set-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-pretraining-texts-private.h"
#include "wen-recipe-private.h"
#include "wen-text-preparation-private.h"
#include "wen-trainer.h"

/* Of a label, beside 1 for others. */
#define MAXIMUM_WEIGHT 1000.0

typedef enum
{
  SPLIT_TRAIN,
  SPLIT_VALIDATION,
  SPLIT_PRETRAINING,
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
  gsize         *rows;      /* training rows, then those for pre-training alone, then validation rows */
  gsize          n_train;
  gsize          n_fit;     /* the first two of these */
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
  g_clear_pointer (&self->train_rows, g_array_unref);
  g_free (self->weights);
  g_free (self->targets);
  g_free (self);
}

static void
collect_split (Preparation *preparation,
               WenSplit     split)
{
  gsize n_dataset_rows = wen_dataset_get_n_rows (preparation->dataset);

  for (gsize row = 0; row < n_dataset_rows; row++)
    if (wen_dataset_get_split (preparation->dataset, row) == split)
      preparation->rows[preparation->n_rows++] = row;
}

static void
collect_rows (Preparation     *preparation,
              const WenRecipe *recipe)
{
  preparation->rows = g_new (gsize, wen_dataset_get_n_rows (preparation->dataset));
  collect_split (preparation, WEN_SPLIT_TRAIN);
  preparation->n_train = preparation->n_rows;
  if (wen_recipe_pretrains (recipe))
    collect_split (preparation, WEN_SPLIT_NONE);
  preparation->n_fit = preparation->n_rows;
  collect_split (preparation, WEN_SPLIT_VALIDATION);
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

static void
append_text (GArray            **arrays,
             WenTextPreparation *texts,
             gsize               row)
{
  guint32 end;

  g_array_append_vals (arrays[ARRAY_TOKEN_IDS], wen_text_preparation_get_ids (texts, row), texts->rows[row].n_kept);
  end = arrays[ARRAY_TOKEN_IDS]->len;
  g_array_append_val (arrays[ARRAY_OFFSETS], end);
}

/* Appends one row to its batch, unless nothing is to be learned from it. */
static gboolean
pack_row (WenTrainingSet     *self,
          GArray            **arrays,
          const WenRecipe    *recipe,
          WenTextPreparation *texts,
          gsize               row,
          guint32             label)
{
  if (!wen_text_preparation_is_used (texts, row, recipe))
    {
      self->n_left_out++;
      return FALSE;
    }
  self->n_cut += texts->rows[row].n_tokens > texts->rows[row].n_kept;
  append_text (arrays, texts, row);
  g_array_append_val (arrays[ARRAY_LABELS], label);
  if (texts->cleaned != NULL && texts->cleaned[row] != NULL)
    g_ptr_array_add (self->cleaned, g_steal_pointer (&texts->cleaned[row]));
  return TRUE;
}

static WenBatch
get_batch (GArray **arrays)
{
  return (WenBatch) {
    .n_texts = arrays[ARRAY_OFFSETS]->len - 1,
    .n_tokens = arrays[ARRAY_TOKEN_IDS]->len,
    .token_ids = (const guint32 *) (const void *) arrays[ARRAY_TOKEN_IDS]->data,
    .offsets = (const guint32 *) (const void *) arrays[ARRAY_OFFSETS]->data,
    .labels = (const guint32 *) (const void *) arrays[ARRAY_LABELS]->data,
  };
}

static void
begin_split (WenTrainingSet *self,
             SplitIndex      split)
{
  guint32 zero = 0;

  for (gsize kind = 0; kind < N_ARRAYS; kind++)
    self->arrays[split][kind] = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (self->arrays[split][ARRAY_OFFSETS], zero);
}

static void
pack_rows (WenTrainingSet     *self,
           Preparation        *preparation,
           WenTextPreparation *texts,
           SplitIndex          split,
           const WenRecipe    *recipe)
{
  gsize begin = split == SPLIT_TRAIN ? 0 : preparation->n_fit;
  gsize end = split == SPLIT_TRAIN ? preparation->n_train : preparation->n_rows;
  if (split == SPLIT_TRAIN && texts->cleaned != NULL)
    self->cleaned = g_ptr_array_new_with_free_func (g_free);

  begin_split (self, split);
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
      if (pack_row (self, self->arrays[split], recipe, texts, i, label) && split == SPLIT_TRAIN)
        g_array_append_val (self->train_rows, preparation->rows[i]);
    }
}

/* All rows there are, whatever they are for. */
static void
pack_pretraining (WenTrainingSet     *self,
                  WenTextPreparation *texts,
                  const WenRecipe    *recipe)
{
  begin_split (self, SPLIT_PRETRAINING);
  for (gsize row = 0; row < texts->n_rows; row++)
    if (wen_text_preparation_is_used (texts, row, recipe))
      append_text (self->arrays[SPLIT_PRETRAINING], texts, row);
  self->pretraining = get_batch (self->arrays[SPLIT_PRETRAINING]);
  self->pretraining.labels = NULL;
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

/* "label=weight"; a comma in a label is written %2C, as in a web address, and a per cent
 * sign %25. */
static gboolean
apply_own_weight (WenTrainingSet *self,
                  const char     *entry,
                  double         *weights,
                  GError        **error)
{
  const char *equals = strrchr (entry, '=');
  g_autofree char *label = equals != NULL ? g_uri_unescape_segment (entry, equals, NULL) : NULL;
  char *end = NULL;
  double weight = equals != NULL ? g_ascii_strtod (equals + 1, &end) : 0;
  guint index;

  if (label == NULL || end == equals + 1 || *end != '\0' || !(weight > 0 && weight <= MAXIMUM_WEIGHT))
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   /* Translators: “label=weight” is a form that a person fills in */
                   _ ("The setting training.own_weights cannot be “%s”: it takes “label=weight”, with a number above "
                      "0 and up to %g."),
                   entry, MAXIMUM_WEIGHT);
      return FALSE;
    }
  if (!g_ptr_array_find_with_equal_func (self->labels, label, g_str_equal, &index))
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   _ ("The setting training.own_weights names the label “%s”, which no training row has."), label);
      return FALSE;
    }
  weights[index] = weight;
  return TRUE;
}

/* How much a text of each label counts.  FALSE where the recipe makes no sense of it. */
static gboolean
weigh_labels (WenTrainingSet  *self,
              const WenRecipe *recipe,
              double          *weights,
              GError         **error)
{
  guint n_labels = self->labels->len;

  for (guint label = 0; label < n_labels; label++)
    weights[label] = 1;
  if (recipe->class_weights == WEN_CLASS_WEIGHTS_BALANCED)
    {
      g_autofree gsize *counts = g_new0 (gsize, n_labels);

      for (gsize i = 0; i < self->train.n_texts; i++)
        counts[self->train.labels[i]]++;
      for (guint label = 0; label < n_labels; label++)
        weights[label] = (double) self->train.n_texts / ((double) n_labels * (double) counts[label]);
    }
  if (recipe->class_weights == WEN_CLASS_WEIGHTS_OWN)
    for (char **entry = recipe->own_weights; *entry != NULL; entry++)
      if (!apply_own_weight (self, *entry, weights, error))
        return FALSE;
  return TRUE;
}

/* Says how much each training text counts: 1 on average. */
static gboolean
weigh_texts (WenTrainingSet        *self,
             const WenTrainingAims *aims,
             const WenRecipe       *recipe,
             GError               **error)
{
  const float *row_weights = aims != NULL ? aims->weights : NULL;
  g_autofree double *label_weights = g_new (double, self->labels->len);
  double sum = 0;

  if (!weigh_labels (self, recipe, label_weights, error))
    return FALSE;
  if (recipe->class_weights == WEN_CLASS_WEIGHTS_NONE && row_weights == NULL)
    return TRUE;

  self->weights = g_new (float, self->train.n_texts);
  for (gsize i = 0; i < self->train.n_texts; i++)
    {
      double weight = label_weights[self->train.labels[i]];

      if (row_weights != NULL)
        weight *= (double) row_weights[g_array_index (self->train_rows, gsize, i)];
      self->weights[i] = (float) weight;
      sum += weight;
    }
  for (gsize i = 0; i < self->train.n_texts && sum > 0; i++)
    self->weights[i] = (float) ((double) self->weights[i] / sum * (double) self->train.n_texts);
  self->train.weights = self->weights;
  return TRUE;
}

/* Takes over the targets of training texts, for the labels that are learned. */
static void
take_targets (WenTrainingSet        *self,
              Preparation           *preparation,
              const WenTrainingAims *aims)
{
  guint n_labels = self->labels->len;
  guint n_dataset_labels = wen_dataset_get_n_labels (preparation->dataset);

  if (aims == NULL || aims->targets == NULL)
    return;
  self->targets = g_new0 (float, self->train.n_texts * n_labels);
  for (gsize i = 0; i < self->train.n_texts; i++)
    {
      const float *row = aims->targets + g_array_index (self->train_rows, gsize, i) * n_dataset_labels;
      float *target = self->targets + i * n_labels;
      double sum = 0;

      for (guint label = 0; label < n_dataset_labels; label++)
        if (preparation->label_ids[label] != WEN_NO_LABEL)
          {
            target[preparation->label_ids[label]] = row[label];
            sum += (double) row[label];
          }
      for (guint label = 0; label < n_labels && sum > 0; label++)
        target[label] = (float) ((double) target[label] / sum);
    }
  self->train.targets = self->targets;
}

/* The rows of the dataset's training and validation splits, and the texts for
 * pre-training, ready for a model.  aims may be NULL.
 * Sets WEN_TRAINER_ERROR_ONE_LABEL, WEN_TRAINER_ERROR_NO_TEXT,
 * WEN_TRAINER_ERROR_PRETRAINING_FILE, WEN_RECIPE_ERROR, WEN_CLEANER_ERROR,
 * WEN_VOCABULARY_ERROR or G_IO_ERROR_CANCELLED. */
WenTrainingSet *
wen_training_set_new (WenDataset            *dataset,
                      const WenTrainingAims *aims,
                      const WenRecipe       *recipe,
                      WenWorkerPool         *pool,
                      WenProgressFunc        progress,
                      gpointer               user_data,
                      GCancellable          *cancellable,
                      GError               **error)
{
  g_autoptr (WenTrainingSet) self = g_new0 (WenTrainingSet, 1);
  g_autoptr (WenTextPreparation) texts = NULL;
  g_autoptr (WenDataset) all = NULL;
  g_auto (Preparation) preparation = { .dataset = dataset };

  if (!has_two_labels (&preparation, error))
    return NULL;
  if (wen_recipe_pretrains (recipe))
    {
      all = wen_pretraining_texts_add (dataset, recipe, cancellable, error);
      if (all == NULL)
        return NULL;
      preparation.dataset = all;
    }
  collect_rows (&preparation, recipe);
  texts = wen_text_preparation_new (preparation.dataset, preparation.rows, preparation.n_rows, preparation.n_fit,
                                    recipe, pool, progress, user_data, cancellable, error);
  if (texts == NULL)
    return NULL;

  self->cleaner = g_object_ref (texts->cleaner);
  self->tokenizer = g_object_ref (texts->tokenizer);
  self->train_rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  pack_rows (self, &preparation, texts, SPLIT_TRAIN, recipe);
  if (!number_labels (self, &preparation, error))
    return NULL;
  pack_rows (self, &preparation, texts, SPLIT_VALIDATION, recipe);

  self->train = get_batch (self->arrays[SPLIT_TRAIN]);
  self->validation = get_batch (self->arrays[SPLIT_VALIDATION]);
  if (!weigh_texts (self, aims, recipe, error))
    return NULL;
  take_targets (self, &preparation, aims);
  if (wen_recipe_pretrains (recipe))
    pack_pretraining (self, texts, recipe);
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
  if (batch->labels != NULL)
    g_checksum_update (checksum, (const guchar *) batch->labels, batch->n_texts * sizeof *batch->labels);
  if (batch->weights != NULL)
    g_checksum_update (checksum, (const guchar *) batch->weights, batch->n_texts * sizeof *batch->weights);
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
  if (self->targets != NULL)
    g_checksum_update (checksum, (const guchar *) self->targets,
                       self->train.n_texts * self->labels->len * sizeof *self->targets);
  if (self->pretraining.n_texts > 0)
    add_batch (checksum, &self->pretraining);
  for (guint i = 0; i < self->labels->len; i++)
    {
      const char *label = g_ptr_array_index (self->labels, i);

      g_checksum_update (checksum, (const guchar *) label, (gssize) strlen (label) + 1);
    }
  g_checksum_update (checksum, g_bytes_get_data (vocabulary, NULL), (gssize) g_bytes_get_size (vocabulary));
  return g_strdup (g_checksum_get_string (checksum));
}
