/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* wenlei-cli tokenize */

#include "config.h"

#include "wen-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_RAREST 10

typedef struct
{
  WenCliChoices choices;
  char         *output;
  char         *vocabulary;
  gboolean      json;
} Options;

static void
options_clear (Options *options)
{
  wen_cli_choices_clear (&options->choices);
  g_free (options->output);
  g_free (options->vocabulary);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The tokens that occur least often, but occur. (element-type guint) (transfer full) */
static GArray *
list_rarest (WenTokenReport *report)
{
  guint n_vocabulary = wen_token_report_get_figures (report)->n_vocabulary;
  GArray *rarest = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint id = 0; id < n_vocabulary; id++)
    {
      guint64 count = wen_token_report_get_count (report, id);
      guint place = rarest->len;

      while (place > 0 && wen_token_report_get_count (report, g_array_index (rarest, guint, place - 1)) > count)
        place--;
      if (count == 0 || place == N_RAREST)
        continue;
      g_array_insert_val (rarest, place, id);
      g_array_set_size (rarest, MIN (rarest->len, N_RAREST));
    }
  return rarest;
}

static void
print_json (WenTokenReport  *report,
            const WenRecipe *recipe)
{
  const WenTokenFigures *figures = wen_token_report_get_figures (report);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (report));
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GArray) rarest = list_rarest (report);
  JsonArray *tokens = json_array_new ();

  json_object_set_string_member (object, "tokenizer", recipe->tokenizer);
  json_object_set_int_member (object, "rows", (gint64) figures->n_texts);
  json_object_set_int_member (object, "rows_empty", (gint64) figures->n_empty);
  json_object_set_int_member (object, "rows_too_long", (gint64) figures->n_too_long);
  json_object_set_int_member (object, "rows_left_out", (gint64) figures->n_left_out);
  json_object_set_int_member (object, "tokens", (gint64) figures->n_tokens);
  json_object_set_int_member (object, "tokens_unknown", (gint64) figures->n_unknown);
  json_object_set_int_member (object, "unseen_tokens", (gint64) figures->n_unseen_tokens);
  json_object_set_int_member (object, "unseen_tokens_unknown", (gint64) figures->n_unseen_unknown);
  json_object_set_int_member (object, "vocabulary", figures->n_vocabulary);
  json_object_set_int_member (object, "vocabulary_suspicious", figures->n_suspicious);
  json_object_set_int_member (object, "longest", wen_token_report_get_longest (report));
  json_object_set_double_member (object, "cleaning_seconds", figures->cleaning_seconds);
  json_object_set_double_member (object, "fitting_seconds", figures->fitting_seconds);
  json_object_set_double_member (object, "cutting_seconds", figures->cutting_seconds);
  for (guint i = 0; i < rarest->len; i++)
    json_array_add_string_element (tokens, wen_vocabulary_get_token (vocabulary, g_array_index (rarest, guint, i)));
  json_object_set_array_member (object, "rarest", tokens);
  wen_cli_print_json (object);
}

static void
print_count (const char *what,
             guint64     count,
             guint64     whole)
{
  g_autofree char *number = wen_cli_format_count (count);
  g_autofree char *share = wen_cli_format_share (whole > 0 ? (double) count / (double) whole : 0);

  wen_cli_print ("  %s  %s (%s)\n", what, number, share);
}

static void
print_figures (WenTokenReport *report)
{
  const WenTokenFigures *figures = wen_token_report_get_figures (report);
  WenVocabulary *vocabulary = wen_tokenizer_get_vocabulary (wen_token_report_get_tokenizer (report));
  g_autoptr(GArray) rarest = list_rarest (report);
  g_autoptr(GString) tokens = g_string_new (NULL);
  g_autofree char *n_texts = wen_cli_format_count (figures->n_texts);
  g_autofree char *n_vocabulary = wen_cli_format_count (figures->n_vocabulary);

  /* Translators: two numbers */
  wen_cli_print (_ ("%s texts, a vocabulary of %s tokens\n"), n_texts, n_vocabulary);
  /* Translators: a mean number of tokens, and the greatest one */
  wen_cli_print (_ ("  %.1f tokens a text; the longest has %u\n"),
                 (double) figures->n_tokens / (double) MAX (1, figures->n_texts), wen_token_report_get_longest (report));
  print_count (_ ("Unknown tokens:"), figures->n_unknown, figures->n_tokens);
  print_count (_ ("Unknown in texts not learned from:"), figures->n_unseen_unknown, figures->n_unseen_tokens);
  print_count (_ ("Longer than the maximum length:"), figures->n_too_long, figures->n_texts);
  print_count (_ ("Nothing left after cleaning:"), figures->n_empty, figures->n_texts);
  print_count (_ ("Not learned from:"), figures->n_left_out, figures->n_texts);
  print_count (_ ("Tokens that look personal:"), figures->n_suspicious, figures->n_vocabulary);
  for (guint i = 0; i < rarest->len; i++)
    g_string_append_printf (tokens, " %s", wen_vocabulary_get_token (vocabulary, g_array_index (rarest, guint, i)));
  wen_cli_print ("  %s%s\n", _ ("Rarest tokens:"), tokens->str);
}

