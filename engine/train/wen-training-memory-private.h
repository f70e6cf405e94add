/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much memory a training run needs, and whether there is so much. */

#pragma once

#include "wen-recipe.h"
#include "wen-training-set-private.h"

guint64  wen_training_get_free_memory     (void);
guint64  wen_training_get_resident_memory (void);
gboolean wen_training_fits_memory         (const WenRecipe      *recipe,
                                           const WenTrainingSet *set,
                                           guint                 n_workers,
                                           guint64               free_bytes,
                                           GError              **error);
