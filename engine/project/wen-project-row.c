/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One row of a project, as a table shows it. */

#include "config.h"

#include "wen-project-row-private.h"

/**
 * WenProjectRow:
 *
 * One row of a project: its text as it stood in the file, its label, and what it
 * is used for.
 *
 * Immutable.  It is a copy: a row that was looked at stays as it was when the
 * project's rows change.
 */
struct _WenProjectRow
{
  GObject  parent_instance;

  gint64   id;
  gint64   number;
  char    *text;
  char    *label;
  WenSplit split;
};

enum
{
  PROP_0,
  PROP_NUMBER,
  PROP_TEXT,
  PROP_LABEL,
  PROP_SPLIT,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (WenProjectRow, wen_project_row, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
wen_project_row_finalize (GObject *object)
{
  WenProjectRow *self = WEN_PROJECT_ROW (object);

  g_free (self->text);
  g_free (self->label);

  G_OBJECT_CLASS (wen_project_row_parent_class)->finalize (object);
}

static void
wen_project_row_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  WenProjectRow *self = WEN_PROJECT_ROW (object);

  switch (prop_id)
    {
    case PROP_NUMBER:
      g_value_set_int64 (value, self->number);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_SPLIT:
      g_value_set_int (value, self->split);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
wen_project_row_class_init (WenProjectRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = wen_project_row_finalize;
  object_class->get_property = wen_project_row_get_property;

  /**
   * WenProjectRow:number:
   *
   * Number of the row in its file, from 1.
   */
  properties[PROP_NUMBER] =
    g_param_spec_int64 ("number", NULL, NULL, 1, G_MAXINT64, 1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProjectRow:text:
   *
   * The text as it stood in the file.
   */
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProjectRow:label:
   *
   * The label, or `NULL`.
   */
  properties[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * WenProjectRow:split:
   *
   * What the row is used for, as [enum@Split].
   */
  properties[PROP_SPLIT] =
    g_param_spec_int ("split", NULL, NULL, 0, WEN_N_SPLITS - 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
wen_project_row_init (WenProjectRow *self)
{
  self->number = 1;
}

WenProjectRow *
wen_project_row_new (gint64   id,
                     gint64   number,
                     char    *text,
                     char    *label,
                     WenSplit split)
{
  WenProjectRow *self = g_object_new (WEN_TYPE_PROJECT_ROW, NULL);

  self->id = id;
  self->number = number;
  self->text = text;
  self->label = label;
  self->split = split;
  return self;
}

/**
 * wen_project_row_get_id:
 * @self: a row
 *
 * Gets what edits, datasets and evaluations call the row.
 *
 * Returns: an id that no other row of the project ever has
 */
gint64
wen_project_row_get_id (WenProjectRow *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT_ROW (self), 0);

  return self->id;
}

/**
 * wen_project_row_get_number:
 * @self: a row
 *
 * Gets the number of the row in the file it came from.
 *
 * Returns: from 1; the header is not counted
 */
gint64
wen_project_row_get_number (WenProjectRow *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT_ROW (self), 0);

  return self->number;
}

/**
 * wen_project_row_get_text:
 * @self: a row
 *
 * Gets the text as it stood in the file, not cleaned.
 *
 * Returns: (transfer none): the text, which may be empty
 */
const char *
wen_project_row_get_text (WenProjectRow *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT_ROW (self), NULL);

  return self->text;
}

/**
 * wen_project_row_get_label:
 * @self: a row
 *
 * Gets the label.
 *
 * Returns: (transfer none) (nullable): the label, or `NULL` for a row without one
 */
const char *
wen_project_row_get_label (WenProjectRow *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT_ROW (self), NULL);

  return self->label;
}

/**
 * wen_project_row_get_split:
 * @self: a row
 *
 * Gets what the row is used for.
 *
 * Returns: a split
 */
WenSplit
wen_project_row_get_split (WenProjectRow *self)
{
  g_return_val_if_fail (WEN_IS_PROJECT_ROW (self), WEN_SPLIT_NONE);

  return self->split;
}
