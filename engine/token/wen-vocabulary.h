/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-macros.h"

G_BEGIN_DECLS

/* Token ids that every vocabulary of Wenlei begins with.  In one that is read as BERT's they may stand anywhere. */
#define WEN_TOKEN_PAD 0
#define WEN_TOKEN_UNK 1
#define WEN_TOKEN_CLS 2
#define WEN_N_SPECIAL_TOKENS 3

#define WEN_TYPE_VOCABULARY (wen_vocabulary_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenVocabulary, wen_vocabulary, WEN, VOCABULARY, GObject)

#define WEN_VOCABULARY_ERROR (wen_vocabulary_error_quark ())
WEN_API
GQuark         wen_vocabulary_error_quark   (void);

/**
 * WenVocabularyError:
 * @WEN_VOCABULARY_ERROR_INVALID: a vocab.txt that is empty, not UTF-8, has a token twice, or lacks a special token
 */
typedef enum
{
  WEN_VOCABULARY_ERROR_INVALID,
} WenVocabularyError;

/* Immutable once made: any thread may look things up. */
/* From vocab.txt: one token a line, the line number is the id; begins with [PAD] [UNK] [CLS]. */
WEN_API
WenVocabulary *wen_vocabulary_new_from_bytes (GBytes        *bytes,
                                              GError       **error);
/* From a vocab.txt in which [PAD], [UNK] and [CLS] may have any number, as BERT's. */
WEN_API
WenVocabulary *wen_vocabulary_new_bert       (GBytes        *bytes,
                                              GError       **error);
/* tokens: (array length=n_tokens) in id order, without the special tokens; counts may be NULL */
WEN_API
WenVocabulary *wen_vocabulary_new            (const char * const *tokens,
                                              const guint64      *counts,
                                              gsize               n_tokens);
WEN_API
GBytes        *wen_vocabulary_to_bytes       (WenVocabulary *self);
WEN_API
guint          wen_vocabulary_get_pad_id     (WenVocabulary *self);
WEN_API
guint          wen_vocabulary_get_unk_id     (WenVocabulary *self);
WEN_API
guint          wen_vocabulary_get_cls_id     (WenVocabulary *self);
/* Special tokens included. */
WEN_API
guint          wen_vocabulary_get_size       (WenVocabulary *self);
WEN_API
const char    *wen_vocabulary_get_token      (WenVocabulary *self,
                                              guint          token_id);
/* How often the token stood in the training texts, or 0 when not known. */
WEN_API
guint64        wen_vocabulary_get_count      (WenVocabulary *self,
                                              guint          token_id);
/* length_bytes -1: NUL-terminated.  The id of [UNK] where it is not in the vocabulary. */
WEN_API
guint          wen_vocabulary_lookup         (WenVocabulary *self,
                                              const char    *token,
                                              gssize         length_bytes);

G_END_DECLS
