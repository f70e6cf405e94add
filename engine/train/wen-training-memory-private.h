/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much memory a training run needs, and whether there is so much. */

#pragma once

#include "wen-recipe.h"

gboolean wen_training_fits_memory (const WenRecipe *recipe,
                                   guint            n_vocabulary,
                                   guint            n_labels,
                                   guint            n_workers,
                                   GError         **error);
