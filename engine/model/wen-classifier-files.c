/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A classifier as files: the folder of model.safetensors, config.json, vocab.txt
 * and wenlei.json.
 *
 * DESIGN: wenlei.json holds what only Wenlei knows (recipe, labels, training
 * record); the other three follow the conventions of their field, so that other
 * tools find what they look for.  Files may come from anybody: sizes are limited
 * before they are read, the weights must fill exactly the model that the recipe
 * describes, and that model is only made when the file is large enough for it.
 * Saving writes a new folder beside the old one and then puts it in its place,
 * so a folder is whole or not there. */

#include "config.h"

#include "wen-classifier-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-safetensors-private.h"

#define WEIGHTS_FILE "model.safetensors"
#define CONFIG_FILE "config.json"
#define VOCABULARY_FILE "vocab.txt"
#define WENLEI_FILE "wenlei.json"

#define FORMAT "wenlei-classifier"
#define FORMAT_VERSION 1

#define MAXIMUM_LABELS 100000
#define MAXIMUM_TEXT_FILE_BYTES (64 * 1024 * 1024)
#define MAXIMUM_WEIGHTS_FILE_BYTES (G_GINT64_CONSTANT (16) * 1024 * 1024 * 1024)

typedef struct
{
  const char *name;
  gint64      maximum_bytes;
} FileKind;

/* In the order in which they are checked. */
static const FileKind file_kinds[] = {
  { WENLEI_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { CONFIG_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { VOCABULARY_FILE, MAXIMUM_TEXT_FILE_BYTES },
  { WEIGHTS_FILE, MAXIMUM_WEIGHTS_FILE_BYTES },
};

G_DEFINE_QUARK (wen-classifier-error-quark, wen_classifier_error)

static void
set_invalid (GError    **error,
             const char *file_name,
             const char *what)
{
  /* Translators: a file of a classifier's folder, and what is wrong with it. */
  g_set_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID, _ ("%s: %s"), file_name, what);
}

static GBytes *
json_to_bytes (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  char *text = json_to_string (root, TRUE);

  return g_bytes_new_take (text, strlen (text));
}

/* JSON that is known to be good, as a value of the object that is being built. */
static void
add_json_member (JsonBuilder *builder,
                 const char  *name,
                 const char  *json)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, json_from_string (json, NULL));
}

static GBytes *
write_wenlei_json (WenClassifier *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *recipe = wen_recipe_to_json (wen_classifier_get_recipe (self));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "format");
  json_builder_add_string_value (builder, FORMAT);
  json_builder_set_member_name (builder, "format_version");
  json_builder_add_int_value (builder, FORMAT_VERSION);
  add_json_member (builder, "recipe", recipe);
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < wen_classifier_get_n_labels (self); i++)
    json_builder_add_string_value (builder, wen_classifier_get_label (self, i));
  json_builder_end_array (builder);
  add_json_member (builder, "training", wen_classifier_get_training_record (self));
  json_builder_end_object (builder);
  return json_to_bytes (builder);
}

typedef struct
{
  const char *name;
  guint       value;
} ConfigNumber;

#define N_CONFIG_NUMBERS 6

/* The numbers that config.json repeats from the recipe, by the names other tools use. */
static void
list_config_numbers (const WenRecipe *recipe,
                     guint            n_vocabulary,
                     ConfigNumber     numbers[N_CONFIG_NUMBERS])
{
  numbers[0] = (ConfigNumber) { "vocab_size", n_vocabulary };
  numbers[1] = (ConfigNumber) { "max_position_embeddings", recipe->maximum_length };
  numbers[2] = (ConfigNumber) { "hidden_size", recipe->hidden_size };
  numbers[3] = (ConfigNumber) { "num_hidden_layers", recipe->n_layers };
  numbers[4] = (ConfigNumber) { "num_attention_heads", recipe->n_heads };
  numbers[5] = (ConfigNumber) { "intermediate_size", recipe->feed_forward_size };
}

