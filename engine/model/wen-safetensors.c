/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The safetensors file format: named arrays of numbers.
 *
 * DESIGN: a file is eight bytes with the length of a header, little-endian, the
 * header, which is a JSON object from names to type, shape and place, and then
 * the numbers.  It may come from anywhere, so the whole header is compared with
 * the tensors that the model needs before the first number is copied: the same
 * names, types and shapes, and places that follow one another without gap or
 * overlap and end where the file ends.
 *
 * Source: https://github.com/huggingface/safetensors, "Format". */

#include "config.h"

#include "wen-safetensors-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "wen-classifier.h"
#include "wen-i18n-private.h"
#include "wen-json-private.h"

#define LENGTH_BYTES 8
#define ALIGNMENT 8
/* Header bytes for one tensor are about a hundred; no model of ours has thousands. */
#define MAXIMUM_HEADER_BYTES (4 * 1024 * 1024)

/* Where the numbers of one tensor stand, from the end of the header. */
typedef struct
{
  gsize begin;
  gsize end;
} Place;

static void
invalid (GError    **error,
         const char *format,
         ...) G_GNUC_PRINTF (2, 3);

static void
invalid (GError    **error,
         const char *format,
         ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID, message);
}

static void
copy_little_endian (guint32       *words,
                    const guint32 *source,
                    gsize          n_words)
{
  for (gsize i = 0; i < n_words; i++)
    words[i] = GUINT32_TO_LE (source[i]);
}

static char *
write_header (const WenTensor *tensors,
              gsize            n_tensors)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  gsize begin = 0;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "__metadata__");
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "format", "pt");
  json_builder_end_object (builder);

  for (gsize i = 0; i < n_tensors; i++)
    {
      gsize end = begin + tensors[i].n_values * sizeof (float);

      json_builder_set_member_name (builder, tensors[i].name);
      json_builder_begin_object (builder);
      wen_json_add_string (builder, "dtype", "F32");
      json_builder_set_member_name (builder, "shape");
      json_builder_begin_array (builder);
      for (guint d = 0; d < tensors[i].n_dimensions; d++)
        json_builder_add_int_value (builder, (gint64) tensors[i].shape[d]);
      json_builder_end_array (builder);
      json_builder_set_member_name (builder, "data_offsets");
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, (gint64) begin);
      json_builder_add_int_value (builder, (gint64) end);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
      begin = end;
    }
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Writes tensors in the order given.  (transfer full) */
GBytes *
wen_safetensors_write (const WenTensor *tensors,
                       gsize            n_tensors)
{
  g_autofree char *header = write_header (tensors, n_tensors);
  gsize header_bytes = strlen (header);
  gsize padded_bytes = (header_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  guint64 length = GUINT64_TO_LE ((guint64) padded_bytes);
  gsize size_bytes = LENGTH_BYTES + padded_bytes;
  guint8 *file;
  guint8 *values;

  for (gsize i = 0; i < n_tensors; i++)
    size_bytes += tensors[i].n_values * sizeof (float);

  file = g_malloc (size_bytes);
  memcpy (file, &length, LENGTH_BYTES);
  memcpy (file + LENGTH_BYTES, header, header_bytes);
  memset (file + LENGTH_BYTES + header_bytes, ' ', padded_bytes - header_bytes);

  values = file + LENGTH_BYTES + padded_bytes;
  for (gsize i = 0; i < n_tensors; i++)
    {
      copy_little_endian ((guint32 *) (void *) values, (const guint32 *) (const void *) tensors[i].values,
                          tensors[i].n_values);
      values += tensors[i].n_values * sizeof (float);
    }
  return g_bytes_new_take (file, size_bytes);
}

static gboolean
get_size (JsonArray *array,
          guint      index,
          gsize     *size)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64
      || json_node_get_int (node) < 0)
    return FALSE;
  *size = (gsize) json_node_get_int (node);
  return TRUE;
}

static gboolean
has_shape (JsonObject      *object,
           const WenTensor *tensor)
{
  JsonArray *shape = wen_json_get_array_member (object, "shape");
  gsize size;

  if (shape == NULL || json_array_get_length (shape) != tensor->n_dimensions)
    return FALSE;
  for (guint d = 0; d < tensor->n_dimensions; d++)
    if (!get_size (shape, d, &size) || size != tensor->shape[d])
      return FALSE;
  return TRUE;
}

static gboolean
find_place (JsonObject      *header,
            const WenTensor *tensor,
            gsize            data_bytes,
            Place           *place,
            GError         **error)
{
  JsonObject *object = wen_json_get_object_member (header, tensor->name);
  JsonArray *offsets;

  if (object == NULL)
    {
      invalid (error, _ ("the tensor %s is missing"), tensor->name);
      return FALSE;
    }
  if (g_strcmp0 (wen_json_get_string_member (object, "dtype"), "F32") != 0)
    {
      invalid (error, _ ("the tensor %s is not made of 32-bit floating-point numbers"), tensor->name);
      return FALSE;
    }
  if (!has_shape (object, tensor))
    {
      invalid (error, _ ("the tensor %s has another shape than the model needs"), tensor->name);
      return FALSE;
    }
  offsets = wen_json_get_array_member (object, "data_offsets");
  if (offsets == NULL || json_array_get_length (offsets) != 2 || !get_size (offsets, 0, &place->begin)
      || !get_size (offsets, 1, &place->end) || place->end > data_bytes || place->begin > place->end
      || place->end - place->begin != tensor->n_values * sizeof (float))
    {
      invalid (error, _ ("the tensor %s does not lie inside the file: it may be cut off"), tensor->name);
      return FALSE;
    }
  return TRUE;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const Place *left = a;
  const Place *right = b;

  return (left->begin > right->begin) - (left->begin < right->begin);
}

