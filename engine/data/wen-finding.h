/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include <glib-object.h>

#include "wen-macros.h"

G_BEGIN_DECLS

/**
 * WenFindingKind:
 * @WEN_FINDING_LABEL_COUNTS: how many labels there are; the value is their number
 * @WEN_FINDING_LABEL_ENTROPY: how evenly labels are spread; in nats
 * @WEN_FINDING_RARE_LABELS: labels with too few rows; the value is how many labels
 * @WEN_FINDING_TELLING_TOKEN: a token that nearly gives the label away; the nats it tells
 * @WEN_FINDING_EMPTY_TEXTS: rows without text
 * @WEN_FINDING_MISSING_LABELS: rows with text and without label
 * @WEN_FINDING_LONG_TEXTS: rows with far more text than the others
 * @WEN_FINDING_EQUAL_TEXTS: rows whose text and label an earlier row has
 * @WEN_FINDING_NEAR_TEXTS: rows whose text is nearly that of an earlier row
 * @WEN_FINDING_CONFLICTING_LABELS: rows with one text and different labels
 * @WEN_FINDING_LANGUAGES: rows in another language than most
 * @WEN_FINDING_SPLITS: shares for training, validation and test; the share of the test
 * @WEN_FINDING_LEAKED_TEXTS: rows for validation or test whose text is in training too
 *
 * What a finding is about.  The value is a number of rows where nothing else is said.
 */
typedef enum
{
  WEN_FINDING_LABEL_COUNTS,
  WEN_FINDING_LABEL_ENTROPY,
  WEN_FINDING_RARE_LABELS,
  WEN_FINDING_TELLING_TOKEN,
  WEN_FINDING_EMPTY_TEXTS,
  WEN_FINDING_MISSING_LABELS,
  WEN_FINDING_LONG_TEXTS,
  WEN_FINDING_EQUAL_TEXTS,
  WEN_FINDING_NEAR_TEXTS,
  WEN_FINDING_CONFLICTING_LABELS,
  WEN_FINDING_LANGUAGES,
  WEN_FINDING_SPLITS,
  WEN_FINDING_LEAKED_TEXTS,
} WenFindingKind;

/**
 * WenMend:
 * @WEN_MEND_NOTHING: there is nothing wrong
 * @WEN_MEND_REMOVE_ROWS: remove the rows of the finding
 * @WEN_MEND_LABEL_ROWS: give the rows the right label
 * @WEN_MEND_MERGE_LABELS: merge the labels of the rows into others, or add rows
 * @WEN_MEND_SPLIT_AGAIN: divide the rows anew
 *
 * What puts right what a finding is about.
 */
typedef enum
{
  WEN_MEND_NOTHING,
  WEN_MEND_REMOVE_ROWS,
  WEN_MEND_LABEL_ROWS,
  WEN_MEND_MERGE_LABELS,
  WEN_MEND_SPLIT_AGAIN,
} WenMend;

#define WEN_TYPE_FINDING (wen_finding_get_type ())

/* One thing that was found in a dataset.  Never changes. */
WEN_API
G_DECLARE_FINAL_TYPE (WenFinding, wen_finding, WEN, FINDING, GObject)

WEN_API
WenFindingKind  wen_finding_get_kind          (WenFinding *self);
/* The kind as one word for programs, such as "near-texts". */
WEN_API
const char     *wen_finding_get_name          (WenFinding *self);
WEN_API
const char     *wen_finding_get_sentence      (WenFinding *self);
WEN_API
double          wen_finding_get_value         (WenFinding *self);
/* Ascending indexes of rows in the dataset. */
WEN_API
const guint    *wen_finding_get_rows          (WenFinding *self,
                                               gsize      *n_rows);
WEN_API
WenMend         wen_finding_get_mend          (WenFinding *self);
/* What to do about it, as a sentence; NULL for WEN_MEND_NOTHING. */
WEN_API
const char     *wen_finding_get_mend_sentence (WenFinding *self);

G_END_DECLS
