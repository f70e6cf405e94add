/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* UTF-8 text, block by block, as rows of fields.  The one place that knows libcsv.
 *
 * libcsv calls back for each field and each line end and keeps what a block cuts
 * off; this file collects the fields into rows, knows on which line each begins,
 * and lets go of lines that are empty.  It also stops at every quote, to see from
 * libcsv's state whether the quote stands where one may stand: a quote that is not
 * doubled can make libcsv take the rows after it for text, which must not go
 * unnoticed. */

#include "config.h"

#include "wen-csv-parser-private.h"

#include <csv.h>
#include <string.h>

#define QUOTE '"'

/* By so much libcsv's buffer for a field grows: by default, 128 bytes at a time. */
#define FIELD_BLOCK_BYTES (256 * 1024)

/* libcsv's own numbers for `pstate`: inside a field, and after a quote that may have
 * ended it. */
#define STATE_IN_FIELD 2
#define STATE_AFTER_QUOTE 3

typedef struct
{
  gsize    first_field; /* index in field_offsets */
  gsize    n_fields;
  guint64  line;
  gboolean has_odd_quote;
} Row;

struct _WenCsvParser
{
  struct csv_parser csv;

  GByteArray *bytes;         /* contents of the fields, each with a NUL after it */
  GArray     *field_offsets; /* of gsize: where each begins in bytes */
  GArray     *rows;          /* of Row: whole ones */
  gsize       next_row;
  GPtrArray  *fields;        /* of the row that was taken last */

  gsize       row_first_field; /* of the row that is not whole yet */
  guint64     row_line;
  gboolean    row_has_odd_quote;
  guint64     line;            /* where parsing is, from 1 */
  gboolean    after_cr;        /* the last thing was an unquoted CR: an LF belongs to it */
};

/* Spaces belong to their fields: RFC 4180, section 2.4. */
static int
is_space (unsigned char c)
{
  return 0;
}

static void
count_lines_within (WenCsvParser *self,
                    const char   *field,
                    gsize         length_bytes)
{
  for (gsize i = 0; i < length_bytes; i++)
    if (field[i] == '\n' || (field[i] == '\r' && (i + 1 == length_bytes || field[i + 1] != '\n')))
      self->line++;
}

/* libcsv: a field is whole. */
static void
field_cb (void  *field,
          size_t length_bytes,
          void  *data)
{
  WenCsvParser *self = data;
  gsize offset = self->bytes->len;

  if (self->field_offsets->len == self->row_first_field)
    self->row_line = self->line;
  g_array_append_val (self->field_offsets, offset);
  g_byte_array_append (self->bytes, field, (guint) length_bytes);
  g_byte_array_append (self->bytes, (const guint8 *) "", 1);
  count_lines_within (self, field, length_bytes);
  self->after_cr = FALSE;
}

/* libcsv: a line end, or, with -1, the end of the text after a last line without
 * one. */
static void
line_end_cb (int   c,
             void *data)
{
  WenCsvParser *self = data;
  gsize n_fields = self->field_offsets->len - self->row_first_field;

  if (n_fields > 0)
    {
      Row row = { self->row_first_field, n_fields, self->row_line, self->row_has_odd_quote };

      g_array_append_val (self->rows, row);
      self->row_first_field = self->field_offsets->len;
      self->row_has_odd_quote = FALSE;
    }
  if (!(c == '\n' && self->after_cr && n_fields == 0))
    self->line++;
  self->after_cr = c == '\r';
}

/* has_quoting: whether quotes around a field are none of it; else they are signs as
 * any other. */
WenCsvParser *
wen_csv_parser_new (char     delimiter,
                    gboolean has_quoting)
{
  WenCsvParser *self = g_new0 (WenCsvParser, 1);

  csv_init (&self->csv, CSV_REPALL_NL);
  csv_set_delim (&self->csv, (unsigned char) delimiter);
  csv_set_blk_size (&self->csv, FIELD_BLOCK_BYTES);
  csv_set_space_func (&self->csv, is_space);
  /* A decoder leaves no NUL in the text. */
  csv_set_quote (&self->csv, has_quoting ? QUOTE : '\0');
  self->bytes = g_byte_array_new ();
  self->field_offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->fields = g_ptr_array_new ();
  self->line = 1;
  return self;
}

void
wen_csv_parser_free (WenCsvParser *self)
{
  csv_free (&self->csv);
  g_byte_array_unref (self->bytes);
  g_array_unref (self->field_offsets);
  g_array_unref (self->rows);
  g_ptr_array_unref (self->fields);
  g_free (self);
}

