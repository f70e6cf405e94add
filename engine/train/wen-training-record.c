/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier tells about its training, wherever it goes: part of its
 * wenlei.json. */

#include "config.h"

#include "wen-training-record-private.h"

#include <math.h>

/* The label that most training rows have; the first of equals. */
static const char *
find_majority_label (const WenTrainingSet *set)
{
  g_autofree gsize *counts = g_new0 (gsize, set->labels->len);
  guint majority = 0;

  for (gsize i = 0; i < set->train.n_texts; i++)
    counts[set->train.labels[i]]++;
  for (guint label = 1; label < set->labels->len; label++)
    if (counts[label] > counts[majority])
      majority = label;
  return g_ptr_array_index (set->labels, majority);
}

/* What is known of every training, as members of an object. */
void
wen_training_record_add (JsonBuilder              *builder,
                         const WenTrainingSummary *summary,
                         const char               *majority_label)
{
  static const char *const ends[] = { "completed", "early", "stopped" };
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);

  json_builder_set_member_name (builder, "ended_at");
  json_builder_add_string_value (builder, time);
  json_builder_set_member_name (builder, "wenlei_version");
  json_builder_add_string_value (builder, WENLEI_VERSION);
  json_builder_set_member_name (builder, "end");
  json_builder_add_string_value (builder, ends[summary->end]);
  json_builder_set_member_name (builder, "train_rows");
  json_builder_add_int_value (builder, (gint64) summary->n_train_rows);
  json_builder_set_member_name (builder, "epochs");
  json_builder_add_int_value (builder, summary->n_epochs);
  json_builder_set_member_name (builder, "best_epoch");
  json_builder_add_int_value (builder, summary->best_epoch);
  if (isfinite (summary->best_validation_loss))
    {
      json_builder_set_member_name (builder, "validation_loss");
      json_builder_add_double_value (builder, summary->best_validation_loss);
      json_builder_set_member_name (builder, "validation_accuracy");
      json_builder_add_double_value (builder, summary->best_validation_accuracy);
    }
  if (summary->n_pretraining_epochs > 0)
    {
      json_builder_set_member_name (builder, "pretraining_rows");
      json_builder_add_int_value (builder, (gint64) summary->n_pretraining_rows);
      json_builder_set_member_name (builder, "pretraining_epochs");
      json_builder_add_int_value (builder, summary->n_pretraining_epochs);
    }
  json_builder_set_member_name (builder, "majority_label");
  json_builder_add_string_value (builder, majority_label);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, summary->seconds);
  json_builder_set_member_name (builder, "tokens_per_second");
  json_builder_add_double_value (builder, summary->tokens_per_second);
}

/* As JSON.  (transfer full) */
char *
wen_training_record_write (const WenTrainingSummary *summary,
                           const WenTrainingSet     *set)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  wen_training_record_add (builder, summary, find_majority_label (set));
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
