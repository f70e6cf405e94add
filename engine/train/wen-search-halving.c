/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a search does next.
 *
 * DESIGN: each trial is measured first with a part of the rows (rung 1); of those of its
 * family that were measured there, the best third is measured again with three times as
 * many, and so on up to all rows.  A trial goes up as soon as it belongs to the best third,
 * or is the best of fewer than three: a search that is stopped at any time has something
 * to show, and needs no plan of how many trials there will be.
 *
 * Families compete on the last rung only.  With few rows simple ones nearly always win,
 * and others would never get to where they are better.
 *
 * By number of trials, the presets come first; after them every other trial is drawn from
 * the family that leads, and the rest from all families alike.  Nothing looks at a clock,
 * or draws by chance that the seed does not decide, so such a search can be repeated.
 *
 * By time, the next trial is of the family that had least of it, that of the leader
 * counting half: a hundred linear models take as long as one Transformer.  The presets of
 * a family come first.  What would not end within the budget is not begun.
 *
 * Sources: Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
 * hyperparameter optimization"; Li et al. 2018, "Hyperband"; Li et al. 2020, "A system for
 * massively parallel hyperparameter tuning", on promoting without waiting for a rung to
 * be full. */

#include "config.h"

#include "wen-search-halving-private.h"

#include <math.h>
#include <string.h>

#include "wen-random-private.h"

/* Stream of the random numbers that choose families. */
#define FAMILY_STREAM (G_GUINT64_CONSTANT (3) << 45)

/* Takes the recipe. */
WenSearchRecord *
wen_search_record_new (WenRecipe *recipe,
                       guint      number,
                       gboolean   is_preset)
{
  WenSearchRecord *self = g_new0 (WenSearchRecord, 1);

  self->trial = g_new (WenSearchTrial, 1);
  *self->trial = (WenSearchTrial) {
    .number = number,
    .recipe = recipe,
    .is_preset = is_preset,
    .state = WEN_SEARCH_STATE_WAITING,
    .score = NAN,
    .accuracy = NAN,
    .macro_f1 = NAN,
  };
  return self;
}

void
wen_search_record_free (WenSearchRecord *self)
{
  wen_search_trial_free (self->trial);
  g_free (self);
}

void
wen_search_record_measured (WenSearchRecord            *self,
                            const WenSearchMeasurement *measurement,
                            guint                       n_rungs)
{
  WenSearchTrial *trial = self->trial;

  self->scores[measurement->rung - 1] = measurement->score;
  self->seconds[measurement->rung - 1] = measurement->seconds;
  trial->rung = measurement->rung;
  trial->n_rows = measurement->n_rows;
  trial->score = measurement->score;
  trial->accuracy = measurement->accuracy;
  trial->macro_f1 = measurement->macro_f1;
  trial->seconds += measurement->seconds;
  trial->n_parameters = measurement->n_parameters;
  trial->state = measurement->rung == n_rungs ? WEN_SEARCH_STATE_FINISHED : WEN_SEARCH_STATE_WAITING;
}

void
wen_search_record_failed (WenSearchRecord *self,
                          WenSearchState   state,
                          const char      *message)
{
  self->trial->state = state;
  g_free (self->trial->message);
  self->trial->message = g_strdup (message);
}

static gboolean
is_of_family (const WenSearchRecord *record,
              const char            *family)
{
  return strcmp (record->trial->recipe->family, family) == 0;
}

/* Whether a comes before b among those of a rung (from 1). */
static gboolean
is_better (const WenSearchRecord *a,
           const WenSearchRecord *b,
           guint                  rung)
{
  double left = a->scores[rung - 1];
  double right = b->scores[rung - 1];

  return left > right || (left == right && a->trial->number < b->trial->number);
}

/* Whether a record belongs to the best of its family on its rung, and is to go on. */
gboolean
wen_search_halving_goes_on (const WenSearchPlan   *plan,
                            GPtrArray             *records,
                            const WenSearchRecord *record)
{
  guint rung = record->trial->rung;
  guint n_measured = 0;
  guint n_better = 0;

  if (rung == 0 || rung >= plan->n_rungs || record->trial->state == WEN_SEARCH_STATE_FAILED
      || record->trial->state == WEN_SEARCH_STATE_SKIPPED)
    return FALSE;
  for (guint i = 0; i < records->len; i++)
    {
      const WenSearchRecord *other = g_ptr_array_index (records, i);

      if (other->trial->rung >= rung && is_of_family (other, record->trial->recipe->family))
        {
          n_measured++;
          n_better += is_better (other, record, rung);
        }
    }
  return n_better < MAX (1, n_measured / WEN_SEARCH_ETA);
}

/* The one nearest to the last rung; of several there, the best. (nullable) */
static WenSearchRecord *
find_promoted (const WenSearchPlan *plan,
               GPtrArray           *records,
               double               remaining_seconds)
{
  WenSearchRecord *best = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      WenSearchRecord *record = g_ptr_array_index (records, i);
      guint rung = record->trial->rung;

      if (wen_search_halving_goes_on (plan, records, record)
          && record->seconds[rung - 1] * WEN_SEARCH_ETA <= remaining_seconds
          && (best == NULL || rung > best->trial->rung
              || (rung == best->trial->rung && is_better (record, best, rung))))
        best = record;
    }
  return best;
}

