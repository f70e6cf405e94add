/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tokens that are characters as people see them. */

#pragma once

#include "wen-tokenizer.h"

#define WEN_TYPE_CHARACTER_TOKENIZER (wen_character_tokenizer_get_type ())
G_DECLARE_FINAL_TYPE (WenCharacterTokenizer, wen_character_tokenizer, WEN, CHARACTER_TOKENIZER, WenTokenizer)
