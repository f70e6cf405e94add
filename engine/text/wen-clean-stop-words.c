/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning step that takes out very common words.
 *
 * A stop word goes only where ICU's word segmentation finds it as a word: "the"
 * stays in "theatre", and 的 stays in 目的. */

#include "config.h"

#include "wen-cleaning-steps-private.h"

#include <gio/gio.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#define STOP_WORDS_FOLDER "/org/wenlei/Wenlei/engine/stop-words/"

static const char *const languages[] = { "en", "zh" };

static void
add_stop_words (GHashTable *words,
                const char *language)
{
  g_autofree char *path = g_strconcat (STOP_WORDS_FOLDER, language, ".txt", NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_auto (GStrv) lines = NULL;

  g_return_if_fail (bytes != NULL);

  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0')
      g_hash_table_add (words, g_strdup (lines[i]));
}

static GHashTable *
get_stop_words (void)
{
  static gsize stop_words = 0;

  if (g_once_init_enter (&stop_words))
    {
      GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
        add_stop_words (words, languages[i]);
      g_once_init_leave (&stop_words, (gsize) words);
    }
  return (GHashTable *) stop_words;
}

static gboolean
is_stop_word (GHashTable *words,
              const char *text,
              gsize       length_bytes)
{
  g_autofree char *word = g_utf8_strdown (text, (gssize) length_bytes);

  /* Both apostrophes that people type. */
  if (strstr (word, "’") != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (word, "’", -1);
      g_autofree char *plain = g_strjoinv ("'", parts);

      return g_hash_table_contains (words, plain);
    }
  return g_hash_table_contains (words, word);
}

/* Opening a break iterator is slow, a clone of one is not. */
static UBreakIterator *
open_word_breaks (UErrorCode *status)
{
  static gsize original = 0;

  if (g_once_init_enter (&original))
    {
      UErrorCode open_status = U_ZERO_ERROR;

      g_once_init_leave (&original, (gsize) ubrk_open (UBRK_WORD, "", NULL, 0, &open_status));
    }
  return ubrk_clone ((const UBreakIterator *) original, status);
}

gboolean
wen_clean_stop_words (const char *text,
                      gsize       length_bytes,
                      GString    *out)
{
  GHashTable *words = get_stop_words ();
  UErrorCode status = U_ZERO_ERROR;
  UText *utext = utext_openUTF8 (NULL, text, (int64_t) length_bytes, &status);
  UBreakIterator *breaks = open_word_breaks (&status);
  gboolean changed = FALSE;

  ubrk_setUText (breaks, utext, &status);
  if (U_SUCCESS (status))
    {
      int32_t begin = ubrk_first (breaks);
      int32_t end;

      while ((end = ubrk_next (breaks)) != UBRK_DONE)
        {
          if (is_stop_word (words, text + begin, (gsize) (end - begin)))
            changed = TRUE;
          else
            g_string_append_len (out, text + begin, end - begin);
          begin = end;
        }
    }
  ubrk_close (breaks);
  utext_close (utext);
  return changed;
}
