/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a search is asked for, and what it tells: its options, and its trials. */

#include "config.h"

#include "wen-search.h"

GType
wen_search_options_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("WenSearchOptions",
                                                            (GBoxedCopyFunc) wen_search_options_copy,
                                                            (GBoxedFreeFunc) wen_search_options_free));
  return type;
}

GType
wen_search_trial_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("WenSearchTrial",
                                                            (GBoxedCopyFunc) wen_search_trial_copy,
                                                            (GBoxedFreeFunc) wen_search_trial_free));
  return type;
}

/**
 * wen_search_options_new:
 *
 * Makes options for a search of all families for the best accuracy, without a budget.
 *
 * Returns: (transfer full): options
 */
WenSearchOptions *
wen_search_options_new (void)
{
  WenSearchOptions *self = g_new0 (WenSearchOptions, 1);

  self->seed = 42;
  return self;
}

/**
 * wen_search_options_copy:
 * @self: options
 *
 * Copies options with all that belongs to them.
 *
 * Returns: (transfer full): the copy
 */
WenSearchOptions *
wen_search_options_copy (const WenSearchOptions *self)
{
  WenSearchOptions *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->label = g_strdup (self->label);
  copy->families = g_strdupv (self->families);
  return copy;
}

/**
 * wen_search_options_free:
 * @self: (transfer full): options
 *
 * Frees options with all that belongs to them.
 */
void
wen_search_options_free (WenSearchOptions *self)
{
  g_free (self->label);
  g_strfreev (self->families);
  g_free (self);
}

/**
 * wen_search_trial_copy:
 * @self: a trial
 *
 * Copies a trial with its recipe.
 *
 * Returns: (transfer full): the copy
 */
WenSearchTrial *
wen_search_trial_copy (const WenSearchTrial *self)
{
  WenSearchTrial *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->recipe = wen_recipe_copy (self->recipe);
  copy->message = g_strdup (self->message);
  return copy;
}

/**
 * wen_search_trial_free:
 * @self: (transfer full): a trial
 *
 * Frees a trial with its recipe.
 */
void
wen_search_trial_free (WenSearchTrial *self)
{
  wen_recipe_free (self->recipe);
  g_free (self->message);
  g_free (self);
}
