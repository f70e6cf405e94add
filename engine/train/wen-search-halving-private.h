/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a search does next: successive halving. */

#pragma once

#include "wen-search.h"

/* Of the trials of a rung, one in so many goes on to the next, with so many times the rows. */
#define WEN_SEARCH_ETA 3
#define WEN_SEARCH_MOST_RUNGS 3

/* Without a number of trials.  Of so many draws the best is with a probability of 0.99 among
 * the best 2.3 % of all settings; more would rather find what is good on the measured
 * rows by chance. */
#define WEN_SEARCH_MOST_DRAWS 200

/* A trial, and what it got on each rung. */
typedef struct
{
  WenSearchTrial *trial;
  double          scores[WEN_SEARCH_MOST_RUNGS];
  double          seconds[WEN_SEARCH_MOST_RUNGS];   /* or what was expected, where it was given up */
} WenSearchRecord;

/* What a trial got on one rung. */
typedef struct
{
  guint   rung;         /* from 1 */
  guint64 n_rows;
  double  score;
  double  accuracy;
  double  macro_f1;
  double  seconds;
  guint64 n_parameters;
} WenSearchMeasurement;

typedef struct
{
  const char *const *families;
  GPtrArray         *presets;   /* of names, in the order in which they are tried */
  guint              n_rungs;
  guint              n_trials;  /* 0: no limit */
  guint64            seed;
} WenSearchPlan;

/* The first of the three that is there, or nothing at the end. */
typedef struct
{
  WenSearchRecord *record;  /* goes on with more rows */
  const char      *preset;  /* a new trial with its settings */
  const char      *family;  /* a new trial with settings that are drawn */
} WenSearchStep;

WenSearchRecord *wen_search_record_new        (WenRecipe            *recipe,
                                               guint                 number,
                                               gboolean              is_preset);
void             wen_search_record_free       (WenSearchRecord      *self);
void             wen_search_record_measured   (WenSearchRecord      *self,
                                               const WenSearchMeasurement *measurement,
                                               guint                 n_rungs);
void             wen_search_record_failed     (WenSearchRecord      *self,
                                               WenSearchState        state,
                                               const char           *message);

WenSearchStep    wen_search_halving_next      (const WenSearchPlan  *plan,
                                               GPtrArray            *records,
                                               double                remaining_seconds);
gboolean         wen_search_halving_goes_on   (const WenSearchPlan  *plan,
                                               GPtrArray            *records,
                                               const WenSearchRecord *record);
WenSearchRecord *wen_search_halving_find_best (GPtrArray            *records);
