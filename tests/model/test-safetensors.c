/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The safetensors format: a file written by hand, and everything that can be wrong
 * with one. */

#include "config.h"

#include "wen-classifier.h"
#include "wen-random-private.h"
#include "wen-safetensors-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  float     weight[6];
  float     bias[2];
  WenTensor tensors[2];
} Model;

static void
model_init (Model *model,
            float  first)
{
  *model = (Model) {
    .tensors = {
      { .name = "weight", .shape = { 2, 3 }, .n_dimensions = 2, .n_values = 6 },
      { .name = "bias", .shape = { 2 }, .n_dimensions = 1, .n_values = 2 },
    },
  };
  model->tensors[0].values = model->weight;
  model->tensors[1].values = model->bias;
  for (gsize i = 0; i < 6; i++)
    model->weight[i] = first + (float) i;
  model->bias[0] = -first;
  model->bias[1] = 0.5f;
}

/* A file of a header and the numbers 0, 1, 2 … as its data. */
static GBytes *
build_file (const char *header,
            gsize       n_values)
{
  GByteArray *file = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) strlen (header));

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, strlen (header));
  for (gsize i = 0; i < n_values; i++)
    {
      union
      {
        float   number;
        guint32 word;
      } value = { .number = (float) i };

      value.word = GUINT32_TO_LE (value.word);
      g_byte_array_append (file, (const guint8 *) &value.word, sizeof value.word);
    }
  return g_byte_array_free_to_bytes (file);
}

static void
test_read_written_by_hand (void)
{
  /* Out of order, with metadata, and without the padding of our own writer. */
  g_autoptr (GBytes) file = build_file ("{\"__metadata__\":{\"made\":\"by hand\"},"
                                        "\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                                        "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]}}",
                                        8);
  g_autoptr (GError) error = NULL;
  Model model;

  model_init (&model, 99);
  g_assert_true (wen_safetensors_read (file, model.tensors, 2, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (model.bias[0], ==, 0);
  g_assert_cmpfloat (model.bias[1], ==, 1);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpfloat (model.weight[i], ==, (float) (2 + i));
}

/* Byte for byte what the format asks for. */
static void
test_write (void)
{
  const char *header = "{\"__metadata__\":{\"format\":\"pt\"},"
                       "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                       "\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}}";
  gsize padded = (strlen (header) + 7) / 8 * 8;
  const guint8 one[] = { 0x00, 0x00, 0x80, 0x3f };
  const guint8 half[] = { 0x00, 0x00, 0x00, 0x3f };
  g_autoptr (GBytes) file = NULL;
  const guint8 *bytes;
  gsize size_bytes;
  Model model;

  model_init (&model, 1);
  file = wen_safetensors_write (model.tensors, 2);
  bytes = g_bytes_get_data (file, &size_bytes);
  g_assert_cmpuint (size_bytes, ==, 8 + padded + 32);
  g_assert_cmpuint (bytes[0], ==, padded & 255);
  g_assert_cmpuint (bytes[1], ==, padded >> 8);
  for (gsize i = 2; i < 8; i++)
    g_assert_cmpuint (bytes[i], ==, 0);
  g_assert_cmpmem (bytes + 8, strlen (header), header, strlen (header));
  for (gsize i = strlen (header); i < padded; i++)
    g_assert_cmpuint (bytes[8 + i], ==, ' ');
  g_assert_cmpmem (bytes + 8 + padded, 4, one, 4);
  g_assert_cmpmem (bytes + 8 + padded + 28, 4, half, 4);
}

typedef struct
{
  const char *header;
  gsize       n_values;
  const char *named;
} BadFile;

#define WEIGHT "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}"
#define BIAS "\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}"

static void
test_bad_headers (void)
{
  const BadFile bad[] = {
    { "", 8, "header" },
    { "{", 8, "header" },
    { "[]", 8, "header" },
    { "{}", 8, "weight" },
    { "{" WEIGHT "}", 8, "bias" },
    { "{" WEIGHT "," BIAS ",\"more\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[32,32]}}", 8, "does not have" },
    { "{" WEIGHT ",\"bias\":[]}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":null}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[24,32]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[24,32]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[24,32]}}", 8, "shape" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[24,32]}}", 8, "shape" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[24,32]}}", 8, "shape" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[24,32]}}", 8, "shape" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[24,32]}}", 8, "shape" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807],\"data_offsets\":[24,32]}}", 8, "shape" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,24]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,28]}}", 8, "bias" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9223372036854775799,9223372036854775807]}}", 8, "bias" },
    /* overlap, gap, and a tail that belongs to nothing */
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}", 8, "overlap" },
    { "{" WEIGHT ",\"bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[28,36]}}", 9, "gaps" },
    { "{" WEIGHT "," BIAS "}", 9, "gaps" },
    { "{" WEIGHT "," BIAS "}", 7, "cut off" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) file = build_file (bad[i].header, bad[i].n_values);
      g_autoptr (GError) error = NULL;
      Model model;

      model_init (&model, 99);
      g_assert_false (wen_safetensors_read (file, model.tensors, 2, &error));
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
      if (strstr (error->message, bad[i].named) == NULL)
        g_error ("%s: “%s” does not say “%s”", bad[i].header, error->message, bad[i].named);
      /* Checked before the first number was used. */
      g_assert_cmpfloat (model.weight[0], ==, 99);
    }
}

