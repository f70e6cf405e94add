/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A recipe: every choice that makes a classifier.
 *
 * DESIGN: one table describes each setting once: its key, what to call it, how
 * to explain it, what it may be and where in the struct it stands.  JSON, the
 * command line, the window and every message about a wrong value follow from
 * that table, so a new setting is one field and one line. */

#include "config.h"

#include "wen-recipe.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "wen-i18n-private.h"

G_DEFINE_QUARK (wen-recipe-error-quark, wen_recipe_error)

static const char *const tokenizer_choices[] = { "character", NULL };
static const char *const too_long_choices[] = { "cut", "leave-out", NULL };
static const char *const family_choices[] = { "transformer", NULL };
static const char *const pooling_choices[] = { "mean", "first", NULL };
static const char *const optimizer_choices[] = { "adamw", "adam", NULL };
static const char *const decay_choices[] = { "linear", "cosine", "none", NULL };

/* What a field of the struct is in C. */
typedef enum
{
  STORAGE_STRING,
  STORAGE_UINT,
  STORAGE_UINT64,
  STORAGE_DOUBLE,
  STORAGE_BOOLEAN,
  STORAGE_ENUM,
  STORAGE_STRV,
} Storage;

#define WHOLE(key, title, explanation, field, minimum, maximum) \
  { key, title, explanation, WEN_SETTING_WHOLE_NUMBER, minimum, maximum, NULL, \
    G_STRUCT_OFFSET (WenRecipe, field) }
#define NUMBER(key, title, explanation, field, minimum, maximum) \
  { key, title, explanation, WEN_SETTING_NUMBER, minimum, maximum, NULL, \
    G_STRUCT_OFFSET (WenRecipe, field) }
#define CHOICE(key, title, explanation, field, choices) \
  { key, title, explanation, WEN_SETTING_CHOICE, 0, 0, choices, G_STRUCT_OFFSET (WenRecipe, field) }