static GBytes *
write_config_json (WenClassifier *self)
{
  const WenRecipe *recipe = wen_classifier_get_recipe (self);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  ConfigNumber numbers[N_CONFIG_NUMBERS];

  list_config_numbers (recipe, wen_model_get_n_vocabulary (wen_classifier_get_model (self)), numbers);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "model_type");
  json_builder_add_string_value (builder, recipe->family);
  for (gsize i = 0; i < N_CONFIG_NUMBERS; i++)
    {
      json_builder_set_member_name (builder, numbers[i].name);
      json_builder_add_int_value (builder, numbers[i].value);
    }
  json_builder_set_member_name (builder, "hidden_act");
  json_builder_add_string_value (builder, "gelu");
  json_builder_set_member_name (builder, "hidden_dropout_prob");
  json_builder_add_double_value (builder, recipe->dropout);
  json_builder_set_member_name (builder, "norm_first");
  json_builder_add_boolean_value (builder, recipe->norm_first);
  json_builder_set_member_name (builder, "id2label");
  json_builder_begin_object (builder);
  for (guint i = 0; i < wen_classifier_get_n_labels (self); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      json_builder_set_member_name (builder, number);
      json_builder_add_string_value (builder, wen_classifier_get_label (self, i));
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return json_to_bytes (builder);
}

/**
 * wen_classifier_to_files:
 * @self: a classifier
 *
 * Writes a classifier as the contents of the files of its folder.
 *
 * Returns: (transfer full) (element-type utf8 GLib.Bytes): file names and what
 *   the files hold
 */
GHashTable *
wen_classifier_to_files (WenClassifier *self)
{
  GHashTable *files;
  gsize n_parameters;
  const WenTensor *parameters;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), NULL);

  files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  parameters = wen_model_list_parameters (wen_classifier_get_model (self), &n_parameters);
  g_hash_table_insert (files, g_strdup (WENLEI_FILE), write_wenlei_json (self));
  g_hash_table_insert (files, g_strdup (CONFIG_FILE), write_config_json (self));
  g_hash_table_insert (files, g_strdup (VOCABULARY_FILE),
                       wen_vocabulary_to_bytes (
                         wen_tokenizer_get_vocabulary (wen_classifier_get_tokenizer (self))));
  g_hash_table_insert (files, g_strdup (WEIGHTS_FILE), wen_safetensors_write (parameters, n_parameters));
  return files;
}

static GBytes *
find_file (GHashTable *files,
           const char *name,
           GError    **error)
{
  GBytes *bytes = g_hash_table_lookup (files, name);

  if (bytes == NULL)
    set_invalid (error, name, _ ("the file is missing"));
  return bytes;
}

static JsonNode *
parse_file (GHashTable *files,
            const char *name,
            GError    **error)
{
  GBytes *bytes = find_file (files, name, error);
  g_autoptr (GError) json_error = NULL;
  g_autoptr (JsonNode) node = NULL;
  const char *text;
  gsize size_bytes;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size_bytes);
  node = wen_json_parse (text != NULL ? text : "", size_bytes, &json_error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      set_invalid (error, name,
                   json_error != NULL ? json_error->message : _ ("it is not a JSON object"));
      return NULL;
    }
  return g_steal_pointer (&node);
}

static gboolean
check_format (JsonObject *object,
              GError    **error)
{
  gint64 version;

  if (g_strcmp0 (wen_json_get_string_member (object, "format"), FORMAT) != 0
      || !wen_json_get_int_member (object, "format_version", &version) || version < 1)
    {
      set_invalid (error, WENLEI_FILE, _ ("it does not say that this is a classifier of Wenlei"));
      return FALSE;
    }
  if (version > FORMAT_VERSION)
    {
      g_set_error_literal (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_TOO_NEW,
                           _ ("This classifier was made with a newer version of Wenlei: update "
                              "Wenlei to use it."));
      return FALSE;
    }
  return TRUE;
}

