/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A classifier as the contents of the files of its folder: model.safetensors,
 * config.json, vocab.txt (or tokenizer.json) and wenlei.json.  How they get to disk and back stands in
 * wen-classifier-folder.c.
 *
 * DESIGN: wenlei.json holds what only Wenlei knows (recipe, labels, training
 * record); the other three follow the conventions of their field, so that other
 * tools find what they look for.  Files may come from anybody: the weights must
 * fill exactly the model that the recipe describes, and that model is only made
 * when the file is large enough for it.  An ensemble's classifiers stand in
 * wen-committee-files.c. */

#include "config.h"

#include "wen-classifier-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-safetensors-private.h"

#define FORMAT "wenlei-classifier"
#define FORMAT_VERSION 1
/* What config.json calls the arrangement of the weights, for each family. */
#define ARCHITECTURE_SUFFIX "ForSequenceClassification"

#define MAXIMUM_LABELS 100000
/* Of wenlei.json, and the family whose classifiers have it. */
#define ENSEMBLE_MEMBER "ensemble"
#define ENSEMBLE_FAMILY "ensemble"

G_DEFINE_QUARK (wen-classifier-error-quark, wen_classifier_error)

void
wen_classifier_set_invalid (GError    **error,
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

static GBytes *
write_wenlei_json (WenClassifier *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *recipe = wen_recipe_to_json (wen_classifier_get_recipe (self));

  json_builder_begin_object (builder);
  wen_json_add_string (builder, "format", FORMAT);
  wen_json_add_int (builder, "format_version", FORMAT_VERSION);
  wen_json_add_json (builder, "recipe", recipe);
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < wen_classifier_get_n_labels (self); i++)
    json_builder_add_string_value (builder, wen_classifier_get_label (self, i));
  json_builder_end_array (builder);
  if (wen_classifier_get_committee (self) != NULL)
    {
      json_builder_set_member_name (builder, ENSEMBLE_MEMBER);
      wen_committee_write_json (wen_classifier_get_committee (self), builder);
    }
  wen_json_add_json (builder, "training", wen_classifier_get_training_record (self));
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

static void
add_model_config (JsonBuilder     *builder,
                  const WenRecipe *recipe,
                  guint            n_vocabulary)
{
  ConfigNumber numbers[N_CONFIG_NUMBERS];

  list_config_numbers (recipe, n_vocabulary, numbers);
  for (gsize i = 0; i < N_CONFIG_NUMBERS; i++)
    wen_json_add_int (builder, numbers[i].name, numbers[i].value);
  wen_json_add_string (builder, "hidden_act", "gelu");
  wen_json_add_double (builder, "hidden_dropout_prob", recipe->dropout);
  wen_json_add_boolean (builder, "norm_first", recipe->norm_first);
  wen_json_add_string (builder, "pooling", recipe->pooling == WEN_POOLING_FIRST ? "first" : "mean");
}

static GBytes *
write_config_json (WenClassifier *self)
{
  const WenRecipe *recipe = wen_classifier_get_recipe (self);
  WenModel *model = wen_classifier_get_model (self);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *architecture = g_strconcat ("wenlei-", recipe->family, ARCHITECTURE_SUFFIX, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "architectures");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, architecture);
  json_builder_end_array (builder);
  wen_json_add_string (builder, "model_type", recipe->family);
  if (model != NULL)
    add_model_config (builder, recipe, wen_model_get_n_vocabulary (model));
  json_builder_set_member_name (builder, "id2label");
  json_builder_begin_object (builder);
  for (guint i = 0; i < wen_classifier_get_n_labels (self); i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      wen_json_add_string (builder, number, wen_classifier_get_label (self, i));
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
  g_hash_table_insert (files, g_strdup (WEN_CLASSIFIER_WENLEI_FILE), write_wenlei_json (self));
  g_hash_table_insert (files, g_strdup (WEN_CLASSIFIER_CONFIG_FILE), write_config_json (self));
  if (wen_classifier_get_committee (self) != NULL)
    {
      wen_committee_add_files (wen_classifier_get_committee (self), files);
      return files;
    }
  parameters = wen_model_list_parameters (wen_classifier_get_model (self), &n_parameters);
  g_hash_table_insert (files, g_strdup (wen_tokenizer_get_file_name (wen_classifier_get_tokenizer (self))),
                       wen_tokenizer_to_bytes (wen_classifier_get_tokenizer (self)));
  g_hash_table_insert (files, g_strdup (WEN_CLASSIFIER_WEIGHTS_FILE), wen_safetensors_write (parameters, n_parameters));
  return files;
}

static GBytes *
find_file (GHashTable *files,
           const char *name,
           GError    **error)
{
  GBytes *bytes = g_hash_table_lookup (files, name);

  if (bytes == NULL)
    wen_classifier_set_invalid (error, name, _ ("the file is missing"));
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
      wen_classifier_set_invalid (error, name,
                   json_error != NULL ? json_error->message : _ ("it is not a JSON object"));
      return NULL;
    }
  return g_steal_pointer (&node);
}