static const WenSetting settings[] = {
  { "cleaning", N_ ("Cleaning steps"),
    N_ ("What is done to each text before it is cut into tokens, in this order."),
    WEN_SETTING_LIST, 0, 0, NULL, G_STRUCT_OFFSET (WenRecipe, cleaning) },

  CHOICE ("tokens.tokenizer", N_ ("Tokens"),
          N_ ("The pieces into which texts are cut."), tokenizer, tokenizer_choices),
  WHOLE ("tokens.minimum_count", N_ ("Rarest Token"),
         N_ ("A token that occurs less often than this in the training texts counts as unknown. "
             "Too rare to learn from."),
         minimum_count, 1, 1000000),
  WHOLE ("tokens.maximum_vocabulary", N_ ("Largest Vocabulary"),
         N_ ("How many different tokens are kept at most, the commonest first."),
         maximum_vocabulary, 4, 1000000),
  WHOLE ("tokens.maximum_length", N_ ("Longest Text"),
         N_ ("In tokens. Longer texts take more time and memory to learn from."),
         maximum_length, 2, 4096),
  CHOICE ("tokens.too_long", N_ ("Longer Texts"),
          N_ ("Cut keeps the beginning of the text; leave out does not use the row at all."),
          too_long, too_long_choices),

  NUMBER ("split.test_share", N_ ("Share for Testing"),
          N_ ("Part of the rows that is put aside and only used once, at the end, to measure how "
              "good the classifier is."),
          test_share, 0, 0.9),
  NUMBER ("split.validation_share", N_ ("Share for Validation"),
          N_ ("Part of the other rows that is not learned from, but watched during training to "
              "see when it is best to stop."),
          validation_share, 0, 0.9),
  WHOLE ("split.seed", N_ ("Seed"),
         N_ ("Where chance begins. The same number with the same data gives the same result."),
         seed, 0, 9007199254740991.0),

  CHOICE ("model.family", N_ ("Kind of Model"), N_ ("How texts become classes."),
          family, family_choices),
  WHOLE ("model.hidden_size", N_ ("Hidden Size"),
         N_ ("How many numbers describe each token inside the model. More can express more, and "
             "needs more time and rows."),
         hidden_size, 8, 2048),
  WHOLE ("model.layers", N_ ("Layers"),
         N_ ("How many times the tokens look at one another, one after the other."),
         n_layers, 1, 24),
  WHOLE ("model.heads", N_ ("Heads"),
         N_ ("In how many ways at once the tokens look at one another. Must divide the hidden "
             "size."),
         n_heads, 1, 64),
  WHOLE ("model.feed_forward_size", N_ ("Feed-Forward Size"),
         N_ ("Width of the step in each layer that works on every token by itself. Often four "
             "times the hidden size."),
         feed_forward_size, 8, 8192),
  { "model.norm_first", N_ ("Normalize First"),
    N_ ("Evens out the numbers before each step instead of after it. Learns more steadily."),
    WEN_SETTING_YES_NO, 0, 1, NULL, G_STRUCT_OFFSET (WenRecipe, norm_first) },
  CHOICE ("model.pooling", N_ ("Pooling"),
          N_ ("How the tokens of a text become one description of it: their mean, or the first "
              "one, which stands for the whole text."),
          pooling, pooling_choices),
  NUMBER ("model.dropout", N_ ("Dropout"),
          N_ ("Part of the numbers that is left out by chance while learning, so that the model "
              "does not lean on any one of them."),
          dropout, 0, 0.9),

  CHOICE ("training.optimizer", N_ ("Optimizer"),
          N_ ("The rule by which mistakes change the model."), optimizer, optimizer_choices),
  WHOLE ("training.batch_size", N_ ("Batch Size"),
         N_ ("How many texts are looked at before the model changes once."),
         batch_size, 1, 4096),
  WHOLE ("training.epochs", N_ ("Epochs"),
         N_ ("How many times all training texts are gone through, at most."),
         n_epochs, 1, 1000),
  NUMBER ("training.learning_rate", N_ ("Learning Rate"),
          N_ ("How far the model changes at a time. Too high, and it never settles; too low, and "
              "it takes for ever."),
          learning_rate, 1e-7, 1),
  NUMBER ("training.warmup_share", N_ ("Warm-Up"),
          N_ ("Part of the training during which the learning rate rises to its full value."),
          warmup_share, 0, 0.9),
  CHOICE ("training.decay", N_ ("Decay"),
          N_ ("How the learning rate falls after the warm-up."), decay, decay_choices),
  NUMBER ("training.weight_decay", N_ ("Weight Decay"),
          N_ ("Pulls the weights gently towards zero, so that the model stays simple (L2)."),
          weight_decay, 0, 10),
  NUMBER ("training.clip_norm", N_ ("Gradient Limit"),
          N_ ("Longest change that one batch may ask for; 0 sets no limit."),
          clip_norm, 0, 1000),
  NUMBER ("training.label_smoothing", N_ ("Label Smoothing"),
          N_ ("How much doubt is mixed into the labels, so that the model does not become too "
              "sure of itself."),
          label_smoothing, 0, 0.9),
  WHOLE ("training.patience", N_ ("Patience"),
         N_ ("Stops after so many epochs in a row that bring nothing better; 0 never stops "
             "early."),
         patience, 0, 1000),
  WHOLE ("training.threads", N_ ("Threads"),
         N_ ("How many processor cores are used; 0 uses all."),
         n_threads, 0, 256),
};

static const char *const preset_names[] = { "small", "classic", NULL };

/* Left on for every preset: steps that take away noise.  Digits, punctuation,
 * brackets and stop words carry meaning, so taking them away is a choice. */
static const char *const default_cleaning[] = {
  "html", "urls", "width", "lower-case", "white-space", NULL,
};

static Storage
get_storage (const WenSetting *setting)
{
  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
      return setting->offset == G_STRUCT_OFFSET (WenRecipe, seed) ? STORAGE_UINT64 : STORAGE_UINT;
    case WEN_SETTING_NUMBER:
      return STORAGE_DOUBLE;
    case WEN_SETTING_YES_NO:
      return STORAGE_BOOLEAN;
    case WEN_SETTING_CHOICE:
      return setting->offset == G_STRUCT_OFFSET (WenRecipe, tokenizer)
                 || setting->offset == G_STRUCT_OFFSET (WenRecipe, family)
               ? STORAGE_STRING
               : STORAGE_ENUM;
    case WEN_SETTING_LIST:
    default:
      return STORAGE_STRV;
    }
}

#define FIELD(recipe, setting, type) (*G_STRUCT_MEMBER_P_TYPE (recipe, (setting)->offset, type))
#define G_STRUCT_MEMBER_P_TYPE(recipe, offset, type) \
  ((type *) (void *) G_STRUCT_MEMBER_P ((gpointer) (recipe), offset))

