/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What cleaning does to a table, step by step.
 *
 * DESIGN: each step sees what the steps before it leave, as in training.  A step that
 * is off shows what it would do, and passes its text on untouched.  Workers take blocks
 * of rows; sums and the choice of an example do not depend on who took which. */

#include "config.h"

#include "wen-cleaning-report.h"

#include <string.h>

#include "wen-cleaner.h"
#include "wen-row-sample-private.h"
#include "wen-worker-pool-private.h"

#define BLOCK_ROWS 64

/* An example is looked at by a person: a short text says more than a long one. */
#define GOOD_EXAMPLE_BYTES 240

typedef struct
{
  WenDataset      *dataset;
  GArray          *rows;      /* of gsize */
  GPtrArray       *cleaners;  /* of WenCleaner, one for each step; NULL: the step is not looked at */
  const gboolean  *is_on;
  WenStepEffect  **effects;   /* [n_workers][n_steps] */
  gint             next_block;
  WenProgressFunc  progress;
  gpointer         user_data;
  GCancellable    *cancellable;
} Job;

GType
wen_cleaning_report_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static ("WenCleaningReport",
                                                            (GBoxedCopyFunc) wen_cleaning_report_copy,
                                                            (GBoxedFreeFunc) wen_cleaning_report_free));
  return type;
}

static void
effect_clear (WenStepEffect *effect)
{
  g_clear_pointer (&effect->example_before, g_free);
  g_clear_pointer (&effect->example_after, g_free);
}

static void
effects_free (WenStepEffect *effects,
              gsize          n_effects)
{
  for (gsize i = 0; i < n_effects; i++)
    effect_clear (&effects[i]);
  g_free (effects);
}

/* Whether one example says more than another: the first short one, or else the
 * shortest. */
static gboolean
is_better_example (gsize                row,
                   gsize                n_bytes,
                   const WenStepEffect *than)
{
  gsize n_than = than->example_before != NULL ? strlen (than->example_before) : G_MAXSIZE;
  gboolean is_good = n_bytes <= GOOD_EXAMPLE_BYTES;

  if (is_good != (n_than <= GOOD_EXAMPLE_BYTES))
    return is_good;
  if (!is_good && n_bytes != n_than)
    return n_bytes < n_than;
  return row < than->example_row;
}

static void
note_effect (WenStepEffect     *effect,
             gsize              row,
             const char        *before,
             const char        *after,
             WenCleaningOutcome outcome)
{
  gboolean is_changed = !g_str_equal (before, after);

  effect->n_changed += is_changed;
  effect->n_left_out += (outcome & WEN_CLEANING_LEFT_OUT) != 0;
  effect->n_gave_up += (outcome & WEN_CLEANING_GAVE_UP) != 0;
  if ((is_changed || (outcome & WEN_CLEANING_LEFT_OUT)) && is_better_example (row, strlen (before), effect))
    {
      effect_clear (effect);
      effect->example_row = row;
      effect->example_before = g_strdup (before);
      effect->example_after = g_strdup (after);
    }
}

static void
try_steps (Job           *job,
           WenStepEffect *effects,
           gsize          row)
{
  const char *typed = wen_dataset_get_text (job->dataset, row);
  g_autofree char *current = NULL;

  for (guint i = 0; i < job->cleaners->len; i++)
    {
      WenCleaner *cleaner = g_ptr_array_index (job->cleaners, i);
      const char *before = current != NULL ? current : typed;
      g_autofree char *after = NULL;
      WenCleaningOutcome outcome;

      if (cleaner == NULL)
        continue;
      after = wen_cleaner_clean_row (cleaner, before, &outcome);
      note_effect (&effects[i], row, before, after, outcome);
      /* A row that is left out is not there for the steps after it. */
      if (job->is_on[i] && (outcome & WEN_CLEANING_LEFT_OUT))
        break;
      if (job->is_on[i])
        {
          g_free (current);
          current = g_steal_pointer (&after);
        }
    }
}

static void
try_blocks (guint    worker,
            gpointer data)
{
  Job *job = data;

  while (!g_cancellable_is_cancelled (job->cancellable))
    {
      gsize first = (gsize) g_atomic_int_add (&job->next_block, 1) * BLOCK_ROWS;

      if (first >= job->rows->len)
        break;
      if (worker == 0 && job->progress != NULL)
        job->progress ((double) first / (double) job->rows->len, job->user_data);
      for (gsize i = first; i < MIN (first + BLOCK_ROWS, job->rows->len); i++)
        try_steps (job, job->effects[worker], g_array_index (job->rows, gsize, i));
    }
}

