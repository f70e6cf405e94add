/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All figures of an evaluation as one JSON object, for other programs. */

#include "config.h"

#include "wen-evaluation.h"

#include "wen-json-private.h"

/* A matrix of more fields than a million is of no use to anybody. */
#define MAXIMUM_MATRIX_LABELS 1000

static void
add_label (JsonBuilder   *builder,
           WenEvaluation *self,
           guint          label)
{
  WenLabelFigures figures;

  wen_evaluation_get_label_figures (self, label, &figures);
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "label", wen_evaluation_get_label (self, label));
  wen_json_add_int (builder, "n_rows", (gint64) figures.n_rows);
  wen_json_add_int (builder, "n_predicted", (gint64) figures.n_predicted);
  wen_json_add_int (builder, "n_correct", (gint64) figures.n_correct);
  wen_json_add_double (builder, "precision", figures.precision);
  wen_json_add_double (builder, "recall", figures.recall);
  wen_json_add_double (builder, "f1", figures.f1);
  json_builder_end_object (builder);
}

static void
add_confusion_matrix (JsonBuilder   *builder,
                      WenEvaluation *self)
{
  guint n_labels = wen_evaluation_get_n_labels (self);

  json_builder_set_member_name (builder, "confusion");
  json_builder_begin_array (builder);
  for (guint label = 0; label < n_labels; label++)
    {
      json_builder_begin_array (builder);
      for (guint predicted = 0; predicted < n_labels; predicted++)
        json_builder_add_int_value (builder, (gint64) wen_evaluation_get_confusion (self, label, predicted));
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

/**
 * wen_evaluation_to_json:
 * @self: an evaluation
 *
 * Writes every figure as one JSON object.
 *
 * `confusion` has a row for each true label and a column for each predicted one;
 * with more than 1000 labels it is left out.  `loss` is `null` where no row has a
 * label that the classifier knows.
 *
 * Returns: (transfer full): JSON
 */
char *
wen_evaluation_to_json (WenEvaluation *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  guint n_labels;

  g_return_val_if_fail (WEN_IS_EVALUATION (self), NULL);

  n_labels = wen_evaluation_get_n_labels (self);
  json_builder_begin_object (builder);
  wen_json_add_int (builder, "n_rows", (gint64) wen_evaluation_get_n_rows (self));
  wen_json_add_int (builder, "n_correct", (gint64) wen_evaluation_get_n_correct (self));
  wen_json_add_double (builder, "accuracy", wen_evaluation_get_accuracy (self));
  wen_json_add_double (builder, "loss", wen_evaluation_get_loss (self));
  wen_json_add_string (builder, "majority_label", wen_evaluation_get_label (self, wen_evaluation_get_majority_label (self)));
  wen_json_add_double (builder, "majority_accuracy", wen_evaluation_get_majority_accuracy (self));
  wen_json_add_double (builder, "macro_precision", wen_evaluation_get_macro_precision (self));
  wen_json_add_double (builder, "macro_recall", wen_evaluation_get_macro_recall (self));
  wen_json_add_double (builder, "macro_f1", wen_evaluation_get_macro_f1 (self));
  wen_json_add_double (builder, "weighted_precision", wen_evaluation_get_weighted_precision (self));
  wen_json_add_double (builder, "weighted_recall", wen_evaluation_get_weighted_recall (self));
  wen_json_add_double (builder, "weighted_f1", wen_evaluation_get_weighted_f1 (self));

  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (guint label = 0; label < n_labels; label++)
    add_label (builder, self, label);
  json_builder_end_array (builder);

  if (n_labels <= MAXIMUM_MATRIX_LABELS)
    add_confusion_matrix (builder, self);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