static gboolean
places_fill_file (const Place *places,
                  gsize        n_places,
                  gsize        data_bytes)
{
  g_autofree Place *sorted = g_memdup2 (places, n_places * sizeof (Place));
  gsize expected = 0;

  qsort (sorted, n_places, sizeof (Place), compare_places);
  for (gsize i = 0; i < n_places; i++)
    {
      if (sorted[i].begin != expected)
        return FALSE;
      expected = sorted[i].end;
    }
  return expected == data_bytes;
}

static gboolean
read_values (const WenTensor *tensor,
             const guint8    *data,
             GError         **error)
{
  /* Through memcpy, because a file need not be aligned. */
  memcpy (tensor->values, data, tensor->n_values * sizeof (float));
#if G_BYTE_ORDER != G_LITTLE_ENDIAN
  copy_little_endian ((guint32 *) (void *) tensor->values,
                      (const guint32 *) (const void *) tensor->values, tensor->n_values);
#endif
  for (gsize i = 0; i < tensor->n_values; i++)
    if (!isfinite (tensor->values[i]))
      {
        invalid (error, _ ("the tensor %s holds something that is no number"), tensor->name);
        return FALSE;
      }
  return TRUE;
}

/* The JSON header, of which data_bytes bytes of numbers follow.  NULL with error set
 * where there is none. */
static JsonNode *
read_header (GBytes        *bytes,
             const guint8 **data,
             gsize         *data_bytes,
             GError       **error)
{
  gsize size_bytes;
  const guint8 *file = g_bytes_get_data (bytes, &size_bytes);
  guint64 header_bytes;
  JsonNode *root;

  if (size_bytes < LENGTH_BYTES)
    {
      invalid (error, _ ("it is cut off or empty"));
      return NULL;
    }
  memcpy (&header_bytes, file, LENGTH_BYTES);
  header_bytes = GUINT64_FROM_LE (header_bytes);
  if (header_bytes > MAXIMUM_HEADER_BYTES || header_bytes > size_bytes - LENGTH_BYTES)
    {
      invalid (error, _ ("it is cut off, or no safetensors file"));
      return NULL;
    }
  root = wen_json_parse ((const char *) file + LENGTH_BYTES, (gsize) header_bytes, NULL);
  if (wen_json_get_object (root) == NULL)
    {
      g_clear_pointer (&root, json_node_unref);
      invalid (error, _ ("its header cannot be read"));
      return NULL;
    }
  *data = file + LENGTH_BYTES + header_bytes;
  *data_bytes = size_bytes - LENGTH_BYTES - (gsize) header_bytes;
  return root;
}

/* How many numbers a tensor of one dimension has; 0 where there is no such tensor
 * that would fit the file. */
gsize
wen_safetensors_get_length (GBytes     *bytes,
                            const char *name)
{
  const guint8 *data;
  gsize data_bytes;
  g_autoptr (JsonNode) root = read_header (bytes, &data, &data_bytes, NULL);
  JsonObject *object = root != NULL ? wen_json_get_object_member (wen_json_get_object (root), name) : NULL;
  JsonArray *shape = object != NULL ? wen_json_get_array_member (object, "shape") : NULL;
  gsize length;

  if (shape == NULL || json_array_get_length (shape) != 1 || !get_size (shape, 0, &length)
      || length > data_bytes / sizeof (float))
    return 0;
  return length;
}

/* Fills the values of tensors whose names and shapes are given.  Sets
 * WEN_CLASSIFIER_ERROR_INVALID where the file does not hold exactly these; then
 * the values are not to be used. */
gboolean
wen_safetensors_read (GBytes          *bytes,
                      const WenTensor *tensors,
                      gsize            n_tensors,
                      GError         **error)
{
  const guint8 *data;
  gsize data_bytes;
  g_autoptr (JsonNode) root = read_header (bytes, &data, &data_bytes, error);
  g_autofree Place *places = g_new0 (Place, n_tensors);
  JsonObject *header = wen_json_get_object (root);

  if (root == NULL)
    return FALSE;
  for (gsize i = 0; i < n_tensors; i++)
    if (!find_place (header, &tensors[i], data_bytes, &places[i], error))
      return FALSE;
  if (json_object_get_size (header) != n_tensors + (json_object_has_member (header, "__metadata__") ? 1 : 0))
    {
      invalid (error, _ ("it holds tensors that this model does not have"));
      return FALSE;
    }
  if (!places_fill_file (places, n_tensors, data_bytes))
    {
      invalid (error, _ ("its tensors overlap, or leave gaps"));
      return FALSE;
    }
  for (gsize i = 0; i < n_tensors; i++)
    if (!read_values (&tensors[i], data + places[i].begin, error))
      return FALSE;
  return TRUE;
}