static void
add_effects (WenCleaningReport *self,
             WenStepEffect     *effects)
{
  for (gsize i = 0; i < self->n_effects; i++)
    {
      WenStepEffect *sum = &self->effects[i];

      sum->n_changed += effects[i].n_changed;
      sum->n_left_out += effects[i].n_left_out;
      sum->n_gave_up += effects[i].n_gave_up;
      if (effects[i].example_before != NULL
          && is_better_example (effects[i].example_row, strlen (effects[i].example_before), sum))
        {
          effect_clear (sum);
          sum->example_row = effects[i].example_row;
          sum->example_before = g_steal_pointer (&effects[i].example_before);
          sum->example_after = g_steal_pointer (&effects[i].example_after);
        }
    }
}

static void
unref_cleaner (gpointer cleaner)
{
  g_clear_object (&cleaner);
}

/* NULL for steps that are not looked at. */
static GPtrArray *
make_cleaners (const char *const *entries,
               const gboolean     *is_on,
               gboolean            also_off,
               GError            **error)
{
  g_autoptr (GPtrArray) cleaners = g_ptr_array_new_with_free_func (unref_cleaner);

  for (gsize i = 0; entries[i] != NULL; i++)
    {
      const char *const one[] = { entries[i], NULL };
      WenCleaner *cleaner = NULL;

      if (is_on[i] || also_off)
        {
          cleaner = wen_cleaner_new (one, error);
          if (cleaner == NULL)
            return NULL;
        }
      g_ptr_array_add (cleaners, cleaner);
    }
  return g_steal_pointer (&cleaners);
}

/**
 * wen_cleaning_report_new:
 * @dataset: rows that no longer change
 * @entries: (array zero-terminated=1): steps as a recipe has them, in their order
 * @is_on: (array): for each of @entries, whether it takes part; the others are tried,
 *   but leave the text as it is
 * @maximum_rows: how many rows to look at, evenly over the table; or 0 for all of them,
 *   and only for the steps that are on
 * @n_threads: how many cores to use; 0 for all
 * @progress: (scope call) (nullable): called now and then in this thread
 * @user_data: for @progress
 * @cancellable: (nullable): to stop it
 * @error: return location for an error
 *
 * Says what each step changes.
 *
 * Blocks; any thread may call it.  Sets the errors of wen_cleaner_new(), or
 * `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the report, or `NULL` with @error set
 */
WenCleaningReport *
wen_cleaning_report_new (WenDataset         *dataset,
                         const char *const  *entries,
                         const gboolean     *is_on,
                         gsize               maximum_rows,
                         guint               n_threads,
                         WenProgressFunc     progress,
                         gpointer            user_data,
                         GCancellable       *cancellable,
                         GError            **error)
{
  g_autoptr (WenCleaningReport) self = g_new0 (WenCleaningReport, 1);
  g_autoptr (GPtrArray) cleaners = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (WenWorkerPool) pool = NULL;
  Job job = { .dataset = dataset, .is_on = is_on, .progress = progress, .user_data = user_data, .cancellable = cancellable };
  guint n_workers;

  g_return_val_if_fail (WEN_IS_DATASET (dataset), NULL);
  g_return_val_if_fail (entries != NULL && is_on != NULL, NULL);

  cleaners = make_cleaners (entries, is_on, maximum_rows > 0, error);
  if (cleaners == NULL)
    return NULL;
  rows = wen_row_sample_new (dataset, maximum_rows);
  pool = wen_worker_pool_new (n_threads);
  n_workers = wen_worker_pool_get_n_workers (pool);
  self->n_rows = rows->len;
  self->n_effects = cleaners->len;
  self->effects = g_new0 (WenStepEffect, MAX (1, self->n_effects));

  job.cleaners = cleaners;
  job.rows = rows;
  job.effects = g_new (WenStepEffect *, n_workers);
  for (guint i = 0; i < n_workers; i++)
    job.effects[i] = g_new0 (WenStepEffect, MAX (1, self->n_effects));
  wen_worker_pool_run (pool, try_blocks, &job);
  for (guint i = 0; i < n_workers; i++)
    {
      add_effects (self, job.effects[i]);
      effects_free (job.effects[i], self->n_effects);
    }
  g_free (job.effects);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * wen_cleaning_report_copy:
 * @self: a report
 *
 * Copies a report with all that belongs to it.
 *
 * Returns: (transfer full): the copy
 */
WenCleaningReport *
wen_cleaning_report_copy (WenCleaningReport *self)
{
  WenCleaningReport *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->effects = g_memdup2 (self->effects, MAX (1, self->n_effects) * sizeof *self->effects);
  for (gsize i = 0; i < self->n_effects; i++)
    {
      copy->effects[i].example_before = g_strdup (self->effects[i].example_before);
      copy->effects[i].example_after = g_strdup (self->effects[i].example_after);
    }
  return copy;
}

/**
 * wen_cleaning_report_free:
 * @self: (transfer full): a report
 *
 * Frees a report with all that belongs to it.
 */
void
wen_cleaning_report_free (WenCleaningReport *self)
{
  effects_free (self->effects, self->n_effects);
  g_free (self);
}
