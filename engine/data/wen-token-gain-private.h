/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How much the commonest tokens tell about the label. */

#pragma once

#include "wen-dataset.h"

typedef struct
{
  char  *token;
  double gain;   /* nats */
  gsize  n_rows; /* in which it occurs, of those that were looked at */
} WenTokenGain;

double     wen_token_gain_entropy (const gsize *counts,
                                   gsize        n_counts);
GPtrArray *wen_token_gain_measure (WenDataset  *dataset,
                                   double      *entropy);