/* Whether the contents of a wenlei.json say that they are one. */
gboolean
wen_classifier_is_ours (const char *json,
                        gsize       length_bytes)
{
  g_autoptr (JsonNode) node = wen_json_parse (json, length_bytes, NULL);
  JsonObject *object = wen_json_get_object (node);

  return object != NULL && g_strcmp0 (wen_json_get_string_member (object, "format"), FORMAT) == 0;
}

static gboolean
check_format (JsonObject *object,
              GError    **error)
{
  gint64 version;

  if (g_strcmp0 (wen_json_get_string_member (object, "format"), FORMAT) != 0
      || !wen_json_get_int_member (object, "format_version", &version) || version < 1)
    {
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE, _ ("it does not say that this is a classifier of Wenlei"));
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

/* A classifier from before there was this setting has none, whatever its preset has now. */
static gboolean
has_ngram_embeddings (JsonObject *object)
{
  JsonObject *recipe = wen_json_get_object_member (object, "recipe");
  JsonObject *model = recipe != NULL ? wen_json_get_object_member (recipe, "model") : NULL;

  return model != NULL && json_object_has_member (model, "ngram_embeddings");
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
    wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE, recipe_error->message);
  else if (!has_ngram_embeddings (object))
    recipe->ngram_embeddings = 0;
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
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE, _ ("it does not name two or more labels"));
      return NULL;
    }
  for (guint i = 0; i < n_labels; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      char *label;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        {
          wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE, _ ("one of its labels is no text"));
          return NULL;
        }
      label = json_node_dup_string (node);
      g_ptr_array_add (labels, label);
      if (!g_hash_table_add (seen, label))
        {
          wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE, _ ("it names a label twice"));
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
  g_autoptr (WenTokenizer) unread = wen_tokenizer_new (recipe->tokenizer, error);
  g_autoptr (GError) read_error = NULL;
  WenTokenizer *tokenizer;
  const char *name;
  GBytes *bytes;

  if (unread == NULL)
    return NULL;
  name = wen_tokenizer_get_file_name (unread);
  bytes = find_file (files, name, error);
  if (bytes == NULL)
    return NULL;
  tokenizer = wen_tokenizer_new_from_bytes (recipe->tokenizer, bytes, &read_error);
  if (tokenizer == NULL)
    wen_classifier_set_invalid (error, name, read_error->message);
  else
    wen_tokenizer_set_dictionary (tokenizer, (const char *const *) recipe->dictionary);
  return tokenizer;
}

static gboolean
refuse_config (const char *name,
               GError    **error)
{
  g_autofree char *what = g_strdup_printf (_ ("%s does not agree with the other files"), name);

  wen_classifier_set_invalid (error, WEN_CLASSIFIER_CONFIG_FILE, what);
  return FALSE;
}

static gboolean
check_model_config (JsonObject      *config,
                    const WenRecipe *recipe,
                    guint            n_vocabulary,
                    GError         **error)
{
  ConfigNumber numbers[N_CONFIG_NUMBERS];
  gboolean norm_first;

  list_config_numbers (recipe, n_vocabulary, numbers);
  for (gsize i = 0; i < N_CONFIG_NUMBERS; i++)
    {
      gint64 value;

      if (!wen_json_get_int_member (config, numbers[i].name, &value) || value != numbers[i].value)
        return refuse_config (numbers[i].name, error);
    }
  if (!wen_json_get_boolean_member (config, "norm_first", &norm_first) || norm_first != recipe->norm_first)
    return refuse_config ("norm_first", error);
  return TRUE;
}