static void
test_header_length (void)
{
  const guint64 lengths[] = { 1000, G_MAXINT64, G_MAXUINT64, G_MAXUINT64 - 7, 5 * 1024 * 1024 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint64 length = GUINT64_TO_LE (lengths[i]);
      g_autofree guint8 *data = g_malloc0 (64);
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GError) error = NULL;
      Model model;

      memcpy (data, &length, 8);
      file = g_bytes_new (data, 64);
      model_init (&model, 1);
      g_assert_false (wen_safetensors_read (file, model.tensors, 2, &error));
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
    }
}

/* Thousands of brackets would take a parser's stack. */
static void
test_deep_header (void)
{
  g_autoptr (GString) header = g_string_new (NULL);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) error = NULL;
  Model model;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (header, '[');
  file = build_file (header->str, 8);
  model_init (&model, 1);
  g_assert_false (wen_safetensors_read (file, model.tensors, 2, &error));
  g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
}

static void
test_not_finite (void)
{
  const float bad[] = { NAN, INFINITY, -INFINITY };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GError) error = NULL;
      Model written;
      Model read;

      model_init (&written, 1);
      model_init (&read, 2);
      written.bias[1] = bad[i];
      file = wen_safetensors_write (written.tensors, 2);
      g_assert_false (wen_safetensors_read (file, read.tensors, 2, &error));
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, "bias"));
    }
}

static void
test_every_truncation (void)
{
  g_autoptr (GBytes) file = NULL;
  Model written;

  model_init (&written, 1);
  file = wen_safetensors_write (written.tensors, 2);
  for (gsize size = 0; size < g_bytes_get_size (file); size++)
    {
      /* A copy of its own, so that a sanitizer sees a byte read too far. */
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (file, NULL), size);
      g_autoptr (GError) error = NULL;
      Model read;

      model_init (&read, 2);
      g_assert_false (wen_safetensors_read (part, read.tensors, 2, &error));
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
      /* The length may be there before the data are. */
      g_assert_cmpuint (wen_safetensors_get_length (part, "bias"), <=, 2);
    }
  g_assert_cmpuint (wen_safetensors_get_length (file, "bias"), ==, 2);
}

/* Flipped bytes are an error, or other numbers, or (in metadata) nothing at all. */
static void
test_flipped_bytes (void)
{
  g_autoptr (GBytes) file = NULL;
  guint n_refused = 0;
  Model written;

  model_init (&written, 1);
  file = wen_safetensors_write (written.tensors, 2);
  for (guint i = 0; i < 20000; i++)
    {
      gsize size_bytes = g_bytes_get_size (file);
      guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), size_bytes);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;
      guint n_flips = 1 + wen_random_u64 (1, i, 0) % 4;
      Model read;

      for (guint j = 0; j < n_flips; j++)
        copy[wen_random_u64 (2, i, j) % size_bytes] ^= (guint8) (1 + wen_random_u64 (3, i, j) % 255);
      changed = g_bytes_new_take (copy, size_bytes);
      model_init (&read, 2);
      if (wen_safetensors_read (changed, read.tensors, 2, &error))
        {
          g_assert_no_error (error);
          for (gsize k = 0; k < 6; k++)
            g_assert_true (isfinite (read.weight[k]));
        }
      else
        {
          g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
          n_refused++;
        }
    }
  g_assert_cmpuint (n_refused, >, 10000);
}

/* What is flipped in the header alone can only be refused, or mean the same: no name,
 * type, shape or place has another value that is right. */
static void
test_flipped_header (void)
{
  g_autoptr (GBytes) file = NULL;
  guint n_refused = 0;
  Model written;

  model_init (&written, 1);
  file = wen_safetensors_write (written.tensors, 2);
  for (guint i = 0; i < 10000; i++)
    {
      gsize size_bytes = g_bytes_get_size (file);
      guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), size_bytes);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;
      Model read;

      copy[wen_random_u64 (5, i, 0) % (size_bytes - 32)] ^= (guint8) (1 + wen_random_u64 (5, i, 1) % 255);
      changed = g_bytes_new_take (copy, size_bytes);
      model_init (&read, 2);
      if (wen_safetensors_read (changed, read.tensors, 2, &error))
        {
          g_assert_cmpmem (read.weight, sizeof read.weight, written.weight, sizeof written.weight);
          g_assert_cmpmem (read.bias, sizeof read.bias, written.bias, sizeof written.bias);
        }
      else
        {
          g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
          n_refused++;
        }
    }
  g_assert_cmpuint (n_refused, >, 5000);
}

