/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a pass is trained for, beyond one label for each text: weights, probabilities,
 * mixtures of texts, and copies that are to agree. */

#include "config.h"

#include "wen-encoder-pass-parts-private.h"

#include "wen-loss-private.h"
#include "wen-mixup-private.h"
#include "wen-probabilities-private.h"

/* The texts of a pass stand in a circle, copies with copies. */
void
wen_encoder_pass_choose_partners (WenEncoderPass *self)
{
  const WenEncoderPassStep *step = &self->step;
  gsize                     n_texts = self->n_texts / self->n_copies;
  gsize                     distance = wen_mixup_get_distance (n_texts, step->seed, step->step);

  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize text = i / self->n_copies;
      gsize copy = i % self->n_copies;

      self->partners[i] = (guint32) ((text + distance) % n_texts * self->n_copies + copy);
      self->shares[i] = (float) wen_mixup_get_share ((double) step->mixup, step->seed, step->step,
                                                     self->text_ids[i - copy]);
    }
}

/* Writes what each text is to be taken for: probabilities times its weight. */
static void
fill_targets (WenEncoderPass *self,
              float          *targets)
{
  const WenBatch *batch = self->batch;
  gsize           n_labels = self->encoder->config.n_labels;
  float           smoothing = self->step.label_smoothing;

  for (gsize i = 0; i < self->n_texts; i++)
    {
      gsize  text = self->text_ids[i] % batch->n_texts;
      float  weight = batch->weights != NULL ? batch->weights[text] : 1.0f;
      float *row = targets + i * n_labels;

      for (gsize j = 0; j < n_labels; j++)
        {
          float target = j == self->labels[i] ? 1.0f : 0.0f;

          if (batch->targets != NULL)
            target = batch->targets[text * n_labels + j];
          row[j] = weight * ((1.0f - smoothing) * target + smoothing / (float) n_labels);
        }
    }
}

static gsize
count_correct (WenEncoderPass *self)
{
  gsize n_labels = self->encoder->config.n_labels;
  gsize n_correct = 0;

  for (gsize i = 0; i < self->n_texts; i += self->n_copies)
    {
      const float *row = self->logits + i * n_labels;
      gsize        best = wen_find_largest (row, n_labels);

      n_correct += best == self->labels[i];
    }
  return n_correct;
}

double
wen_encoder_pass_compute_soft_loss (WenEncoderPass *self,
                                    gsize          *n_correct)
{
  const WenEncoderPassStep *step = &self->step;
  gsize                     n_labels = self->encoder->config.n_labels;
  float                     scale = 1.0f / (float) (self->n_copies * step->n_batch_texts);
  double                    loss;

  fill_targets (self, step->mixup > 0.0f ? self->pure_targets : self->targets);
  if (step->mixup > 0.0f)
    wen_mix_rows_forward (self->targets, self->pure_targets, self->partners, self->shares, self->n_texts, n_labels);
  loss = wen_soft_cross_entropy_forward (self->d_logits, self->logits, self->targets, self->n_texts, n_labels, scale);
  /* The mean over both copies, and half of what the paper adds to their sum. */
  if (self->n_copies == 2)
    loss += wen_consistency_forward (self->d_logits, self->logits, self->n_texts / 2, n_labels,
                                     0.5f * step->consistency, scale);
  *n_correct = count_correct (self);
  return loss / self->n_copies;
}
