/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-classifier.h"
#include "wen-dataset.h"

G_BEGIN_DECLS

#define WEN_TYPE_EVALUATION (wen_evaluation_get_type ())

/* All figures of a classifier on labelled rows, and what it said of each row.  Immutable. */
WEN_API
G_DECLARE_FINAL_TYPE (WenEvaluation, wen_evaluation, WEN, EVALUATION, GObject)

#define WEN_EVALUATION_ERROR (wen_evaluation_error_quark ())
WEN_API
GQuark wen_evaluation_error_quark (void);
typedef enum
{
  WEN_EVALUATION_ERROR_NO_ROWS,
} WenEvaluationError;

typedef struct _WenEvaluatedRow WenEvaluatedRow;
struct _WenEvaluatedRow
{
  gint64 row_id;
  guint  label;           /* true one, as index of the evaluation's labels */
  guint  predicted;
  float  probability;     /* of the predicted label */
  float  label_probability; /* of the true one; -1 when training never saw that label */
};

typedef struct _WenLabelFigures WenLabelFigures;
struct _WenLabelFigures
{
  guint64 n_rows;         /* support: rows that have this label */
  guint64 n_predicted;
  guint64 n_correct;
  double  precision;      /* 0 when nothing was predicted */
  double  recall;
  double  f1;
};

/* Runs the classifier over the rows of one split.  Labels that training never saw are appended to the labels and count as wrong. */
WEN_API
WenEvaluation         *wen_evaluation_new              (WenClassifier        *classifier,
                                                        WenDataset           *dataset,
                                                        WenSplit              split,
                                                        GCancellable         *cancellable,
                                                        GError              **error);
/* From stored predictions.  majority_label: commonest label of the training rows. */
WEN_API
WenEvaluation         *wen_evaluation_new_from_rows    (const char * const    *labels,
                                                        guint                  majority_label,
                                                        const WenEvaluatedRow *rows,
                                                        gsize                  n_rows);
WEN_API
gsize                  wen_evaluation_get_n_rows       (WenEvaluation        *self);
WEN_API
const WenEvaluatedRow *wen_evaluation_get_rows         (WenEvaluation        *self,
                                                        gsize                *n_rows);
WEN_API
guint                  wen_evaluation_get_n_labels     (WenEvaluation        *self);
WEN_API
const char            *wen_evaluation_get_label        (WenEvaluation        *self,
                                                        guint                 label);
WEN_API
double                 wen_evaluation_get_loss         (WenEvaluation        *self);
WEN_API
double                 wen_evaluation_get_accuracy     (WenEvaluation        *self);
WEN_API
guint64                wen_evaluation_get_n_correct    (WenEvaluation        *self);
/* Always guessing the commonest label of the training rows: which, and what share of these rows that gets right. */
WEN_API
guint                  wen_evaluation_get_majority_label    (WenEvaluation   *self);
WEN_API
double                 wen_evaluation_get_majority_accuracy (WenEvaluation   *self);
WEN_API
void                   wen_evaluation_get_label_figures (WenEvaluation       *self,
                                                        guint                 label,
                                                        WenLabelFigures      *figures);
WEN_API
double                 wen_evaluation_get_macro_precision (WenEvaluation     *self);
WEN_API
double                 wen_evaluation_get_macro_recall  (WenEvaluation       *self);
WEN_API
double                 wen_evaluation_get_macro_f1      (WenEvaluation       *self);
WEN_API
double                 wen_evaluation_get_weighted_precision (WenEvaluation  *self);
WEN_API
double                 wen_evaluation_get_weighted_recall (WenEvaluation     *self);
WEN_API
double                 wen_evaluation_get_weighted_f1   (WenEvaluation       *self);
/* Rows with this true label for which that label was predicted. */
WEN_API
guint64                wen_evaluation_get_confusion     (WenEvaluation       *self,
                                                        guint                 label,
                                                        guint                 predicted);
/* One JSON object with every figure above. */
WEN_API
char                  *wen_evaluation_to_json           (WenEvaluation       *self);

G_END_DECLS
