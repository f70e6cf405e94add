/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Packs some texts of a training split into the batch of a step: tokens, of which some
 * may be left out, labels, weights and targets. */

#include "config.h"

#include "wen-batch-packer-private.h"

#include <string.h>

#include "wen-random-private.h"

/* Numbers the uses of one seed; steps count on from it. */
#define TOKEN_DROPOUT_STREAM G_GUINT64_CONSTANT (0x746f6b0000000000)

struct _WenBatchPacker
{
  WenBatch texts;         /* borrowed arrays */
  guint    n_labels;
  double   token_dropout; /* share of the tokens that is left out */
  guint64  seed;

  /* the batch; what the texts do not have is NULL */
  guint32 *token_ids;     /* [max_tokens] */
  guint32 *offsets;       /* [max_texts + 1] */
  guint32 *labels;        /* [max_texts] */
  float   *weights;       /* [max_texts] */
  float   *targets;       /* [max_texts][n_labels] */
};

/* texts: what is packed, must stay valid.  max_tokens, max_texts: of a batch. */
WenBatchPacker *
wen_batch_packer_new (const WenBatch *texts,
                      guint           n_labels,
                      gsize           max_tokens,
                      gsize           max_texts)
{
  WenBatchPacker *self = g_new0 (WenBatchPacker, 1);

  self->texts = *texts;
  self->n_labels = n_labels;
  self->token_ids = g_new (guint32, max_tokens);
  self->offsets = g_new (guint32, max_texts + 1);
  if (texts->labels != NULL)
    self->labels = g_new (guint32, max_texts);
  if (texts->weights != NULL)
    self->weights = g_new (float, max_texts);
  if (texts->targets != NULL)
    self->targets = g_new (float, max_texts * n_labels);
  return self;
}

void
wen_batch_packer_free (WenBatchPacker *self)
{
  g_free (self->token_ids);
  g_free (self->offsets);
  g_free (self->labels);
  g_free (self->weights);
  g_free (self->targets);
  g_free (self);
}

/* share: of the tokens of each text, by chance, but for its first, which stands for
 * the whole text; one of the others stays in any case. */
void
wen_batch_packer_set_token_dropout (WenBatchPacker *self,
                                    double          share,
                                    guint64         seed)
{
  self->token_dropout = share;
  self->seed = seed;
}

/* The same texts with other tokens: labels, weights and targets stay. */
void
wen_batch_packer_set_tokens (WenBatchPacker *self,
                             const WenBatch *texts)
{
  self->texts.token_ids = texts->token_ids;
  self->texts.offsets = texts->offsets;
  self->texts.n_tokens = texts->n_tokens;
}

/* Copies the tokens of a text that stay.  key: which text of the batch.  Returns how
 * many they are. */
static guint32
copy_tokens (WenBatchPacker *self,
             guint32        *copy,
             const guint32  *tokens,
             guint32         n_tokens,
             guint64         step,
             guint64         key)
{
  guint32 n_kept = 1;
  guint32 luckiest = 0;
  double most_luck = -1;

  if (self->token_dropout == 0 || n_tokens < 2)
    {
      memcpy (copy, tokens, n_tokens * sizeof *copy);
      return n_tokens;
    }

  copy[0] = tokens[0];
  for (guint32 i = 1; i < n_tokens; i++)
    {
      double luck = wen_random_uniform (self->seed, TOKEN_DROPOUT_STREAM + step, key << 32 | i);

      if (luck >= self->token_dropout)
        copy[n_kept++] = tokens[i];
      if (luck > most_luck)
        {
          most_luck = luck;
          luckiest = i;
        }
    }
  if (n_kept == 1)
    copy[n_kept++] = tokens[luckiest];
  return n_kept;
}

/* The texts that order names, valid until the next call. */
WenBatch
wen_batch_packer_pack (WenBatchPacker *self,
                       const guint32  *order,
                       gsize           n_texts,
                       guint64         step)
{
  const WenBatch *texts = &self->texts;
  guint32 n_tokens = 0;

  for (gsize i = 0; i < n_texts; i++)
    {
      guint32 begin = texts->offsets[order[i]];

      self->offsets[i] = n_tokens;
      n_tokens += copy_tokens (self, self->token_ids + n_tokens, texts->token_ids + begin,
                               texts->offsets[order[i] + 1] - begin, step, i);
      if (self->labels != NULL)
        self->labels[i] = texts->labels[order[i]];
      if (self->weights != NULL)
        self->weights[i] = texts->weights[order[i]];
      if (self->targets != NULL)
        memcpy (self->targets + i * self->n_labels, texts->targets + (gsize) order[i] * self->n_labels,
                self->n_labels * sizeof *self->targets);
    }
  self->offsets[n_texts] = n_tokens;

  return (WenBatch) {
    .n_texts = n_texts,
    .n_tokens = n_tokens,
    .token_ids = self->token_ids,
    .offsets = self->offsets,
    .labels = self->labels,
    .weights = self->weights,
    .targets = self->targets,
  };
}
