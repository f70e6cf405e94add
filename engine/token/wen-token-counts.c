/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How often each of many strings occurs. */

#include "config.h"

#include "wen-token-counts-private.h"

#include <string.h>

/* Texts of which hardly any word comes again would fill the memory.  What is
 * commonest has been met long before this many bytes of different words. */
#define MAXIMUM_BYTES (256 * 1024 * 1024)

struct _WenTokenCounts
{
  GStringChunk *strings;
  GHashTable   *indices; /* string, borrowed, to its index and one more */
  GArray       *counts;  /* of WenTokenCount */
  gsize         n_bytes;
};

WenTokenCounts *
wen_token_counts_new (void)
{
  WenTokenCounts *self = g_new0 (WenTokenCounts, 1);

  self->strings = g_string_chunk_new (64 * 1024);
  self->indices = g_hash_table_new (g_str_hash, g_str_equal);
  self->counts = g_array_new (FALSE, FALSE, sizeof (WenTokenCount));
  return self;
}

void
wen_token_counts_free (WenTokenCounts *self)
{
  g_hash_table_unref (self->indices);
  g_string_chunk_free (self->strings);
  g_array_unref (self->counts);
  g_free (self);
}

/* Strings that are not UTF-8 are not counted: no vocabulary may hold them. */
void
wen_token_counts_add (WenTokenCounts *self,
                      const char     *token,
                      gsize           n_bytes,
                      guint64         count)
{
  char buffer[256];
  g_autofree char *copy = NULL;
  char *terminated = buffer;
  guint index;

  if (n_bytes >= sizeof buffer)
    terminated = copy = g_malloc (n_bytes + 1);
  memcpy (terminated, token, n_bytes);
  terminated[n_bytes] = '\0';

  index = GPOINTER_TO_UINT (g_hash_table_lookup (self->indices, terminated));
  if (index == 0)
    {
      WenTokenCount counted = { 0 };

      if (self->n_bytes > MAXIMUM_BYTES || !g_utf8_validate_len (terminated, n_bytes, NULL))
        return;
      counted.token = g_string_chunk_insert_len (self->strings, terminated, (gssize) n_bytes);
      g_array_append_val (self->counts, counted);
      index = self->counts->len;
      g_hash_table_insert (self->indices, (char *) counted.token, GUINT_TO_POINTER (index));
      self->n_bytes += n_bytes;
    }
  g_array_index (self->counts, WenTokenCount, index - 1).count += count;
}

void
wen_token_counts_take (WenTokenCounts **self,
                       WenTokenCounts **other)
{
  g_autoptr (WenTokenCounts) taken = g_steal_pointer (other);

  if (*self == NULL)
    {
      *self = g_steal_pointer (&taken);
      return;
    }
  for (guint i = 0; taken != NULL && i < taken->counts->len; i++)
    {
      WenTokenCount counted = g_array_index (taken->counts, WenTokenCount, i);

      wen_token_counts_add (*self, counted.token, strlen (counted.token), counted.count);
    }
}

/* UTF-8 sorts as its code points do. */
static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const WenTokenCount *left = a;
  const WenTokenCount *right = b;

  if (left->count != right->count)
    return left->count < right->count ? 1 : -1;
  return strcmp (left->token, right->token);
}

GArray *
wen_token_counts_sort (WenTokenCounts *self,
                       guint64         minimum_count)
{
  GArray *sorted = g_array_new (FALSE, FALSE, sizeof (WenTokenCount));

  for (guint i = 0; i < self->counts->len; i++)
    {
      WenTokenCount counted = g_array_index (self->counts, WenTokenCount, i);

      if (counted.count >= minimum_count)
        g_array_append_val (sorted, counted);
    }
  g_array_sort (sorted, compare_counts);
  return sorted;
}
