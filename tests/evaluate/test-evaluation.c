/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Figures against numbers that scikit-learn worked out (see make-golden.py), against
 * a table small enough for paper, and against what the classifier says of each text. */

#include "config.h"

#include "../model/model-fixture.h"
#include "wen-evaluation.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define EPSILON 1e-9

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

/* to_json says what the getters say, about everything. */
static void
assert_json_agrees (WenEvaluation *evaluation)
{
  g_autofree char *text = wen_evaluation_to_json (evaluation);
  g_autoptr (JsonNode) node = parse (text);
  JsonObject *object = json_node_get_object (node);
  JsonArray *labels = json_object_get_array_member (object, "labels");
  JsonArray *confusion = json_object_get_array_member (object, "confusion");
  guint n_labels = wen_evaluation_get_n_labels (evaluation);

#define ASSERT_NUMBER(member, value) \
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, member), value, EPSILON)

  ASSERT_NUMBER ("accuracy", wen_evaluation_get_accuracy (evaluation));
  ASSERT_NUMBER ("majority_accuracy", wen_evaluation_get_majority_accuracy (evaluation));
  ASSERT_NUMBER ("macro_precision", wen_evaluation_get_macro_precision (evaluation));
  ASSERT_NUMBER ("macro_recall", wen_evaluation_get_macro_recall (evaluation));
  ASSERT_NUMBER ("macro_f1", wen_evaluation_get_macro_f1 (evaluation));
  ASSERT_NUMBER ("weighted_precision", wen_evaluation_get_weighted_precision (evaluation));
  ASSERT_NUMBER ("weighted_recall", wen_evaluation_get_weighted_recall (evaluation));
  ASSERT_NUMBER ("weighted_f1", wen_evaluation_get_weighted_f1 (evaluation));
#undef ASSERT_NUMBER

  if (isnan (wen_evaluation_get_loss (evaluation)))
    g_assert_true (json_object_get_null_member (object, "loss"));
  else
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "loss"),
                                    wen_evaluation_get_loss (evaluation), EPSILON);
  g_assert_cmpuint (json_object_get_int_member (object, "n_rows"), ==, wen_evaluation_get_n_rows (evaluation));
  g_assert_cmpuint (json_object_get_int_member (object, "n_correct"), ==, wen_evaluation_get_n_correct (evaluation));
  g_assert_cmpstr (json_object_get_string_member (object, "majority_label"), ==,
                   wen_evaluation_get_label (evaluation, wen_evaluation_get_majority_label (evaluation)));

  g_assert_cmpuint (json_array_get_length (labels), ==, n_labels);
  g_assert_cmpuint (json_array_get_length (confusion), ==, n_labels);
  for (guint i = 0; i < n_labels; i++)
    {
      JsonObject *label = json_array_get_object_element (labels, i);
      JsonArray *row = json_array_get_array_element (confusion, i);
      WenLabelFigures figures;

      wen_evaluation_get_label_figures (evaluation, i, &figures);
      g_assert_cmpstr (json_object_get_string_member (label, "label"), ==, wen_evaluation_get_label (evaluation, i));
      g_assert_cmpuint (json_object_get_int_member (label, "n_rows"), ==, figures.n_rows);
      g_assert_cmpuint (json_object_get_int_member (label, "n_predicted"), ==, figures.n_predicted);
      g_assert_cmpuint (json_object_get_int_member (label, "n_correct"), ==, figures.n_correct);
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (label, "precision"), figures.precision, EPSILON);
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (label, "recall"), figures.recall, EPSILON);
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (label, "f1"), figures.f1, EPSILON);
      g_assert_cmpuint (json_array_get_length (row), ==, n_labels);
      for (guint j = 0; j < n_labels; j++)
        g_assert_cmpuint (json_array_get_int_element (row, j), ==, wen_evaluation_get_confusion (evaluation, i, j));
    }
}

