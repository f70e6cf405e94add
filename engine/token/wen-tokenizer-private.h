/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* For the kinds of tokenizers alone. */

#pragma once

#include "wen-tokenizer.h"

void     wen_tokenizer_set_vocabulary (WenTokenizer  *self,
                                       WenVocabulary *vocabulary);
gboolean wen_tokenizer_says_nothing   (WenVocabulary *vocabulary,
                                       guint          token_id);
