/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows in memory, as columns: a million short texts take little more room than
 * their bytes. */

#include "config.h"

#include "wen-dataset-private.h"

#include <string.h>

#include "wen-i18n-private.h"

typedef struct
{
  gsize    n[WEN_N_SPLITS];
  gboolean is_divided;      /* near copies are in more than one split */
} LabelCounts;

G_DEFINE_FINAL_TYPE (WenDataset, wen_dataset, G_TYPE_OBJECT)

static void
wen_dataset_finalize (GObject *object)
{
  WenDataset *self = WEN_DATASET (object);

  g_clear_pointer (&self->texts, g_free);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->label_ids, g_hash_table_unref);
  g_clear_pointer (&self->label_counts, g_array_unref);
  g_clear_pointer (&self->labels, g_ptr_array_unref);

  G_OBJECT_CLASS (wen_dataset_parent_class)->finalize (object);
}

static void
wen_dataset_class_init (WenDatasetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_dataset_finalize;
}

static void
wen_dataset_init (WenDataset *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (WenDatasetRow));
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->label_ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->label_counts = g_array_new (FALSE, TRUE, sizeof (LabelCounts));
}

/**
 * wen_dataset_new:
 *
 * Makes a dataset without rows.
 *
 * One thread fills it; once it is filled, any thread may read.
 *
 * Returns: (transfer full): a dataset
 */
WenDataset *
wen_dataset_new (void)
{
  return g_object_new (WEN_TYPE_DATASET, NULL);
}

/* Whether a text or label is nothing but white space: such a row has none. */
gboolean
wen_dataset_is_blank (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static guint64
append_text (WenDataset *self,
             const char *text)
{
  gsize n_bytes = strlen (text) + 1;
  guint64 offset = self->texts_bytes;

  if (self->texts_bytes + n_bytes > self->texts_room)
    {
      self->texts_room = MAX (self->texts_room + self->texts_room / 2, self->texts_bytes + n_bytes + 4096);
      self->texts = g_realloc (self->texts, self->texts_room);
    }
  memcpy (self->texts + offset, text, n_bytes);
  self->texts_bytes += n_bytes;
  return offset;
}

static guint
intern_label (WenDataset *self,
              const char *label)
{
  gsize length_bytes;
  const char *trimmed = wen_dataset_trim_text (label, &length_bytes);
  g_autofree char *name = g_strndup (trimmed, length_bytes);
  LabelCounts counts = { 0 };
  gpointer id;

  if (g_hash_table_lookup_extended (self->label_ids, name, NULL, &id))
    return GPOINTER_TO_UINT (id);
  g_ptr_array_add (self->labels, name);
  g_array_append_val (self->label_counts, counts);
  g_hash_table_insert (self->label_ids, g_steal_pointer (&name), GUINT_TO_POINTER (self->labels->len - 1));
  return self->labels->len - 1;
}

static void
count_row (WenDataset *self,
           guint       label,
           WenSplit    split,
           gssize      by)
{
  self->split_counts[split] += (gsize) by;
  if (label != WEN_NO_LABEL)
    g_array_index (self->label_counts, LabelCounts, label).n[split] += (gsize) by;
}

/**
 * wen_dataset_append:
 * @self: a dataset
 * @row_id: a number that means something to the caller
 * @text: the text, UTF-8
 * @label: (nullable): the label; spaces around it do not count
 * @split: what the row is for
 *
 * Adds a row.  A row whose text or label is missing or blank gets
 * `WEN_SPLIT_NONE` whatever @split says.
 */
void
wen_dataset_append (WenDataset *self,
                    gint64      row_id,
                    const char *text,
                    const char *label,
                    WenSplit    split)
{
  WenDatasetRow row = { .row_id = row_id, .label = WEN_NO_LABEL, .split = split };

  g_return_if_fail (WEN_IS_DATASET (self));
  g_return_if_fail (text != NULL);

  if (label != NULL && !wen_dataset_is_blank (label))
    row.label = intern_label (self, label);
  if (row.label == WEN_NO_LABEL || wen_dataset_is_blank (text))
    row.split = WEN_SPLIT_NONE;
  row.text_offset = append_text (self, text);
  g_array_append_val (self->rows, row);
  count_row (self, row.label, row.split, 1);
}

WenDatasetRow *
wen_dataset_get_row_data (WenDataset *self,
                          gsize       row)
{
  return &g_array_index (self->rows, WenDatasetRow, row);
}

/* Gives a row another use. */
void
wen_dataset_move_row (WenDataset *self,
                      gsize       row,
                      WenSplit    split)
{
  WenDatasetRow *data = wen_dataset_get_row_data (self, row);

  count_row (self, data->label, data->split, -1);
  data->split = split;
  count_row (self, data->label, data->split, 1);
}

void
wen_dataset_set_divided (WenDataset *self,
                         guint       label,
                         gboolean    is_divided)
{
  g_array_index (self->label_counts, LabelCounts, label).is_divided = is_divided;
}

/**
 * wen_dataset_get_n_rows:
 * @self: a dataset
 *
 * Counts the rows.
 *
 * Returns: how many
 */
gsize
wen_dataset_get_n_rows (WenDataset *self)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), 0);

  return self->rows->len;
}

