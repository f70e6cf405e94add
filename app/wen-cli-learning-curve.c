/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli learning-curve */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>

typedef struct
{
  WenCliChoices choices;
  int           n_repeats;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* (transfer full) */
static char *
format_estimate (const WenEstimate *estimate)
{
  return g_strdup_printf ("%.3f (%.3f–%.3f)", estimate->value, estimate->low, estimate->high);
}

/* A gain in hundredths. (transfer full) */
static char *
format_gain (const WenEstimate *gain)
{
  return g_strdup_printf ("%+.1f (%+.1f … %+.1f)", gain->value * 100, gain->low * 100, gain->high * 100);
}

static void
print_points (WenDataCurve *curve)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  guint n_points = wen_data_curve_get_n_points (curve);

  g_ptr_array_add (cells, g_strdup (_ ("Share")));
  g_ptr_array_add (cells, g_strdup (_ ("Rows")));
  g_ptr_array_add (cells, g_strdup (_ ("Accuracy")));
  g_ptr_array_add (cells, g_strdup (_ ("Macro F1")));
  for (guint i = 0; i < n_points; i++)
    {
      WenDataCurvePoint point;

      wen_data_curve_get_point (curve, i, &point);
      g_ptr_array_add (cells, g_strdup_printf (_ ("%.0f %%"), point.share * 100));
      g_ptr_array_add (cells, wen_cli_format_count (point.n_rows));
      g_ptr_array_add (cells, format_estimate (&point.accuracy));
      g_ptr_array_add (cells, format_estimate (&point.macro_f1));
    }
  wen_cli_print_table ((const char * const *) cells->pdata, n_points + 1, 4);
}

static void
print_labels (WenDataCurve *curve)
{
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  guint n_labels = wen_data_curve_get_n_labels (curve);
  guint last = wen_data_curve_get_n_points (curve) - 1;

  g_ptr_array_add (cells, g_strdup (_ ("Label")));
  g_ptr_array_add (cells, g_strdup (_ ("Rows")));
  g_ptr_array_add (cells, g_strdup (_ ("Recall")));
  g_ptr_array_add (cells, g_strdup (_ ("F1")));
  /* Translators: heading of a column: what twice as many rows would add to F1, in hundredths */
  g_ptr_array_add (cells, g_strdup (_ ("F1 with twice the rows, in points")));
  for (guint label = 0; label < n_labels; label++)
    {
      WenDataCurveLabelPoint point;
      WenDataForecast forecast;

      wen_data_curve_get_label_point (curve, label, last, &point);
      wen_data_curve_get_label_forecast (curve, label, &forecast);
      g_ptr_array_add (cells, g_strdup (wen_data_curve_get_label (curve, label)));
      g_ptr_array_add (cells, wen_cli_format_count (point.n_rows));
      g_ptr_array_add (cells, format_estimate (&point.recall));
      g_ptr_array_add (cells, format_estimate (&point.f1));
      g_ptr_array_add (cells, format_gain (&forecast.gain));
    }
  wen_cli_print_table ((const char * const *) cells->pdata, n_labels + 1, 5);
}

/* The answer. (transfer full) */
static char *
make_verdict (WenDataCurve *curve)
{
  WenDataForecast forecast;
  g_autofree char *n_rows = NULL;
  g_autofree char *gain = NULL;

  wen_data_curve_get_forecast (curve, &forecast);
  n_rows = wen_cli_format_count (forecast.n_rows);
  gain = format_gain (&forecast.gain);
  switch (forecast.verdict)
    {
    case WEN_DATA_VERDICT_HELPS:
      /* Translators: a number of rows, and a figure with its interval, "+1.2 (+0.4 … +2.0)" */
      return g_strdup_printf (_ ("More data would help: with twice the rows, %s, expect a change of the accuracy by %s "
                                 "points."),
                              n_rows, gain);
    case WEN_DATA_VERDICT_LITTLE:
      return g_strdup_printf (_ ("More data of this kind would bring little: with twice the rows, %s, expect a change "
                                 "of the accuracy by %s points."),
                              n_rows, gain);
    case WEN_DATA_VERDICT_UNCLEAR:
    default:
      return g_strdup_printf (_ ("These rows do not say whether more data would help: with twice as many, %s, expect a "
                                 "change of the accuracy by %s points."),
                              n_rows, gain);
    }
}

