/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the vectors of texts to their logits and back, and prediction with it. */

#include "config.h"

#include "wen-bag-private.h"

#include "wen-activation-private.h"
#include "wen-adam-private.h"
#include "wen-blas-private.h"

#include <string.h>

/* Of two dropouts with the same choices the second must not repeat the first. */
#define HIDDEN_ROWS 0x40000000u

struct _WenBagPredictor
{
  WenBag           *bag;         /* borrowed */
  guint32          *rows;
  WenBagActivations activations; /* without logits, which are the caller's */
};

/* logits = classifier (dropout (activation (hidden (dropout (vectors))))) for some texts,
 * without the middle where there is no hidden layer.
 *
 * Changes vectors by dropout.
 *
 *   row_ids   [n_texts]: what the choices of dropout hang on; unused without dropout */
void
wen_bag_head_forward (const WenBagConfig      *config,
                      const WenBagView        *view,
                      const WenBagActivations *activations,
                      gsize                    first,
                      gsize                    n_texts,
                      WenDropout               dropout,
                      const guint32           *row_ids)
{
  gsize n_features = wen_bag_get_n_features (config);
  float *features = activations->vectors + first * config->hidden_size;
  float *logits = activations->logits + first * config->n_labels;

  wen_dropout_apply (features, row_ids, n_texts, config->hidden_size, dropout);
  if (config->head_size > 0)
    {
      float *activated = activations->activated + first * config->head_size;
      float *slopes = activations->slopes + first * config->head_size;

      wen_multiply_transposed (slopes, config->head_size, features, config->hidden_size, view->hidden_weights,
                               config->hidden_size, n_texts, config->head_size, config->hidden_size, FALSE);
      wen_bias_activation_forward (activated, slopes, view->hidden_biases, n_texts, config->head_size,
                                   config->activation);
      dropout.key_0 ^= HIDDEN_ROWS;
      wen_dropout_apply (activated, row_ids, n_texts, config->head_size, dropout);
      features = activated;
    }
  wen_multiply_transposed (logits, config->n_labels, features, n_features, view->classifier_weights, n_features,
                           n_texts, config->n_labels, n_features, FALSE);
  wen_bias_forward (logits, view->classifier_biases, n_texts, config->n_labels);
}

/* Undoes: logits = classifier (dropout (activation (hidden (dropout (vectors)))))
 * Comes with the gradient of the logits; writes those of the vectors, and of the hidden
 * layer before its activation in the place of gradients->activated. */
void
wen_bag_head_backward (const WenBagConfig      *config,
                       const WenBagView        *view,
                       const WenBagActivations *activations,
                       const WenBagActivations *gradients,
                       gsize                    first,
                       gsize                    n_texts,
                       WenDropout               dropout,
                       const guint32           *row_ids)
{
  gsize n_features = wen_bag_get_n_features (config);
  float *d_vectors = gradients->vectors + first * config->hidden_size;
  float *d_activated = gradients->activated + first * config->head_size;
  float *d_features = config->head_size > 0 ? d_activated : d_vectors;

  wen_multiply (d_features, n_features, gradients->logits + first * config->n_labels, config->n_labels,
                view->classifier_weights, n_features, n_texts, n_features, config->n_labels, FALSE);
  if (config->head_size > 0)
    {
      WenDropout hidden_dropout = dropout;

      hidden_dropout.key_0 ^= HIDDEN_ROWS;
      wen_dropout_apply (d_activated, row_ids, n_texts, config->head_size, hidden_dropout);
      wen_activation_backward (d_activated, activations->slopes + first * config->head_size,
                               n_texts * config->head_size);
      wen_multiply (d_vectors, config->hidden_size, d_activated, config->head_size, view->hidden_weights,
                    config->hidden_size, n_texts, config->hidden_size, config->head_size, FALSE);
    }
  wen_dropout_apply (d_vectors, row_ids, n_texts, config->hidden_size, dropout);
}

/*< private >
 * wen_bag_predictor_new:
 * @bag: a classifier, which must outlive the predictor
 * @max_tokens: of the texts of one call together
 * @max_texts: of one call
 *
 * Makes what predicting needs beside the parameters.
 *
 * Returns: (transfer full): a predictor
 */
WenBagPredictor *
wen_bag_predictor_new (WenBag *bag,
                       gsize   max_tokens,
                       gsize   max_texts)
{
  WenBagPredictor *self = g_new0 (WenBagPredictor, 1);
  const WenBagConfig *config = wen_bag_get_config (bag);

  self->bag = bag;
  self->rows = g_new (guint32, wen_bag_get_max_rows (config, max_tokens));
  self->activations.vectors = g_new (float, max_texts * config->hidden_size);
  self->activations.activated = g_new (float, max_texts * config->head_size);
  self->activations.slopes = g_new (float, max_texts * config->head_size);
  return self;
}

void
wen_bag_predictor_free (WenBagPredictor *self)
{
  g_free (self->rows);
  g_free (self->activations.vectors);
  g_free (self->activations.activated);
  g_free (self->activations.slopes);
  g_free (self);
}

/* Writes logits [n_texts][n_labels]. */
void
wen_bag_predictor_run (WenBagPredictor *self,
                       const WenBatch  *texts,
                       float           *logits)
{
  static const WenDropout no_dropout = { .scale = 1.0f };
  const WenBagConfig *config = wen_bag_get_config (self->bag);
  WenBagActivations activations = self->activations;
  gsize n_parameters;
  WenBagView view;

  wen_bag_view_init (&view, config, wen_bag_get_parameters (self->bag, &n_parameters));
  for (gsize text = 0; text < texts->n_texts; text++)
    {
      guint32 begin = texts->offsets[text];
      gsize n_rows = wen_bag_list_rows (self->rows, self->bag, texts->token_ids + begin,
                                        texts->offsets[text + 1] - begin, no_dropout, 0);

      wen_bag_average_rows (activations.vectors + text * config->hidden_size, view.embeddings, self->rows, n_rows,
                            config->hidden_size);
    }
  activations.logits = logits;
  wen_bag_head_forward (config, &view, &activations, 0, texts->n_texts, no_dropout, NULL);
  wen_shrink (logits, texts->n_texts * config->n_labels, wen_bag_get_scale (self->bag));
}
