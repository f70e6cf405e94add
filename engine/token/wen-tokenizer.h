/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-vocabulary.h"

G_BEGIN_DECLS

typedef struct _WenToken WenToken;

/**
 * WenToken:
 * @id: its number in the vocabulary
 * @start: first byte of it in the (cleaned) text
 * @end: byte after its last one; equal to @start for `[CLS]`
 *
 * One piece of a text.
 */
struct _WenToken
{
  guint32 id;
  guint32 start;
  guint32 end;
};

#define WEN_TYPE_TOKENIZER (wen_tokenizer_get_type ())

WEN_API
G_DECLARE_DERIVABLE_TYPE (WenTokenizer, wen_tokenizer, WEN, TOKENIZER, GObject)

/**
 * WenTokenizerClass:
 * @count: adds the pieces of one text to the counts that fit() uses
 * @add_counts: adds the counts of another tokenizer of the kind, and drops them there
 * @set_dictionary: optional: takes words that are to stay whole
 * @fit: makes the vocabulary from the counts; drops the counts
 * @encode: appends the pieces of a text as WenToken, without `[CLS]`
 * @decode: puts tokens together to a text; by default one after the other
 * @to_bytes: what its file holds; by default the vocabulary
 * @read: takes what its file holds; by default the vocabulary
 * @file_name: the name of its file in the folder of a classifier; by default `vocab.txt`
 *
 * Cuts texts into tokens.
 */
struct _WenTokenizerClass
{
  GObjectClass parent_class;

  void (*count)  (WenTokenizer  *self,
                  const char    *text);
  void (*add_counts) (WenTokenizer *self,
                      WenTokenizer *other);
  void (*set_dictionary) (WenTokenizer       *self,
                          const char * const *words);
  void (*fit)    (WenTokenizer  *self,
                  guint          minimum_count,
                  guint          maximum_vocabulary);
  void (*encode) (WenTokenizer  *self,
                  const char    *text,
                  GArray        *tokens);
  char *(*decode) (WenTokenizer  *self,
                   const guint32 *token_ids,
                   gsize          n_token_ids);
  GBytes  *(*to_bytes) (WenTokenizer  *self);
  gboolean (*read)     (WenTokenizer  *self,
                        GBytes        *bytes,
                        GError       **error);

  const char *file_name;

  gpointer padding[4];
};

/* kind: "character", "word", "bpe", "wordpiece".  Not fitted yet: call count() for every training text, then fit(). */
WEN_API
WenTokenizer  *wen_tokenizer_new             (const char     *kind,
                                              GError        **error);
/* Ready for use: the tokenizer of a saved classifier. */
WEN_API
WenTokenizer  *wen_tokenizer_new_for_vocabulary (const char    *kind,
                                                 WenVocabulary *vocabulary,
                                                 GError       **error);
/* What wen_tokenizer_to_bytes() gave. */
WEN_API
WenTokenizer  *wen_tokenizer_new_from_bytes  (const char     *kind,
                                              GBytes         *bytes,
                                              GError        **error);
WEN_API
GBytes        *wen_tokenizer_to_bytes        (WenTokenizer   *self);
/* From and to Hugging Face's tokenizer.json: WordPiece and BPE only. */
WEN_API
WenTokenizer  *wen_tokenizer_new_from_json   (GBytes         *bytes,
                                              GError        **error);
WEN_API
GBytes        *wen_tokenizer_to_json         (WenTokenizer   *self,
                                              GError        **error);
/* Of the file that holds wen_tokenizer_to_bytes(). */
WEN_API
const char    *wen_tokenizer_get_file_name   (WenTokenizer   *self);
WEN_API
void           wen_tokenizer_count           (WenTokenizer   *self,
                                              const char     *text);
/* What one thread counted to what another did. */
WEN_API
void           wen_tokenizer_add_counts      (WenTokenizer   *self,
                                              WenTokenizer   *other);
/* words: (array zero-terminated=1): they stay whole.  Before the first text is counted or cut. */
WEN_API
void           wen_tokenizer_set_dictionary  (WenTokenizer       *self,
                                              const char * const *words);
WEN_API
void           wen_tokenizer_fit             (WenTokenizer   *self,
                                              guint           minimum_count,
                                              guint           maximum_vocabulary);
WEN_API
WenVocabulary *wen_tokenizer_get_vocabulary  (WenTokenizer   *self);
/* Clears tokens (element-type WenToken), then writes [CLS] and the pieces of the cleaned text; not cut.
 * Any thread may call it on a fitted tokenizer. */
WEN_API
void           wen_tokenizer_encode          (WenTokenizer   *self,
                                              const char     *text,
                                              GArray         *tokens);
WEN_API
char          *wen_tokenizer_decode          (WenTokenizer   *self,
                                              const guint32  *token_ids,
                                              gsize           n_token_ids);

G_END_DECLS
