/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a spreadsheet says beside its rows: which sheet is the first one that can be
 * seen, the texts that cells share, and which numbers are dates.
 *
 * Source: ECMA-376, Office Open XML, part 1, sections 18.2, 18.3, 18.4 and 18.8. */

#include "config.h"

#include "wen-workbook-private.h"

#include <math.h>
#include <string.h>

#include "wen-csv-reader.h"
#include "wen-i18n-private.h"
#include "wen-workbook-archive-private.h"
#include "wen-workbook-xml-private.h"

#define PIECE_BYTES (64 * 1024)
/* The texts of all cells that are not numbers; a small archive can unpack to any size. */
#define MOST_STRING_BYTES (1024 * 1024 * 1024)
/* Days from year 1 to the day before the first of both ways to count days. */
#define DAYS_BEFORE_1900 693594
#define DAYS_BEFORE_1904 695056
/* 9999-12-31 */
#define LAST_DAY 2958465

gboolean
wen_workbook_is_archive (const guint8 *bytes,
                         gsize         n_bytes)
{
  return n_bytes >= 4 && memcmp (bytes, "PK\3\4", 4) == 0;
}

/* Takes the reason.  FALSE. */
gboolean
wen_workbook_set_damaged (WenWorkbook *self,
                          GError      *reason,
                          GError     **error)
{
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, reason);
      return FALSE;
    }
  g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY,
               /* Translators: a file, and why it cannot be read */
               _ ("The spreadsheet “%s” is damaged: open it in a spreadsheet program and save it again. (%s)"),
               self->file_name, reason->message);
  g_error_free (reason);
  return FALSE;
}

/* Parses a whole part.  *is_there: FALSE where the archive has none of that name. */
static gboolean
parse_part (WenWorkbook         *self,
            const char          *name,
            const GMarkupParser *parser,
            gpointer             user_data,
            gboolean            *is_there,
            GCancellable        *cancellable,
            GError             **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (WenArchivePart) part = wen_archive_part_open (self->path, name, &local_error);
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (parser, 0, user_data, NULL);
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  gssize n_bytes;

  *is_there = part != NULL;
  if (part == NULL)
    {
      return local_error == NULL || wen_workbook_set_damaged (self, g_steal_pointer (&local_error), error);
    }
  while ((n_bytes = wen_archive_part_read (part, piece, PIECE_BYTES, &local_error)) > 0)
    if (g_cancellable_set_error_if_cancelled (cancellable, &local_error)
        || !g_markup_parse_context_parse (context, piece, n_bytes, &local_error))
      return wen_workbook_set_damaged (self, g_steal_pointer (&local_error), error);
  if (n_bytes < 0 || !g_markup_parse_context_end_parse (context, &local_error))
    return wen_workbook_set_damaged (self, g_steal_pointer (&local_error), error);
  return TRUE;
}

/* The list of sheets. */

typedef struct
{
  WenWorkbook *workbook;
  char        *relation;   /* of the first sheet that can be seen */
  char        *target;     /* the part that it is */
} Sheets;

static void
sheets_start_cb (GMarkupParseContext *context,
                 const char          *element,
                 const char         **names,
                 const char         **values,
                 gpointer             user_data,
                 GError             **error)
{
  Sheets *sheets = user_data;
  const char *state = wen_xml_find (names, values, "state");

  element = wen_xml_strip_prefix (element);
  if (g_str_equal (element, "workbookPr"))
    {
      const char *date1904 = wen_xml_find (names, values, "date1904");

      sheets->workbook->counts_from_1904 = date1904 != NULL && (*date1904 == '1' || *date1904 == 't');
    }
  else if (g_str_equal (element, "sheet") && sheets->relation == NULL
           && (state == NULL || g_str_equal (state, "visible")))
    {
      /* The attribute is r:id; sheetId means something else. */
      sheets->relation = g_strdup (wen_xml_find (names, values, "id"));
    }
  else if (g_str_equal (element, "Relationship") && sheets->relation != NULL && sheets->target == NULL
           && g_strcmp0 (wen_xml_find (names, values, "Id"), sheets->relation) == 0)
    {
      sheets->target = g_strdup (wen_xml_find (names, values, "Target"));
    }
}

static const GMarkupParser sheets_parser = { .start_element = sheets_start_cb };

