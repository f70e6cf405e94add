/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which rows are for training, for validation and for the test.
 *
 * Rows with the same text, or nearly the same, form a group that is never divided, or
 * the test would ask for what was learned by heart.  The groups of each label are put
 * in an order that only the seed decides, and given away from the front.  Where one
 * such group is most of a label, as messages written by a machine are, only its equal
 * texts stay together, or there were nothing to test with; a warning says so.  Shares
 * are kept for each label and, by carrying the remainder over from label to label, in
 * all.  The last group of a label always stays in training.  Folds are made of the same
 * groups. */

#include "config.h"

#include "wen-dataset-private.h"
#include "wen-duplicates-private.h"

#include <math.h>
#include <string.h>

#include "wen-random-private.h"

/* Streams of random numbers; one for each label follows on each. */
#define TEST_STREAM (G_GUINT64_CONSTANT (1) << 44)
#define VALIDATION_STREAM (G_GUINT64_CONSTANT (2) << 44)
#define FOLD_STREAM (G_GUINT64_CONSTANT (3) << 44)

/* So many different texts that are nearly the same, and are most of a label's rows,
 * are no copies but a form that was filled in. */
#define LEAST_TEMPLATE_TEXTS 20

/* Part of a label's share that one group may add to it. */
#define MOST_EXCESS 0.05

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

/* Groups of rows that stay together, as lists through the rows: a million rows take
 * twelve megabytes. */
typedef struct
{
  WenDataset *dataset;
  guint32    *next;   /* the next row of the group, or WEN_NO_GROUP */
  guint32    *n_rows; /* of the group that a row is the first of */
  GArray    **labels; /* of guint32: first rows of the groups, ascending, by their label */
} Groups;

/* Rows of different labels with one text stay together too; the first one's label
 * leads. */
static void
groups_init (Groups        *self,
             WenDataset    *dataset,
             const guint32 *group)
{
  gsize n_rows = dataset->rows->len;

  self->dataset = dataset;
  self->next = g_new (guint32, MAX (1, n_rows));
  self->n_rows = g_new0 (guint32, MAX (1, n_rows));
  self->labels = g_new (GArray *, MAX (1, dataset->labels->len));
  for (guint label = 0; label < dataset->labels->len; label++)
    self->labels[label] = g_array_new (FALSE, FALSE, sizeof (guint32));

  memset (self->next, 0xff, n_rows * sizeof *self->next); /* WEN_NO_GROUP */
  /* From the end, so that each list ascends. */
  for (gsize row = n_rows; row-- > 0;)
    {
      guint32 first = group[row];

      if (first == WEN_NO_GROUP)
        continue;
      if (first != row)
        {
          self->next[row] = self->next[first];
          self->next[first] = (guint32) row;
        }
      self->n_rows[first]++;
    }
  for (guint32 row = 0; row < n_rows; row++)
    if (group[row] == row)
      g_array_append_val (self->labels[wen_dataset_get_row_data (dataset, row)->label], row);
}

static void
groups_clear (Groups *self)
{
  for (guint label = 0; label < self->dataset->labels->len; label++)
    g_array_unref (self->labels[label]);
  g_free (self->labels);
  g_free (self->next);
  g_free (self->n_rows);
}

static void
divide_templates (WenDataset    *dataset,
                  const guint32 *equal,
                  guint32       *near)
{
  gsize n_rows = dataset->rows->len;
  g_autofree guint32 *n_texts = g_new0 (guint32, MAX (1, n_rows));
  g_autofree guint32 *n_group_rows = g_new0 (guint32, MAX (1, n_rows));
  g_autofree guint8 *is_template = g_new0 (guint8, MAX (1, n_rows));

  for (guint label = 0; label < dataset->labels->len; label++)
    wen_dataset_set_divided (dataset, label, FALSE);
  for (guint32 row = 0; row < n_rows; row++)
    if (near[row] != WEN_NO_GROUP)
      {
        n_texts[near[row]] += equal[row] == row;
        n_group_rows[near[row]]++;
      }
  for (guint32 row = 0; row < n_rows; row++)
    if (n_texts[row] >= LEAST_TEMPLATE_TEXTS)
      {
        guint label = wen_dataset_get_row_data (dataset, row)->label;

        is_template[row] = n_group_rows[row] > wen_dataset_count_label (dataset, label, WEN_SPLIT_TRAIN) / 2;
        if (is_template[row])
          wen_dataset_set_divided (dataset, label, TRUE);
      }
  for (guint32 row = 0; row < n_rows; row++)
    if (near[row] != WEN_NO_GROUP && is_template[near[row]])
      near[row] = equal[row];
}

static void
move_group (Groups   *self,
            guint32   first,
            WenSplit  split)
{
  for (guint32 row = first; row != WEN_NO_GROUP; row = self->next[row])
    wen_dataset_move_row (self->dataset, row, split);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return (left > right) - (left < right);
}

/* Gives about a share of the groups of each label to a split.  Groups that are
 * given away leave the lists. */