/* Each number comes back with its bits: the smallest, the largest, and minus zero. */
static void
test_round_trip (void)
{
  float numbers[24] = { 0.0f, -0.0f, G_MINFLOAT, -G_MAXFLOAT, G_MAXFLOAT, 1.0f / 3.0f, 1e-45f, -1e-40f };
  float read_numbers[24] = { 0 };
  WenTensor written[] = {
    { .name = "a.b.weight", .shape = { 4, 3 }, .n_dimensions = 2, .values = numbers, .n_values = 12 },
    { .name = "名 \"quoted\" \\", .shape = { 1 }, .n_dimensions = 1, .values = numbers + 12, .n_values = 1 },
    { .name = "last", .shape = { 11, 1 }, .n_dimensions = 2, .values = numbers + 13, .n_values = 11 },
  };
  WenTensor read[G_N_ELEMENTS (written)];
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) moved = NULL;
  g_autofree guint8 *block = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 8; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = (float) wen_random_u64 (9, i, 0) * 1e-10f;
  memcpy (read, written, sizeof read);
  for (gsize i = 0; i < G_N_ELEMENTS (read); i++)
    read[i].values = read_numbers + (written[i].values - numbers);

  file = wen_safetensors_write (written, G_N_ELEMENTS (written));
  g_assert_true (wen_safetensors_read (file, read, G_N_ELEMENTS (read), &error));
  g_assert_no_error (error);
  g_assert_cmpmem (read_numbers, sizeof read_numbers, numbers, sizeof numbers);

  /* Also from an odd address, as a part of a larger block has. */
  memset (read_numbers, 0, sizeof read_numbers);
  block = g_malloc (g_bytes_get_size (file) + 1);
  memcpy (block + 1, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  moved = g_bytes_new_static (block + 1, g_bytes_get_size (file));
  g_assert_true (wen_safetensors_read (moved, read, G_N_ELEMENTS (read), &error));
  g_assert_no_error (error);
  g_assert_cmpmem (read_numbers, sizeof read_numbers, numbers, sizeof numbers);
}

/* Files of other programs: correct, and not the model we need. */
static void
test_files_of_others (void)
{
  const char *names[] = { "tensor-1d-int32.safetensors", "tensor-2d-float64.safetensors",
                          "tensor-3d-float32.safetensors", "tensor-4d-float32.safetensors" };
  const char *shared = g_getenv ("WENLEI_SHARED_DATA");
  g_autofree char *folder = shared != NULL ? g_strdup (shared)
                                           : g_build_filename (g_test_get_dir (G_TEST_DIST), "..", "..", "shared", "data", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, "safetensors", names[i], NULL);
      g_autofree char *contents = NULL;
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GError) error = NULL;
      float values[64];
      WenTensor tensor = { .name = "embedding", .shape = { 2, 3 }, .n_dimensions = 2, .values = values, .n_values = 6 };
      gsize size_bytes;

      if (!g_file_get_contents (path, &contents, &size_bytes, NULL))
        {
          g_test_skip ("The shared data are not there");
          return;
        }
      file = g_bytes_new (contents, size_bytes);
      g_assert_false (wen_safetensors_read (file, &tensor, 1, &error));
      g_assert_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID);
      /* The header is read: what is refused is the tensor. */
      g_assert_nonnull (strstr (error->message, "embedding"));
    }
}

/* Of what is no such file, no tensor has any length. */
static void
test_length_in_nonsense (void)
{
  static const char *const nonsense[] = { "", "x", "\x08\0\0\0\0\0\0\0[1,2,3]x", "\x02\0\0\0\0\0\0\0{}" };
  static const gsize sizes[] = { 0, 1, 16, 10 };

  for (gsize i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (nonsense[i], sizes[i]);

      g_assert_cmpuint (wen_safetensors_get_length (bytes, "ngrams.idf"), ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/model/safetensors/by-hand", test_read_written_by_hand);
  g_test_add_func ("/wen/model/safetensors/write", test_write);
  g_test_add_func ("/wen/model/safetensors/bad-headers", test_bad_headers);
  g_test_add_func ("/wen/model/safetensors/header-length", test_header_length);
  g_test_add_func ("/wen/model/safetensors/deep-header", test_deep_header);
  g_test_add_func ("/wen/model/safetensors/not-finite", test_not_finite);
  g_test_add_func ("/wen/model/safetensors/every-truncation", test_every_truncation);
  g_test_add_func ("/wen/model/safetensors/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/wen/model/safetensors/flipped-header", test_flipped_header);
  g_test_add_func ("/wen/model/safetensors/round-trip", test_round_trip);
  g_test_add_func ("/wen/model/safetensors/files-of-others", test_files_of_others);
  g_test_add_func ("/wen/model/safetensors/length-in-nonsense", test_length_in_nonsense);

  return g_test_run ();
}
