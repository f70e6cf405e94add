/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Numbers, durations and shares as people read them. */

#include "config.h"

#include "wen-format.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <math.h>
#include <string.h>

/**
 * wen_format_count:
 * @count: a number of things
 *
 * Writes a number with its thousands apart, as the language does; locales that do
 * not say how get a comma.
 *
 * Returns: (transfer full): the number
 */
char *
wen_format_count (guint64 count)
{
  const char *separator = localeconv ()->thousands_sep;
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  gsize n_digits = strlen (digits);
  GString *number = g_string_new (NULL);

  if (separator == NULL || *separator == '\0')
    separator = ",";
  for (gsize i = 0; i < n_digits; i++)
    {
      if (i > 0 && (n_digits - i) % 3 == 0)
        g_string_append (number, separator);
      g_string_append_c (number, digits[i]);
    }

  return g_string_free (number, FALSE);
}

/**
 * wen_format_duration:
 * @duration_us: how long something takes
 *
 * Writes a duration as people say it, such as "41 s".
 *
 * Returns: (transfer full): the duration
 */
char *
wen_format_duration (gint64 duration_us)
{
  guint64 seconds = (guint64) MAX (0, (duration_us + 500000) / 1000000);

  if (seconds < 10)
    /* Translators: %.1f is a number of seconds */
    return g_strdup_printf (_("%.1f s"), (double) MAX (0, duration_us) / 1e6);
  if (seconds < 60)
    /* Translators: %u is a number of seconds */
    return g_strdup_printf (_("%u s"), (guint) seconds);
  if (seconds < 3600)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_("%u min %u s"), (guint) (seconds / 60), (guint) (seconds % 60));
  /* Translators: hours and minutes */
  return g_strdup_printf (_("%u h %u min"), (guint) (seconds / 3600), (guint) (seconds / 60 % 60));
}

/**
 * wen_format_share:
 * @share: from 0 to 1, or not a number
 *
 * Writes a share in per cent.
 *
 * Returns: (transfer full): the share, or a dash for none
 */
char *
wen_format_share (double share)
{
  if (!isfinite (share))
    return g_strdup ("–");
  /* Translators: a share in per cent */
  return g_strdup_printf (_("%.1f %%"), 100 * share);
}
