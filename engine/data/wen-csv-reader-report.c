/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a reader has to say about its table: how it was guessed, and what had to be
 * repaired. */

#include "config.h"

#include "wen-csv-reader-private.h"

#include <inttypes.h>

#include "wen-i18n-private.h"

static char *
explain_encoding (WenCsvReader *self)
{
  const char *name = self->encoding.name;

  switch (self->encoding.reason)
    {
    case WEN_ENCODING_BY_MARK:
      return g_strdup_printf (_ ("The file says itself that its encoding is %s."), name);
    case WEN_ENCODING_BY_VALIDITY:
      return g_strdup_printf (_ ("Every character is valid %s."), name);
    case WEN_ENCODING_BY_LIKELIHOOD:
      return g_strdup_printf (_ ("Read as %s, nearly all characters are common ones."), name);
    case WEN_ENCODING_BY_OPTION:
      return g_strdup_printf (_ ("It is read as %s, as was asked for."), name);
    case WEN_ENCODING_BY_DEFAULT:
    default:
      return g_strdup_printf (_ ("No encoding fits well; it is read as %s."), name);
    }
}

/**
 * wen_csv_reader_get_encoding_is_certain:
 * @self: a reader
 *
 * Tells whether the encoding is beyond doubt, or was asked for.
 *
 * Where it is not, a person can tell at a glance: show some rows, read once with
 * each of wen_csv_reader_get_encoding_candidates().
 *
 * Returns: whether nobody needs to look
 */
gboolean
wen_csv_reader_get_encoding_is_certain (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), FALSE);

  return self->encoding.is_certain;
}

/**
 * wen_csv_reader_get_encoding_candidates:
 * @self: a reader
 *
 * Gets the encodings that the file may have, the likeliest first, which is the one
 * it is read with.  Each can be asked for in `WenCsvOptions`.
 *
 * Returns: (array zero-terminated=1) (transfer none): one to three names
 */
const char *const *
wen_csv_reader_get_encoding_candidates (WenCsvReader *self)
{
  g_return_val_if_fail (WEN_IS_CSV_READER (self), NULL);

  return self->encoding.candidates;
}

/* What else the encoding may be. */
static char *
explain_doubt (WenCsvReader *self)
{
  const char *const *others = self->encoding.candidates + 1;
  /* Translators: between the names of two encodings, of which one is right. */
  g_autofree char *names = g_strjoinv (_ (" or "), (char **) others);

  /* Translators: the name of an encoding, or two of them. */
  return g_strdup_printf (_ ("It may also be %s: check whether the texts look right."), names);
}

/**
 * wen_csv_reader_dup_reasons:
 * @self: a reader
 *
 * Explains how encoding, separator and header were found.
 *
 * Returns: (array zero-terminated=1) (transfer full): translated sentences
 */
char **
wen_csv_reader_dup_reasons (WenCsvReader *self)
{
  g_autoptr (GPtrArray) reasons = NULL;

  g_return_val_if_fail (WEN_IS_CSV_READER (self), NULL);

  reasons = g_ptr_array_new ();
  g_ptr_array_add (reasons, explain_encoding (self));
  if (!self->encoding.is_certain)
    g_ptr_array_add (reasons, explain_doubt (self));
  g_ptr_array_add (reasons, g_strdup (self->layout.reason));
  if (!self->layout.has_quoting)
    g_ptr_array_add (reasons, g_strdup (_ ("Quotation marks are part of the texts: they do not enclose fields here.")));
  g_ptr_array_add (reasons, g_strdup (self->header_given ? _ ("Whether the first row names the columns was asked for.")
                                                         : self->header_reason));
  g_ptr_array_add (reasons, NULL);
  return (char **) g_ptr_array_steal (reasons, NULL);
}

/**
 * wen_csv_reader_dup_warnings:
 * @self: a reader
 *
 * Tells what had to be repaired in the rows read so far.
 *
 * Returns: (array zero-terminated=1) (transfer full): translated sentences with
 *   counts and the first row of each kind; empty where all was well
 */
char **
wen_csv_reader_dup_warnings (WenCsvReader *self)
{
  g_autoptr (GPtrArray) warnings = NULL;
  guint64 n_nul;

  g_return_val_if_fail (WEN_IS_CSV_READER (self), NULL);

  warnings = g_ptr_array_new ();
  if (self->unreadable.n_rows > 0)
    g_ptr_array_add (warnings, g_strdup_printf (
      wen_ngettext ("%" PRIu64 " row has characters that cannot be read, shown as �: row %" PRIu64 ".",
                    "%" PRIu64 " rows have characters that cannot be read, shown as �, first row %" PRIu64 ".",
                    self->unreadable.n_rows),
      self->unreadable.n_rows, self->unreadable.first_row));
  if (self->too_short.n_rows > 0)
    g_ptr_array_add (warnings, g_strdup_printf (
      wen_ngettext ("%" PRIu64 " row has fewer fields than there are columns: row %" PRIu64 ".",
                    "%" PRIu64 " rows have fewer fields than there are columns, first row %" PRIu64 ".",
                    self->too_short.n_rows),
      self->too_short.n_rows, self->too_short.first_row));
  if (self->too_long.n_rows > 0)
    g_ptr_array_add (warnings, g_strdup_printf (
      wen_ngettext ("%" PRIu64 " row has more fields than there are columns: row %" PRIu64 ".",
                    "%" PRIu64 " rows have more fields than there are columns, first row %" PRIu64 ".",
                    self->too_long.n_rows),
      self->too_long.n_rows, self->too_long.first_row));
  if (self->odd_quotes.n_rows > 0)
    g_ptr_array_add (warnings, g_strdup_printf (
      wen_ngettext ("%" PRIu64 " row has quotation marks inside a field, which were kept; "
                    "look whether the field ends where it should: row %" PRIu64 ".",
                    "%" PRIu64 " rows have quotation marks inside a field, which were kept; "
                    "look whether the fields end where they should, first row %" PRIu64 ".",
                    self->odd_quotes.n_rows),
      self->odd_quotes.n_rows, self->odd_quotes.first_row));
  n_nul = wen_decoder_get_n_nul (self->decoder);
  if (n_nul > 0)
    g_ptr_array_add (warnings, g_strdup_printf (
      wen_ngettext ("%" PRIu64 " NUL byte was dropped: row %" PRIu64 ".",
                    "%" PRIu64 " NUL bytes were dropped, the first in row %" PRIu64 ".", n_nul),
      n_nul, self->nul_row));
  if (self->json_lines != NULL)
    {
      guint64 first_line;
      guint64 n_bad = wen_json_lines_get_n_bad (self->json_lines, &first_line);

      if (n_bad > 0)
        g_ptr_array_add (warnings, g_strdup_printf (
          wen_ngettext ("%" PRIu64 " line is no JSON object and was left out: line %" PRIu64 ".",
                        "%" PRIu64 " lines are no JSON objects and were left out, first line %" PRIu64 ".", n_bad),
          n_bad, first_line));
    }
  if (self->ends_in_quotes)
    g_ptr_array_add (warnings, g_strdup_printf (_ ("Row %" PRIu64
                                                   ", the last, has a quote that is never closed: rows after it may "
                                                   "have become part of its text."),
                                                self->row));
  g_ptr_array_add (warnings, NULL);
  return (char **) g_ptr_array_steal (warnings, NULL);
}
