/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <gio/gio.h>

#include "wen-macros.h"

G_BEGIN_DECLS

#define WEN_CSV_ERROR (wen_csv_error_quark ())
WEN_API
GQuark wen_csv_error_quark (void);

/**
 * WenCsvError:
 * @WEN_CSV_ERROR_EMPTY: the file has no bytes, or no row
 * @WEN_CSV_ERROR_BINARY: the file is no text (it names what it looks like)
 * @WEN_CSV_ERROR_ENCODING: bytes that are no text in the encoding
 * @WEN_CSV_ERROR_NO_SUCH_COLUMN: the names that exist are in the message
 * @WEN_CSV_ERROR_ROW: a row that cannot be read; the message names it
 */
typedef enum
{
  WEN_CSV_ERROR_EMPTY,
  WEN_CSV_ERROR_BINARY,
  WEN_CSV_ERROR_ENCODING,
  WEN_CSV_ERROR_NO_SUCH_COLUMN,
  WEN_CSV_ERROR_ROW,
} WenCsvError;

typedef enum
{
  WEN_CSV_HEADER_GUESS,
  WEN_CSV_HEADER_YES,
  WEN_CSV_HEADER_NO,
} WenCsvHeader;

typedef struct _WenCsvOptions WenCsvOptions;

/**
 * WenCsvOptions:
 * @encoding: (nullable): "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "Big5", "Shift_JIS",
 *   "EUC-KR", "EUC-JP" or "windows-1252"; %NULL is guessed
 * @delimiter: ',', ';' or TAB; 0 is guessed
 * @header: whether the first row names the columns
 *
 * What is known about a file before it is read.  All zero means: guess everything.
 */
struct _WenCsvOptions
{
  const char  *encoding;
  char         delimiter;
  WenCsvHeader header;
};

#define WEN_TYPE_CSV_READER (wen_csv_reader_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenCsvReader, wen_csv_reader, WEN, CSV_READER, GObject)

/* Opens the file and reads its beginning, from which all guesses are made.  One thread at a time. */
WEN_API
WenCsvReader       *wen_csv_reader_new            (GFile                *file,
                                                   const WenCsvOptions  *options,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
/* The next row as UTF-8, valid until the next call; *fields is NULL at the end.  FALSE with error set when it cannot go on. */
WEN_API
gboolean            wen_csv_reader_next           (WenCsvReader         *self,
                                                   const char * const  **fields,
                                                   gsize                *n_fields,
                                                   GCancellable         *cancellable,
                                                   GError              **error);
/* Number of the row that next() gave last, the first data row being 1 (the header is row 0). */
WEN_API
guint64             wen_csv_reader_get_row        (WenCsvReader         *self);
/* Line of the file where that row began, from 1. */
WEN_API
guint64             wen_csv_reader_get_line       (WenCsvReader         *self);
WEN_API
const char         *wen_csv_reader_get_encoding   (WenCsvReader         *self);
/* FALSE where a person should look which of the candidates reads right. */
WEN_API
gboolean            wen_csv_reader_get_encoding_is_certain (WenCsvReader *self);
/* The guess first, then what it may be instead; zero-terminated. */
WEN_API
const char * const *wen_csv_reader_get_encoding_candidates (WenCsvReader *self);
WEN_API
char                wen_csv_reader_get_delimiter  (WenCsvReader         *self);
WEN_API
gboolean            wen_csv_reader_get_has_header (WenCsvReader         *self);
/* Zero-terminated; "Column 1", … (translated) where the file has no header. */
WEN_API
const char * const *wen_csv_reader_get_columns    (WenCsvReader         *self);
/* Column for name (exact, then without regard to case, then "1", "2", … as number), or -1 with error set. */
WEN_API
gssize              wen_csv_reader_find_column    (WenCsvReader         *self,
                                                   const char           *name,
                                                   GError              **error);
/* Guess from the names and the first rows, with a translated reason each (transfer full); -1 where nothing fits. */
WEN_API
void                wen_csv_reader_guess_columns  (WenCsvReader         *self,
                                                   gssize               *text_column,
                                                   gssize               *label_column,
                                                   char                **text_reason,
                                                   char                **label_reason);
/* Why the encoding, the delimiter and the header were guessed so: translated sentences, zero-terminated. */
WEN_API
char              **wen_csv_reader_dup_reasons    (WenCsvReader         *self);
/* Repairs so far (ragged rows, bytes replaced by U+FFFD, NUL bytes, …): translated sentences with counts and the first row of each. */
WEN_API
char              **wen_csv_reader_dup_warnings   (WenCsvReader         *self);
/* 0 … 1 by bytes read, or -1 when the size is not known. */
WEN_API
double              wen_csv_reader_get_progress   (WenCsvReader         *self);

G_END_DECLS
