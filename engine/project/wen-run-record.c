/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs in the project file: the curve as it grows, the outcome at the end, and
 * both read back. */

#include "config.h"

#include "wen-run-record-private.h"

#include <math.h>

#include "wen-run-private.h"

/* A commit a step would cost more than the step; a point that waits this long is
 * still there for the eye, and after a kill nearly nothing is missing. */
#define FLUSH_INTERVAL_US (250 * G_TIME_SPAN_MILLISECOND)

struct _WenCurveWriter
{
  char     *path;
  gint64    run_id;
  WenStore *store;           /* opened by the first point, in the thread that trains */
  GArray   *points;          /* WenCurvePoint, all of them */
  guint     n_written;
  gint64    last_flush_us;
  int       is_abandoned;    /* atomic */
};

static gboolean
write_points (WenStore            *store,
              gint64               run_id,
              const WenCurvePoint *points,
              guint                first,
              guint                end,
              GError             **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  /* A point can be there already: a commit can fail after the log has it. */
  statement = wen_store_prepare (store,
                                 "INSERT OR REPLACE INTO curve_points (run_id, number, split, step, epoch, loss,"
                                 "  accuracy, learning_rate, elapsed_us, is_pretraining)"
                                 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 error);
  if (statement == NULL)
    return FALSE;
  for (guint i = first; i < end; i++)
    {
      sqlite3_bind_int64 (statement, 1, run_id);
      sqlite3_bind_int64 (statement, 2, i);
      sqlite3_bind_int (statement, 3, points[i].split);
      sqlite3_bind_int64 (statement, 4, (gint64) points[i].step);
      sqlite3_bind_double (statement, 5, points[i].epoch);
      sqlite3_bind_double (statement, 6, points[i].loss);
      sqlite3_bind_double (statement, 7, points[i].accuracy);
      sqlite3_bind_double (statement, 8, points[i].learning_rate);
      sqlite3_bind_int64 (statement, 9, points[i].elapsed_us);
      sqlite3_bind_int (statement, 10, points[i].is_pretraining);
      if (!wen_store_run (store, statement, error))
        return FALSE;
    }
  return TRUE;
}

WenCurveWriter *
wen_curve_writer_new (const char *path,
                      gint64      run_id)
{
  WenCurveWriter *self = g_new0 (WenCurveWriter, 1);

  self->path = g_strdup (path);
  self->run_id = run_id;
  self->points = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  return self;
}

void
wen_curve_writer_free (WenCurveWriter *self)
{
  g_clear_pointer (&self->store, wen_store_close);
  g_clear_pointer (&self->points, g_array_unref);
  g_free (self->path);
  g_free (self);
}

/* What cannot be written now is tried again with the next points, and at the
 * end, where a failure is told. */
void
wen_curve_writer_tick (WenCurveWriter *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (g_atomic_int_get (&self->is_abandoned)
      || self->n_written == self->points->len || now_us - self->last_flush_us < FLUSH_INTERVAL_US)
    return;
  self->last_flush_us = now_us;

  if (self->store == NULL)
    self->store = wen_store_open (self->path, WEN_STORE_MAIN, NULL, NULL);
  if (self->store == NULL || !wen_store_begin (self->store, NULL))
    return;
  if (write_points (self->store, self->run_id, (const WenCurvePoint *) self->points->data,
                    self->n_written, self->points->len, NULL)
      && wen_store_commit (self->store, NULL))
    self->n_written = self->points->len;
  else
    wen_store_roll_back (self->store);
}

void
wen_curve_writer_add (WenCurveWriter      *self,
                      const WenCurvePoint *point)
{
  g_array_append_val (self->points, *point);
  wen_curve_writer_tick (self);
}

void
wen_curve_writer_abandon (WenCurveWriter *self)
{
  g_atomic_int_set (&self->is_abandoned, TRUE);
}

