/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a search may try: which settings of each family, drawn from which distribution.
 *
 * DESIGN: one table for each family.  What is not in it stays as in the family's first
 * preset; what belongs to the data and not to the model (cleaning, tokens, split, seed,
 * weights of labels) stays as in the recipe that the search began with.  A family is
 * searched as soon as there is a preset of it.
 *
 * Source: Bergstra & Bengio 2012, "Random search for hyper-parameter optimization", on why
 * settings are drawn at random and not from a grid, and rates on a logarithmic scale. */

#include "config.h"

#include "wen-search-space-private.h"

#include <math.h>
#include <string.h>

#include "wen-random-private.h"

/* Stream of the random numbers; those of one trial and attempt follow on it. */
#define DRAW_STREAM (G_GUINT64_CONSTANT (1) << 45)
#define MOST_ATTEMPTS 64

#define CHOICE(key, ...) \
  { key, WEN_SEARCH_SCALE_CHOICE, 0, 0, (const char *const[]) { __VA_ARGS__, NULL } }
#define LINEAR(key, minimum, maximum) { key, WEN_SEARCH_SCALE_LINEAR, minimum, maximum, NULL }
#define LOGARITHMIC(key, minimum, maximum) { key, WEN_SEARCH_SCALE_LOGARITHMIC, minimum, maximum, NULL }

static const WenSearchDimension bayes_dimensions[] = {
  CHOICE ("model.bayes", "multinomial", "complement"),
  CHOICE ("model.longest_ngram", "1", "2", "3", "4", "5"),
  CHOICE ("model.rarest_ngram", "1", "2", "3", "5"),
  LOGARITHMIC ("model.smoothing", 0.01, 1),
};

static const WenSearchDimension linear_dimensions[] = {
  CHOICE ("model.longest_ngram", "1", "2", "3", "4", "5"),
  CHOICE ("model.rarest_ngram", "1", "2", "3", "5"),
  CHOICE ("model.sublinear", "true", "false"),
  CHOICE ("model.linear_loss", "squared-hinge", "logistic"),
  LOGARITHMIC ("model.cost", 0.05, 20),
};

static const WenSearchDimension average_dimensions[] = {
  CHOICE ("model.hidden_size", "32", "48", "64", "96", "128"),
  CHOICE ("model.head_size", "0", "64", "128"),
  CHOICE ("model.ngram_embeddings", "65536", "262144", "1048576"),
  CHOICE ("model.longest_ngram", "1", "2", "3", "4"),
  LINEAR ("model.dropout", 0, 0.5),
  LINEAR ("training.token_dropout", 0, 0.4),
  LINEAR ("training.label_smoothing", 0, 0.1),
  LOGARITHMIC ("training.learning_rate", 0.0005, 0.02),
  CHOICE ("training.epochs", "5", "8", "12", "20"),
};

/* Every number of heads divides every hidden size. */
static const WenSearchDimension transformer_dimensions[] = {
  CHOICE ("model.hidden_size", "64", "128", "192", "256"),
  CHOICE ("model.layers", "1", "2", "3", "4"),
  CHOICE ("model.heads", "2", "4", "8"),
  CHOICE ("model.ngram_embeddings", "0", "65536", "262144"),
  CHOICE ("model.pooling", "mean", "first"),
  LINEAR ("model.dropout", 0, 0.5),
  LINEAR ("training.label_smoothing", 0, 0.1),
  LOGARITHMIC ("training.learning_rate", 0.0001, 0.002),
  LOGARITHMIC ("training.weight_decay", 0.001, 0.1),
  CHOICE ("training.batch_size", "16", "32", "64"),
  CHOICE ("training.epochs", "4", "6", "8", "12"),
};

typedef struct
{
  const char               *family;
  const WenSearchDimension *dimensions;
  gsize                     n_dimensions;
} Space;

#define SPACE(family, dimensions) { family, dimensions, G_N_ELEMENTS (dimensions) }

/* The quickest first. */
static const Space spaces[] = {
  SPACE ("bayes", bayes_dimensions),
  SPACE ("linear", linear_dimensions),
  SPACE ("average", average_dimensions),
  SPACE ("transformer", transformer_dimensions),
};

static const Space *
find_space (const char *family)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    if (g_strcmp0 (spaces[i].family, family) == 0)
      return &spaces[i];
  return NULL;
}

/* Presets of some families, family by family, the first of each being the one that its
 * settings are drawn around. (element-type utf8) (transfer full) */
GPtrArray *
wen_search_space_list_presets (const char *const *families)
{
  GPtrArray *presets = g_ptr_array_new ();
  const char *const *names = wen_recipe_list_presets ();

  for (gsize i = 0; families[i] != NULL; i++)
    for (gsize j = 0; names[j] != NULL; j++)
      {
        g_autoptr (WenRecipe) recipe = wen_recipe_new_preset (names[j], NULL);

        if (strcmp (recipe->family, families[i]) == 0)
          g_ptr_array_add (presets, (gpointer) names[j]);
      }
  return presets;
}