static WenEvaluation *
new_golden_evaluation (JsonObject *golden)
{
  JsonArray *label = json_object_get_array_member (golden, "label");
  JsonArray *predicted = json_object_get_array_member (golden, "predicted");
  JsonArray *probability = json_object_get_array_member (golden, "probability");
  JsonArray *label_probability = json_object_get_array_member (golden, "label_probability");
  guint n_rows = json_array_get_length (label);
  g_autofree WenEvaluatedRow *rows = g_new0 (WenEvaluatedRow, n_rows);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (gint64 i = 0; i < json_object_get_int_member (golden, "n_labels"); i++)
    {
      g_autofree char *name = g_strdup_printf ("类%d", (int) i);

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  for (guint i = 0; i < n_rows; i++)
    rows[i] = (WenEvaluatedRow) {
      .row_id = i,
      .label = json_array_get_int_element (label, i),
      .predicted = json_array_get_int_element (predicted, i),
      .probability = (float) json_array_get_double_element (probability, i),
      .label_probability = (float) json_array_get_double_element (label_probability, i),
    };
  return wen_evaluation_new_from_rows ((const char *const *) names,
                                       json_object_get_int_member (golden, "majority_label"), rows, n_rows);
}

static void
check_golden (JsonObject *object,
              const char *name,
              JsonNode   *node,
              gpointer    user_data)
{
  JsonObject *golden = json_node_get_object (node);
  JsonObject *figures = json_object_get_object_member (golden, "figures");
  JsonArray *confusion = json_object_get_array_member (golden, "confusion");
  WenEvaluation *evaluation = new_golden_evaluation (golden);
  guint n_labels = wen_evaluation_get_n_labels (evaluation);
  guint *n_cases = user_data;

  g_test_message ("%s", name);
  (*n_cases)++;

#define ASSERT_FIGURE(figure, epsilon)                                           \
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_##figure (evaluation),      \
                                  json_object_get_double_member (figures, #figure), epsilon)
  ASSERT_FIGURE (accuracy, EPSILON);
  /* Over there each row of probabilities is made to add up to 1 first. */
  ASSERT_FIGURE (loss, 1e-6);
  ASSERT_FIGURE (majority_accuracy, EPSILON);
  ASSERT_FIGURE (macro_precision, EPSILON);
  ASSERT_FIGURE (macro_recall, EPSILON);
  ASSERT_FIGURE (macro_f1, EPSILON);
  ASSERT_FIGURE (weighted_precision, EPSILON);
  ASSERT_FIGURE (weighted_recall, EPSILON);
  ASSERT_FIGURE (weighted_f1, EPSILON);
#undef ASSERT_FIGURE

  for (guint i = 0; i < n_labels; i++)
    {
      JsonArray *row = json_array_get_array_element (confusion, i);
      WenLabelFigures label;

      wen_evaluation_get_label_figures (evaluation, i, &label);
#define ASSERT_LABEL_FIGURE(figure)                                                                        \
  g_assert_cmpfloat_with_epsilon (label.figure,                                                            \
                                  json_array_get_double_element (json_object_get_array_member (golden, #figure), i), \
                                  EPSILON)
      ASSERT_LABEL_FIGURE (precision);
      ASSERT_LABEL_FIGURE (recall);
      ASSERT_LABEL_FIGURE (f1);
#undef ASSERT_LABEL_FIGURE
      g_assert_cmpuint (label.n_rows, ==,
                        json_array_get_int_element (json_object_get_array_member (golden, "support"), i));
      for (guint j = 0; j < n_labels; j++)
        g_assert_cmpuint (wen_evaluation_get_confusion (evaluation, i, j), ==, json_array_get_int_element (row, j));
    }
  assert_json_agrees (evaluation);
  g_assert_finalize_object (evaluation);
}

static void
test_golden (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "evaluate", "data", "golden.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  guint n_cases = 0;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  node = parse (text);
  json_object_foreach_member (json_node_get_object (node), check_golden, &n_cases);
  g_assert_cmpuint (n_cases, ==, 7);
}

/* cat 4 rows: 2 right, 1 taken for dog, 1 for bird.  dog 2 rows: 1 right, 1 taken for
 * cat.  fish 1 row, taken for cat; nothing was taken for fish.  No row is a bird. */
static void
test_by_hand (void)
{
  const char *const names[] = { "cat", "dog", "fish", "bird", "never", NULL };
  const WenEvaluatedRow rows[] = {
    { 10, 0, 0, 0.5f, 0.5f },   { 11, 0, 0, 0.5f, 0.5f }, { 12, 0, 1, 0.5f, 0.25f }, { 13, 0, 3, 0.5f, 0.25f },
    { -14, 1, 1, 0.5f, 0.5f }, { 15, 1, 0, 0.5f, 0.25f }, { 16, 2, 0, 0.5f, 0.25f },
  };
  g_autoptr (WenEvaluation) evaluation = wen_evaluation_new_from_rows (names, 1, rows, G_N_ELEMENTS (rows));
  const WenEvaluatedRow *copy;
  gsize n_rows;
  WenLabelFigures figures;

  g_assert_cmpuint (wen_evaluation_get_n_rows (evaluation), ==, 7);
  g_assert_cmpuint (wen_evaluation_get_n_labels (evaluation), ==, 5);
  g_assert_cmpuint (wen_evaluation_get_n_correct (evaluation), ==, 3);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_accuracy (evaluation), 3.0 / 7, EPSILON);
  /* three halves, four quarters: log 2 of each half */
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_loss (evaluation), 11 * G_LN2 / 7, EPSILON);
  g_assert_cmpuint (wen_evaluation_get_majority_label (evaluation), ==, 1);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_majority_accuracy (evaluation), 2.0 / 7, EPSILON);

  wen_evaluation_get_label_figures (evaluation, 0, &figures);
  g_assert_cmpuint (figures.n_rows, ==, 4);
  g_assert_cmpuint (figures.n_predicted, ==, 4);
  g_assert_cmpuint (figures.n_correct, ==, 2);
  g_assert_cmpfloat (figures.precision, ==, 0.5);
  g_assert_cmpfloat (figures.recall, ==, 0.5);
  g_assert_cmpfloat (figures.f1, ==, 0.5);
  for (guint label = 2; label < 5; label++)
    {
      wen_evaluation_get_label_figures (evaluation, label, &figures);
      g_assert_cmpfloat (figures.precision, ==, 0);
      g_assert_cmpfloat (figures.recall, ==, 0);
      g_assert_cmpfloat (figures.f1, ==, 0);
    }

  /* cat and dog have 1/2, fish and bird 0; the label that does not occur is no part of it */
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_macro_f1 (evaluation), 1.0 / 4, EPSILON);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_macro_precision (evaluation), 1.0 / 4, EPSILON);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_macro_recall (evaluation), 1.0 / 4, EPSILON);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_weighted_f1 (evaluation), 3.0 / 7, EPSILON);
  g_assert_cmpuint (wen_evaluation_get_confusion (evaluation, 0, 3), ==, 1);
  g_assert_cmpuint (wen_evaluation_get_confusion (evaluation, 3, 0), ==, 0);
  g_assert_cmpuint (wen_evaluation_get_confusion (evaluation, 2, 0), ==, 1);

  copy = wen_evaluation_get_rows (evaluation, &n_rows);
  g_assert_cmpuint (n_rows, ==, 7);
  g_assert_cmpint (copy[4].row_id, ==, -14);
  g_assert_cmpfloat (copy[6].label_probability, ==, 0.25);
  assert_json_agrees (evaluation);
}

