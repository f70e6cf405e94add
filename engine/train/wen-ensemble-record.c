/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an ensemble tells about its training, wherever it goes: part of its wenlei.json,
 * and sentences made of it in the language of who reads them. */

#include "config.h"

#include "wen-ensemble-record-private.h"

#include <string.h>

#include "wen-cleaning-entry.h"
#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-training-record-private.h"

#define ENSEMBLE_MEMBER "ensemble"

static const char *const state_names[] = { "waits", "trained", "no-time", "failed" };

static void
add_member (JsonBuilder             *builder,
            const WenEnsembleMember *member)
{
  json_builder_begin_object (builder);
  wen_json_add_string (builder, "entry", member->entry);
  wen_json_add_string (builder, "state", state_names[member->state]);
  if (member->state == WEN_ENSEMBLE_MEMBER_TRAINED)
    {
      wen_json_add_int (builder, "classifiers", member->classifiers->len);
      wen_json_add_double (builder, "accuracy", member->accuracy);
      wen_json_add_double (builder, "loss", member->loss);
      wen_json_add_double (builder, "share", member->share);
      wen_json_add_double (builder, "seconds", member->seconds);
    }
  json_builder_end_object (builder);
}

static guint
find_majority (const WenEnsembleRows *rows)
{
  guint majority = 0;

  for (guint label = 1; label < rows->n_labels; label++)
    if (wen_dataset_count_label (rows->dataset, label, WEN_SPLIT_TRAIN)
        > wen_dataset_count_label (rows->dataset, majority, WEN_SPLIT_TRAIN))
      majority = label;
  return majority;
}

static double
get_mean_length (const WenEnsembleRows *rows)
{
  double n_characters = 0;

  for (gsize row = 0; row < rows->n_rows; row++)
    n_characters += (double) g_utf8_strlen (wen_dataset_get_text (rows->dataset, row), -1);
  return n_characters / (double) MAX (1, rows->n_rows);
}

/* As JSON.  members: of WenEnsembleMember; n_deciding: how many of them decide.
 * (transfer full) */
