/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much the commonest tokens tell about the label: the information gain, which is
 * by how many nats the entropy of the labels is less once it is known whether a text
 * has the token.
 *
 * A token is a word, or two characters that follow each other in a script that does
 * not part words; which tokenizer will be trained with is not known here.  Of a large
 * table, rows at equal distances stand for all.
 *
 * Source: Yang and Pedersen 1997, section 2.2. */

#include "config.h"

#include "wen-token-gain-private.h"

#include <math.h>

#define MOST_ROWS 50000
#define N_COMMONEST 300
#define N_TOLD 10

typedef void (*TokenFunc) (const char *token,
                           gsize       label,
                           gpointer    data);

typedef struct
{
  GHashTable *tokens;   /* token -> index + 1 of its counts */
  GArray     *by_label; /* of gsize, [token][label] */
  GHashTable *seen;     /* of the row */
  gsize       n_labels;
} Counter;

/* Entropy of the shares that counts are, in nats. */
double
wen_token_gain_entropy (const gsize *counts,
                        gsize        n_counts)
{
  double sum = 0;
  double entropy = 0;

  for (gsize i = 0; i < n_counts; i++)
    sum += (double) counts[i];
  for (gsize i = 0; i < n_counts; i++)
    if (counts[i] > 0)
      entropy -= (double) counts[i] / sum * log ((double) counts[i] / sum);
  return entropy;
}

static gboolean
is_unparted (gunichar c)
{
  GUnicodeScript script = c < 0x80 ? G_UNICODE_SCRIPT_LATIN : g_unichar_get_script (c);

  return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA
         || script == G_UNICODE_SCRIPT_THAI;
}

/* Calls func once for each token that a text has, as often as it has it. */
static void
for_each_token (const char *text,
                TokenFunc   func,
                gsize       label,
                gpointer    data)
{
  g_autoptr (GString) word = g_string_new (NULL);
  const char *next;

  for (const char *p = text; *p != '\0'; p = next)
    {
      gunichar c = g_utf8_get_char (p);

      next = g_utf8_next_char (p);
      if (g_unichar_isalnum (c) && !is_unparted (c))
        {
          g_string_append_unichar (word, g_unichar_tolower (c));
          continue;
        }
      if (word->len > 0)
        func (word->str, label, data);
      g_string_truncate (word, 0);
      if (is_unparted (c) && is_unparted (g_utf8_get_char (next)))
        {
          g_string_append_len (word, p, g_utf8_next_char (next) - p);
          func (word->str, label, data);
          g_string_truncate (word, 0);
        }
    }
  if (word->len > 0)
    func (word->str, label, data);
}

static void
count_row_with (const char *token,
                gsize       label,
                gpointer    data)
{
  Counter *self = data;
  gpointer key;
  gpointer n_rows;

  if (g_hash_table_lookup_extended (self->tokens, token, &key, &n_rows))
    {
      if (g_hash_table_add (self->seen, key))
        g_hash_table_insert (self->tokens, g_strdup (token), GUINT_TO_POINTER (GPOINTER_TO_UINT (n_rows) + 1));
    }
  else
    {
      key = g_strdup (token);
      g_hash_table_insert (self->tokens, key, GUINT_TO_POINTER (1));
      g_hash_table_add (self->seen, key);
    }
}

static void
count_label_with (const char *token,
                  gsize       label,
                  gpointer    data)
{
  Counter *self = data;
  gpointer key;
  gpointer index;

  if (g_hash_table_lookup_extended (self->tokens, token, &key, &index) && g_hash_table_add (self->seen, key))
    g_array_index (self->by_label, gsize, (GPOINTER_TO_UINT (index) - 1) * self->n_labels + label)++;
}

static void
for_each_row (WenDataset *dataset,
              TokenFunc   func,
              Counter    *counter,
              gsize      *by_label)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  gsize step = n_rows / MOST_ROWS + 1;

  for (gsize row = 0; row < n_rows; row += step)
    {
      guint label = wen_dataset_get_label (dataset, row);

      if (label == WEN_NO_LABEL)
        continue;
      if (by_label != NULL)
        by_label[label]++;
      g_hash_table_remove_all (counter->seen);
      for_each_token (wen_dataset_get_text (dataset, row), func, label, counter);
    }
}