/* A probability that float cannot tell from nothing does not make the loss infinite. */
static void
test_probability_of_nothing (void)
{
  const char *const names[] = { "a", "b", NULL };
  const WenEvaluatedRow rows[] = { { 1, 0, 1, 1.0f, 0.0f } };
  g_autoptr (WenEvaluation) evaluation = wen_evaluation_new_from_rows (names, 0, rows, 1);

  g_assert_true (isfinite (wen_evaluation_get_loss (evaluation)));
  g_assert_cmpfloat (wen_evaluation_get_loss (evaluation), >, 80);
}

static void
test_no_stored_rows (void)
{
  const char *const names[] = { "a", "b", NULL };
  g_autoptr (WenEvaluation) evaluation = wen_evaluation_new_from_rows (names, 0, NULL, 0);

  g_assert_cmpfloat (wen_evaluation_get_accuracy (evaluation), ==, 0);
  g_assert_cmpfloat (wen_evaluation_get_macro_f1 (evaluation), ==, 0);
  g_assert_cmpfloat (wen_evaluation_get_weighted_f1 (evaluation), ==, 0);
  g_assert_true (isnan (wen_evaluation_get_loss (evaluation)));
  assert_json_agrees (evaluation);
}

/* As when the wrong column was taken for the label: a matrix of 400 million fields. */
static void
test_as_many_labels_as_rows (void)
{
  guint n_rows = 20000;
  g_autofree WenEvaluatedRow *rows = g_new0 (WenEvaluatedRow, n_rows);
  g_auto (GStrv) labels = g_new0 (char *, n_rows + 1);
  g_autoptr (WenEvaluation) evaluation = NULL;
  g_autofree char *json = NULL;

  for (guint i = 0; i < n_rows; i++)
    {
      labels[i] = g_strdup_printf ("%u", i);
      rows[i] = (WenEvaluatedRow) { .row_id = i, .label = i, .predicted = i / 2, .label_probability = 0.5f };
    }
  evaluation = wen_evaluation_new_from_rows ((const char *const *) labels, 0, rows, n_rows);
  g_assert_cmpuint (wen_evaluation_get_n_correct (evaluation), ==, 1);
  g_assert_cmpuint (wen_evaluation_get_confusion (evaluation, 19999, 9999), ==, 1);
  g_assert_cmpuint (wen_evaluation_get_confusion (evaluation, 9999, 19999), ==, 0);
  json = wen_evaluation_to_json (evaluation);
  g_assert_null (strstr (json, "\"confusion\""));
}