/* The label that twice the rows would surely help, and most. (transfer full) (nullable) */
static char *
make_label_sentence (WenDataCurve *curve)
{
  WenDataForecast best = { 0 };
  const char *best_label = NULL;
  g_autofree char *gain = NULL;

  for (guint label = 0; label < wen_data_curve_get_n_labels (curve); label++)
    {
      WenDataForecast forecast;

      wen_data_curve_get_label_forecast (curve, label, &forecast);
      if (forecast.verdict == WEN_DATA_VERDICT_HELPS && (best_label == NULL || forecast.gain.value > best.gain.value))
        {
          best = forecast;
          best_label = wen_data_curve_get_label (curve, label);
        }
    }
  if (best_label == NULL)
    return NULL;
  gain = format_gain (&best.gain);
  /* Translators: a label, and a figure with its interval, "+1.2 (+0.4 … +2.0)" */
  return g_strdup_printf (_ ("The label “%s” would gain most: %s points of F1."), best_label, gain);
}

static void
print_for_people (WenDataCurve *curve)
{
  g_autofree char *verdict = make_verdict (curve);
  g_autofree char *label_sentence = make_label_sentence (curve);
  g_autofree char *n_measured = wen_cli_format_count (wen_data_curve_get_n_measured (curve));
  guint n_repeats = wen_data_curve_get_n_repeats (curve);

  print_points (curve);
  wen_cli_print ("\n");
  print_labels (curve);
  wen_cli_print ("\n");
  if (wen_data_curve_get_n_folds (curve) > 0)
    wen_cli_print (ngettext ("Measured on all %s rows by cross-validation, %u time; intervals of 95 %%.\n",
                             "Measured on all %s rows by cross-validation, %u times; intervals of 95 %%.\n", n_repeats),
                   n_measured, n_repeats);
  else
    wen_cli_print (ngettext ("Measured on %s validation rows, %u time; intervals of 95 %%.\n",
                             "Measured on %s validation rows, %u times; intervals of 95 %%.\n", n_repeats),
                   n_measured, n_repeats);
  wen_cli_print ("%s\n", verdict);
  if (label_sentence != NULL)
    wen_cli_print ("%s\n", label_sentence);
}

static void
set_estimate (JsonObject        *object,
              const char        *name,
              const WenEstimate *estimate)
{
  JsonArray *interval = json_array_new ();
  g_autofree char *interval_name = g_strconcat (name, "_interval", NULL);

  json_array_add_double_element (interval, estimate->low);
  json_array_add_double_element (interval, estimate->high);
  json_object_set_double_member (object, name, estimate->value);
  json_object_set_array_member (object, interval_name, interval);
}

static void
set_forecast (JsonObject            *object,
              const WenDataForecast *forecast)
{
  static const char * const names[] = {
    [WEN_DATA_VERDICT_HELPS] = "helps",
    [WEN_DATA_VERDICT_LITTLE] = "little",
    [WEN_DATA_VERDICT_UNCLEAR] = "unclear",
  };

  json_object_set_string_member (object, "verdict", names[forecast->verdict]);
  json_object_set_int_member (object, "doubled_rows", (gint64) forecast->n_rows);
  set_estimate (object, "gain", &forecast->gain);
}

