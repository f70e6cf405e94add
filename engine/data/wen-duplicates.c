/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows that say the same, or nearly.
 *
 * DESIGN: equal texts are found by a hash of the text without writing habits.  For
 * texts that are nearly equal, each text is the set of its shingles, put in one
 * order for all texts, the rarest first.  If two sets have a Jaccard index of at
 * least t, then at least t of each is common to both, so the first (1 - t) n + 1
 * shingles of the one, n being its number of shingles, hold one of the first of the
 * other.  Only texts that share one of these are compared.  Unlike bands of
 * MinHash values, which were the first idea, this misses no pair by chance, and as
 * rare shingles come first there is little to compare.
 *
 * Long texts have many first shingles, and comparing two of them takes long.  Their
 * MinHash values tell beforehand which are worth it.  Of pairs with an index of t, one
 * in a hundred thousand is lost that way; pairs that are still nearer, fewer.
 *
 * Memory is some 30 bytes for each row, and one block of shingles: what does not fit
 * into it is left to another pass over the texts.
 *
 * Sources: Bayardo, Ma, Srikant: Scaling up all pairs similarity search, 2007; Li,
 * König: b-Bit minwise hashing, 2010. */

#include "config.h"

#include "wen-duplicates-private.h"

#include <math.h>
#include <stdlib.h>

#include "wen-dataset-private.h"
#include "wen-random-private.h"
#include "wen-text-shingles-private.h"

#define COUNTER_BITS 22
/* A block of shingles, with where they are: so many at least, or as many bytes as the
 * texts have. */
#define LEAST_BLOCK_POSTINGS (2 * 1024 * 1024)
#define TEXT_BYTES_A_POSTING 8
/* Of texts that share even their rarest shingles there may be a whole table full, of
 * one template: each looks back at so many others. */
#define MOST_LOOKS_BACK 1024
#define MOST_COMPARISONS 128

/* More shingles than this make a long text: its bits would all be set. */
#define MANY_SHINGLES 64
/* The low bytes of so many MinHash values; fewer in common than expected by five times
 * the standard deviation, 3.2, are too few. */
#define N_MINIMA 64
#define LEAST_EQUAL_MINIMA 36

/* What tells without a look at the texts that two of them differ too much. */
typedef struct
{
  union
  {
    guint64 bits[2];   /* of a short text: one is set for each shingle */
    gsize   signature; /* of a long text: where its minima are */
  };
  guint32 n_shingles;
} Sketch;

typedef struct
{
  guint8 minima[N_MINIMA];
} Signature;

typedef struct
{
  WenDataset   *dataset;
  guint32      *groups;     /* parent of each row in a forest; the roots are the first rows */
  Sketch       *sketches;
  GArray       *signatures; /* of Signature */
  guint16      *counts;     /* about how many texts have a shingle, by its hash */
  GCancellable *cancellable;
} Search;

/* The group of each row: the first row of its text; WEN_NO_GROUP for rows of other
 * splits and without text.  Case, spaces and punctuation make no difference.
 * (transfer full) */
guint32 *
wen_duplicates_find_equal (WenDataset    *dataset,
                           const gboolean splits[WEN_N_SPLITS])
{
  g_auto (WenTextShingles) shingles = { 0 };
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  guint32 *groups = g_new (guint32, MAX (1, n_rows));
  g_autofree guint64 *hashes = g_new (guint64, MAX (1, n_rows));
  gsize n_slots = 16;
  g_autofree guint32 *slots = NULL; /* row + 1 */

  while (n_slots < 2 * n_rows)
    n_slots *= 2;
  slots = g_new0 (guint32, n_slots);
  wen_text_shingles_init (&shingles);

  for (gsize row = 0; row < n_rows; row++)
    {
      const char *text = wen_dataset_get_text (dataset, row);
      gsize slot;

      groups[row] = WEN_NO_GROUP;
      if (!splits[wen_dataset_get_split (dataset, row)] || wen_dataset_is_blank (text))
        continue;
      hashes[row] = wen_text_shingles_normalize (&shingles, text);
      slot = hashes[row] & (n_slots - 1);
      while (slots[slot] != 0 && hashes[slots[slot] - 1] != hashes[row])
        slot = (slot + 1) & (n_slots - 1);
      if (slots[slot] == 0)
        slots[slot] = (guint32) row + 1;
      groups[row] = slots[slot] - 1;
    }
  return groups;
}

static guint32
find_root (guint32 *groups,
           guint32  row)
{
  while (groups[row] != row)
    {
      groups[row] = groups[groups[row]];
      row = groups[row];
    }
  return row;
}

static void
join (guint32 *groups,
      guint32  left,
      guint32  right)
{
  guint32 left_root = find_root (groups, left);
  guint32 right_root = find_root (groups, right);

  groups[MAX (left_root, right_root)] = MIN (left_root, right_root);
}

