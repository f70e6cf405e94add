/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "wen-trainer.h"

G_BEGIN_DECLS

#define WEN_TYPE_CROSS_VALIDATION (wen_cross_validation_get_type ())

/* What a recipe gets on rows that it did not learn from, each row once in every repeat. */
WEN_API
G_DECLARE_FINAL_TYPE (WenCrossValidation, wen_cross_validation, WEN, CROSS_VALIDATION, GObject)

WEN_API
WenCrossValidation *wen_cross_validation_run             (WenDataset          *dataset,
                                                          const WenRecipe     *recipe,
                                                          guint                n_folds,
                                                          guint                n_repeats,
                                                          WenProgressFunc      progress,
                                                          gpointer             user_data,
                                                          GCancellable        *cancellable,
                                                          GError             **error);
/* Folds of all repeats. */
WEN_API
guint               wen_cross_validation_get_n_runs      (WenCrossValidation  *self);
WEN_API
double              wen_cross_validation_get_accuracy    (WenCrossValidation  *self,
                                                          guint                run);
WEN_API
double              wen_cross_validation_get_macro_f1    (WenCrossValidation  *self,
                                                          guint                run);
WEN_API
double              wen_cross_validation_get_mean        (WenCrossValidation  *self,
                                                          double              *deviation);
WEN_API
double              wen_cross_validation_get_mean_macro_f1 (WenCrossValidation *self,
                                                          double              *deviation);
WEN_API
guint               wen_cross_validation_get_fold        (WenCrossValidation  *self,
                                                          gsize                row);
WEN_API
double              wen_cross_validation_get_probability (WenCrossValidation  *self,
                                                          gsize                row,
                                                          guint                label);

G_END_DECLS