static JsonObject *
label_to_json (WenDataCurve *curve,
               guint         label)
{
  JsonObject *object = json_object_new ();
  JsonArray *points = json_array_new ();
  WenDataForecast forecast;

  for (guint i = 0; i < wen_data_curve_get_n_points (curve); i++)
    {
      JsonObject *of_point = json_object_new ();
      WenDataCurveLabelPoint point;

      wen_data_curve_get_label_point (curve, label, i, &point);
      json_object_set_int_member (of_point, "rows", (gint64) point.n_rows);
      set_estimate (of_point, "recall", &point.recall);
      set_estimate (of_point, "f1", &point.f1);
      json_array_add_object_element (points, of_point);
    }
  wen_data_curve_get_label_forecast (curve, label, &forecast);
  json_object_set_string_member (object, "label", wen_data_curve_get_label (curve, label));
  json_object_set_array_member (object, "points", points);
  set_forecast (object, &forecast);
  return object;
}

static void
print_json (WenDataCurve *curve)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *points = json_array_new ();
  JsonArray *labels = json_array_new ();
  g_autofree char *sentence = make_verdict (curve);
  WenDataForecast forecast;

  for (guint i = 0; i < wen_data_curve_get_n_points (curve); i++)
    {
      JsonObject *of_point = json_object_new ();
      WenDataCurvePoint point;

      wen_data_curve_get_point (curve, i, &point);
      json_object_set_double_member (of_point, "share", point.share);
      json_object_set_int_member (of_point, "rows", (gint64) point.n_rows);
      set_estimate (of_point, "accuracy", &point.accuracy);
      set_estimate (of_point, "macro_f1", &point.macro_f1);
      json_array_add_object_element (points, of_point);
    }
  for (guint label = 0; label < wen_data_curve_get_n_labels (curve); label++)
    json_array_add_object_element (labels, label_to_json (curve, label));
  wen_data_curve_get_forecast (curve, &forecast);
  json_object_set_array_member (object, "points", points);
  json_object_set_array_member (object, "labels", labels);
  json_object_set_int_member (object, "measured_rows", (gint64) wen_data_curve_get_n_measured (curve));
  json_object_set_int_member (object, "folds", wen_data_curve_get_n_folds (curve));
  json_object_set_int_member (object, "repeats", wen_data_curve_get_n_repeats (curve));
  set_forecast (object, &forecast);
  json_object_set_string_member (object, "sentence", sentence);
  wen_cli_print_json (object);
}

static int
run (const Options *options,
     const char    *path)
{
  static const char help[] = "wenlei-cli learning-curve --help";
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenDataCurve) curve = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  if (options->n_repeats < 1 || options->n_repeats > 20)
    return wen_cli_wrong_usage (help, _ ("--repeats takes a whole number from %d to %d."), 1, 20);
  status = wen_cli_make_recipe (help, &options->choices, &recipe);
  if (status != WEN_CLI_DONE)
    return status;

  dataset = wen_cli_read_dataset (file, &options->choices, WEN_SPLIT_TRAIN, progress, NULL, &error);
  if (dataset != NULL)
    {
      wen_dataset_split (dataset, recipe->seed, recipe->test_share, recipe->validation_share, NULL, NULL);
      curve = wen_data_curve_run (dataset, recipe, (guint) options->n_repeats, wen_cli_progress_fraction, progress,
                                  NULL, &error);
    }
  wen_cli_progress_clear (progress);
  if (curve == NULL)
    return wen_cli_fail (file, error);
  if (options->json)
    print_json (curve);
  else
    print_for_people (curve);
  return WEN_CLI_DONE;
}

int
wen_cli_learning_curve (char **arguments)
{
  g_auto(Options) options = { .n_repeats = 3 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "repeats", 0, 0, G_OPTION_ARG_INT, &options.n_repeats, N_ ("Times, each with other rows (3)"), N_ ("N") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      /* xgettext:no-c-format */
                      _ ("Says whether more data would help: trains with 10, 25, 50 and 100 % of the rows of a table\n"
                         "(CSV), and measures each on rows that it did not learn from. Rows put aside for the test\n"
                         "are not touched."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1]);
}