static gsize
get_counter (guint32 shingle)
{
  return shingle >> (32 - COUNTER_BITS);
}

/* How many of n shingles, the rarest ones, must hold one that a near duplicate has
 * among its own. */
static gsize
count_leading (gsize n_shingles)
{
  return n_shingles - (gsize) ceil (WEN_NEAR_DUPLICATE * (double) n_shingles - 1e-9) + 1;
}

/* The smallest value of each of some hash functions over the shingles: two texts agree
 * in as many of them as their Jaccard index says. */
static gsize
add_signature (Search        *self,
               const guint32 *shingles,
               gsize          n_shingles)
{
  guint32 minima[N_MINIMA];
  Signature signature;

  for (guint i = 0; i < N_MINIMA; i++)
    {
      guint64 random = wen_random_u64 (0, 0, i);
      guint32 factor = (guint32) random | 1;
      guint32 offset = (guint32) (random >> 32);
      guint32 minimum = G_MAXUINT32;

      for (gsize j = 0; j < n_shingles; j++)
        minimum = MIN (minimum, shingles[j] * factor + offset);
      minima[i] = minimum;
    }
  for (guint i = 0; i < N_MINIMA; i++)
    signature.minima[i] = (guint8) minima[i];
  g_array_append_val (self->signatures, signature);
  return self->signatures->len - 1;
}

/* Counts shingles over all texts, each text once; returns the number of postings. */
static gsize
measure_texts (Search          *self,
               const guint32   *equal,
               WenTextShingles *shingles)
{
  gsize n_postings = 0;

  for (gsize row = 0; row < wen_dataset_get_n_rows (self->dataset) && !g_cancellable_is_cancelled (self->cancellable);
       row++)
    {
      Sketch *sketch = &self->sketches[row];

      if (equal[row] != row)
        continue;
      wen_text_shingles_cut (shingles, wen_dataset_get_text (self->dataset, row));
      sketch->n_shingles = shingles->shingles->len;
      n_postings += count_leading (sketch->n_shingles);
      for (guint i = 0; i < shingles->shingles->len; i++)
        {
          guint32 shingle = g_array_index (shingles->shingles, guint32, i);
          guint16 *count = &self->counts[get_counter (shingle)];

          *count = (guint16) MIN (G_MAXUINT16, *count + 1u);
          if (sketch->n_shingles <= MANY_SHINGLES)
            sketch->bits[shingle >> 6 & 1] |= G_GUINT64_CONSTANT (1) << (shingle & 63);
        }
      if (sketch->n_shingles > MANY_SHINGLES)
        sketch->signature = add_signature (self, (const guint32 *) shingles->shingles->data, sketch->n_shingles);
    }
  return n_postings;
}

static int
compare_postings (gconstpointer a,
                  gconstpointer b)
{
  guint64 left = *(const guint64 *) a;
  guint64 right = *(const guint64 *) b;

  return (left > right) - (left < right);
}

/* Adds a posting for each leading shingle of a text that belongs to this pass:
 * shingle << 32 | row. */
static void
add_postings (Search                *self,
              gsize                  row,
              const WenTextShingles *shingles,
              guint64                pass,
              guint64                n_passes,
              GArray                *order,
              GArray                *postings)
{
  gsize n_leading = count_leading (shingles->shingles->len);

  g_array_set_size (order, 0);
  for (guint i = 0; i < shingles->shingles->len; i++)
    {
      guint32 shingle = g_array_index (shingles->shingles, guint32, i);
      guint64 ranked = (guint64) self->counts[get_counter (shingle)] << 32 | shingle;

      g_array_append_val (order, ranked);
    }
  g_array_sort (order, compare_postings);
  for (gsize i = 0; i < n_leading; i++)
    {
      guint32 shingle = (guint32) g_array_index (order, guint64, i);
      guint64 posting = (guint64) shingle << 32 | row;

      if (shingle * n_passes >> 32 == pass)
        g_array_append_val (postings, posting);
    }
}

static gboolean
has_near_bits (const Sketch *left,
               const Sketch *right)
{
  double n_both = (double) left->n_shingles + right->n_shingles;
  int n_different = __builtin_popcountll (left->bits[0] ^ right->bits[0])
                    + __builtin_popcountll (left->bits[1] ^ right->bits[1]);

  /* Each bit that only one of them has is a shingle that only one of them has. */
  return n_different <= n_both * (1 - WEN_NEAR_DUPLICATE) / (1 + WEN_NEAR_DUPLICATE) + 1e-9;
}

static gboolean
has_near_minima (const Signature *left,
                 const Signature *right)
{
  guint n_equal = 0;

  for (guint i = 0; i < N_MINIMA; i++)
    n_equal += left->minima[i] == right->minima[i];
  return n_equal >= LEAST_EQUAL_MINIMA;
}

