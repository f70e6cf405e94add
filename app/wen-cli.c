/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli: the whole job of Wenlei in the terminal. */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>

typedef struct
{
  const char *name;
  const char *summary;
  int       (*run) (char **arguments);
} Command;

static const Command commands[] = {
  { "inspect", N_ ("say what is in a table: encoding, columns, labels, warnings"), wen_cli_inspect },
  { "train", N_ ("train a classifier with a table of texts and labels"), wen_cli_train },
  { "cross-validate", N_ ("say how good a recipe is on a table, and how much by chance"), wen_cli_cross_validate },
  { "search", N_ ("find the settings that do best on a table"), wen_cli_search },
  { "learning-curve", N_ ("say whether more rows would help"), wen_cli_learning_curve },
  { "evaluate", N_ ("measure a classifier on a table of texts and labels"), wen_cli_evaluate },
  { "predict", N_ ("label the texts of a table, or of standard input"), wen_cli_predict },
  { "clean", N_ ("clean the texts of a table, and say what each step changes"), wen_cli_clean },
  { "tokenize", N_ ("cut the texts of a table into tokens, and count them"), wen_cli_tokenize },
  { "augment", N_ ("show training texts as augmentation changes them"), wen_cli_augment },
  { "demo", N_ ("do the whole job on a built-in sample"), wen_cli_demo },
};

static void
print_help (void)
{
  wen_cli_print ("%s\n  wenlei-cli %s\n\n%s\n", _ ("Usage:"), _ ("COMMAND [OPTION…]"), _ ("Commands:"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    wen_cli_print ("  %-14s %s\n", commands[i].name, _ (commands[i].summary));
  wen_cli_print ("\n%s\n", _ ("“wenlei-cli COMMAND --help” explains a command."));
}

static int
run_command (char **arguments)
{
  if (arguments[0] == NULL)
    return wen_cli_wrong_usage (NULL, _ ("Say what to do."));
  if (g_str_equal (arguments[0], "--help") || g_str_equal (arguments[0], "-h"))
    {
      print_help ();
      return WEN_CLI_DONE;
    }
  if (g_str_equal (arguments[0], "--version"))
    {
      wen_cli_print ("wenlei-cli %s\n", WENLEI_VERSION);
      return WEN_CLI_DONE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (arguments[0], commands[i].name))
      return commands[i].run (arguments);
  return wen_cli_wrong_usage (NULL, _ ("There is no command “%s”."), arguments[0]);
}

int
main (int    argc,
      char **argv)
{
  g_auto(GStrv) arguments = g_strdupv (argc > 0 ? argv + 1 : argv);
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("wenlei-cli");
  /* Writing to a pipe that nobody reads any more is an error like others. */
  signal (SIGPIPE, SIG_IGN);

  status = run_command (arguments);
  if (!wen_cli_flush () && status == WEN_CLI_DONE)
    status = WEN_CLI_FAILED;
  return status;
}
