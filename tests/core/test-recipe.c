/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A recipe comes back from JSON as it went in, and names what is wrong. */

#include "config.h"

#include "wen-cleaning-entry.h"
#include "wen-recipe.h"

#include <string.h>

static void
test_presets (void)
{
  const char *const *presets = wen_recipe_list_presets ();

  g_assert_cmpstr (presets[0], ==, "auto");
  for (gsize i = 0; presets[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenRecipe) recipe = wen_recipe_new_preset (presets[i], &error);

      g_assert_no_error (error);
      g_assert_true (wen_recipe_validate (recipe, &error));
      g_assert_no_error (error);
    }
}

static void
test_classic (void)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("classic", NULL);

  g_assert_cmpuint (recipe->hidden_size, ==, 512);
  g_assert_cmpuint (recipe->n_heads, ==, 8);
  g_assert_cmpuint (recipe->n_layers, ==, 1);
  g_assert_cmpuint (recipe->feed_forward_size, ==, 2048);
  g_assert_cmpuint (recipe->maximum_length, ==, 128);
  g_assert_cmpint (recipe->optimizer, ==, WEN_OPTIMIZER_ADAM);
  g_assert_cmpuint (recipe->batch_size, ==, 32);
  g_assert_cmpuint (recipe->n_epochs, ==, 5);
  g_assert_cmpuint (recipe->ngram_embeddings, ==, 0);
  g_assert_cmpfloat (recipe->weight_averaging, ==, 0);
  g_assert_cmpfloat (recipe->consistency, ==, 0);
  g_assert_cmpfloat (recipe->label_smoothing, ==, 0);
}

static void
test_round_trip (void)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  g_autoptr (WenRecipe) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  g_assert_true (wen_recipe_set (recipe, "training.learning_rate", "0.00037", &error));
  g_assert_true (wen_recipe_set (recipe, "split.seed", "9007199254740991", &error));
  g_assert_true (wen_recipe_set (recipe, "model.pooling", "first", &error));
  g_assert_true (wen_recipe_set (recipe, "model.norm_first", "false", &error));
  g_assert_true (wen_recipe_set (recipe, "cleaning", "width, digits", &error));
  g_assert_no_error (error);

  json = wen_recipe_to_json (recipe);
  read = wen_recipe_new_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_true (wen_recipe_equal (recipe, read));
  g_assert_cmpfloat (read->learning_rate, ==, 0.00037);
  g_assert_cmpuint (read->seed, ==, G_GUINT64_CONSTANT (9007199254740991));
  g_assert_cmpint (read->pooling, ==, WEN_POOLING_FIRST);
  g_assert_false (read->norm_first);
  g_assert_cmpuint (g_strv_length (read->cleaning), ==, 2);
  g_assert_cmpstr (read->cleaning[1], ==, "digits");
}

static void
test_every_setting_changes_equality (void)
{
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);

  for (gsize i = 0; i < n_settings; i++)
    {
      g_autoptr (WenRecipe) a = wen_recipe_new_preset ("small", NULL);
      g_autoptr (WenRecipe) b = wen_recipe_copy (a);
      g_autofree char *before = wen_recipe_get (a, settings[i].key);
      const char *const candidates[] = { "0.25", "16", "7", "true", "false", "first", "adam",
                                         "cosine", "leave-out", "html", "wordpiece", "linear", "complement", "logistic", "relu",
                                         "squared-error", "balanced", "average" };
      gboolean changed = FALSE;

      g_assert_true (wen_recipe_equal (a, b));
      for (gsize j = 0; j < G_N_ELEMENTS (candidates) && !changed; j++)
        changed = g_strcmp0 (before, candidates[j]) != 0
                  && wen_recipe_set (b, settings[i].key, candidates[j], NULL);
      /* Settings with a single choice have nothing to change to. */
      if (changed)
        g_assert_false (wen_recipe_equal (a, b));
      else
        g_assert_cmpuint (g_strv_length ((char **) settings[i].choices), ==, 1);
    }
}

typedef struct
{
  const char *json;
  int         code;
  const char *named;
} BadRecipe;