static gboolean
set_no_table (WenWorkbook *self,
              gboolean     is_document,
              GError     **error)
{
  if (is_document)
    g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY,
                 _ ("“%s” is an OpenDocument file: save the table as .xlsx or CSV first."), self->file_name);
  else
    g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_BINARY,
                 _ ("“%s” is a ZIP archive without a spreadsheet in it: unpack it, and choose the table."),
                 self->file_name);
  return FALSE;
}

static gboolean
find_sheet (WenWorkbook  *self,
            GCancellable *cancellable,
            GError      **error)
{
  Sheets sheets = { .workbook = self };
  gboolean is_there, is_document;
  gboolean is_good;

  is_good = parse_part (self, "xl/workbook.xml", &sheets_parser, &sheets, &is_there, cancellable, error);
  if (is_good && !is_there)
    {
      g_autoptr (WenArchivePart) content = wen_archive_part_open (self->path, "content.xml", NULL);

      is_document = content != NULL;
      return set_no_table (self, is_document, error);
    }
  is_good = is_good
            && parse_part (self, "xl/_rels/workbook.xml.rels", &sheets_parser, &sheets, &is_there, cancellable, error);
  if (is_good && sheets.target == NULL)
    {
      g_set_error (error, WEN_CSV_ERROR, WEN_CSV_ERROR_EMPTY, _ ("The spreadsheet “%s” has no sheet that can be seen."),
                   self->file_name);
      is_good = FALSE;
    }
  if (is_good)
    self->sheet_part = *sheets.target == '/' ? g_strdup (sheets.target + 1) : g_strconcat ("xl/", sheets.target, NULL);
  g_free (sheets.relation);
  g_free (sheets.target);
  return is_good;
}

/* Texts that cells share. */

typedef struct
{
  WenWorkbook *workbook;
  gboolean     in_text;
  guint        phonetic_depth;   /* how to say it: no part of the text */
} Strings;

static void
strings_start_cb (GMarkupParseContext *context,
                  const char          *element,
                  const char         **names,
                  const char         **values,
                  gpointer             user_data,
                  GError             **error)
{
  Strings *strings = user_data;
  WenSharedStrings *shared = &strings->workbook->strings;

  element = wen_xml_strip_prefix (element);
  if (g_str_equal (element, "si"))
    g_array_append_val (shared->offsets, shared->texts->len);
  else if (g_str_equal (element, "rPh"))
    strings->phonetic_depth++;
  else if (g_str_equal (element, "t"))
    strings->in_text = strings->phonetic_depth == 0;
}

static void
strings_end_cb (GMarkupParseContext *context,
                const char          *element,
                gpointer             user_data,
                GError             **error)
{
  Strings *strings = user_data;

  element = wen_xml_strip_prefix (element);
  if (g_str_equal (element, "si"))
    g_string_append_c (strings->workbook->strings.texts, '\0');
  else if (g_str_equal (element, "rPh"))
    strings->phonetic_depth--;
  else if (g_str_equal (element, "t"))
    strings->in_text = FALSE;
}

static void
strings_text_cb (GMarkupParseContext *context,
                 const char          *text,
                 gsize                length_bytes,
                 gpointer             user_data,
                 GError             **error)
{
  Strings *strings = user_data;
  WenSharedStrings *shared = &strings->workbook->strings;

  if (!strings->in_text)
    return;
  if (shared->texts->len + length_bytes > MOST_STRING_BYTES)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, _ ("It has more than a gigabyte of texts."));
  else
    wen_xml_append_text (shared->texts, text, length_bytes);
}

static const GMarkupParser strings_parser = {
  .start_element = strings_start_cb,
  .end_element = strings_end_cb,
  .text = strings_text_cb,
};

/* Styles. */

typedef struct
{
  WenWorkbook *workbook;
  GHashTable  *date_formats;   /* set of ids */
  gboolean     in_cell_styles;
} Styles;

/* Whether a number format shows days or times: it has one of their letters outside of
 * quotes, brackets and after backslashes. */
