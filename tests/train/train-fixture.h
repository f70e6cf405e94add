/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tables that a tiny model learns in a moment, and the recipe for it. */

#pragma once

#include "wen-dataset.h"
#include "wen-random-private.h"
#include "wen-recipe.h"
#include "wen-trainer.h"

/* One layer of sixteen numbers and nothing else, in one thread, unless a test says
 * otherwise. */
static inline WenRecipe *
new_tiny_recipe (guint n_epochs)
{
  WenRecipe *recipe = wen_recipe_new_preset ("small", NULL);

  recipe->hidden_size = 16;
  recipe->n_heads = 2;
  recipe->n_layers = 1;
  recipe->feed_forward_size = 32;
  recipe->n_epochs = n_epochs;
  recipe->batch_size = 8;
  recipe->learning_rate = 0.01;
  recipe->patience = 0;
  recipe->minimum_count = 1;
  recipe->maximum_length = 16;
  recipe->n_threads = 1;
  recipe->ngram_embeddings = 0;
  recipe->dropout = 0.2;
  recipe->label_smoothing = 0;
  recipe->weight_averaging = 0;
  recipe->consistency = 0;
  return recipe;
}

/* Texts of random letters, of which one in the middle decides the label: 好 or 坏. */
static inline void
append_learnable_rows (WenDataset *dataset,
                       WenSplit    split,
                       guint       n_rows,
                       guint64     seed)
{
  for (guint i = 0; i < n_rows; i++)
    {
      gboolean good = i % 2 == 0;
      g_autoptr (GString) text = g_string_new (NULL);
      guint length = 2 + wen_random_u64 (seed, i, 0) % 6;

      for (guint j = 0; j < length; j++)
        {
          if (j == length / 2)
            g_string_append (text, good ? "好" : "坏");
          g_string_append_c (text, 'a' + wen_random_u64 (seed, i, 1 + j) % 26);
        }
      wen_dataset_append (dataset, i + 1, text->str, good ? "positive" : "negative", split);
    }
}

static inline WenDataset *
new_learnable_dataset (void)
{
  WenDataset *dataset = wen_dataset_new ();

  append_learnable_rows (dataset, WEN_SPLIT_TRAIN, 160, 1);
  append_learnable_rows (dataset, WEN_SPLIT_VALIDATION, 40, 2);
  append_learnable_rows (dataset, WEN_SPLIT_TEST, 60, 3);
  return dataset;
}

/* Labels that the texts say nothing about. */
static inline WenDataset *
new_random_dataset (void)
{
  WenDataset *dataset = wen_dataset_new ();

  for (guint i = 0; i < 240; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint j = 0; j < 6; j++)
        g_string_append_c (text, 'a' + wen_random_u64 (7, i, j) % 26);
      wen_dataset_append (dataset, i, text->str, wen_random_u64 (8, i, 0) % 2 ? "a" : "b",
                          i < 160 ? WEN_SPLIT_TRAIN : WEN_SPLIT_VALIDATION);
    }
  return dataset;
}