static char *
describe_allowed_values (const WenSetting *setting)
{
  g_autofree char *choices = NULL;

  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
      return g_strdup_printf (_ ("a whole number from %.0f to %.0f"), setting->minimum,
                              setting->maximum);
    case WEN_SETTING_NUMBER:
      return g_strdup_printf (_ ("a number from %g to %g"), setting->minimum, setting->maximum);
    case WEN_SETTING_YES_NO:
      return g_strdup (_ ("true or false"));
    case WEN_SETTING_CHOICE:
      choices = g_strjoinv (", ", (char **) setting->choices);
      return g_strdup_printf (_ ("one of: %s"), choices);
    case WEN_SETTING_LIST:
    default:
      return g_strdup (_ ("a list of names with commas between them"));
    }
}

static gboolean
refuse_value (const WenSetting *setting,
              const char       *value,
              GError          **error)
{
  g_autofree char *allowed = describe_allowed_values (setting);

  /* Translators: a setting, the value it was given, and what it takes instead. */
  g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
               _ ("The setting %s cannot be “%s”: it takes %s."), setting->key, value, allowed);
  return FALSE;
}

static int
find_choice (const WenSetting *setting,
             const char       *value)
{
  for (int i = 0; setting->choices[i] != NULL; i++)
    if (g_strcmp0 (setting->choices[i], value) == 0)
      return i;
  return -1;
}

static gboolean
parse_number (const char *value,
              double     *number)
{
  char *end = NULL;

  errno = 0;
  *number = g_ascii_strtod (value, &end);
  return errno == 0 && end != value && *end == '\0' && isfinite (*number);
}

static gboolean
number_is_allowed (const WenSetting *setting,
                   double            number)
{
  return number >= setting->minimum && number <= setting->maximum
         && (setting->kind != WEN_SETTING_WHOLE_NUMBER || floor (number) == number);
}

static gboolean
set_number (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value,
            GError          **error)
{
  Storage storage = get_storage (setting);
  double number;

  if (!parse_number (value, &number) || !number_is_allowed (setting, number))
    return refuse_value (setting, value, error);

  if (storage == STORAGE_UINT64)
    FIELD (self, setting, guint64) = (guint64) number;
  else if (storage == STORAGE_UINT)
    FIELD (self, setting, guint) = (guint) number;
  else
    FIELD (self, setting, double) = number;
  return TRUE;
}

static gboolean
set_yes_no (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value,
            GError          **error)
{
  if (g_str_equal (value, "true"))
    FIELD (self, setting, gboolean) = TRUE;
  else if (g_str_equal (value, "false"))
    FIELD (self, setting, gboolean) = FALSE;
  else
    return refuse_value (setting, value, error);
  return TRUE;
}

static gboolean
set_choice (WenRecipe        *self,
            const WenSetting *setting,
            const char       *value,
            GError          **error)
{
  int choice = find_choice (setting, value);

  if (choice < 0)
    return refuse_value (setting, value, error);

  if (get_storage (setting) == STORAGE_STRING)
    {
      char **field = &FIELD (self, setting, char *);

      g_free (*field);
      *field = g_strdup (value);
    }
  else
    {
      FIELD (self, setting, int) = choice;
    }
  return TRUE;
}

static void
set_list (WenRecipe        *self,
          const WenSetting *setting,
          const char       *value)
{
  char ***field = &FIELD (self, setting, char **);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (names, g_strdup (parts[i]));
  g_ptr_array_add (names, NULL);

  g_strfreev (*field);
  *field = (char **) g_ptr_array_steal (names, NULL);
}

/* Settings that are fine alone may not go together. */
static gboolean
validate_together (const WenRecipe *self,
                   GError         **error)
{
  if (self->hidden_size % self->n_heads != 0)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   _ ("model.heads is %u, which does not divide model.hidden_size, %u: choose "
                      "numbers that divide without a remainder."),
                   self->n_heads, self->hidden_size);
      return FALSE;
    }
  return TRUE;
}

GType
wen_recipe_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("WenRecipe",
                                                            (GBoxedCopyFunc) wen_recipe_copy,
                                                            (GBoxedFreeFunc) wen_recipe_free));
  return type;
}

/**
 * wen_recipe_list_presets:
 *
 * Lists the names that wen_recipe_new_preset() takes, the default one first.
 *
 * Returns: (array zero-terminated=1) (transfer none): names
 */
const char *const *
wen_recipe_list_presets (void)
{
  return preset_names;
}

