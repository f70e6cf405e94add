/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Texts as sparse vectors of n-grams of their tokens, weighted by TF-IDF.
 *
 * DESIGN: an n-gram is known by 48 bits that its tokens are mixed to, which is what
 * a model file can hold exactly; among a hundred thousand n-grams two share a key
 * about once in fifty thousand models, and then they count as one.  With hashing, it
 * is known by its bucket, and all of a bucket count as one: nothing else differs, in
 * memory or in a file.  Features are numbered by how many texts have them, so that the
 * weights of the common ones lie together.
 *
 * The value of an n-gram in a text is (1 + ln count) · (1 + ln ((1 + n_texts) /
 * (1 + texts with it))), or with the count itself before the dot, and the values of a
 * text have length 1.
 *
 * Sources: Salton and Buckley 1988, "Term-weighting approaches in automatic text
 * retrieval"; Weinberger et al. 2009, "Feature hashing for large scale multitask
 * learning". */

#include "config.h"

#include "wen-ngrams-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wen-ngram-hash-private.h"

#define KEY_BITS 48
#define NO_TEXT G_MAXUINT32

struct _WenNgrams
{
  guint    longest;
  guint32  n_buckets;
  gsize    n_features;
  guint64 *keys;     /* [n_features] */
  float   *weights;  /* [n_features]: inverse document frequency */
  guint32 *slots;    /* [mask + 1]: a feature and one more, or 0; a hash table of keys */
  gsize    mask;
};

/* What an n-gram is known by: its bucket, or where there are none, a key of its own. */
static inline guint64
get_hash_key (guint64 hash,
              guint32 n_buckets)
{
  if (n_buckets > 0)
    return wen_ngram_hash_get_row (hash, n_buckets);
  return hash * G_GUINT64_CONSTANT (0xD6E8FEB86659FD93) >> (64 - KEY_BITS);
}

/* Who counts a key. */
static inline guint
get_share (guint64 key,
           guint   n_shares)
{
  return (guint) ((key * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15) >> 32) % n_shares);
}

/* Room for n entries, at most half full. */
static gsize
choose_mask (gsize n_entries)
{
  gsize size = 16;

  while (size < 2 * n_entries)
    size *= 2;
  return size - 1;
}

/* Counting: how many texts have each n-gram. */

typedef struct
{
  guint64 key;
  guint32 n_texts;   /* 0: free */
  guint32 last_text;
} Count;

/* The n-grams of one share of all keys. */
typedef struct
{
  Count *counts;     /* [mask + 1] */
  gsize  mask;
  gsize  n_used;
} Counter;

/* Counting is a walk through memory that no cache holds, so workers share it.  Each goes
 * through all texts and counts what is of its share: every key is counted by one, and no
 * count depends on how many there are. */
typedef struct
{
  const WenBatch *texts;
  guint           longest;
  guint32         n_buckets;
  guint           minimum_texts;
  guint           n_shares;
  Counter        *counters;   /* [n_shares]; at last, its first n_used counts are those to keep */
} Counting;

static Count *
find_count (Count  *counts,
            gsize   mask,
            guint64 key)
{
  gsize slot = (gsize) key & mask;

  while (counts[slot].n_texts > 0 && counts[slot].key != key)
    slot = (slot + 1) & mask;
  return &counts[slot];
}

static void
grow (Counter *counter)
{
  gsize mask = 2 * counter->mask + 1;
  Count *counts = g_new0 (Count, mask + 1);

  for (gsize i = 0; i <= counter->mask; i++)
    if (counter->counts[i].n_texts > 0)
      *find_count (counts, mask, counter->counts[i].key) = counter->counts[i];
  g_free (counter->counts);
  counter->counts = counts;
  counter->mask = mask;
}