char *
wen_ensemble_record_write (const WenTrainingSummary *summary,
                           const WenEnsembleRows    *rows,
                           GPtrArray                *members,
                           guint                     n_deciding,
                           WenCombination            combination,
                           gboolean                  is_automatic)
{
  guint majority = find_majority (rows);
  gsize n_majority = wen_dataset_count_label (rows->dataset, majority, WEN_SPLIT_TRAIN);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  wen_training_record_add (builder, summary, g_ptr_array_index (rows->labels, majority));
  json_builder_set_member_name (builder, ENSEMBLE_MEMBER);
  json_builder_begin_object (builder);
  wen_json_add_boolean (builder, "automatic", is_automatic);
  wen_json_add_int (builder, "rows", (gint64) rows->n_rows);
  wen_json_add_int (builder, "labels", rows->n_labels);
  wen_json_add_double (builder, "characters", get_mean_length (rows));
  wen_json_add_double (builder, "chinese", wen_ensemble_get_chinese_share (rows));
  wen_json_add_double (builder, "majority", (double) n_majority / (double) MAX (1, rows->n_rows));
  json_builder_set_member_name (builder, "combination");
  json_builder_add_string_value (builder, n_deciding == 1                                ? "alone"
                                          : combination == WEN_COMBINATION_STACK ? "stack"
                                                                                 : "average");
  wen_json_add_double (builder, "accuracy", summary->best_validation_accuracy);
  json_builder_set_member_name (builder, "members");
  json_builder_begin_array (builder);
  for (guint i = 0; i < members->len; i++)
    add_member (builder, g_ptr_array_index (members, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* The sentences. */

static double
get_number (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;
}

/* "linear", or with what it looks at: "linear (words)". */
static char *
describe_entry (const char *entry)
{
  g_autofree char *preset = wen_cleaning_entry_dup_step (entry);
  g_autofree char *tokenizer = wen_cleaning_entry_dup_value (entry, "tokens.tokenizer");
  g_autofree char *longest = wen_cleaning_entry_dup_value (entry, "model.longest_ngram");

  if (g_strcmp0 (tokenizer, "word") == 0)
    /* Translators: the name of a preset, such as "linear" */
    return g_strdup_printf (_ ("%s (words)"), preset);
  if (longest != NULL)
    /* Translators: the name of a preset, and a number of tokens */
    return g_strdup_printf (_ ("%s (up to %s in a row)"), preset, longest);
  return g_steal_pointer (&preset);
}

static char *
explain_rows (JsonObject *object)
{
  gboolean is_chinese = get_number (object, "chinese") > 0.3;

  /* Translators: numbers of rows, labels and characters, a share in per cent */
  return g_strdup_printf (is_chinese ? _ ("%.0f rows with %.0f labels were there to learn from, Chinese texts of %.0f "
                                          "characters on average; always guessing the commonest label would get %.1f of "
                                          "100 right.")
                                     : _ ("%.0f rows with %.0f labels were there to learn from, texts of %.0f characters "
                                          "on average; always guessing the commonest label would get %.1f of 100 right."),
                          get_number (object, "rows"), get_number (object, "labels"), get_number (object, "characters"),
                          100 * get_number (object, "majority"));
}

/* The best of all that were trained, and a list of the others and of what was left out. */
static char *
explain_members (JsonArray   *members,
                 char       **best_name,
                 double      *best_accuracy)
{
  g_autoptr (GString) others = g_string_new (NULL);
  g_autoptr (GString) left_out = g_string_new (NULL);
  g_autofree char *sentence = NULL;
  gboolean was_stopped = FALSE;
  guint best = 0;

  *best_accuracy = -1;
  for (guint i = 0; i < json_array_get_length (members); i++)
    {
      JsonObject *member = json_array_get_object_element (members, i);

      if (g_strcmp0 (wen_json_get_string_member (member, "state"), "trained") == 0
          && get_number (member, "accuracy") > *best_accuracy)
        {
          best = i;
          *best_accuracy = get_number (member, "accuracy");
        }
    }
  for (guint i = 0; i < json_array_get_length (members); i++)
    {
      JsonObject *member = json_array_get_object_element (members, i);
      const char *entry = wen_json_get_string_member (member, "entry");
      g_autofree char *name = describe_entry (entry != NULL ? entry : "");

      if (g_strcmp0 (wen_json_get_string_member (member, "state"), "trained") != 0)
        {
          g_string_append_printf (left_out, "%s%s", left_out->len > 0 ? _ (", ") : "", name);
          was_stopped |= g_strcmp0 (wen_json_get_string_member (member, "state"), "waits") == 0;
        }
      else if (i == best)
        *best_name = g_strdup (name);
      else
        g_string_append_printf (others, "%s%s %.1f", others->len > 0 ? _ (", ") : "", name,
                                100 * get_number (member, "accuracy"));
    }
  if (*best_name == NULL)
    *best_name = g_strdup ("");
  if (others->len == 0)
    /* Translators: a kind of model, and a share in per cent */
    sentence = g_strdup_printf (_ ("Of rows it had not seen, %s got %.1f of 100 right."), *best_name, 100 * *best_accuracy);
  else
    /* Translators: a kind of model, a share in per cent, and a list of others with their shares */
    sentence = g_strdup_printf (_ ("Of rows they had not seen, %s alone got the most right, %.1f of 100 (%s)."),
                                *best_name, 100 * *best_accuracy, others->str);
  if (left_out->len == 0)
    return g_steal_pointer (&sentence);
  if (was_stopped)
    /* Translators: a sentence, and a list of kinds of models */
    return g_strdup_printf (_ ("%s It was stopped before %s could be trained."), sentence, left_out->str);
  /* Translators: a sentence, and a list of kinds of models */
  return g_strdup_printf (_ ("%s For %s there was no time or no memory."), sentence, left_out->str);
}

static guint
count_trained (JsonObject *object)
{
  JsonArray *members = wen_json_get_array_member (object, "members");
  guint n_trained = 0;

  for (guint i = 0; i < json_array_get_length (members); i++)
    n_trained += g_strcmp0 (wen_json_get_string_member (json_array_get_object_element (members, i), "state"),
                            "trained") == 0;
  return n_trained;
}

static char *
explain_combination (JsonObject *object,
                     const char *best_name,
                     double      best_accuracy)
{
  const char *combination = wen_json_get_string_member (object, "combination");
  double accuracy = get_number (object, "accuracy");

  if (g_strcmp0 (combination, "alone") == 0 && count_trained (object) == 1)
    /* Translators: a kind of model */
    return g_strdup_printf (_ ("There was no other, so %s decides alone."), best_name);
  if (g_strcmp0 (combination, "alone") == 0)
    /* Translators: a kind of model */
    return g_strdup_printf (_ ("Together they did no better, so %s decides alone."), best_name);
  if (accuracy < best_accuracy)
    /* Translators: a share in per cent, and a difference between two */
    return g_strdup_printf (_ ("Together they get %.1f of 100 right, %+.1f: they decide together because the settings "
                               "say so."),
                            100 * accuracy, 100 * (accuracy - best_accuracy));
  if (g_strcmp0 (combination, "stack") == 0)
    /* Translators: shares in per cent, and a difference between them */
    return g_strdup_printf (_ ("Together, each trusted for the labels it knows best, they get %.1f of 100 right, %+.1f: "
                               "so they decide together."),
                            100 * accuracy, 100 * (accuracy - best_accuracy));
  /* Translators: a share in per cent, and a difference between two */
  return g_strdup_printf (_ ("A weighted mean of them gets %.1f of 100 right, %+.1f: so they decide together."),
                          100 * accuracy, 100 * (accuracy - best_accuracy));
}

/**
 * wen_ensemble_explain:
 * @training_record: what wen_classifier_get_training_record() says
 *
 * Explains in three sentences what an ensemble was made from, how good each member was
 * alone, and why it decides as it does.
 *
 * Translated.  The shares are those of rows that the classifiers had not seen.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the sentences, or `NULL`
 *   where the classifier is no ensemble
 */
char **
wen_ensemble_explain (const char *training_record)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  JsonArray *members;
  g_autofree char *best_name = NULL;
  double best_accuracy;
  char **sentences;

  g_return_val_if_fail (training_record != NULL, NULL);

  root = wen_json_parse (training_record, strlen (training_record), NULL);
  object = wen_json_get_object (root);
  object = object != NULL ? wen_json_get_object_member (object, ENSEMBLE_MEMBER) : NULL;
  members = object != NULL ? wen_json_get_array_member (object, "members") : NULL;
  if (members == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (members); i++)
    if (!JSON_NODE_HOLDS_OBJECT (json_array_get_element (members, i)))
      return NULL;

  sentences = g_new0 (char *, 4);
  sentences[0] = explain_rows (object);
  sentences[1] = explain_members (members, &best_name, &best_accuracy);
  sentences[2] = explain_combination (object, best_name, best_accuracy);
  return sentences;
}
