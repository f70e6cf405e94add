/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What augmentation makes of the training texts in one epoch.
 *
 * The texts come from the very code that hands them to a model in training. */

#include "config.h"

#include "wen-augmentation-preview.h"

#include <string.h>

#include "wen-augmentation-private.h"

GType
wen_augmentation_preview_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("WenAugmentationPreview",
                                                            (GBoxedCopyFunc) wen_augmentation_preview_copy,
                                                            (GBoxedFreeFunc) wen_augmentation_preview_free));
  return type;
}

static guint
count_tokens (const WenBatch *texts,
              gsize           text)
{
  return texts->offsets[text + 1] - texts->offsets[text];
}

static gboolean
is_changed (const WenBatch *before,
            const WenBatch *after,
            gsize           text)
{
  guint n_tokens = count_tokens (before, text);

  return n_tokens != count_tokens (after, text)
         || memcmp (&before->token_ids[before->offsets[text]], &after->token_ids[after->offsets[text]],
                    n_tokens * sizeof *before->token_ids) != 0;
}

/* (transfer full) */
static char *
join_text (WenTokenizer   *tokenizer,
           const WenBatch *texts,
           gsize           text)
{
  return wen_tokenizer_decode (tokenizer, &texts->token_ids[texts->offsets[text]], count_tokens (texts, text));
}

/* Every so many of the changed texts becomes an example. */
static void
add_examples (WenAugmentationPreview *self,
              WenTokenizer           *tokenizer,
              const WenBatch         *before,
              const WenBatch         *after,
              gsize                   maximum_examples)
{
  gsize n_passed = 0;

  self->examples = g_new0 (WenAugmentedText, MAX (1, MIN (maximum_examples, self->n_changed)));
  for (gsize text = 0; text < before->n_texts && self->n_examples < MIN (maximum_examples, self->n_changed); text++)
    {
      if (!is_changed (before, after, text))
        continue;
      if (n_passed++ * MIN (maximum_examples, self->n_changed) < self->n_examples * self->n_changed)
        continue;
      self->examples[self->n_examples++] = (WenAugmentedText) {
        .text = text,
        .before = join_text (tokenizer, before, text),
        .after = join_text (tokenizer, after, text),
      };
    }
}

/**
 * wen_augmentation_preview_new:
 * @dataset: rows that are split already, and no longer change
 * @recipe: what is chosen; whether its family learns in batches makes no difference
 * @epoch: the epoch to look at, from 1
 * @maximum_examples: how many changed texts to show at most
 * @progress: (scope call) (nullable): called now and then in this thread
 * @user_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Shows some training texts as they are, and as training would see them in an epoch.
 *
 * Prepares the training rows as training does, with all that costs.  Blocks; any
 * thread may call it.  Sets the errors of wen_recipe_validate(), those of training for
 * rows that it cannot learn from, or `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the preview, without examples where the recipe
 *   changes nothing; or `NULL` with @error set
 */
WenAugmentationPreview *
wen_augmentation_preview_new (WenDataset      *dataset,
                              const WenRecipe *recipe,
                              guint            epoch,
                              gsize            maximum_examples,
                              WenProgressFunc  progress,
                              gpointer         user_data,
                              GCancellable    *cancellable,
                              GError         **error)
{
  g_autoptr (WenAugmentationPreview) self = NULL;
  g_autoptr (WenWorkerPool) pool = NULL;
  g_autoptr (WenTrainingSet) set = NULL;
  g_autoptr (WenAugmentation) augmentation = NULL;
  WenBatch after;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (recipe != NULL, NULL);
  g_return_val_if_fail (epoch >= 1, NULL);

  if (!wen_recipe_validate (recipe, error))
    return NULL;
  pool = wen_worker_pool_new (recipe->n_threads);
  set = wen_training_set_new (dataset, recipe, pool, progress, user_data, cancellable, error);
  if (set == NULL)
    return NULL;

  augmentation = wen_augmentation_new (recipe, set, pool, NULL, cancellable);
  after = augmentation != NULL ? wen_augmentation_get_texts (augmentation, epoch) : set->train;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  self = g_new0 (WenAugmentationPreview, 1);
  self->n_texts = set->train.n_texts;
  self->n_tokens_before = set->train.n_tokens;
  self->n_tokens_after = after.n_tokens;
  for (gsize text = 0; text < set->train.n_texts; text++)
    self->n_changed += is_changed (&set->train, &after, text);
  add_examples (self, set->tokenizer, &set->train, &after, maximum_examples);
  return g_steal_pointer (&self);
}

/**
 * wen_augmentation_preview_get_example:
 * @self: a preview
 * @index: below the number of examples
 *
 * Gets one of the changed texts that are shown.
 *
 * Returns: (transfer none): the text before and after
 */
const WenAugmentedText *
wen_augmentation_preview_get_example (WenAugmentationPreview *self,
                                      gsize                   index)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (index < self->n_examples, NULL);

  return &self->examples[index];
}

/**
 * wen_augmentation_preview_copy:
 * @self: a preview
 *
 * Copies a preview with all that belongs to it.
 *
 * Returns: (transfer full): the copy
 */
WenAugmentationPreview *
wen_augmentation_preview_copy (WenAugmentationPreview *self)
{
  WenAugmentationPreview *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->examples = g_memdup2 (self->examples, MAX (1, self->n_examples) * sizeof *self->examples);
  for (gsize i = 0; i < self->n_examples; i++)
    {
      copy->examples[i].before = g_strdup (self->examples[i].before);
      copy->examples[i].after = g_strdup (self->examples[i].after);
    }
  return copy;
}

/**
 * wen_augmentation_preview_free:
 * @self: (transfer full): a preview
 *
 * Frees a preview with all that belongs to it.
 */
void
wen_augmentation_preview_free (WenAugmentationPreview *self)
{
  for (gsize i = 0; i < self->n_examples; i++)
    {
      g_free (self->examples[i].before);
      g_free (self->examples[i].after);
    }
  g_free (self->examples);
  g_free (self);
}
