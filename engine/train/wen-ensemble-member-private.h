/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One member of an ensemble while that is trained. */

#pragma once

#include "wen-ensemble-rows-private.h"
#include "wen-recipe.h"

typedef enum
{
  WEN_ENSEMBLE_MEMBER_WAITS,
  WEN_ENSEMBLE_MEMBER_TRAINED,
  WEN_ENSEMBLE_MEMBER_NO_TIME,
  WEN_ENSEMBLE_MEMBER_FAILED,   /* diverged, or too large for the memory */
} WenEnsembleMemberState;

typedef struct
{
  char                  *entry;        /* of the recipe's ensemble.members */
  WenRecipe             *recipe;
  const char            *preset;       /* interned */
  gboolean               is_fast;      /* trained once more, with all rows */
  double                 cost;         /* of one training, to compare members by */
  WenEnsembleMemberState state;

  GPtrArray             *classifiers;  /* of WenClassifier */
  GArray                *weights;      /* of double: of each classifier */
  WenOpinion             opinion;
  float                 *unseen;       /* [n_rows][n_labels]: of classifiers that had not seen the row */
  guint                 *n_unseen;     /* [n_rows]: how many had not */
  double                 accuracy;     /* on rows that were not seen */
  double                 loss;
  double                 seconds;
  double                 share;        /* of the decision */
} WenEnsembleMember;

WenEnsembleMember *wen_ensemble_member_new     (const WenRecipe        *ensemble,
                                                const char             *entry,
                                                const WenEnsembleRows  *rows,
                                                GError                **error);
void               wen_ensemble_member_free    (WenEnsembleMember      *self);
void               wen_ensemble_member_forget  (WenEnsembleMember      *self);
/* Presets that are worth a try with such rows, in the order in which they are tried.
 * (transfer full) */
char             **wen_ensemble_choose_members (const WenEnsembleRows  *rows);
/* Share of the characters that are Chinese, of the first texts. */
double             wen_ensemble_get_chinese_share (const WenEnsembleRows *rows);
/* How many folds are left out in turn, and how many times a member is trained in all. */
guint              wen_ensemble_count_used_folds (const WenRecipe       *ensemble,
                                                  gsize                  n_rows);
guint              wen_ensemble_count_trainings  (const WenRecipe       *ensemble,
                                                  const WenRecipe       *member,
                                                  gsize                  n_rows);
