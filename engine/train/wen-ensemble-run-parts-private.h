/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the files of the training of an ensemble share: see wen-ensemble-run.c. */

#pragma once

#include "wen-ensemble-run-private.h"

#include "wen-combiner-private.h"
#include "wen-ensemble-checkpoint-private.h"
#include "wen-ensemble-member-private.h"

/* Of training the student, by that of naive Bayes, for the progress. */
#define WEN_ENSEMBLE_STUDENT_COST 25

typedef struct
{
  const WenTrainingJob *job;           /* borrowed */
  WenTrainingSummary   *summary;       /* borrowed */
  WenEnsembleRows      *rows;
  GPtrArray            *members;       /* of WenEnsembleMember */
  gboolean              is_automatic;  /* the rows choose the members, and how they decide */
  guint                 n_folds;       /* 1: the validation rows are left out */
  guint                 n_used_folds;
  WenEnsembleCheckpoint state;
  guint                 n_replayed;    /* trainings that are in the checkpoint */
  guint                 n_resumed_points; /* of the curve, from the checkpoint */
  guint                 n_retold;      /* of those, how many were reported again */
  guint                 n_done;        /* trainings that are over */
  guint                 next_decision;
  guint                 n_points_before; /* of the curve, when the training that is on began */
  WenEnsembleMember    *current;       /* whose classifier is trained, or NULL for the student */
  double                done_cost;
  double                current_cost;
  double                whole_cost;
  guint                 n_trainings;   /* as far as is known */
  guint64               n_tokens;
  WenTrainingSummary    last;          /* of the last training that was not replayed */

  gint64                start_us;      /* when it would have begun, had it never been interrupted */
  gint64                next_checkpoint_us;
} WenEnsembleRun;

/* What all members that are trained say of rows that none of them had seen. */
typedef struct
{
  GPtrArray   *members;        /* of WenEnsembleMember, borrowed */
  GArray      *rows;           /* of gsize */
  float      **probabilities;  /* [members], each [rows][n_labels] */
  guint32     *labels;
  guint8      *halves;
} WenEnsembleCommon;

/* One way to decide, and what it says of rows that it was not fitted on. */
typedef struct
{
  GPtrArray   *members;  /* of WenEnsembleMember, borrowed */
  WenCombiner *combiner;
  float       *unseen;   /* [rows of common][n_labels] */
  double       accuracy;
  double       loss;
} WenEnsembleVerdict;

static inline gboolean
wen_ensemble_run_is_stopped (const WenEnsembleRun *run)
{
  return g_atomic_int_get (run->job->stops);
}

/* Of one training. */
WenClassifier *wen_ensemble_run_train         (WenEnsembleRun         *run,
                                               const WenRecipe        *recipe,
                                               WenDataset             *dataset,
                                               const WenTrainingAims  *aims,
                                               GError                **error);
gboolean       wen_ensemble_run_forgives      (const WenEnsembleRun   *run,
                                               const GError           *error);
gint64         wen_ensemble_run_get_clock     (WenEnsembleRun         *run);
void           wen_ensemble_run_report_unseen (WenEnsembleRun         *run,
                                               const gboolean         *is_asked,
                                               const float            *probabilities);

/* Of members: see wen-ensemble-run-members.c. */
gboolean wen_ensemble_run_train_member    (WenEnsembleRun     *run,
                                           guint               index,
                                           GError            **error);
void     wen_ensemble_run_conclude_member (WenEnsembleRun     *run,
                                           WenEnsembleMember  *member);

/* Of deciding together: see wen-ensemble-run-verdict.c. */
void           wen_ensemble_common_clear       (WenEnsembleCommon         *common);
void           wen_ensemble_run_collect_common (WenEnsembleRun            *run,
                                                WenEnsembleCommon         *common,
                                                GPtrArray                 *members);
void           wen_ensemble_verdict_clear      (WenEnsembleVerdict        *verdict);
void           wen_ensemble_run_decide         (WenEnsembleRun            *run,
                                                const WenEnsembleCommon   *common,
                                                WenEnsembleVerdict        *verdict);
WenClassifier *wen_ensemble_run_seat_committee (WenEnsembleRun            *run,
                                                WenEnsembleVerdict        *verdict,
                                                const char                *record);
WenClassifier *wen_ensemble_run_train_student  (WenEnsembleRun            *run,
                                                const WenEnsembleCommon   *common,
                                                const WenEnsembleVerdict  *verdict,
                                                GError                   **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenEnsembleCommon, wen_ensemble_common_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenEnsembleVerdict, wen_ensemble_verdict_clear)