/**
 * wen_recipe_new_preset:
 * @preset: a name out of wen_recipe_list_presets()
 * @error: return location for an error
 *
 * Makes a recipe with values that do well together.
 *
 * "small" is a Transformer that learns some ten thousand short texts in half a
 * minute; "classic" is the wide one-layer Transformer of many a tutorial.
 *
 * Returns: (transfer full) (nullable): a recipe, or `NULL` with @error set
 */
WenRecipe *
wen_recipe_new_preset (const char *preset,
                       GError    **error)
{
  gboolean classic = g_strcmp0 (preset, "classic") == 0;
  WenRecipe *self;

  if (!g_strv_contains (preset_names, preset != NULL ? preset : ""))
    {
      g_autofree char *names = g_strjoinv (", ", (char **) preset_names);

      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   _ ("There is no preset “%s”: choose one of %s."), preset, names);
      return NULL;
    }

  self = g_new (WenRecipe, 1);
  *self = (WenRecipe) {
    .preset = g_strdup (preset),
    .cleaning = g_strdupv ((char **) default_cleaning),
    .tokenizer = g_strdup ("character"),
    .minimum_count = 2,
    .maximum_vocabulary = 20000,
    .maximum_length = 128,
    .too_long = WEN_TOO_LONG_CUT,
    .test_share = 0.2,
    .validation_share = 0.1,
    .seed = 42,
    .family = g_strdup ("transformer"),
    .hidden_size = classic ? 512 : 128,
    .n_layers = classic ? 1 : 2,
    .n_heads = classic ? 8 : 2,
    .feed_forward_size = classic ? 2048 : 512,
    .norm_first = !classic,
    .pooling = WEN_POOLING_MEAN,
    .dropout = 0.1,
    .optimizer = classic ? WEN_OPTIMIZER_ADAM : WEN_OPTIMIZER_ADAMW,
    .batch_size = 32,
    .n_epochs = classic ? 5 : 6,
    .learning_rate = classic ? 2e-4 : 5e-4,
    .warmup_share = 0.1,
    .decay = WEN_DECAY_LINEAR,
    .weight_decay = classic ? 0 : 0.01,
    .clip_norm = 1,
    .label_smoothing = 0,
    .patience = 3,
    .n_threads = 0,
  };
  return self;
}

/**
 * wen_recipe_copy:
 * @self: a recipe
 *
 * Copies a recipe with all that belongs to it.
 *
 * Returns: (transfer full): the copy
 */
WenRecipe *
wen_recipe_copy (const WenRecipe *self)
{
  WenRecipe *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->preset = g_strdup (self->preset);
  copy->cleaning = g_strdupv (self->cleaning);
  copy->tokenizer = g_strdup (self->tokenizer);
  copy->family = g_strdup (self->family);
  return copy;
}

/**
 * wen_recipe_free:
 * @self: (transfer full): a recipe
 *
 * Frees a recipe with all that belongs to it.
 */
void
wen_recipe_free (WenRecipe *self)
{
  g_free (self->preset);
  g_strfreev (self->cleaning);
  g_free (self->tokenizer);
  g_free (self->family);
  g_free (self);
}

/**
 * wen_recipe_equal:
 * @a: a recipe
 * @b: a recipe
 *
 * Says whether two recipes make the same choices.
 *
 * Where the values once came from, the preset, counts too.
 *
 * Returns: whether all settings are equal
 */
gboolean
wen_recipe_equal (const WenRecipe *a,
                  const WenRecipe *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (g_strcmp0 (a->preset, b->preset) != 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *value_a = wen_recipe_get (a, settings[i].key);
      g_autofree char *value_b = wen_recipe_get (b, settings[i].key);

      if (g_strcmp0 (value_a, value_b) != 0)
        return FALSE;
    }
  return TRUE;
}

/**
 * wen_recipe_list_settings:
 * @n_settings: (out): length of the returned array
 *
 * Describes every setting of a recipe.
 *
 * Titles and explanations are English; dgettext ("wenlei", …) translates them.
 *
 * Returns: (array length=n_settings) (transfer none): the settings, those of one
 *   section side by side
 */
const WenSetting *
wen_recipe_list_settings (gsize *n_settings)
{
  *n_settings = G_N_ELEMENTS (settings);
  return settings;
}

/**
 * wen_recipe_find_setting:
 * @key: such as "training.epochs"
 *
 * Finds the description of one setting.
 *
 * Returns: (transfer none) (nullable): the setting, or `NULL` if there is none
 */
