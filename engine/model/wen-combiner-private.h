/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How several classifiers decide together. */

#pragma once

#include "wen-encoder-private.h"
#include "wen-lbfgs-private.h"
#include "wen-recipe.h"

typedef struct _WenCombiner WenCombiner;

/* What members say of texts that they have not seen. */
typedef struct
{
  gsize                n_texts;
  const float * const *probabilities; /* [n_members], each [n_texts][n_labels] */
  const guint32       *labels;        /* [n_texts] */
  const guint8        *halves;        /* [n_texts]: 0 or 1; copies of a text are in one half */
} WenCombinerTexts;

WenCombiner     *wen_combiner_new             (WenCombination          kind,
                                               guint                   n_members,
                                               guint                   n_labels);
void             wen_combiner_free            (WenCombiner            *self);
void             wen_combiner_fit             (WenCombiner            *self,
                                               const WenCombinerTexts *texts,
                                               float                  *probabilities,
                                               WenStopFunc             stops,
                                               gpointer                stop_data);
void             wen_combiner_apply           (WenCombiner            *self,
                                               const float * const    *probabilities,
                                               gsize                   n_texts,
                                               float                  *combined);
WenCombination   wen_combiner_get_kind        (WenCombiner            *self);
/* How many numbers such a combiner has. */
guint64          wen_combiner_count_values    (WenCombination          kind,
                                               guint                   n_members,
                                               guint                   n_labels);
guint            wen_combiner_get_n_members   (WenCombiner            *self);
double           wen_combiner_get_share       (WenCombiner            *self,
                                               guint                   member);
const WenTensor *wen_combiner_list_parameters (WenCombiner            *self,
                                               gsize                  *n_parameters);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCombiner, wen_combiner_free)
