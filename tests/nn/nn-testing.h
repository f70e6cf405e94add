/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the tests of nn/ share: numbers to test with, and comparisons. */

#pragma once

#include "wen-batch-private.h"
#include "wen-random-private.h"

#include <math.h>

/* Fails the test when two arrays differ by more than an absolute and a relative share. */
#define assert_close(values, expected, n, absolute, relative)                                  \
  G_STMT_START                                                                                 \
    {                                                                                          \
      for (gsize close_i = 0; close_i < (gsize) (n); close_i++)                                \
        {                                                                                      \
          double close_value = (double) (values)[close_i];                                     \
          double close_expected = (double) (expected)[close_i];                                \
                                                                                               \
          if (!(fabs (close_value - close_expected)                                            \
                <= (absolute) + (relative) * fabs (close_expected)))                           \
            g_error ("%s:%d: %s[%" G_GSIZE_FORMAT "] is %.9g, expected %.9g", __FILE__,        \
                     __LINE__, #values, close_i, close_value, close_expected);                 \
        }                                                                                      \
    }                                                                                          \
  G_STMT_END

static inline float *
random_floats (gsize   n_values,
               guint64 stream,
               double  deviation)
{
  float *values = g_new (float, MAX (1, n_values));

  for (gsize i = 0; i < n_values; i++)
    values[i] = (float) (deviation * wen_random_normal (7, stream, i));
  return values;
}

/* The plain reference. */
static inline void
reference_softmax (double       *probabilities,
                   const float  *scores,
                   gsize         n_columns,
                   double        scale)
{
  double sum = 0.0;

  for (gsize j = 0; j < n_columns; j++)
    sum += exp (scale * ((double) scores[j] - (double) scores[0]));
  for (gsize j = 0; j < n_columns; j++)
    probabilities[j] = exp (scale * ((double) scores[j] - (double) scores[0])) / sum;
}

/* A batch that owns its arrays. */
typedef struct
{
  WenBatch  batch;
  guint32  *token_ids;
  guint32  *offsets;
  guint32  *labels;
} TestBatch;

static inline TestBatch *
test_batch_new (const guint32 *lengths,
                gsize          n_texts,
                guint          n_vocabulary,
                guint          n_labels,
                guint64        stream)
{
  TestBatch *self = g_new0 (TestBatch, 1);

  self->offsets = g_new0 (guint32, n_texts + 1);
  self->labels = g_new0 (guint32, n_texts);
  for (gsize i = 0; i < n_texts; i++)
    {
      self->offsets[i + 1] = self->offsets[i] + lengths[i];
      self->labels[i] = (guint32) (wen_random_u64 (8, stream, i) % n_labels);
    }
  self->token_ids = g_new (guint32, self->offsets[n_texts]);
  for (gsize i = 0; i < self->offsets[n_texts]; i++)
    self->token_ids[i] = (guint32) (wen_random_u64 (9, stream, i) % n_vocabulary);

  self->batch.n_texts = n_texts;
  self->batch.n_tokens = self->offsets[n_texts];
  self->batch.token_ids = self->token_ids;
  self->batch.offsets = self->offsets;
  self->batch.labels = self->labels;
  return self;
}

static inline void
test_batch_free (TestBatch *self)
{
  g_free (self->token_ids);
  g_free (self->offsets);
  g_free (self->labels);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestBatch, test_batch_free)