static void
count_ngram (Counter *counter,
             guint64  key,
             guint32  text)
{
  Count *count = find_count (counter->counts, counter->mask, key);

  if (count->n_texts == 0)
    {
      *count = (Count) { .key = key, .last_text = NO_TEXT };
      counter->n_used++;
    }
  if (count->last_text != text)
    {
      count->last_text = text;
      count->n_texts++;
    }
  if (2 * counter->n_used > counter->mask)
    grow (counter);
}

static void
count_texts (const Counting *counting,
             guint           share)
{
  const WenBatch *texts = counting->texts;

  for (gsize text = 0; text < texts->n_texts; text++)
    for (guint32 begin = texts->offsets[text]; begin < texts->offsets[text + 1]; begin++)
      {
        guint64 hash = WEN_NGRAM_HASH_START;
        guint32 end = MIN (begin + counting->longest, texts->offsets[text + 1]);

        for (guint32 i = begin; i < end; i++)
          {
            guint64 key;

            hash = wen_ngram_hash_add (hash, texts->token_ids[i]);
            key = get_hash_key (hash, counting->n_buckets);
            if (get_share (key, counting->n_shares) == share)
              count_ngram (&counting->counters[share], key, (guint32) text);
          }
      }
}

/* Worker.  Counts its share, and keeps what enough texts have. */
static void
count_share (guint    worker,
             gpointer data)
{
  Counting *counting = data;
  Counter *counter = &counting->counters[worker];
  gsize n_kept = 0;

  *counter = (Counter) { .counts = g_new0 (Count, 1 << 16), .mask = (1 << 16) - 1 };
  count_texts (counting, worker);
  for (gsize i = 0; i <= counter->mask; i++)
    if (counter->counts[i].n_texts >= MAX (1, counting->minimum_texts))
      counter->counts[n_kept++] = counter->counts[i];
  counter->n_used = n_kept;
}

/* Puts what all have kept together. (transfer full) */
static Count *
join_counters (Counting *counting,
               gsize    *n_counts)
{
  Count *counts;

  *n_counts = 0;
  for (guint i = 0; i < counting->n_shares; i++)
    *n_counts += counting->counters[i].n_used;
  counts = g_new (Count, MAX (1, *n_counts));
  *n_counts = 0;
  for (guint i = 0; i < counting->n_shares; i++)
    {
      memcpy (counts + *n_counts, counting->counters[i].counts, counting->counters[i].n_used * sizeof *counts);
      *n_counts += counting->counters[i].n_used;
      g_free (counting->counters[i].counts);
    }
  return counts;
}

/* The commonest first; the key decides between equals. */
static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const Count *left = a;
  const Count *right = b;

  if (left->n_texts != right->n_texts)
    return left->n_texts < right->n_texts ? 1 : -1;
  return (left->key > right->key) - (left->key < right->key);
}

/* N-grams of up to `longest` tokens that at least minimum_texts texts have, and of
 * those the max_features commonest.  n_buckets: that share them, or 0. */
WenNgrams *
wen_ngrams_new_from_texts (const WenBatch *texts,
                           guint           longest,
                           guint32         n_buckets,
                           guint           minimum_texts,
                           gsize           max_features,
                           WenWorkerPool  *pool)
{
  Counting counting = {
    .texts = texts,
    .longest = longest,
    .n_buckets = n_buckets,
    .minimum_texts = minimum_texts,
    .n_shares = wen_worker_pool_get_n_workers (pool),
  };
  g_autofree Counter *counters = g_new0 (Counter, counting.n_shares);
  g_autofree Count *counts = NULL;
  g_autofree guint64 *keys = NULL;
  g_autofree float *weights = NULL;
  gsize n_features;

  counting.counters = counters;
  wen_worker_pool_run (pool, count_share, &counting);
  counts = join_counters (&counting, &n_features);
  qsort (counts, n_features, sizeof (Count), compare_counts);
  n_features = MIN (n_features, max_features);

  keys = g_new (guint64, MAX (1, n_features));
  weights = g_new (float, MAX (1, n_features));
  for (gsize i = 0; i < n_features; i++)
    {
      keys[i] = counts[i].key;
      weights[i] = (float) (1 + log ((1.0 + (double) texts->n_texts) / (1.0 + counts[i].n_texts)));
    }
  return wen_ngrams_new_from_keys (keys, weights, n_features, longest, n_buckets);
}