const WenSetting *
wen_recipe_find_setting (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_strcmp0 (settings[i].key, key) == 0)
      return &settings[i];
  return NULL;
}

/**
 * wen_recipe_set:
 * @self: a recipe
 * @key: such as "training.epochs"
 * @value: the value as text; a list has commas between its items
 * @error: return location for an error
 *
 * Sets one setting from text, as the command line gives it.
 *
 * Sets `WEN_RECIPE_ERROR_UNKNOWN_KEY` or `WEN_RECIPE_ERROR_OUT_OF_RANGE`; the
 * recipe is unchanged then.
 *
 * Returns: whether the value was taken
 */
gboolean
wen_recipe_set (WenRecipe  *self,
                const char *key,
                const char *value,
                GError    **error)
{
  const WenSetting *setting = wen_recipe_find_setting (key);

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (setting == NULL)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_UNKNOWN_KEY,
                   _ ("There is no setting “%s”."), key);
      return FALSE;
    }

  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
    case WEN_SETTING_NUMBER:
      return set_number (self, setting, value, error);
    case WEN_SETTING_YES_NO:
      return set_yes_no (self, setting, value, error);
    case WEN_SETTING_CHOICE:
      return set_choice (self, setting, value, error);
    case WEN_SETTING_LIST:
    default:
      set_list (self, setting, value);
      return TRUE;
    }
}

/* The shortest decimal that reads back as the same number. */
static char *
number_to_text (double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 1; digits <= 17; digits++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", digits);

      g_ascii_formatd (text, sizeof text, format, number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  return g_strdup (text);
}

/**
 * wen_recipe_get:
 * @self: a recipe
 * @key: such as "training.epochs"
 *
 * Gives one setting as the text that wen_recipe_set() takes.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` if there is no such
 *   setting
 */
char *
wen_recipe_get (const WenRecipe *self,
                const char      *key)
{
  const WenSetting *setting = wen_recipe_find_setting (key);

  g_return_val_if_fail (self != NULL, NULL);

  if (setting == NULL)
    return NULL;

  switch (get_storage (setting))
    {
    case STORAGE_STRING:
      return g_strdup (FIELD (self, setting, char *));
    case STORAGE_UINT:
      return g_strdup_printf ("%u", FIELD (self, setting, guint));
    case STORAGE_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, FIELD (self, setting, guint64));
    case STORAGE_DOUBLE:
      return number_to_text (FIELD (self, setting, double));
    case STORAGE_BOOLEAN:
      return g_strdup (FIELD (self, setting, gboolean) ? "true" : "false");
    case STORAGE_ENUM:
      return g_strdup (setting->choices[FIELD (self, setting, int)]);
    case STORAGE_STRV:
    default:
      return g_strjoinv (",", FIELD (self, setting, char **));
    }
}

/**
 * wen_recipe_validate:
 * @self: a recipe
 * @error: return location for an error
 *
 * Checks that every value is one that its setting takes, and that they go
 * together.
 *
 * Sets `WEN_RECIPE_ERROR_OUT_OF_RANGE`, naming the setting, the value and what
 * is allowed.
 *
 * Returns: whether a run can start with this recipe
 */
gboolean
wen_recipe_validate (const WenRecipe *self,
                     GError         **error)
{
  g_autoptr (WenRecipe) copy = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  copy = wen_recipe_copy (self);
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *value = wen_recipe_get (self, settings[i].key);

      if (!wen_recipe_set (copy, settings[i].key, value, error))
        return FALSE;
    }
  return validate_together (self, error);
}

static void
add_setting_to_json (JsonBuilder      *builder,
                     const WenRecipe  *self,
                     const WenSetting *setting)
{
  g_autofree char *text = wen_recipe_get (self, setting->key);

  switch (setting->kind)
    {
    case WEN_SETTING_WHOLE_NUMBER:
      json_builder_add_int_value (builder, g_ascii_strtoll (text, NULL, 10));
      break;
    case WEN_SETTING_NUMBER:
      json_builder_add_double_value (builder, g_ascii_strtod (text, NULL));
      break;
    case WEN_SETTING_YES_NO:
      json_builder_add_boolean_value (builder, FIELD (self, setting, gboolean));
      break;
    case WEN_SETTING_LIST:
      {
        char **names = FIELD (self, setting, char **);

        json_builder_begin_array (builder);
        for (gsize i = 0; names[i] != NULL; i++)
          json_builder_add_string_value (builder, names[i]);
        json_builder_end_array (builder);
        break;
      }
    case WEN_SETTING_CHOICE:
    default:
      json_builder_add_string_value (builder, text);
      break;
    }
}

