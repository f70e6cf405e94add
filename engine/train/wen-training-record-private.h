/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier tells about its training. */

#pragma once

#include "wen-trainer.h"
#include "wen-training-set-private.h"

char *wen_training_record_write (const WenTrainingSummary *summary,
                                 const WenTrainingSet     *set);
