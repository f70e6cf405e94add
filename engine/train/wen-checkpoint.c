/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A training run put to paper between two steps, so that it can go on from there.
 *
 * DESIGN: a checkpoint is one line of JSON that says how far the run is, then a
 * safetensors file with the weights, the best weights so far and what the
 * optimizer remembers.  Random numbers need no place in it: they follow from seed
 * and step.  Numbers that are not whole are written as text with 17 digits, from
 * which the same bits come back, also for what is not a number.
 *
 * It lies in a project file, and those travel: so it is read as if anybody could
 * have written it. */

#include "config.h"

#include "wen-checkpoint-private.h"

#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-safetensors-private.h"

#define FORMAT "wenlei-checkpoint"
#define VERSION 3
/* The curve of a very long run has about a hundred thousand points. */
#define MAXIMUM_LINE_BYTES (64 * 1024 * 1024)

typedef enum
{
  KIND_TEXT,
  KIND_WHOLE,   /* guint64 or gint64, not negative */
  KIND_REAL,
} Kind;

/* Everything but the curve, once for writing and reading. */
typedef struct
{
  const char *name;
  Kind        kind;
  gsize       offset;
} Field;

#define FIELD(name, kind) { #name, kind, G_STRUCT_OFFSET (WenCheckpoint, name) }

static const Field fields[] = {
  FIELD (recipe, KIND_TEXT),
  FIELD (fingerprint, KIND_TEXT),
  FIELD (n_workers, KIND_WHOLE),
  FIELD (pretraining_step, KIND_WHOLE),
  FIELD (n_pretraining_tokens, KIND_WHOLE),
  FIELD (pretraining_us, KIND_WHOLE),
  FIELD (step, KIND_WHOLE),
  FIELD (n_tokens, KIND_WHOLE),
  FIELD (elapsed_us, KIND_WHOLE),
  FIELD (training_us, KIND_WHOLE),
  FIELD (best_epoch, KIND_WHOLE),
  FIELD (best_loss, KIND_REAL),
  FIELD (best_accuracy, KIND_REAL),
  FIELD (best_calibrated_loss, KIND_REAL),
  FIELD (n_epochs_without_progress, KIND_WHOLE),
  FIELD (n_point_steps, KIND_WHOLE),
  FIELD (n_point_texts, KIND_WHOLE),
  FIELD (n_point_correct, KIND_WHOLE),
  FIELD (point_loss, KIND_REAL),
};

void
wen_checkpoint_clear (WenCheckpoint *self)
{
  g_clear_pointer (&self->recipe, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->curve, g_array_unref);
}

static void
append_real (GString *text,
             double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_dtostr (buffer, sizeof buffer, value));
}

static char *
write_point (const WenCurvePoint *point)
{
  const double values[] = { point->epoch, point->loss, point->accuracy, point->learning_rate };
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%d %d %" PRIu64 " %" PRId64, point->is_pretraining, point->split, point->step,
                          point->elapsed_us);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_string_append_c (text, ' ');
      append_real (text, values[i]);
    }
  return g_string_free (text, FALSE);
}

static char *
write_line (const WenCheckpoint *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  wen_json_add_string (builder, "format", FORMAT);
  wen_json_add_int (builder, "version", VERSION);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gconstpointer value = G_STRUCT_MEMBER_P (self, fields[i].offset);
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      json_builder_set_member_name (builder, fields[i].name);
      switch (fields[i].kind)
        {
        case KIND_TEXT:
          json_builder_add_string_value (builder, *(char *const *) value);
          break;
        case KIND_WHOLE:
          json_builder_add_int_value (builder, *(const gint64 *) value);
          break;
        case KIND_REAL:
          json_builder_add_string_value (builder,
                                         g_ascii_dtostr (buffer, sizeof buffer, *(const double *) value));
          break;
        default:
          g_assert_not_reached ();
        }
    }
  json_builder_set_member_name (builder, "curve");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->curve->len; i++)
    {
      g_autofree char *point = write_point (&g_array_index (self->curve, WenCurvePoint, i));

      json_builder_add_string_value (builder, point);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Writes a checkpoint: parameters, best parameters and optimizer state in the
 * order given.  (transfer full) */
GBytes *
wen_checkpoint_write (const WenCheckpoint *self,
                      const WenTensor     *tensors,
                      gsize                n_tensors)
{
  g_autofree char *line = write_line (self);
  g_autoptr (GBytes) numbers = wen_safetensors_write (tensors, n_tensors);
  gsize line_bytes = strlen (line);
  gsize n_numbers_bytes;
  gconstpointer numbers_data = g_bytes_get_data (numbers, &n_numbers_bytes);
  char *file = g_malloc (line_bytes + 1 + n_numbers_bytes);

  memcpy (file, line, line_bytes);
  file[line_bytes] = '\n';
  memcpy (file + line_bytes + 1, numbers_data, n_numbers_bytes);
  return g_bytes_new_take (file, line_bytes + 1 + n_numbers_bytes);
}

/* Says that a checkpoint is not one; returns FALSE. */
gboolean
wen_checkpoint_refuse (GError    **error,
                       const char *why)
{
  g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT,
               _ ("The saved state of the training cannot be used: %s. Train again from the start."), why);
  return FALSE;
}

