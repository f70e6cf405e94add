/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Predictions of labelled rows, counted. */

#pragma once

#include <glib.h>

typedef struct
{
  guint    n_labels;
  guint64  n_rows;
  guint64  n_correct;
  guint64 *n_label_rows;      /* [n_labels]: rows that have the label */
  guint64 *n_label_predicted; /* [n_labels]: rows for which it was predicted */
  guint64 *n_label_correct;   /* [n_labels] */
} WenTally;

void   wen_tally_init         (WenTally       *self,
                               guint           n_labels);
void   wen_tally_clear        (WenTally       *self);
void   wen_tally_reset        (WenTally       *self);
void   wen_tally_add          (WenTally       *self,
                               guint           label,
                               guint           predicted,
                               guint64         n_rows);
double wen_tally_get_accuracy (const WenTally *self);
double wen_tally_get_recall   (const WenTally *self,
                               guint           label);
double wen_tally_get_f1       (const WenTally *self,
                               guint           label);
double wen_tally_get_macro_f1 (const WenTally *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WenTally, wen_tally_clear)
