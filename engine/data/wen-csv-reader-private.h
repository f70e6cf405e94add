/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of WenCsvReader share. */

#pragma once

#include "wen-csv-guess-private.h"
#include "wen-csv-parser-private.h"
#include "wen-csv-reader.h"
#include "wen-encoding-private.h"
#include "wen-json-lines-private.h"

/* Something that had to be repaired, and where it was first. */
typedef struct
{
  guint64 n_rows;
  guint64 first_row;
} WenCsvRepair;

struct _WenCsvReader
{
  GObject        parent_instance;

  char          *file_name;    /* for messages */
  GInputStream  *stream;
  gint64         size_bytes;   /* -1 where it is not known */
  guint64        n_read_bytes;

  WenEncoding    encoding;
  WenCsvLayout   layout;
  gboolean       has_header;
  gboolean       header_given;
  const char    *header_reason;
  char         **columns;
  WenCsvSample  *sample;

  WenDecoder    *decoder;
  gboolean       is_workbook;  /* a spreadsheet, which comes as CSV from its stream */
  WenJsonLines  *json_lines;   /* turns JSON Lines into CSV; NULL where the file is CSV */
  GString       *json_text;    /* what it has not turned yet */
  WenCsvParser  *parser;
  GString       *text;         /* of the block that was decoded last */
  gssize         nul_offset;   /* of the first NUL byte dropped from it, or -1 */
  gboolean       at_end;
  gboolean       parser_ended; /* the parser was told of the end */
  gboolean       ends_in_quotes;
  gboolean       has_unreadable; /* some text since the last whole row did */

  guint64        row;
  guint64        line;
  GPtrArray     *padded;       /* fields of a row that was too short */

  WenCsvRepair   unreadable;   /* characters replaced by U+FFFD */
  WenCsvRepair   too_short;
  WenCsvRepair   too_long;
  WenCsvRepair   odd_quotes;
  guint64        nul_row;      /* the first with a NUL byte */
};

/* Adds what bytes mean to the text. */
void     wen_csv_reader_decode     (WenCsvReader *self,
                                    const guint8 *bytes,
                                    gsize         n_bytes);
/* From here on, lines of JSON are read as CSV. */
void     wen_csv_reader_start_json (WenCsvReader *self);
/* Gives the text to the parser. */
gboolean wen_csv_reader_parse_text (WenCsvReader *self,
                                    GError      **error);
/* A whole row, reading on as needed.  TRUE with row->fields NULL at the end. */
gboolean wen_csv_reader_take_row   (WenCsvReader *self,
                                    WenCsvRow    *row,
                                    GCancellable *cancellable,
                                    GError      **error);
