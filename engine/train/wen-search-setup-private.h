/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All that is checked and laid out before the first trial of a search. */

#pragma once

#include "wen-holdout-private.h"
#include "wen-search-halving-private.h"

/* The rungs are cut from so many parts of the rows: 1, 3 and all 9 of them. */
#define WEN_SEARCH_N_PARTS 9

typedef struct
{
  WenSearchPlan  plan;
  WenHoldout    *holdout;
  guint8        *parts;                              /* of the rows of its pool */
  guint          n_rung_parts[WEN_SEARCH_MOST_RUNGS]; /* [plan.n_rungs] */
  guint          goal_label;                         /* of WEN_SEARCH_GOAL_LABEL_F1 */
} WenSearchSetup;

gboolean wen_search_setup_init  (WenSearchSetup          *self,
                                 WenDataset              *dataset,
                                 const WenRecipe         *base,
                                 const WenSearchOptions  *options,
                                 GCancellable            *cancellable,
                                 GError                 **error);
void     wen_search_setup_clear (WenSearchSetup          *self);
