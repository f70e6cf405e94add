/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli demo */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>

#define SAMPLE "resource:///org/wenlei/Wenlei/samples/hotel-reviews.csv"

/* Hotel reviews, as the sample has them; not to be translated. */
static const char * const sentences[] = {
  "房间宽敞明亮，早餐也很丰盛",
  "隔音太差，一晚上没睡好",
  "前台态度冷淡，等了半小时才办好入住",
};

static void
print_predictions (WenClassifier *classifier)
{
  wen_cli_print ("\n%s\n", _ ("What the classifier says of new sentences:"));
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autoptr(WenPrediction) prediction = wen_classifier_predict (classifier, sentences[i]);
      g_autofree char *share = wen_cli_format_share (wen_prediction_get_probability (prediction));

      /* Translators: a sentence, the label it was given, and how sure that is, "97.1 %" */
      wen_cli_print (_ ("  %s → %s (%s)\n"), sentences[i], wen_prediction_get_label (prediction), share);
    }
  wen_cli_print ("\n%s\n", _ ("With a table of your own: wenlei-cli train FILE -o MODEL"));
}

int
wen_cli_demo (char **arguments)
{
  g_auto(GStrv) rest = g_strdupv (arguments);
  g_autofree char *output_path = NULL;
  gboolean json = FALSE;
  g_autoptr(GFile) file = g_file_new_for_uri (SAMPLE);
  g_autoptr(GFile) output = NULL;
  g_autoptr(WenRecipe) recipe = wen_recipe_new_preset (wen_recipe_list_presets ()[0], NULL);
  g_autoptr(WenClassifier) classifier = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output_path, N_ ("Folder to save the classifier in"), N_ ("MODEL") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };
  int status;

  if (!wen_cli_parse (&rest, entries, "", _ ("Trains a classifier with the built-in sample, Chinese hotel reviews, "
                                             "measures it, and tries it."), 0, 0))
    return WEN_CLI_WRONG_USAGE;

  if (output_path != NULL)
    output = g_file_new_for_commandline_arg (output_path);
  status = wen_cli_run_training (&(WenCliTraining) { .file = file, .recipe = recipe, .output = output, .json = json },
                                 &classifier);
  if (status == WEN_CLI_DONE && !json)
    print_predictions (classifier);
  return status;
}
