/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A search put to paper, so that it can go on after whatever ended it.
 *
 * DESIGN: lines of JSON.  The first says of which rows, base recipe and options they are;
 * the budget is not among them, so a search can be given more.  Each other line is one
 * measurement, or one failure, in the order in which they came.  A trial that was being
 * trained has no line, and begins anew.
 *
 * What the search does next follows from these lines alone, so it goes on as if it had
 * never been interrupted.  They may have been written by anybody, and are read so. */

#include "config.h"

#include "wen-search-journal-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-json-private.h"

#define FORMAT "wenlei-search"
#define VERSION 1

static void
add_text (GChecksum  *checksum,
          const char *text)
{
  /* With its end, so that "a", "b" is not "ab", "". */
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
}

static char *
compute_fingerprint (WenDataset      *pool,
                     const WenRecipe *base)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *recipe = wen_recipe_to_json (base);

  add_text (checksum, recipe);
  for (gsize row = 0; row < wen_dataset_get_n_rows (pool); row++)
    {
      add_text (checksum, wen_dataset_get_text (pool, row));
      add_text (checksum, wen_dataset_get_label_name (pool, wen_dataset_get_label (pool, row)));
      add_text (checksum, wen_dataset_get_split (pool, row) == WEN_SPLIT_VALIDATION ? "validation" : "train");
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* (transfer full) */
static char *
end_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_strconcat (text, "\n", NULL);
}

/* The first line, with its end. (transfer full) */
char *
wen_search_journal_make_header (WenDataset             *pool,
                                const WenRecipe        *base,
                                const WenSearchOptions *options,
                                const char *const      *families)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *fingerprint = compute_fingerprint (pool, base);
  g_autofree char *names = g_strjoinv (",", (char **) families);

  json_builder_begin_object (builder);
  wen_json_add_string (builder, "format", FORMAT);
  wen_json_add_int (builder, "version", VERSION);
  wen_json_add_string (builder, "rows_and_recipe", fingerprint);
  wen_json_add_int (builder, "goal", options->goal);
  wen_json_add_string (builder, "label", options->label != NULL ? options->label : "");
  wen_json_add_int (builder, "largest", (gint64) options->largest);
  wen_json_add_string (builder, "families", names);
  wen_json_add_int (builder, "seed", (gint64) options->seed);
  return end_line (builder);
}

/* is_first: the first line of this trial, which tells its settings. */
static void
begin_line (JsonBuilder           *builder,
            const WenSearchRecord *record,
            gboolean               is_first,
            gint64                 elapsed_us)
{
  json_builder_begin_object (builder);
  wen_json_add_int (builder, "trial", record->trial->number);
  if (is_first)
    {
      g_autofree char *recipe = wen_recipe_to_json (record->trial->recipe);

      wen_json_add_boolean (builder, "is_preset", record->trial->is_preset);
      wen_json_add_string (builder, "recipe", recipe);
    }
  wen_json_add_int (builder, "elapsed_us", elapsed_us);
}

void
wen_search_journal_add_measured (GString                    *journal,
                                 const WenSearchRecord      *record,
                                 const WenSearchMeasurement *measurement,
                                 gint64                      elapsed_us)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *line = NULL;

  begin_line (builder, record, measurement->rung == 1, elapsed_us);
  wen_json_add_int (builder, "rung", measurement->rung);
  wen_json_add_int (builder, "rows", (gint64) measurement->n_rows);
  wen_json_add_double (builder, "score", measurement->score);
  wen_json_add_double (builder, "accuracy", measurement->accuracy);
  wen_json_add_double (builder, "macro_f1", measurement->macro_f1);
  wen_json_add_double (builder, "seconds", measurement->seconds);
  wen_json_add_int (builder, "parameters", (gint64) measurement->n_parameters);
  line = end_line (builder);
  g_string_append (journal, line);
}

void
wen_search_journal_add_failed (GString               *journal,
                               const WenSearchRecord *record,
                               gint64                 elapsed_us)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *line = NULL;

  begin_line (builder, record, record->trial->rung == 0, elapsed_us);
  wen_json_add_string (builder, record->trial->state == WEN_SEARCH_STATE_SKIPPED ? "skipped" : "failed",
                       record->trial->message);
  line = end_line (builder);
  g_string_append (journal, line);
}

static gboolean
read_number (JsonObject *object,
             const char *name,
             guint64    *value)
{
  gint64 number;

  if (!wen_json_get_int_member (object, name, &number) || number < 0)
    return FALSE;
  *value = (guint64) number;
  return TRUE;
}

