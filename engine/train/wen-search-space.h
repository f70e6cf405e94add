/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-recipe.h"

G_BEGIN_DECLS

/**
 * WenSearchScale:
 * @WEN_SEARCH_SCALE_LINEAR: any number between two, each as likely
 * @WEN_SEARCH_SCALE_LOGARITHMIC: any number between two, each power of ten as likely
 * @WEN_SEARCH_SCALE_CHOICE: one of a few values, each as likely
 *
 * How a search draws the values of a setting.
 */
typedef enum
{
  WEN_SEARCH_SCALE_LINEAR,
  WEN_SEARCH_SCALE_LOGARITHMIC,
  WEN_SEARCH_SCALE_CHOICE,
} WenSearchScale;

typedef struct _WenSearchDimension WenSearchDimension;

/**
 * WenSearchDimension:
 * @key: the setting, such as "model.dropout"
 * @scale: how its values are drawn
 * @minimum: the least value; not of a choice
 * @maximum: the greatest value; not of a choice
 * @values: (array zero-terminated=1) (nullable): the values of a choice, as wen_recipe_set() takes them
 *
 * One setting that a search varies.
 */
struct _WenSearchDimension
{
  const char         *key;
  WenSearchScale      scale;
  double              minimum;
  double              maximum;
  const char * const *values;
};

/* Families that this library can train, the quickest first. */
WEN_API
const char * const       *wen_search_list_families   (void);
WEN_API
const WenSearchDimension *wen_search_list_dimensions (const char *family,
                                                      gsize      *n_dimensions);

G_END_DECLS
