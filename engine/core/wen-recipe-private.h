/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files that make up recipes share. */

#pragma once

#include "wen-recipe.h"

/* The field of a setting in a recipe. */
#define WEN_RECIPE_FIELD(recipe, setting, type) \
  (*(type *) (void *) G_STRUCT_MEMBER_P ((gpointer) (recipe), (setting)->offset))

gboolean wen_recipe_refuse_value      (const WenSetting  *setting,
                                       const char        *value,
                                       GError           **error);
gboolean wen_recipe_validate_together (const WenRecipe   *self,
                                       GError           **error);
gboolean wen_recipe_pretrains         (const WenRecipe   *self);
char    *wen_recipe_number_to_text    (double             number);