gboolean
wen_curve_writer_flush (WenCurveWriter *self,
                        WenStore       *store,
                        GError        **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  g_clear_pointer (&self->store, wen_store_close);
  if (!write_points (store, self->run_id, (const WenCurvePoint *) self->points->data,
                     self->n_written, self->points->len, error))
    return FALSE;

  /* A run that went on from its journal may end before it comes as far again as it
   * was when it was interrupted. */
  statement = wen_store_prepare (store, "DELETE FROM curve_points WHERE run_id = ? AND number >= ?", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, self->run_id);
  sqlite3_bind_int64 (statement, 2, self->points->len);
  return wen_store_run (store, statement, error);
}

gboolean
wen_run_record_begin (WenStore        *store,
                      const WenRecipe *recipe,
                      gint64           started_us,
                      gint64          *run_id,
                      GError         **error)
{
  g_autofree char *json = wen_recipe_to_json (recipe);
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store, "INSERT INTO runs (state, started_us, recipe) VALUES (?, ?, ?) RETURNING id",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, WEN_RUN_STATE_LOADING);
  sqlite3_bind_int64 (statement, 2, started_us);
  wen_store_bind_text (statement, 3, json);
  if (!wen_store_step (store, statement, &has_row, error))
    return FALSE;
  *run_id = sqlite3_column_int64 (statement, 0);
  /* The row is committed when the statement has run to its end. */
  return wen_store_step (store, statement, &has_row, error);
}

gboolean
wen_run_record_set_state (WenStore   *store,
                          gint64      run_id,
                          WenRunState state,
                          GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, "UPDATE runs SET state = ? WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, state);
  sqlite3_bind_int64 (statement, 2, run_id);
  return wen_store_run (store, statement, error);
}

/* Also marks a run that another window trains at this moment; its end writes
 * the true state. */
gboolean
wen_run_record_mark_interrupted (WenStore *store,
                                 GError  **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, "UPDATE runs SET state = ? WHERE state < ?", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, WEN_RUN_STATE_INTERRUPTED);
  sqlite3_bind_int (statement, 2, WEN_RUN_STATE_COMPLETED);
  return wen_store_run (store, statement, error);
}

static gboolean
write_outcome (WenStore            *store,
               gint64               run_id,
               const WenRunOutcome *outcome,
               GError             **error)
{
  const WenTrainingSummary *summary = outcome->summary;
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store,
                                 "UPDATE runs SET state = ?, error_message = ?, majority_label = ?, ending = ?,"
                                 "  n_epochs = ?, best_epoch = ?, best_validation_loss = ?,"
                                 "  best_validation_accuracy = ?, n_parameters = ?, n_vocabulary = ?,"
                                 "  n_train_rows = ?, n_left_out = ?, n_cut = ?, n_tokens = ?,"
                                 "  tokens_per_second = ?, seconds = ? WHERE id = ?",
                                 error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, outcome->state);
  wen_store_bind_text (statement, 2, outcome->error_message);
  if (outcome->evaluation != NULL)
    sqlite3_bind_int64 (statement, 3, wen_evaluation_get_majority_label (outcome->evaluation));
  if (summary != NULL)
    {
      sqlite3_bind_int (statement, 4, summary->end);
      sqlite3_bind_int64 (statement, 5, summary->n_epochs);
      sqlite3_bind_int64 (statement, 6, summary->best_epoch);
      sqlite3_bind_double (statement, 7, summary->best_validation_loss);
      sqlite3_bind_double (statement, 8, summary->best_validation_accuracy);
      sqlite3_bind_int64 (statement, 9, (gint64) summary->n_parameters);
      sqlite3_bind_int64 (statement, 10, summary->n_vocabulary);
      sqlite3_bind_int64 (statement, 11, (gint64) summary->n_train_rows);
      sqlite3_bind_int64 (statement, 12, (gint64) summary->n_left_out);
      sqlite3_bind_int64 (statement, 13, (gint64) summary->n_cut);
      sqlite3_bind_int64 (statement, 14, (gint64) summary->n_tokens);
      sqlite3_bind_double (statement, 15, summary->tokens_per_second);
      sqlite3_bind_double (statement, 16, summary->seconds);
    }
  sqlite3_bind_int64 (statement, 17, run_id);
  return wen_store_run (store, statement, error);
}