static WenDataset *
new_dataset (void)
{
  WenDataset *dataset = wen_dataset_new ();

  /* Labels in another order than the classifier's, and one that it does not know. */
  wen_dataset_append (dataset, 100, "abc", "坏的", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 101, "def", "positive", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 102, "xyz", "only trained", WEN_SPLIT_TRAIN);
  wen_dataset_append (dataset, 103, "好好", "unseen 新", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 104, "", "positive", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 105, "坏吃", "positive", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 106, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "a \"quoted\" label", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 107, "http://cleaned.away", "another unseen", WEN_SPLIT_TEST);
  return dataset;
}

static void
test_of_a_classifier (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenEvaluation) evaluation = NULL;
  g_autoptr (GError) error = NULL;
  const char *const labels[] = { "positive", "坏的", "a \"quoted\" label", "unseen 新", "another unseen" };
  const struct
  {
    gint64      row_id;
    const char *text;
    guint       label;
  } expected[] = {
    { 100, "abc", 1 },
    { 103, "好好", 3 },
    { 105, "坏吃", 0 },
    { 106, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", 2 },
    { 107, "http://cleaned.away", 4 },
  };
  const WenEvaluatedRow *rows;
  gsize n_rows;
  guint64 n_correct = 0;
  double loss = 0;

  evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wen_evaluation_get_n_labels (evaluation), ==, G_N_ELEMENTS (labels));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    g_assert_cmpstr (wen_evaluation_get_label (evaluation, i), ==, labels[i]);

  rows = wen_evaluation_get_rows (evaluation, &n_rows);
  g_assert_cmpuint (n_rows, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autoptr (WenPrediction) prediction = wen_classifier_predict (classifier, expected[i].text);

      g_assert_cmpint (rows[i].row_id, ==, expected[i].row_id);
      g_assert_cmpuint (rows[i].label, ==, expected[i].label);
      g_assert_cmpstr (labels[rows[i].predicted], ==, wen_prediction_get_label (prediction));
      g_assert_cmpfloat_with_epsilon (rows[i].probability, wen_prediction_get_probability (prediction), 1e-5);
      n_correct += rows[i].label == rows[i].predicted;
      if (expected[i].label < 3)
        loss -= log (rows[i].label_probability);
      else
        g_assert_cmpfloat (rows[i].label_probability, ==, -1);
    }
  g_assert_cmpuint (wen_evaluation_get_n_correct (evaluation), ==, n_correct);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_loss (evaluation), loss / 3, 1e-6);

  /* What training saw most of, says the fixture's record: one row of five. */
  g_assert_cmpuint (wen_evaluation_get_majority_label (evaluation), ==, 0);
  g_assert_cmpfloat_with_epsilon (wen_evaluation_get_majority_accuracy (evaluation), 0.2, EPSILON);
  assert_json_agrees (evaluation);
}

