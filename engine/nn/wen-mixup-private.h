/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Mixtures of two texts, and the targets that go with them. */

#pragma once

#include <glib.h>

double wen_mixup_get_share     (double         shape,
                                guint64        seed,
                                guint64        step,
                                guint32        text);
gsize  wen_mixup_get_distance  (gsize          n_texts,
                                guint64        seed,
                                guint64        step);
void   wen_mix_rows_forward    (float         *mixed,
                                const float   *rows,
                                const guint32 *partners,
                                const float   *shares,
                                gsize          n_rows,
                                gsize          n_columns);
void   wen_mix_rows_backward   (float         *d_rows,
                                const float   *d_mixed,
                                const guint32 *partners,
                                const float   *shares,
                                gsize          n_rows,
                                gsize          n_columns);