static gboolean
is_date_format (const char *code)
{
  gboolean in_quotes = FALSE;
  gboolean in_brackets = FALSE;

  for (const char *p = code; *p != '\0'; p++)
    {
      if (*p == '"')
        in_quotes = !in_quotes;
      else if (in_quotes)
        continue;
      else if (*p == '[')
        in_brackets = TRUE;
      else if (*p == ']')
        in_brackets = FALSE;
      else if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0')
        p++;
      else if (!in_brackets && strchr ("yYmMdDhHsS", *p) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* The formats that every program has, by their numbers. */
static gboolean
is_built_in_date (guint id)
{
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

static void
styles_start_cb (GMarkupParseContext *context,
                 const char          *element,
                 const char         **names,
                 const char         **values,
                 gpointer             user_data,
                 GError             **error)
{
  Styles *styles = user_data;
  const char *id_text = wen_xml_find (names, values, "numFmtId");
  guint id = id_text != NULL ? (guint) g_ascii_strtoull (id_text, NULL, 10) : 0;

  element = wen_xml_strip_prefix (element);
  if (g_str_equal (element, "numFmt"))
    {
      const char *code = wen_xml_find (names, values, "formatCode");

      if (code != NULL && is_date_format (code))
        g_hash_table_add (styles->date_formats, GUINT_TO_POINTER (id));
    }
  else if (g_str_equal (element, "cellXfs"))
    {
      styles->in_cell_styles = TRUE;
    }
  else if (g_str_equal (element, "xf") && styles->in_cell_styles)
    {
      guint8 is_date = is_built_in_date (id) || g_hash_table_contains (styles->date_formats, GUINT_TO_POINTER (id));

      g_byte_array_append (styles->workbook->is_date, &is_date, 1);
    }
}

static void
styles_end_cb (GMarkupParseContext *context,
               const char          *element,
               gpointer             user_data,
               GError             **error)
{
  if (g_str_equal (wen_xml_strip_prefix (element), "cellXfs"))
    ((Styles *) user_data)->in_cell_styles = FALSE;
}

static const GMarkupParser styles_parser = { .start_element = styles_start_cb, .end_element = styles_end_cb };

WenWorkbook *
wen_workbook_open (const char   *path,
                   const char   *file_name,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_autoptr (WenWorkbook) self = g_new0 (WenWorkbook, 1);
  g_autoptr (GHashTable) date_formats = g_hash_table_new (NULL, NULL);
  Strings strings = { .workbook = self };
  Styles styles = { .workbook = self, .date_formats = date_formats };
  gboolean is_there;

  self->path = g_strdup (path);
  self->file_name = g_strdup (file_name);
  self->strings.texts = g_string_new (NULL);
  self->strings.offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->is_date = g_byte_array_new ();
  /* Both of the latter may be missing. */
  if (!find_sheet (self, cancellable, error)
      || !parse_part (self, "xl/sharedStrings.xml", &strings_parser, &strings, &is_there, cancellable, error)
      || !parse_part (self, "xl/styles.xml", &styles_parser, &styles, &is_there, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
wen_workbook_free (WenWorkbook *self)
{
  g_free (self->path);
  g_free (self->file_name);
  g_free (self->sheet_part);
  if (self->strings.texts != NULL)
    g_string_free (self->strings.texts, TRUE);
  g_clear_pointer (&self->strings.offsets, g_array_unref);
  g_clear_pointer (&self->is_date, g_byte_array_unref);
  g_free (self);
}

const char *
wen_workbook_get_string (WenWorkbook *self,
                         gsize        index)
{
  if (index >= self->strings.offsets->len)
    return "";
  return self->strings.texts->str + g_array_index (self->strings.offsets, gsize, index);
}

/* A day, with the time where it is not midnight; or the time alone.  (nullable) */
static char *
format_date (WenWorkbook *self,
             double       value)
{
  double day = floor (value);
  guint seconds = (guint) lround ((value - day) * 86400);
  g_autofree char *time = NULL;
  GDate date;

  if (seconds == 86400)
    {
      day++;
      seconds = 0;
    }
  if (value < 0 || day > LAST_DAY)
    return NULL;
  time = g_strdup_printf ("%02u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (day < 1)
    return g_steal_pointer (&time);
  /* Excel counts a 29th of February 1900, which there never was. */
  if (!self->counts_from_1904 && day < 60)
    day++;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) day + (self->counts_from_1904 ? DAYS_BEFORE_1904 : DAYS_BEFORE_1900));
  return g_strdup_printf (seconds != 0 ? "%04u-%02u-%02u %s" : "%04u-%02u-%02u", g_date_get_year (&date),
                          g_date_get_month (&date), g_date_get_day (&date), time);
}

char *
wen_workbook_format (WenWorkbook *self,
                     const char  *number,
                     guint        style)
{
  char *end;
  double value = g_ascii_strtod (number, &end);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (end == number || *end != '\0' || !isfinite (value))
    return g_strdup (number);
  if (style < self->is_date->len && self->is_date->data[style])
    {
      char *date = format_date (self, value);

      if (date != NULL)
        return date;
    }
  /* Files have 0.10000000000000001 where people have typed 0.1. */
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.15g", value));
}