static gboolean
write_evaluation (WenStore      *store,
                  gint64         run_id,
                  WenEvaluation *evaluation,
                  GError       **error)
{
  g_autoptr(sqlite3_stmt) insert_label = NULL;
  g_autoptr(sqlite3_stmt) insert_row = NULL;
  const WenEvaluatedRow *rows;
  gsize n_rows;

  insert_label = wen_store_prepare (store, "INSERT INTO run_labels (run_id, number, name) VALUES (?, ?, ?)", error);
  if (insert_label == NULL)
    return FALSE;
  for (guint label = 0; label < wen_evaluation_get_n_labels (evaluation); label++)
    {
      sqlite3_bind_int64 (insert_label, 1, run_id);
      sqlite3_bind_int64 (insert_label, 2, label);
      wen_store_bind_text (insert_label, 3, wen_evaluation_get_label (evaluation, label));
      if (!wen_store_run (store, insert_label, error))
        return FALSE;
    }

  insert_row = wen_store_prepare (store,
                                  "INSERT INTO predictions (run_id, number, row_id, label, predicted, probability,"
                                  "  label_probability) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                  error);
  if (insert_row == NULL)
    return FALSE;
  rows = wen_evaluation_get_rows (evaluation, &n_rows);
  for (gsize i = 0; i < n_rows; i++)
    {
      sqlite3_bind_int64 (insert_row, 1, run_id);
      sqlite3_bind_int64 (insert_row, 2, (gint64) i);
      sqlite3_bind_int64 (insert_row, 3, rows[i].row_id);
      sqlite3_bind_int64 (insert_row, 4, rows[i].label);
      sqlite3_bind_int64 (insert_row, 5, rows[i].predicted);
      sqlite3_bind_double (insert_row, 6, rows[i].probability);
      sqlite3_bind_double (insert_row, 7, rows[i].label_probability);
      if (!wen_store_run (store, insert_row, error))
        return FALSE;
    }
  return TRUE;
}

/* Weights are by far the largest thing in the file: those of older runs make room, but
 * for the best ones so far, to which a person may want to go back. */
static gboolean
remove_old_classifiers (WenStore *store,
                        gint64    run_id,
                        GError  **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store,
                                 "DELETE FROM classifier_files WHERE run_id NOT IN (SELECT id FROM runs WHERE id <> ?"
                                 "  AND id IN (SELECT run_id FROM classifier_files)"
                                 "  ORDER BY best_validation_accuracy DESC, id DESC LIMIT 1)",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, run_id);
  return wen_store_run (store, statement, error);
}

static gboolean
write_classifier (WenStore   *store,
                  gint64      run_id,
                  GHashTable *files,
                  GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  GHashTableIter iter;
  gpointer name, contents;

  if (!remove_old_classifiers (store, run_id, error))
    return FALSE;
  statement = wen_store_prepare (store, "INSERT INTO classifier_files (run_id, name, contents) VALUES (?, ?, ?)",
                                 error);
  if (statement == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &name, &contents))
    {
      gsize size_bytes;
      gconstpointer bytes = g_bytes_get_data (contents, &size_bytes);

      sqlite3_bind_int64 (statement, 1, run_id);
      wen_store_bind_text (statement, 2, name);
      /* Empty, not NULL. */
      if (size_bytes == 0)
        sqlite3_bind_zeroblob (statement, 3, 0);
      else
        sqlite3_bind_blob64 (statement, 3, bytes, size_bytes, SQLITE_STATIC);
      if (!wen_store_run (store, statement, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
wen_run_record_finish (WenStore            *store,
                       gint64               run_id,
                       WenCurveWriter      *writer,
                       const WenRunOutcome *outcome,
                       GError             **error)
{
  if (!wen_store_begin (store, error))
    return FALSE;
  if (wen_curve_writer_flush (writer, store, error)
      && write_outcome (store, run_id, outcome, error)
      && (outcome->evaluation == NULL || write_evaluation (store, run_id, outcome->evaluation, error))
      && (outcome->files == NULL || write_classifier (store, run_id, outcome->files, error))
      && wen_store_commit (store, error))
    {
      wen_store_checkpoint (store, TRUE);
      return TRUE;
    }
  wen_store_roll_back (store);
  return FALSE;
}

static GArray *
read_curve (WenStore *store,
            gint64    run_id,
            GError  **error)
{
  g_autoptr(GArray) curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint));
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store,
                                 "SELECT split, step, epoch, loss, accuracy, learning_rate, elapsed_us, is_pretraining"
                                 " FROM curve_points WHERE run_id = ? ORDER BY number",
                                 error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run_id);
  while (wen_store_step (store, statement, &has_row, error))
    {
      WenCurvePoint point;

      if (!has_row)
        return g_steal_pointer (&curve);
      point = (WenCurvePoint) {
        .split = sqlite3_column_int (statement, 0) == WEN_SPLIT_VALIDATION ? WEN_SPLIT_VALIDATION : WEN_SPLIT_TRAIN,
        .step = sqlite3_column_int64 (statement, 1),
        .epoch = sqlite3_column_double (statement, 2),
        .loss = wen_store_get_double (statement, 3),
        .accuracy = wen_store_get_double (statement, 4),
        .learning_rate = wen_store_get_double (statement, 5),
        .elapsed_us = sqlite3_column_int64 (statement, 6),
        .is_pretraining = sqlite3_column_int (statement, 7) != 0,
      };
      g_array_append_val (curve, point);
    }
  return NULL;
}

