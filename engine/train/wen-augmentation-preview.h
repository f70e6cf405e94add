/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-dataset.h"
#include "wen-recipe.h"

G_BEGIN_DECLS

typedef struct _WenAugmentedText WenAugmentedText;

/**
 * WenAugmentedText:
 * @text: the number of the text among those that are learned from, from 0
 * @before: its tokens as they are, joined to a text
 * @after: its tokens as the model sees them in the epoch
 *
 * A training text that is changed in an epoch.
 */
struct _WenAugmentedText
{
  gsize  text;
  char  *before;
  char  *after;
};

#define WEN_TYPE_AUGMENTATION_PREVIEW (wen_augmentation_preview_get_type ())

typedef struct _WenAugmentationPreview WenAugmentationPreview;

/**
 * WenAugmentationPreview:
 * @n_texts: training texts in all
 * @n_changed: those of them whose tokens are other ones in the epoch
 * @n_tokens_before: tokens of all training texts, `[CLS]` included
 * @n_tokens_after: tokens of all training texts in the epoch
 * @n_examples: how many changed texts are shown, evenly over all of them; see
 *   wen_augmentation_preview_get_example()
 *
 * What augmentation makes of the training texts in one epoch.
 */
struct _WenAugmentationPreview
{
  guint64           n_texts;
  guint64           n_changed;
  guint64           n_tokens_before;
  guint64           n_tokens_after;
  gsize             n_examples;

  /*< private >*/
  WenAugmentedText *examples;
};

WEN_API
GType                   wen_augmentation_preview_get_type (void) G_GNUC_CONST;
WEN_API
WenAugmentationPreview *wen_augmentation_preview_new      (WenDataset              *dataset,
                                                           const WenRecipe         *recipe,
                                                           guint                    epoch,
                                                           gsize                    maximum_examples,
                                                           WenProgressFunc          progress,
                                                           gpointer                 user_data,
                                                           GCancellable            *cancellable,
                                                           GError                 **error) G_GNUC_WARN_UNUSED_RESULT;
WEN_API
const WenAugmentedText *wen_augmentation_preview_get_example (WenAugmentationPreview *self,
                                                           gsize                    index);
WEN_API
WenAugmentationPreview *wen_augmentation_preview_copy     (WenAugmentationPreview  *self);
WEN_API
void                    wen_augmentation_preview_free     (WenAugmentationPreview  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenAugmentationPreview, wen_augmentation_preview_free)

G_END_DECLS
