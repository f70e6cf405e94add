/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows of a project: splitting them, and handing them out in pages or whole. */

#include "config.h"

#include "wen-project-rows-private.h"

static WenSplit
clamp_split (int split)
{
  return split > WEN_SPLIT_NONE && split < WEN_N_SPLITS ? (WenSplit) split : WEN_SPLIT_NONE;
}

WenRecipe *
wen_project_rows_read_recipe (WenStore *store,
                              GError  **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  g_autoptr(GError) recipe_error = NULL;
  g_autofree char *json = NULL;
  WenRecipe *recipe;
  gboolean has_row;

  statement = wen_store_prepare (store, "SELECT recipe FROM project", error);
  if (statement == NULL || !wen_store_step (store, statement, &has_row, error))
    return NULL;

  json = has_row ? wen_store_dup_text (statement, 0) : NULL;
  recipe = wen_recipe_new_from_json (json != NULL ? json : "", &recipe_error);
  if (recipe == NULL)
    wen_store_set_damaged (store, recipe_error->message, error);
  return recipe;
}

/* Whether the rows are split by the recipe already. */
static gboolean
is_split_by (WenStore        *store,
             const WenRecipe *recipe,
             gboolean        *is_split,
             GError         **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store,
                                 "SELECT 1 FROM project WHERE split_seed = ?"
                                 " AND split_test_share = ? AND split_validation_share = ?",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) recipe->seed);
  sqlite3_bind_double (statement, 2, recipe->test_share);
  sqlite3_bind_double (statement, 3, recipe->validation_share);
  return wen_store_step (store, statement, is_split, error);
}

/* All rows but those in the bin.
 *
 * splits: what each row is used for by now; NULL to put that into the dataset, where
 *   otherwise the rows stand as wen_dataset_split() wants them. */
static WenDataset *
read_rows (WenStore   *store,
           GByteArray *splits,
           GError    **error)
{
  g_autoptr(WenDataset) dataset = wen_dataset_new ();
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store,
                                 "SELECT rows.id, texts.text, labels.name, rows.origin, rows.split FROM rows"
                                 " JOIN texts ON texts.id = rows.id LEFT JOIN labels ON labels.id = rows.label_id"
                                 " WHERE rows.flags & 2 = 0 ORDER BY rows.id",
                                 error);
  if (statement == NULL)
    return NULL;

  while (wen_store_step (store, statement, &has_row, error))
    {
      WenSplit split;
      guint8 used_as;

      if (!has_row)
        return g_steal_pointer (&dataset);

      split = clamp_split (sqlite3_column_int (statement, 4));
      used_as = split;
      if (splits != NULL)
        {
          g_byte_array_append (splits, &used_as, 1);
          split = sqlite3_column_int (statement, 3) == WEN_ORIGIN_TEST_FILE ? WEN_SPLIT_TEST : WEN_SPLIT_TRAIN;
        }
      wen_dataset_append (dataset, sqlite3_column_int64 (statement, 0),
                          (const char *) sqlite3_column_text (statement, 1),
                          (const char *) sqlite3_column_text (statement, 2), split);
    }
  return NULL;
}