/**
 * wen_dataset_get_row_id:
 * @self: a dataset
 * @row: index of a row
 *
 * Gets the number that the row was given.
 *
 * Returns: the number
 */
gint64
wen_dataset_get_row_id (WenDataset *self,
                        gsize       row)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), 0);
  g_return_val_if_fail (row < self->rows->len, 0);

  return wen_dataset_get_row_data (self, row)->row_id;
}

/**
 * wen_dataset_get_text:
 * @self: a dataset
 * @row: index of a row
 *
 * Gets the text of a row.
 *
 * Returns: (transfer none): the text, valid until a row is added
 */
const char *
wen_dataset_get_text (WenDataset *self,
                      gsize       row)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), NULL);
  g_return_val_if_fail (row < self->rows->len, NULL);

  return self->texts + wen_dataset_get_row_data (self, row)->text_offset;
}

/**
 * wen_dataset_get_label:
 * @self: a dataset
 * @row: index of a row
 *
 * Gets the label of a row.
 *
 * Returns: index of the label, or `WEN_NO_LABEL`
 */
guint
wen_dataset_get_label (WenDataset *self,
                       gsize       row)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), WEN_NO_LABEL);
  g_return_val_if_fail (row < self->rows->len, WEN_NO_LABEL);

  return wen_dataset_get_row_data (self, row)->label;
}

/**
 * wen_dataset_get_split:
 * @self: a dataset
 * @row: index of a row
 *
 * Says what a row is for.
 *
 * Returns: its split
 */
WenSplit
wen_dataset_get_split (WenDataset *self,
                       gsize       row)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), WEN_SPLIT_NONE);
  g_return_val_if_fail (row < self->rows->len, WEN_SPLIT_NONE);

  return wen_dataset_get_row_data (self, row)->split;
}

/**
 * wen_dataset_get_n_labels:
 * @self: a dataset
 *
 * Counts the different labels.
 *
 * Returns: how many
 */
guint
wen_dataset_get_n_labels (WenDataset *self)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), 0);

  return self->labels->len;
}

/**
 * wen_dataset_get_label_name:
 * @self: a dataset
 * @label: index of a label; they are in the order in which they first occurred
 *
 * Gets the name of a label.
 *
 * Returns: (transfer none): its name
 */
const char *
wen_dataset_get_label_name (WenDataset *self,
                            guint       label)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), NULL);
  g_return_val_if_fail (label < self->labels->len, NULL);

  return g_ptr_array_index (self->labels, label);
}

/**
 * wen_dataset_count_label:
 * @self: a dataset
 * @label: index of a label
 * @split: a split
 *
 * Counts the rows of one label in one split.
 *
 * Returns: how many
 */
gsize
wen_dataset_count_label (WenDataset *self,
                         guint       label,
                         WenSplit    split)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), 0);
  g_return_val_if_fail (label < self->labels->len && split < WEN_N_SPLITS, 0);

  return g_array_index (self->label_counts, LabelCounts, label).n[split];
}

/**
 * wen_dataset_count_split:
 * @self: a dataset
 * @split: a split
 *
 * Counts the rows of one split.
 *
 * Returns: how many
 */
gsize
wen_dataset_count_split (WenDataset *self,
                         WenSplit    split)
{
  g_return_val_if_fail (WEN_IS_DATASET (self), 0);
  g_return_val_if_fail (split < WEN_N_SPLITS, 0);

  return self->split_counts[split];
}

