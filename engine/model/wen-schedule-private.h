/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The learning rate of each step. */

#pragma once

#include "wen-recipe.h"

double wen_schedule_get_learning_rate (const WenRecipe *recipe,
                                       guint64          step,
                                       guint64          n_steps);
