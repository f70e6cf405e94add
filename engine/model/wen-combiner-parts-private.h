/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of the combiner share: see wen-combiner.c. */

#pragma once

#include "wen-combiner-private.h"

/* Nobody is surer than that. */
#define WEN_COMBINER_LEAST_PROBABILITY 1e-6f

enum
{
  WEN_COMBINER_WEIGHTS,
  WEN_COMBINER_BIASES,  /* stack: of labels; average: factors of log-probabilities, of members */
  WEN_COMBINER_N_TENSORS,
};

struct _WenCombiner
{
  WenCombination kind;
  guint          n_members;
  guint          n_labels;
  gboolean       is_full;   /* stack with weights for pairs of labels */
  gsize          n_inputs;  /* of the stack: n_members * n_labels */
  float         *weights;   /* full: [n_inputs][n_labels]; else [n_members] */
  float         *biases;
  WenTensor      tensors[WEN_COMBINER_N_TENSORS];
};

/* The log-probabilities of a text, as a stack takes them: [n_inputs]. */
void wen_combiner_write_inputs (WenCombiner         *self,
                                const float * const *probabilities,
                                gsize                text,
                                float               *inputs);