/* Whether a trial of the family may end in time: whether the quickest so far would. */
static gboolean
fits_time (GPtrArray  *records,
           const char *family,
           double      remaining_seconds)
{
  double least_seconds = INFINITY;

  for (guint i = 0; i < records->len; i++)
    {
      const WenSearchRecord *record = g_ptr_array_index (records, i);

      if (record->seconds[0] > 0 && is_of_family (record, family))
        least_seconds = MIN (least_seconds, record->seconds[0]);
    }
  return isinf (least_seconds) || least_seconds <= remaining_seconds;
}

static gboolean
was_tried (GPtrArray  *records,
           const char *preset)
{
  for (guint i = 0; i < records->len; i++)
    {
      const WenSearchTrial *trial = ((WenSearchRecord *) g_ptr_array_index (records, i))->trial;

      if (trial->is_preset && strcmp (trial->recipe->preset, preset) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The first preset that was not tried yet, of one family or, where that is NULL, of all.
 * (nullable) */
static const char *
find_preset (const WenSearchPlan *plan,
             GPtrArray           *records,
             const char          *family)
{
  for (guint i = 0; i < plan->presets->len; i++)
    {
      const char *preset = g_ptr_array_index (plan->presets, i);
      g_autoptr (WenRecipe) recipe = wen_recipe_new_preset (preset, NULL);

      if ((family == NULL || strcmp (recipe->family, family) == 0) && !was_tried (records, preset))
        return preset;
    }
  return NULL;
}

/* By number of trials: the leader's family every other time, else any. */
static const char *
choose_family (const WenSearchPlan *plan,
               GPtrArray           *records)
{
  const WenSearchRecord *best = wen_search_halving_find_best (records);
  guint number = records->len + 1;
  guint n_families = g_strv_length ((char **) plan->families);

  if (number % 2 == 0 && best != NULL)
    return best->trial->recipe->family;
  return plan->families[wen_random_u64 (plan->seed, FAMILY_STREAM, number) % n_families];
}

/* What a family has had of the budget. */
static double
add_seconds (GPtrArray  *records,
             const char *family,
             guint      *n_trials)
{
  const WenSearchRecord *best = wen_search_halving_find_best (records);
  double seconds = 0;

  *n_trials = 0;
  for (guint i = 0; i < records->len; i++)
    {
      const WenSearchRecord *record = g_ptr_array_index (records, i);

      if (is_of_family (record, family))
        {
          seconds += record->trial->seconds;
          (*n_trials)++;
        }
    }
  return best != NULL && is_of_family (best, family) ? seconds / 2 : seconds;
}

/* By time: the family that had least of it.  NULL where none is left that fits. */
static const char *
choose_family_by_time (const WenSearchPlan *plan,
                       GPtrArray           *records,
                       double               remaining_seconds)
{
  const char *chosen = NULL;
  double least_seconds = INFINITY;

  for (gsize i = 0; plan->families[i] != NULL; i++)
    {
      guint n_trials;
      double seconds = add_seconds (records, plan->families[i], &n_trials);

      if (seconds < least_seconds && n_trials < WEN_SEARCH_MOST_DRAWS
          && fits_time (records, plan->families[i], remaining_seconds))
        {
          least_seconds = seconds;
          chosen = plan->families[i];
        }
    }
  return chosen;
}

/* remaining_seconds: of the budget; INFINITY without one.  With both a number of trials and
 * a budget, the number is what counts. */
WenSearchStep
wen_search_halving_next (const WenSearchPlan *plan,
                         GPtrArray           *records,
                         double               remaining_seconds)
{
  WenSearchStep step = { .record = find_promoted (plan, records, remaining_seconds) };

  if (step.record != NULL)
    return step;
  if (plan->n_trials == 0)
    {
      step.family = choose_family_by_time (plan, records, remaining_seconds);
      if (step.family != NULL)
        step.preset = find_preset (plan, records, step.family);
    }
  else if (records->len < plan->n_trials)
    {
      step.preset = find_preset (plan, records, NULL);
      if (step.preset == NULL)
        step.family = choose_family (plan, records);
    }
  return step;
}

/* The best of the highest rung that any trial reached. (nullable) */
WenSearchRecord *
wen_search_halving_find_best (GPtrArray *records)
{
  WenSearchRecord *best = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      WenSearchRecord *record = g_ptr_array_index (records, i);
      guint rung = record->trial->rung;

      if (rung > 0 && record->trial->state != WEN_SEARCH_STATE_FAILED
          && record->trial->state != WEN_SEARCH_STATE_SKIPPED
          && (best == NULL || rung > best->trial->rung
              || (rung == best->trial->rung && is_better (record, best, rung))))
        best = record;
    }
  return best;
}
