/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Classifiers that nobody trained: their weights are random, and what they say is
 * always the same. */

#pragma once

#include "wen-classifier-private.h"
#include "wen-recipe.h"

#define FIXTURE_LETTERS "abcdefghijklmnopqrstuvwxyz好坏吃"

static inline WenRecipe *
new_fixture_recipe (void)
{
  WenRecipe *recipe = wen_recipe_new_preset ("small", NULL);

  recipe->hidden_size = 16;
  recipe->n_heads = 2;
  recipe->n_layers = 2;
  recipe->feed_forward_size = 32;
  recipe->maximum_length = 12;
  recipe->ngram_embeddings = 50;
  return recipe;
}

static inline WenTokenizer *
new_fixture_tokenizer (void)
{
  WenTokenizer *tokenizer = wen_tokenizer_new ("character", NULL);

  wen_tokenizer_count (tokenizer, FIXTURE_LETTERS);
  wen_tokenizer_fit (tokenizer, 1, 1000);
  return tokenizer;
}

static inline WenClassifier *
new_fixture_classifier (const WenRecipe *recipe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WenCleaner) cleaner = wen_cleaner_new ((const char *const *) recipe->cleaning, &error);
  g_autoptr (WenTokenizer) tokenizer = new_fixture_tokenizer ();
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WenModel) model = NULL;
  gsize n_parameters;
  const WenTensor *parameters;

  g_assert_no_error (error);
  g_ptr_array_add (labels, g_strdup ("positive"));
  g_ptr_array_add (labels, g_strdup ("坏的"));
  g_ptr_array_add (labels, g_strdup ("a \"quoted\" label"));
  model = wen_model_new (recipe, wen_vocabulary_get_size (wen_tokenizer_get_vocabulary (tokenizer)), labels->len);
  wen_model_initialize (model, 1);
  /* Larger than training starts with, so that texts differ in what they get. */
  parameters = wen_model_list_parameters (model, &n_parameters);
  for (gsize i = 0; i < n_parameters; i++)
    for (gsize j = 0; j < parameters[i].n_values; j++)
      if (parameters[i].n_dimensions > 1)
        parameters[i].values[j] *= 10;
  return wen_classifier_new (cleaner, tokenizer, labels, model, "{\"majority_label\":\"positive\"}");
}
