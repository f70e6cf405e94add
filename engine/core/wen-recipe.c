/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A recipe: every choice that makes a classifier.  What the choices are stands in
 * wen-recipe-settings.c. */

#include "config.h"

#include "wen-recipe-private.h"

#include "wen-i18n-private.h"

G_DEFINE_QUARK (wen-recipe-error-quark, wen_recipe_error)

#define MAXIMUM_CHANGES 20

/* What a preset has other than WenRecipe's common values, as settings. */
typedef struct
{
  const char *name;
  const char *sentence;
  const char *changes[MAXIMUM_CHANGES]; /* "key=value" */
} Preset;

static const Preset presets[] = {
  { "auto",
    N_ ("Looks at your rows, tries several kinds, lets those decide that are right most often, and says why. Takes up to "
        "three minutes with some ten thousand rows."),
    { "model.family=ensemble", "tokens.maximum_length=1024", "ensemble.budget=160" } },
  { "linear",
    N_ ("Weighs short runs of tokens. Learns in seconds, and is hard to beat with up to some ten thousand rows."),
    { "model.family=linear", "tokens.maximum_length=1024", "model.longest_ngram=4", "model.cost=0.7",
      "training.epochs=12",
      /* There is one optimum, and each epoch comes nearer to it. */
      "training.patience=0" } },
  { "bayes",
    N_ ("Counts short runs of tokens. Learns at once, and gives a first number to compare others with."),
    { "model.family=bayes", "tokens.maximum_length=1024", "training.epochs=1", "training.patience=0" } },
  { "average",
    N_ ("Describes tokens and short runs of them by numbers, and averages these over a text. Learns in seconds, and is "
        "small and quick to ask."),
    { "model.family=average", "tokens.maximum_length=1024", "model.longest_ngram=4", "model.ngram_embeddings=100000",
      "model.hidden_size=64", "model.dropout=0.2", "training.epochs=6", "training.batch_size=64",
      "training.learning_rate=0.04", "training.weight_decay=0.02" } },
  { "small",
    N_ ("One narrow layer that looks at whole texts, and knows short runs of tokens. Learns in half a minute, and asks "
        "for some thousand rows."),
    { "model.family=transformer", "model.layers=1", "model.ngram_embeddings=20000", "model.dropout=0.3",
      "training.epochs=5", "training.label_smoothing=0.1", "training.weight_averaging=0.995",
      "training.consistency=1" } },
  { "base",
    N_ ("Two layers that look at whole texts, and know short runs of tokens. Takes minutes, and asks for some ten "
        "thousand rows or for longer texts."),
    { "model.family=transformer", "tokens.maximum_length=256", "model.hidden_size=256", "model.heads=4",
      "model.feed_forward_size=1024", "model.ngram_embeddings=100000", "model.dropout=0.3", "training.epochs=5",
      "training.learning_rate=3e-4", "training.label_smoothing=0.1", "training.weight_averaging=0.998",
      "training.consistency=1" } },
  { "classic",
    N_ ("One wide layer, as in many a tutorial. Slower, and asks for more rows."),
    { "model.family=transformer", "model.hidden_size=512", "model.layers=1", "model.heads=8",
      "model.feed_forward_size=2048", "model.norm_first=false", "model.dropout=0.1", "training.optimizer=adam",
      "training.epochs=5", "training.learning_rate=2e-4", "training.weight_decay=0" } },
  { "ensemble",
    N_ ("Several kinds that decide together, each trusted as far as it proved right on rows it had not seen. Takes the "
        "time of all of them."),
    { "model.family=ensemble", "tokens.maximum_length=1024",
      "ensemble.members=linear,linear?tokens.tokenizer=word,bayes,average" } },
};

static const char *const preset_names[] = { "auto",  "linear", "bayes",   "average",  "small",
                                            "base", "classic", "ensemble", NULL };

/* Left on for every preset: steps that take away noise.  Digits, punctuation,
 * brackets and stop words carry meaning, so taking them away is a choice. */
static const char *const default_cleaning[] = {
  "html", "urls", "width", "lower-case", "white-space", NULL,
};

