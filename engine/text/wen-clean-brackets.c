/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning step that takes out brackets, and the text in them. */

#include "config.h"

#include "wen-cleaning-private.h"

#include "wen-i18n-private.h"

/* What is farther from its beginning was not meant as one. */
#define MAXIMUM_BRACKET_BYTES 600
#define MAXIMUM_PAIRS 16

typedef struct
{
  char  open[8];
  char  close[8];
  gsize n_open;
  gsize n_close;
} Pair;

typedef struct
{
  Pair     pairs[MAXIMUM_PAIRS];
  gsize    n_pairs;
  gboolean begins[256]; /* whether an opening one begins with that byte */
} Brackets;

static gboolean
add_pair (Brackets   *brackets,
          const char *characters)
{
  const char *second = g_utf8_next_char (characters);
  Pair *pair = &brackets->pairs[brackets->n_pairs];

  if (g_utf8_strlen (characters, -1) != 2 || brackets->n_pairs == MAXIMUM_PAIRS
      || g_utf8_get_char (characters) == g_utf8_get_char (second))
    return FALSE;
  pair->n_open = (gsize) (second - characters);
  pair->n_close = strlen (second);
  memcpy (pair->open, characters, pair->n_open);
  memcpy (pair->close, second, pair->n_close);
  brackets->begins[(guchar) pair->open[0]] = TRUE;
  brackets->n_pairs++;
  return TRUE;
}

gpointer
wen_prepare_brackets (const WenCleaningValues *values,
                      GError                 **error)
{
  g_autofree Brackets *brackets = g_new0 (Brackets, 1);
  g_auto (GStrv) pairs = g_strsplit_set (values->texts[0], " \t\n", -1);

  for (gsize i = 0; pairs[i] != NULL; i++)
    if (pairs[i][0] != '\0' && !add_pair (brackets, pairs[i]))
      {
        g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                     _ ("“%s” is no pair of brackets: write the opening and the closing one side by side, such as "
                        "() or 【】, with spaces between at most %d pairs."),
                     pairs[i], MAXIMUM_PAIRS);
        return NULL;
      }
  return g_steal_pointer (&brackets);
}

/* After the closing bracket, or NULL where it is not closed nearby, or another opens
 * first: the innermost pair goes, so that one stray bracket does not take half of the
 * text with it. */
static const char *
match_pair (const Pair *pair,
            const char *p,
            const char *end)
{
  gssize n_near = MIN (end - p, MAXIMUM_BRACKET_BYTES) - (gssize) pair->n_open;
  const char *close;
  const char *inner;

  if (n_near < 0 || memcmp (p, pair->open, pair->n_open) != 0)
    return NULL;
  p += pair->n_open;
  close = g_strstr_len (p, n_near, pair->close);
  inner = g_strstr_len (p, n_near, pair->open);
  if (close == NULL || (inner != NULL && inner < close))
    return NULL;
  return close + pair->n_close;
}

void
wen_clean_brackets (WenCleaning             *cleaning,
                    const WenCleaningValues *values)
{
  const Brackets *brackets = values->prepared;
  const char *end = cleaning->end;

  for (const char *p = cleaning->text; p < end;)
    {
      const char *next = NULL;

      if (brackets->begins[(guchar) *p])
        for (gsize i = 0; i < brackets->n_pairs && next == NULL; i++)
          next = match_pair (&brackets->pairs[i], p, end);
      if (next != NULL)
        wen_cleaning_remove (cleaning, p, next);
      p = next != NULL ? next : p + 1;
    }
}