static WenRecipe *
read_recipe (JsonObject *object,
             GError    **error)
{
  JsonNode *node = json_object_get_member (object, "recipe");
  g_autofree char *json = node != NULL ? json_to_string (node, FALSE) : g_strdup ("");
  g_autoptr (GError) recipe_error = NULL;
  WenRecipe *recipe = wen_recipe_new_from_json (json, &recipe_error);

  if (recipe == NULL)
    set_invalid (error, WENLEI_FILE, recipe_error->message);
  return recipe;
}

static GPtrArray *
read_labels (JsonObject *object,
             GError    **error)
{
  JsonArray *array = wen_json_get_array_member (object, "labels");
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_labels = array != NULL ? json_array_get_length (array) : 0;

  if (n_labels < 2 || n_labels > MAXIMUM_LABELS)
    {
      set_invalid (error, WENLEI_FILE, _ ("it does not name two or more labels"));
      return NULL;
    }
  for (guint i = 0; i < n_labels; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      char *label;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        {
          set_invalid (error, WENLEI_FILE, _ ("one of its labels is no text"));
          return NULL;
        }
      label = json_node_dup_string (node);
      g_ptr_array_add (labels, label);
      if (!g_hash_table_add (seen, label))
        {
          set_invalid (error, WENLEI_FILE, _ ("it names a label twice"));
          return NULL;
        }
    }
  return g_steal_pointer (&labels);
}

static WenTokenizer *
read_tokenizer (GHashTable      *files,
                const WenRecipe *recipe,
                GError         **error)
{
  GBytes *bytes = find_file (files, VOCABULARY_FILE, error);
  g_autoptr (GError) vocabulary_error = NULL;
  g_autoptr (WenVocabulary) vocabulary = NULL;

  if (bytes == NULL)
    return NULL;
  vocabulary = wen_vocabulary_new_from_bytes (bytes, &vocabulary_error);
  if (vocabulary == NULL)
    {
      set_invalid (error, VOCABULARY_FILE, vocabulary_error->message);
      return NULL;
    }
  return wen_tokenizer_new_for_vocabulary (recipe->tokenizer, vocabulary, error);
}

static gboolean
check_config (GHashTable      *files,
              const WenRecipe *recipe,
              guint            n_vocabulary,
              GError         **error)
{
  g_autoptr (JsonNode) node = parse_file (files, CONFIG_FILE, error);
  ConfigNumber numbers[N_CONFIG_NUMBERS];

  if (node == NULL)
    return FALSE;
  list_config_numbers (recipe, n_vocabulary, numbers);
  for (gsize i = 0; i < N_CONFIG_NUMBERS; i++)
    {
      gint64 value;

      if (!wen_json_get_int_member (json_node_get_object (node), numbers[i].name, &value)
          || value != numbers[i].value)
        {
          g_autofree char *what = g_strdup_printf (_ ("%s does not agree with the other files"),
                                                   numbers[i].name);

          set_invalid (error, CONFIG_FILE, what);
          return FALSE;
        }
    }
  return TRUE;
}

static WenModel *
read_model (GHashTable      *files,
            const WenRecipe *recipe,
            guint            n_vocabulary,
            guint            n_labels,
            GError         **error)
{
  GBytes *bytes = find_file (files, WEIGHTS_FILE, error);
  g_autoptr (GError) tensor_error = NULL;
  g_autoptr (WenModel) model = NULL;
  const WenTensor *parameters;
  gsize n_parameters;

  if (bytes == NULL)
    return NULL;
  if (g_bytes_get_size (bytes) / sizeof (float) < wen_model_forecast_values (recipe, n_vocabulary, n_labels))
    {
      set_invalid (error, WEIGHTS_FILE,
                   _ ("it is too small for the model that the recipe describes: it may be cut off"));
      return NULL;
    }
  model = wen_model_new (recipe, n_vocabulary, n_labels);
  parameters = wen_model_list_parameters (model, &n_parameters);
  if (!wen_safetensors_read (bytes, parameters, n_parameters, &tensor_error))
    {
      set_invalid (error, WEIGHTS_FILE, tensor_error->message);
      return NULL;
    }
  return g_steal_pointer (&model);
}

