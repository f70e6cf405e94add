/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The program `wenlei`: the application around the windows. */

#include "config.h"

#include "wen-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <locale.h>

static WenWindow *
create_window (GtkApplication *application)
{
  return WEN_WINDOW (wen_window_new (application));
}

/* The window in front, or a new one. */
static WenWindow *
get_window (GtkApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (application);

  while (window && !WEN_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);

  return window ? WEN_WINDOW (window) : create_window (application);
}

static void
new_window_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  gtk_window_present (GTK_WINDOW (create_window (user_data)));
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Wenlei",
                         "application-icon", APPLICATION_ID,
                         "version", WENLEI_VERSION,
                         "developer-name", _("The Wenlei developers"),
                         "copyright", _("© 2026 The Wenlei developers"),
                         "license-type", GTK_LICENSE_LGPL_2_1,
                         "comments", _("Turns a table of texts and labels into a text classifier that you can understand and trust, "
                                       "on your own computer and without a network."),
                         /* Translators: put your name here, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

/* Every window is asked, so that one with a training can say no. */
static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  GList *windows = g_list_copy (gtk_application_get_windows (user_data));

  for (GList *item = windows; item; item = item->next)
    gtk_window_close (item->data);
  g_list_free (windows);
}

static void
startup_cb (GApplication *application,
            gpointer      user_data)
{
  static const GActionEntry entries[] = {
    { .name = "new-window", .activate = new_window_cb },
    { .name = "about", .activate = about_cb },
    { .name = "quit", .activate = quit_cb },
  };
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "app.new-window", { "<Control>n" } },
    { "app.quit", { "<Control>q" } },
    { "win.open", { "<Control>o" } },
    { "win.show-help-overlay", { "F1", "<Control>question" } },
    { "win.show-page::data", { "<Alt>1" } },
    { "win.show-page::prepare", { "<Alt>2" } },
    { "win.show-page::train", { "<Alt>3" } },
    { "win.show-page::evaluate", { "<Alt>4" } },
    { "win.show-page::predict", { "<Alt>5" } },
    { "win.next-page", { "<Control>Page_Down" } },
    { "win.previous-page", { "<Control>Page_Up" } },
    { "window.close", { "<Control>w" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  for (gsize i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action, accels[i].accels);

  gtk_window_set_default_icon_name (APPLICATION_ID);
}

static void
activate_cb (GApplication *application,
             gpointer      user_data)
{
  gtk_window_present (GTK_WINDOW (get_window (GTK_APPLICATION (application))));
}

static int
command_line_cb (GApplication            *application,
                 GApplicationCommandLine *command_line,
                 gpointer                 user_data)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  WenWindow *window = get_window (GTK_APPLICATION (application));
  g_autofree const char **paths = NULL;
  const char *sample;
  const char *preset;

  gtk_window_present (GTK_WINDOW (window));
  if (g_variant_dict_lookup (options, "preset", "&s", &preset))
    wen_window_set_preset (window, preset);
  if (g_variant_dict_lookup (options, "sample", "&s", &sample))
    wen_window_open_sample (window, sample);
  if (g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&ay", &paths))
    {
      g_autoptr(GListStore) files = g_list_store_new (G_TYPE_FILE);

      for (gsize i = 0; paths[i]; i++)
        {
          g_autoptr(GFile) file = g_application_command_line_create_file_for_arg (command_line, paths[i]);

          g_list_store_append (files, file);
        }
      wen_window_open_files (window, G_LIST_MODEL (files));
    }

  return 0;
}

/* Wrong usage is said in the terminal it came from, before a window opens. */
static int
handle_local_options_cb (GApplication *application,
                         GVariantDict *options,
                         gpointer      user_data)
{
  const char *sample;
  const char *preset;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("wenlei %s\n", WENLEI_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (options, "sample", "&s", &sample)
      && g_strcmp0 (sample, "hotel-reviews") != 0
      && g_strcmp0 (sample, "support-requests") != 0)
    {
      g_printerr (_("wenlei: there is no sample “%s”; the samples are hotel-reviews and support-requests."), sample);
      g_printerr ("\n");
      return 2;
    }
  if (g_variant_dict_lookup (options, "preset", "&s", &preset)
      && !g_strv_contains (wen_recipe_list_presets (), preset))
    {
      g_autofree char *names = g_strjoinv (", ", (char **) wen_recipe_list_presets ());

      g_printerr (_("wenlei: there is no preset “%s”; the presets are %s."), preset, names);
      g_printerr ("\n");
      return 2;
    }

  return -1;
}

int
main (int   argc,
      char *argv[])
{
  static const GOptionEntry options[] = {
    { "sample", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Open a built-in sample: hotel-reviews or support-requests"), N_("NAME") },
    { "preset", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Settings that new projects begin with: auto, bayes, linear, average, small, base, classic, ensemble"), N_("NAME") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version and exit"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_("[FILE…]") },
    { NULL }
  };
  g_autoptr(AdwApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = adw_application_new (APPLICATION_ID, G_APPLICATION_HANDLES_COMMAND_LINE);
  g_application_set_resource_base_path (G_APPLICATION (application), "/org/wenlei/Wenlei");
  g_application_add_main_option_entries (G_APPLICATION (application), options);
  g_application_set_option_context_summary (G_APPLICATION (application),
                                            _("Turns a table of texts and labels into a text classifier."));
  g_signal_connect (application, "startup", G_CALLBACK (startup_cb), NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  g_signal_connect (application, "command-line", G_CALLBACK (command_line_cb), NULL);
  g_signal_connect (application, "handle-local-options", G_CALLBACK (handle_local_options_cb), NULL);

  return g_application_run (G_APPLICATION (application), argc, argv);
}
