/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* All figures of an evaluation as one JSON object, for other programs. */

#include "config.h"

#include "wen-evaluation.h"

#include <json-glib/json-glib.h>
#include <math.h>

/* A matrix of more fields than a million is of no use to anybody. */
#define MAXIMUM_MATRIX_LABELS 1000

static void
add_number (JsonBuilder *builder,
            const char  *name,
            double       value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_count (JsonBuilder *builder,
           const char  *name,
           guint64      count)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) count);
}

static void
add_label (JsonBuilder   *builder,
           WenEvaluation *self,
           guint          label)
{
  WenLabelFigures figures;

  wen_evaluation_get_label_figures (self, label, &figures);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "label");
  json_builder_add_string_value (builder, wen_evaluation_get_label (self, label));
  add_count (builder, "n_rows", figures.n_rows);
  add_count (builder, "n_predicted", figures.n_predicted);
  add_count (builder, "n_correct", figures.n_correct);
  add_number (builder, "precision", figures.precision);
  add_number (builder, "recall", figures.recall);
  add_number (builder, "f1", figures.f1);
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
  add_count (builder, "n_rows", wen_evaluation_get_n_rows (self));
  add_count (builder, "n_correct", wen_evaluation_get_n_correct (self));
  add_number (builder, "accuracy", wen_evaluation_get_accuracy (self));
  add_number (builder, "loss", wen_evaluation_get_loss (self));
  json_builder_set_member_name (builder, "majority_label");
  json_builder_add_string_value (builder, wen_evaluation_get_label (self, wen_evaluation_get_majority_label (self)));
  add_number (builder, "majority_accuracy", wen_evaluation_get_majority_accuracy (self));
  add_number (builder, "macro_precision", wen_evaluation_get_macro_precision (self));
  add_number (builder, "macro_recall", wen_evaluation_get_macro_recall (self));
  add_number (builder, "macro_f1", wen_evaluation_get_macro_f1 (self));
  add_number (builder, "weighted_precision", wen_evaluation_get_weighted_precision (self));
  add_number (builder, "weighted_recall", wen_evaluation_get_weighted_recall (self));
  add_number (builder, "weighted_f1", wen_evaluation_get_weighted_f1 (self));

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
