/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Patterns that people write themselves, kept from taking for ever.
 *
 * DESIGN: there are expressions, (a+)+b among them, that take longer for each letter of
 * a text than for all before it.  The library is told to give up on a place of the text
 * after a number of steps, and never sees more than some thousand bytes at a time, so
 * the time grows with the text and not faster.  Steps are counted, not seconds: a
 * recipe gives the same on every machine. */

#include "config.h"

#include "wen-pattern-private.h"

#include "wen-cleaner.h"
#include "wen-i18n-private.h"

#define STEP_LIMIT "10000"
#define PIECE_BYTES 16384
#define MAXIMUM_EXPRESSION_BYTES 10000

struct _WenPattern
{
  GRegex *regex;
};

WenPattern *
wen_pattern_new (const char *expression,
                 GError    **error)
{
  /* Told before the expression, in the library's own words. */
  g_autofree char *limited = g_strconcat ("(*LIMIT_MATCH=" STEP_LIMIT ")(*LIMIT_DEPTH=" STEP_LIMIT ")", expression, NULL);
  g_autoptr (GError) regex_error = NULL;
  WenPattern *self;
  GRegex *regex;

  if (strlen (expression) > MAXIMUM_EXPRESSION_BYTES)
    {
      g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                   _ ("An expression may have up to %d bytes; this one has %zu."), MAXIMUM_EXPRESSION_BYTES,
                   strlen (expression));
      return NULL;
    }
  regex = g_regex_new (limited, G_REGEX_NEWLINE_ANYCRLF, 0, &regex_error);
  if (regex == NULL)
    {
      g_autoptr (GError) plain_error = NULL;
      g_autoptr (GRegex) plain = g_regex_new (expression, G_REGEX_NEWLINE_ANYCRLF, 0, &plain_error);

      /* Its message counts characters, without those that were put before. */
      g_set_error (error, WEN_CLEANER_ERROR, WEN_CLEANER_ERROR_INVALID_VALUE,
                   _ ("“%s” is no regular expression: %s."), expression,
                   plain_error != NULL ? plain_error->message : regex_error->message);
      return NULL;
    }
  self = g_new (WenPattern, 1);
  self->regex = regex;
  return self;
}

void
wen_pattern_free (WenPattern *self)
{
  g_regex_unref (self->regex);
  g_free (self);
}

/* The end of the piece that begins at p: after white space near the limit, if there is
 * any, so that few matches are cut in two. */
static const char *
find_piece_end (const char *p,
                const char *end)
{
  const char *limit;

  if (end - p <= PIECE_BYTES)
    return end;
  limit = g_utf8_find_prev_char (p, p + PIECE_BYTES + 1);
  for (const char *q = limit; q > p + PIECE_BYTES / 2; q--)
    if (g_ascii_isspace (q[-1]))
      return q;
  return limit;
}

static gboolean
find_in_piece (WenPattern    *self,
               const char    *text,
               const char    *piece,
               const char    *piece_end,
               WenPatternFunc func,
               gpointer       user_data)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GError) error = NULL;

  g_regex_match_full (self->regex, piece, piece_end - piece, 0, 0, &match, &error);
  while (error == NULL && g_match_info_matches (match))
    {
      int begin, end;

      g_match_info_fetch_pos (match, 0, &begin, &end);
      /* What matches nothing replaces nothing; \K may put the end before the begin. */
      if (end > begin)
        func ((gsize) (piece - text) + (gsize) begin, (gsize) (piece - text) + (gsize) end, match, user_data);
      g_match_info_next (match, &error);
    }
  return error == NULL;
}

gboolean
wen_pattern_find (WenPattern    *self,
                  const char    *text,
                  gsize          length_bytes,
                  WenPatternFunc func,
                  gpointer       user_data)
{
  const char *end = text + length_bytes;

  for (const char *piece = text; piece < end;)
    {
      const char *piece_end = find_piece_end (piece, end);

      if (!find_in_piece (self, text, piece, piece_end, func, user_data))
        return FALSE;
      piece = piece_end;
    }
  return TRUE;
}