/* Says that a checkpoint is another run's; returns FALSE. */
gboolean
wen_checkpoint_refuse_other_run (GError **error)
{
  g_set_error_literal (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_CHECKPOINT,
                       _ ("The saved state of the training belongs to other rows or other settings. "
                          "Train again from the start."));
  return FALSE;
}

static gboolean
read_real (const char *text,
           double     *value)
{
  char *end;

  if (text == NULL || *text == '\0')
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0';
}

static gboolean
read_field (WenCheckpoint *self,
            const Field   *field,
            JsonObject    *object)
{
  gpointer value = G_STRUCT_MEMBER_P (self, field->offset);
  const char *text;

  switch (field->kind)
    {
    case KIND_TEXT:
      text = wen_json_get_string_member (object, field->name);
      *(char **) value = g_strdup (text);
      return text != NULL;
    case KIND_WHOLE:
      return wen_json_get_int_member (object, field->name, value) && *(gint64 *) value >= 0;
    case KIND_REAL:
      return read_real (wen_json_get_string_member (object, field->name), value);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
read_point (WenCurvePoint *point,
            JsonNode      *node)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 9);
  gint64 whole[4];
  double *const values[] = { &point->epoch, &point->loss, &point->accuracy, &point->learning_rate };

  if (g_strv_length (parts) != G_N_ELEMENTS (whole) + G_N_ELEMENTS (values))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    if (!g_ascii_string_to_signed (parts[i], 10, 0, G_MAXINT64, &whole[i], NULL))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (!read_real (parts[G_N_ELEMENTS (whole) + i], values[i]) || !isfinite (*values[i]))
      return FALSE;
  if (whole[0] > TRUE || (whole[1] != WEN_SPLIT_TRAIN && whole[1] != WEN_SPLIT_VALIDATION))
    return FALSE;
  point->is_pretraining = (gboolean) whole[0];
  point->split = (WenSplit) whole[1];
  point->step = (guint64) whole[2];
  point->elapsed_us = whole[3];
  return TRUE;
}

static gboolean
read_curve (WenCheckpoint *self,
            JsonArray     *array)
{
  if (array == NULL)
    return FALSE;
  self->curve = g_array_new (FALSE, TRUE, sizeof (WenCurvePoint));
  g_array_set_size (self->curve, json_array_get_length (array));
  for (guint i = 0; i < self->curve->len; i++)
    if (!read_point (&g_array_index (self->curve, WenCurvePoint, i), json_array_get_element (array, i)))
      return FALSE;
  return TRUE;
}

/* Length of the first line, or 0 where there is none. */
static gsize
find_line_end (GBytes *bytes)
{
  gsize size_bytes;
  const char *text = g_bytes_get_data (bytes, &size_bytes);
  const char *end = size_bytes > 0 ? memchr (text, '\n', MIN (size_bytes, MAXIMUM_LINE_BYTES)) : NULL;

  return end != NULL ? (gsize) (end - text) : 0;
}

/* Reads how far the run was.  Sets WEN_TRAINER_ERROR_CHECKPOINT where that cannot
 * be made out; self then needs no clearing. */
gboolean
wen_checkpoint_read (WenCheckpoint *self,
                     GBytes        *bytes,
                     GError       **error)
{
  g_auto (WenCheckpoint) read = { 0 };
  gsize line_bytes = find_line_end (bytes);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  gint64 version;

  if (line_bytes > 0)
    root = wen_json_parse (g_bytes_get_data (bytes, NULL), line_bytes, NULL);
  object = wen_json_get_object (root);
  if (object == NULL || g_strcmp0 (wen_json_get_string_member (object, "format"), FORMAT) != 0
      || !wen_json_get_int_member (object, "version", &version))
    return wen_checkpoint_refuse (error, _ ("it is damaged"));
  if (version != VERSION)
    return wen_checkpoint_refuse (error, _ ("another version of Wenlei wrote it"));

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!read_field (&read, &fields[i], object))
      return wen_checkpoint_refuse (error, _ ("it is damaged"));
  if (!read_curve (&read, wen_json_get_array_member (object, "curve")))
    return wen_checkpoint_refuse (error, _ ("it is damaged"));

  *self = read;
  read = (WenCheckpoint) { 0 };
  return TRUE;
}

/* Fills the values of tensors whose names and shapes are given.  Sets
 * WEN_TRAINER_ERROR_CHECKPOINT where the checkpoint does not hold exactly these. */
gboolean
wen_checkpoint_read_tensors (GBytes          *bytes,
                             const WenTensor *tensors,
                             gsize            n_tensors,
                             GError         **error)
{
  gsize line_bytes = find_line_end (bytes);
  gsize begin = MIN (line_bytes + 1, g_bytes_get_size (bytes));
  g_autoptr (GBytes) numbers = g_bytes_new_from_bytes (bytes, begin, g_bytes_get_size (bytes) - begin);
  g_autoptr (GError) reason = NULL;

  if (!wen_safetensors_read (numbers, tensors, n_tensors, &reason))
    return wen_checkpoint_refuse (error, reason->message);
  return TRUE;
}
