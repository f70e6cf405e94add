/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an ensemble tells about its training. */

#pragma once

#include "wen-ensemble-member-private.h"
#include "wen-ensemble-record.h"
#include "wen-trainer.h"

char *wen_ensemble_record_write (const WenTrainingSummary *summary,
                                 const WenEnsembleRows    *rows,
                                 GPtrArray                *members,
                                 guint                     n_deciding,
                                 WenCombination            combination,
                                 gboolean                  is_automatic);