static void
test_bad_json (void)
{
  const BadRecipe bad[] = {
    { "", WEN_RECIPE_ERROR_PARSE, "empty" },
    { "[]", WEN_RECIPE_ERROR_PARSE, "object" },
    { "{\"model\":", WEN_RECIPE_ERROR_PARSE, "JSON" },
    { "{\"model\":{\"depth\":3}}", WEN_RECIPE_ERROR_UNKNOWN_KEY, "model.depth" },
    { "{\"colour\":1}", WEN_RECIPE_ERROR_UNKNOWN_KEY, "colour" },
    { "{\"preset\":\"huge\"}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "huge" },
    { "{\"preset\":7}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "preset" },
    { "{\"model\":{\"dropout\":1.5}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.dropout" },
    { "{\"model\":{\"dropout\":\"x\"}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.dropout" },
    { "{\"model\":{\"layers\":1.5}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.layers" },
    { "{\"model\":{\"layers\":null}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.layers" },
    { "{\"model\":{\"layers\":-1}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.layers" },
    { "{\"model\":{\"layers\":1e300}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.layers" },
    { "{\"model\":{\"family\":\"transformer\",\"heads\":3}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "model.heads" },
    { "{\"cleaning\":\"html\"}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "cleaning" },
    { "{\"cleaning\":[1]}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "cleaning" },
    { "{\"training\":{\"optimizer\":\"sgd\"}}", WEN_RECIPE_ERROR_OUT_OF_RANGE, "adamw" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WenRecipe) recipe = wen_recipe_new_from_json (bad[i].json, &error);

      g_assert_null (recipe);
      g_assert_error (error, WEN_RECIPE_ERROR, bad[i].code);
      if (strstr (error->message, bad[i].named) == NULL)
        g_error ("“%s” does not name %s", error->message, bad[i].named);
    }
}

static void
test_refused_value_changes_nothing (void)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  g_autoptr (WenRecipe) before = wen_recipe_copy (recipe);
  g_autoptr (GError) error = NULL;

  g_assert_false (wen_recipe_set (recipe, "training.epochs", "0", &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
  g_assert_true (wen_recipe_equal (recipe, before));
  g_clear_error (&error);

  recipe->dropout = 2;
  g_assert_false (wen_recipe_validate (recipe, &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
}

/* What a program wrote into the fields itself. */
static void
test_validate (void)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  g_autoptr (GError) error = NULL;

#define ASSERT_INVALID(named) \
  g_assert_false (wen_recipe_validate (recipe, &error)); \
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE); \
  g_assert_nonnull (strstr (error->message, named)); \
  g_clear_error (&error)

  recipe->decay = 99;
  ASSERT_INVALID ("training.decay");
  recipe->decay = -1;
  ASSERT_INVALID ("training.decay");
  recipe->decay = WEN_DECAY_LINEAR;
  recipe->n_heads = 0;
  ASSERT_INVALID ("model.heads");
  recipe->n_heads = 5;
  ASSERT_INVALID ("model.heads");
  /* Other families have no heads. */
  g_free (recipe->family);
  recipe->family = g_strdup ("average");
  g_assert_true (wen_recipe_validate (recipe, NULL));
  g_clear_pointer (&recipe->family, g_free);
  ASSERT_INVALID ("model.family");
#undef ASSERT_INVALID
}

/* A message says which setting, which value, and what would be right. */
static void
test_message (void)
{
  g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("small", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (wen_recipe_set (recipe, "training.learning_rate", "7.5", &error));
  g_assert_nonnull (strstr (error->message, "training.learning_rate"));
  g_assert_nonnull (strstr (error->message, "7.5"));
  g_assert_nonnull (strstr (error->message, "from 1e-07 to 1"));
}

/* Every setting can be explained, and its value in each preset is one it takes. */
static void
test_every_setting_is_described (void)
{
  gsize n_settings;
  const WenSetting *settings = wen_recipe_list_settings (&n_settings);

  for (gsize i = 0; i < n_settings; i++)
    {
      g_autoptr (WenRecipe) recipe = wen_recipe_new_preset ("classic", NULL);
      g_autoptr (WenRecipe) other = wen_recipe_new_preset ("small", NULL);
      g_autofree char *value = wen_recipe_get (recipe, settings[i].key);
      g_autofree char *taken = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (settings[i].title, !=, "");
      g_assert_true (g_str_has_suffix (settings[i].explanation, "."));
      g_assert_true (wen_recipe_find_setting (settings[i].key) == &settings[i]);
      g_assert_true (wen_recipe_set (other, settings[i].key, value, &error));
      g_assert_no_error (error);
      taken = wen_recipe_get (other, settings[i].key);
      g_assert_cmpstr (taken, ==, value);
    }
  g_assert_null (wen_recipe_find_setting ("model.depth"));
}

static void
test_uses_setting (void)
{
  g_autoptr (WenRecipe) small = wen_recipe_new_preset ("small", NULL);
  g_autoptr (WenRecipe) linear = wen_recipe_new_preset ("linear", NULL);
  g_autoptr (WenRecipe) bayes = wen_recipe_new_preset ("bayes", NULL);

  g_assert_true (wen_recipe_uses_setting (small, "model.layers"));
  g_assert_false (wen_recipe_uses_setting (small, "model.cost"));
  g_assert_false (wen_recipe_uses_setting (linear, "model.layers"));
  g_assert_true (wen_recipe_uses_setting (linear, "model.cost"));
  g_assert_true (wen_recipe_uses_setting (linear, "training.epochs"));
  g_assert_false (wen_recipe_uses_setting (linear, "model.smoothing"));
  g_assert_true (wen_recipe_uses_setting (linear, "model.longest_ngram"));
  g_assert_true (wen_recipe_uses_setting (bayes, "model.longest_ngram"));
  g_assert_true (wen_recipe_uses_setting (bayes, "model.smoothing"));
  g_assert_false (wen_recipe_uses_setting (bayes, "training.epochs"));
  g_assert_true (wen_recipe_uses_setting (small, "augmentation.crop"));
  g_assert_true (wen_recipe_uses_setting (small, "pretraining.epochs"));
  g_assert_false (wen_recipe_uses_setting (linear, "augmentation.crop"));
  g_assert_false (wen_recipe_uses_setting (small, "ensemble.folds"));
  g_assert_false (wen_recipe_uses_setting (small, "tokens.dictionary"));
  g_assert_false (wen_recipe_uses_setting (small, "training.own_weights"));
  small->class_weights = WEN_CLASS_WEIGHTS_OWN;
  g_assert_true (wen_recipe_uses_setting (small, "training.own_weights"));
}

static void
test_cleaning_entries (void)
{
  g_autofree char *entry = wen_cleaning_entry_set_value ("pattern", "find", "a, b&c=%3F 好");
  g_autofree char *longer = wen_cleaning_entry_set_value (entry, "as", "pattern");
  g_autofree char *shorter = wen_cleaning_entry_set_value (longer, "find", NULL);
  g_autofree char *step = wen_cleaning_entry_dup_step (longer);
  g_autofree char *value = wen_cleaning_entry_dup_value (longer, "find");
  g_auto (GStrv) keys = wen_cleaning_entry_dup_keys (longer);

  g_assert_null (strchr (longer, ','));
  g_assert_cmpstr (step, ==, "pattern");
  g_assert_cmpstr (value, ==, "a, b&c=%3F 好");
  g_assert_cmpstr (keys[0], ==, "as");
  g_assert_cmpstr (keys[1], ==, "find");
  g_assert_null (keys[2]);
  g_assert_cmpstr (shorter, ==, "pattern?as=pattern");
  g_assert_null (wen_cleaning_entry_dup_keys ("pattern?find=%GG"));
}

/* Steps with settings are objects in JSON, and come back the same. */
static void
test_cleaning_in_json (void)
{
  const char *json = "{\"cleaning\": [\"html\", {\"step\": \"pattern\", \"find\": \"a,b\", \"as\": \"pattern\"}, "
                     "{\"step\": \"repeats\", \"keep\": 3}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (WenRecipe) recipe = wen_recipe_new_from_json (json, &error);
  g_autofree char *written = NULL;
  g_autoptr (WenRecipe) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (recipe->cleaning), ==, 3);
  g_assert_cmpstr (recipe->cleaning[0], ==, "html");
  g_assert_cmpstr (recipe->cleaning[1], ==, "pattern?as=pattern&find=a%2Cb");
  g_assert_cmpstr (recipe->cleaning[2], ==, "repeats?keep=3");
  written = wen_recipe_to_json (recipe);
  g_assert_nonnull (strstr (written, "\"a,b\""));
  again = wen_recipe_new_from_json (written, &error);
  g_assert_no_error (error);
  g_assert_true (wen_recipe_equal (recipe, again));

  g_assert_null (wen_recipe_new_from_json ("{\"cleaning\": [{\"find\": \"a\"}]}", &error));
  g_assert_error (error, WEN_RECIPE_ERROR, WEN_RECIPE_ERROR_OUT_OF_RANGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/core/recipe/presets", test_presets);
  g_test_add_func ("/wen/core/recipe/classic", test_classic);
  g_test_add_func ("/wen/core/recipe/round-trip", test_round_trip);
  g_test_add_func ("/wen/core/recipe/every-setting", test_every_setting_changes_equality);
  g_test_add_func ("/wen/core/recipe/bad-json", test_bad_json);
  g_test_add_func ("/wen/core/recipe/refused-value", test_refused_value_changes_nothing);

  g_test_add_func ("/wen/core/recipe/validate", test_validate);
  g_test_add_func ("/wen/core/recipe/message", test_message);
  g_test_add_func ("/wen/core/recipe/described", test_every_setting_is_described);
  g_test_add_func ("/wen/core/recipe/uses-setting", test_uses_setting);

  g_test_add_func ("/wen/core/recipe/cleaning-entries", test_cleaning_entries);
  g_test_add_func ("/wen/core/recipe/cleaning-in-json", test_cleaning_in_json);

  return g_test_run ();
}