static char *
read_training_record (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "training");

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_to_string (node, FALSE) : g_strdup ("{}");
}

/**
 * wen_classifier_new_from_files:
 * @files: (element-type utf8 GLib.Bytes): what wen_classifier_to_files() gives
 * @error: return location for an error
 *
 * Makes a classifier from the contents of its files.
 *
 * Everything is checked before the first number is used.  Sets
 * `WEN_CLASSIFIER_ERROR_INVALID`, naming the file, or
 * `WEN_CLASSIFIER_ERROR_TOO_NEW`.
 *
 * Returns: (transfer full) (nullable): the classifier, or `NULL` with @error set
 */
WenClassifier *
wen_classifier_new_from_files (GHashTable *files,
                               GError    **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (WenRecipe) recipe = NULL;
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (WenCleaner) cleaner = NULL;
  g_autoptr (WenTokenizer) tokenizer = NULL;
  g_autoptr (WenModel) model = NULL;
  g_autofree char *record = NULL;
  guint n_vocabulary;

  g_return_val_if_fail (files != NULL, NULL);

  node = parse_file (files, WENLEI_FILE, error);
  if (node == NULL || !check_format (json_node_get_object (node), error))
    return NULL;
  recipe = read_recipe (json_node_get_object (node), error);
  if (recipe == NULL)
    return NULL;
  labels = read_labels (json_node_get_object (node), error);
  if (labels == NULL)
    return NULL;
  cleaner = wen_cleaner_new ((const char *const *) recipe->cleaning, error);
  if (cleaner == NULL)
    {
      g_prefix_error (error, "%s: ", WENLEI_FILE);
      return NULL;
    }
  tokenizer = read_tokenizer (files, recipe, error);
  if (tokenizer == NULL)
    return NULL;
  n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (tokenizer));
  if (!check_config (files, recipe, n_vocabulary, error))
    return NULL;
  model = read_model (files, recipe, n_vocabulary, labels->len, error);
  if (model == NULL)
    return NULL;

  record = read_training_record (json_node_get_object (node));
  return wen_classifier_new (cleaner, tokenizer, labels, model, record);
}

static GBytes *
load_file (GFile           *folder,
           const FileKind  *kind,
           GCancellable    *cancellable,
           GError         **error)
{
  g_autoptr (GFile) file = g_file_get_child (folder, kind->name);
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                            G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR
      || g_file_info_get_size (info) > kind->maximum_bytes)
    {
      set_invalid (error, kind->name, _ ("it is no file of a size that Wenlei writes"));
      return NULL;
    }
  return g_file_load_bytes (file, cancellable, NULL, error);
}

/**
 * wen_classifier_load:
 * @folder: a folder that wen_classifier_save() wrote
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Reads a classifier from its folder.  Blocks.
 *
 * The folder may come from anywhere: see wen_classifier_new_from_files().
 *
 * Returns: (transfer full) (nullable): the classifier, or `NULL` with @error set
 */
WenClassifier *
wen_classifier_load (GFile        *folder,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *name = NULL;
  WenClassifier *self;

  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  name = g_file_get_parse_name (folder);
  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, cancellable) != G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_INVALID,
                   _ ("“%s” is not a folder: choose the folder of a classifier."), name);
      return NULL;
    }

  files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    {
      g_autoptr (GError) file_error = NULL;
      GBytes *bytes = load_file (folder, &file_kinds[i], cancellable, &file_error);

      if (bytes != NULL)
        {
          g_hash_table_insert (files, g_strdup (file_kinds[i].name), bytes);
        }
      else if (!g_error_matches (file_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&file_error),
                                      _ ("The classifier in “%s” cannot be used: "), name);
          return NULL;
        }
    }
  self = wen_classifier_new_from_files (files, error);
  if (self == NULL)
    g_prefix_error (error, _ ("The classifier in “%s” cannot be used: "), name);
  return self;
}