/* keys, weights: [n_features], copied. */
WenNgrams *
wen_ngrams_new_from_keys (const guint64 *keys,
                          const float   *weights,
                          gsize          n_features,
                          guint          longest,
                          guint32        n_buckets)
{
  WenNgrams *self = g_new0 (WenNgrams, 1);

  self->longest = longest;
  self->n_buckets = n_buckets;
  self->n_features = n_features;
  self->keys = g_memdup2 (keys, n_features * sizeof *keys);
  self->weights = g_memdup2 (weights, n_features * sizeof *weights);
  self->mask = choose_mask (n_features);
  self->slots = g_new0 (guint32, self->mask + 1);
  for (gsize i = 0; i < n_features; i++)
    {
      gsize slot = (gsize) keys[i] & self->mask;

      while (self->slots[slot] != 0)
        slot = (slot + 1) & self->mask;
      self->slots[slot] = (guint32) i + 1;
    }
  return self;
}

void
wen_ngrams_free (WenNgrams *self)
{
  g_free (self->keys);
  g_free (self->weights);
  g_free (self->slots);
  g_free (self);
}

gsize
wen_ngrams_get_n_features (WenNgrams *self)
{
  return self->n_features;
}

guint64
wen_ngrams_get_key (WenNgrams *self,
                    gsize      feature)
{
  return self->keys[feature];
}

float
wen_ngrams_get_weight (WenNgrams *self,
                       gsize      feature)
{
  return self->weights[feature];
}

/* Makes TF-IDF of length 1 of counts. */
static void
weigh (WenNgrams     *self,
       gboolean       is_sublinear,
       WenNgramValue *values,
       gsize          n_values)
{
  double squares = 0;

  for (gsize i = 0; i < n_values; i++)
    {
      float frequency = is_sublinear ? 1.0f + logf (values[i].value) : values[i].value;

      values[i].value = frequency * self->weights[values[i].index];
      squares += (double) values[i].value * (double) values[i].value;
    }
  if (squares > 0)
    for (gsize i = 0; i < n_values; i++)
      values[i].value = (float) (values[i].value / sqrt (squares));
}

/* Writes the values of one text, each n-gram once, in the order in which they first
 * occur; returns how many.  The text may be of any thread.
 *
 *   counts   [n_features], all 0, and all 0 again afterwards
 *   values   [longest * n_tokens] */
gsize
wen_ngrams_extract (WenNgrams     *self,
                    WenNgramValues kind,
                    const guint32 *token_ids,
                    gsize          n_tokens,
                    guint32       *counts,
                    WenNgramValue *values)
{
  gsize n_values = 0;

  for (gsize begin = 0; begin < n_tokens; begin++)
    {
      guint64 hash = WEN_NGRAM_HASH_START;
      gsize end = MIN (begin + self->longest, n_tokens);

      for (gsize i = begin; i < end; i++)
        {
          guint64 key;
          gsize slot;
          guint32 feature;

          hash = wen_ngram_hash_add (hash, token_ids[i]);
          key = get_hash_key (hash, self->n_buckets);
          slot = (gsize) key & self->mask;
          while (self->slots[slot] != 0 && self->keys[self->slots[slot] - 1] != key)
            slot = (slot + 1) & self->mask;
          if (self->slots[slot] == 0)
            continue;
          feature = self->slots[slot] - 1;
          if (counts[feature]++ == 0)
            values[n_values++].index = feature;
        }
    }

  for (gsize i = 0; i < n_values; i++)
    {
      values[i].value = (float) counts[values[i].index];
      counts[values[i].index] = 0;
    }
  if (kind != WEN_NGRAM_VALUES_COUNTS)
    weigh (self, kind == WEN_NGRAM_VALUES_TF_IDF, values, n_values);
  return n_values;
}
