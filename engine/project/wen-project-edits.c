/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* DESIGN: an edit is a list of rows with what was changed in them, before and after,
 * and of labels with their names, before and after.  It is written first, and then
 * carried out from there: once forwards, and, when it is taken back, backwards.  Both
 * happen in the transaction that writes it, so an edit that was told of is in the
 * file with the way back.
 *
 * Rows that are deleted are in the bin: a flag, no more. */

#include "config.h"

#include "wen-project-edits-private.h"

#include "wen-dataset-private.h"
#include "wen-i18n-private.h"

/* Rows are used for something where they have a text and a label, and are not in the
 * bin.  A row that is used already stays where it is, so that runs compare. */
#define NEW_SPLIT(label, flags) \
  "CASE WHEN " label " IS NULL OR " flags " <> 0 THEN 0" \
  " WHEN rows.split <> 0 THEN rows.split WHEN rows.origin = 1 THEN 3 ELSE 1 END"

#define INSERT_ROWS(label, flags, old_text, new_text) \
  "INSERT INTO edit_rows (edit_id, row_id, old_label_id, new_label_id, old_flags, new_flags, old_split, new_split," \
  "  old_text, new_text)" \
  " SELECT ?1, rows.id, rows.label_id, " label ", rows.flags, " flags ", rows.split, " NEW_SPLIT (label, flags) "," \
  "  " old_text ", " new_text " FROM rows"

void
wen_edit_free (WenEdit *edit)
{
  g_free (edit->row_ids);
  g_free (edit->label);
  g_free (edit->value);
  g_free (edit);
}

void
wen_edit_state_clear (WenEditState *state)
{
  g_clear_pointer (&state->undo_title, g_free);
  g_clear_pointer (&state->redo_title, g_free);
}

static char *
make_title (WenEditKind kind,
            gint64      n_rows,
            const char *detail)
{
  gulong n = (gulong) n_rows;

  switch (kind)
    {
    case WEN_EDIT_LABEL_ROWS:
      /* Translators: titles of what can be undone.  %lu is a number of rows. */
      return g_strdup_printf (wen_ngettext ("Change the Label of %lu Row", "Change the Label of %lu Rows", n), n);
    case WEN_EDIT_TEXT:
      return g_strdup (_ ("Change a Text"));
    case WEN_EDIT_DELETE_ROWS:
      return g_strdup_printf (wen_ngettext ("Delete %lu Row", "Delete %lu Rows", n), n);
    case WEN_EDIT_RESTORE_ROWS:
      return g_strdup_printf (wen_ngettext ("Restore %lu Row", "Restore %lu Rows", n), n);
    case WEN_EDIT_RENAME_LABEL:
      /* Translators: a label */
      return g_strdup_printf (_ ("Rename the Label “%s”"), detail);
    case WEN_EDIT_REMOVE_LABEL:
    default:
      /* Translators: a label */
      return g_strdup_printf (_ ("Remove the Label “%s”"), detail);
    }
}

/* Runs a statement with one number, or none. */
static gboolean
run (WenStore   *store,
     const char *sql,
     gint64      number,
     GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, sql, error);

  if (statement == NULL)
    return FALSE;
  if (sqlite3_bind_parameter_count (statement) > 0)
    sqlite3_bind_int64 (statement, 1, number);
  return wen_store_run (store, statement, error);
}

/* The label's id, 0 where there is none. */
static gboolean
find_label (WenStore   *store,
            const char *name,
            gint64     *id,
            GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, "SELECT id FROM labels WHERE name = ?", error);
  gboolean has_row;

  *id = 0;
  if (statement == NULL)
    return FALSE;
  wen_store_bind_text (statement, 1, name);
  if (!wen_store_step (store, statement, &has_row, error))
    return FALSE;
  if (has_row)
    *id = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* Puts the ids into a table of this connection, which statements can join. */
