/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Options of commands, and what is said when something is wrong. */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

/* One line, whatever the message has in it: a name in a table may hold line ends. */
static void
print_error_line (const char *message)
{
  g_autofree char *line = g_utf8_make_valid (message, -1);

  fprintf (stderr, "wenlei-cli: %s\n", g_strdelimit (line, "\r\n", ' '));
}

int
wen_cli_wrong_usage (const char *command,
                     const char *format,
                     ...)
{
  g_autofree char *message = NULL;
  g_autofree char *hint = NULL;
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  /* Translators: %s is a command with an option, "wenlei-cli train --help" */
  hint = g_strdup_printf (_ ("“%s” explains more."),
                          command != NULL ? command : "wenlei-cli --help");
  line = g_strconcat (message, " ", hint, NULL);
  print_error_line (line);
  return WEN_CLI_WRONG_USAGE;
}

int
wen_cli_fail (GFile        *file,
              const GError *error)
{
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;
  g_autofree char *message = NULL;

  if (name != NULL)
    {
      g_autofree char *shown_name = g_filename_display_name (name);

      if (strstr (error->message, shown_name) == NULL)
        message = g_strdup_printf ("%s: %s", shown_name, error->message);
    }
  print_error_line (message != NULL ? message : error->message);
  return WEN_CLI_FAILED;
}

char *
wen_cli_dup_utf8 (const char *argument)
{
  if (argument == NULL)
    return NULL;
  return g_utf8_validate (argument, -1, NULL) ? g_strdup (argument) : g_filename_display_name (argument);
}

static void
print_parse_error (const char   *command,
                   const GError *error)
{
  g_autofree char *hint = g_strconcat ("wenlei-cli ", command, " --help", NULL);

  wen_cli_wrong_usage (hint, "%s.", error->message);
}

gboolean
wen_cli_parse (char             ***arguments,
               const GOptionEntry *entries,
               const char         *parameters,
               const char         *summary,
               guint               n_least,
               guint               n_most)
{
  g_autoptr(GOptionContext) context = g_option_context_new (parameters);
  g_autoptr(GError) error = NULL;
  g_autofree char *command = g_strdup ((*arguments)[0]);
  g_autofree char *hint = g_strconcat ("wenlei-cli ", command, " --help", NULL);
  guint n_files;

  /* Help shows the first argument as the program. */
  g_free ((*arguments)[0]);
  (*arguments)[0] = g_strconcat ("wenlei-cli ", command, NULL);
  g_set_prgname ((*arguments)[0]);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse_strv (context, arguments, &error))
    {
      print_parse_error (command, error);
      return FALSE;
    }

  n_files = g_strv_length (*arguments) - 1;
  if (n_files < n_least)
    {
      wen_cli_wrong_usage (hint, _ ("A file is missing: %s."), parameters);
      return FALSE;
    }
  if (n_files > n_most)
    {
      g_autofree char *extra = g_filename_display_name ((*arguments)[n_most + 1]);

      wen_cli_wrong_usage (hint, _ ("“%s” is one argument too many."), extra);
      return FALSE;
    }
  return TRUE;
}
