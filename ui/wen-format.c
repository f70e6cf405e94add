/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Numbers as people read them. */

#include "config.h"

#include "wen-format.h"

#include <locale.h>
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
