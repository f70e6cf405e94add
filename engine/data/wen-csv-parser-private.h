/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* UTF-8 text, block by block, as rows of fields.  The one place that knows libcsv. */

#pragma once

#include <glib.h>

typedef struct _WenCsvParser WenCsvParser;

WenCsvParser *wen_csv_parser_new      (char           delimiter);
void          wen_csv_parser_free     (WenCsvParser  *self);
/* Parses a block; rows that it completes can then be taken.  All rows of the block
 * before must have been taken.  FALSE where memory is short. */
gboolean      wen_csv_parser_feed     (WenCsvParser  *self,
                                       const char    *text,
                                       gsize          length_bytes,
                                       gboolean       is_last);
/* FALSE where there is no whole row left.  fields is NULL-terminated, and valid
 * until the next feed. */
gboolean      wen_csv_parser_take_row (WenCsvParser        *self,
                                       const char * const **fields,
                                       gsize               *n_fields,
                                       guint64             *line);
/* Whether a quoted field is open: at the end of a file, a quote was never closed. */
gboolean      wen_csv_parser_is_in_quotes (WenCsvParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCsvParser, wen_csv_parser_free)