/**
 * wen_recipe_to_json:
 * @self: a recipe
 *
 * Writes a recipe as one JSON object with an object for each section.
 *
 * Returns: (transfer full): JSON
 */
char *
wen_recipe_to_json (const WenRecipe *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *section = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "preset");
  json_builder_add_string_value (builder, self->preset);

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      const char *dot = strchr (settings[i].key, '.');

      if (dot != NULL)
        {
          g_autofree char *name = g_strndup (settings[i].key, dot - settings[i].key);

          if (g_strcmp0 (name, section) != 0)
            {
              if (section != NULL)
                json_builder_end_object (builder);
              json_builder_set_member_name (builder, name);
              json_builder_begin_object (builder);
              g_free (section);
              section = g_steal_pointer (&name);
            }
        }
      json_builder_set_member_name (builder, dot != NULL ? dot + 1 : settings[i].key);
      add_setting_to_json (builder, self, &settings[i]);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

static char *
json_value_to_text (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      g_autoptr (GPtrArray) names = g_ptr_array_new ();

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *item = json_array_get_element (array, i);

          if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
            return NULL;
          g_ptr_array_add (names, (gpointer) json_node_get_string (item));
        }
      g_ptr_array_add (names, NULL);
      return g_strjoinv (",", (char **) names->pdata);
    }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return number_to_text (json_node_get_double (node));
}

static gboolean
set_from_json (WenRecipe  *self,
               const char *key,
               JsonNode   *node,
               GError    **error)
{
  const WenSetting *setting = wen_recipe_find_setting (key);
  g_autofree char *text = json_value_to_text (node);

  if (setting != NULL && (text == NULL || (setting->kind == WEN_SETTING_LIST) != JSON_NODE_HOLDS_ARRAY (node)))
    {
      g_autofree char *json = json_to_string (node, FALSE);

      return refuse_value (setting, json, error);
    }
  return wen_recipe_set (self, key, text != NULL ? text : "", error);
}

static gboolean
set_section_from_json (WenRecipe  *self,
                       const char *section,
                       JsonObject *object,
                       GError    **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *key = g_strconcat (section, ".", name, NULL);

      if (!set_from_json (self, key, node, error))
        return FALSE;
    }
  return TRUE;
}

static JsonObject *
parse_object (JsonParser *parser,
              const char *json,
              GError    **error)
{
  g_autoptr (GError) parse_error = NULL;
  JsonNode *root;

  if (!json_parser_load_from_data (parser, json, -1, &parse_error))
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                   _ ("The recipe is not JSON: %s"), parse_error->message);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_PARSE,
                           _ ("The recipe is not a JSON object."));
      return NULL;
    }
  return json_node_get_object (root);
}

/**
 * wen_recipe_new_from_json:
 * @json: what wen_recipe_to_json() writes; what it leaves out is as in its preset,
 *   or in the default one
 * @error: return location for an error
 *
 * Reads a recipe.
 *
 * Sets `WEN_RECIPE_ERROR_PARSE` for what is no JSON object,
 * `WEN_RECIPE_ERROR_UNKNOWN_KEY` for a setting that does not exist, and
 * `WEN_RECIPE_ERROR_OUT_OF_RANGE`, each naming the key.
 *
 * Returns: (transfer full) (nullable): a recipe that wen_recipe_validate()
 *   approves of, or `NULL` with @error set
 */
WenRecipe *
wen_recipe_new_from_json (const char *json,
                          GError    **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (WenRecipe) self = NULL;
  const char *preset = preset_names[0];
  JsonObject *object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_return_val_if_fail (json != NULL, NULL);

  object = parse_object (parser, json, error);
  if (object == NULL)
    return NULL;

  node = json_object_get_member (object, "preset");
  if (node != NULL)
    preset = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
               ? json_node_get_string (node)
               : "";
  self = wen_recipe_new_preset (preset, error);
  if (self == NULL)
    return NULL;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (g_str_equal (name, "preset"))
        continue;
      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          if (!set_section_from_json (self, name, json_node_get_object (node), error))
            return NULL;
        }
      else if (!set_from_json (self, name, node, error))
        {
          return NULL;
        }
    }
  if (!validate_together (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
