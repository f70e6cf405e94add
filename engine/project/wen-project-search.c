/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The state of a search on the rows of a project, in a file beside it.
 *
 * DESIGN: as the journal of a run, it is a file of its own, "-search" behind the project's
 * name, written under another name first.  Quick families are measured a hundred times a
 * second, so it is not written each time: after a kill, what was measured in the last
 * moment is measured again. */

#include "config.h"

#include "wen-project-search.h"

#include <glib/gstdio.h>

#include "wen-project-private.h"

#define INTERVAL_US (500 * G_TIME_SPAN_MILLISECOND)

/* What the search was asked for, and with which recipe. */
#define OPTIONS_NOTE "search"
#define RECIPE_NOTE "search-recipe"

/* Of the thread of the search. */
typedef struct
{
  char   *path;
  gint64  written_us;
} Journal;

static void
journal_free (gpointer data)
{
  Journal *journal = data;

  g_free (journal->path);
  g_free (journal);
}

static char *
get_path (WenProject *self)
{
  return g_strconcat (self->path, "-search", NULL);
}

/* Where it fails, the search goes on all the same. */
static void
write_journal (GBytes   *checkpoint,
               gpointer  user_data)
{
  Journal *journal = user_data;
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;

  if (now_us - journal->written_us < INTERVAL_US)
    return;
  journal->written_us = now_us;
  if (!g_file_set_contents_full (journal->path, g_bytes_get_data (checkpoint, NULL),
                                 (gssize) g_bytes_get_size (checkpoint), G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_message ("The state of the search could not be saved: %s", error->message);
}

static char *
options_to_text (const WenSearchOptions *options)
{
  return g_strdup_printf ("%u %d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %s", options->budget_seconds,
                          options->goal, options->largest, options->seed,
                          options->label != NULL ? options->label : "");
}

/* (nullable) (transfer full): NULL where it is not such a text. */
static WenSearchOptions *
options_from_text (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, " ", 5);
  WenSearchOptions *options;

  if (g_strv_length (parts) != 5)
    return NULL;
  options = wen_search_options_new ();
  options->budget_seconds = (guint) g_ascii_strtoull (parts[0], NULL, 10);
  options->goal = CLAMP (g_ascii_strtoll (parts[1], NULL, 10), WEN_SEARCH_GOAL_ACCURACY, WEN_SEARCH_GOAL_LABEL_F1);
  options->largest = g_ascii_strtoull (parts[2], NULL, 10);
  options->seed = g_ascii_strtoull (parts[3], NULL, 10);
  options->label = parts[4][0] != '\0' ? g_strdup (parts[4]) : NULL;
  return options;
}

/**
 * wen_project_keep_search:
 * @self: a project
 * @search: a search on its rows, before it is run
 * @base: what @search was made with
 * @options: what @search was made with; families and a number of trials are not kept
 *
 * Keeps the state of a search with the project while it runs, so that it can go on after
 * whatever ended it.
 */
void
wen_project_keep_search (WenProject             *self,
                         WenSearch              *search,
                         const WenRecipe        *base,
                         const WenSearchOptions *options)
{
  g_autofree char *recipe = NULL;
  g_autofree char *text = NULL;
  Journal *journal;

  g_return_if_fail (WEN_IS_PROJECT (self));
  g_return_if_fail (WEN_IS_SEARCH (search));
  g_return_if_fail (base != NULL && options != NULL);

  if (self->store == NULL || wen_store_is_read_only (self->store))
    return;
  recipe = wen_recipe_to_json (base);
  text = options_to_text (options);
  wen_project_set_note (self, RECIPE_NOTE, recipe);
  wen_project_set_note (self, OPTIONS_NOTE, text);
  journal = g_new0 (Journal, 1);
  journal->path = get_path (self);
  wen_search_set_journal (search, write_journal, journal, journal_free);
}

/**
 * wen_project_read_search:
 * @self: a project
 * @base: (out) (optional) (transfer full): for wen_search_new()
 * @options: (out) (optional) (transfer full): for wen_search_new()
 * @checkpoint: (out) (optional) (transfer full): for wen_search_set_checkpoint()
 *
 * Reads what was kept of a search that did not come to its end.
 *
 * Returns: whether there is one; nothing is set where there is none
 */
gboolean
wen_project_read_search (WenProject        *self,
                         WenRecipe        **base,
                         WenSearchOptions **options,
                         GBytes           **checkpoint)
{
  g_autoptr(WenRecipe) kept_base = NULL;
  g_autoptr(WenSearchOptions) kept_options = NULL;
  g_autofree char *path = NULL;
  const char *recipe, *text;
  char *contents;
  gsize size_bytes;

  g_return_val_if_fail (WEN_IS_PROJECT (self), FALSE);

  recipe = g_hash_table_lookup (self->notes, RECIPE_NOTE);
  text = g_hash_table_lookup (self->notes, OPTIONS_NOTE);
  if (recipe == NULL || text == NULL)
    return FALSE;
  kept_base = wen_recipe_new_from_json (recipe, NULL);
  kept_options = options_from_text (text);
  path = get_path (self);
  if (kept_base == NULL || kept_options == NULL || !g_file_get_contents (path, &contents, &size_bytes, NULL))
    return FALSE;

  if (base != NULL)
    *base = g_steal_pointer (&kept_base);
  if (options != NULL)
    *options = g_steal_pointer (&kept_options);
  if (checkpoint != NULL)
    *checkpoint = g_bytes_new_take (contents, size_bytes);
  else
    g_free (contents);
  return TRUE;
}

/**
 * wen_project_forget_search:
 * @self: a project
 *
 * Removes what was kept of a search.
 */
void
wen_project_forget_search (WenProject *self)
{
  g_autofree char *path = NULL;

  g_return_if_fail (WEN_IS_PROJECT (self));

  path = get_path (self);
  g_unlink (path);
  wen_project_set_note (self, RECIPE_NOTE, NULL);
  wen_project_set_note (self, OPTIONS_NOTE, NULL);
}