static void
test_only_unseen_labels (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (WenDataset) dataset = wen_dataset_new ();
  g_autoptr (WenEvaluation) evaluation = NULL;
  g_autoptr (GError) error = NULL;

  wen_dataset_append (dataset, 1, "abc", "new", WEN_SPLIT_TEST);
  wen_dataset_append (dataset, 2, "xyz", "new", WEN_SPLIT_TEST);
  evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (wen_evaluation_get_accuracy (evaluation), ==, 0);
  g_assert_true (isnan (wen_evaluation_get_loss (evaluation)));
  assert_json_agrees (evaluation);
}

/* What was saved and read again is measured to the same last digit. */
static void
test_of_a_saved_classifier (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (GHashTable) files = wen_classifier_to_files (classifier);
  g_autoptr (WenClassifier) read = wen_classifier_new_from_files (files, NULL);
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (WenEvaluation) evaluation = wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, NULL, NULL);
  g_autoptr (WenEvaluation) again = wen_evaluation_new (read, dataset, WEN_SPLIT_TEST, NULL, NULL);
  g_autofree char *json = wen_evaluation_to_json (evaluation);
  g_autofree char *json_again = wen_evaluation_to_json (again);

  g_assert_cmpstr (json, ==, json_again);
}

static void
test_no_rows (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (GError) error = NULL;

  g_assert_null (wen_evaluation_new (classifier, dataset, WEN_SPLIT_VALIDATION, NULL, &error));
  g_assert_error (error, WEN_EVALUATION_ERROR, WEN_EVALUATION_ERROR_NO_ROWS);
}

static void
test_cancelled (void)
{
  g_autoptr (WenRecipe) recipe = new_fixture_recipe ();
  g_autoptr (WenClassifier) classifier = new_fixture_classifier (recipe);
  g_autoptr (WenDataset) dataset = new_dataset ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (wen_evaluation_new (classifier, dataset, WEN_SPLIT_TEST, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Indices from outside are checked before they count anything. */
static void
test_rows_out_of_range (void)
{
  const char *const names[] = { "a", "b", NULL };
  const WenEvaluatedRow rows[] = { { 1, 0, 0, 1, 1 }, { 2, 0, 2, 1, 0 } };

  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
      g_assert_null (wen_evaluation_new_from_rows (names, 0, rows, 2));
      g_assert_null (wen_evaluation_new_from_rows (names, 2, rows, 1));
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*predicted*");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wen/evaluate/evaluation/golden", test_golden);
  g_test_add_func ("/wen/evaluate/evaluation/by-hand", test_by_hand);
  g_test_add_func ("/wen/evaluate/evaluation/probability-of-nothing", test_probability_of_nothing);
  g_test_add_func ("/wen/evaluate/evaluation/no-stored-rows", test_no_stored_rows);
  g_test_add_func ("/wen/evaluate/evaluation/rows-out-of-range", test_rows_out_of_range);
  g_test_add_func ("/wen/evaluate/evaluation/classifier", test_of_a_classifier);
  g_test_add_func ("/wen/evaluate/evaluation/only-unseen-labels", test_only_unseen_labels);
  g_test_add_func ("/wen/evaluate/evaluation/saved-classifier", test_of_a_saved_classifier);
  g_test_add_func ("/wen/evaluate/evaluation/many-labels", test_as_many_labels_as_rows);
  g_test_add_func ("/wen/evaluate/evaluation/no-rows", test_no_rows);
  g_test_add_func ("/wen/evaluate/evaluation/cancelled", test_cancelled);

  return g_test_run ();
}
