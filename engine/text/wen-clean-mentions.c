/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cleaning steps for what is addressed to somebody: e-mail addresses, @names and
 * #topics. */

#include "config.h"

#include "wen-cleaning-private.h"

#include <unicode/uchar.h>

#include "wen-personal-data-private.h"

/* No network allows longer names. */
#define MAXIMUM_NAME 30
#define MAXIMUM_TOPIC 60

enum
{
  MENTIONS_BOTH,
  MENTIONS_NAMES,
  MENTIONS_TOPICS,
};

void
wen_clean_emails (WenCleaning             *cleaning,
                  const WenCleaningValues *values)
{
  WenPersonalData found;

  if (memchr (cleaning->text, '@', (gsize) (cleaning->end - cleaning->text)) == NULL)
    return;
  for (const char *p = cleaning->text; p < cleaning->end;)
    if (wen_personal_data_match (cleaning->text, p, 1 << WEN_PERSONAL_DATA_EMAIL, &found))
      {
        wen_cleaning_remove (cleaning, p, cleaning->text + found.end);
        p = cleaning->text + found.end;
      }
    else
      {
        p++;
      }
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

void
wen_clean_mentions (WenCleaning             *cleaning,
                    const WenCleaningValues *values)
{
  gint64 which = values->numbers[0];
  const char *end = cleaning->end;

  for (const char *p = cleaning->text; p < end;)
    {
      const char *after = NULL;

      if (*p == '@' && which != MENTIONS_TOPICS)
        after = match_name (cleaning->text, p, end);
      else if (*p == '#' && which != MENTIONS_NAMES)
        after = match_topic (p, end);
      if (after != NULL)
        wen_cleaning_remove (cleaning, p, after);
      p = after != NULL ? after : p + 1;
    }
}
