/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* UTF-8 text, block by block, as rows of fields. */

#pragma once

#include <glib.h>

typedef struct
{
  const char *const *fields;        /* NULL-terminated; valid until the next feed */
  gsize              n_fields;
  guint64            line;          /* where it begins, from 1 */
  gboolean           has_odd_quote; /* a quote where the rules of CSV have none */
} WenCsvRow;

typedef struct _WenCsvParser WenCsvParser;

WenCsvParser *wen_csv_parser_new          (char           delimiter,
                                           gboolean       has_quoting);
void          wen_csv_parser_free         (WenCsvParser  *self);
gboolean      wen_csv_parser_feed         (WenCsvParser  *self,
                                           const char    *text,
                                           gsize          length_bytes,
                                           gboolean       is_last);
gsize         wen_csv_parser_count_rows   (WenCsvParser  *self);
gboolean      wen_csv_parser_take_row     (WenCsvParser  *self,
                                           WenCsvRow     *row);
gboolean      wen_csv_parser_is_in_quotes (WenCsvParser  *self);
gboolean      wen_csv_parser_has_open_row (WenCsvParser  *self);

/* The opposite of parsing: appends a field with quotes around it. */
void          wen_csv_append_field     (GString       *csv,
                                        const char    *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCsvParser, wen_csv_parser_free)
