/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A recipe: every choice that makes a classifier.  What the choices are stands in
 * wen-recipe-settings.c. */

#include "config.h"

#include "wen-recipe-private.h"

#include "wen-i18n-private.h"

G_DEFINE_QUARK (wen-recipe-error-quark, wen_recipe_error)

static const char *const preset_names[] = { "linear", "bayes", "small", "classic", NULL };

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
 * "linear" weighs n-grams, learns in seconds, and is hard to beat with up to some ten
 * thousand rows; "bayes" counts them, learns at once, and is a first number; "small" is a Transformer that learns as many short texts in half a
 * minute; "classic" is the wide one-layer Transformer of many a tutorial.
 *
 * Returns: (transfer full) (nullable): a recipe, or `NULL` with @error set
 */
WenRecipe *
wen_recipe_new_preset (const char *preset,
                       GError    **error)
{
  gboolean classic = g_strcmp0 (preset, "classic") == 0;
  gboolean linear = g_strcmp0 (preset, "linear") == 0;
  gboolean bayes = g_strcmp0 (preset, "bayes") == 0;
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
    .dictionary = g_new0 (char *, 1),
    .vocabulary_file = g_strdup (""),
    .minimum_count = 2,
    .maximum_vocabulary = 20000,
    .maximum_length = linear || bayes ? 1024 : 128,
    .too_long = WEN_TOO_LONG_CUT,
    .test_share = 0.2,
    .validation_share = 0.1,
    .seed = 42,
    .family = g_strdup (linear ? "linear" : bayes ? "bayes" : "transformer"),
    .longest_ngram = linear ? 4 : 3,
    .cost = 1,
    .bayes = WEN_BAYES_MULTINOMIAL,
    .smoothing = 0.1,
    .hidden_size = classic ? 512 : 128,
    .n_layers = classic ? 1 : 2,
    .n_heads = classic ? 8 : 2,
    .feed_forward_size = classic ? 2048 : 512,
    .norm_first = !classic,
    .pooling = WEN_POOLING_MEAN,
    .dropout = classic ? 0.1 : 0.2,
    .optimizer = classic ? WEN_OPTIMIZER_ADAM : WEN_OPTIMIZER_ADAMW,
    .batch_size = 32,
    .n_epochs = linear ? 12 : bayes ? 1 : classic ? 5 : 6,
    .learning_rate = classic ? 2e-4 : 5e-4,
    .warmup_share = 0.1,
    .decay = WEN_DECAY_LINEAR,
    .weight_decay = classic ? 0 : 0.01,
    .clip_norm = 1,
    .label_smoothing = 0,
    /* The linear model has one optimum, and each epoch comes nearer to it; naive Bayes
     * only counts. */
    .patience = linear || bayes ? 0 : 3,
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
  copy->dictionary = g_strdupv (self->dictionary);
  copy->vocabulary_file = g_strdup (self->vocabulary_file);
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
  g_strfreev (self->dictionary);
  g_free (self->vocabulary_file);
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
