/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All that is checked and laid out before the first trial of a search. */

#include "config.h"

#include "wen-search-setup-private.h"

#include <string.h>

#include "wen-i18n-private.h"
#include "wen-search-space-private.h"

/* With fewer rows a rung would tell little, and is left out. */
#define LEAST_RUNG_ROWS 300
/* Fewer rows tell nothing at all. */
#define LEAST_ROWS 20

void
wen_search_setup_clear (WenSearchSetup *self)
{
  g_clear_pointer (&self->plan.presets, g_ptr_array_unref);
  g_clear_pointer (&self->holdout, wen_holdout_free);
  g_clear_pointer (&self->parts, g_free);
}

static gboolean
check_labels (WenSearchSetup          *self,
              WenDataset              *dataset,
              const WenSearchOptions  *options,
              GError                 **error)
{
  self->goal_label = WEN_NO_LABEL;
  for (guint label = 0; label < wen_dataset_get_n_labels (dataset); label++)
    if (wen_dataset_count_label (dataset, label, WEN_SPLIT_TRAIN) == 0
        && wen_dataset_count_label (dataset, label, WEN_SPLIT_VALIDATION) > 0)
      {
        g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_NO_TRAINING_ROWS,
                     _ ("The label “%s” has rows for validation, but none for training: add rows, or merge it with "
                        "another label."),
                     wen_dataset_get_label_name (dataset, label));
        return FALSE;
      }
  if (options->goal != WEN_SEARCH_GOAL_LABEL_F1)
    return TRUE;
  for (guint label = 0; label < wen_dataset_get_n_labels (self->holdout->pool); label++)
    if (g_strcmp0 (wen_dataset_get_label_name (self->holdout->pool, label), options->label) == 0)
      self->goal_label = label;
  if (self->goal_label == WEN_NO_LABEL)
    g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_UNKNOWN_LABEL,
                 _ ("The goal is the label “%s”, which no row for training or validation has."),
                 options->label != NULL ? options->label : "");
  return self->goal_label != WEN_NO_LABEL;
}

static gboolean
check_families (const WenSearchOptions  *options,
                GError                 **error)
{
  const char *const *all = wen_search_list_families ();

  for (gsize i = 0; options->families != NULL && options->families[i] != NULL; i++)
    if (!g_strv_contains (all, options->families[i]))
      {
        g_autofree char *names = g_strjoinv (", ", (char **) all);

        g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_UNKNOWN_FAMILY,
                     _ ("There is no family “%s” to search: choose some of %s."), options->families[i], names);
        return FALSE;
      }
  return TRUE;
}

static gboolean
check_rows (WenSearchSetup  *self,
            GError         **error)
{
  gsize n_rows = wen_dataset_get_n_rows (self->holdout->pool);

  if (n_rows >= LEAST_ROWS)
    return TRUE;
  g_set_error (error, WEN_SEARCH_ERROR, WEN_SEARCH_ERROR_TOO_FEW_ROWS,
               _ ("There are only %zu rows for training and validation, too few to tell good settings from bad ones: "
                  "add rows until there are %d."),
               n_rows, LEAST_ROWS);
  return FALSE;
}

/* Whether training with some parts makes sense: enough rows, of two labels at least. */
static gboolean
is_rung (WenSearchSetup *self,
         guint           n_parts)
{
  WenDataset *pool = self->holdout->pool;
  guint first_label = WEN_NO_LABEL;
  gboolean has_two_labels = FALSE;
  gsize n_rows = 0;

  for (gsize row = 0; row < wen_dataset_get_n_rows (pool); row++)
    if (self->parts[row] < n_parts)
      {
        guint label = wen_dataset_get_label (pool, row);

        n_rows++;
        if (first_label == WEN_NO_LABEL)
          first_label = label;
        has_two_labels |= label != first_label;
      }
  return n_rows >= LEAST_RUNG_ROWS && has_two_labels;
}

static void
find_rungs (WenSearchSetup *self)
{
  for (guint n_parts = 1; n_parts < WEN_SEARCH_N_PARTS; n_parts *= WEN_SEARCH_ETA)
    if (is_rung (self, n_parts))
      self->n_rung_parts[self->plan.n_rungs++] = n_parts;
  self->n_rung_parts[self->plan.n_rungs++] = WEN_SEARCH_N_PARTS;
}

/* FALSE where a search makes no sense, and what was laid out by then is to be cleared.
 * options stay valid as long as self. */
gboolean
wen_search_setup_init (WenSearchSetup          *self,
                       WenDataset              *dataset,
                       const WenRecipe         *base,
                       const WenSearchOptions  *options,
                       GCancellable            *cancellable,
                       GError                 **error)
{
  if (!wen_recipe_validate (base, error) || !check_families (options, error))
    return FALSE;
  self->holdout = wen_holdout_new (dataset, base->seed, cancellable, error);
  if (self->holdout == NULL || !check_rows (self, error) || !check_labels (self, dataset, options, error))
    return FALSE;
  self->parts = wen_holdout_make_parts (self->holdout, options->seed, WEN_SEARCH_N_PARTS, cancellable, error);
  if (self->parts == NULL)
    return FALSE;

  self->plan.families = options->families != NULL && options->families[0] != NULL
                          ? (const char *const *) options->families
                          : wen_search_list_families ();
  self->plan.presets = wen_search_space_list_presets (self->plan.families);
  self->plan.n_trials = options->n_trials;
  self->plan.seed = options->seed;
  find_rungs (self);
  return TRUE;
}