static void
give_away (Groups   *self,
           double    share,
           WenSplit  split,
           guint64   seed,
           guint64   stream)
{
  double carried = 0;

  for (guint label = 0; label < self->dataset->labels->len; label++)
    {
      GArray *groups = self->labels[label];
      g_autofree guint32 *order = g_new (guint32, MAX (1, groups->len));
      GArray *kept = g_array_new (FALSE, FALSE, sizeof (guint32));
      gsize n_rows = 0;
      gsize n_given = 0;
      guint n_given_groups = 0;
      double wanted;

      for (guint i = 0; i < groups->len; i++)
        {
          order[i] = g_array_index (groups, guint32, i);
          n_rows += self->n_rows[order[i]];
        }
      wen_random_shuffle (order, groups->len, seed, stream + label);
      wanted = share * (double) n_rows + carried;

      for (guint i = 0; i < groups->len; i++)
        {
          double n_group_rows = self->n_rows[order[i]];
          /* The nearest to the share, but for large groups, which would overshoot it by far. */
          double excess = MIN (n_group_rows / 2, MAX (0.5, MOST_EXCESS * wanted));

          if (n_given_groups + 1 < groups->len && (double) n_given + n_group_rows <= wanted + excess)
            {
              move_group (self, order[i], split);
              n_given += self->n_rows[order[i]];
              n_given_groups++;
            }
          else
            {
              g_array_append_val (kept, order[i]);
            }
        }
      /* A label that cannot give its part does not make another give it. */
      carried = CLAMP (wanted - (double) n_given, -0.5, 0.5);

      g_array_sort (kept, compare_rows);
      g_array_unref (groups);
      self->labels[label] = kept;
    }
}

/* FALSE when cancelled. */
static gboolean
find_groups (Groups        *self,
             WenDataset    *dataset,
             GCancellable  *cancellable,
             GError       **error)
{
  static const gboolean splits[WEN_N_SPLITS] = { [WEN_SPLIT_TRAIN] = TRUE };
  g_autofree guint32 *equal = wen_duplicates_find_equal (dataset, splits);
  g_autofree guint32 *near = wen_duplicates_find_near (dataset, equal, 0, cancellable);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  divide_templates (dataset, equal, near);
  groups_init (self, dataset, near);
  return TRUE;
}

/**
 * wen_dataset_split:
 * @self: a dataset
 * @seed: decides which rows; the same seed and rows give the same split
 * @test_share: from 0 to 1
 * @validation_share: from 0 to 1, of what the test leaves
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Moves rows from the training split to the test split, and then others to the
 * validation split, in the same share for each label.
 *
 * Rows that say the same or nearly the same stay together: two texts do where the
 * Jaccard index of their pieces of two East Asian characters or three letters is at
 * least 0.8, case, spaces and punctuation aside; so do texts that such pairs connect.
 * Only where twenty or more texts so connected are most rows of a label, near copies
 * are divided, and wen_dataset_dup_warnings() says so.  A label with one row, or one
 * text, stays in training.
 *
 * Blocks: a million short texts take about half a minute.
 *
 * Returns: whether the rows were split; `FALSE` with @error set when it was cancelled,
 *   and the splits are as they were
 */
gboolean
wen_dataset_split (WenDataset   *self,
                   guint64       seed,
                   double        test_share,
                   double        validation_share,
                   GCancellable *cancellable,
                   GError      **error)
{
  Groups groups;

  g_return_val_if_fail (WEN_IS_DATASET (self), FALSE);

  if (!find_groups (&groups, self, cancellable, error))
    return FALSE;
  give_away (&groups, test_share, WEN_SPLIT_TEST, seed, TEST_STREAM);
  give_away (&groups, validation_share, WEN_SPLIT_VALIDATION, seed, VALIDATION_STREAM);
  groups_clear (&groups);
  return TRUE;
}

/* The fold with the fewest rows of the label, and among those with the fewest of all. */
static guint
find_emptiest (const gsize *of_label,
               const gsize *of_all,
               guint        n_folds)
{
  guint best = 0;

  for (guint fold = 1; fold < n_folds; fold++)
    if (of_label[fold] < of_label[best] || (of_label[fold] == of_label[best] && of_all[fold] < of_all[best]))
      best = fold;
  return best;
}

/**
 * wen_dataset_make_folds:
 * @self: a dataset
 * @seed: decides which rows; the same seed and rows give the same folds
 * @n_folds: how many, from 2 to 100
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Divides the rows of the training split into parts of about one size, in which each
 * label has about the same share.
 *
 * Copies and near copies stay together, as wen_dataset_split() keeps them.  Blocks.
 *
 * Returns: (transfer full) (nullable) (array): for each row of the dataset its fold, from
 *   0, or %WEN_NO_FOLD for rows that are not in the training split; or `NULL` with @error
 *   set when it was cancelled
 */
guint8 *
wen_dataset_make_folds (WenDataset    *self,
                        guint64        seed,
                        guint          n_folds,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree gsize *of_all = NULL;
  guint8 *folds;
  Groups groups;

  g_return_val_if_fail (WEN_IS_DATASET (self), NULL);
  g_return_val_if_fail (n_folds >= 2 && n_folds <= 100, NULL);

  if (!find_groups (&groups, self, cancellable, error))
    return NULL;
  folds = g_malloc (MAX (1, self->rows->len));
  memset (folds, WEN_NO_FOLD, self->rows->len);
  of_all = g_new0 (gsize, n_folds);
  for (guint label = 0; label < self->labels->len; label++)
    {
      GArray *firsts = groups.labels[label];
      guint32 *order = (guint32 *) (gpointer) firsts->data;
      g_autofree gsize *of_label = g_new0 (gsize, n_folds);

      wen_random_shuffle (order, firsts->len, seed, FOLD_STREAM + label);
      for (guint i = 0; i < firsts->len; i++)
        {
          guint fold = find_emptiest (of_label, of_all, n_folds);

          for (guint32 row = order[i]; row != WEN_NO_GROUP; row = groups.next[row])
            folds[row] = (guint8) fold;
          of_label[fold] += groups.n_rows[order[i]];
          of_all[fold] += groups.n_rows[order[i]];
        }
    }
  groups_clear (&groups);
  return folds;
}
