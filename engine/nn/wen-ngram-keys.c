/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which n-gram owns which row of a table.
 *
 * DESIGN.  Where all n-grams share rows by their hash, those of a single text, which are
 * most, spoil the rows of the others, and it costs a hundredth of accuracy or two.  So a
 * row has one owner, an n-gram of enough texts, and its key says whose it is.  An n-gram
 * has two rows to choose from; the common ones choose first, and one that finds both taken
 * has none.
 *
 * Texts are counted in counters that n-grams share by their hash, so memory stays bounded:
 * of a very large table of texts, some rare n-grams may pass for common ones. */

#include "config.h"

#include "wen-ngram-keys-private.h"

#include <string.h>

#define MAX_COUNTERS (1 << 23)
/* Who chooses first: n-grams of so many times the texts that are asked for; then a fourth. */
#define FIRST_FACTOR 16

typedef struct
{
  const WenBatch *texts;
  guint           longest;
  guint32         n_counters;
  guint16        *counts;    /* [n_counters] */
  guint32        *last_text; /* [n_counters]: plus 1 */

  float          *keys;
  guint32         n_rows;
  guint           threshold;
} Choice;

typedef void (*NgramFunc) (Choice  *choice,
                           guint32  text,
                           guint64  hash);

/* Calls a function for every n-gram of two tokens or more. */
static void
walk_ngrams (Choice    *self,
             NgramFunc  func)
{
  for (gsize text = 0; text < self->texts->n_texts; text++)
    for (guint32 begin = self->texts->offsets[text]; begin < self->texts->offsets[text + 1]; begin++)
      {
        guint32 end = (guint32) MIN ((gsize) begin + self->longest, self->texts->offsets[text + 1]);
        guint64 hash = wen_ngram_hash_add (WEN_NGRAM_HASH_START, self->texts->token_ids[begin]);

        for (guint32 i = begin + 1; i < end; i++)
          {
            hash = wen_ngram_hash_add (hash, self->texts->token_ids[i]);
            func (self, (guint32) text, hash);
          }
      }
}

static void
count_text (Choice  *self,
            guint32  text,
            guint64  hash)
{
  guint32 counter = wen_ngram_hash_get_row (hash, self->n_counters);

  if (self->last_text[counter] == text + 1)
    return;
  self->last_text[counter] = text + 1;
  if (self->counts[counter] < G_MAXUINT16)
    self->counts[counter]++;
}

static void
choose_row (Choice  *self,
            guint32  text,
            guint64  hash)
{
  guint32 row = wen_ngram_hash_get_row (hash, self->n_rows);
  guint32 second_row = wen_ngram_keys_get_second_row (hash, self->n_rows);

  if (self->counts[wen_ngram_hash_get_row (hash, self->n_counters)] < self->threshold
      || wen_ngram_keys_find (self->keys, self->n_rows, hash) != WEN_NO_ROW)
    return;
  if (self->keys[row] == 0.0f)
    self->keys[row] = wen_ngram_keys_get_key (hash);
  else if (self->keys[second_row] == 0.0f)
    self->keys[second_row] = wen_ngram_keys_get_key (hash);
}

/* Gives rows to n-grams of two to `longest` tokens that are in enough texts.
 *
 *   keys   [n_rows], written; 0 where a row has no owner */
void
wen_ngram_keys_choose (float          *keys,
                       guint32         n_rows,
                       const WenBatch *texts,
                       guint           longest,
                       guint           minimum_texts)
{
  Choice self = { .texts = texts, .longest = longest, .keys = keys, .n_rows = n_rows };

  self.n_counters = (guint32) CLAMP (4 * texts->n_tokens * longest, 1024, MAX_COUNTERS);
  self.counts = g_new0 (guint16, self.n_counters);
  self.last_text = g_new0 (guint32, self.n_counters);
  memset (keys, 0, n_rows * sizeof *keys);
  walk_ngrams (&self, count_text);
  for (guint factor = FIRST_FACTOR; factor >= 1; factor /= 4)
    {
      self.threshold = MIN (factor * minimum_texts, G_MAXUINT16);
      walk_ngrams (&self, choose_row);
    }
  g_free (self.counts);
  g_free (self.last_text);
}
