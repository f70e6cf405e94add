/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are learned by joining the commonest neighbours (byte pair encoding). */

#pragma once

#include "wen-tokenizer.h"

#define WEN_TYPE_BPE_TOKENIZER (wen_bpe_tokenizer_get_type ())
G_DECLARE_FINAL_TYPE (WenBpeTokenizer, wen_bpe_tokenizer, WEN, BPE_TOKENIZER, WenTokenizer)

WenTokenizer *wen_bpe_tokenizer_new (WenVocabulary *vocabulary,
                                     GArray        *merges);
