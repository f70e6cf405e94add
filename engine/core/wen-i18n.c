/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Binds the library's translations the first time one is asked for, so that
 * programs in any language get translated sentences without a set-up call. */

#include "config.h"

#include "wen-i18n-private.h"

#include <libintl.h>

static void
bind_translations_once (void)
{
  static gsize bound = 0;

  if (g_once_init_enter (&bound))
    {
      bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
      bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
      g_once_init_leave (&bound, 1);
    }
}

const char *
wen_gettext (const char *message)
{
  bind_translations_once ();
  return g_dgettext (GETTEXT_PACKAGE, message);
}

const char *
wen_ngettext (const char *singular,
              const char *plural,
              gulong      n)
{
  bind_translations_once ();
  return g_dngettext (GETTEXT_PACKAGE, singular, plural, n);
}
