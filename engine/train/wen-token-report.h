/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-dataset.h"
#include "wen-recipe.h"
#include "wen-tokenizer.h"

G_BEGIN_DECLS

#define WEN_TYPE_TOKEN_REPORT (wen_token_report_get_type ())

WEN_API
G_DECLARE_FINAL_TYPE (WenTokenReport, wen_token_report, WEN, TOKEN_REPORT, GObject)

typedef struct _WenTokenFigures WenTokenFigures;

/**
 * WenTokenFigures:
 * @n_texts: rows that were looked at
 * @n_tokens: tokens of them, before anything is cut, `[CLS]` not counted
 * @n_unknown: those of them that are not in the vocabulary
 * @n_unseen_tokens: tokens of rows from which the vocabulary was not made
 * @n_unseen_unknown: those of them that are not in the vocabulary
 * @n_empty: rows of which cleaning leaves nothing
 * @n_too_long: rows with more tokens than the maximum length
 * @n_left_out: training and validation rows from which nothing is learned
 * @n_gave_up: rows on which a pattern of the cleaning took too long
 * @n_vocabulary: size of the vocabulary, special tokens included
 * @n_distinct: tokens of the vocabulary that the training rows have
 * @n_suspicious: tokens of the vocabulary that look personal
 * @cleaning_seconds: time for cleaning all rows
 * @fitting_seconds: time for making the vocabulary
 * @cutting_seconds: time for cutting all rows
 *
 * What a recipe makes of a table.
 */
struct _WenTokenFigures
{
  guint64 n_texts;
  guint64 n_tokens;
  guint64 n_unknown;
  guint64 n_unseen_tokens;
  guint64 n_unseen_unknown;
  guint64 n_empty;
  guint64 n_too_long;
  guint64 n_left_out;
  guint64 n_gave_up;
  guint   n_vocabulary;
  guint   n_distinct;
  guint   n_suspicious;
  double  cleaning_seconds;
  double  fitting_seconds;
  double  cutting_seconds;
};

WEN_API
WenTokenReport        *wen_token_report_new            (WenDataset       *dataset,
                                                        const WenRecipe  *recipe,
                                                        gsize             maximum_rows,
                                                        WenProgressFunc   progress,
                                                        gpointer          user_data,
                                                        GCancellable     *cancellable,
                                                        GError          **error);
WEN_API
const WenTokenFigures *wen_token_report_get_figures    (WenTokenReport   *self);
WEN_API
WenTokenizer          *wen_token_report_get_tokenizer  (WenTokenReport   *self);
WEN_API
guint64                wen_token_report_get_count      (WenTokenReport   *self,
                                                        guint             token_id);
WEN_API
guint                  wen_token_report_get_longest    (WenTokenReport   *self);
WEN_API
guint64                wen_token_report_count_length   (WenTokenReport   *self,
                                                        guint             n_tokens);
WEN_API
guint64                wen_token_report_count_longer   (WenTokenReport   *self,
                                                        guint             n_tokens);
WEN_API
gsize                  wen_token_report_get_batch_size (WenTokenReport   *self);
WEN_API
const guint32         *wen_token_report_get_batch_row  (WenTokenReport   *self,
                                                        gsize             index,
                                                        gsize            *dataset_row,
                                                        gsize            *n_token_ids);

G_END_DECLS
