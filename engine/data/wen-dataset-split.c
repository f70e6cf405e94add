/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which rows are for training, for validation and for the test.
 *
 * Rows with the same text (spaces around it aside) form a group that is never
 * divided, or the test would ask for what was learned by heart.  The groups of
 * each label are put in an order that only the seed decides, and given away from
 * the front.  Shares are kept for each label and, by carrying the remainder over
 * from label to label, in all.  The last group of a label always stays in
 * training. */

#include "config.h"

#include "wen-dataset-private.h"

#include <math.h>
#include <string.h>

#include "wen-random-private.h"

/* Streams of random numbers; one for each label follows on each. */
#define TEST_STREAM (G_GUINT64_CONSTANT (1) << 44)
#define VALIDATION_STREAM (G_GUINT64_CONSTANT (2) << 44)

const char *
wen_dataset_trim_text (const char *text,
                       gsize      *length_bytes)
{
  const char *end;

  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  end = text + strlen (text);
  while (end > text && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  *length_bytes = (gsize) (end - text);
  return text;
}

/* The group of each row: the first row that has its text.  Rows of different
 * labels with one text stay together too; the first one's label leads. */
static GHashTable *
index_texts (WenDataset *self)
{
  GHashTable *first_rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize row = 0; row < self->rows->len; row++)
    if (wen_dataset_get_row_data (self, row)->split == WEN_SPLIT_TRAIN)
      {
        gsize length_bytes;
        const char *text = wen_dataset_trim_text (wen_dataset_get_text (self, row), &length_bytes);
        g_autofree char *key = g_strndup (text, length_bytes);
        GArray *rows = g_hash_table_lookup (first_rows, key);

        if (rows == NULL)
          {
            rows = g_array_new (FALSE, FALSE, sizeof (gsize));
            g_hash_table_insert (first_rows, g_steal_pointer (&key), rows);
          }
        g_array_append_val (rows, row);
      }
  return first_rows;
}

static int
compare_first_rows (gconstpointer a,
                    gconstpointer b)
{
  gsize left = g_array_index (*(GArray *const *) a, gsize, 0);
  gsize right = g_array_index (*(GArray *const *) b, gsize, 0);

  return (left > right) - (left < right);
}

/* Groups by the label of their first row, in row order, so that the outcome does
 * not depend on how a hash table is laid out. */
static GPtrArray **
group_by_label (WenDataset *self,
                GHashTable *texts)
{
  GPtrArray **groups = g_new (GPtrArray *, self->labels->len);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer text_rows;

  for (guint label = 0; label < self->labels->len; label++)
    groups[label] = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, NULL, &text_rows))
    g_ptr_array_add (all, text_rows);
  g_ptr_array_sort (all, compare_first_rows);
  for (guint i = 0; i < all->len; i++)
    {
      GArray *rows = g_ptr_array_index (all, i);
      gsize first = g_array_index (rows, gsize, 0);

      g_ptr_array_add (groups[wen_dataset_get_row_data (self, first)->label], rows);
    }
  return groups;
}

/* Gives about a share of the groups of each label to a split.  Groups that are
 * given away leave the array. */
static void
give_away (WenDataset  *self,
           GPtrArray  **groups,
           double       share,
           WenSplit     split,
           guint64      seed,
           guint64      stream)
{
  double carried = 0;

  for (guint label = 0; label < self->labels->len; label++)
    {
      GPtrArray *label_groups = groups[label];
      g_autofree guint32 *order = g_new (guint32, MAX (1, label_groups->len));
      g_autoptr (GPtrArray) kept = g_ptr_array_new ();
      gsize n_rows = 0;
      gsize n_given = 0;
      guint n_given_groups = 0;
      double wanted;

      for (guint i = 0; i < label_groups->len; i++)
        {
          order[i] = i;
          n_rows += ((GArray *) g_ptr_array_index (label_groups, i))->len;
        }
      wen_random_shuffle (order, label_groups->len, seed, stream + label);
      wanted = share * (double) n_rows + carried;

      for (guint i = 0; i < label_groups->len; i++)
        {
          GArray *rows = g_ptr_array_index (label_groups, order[i]);

          if (n_given_groups + 1 < label_groups->len && (double) n_given + (double) rows->len / 2 <= wanted)
            {
              for (guint j = 0; j < rows->len; j++)
                wen_dataset_move_row (self, g_array_index (rows, gsize, j), split);
              n_given += rows->len;
              n_given_groups++;
              g_array_unref (rows);
            }
          else
            {
              g_ptr_array_add (kept, rows);
            }
        }
      /* A label that cannot give its part does not make another give it. */
      carried = CLAMP (wanted - (double) n_given, -0.5, 0.5);

      g_ptr_array_set_free_func (label_groups, NULL);
      g_ptr_array_set_size (label_groups, 0);
      g_ptr_array_set_free_func (label_groups, (GDestroyNotify) g_array_unref);
      g_ptr_array_sort (kept, compare_first_rows);
      g_ptr_array_extend (label_groups, kept, NULL, NULL);
    }
}

/**
 * wen_dataset_split:
 * @self: a dataset
 * @seed: decides which rows; the same seed and rows give the same split
 * @test_share: from 0 to 1
 * @validation_share: from 0 to 1, of what the test leaves
 *
 * Moves rows from the training split to the test split, and then others to the
 * validation split, in the same share for each label.
 *
 * Rows with the same text stay together.  A label with one row, or one text, stays
 * in training.
 */
void
wen_dataset_split (WenDataset *self,
                   guint64     seed,
                   double      test_share,
                   double      validation_share)
{
  g_autoptr (GHashTable) texts = NULL;
  GPtrArray **groups;

  g_return_if_fail (WEN_IS_DATASET (self));

  texts = index_texts (self);
  groups = group_by_label (self, texts);
  give_away (self, groups, test_share, WEN_SPLIT_TEST, seed, TEST_STREAM);
  give_away (self, groups, validation_share, WEN_SPLIT_VALIDATION, seed, VALIDATION_STREAM);

  for (guint label = 0; label < self->labels->len; label++)
    g_ptr_array_unref (groups[label]);
  g_free (groups);
}
