/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which tokens stand in similar places of the training texts.
 *
 * DESIGN: a common token is described by what stands up to two places before and
 * behind it: how much more often than by chance each of the commonest tokens does
 * (positive pointwise mutual information).  Two tokens are neighbours where the cosine
 * of their descriptions is large.  Words of opposite meaning stand in the same places,
 * too; in texts with labels they give themselves away, for they stand in texts of
 * other labels: so neighbours have to have similar labels as well.
 *
 * Source: Levy, Goldberg and Dagan 2015, section 3, for the measure and the exponent. */

#include "config.h"

#include "wen-token-neighbours-private.h"

#include <math.h>

#include "wen-blas-private.h"

/* Tokens that may have neighbours, and those that describe them: the commonest. */
#define MAXIMUM_TOKENS 2500
#define MAXIMUM_CONTEXTS 250
#define MINIMUM_COUNT 5
#define WINDOW 2
#define N_NEIGHBOURS 5
#define MINIMUM_COSINE 0.35f
/* Largest share of texts of two tokens that would have to change labels, beyond what
 * would have to by chance. */
#define MAXIMUM_LABEL_DISTANCE 0.1
/* The mean distance of a normal number from its mean, in standard deviations. */
#define MEAN_DEVIATION 0.7979
/* Rare contexts seem to say more than they do. */
#define CONTEXT_EXPONENT 0.75
/* More than these say nothing new. */
#define MAXIMUM_TEXT_TOKENS 4000000

#define BLOCK_ROWS 64

#define NO_ROW G_MAXUINT32

struct _WenTokenNeighbours
{
  guint    n_vocabulary;
  guint32 *rows;         /* [n_vocabulary]: place in the arrays below, or NO_ROW */
  guint    n_rows;
  guint32 *token_ids;    /* [n_rows]: the commonest first */
  guint   *n_neighbours; /* [n_rows] */
  guint32 *neighbours;   /* [n_rows][N_NEIGHBOURS] */
};

typedef struct
{
  WenTokenNeighbours *self;
  const WenBatch     *texts;
  gsize               stride;     /* of the texts that are looked at */
  guint               n_contexts;
  gsize               n_columns;  /* contexts before, then contexts behind */
  float              *values;     /* [n_rows][n_columns] */
  guint               n_labels;
  float              *labels;     /* [n_rows][n_labels]: how often the token stands in texts of each label */
  gint                next_block;
  GCancellable       *cancellable;
} Job;