static void
read_summary (sqlite3_stmt       *statement,
              int                 column,
              WenTrainingSummary *summary)
{
  /* Figures of pre-training are not kept, but for its curve. */
  *summary = (WenTrainingSummary) {
    .pretraining_loss = NAN,
    .pretraining_accuracy = NAN,
    .end = CLAMP (sqlite3_column_int (statement, column), WEN_TRAINING_END_COMPLETED, WEN_TRAINING_END_STOPPED),
    .n_epochs = sqlite3_column_int64 (statement, column + 1),
    .best_epoch = sqlite3_column_int64 (statement, column + 2),
    .best_validation_loss = wen_store_get_double (statement, column + 3),
    .best_validation_accuracy = wen_store_get_double (statement, column + 4),
    .n_parameters = sqlite3_column_int64 (statement, column + 5),
    .n_vocabulary = sqlite3_column_int64 (statement, column + 6),
    .n_train_rows = sqlite3_column_int64 (statement, column + 7),
    .n_left_out = sqlite3_column_int64 (statement, column + 8),
    .n_cut = sqlite3_column_int64 (statement, column + 9),
    .n_tokens = sqlite3_column_int64 (statement, column + 10),
    .tokens_per_second = wen_store_get_double (statement, column + 11),
    .seconds = wen_store_get_double (statement, column + 12),
  };
}

WenRun *
wen_run_record_read (WenStore *store,
                     gint64    run_id,
                     GError  **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(GArray) curve = NULL;
  g_autofree char *json = NULL;
  WenTrainingSummary summary;
  WenRunState state;
  gboolean has_row, has_summary;

  statement = wen_store_prepare (store,
                                 "SELECT id, state, started_us, recipe, error_message, ending, n_epochs, best_epoch,"
                                 "  best_validation_loss, best_validation_accuracy, n_parameters, n_vocabulary,"
                                 "  n_train_rows, n_left_out, n_cut, n_tokens, tokens_per_second, seconds"
                                 " FROM runs WHERE ?1 IN (0, id) ORDER BY id DESC LIMIT 1",
                                 error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run_id);
  if (!wen_store_step (store, statement, &has_row, error) || !has_row)
    return NULL;

  json = wen_store_dup_text (statement, 3);
  recipe = wen_recipe_new_from_json (json != NULL ? json : "", NULL);
  if (recipe == NULL)
    {
      wen_store_set_damaged (store, "runs.recipe", error);
      return NULL;
    }
  curve = read_curve (store, sqlite3_column_int64 (statement, 0), error);
  if (curve == NULL)
    return NULL;

  /* A file that cannot be changed keeps its unfinished runs. */
  state = sqlite3_column_int (statement, 1);
  if (state < WEN_RUN_STATE_COMPLETED || state > WEN_RUN_STATE_INTERRUPTED)
    state = WEN_RUN_STATE_INTERRUPTED;
  has_summary = sqlite3_column_type (statement, 5) != SQLITE_NULL;
  if (has_summary)
    read_summary (statement, 5, &summary);
  return wen_run_new_stored (sqlite3_column_int64 (statement, 0), state, sqlite3_column_int64 (statement, 2), recipe,
                             wen_store_dup_text (statement, 4), g_steal_pointer (&curve),
                             has_summary ? &summary : NULL);
}

