/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files with words that are to stay whole: one a line, with whatever segmenters put
 * behind it. */

#include "config.h"

#include "wen-dictionary.h"

#include <string.h>

#include "wen-i18n-private.h"

#define MAXIMUM_FILE_BYTES (16 * 1024 * 1024)
#define MAXIMUM_WORDS 200000

G_DEFINE_QUARK (wen-dictionary-error-quark, wen_dictionary_error)

/* The first field of a line, or NULL. */
static char *
dup_word (const char *line)
{
  g_autofree char *stripped = g_strstrip (g_strdup (line));

  stripped[strcspn (stripped, " \t")] = '\0';
  return stripped[0] != '\0' && stripped[0] != '#' ? g_steal_pointer (&stripped) : NULL;
}

static char **
read_lines (const char *contents,
            GError    **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) words = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  g_auto (GStrv) lines = NULL;

  if (g_str_has_prefix (contents, "\xef\xbb\xbf"))
    contents += 3;
  lines = g_strsplit (contents, "\n", -1);
  for (gsize i = 0; lines[i] != NULL && words->len <= MAXIMUM_WORDS; i++)
    {
      char *word = dup_word (lines[i]);

      if (word != NULL && strchr (word, ',') != NULL)
        {
          g_set_error (error, WEN_DICTIONARY_ERROR, WEN_DICTIONARY_ERROR_INVALID,
                       _ ("Line %zu has a comma in its word, “%s”: write one word a line."), i + 1, word);
          g_free (word);
          return NULL;
        }
      if (word != NULL && !g_hash_table_contains (seen, word))
        {
          g_ptr_array_add (words, word);
          g_hash_table_add (seen, word);
        }
      else
        {
          g_free (word);
        }
    }
  if (words->len == 0 || words->len > MAXIMUM_WORDS)
    {
      g_set_error (error, WEN_DICTIONARY_ERROR, WEN_DICTIONARY_ERROR_INVALID,
                   words->len == 0 ? _ ("There is no word in it: write one word a line.")
                                   : _ ("There are more than %d words in it."),
                   MAXIMUM_WORDS);
      return NULL;
    }
  return (char **) g_ptr_array_steal (words, NULL);
}

/**
 * wen_dictionary_read:
 * @file: words in UTF-8, one a line; what stands behind a space or a tab, such as how
 *   often a word occurs, is passed over, and so are lines that begin with "#"
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Reads words for the setting `tokens.dictionary`.
 *
 * Blocks.  Sets `WEN_DICTIONARY_ERROR_INVALID`, or an error of GIO.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): different words in their
 *   order, or `NULL` with @error set
 */
char **
wen_dictionary_read (GFile        *file,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *contents = NULL;
  gsize n_bytes;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, cancellable, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > MAXIMUM_FILE_BYTES)
    {
      g_set_error (error, WEN_DICTIONARY_ERROR, WEN_DICTIONARY_ERROR_INVALID, _ ("It is larger than %d MB."),
                   MAXIMUM_FILE_BYTES / 1024 / 1024);
      return NULL;
    }
  if (!g_file_load_contents (file, cancellable, &contents, &n_bytes, NULL, error))
    return NULL;
  if (!g_utf8_validate_len (contents, n_bytes, NULL))
    {
      g_set_error_literal (error, WEN_DICTIONARY_ERROR, WEN_DICTIONARY_ERROR_INVALID,
                           _ ("It is not UTF-8: save it as UTF-8 first."));
      return NULL;
    }
  return read_lines (contents, error);
}