/* Names of up to this many labels stand in a sentence. */
#define LABELS_IN_A_SENTENCE 5
/* A test of fewer rows measures nothing. */
#define FEWEST_TEST_ROWS 5

/* Names the labels for which func says so, or returns NULL. */
static char *
name_labels (WenDataset *self,
             gboolean  (*func) (const LabelCounts *counts, WenDataset *dataset))
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint n_labels = 0;

  for (guint label = 0; label < self->labels->len; label++)
    if (func (&g_array_index (self->label_counts, LabelCounts, label), self) && n_labels++ < LABELS_IN_A_SENTENCE)
      g_ptr_array_add (names, g_ptr_array_index (self->labels, label));
  if (n_labels == 0)
    return NULL;
  if (n_labels > LABELS_IN_A_SENTENCE)
    g_ptr_array_add (names, (gpointer) "…");
  g_ptr_array_add (names, NULL);
  return g_strjoinv (_ (", "), (char **) names->pdata);
}

static gsize
count_used (const LabelCounts *counts)
{
  return counts->n[WEN_SPLIT_TRAIN] + counts->n[WEN_SPLIT_VALIDATION] + counts->n[WEN_SPLIT_TEST];
}

static gboolean
has_single_row (const LabelCounts *counts,
                WenDataset        *dataset)
{
  return count_used (counts) == 1;
}

static gboolean
has_no_training_row (const LabelCounts *counts,
                     WenDataset        *dataset)
{
  return count_used (counts) > 0 && counts->n[WEN_SPLIT_TRAIN] == 0;
}

/* A single row is named by another warning; with very few rows in all, no label can
 * be measured, and naming some would mislead. */
static gboolean
has_no_test_row (const LabelCounts *counts,
                 WenDataset        *dataset)
{
  return dataset->split_counts[WEN_SPLIT_TEST] >= FEWEST_TEST_ROWS && count_used (counts) > 1
         && counts->n[WEN_SPLIT_TEST] == 0;
}

/* A tenth of an even share is little to learn from beside the others. */
static gboolean
is_rare (const LabelCounts *counts,
         WenDataset        *dataset)
{
  gsize n_rows = dataset->rows->len - dataset->split_counts[WEN_SPLIT_NONE];

  return count_used (counts) > 1 && count_used (counts) * dataset->labels->len * 10 < n_rows;
}

static gboolean
is_divided (const LabelCounts *counts,
            WenDataset        *dataset)
{
  return counts->is_divided;
}

/**
 * wen_dataset_dup_warnings:
 * @self: a dataset
 *
 * Tells what makes a dataset hard to learn from.
 *
 * Returns: (array zero-terminated=1) (transfer full): translated sentences, which
 *   name the labels they are about
 */
char **
wen_dataset_dup_warnings (WenDataset *self)
{
  g_autoptr (GPtrArray) warnings = g_ptr_array_new ();
  g_autofree char *single = NULL;
  g_autofree char *untrained = NULL;
  g_autofree char *untested = NULL;
  g_autofree char *rare = NULL;
  g_autofree char *divided = NULL;

  g_return_val_if_fail (WEN_IS_DATASET (self), NULL);

  single = name_labels (self, has_single_row);
  if (single != NULL)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("Labels with a single row, which is used for training, so how well "
                                                   "they are recognized cannot be measured: %s."),
                                                single));
  untrained = name_labels (self, has_no_training_row);
  if (untrained != NULL)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("Labels that no row for training has, so they cannot be learned: %s."),
                                                untrained));
  untested = name_labels (self, has_no_test_row);
  if (untested != NULL)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("Labels that no row for the test has, so how well they are "
                                                   "recognized cannot be measured: %s."),
                                                untested));
  rare = name_labels (self, is_rare);
  if (rare != NULL)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("Labels with far fewer rows than others, which will be recognized "
                                                   "less well: %s."),
                                                rare));
  divided = name_labels (self, is_divided);
  if (divided != NULL)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("Labels with so many texts that are nearly the same that near copies "
                                                   "are in training and in the test, which makes the classifier look "
                                                   "better than it is: %s."),
                                                divided));
  g_ptr_array_add (warnings, NULL);
  return (char **) g_ptr_array_steal (warnings, NULL);
}
