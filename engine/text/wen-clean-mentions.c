/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cleaning steps for what is addressed to somebody: e-mail addresses, @names and
 * #topics. */

#include "config.h"

#include "wen-cleaning-steps-private.h"
#include "wen-personal-data.h"

#include <string.h>
#include <unicode/uchar.h>

/* No network allows longer names. */
#define MAXIMUM_NAME 30
#define MAXIMUM_TOPIC 60

gboolean
wen_clean_emails (const char *text,
                  gsize       length_bytes,
                  GString    *out)
{
  g_autofree WenPersonalData *found = NULL;
  gsize n_found;
  gsize kept = 0;

  if (memchr (text, '@', length_bytes) == NULL)
    return FALSE;
  found = wen_personal_data_find (text, &n_found);
  for (gsize i = 0; i < n_found; i++)
    if (found[i].kind == WEN_PERSONAL_DATA_EMAIL)
      {
        g_string_append_len (out, text + kept, (gssize) (found[i].begin - kept));
        kept = found[i].end;
      }
  g_string_append_len (out, text + kept, (gssize) (length_bytes - kept));
  return kept > 0;
}

static gboolean
is_name_character (gunichar c)
{
  return c == '_' || c == '-' || u_isalnum ((UChar32) c);
}

/* After the name behind an @, or NULL.  What is far too long for a name is a
 * sentence that nobody put a space into. */
static const char *
match_name (const char *text,
            const char *p,
            const char *end)
{
  const char *before = p > text ? g_utf8_prev_char (p) : NULL;
  guint n_characters = 0;

  /* The middle of an e-mail address. */
  if (before != NULL && g_ascii_isalnum (*before))
    return NULL;
  for (p++; p < end && is_name_character (g_utf8_get_char (p)); p = g_utf8_next_char (p))
    n_characters++;
  return n_characters > 0 && n_characters <= MAXIMUM_NAME ? p : NULL;
}

/* After a topic, or NULL: "#…#" as Chinese networks write it, or "#" and a word of
 * letters that are not Chinese. */
static const char *
match_topic (const char *p,
             const char *end)
{
  const char *q = g_utf8_next_char (p);
  const char *word_end;
  gboolean has_letter = FALSE;
  guint n_characters = 0;

  for (word_end = q; word_end < end; word_end = g_utf8_next_char (word_end))
    {
      gunichar c = g_utf8_get_char (word_end);

      if (!is_name_character (c) || u_hasBinaryProperty ((UChar32) c, UCHAR_IDEOGRAPHIC))
        break;
      has_letter |= !g_unichar_isdigit (c);
    }
  for (; q < end && n_characters <= MAXIMUM_TOPIC && *q != '\n'; q = g_utf8_next_char (q), n_characters++)
    if (*q == '#')
      {
        if (n_characters > 0 && p[1] != ' ' && q[-1] != ' ')
          return q + 1;
        break;
      }
  return has_letter ? word_end : NULL;
}

gboolean
wen_clean_mentions (const char *text,
                    gsize       length_bytes,
                    GString    *out)
{
  const char *end = text + length_bytes;
  const char *kept = text;

  for (const char *p = text; p < end;)
    {
      const char *after = *p == '@' ? match_name (text, p, end) : *p == '#' ? match_topic (p, end) : NULL;

      if (after != NULL)
        {
          g_string_append_len (out, kept, p - kept);
          kept = after;
        }
      p = after != NULL ? after : g_utf8_next_char (p);
    }
  g_string_append_len (out, kept, end - kept);
  return kept != text;
}
