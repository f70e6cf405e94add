/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The rows that an ensemble learns from: which of them a classifier sees, and what it says
 * of the others. */

#pragma once

#include "wen-classifier.h"
#include "wen-committee-private.h"
#include "wen-dataset.h"

/* No fold is measured with more rows than this. */
#define WEN_ENSEMBLE_MOST_FITTED_ROWS 50000

typedef struct
{
  WenDataset *dataset;   /* rows of the training and validation splits, all for training */
  gsize       n_rows;
  guint       n_labels;
  GPtrArray  *labels;    /* of strings */
  gsize      *origins;   /* [n_rows]: rows of the dataset that they come from */
  guint8     *parts;     /* [n_rows]: small parts that are drawn whole, see n_parts */
  guint       n_parts;
  guint8     *halves;    /* [n_rows]: 0 or 1 */
  gboolean   *is_validation; /* [n_rows]: was in the validation split */
  char       *fingerprint;
} WenEnsembleRows;

/* Rows that a classifier learns from, and how much each counts. */
typedef struct
{
  WenDataset *dataset;
  GArray     *rows;      /* of gsize: of the ensemble's rows, by row of the dataset */
} WenEnsembleSelection;

WenEnsembleRows *wen_ensemble_rows_new       (WenDataset             *dataset,
                                              guint64                 seed,
                                              GCancellable           *cancellable,
                                              GError                **error);
void             wen_ensemble_rows_free      (WenEnsembleRows        *self);
/* counts: [n_rows]: how many times each row is there. */
void             wen_ensemble_rows_select    (const WenEnsembleRows  *self,
                                              const guint8           *counts,
                                              WenEnsembleSelection   *selection);
void             wen_ensemble_selection_clear (WenEnsembleSelection  *self);
/* Whether the rows that are there have two labels or more. */
gboolean         wen_ensemble_rows_can_teach (const WenEnsembleRows  *self,
                                              const guint8           *counts);
/* Adds weight times what the classifier says of the rows that are asked for. */
gboolean         wen_ensemble_rows_predict   (const WenEnsembleRows  *self,
                                              const gboolean         *is_asked,
                                              WenClassifier          *classifier,
                                              WenOpinion              opinion,
                                              double                  weight,
                                              float                  *probabilities,
                                              GCancellable           *cancellable,
                                              GError                **error);
/* How good probabilities are on the rows that are asked for: the share of right ones, and
 * the mean cross-entropy. */
double           wen_ensemble_rows_measure   (const WenEnsembleRows  *self,
                                              const gboolean         *is_asked,
                                              const float            *probabilities,
                                              double                 *loss);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WenEnsembleRows, wen_ensemble_rows_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenEnsembleSelection, wen_ensemble_selection_clear)
