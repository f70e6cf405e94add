/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli augment */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>

typedef struct
{
  WenCliChoices choices;
  int           n_examples;
  int           epoch;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
print_json (WenAugmentationPreview *preview,
            guint                   epoch)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *texts = json_array_new ();

  json_object_set_int_member (object, "epoch", epoch);
  json_object_set_int_member (object, "texts", (gint64) preview->n_texts);
  json_object_set_int_member (object, "texts_changed", (gint64) preview->n_changed);
  json_object_set_int_member (object, "tokens_before", (gint64) preview->n_tokens_before);
  json_object_set_int_member (object, "tokens_after", (gint64) preview->n_tokens_after);
  for (gsize i = 0; i < preview->n_examples; i++)
    {
      const WenAugmentedText *example = wen_augmentation_preview_get_example (preview, i);
      JsonObject *described = json_object_new ();

      json_object_set_int_member (described, "text", (gint64) example->text);
      json_object_set_string_member (described, "before", example->before);
      json_object_set_string_member (described, "after", example->after);
      json_array_add_object_element (texts, described);
    }
  json_object_set_array_member (object, "examples", texts);
  wen_cli_print_json (object);
}

static void
print_preview (WenAugmentationPreview *preview,
               guint                   epoch)
{
  g_autofree char *n_texts = wen_cli_format_count (preview->n_texts);
  g_autofree char *n_changed = wen_cli_format_count (preview->n_changed);

  /* Translators: the number of an epoch, a number of texts that are changed, and the number of all */
  wen_cli_print (_ ("Epoch %u: %s of %s training texts are changed\n"), epoch, n_changed, n_texts);
  for (gsize i = 0; i < preview->n_examples; i++)
    {
      const WenAugmentedText *example = wen_augmentation_preview_get_example (preview, i);

      wen_cli_print ("\n- %s\n+ %s\n", example->before, example->after);
    }
}

/* What one might not expect of the settings. */
static void
warn (const WenRecipe              *recipe,
      const WenAugmentationPreview *preview)
{
  if (preview->n_changed == 0)
    wen_cli_warn (_ ("Nothing is changed: set augmentation.texts and a kind of change, such as "
                     "augmentation.delete=0.1."));
  else if (!wen_recipe_uses_setting (recipe, "augmentation.texts"))
    wen_cli_warn (_ ("This kind of model learns from all texts at once, and from unchanged ones."));
}

static int
run (const Options *options,
     const char    *path)
{
  static const char help[] = "wenlei-cli augment --help";
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenAugmentationPreview) preview = NULL;
  g_autoptr(GError) error = NULL;
  int status;

  if (options->epoch < 1)
    return wen_cli_wrong_usage (help, _ ("Epochs count from 1."));
  if (options->n_examples < 0)
    return wen_cli_wrong_usage (help, _ ("There cannot be fewer than 0 examples."));
  status = wen_cli_make_recipe (help, &options->choices, &recipe);
  if (status != WEN_CLI_DONE)
    return status;

  dataset = wen_cli_read_dataset (file, &options->choices, WEN_SPLIT_TRAIN, progress, NULL, &error);
  /* Split as training would, so that the texts are the same. */
  if (dataset != NULL)
    {
      wen_dataset_split (dataset, recipe->seed, recipe->test_share, recipe->validation_share, NULL, NULL);
      preview = wen_augmentation_preview_new (dataset, recipe, (guint) options->epoch, (gsize) options->n_examples,
                                              wen_cli_progress_fraction, progress, NULL, &error);
    }
  wen_cli_progress_clear (progress);
  if (preview == NULL)
    return wen_cli_fail (file, error);

  warn (recipe, preview);
  if (options->json)
    print_json (preview, (guint) options->epoch);
  else
    print_preview (preview, (guint) options->epoch);
  return WEN_CLI_DONE;
}

int
wen_cli_augment (char **arguments)
{
  g_auto(Options) options = { .n_examples = 10, .epoch = 1 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "examples", 'n', 0, G_OPTION_ARG_INT, &options.n_examples, N_ ("Show so many changed texts at most"),
      N_ ("N") },
    { "epoch", 0, 0, G_OPTION_ARG_INT, &options.epoch, N_ ("The pass over the texts to look at, from 1"), N_ ("N") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      _ ("Shows training texts of a table (CSV) as they are, and as training would see them in an\n"
                         "epoch with the settings augmentation.*."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1]);
}
