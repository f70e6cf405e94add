/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-classifier.h"
#include "wen-model-private.h"

WenClassifier *wen_classifier_new       (WenCleaner    *cleaner,
                                         WenTokenizer  *tokenizer,
                                         GPtrArray     *labels,
                                         WenModel      *model,
                                         const char    *training_record);
WenModel      *wen_classifier_get_model (WenClassifier *self);
