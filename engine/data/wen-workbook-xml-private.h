/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What reading the XML of spreadsheets needs beyond GMarkup. */

#pragma once

#include <glib.h>
#include <string.h>

/* "x:row" is "row": the prefix is up to the program that wrote the file. */
static inline const char *
wen_xml_strip_prefix (const char *name)
{
  const char *colon = strrchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

/* The value of an attribute, whatever its prefix; NULL where there is none. */
static inline const char *
wen_xml_find (const char **names,
              const char **values,
              const char  *name)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_equal (wen_xml_strip_prefix (names[i]), name))
      return values[i];
  return NULL;
}

/* Appends text in which _x000D_ stands for a character that XML cannot have. */
void wen_xml_append_text (GString    *string,
                          const char *text,
                          gsize       length_bytes);