static gboolean
select_rows (WenStore      *store,
             const WenEdit *edit,
             GError       **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  if (!wen_store_execute (store,
                          "CREATE TEMP TABLE IF NOT EXISTS selected (row_id INTEGER PRIMARY KEY);"
                          "DELETE FROM selected",
                          error))
    return FALSE;
  statement = wen_store_prepare (store, "INSERT OR IGNORE INTO selected (row_id) VALUES (?)", error);
  if (statement == NULL)
    return FALSE;
  for (gsize i = 0; i < edit->n_row_ids; i++)
    {
      sqlite3_bind_int64 (statement, 1, edit->row_ids[i]);
      if (!wen_store_run (store, statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_edit (WenStore      *store,
             const WenEdit *edit,
             gint64        *id,
             GError       **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;
  gboolean has_row;

  /* What was taken back cannot come again on top of something else. */
  if (!wen_store_execute (store, "DELETE FROM edits WHERE is_undone", error))
    return FALSE;
  statement = wen_store_prepare (store,
                                 "INSERT INTO edits (kind, n_rows, detail, is_undone) VALUES (?, 0, ?, 0) RETURNING id",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int (statement, 1, edit->kind);
  wen_store_bind_text (statement, 2, edit->label != NULL ? edit->label : "");
  if (!wen_store_step (store, statement, &has_row, error))
    return FALSE;
  *id = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* Writes which rows change.
 *
 *   ?1 the edit, ?2 a label id or 0, ?3 a text, ?4 flags of that text, ?5 another label id */
static gboolean
insert_rows (WenStore   *store,
             const char *sql,
             gint64      edit_id,
             gint64      label_id,
             const char *text,
             gint64      other_label_id,
             GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, sql, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, edit_id);
  if (label_id != 0)
    sqlite3_bind_int64 (statement, 2, label_id);
  if (text != NULL)
    {
      wen_store_bind_text (statement, 3, text);
      sqlite3_bind_int64 (statement, 4, wen_dataset_is_blank (text) ? WEN_ROW_WITHOUT_TEXT : 0);
    }
  if (other_label_id != 0)
    sqlite3_bind_int64 (statement, 5, other_label_id);
  return wen_store_run (store, statement, error);
}

/* Writes what a label was called and is called from now on; NULL before it was there. */
static gboolean
insert_label (WenStore   *store,
              gint64      edit_id,
              gint64      label_id,
              const char *old_name,
              const char *new_name,
              GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = NULL;

  statement = wen_store_prepare (store,
                                 "INSERT INTO edit_labels (edit_id, label_id, old_name, new_name) VALUES (?, ?, ?, ?)",
                                 error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, edit_id);
  sqlite3_bind_int64 (statement, 2, label_id);
  if (old_name != NULL)
    wen_store_bind_text (statement, 3, old_name);
  wen_store_bind_text (statement, 4, new_name);
  return wen_store_run (store, statement, error);
}

/* The id of a label, which the edit makes where there is none. */
static gboolean
find_or_make_label (WenStore   *store,
                    gint64      edit_id,
                    const char *name,
                    gint64     *id,
                    GError    **error)
{
  if (!find_label (store, name, id, error))
    return FALSE;
  return *id != 0
         || (wen_store_query_int64 (store, "SELECT ifnull (max (id), 0) + 1 FROM labels", id, error)
             && insert_label (store, edit_id, *id, NULL, name, error));
}

/* A new name, or, where another label has that name, the rows of both together. */
static gboolean
insert_renaming (WenStore      *store,
                 const WenEdit *edit,
                 gint64         edit_id,
                 GError       **error)
{
  static const char merge[] = INSERT_ROWS ("?2", "rows.flags", "NULL", "NULL") " WHERE rows.label_id = ?5";
  gint64 label_id, other_id;

  if (!find_label (store, edit->label, &label_id, error)
      || !find_label (store, edit->value, &other_id, error))
    return FALSE;
  if (label_id == 0 || label_id == other_id)
    return TRUE;
  if (other_id == 0)
    return insert_label (store, edit_id, label_id, edit->label, edit->value, error);
  return insert_rows (store, merge, edit_id, other_id, NULL, label_id, error);
}

/* Writes what the edit changes. */
static gboolean
insert_changes (WenStore      *store,
                const WenEdit *edit,
                gint64         edit_id,
                GError       **error)
{
  static const char relabel[] = INSERT_ROWS ("?2", "rows.flags", "NULL", "NULL")
    " JOIN selected ON selected.row_id = rows.id WHERE rows.label_id IS NOT ?2";
  static const char retext[] = INSERT_ROWS ("rows.label_id", "(rows.flags & ~1 | ?4)", "texts.text", "?3")
    " JOIN selected ON selected.row_id = rows.id JOIN texts ON texts.id = rows.id WHERE texts.text <> ?3";
  static const char bin[] = INSERT_ROWS ("rows.label_id", "(rows.flags | 2)", "NULL", "NULL")
    " JOIN selected ON selected.row_id = rows.id WHERE rows.flags & 2 = 0";
  static const char restore[] = INSERT_ROWS ("rows.label_id", "(rows.flags & ~2)", "NULL", "NULL")
    " JOIN selected ON selected.row_id = rows.id WHERE rows.flags & 2";
  static const char unlabel[] = INSERT_ROWS ("NULL", "rows.flags", "NULL", "NULL") " WHERE rows.label_id = ?5";
  gint64 label_id = 0;

  switch (edit->kind)
    {
    case WEN_EDIT_LABEL_ROWS:
      return (edit->value == NULL || find_or_make_label (store, edit_id, edit->value, &label_id, error))
             && insert_rows (store, relabel, edit_id, label_id, NULL, 0, error);
    case WEN_EDIT_TEXT:
      return insert_rows (store, retext, edit_id, 0, edit->value, 0, error);
    case WEN_EDIT_DELETE_ROWS:
      return insert_rows (store, bin, edit_id, 0, NULL, 0, error);
    case WEN_EDIT_RESTORE_ROWS:
      return insert_rows (store, restore, edit_id, 0, NULL, 0, error);
    case WEN_EDIT_RENAME_LABEL:
      return insert_renaming (store, edit, edit_id, error);
    case WEN_EDIT_REMOVE_LABEL:
    default:
      return find_label (store, edit->label, &label_id, error)
             && insert_rows (store, unlabel, edit_id, 0, NULL, label_id, error);
    }
}

static gboolean
count_rows (WenStore *store,
            GError  **error)
{
  return wen_store_execute (store,
                            "UPDATE project SET n_in_bin = (SELECT count (*) FROM rows WHERE flags & 2);"
                            "UPDATE project SET n_hidden = n_in_bin + (SELECT ifnull (sum (n_rows), 0) FROM imports)"
                            "  - (SELECT count (*) FROM rows)",
                            error);
}

/* Does what the edit says, or the opposite. */
static gboolean
carry_out (WenStore *store,
           gint64    edit_id,
           gboolean  forwards,
           GError  **error)
{
  static const char * const statements[2][4] = {
    { "UPDATE rows SET label_id = e.old_label_id, flags = e.old_flags, split = e.old_split FROM edit_rows AS e"
      " WHERE e.edit_id = ? AND rows.id = e.row_id",
      "UPDATE texts SET text = e.old_text FROM edit_rows AS e"
      " WHERE e.edit_id = ? AND texts.id = e.row_id AND e.old_text IS NOT NULL",
      "UPDATE labels SET name = e.old_name FROM edit_labels AS e"
      " WHERE e.edit_id = ? AND labels.id = e.label_id AND e.old_name IS NOT NULL",
      "DELETE FROM labels WHERE id IN (SELECT label_id FROM edit_labels WHERE edit_id = ? AND old_name IS NULL)" },
    { "UPDATE rows SET label_id = e.new_label_id, flags = e.new_flags, split = e.new_split FROM edit_rows AS e"
      " WHERE e.edit_id = ? AND rows.id = e.row_id",
      "UPDATE texts SET text = e.new_text FROM edit_rows AS e"
      " WHERE e.edit_id = ? AND texts.id = e.row_id AND e.new_text IS NOT NULL",
      "UPDATE labels SET name = e.new_name FROM edit_labels AS e"
      " WHERE e.edit_id = ? AND labels.id = e.label_id AND e.old_name IS NOT NULL",
      "INSERT INTO labels (id, name) SELECT label_id, new_name FROM edit_labels WHERE edit_id = ? AND old_name IS NULL" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements[0]); i++)
    if (!run (store, statements[forwards][i], edit_id, error))
      return FALSE;
  return run (store, forwards ? "UPDATE edits SET is_undone = 0 WHERE id = ?"
                              : "UPDATE edits SET is_undone = 1 WHERE id = ?", edit_id, error)
         && count_rows (store, error);
}

/* An edit that changes nothing is none; nor is one that only makes a label. */
static gboolean
write_edit (WenStore      *store,
            const WenEdit *edit,
            GError       **error)
{
  gint64 edit_id;

  return select_rows (store, edit, error)
         && insert_edit (store, edit, &edit_id, error)
         && insert_changes (store, edit, edit_id, error)
         && run (store, "UPDATE edits SET n_rows = (SELECT count (*) FROM edit_rows WHERE edit_id = edits.id)"
                        " WHERE id = ?", edit_id, error)
         && run (store, "DELETE FROM edits WHERE id = ? AND n_rows = 0 AND NOT EXISTS"
                        " (SELECT 1 FROM edit_labels WHERE edit_id = edits.id AND old_name IS NOT NULL)", edit_id, error)
         && carry_out (store, edit_id, TRUE, error);
}

gboolean
wen_project_edits_apply (WenStore      *store,
                         const WenEdit *edit,
                         GError       **error)
{
  if (wen_store_begin (store, error)
      && write_edit (store, edit, error)
      && wen_store_commit (store, error))
    return TRUE;
  wen_store_roll_back (store);
  return FALSE;
}

static gboolean
step (WenStore   *store,
      const char *next,
      gboolean    forwards,
      GError    **error)
{
  gint64 edit_id;

  if (wen_store_begin (store, error)
      && wen_store_query_int64 (store, next, &edit_id, error)
      && carry_out (store, edit_id, forwards, error)
      && wen_store_commit (store, error))
    return TRUE;
  wen_store_roll_back (store);
  return FALSE;
}

gboolean
wen_project_edits_undo (WenStore *store,
                        GError  **error)
{
  return step (store, "SELECT ifnull (max (id), 0) FROM edits WHERE NOT is_undone", FALSE, error);
}

gboolean
wen_project_edits_redo (WenStore *store,
                        GError  **error)
{
  return step (store, "SELECT ifnull (min (id), 0) FROM edits WHERE is_undone", TRUE, error);
}

gboolean
wen_project_edits_forget (WenStore *store,
                          GError  **error)
{
  return wen_store_execute (store, "DELETE FROM edits", error) && count_rows (store, error);
}

gboolean
wen_project_edits_compact (WenStore *store,
                           GError  **error)
{
  /* The log still has what was removed, and so have free pages of the file. */
  wen_store_checkpoint (store, TRUE);
  if (!wen_store_execute (store, "VACUUM", error))
    return FALSE;
  wen_store_checkpoint (store, TRUE);
  return TRUE;
}

gboolean
wen_project_edits_empty_bin (WenStore *store,
                             GError  **error)
{
  if (!wen_store_begin (store, error)
      || !wen_store_execute (store,
                             "DELETE FROM texts WHERE id IN (SELECT id FROM rows WHERE flags & 2);"
                             "DELETE FROM rows WHERE flags & 2",
                             error)
      || !wen_project_edits_forget (store, error)
      || !wen_store_commit (store, error))
    {
      wen_store_roll_back (store);
      return FALSE;
    }
  return wen_project_edits_compact (store, error);
}

static gboolean
read_title (WenStore   *store,
            const char *sql,
            char      **title,
            GError    **error)
{
  g_autoptr(sqlite3_stmt) statement = wen_store_prepare (store, sql, error);
  gboolean has_row;

  *title = NULL;
  if (statement == NULL || !wen_store_step (store, statement, &has_row, error))
    return FALSE;
  if (has_row)
    {
      g_autofree char *detail = wen_store_dup_text (statement, 2);

      *title = make_title ((WenEditKind) sqlite3_column_int (statement, 0), sqlite3_column_int64 (statement, 1),
                           detail != NULL ? detail : "");
    }
  return TRUE;
}

gboolean
wen_project_edits_read_state (WenStore     *store,
                              WenEditState *state,
                              GError      **error)
{
  wen_edit_state_clear (state);
  return read_title (store, "SELECT kind, n_rows, detail FROM edits WHERE NOT is_undone ORDER BY id DESC LIMIT 1",
                     &state->undo_title, error)
         && read_title (store, "SELECT kind, n_rows, detail FROM edits WHERE is_undone ORDER BY id LIMIT 1",
                        &state->redo_title, error)
         && wen_store_query_int64 (store, "SELECT n_in_bin FROM project", &state->n_in_bin, error)
         && wen_store_query_int64 (store, "SELECT n_hidden FROM project", &state->n_hidden, error);
}
