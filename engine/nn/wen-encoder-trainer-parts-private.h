/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of the trainer share: see wen-encoder-trainer.c. */

#pragma once

#include "wen-adam-private.h"
#include "wen-encoder-masked-private.h"
#include "wen-encoder-pass-private.h"
#include "wen-occurrences-private.h"

/* Tokens of a group, at most, unless a single text has more. */
#define WEN_GROUP_TOKENS 1024

typedef struct
{
  WenEncoderPass *pass;
  float          *gradient_block;
  WenEncoderView  gradient;
  guint32        *texts;   /* [max_texts]: its part of the batch */
  gsize           n_texts;
  gsize           n_tokens;
  double          work;

  double          loss;
  gsize           n_correct;
  double          squares; /* its share of the squared norm of the gradient */
} TrainingWorker;

struct _WenEncoderTrainer
{
  WenEncoder              *encoder; /* borrowed */
  WenWorkerPool           *pool;    /* borrowed */
  WenEncoderTrainingConfig config;
  gsize                    max_tokens;
  gsize                    max_texts;

  guint                    n_workers;
  TrainingWorker          *workers;       /* [n_workers] */
  float                  **other_blocks;  /* [n_workers]: to add to the first worker's */
  gsize                    n_other_blocks;

  /* optimizer state, like the parameters but for n-grams */
  float                   *means;
  float                   *squares;
  float                   *ngram_squares; /* [n_ngrams]: AdaGrad's, one a row */
  float                   *averages;      /* of the parameters, or NULL */
  float                   *ngram_steps;   /* [n_ngrams]: up to which step each row's average has come */
  float                    shows_average; /* 1 while averages and parameters have changed places */
  WenTensor                state[6 + WEN_ENCODER_MASKED_N_STATE]; /* all, for checkpoints */
  gsize                    n_state;
  gboolean                *occurred;      /* [n_vocabulary]: whether it ever had a gradient */

  /* the batch */
  const WenBatch          *batch;
  guint64                  step;
  gsize                    n_batch_positions;
  float                   *d_embedded;    /* [max_tokens][hidden]: by place in the batch */
  WenOccurrences           tokens;
  float                   *d_tokens;      /* [tokens.n_slots][hidden]: summed over the occurrences */
  guint32                 *ngram_rows;    /* [max_tokens][longest_ngram - 1] */
  WenOccurrences           ngrams;
  float                   *d_ngrams;      /* [ngrams.n_slots][hidden] */
  guint32                 *texts_by_length;
  guint32                 *length_counts; /* [n_positions + 1] */

  WenEncoderMasked        *masked;        /* owned; NULL: labels are learned */

  WenAdam                 *adams;         /* [n_layers + 2]: of each part */
  float                    ngram_rate;
};

/* Rounds 1 and 2. */
void  wen_encoder_trainer_run_gradient       (WenEncoderTrainer *self,
                                              const WenBatch    *batch,
                                              guint64            step,
                                              WenStepResult     *result);
/* Round 3. */
void  wen_encoder_trainer_run_update         (WenEncoderTrainer *self,
                                              guint64            step,
                                              float              learning_rate,
                                              double             gradient_norm);
/* Parts of round 3, where there is an average: see wen-encoder-average.c. */
void  wen_encoder_trainer_average_range      (WenEncoderTrainer *self,
                                              gsize              begin,
                                              gsize              end);
void  wen_encoder_trainer_average_ngram      (WenEncoderTrainer *self,
                                              gsize              row,
                                              guint64            step);
/* After either. */
void  wen_encoder_trainer_forget_occurrences (WenEncoderTrainer *self);

/* How many times each text is looked at in a step. */
static inline guint
wen_encoder_trainer_count_copies (const WenEncoderTrainingConfig *config)
{
  return config->consistency > 0.0f ? 2 : 1;
}

/* Where the part of n things that a worker takes begins, cut at multiples of a step. */
static inline gsize
wen_part_begin (const WenEncoderTrainer *self,
                guint                    worker,
                gsize                    n_things,
                gsize                    multiple)
{
  gsize cut = wen_worker_part_begin (worker, self->n_workers, n_things);

  return worker == self->n_workers ? n_things : cut / multiple * multiple;
}
