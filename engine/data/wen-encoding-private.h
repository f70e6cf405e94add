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

typedef struct
{
  const char        *name;       /* "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "windows-1252" */
  WenEncodingReason  reason;
  gsize              mark_bytes; /* length of the byte order mark */
} WenEncoding;

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenDecoder, wen_decoder_free)
