/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Words as BERT cuts them, before they are cut into pieces. */

#pragma once

#include <glib.h>

/* Longer words are not cut into pieces: they are unknown. */
#define WEN_BERT_MAXIMUM_CHARACTERS 100
#define WEN_BERT_MAXIMUM_BYTES (4 * WEN_BERT_MAXIMUM_CHARACTERS)

/* One word: what is looked up, and for each of its bytes where the character that it
 * belongs to stands in the text. */
typedef struct
{
  guint   n_characters; /* of a longer word too, of which only the beginning is kept */
  guint   n_bytes;
  guint32 start;        /* in the text */
  guint32 end;
  char    bytes[WEN_BERT_MAXIMUM_BYTES + 1]; /* a NUL follows the last */
  guint32 starts[WEN_BERT_MAXIMUM_BYTES];
  guint32 ends[WEN_BERT_MAXIMUM_BYTES];
} WenBertWord;

typedef void (*WenBertWordFunc) (WenBertWord *word,
                                 gpointer     user_data);

void wen_bert_for_each_word (const char      *text,
                             gboolean         lower_case,
                             WenBertWordFunc  func,
                             gpointer         user_data);