/* Lets go of the rows that were taken; keeps the fields of the unfinished one. */
static void
drop_taken_rows (WenCsvParser *self)
{
  gsize n_open = self->field_offsets->len - self->row_first_field;
  gsize begin = n_open > 0 ? g_array_index (self->field_offsets, gsize, self->row_first_field) : self->bytes->len;

  if (self->row_first_field > 0)
    g_array_remove_range (self->field_offsets, 0, (guint) self->row_first_field);
  if (begin > 0)
    g_byte_array_remove_range (self->bytes, 0, (guint) begin);
  for (gsize i = 0; i < n_open; i++)
    g_array_index (self->field_offsets, gsize, i) -= begin;
  self->row_first_field = 0;
  g_array_set_size (self->rows, 0);
  self->next_row = 0;
}

static gboolean
ends_field (WenCsvParser *self,
            char          c)
{
  return c == '\n' || c == '\r' || (unsigned char) c == csv_get_delim (&self->csv);
}

/* Parses up to the next quote, itself included, or to the end; returns how far, or
 * NULL where memory is short. */
static const char *
parse_to_quote (WenCsvParser *self,
                const char   *text,
                const char   *end)
{
  const char *quote = memchr (text, QUOTE, (gsize) (end - text));
  gsize length_bytes = (gsize) ((quote != NULL ? quote + 1 : end) - text);

  if (self->csv.pstate == STATE_AFTER_QUOTE && *text != QUOTE && !ends_field (self, *text))
    self->row_has_odd_quote = TRUE;
  if (csv_parse (&self->csv, text, length_bytes, field_cb, line_end_cb, self) != length_bytes)
    return NULL;
  if (quote != NULL && self->csv.pstate == STATE_IN_FIELD && !self->csv.quoted)
    self->row_has_odd_quote = TRUE;
  return text + length_bytes;
}

/* Parses a block; rows that it completes can then be taken.  FALSE where memory is
 * short. */
gboolean
wen_csv_parser_feed (WenCsvParser *self,
                     const char   *text,
                     gsize         length_bytes,
                     gboolean      is_last)
{
  const char *end = text + length_bytes;

  if (self->next_row >= self->rows->len)
    drop_taken_rows (self);
  if (csv_get_quote (&self->csv) != QUOTE)
    {
      if (csv_parse (&self->csv, text, length_bytes, field_cb, line_end_cb, self) != length_bytes)
        return FALSE;
    }
  else
    {
      while (text < end)
        {
          text = parse_to_quote (self, text, end);
          if (text == NULL)
            return FALSE;
        }
    }
  return !is_last || csv_fini (&self->csv, field_cb, line_end_cb, self) == 0;
}

/* Whole rows that wait to be taken. */
gsize
wen_csv_parser_count_rows (WenCsvParser *self)
{
  return self->rows->len - self->next_row;
}

/* FALSE where there is no whole row left. */
gboolean
wen_csv_parser_take_row (WenCsvParser *self,
                         WenCsvRow    *row)
{
  const Row *parsed;

  if (self->next_row >= self->rows->len)
    return FALSE;
  parsed = &g_array_index (self->rows, Row, self->next_row++);
  g_ptr_array_set_size (self->fields, 0);
  for (gsize i = 0; i < parsed->n_fields; i++)
    g_ptr_array_add (self->fields,
                     self->bytes->data + g_array_index (self->field_offsets, gsize, parsed->first_field + i));
  g_ptr_array_add (self->fields, NULL);

  *row = (WenCsvRow) { (const char *const *) self->fields->pdata, parsed->n_fields, parsed->line,
                       parsed->has_odd_quote };
  return TRUE;
}

/* Whether a quoted field is open: at the end of a file, a quote was never closed. */
gboolean
wen_csv_parser_is_in_quotes (WenCsvParser *self)
{
  return self->csv.pstate == STATE_IN_FIELD && self->csv.quoted;
}

/* Whether fields of a row that is not whole yet are there. */
gboolean
wen_csv_parser_has_open_row (WenCsvParser *self)
{
  return self->csv.pstate >= STATE_IN_FIELD || self->field_offsets->len > self->row_first_field;
}

void
wen_csv_append_field (GString    *csv,
                      const char *text)
{
  g_string_append_c (csv, '"');
  for (const char *quote; (quote = strchr (text, '"')) != NULL; text = quote + 1)
    {
      g_string_append_len (csv, text, quote + 1 - text);
      g_string_append_c (csv, '"');
    }
  g_string_append (csv, text);
  g_string_append_c (csv, '"');
}
