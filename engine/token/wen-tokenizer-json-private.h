/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* tokenizer.json, the file in which Hugging Face's libraries keep a tokenizer. */

#pragma once

#include "wen-tokenizer.h"

/* What a space is written as in the tokens of byte pair encoding: U+2581. */
#define WEN_BPE_SPACE "\xe2\x96\x81"
#define WEN_BPE_SPACE_CHARACTER 0x2581
/* Characters of a word, a space before it not counted. */
#define WEN_BPE_MAXIMUM_CHARACTERS 64

/* What such a file says. */
typedef struct
{
  const char    *kind;       /* "wordpiece" or "bpe" */
  WenVocabulary *vocabulary;
  gboolean       lower_case; /* of "wordpiece" */
  GArray        *merges;     /* of "bpe", of WenMerge; else NULL */
} WenTokenizerJson;

GBytes  *wen_tokenizer_json_write (const WenTokenizerJson *content);
gboolean wen_tokenizer_json_read  (WenTokenizerJson       *content,
                                   GBytes                 *bytes,
                                   GError                **error);
gboolean wen_tokenizer_json_is_kind (const WenTokenizerJson *content,
                                     const char             *kind,
                                     GError                **error);
void     wen_tokenizer_json_clear (WenTokenizerJson       *content);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenTokenizerJson, wen_tokenizer_json_clear)
