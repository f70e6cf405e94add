/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For those who read vocabularies from other files. */

#pragma once

#include "wen-vocabulary.h"

WenVocabulary *wen_vocabulary_new_from_tokens (GPtrArray  *tokens,
                                               GError    **error);
