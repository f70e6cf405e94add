/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Makes probabilities honest. */

#pragma once

#include "wen-batch-private.h"

double wen_calibrate (const WenBatch *texts,
                      float          *probabilities,
                      guint           n_labels);
