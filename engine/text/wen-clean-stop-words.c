/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The cleaning step that takes out very common words.
 *
 * A stop word goes only where ICU's word segmentation finds it as a word: "the"
 * stays in "theatre", and 的 stays in 目的. */

#include "config.h"

#include "wen-cleaning-private.h"

#include <gio/gio.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#define STOP_WORDS_FOLDER "/org/wenlei/Wenlei/engine/stop-words/"
/* No list holds longer words. */
#define MAXIMUM_WORD_BYTES 256

enum
{
  SETTING_LIST,
  SETTING_WORDS,
  SETTING_KEEP,
};

enum
{
  LIST_BOTH,
  LIST_CHINESE,
  LIST_ENGLISH,
  LIST_NONE,
};

/* As words are compared: small letters, and one of both apostrophes that people type. */
static char *
fold_word (const char *word,
           gsize       length_bytes)
{
  g_autofree char *small = g_utf8_strdown (word, (gssize) length_bytes);
  g_auto (GStrv) parts = NULL;

  if (strstr (small, "’") == NULL)
    return g_steal_pointer (&small);
  parts = g_strsplit (small, "’", -1);
  return g_strjoinv ("'", parts);
}

static void
for_each_line (const char *lines,
               GHashTable *words,
               void      (*func) (GHashTable *words,
                                  char       *word))
{
  g_auto (GStrv) parts = g_strsplit (lines, "\n", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      func (words, fold_word (parts[i], strlen (parts[i])));
}

static void
add_word (GHashTable *words,
          char       *word)
{
  g_hash_table_add (words, word);
}

static void
remove_word (GHashTable *words,
             char       *word)
{
  g_hash_table_remove (words, word);
  g_free (word);
}

static void
add_list (GHashTable *words,
          const char *language)
{
  g_autofree char *path = g_strconcat (STOP_WORDS_FOLDER, language, ".txt", NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_return_if_fail (bytes != NULL);

  for_each_line (g_bytes_get_data (bytes, NULL), words, add_word);
}

gpointer
wen_prepare_stop_words (const WenCleaningValues *values,
                        GError                 **error)
{
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 list = values->numbers[SETTING_LIST];

  if (list == LIST_BOTH || list == LIST_CHINESE)
    add_list (words, "zh");
  if (list == LIST_BOTH || list == LIST_ENGLISH)
    add_list (words, "en");
  for_each_line (values->texts[SETTING_WORDS], words, add_word);
  for_each_line (values->texts[SETTING_KEEP], words, remove_word);
  return words;
}

static gboolean
is_stop_word (GHashTable *words,
              const char *text,
              gsize       length_bytes)
{
  char small[MAXIMUM_WORD_BYTES];
  gboolean is_ascii = TRUE;
  g_autofree char *folded = NULL;

  if (length_bytes >= sizeof small)
    return FALSE;
  for (gsize i = 0; i < length_bytes; i++)
    {
      is_ascii &= (guchar) text[i] < 0x80;
      small[i] = g_ascii_tolower (text[i]);
    }
  small[length_bytes] = '\0';
  /* Chinese characters have no small form. */
  if (is_ascii || ((guchar) text[0] >= 0xE4 && (guchar) text[0] <= 0xE9))
    return g_hash_table_contains (words, small);
  folded = fold_word (text, length_bytes);
  return g_hash_table_contains (words, folded);
}

static void
free_breaks (gpointer breaks)
{
  ubrk_close (breaks);
}

/* Opening a break iterator is slow, so each thread keeps one. */
static UBreakIterator *
get_breaks (void)
{
  static GPrivate breaks_of_thread = G_PRIVATE_INIT (free_breaks);
  UBreakIterator *breaks = g_private_get (&breaks_of_thread);

  if (breaks == NULL)
    {
      UErrorCode status = U_ZERO_ERROR;

      breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);
      g_private_set (&breaks_of_thread, breaks);
    }
  return breaks;
}

void
wen_clean_stop_words (WenCleaning             *cleaning,
                      const WenCleaningValues *values)
{
  GHashTable *words = values->prepared;
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *breaks = get_breaks ();
  UText utext = UTEXT_INITIALIZER;
  int32_t begin = 0;
  int32_t end;

  utext_openUTF8 (&utext, cleaning->text, (int64_t) (cleaning->end - cleaning->text), &status);
  ubrk_setUText (breaks, &utext, &status);
  while (U_SUCCESS (status) && (end = ubrk_next (breaks)) != UBRK_DONE)
    {
      if (is_stop_word (words, cleaning->text + begin, (gsize) (end - begin)))
        wen_cleaning_remove (cleaning, cleaning->text + begin, cleaning->text + end);
      begin = end;
    }
  utext_close (&utext);
}