static char **
read_run_labels (WenStore *store,
                 gint64    run_id,
                 GError  **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store, "SELECT name FROM run_labels WHERE run_id = ? ORDER BY number", error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run_id);
  while (wen_store_step (store, statement, &has_row, error))
    {
      g_autofree char *name = NULL;

      if (!has_row)
        return g_strv_builder_end (builder);
      name = wen_store_dup_text (statement, 0);
      g_strv_builder_add (builder, name != NULL ? name : "");
    }
  return NULL;
}

static GArray *
read_predictions (WenStore *store,
                  gint64    run_id,
                  guint     n_labels,
                  GError  **error)
{
  g_autoptr(GArray) rows = g_array_new (FALSE, FALSE, sizeof (WenEvaluatedRow));
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store,
                                 "SELECT row_id, label, predicted, probability, label_probability FROM predictions"
                                 " WHERE run_id = ? ORDER BY number",
                                 error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run_id);
  while (wen_store_step (store, statement, &has_row, error))
    {
      WenEvaluatedRow row;

      if (!has_row)
        return g_steal_pointer (&rows);
      row = (WenEvaluatedRow) {
        .row_id = sqlite3_column_int64 (statement, 0),
        .label = sqlite3_column_int64 (statement, 1),
        .predicted = sqlite3_column_int64 (statement, 2),
        .probability = sqlite3_column_double (statement, 3),
        .label_probability = sqlite3_column_double (statement, 4),
      };
      if (row.label >= n_labels || row.predicted >= n_labels)
        {
          wen_store_set_damaged (store, "predictions.label", error);
          return NULL;
        }
      g_array_append_val (rows, row);
    }
  return NULL;
}

WenEvaluation *
wen_run_record_read_evaluation (WenStore *store,
                                gint64    run_id,
                                GError  **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  g_auto(GStrv) labels = NULL;
  g_autoptr(GArray) rows = NULL;
  guint majority_label;
  gboolean has_row;

  statement = wen_store_prepare (store,
                                 "SELECT majority_label FROM runs WHERE id = ? AND majority_label IS NOT NULL", error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run_id);
  if (!wen_store_step (store, statement, &has_row, error) || !has_row)
    return NULL;

  majority_label = sqlite3_column_int64 (statement, 0);
  labels = read_run_labels (store, run_id, error);
  if (labels == NULL)
    return NULL;
  rows = read_predictions (store, run_id, g_strv_length (labels), error);
  if (rows == NULL)
    return NULL;
  if (rows->len == 0 || majority_label >= g_strv_length (labels))
    {
      wen_store_set_damaged (store, "runs.majority_label", error);
      return NULL;
    }
  return wen_evaluation_new_from_rows ((const char * const *) labels, majority_label,
                                       (const WenEvaluatedRow *) rows->data, rows->len);
}

WenClassifier *
wen_run_record_read_classifier (WenStore *store,
                                gint64    run_id,
                                GError  **error)
{
  g_autoptr(GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                       (GDestroyNotify) g_bytes_unref);
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  statement = wen_store_prepare (store,
                                 "SELECT name, contents FROM classifier_files"
                                 " WHERE run_id = (SELECT run_id FROM classifier_files"
                                 "                 ORDER BY run_id = ?1 DESC, run_id DESC LIMIT 1)",
                                 error);
  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, run_id);
  while (wen_store_step (store, statement, &has_row, error))
    {
      if (!has_row)
        return g_hash_table_size (files) > 0 ? wen_classifier_new_from_files (files, error) : NULL;
      g_hash_table_insert (files, wen_store_dup_text (statement, 0),
                           g_bytes_new (sqlite3_column_blob (statement, 1), sqlite3_column_bytes (statement, 1)));
    }
  return NULL;
}
