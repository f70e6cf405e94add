/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables of Chinese characters that stand for one another.
 *
 * The files in resources/noise have one group a line; lines that begin with # are
 * comments.  They are read once, and kept. */

#include "config.h"

#include "wen-character-groups-private.h"

#include <gio/gio.h>

static const char *const paths[] = {
  [WEN_HOMOPHONES] = "/org/wenlei/Wenlei/engine/noise/homophones.txt",
  [WEN_LOOK_ALIKES] = "/org/wenlei/Wenlei/engine/noise/look-alikes.txt",
};

static void
add_once (GArray   *others,
          gunichar  character)
{
  for (guint i = 0; i < others->len; i++)
    if (g_array_index (others, gunichar, i) == character)
      return;
  g_array_append_val (others, character);
}

static void
add_group (GHashTable *table,
           const char *group)
{
  for (const char *p = group; *p != '\0'; p = g_utf8_next_char (p))
    {
      gpointer key = GUINT_TO_POINTER (g_utf8_get_char (p));
      GArray *others = g_hash_table_lookup (table, key);

      if (others == NULL)
        {
          others = g_array_new (FALSE, FALSE, sizeof (gunichar));
          g_hash_table_insert (table, key, others);
        }
      for (const char *other = group; *other != '\0'; other = g_utf8_next_char (other))
        if (other != p)
          add_once (others, g_utf8_get_char (other));
    }
}

static GHashTable *
read_table (const char *path)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GHashTable *table = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (bytes != NULL, table);

  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '#')
      add_group (table, g_strstrip (lines[i]));
  return table;
}

static GHashTable *
get_table (WenCharacterTable table)
{
  static GHashTable *tables[G_N_ELEMENTS (paths)];

  if (g_once_init_enter (&tables[table]))
    g_once_init_leave (&tables[table], read_table (paths[table]));
  return tables[table];
}

const gunichar *
wen_character_groups_find (WenCharacterTable  table,
                           gunichar           character,
                           guint             *n_others)
{
  GArray *others = g_hash_table_lookup (get_table (table), GUINT_TO_POINTER (character));

  *n_others = others != NULL ? others->len : 0;
  return others != NULL ? (const gunichar *) (const void *) others->data : NULL;
}