typedef struct
{
  const char *token;
  guint       n_rows;
} TokenCount;

/* By rows, the most first; equal ones by name, so that the outcome is always the same. */
static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const TokenCount *left = a;
  const TokenCount *right = b;

  if (left->n_rows != right->n_rows)
    return left->n_rows < right->n_rows ? 1 : -1;
  return g_strcmp0 (left->token, right->token);
}

/* Keeps the commonest tokens, each with an index for its counts. */
static void
keep_commonest (Counter *counter)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (TokenCount));
  g_autoptr (GHashTable) tokens = counter->tokens;
  GHashTableIter iter;
  gpointer token;
  gpointer n_rows;

  g_hash_table_iter_init (&iter, tokens);
  while (g_hash_table_iter_next (&iter, &token, &n_rows))
    {
      const TokenCount count = { token, GPOINTER_TO_UINT (n_rows) };

      g_array_append_val (all, count);
    }
  g_array_sort (all, compare_counts);
  counter->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < MIN (all->len, N_COMMONEST); i++)
    g_hash_table_insert (counter->tokens, g_strdup (g_array_index (all, TokenCount, i).token), GUINT_TO_POINTER (i + 1));
}

static void
token_gain_free (gpointer data)
{
  WenTokenGain *self = data;

  g_free (self->token);
  g_free (self);
}

static int
compare_gains (gconstpointer a,
               gconstpointer b)
{
  const WenTokenGain *left = *(WenTokenGain *const *) a;
  const WenTokenGain *right = *(WenTokenGain *const *) b;

  if (left->gain != right->gain)
    return left->gain < right->gain ? 1 : -1;
  return g_strcmp0 (left->token, right->token);
}

static WenTokenGain *
measure_token (const char  *token,
               const gsize *with,
               const gsize *all,
               gsize        n_labels,
               double       entropy)
{
  g_autofree gsize *without = g_new (gsize, n_labels);
  WenTokenGain *gain = g_new0 (WenTokenGain, 1);
  gsize n_rows = 0;

  for (gsize label = 0; label < n_labels; label++)
    {
      without[label] = all[label] - with[label];
      n_rows += all[label];
      gain->n_rows += with[label];
    }
  gain->token = g_strdup (token);
  gain->gain = entropy
               - ((double) gain->n_rows * wen_token_gain_entropy (with, n_labels)
                  + (double) (n_rows - gain->n_rows) * wen_token_gain_entropy (without, n_labels))
                   / (double) n_rows;
  return gain;
}

/* The tokens that tell most, the best first: (transfer full) (element-type
 * WenTokenGain).  entropy: of the labels, in the rows that were looked at. */
GPtrArray *
wen_token_gain_measure (WenDataset *dataset,
                        double     *entropy)
{
  GPtrArray *gains = g_ptr_array_new_with_free_func (token_gain_free);
  gsize n_labels = wen_dataset_get_n_labels (dataset);
  g_autofree gsize *by_label = g_new0 (gsize, MAX (1, n_labels));
  Counter counter = { .n_labels = n_labels };
  GHashTableIter iter;
  gpointer token;
  gpointer index;

  counter.tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  counter.seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  for_each_row (dataset, count_row_with, &counter, by_label);
  *entropy = wen_token_gain_entropy (by_label, n_labels);
  keep_commonest (&counter);

  counter.by_label = g_array_new (FALSE, TRUE, sizeof (gsize));
  g_array_set_size (counter.by_label, (guint) (g_hash_table_size (counter.tokens) * n_labels));
  for_each_row (dataset, count_label_with, &counter, NULL);

  g_hash_table_iter_init (&iter, counter.tokens);
  while (g_hash_table_iter_next (&iter, &token, &index))
    g_ptr_array_add (gains, measure_token (token,
                                           &g_array_index (counter.by_label, gsize,
                                                           (GPOINTER_TO_UINT (index) - 1) * n_labels),
                                           by_label, n_labels, *entropy));
  g_ptr_array_sort (gains, compare_gains);
  if (gains->len > N_TOLD)
    g_ptr_array_set_size (gains, N_TOLD);
  g_array_unref (counter.by_label);
  g_hash_table_unref (counter.tokens);
  g_hash_table_unref (counter.seen);
  return gains;
}