/* Whether two texts may be near duplicates, by their sketches alone. */
static gboolean
may_be_near (Search *self,
             guint32 left_row,
             guint32 right_row)
{
  const Sketch *left = &self->sketches[left_row];
  const Sketch *right = &self->sketches[right_row];
  guint32 fewer = MIN (left->n_shingles, right->n_shingles);
  guint32 more = MAX (left->n_shingles, right->n_shingles);

  if (fewer < WEN_NEAR_DUPLICATE * more)
    return FALSE;
  if (more <= MANY_SHINGLES)
    return has_near_bits (left, right);
  return fewer <= MANY_SHINGLES
         || has_near_minima (&g_array_index (self->signatures, Signature, left->signature),
                             &g_array_index (self->signatures, Signature, right->signature));
}

/* Compares the texts that share one shingle. */
static void
join_near (Search          *self,
           const guint64   *postings,
           gsize            n_postings,
           WenTextShingles *left,
           WenTextShingles *right)
{
  for (gsize i = 1; i < n_postings && !g_cancellable_is_cancelled (self->cancellable); i++)
    {
      guint32 row = (guint32) postings[i];
      guint n_comparisons = 0;

      for (gsize j = i; j-- > 0 && i - j <= MOST_LOOKS_BACK && n_comparisons < MOST_COMPARISONS;)
        {
          guint32 other = (guint32) postings[j];

          if (!may_be_near (self, row, other)
              || find_root (self->groups, row) == find_root (self->groups, other))
            continue;
          if (n_comparisons++ == 0)
            wen_text_shingles_cut (left, wen_dataset_get_text (self->dataset, row));
          wen_text_shingles_cut (right, wen_dataset_get_text (self->dataset, other));
          if (wen_text_shingles_compare (left, right) >= WEN_NEAR_DUPLICATE)
            join (self->groups, row, other);
        }
    }
}

static void
run_pass (Search          *self,
          const guint32   *equal,
          guint64          pass,
          guint64          n_passes,
          GArray          *postings,
          WenTextShingles *left,
          WenTextShingles *right)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint64));
  const guint64 *sorted;
  gsize n_same;

  g_array_set_size (postings, 0);
  for (gsize row = 0; row < wen_dataset_get_n_rows (self->dataset) && !g_cancellable_is_cancelled (self->cancellable);
       row++)
    if (equal[row] == row)
      {
        wen_text_shingles_cut (left, wen_dataset_get_text (self->dataset, row));
        add_postings (self, row, left, pass, n_passes, order, postings);
      }
  g_array_sort (postings, compare_postings);

  sorted = (const guint64 *) postings->data;
  for (gsize i = 0; i < postings->len; i += n_same)
    {
      for (n_same = 1; i + n_same < postings->len && sorted[i] >> 32 == sorted[i + n_same] >> 32;)
        n_same++;
      join_near (self, sorted + i, n_same, left, right);
    }
}

/* equal: what wen_duplicates_find_equal() gives.  The group of each row: the first
 * row that it is connected with by pairs of near duplicates.  (transfer full)
 *
 * most_postings: of a block; 0 for what suits the texts
 * cancellable: once it is cancelled, what is returned means nothing */
guint32 *
wen_duplicates_find_near (WenDataset    *dataset,
                          const guint32 *equal,
                          gsize          most_postings,
                          GCancellable  *cancellable)
{
  gsize n_rows = wen_dataset_get_n_rows (dataset);
  Search search = {
    .dataset = dataset,
    .groups = g_memdup2 (equal, MAX (1, n_rows) * sizeof *equal),
    .sketches = g_new0 (Sketch, MAX (1, n_rows)),
    .signatures = g_array_new (FALSE, FALSE, sizeof (Signature)),
    .counts = g_new0 (guint16, (gsize) 1 << COUNTER_BITS),
    .cancellable = cancellable,
  };
  g_auto (WenTextShingles) left = { 0 };
  g_auto (WenTextShingles) right = { 0 };
  g_autoptr (GArray) postings = NULL;
  gsize n_postings;
  gsize n_passes;

  if (most_postings == 0)
    most_postings = MAX (LEAST_BLOCK_POSTINGS, dataset->texts_bytes / TEXT_BYTES_A_POSTING);
  wen_text_shingles_init (&left);
  wen_text_shingles_init (&right);
  n_postings = measure_texts (&search, equal, &left);
  n_passes = n_postings / most_postings + 1;
  postings = g_array_sized_new (FALSE, FALSE, sizeof (guint64), (guint) MIN (n_postings, most_postings));
  for (gsize pass = 0; pass < n_passes && !g_cancellable_is_cancelled (cancellable); pass++)
    run_pass (&search, equal, pass, n_passes, postings, &left, &right);

  for (gsize row = 0; row < n_rows; row++)
    if (search.groups[row] != WEN_NO_GROUP)
      search.groups[row] = find_root (search.groups, (guint32) row);
  g_free (search.sketches);
  g_array_unref (search.signatures);
  g_free (search.counts);
  return search.groups;
}