static gboolean
read_real (JsonObject *object,
           const char *name,
           double     *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || (json_node_get_value_type (node) != G_TYPE_DOUBLE && json_node_get_value_type (node) != G_TYPE_INT64))
    return FALSE;
  *value = json_node_get_double (node);
  return *value >= 0;
}

static gboolean
read_measurement (JsonObject           *object,
                  WenSearchMeasurement *measurement)
{
  guint64 rung;

  if (!read_number (object, "rung", &rung) || rung > WEN_SEARCH_MOST_RUNGS)
    return FALSE;
  measurement->rung = (guint) rung;
  return read_number (object, "rows", &measurement->n_rows) && read_real (object, "score", &measurement->score)
         && read_real (object, "accuracy", &measurement->accuracy)
         && read_real (object, "macro_f1", &measurement->macro_f1)
         && read_real (object, "seconds", &measurement->seconds)
         && read_number (object, "parameters", &measurement->n_parameters);
}

/* The record that a line speaks of, which may be the next new one. (nullable) */
static WenSearchRecord *
find_record (JsonObject *object,
             GPtrArray  *records)
{
  const char *json;
  g_autoptr (WenRecipe) recipe = NULL;
  gboolean is_preset;
  gsize n_dimensions;
  guint64 number;

  if (!read_number (object, "trial", &number) || number == 0 || number > records->len + 1)
    return NULL;
  if (number <= records->len)
    return g_ptr_array_index (records, number - 1);
  json = wen_json_get_string_member (object, "recipe");
  recipe = json != NULL ? wen_recipe_new_from_json (json, NULL) : NULL;
  if (recipe == NULL || !wen_recipe_validate (recipe, NULL)
      || wen_search_list_dimensions (recipe->family, &n_dimensions) == NULL
      || !wen_json_get_boolean_member (object, "is_preset", &is_preset))
    return NULL;
  g_ptr_array_add (records, wen_search_record_new (g_steal_pointer (&recipe), (guint) number, is_preset));
  return g_ptr_array_index (records, records->len - 1);
}

static gboolean
read_line (const char *line,
           GPtrArray  *records,
           guint       n_rungs,
           gint64     *elapsed_us)
{
  g_autoptr (JsonNode) root = wen_json_parse (line, strlen (line), NULL);
  JsonObject *object = wen_json_get_object (root);
  WenSearchRecord *record = object != NULL ? find_record (object, records) : NULL;
  WenSearchMeasurement measurement;
  const char *message;
  guint64 elapsed;

  if (record == NULL || record->trial->state != WEN_SEARCH_STATE_WAITING
      || !read_number (object, "elapsed_us", &elapsed))
    return FALSE;
  *elapsed_us = (gint64) elapsed;
  if ((message = wen_json_get_string_member (object, "skipped")) != NULL)
    {
      wen_search_record_failed (record, WEN_SEARCH_STATE_SKIPPED, message);
    }
  else if ((message = wen_json_get_string_member (object, "failed")) != NULL)
    {
      wen_search_record_failed (record, WEN_SEARCH_STATE_FAILED, message);
    }
  else
    {
      if (!read_measurement (object, &measurement) || measurement.rung != record->trial->rung + 1
          || measurement.rung > n_rungs)
        return FALSE;
      wen_search_record_measured (record, &measurement, n_rungs);
    }
  return TRUE;
}

/* The trials of a journal, as they were. (element-type WenSearchRecord) (transfer full)
 * (nullable) */
GPtrArray *
wen_search_journal_read (GBytes      *journal,
                         const char  *header,
                         guint        n_rungs,
                         gint64      *elapsed_us,
                         GError     **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) wen_search_record_free);
  gsize n_bytes;
  const char *data = g_bytes_get_data (journal, &n_bytes);
  g_autofree char *text = g_strndup (data, n_bytes);
  g_auto (GStrv) lines = NULL;

  *elapsed_us = 0;
  if (!g_str_has_prefix (text, header))
    {
      g_set_error_literal (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_CHECKPOINT,
                           _ ("The saved state of the search belongs to other rows or other settings. "
                              "Search again from the start."));
      return NULL;
    }
  lines = g_strsplit (text + strlen (header), "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    if (!read_line (lines[i], records, n_rungs, elapsed_us))
      {
        g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_CHECKPOINT,
                     _ ("Line %u of the saved state of the search is damaged. Search again from the start."), i + 2);
        return NULL;
      }
  return g_steal_pointer (&records);
}
