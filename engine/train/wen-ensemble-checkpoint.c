/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The training of an ensemble put to paper, so that it can go on from there.
 *
 * DESIGN: what is trained is kept as the files of its classifiers; what is not, as the
 * checkpoint of the training that is on.  Everything between follows from these, but for
 * what was decided by the clock, which is written down.  All of it is one GVariant, which
 * can be read from anywhere without harm; a first field says what it is. */

#include "config.h"

#include "wen-ensemble-checkpoint-private.h"

#include <math.h>

#include "wen-checkpoint-private.h"
#include "wen-i18n-private.h"

#define FORMAT "wenlei-ensemble-checkpoint-1"
#define FILES_TYPE "a(say)"
#define POINT_TYPE "(itxdddd)"
#define TYPE "(sssa(x" FILES_TYPE ")au" "a" POINT_TYPE "ay)"

void
wen_ensemble_checkpoint_init (WenEnsembleCheckpoint *self)
{
  *self = (WenEnsembleCheckpoint) {
    .classifiers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref),
    .elapsed = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .decisions = g_array_new (FALSE, FALSE, sizeof (guint32)),
    .curve = g_array_new (FALSE, FALSE, sizeof (WenCurvePoint)),
  };
}

void
wen_ensemble_checkpoint_clear (WenEnsembleCheckpoint *self)
{
  g_clear_pointer (&self->recipe, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->classifiers, g_ptr_array_unref);
  g_clear_pointer (&self->elapsed, g_array_unref);
  g_clear_pointer (&self->decisions, g_array_unref);
  g_clear_pointer (&self->curve, g_array_unref);
  g_clear_pointer (&self->running, g_bytes_unref);
}

static GVariant *
bytes_to_variant (GBytes *bytes)
{
  if (bytes == NULL)
    return g_variant_new_array (G_VARIANT_TYPE_BYTE, NULL, 0);
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

static void
add_classifier (GVariantBuilder *builder,
                gint64           elapsed_us,
                GHashTable      *files)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) g_strcmp0);

  g_variant_builder_open (builder, G_VARIANT_TYPE ("(x" FILES_TYPE ")"));
  g_variant_builder_add (builder, "x", elapsed_us);
  g_variant_builder_open (builder, G_VARIANT_TYPE (FILES_TYPE));
  for (GList *name = names; name != NULL; name = name->next)
    g_variant_builder_add (builder, "(s@ay)", name->data, bytes_to_variant (g_hash_table_lookup (files, name->data)));
  g_variant_builder_close (builder);
  g_variant_builder_close (builder);
}

/* (transfer full) */
GBytes *
wen_ensemble_checkpoint_write (const WenEnsembleCheckpoint *self)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) variant = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE));
  g_variant_builder_add (&builder, "s", FORMAT);
  g_variant_builder_add (&builder, "s", self->recipe);
  g_variant_builder_add (&builder, "s", self->fingerprint);
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(x" FILES_TYPE ")"));
  for (guint i = 0; i < self->classifiers->len; i++)
    add_classifier (&builder, g_array_index (self->elapsed, gint64, i), g_ptr_array_index (self->classifiers, i));
  g_variant_builder_close (&builder);
  g_variant_builder_add_value (&builder, g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, self->decisions->data,
                                                                    self->decisions->len, sizeof (guint32)));
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a" POINT_TYPE));
  for (guint i = 0; i < self->curve->len; i++)
    {
      const WenCurvePoint *point = &g_array_index (self->curve, WenCurvePoint, i);

      g_variant_builder_add (&builder, POINT_TYPE, (gint32) point->split, point->step, point->elapsed_us, point->epoch,
                             point->loss, point->accuracy, point->learning_rate);
    }
  g_variant_builder_close (&builder);
  g_variant_builder_add_value (&builder, bytes_to_variant (self->running));

  variant = g_variant_ref_sink (g_variant_builder_end (&builder));
  return g_variant_get_data_as_bytes (variant);
}

static void
read_classifiers (WenEnsembleCheckpoint *self,
                  GVariantIter          *iter)
{
  gint64 elapsed_us;
  GVariantIter *files_iter;

  while (g_variant_iter_next (iter, "(x" FILES_TYPE ")", &elapsed_us, &files_iter))
    {
      GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
      char *name;
      GVariant *contents;

      while (g_variant_iter_next (files_iter, "(s@ay)", &name, &contents))
        {
          g_hash_table_insert (files, name, g_variant_get_data_as_bytes (contents));
          g_variant_unref (contents);
        }
      g_variant_iter_free (files_iter);
      g_ptr_array_add (self->classifiers, files);
      g_array_append_val (self->elapsed, elapsed_us);
    }
}

static gboolean
read_curve (WenEnsembleCheckpoint *self,
            GVariantIter          *iter)
{
  WenCurvePoint point = { 0 };
  gint32 split;

  while (g_variant_iter_next (iter, POINT_TYPE, &split, &point.step, &point.elapsed_us, &point.epoch, &point.loss,
                              &point.accuracy, &point.learning_rate))
    {
      if ((split != WEN_SPLIT_TRAIN && split != WEN_SPLIT_VALIDATION) || !isfinite (point.epoch)
          || !isfinite (point.loss) || !isfinite (point.accuracy) || !isfinite (point.learning_rate))
        return FALSE;
      point.split = (WenSplit) split;
      g_array_append_val (self->curve, point);
    }
  return TRUE;
}

/* self: as initialized. */
gboolean
wen_ensemble_checkpoint_read (WenEnsembleCheckpoint *self,
                              GBytes                *bytes,
                              GError               **error)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (TYPE), bytes, FALSE));
  g_autoptr (GVariantIter) classifiers = NULL;
  g_autoptr (GVariantIter) curve = NULL;
  g_autoptr (GVariant) decisions = NULL;
  g_autoptr (GVariant) running = NULL;
  g_autofree char *format = NULL;
  const guint32 *numbers;
  gsize n_numbers;
  gboolean is_good = FALSE;

  if (g_variant_is_normal_form (variant))
    {
      g_variant_get (variant, "(sssa(x" FILES_TYPE ")@aua" POINT_TYPE "@ay)", &format, &self->recipe, &self->fingerprint,
                     &classifiers, &decisions, &curve, &running);
      numbers = g_variant_get_fixed_array (decisions, &n_numbers, sizeof (guint32));
      g_array_append_vals (self->decisions, numbers, (guint) n_numbers);
      read_classifiers (self, classifiers);
      is_good = g_str_equal (format, FORMAT) && read_curve (self, curve);
      if (g_variant_get_size (running) > 0)
        self->running = g_variant_get_data_as_bytes (running);
    }
  return is_good || wen_checkpoint_refuse (error, _ ("it is damaged"));
}
