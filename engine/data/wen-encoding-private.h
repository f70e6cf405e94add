/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the bytes of a file mean characters: guessing it, and reading by it. */

#pragma once

#include <glib.h>

/* What a guess was made from. */
typedef enum
{
  WEN_ENCODING_BY_MARK,       /* a byte order mark at the beginning */
  WEN_ENCODING_BY_VALIDITY,   /* nothing else is valid like this */
  WEN_ENCODING_BY_LIKELIHOOD, /* it gives common characters */
  WEN_ENCODING_BY_DEFAULT,    /* nothing fits; every byte means something in this one */
  WEN_ENCODING_BY_OPTION,     /* the caller said so */
} WenEncodingReason;

#define WEN_MOST_ENCODING_CANDIDATES 3

typedef struct
{
  const char        *name;
  WenEncodingReason  reason;
  gsize              mark_bytes; /* length of the byte order mark */
  gboolean           is_certain;
  const char        *candidates[WEN_MOST_ENCODING_CANDIDATES + 1]; /* best first, NULL-terminated */
} WenEncoding;

/* How well one encoding explains some bytes. */
typedef struct
{
  const char *encoding;
  double      cost;      /* of all of them, in nats: less is likelier */
  double      mean_cost; /* of the characters that are not ASCII */
  gsize       n_foreign; /* how many these are */
} WenEncodingScore;

/* Encodings that only the likelihood of their characters tells apart. */
#define WEN_N_SCORED_ENCODINGS 6

void        wen_encoding_score       (const guint8     *bytes,
                                      gsize             n_bytes,
                                      gboolean          whole_file,
                                      WenEncodingScore  scores[WEN_N_SCORED_ENCODINGS]);
const char *wen_encoding_get_converter (const char   *name);

const char *wen_encoding_find_name   (const char    *name);
WenEncoding wen_encoding_guess       (const guint8  *bytes,
                                      gsize          n_bytes,
                                      gboolean       whole_file);
gsize       wen_encoding_measure_mark (const char   *name,
                                       const guint8 *bytes,
                                       gsize         n_bytes);
const char *wen_encoding_find_binary (const guint8  *bytes,
                                      gsize          n_bytes,
                                      const char    *encoding);

/* Reads bytes of any encoding, block by block, as UTF-8. */
typedef struct _WenDecoder WenDecoder;

WenDecoder *wen_decoder_new       (const char    *encoding);
void        wen_decoder_free      (WenDecoder    *self);
void        wen_decoder_decode    (WenDecoder    *self,
                                   const guint8  *bytes,
                                   gsize          n_bytes,
                                   gboolean       is_last,
                                   GString       *text);
guint64     wen_decoder_get_n_nul (WenDecoder    *self);
gssize      wen_decoder_get_nul_offset (WenDecoder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenDecoder, wen_decoder_free)