static gboolean
write_file (const char *path,
            GBytes     *bytes,
            GError    **error)
{
  gsize size_bytes;
  const char *contents = g_bytes_get_data (bytes, &size_bytes);

  return g_file_set_contents_full (path, contents, (gssize) size_bytes, G_FILE_SET_CONTENTS_DURABLE, 0666,
                                   error);
}

static gboolean
write_files (const char   *folder,
             GHashTable   *files,
             GCancellable *cancellable,
             GError      **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    {
      g_autofree char *path = g_build_filename (folder, file_kinds[i].name, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !write_file (path, g_hash_table_lookup (files, file_kinds[i].name), error))
        return FALSE;
    }
  return TRUE;
}

static void
remove_classifier_folder (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
    {
      g_autofree char *path = g_build_filename (folder, file_kinds[i].name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* Whether nothing is lost when a folder is replaced: it is not there, empty, or
 * holds only the files of a classifier. */
static gboolean
may_replace (const char *folder,
             GError    **error)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    return TRUE;
  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      gboolean ours = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (file_kinds); i++)
        ours |= g_str_equal (name, file_kinds[i].name);
      if (!ours)
        {
          g_clear_pointer (&dir, g_dir_close);
          break;
        }
    }
  if (dir == NULL)
    {
      g_set_error (error, WEN_CLASSIFIER_ERROR, WEN_CLASSIFIER_ERROR_EXISTS,
                   _ ("“%s” holds something else than a classifier: choose another folder."), folder);
      return FALSE;
    }
  return TRUE;
}

static gboolean
put_in_place (const char *new_folder,
              const char *folder,
              GError    **error)
{
  g_autofree char *old_folder = g_strconcat (new_folder, ".old", NULL);
  gboolean replaces = g_file_test (folder, G_FILE_TEST_IS_DIR);

  if ((replaces && g_rename (folder, old_folder) != 0) || g_rename (new_folder, folder) != 0)
    {
      int saved_errno = errno;

      if (replaces && !g_file_test (folder, G_FILE_TEST_EXISTS))
        g_rename (old_folder, folder);
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   _ ("The classifier cannot be put in place at “%s”: %s"), folder,
                   g_strerror (saved_errno));
      return FALSE;
    }
  if (replaces)
    remove_classifier_folder (old_folder);
  return TRUE;
}

/**
 * wen_classifier_save:
 * @self: a classifier
 * @folder: a local folder that does not exist, is empty, or holds a classifier
 * @cancellable: (nullable): stops it
 * @error: return location for an error
 *
 * Writes a classifier as a folder.  Blocks.
 *
 * An older classifier is replaced when the new one is whole; a folder with
 * anything else in it is left alone (`WEN_CLASSIFIER_ERROR_EXISTS`).
 *
 * Returns: whether it was written
 */
gboolean
wen_classifier_save (WenClassifier *self,
                     GFile         *folder,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr (GHashTable) files = NULL;
  g_autofree char *path = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *new_folder = NULL;

  g_return_val_if_fail (WEN_IS_CLASSIFIER (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (folder), FALSE);

  path = g_file_get_path (folder);
  if (path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("A classifier can only be saved on this computer: choose a local folder."));
      return FALSE;
    }
  if (!may_replace (path, error))
    return FALSE;

  parent = g_path_get_dirname (path);
  new_folder = g_build_filename (parent, ".wenlei-XXXXXX", NULL);
  if (g_mkdir_with_parents (parent, 0777) != 0 || g_mkdtemp_full (new_folder, 0777) == NULL)
    {
      int saved_errno = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   _ ("The folder “%s” cannot be written: %s"), parent, g_strerror (saved_errno));
      return FALSE;
    }

  files = wen_classifier_to_files (self);
  if (!write_files (new_folder, files, cancellable, error) || !put_in_place (new_folder, path, error))
    {
      remove_classifier_folder (new_folder);
      return FALSE;
    }
  return TRUE;
}
