/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One trial of a search, for lists. */

#include "config.h"

#include "wen-trial-item.h"

#include "wen-setting-row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _WenTrialItem
{
  GObject         parent_instance;

  WenSearchTrial *trial;
};

G_DEFINE_FINAL_TYPE (WenTrialItem, wen_trial_item, G_TYPE_OBJECT)

static void
wen_trial_item_finalize (GObject *object)
{
  wen_search_trial_free (WEN_TRIAL_ITEM (object)->trial);

  G_OBJECT_CLASS (wen_trial_item_parent_class)->finalize (object);
}

static void
wen_trial_item_class_init (WenTrialItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = wen_trial_item_finalize;
}

static void
wen_trial_item_init (WenTrialItem *self)
{
}

/* Copies the trial. */
WenTrialItem *
wen_trial_item_new (const WenSearchTrial *trial)
{
  WenTrialItem *self = g_object_new (WEN_TYPE_TRIAL_ITEM, NULL);

  self->trial = wen_search_trial_copy (trial);
  return self;
}

const WenSearchTrial *
wen_trial_item_get_trial (WenTrialItem *self)
{
  return self->trial;
}

/* What a search varies of this family, with the values of the trial. */
char *
wen_trial_item_describe_settings (WenTrialItem *self)
{
  gsize n_dimensions;
  const WenSearchDimension *dimensions = wen_search_list_dimensions (self->trial->recipe->family, &n_dimensions);
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < n_dimensions; i++)
    {
      const WenSetting *setting = wen_recipe_find_setting (dimensions[i].key);
      g_autofree char *value = wen_recipe_get (self->trial->recipe, dimensions[i].key);

      if (dimensions[i].scale != WEN_SEARCH_SCALE_CHOICE)
        {
          double number = g_ascii_strtod (value, NULL);

          g_free (value);
          value = g_strdup_printf ("%.3g", number);
        }
      g_ptr_array_add (parts, g_strdup_printf ("%s: %s", _(setting->title), wen_setting_row_name_value (setting, value)));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

const char *
wen_trial_item_describe_state (WenTrialItem *self)
{
  switch (self->trial->state)
    {
    case WEN_SEARCH_STATE_WAITING:
      return _("Waits for more rows");
    case WEN_SEARCH_STATE_RUNNING:
      return _("Trains now");
    case WEN_SEARCH_STATE_FINISHED:
      return _("Tried with all rows");
    case WEN_SEARCH_STATE_DROPPED:
      return _("Others were better");
    case WEN_SEARCH_STATE_SKIPPED:
      return _("Left out");
    case WEN_SEARCH_STATE_FAILED:
    default:
      return _("Not finished");
    }
}

/* The best first: those tried with more rows, whose figures are worth more, before others. */
int
wen_trial_item_compare (WenTrialItem *a,
                        WenTrialItem *b)
{
  double first = isnan (a->trial->score) ? -1 : a->trial->rung + a->trial->score / 2;
  double second = isnan (b->trial->score) ? -1 : b->trial->rung + b->trial->score / 2;

  if (first != second)
    return first < second ? 1 : -1;
  return (a->trial->number > b->trial->number) - (a->trial->number < b->trial->number);
}
