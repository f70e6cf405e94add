/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are words. */

#pragma once

#include "wen-tokenizer.h"

#define WEN_TYPE_WORD_TOKENIZER (wen_word_tokenizer_get_type ())
G_DECLARE_FINAL_TYPE (WenWordTokenizer, wen_word_tokenizer, WEN, WORD_TOKENIZER, WenTokenizer)