static void
job_clear (Job *job)
{
  g_free (job->values);
  g_free (job->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

void
wen_token_neighbours_free (WenTokenNeighbours *self)
{
  g_free (self->rows);
  g_free (self->token_ids);
  g_free (self->n_neighbours);
  g_free (self->neighbours);
  g_free (self);
}

static int
compare_counts (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const guint64 *counts = user_data;
  guint32 id_a = *(const guint32 *) a;
  guint32 id_b = *(const guint32 *) b;

  if (counts[id_a] != counts[id_b])
    return counts[id_a] > counts[id_b] ? -1 : 1;
  return id_a < id_b ? -1 : id_a > id_b;
}

/* Finds the commonest tokens that are part of a text. */
static void
choose_tokens (Job           *job,
               WenVocabulary *vocabulary)
{
  WenTokenNeighbours *self = job->self;
  g_autofree guint64 *counts = g_new0 (guint64, self->n_vocabulary);

  for (gsize i = 0; i < job->texts->n_tokens; i++)
    counts[job->texts->token_ids[i]]++;
  counts[wen_vocabulary_get_pad_id (vocabulary)] = 0;
  counts[wen_vocabulary_get_unk_id (vocabulary)] = 0;
  counts[wen_vocabulary_get_cls_id (vocabulary)] = 0;

  self->token_ids = g_new (guint32, self->n_vocabulary);
  for (guint id = 0; id < self->n_vocabulary; id++)
    if (counts[id] >= MINIMUM_COUNT)
      self->token_ids[self->n_rows++] = id;
  g_qsort_with_data (self->token_ids, (int) self->n_rows, sizeof *self->token_ids, compare_counts, counts);
  self->n_rows = MIN (self->n_rows, MAXIMUM_TOKENS);

  self->rows = g_new (guint32, self->n_vocabulary);
  for (guint id = 0; id < self->n_vocabulary; id++)
    self->rows[id] = NO_ROW;
  for (guint row = 0; row < self->n_rows; row++)
    self->rows[self->token_ids[row]] = row;
}

static guint
count_labels (const WenBatch *texts)
{
  guint n_labels = 0;

  for (gsize i = 0; i < texts->n_texts; i++)
    n_labels = MAX (n_labels, texts->labels[i] + 1);
  return n_labels;
}

/* The token in row `row` stands a little before the one in row `other`. */
static inline void
count_pair (Job     *job,
            guint32  row,
            guint32  other)
{
  if (row == NO_ROW || other == NO_ROW)
    return;
  if (row < job->n_contexts)
    job->values[other * job->n_columns + row]++;
  if (other < job->n_contexts)
    job->values[row * job->n_columns + job->n_contexts + other]++;
}

static void
count_text (Job   *job,
            gsize  text)
{
  const guint32 *rows = job->self->rows;
  const guint32 *ids = &job->texts->token_ids[job->texts->offsets[text]];
  guint n_tokens = job->texts->offsets[text + 1] - job->texts->offsets[text];

  for (guint i = 0; i < n_tokens; i++)
    {
      if (rows[ids[i]] != NO_ROW)
        job->labels[rows[ids[i]] * job->n_labels + job->texts->labels[text]]++;
      for (guint distance = 1; distance <= WINDOW && distance <= i; distance++)
        count_pair (job, rows[ids[i - distance]], rows[ids[i]]);
    }
}

/* Counts become positive pointwise mutual information, and rows of length 1. */
static void
weigh_contexts (Job *job)
{
  gsize n_rows = job->self->n_rows;
  g_autofree double *row_sums = g_new0 (double, n_rows);
  g_autofree double *column_shares = g_new0 (double, job->n_columns);
  double sum = 0;

  for (gsize row = 0; row < n_rows; row++)
    for (gsize column = 0; column < job->n_columns; column++)
      {
        row_sums[row] += job->values[row * job->n_columns + column];
        column_shares[column] += job->values[row * job->n_columns + column];
      }
  for (gsize column = 0; column < job->n_columns; column++)
    sum += column_shares[column] = pow (column_shares[column], CONTEXT_EXPONENT);

  for (gsize row = 0; row < n_rows; row++)
    {
      float *values = &job->values[row * job->n_columns];
      double square = 0;

      for (gsize column = 0; column < job->n_columns; column++)
        {
          /* What the count would be by chance is positive where there is a count. */
          double information = values[column] > 0
                                 ? log (values[column] * sum / (row_sums[row] * column_shares[column])) : 0;

          values[column] = (float) MAX (information, 0);
          square += values[column] * values[column];
        }
      for (gsize column = 0; square > 0 && column < job->n_columns; column++)
        values[column] /= (float) sqrt (square);
    }
}

static double
add_up (const float *values,
        guint        n_values)
{
  double sum = 0;

  for (guint i = 0; i < n_values; i++)
    sum += values[i];
  return sum;
}

/* Half the sum of the differences of shares, less what it would be on average for two
 * tokens of which each text had its label by chance. */
static gboolean
has_similar_labels (Job   *job,
                    gsize  row,
                    gsize  other)
{
  const float *a = &job->labels[row * job->n_labels];
  const float *b = &job->labels[other * job->n_labels];
  double n_a = add_up (a, job->n_labels);
  double n_b = add_up (b, job->n_labels);
  double distance = 0;

  for (guint label = 0; label < job->n_labels; label++)
    {
      double share = (a[label] + b[label]) / (n_a + n_b);
      double deviation = sqrt (share * (1 - share) * (1 / n_a + 1 / n_b));

      distance += (fabs (a[label] / n_a - b[label] / n_b) - MEAN_DEVIATION * deviation) / 2;
    }
  return distance <= MAXIMUM_LABEL_DISTANCE;
}

/* cosines: [n_rows] */
static void
choose_neighbours (Job         *job,
                   gsize        row,
                   const float *cosines)
{
  WenTokenNeighbours *self = job->self;
  guint32 *neighbours = &self->neighbours[row * N_NEIGHBOURS];
  float found[N_NEIGHBOURS];
  guint n_found = 0;

  for (gsize other = 0; other < self->n_rows; other++)
    {
      guint place = n_found;

      if (other == row || cosines[other] < MINIMUM_COSINE
          || (n_found == N_NEIGHBOURS && cosines[other] <= found[N_NEIGHBOURS - 1])
          || !has_similar_labels (job, row, other))
        continue;
      n_found = MIN (n_found + 1, N_NEIGHBOURS);
      for (place = MIN (place, N_NEIGHBOURS - 1); place > 0 && found[place - 1] < cosines[other]; place--)
        {
          found[place] = found[place - 1];
          neighbours[place] = neighbours[place - 1];
        }
      found[place] = cosines[other];
      neighbours[place] = self->token_ids[other];
    }
  self->n_neighbours[row] = n_found;
}

static void
compare_blocks (guint    worker,
                gpointer data)
{
  Job *job = data;
  gsize n_rows = job->self->n_rows;
  g_autofree float *cosines = g_new (float, BLOCK_ROWS * n_rows);

  while (!g_cancellable_is_cancelled (job->cancellable))
    {
      gsize first = (gsize) g_atomic_int_add (&job->next_block, 1) * BLOCK_ROWS;
      gsize n_block = MIN (BLOCK_ROWS, n_rows - MIN (first, n_rows));

      if (n_block == 0)
        break;
      wen_multiply_transposed (cosines, n_rows, &job->values[first * job->n_columns], job->n_columns, job->values,
                               job->n_columns, n_block, n_rows, job->n_columns, FALSE);
      for (gsize i = 0; i < n_block; i++)
        choose_neighbours (job, first + i, &cosines[i * n_rows]);
    }
}

/* Looks at the texts and their labels.  The same texts give the same neighbours,
 * however many workers there are.  When cancelled, tokens lack neighbours. */
WenTokenNeighbours *
wen_token_neighbours_new (const WenBatch *texts,
                          WenVocabulary  *vocabulary,
                          WenWorkerPool  *pool,
                          GCancellable   *cancellable)
{
  WenTokenNeighbours *self = g_new0 (WenTokenNeighbours, 1);
  g_auto (Job) job = {
    .self = self,
    .texts = texts,
    .stride = texts->n_tokens / MAXIMUM_TEXT_TOKENS + 1,
    .cancellable = cancellable,
  };

  self->n_vocabulary = wen_vocabulary_get_size (vocabulary);
  choose_tokens (&job, vocabulary);
  self->n_neighbours = g_new0 (guint, MAX (1, self->n_rows));
  self->neighbours = g_new0 (guint32, MAX (1, self->n_rows) * N_NEIGHBOURS);
  if (self->n_rows == 0)
    return self;

  job.n_contexts = MIN (self->n_rows, MAXIMUM_CONTEXTS);
  job.n_columns = 2 * (gsize) job.n_contexts;
  job.n_labels = count_labels (texts);
  job.values = g_new0 (float, self->n_rows * job.n_columns);
  job.labels = g_new0 (float, (gsize) self->n_rows * job.n_labels);
  for (gsize i = 0; i < texts->n_texts; i += job.stride)
    count_text (&job, i);
  weigh_contexts (&job);
  wen_blas_set_up ();
  wen_worker_pool_run (pool, compare_blocks, &job);
  return self;
}

const guint32 *
wen_token_neighbours_get (WenTokenNeighbours *self,
                          guint32             token_id,
                          guint              *n_neighbours)
{
  guint32 row = token_id < self->n_vocabulary ? self->rows[token_id] : NO_ROW;

  *n_neighbours = row != NO_ROW ? self->n_neighbours[row] : 0;
  return *n_neighbours > 0 ? &self->neighbours[row * N_NEIGHBOURS] : NULL;
}
