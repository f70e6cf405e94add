/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-cleaner.h"
#include "wen-prediction.h"
#include "wen-recipe.h"
#include "wen-tokenizer.h"

G_BEGIN_DECLS

#define WEN_CLASSIFIER_ERROR (wen_classifier_error_quark ())
WEN_API
GQuark wen_classifier_error_quark (void);

/**
 * WenClassifierError:
 * @WEN_CLASSIFIER_ERROR_INVALID: a folder that is not a whole classifier; the message names the file and what is wrong
 * @WEN_CLASSIFIER_ERROR_TOO_NEW: written by a newer version
 * @WEN_CLASSIFIER_ERROR_EXISTS: the folder holds something else already
 */
typedef enum
{
  WEN_CLASSIFIER_ERROR_INVALID,
  WEN_CLASSIFIER_ERROR_TOO_NEW,
  WEN_CLASSIFIER_ERROR_EXISTS,
} WenClassifierError;

#define WEN_TYPE_CLASSIFIER (wen_classifier_get_type ())

/* Recipe, vocabulary, labels and weights: everything that turns a text into a class.  Immutable; any thread may predict (calls queue up). */
WEN_API
G_DECLARE_FINAL_TYPE (WenClassifier, wen_classifier, WEN, CLASSIFIER, GObject)

WEN_API
WenClassifier   *wen_classifier_load          (GFile               *folder,
                                               GCancellable        *cancellable,
                                               GError             **error);
/* Writes into a sibling and renames it, so that a folder is whole or not there. An older classifier of ours is replaced; anything else is not. */
WEN_API
gboolean         wen_classifier_save          (WenClassifier       *self,
                                               GFile               *folder,
                                               GCancellable        *cancellable,
                                               GError             **error);
/* The same as one block of bytes, for the project file: (element-type utf8 GBytes): file name to contents. */
WEN_API
GHashTable      *wen_classifier_to_files      (WenClassifier       *self);
WEN_API
WenClassifier   *wen_classifier_new_from_files (GHashTable         *files,
                                               GError             **error);
WEN_API
const WenRecipe *wen_classifier_get_recipe    (WenClassifier       *self);
WEN_API
WenCleaner      *wen_classifier_get_cleaner   (WenClassifier       *self);
WEN_API
WenTokenizer    *wen_classifier_get_tokenizer (WenClassifier       *self);
WEN_API
guint            wen_classifier_get_n_labels  (WenClassifier       *self);
WEN_API
const char      *wen_classifier_get_label     (WenClassifier       *self,
                                               guint                label);
WEN_API
guint64          wen_classifier_get_n_parameters (WenClassifier    *self);
/* JSON object: when, on how many rows, for how long, validation figures, … or "{}". */
WEN_API
const char      *wen_classifier_get_training_record (WenClassifier *self);
WEN_API
WenPrediction   *wen_classifier_predict       (WenClassifier       *self,
                                               const char          *text);
/* Probabilities [n_texts][n_labels] in row order; uses all cores.  n_tokens (out, nullable): tokens run through the model.
 * FALSE only when cancelled. */
WEN_API
gboolean         wen_classifier_predict_texts (WenClassifier       *self,
                                               const char * const  *texts,
                                               gsize                n_texts,
                                               float               *probabilities,
                                               guint64             *n_tokens,
                                               GCancellable        *cancellable,
                                               GError             **error);

G_END_DECLS
