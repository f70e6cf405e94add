/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are words and parts of words, as BERT has them. */

#pragma once

#include "wen-tokenizer.h"

#define WEN_TYPE_WORDPIECE_TOKENIZER (wen_wordpiece_tokenizer_get_type ())
G_DECLARE_FINAL_TYPE (WenWordpieceTokenizer, wen_wordpiece_tokenizer, WEN, WORDPIECE_TOKENIZER, WenTokenizer)

gboolean wen_wordpiece_tokenizer_get_lower_case (WenWordpieceTokenizer *self);
void     wen_wordpiece_tokenizer_set_lower_case (WenWordpieceTokenizer *self,
                                                 gboolean               lower_case);
