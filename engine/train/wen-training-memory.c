/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much memory a training run needs, and whether there is so much. */

#include "config.h"

#include "wen-training-memory-private.h"

#include <string.h>
#include <unistd.h>

#include "wen-i18n-private.h"
#include "wen-model-private.h"
#include "wen-trainer.h"

/* What is left for everything else on the computer, of a hundred parts. */
#define SPARE_PERCENT 5

/* A setting that makes a model smaller, and the least that is worth proposing. */
typedef struct
{
  const char *key;
  gsize       offset; /* of a guint in WenRecipe */
  guint       minimum;
} Reduction;

/* In the order in which they are tried: what costs accuracy least stands first. */
static const Reduction reductions[] = {
  { "training.batch_size", G_STRUCT_OFFSET (WenRecipe, batch_size), 8 },
  { "tokens.maximum_length", G_STRUCT_OFFSET (WenRecipe, maximum_length), 128 },
  { "model.ngram_embeddings", G_STRUCT_OFFSET (WenRecipe, ngram_embeddings), 10000 },
  { "model.layers", G_STRUCT_OFFSET (WenRecipe, n_layers), 2 },
  { "model.feed_forward_size", G_STRUCT_OFFSET (WenRecipe, feed_forward_size), 512 },
  { "model.hidden_size", G_STRUCT_OFFSET (WenRecipe, hidden_size), 128 },
  { "tokens.maximum_vocabulary", G_STRUCT_OFFSET (WenRecipe, maximum_vocabulary), 1000 },
};

/* Memory that is free for programs now, or 0 where the system does not tell. */
guint64
wen_training_get_free_memory (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return 0;
  line = g_strstr_len (text, -1, "MemAvailable:");
  return line != NULL ? g_ascii_strtoull (line + strlen ("MemAvailable:"), NULL, 10) * 1024 : 0;
}

/* What this program has in memory now, or 0 where the system does not tell. */
guint64
wen_training_get_resident_memory (void)
{
  g_autofree char *text = NULL;
  char *end;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  g_ascii_strtoull (text, &end, 10);
  return g_ascii_strtoull (end, NULL, 10) * (guint64) sysconf (_SC_PAGESIZE);
}

static guint
find_longest (const WenTrainingSet *set)
{
  guint longest = 1;

  for (gsize i = 0; i < set->train.n_texts; i++)
    longest = MAX (longest, set->train.offsets[i + 1] - set->train.offsets[i]);
  for (gsize i = 0; i < set->pretraining.n_texts; i++)
    longest = MAX (longest, set->pretraining.offsets[i + 1] - set->pretraining.offsets[i]);
  return longest;
}

static guint64
count_bytes (const WenRecipe      *recipe,
             const WenTrainingSet *set,
             guint                 n_workers)
{
  guint n_vocabulary = wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (set->tokenizer));

  return wen_model_forecast_bytes (recipe, MIN (n_vocabulary, recipe->maximum_vocabulary), set->labels->len,
                                   n_workers, MIN (find_longest (set), recipe->maximum_length));
}

/* The settings that differ, as a person may type them in: "Batch Size 16, Layers 2". */
static char *
describe_changes (const WenRecipe *recipe,
                  const WenRecipe *smaller)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (reductions); i++)
    {
      guint before = G_STRUCT_MEMBER (guint, recipe, reductions[i].offset);
      guint after = G_STRUCT_MEMBER (guint, smaller, reductions[i].offset);

      if (before == after)
        continue;
      if (text->len > 0)
        /* Translators: between two settings of a list */
        g_string_append (text, _ (", "));
      /* Translators: the name of a setting, and its value */
      g_string_append_printf (text, _ ("“%s” %u"), _ (wen_recipe_find_setting (reductions[i].key)->title), after);
    }
  return g_string_free (text, FALSE);
}

/* Halves one setting until the model fits.  FALSE where it reaches its minimum before. */
static gboolean
reduce (WenRecipe            *recipe,
        const Reduction      *reduction,
        const WenTrainingSet *set,
        guint                 n_workers,
        guint64               free_bytes)
{
  guint *value = &G_STRUCT_MEMBER (guint, recipe, reduction->offset);

  while (*value / 2 >= reduction->minimum)
    {
      *value /= 2;
      if (count_bytes (recipe, set, n_workers) < free_bytes && wen_recipe_validate (recipe, NULL))
        return TRUE;
    }
  return FALSE;
}

/* Settings that would fit: one that is changed, or else as few as may be.  NULL
 * where even the smallest do not. */
static WenRecipe *
find_smaller (const WenRecipe      *recipe,
              const WenTrainingSet *set,
              guint                 n_workers,
              guint64               free_bytes)
{
  g_autoptr (WenRecipe) smaller = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (reductions); i++)
    {
      g_clear_pointer (&smaller, wen_recipe_free);
      smaller = wen_recipe_copy (recipe);
      if (reduce (smaller, &reductions[i], set, n_workers, free_bytes))
        return g_steal_pointer (&smaller);
    }
  g_clear_pointer (&smaller, wen_recipe_free);
  smaller = wen_recipe_copy (recipe);
  for (gsize i = 0; i < G_N_ELEMENTS (reductions); i++)
    if (reduce (smaller, &reductions[i], set, n_workers, free_bytes))
      return g_steal_pointer (&smaller);
  return NULL;
}

/* Every setting of a recipe may be fine and the model too large all the same; it
 * is better said in a sentence than by the kernel.  free_bytes: as
 * wen_training_get_free_memory() says, 0 where nobody knows. */
gboolean
wen_training_fits_memory (const WenRecipe      *recipe,
                          const WenTrainingSet *set,
                          guint                 n_workers,
                          guint64               free_bytes,
                          GError              **error)
{
  guint64 usable_bytes = free_bytes / 100 * (100 - SPARE_PERCENT);
  guint64 needed_bytes = count_bytes (recipe, set, n_workers);
  g_autofree char *needed = NULL;
  g_autofree char *available = NULL;
  g_autoptr (WenRecipe) smaller = NULL;

  if (free_bytes == 0 || needed_bytes < usable_bytes)
    return TRUE;

  needed = g_format_size (needed_bytes);
  available = g_format_size (free_bytes);
  smaller = find_smaller (recipe, set, n_workers, usable_bytes);
  if (smaller != NULL)
    {
      g_autofree char *changes = describe_changes (recipe, smaller);

      g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE,
                   _ ("Training this model needs %s of memory, and %s are free. It would fit with %s."), needed,
                   available, changes);
    }
  else
    {
      g_set_error (error, WEN_TRAINER_ERROR, WEN_TRAINER_ERROR_TOO_LARGE,
                   _ ("Training this model needs %s of memory, and %s are free: close other programs."), needed,
                   available);
    }
  return FALSE;
}
