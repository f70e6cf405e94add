/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A committee as files: who sits in it stands in wenlei.json, the combiner's numbers in
 * model.safetensors, and each classifier, whole by itself, in a folder of its own.
 *
 * DESIGN: files may come from anybody.  Every number is checked against what a committee
 * can have, and every classifier as one that is read alone; one that is a committee itself
 * is refused, so nothing nests. */

#include "config.h"

#include "wen-committee-private.h"

#include <math.h>

#include "wen-classifier-private.h"
#include "wen-i18n-private.h"
#include "wen-json-private.h"
#include "wen-safetensors-private.h"

#define MAXIMUM_MEMBERS 1000
#define MAXIMUM_WEIGHT 1e6

static const char *const combination_names[] = { "stack", "average", NULL };
static const char *const opinion_names[] = { "mean", "votes", NULL };

static const char *const file_names[] = {
  WEN_CLASSIFIER_WENLEI_FILE,     WEN_CLASSIFIER_CONFIG_FILE,  WEN_CLASSIFIER_VOCABULARY_FILE,
  WEN_CLASSIFIER_TOKENIZER_FILE,  WEN_CLASSIFIER_WEIGHTS_FILE,
};

char *
wen_committee_dup_file_name (guint       index,
                             const char *name)
{
  return g_strdup_printf (WEN_COMMITTEE_FOLDER_PREFIX "%u/%s", index + 1, name);
}

