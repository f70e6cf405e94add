/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a classifier tells about its training, wherever it goes: part of its
 * wenlei.json. */

#include "config.h"

#include "wen-training-record-private.h"

#include <math.h>

#include "wen-json-private.h"

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

  wen_json_add_string (builder, "ended_at", time);
  wen_json_add_string (builder, "wenlei_version", WENLEI_VERSION);
  wen_json_add_string (builder, "end", ends[summary->end]);
  wen_json_add_int (builder, "train_rows", (gint64) summary->n_train_rows);
  wen_json_add_int (builder, "epochs", summary->n_epochs);
  wen_json_add_int (builder, "best_epoch", summary->best_epoch);
  if (isfinite (summary->best_validation_loss))
    {
      wen_json_add_double (builder, "validation_loss", summary->best_validation_loss);
      wen_json_add_double (builder, "validation_accuracy", summary->best_validation_accuracy);
    }
  if (summary->n_pretraining_epochs > 0)
    {
      wen_json_add_int (builder, "pretraining_rows", (gint64) summary->n_pretraining_rows);
      wen_json_add_int (builder, "pretraining_epochs", summary->n_pretraining_epochs);
    }
  wen_json_add_string (builder, "majority_label", majority_label);
  wen_json_add_double (builder, "seconds", summary->seconds);
  wen_json_add_double (builder, "tokens_per_second", summary->tokens_per_second);
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
