/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Standard output: numbers with thousands apart, tables whose columns stand under
 * one another with Chinese in them too, JSON. */

#include "config.h"

#include "wen-cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COLUMN_GAP "  "

char *
wen_cli_format_count (guint64 count)
{
  const char *separator = localeconv ()->thousands_sep;
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  gsize n_digits = strlen (digits);
  g_autoptr(GString) text = g_string_new (NULL);

  /* Not everybody's locale is set up; a thousand reads better with a comma. */
  if (*separator == '\0' || !g_utf8_validate (separator, -1, NULL))
    separator = ",";
  for (gsize i = 0; i < n_digits; i++)
    {
      if (i > 0 && (n_digits - i) % 3 == 0)
        g_string_append (text, separator);
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
wen_cli_format_share (double share)
{
  return g_strdup_printf (_ ("%.1f %%"), share * 100);
}

char *
wen_cli_format_seconds (double seconds)
{
  guint64 whole = seconds > 0 ? (guint64) (seconds + 0.5) : 0;

  if (whole < 3600)
    return g_strdup_printf ("%u:%02u", (guint) (whole / 60), (guint) (whole % 60));
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%02u:%02u", whole / 3600, (guint) (whole / 60 % 60),
                          (guint) (whole % 60));
}

void
wen_cli_warn (const char *sentence)
{
  g_autofree char *line = g_utf8_make_valid (sentence, -1);

  fprintf (stderr, "%s %s\n", _ ("Warning:"), g_strdelimit (line, "\r\n", ' '));
}

void
wen_cli_print (const char *format,
               ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stdout, format, arguments);
  va_end (arguments);
}

/* Cells that a terminal needs for a text. */
static gsize
get_width (const char *text)
{
  gsize width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      width += g_unichar_iswide (character) ? 2 : g_unichar_iszerowidth (character) ? 0 : 1;
    }
  return width;
}

static void
print_cell (const char *cell,
            gsize       width,
            gboolean    flush_left,
            gboolean    is_last)
{
  gsize n_spaces = width - get_width (cell);

  if (!flush_left)
    wen_cli_print ("%*s", (int) n_spaces, "");
  wen_cli_print ("%s", cell);
  if (flush_left && !is_last)
    wen_cli_print ("%*s", (int) n_spaces, "");
}

void
wen_cli_print_table (const char * const *cells,
                     gsize               n_rows,
                     gsize               n_columns)
{
  g_autofree gsize *widths = g_new0 (gsize, n_columns);
  g_autoptr(GPtrArray) shown = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < n_rows * n_columns; i++)
    {
      char *cell = g_utf8_make_valid (cells[i], -1);

      g_ptr_array_add (shown, g_strdelimit (cell, "\r\n\t", ' '));
      widths[i % n_columns] = MAX (widths[i % n_columns], get_width (cell));
    }
  for (gsize i = 0; i < n_rows * n_columns; i++)
    {
      gboolean is_last = (i + 1) % n_columns == 0;

      print_cell (g_ptr_array_index (shown, i), widths[i % n_columns], i % n_columns == 0, is_last);
      wen_cli_print ("%s", is_last ? "\n" : COLUMN_GAP);
    }
}

void
wen_cli_print_json (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  wen_cli_print ("%s\n", text);
}

void
wen_cli_json_add_strings (JsonObject         *object,
                          const char         *name,
                          const char * const *strings)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, name, array);
}

gboolean
wen_cli_reader_is_gone (void)
{
  GPollFD output = { .fd = STDOUT_FILENO };

  /* Asked without events, it still tells of a pipe whose other end is closed. */
  return g_poll (&output, 1, 0) > 0 && (output.revents & G_IO_ERR) != 0;
}

gboolean
wen_cli_flush (void)
{
  g_autoptr(GError) error = NULL;

  if ((fflush (stdout) == 0 && !ferror (stdout)) || wen_cli_reader_is_gone ())
    return TRUE;
  g_set_error (&error, G_FILE_ERROR, g_file_error_from_errno (errno), _ ("The output cannot be written: %s."),
               g_strerror (errno));
  wen_cli_fail (NULL, error);
  return FALSE;
}