/* The tokens of a text, with their numbers and where they stand in it as typed. */
static void
describe_text (JsonObject   *object,
               WenCleaner   *cleaner,
               WenTokenizer *tokenizer,
               const char   *text,
               GArray       *tokens)
{
  g_autoptr(GArray) spans = NULL;
  g_autofree char *cleaned = wen_cleaner_trace (cleaner, text, &spans);
  JsonArray *names = json_array_new ();
  JsonArray *ids = json_array_new ();
  JsonArray *offsets = json_array_new ();

  wen_tokenizer_encode (tokenizer, cleaned, tokens);
  for (guint i = 0; i < tokens->len; i++)
    {
      const WenToken *token = &g_array_index (tokens, WenToken, i);
      JsonArray *offset = json_array_new ();
      gboolean has_text = token->end > token->start;

      json_array_add_string_element (names, wen_vocabulary_get_token (wen_tokenizer_get_vocabulary (tokenizer), token->id));
      json_array_add_int_element (ids, token->id);
      json_array_add_int_element (offset, has_text ? g_array_index (spans, WenTypedSpan, token->start).start : 0);
      json_array_add_int_element (offset, has_text ? g_array_index (spans, WenTypedSpan, token->end - 1).end : 0);
      json_array_add_array_element (offsets, offset);
    }
  json_object_set_array_member (object, "tokens", names);
  json_object_set_array_member (object, "ids", ids);
  json_object_set_array_member (object, "offsets", offsets);
}

static gboolean
write_tokens (WenDataset      *dataset,
              const WenRecipe *recipe,
              WenTokenizer    *tokenizer,
              GFile           *file,
              GError         **error)
{
  g_autoptr(WenCleaner) cleaner = wen_cleaner_new ((const char * const *) recipe->cleaning, error);
  g_autoptr(GFileOutputStream) stream = NULL;
  g_autoptr(GOutputStream) buffered = NULL;
  g_autoptr(GArray) tokens = g_array_new (FALSE, FALSE, sizeof (WenToken));

  stream = cleaner ? g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error) : NULL;
  if (stream == NULL)
    return FALSE;
  buffered = g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (stream), 64 * 1024);
  for (gsize row = 0; row < wen_dataset_get_n_rows (dataset); row++)
    {
      g_autoptr(JsonObject) object = json_object_new ();
      g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *line = NULL;

      json_object_set_int_member (object, "row", wen_dataset_get_row_id (dataset, row));
      describe_text (object, cleaner, tokenizer, wen_dataset_get_text (dataset, row), tokens);
      json_node_set_object (node, object);
      line = json_to_string (node, FALSE);
      if (!g_output_stream_printf (buffered, NULL, NULL, error, "%s\n", line))
        return FALSE;
    }
  return g_output_stream_close (buffered, NULL, error);
}

static gboolean
write_vocabulary (WenTokenizer *tokenizer,
                  const char   *path,
                  GError      **error)
{
  g_autoptr(GBytes) bytes = g_str_has_suffix (path, ".json")
                              ? wen_tokenizer_to_json (tokenizer, error)
                              : wen_vocabulary_to_bytes (wen_tokenizer_get_vocabulary (tokenizer));

  return bytes != NULL
         && g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                                      G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}

static int
run (const Options *options,
     const char    *path)
{
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GFile) output = options->output ? g_file_new_for_commandline_arg (options->output) : NULL;
  g_autoptr(WenCliProgress) progress = wen_cli_progress_new ();
  g_autoptr(WenRecipe) recipe = NULL;
  g_autoptr(WenDataset) dataset = NULL;
  g_autoptr(WenTokenReport) report = NULL;
  g_autoptr(GError) error = NULL;
  int status = wen_cli_make_recipe ("wenlei-cli tokenize --help", &options->choices, &recipe);

  if (status != WEN_CLI_DONE)
    return status;
  dataset = wen_cli_read_dataset (file, &options->choices, WEN_SPLIT_TRAIN, progress, NULL, &error);
  /* Split as training would, so that the vocabulary is the same. */
  if (dataset != NULL)
    {
      wen_dataset_split (dataset, recipe->seed, recipe->test_share, recipe->validation_share, NULL, NULL);
      report = wen_token_report_new (dataset, recipe, 0, wen_cli_progress_fraction, progress, NULL, &error);
    }
  wen_cli_progress_clear (progress);
  if (report == NULL)
    return wen_cli_fail (file, error);

  if (output != NULL
      && !write_tokens (dataset, recipe, wen_token_report_get_tokenizer (report), output, &error))
    return wen_cli_fail (output, error);
  if (options->vocabulary != NULL
      && !write_vocabulary (wen_token_report_get_tokenizer (report), options->vocabulary, &error))
    return wen_cli_fail (NULL, error);
  if (options->json)
    print_json (report, recipe);
  else
    print_figures (report);
  return WEN_CLI_DONE;
}

int
wen_cli_tokenize (char **arguments)
{
  g_auto(Options) options = { 0 };
  g_auto(GStrv) rest = g_strdupv (arguments);
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
      N_ ("Write tokens, numbers and offsets of each text to this file, one JSON object a line"), N_ ("FILE") },
    { "vocabulary", 0, 0, G_OPTION_ARG_FILENAME, &options.vocabulary,
      N_ ("Write the vocabulary to this file: vocab.txt, or tokenizer.json by its ending"), N_ ("FILE") },
    WEN_CLI_TEXT_ENTRY (options.choices),
    WEN_CLI_LABEL_ENTRY (options.choices),
    WEN_CLI_RECIPE_ENTRIES (options.choices),
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, N_ ("Print one JSON object"), NULL },
    { NULL },
  };

  if (!wen_cli_parse (&rest, entries, _ ("FILE"),
                      _ ("Cuts the texts of a table (CSV) into tokens as training would: the vocabulary is made of\n"
                         "the training rows alone, and all rows are cut with it."),
                      1, 1))
    return WEN_CLI_WRONG_USAGE;
  return run (&options, rest[1]);
}
