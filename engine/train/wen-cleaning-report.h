/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-dataset.h"

G_BEGIN_DECLS

typedef struct _WenStepEffect WenStepEffect;

/**
 * WenStepEffect:
 * @n_changed: texts that the step changes
 * @n_left_out: rows of which nothing is learned because of it
 * @n_gave_up: texts on which a pattern took too long
 * @example_row: a row of the dataset that it changes, or leaves out, if there is any
 * @example_before: (nullable): its text before the step, or `NULL` where there is none
 * @example_after: (nullable): its text after it
 *
 * What one cleaning step does to some rows.
 */
struct _WenStepEffect
{
  guint64  n_changed;
  guint64  n_left_out;
  guint64  n_gave_up;
  gsize    example_row;
  char    *example_before;
  char    *example_after;
};

#define WEN_TYPE_CLEANING_REPORT (wen_cleaning_report_get_type ())

typedef struct _WenCleaningReport WenCleaningReport;

/**
 * WenCleaningReport:
 * @n_rows: rows that were looked at
 * @n_effects: how many steps there are
 * @effects: (array length=n_effects): what each step does, in the order of the steps
 *
 * What cleaning does to a table, step by step.
 */
struct _WenCleaningReport
{
  guint64        n_rows;
  gsize          n_effects;
  WenStepEffect *effects;
};

WEN_API
GType              wen_cleaning_report_get_type (void) G_GNUC_CONST;
WEN_API
WenCleaningReport *wen_cleaning_report_new      (WenDataset          *dataset,
                                                 const char * const  *entries,
                                                 const gboolean      *is_on,
                                                 gsize                maximum_rows,
                                                 guint                n_threads,
                                                 WenProgressFunc      progress,
                                                 gpointer             user_data,
                                                 GCancellable        *cancellable,
                                                 GError             **error);
WEN_API
WenCleaningReport *wen_cleaning_report_copy     (WenCleaningReport   *self);
WEN_API
void               wen_cleaning_report_free     (WenCleaningReport   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenCleaningReport, wen_cleaning_report_free)

G_END_DECLS
