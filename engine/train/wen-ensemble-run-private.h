/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The training of an ensemble, from rows to one classifier. */

#pragma once

#include "wen-training-run-private.h"

WenClassifier *wen_ensemble_job_run (const WenTrainingJob *self,
                                     WenTrainingSummary   *summary,
                                     GError              **error);
