/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A text as what is left when writing habits are taken away, and as the set of its
 * short pieces.
 *
 * Letter case, full-width forms, spaces and punctuation are habits.  A piece
 * (shingle) is two characters where one of them is East Asian, and three letters
 * elsewhere: two Chinese characters tell as much as three letters do. */

#include "config.h"

#include "wen-text-shingles-private.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_FULL_WIDTH 0xFF01
#define LAST_FULL_WIDTH 0xFF5E
#define FULL_WIDTH_OFFSET 0xFEE0

void
wen_text_shingles_init (WenTextShingles *self)
{
  self->characters = g_array_new (FALSE, FALSE, sizeof (gunichar));
  self->shingles = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
wen_text_shingles_clear (WenTextShingles *self)
{
  g_clear_pointer (&self->characters, g_array_unref);
  g_clear_pointer (&self->shingles, g_array_unref);
}

static gboolean
is_east_asian (gunichar c)
{
  return (c >= 0x2E80 && c < 0xA4D0) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF)
         || (c >= 0x20000 && c < 0x40000);
}

/* Punctuation, spaces, and what is not seen. */
static gboolean
is_habit (gunichar c)
{
  if (c < 0x80)
    return !g_ascii_isalnum ((char) c) && strchr ("$+<=>^`|~", (int) c) == NULL;
  if (c >= 0x4E00 && c <= 0x9FFF)
    return FALSE;
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_NON_SPACING_MARK:
      return TRUE;
    default:
      return FALSE;
    }
}

static guint64
mix (guint64 x)
{
  x ^= x >> 32;
  x *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  x ^= x >> 32;
  x *= G_GUINT64_CONSTANT (0xd6e8feb86659fd93);
  return x ^ x >> 32;
}

/* A text of nothing but signs is its signs. */
static void
keep_signs (WenTextShingles *self,
            const char      *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c))
        g_array_append_val (self->characters, c);
    }
}

/* Sets the characters; returns a hash that texts have in common that differ by
 * nothing but habits. */
guint64
wen_text_shingles_normalize (WenTextShingles *self,
                             const char      *text)
{
  const gunichar space = ' ';
  gunichar before = 0;
  gboolean after_habit = FALSE;
  guint64 hash = 0;

  g_array_set_size (self->characters, 0);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= FIRST_FULL_WIDTH && c <= LAST_FULL_WIDTH)
        c -= FULL_WIDTH_OFFSET;
      if (is_habit (c))
        {
          after_habit = TRUE;
          continue;
        }
      if (c < 0x80)
        c = (gunichar) g_ascii_tolower ((char) c);
      else if (!is_east_asian (c))
        c = g_unichar_tolower (c);
      /* What parts words stays; Chinese has no words to part. */
      if (after_habit && before != 0 && !is_east_asian (before) && !is_east_asian (c))
        g_array_append_val (self->characters, space);
      g_array_append_val (self->characters, c);
      after_habit = FALSE;
      before = c;
    }
  if (self->characters->len == 0)
    keep_signs (self, text);
  for (guint i = 0; i < self->characters->len; i++)
    hash = mix (hash + g_array_index (self->characters, gunichar, i));
  return hash;
}

static int
compare_hashes (gconstpointer a,
                gconstpointer b)
{
  guint32 left = *(const guint32 *) a;
  guint32 right = *(const guint32 *) b;

  return (left > right) - (left < right);
}

/* Most texts are short: inserting beats the call of a function for each comparison. */
#define FEW_SHINGLES 64

static void
sort_shingles (guint32 *shingles,
               gsize    n_shingles)
{
  if (n_shingles > FEW_SHINGLES)
    {
      qsort (shingles, n_shingles, sizeof *shingles, compare_hashes);
      return;
    }
  for (gsize i = 1; i < n_shingles; i++)
    {
      guint32 shingle = shingles[i];
      gsize j = i;

      for (; j > 0 && shingles[j - 1] > shingle; j--)
        shingles[j] = shingles[j - 1];
      shingles[j] = shingle;
    }
}

/* Sets the characters and the shingles; a text has at least one. */
void
wen_text_shingles_cut (WenTextShingles *self,
                       const char      *text)
{
  const gunichar *characters;
  guint32 *shingles;
  guint n_characters;
  guint n_distinct = 0;
  guint n = 0;

  wen_text_shingles_normalize (self, text);
  characters = (const gunichar *) self->characters->data;
  n_characters = self->characters->len;
  g_array_set_size (self->shingles, MAX (1, n_characters));
  shingles = (guint32 *) self->shingles->data;

  for (guint i = 0; i + 1 < n_characters; i++)
    {
      guint64 piece = (guint64) characters[i] << 21 | characters[i + 1];

      if (!is_east_asian (characters[i]) && !is_east_asian (characters[i + 1]))
        {
          if (i + 2 >= n_characters)
            break;
          piece = piece << 21 | characters[i + 2];
        }
      shingles[n++] = (guint32) mix (piece);
    }
  if (n == 0)
    {
      guint64 piece = 0;

      for (guint i = 0; i < n_characters; i++)
        piece = piece << 21 | characters[i];
      shingles[n++] = (guint32) mix (piece);
    }

  sort_shingles (shingles, n);
  for (guint i = 0; i < n; i++)
    if (n_distinct == 0 || shingles[i] != shingles[n_distinct - 1])
      shingles[n_distinct++] = shingles[i];
  g_array_set_size (self->shingles, n_distinct);
}

/* The Jaccard index: shingles that both have, of all that either has. */
double
wen_text_shingles_compare (const WenTextShingles *left,
                           const WenTextShingles *right)
{
  const guint32 *a = (const guint32 *) left->shingles->data;
  const guint32 *b = (const guint32 *) right->shingles->data;
  const guint32 *a_end = a + left->shingles->len;
  const guint32 *b_end = b + right->shingles->len;
  gsize n_common = 0;

  while (a < a_end && b < b_end)
    {
      guint32 next_a = *a;
      guint32 next_b = *b;

      n_common += next_a == next_b;
      a += next_a <= next_b;
      b += next_b <= next_a;
    }
  return (double) n_common / (double) (left->shingles->len + right->shingles->len - n_common);
}