/* Settings that are fine alone may not go together. */
gboolean
wen_recipe_validate_together (const WenRecipe *self,
                              GError         **error)
{
  if (wen_recipe_uses_setting (self, "model.heads") && self->hidden_size % self->n_heads != 0)
    {
      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   _ ("model.heads is %u, which does not divide model.hidden_size, %u: choose "
                      "numbers that divide without a remainder."),
                   self->n_heads, self->hidden_size);
      return FALSE;
    }
  for (gsize i = 0; self->members[i] != NULL; i++)
    {
      g_autoptr (WenRecipe) member = wen_recipe_new_member (self, self->members[i], error);

      if (member == NULL)
        return FALSE;
    }
  if (self->student[0] != '\0')
    {
      g_autoptr (WenRecipe) student = wen_recipe_new_member (self, self->student, error);

      return student != NULL;
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

static const Preset *
find_preset (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    if (g_strcmp0 (presets[i].name, name) == 0)
      return &presets[i];
  return NULL;
}

/* Values that most presets share. */
static WenRecipe *
new_common (const char *preset)
{
  WenRecipe *self = g_new (WenRecipe, 1);

  *self = (WenRecipe) {
    .preset = g_strdup (preset),
    .cleaning = g_strdupv ((char **) default_cleaning),
    .tokenizer = g_strdup ("character"),
    .dictionary = g_new0 (char *, 1),
    .vocabulary_file = g_strdup (""),
    .minimum_count = 2,
    .maximum_vocabulary = 20000,
    .maximum_length = 128,
    .too_long = WEN_TOO_LONG_CUT,
    .test_share = 0.2,
    .validation_share = 0.1,
    .seed = 42,
    .family = g_strdup ("transformer"),
    .longest_ngram = 3,
    .rarest_ngram = 2,
    .hashed_ngrams = 0,
    .sublinear = TRUE,
    .linear_loss = WEN_LINEAR_LOSS_SQUARED_HINGE,
    .cost = 1,
    .l1_share = 0,
    .bayes = WEN_BAYES_MULTINOMIAL,
    .smoothing = 0.1,
    .ngram_embeddings = 0,
    .head_size = 0,
    .activation = WEN_ACTIVATION_GELU,
    .loss = WEN_LOSS_CROSS_ENTROPY,
    .hidden_size = 128,
    .n_layers = 2,
    .n_heads = 2,
    .feed_forward_size = 512,
    .norm_first = TRUE,
    .pooling = WEN_POOLING_MEAN,
    .dropout = 0.2,
    .optimizer = WEN_OPTIMIZER_ADAMW,
    .batch_size = 32,
    .n_epochs = 6,
    .learning_rate = 5e-4,
    .warmup_share = 0.1,
    .decay = WEN_DECAY_LINEAR,
    .weight_decay = 0.01,
    .clip_norm = 1,
    .label_smoothing = 0,
    .layer_rate = 1,
    .class_weights = WEN_CLASS_WEIGHTS_NONE,
    .own_weights = g_new0 (char *, 1),
    .patience = 3,
    .n_threads = 0,
    .pretraining_epochs = 0,
    .pretraining_rate = 5e-4,
    .masked_share = 0.15,
    .pretraining_files = g_new0 (char *, 1),
    .members = g_new0 (char *, 1),
    .combination = WEN_COMBINATION_STACK,
    .n_folds = 5,
    .n_bags = 1,
    .n_boosts = 1,
    .student = g_strdup (""),
    .budget_seconds = 0,
  };
  return self;
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
 * wen_recipe_describe_preset:
 * @preset: a name out of wen_recipe_list_presets()
 *
 * Says in a sentence or two what a preset is good for.
 *
 * English; dgettext ("wenlei", …) translates it.
 *
 * Returns: (transfer none) (nullable): the sentences, or `NULL` where there is no such preset
 */
const char *
wen_recipe_describe_preset (const char *preset)
{
  const Preset *found = find_preset (preset);

  return found != NULL ? found->sentence : NULL;
}

/**
 * wen_recipe_new_preset:
 * @preset: a name out of wen_recipe_list_presets()
 * @error: return location for an error
 *
 * Makes a recipe with values that do well together.
 *
 * wen_recipe_describe_preset() says what each is good for.
 *
 * Returns: (transfer full): a recipe, or `NULL` with @error set
 */
WenRecipe *
wen_recipe_new_preset (const char *preset,
                       GError    **error)
{
  const Preset *found = find_preset (preset);
  WenRecipe *self;

  if (found == NULL)
    {
      g_autofree char *names = g_strjoinv (", ", (char **) preset_names);

      g_set_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE,
                   _ ("There is no preset “%s”: choose one of %s."), preset, names);
      return NULL;
    }

  self = new_common (preset);
  for (gsize i = 0; i < MAXIMUM_CHANGES && found->changes[i] != NULL; i++)
    {
      g_auto (GStrv) change = g_strsplit (found->changes[i], "=", 2);

      if (!wen_recipe_set (self, change[0], change[1], NULL))
        g_assert_not_reached ();
    }
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
  copy->dictionary = g_strdupv (self->dictionary);
  copy->vocabulary_file = g_strdup (self->vocabulary_file);
  copy->family = g_strdup (self->family);
  copy->own_weights = g_strdupv (self->own_weights);
  copy->pretraining_files = g_strdupv (self->pretraining_files);
  copy->members = g_strdupv (self->members);
  copy->student = g_strdup (self->student);
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
  g_strfreev (self->dictionary);
  g_free (self->vocabulary_file);
  g_free (self->family);
  g_strfreev (self->own_weights);
  g_strfreev (self->pretraining_files);
  g_strfreev (self->members);
  g_free (self->student);
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
  const WenSetting *settings;
  gsize n_settings;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (g_strcmp0 (a->preset, b->preset) != 0)
    return FALSE;
  settings = wen_recipe_list_settings (&n_settings);
  for (gsize i = 0; i < n_settings; i++)
    {
      g_autofree char *value_a = wen_recipe_get (a, settings[i].key);
      g_autofree char *value_b = wen_recipe_get (b, settings[i].key);

      if (g_strcmp0 (value_a, value_b) != 0)
        return FALSE;
    }
  return TRUE;
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
  const WenSetting *settings;
  gsize n_settings;

  g_return_val_if_fail (self != NULL, FALSE);

  copy = wen_recipe_copy (self);
  settings = wen_recipe_list_settings (&n_settings);
  for (gsize i = 0; i < n_settings; i++)
    {
      g_autofree char *value = wen_recipe_get (self, settings[i].key);

      if (!wen_recipe_set (copy, settings[i].key, value != NULL ? value : "", error))
        return FALSE;
    }
  return wen_recipe_validate_together (self, error);
}
