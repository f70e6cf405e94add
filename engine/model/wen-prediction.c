/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier says of one text: every label with its probability, the most
 * probable first, and how much of the text the classifier could make use of. */

#include "config.h"

#include "wen-prediction-private.h"

typedef struct
{
  guint label;
  float probability;
} Ranked;

struct _WenPrediction
{
  GObject    parent_instance;

  GPtrArray *labels;  /* shared with the classifier, never changed */
  Ranked    *ranked;  /* [labels->len], owned */
  guint      n_tokens;
  guint      n_unknown;
  guint      n_cut;
};

G_DEFINE_FINAL_TYPE (WenPrediction, wen_prediction, G_TYPE_OBJECT)

static void
wen_prediction_finalize (GObject *object)
{
  WenPrediction *self = WEN_PREDICTION (object);

  g_clear_pointer (&self->labels, g_ptr_array_unref);
  g_clear_pointer (&self->ranked, g_free);

  G_OBJECT_CLASS (wen_prediction_parent_class)->finalize (object);
}

static void
wen_prediction_class_init (WenPredictionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_prediction_finalize;
}

static void
wen_prediction_init (WenPrediction *self)
{
}

/* Higher probability first; equal ones in label order, so that the first is the
 * one that a search for the largest finds. */
static int
compare_ranks (gconstpointer a,
               gconstpointer b)
{
  const Ranked *left = a;
  const Ranked *right = b;

  if (left->probability != right->probability)
    return left->probability < right->probability ? 1 : -1;
  return (left->label > right->label) - (left->label < right->label);
}

/* labels: (element-type utf8), shared; probabilities [labels->len]. */
WenPrediction *
wen_prediction_new (GPtrArray   *labels,
                    const float *probabilities,
                    guint        n_tokens,
                    guint        n_unknown,
                    guint        n_cut)
{
  WenPrediction *self = g_object_new (WEN_TYPE_PREDICTION, NULL);

  self->labels = g_ptr_array_ref (labels);
  self->ranked = g_new (Ranked, labels->len);
  for (guint i = 0; i < labels->len; i++)
    self->ranked[i] = (Ranked) { i, probabilities[i] };
  qsort (self->ranked, labels->len, sizeof (Ranked), compare_ranks);
  self->n_tokens = n_tokens;
  self->n_unknown = n_unknown;
  self->n_cut = n_cut;
  return self;
}

/**
 * wen_prediction_get_label:
 * @self: a prediction
 *
 * Gets the most probable label.
 *
 * Returns: (transfer none): its name
 */
const char *
wen_prediction_get_label (WenPrediction *self)
{
  return wen_prediction_get_ranked_label (self, 0);
}

/**
 * wen_prediction_get_probability:
 * @self: a prediction
 *
 * Gets the probability of the most probable label.
 *
 * Returns: from 0 to 1
 */
double
wen_prediction_get_probability (WenPrediction *self)
{
  return wen_prediction_get_ranked_probability (self, 0);
}

/**
 * wen_prediction_get_n_labels:
 * @self: a prediction
 *
 * Counts the labels that the classifier knows.
 *
 * Returns: at least 2
 */
guint
wen_prediction_get_n_labels (WenPrediction *self)
{
  g_return_val_if_fail (WEN_IS_PREDICTION (self), 0);

  return self->labels->len;
}

/**
 * wen_prediction_get_ranked_label:
 * @self: a prediction
 * @rank: 0 for the most probable label
 *
 * Gets the label at a rank.
 *
 * Returns: (transfer none): its name
 */
const char *
wen_prediction_get_ranked_label (WenPrediction *self,
                                 guint          rank)
{
  g_return_val_if_fail (WEN_IS_PREDICTION (self), NULL);
  g_return_val_if_fail (rank < self->labels->len, NULL);

  return g_ptr_array_index (self->labels, self->ranked[rank].label);
}

/**
 * wen_prediction_get_ranked_probability:
 * @self: a prediction
 * @rank: 0 for the most probable label
 *
 * Gets the probability of the label at a rank.
 *
 * Returns: from 0 to 1; all ranks together make 1
 */
double
wen_prediction_get_ranked_probability (WenPrediction *self,
                                       guint          rank)
{
  g_return_val_if_fail (WEN_IS_PREDICTION (self), 0);
  g_return_val_if_fail (rank < self->labels->len, 0);

  return self->ranked[rank].probability;
}

/**
 * wen_prediction_get_n_tokens:
 * @self: a prediction
 *
 * Counts the tokens of the cleaned text, `[CLS]` not among them.
 *
 * Returns: 0 where cleaning left nothing
 */
guint
wen_prediction_get_n_tokens (WenPrediction *self)
{
  g_return_val_if_fail (WEN_IS_PREDICTION (self), 0);

  return self->n_tokens;
}

/**
 * wen_prediction_get_n_unknown:
 * @self: a prediction
 *
 * Counts the tokens that the classifier never learned.
 *
 * Returns: how many of the tokens are `[UNK]`
 */
guint
wen_prediction_get_n_unknown (WenPrediction *self)
{
  g_return_val_if_fail (WEN_IS_PREDICTION (self), 0);

  return self->n_unknown;
}

/**
 * wen_prediction_get_n_cut:
 * @self: a prediction
 *
 * Counts the tokens at the end that were not looked at, because the text is
 * longer than the classifier's maximum length.
 *
 * Returns: how many of the tokens were cut off
 */
guint
wen_prediction_get_n_cut (WenPrediction *self)
{
  g_return_val_if_fail (WEN_IS_PREDICTION (self), 0);

  return self->n_cut;
}