static gboolean
write_splits (WenStore   *store,
              WenDataset *dataset,
              GByteArray *splits,
              GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store, "UPDATE rows SET split = ? WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;

  for (gsize row = 0; row < splits->len; row++)
    {
      WenSplit split = wen_dataset_get_split (dataset, row);

      if (split == splits->data[row])
        continue;
      sqlite3_bind_int (statement, 1, split);
      sqlite3_bind_int64 (statement, 2, wen_dataset_get_row_id (dataset, row));
      if (!wen_store_run (store, statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_split_settings (WenStore        *store,
                      const WenRecipe *recipe,
                      GError         **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store,
                                 "UPDATE project SET split_seed = ?, split_test_share = ?, split_validation_share = ?",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, (gint64) recipe->seed);
  sqlite3_bind_double (statement, 2, recipe->test_share);
  sqlite3_bind_double (statement, 3, recipe->validation_share);
  return wen_store_run (store, statement, error);
}

/* Reads all rows and splits them by the recipe of the file, in memory.
 *
 * splits: what each row was used for */
static WenDataset *
divide_rows (WenStore     *store,
             WenRecipe    *recipe,
             GByteArray   *splits,
             GCancellable *cancellable,
             GError      **error)
{
  g_autoptr(WenDataset) dataset = NULL;
  gint64 n_test_files;

  g_byte_array_set_size (splits, 0);
  if (!wen_store_query_int64 (store, "SELECT count (*) FROM imports WHERE origin = 1", &n_test_files, error))
    return NULL;
  dataset = read_rows (store, splits, error);
  if (dataset == NULL
      || !wen_dataset_split (dataset, recipe->seed, n_test_files > 0 ? 0 : recipe->test_share,
                             recipe->validation_share, cancellable, error))
    return NULL;
  return g_steal_pointer (&dataset);
}

/* Inside a transaction.  Divides the rows again where somebody has changed the file
 * since its version was old_version. */
static gboolean
write_split (WenStore     *store,
             WenRecipe    *recipe,
             WenDataset   *dataset,
             GByteArray   *splits,
             gint64        old_version,
             GCancellable *cancellable,
             GError      **error)
{
  g_autoptr(WenDataset) newer_dataset = NULL;
  g_autoptr(WenRecipe) newer_recipe = NULL;
  gboolean is_split;
  gint64 version;

  if (!wen_store_query_int64 (store, "PRAGMA data_version", &version, error))
    return FALSE;
  if (version != old_version)
    {
      newer_recipe = wen_project_rows_read_recipe (store, error);
      if (newer_recipe == NULL || !is_split_by (store, newer_recipe, &is_split, error))
        return FALSE;
      if (is_split)
        return TRUE;
      newer_dataset = divide_rows (store, newer_recipe, splits, cancellable, error);
      if (newer_dataset == NULL)
        return FALSE;
      recipe = newer_recipe;
      dataset = newer_dataset;
    }
  return write_splits (store, dataset, splits, error)
         && write_split_settings (store, recipe, error);
}

/* Splitting takes long, so nobody is kept from writing meanwhile. */
gboolean
wen_project_rows_ensure_split (WenStore     *store,
                               GCancellable *cancellable,
                               GError      **error)
{
  g_autoptr(WenRecipe) recipe = wen_project_rows_read_recipe (store, error);
  g_autoptr(GByteArray) splits = g_byte_array_new ();
  g_autoptr(WenDataset) dataset = NULL;
  gboolean is_split;
  gint64 version;

  if (recipe == NULL || !is_split_by (store, recipe, &is_split, error))
    return FALSE;
  if (is_split || wen_store_is_read_only (store))
    return TRUE;

  if (!wen_store_query_int64 (store, "PRAGMA data_version", &version, error))
    return FALSE;
  dataset = divide_rows (store, recipe, splits, cancellable, error);
  if (dataset == NULL)
    return FALSE;

  if (wen_store_begin (store, error)
      && write_split (store, recipe, dataset, splits, version, cancellable, error)
      && wen_store_commit (store, error))
    return TRUE;
  wen_store_roll_back (store);
  return FALSE;
}

WenDataset *
wen_project_rows_load (WenStore     *store,
                       GCancellable *cancellable,
                       GError      **error)
{
  return wen_project_rows_ensure_split (store, cancellable, error) ? read_rows (store, NULL, error) : NULL;
}

gboolean
wen_project_rows_read_blocks (WenStore   *store,
                              WenRowBlock blocks[WEN_N_ORIGINS],
                              GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  for (guint origin = 0; origin < WEN_N_ORIGINS; origin++)
    blocks[origin] = (WenRowBlock) { 0, 0 };

  statement = wen_store_prepare (store, "SELECT origin, first_row_id, n_rows FROM imports", error);
  if (statement == NULL)
    return FALSE;
  while (wen_store_step (store, statement, &has_row, error))
    {
      int origin;

      if (!has_row)
        return TRUE;
      origin = sqlite3_column_int (statement, 0);
      if (origin >= 0 && origin < WEN_N_ORIGINS)
        blocks[origin] = (WenRowBlock) { sqlite3_column_int64 (statement, 1),
                                         CLAMP (sqlite3_column_int64 (statement, 2), 0, G_MAXINT32) };
    }
  return FALSE;
}

static char **
read_warnings (WenStore *store,
               int       origin,
               GError  **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store, "SELECT sentence FROM import_warnings WHERE origin = ? ORDER BY number",
                                 error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int (statement, 1, origin);
  while (wen_store_step (store, statement, &has_row, error))
    {
      g_autofree char *sentence = NULL;

      if (!has_row)
        return g_strv_builder_end (builder);
      sentence = wen_store_dup_text (statement, 0);
      g_strv_builder_add (builder, sentence != NULL ? sentence : "");
    }
  return NULL;
}

WenImportReport *
wen_project_rows_read_report (WenStore *store,
                              GError  **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  g_auto(GStrv) warnings = NULL;
  gboolean has_row;
  WenImportReport report;

  statement = wen_store_prepare (store,
                                 "SELECT origin, n_rows, n_without_text, n_without_label, encoding, delimiter,"
                                 "  has_header, text_column, label_column"
                                 " FROM imports WHERE origin < 2 ORDER BY serial DESC LIMIT 1",
                                 error);
  if (statement == NULL || !wen_store_step (store, statement, &has_row, error) || !has_row)
    return NULL;
  warnings = read_warnings (store, sqlite3_column_int (statement, 0), error);
  if (warnings == NULL)
    return NULL;

  report = (WenImportReport) {
    .n_rows = sqlite3_column_int64 (statement, 1),
    .n_without_text = sqlite3_column_int64 (statement, 2),
    .n_without_label = sqlite3_column_int64 (statement, 3),
    .encoding = (char *) sqlite3_column_text (statement, 4),
    .delimiter = sqlite3_column_int (statement, 5),
    .has_header = sqlite3_column_int (statement, 6) != 0,
    .text_column = (char *) sqlite3_column_text (statement, 7),
    .label_column = (char *) sqlite3_column_text (statement, 8),
    .warnings = warnings,
  };
  return wen_import_report_copy (&report);
}

/* A statement with the columns that add_row() reads. */
#define SELECT_ROWS \
  "SELECT rows.id, rows.number, texts.text, labels.name, rows.split FROM rows" \
  " JOIN texts ON texts.id = rows.id LEFT JOIN labels ON labels.id = rows.label_id"

static void
add_row (sqlite3_stmt *statement,
         GPtrArray    *rows)
{
  g_ptr_array_add (rows, wen_project_row_new (sqlite3_column_int64 (statement, 0),
                                              sqlite3_column_int64 (statement, 1),
                                              wen_store_dup_text (statement, 2),
                                              wen_store_dup_text (statement, 3),
                                              clamp_split (sqlite3_column_int (statement, 4))));
}

gboolean
wen_project_rows_read_page (WenStore  *store,
                            gint64     first_id,
                            gint64     n_rows,
                            GPtrArray *rows,
                            GError   **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store, SELECT_ROWS " WHERE rows.id >= ? AND rows.id < ? ORDER BY rows.id", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, first_id);
  sqlite3_bind_int64 (statement, 2, first_id + n_rows);
  while (wen_store_step (store, statement, &has_row, error))
    {
      if (!has_row)
        return TRUE;
      add_row (statement, rows);
    }
  return FALSE;
}

gboolean
wen_project_rows_read_ids (WenStore     *store,
                           const gint64 *row_ids,
                           gsize         n_rows,
                           GPtrArray    *rows,
                           GError      **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, SELECT_ROWS " WHERE rows.id = ?", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    {
      sqlite3_bind_int64 (statement, 1, row_ids[i]);
      if (!wen_store_step (store, statement, &has_row, error))
        return FALSE;
      if (has_row)
        add_row (statement, rows);
      else
        g_ptr_array_add (rows, wen_project_row_new (row_ids[i], 1, g_strdup (""), NULL, WEN_SPLIT_NONE));
      sqlite3_reset (statement);
    }
  return TRUE;
}
