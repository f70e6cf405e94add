/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier tells about its training. */

#pragma once

#include <json-glib/json-glib.h>

#include "wen-trainer.h"
#include "wen-training-set-private.h"

void  wen_training_record_add   (JsonBuilder              *builder,
                                 const WenTrainingSummary *summary,
                                 const char               *majority_label);
char *wen_training_record_write (const WenTrainingSummary *summary,
                                 const WenTrainingSet     *set);