/* Adds the description as a value. */
void
wen_committee_write_json (WenCommittee *self,
                          JsonBuilder  *builder)
{
  WenCombiner *combiner = wen_committee_get_combiner (self);

  json_builder_begin_object (builder);
  wen_json_add_string (builder, "combination", combination_names[wen_combiner_get_kind (combiner)]);
  wen_json_add_int (builder, "members", wen_committee_get_n_members (self));
  json_builder_set_member_name (builder, "classifiers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < wen_committee_get_n_classifiers (self); i++)
    {
      guint member;
      WenOpinion opinion;
      double weight;

      wen_committee_get_classifier (self, i, &member, &opinion, &weight);
      json_builder_begin_object (builder);
      wen_json_add_int (builder, "member", member);
      wen_json_add_string (builder, "opinion", opinion_names[opinion]);
      wen_json_add_double (builder, "weight", weight);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/* Adds the files of all classifiers, and the combiner's. */
void
wen_committee_add_files (WenCommittee *self,
                         GHashTable   *files)
{
  gsize n_parameters;
  const WenTensor *parameters = wen_combiner_list_parameters (wen_committee_get_combiner (self), &n_parameters);

  g_hash_table_insert (files, g_strdup (WEN_CLASSIFIER_WEIGHTS_FILE), wen_safetensors_write (parameters, n_parameters));
  for (guint i = 0; i < wen_committee_get_n_classifiers (self); i++)
    {
      WenClassifier *classifier = wen_committee_get_classifier (self, i, NULL, NULL, NULL);
      g_autoptr (GHashTable) own = wen_classifier_to_files (classifier);
      GHashTableIter iter;
      gpointer name;
      gpointer bytes;

      g_hash_table_iter_init (&iter, own);
      while (g_hash_table_iter_next (&iter, &name, &bytes))
        g_hash_table_insert (files, wen_committee_dup_file_name (i, name), g_bytes_ref (bytes));
    }
}

static void
set_bad_description (GError **error)
{
  wen_classifier_set_invalid (error, WEN_CLASSIFIER_WENLEI_FILE,
                              _ ("what it says of the classifiers of the ensemble makes no sense"));
}

static gboolean
find_name (const char *const *names,
           const char        *name,
           int               *index)
{
  for (*index = 0; names[*index] != NULL; (*index)++)
    if (g_strcmp0 (names[*index], name) == 0)
      return TRUE;
  return FALSE;
}

static WenCombiner *
read_combiner (WenCombination  kind,
               guint           n_members,
               guint           n_labels,
               GHashTable     *files,
               GError        **error)
{
  GBytes *bytes = g_hash_table_lookup (files, WEN_CLASSIFIER_WEIGHTS_FILE);
  g_autoptr (GError) tensor_error = NULL;
  g_autoptr (WenCombiner) combiner = NULL;
  const WenTensor *parameters;
  gsize n_parameters;

  if (bytes == NULL || g_bytes_get_size (bytes) / sizeof (float) < wen_combiner_count_values (kind, n_members, n_labels))
    {
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WEIGHTS_FILE,
                                  _ ("it is missing, or too small for the ensemble: it may be cut off"));
      return NULL;
    }
  combiner = wen_combiner_new (kind, n_members, n_labels);
  parameters = wen_combiner_list_parameters (combiner, &n_parameters);
  if (!wen_safetensors_read (bytes, parameters, n_parameters, &tensor_error))
    {
      wen_classifier_set_invalid (error, WEN_CLASSIFIER_WEIGHTS_FILE, tensor_error->message);
      return NULL;
    }
  return g_steal_pointer (&combiner);
}

static gboolean
has_only_labels (WenClassifier *classifier,
                 GPtrArray     *labels)
{
  for (guint i = 0; i < wen_classifier_get_n_labels (classifier); i++)
    if (!g_ptr_array_find_with_equal_func (labels, wen_classifier_get_label (classifier, i), g_str_equal, NULL))
      return FALSE;
  return TRUE;
}

static WenClassifier *
read_classifier (guint       index,
                 GHashTable *files,
                 GPtrArray  *labels,
                 GError    **error)
{
  g_autoptr (GHashTable) own = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  g_autofree char *folder = wen_committee_dup_file_name (index, "");
  g_autoptr (WenClassifier) classifier = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (file_names); i++)
    {
      g_autofree char *name = wen_committee_dup_file_name (index, file_names[i]);
      GBytes *bytes = g_hash_table_lookup (files, name);

      if (bytes != NULL)
        g_hash_table_insert (own, (gpointer) file_names[i], g_bytes_ref (bytes));
    }
  classifier = wen_classifier_new_from_files (own, error);
  if (classifier == NULL)
    {
      g_prefix_error (error, "%s", folder);
      return NULL;
    }
  if (wen_classifier_get_committee (classifier) != NULL || !has_only_labels (classifier, labels))
    {
      wen_classifier_set_invalid (error, folder, _ ("it does not belong to this ensemble"));
      return NULL;
    }
  return g_steal_pointer (&classifier);
}

static gboolean
read_seat (WenCommittee *self,
           JsonNode     *node,
           guint         index,
           GHashTable   *files,
           GPtrArray    *labels,
           GError      **error)
{
  JsonObject *object = wen_json_get_object (node);
  JsonNode *weight = object != NULL ? json_object_get_member (object, "weight") : NULL;
  g_autoptr (WenClassifier) classifier = NULL;
  gint64 member;
  int opinion;
  double number;

  if (weight == NULL || !JSON_NODE_HOLDS_VALUE (weight) || !wen_json_get_int_member (object, "member", &member)
      || member < 0 || member >= wen_committee_get_n_members (self)
      || !find_name (opinion_names, wen_json_get_string_member (object, "opinion"), &opinion))
    {
      set_bad_description (error);
      return FALSE;
    }
  number = json_node_get_double (weight);
  if (!isfinite (number) || number < 0 || number > MAXIMUM_WEIGHT)
    {
      set_bad_description (error);
      return FALSE;
    }
  classifier = read_classifier (index, files, labels, error);
  if (classifier == NULL)
    return FALSE;
  wen_committee_add (self, classifier, (guint) member, (WenOpinion) opinion, number);
  return TRUE;
}

/* description: what wen_committee_write_json() wrote, or anything else; NULL: nothing.
 * labels: those of the ensemble.  (transfer full) (nullable) */
WenCommittee *
wen_committee_new_from_files (JsonObject *description,
                              GHashTable *files,
                              GPtrArray  *labels,
                              GError    **error)
{
  JsonArray *array = description != NULL ? wen_json_get_array_member (description, "classifiers") : NULL;
  guint n_classifiers = array != NULL ? json_array_get_length (array) : 0;
  g_autoptr (WenCommittee) self = NULL;
  WenCombiner *combiner;
  gint64 n_members;
  int combination;

  if (n_classifiers == 0 || n_classifiers > WEN_COMMITTEE_MAXIMUM_CLASSIFIERS
      || !wen_json_get_int_member (description, "members", &n_members) || n_members < 1 || n_members > MAXIMUM_MEMBERS
      || !find_name (combination_names, wen_json_get_string_member (description, "combination"), &combination))
    {
      set_bad_description (error);
      return NULL;
    }
  combiner = read_combiner ((WenCombination) combination, (guint) n_members, labels->len, files, error);
  if (combiner == NULL)
    return NULL;

  self = wen_committee_new (labels, (guint) n_members, combiner);
  for (guint i = 0; i < n_classifiers; i++)
    if (!read_seat (self, json_array_get_element (array, i), i, files, labels, error))
      return NULL;
  return g_steal_pointer (&self);
}
