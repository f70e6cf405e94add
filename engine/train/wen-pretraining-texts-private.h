/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The texts of other files, for pre-training. */

#pragma once

#include "wen-dataset.h"
#include "wen-recipe.h"

WenDataset *wen_pretraining_texts_add (WenDataset       *dataset,
                                       const WenRecipe  *recipe,
                                       GCancellable     *cancellable,
                                       GError          **error);