static gpointer
find_families (gpointer data)
{
  GPtrArray *families = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      const char *one[] = { spaces[i].family, NULL };
      g_autoptr (GPtrArray) presets = wen_search_space_list_presets (one);

      if (presets->len > 0)
        g_ptr_array_add (families, (gpointer) spaces[i].family);
    }
  g_ptr_array_add (families, NULL);
  return g_ptr_array_free (families, FALSE);
}

/**
 * wen_search_list_families:
 *
 * Lists the families of models that a search can try, the quickest to train first.
 *
 * Returns: (array zero-terminated=1) (transfer none): names, as in the setting
 *   "model.family"
 */
const char *const *
wen_search_list_families (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_families, NULL);
}

/**
 * wen_search_list_dimensions:
 * @family: a name out of wen_search_list_families()
 * @n_dimensions: (out): length of the returned array
 *
 * Lists the settings of a family that a search varies.
 *
 * Returns: (array length=n_dimensions) (transfer none) (nullable): the settings, or `NULL`
 *   where there is no such family
 */
const WenSearchDimension *
wen_search_list_dimensions (const char *family,
                            gsize      *n_dimensions)
{
  const Space *space = find_space (family);

  g_return_val_if_fail (n_dimensions != NULL, NULL);

  *n_dimensions = space != NULL ? space->n_dimensions : 0;
  return space != NULL ? space->dimensions : NULL;
}

static void
copy_string (char      **to,
             const char *from)
{
  g_free (*to);
  *to = g_strdup (from);
}

static void
copy_strings (char ***to,
              char  **from)
{
  g_strfreev (*to);
  *to = g_strdupv (from);
}

/* What belongs to the data and to the computer. */
static void
take_from_base (WenRecipe       *recipe,
                const WenRecipe *base)
{
  g_autoptr (WenRecipe) preset = wen_recipe_new_preset (base->preset, NULL);

  copy_strings (&recipe->cleaning, base->cleaning);
  copy_string (&recipe->tokenizer, base->tokenizer);
  copy_strings (&recipe->dictionary, base->dictionary);
  copy_string (&recipe->vocabulary_file, base->vocabulary_file);
  recipe->minimum_count = base->minimum_count;
  recipe->maximum_vocabulary = base->maximum_vocabulary;
  recipe->too_long = base->too_long;
  /* Families have lengths of their own, unless somebody chose one. */
  if (preset == NULL || base->maximum_length != preset->maximum_length)
    recipe->maximum_length = base->maximum_length;
  recipe->test_share = base->test_share;
  recipe->validation_share = base->validation_share;
  recipe->seed = base->seed;
  recipe->class_weights = base->class_weights;
  copy_strings (&recipe->own_weights, base->own_weights);
  recipe->n_threads = base->n_threads;
}

WenRecipe *
wen_search_space_new_preset (const char      *preset,
                             const WenRecipe *base)
{
  WenRecipe *recipe = wen_recipe_new_preset (preset, NULL);

  take_from_base (recipe, base);
  return recipe;
}

/* share: from 0 to 1.  Two digits are enough, and can be read. (transfer full) */
static char *
pick_value (const WenSearchDimension *dimension,
            double                    share)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double value;

  if (dimension->scale == WEN_SEARCH_SCALE_CHOICE)
    return g_strdup (dimension->values[(guint) (share * g_strv_length ((char **) dimension->values))]);
  if (dimension->scale == WEN_SEARCH_SCALE_LOGARITHMIC)
    value = dimension->minimum * pow (dimension->maximum / dimension->minimum, share);
  else
    value = dimension->minimum + (dimension->maximum - dimension->minimum) * share;
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.2g", value));
}

/* Settings of a family that only seed, number of the trial and attempt decide. */
WenRecipe *
wen_search_space_draw (const char      *family,
                       const WenRecipe *base,
                       guint64          seed,
                       guint            number,
                       guint            attempt)
{
  const Space *space = find_space (family);
  const char *families[] = { family, NULL };
  g_autoptr (GPtrArray) presets = wen_search_space_list_presets (families);
  WenRecipe *recipe = wen_search_space_new_preset (g_ptr_array_index (presets, 0), base);
  guint64 stream = DRAW_STREAM + (guint64) number * MOST_ATTEMPTS + attempt % MOST_ATTEMPTS;

  for (gsize i = 0; i < space->n_dimensions; i++)
    {
      g_autofree char *value = pick_value (&space->dimensions[i], wen_random_uniform (seed, stream, i));

      if (!wen_recipe_set (recipe, space->dimensions[i].key, value, NULL))
        g_assert_not_reached ();
    }
  /* The usual ratio. */
  recipe->feed_forward_size = 4 * recipe->hidden_size;
  return recipe;
}
