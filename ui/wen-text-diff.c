/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Shows what changed between two texts, character by character. */

#include "config.h"

#include "wen-text-diff.h"

#include <string.h>

/* Above so many pairs of characters the changed middle is shown as replaced
 * whole: the table of common lengths would cost more than it tells. */
#define MAXIMUM_PAIRS (400 * 400)

/* A text as characters, each with a flag: is it changed? */
typedef struct
{
  gunichar *chars;
  guint8   *changed;
  gsize     n_chars;
} MarkedText;

static void
marked_text_init (MarkedText *self,
                  const char *text,
                  gsize       n_maximum_chars)
{
  g_autofree char *valid = NULL;
  glong n_chars = 0;

  /* Only as much as can be shown is compared. */
  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  self->chars = g_utf8_to_ucs4_fast (text, -1, &n_chars);
  self->n_chars = MIN ((gsize) n_chars, n_maximum_chars);
  self->changed = g_malloc0 (self->n_chars + 1);
}

static void
marked_text_clear (MarkedText *self)
{
  g_clear_pointer (&self->chars, g_free);
  g_clear_pointer (&self->changed, g_free);
}

/* Marks what lies outside a longest common subsequence of before[start..n_before)
 * and after[start..n_after). */
static void
mark_middle (MarkedText *before,
             MarkedText *after,
             gsize       start,
             gsize       n_before,
             gsize       n_after)
{
  gsize n_rows = n_before - start;
  gsize n_columns = n_after - start;
  g_autofree guint16 *common = NULL;
  gsize i = 0;
  gsize j = 0;

  if (n_rows == 0 || n_columns == 0 || n_rows * n_columns > MAXIMUM_PAIRS)
    {
      memset (before->changed + start, 1, n_rows);
      memset (after->changed + start, 1, n_columns);
      return;
    }

  /* common[i][j]: how many characters the rests from i and from j share. */
  common = g_new0 (guint16, (n_rows + 1) * (n_columns + 1));
  for (gsize row = n_rows; row-- > 0;)
    for (gsize column = n_columns; column-- > 0;)
      {
        guint16 *cell = &common[row * (n_columns + 1) + column];

        if (before->chars[start + row] == after->chars[start + column])
          *cell = cell[n_columns + 2] + 1;
        else
          *cell = MAX (cell[n_columns + 1], cell[1]);
      }

  while (i < n_rows || j < n_columns)
    {
      const guint16 *cell = &common[i * (n_columns + 1) + j];

      if (i < n_rows && j < n_columns && before->chars[start + i] == after->chars[start + j])
        {
          i++;
          j++;
        }
      else if (j == n_columns || (i < n_rows && cell[n_columns + 1] >= cell[1]))
        before->changed[start + i++] = 1;
      else
        after->changed[start + j++] = 1;
    }
}

static gsize
find_first_change (const MarkedText *text)
{
  gsize i = 0;

  while (i < text->n_chars && !text->changed[i])
    i++;

  return i;
}

static void
append_char (GString  *markup,
             gunichar  c)
{
  char utf8[6];
  g_autofree char *escaped = NULL;
  int n_bytes;

  /* White space that breaks lines is shown, or a change of it could not be seen. */
  if (c == '\n' || c == '\r')
    c = 0x21b5;
  else if (c == '\t')
    c = 0x21e5;
  else if (g_unichar_iscntrl (c))
    c = 0xfffd;
  n_bytes = g_unichar_to_utf8 (c, utf8);
  escaped = g_markup_escape_text (utf8, n_bytes);
  g_string_append (markup, escaped);
}

static char *
to_markup (const MarkedText  *text,
           gsize              first,
           gsize              n_maximum_chars,
           const WenDiffMark *mark)
{
  GString *markup = g_string_new (NULL);
  gsize end = MIN (text->n_chars, first + n_maximum_chars);
  gboolean inside = FALSE;

  if (first > 0)
    g_string_append (markup, "…");
  for (gsize i = first; i < end; i++)
    {
      if (text->changed[i] != inside)
        {
          inside = text->changed[i];
          g_string_append (markup, inside ? mark->start : mark->end);
        }
      append_char (markup, text->chars[i]);
    }
  if (inside)
    g_string_append (markup, mark->end);
  if (end < text->n_chars)
    g_string_append (markup, "…");

  return g_string_free (markup, FALSE);
}

/**
 * wen_text_diff_to_markup:
 * @before: a text
 * @after: what became of it
 * @removed: what surrounds pieces of @before that are gone
 * @added: what surrounds pieces of @after that are new
 * @n_context_chars: how many characters to show before the first change, at
 *   most; `G_MAXSIZE` shows the text from its beginning
 * @n_maximum_chars: how many characters to show of each text, at most
 * @before_markup: (out) (transfer full): @before as Pango markup
 * @after_markup: (out) (transfer full): @after as Pango markup
 *
 * Marks what differs between two texts, by a longest common subsequence of their
 * characters.
 *
 * The time is bounded: a long piece that differs is marked whole.
 */
void
wen_text_diff_to_markup (const char         *before,
                         const char         *after,
                         const WenDiffMark  *removed,
                         const WenDiffMark  *added,
                         gsize               n_context_chars,
                         gsize               n_maximum_chars,
                         char              **before_markup,
                         char              **after_markup)
{
  MarkedText old_text;
  MarkedText new_text;
  gsize n_shortest;
  gsize n_prefix = 0;
  gsize n_suffix = 0;
  gsize first = 0;

  g_return_if_fail (before && after && removed && added);
  g_return_if_fail (before_markup && after_markup);

  marked_text_init (&old_text, before, 20000);
  marked_text_init (&new_text, after, 20000);
  n_shortest = MIN (old_text.n_chars, new_text.n_chars);
  while (n_prefix < n_shortest && old_text.chars[n_prefix] == new_text.chars[n_prefix])
    n_prefix++;
  while (n_suffix < n_shortest - n_prefix
         && old_text.chars[old_text.n_chars - 1 - n_suffix] == new_text.chars[new_text.n_chars - 1 - n_suffix])
    n_suffix++;
  mark_middle (&old_text, &new_text, n_prefix, old_text.n_chars - n_suffix, new_text.n_chars - n_suffix);

  if (n_context_chars != G_MAXSIZE)
    {
      gsize change = MIN (find_first_change (&old_text), find_first_change (&new_text));

      /* Both begin at the same place: up to there they are alike. */
      if (change > n_context_chars + 1)
        first = change - n_context_chars;
    }
  *before_markup = to_markup (&old_text, MIN (first, old_text.n_chars), n_maximum_chars, removed);
  *after_markup = to_markup (&new_text, MIN (first, new_text.n_chars), n_maximum_chars, added);

  marked_text_clear (&old_text);
  marked_text_clear (&new_text);
}
