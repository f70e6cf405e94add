/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-classifier.h"
#include "wen-committee-private.h"
#include "wen-model-private.h"

/* The files of a classifier's folder.  It has one of vocabulary and tokenizer, by the
 * kind of tokenizer. */
#define WEN_CLASSIFIER_WENLEI_FILE "wenlei.json"
#define WEN_CLASSIFIER_CONFIG_FILE "config.json"
#define WEN_CLASSIFIER_VOCABULARY_FILE "vocab.txt"
#define WEN_CLASSIFIER_TOKENIZER_FILE "tokenizer.json"
#define WEN_CLASSIFIER_WEIGHTS_FILE "model.safetensors"

WenClassifier *wen_classifier_new       (WenCleaner    *cleaner,
                                         WenTokenizer  *tokenizer,
                                         GPtrArray     *labels,
                                         WenModel      *model,
                                         const char    *training_record);
WenClassifier *wen_classifier_new_committee (const WenRecipe *recipe,
                                             GPtrArray       *labels,
                                             WenCommittee    *committee,
                                             const char      *training_record);
WenModel      *wen_classifier_get_model (WenClassifier *self);
WenCommittee  *wen_classifier_get_committee (WenClassifier *self);
void           wen_classifier_compute   (WenClassifier *self,
                                         const char    *text,
                                         float         *probabilities);
gboolean       wen_classifier_is_ours   (const char    *json,
                                         gsize          length_bytes);
void           wen_classifier_set_invalid (GError     **error,
                                           const char  *file_name,
                                           const char  *what);