/* config.json repeats what other files say, for other tools.  Where it says
 * something else, one of the files belongs to another classifier.  n_vocabulary: 0 for an
 * ensemble, which has none of its own. */
static gboolean
check_config (GHashTable      *files,
              const WenRecipe *recipe,
              guint            n_vocabulary,
              GPtrArray       *labels,
              GError         **error)
{
  g_autoptr (JsonNode) node = parse_file (files, WEN_CLASSIFIER_CONFIG_FILE, error);
  JsonObject *config;
  JsonObject *names;

  if (node == NULL)
    return FALSE;
  config = json_node_get_object (node);

  if (g_strcmp0 (wen_json_get_string_member (config, "model_type"), recipe->family) != 0)
    return refuse_config ("model_type", error);
  if (n_vocabulary > 0 && !check_model_config (config, recipe, n_vocabulary, error))
    return FALSE;

  names = wen_json_get_object_member (config, "id2label");
  if (names == NULL || json_object_get_size (names) != labels->len)
    return refuse_config ("id2label", error);
  for (guint i = 0; i < labels->len; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      if (g_strcmp0 (wen_json_get_string_member (names, number), g_ptr_array_index (labels, i)) != 0)
        return refuse_config ("id2label", error);
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
  GBytes *bytes = find_file (files, WEN_CLASSIFIER_WEIGHTS_FILE, error);
  g_autoptr (GError) tensor_error = NULL;
  g_autoptr (WenModel) model = NULL;
  const WenTensor *parameters;
  gsize n_parameters;

  if (bytes == NULL)
    return NULL;
  if (g_bytes_get_size (bytes) / sizeof (float) < wen_model_forecast_values (recipe, n_vocabulary, n_labels))
    {
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WEIGHTS_FILE,
                   _ ("it is too small for the model that the recipe describes: it may be cut off"));
      return NULL;
    }
  model = wen_model_new (recipe, n_vocabulary, n_labels);
  wen_model_fit_file (model, bytes);
  parameters = wen_model_list_parameters (model, &n_parameters);
  if (!wen_safetensors_read (bytes, parameters, n_parameters, &tensor_error))
    {
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WEIGHTS_FILE, tensor_error->message);
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

static WenClassifier *
read_ensemble (JsonObject      *object,
               GHashTable      *files,
               const WenRecipe *recipe,
               GPtrArray       *labels,
               GError         **error)
{
  g_autofree char *record = read_training_record (object);
  WenCommittee *committee;

  if (!check_config (files, recipe, 0, labels, error))
    return NULL;
  committee = wen_committee_new_from_files (wen_json_get_object_member (object, ENSEMBLE_MEMBER), files, labels, error);
  if (committee == NULL)
    return NULL;
  return wen_classifier_new_committee (recipe, labels, committee, record);
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
  g_autoptr (GError) cleaner_error = NULL;
  g_autofree char *record = NULL;
  guint n_vocabulary;

  g_return_val_if_fail (files != NULL, NULL);

  node = parse_file (files, WEN_CLASSIFIER_WENLEI_FILE, error);
  if (node == NULL || !check_format (json_node_get_object (node), error))
    return NULL;
  recipe = read_recipe (json_node_get_object (node), error);
  if (recipe == NULL)
    return NULL;
  labels = read_labels (json_node_get_object (node), error);
  if (labels == NULL)
    return NULL;
  if (g_str_equal (recipe->family, ENSEMBLE_FAMILY))
    return read_ensemble (json_node_get_object (node), files, recipe, labels, error);
  cleaner = wen_cleaner_new ((const char *const *) recipe->cleaning, &cleaner_error);
  if (cleaner == NULL)
    {
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE, cleaner_error->message);
      return NULL;
    }
  tokenizer = read_tokenizer (files, recipe, error);
  if (tokenizer == NULL)
    return NULL;
  n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (tokenizer));
  if (!check_config (files, recipe, n_vocabulary, labels, error))
    return NULL;
  model = read_model (files, recipe, n_vocabulary, labels->len, error);
  if (model == NULL)
    return NULL;

  record = read_training_record (json_node_get_object (node));
  return wen_classifier_new (cleaner, tokenizer, labels, model, record);
}
